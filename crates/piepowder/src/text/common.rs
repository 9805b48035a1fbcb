//! Common English words, as a set that answers "perhaps" for one in 500 others: where letters were parted, and where a word is an edit away
//! from another, they are what honest text says. Invariant: every word of the list that the bits were made of is in the set.

use super::common_bits::BITS;
use super::hash::{hash, places};

/// Whether folded text is a common word of four letters or more.
pub(crate) fn is_common(word: &[u8]) -> bool {
    places(hash(word), BITS.len() * 64).all(|place| BITS[place / 64] >> (place % 64) & 1 == 1)
}
