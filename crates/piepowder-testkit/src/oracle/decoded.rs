//! The decoded text of a field (docs/SEMANTICS.md, section 2): bytes to characters, then what authors of disguise put around them is undone,
//! step by step. It folds nothing. Invariant: a step that would change nothing is not there.

use super::map::{Mapped, Segment};
use super::{bidi, markup};
use piepowder::Transforms;
use std::rc::Rc;

/// A field's text before it is folded.
pub(super) struct Decoded {
    pub(super) text: String,
    /// How it was made of the original.
    pub(super) steps: Rc<[Vec<Segment>]>,
    pub(super) invalid: bool,
    /// Whether words may have gone with the markup.
    pub(super) hides_words: bool,
}

/// Decodes a field's text.
pub(super) fn decoded(original: &[u8]) -> Decoded {
    let mut steps = Vec::new();
    let mut bytes = original.to_vec();
    let mut hides_words = false;
    if let Some(undone) = markup::undone(original) {
        bytes = undone.text;
        steps.push(undone.segments);
        hides_words = undone.hides_words;
    }
    let mut text = characters(&bytes, &mut steps);
    if let Some(made) = bidi::undone(&text) {
        text = made.text;
        steps.push(made.segments);
    }
    Decoded { text, steps: Rc::from(steps), invalid: core::str::from_utf8(original).is_err(), hides_words }
}

/// A field's text as it stands, nothing undone.
pub(super) fn verbatim(original: &[u8]) -> Decoded {
    let mut steps = Vec::new();
    let text = characters(original, &mut steps);
    Decoded { text, invalid: !steps.is_empty(), steps: Rc::from(steps), hides_words: false }
}

/// The characters of bytes, each maximal part that is not UTF-8 as one U+FFFD; a step only when there is one.
fn characters(bytes: &[u8], steps: &mut Vec<Vec<Segment>>) -> String {
    if let Ok(text) = core::str::from_utf8(bytes) {
        return text.to_string();
    }
    let mut made = Mapped::default();
    let mut at = 0;
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            made.push(at..at + c.len_utf8(), c.encode_utf8(&mut [0; 4]), Transforms::NONE);
            at += c.len_utf8();
        }
        if !chunk.invalid().is_empty() {
            made.push(at..at + chunk.invalid().len(), "\u{fffd}", Transforms::NONE);
            at += chunk.invalid().len();
        }
    }
    steps.push(made.segments);
    made.text
}
