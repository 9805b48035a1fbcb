//! Where pieces begin and end: masks of 64 bytes from the kernels, and what is not ASCII put into them character by character. It neither
//! hashes nor links. Invariant: starts and ends are as many, and each start's end is the one of the same number.

use crate::text::classes::{Class, class_of, row, spaceless_of};
use crate::text::decode::decode;
use crate::text::units::{Kind, ascii_kind};
use piepowder_bytes::{Classes, Kernels, PLANES};

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

/// Begins and ends of pieces. Buffers are kept from text to text.
#[derive(Clone, Debug, Default)]
pub(super) struct Cuts {
    blocks: Vec<[u64; PLANES]>,
    /// Where letters of scripts with and without spaces meet.
    breaks: Vec<u64>,
    /// Twice the place where a piece begins, and one if it is a number.
    pub(super) starts: Vec<u32>,
    pub(super) ends: Vec<u32>,
    /// Whether there is something odd between pieces.
    pub(super) odd: bool,
}

impl Cuts {
    /// Finds the pieces of a surface.
    pub(super) fn read(&mut self, kernels: &Kernels, surface: &[u8]) {
        kernels.classes(&CLASSES, surface, &mut self.blocks);
        self.starts.clear();
        self.ends.clear();
        let (high, odd) = self.blocks.iter().fold((0, 0), |(high, odd), b| (high | b[4], odd | b[5] | b[6] | b[7]));
        self.odd = odd != 0;
        self.breaks.clear();
        if high != 0 {
            self.place_others(surface);
        }
        self.find();
    }

    /// Puts the characters that are no ASCII into the masks.
    fn place_others(&mut self, surface: &[u8]) {
        self.breaks.resize(self.blocks.len(), 0);
        // Where the last character that is no ASCII ended, and whether it was a letter of a script without spaces.
        let (mut last, mut spaceless) = (usize::MAX, false);
        for block in 0..self.blocks.len() {
            let mut left = self.blocks[block][4];
            while left != 0 {
                let at = block * 64 + left.trailing_zeros() as usize;
                left &= left - 1;
                // A continuation of the character before.
                if last != usize::MAX && at < last {
                    continue;
                }
                let (c, len, _) = decode(&surface[at..]);
                let row = row(c);
                let end = at + len;
                match class_of(row) {
                    Class::Letter => {
                        let own = spaceless_of(row);
                        let before = at.checked_sub(1).is_some_and(|before| self.has(0, before) || self.has(1, before));
                        if before && own != (at == last && spaceless) {
                            self.breaks[block] |= 1 << (at % 64);
                        }
                        if own && surface.get(end).is_some_and(u8::is_ascii_alphabetic) {
                            self.breaks[end / 64] |= 1 << (end % 64);
                        }
                        (at..end).for_each(|at| self.blocks[at / 64][0] |= 1 << (at % 64));
                        spaceless = own;
                    }
                    Class::Digit => (at..end).for_each(|at| self.blocks[at / 64][2] |= 1 << (at % 64)),
                    _ => {}
                }
                last = end;
            }
        }
    }

    fn has(&self, plane: usize, at: usize) -> bool {
        self.blocks[at / 64][plane] >> (at % 64) & 1 == 1
    }

    /// Reads begins and ends off the masks.
    fn find(&mut self) {
        let Cuts { blocks, breaks, starts, ends, .. } = self;
        // The last bit of the block before, for letters, digits and numbers.
        let (mut letter, mut digit, mut number) = (0, 0, 0);
        for (at, block) in blocks.iter().enumerate() {
            let letters = block[0] | block[1];
            let digits = block[2];
            let next_digit = blocks.get(at + 1).map_or(0, |next| next[2] & 1);
            let numbers = digits | block[3] & (digits << 1 | digit) & (digits >> 1 | next_digit << 63);
            let parted = breaks.get(at).copied().unwrap_or(0);
            let (before_letters, before_numbers) = (letters << 1 | letter, numbers << 1 | number);
            let number_starts = numbers & !before_numbers;
            let all_starts = letters & (!before_letters | parted) | number_starts;
            let all_ends = before_letters & (!letters | parted) | before_numbers & !numbers;
            (letter, digit, number) = (letters >> 63, digits >> 63, numbers >> 63);
            let base = (at * 64) as u32;
            let mut left = all_starts;
            while left != 0 {
                let bit = left.trailing_zeros();
                starts.push((base + bit) << 1 | (number_starts >> bit & 1) as u32);
                left &= left - 1;
            }
            left = all_ends;
            while left != 0 {
                ends.push(base + left.trailing_zeros());
                left &= left - 1;
            }
        }
        debug_assert_eq!(starts.len(), ends.len());
    }
}
