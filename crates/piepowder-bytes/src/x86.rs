//! The blocks of x86-64: two registers of AVX2, or one of AVX-512. Every function here that has a `target_feature` is reached through a
//! set of kernels that [`detected`] gives out only where the processor has the features.

use crate::block::{Block, WIDTH};
use crate::classes::{Classes, PLANES};
use crate::lower::Lowered;
use crate::pieces::{Link, Pieces};
use crate::quotes::Quotes;
use crate::{Kernels, classes, lower, pieces, quotes, repeats};
use core::arch::x86_64::*;
use core::mem::MaybeUninit;

/// Appends the sets that this processor runs.
pub(crate) fn detected(all: &mut Vec<Kernels>) {
    let bits = is_x86_feature_detected!("bmi1")
        && is_x86_feature_detected!("bmi2")
        && is_x86_feature_detected!("lzcnt")
        && is_x86_feature_detected!("popcnt");
    if bits && is_x86_feature_detected!("avx2") {
        all.push(AVX2);
    }
    if bits && is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512bw") {
        all.push(AVX512);
    }
}

/// The kernels of one set: each compiled with its features, and callable as a plain function.
macro_rules! kernels {
    ($set:ident, $name:literal, $block:ty, $features:literal) => {
        kernels! { $set, $name, $block, $features,
            lower(text: &[u8], out: &mut Vec<u8>) -> Lowered;
            classes(table: &Classes, text: &[u8], out: &mut Vec<[u64; PLANES]>) -> ();
            quotes(text: &[u8], length: usize, index: &mut Quotes) -> ();
            repeats(text: &[u8]) -> bool;
            pieces(text: &[u8], blocks: &mut [[u64; PLANES]], parted: &[u64], gaps: &[Link; 256], out: &mut Pieces) -> ();
        }
    };
    ($set:ident, $name:literal, $block:ty, $features:literal, $($kernel:ident($($argument:ident: $type:ty),*) -> $result:ty;)*) => {
        const $set: Kernels = {
            $(fn $kernel($($argument: $type),*) -> $result {
                #[target_feature(enable = $features)]
                fn compiled($($argument: $type),*) -> $result {
                    $kernel::$kernel::<$block>($($argument),*)
                }
                // SAFETY: `detected` gives this set out only where the processor has the features.
                unsafe { compiled($($argument),*) }
            })*
            Kernels { name: $name, $($kernel),* }
        };
    };
}

kernels!(AVX2, "avx2", Avx2, "avx2,bmi1,bmi2,lzcnt,popcnt");
kernels!(AVX512, "avx512", Avx512, "avx2,avx512f,avx512bw,bmi1,bmi2,lzcnt,popcnt");

/// The first half of a block, and the second.
#[derive(Clone, Copy)]
pub(crate) struct Avx2(__m256i, __m256i);

impl Avx2 {
    #[inline(always)]
    fn mask(self, of: impl Fn(__m256i) -> __m256i) -> u64 {
        // SAFETY: only kernels compiled for AVX2 name this type, and they run only where the processor has it.
        unsafe { u64::from(_mm256_movemask_epi8(of(self.0)) as u32) | u64::from(_mm256_movemask_epi8(of(self.1)) as u32) << 32 }
    }
}

impl Block for Avx2 {
    #[inline(always)]
    fn load(bytes: &[u8; WIDTH]) -> Self {
        let at: *const __m256i = bytes.as_ptr().cast();
        // SAFETY: as in `mask`; the array has the 64 bytes that the two loads read, and they need no alignment.
        unsafe { Avx2(_mm256_loadu_si256(at), _mm256_loadu_si256(at.add(1))) }
    }

    #[inline(always)]
    fn store(self, bytes: &mut MaybeUninit<[u8; WIDTH]>) {
        let at: *mut __m256i = bytes.as_mut_ptr().cast();
        // SAFETY: as in `load`, for two stores.
        unsafe {
            _mm256_storeu_si256(at, self.0);
            _mm256_storeu_si256(at.add(1), self.1);
        }
    }

    #[inline(always)]
    fn equals(self, byte: u8) -> u64 {
        // SAFETY: as in `mask`.
        self.mask(|half| unsafe { _mm256_cmpeq_epi8(half, _mm256_set1_epi8(byte as i8)) })
    }

    #[inline(always)]
    fn same(self, other: Self) -> u64 {
        // SAFETY: as in `mask`; no memory is touched.
        let same = unsafe { Avx2(_mm256_cmpeq_epi8(self.0, other.0), _mm256_cmpeq_epi8(self.1, other.1)) };
        same.mask(|half| half)
    }

    #[inline(always)]
    fn at_least(self, byte: u8) -> u64 {
        // SAFETY: as in `mask`. The greater of a byte and the least one is the byte itself.
        self.mask(|half| unsafe { _mm256_cmpeq_epi8(_mm256_max_epu8(half, _mm256_set1_epi8(byte as i8)), half) })
    }

    #[inline(always)]
    fn high(self) -> u64 {
        self.mask(|half| half)
    }

