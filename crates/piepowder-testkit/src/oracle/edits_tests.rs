//! Tables of what is an edit away from what, and of texts and the words that are read in them.

use super::edits::{Edited, edited, is_an_edit_away};
use super::lexicon::Lexicon;
use super::map::locate;
use super::surface::surface;
use super::tokens;
use super::unveil::unveiled;
use std::collections::BTreeSet;

const WORDS: &str = "lanterns lantana chandelier blossom blosson melone pickles cocoa сахара caxapas";

/// The words, and a term of two.
fn lexicon() -> Lexicon {
    Lexicon::of_words(WORDS.split(' ').map(str::to_string).collect(), ["rubyspoon".to_string()].into())
}

/// The edited text, and the transforms of each piece and look-alike run that was replaced.
fn edit(text: &str) -> (String, String) {
    let (lexicon, surface) = (lexicon(), surface(text));
    let unveiled = unveiled(text, &surface, &lexicon).map_or_else(Vec::new, |u| u.replaced);
    let Some(Edited { made, places }) = edited(text, &surface, &tokens::pieces(&surface.text), &unveiled, &lexicon) else {
        return Default::default();
    };
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
        ("lanterns1 lanters2", "lanterns1 lanterns2", "edit"),
    ];
    assert_edited(&table);
}

#[test]
fn look_alike_runs_are_read() {
    let table = [
        // Some letters, all, and a mark that is none of its letter's.
        ("lаnters", "lanterns", "confusable mixed edit"),
        ("LАNTERS, lantеrms", "lanterns, lanterns", "confusable mixed edit, confusable mixed edit"),
        ("ｌаnters", "lanterns", "compatibility confusable mixed edit"),
        ("ﬂаnterns", "lanterns", "compatibility confusable mixed edit"),
        ("lá\u{200b}ntеrs", "lanterns", "accent invisible confusable mixed edit"),
        ("⒧⒜⒩⒯⒠⒭⒮", "lanterns", "compatibility confusable edit"),
        ("🅻🅰🅽🆃🅴🆁🆂", "lanterns", "confusable edit"),
        ("🇱🇦🇳🇹🇪🇷🇸", "lanterns", "confusable edit"),
        ("lan\u{93c}ters", "lanterns", "confusable mixed edit"),
        ("🅻🅰\u{93c}🅽🆃🅴🆁🆂", "lanterns", "confusable edit"),
        // Letters on the surface, too, where both could be read: the run is.
        ("🄻🄰🄽🅃🄴🅁🅂", "lanterns", "compatibility confusable edit"),
        // Two letters too few, and a run that is too short.
        ("lаntrs", "", ""),
        ("іckls рickls", "іckls pickles", "confusable mixed edit"),
        // A letter said twice is a mistake, not a repetition.
        ("lаnnterns", "lanterns", "confusable mixed edit"),
        // Digits, symbols (at the ends, too) and letters that look like none.
        ("lаnters5 lаnt3rs", "", ""),
        ("lаn+ers lаnters! $lаnters", "", ""),
        ("lаnters? (lаnters)", "lanterns? (lanterns)", "confusable mixed edit, confusable mixed edit"),
        ("lаntжrs lаntersж", "", ""),
        // Words themselves, of the lexicon (unveiled, with full weight) and of the list of common ones.
        ("lаnterns chandeler", "lanterns chandelier", "edit"),
        ("lаntern", "", ""),
        // What has another text may be a word as it is written.
        ("сахара", "caxapas", "confusable edit"),
        // One look-alike of i and one of l: each is the letter that it is read as, and does not stand for the other.
        ("chandelіr pickІs", "chandelier pickles", "confusable mixed edit, confusable mixed edit"),
        ("chandelІr pickіs", "", ""),
        // Joiners part runs, and pieces.
        ("chаndeler-lаnters", "chandelier-lanterns", "confusable mixed edit, confusable mixed edit"),
        ("lаn-ters", "", ""),
        // A piece in a run: only one of them is read, the run where it can be.
        ("chandelie€", "chandelier", "confusable mixed edit"),
        ("€handelier", "chandelier", "confusable mixed edit"),
        ("©lanters", "©lanterns", "edit"),
        // A mark before a run is not of it, and one behind it is of the last letter's segment, which would be torn. No run begins within a
        // segment: what goes on with the segment of the character before it is a mark, or opaque.
        ("\u{93c}lаnters", "\u{93c}lanterns", "confusable mixed edit"),
        ("lаnters\u{93c}", "", ""),
        // What is unveiled is not read again.
        ("сhandelie-\nr lаnters", "chandelier lanterns", "confusable mixed edit"),
    ];
    assert_edited(&table);
}

fn assert_edited(table: &[(&str, &str, &str)]) {
    for (text, expected, transforms) in table {
        assert_eq!(edit(text), (expected.to_string(), transforms.to_string()), "{text}");
    }
}
