//! Common English words, as a set of fingerprints that says yes to one in 100,000 others: where letters were parted, and where a word is an
//! edit away from another, they are what honest text says. Invariant: every word of the list that the set was made of is in it.

use super::common_prints::PRINTS;
use super::hash::print;

/// Letters of the longest word.
pub(super) const LONGEST: usize = 20;

/// Whether folded text is a common word of four letters or more.
pub(crate) fn is_common(word: &[u8]) -> bool {
    (4..=LONGEST).contains(&word.len()) && PRINTS.binary_search(&print(word)).is_ok()
}