    #[inline(always)]
    fn lower(self) -> Self {
        #[inline(always)]
        fn half(bytes: __m256i) -> __m256i {
            // SAFETY: as in `mask`. Moved so that `A` is the least signed byte, capitals are the 26 least ones.
            unsafe {
                let moved = _mm256_sub_epi8(bytes, _mm256_set1_epi8((b'A' ^ 0x80) as i8));
                let capital = _mm256_cmpgt_epi8(_mm256_set1_epi8(-128 + 26), moved);
                _mm256_add_epi8(bytes, _mm256_and_si256(capital, _mm256_set1_epi8(0x20)))
            }
        }
        Avx2(half(self.0), half(self.1))
    }

    #[inline(always)]
    fn planes(self, low: &[u8; 16], high: &[u8; 16]) -> [u64; 8] {
        // SAFETY: as in `mask`; both arrays have the 16 bytes that are loaded.
        let classes = unsafe {
            let low = _mm256_broadcastsi128_si256(_mm_loadu_si128(low.as_ptr().cast()));
            let high = _mm256_broadcastsi128_si256(_mm_loadu_si128(high.as_ptr().cast()));
            let nibble = _mm256_set1_epi8(15);
            let half = |bytes: __m256i| {
                let first = _mm256_shuffle_epi8(low, _mm256_and_si256(bytes, nibble));
                let second = _mm256_shuffle_epi8(high, _mm256_and_si256(_mm256_srli_epi16(bytes, 4), nibble));
                _mm256_and_si256(first, second)
            };
            Avx2(half(self.0), half(self.1))
        };
        // The bit of a plane is moved to the top of its byte; what comes in from the neighboring byte stays below it.
        // SAFETY: as in `mask`.
        unsafe {
            [
                classes.mask(|half| _mm256_slli_epi16(half, 7)),
                classes.mask(|half| _mm256_slli_epi16(half, 6)),
                classes.mask(|half| _mm256_slli_epi16(half, 5)),
                classes.mask(|half| _mm256_slli_epi16(half, 4)),
                classes.mask(|half| _mm256_slli_epi16(half, 3)),
                classes.mask(|half| _mm256_slli_epi16(half, 2)),
                classes.mask(|half| _mm256_slli_epi16(half, 1)),
                classes.mask(|half| half),
            ]
        }
    }
}

/// A block in one register.
#[derive(Clone, Copy)]
pub(crate) struct Avx512(__m512i);

impl Block for Avx512 {
    #[inline(always)]
    fn load(bytes: &[u8; WIDTH]) -> Self {
        // SAFETY: only kernels compiled for AVX-512 name this type, and they run only where the processor has it; the array has the 64
        // bytes that are read.
        unsafe { Avx512(_mm512_loadu_si512(bytes.as_ptr().cast())) }
    }

    #[inline(always)]
    fn store(self, bytes: &mut MaybeUninit<[u8; WIDTH]>) {
        // SAFETY: as in `load`, for a store.
        unsafe { _mm512_storeu_si512(bytes.as_mut_ptr().cast(), self.0) }
    }

    #[inline(always)]
    fn equals(self, byte: u8) -> u64 {
        // SAFETY: as in `load`; no memory is touched.
        unsafe { _mm512_cmpeq_epi8_mask(self.0, _mm512_set1_epi8(byte as i8)) }
    }

    #[inline(always)]
    fn same(self, other: Self) -> u64 {
        // SAFETY: as in `equals`.
        unsafe { _mm512_cmpeq_epi8_mask(self.0, other.0) }
    }

    #[inline(always)]
    fn at_least(self, byte: u8) -> u64 {
        // SAFETY: as in `equals`.
        unsafe { _mm512_cmpge_epu8_mask(self.0, _mm512_set1_epi8(byte as i8)) }
    }

    #[inline(always)]
    fn high(self) -> u64 {
        // SAFETY: as in `equals`.
        unsafe { _mm512_movepi8_mask(self.0) }
    }

    #[inline(always)]
    fn lower(self) -> Self {
        // SAFETY: as in `equals`.
        unsafe {
            let moved = _mm512_sub_epi8(self.0, _mm512_set1_epi8(b'A' as i8));
            let capital = _mm512_cmplt_epu8_mask(moved, _mm512_set1_epi8(26));
            Avx512(_mm512_mask_add_epi8(self.0, capital, self.0, _mm512_set1_epi8(0x20)))
        }
    }

    #[inline(always)]
    fn planes(self, low: &[u8; 16], high: &[u8; 16]) -> [u64; 8] {
        // SAFETY: as in `load`; both arrays have the 16 bytes that are loaded.
        unsafe {
            let low = _mm512_broadcast_i32x4(_mm_loadu_si128(low.as_ptr().cast()));
            let high = _mm512_broadcast_i32x4(_mm_loadu_si128(high.as_ptr().cast()));
            let nibble = _mm512_set1_epi8(15);
            let first = _mm512_shuffle_epi8(low, _mm512_and_si512(self.0, nibble));
            let second = _mm512_shuffle_epi8(high, _mm512_and_si512(_mm512_srli_epi16(self.0, 4), nibble));
            let classes = _mm512_and_si512(first, second);
            core::array::from_fn(|bit| _mm512_test_epi8_mask(classes, _mm512_set1_epi8((1u8 << bit) as i8)))
        }
    }
}
