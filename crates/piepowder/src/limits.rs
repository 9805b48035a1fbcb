//! Caps on work and memory, and the flags that say what a reader should know of the input. A cap truncates and sets a flag; it is never
//! an error, and the flag is never silent.
//! Invariant: limits are part of the engine's digest, for they can change a score.

use core::fmt;

/// Most offenses that an engine weighs: evidence carries its weights inline, so that a listing allocates nothing.
pub(crate) const MAX_OFFENSES: usize = 16;

/// Caps on what one listing may cost. All have defaults; the setters return the changed value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    field_bytes: u32,
    rule_matches: u32,
    evidence: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { field_bytes: 262_144, rule_matches: 64, evidence: 4_096 }
    }
}

impl Limits {
    /// The default limits.
    pub fn new() -> Self {
        Self::default()
    }

    /// Longest text of a field that is read, in bytes (default 262,144; at most 16 MiB). More is cut, with the flag `truncated`.
    pub fn with_field_bytes(mut self, bytes: u32) -> Self {
        self.field_bytes = bytes.clamp(16, 1 << 24);
        self
    }

    /// Most matches of one rule that are kept (default 64). More set the flag `matches_capped`, and the rule cannot be excused.
    pub fn with_rule_matches(mut self, matches: u32) -> Self {
        self.rule_matches = matches.clamp(1, 4_096);
        self
    }

    /// Most rules that are weighed (default and most 4,096, so that an `i32` cannot overflow). More set the flag `evidence_capped`.
    pub fn with_evidence(mut self, rules: u32) -> Self {
        self.evidence = rules.clamp(1, 4_096);
        self
    }

    /// Longest text of a field that is read, in bytes.
    pub fn field_bytes(&self) -> u32 {
        self.field_bytes
    }

    /// Most matches of one rule that are kept.
    pub fn rule_matches(&self) -> u32 {
        self.rule_matches
    }

    /// Most rules that are weighed.
    pub fn evidence(&self) -> u32 {
        self.evidence
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
    /// The source's last line had no line feed; set by readers, never by the engine.
    pub const NO_FINAL_NEWLINE: Flags = Flags(1 << 5);

    const NAMES: [(Flags, &'static str); 6] = [
        (Flags::TRUNCATED, "text.truncated"),
        (Flags::INVALID_ENCODING, "text.invalid_encoding"),
        (Flags::MATCHES_CAPPED, "matches.capped"),
        (Flags::EVIDENCE_CAPPED, "evidence.capped"),
        (Flags::PRICE_UNREADABLE, "price.unreadable"),
        (Flags::NO_FINAL_NEWLINE, "source.no_final_newline"),
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

#[cfg(feature = "serde")]
impl serde::Serialize for Flags {
    /// As the list of its names.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.names())
    }
}

impl fmt::Debug for Flags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.names()).finish()
    }
}
