//! Byte kernels: the few loops over every byte of the input that a compiler does not make vector code of. Each kernel is written once,
//! over blocks of 64 bytes (`block.rs`), and compiled for every instruction set ([`Kernels::all`]); which one runs is chosen once an
//! engine, at run time. It knows no JSON, no tokens, no rules.
//!
//! What is not here: the hash of a token and the probe of a table. They multiply numbers of 64 bits, which AVX2 cannot, and look at one
//! word at a time, which is mostly shorter than a register: safe code in the core does both.
//!
//! Invariant: every set gives the same results for the same bytes, and `unsafe` stays within this crate.

#![allow(unsafe_code, reason = "the home of `unsafe`: vector instructions, and stores into spare capacity")]
#![deny(unsafe_op_in_unsafe_fn, clippy::undocumented_unsafe_blocks)]

mod block;
mod classes;
mod lower;
mod positions;
mod quotes;
mod repeats;
#[cfg(target_arch = "x86_64")]
mod x86;

pub use classes::{Classes, PLANES};
pub use lower::Lowered;
pub use quotes::Quotes;

use block::Portable;

/// The kernels of one instruction set. Small and `Copy`: an engine keeps its own.
#[derive(Clone, Copy)]
pub struct Kernels {
    name: &'static str,
    lower: fn(&[u8], &mut Vec<u8>) -> Lowered,
    classes: fn(&Classes, &[u8], &mut Vec<[u64; PLANES]>),
    quotes: fn(&[u8], usize, &mut Quotes),
    repeats: fn(&[u8]) -> bool,
    positions: fn(&[[u64; PLANES]], usize, &mut Vec<u32>),
}

impl Kernels {
    /// The kernels that every machine runs.
    pub const PORTABLE: Kernels = Kernels {
        name: "portable",
        lower: lower::lower::<Portable>,
        classes: classes::classes::<Portable>,
        quotes: quotes::quotes::<Portable>,
        repeats: repeats::repeats::<Portable>,
        positions: positions::positions,
    };

    /// The widest kernels that this machine runs.
    pub fn best() -> Kernels {
        *Self::all().last().unwrap_or(&Self::PORTABLE)
    }

    /// All kernels that this machine runs, from the narrowest to the widest.
    pub fn all() -> Vec<Kernels> {
        #[cfg_attr(not(target_arch = "x86_64"), expect(unused_mut, reason = "no other set on this architecture"))]
        let mut all = vec![Self::PORTABLE];
        #[cfg(target_arch = "x86_64")]
        x86::detected(&mut all);
        all
    }

    /// The kernels of this name, if this machine runs them: `portable`, `avx2`, `avx512`.
    pub fn named(name: &str) -> Option<Kernels> {
        Self::all().into_iter().find(|k| k.name == name)
    }

    /// The name of the set.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Appends the ASCII bytes that `text` begins with to `out`, in lower case, and says how many they are and whether they may hold markup.
    ///
    /// ```
    /// let mut out = Vec::new();
    /// let lowered = piepowder_bytes::Kernels::best().lower("AK-47 à la carte".as_bytes(), &mut out);
    /// assert_eq!((lowered.ascii, lowered.marked, &out[..]), (6, false, &b"ak-47 "[..]));
    /// ```
    #[inline]
    pub fn lower(&self, text: &[u8], out: &mut Vec<u8>) -> Lowered {
        (self.lower)(text, out)
    }

    /// Whether some byte from `0` on stands three times in a row. (Spaces, dots, hyphens and stars, of which honest text has rows, are below.)
    ///
    /// ```
    /// let kernels = piepowder_bytes::Kernels::best();
    /// assert!(kernels.repeats(b"sooo good") && !kernels.repeats(b"so good..."));
    /// ```
    #[inline]
    pub fn repeats(&self, text: &[u8]) -> bool {
        (self.repeats)(text)
    }

    /// Fills `out` with the classes of all bytes of `text`: a block of 64 bytes an entry, a bit a byte, lowest first; bits behind the
    /// text are 0. A reader of 64 bytes finds one entry more than it needs, all 0.
    #[inline]
    pub fn classes(&self, classes: &Classes, text: &[u8], out: &mut Vec<[u64; PLANES]>) {
        (self.classes)(classes, text, out);
    }

    /// Fills `out` with the places of the bits of one plane of blocks as [`Kernels::classes`] makes them, for texts of less than 4 GiB.
    ///
    /// # Panics
    /// When there is no plane of that number.
    ///
    /// ```
    /// let mut out = Vec::new();
    /// let blocks = [0b1010, 0, 1].map(|mask| [0, mask, 0, 0, 0, 0, 0, 0]);
    /// piepowder_bytes::Kernels::best().positions(&blocks, 1, &mut out);
    /// assert_eq!(out, [1, 3, 128]);
    /// ```
    #[inline]
    pub fn positions(&self, blocks: &[[u64; PLANES]], plane: usize, out: &mut Vec<u32>) {
        assert!(plane < PLANES, "a plane of a block");
        (self.positions)(blocks, plane, out);
    }

    /// Goes on to the next window of the text that is the first `length` bytes of `text`, less than 4 GiB, whose earlier windows `index`
    /// has gone through; see [`Quotes`]. What lies behind the text changes nothing; where something does, less is copied.
    ///
    /// ```
    /// let (text, mut index) = (br#"{"a":"\""}"#, piepowder_bytes::Quotes::default());
    /// piepowder_bytes::Kernels::best().quotes(text, text.len(), &mut index);
    /// assert_eq!([0, 1, 2, 3, 4].map(|number| index.quote(number)), [1, 3, 5, 8, u32::MAX]);
    /// assert_eq!((index.escape(0), index.escape(1), index.until()), (6, u32::MAX, text.len()));
    /// ```
    #[inline]
    pub fn quotes(&self, text: &[u8], length: usize, index: &mut Quotes) {
        (self.quotes)(text, length, index);
    }
}

impl Default for Kernels {
    /// The widest that this machine runs.
    fn default() -> Self {
        Self::best()
    }
}

impl core::fmt::Debug for Kernels {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_tuple("Kernels").field(&self.name).finish()
    }
}
