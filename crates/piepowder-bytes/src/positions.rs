//! Places of the bits of masks, as numbers: what a reader of many masks goes through without a branch for each bit. It does not know what
//! the bits mean. Invariant: places are in order, as many as there are bits.

use core::mem::MaybeUninit;

/// Places are stored so many at a time: how many there are in a mask is not guessed for each.
const STEP: usize = 4;

#[inline(always)]
pub(crate) fn positions(masks: &[u64], out: &mut Vec<u32>) {
    out.clear();
    let count = masks.iter().map(|mask| mask.count_ones() as usize).sum::<usize>();
    // Room for whole steps: the last one is stored whole, too.
    out.reserve(count + STEP);
    let mut spare = &mut out.spare_capacity_mut()[..count + STEP];
    for (mask, base) in masks.iter().zip((0..).step_by(u64::BITS as usize)) {
        let (mut mask, bits) = (*mask, mask.count_ones() as usize);
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
    use crate::Kernels;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_set_tells_the_place_of_each_bit(masks in prop::collection::vec(prop_oneof![Just(0), Just(u64::MAX), any::<u64>(), any::<u64>().prop_map(|m| m & m << 7 & m >> 9)], 0..9)) {
            let expected: Vec<u32> = (0..masks.len() as u32 * 64).filter(|at| masks[*at as usize / 64] >> (at % 64) & 1 == 1).collect();
            for kernels in Kernels::all() {
                let mut out = vec![7; 3];
                kernels.positions(&masks, &mut out);
                prop_assert_eq!(&out, &expected, "{:?}", kernels);
            }
        }
    }
}
