//! The pieces of a text from the classes of its bytes: where each begins and ends, its hash, and how it hangs on the one before, in one pass
//! over masks. It does not know what characters are, nor what words mean: who asks has put what is no ASCII into the masks.
//! Invariant: pieces are in order and do not overlap.

use crate::block::{Block, WIDTH, load};
use crate::classes::PLANES;
use crate::hash::hash_in;

/// How a piece hangs on the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Link {
    /// Nothing between.
    None,
    /// Exactly one joiner between.
    Joined,
    /// Spaces, joiners, soft characters between.
    Spaced,
    /// A sentence end, a stop, a blank line, or the start of the text.
    Broken,
}

/// A run of letters, or a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Bytes of the text.
    pub start: u32,
    /// One past the last.
    pub end: u32,
    /// Hash of its text ([`crate::hash()`]).
    pub hash: u64,
    /// Link to the piece before; `Broken` for the first.
    pub link: Link,
    /// Whether it is a number.
    pub number: bool,
}

impl Piece {
    /// The bytes of the text, for slicing.
    #[inline]
    pub const fn range(&self) -> core::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// What the planes of blocks say, as [`crate::Kernels::classes`] makes them.
pub mod plane {
    /// Letters take two planes, since two tables of sixteen entries tell only products of halves.
    pub const LETTERS: [usize; 2] = [0, 1];
    /// Digits.
    pub const DIGITS: usize = 2;
    /// What goes on with a number between digits.
    pub const DECIMAL: usize = 3;
    /// Whatever is asked for where it stands beside a piece.
    pub const ODD: [usize; 3] = [5, 6, 7];
    /// In the end: where a piece begins or ends beside another one, or beside something odd.
    pub const BESIDE: usize = 5;
}

/// The pieces of a text, and what is known of them. Buffers are kept from text to text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pieces {
    /// All pieces, in order. Over a gap of two bytes or more the link is `Spaced` until somebody has looked at it.
    pub list: Vec<Piece>,
    /// Numbers of the pieces that hang on the one before: links none and joined.
    pub hanging: Vec<u32>,
    /// Numbers of the pieces behind a gap of two bytes or more, and of the first one.
    pub wide: Vec<u32>,
    /// Numbers of the pieces that are numbers.
    pub numbers: Vec<u32>,
    /// Bytes of the longest piece.
    pub longest: u32,
    /// Bits of letters.
    pub letters: u32,
    /// Pieces of one byte that is a letter.
    pub singles: u32,
}

/// Most pieces that begin, or end, in a block.
const MOST: usize = WIDTH;

/// Places are stored so many at a time: how many there are in a mask is not guessed for each.
const STEP: usize = 4;

/// The masks of a block that its pieces are found by.
struct Masks {
    begins: u64,
    ends: u64,
    numbers: u64,
    /// Where a piece begins behind a byte that is no space, or behind more than a byte, or where a number begins.
    special: u64,
}

