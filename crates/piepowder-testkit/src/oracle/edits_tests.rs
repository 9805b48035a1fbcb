//! Tables of what is an edit away from what, and of texts and the words that are read in them.

use super::edits::{Edited, edited, is_an_edit_away};
use super::lexicon::Lexicon;
use super::map::locate;
use super::surface::surface;
use super::tokens;
use super::unveil::unveiled;
use std::collections::BTreeSet;

const WORDS: &str = "lanterns lantana chandelier blossom blosson melone pickles cocoa";

/// The words, and a term of two.
fn lexicon() -> Lexicon {
    Lexicon::of_words(WORDS.split(' ').map(str::to_string).collect(), ["rubyspoon".to_string()].into())
}

/// The edited text, and the transforms of each piece that was replaced.
fn edit(text: &str) -> (String, String) {
    let (lexicon, surface) = (lexicon(), surface(text));
    let unveiled = unveiled(text, &surface, &lexicon).map_or_else(Vec::new, |u| u.replaced);
    let Some(Edited { made, places }) = edited(&surface, &tokens::pieces(&surface.text), &unveiled, &lexicon) else { return Default::default() };
    let transforms = places.into_iter().map(|place| locate(&made.segments, place).1.names().collect::<Vec<_>>().join(" "));
    let shown = transforms.collect::<Vec<_>>().join(", ");
    (made.text, shown)
}

/// All that comes of a text by one edit, over these letters.
fn all_edits(text: &str, letters: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for at in 0..=text.len() {
        let (before, behind) = text.split_at(at);
        found.extend(letters.chars().map(|c| format!("{before}{c}{behind}")));
        if !behind.is_empty() {
            found.insert(format!("{before}{}", &behind[1..]));
            found.extend(letters.chars().map(|c| format!("{before}{c}{}", &behind[1..])));
        }
        if behind.len() >= 2 {
            found.insert(format!("{before}{}{}{}", &behind[1..2], &behind[..1], &behind[2..]));
        }
    }
    found.remove(text);
    found
}

#[test]
fn what_is_an_edit_away_is_what_one_edit_makes() {
    const LETTERS: &str = "abc";
    let longer = |texts: &[String]| texts.iter().flat_map(|t| LETTERS.chars().map(move |c| format!("{t}{c}"))).collect::<Vec<_>>();
    let mut by_length = vec![vec![String::new()]];
    for length in 0..5 {
        by_length.push(longer(&by_length[length]));
    }
    let all = by_length.concat();
    for piece in &all {
        let edits = all_edits(piece, LETTERS);
        for word in &all {
            assert_eq!(is_an_edit_away(piece, word), edits.contains(word), "{piece} {word}");
        }
    }
}

#[test]
fn words_with_a_mistake_are_read() {
    let table = [
        ("lanterns", "", ""),
        ("antern, anterns", "antern, lanterns", "edit"),
        ("a lantrns b", "a lanterns b", "edit"),
        ("lantens", "lanterns", "edit"),
        ("lantern", "", ""),
        ("xlanterns", "lanterns", "edit"),
        ("lanxterns", "lanterns", "edit"),
        ("lanternsx", "lanterns", "edit"),
        ("LANTERMS", "lanterns", "edit"),
        ("lantenrs", "lanterns", "edit"),
        ("lantenr", "", ""),
        ("lanternsxx", "", ""),
        // A word of six letters is not long; a piece of six may be of a word of seven.
        ("melonex mellone", "", ""),
        ("pickls", "pickles", "edit"),
        ("pickle", "", ""),
        ("pickes", "pickles", "edit"),
        // Five letters are two edits away from any long word.
        ("ickls", "", ""),
        // Words themselves, of the lexicon and of the list of common ones.
        ("blossom blosson", "", ""),
        ("blossum chandalier", "blossom chandelier", "edit, edit"),
        ("blossoq", "blossom", "edit"),
        // A compound is a long word, too.
        ("rubyspon", "rubyspoon", "edit"),
        // Joiners part pieces.
        ("ruby-spon", "", ""),
        ("chandeler-lanters", "chandelier-lanterns", "edit, edit"),
        ("lantans lantanna", "lantana lantana", "edit, edit"),
        ("lánters", "lanterns", "accent edit"),
        ("ｌanters", "lanterns", "compatibility edit"),
        ("lan\u{200b}ters\u{200b}!", "lanterns!", "invisible edit"),
        ("ﬂanterns", "lanterns", "compatibility edit"),
        // What begins or ends inside of a segment stays.
        ("㎧lanterns", "", ""),
        ("lantern㏂", "", ""),
        ("№ ½lanters", "no  1/2lanterns", "edit"),
        // What is unveiled is unveiled here, too, and its letters are not read again.
        ("l4nterns  lanters", "lanterns lanterns", "edit"),
        ("c0coa lanters", "cocoa lanterns", "edit"),
        ("l4ntern", "", ""),
        ("lаnters", "", ""),
        ("lanterns1 lanters2", "lanterns1 lanterns2", "edit"),
    ];
    for (text, expected, transforms) in table {
        assert_eq!(edit(text), (expected.to_string(), transforms.to_string()), "{text}");
    }
}
