//! Byte kernels: the few loops over every byte of the input that a compiler does not make vector code of. Each kernel is written once,
//! over blocks of 64 bytes (`block.rs`), and compiled for every instruction set ([`Kernels::all`]); which one runs is chosen once an
//! engine, at run time. It knows no JSON, no characters that are not ASCII, no rules.
//!
//! What is not here: the probe of a table. It looks at one word at a time, and safe code in the core does it.
//!
//! Invariant: every set gives the same results for the same bytes, and `unsafe` stays within this crate.

#![allow(unsafe_code, reason = "the home of `unsafe`: vector instructions, and stores into spare capacity")]
#![deny(unsafe_op_in_unsafe_fn, clippy::undocumented_unsafe_blocks)]

mod block;
mod classes;
mod hash;
mod lower;
mod pieces;
mod quotes;
mod repeats;
#[cfg(target_arch = "x86_64")]
mod x86;

pub use classes::{Classes, PLANES};
pub use hash::{JOINED_BYTES, hash, hash_in, hash_joined, hash_pair, print, print_of};
pub use lower::Lowered;
pub use pieces::{Link, Piece, Pieces, plane};
pub use quotes::Quotes;

use block::Portable;

/// Text, blocks, where letters are parted, links over single bytes, and what was found.
type FindPieces = fn(&[u8], &mut [[u64; PLANES]], &[u64], &[Link; 256], &mut Pieces);

/// The kernels of one instruction set. Small and `Copy`: an engine keeps its own.
#[derive(Clone, Copy)]
pub struct Kernels {
    name: &'static str,
    lower: fn(&[u8], &mut Vec<u8>) -> Lowered,
    classes: fn(&Classes, &[u8], &mut Vec<[u64; PLANES]>),
    quotes: fn(&[u8], usize, &mut Quotes),
    repeats: fn(&[u8]) -> bool,
    pieces: FindPieces,
}

impl Kernels {
    /// The kernels that every machine runs.
    pub const PORTABLE: Kernels = Kernels {
        name: "portable",
        lower: lower::lower::<Portable>,
        classes: classes::classes::<Portable>,
        quotes: quotes::quotes::<Portable>,
        repeats: repeats::repeats::<Portable>,
        pieces: pieces::pieces::<Portable>,
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

    /// Finds the pieces of `text`, less than 2 GiB, in blocks of its classes whose planes mean what [`plane`] says: runs of letters, and of
    /// digits with single decimal marks between two of them. A run of letters is cut where a bit is set in `parted`, which may be shorter
    /// than the blocks. `gaps` gives the link over a single byte between two pieces; longer gaps are listed in [`Pieces::wide`].
    ///
    /// # Panics
    /// When blocks have bits behind the end of the text.
    ///
    /// ```
    /// use piepowder_bytes::{Classes, Kernels, Link, Pieces, hash};
    /// let sets = core::array::from_fn(|byte| match byte as u8 {
    ///     b'a'..=b'o' => 1,
    ///     b'p'..=b'z' => 1 << 1,
    ///     b'0'..=b'9' => 1 << 2,
    ///     _ => 0,
    /// });
    /// let (text, mut blocks, mut pieces) = (b"pay-by 10g, now", Vec::new(), Pieces::default());
    /// let (kernels, classes) = (Kernels::best(), Classes::new(&sets).expect("two tables tell them apart"));
    /// kernels.classes(&classes, text, &mut blocks);
    /// let gaps = core::array::from_fn(|byte| if byte as u8 == b'-' { Link::Joined } else { Link::Spaced });
    /// kernels.pieces(text, &mut blocks, &[], &gaps, &mut pieces);
    /// assert_eq!(pieces.list.iter().map(|p| p.range()).collect::<Vec<_>>(), [0..3, 4..6, 7..9, 9..10, 12..15]);
    /// assert_eq!((pieces.list[0].hash, pieces.longest), (hash(b"pay"), 3));
    /// assert_eq!((pieces.hanging, pieces.numbers, pieces.wide), (vec![1, 3], vec![2], vec![0, 4]));
    /// ```
    #[inline]
    pub fn pieces(&self, text: &[u8], blocks: &mut [[u64; PLANES]], parted: &[u64], gaps: &[Link; 256], out: &mut Pieces) {
        (self.pieces)(text, blocks, parted, gaps, out);
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