#[inline(always)]
pub(crate) fn pieces<B: Block>(text: &[u8], blocks: &mut [[u64; PLANES]], parted: &[u64], gaps: &[Link; 256], out: &mut Pieces) {
    let Pieces { list, hanging, wide, numbers, .. } = out;
    list.clear();
    hanging.clear();
    wide.clear();
    numbers.clear();
    let (mut all_letters, mut singles) = (0, 0);
    // The last bit of the block before, for letters, digits, numbers, odd bytes, letters with which a piece begins, ends, and spaces.
    let (mut letter, mut digit, mut number, mut odd, mut alone, mut end, mut space) = (0, 0, 0, 0, 0, 0, 0);
    let mut ended = 0;
    for at in 0..blocks.len() {
        // Of the block behind the text only what goes on into it is asked for.
        if at * WIDTH >= text.len() && letter | number == 0 {
            break;
        }
        let next_digit = blocks.get(at + 1).map_or(0, |next| next[plane::DIGITS] & 1);
        let block = &mut blocks[at];
        let [letters, more, digits, decimals, _, odds @ ..] = *block;
        let (letters, odds) = (letters | more, odds[0] | odds[1] | odds[2]);
        let in_numbers = digits | decimals & (digits << 1 | digit) & (digits >> 1 | next_digit << 63);
        let part = parted.get(at).copied().unwrap_or(0);
        let (before_letters, before_numbers) = (letters << 1 | letter, in_numbers << 1 | number);
        let letters_begin = letters & (!before_letters | part);
        let numbers_begin = in_numbers & !before_numbers;
        let begins = letters_begin | numbers_begin;
        let ends = before_letters & (!letters | part) | before_numbers & !in_numbers;
        block[plane::BESIDE] = begins & (ends | odds << 1 | odd) | ends & odds;
        singles += (ends & (letters_begin << 1 | alone)).count_ones();
        all_letters += letters.count_ones();
        let spaces = if at * WIDTH < text.len() { load::<B>(text, at * WIDTH).equals(b' ') } else { 0 };
        let behind_space = (ends << 1 | end) & (spaces << 1 | space);
        let masks = Masks { begins, ends, numbers: numbers_begin, special: begins & !(behind_space & !ends) | numbers_begin };
        (letter, digit, number, odd) = (letters >> 63, digits >> 63, in_numbers >> 63, odds >> 63);
        (alone, end, space) = (letters_begin >> 63, ends >> 63, spaces >> 63);

        let (base, from) = ((at * WIDTH) as u32, list.len());
        store(&masks, base, list, &mut ended);
        let mut left = masks.special;
        while left != 0 {
            let bit = left.trailing_zeros();
            left &= left - 1;
            let own = from + (begins & ((1 << bit) - 1)).count_ones() as usize;
            // The end of the piece before is known: it is not behind this one's start.
            let before = own.checked_sub(1).map(|before| list[before].end);
            let start = base + bit;
            let link = match before {
                Some(before) if before == start => Link::None,
                Some(before) if before + 1 == start => gaps[usize::from(text[before as usize])],
                _ => {
                    wide.push(own as u32);
                    Link::Spaced
                }
            };
            list[own].link = link;
            if link <= Link::Joined {
                hanging.push(own as u32);
            }
            if masks.numbers >> bit & 1 == 1 {
                list[own].number = true;
                numbers.push(own as u32);
            }
        }
    }
    let mut longest = 0;
    for piece in list.iter_mut() {
        longest = longest.max(piece.end.wrapping_sub(piece.start));
        piece.hash = hash_in(text, piece.start as usize, piece.end as usize);
    }
    (out.longest, out.letters, out.singles) = (longest, all_letters, singles);
}

/// Appends the pieces that begin in a block, behind a space and without hashes, and stores the ends that are in it, of which `ended` are
/// known.
///
/// # Panics
/// When there are more ends than begins.
#[inline(always)]
fn store(masks: &Masks, base: u32, list: &mut Vec<Piece>, ended: &mut usize) {
    let (from, begins, ends) = (list.len(), masks.begins.count_ones() as usize, masks.ends.count_ones() as usize);
    assert!(*ended + ends <= from + begins, "what ends has begun");
    // Room for whole steps: the last ones are stored whole, too.
    list.reserve(MOST + STEP);
    let first = list.as_mut_ptr();
    let (mut left, mut stored) = (masks.begins, 0);
    while stored < begins {
        for number in stored..stored + STEP {
            // Behind the last bit this stores what the next block overwrites.
            let piece = Piece { start: base + left.trailing_zeros(), end: 0, hash: 0, link: Link::Spaced, number: false };
            // SAFETY: `number` is less than `MOST + STEP`, and so many were reserved behind the first `from`.
            unsafe { first.add(from + number).write(piece) };
            left &= left.wrapping_sub(1);
        }
        stored += STEP;
    }
    let (mut left, mut stored) = (masks.ends, 0);
    while stored < ends {
        for number in stored..stored + STEP {
            // SAFETY: `*ended + ends` is at most `from + begins`, so that `*ended + number` is less than `from + begins + STEP`, for which
            // room was reserved. The field of a piece that is no piece yet is written and not read.
            unsafe { (&raw mut (*first.add(*ended + number)).end).write(base + left.trailing_zeros()) };
            left &= left.wrapping_sub(1);
        }
        stored += STEP;
    }
    // SAFETY: the first loop wrote `begins` pieces or more, one behind another from `from` on.
    unsafe { list.set_len(from + begins) };
    *ended += ends;
}

#[cfg(test)]
mod tests {
    use super::{Link, Piece, Pieces};
    use crate::{Classes, Kernels, PLANES, hash};
    use proptest::prelude::*;

    /// What stands alone as any other byte is stop.
    fn gaps() -> [Link; 256] {
        core::array::from_fn(|byte| match byte as u8 {
            b'-' | b'.' => Link::Joined,
            b' ' => Link::Spaced,
            _ => Link::Broken,
        })
    }

    fn sets() -> [u8; 256] {
        core::array::from_fn(|byte| match byte as u8 {
            b'a'..=b'o' => 1,
            b'p'..=b'z' => 1 << 1,
            b'0'..=b'9' => 1 << 2,
            b'.' | b',' => 1 << 3,
            b'$' => 1 << 5,
            b'|' => 1 << 7,
            _ => 0,
        })
    }

