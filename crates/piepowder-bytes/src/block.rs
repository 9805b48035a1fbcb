//! Sixty-four bytes at a time: what kernels are written over. An instruction set implements these few operations, and nothing else is
//! written for it by hand. Invariant: bit `i` of a mask tells of byte `i` of the block.

use core::mem::MaybeUninit;

/// Bytes of a block.
pub(crate) const WIDTH: usize = 64;

/// A block in registers.
pub(crate) trait Block: Copy {
    /// The bytes of an array.
    fn load(bytes: &[u8; WIDTH]) -> Self;
    /// The bytes, to an array. Writes all of it.
    fn store(self, bytes: &mut MaybeUninit<[u8; WIDTH]>);
    /// Bytes that equal one.
    fn equals(self, byte: u8) -> u64;
    /// Bytes that equal those at their places in another block.
    fn same(self, other: Self) -> u64;
    /// Bytes that are not less than one, which is not 0.
    fn at_least(self, byte: u8) -> u64;
    /// Bytes from 0x80 on.
    fn high(self) -> u64;
    /// The block with `A` to `Z` in lower case; other bytes stay.
    fn lower(self) -> Self;
    /// For each byte `low[byte & 15] & high[byte >> 4]`, its eight bits as masks.
    fn planes(self, low: &[u8; 16], high: &[u8; 16]) -> [u64; 8];
}

/// The block that begins at `at`; what lies behind the end of the bytes is 0.
#[inline(always)]
pub(crate) fn load<B: Block>(bytes: &[u8], at: usize) -> B {
    match bytes[at..].first_chunk() {
        Some(block) => B::load(block),
        None => {
            let mut block = [0; WIDTH];
            copy(&bytes[at..], &mut block);
            B::load(&block)
        }
    }
}

/// Copies less than a block. In two halves that may overlap, of a size that is known: a call for any size costs more than a short text.
#[inline(always)]
fn copy(rest: &[u8], block: &mut [u8; WIDTH]) {
    #[inline(always)]
    fn halves<const N: usize>(rest: &[u8], block: &mut [u8; WIDTH]) -> bool {
        let (Some(first), Some(last)) = (rest.first_chunk::<N>(), rest.last_chunk::<N>()) else { return false };
        if let Some(begin) = block.first_chunk_mut::<N>() {
            *begin = *first;
        }
        if let Some(end) = block[..rest.len()].last_chunk_mut::<N>() {
            *end = *last;
        }
        true
    }
    if !(halves::<32>(rest, block) || halves::<16>(rest, block) || halves::<8>(rest, block) || halves::<4>(rest, block)) {
        block.iter_mut().zip(rest).for_each(|(place, byte)| *place = *byte);
    }
}

/// A block without vector registers: loops over an array, of which compilers make what they can.
#[derive(Clone, Copy)]
pub(crate) struct Portable([u8; WIDTH]);

impl Portable {
    #[inline(always)]
    fn mask(self, of: impl Fn(u8) -> bool) -> u64 {
        let mut mask = 0;
        for (i, byte) in self.0.iter().enumerate() {
            mask |= u64::from(of(*byte)) << i;
        }
        mask
    }
}

impl Block for Portable {
    #[inline(always)]
    fn load(bytes: &[u8; WIDTH]) -> Self {
        Portable(*bytes)
    }

    #[inline(always)]
    fn store(self, bytes: &mut MaybeUninit<[u8; WIDTH]>) {
        bytes.write(self.0);
    }

    #[inline(always)]
    fn equals(self, byte: u8) -> u64 {
        self.mask(|b| b == byte)
    }

    #[inline(always)]
    fn same(self, other: Self) -> u64 {
        let mut mask = 0;
        for (i, (own, other)) in self.0.iter().zip(other.0).enumerate() {
            mask |= u64::from(*own == other) << i;
        }
        mask
    }

    #[inline(always)]
    fn at_least(self, byte: u8) -> u64 {
        self.mask(|b| b >= byte)
    }

    #[inline(always)]
    fn high(self) -> u64 {
        self.mask(|b| b >= 0x80)
    }

    #[inline(always)]
    fn lower(mut self) -> Self {
        self.0.make_ascii_lowercase();
        self
    }

    #[inline(always)]
    fn planes(self, low: &[u8; 16], high: &[u8; 16]) -> [u64; 8] {
        let mut planes = [0; 8];
        for (i, byte) in self.0.iter().enumerate() {
            let class = low[usize::from(byte & 15)] & high[usize::from(byte >> 4)];
            for (bit, plane) in planes.iter_mut().enumerate() {
                *plane |= u64::from(class >> bit & 1) << i;
            }
        }
        planes
    }
}
