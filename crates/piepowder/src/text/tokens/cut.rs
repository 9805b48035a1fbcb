//! What a kernel finds pieces by: the classes of a surface's bytes as masks of 64 bytes, and what is not ASCII put into them run by run.
//! It knows neither hashes nor links. Invariant: the masks of letters and digits have every byte of a character, or none.

use super::gap;
use crate::text::classes::{Class, ScriptCounts, class_of, is_sign, row, script_id_of, spaceless_of};
use crate::text::decode::decode;
use crate::text::units::{Kind, ascii_kind};
use piepowder_bytes::{Classes, Kernels, PLANES, Pieces, plane};

/// Bits of a byte's classes. Letters take two, since two tables of sixteen entries tell only products of halves.
const LETTERS: u8 = 1;
const MORE_LETTERS: u8 = 1 << 1;
const DIGIT: u8 = 1 << 2;
/// `.` and `,`, which go on with a number between digits.
const DECIMAL: u8 = 1 << 3;
/// No ASCII.
const HIGH: u8 = 1 << 4;
/// Line feeds, and symbols that may stand for letters. With a line feed go three bytes that share halves with it; a look too many costs
/// time and no more.
const ODD: [u8; 3] = [1 << 5, 1 << 6, 1 << 7];

static CLASSES: Classes = {
    let mut of = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        of[byte] = match byte as u8 {
            b'a'..=b'o' | b'A'..=b'O' => LETTERS,
            b'p'..=b'z' | b'P'..=b'Z' => MORE_LETTERS,
            b'0'..=b'9' => DIGIT,
            b'.' | b',' => DECIMAL,
            0x80.. => HIGH,
            b'!' | b'$' | b'+' => ODD[0],
            b'\n' | b'@' | 0 => ODD[1],
            b'|' => ODD[2],
            _ => 0,
        };
        byte += 1;
    }
    // `J` is a letter already, so its halves may be those of an odd one.
    of[b'J' as usize] |= ODD[1];
    match Classes::new(&of) {
        Some(classes) => classes,
        None => panic!("two tables of sixteen entries tell these classes apart"),
    }
};

/// Every symbol that may stand for a letter is odd.
const _: () = {
    let mut byte = 0;
    while byte < 128 {
        let odd = CLASSES_OF_ODD & CLASSES.of(byte) != 0;
        assert!(odd || !matches!(ascii_kind(byte), Some(Kind::Symbol)) && byte != b'\n');
        byte += 1;
    }
};
const CLASSES_OF_ODD: u8 = ODD[0] | ODD[1] | ODD[2];

/// The masks of a surface, and what was seen while they were made. Buffers are kept from text to text.
#[derive(Clone, Debug, Default)]
pub(super) struct Cuts {
    /// The classes of the bytes, in the planes of `plane`.
    blocks: Vec<[u64; PLANES]>,
    /// Where letters of scripts with and without spaces meet.
    breaks: Vec<u64>,
    /// Pieces of one letter, or of one digit that is no ASCII, or more.
    pub(super) singles: u32,
    /// Whether there is something odd between pieces.
    pub(super) odd: bool,
    /// Whether there is a currency sign that is no ASCII.
    pub(super) sign: bool,
    /// Letters, by script. Those without a script of their own are not counted.
    pub(super) scripts: ScriptCounts,
}

impl Cuts {
    /// Finds the pieces of a surface. Links over gaps of two bytes and more are left to be looked at.
    pub(super) fn read(&mut self, kernels: &Kernels, surface: &[u8], pieces: &mut Pieces) {
        kernels.classes(&CLASSES, surface, &mut self.blocks);
        let (mut high, mut odd) = (0, 0);
        for block in &self.blocks {
            (high, odd) = (high | block[4], odd | block[5] | block[6] | block[7]);
        }
        self.odd = odd != 0;
        self.scripts.clear();
        self.breaks.clear();
        (self.singles, self.sign) = (0, false);
        let others = if high != 0 { self.place_others(surface) } else { 0 };
        kernels.pieces(surface, &mut self.blocks, &self.breaks, &gap::SINGLE, pieces);
        self.singles += pieces.singles;
        self.scripts.add(script_id_of(row('a')), pieces.letters - others);
    }

