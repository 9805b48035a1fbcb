//! One mistake in a word, of each kind that is read (docs/SEMANTICS.md, section 4b). It may make another word, or the same.
//! Invariant: at most two neighboring letters differ, or one is too many or too few.

use super::random::Random;
use std::ops::Range;

/// Shorter runs of letters are an edit away from no long word.
const SHORTEST: usize = 6;

/// The text with an edit in one of its runs of ASCII letters, if one is long enough.
pub(super) fn edited(random: &mut Random, text: &str) -> String {
    let runs = runs(text);
    if runs.is_empty() {
        return text.to_string();
    }
    let run = runs[random.below(runs.len())].clone();
    let mut letters: Vec<char> = text[run.clone()].chars().collect();
    let at = random.below(letters.len());
    // Few letters, so that there are often several words an edit away.
    let other = char::from(b"abcelnrs"[random.below(8)]);
    match random.below(4) {
        0 => drop(letters.remove(at)),
        1 => letters.insert(random.below(letters.len() + 1), other),
        2 => letters[at] = other,
        _ => letters.swap(at.max(1) - 1, at.max(1)),
    }
    let word: String = letters.into_iter().collect();
    format!("{}{word}{}", &text[..run.start], &text[run.end..])
}

/// The runs of ASCII letters that are long enough.
fn runs(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    for (at, byte) in text.bytes().chain([b' ']).enumerate() {
        if !byte.is_ascii_alphabetic() {
            found.extend((at - start >= SHORTEST).then_some(start..at));
            start = at + 1;
        }
    }
    found
}
