//! Copies ASCII text in lower case, up to the first byte that is none, and sees on the way whether markup may be in it.

use crate::block::{Block, WIDTH, load};
use core::mem::MaybeUninit;

/// What copying a text in lower case came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lowered {
    /// How many ASCII bytes come first: those that were appended.
    pub ascii: usize,
    /// Whether there is a `<` or `&` among them.
    pub marked: bool,
}

#[inline(always)]
pub(crate) fn lower<B: Block>(text: &[u8], out: &mut Vec<u8>) -> Lowered {
    let from = out.len();
    // Room for whole blocks: the last one is stored whole, too.
    out.reserve(text.len() + WIDTH);
    let spare = out.spare_capacity_mut();
    let mut marks = 0;
    let mut at = 0;
    let ascii = loop {
        if at >= text.len() {
            break text.len();
        }
        let block: B = load(text, at);
        let target: *mut MaybeUninit<[u8; WIDTH]> = spare[at..at + WIDTH].as_mut_ptr().cast();
        // SAFETY: the range was checked to lie within the spare capacity, which nobody else refers to; an array of bytes needs no alignment.
        block.lower().store(unsafe { &mut *target });
        let here = block.equals(b'<') | block.equals(b'&');
        let high = block.high();
        if high != 0 {
            marks |= here & ((1 << high.trailing_zeros()) - 1);
            break at + high.trailing_zeros() as usize;
        }
        marks |= here;
        at += WIDTH;
    };
    // SAFETY: `ascii` is at most the length of the text, and every byte before it was written by the loop.
    unsafe { out.set_len(from + ascii) };
    Lowered { ascii, marked: marks != 0 }
}

#[cfg(test)]
mod tests {
    use crate::Kernels;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_set_lowers_as_the_standard_library(text in prop::collection::vec(prop_oneof![9 => 0u8..128, 1 => any::<u8>()], 0..300), before in 0usize..70) {
            let ascii = text.iter().take_while(|b| b.is_ascii()).count();
            let marked = text[..ascii].iter().any(|b| matches!(b, b'<' | b'&'));
            for kernels in Kernels::all() {
                let mut out = vec![b'X'; before];
                let lowered = kernels.lower(&text, &mut out);
                prop_assert_eq!((lowered.ascii, lowered.marked), (ascii, marked), "{:?}", kernels);
                prop_assert!(out[..before].iter().all(|b| *b == b'X'));
                prop_assert_eq!(&out[before..], text[..ascii].to_ascii_lowercase(), "{:?}", kernels);
            }
        }
    }
}