    /// Puts the characters that are no ASCII into the masks. How many bytes of letters that are.
    fn place_others(&mut self, surface: &[u8]) -> u32 {
        let mut bytes = 0;
        self.breaks.resize(self.blocks.len(), 0);
        // Where the last letters that are no ASCII ended, and whether they were of a script without spaces.
        let (mut last, mut spaceless) = (usize::MAX, false);
        let mut at = 0;
        while let Some(start) = self.next_high(at) {
            let (c, len, _) = decode(&surface[start..]);
            let kind = row(c);
            at = start + len;
            match class_of(kind) {
                Class::Letter => {
                    let mut letters = 1;
                    // Most letters stand beside others of their kind.
                    while surface.get(at).is_some_and(|byte| !byte.is_ascii()) {
                        let (c, len, _) = decode(&surface[at..]);
                        if row(c) != kind {
                            break;
                        }
                        letters += 1;
                        at += len;
                    }
                    if script_id_of(kind) != 0 {
                        self.scripts.add(script_id_of(kind), letters);
                    }
                    self.singles += u32::from(letters == 1);
                    let own = spaceless_of(kind);
                    let before = start.checked_sub(1).is_some_and(|before| self.has(0, before) || self.has(1, before));
                    if before && own != (start == last && spaceless) {
                        self.breaks[start / 64] |= 1 << (start % 64);
                    }
                    if own && surface.get(at).is_some_and(u8::is_ascii_alphabetic) {
                        self.breaks[at / 64] |= 1 << (at % 64);
                    }
                    self.fill(0, start, at);
                    bytes += (at - start) as u32;
                    (last, spaceless) = (at, own);
                }
                Class::Digit => {
                    // Whoever looks for words sees a letter in it.
                    self.singles += 1;
                    self.fill(2, start, at);
                }
                _ => self.sign |= is_sign(kind),
            }
        }
        bytes
    }

    /// The first byte from a place on that is no ASCII.
    fn next_high(&self, at: usize) -> Option<usize> {
        let mut block = at / 64;
        let mut left = self.blocks.get(block)?[4] >> (at % 64) << (at % 64);
        while left == 0 {
            block += 1;
            left = self.blocks.get(block)?[4];
        }
        Some(block * 64 + left.trailing_zeros() as usize)
    }

    /// Puts the bytes from a start to an end, which are not none, into a set.
    fn fill(&mut self, plane: usize, start: usize, end: usize) {
        let (first, last) = (start / 64, (end - 1) / 64);
        let (from, to) = (u64::MAX << (start % 64), u64::MAX >> (63 - (end - 1) % 64));
        if first == last {
            self.blocks[first][plane] |= from & to;
            return;
        }
        self.blocks[first][plane] |= from;
        self.blocks[first + 1..last].iter_mut().for_each(|block| block[plane] = u64::MAX);
        self.blocks[last][plane] |= to;
    }

    fn has(&self, plane: usize, at: usize) -> bool {
        self.blocks[at / 64][plane] >> (at % 64) & 1 == 1
    }

    /// Where a piece begins or ends beside another one, or beside something odd, in order.
    pub(super) fn beside(&self) -> impl Iterator<Item = usize> {
        self.blocks.iter().enumerate().filter(|(_, block)| block[plane::BESIDE] != 0).flat_map(|(at, block)| {
            let mut left = block[plane::BESIDE];
            core::iter::from_fn(move || {
                let bit = (left != 0).then(|| left.trailing_zeros() as usize);
                left &= left.wrapping_sub(1);
                bit.map(|bit| at * 64 + bit)
            })
        })
    }
}
