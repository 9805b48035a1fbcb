//! Common English words, as a set of fingerprints that says yes to one in 100,000 others: where letters were parted, and where a word is an
//! edit away from another, they are what honest text says. Invariant: every word of the list that the set was made of is in it.

use super::common_prints::PRINTS;
use piepowder_bytes::{print, print_of};

/// Letters of the longest word.
pub(super) const LONGEST: usize = 20;

/// High bits of a fingerprint that say where the search begins.
const BITS: u32 = 14;

/// Where the fingerprints with each value of the high bits begin: five or so are looked at, where a binary search takes seventeen steps.
static STARTS: [u32; (1 << BITS) + 1] = {
    let mut starts = [0; (1 << BITS) + 1];
    let (mut value, mut at) = (0, 0);
    while at < PRINTS.len() {
        while value <= PRINTS[at] >> (32 - BITS) {
            starts[value as usize] = at as u32;
            value += 1;
        }
        at += 1;
    }
    while value <= 1 << BITS {
        starts[value as usize] = at as u32;
        value += 1;
    }
    starts
};

/// Whether folded text is a common word of four letters or more.
pub(crate) fn is_common(word: &[u8]) -> bool {
    (4..=LONGEST).contains(&word.len()) && has_print(print(word))
}

/// Whether a folded text of this length and hash is one.
#[inline]
pub(super) fn is_common_piece(length: usize, hash: u64) -> bool {
    (4..=LONGEST).contains(&length) && has_print(print_of(hash))
}

/// Fingerprints that are compared at once. Most buckets have fewer, and what lies behind a bucket is none of another one.
const STEP: usize = 8;

#[inline]
fn has_print(print: u32) -> bool {
    let mut rest = &PRINTS[STARTS[(print >> (32 - BITS)) as usize] as usize..];
    while let Some((step, behind)) = rest.split_first_chunk::<STEP>() {
        let same = step.iter().fold(false, |same, other| same | (*other == print));
        if same || step[STEP - 1] >= print {
            return same;
        }
        rest = behind;
    }
    rest.contains(&print)
}
