//! Whether a byte stands three times in a row, of those that words are made of.

use crate::block::{Block, WIDTH, load};

#[inline(always)]
pub(crate) fn repeats<B: Block>(text: &[u8]) -> bool {
    // Bit 0: the last byte of the block before equals the first of this one; so blocks are compared with themselves one byte on.
    let mut at = 0;
    let mut before = 0;
    while at + 1 < text.len() {
        let (here, next): (B, B) = (load(text, at), load(text, at + 1));
        // What lies behind the text is 0, and below.
        let same = here.same(next) & next.at_least(b'0');
        if same & (same << 1 | before) != 0 {
            return true;
        }
        before = same >> 63;
        at += WIDTH;
    }
    false
}

#[cfg(test)]
mod tests {
    use crate::Kernels;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_set_finds_what_stands_thrice(mut text in prop::collection::vec(prop::sample::select(b"aab0. \xFF".to_vec()), 0..200), at in 0usize..200, thrice: bool) {
            if !thrice {
                // Mostly there are none; then one may be put anywhere.
                text.iter_mut().enumerate().for_each(|(i, b)| *b = if i % 2 == 0 { b'x' } else { *b });
                if at + 3 <= text.len() && at % 3 == 0 {
                    text[at..at + 3].fill(b'y');
                }
            }
            let expected = text.windows(3).any(|w| w[0] >= b'0' && w[0] == w[1] && w[1] == w[2]);
            for kernels in Kernels::all() {
                prop_assert_eq!(kernels.repeats(&text), expected, "{:?}", kernels);
            }
        }
    }
}
