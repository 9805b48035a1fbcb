//! What a reader does not see or sees through: characters without width, selectors, tags, overrides of direction, heaps of marks.
//! Invariant: the letters stay what they are, in the order in which they are read.

use super::{chosen, within};
use crate::generate::Random;

/// Chance in percent that a gap between two letters gets something.
const GAPS: usize = 50;

/// Appends characters to some letters, never to the last: at least in one gap, in several of most words, now and then two at once.
fn between(word: &mut [String], random: &mut Random, pick: impl Fn(&mut Random) -> char) {
    let gaps = word.len().saturating_sub(1);
    let places = chosen(random, gaps, GAPS);
    for (letter, chosen) in word.iter_mut().zip(places) {
        if chosen {
            letter.push(pick(random));
            if random.chance(20) {
                letter.push(pick(random));
            }
        }
    }
}

pub(super) fn zero_width(word: &mut [String], random: &mut Random) {
    const CHARACTERS: [char; 5] = ['\u{200b}', '\u{200c}', '\u{200d}', '\u{2060}', '\u{feff}'];
    between(word, random, |r| CHARACTERS[r.below(CHARACTERS.len())]);
}

pub(super) fn soft_hyphens(word: &mut [String], random: &mut Random) {
    between(word, random, |_| '\u{ad}');
}

pub(super) fn variation_selectors(word: &mut [String], random: &mut Random) {
    between(word, random, |r| if r.chance(50) { within(r, '\u{fe00}', '\u{fe0f}') } else { within(r, '\u{e0100}', '\u{e01ef}') });
}

pub(super) fn tag_characters(word: &mut [String], random: &mut Random) {
    between(word, random, |r| within(r, '\u{e0020}', '\u{e007e}'));
}

/// The word backward, shown forward; one in three inside an isolate.
pub(super) fn bidi_override(word: &mut Vec<String>, random: &mut Random) {
    const ISOLATES: [char; 3] = ['\u{2066}', '\u{2067}', '\u{2068}'];
    word.reverse();
    word.insert(0, '\u{202e}'.to_string());
    word.push('\u{202c}'.to_string());
    if random.chance(33) {
        word.insert(0, ISOLATES[random.below(ISOLATES.len())].to_string());
        word.push('\u{2069}'.to_string());
    }
}

/// Three to ten marks on every letter.
pub(super) fn combining_flood(word: &mut [String], random: &mut Random) {
    for letter in word {
        for _ in 0..3 + random.below(8) {
            letter.push(match random.below(4) {
                0 => within(random, '\u{1dc0}', '\u{1dff}'),
                1 => within(random, '\u{20d0}', '\u{20f0}'),
                _ => within(random, '\u{300}', '\u{36f}'),
            });
        }
    }
}
