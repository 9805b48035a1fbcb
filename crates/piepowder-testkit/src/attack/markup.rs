//! Words cut by tags, comments and elements that are not shown, and letters written as character references. Invariant: a browser shows
//! the plain word (a soft hyphen or a non-joiner may be in it).

use super::chosen;
use crate::generate::Random;

/// Letters with a reference by name; ASCII letters have none but as ligatures.
const NAMED: [(char, &str); 24] = [
    ('\u{df}', "szlig"),
    ('\u{e0}', "agrave"),
    ('\u{e1}', "aacute"),
    ('\u{e2}', "acirc"),
    ('\u{e3}', "atilde"),
    ('\u{e4}', "auml"),
    ('\u{e5}', "aring"),
    ('\u{e6}', "aelig"),
    ('\u{e7}', "ccedil"),
    ('\u{e8}', "egrave"),
    ('\u{e9}', "eacute"),
    ('\u{ea}', "ecirc"),
    ('\u{eb}', "euml"),
    ('\u{ed}', "iacute"),
    ('\u{ee}', "icirc"),
    ('\u{f1}', "ntilde"),
    ('\u{f3}', "oacute"),
    ('\u{f4}', "ocirc"),
    ('\u{f5}', "otilde"),
    ('\u{f6}', "ouml"),
    ('\u{f8}', "oslash"),
    ('\u{fa}', "uacute"),
    ('\u{fb}', "ucirc"),
    ('\u{fc}', "uuml"),
];

const LIGATURES: [(&str, &str, &str); 3] = [("f", "f", "&fflig;"), ("f", "i", "&filig;"), ("f", "l", "&fllig;")];

/// What hidden elements hold: goods that nobody asks about.
const LAWFUL: [&str; 8] = ["garden chair", "cotton scarf", "oak desk", "picture frame", "wool socks", "tea cups", "bicycle bell", "paper lamp"];

/// One or two tags, pairs of tags or comments inside the word.
pub(super) fn inside(word: &mut [String], random: &mut Random) {
    let gaps = word.len().saturating_sub(1);
    for _ in 0..1 + random.below(2) {
        let (one, other) = (random.below(gaps), random.below(gaps));
        let (first, second) = (one.min(other), one.max(other));
        // Appended, so that the closing tag comes behind the opening one in the same gap.
        let (open, close) = match random.below(4) {
            0 => ("<b>", "</b>"),
            1 => ("<span class=x>", "</span>"),
            2 => ("<i></i>", ""),
            _ => ("<!-- x -->", ""),
        };
        word[first].push_str(open);
        word[second].push_str(close);
    }
}

/// About half of the letters as references; soft hyphens and non-joiners, by name, in some gaps.
pub(super) fn entities(word: &mut Vec<String>, random: &mut Random) {
    for (first, second, name) in LIGATURES {
        if let Some(at) = word.windows(2).position(|w| w[0] == first && w[1] == second)
            && random.chance(50)
        {
            word[at] = name.to_string();
            word.remove(at + 1);
        }
    }
    let places = chosen(random, word.len(), 50);
    for (letter, chosen) in word.iter_mut().zip(places) {
        if chosen && !letter.starts_with('&') {
            *letter = letter.chars().map(|c| reference(c, random)).collect();
        }
    }
    let gaps = word.len() - 1;
    for letter in &mut word[..gaps] {
        if random.chance(15) {
            letter.push_str(random.pick(&["&shy;", "&zwnj;"]));
        }
    }
}

fn reference(c: char, random: &mut Random) -> String {
    let named = NAMED.iter().find(|(letter, _)| *letter == c);
    let code = c as u32;
    match (random.below(5), named) {
        (0 | 1, Some((_, name))) => format!("&{name};"),
        (0 | 1, None) => format!("&#{code};"),
        (2, _) => format!("&#x{code:x};"),
        (3, _) => format!("&#X{code:04X};"),
        _ => format!("&#{code:05};"),
    }
}

/// An element that is not shown, with lawful words, inside the word.
pub(super) fn hidden(word: &mut [String], random: &mut Random) {
    let gap = random.below(word.len() - 1);
    let words = random.pick(&LAWFUL);
    word[gap].push_str(&format!("<span style=\"display:none\">{words}</span>"));
}
