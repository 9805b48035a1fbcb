//! The result: decision, scores, evidence, coverage, flags. Reusable (a scratch fills the same one again), comparable (equality is the
//! test of determinism), and written by the one JSON writer. Invariant: it holds no text; spans point into the listing.

mod json;

pub use json::{Detail, JsonOptions, Reveal};
pub(crate) use json::{masked_text, string};

use crate::compile::Catalog;
use crate::evidence::Evidence;
use crate::id::{Digest, FieldId, OffenseId};
use crate::policy::{Decision, Policy};
use crate::score::{GroupNet, Score};
use crate::span::Span;
use core::fmt;
use std::sync::Arc;

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

impl fmt::Debug for Flags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.names()).finish()
    }
}

/// The result for one listing.
///
/// Cloning keeps it beyond the scratch that made it. Two assessments are equal when everything that could be written of them is.
#[derive(Clone, Debug)]
pub struct Assessment {
    pub(crate) catalog: Arc<Catalog>,
    pub(crate) policy: Arc<Policy>,
    pub(crate) digest: Digest,
    pub(crate) decision: Decision,
    pub(crate) scores: Vec<(OffenseId, Score)>,
    pub(crate) tiers: Vec<usize>,
    pub(crate) nets: Vec<GroupNet>,
    pub(crate) evidence: Vec<Evidence>,
    pub(crate) spans: Vec<(FieldId, Span)>,
    pub(crate) coverage: Coverage,
    pub(crate) flags: Flags,
}

impl PartialEq for Assessment {
    fn eq(&self, other: &Self) -> bool {
        // The digest stands for catalog and policy.
        (self.digest, &self.decision, &self.scores, &self.tiers, &self.nets)
            == (other.digest, &other.decision, &other.scores, &other.tiers, &other.nets)
            && (&self.evidence, &self.spans, self.coverage, self.flags) == (&other.evidence, &other.spans, other.coverage, other.flags)
    }
}

impl Eq for Assessment {}

impl Assessment {
    /// What the policy recommends, and why.
    pub fn decision(&self) -> &Decision {
        &self.decision
    }

    /// The score of every offense, in taxonomy order.
    pub fn offenses(&self) -> &[(OffenseId, Score)] {
        &self.scores
    }

    /// The tier that an offense reached by itself.
    pub fn tier_of(&self, offense: OffenseId) -> &str {
        self.policy.tiers()[self.tiers[offense.index()]].name()
    }

    /// Nets above zero, by group and offense; of signal groups only those that count.
    pub fn groups(&self) -> &[GroupNet] {
        &self.nets
    }

    /// The lines of evidence in reading order. Prior plus their weights is the score, for every offense.
    pub fn evidence(&self) -> &[Evidence] {
        &self.evidence
    }

    /// The other matches of a line of this assessment.
    pub fn other_spans(&self, line: &Evidence) -> &[(FieldId, Span)] {
        self.spans.get(line.others.0 as usize..line.others.1 as usize).unwrap_or_default()
    }

    /// How much the packs could read.
    pub fn coverage(&self) -> Coverage {
        self.coverage
    }

    /// What a reader should know of the input.
    pub fn flags(&self) -> Flags {
        self.flags
    }

    /// Digest of the engine that made it: the same digest and listing give the same bytes.
    pub fn engine_digest(&self) -> Digest {
        self.digest
    }
}
