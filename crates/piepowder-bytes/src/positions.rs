//! Places of the bits of one plane of masks, as numbers: what a reader of many masks goes through without a branch for each bit. It does
//! not know what the bits mean. Invariant: places are in order, as many as there are bits.

use crate::block::WIDTH;
use crate::classes::PLANES;
use core::mem::MaybeUninit;

/// Places are stored so many at a time: how many there are in a mask is not guessed for each.
const STEP: usize = 4;

#[inline(always)]
pub(crate) fn positions(blocks: &[[u64; PLANES]], plane: usize, out: &mut Vec<u32>) {
    out.clear();
    let count = blocks.iter().map(|block| block[plane].count_ones() as usize).sum::<usize>();
    // Room for whole steps: the last one is stored whole, too.
    out.reserve(count + STEP);
    let mut spare = &mut out.spare_capacity_mut()[..count + STEP];
    for (block, base) in blocks.iter().zip((0..).step_by(WIDTH)) {
        let (mut mask, bits) = (block[plane], block[plane].count_ones() as usize);
        let mut stored = 0;
        while stored < bits {
            if let Some(step) = spare[stored..].first_chunk_mut::<STEP>() {
                for place in step {
                    // Behind the last bit this stores what the next mask overwrites.
                    *place = MaybeUninit::new(base + mask.trailing_zeros());
                    mask &= mask.wrapping_sub(1);
                }
            }
            stored += STEP;
        }
        spare = &mut spare[bits..];
    }
    // SAFETY: the loop stored a place for each of the `count` bits, one behind another from the start of the spare capacity: the slice has
    // `STEP` places more than there are bits, so that no step was left out for want of room.
    unsafe { out.set_len(count) };
}

#[cfg(test)]
mod tests {
    use crate::{Kernels, PLANES};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_set_tells_the_place_of_each_bit(masks in prop::collection::vec(prop_oneof![Just(0), Just(u64::MAX), any::<u64>(), any::<u64>().prop_map(|m| m & m << 7 & m >> 9)], 0..9)) {
            let expected: Vec<u32> = (0..masks.len() as u32 * 64).filter(|at| masks[*at as usize / 64] >> (at % 64) & 1 == 1).collect();
            for (plane, kernels) in (0..PLANES).cycle().step_by(3).zip(Kernels::all()) {
                let blocks: Vec<[u64; PLANES]> = masks.iter().map(|mask| core::array::from_fn(|at| if at == plane { *mask } else { !*mask })).collect();
                let mut out = vec![7; 3];
                kernels.positions(&blocks, plane, &mut out);
                prop_assert_eq!(&out, &expected, "{:?}", kernels);
            }
        }
    }
}
