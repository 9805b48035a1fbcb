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
}

/// Decodes a field's text.
pub(super) fn decoded(original: &[u8]) -> Decoded {
    let mut steps = Vec::new();
    let mut bytes = original.to_vec();
    if let Some((shown, segments)) = markup::undone(original) {
        bytes = shown;
        steps.push(segments);
    }
    let mut text = String::from_utf8(bytes).unwrap_or_else(|broken| {
        let made = characters(broken.as_bytes());
        steps.push(made.segments);
        made.text
    });
    if let Some(made) = bidi::undone(&text) {
        text = made.text;
        steps.push(made.segments);
    }
    Decoded { text, steps: Rc::from(steps), invalid: core::str::from_utf8(original).is_err() }
}

/// The characters of bytes that are not all UTF-8, each maximal invalid part as one U+FFFD.
fn characters(bytes: &[u8]) -> Mapped {
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
    made
}
