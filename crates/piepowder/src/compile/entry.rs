//! What the matcher finds under the hash of a token, or of two tokens beside one another. Plain data. Invariant: an entry names the bytes
//! that prove it, since hashes can meet.

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
