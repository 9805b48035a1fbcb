//! What the matcher finds under the hash of a token. Plain data. Invariant: an entry names the bytes that prove it, since hashes can meet.

/// What begins at a piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Entry {
    /// A term: index of the phrase.
    Phrase(u32),
    /// A trigger word: index of the pattern, and of the word's bytes.
    Trigger { pattern: u32, start: u32, len: u32 },
    /// A function word of a language: its index, and of the word's bytes.
    Language { language: u16, start: u32, len: u32 },
}

/// What a cluster's joined text may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum JoinedEntry {
    /// A term of more or fewer pieces: index of its phrase, and of its joined bytes.
    Phrase { phrase: u32, start: u32, len: u32 },
    /// A trigger word: index of the pattern, and of the word's bytes.
    Trigger { pattern: u32, start: u32, len: u32 },
}
