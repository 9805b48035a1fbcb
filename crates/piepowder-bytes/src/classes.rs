//! Classes of bytes as masks: up to eight sets of bytes, looked up by two tables of sixteen entries. It does not know what the sets mean.

use crate::block::{Block, WIDTH, load};

/// Most sets of bytes.
pub const PLANES: usize = 8;

/// Up to eight sets of bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Classes {
    low: [u8; 16],
    high: [u8; 16],
}

impl Classes {
    /// The tables of these sets, of which bit `i` of `of[byte]` says whether the byte is in set `i`; none when two tables of sixteen
    /// entries cannot tell them apart. They can tell a set whose bytes are all pairs of some high and some low halves.
    pub const fn new(of: &[u8; 256]) -> Option<Classes> {
        let (mut low, mut high) = ([0; 16], [0; 16]);
        let mut byte = 0;
        while byte < 256 {
            low[byte & 15] |= of[byte];
            high[byte >> 4] |= of[byte];
            byte += 1;
        }
        byte = 0;
        while byte < 256 {
            if low[byte & 15] & high[byte >> 4] != of[byte] {
                return None;
            }
            byte += 1;
        }
        Some(Classes { low, high })
    }

    /// The sets that a byte is in.
    pub const fn of(&self, byte: u8) -> u8 {
        self.low[byte as usize & 15] & self.high[byte as usize >> 4]
    }
}

#[inline(always)]
pub(crate) fn classes<B: Block>(table: &Classes, text: &[u8], out: &mut Vec<[u64; PLANES]>) {
    out.clear();
    out.reserve(text.len() / WIDTH + 2);
    let mut at = 0;
    while at < text.len() {
        let mut planes = load::<B>(text, at).planes(&table.low, &table.high);
        if text.len() - at < WIDTH {
            let within = (1 << (text.len() - at)) - 1;
            planes.iter_mut().for_each(|plane| *plane &= within);
        }
        out.push(planes);
        at += WIDTH;
    }
    out.push([0; PLANES]);
}

#[cfg(test)]
mod tests {
    use super::Classes;
    use crate::Kernels;
    use proptest::prelude::*;

    /// Letters in two sets, digits, marks of decimals, bytes that are no ASCII.
    fn sets() -> [u8; 256] {
        core::array::from_fn(|byte| match byte as u8 {
            b'A'..=b'O' | b'a'..=b'o' => 1,
            b'P'..=b'Z' | b'p'..=b'z' => 2,
            b'0'..=b'9' => 4,
            b'.' | b',' => 8,
            0x80.. => 128,
            _ => 0,
        })
    }

    #[test]
    fn sets_that_two_tables_cannot_tell_are_refused() {
        assert!(Classes::new(&sets()).is_some());
        let letters = core::array::from_fn(|byte| u8::from((byte as u8).is_ascii_alphabetic()));
        assert_eq!(Classes::new(&letters), None);
    }

    proptest! {
        #[test]
        fn every_set_of_kernels_tells_the_classes_of_each_byte(text in prop::collection::vec(any::<u8>(), 0..200)) {
            let sets = sets();
            let classes = Classes::new(&sets).expect("the tables tell them apart");
            for kernels in Kernels::all() {
                let mut out = vec![[7; 8]];
                kernels.classes(&classes, &text, &mut out);
                prop_assert_eq!(out.len(), text.len().div_ceil(64) + 1);
                for at in 0..out.len() * 64 {
                    let found = (0..8).fold(0, |set, bit| set | ((out[at / 64][bit] >> (at % 64) & 1) as u8) << bit);
                    prop_assert_eq!(found, text.get(at).map_or(0, |byte| sets[usize::from(*byte)]), "{:?} at {}", kernels, at);
                }
            }
        }
    }
}
