//! The decoded text of a field (docs/SEMANTICS.md, section 2): bytes to characters, then what authors of disguise put around them is undone,
//! step by step. It folds nothing. Invariant: a step that would change nothing is not there.

use super::bidi;
use super::map::Mapped;
use piepowder::Transforms;
use std::rc::Rc;

/// A field's text before it is folded.
pub(super) struct Decoded {
    pub(super) text: String,
    /// How it was made of the original; the last one's text is the decoded text.
    pub(super) steps: Rc<[Mapped]>,
    pub(super) invalid: bool,
}

/// Decodes a field's text.
pub(super) fn decoded(bytes: &[u8]) -> Decoded {
    let mut steps = Vec::new();
    let mut text = match core::str::from_utf8(bytes) {
        Ok(text) => text.to_string(),
        Err(_) => {
            steps.push(characters(bytes));
            steps[0].text.clone()
        }
    };
    let invalid = !steps.is_empty();
    for undo in [bidi::undone] {
        if let Some(step) = undo(&text) {
            text = step.text.clone();
            steps.push(step);
        }
    }
    Decoded { text, steps: Rc::from(steps), invalid }
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