    /// Pieces byte by byte; `parted` are the places where letters are cut.
    fn one_by_one(text: &[u8], parted: &[u64]) -> Pieces {
        let digit = |at: usize| text.get(at).is_some_and(u8::is_ascii_digit);
        let number = |at: usize| digit(at) || matches!(text.get(at), Some(b'.' | b',')) && at > 0 && digit(at - 1) && digit(at + 1);
        let letter = |at: usize| text.get(at).is_some_and(u8::is_ascii_lowercase);
        let cut = |at: usize| parted.get(at / 64).is_some_and(|mask| mask >> (at % 64) & 1 == 1);
        let mut found = Pieces::default();
        let mut at = 0;
        while at < text.len() {
            let mut end = at + 1;
            match (letter(at), number(at)) {
                (true, _) => end += (end..).take_while(|at| letter(*at) && !cut(*at)).count(),
                (_, true) => end += (end..).take_while(|at| number(*at)).count(),
                _ => {
                    at += 1;
                    continue;
                }
            }
            let own = found.list.len() as u32;
            let gap = found.list.last().map(|before| &text[before.end as usize..at]);
            let link = match gap {
                Some([]) => Link::None,
                Some([one]) => gaps()[usize::from(*one)],
                _ => Link::Spaced,
            };
            if gap.is_none_or(|gap| gap.len() > 1) {
                found.wide.push(own);
            } else if link <= Link::Joined {
                found.hanging.push(own);
            }
            if number(at) {
                found.numbers.push(own);
            }
            found.list.push(Piece { start: at as u32, end: end as u32, hash: hash(&text[at..end]), link, number: number(at) });
            found.longest = found.longest.max((end - at) as u32);
            found.singles += u32::from(letter(at) && end == at + 1);
            found.letters += if letter(at) { (end - at) as u32 } else { 0 };
            at = end;
        }
        found
    }

    /// Where a piece begins or ends beside another one or beside something odd.
    fn beside(text: &[u8], pieces: &[Piece]) -> Vec<usize> {
        let odd = |at: Option<usize>| at.and_then(|at| text.get(at)).is_some_and(|byte| matches!(byte, b'$' | b'|'));
        let ends = |at: usize| pieces.iter().any(|p| p.end as usize == at);
        let begins = |at: usize| pieces.iter().any(|p| p.start as usize == at);
        (0..=text.len()).filter(|at| begins(*at) && (ends(*at) || odd(at.checked_sub(1))) || ends(*at) && odd(Some(*at))).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn every_set_finds_the_pieces_that_are_there(
            parts in prop::collection::vec(prop::sample::select(vec![
                "a", "pay", "zebra", "shipping", "internationalisation", "1", "10", "2.5", ".", ",", "-", " ", "  ", " - ", "$", "|", "!",
            ]), 0..90),
            parted in prop::collection::vec(prop_oneof![Just(0), any::<u64>(), any::<u64>().prop_map(|m| m & m << 7 & m >> 9)], 0..4),
        ) {
            let text = parts.concat().into_bytes();
            let classes = Classes::new(&sets()).expect("the tables tell them apart");
            let expected = one_by_one(&text, &parted);
            let mut found = Pieces::default();
            for kernels in Kernels::all() {
                let mut blocks: Vec<[u64; PLANES]> = Vec::new();
                kernels.classes(&classes, &text, &mut blocks);
                kernels.pieces(&text, &mut blocks, &parted, &gaps(), &mut found);
                prop_assert_eq!(&found.list, &expected.list, "{:?}", kernels);
                prop_assert_eq!((&found.hanging, &found.wide, &found.numbers), (&expected.hanging, &expected.wide, &expected.numbers));
                prop_assert_eq!((found.longest, found.letters, found.singles), (expected.longest, expected.letters, expected.singles));
                let places: Vec<usize> = (0..blocks.len() * 64).filter(|at| blocks[at / 64][super::plane::BESIDE] >> (at % 64) & 1 == 1).collect();
                prop_assert_eq!(places, beside(&text, &expected.list));
            }
        }

        /// Whatever the masks are, nothing is read or written where it must not be; some are refused.
        #[test]
        fn any_masks_are_safe(masks in prop::collection::vec(any::<[u64; PLANES]>(), 0..4), parted in prop::collection::vec(any::<u64>(), 0..4), length in 0usize..256) {
            let text = vec![b'a'; length];
            for kernels in Kernels::all() {
                let (mut blocks, text, parted) = (masks.clone(), text.clone(), parted.clone());
                let found = std::panic::catch_unwind(move || {
                    let mut found = Pieces::default();
                    kernels.pieces(&text, &mut blocks, &parted, &gaps(), &mut found);
                    found
                });
                prop_assert!(found.is_err() || found.is_ok_and(|found| found.list.iter().all(|p| p.start <= p.end && p.end as usize <= length)));
            }
        }
    }
}
