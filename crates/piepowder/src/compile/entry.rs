//! What the matcher finds under the hash of a token, or of two tokens beside one another. Plain data. Invariant: an entry names the bytes
//! that prove it, since hashes can meet.

use crate::bytes::{Fixed, fixed_pair};

/// What stands under a hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Entry {
    /// Under a piece: a term of that one piece.
    Word(u32),
    /// Under two pieces beside one another: a term of two pieces or more, and how many of its pieces stand before the two.
    Pair { phrase: u32, before: u32 },
    /// Under a joined text, or a piece that is a cluster by itself: a term of more or fewer pieces, and its joined bytes.
    Joined { phrase: u32, start: u32, len: u32 },
    /// Under a piece or a joined text: a word of one piece that triggers patterns, and its bytes.
    Trigger { trigger: u32, start: u32, len: u32 },
    /// Under a joined text: words of more pieces that trigger patterns, and their joined bytes.
    JoinedTrigger { trigger: u32, start: u32, len: u32 },
    /// Under a piece: a function word of a language, and its bytes.
    Language { language: u16, start: u32, len: u32 },
}

fixed_pair!(u32 = 4, Entry = 12);

/// The kind of an entry is in the highest bits of its first number.
const KIND: u32 = 29;

impl Fixed<12> for Entry {
    #[inline]
    fn to_bytes(self) -> [u8; 12] {
        let (kind, [first, second, third]) = match self {
            Entry::Word(phrase) => (0, [phrase, 0, 0]),
            Entry::Pair { phrase, before } => (1, [phrase, before, 0]),
            Entry::Joined { phrase, start, len } => (2, [phrase, start, len]),
            Entry::Trigger { trigger, start, len } => (3, [trigger, start, len]),
            Entry::JoinedTrigger { trigger, start, len } => (4, [trigger, start, len]),
            Entry::Language { language, start, len } => (5, [language.into(), start, len]),
        };
        let all = u128::from(kind << KIND | first) | u128::from(second) << 32 | u128::from(third) << 64;
        all.to_le_bytes().first_chunk().copied().unwrap_or_default()
    }

    #[inline]
    fn of_bytes(bytes: &[u8; 12]) -> Self {
        let number = |at: usize| bytes[at..].first_chunk().map_or(0, |bytes| u32::from_le_bytes(*bytes));
        let (first, second, third) = (number(0), number(4), number(8));
        let (kind, first) = (first >> KIND, first & ((1 << KIND) - 1));
        match kind {
            0 => Entry::Word(first),
            1 => Entry::Pair { phrase: first, before: second },
            2 => Entry::Joined { phrase: first, start: second, len: third },
            3 => Entry::Trigger { trigger: first, start: second, len: third },
            4 => Entry::JoinedTrigger { trigger: first, start: second, len: third },
            _ => Entry::Language { language: first as u16, start: second, len: third },
        }
    }
}
