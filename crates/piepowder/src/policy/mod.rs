//! What follows from a score: ordered tiers as data, the decision with its reason, a smallest set of groups that it rests on.
//! A policy recommends; it never removes. It sees scores, groups and elements, never positions or text.
//! Invariant: the tier of a listing is that of one of its offenses, or a floor that the policy sets for what could not be read.

mod coverage;
mod decide;
mod load;

pub use coverage::Coverage;
pub(crate) use coverage::coverage;
pub(crate) use decide::{Case, Deciding, decide};

use crate::evidence::Weight;
use crate::id::{Canon, GroupId, OffenseId};
use crate::taxonomy::Element;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A step of the scale, with what it takes to reach it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tier {
    name: Arc<str>,
    threshold: Weight,
    thresholds: BTreeMap<String, Weight>,
    groups: u32,
    elements: Vec<Vec<Element>>,
    person: bool,
}

impl Tier {
    /// The name, `review`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Least score for an offense, in centibans.
    pub fn threshold(&self, offense: &str) -> Weight {
        self.thresholds.get(offense).copied().unwrap_or(self.threshold)
    }

    /// How many independent groups must speak for the offense.
    pub fn groups(&self) -> u32 {
        self.groups
    }

    /// Elements that must be there: of each list, one.
    pub fn elements(&self) -> &[Vec<Element>] {
        &self.elements
    }

    /// Whether a person must look before anything is done.
    pub fn needs_person(&self) -> bool {
        self.person
    }
}

/// Tiers, floors and priors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    name: String,
    version: String,
    tiers: Vec<Tier>,
    prior: String,
    priors: BTreeMap<String, String>,
    truncated: usize,
    /// Floors for partial, none, empty.
    unread: [usize; 3],
}

impl Policy {
    /// The policy that is used when none is given: `clear`, `monitor`, `review`, `urgent`.
    ///
    /// # Panics
    /// Never: that the shipped policy loads is tested.
    pub fn standard() -> Policy {
        let source = crate::diagnostic::Source::new("standard.policy.toml", include_str!("standard.toml"));
        Policy::from_source(source).expect("the shipped policy is tested")
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its version.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The tiers, lowest first; the first is the floor.
    pub fn tiers(&self) -> &[Tier] {
        &self.tiers
    }

    /// The prior probability of an offense, as decimal text.
    pub fn prior(&self, offense: &str) -> &str {
        self.priors.get(offense).unwrap_or(&self.prior)
    }

    /// Keys of the offenses that the policy names, for their priors or thresholds.
    pub(crate) fn named(&self) -> impl Iterator<Item = &str> {
        let priors = self.priors.keys().filter(|key| *key != "default");
        priors.chain(self.tiers.iter().flat_map(|tier| tier.thresholds.keys())).map(String::as_str)
    }

    /// The least tier of a listing of which a part was not read.
    pub fn truncated_tier(&self) -> &Tier {
        &self.tiers[self.truncated]
    }

    /// The least tier of a listing with this coverage.
    pub fn coverage_tier(&self, coverage: Coverage) -> &Tier {
        &self.tiers[self.floor(coverage)]
    }

    fn floor(&self, coverage: Coverage) -> usize {
        match coverage {
            Coverage::Full => 0,
            Coverage::Partial => self.unread[0],
            Coverage::None => self.unread[1],
            Coverage::Empty => self.unread[2],
        }
    }

    /// Everything that can change a decision, for the engine's digest.
    pub(crate) fn feed(&self, canon: &mut Canon) {
        canon.text(&self.name).text(&self.version).int(self.tiers.len() as i64);
        for tier in &self.tiers {
            canon.text(&tier.name).int(tier.threshold.into()).int(tier.groups.into()).int(tier.person.into()).int(tier.thresholds.len() as i64);
            for (offense, threshold) in &tier.thresholds {
                canon.text(offense).int((*threshold).into());
            }
            canon.int(tier.elements.len() as i64);
            for any in &tier.elements {
                canon.texts(any.iter().map(|e| e.word()));
            }
        }
        canon.int(self.truncated as i64);
        self.unread.iter().for_each(|tier| {
            canon.int(*tier as i64);
        });
    }
}

/// Why a listing has its tier.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DecisionReason {
    /// Its scores.
    #[default]
    Score,
    /// A part of it was cut off unread.
    Truncation,
    /// Its language or script is not read, or there is no text.
    Coverage,
}

impl DecisionReason {
    /// The word in files.
    pub const fn word(self) -> &'static str {
        match self {
            DecisionReason::Score => "score",
            DecisionReason::Truncation => "truncation",
            DecisionReason::Coverage => "coverage",
        }
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for DecisionReason {
    /// As its word.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.word())
    }
}

/// What the policy recommends for a listing, and what that rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    tier: Arc<str>,
    rank: usize,
    offense: Option<OffenseId>,
    threshold: Weight,
    margin: Weight,
    reason: DecisionReason,
    deciding: Vec<GroupId>,
    person: bool,
}

impl Decision {
    /// A decision at the tier of index `rank`, with nothing said of why; the setters say it.
    pub fn new(policy: &Policy, rank: usize) -> Self {
        let tier = &policy.tiers[rank];
        Decision {
            tier: Arc::clone(&tier.name),
            rank,
            offense: None,
            threshold: 0,
            margin: 0,
            reason: DecisionReason::Score,
            deciding: Vec::new(),
            person: tier.person,
        }
    }

    /// The decision for this offense, with the tier's threshold and the margin over it.
    pub fn with_offense(mut self, offense: Option<OffenseId>, threshold: Weight, margin: Weight) -> Self {
        (self.offense, self.threshold, self.margin) = (offense, threshold, margin);
        self
    }

    /// The decision with its reason.
    pub fn with_reason(mut self, reason: DecisionReason) -> Self {
        self.reason = reason;
        self
    }

    /// The decision with the groups that it rests on, sorted.
    pub fn with_deciding(mut self, groups: Vec<GroupId>) -> Self {
        self.deciding = groups;
        self
    }

    /// The tier's name.
    pub fn tier(&self) -> &str {
        &self.tier
    }

    /// The tier's place in the policy; 0 is the floor.
    pub fn rank(&self) -> usize {
        self.rank
    }

    /// The offense that decided; none when the listing is clear or only a floor raised it.
    pub fn offense(&self) -> Option<OffenseId> {
        self.offense
    }

    /// The threshold that was passed, in centibans; for a clear listing that of the next tier.
    pub fn threshold(&self) -> Weight {
        self.threshold
    }

    /// Score less threshold, in centibans; for a clear listing the largest over the offenses, and so how near it came.
    pub fn margin(&self) -> Weight {
        self.margin
    }

    /// What raised the tier last.
    pub fn reason(&self) -> DecisionReason {
        self.reason
    }

    /// A smallest set of groups without which the offense would not reach the tier, in group order.
    pub fn deciding(&self) -> &[GroupId] {
        &self.deciding
    }

    /// Whether a person must look before anything is done.
    pub fn needs_person(&self) -> bool {
        self.person
    }
}
