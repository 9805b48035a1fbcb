//! Byte kernels: the few loops over every byte of the input that a compiler does not make vector code of. Each kernel is written once,
//! over blocks of 64 bytes ([`block`]), and compiled for every instruction set ([`Kernels::all`]); which one runs is chosen once an
//! engine, at run time. It knows no JSON, no tokens, no rules.
//!
//! What is not here: the hash of a token and the probe of a table. Both were tried as vector code and are no faster than what the
//! compiler makes of safe code over padded buffers: a word is mostly shorter than one register.
//!
//! Invariant: every set gives the same results for the same bytes, and `unsafe` stays within this crate.

#![allow(unsafe_code, reason = "the home of `unsafe`: vector instructions, and stores into spare capacity")]
#![deny(unsafe_op_in_unsafe_fn, clippy::undocumented_unsafe_blocks)]

mod block;
mod classes;
mod lower;
#[cfg(target_arch = "x86_64")]
mod x86;

pub use classes::{Classes, PLANES};
pub use lower::Lowered;

use block::Portable;

/// The kernels of one instruction set. Small and `Copy`: an engine keeps its own.
#[derive(Clone, Copy)]
pub struct Kernels {
    name: &'static str,
    lower: fn(&[u8], &mut Vec<u8>) -> Lowered,
    classes: fn(&Classes, &[u8], &mut Vec<[u64; PLANES]>),
}

impl Kernels {
    /// The kernels that every machine runs.
    pub const PORTABLE: Kernels = Kernels { name: "portable", lower: lower::lower::<Portable>, classes: classes::classes::<Portable> };

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

    /// Fills `out` with the classes of all bytes of `text`: a block of 64 bytes an entry, a bit a byte, lowest first; bits behind the
    /// text are 0. A reader of 64 bytes finds one entry more than it needs, all 0.
    #[inline]
    pub fn classes(&self, classes: &Classes, text: &[u8], out: &mut Vec<[u64; PLANES]>) {
        (self.classes)(classes, text, out);
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
