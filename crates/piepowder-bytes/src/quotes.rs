//! Where strings begin and end: positions of the quotes and of the escapes of a text in which a backslash takes its meaning from the
//! next byte, such as JSON. It goes through the text in windows, so that the positions of a long text never exist as a whole. What the
//! quotes enclose is not its business: a reader that stands at a quote outside a string finds the string's end as the next position, and
//! all other structure it sees in the bytes themselves.
//!
//! Brackets, colons and commas are left out: a reader finds each of them at the byte behind what it has just read, so that their positions
//! would tell it nothing, and they are more than the quotes.
//!
//! Invariant: a backslash is in `escapes` when an even number of backslashes ends before it, and the byte that follows such a one, be it
//! a quote or a backslash, is in neither list.

use crate::block::{Block, WIDTH, load};

/// Bytes of a window.
const WINDOW: usize = 4_096;
/// Positions are stored so many at a time: how many there are in a block is not guessed for each.
const STEP: usize = 8;
/// Stands behind the last position; no text is that long.
const END: u32 = u32::MAX;

/// The positions of one window of a text, and where the next one begins. Reusable.
#[derive(Clone, Debug)]
pub struct Quotes {
    quotes: Box<[u32; WINDOW + STEP]>,
    escapes: Box<[u32; WINDOW / 2 + STEP]>,
    /// Bytes of the text that were gone through.
    until: usize,
    /// Bit 0 says whether the next byte is escaped.
    escaped: u64,
}

impl Default for Quotes {
    fn default() -> Self {
        let mut index = Quotes { quotes: Box::new([0; WINDOW + STEP]), escapes: Box::new([0; WINDOW / 2 + STEP]), until: 0, escaped: 0 };
        index.start();
        index
    }
}

impl Quotes {
    /// Makes ready for another text: nothing is gone through, and there are no positions.
    #[inline]
    pub fn start(&mut self) {
        (self.until, self.escaped) = (0, 0);
        (self.quotes[0], self.escapes[0]) = (END, END);
    }

    /// The position of the window's quote of this number, from 0 on; `u32::MAX` behind the last one, where no more may be asked for.
    #[inline(always)]
    pub fn quote(&self, number: usize) -> u32 {
        self.quotes.get(number).copied().unwrap_or(END)
    }

    /// The position of the window's backslash of this number among those that begin an escape; `u32::MAX` behind the last one, where no
    /// more may be asked for.
    #[inline(always)]
    pub fn escape(&self, number: usize) -> u32 {
        self.escapes.get(number).copied().unwrap_or(END)
    }

    /// Bytes of the text up to the end of the window.
    #[inline]
    pub fn until(&self) -> usize {
        self.until
    }
}

/// The next window of the text that is the first `length` bytes of `text`.
#[inline(always)]
pub(crate) fn quotes<B: Block>(text: &[u8], length: usize, index: &mut Quotes) {
    let (mut at, mut escaped) = (index.until, index.escaped);
    let end = length.min(text.len()).min(at + WINDOW);
    let (mut quotes, mut escapes) = (0, 0);
    while at < end {
        let block: B = load(text, at);
        let mut quote = block.equals(b'"') & !escaped;
        let mut backslash = block.equals(b'\\') & !escaped;
        escaped = 0;
        if end - at < WIDTH {
            let within = (1 << (end - at)) - 1;
            quote &= within;
            backslash &= within;
        }
        // One by one, for the position of each is wanted; prefix sums would find them all at once, and then they would be told apart.
        while backslash != 0 {
            let place = backslash.trailing_zeros();
            index.escapes[escapes] = at as u32 + place;
            escapes += 1;
            quote &= !(2 << place);
            backslash &= !(3 << place);
            escaped = u64::from(place == 63);
        }
        let count = quote.count_ones() as usize;
        let mut stored = 0;
        while stored < count {
            if let Some(step) = index.quotes[quotes + stored..].first_chunk_mut::<STEP>() {
                for position in step {
                    // Behind the last bit this stores what the next block overwrites.
                    *position = at as u32 + quote.trailing_zeros();
                    quote &= quote.wrapping_sub(1);
                }
            }
            stored += STEP;
        }
        quotes += count;
        at += WIDTH;
    }
    index.quotes[quotes] = END;
    index.escapes[escapes] = END;
    (index.until, index.escaped) = (end, escaped);
}

#[cfg(test)]
mod tests {
    use super::{END, Quotes, WINDOW};
    use crate::Kernels;
    use proptest::prelude::*;

    /// Byte by byte.
    fn expected(text: &[u8]) -> (Vec<u32>, Vec<u32>) {
        let (mut quotes, mut escapes, mut escaped) = (Vec::new(), Vec::new(), false);
        for (at, byte) in text.iter().enumerate() {
            match byte {
                _ if escaped => escaped = false,
                b'"' => quotes.push(at as u32),
                b'\\' => {
                    escapes.push(at as u32);
                    escaped = true;
                }
                _ => {}
            }
        }
        (quotes, escapes)
    }

    fn found(kernels: Kernels, text: &[u8], beyond: &[u8], index: &mut Quotes) -> (Vec<u32>, Vec<u32>) {
        let (mut quotes, mut escapes) = (Vec::new(), Vec::new());
        index.start();
        while index.until() < text.len() {
            kernels.quotes(beyond, text.len(), index);
            quotes.extend((0..).map(|number| index.quote(number)).take_while(|at| *at != END));
            escapes.extend((0..).map(|number| index.escape(number)).take_while(|at| *at != END));
        }
        (quotes, escapes)
    }

    fn check(text: &[u8]) {
        // The same index for all, for what is left of one text must not show in the next.
        let mut index = Quotes::default();
        for kernels in Kernels::all() {
            let found = |beyond: &[u8], index: &mut _| found(kernels, text, beyond, index);
            assert_eq!(found(text, &mut index), expected(text), "{kernels:?} {}", String::from_utf8_lossy(text));
            assert_eq!(found(&[text, b"\"\\\"x"].concat(), &mut index), expected(text), "{kernels:?} {}", String::from_utf8_lossy(text));
            assert_eq!(found(&[text, &[b'"'; 80]].concat(), &mut index), expected(text), "{kernels:?} {}", String::from_utf8_lossy(text));
        }
    }

    #[test]
    fn full_and_empty_windows() {
        for byte in *b"\"\\x" {
            for length in [0, 1, 63, 64, 65, WINDOW - 1, WINDOW, WINDOW + 1, 3 * WINDOW + 7] {
                check(&vec![byte; length]);
                // An escape that stands across the end of blocks and windows.
                check(&[b"x".to_vec(), vec![byte; length]].concat());
            }
        }
    }

    proptest! {
        #[test]
        fn every_set_finds_quotes_and_escapes(text in prop::collection::vec(prop::sample::select(b"\"\\x\n\x22\x5c\xff".to_vec()), 0..300), times in 1usize..40) {
            check(&text.repeat(times));
        }
    }
}
