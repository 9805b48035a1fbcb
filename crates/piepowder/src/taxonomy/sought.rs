//! What a rule looks for beside terms, and when that counts: patterns with their triggers, ranges of quantities and money, what must be near,
//! conditions on fields, what an excuse takes back. Plain data, as packs say it. No checks: the loader makes them.

use super::words::{Dimension, NearScope, Scope, View};
use crate::diagnostic::Origin;

/// Where a pattern is tried.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Trigger {
    /// Where this word begins.
    Word(String),
    /// Where a number begins.
    Digit,
    /// Where 12 or more digits begin.
    Digits12,
    /// Where 26 to 110 base58 characters begin.
    Base58,
    /// Where 32, 40 or 64 hexadecimal digits begin.
    Hex,
    /// Where a token begins that holds or precedes an `@`.
    At,
    /// At a currency sign before a token.
    Currency,
}

impl Trigger {
    /// The word, or the name of the shape.
    pub(crate) fn word(&self) -> &str {
        match self {
            Trigger::Word(word) => word,
            Trigger::Digit => "#digit",
            Trigger::Digits12 => "#digits12",
            Trigger::Base58 => "#base58",
            Trigger::Hex => "#hex",
            Trigger::At => "#at",
            Trigger::Currency => "#currency",
        }
    }
}

/// A regular expression with its triggers.
#[derive(Clone, Debug)]
pub struct Pattern {
    pub(crate) regex: String,
    pub(crate) triggers: Vec<Trigger>,
    pub(crate) view: View,
    pub(crate) origin: Origin,
}

impl Pattern {
    /// The expression, as written.
    pub fn regex(&self) -> &str {
        &self.regex
    }
    /// Where it is tried: words, and shapes such as `#digit`, as packs write them.
    pub fn triggers(&self) -> impl ExactSizeIterator<Item = &str> {
        self.triggers.iter().map(Trigger::word)
    }
    /// Whether it reads the bytes as handed in; otherwise it reads the surface.
    pub fn reads_original(&self) -> bool {
        self.view == View::Original
    }
}

/// A range of typed quantities. Amounts are in the dimension's base unit (microgram, microliter, millionths).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuantityRange {
    pub(crate) dimension: Dimension,
    pub(crate) min: i64,
    pub(crate) max: i64,
    pub(crate) units: Vec<String>,
    pub(crate) times_min: u32,
}

impl QuantityRange {
    /// The dimension.
    pub fn dimension(&self) -> Dimension {
        self.dimension
    }
    /// Least amount, inclusive.
    pub fn min(&self) -> i64 {
        self.min
    }
    /// Greatest amount, inclusive.
    pub fn max(&self) -> i64 {
        self.max
    }
    /// Canonical units; empty means any of the dimension.
    pub fn units(&self) -> &[String] {
        &self.units
    }
    /// Least multiplier.
    pub fn times_min(&self) -> u32 {
        self.times_min
    }
}

/// A range of prices in the text, in millionths of the currency's unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MoneyRange {
    pub(crate) currencies: Vec<String>,
    pub(crate) min: i64,
    pub(crate) max: i64,
}

impl MoneyRange {
    /// Codes such as `EUR`, `BTC`; empty means any.
    pub fn currencies(&self) -> &[String] {
        &self.currencies
    }
    /// Least amount, inclusive, in millionths.
    pub fn min(&self) -> i64 {
        self.min
    }
    /// Greatest amount, inclusive, in millionths.
    pub fn max(&self) -> i64 {
        self.max
    }
}

/// What must be matched near a match for it to count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Near {
    pub(crate) any: Vec<String>,
    pub(crate) within: u32,
    pub(crate) scope: NearScope,
}

/// The test of a condition on a field. Numbers are in millionths.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Test {
    /// The folded text equals one of these, folded.
    AnyOf(Vec<String>),
    /// The number is less; if a currency is named, the listing's currency is that.
    Below(i64, Option<String>),
    /// The number is greater; if a currency is named, the listing's currency is that.
    Above(i64, Option<String>),
    /// The field is there (or, when false, is absent or empty).
    Present(bool),
}

/// A condition on a typed field of the listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Condition {
    pub(crate) field: String,
    pub(crate) test: Test,
}

/// What an excuse takes back, and how far it reaches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excuse {
    pub(crate) groups: Vec<String>,
    pub(crate) within: u32,
    pub(crate) scope: Scope,
}

impl Excuse {
    /// Keys of groups, or prefixes written `prefix.*`.
    pub fn groups(&self) -> &[String] {
        &self.groups
    }
    /// Greatest distance, in pieces; none when it reaches over the whole field where it stands.
    pub fn within(&self) -> Option<u32> {
        (self.scope == Scope::Near).then_some(self.within)
    }
    /// Whether it reaches over the listing's other fields, too.
    pub fn is_across_fields(&self) -> bool {
        self.scope == Scope::Listing
    }

    /// Whether the excuse names this group.
    pub fn names(&self, group: &str) -> bool {
        self.groups.iter().any(|g| match g.strip_suffix(".*") {
            Some(prefix) => group.strip_prefix(prefix).is_some_and(|rest| rest.starts_with('.')),
            None => g == group,
        })
    }
}
