//! Long runs of ASCII letters and digits, the ground on which addresses and keys are looked for. It says nothing of what a run is.
//! Invariant: runs are maximal, and in order.

use crate::span::Span;

/// No entity that is looked for in a run is shorter.
const LEAST: usize = 25;

/// Every maximal run of at least [`LEAST`] ASCII letters and digits. Such a run covers a multiple of it, so most of a text of short words
/// is stepped over.
pub(super) fn find(text: &[u8], out: &mut Vec<Span>) {
    let mut probe = LEAST - 1;
    while probe < text.len() {
        if text[probe].is_ascii_alphanumeric() {
            let start = probe - text[..probe].iter().rev().take_while(|b| b.is_ascii_alphanumeric()).count();
            let end = probe + text[probe..].iter().take_while(|b| b.is_ascii_alphanumeric()).count();
            if end - start >= LEAST {
                out.push(Span::new(start as u32, end as u32));
            }
            probe = end;
        }
        probe += LEAST;
    }
}
