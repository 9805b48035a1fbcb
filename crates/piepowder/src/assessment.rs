//! The result: decision, scores, evidence, coverage, flags. Reusable (a scratch fills the same one again), comparable (equality is the
//! test of determinism), and written by the one JSON writer. Invariant: it holds no text; spans point into the listing.

use core::fmt;

/// How much of a listing's language and script the loaded packs can read. *Unread is not clear.*
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Coverage {
    /// The packs read it.
    #[default]
    Full,
    /// Parts are in a script or a language that no pack reads.
    Partial,
    /// Most letters are in scripts that no pack reads.
    None,
    /// No letter and no digit in title and description.
    Empty,
}

impl Coverage {
    /// The word in files.
    pub const fn word(self) -> &'static str {
        match self {
            Coverage::Full => "full",
            Coverage::Partial => "partial",
            Coverage::None => "none",
            Coverage::Empty => "empty",
        }
    }
}

/// What a reader of the result should know of the input: a small set.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Flags(u16);

impl Flags {
    /// No flag.
    pub const NONE: Flags = Flags(0);
    /// A text was longer than the limit and was cut.
    pub const TRUNCATED: Flags = Flags(1);
    /// A text held bytes that are not UTF-8.
    pub const INVALID_ENCODING: Flags = Flags(1 << 1);
    /// A rule matched more often than is kept.
    pub const MATCHES_CAPPED: Flags = Flags(1 << 2);
    /// More rules matched than are weighed.
    pub const EVIDENCE_CAPPED: Flags = Flags(1 << 3);
    /// The price is there and is no decimal number.
    pub const PRICE_UNREADABLE: Flags = Flags(1 << 4);

    const NAMES: [(Flags, &'static str); 5] = [
        (Flags::TRUNCATED, "text.truncated"),
        (Flags::INVALID_ENCODING, "text.invalid_encoding"),
        (Flags::MATCHES_CAPPED, "matches.capped"),
        (Flags::EVIDENCE_CAPPED, "evidence.capped"),
        (Flags::PRICE_UNREADABLE, "price.unreadable"),
    ];

    /// Both sets together.
    pub const fn union(self, other: Flags) -> Flags {
        Flags(self.0 | other.0)
    }

    /// Whether all of `other` is in this set.
    pub const fn contains(self, other: Flags) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether the set is empty.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Names in files, in fixed order.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        Self::NAMES.into_iter().filter(move |(t, _)| self.contains(*t)).map(|(_, n)| n)
    }
}

impl fmt::Debug for Flags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.names()).finish()
    }
}
