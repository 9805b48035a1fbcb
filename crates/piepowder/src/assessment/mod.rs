//! The result: decision, scores, evidence, coverage, flags. Reusable (a scratch fills the same one again), comparable (equality is the
//! test of determinism), and written by the one JSON writer. Invariant: it holds no text; spans point into the listing.

mod json;
mod pieces;

pub(crate) use json::masked_text;
pub use json::{Detail, JsonOptions, Reveal};
pub(crate) use pieces::{Constants, string};

use crate::compile::Catalog;
use crate::evidence::Evidence;
use crate::id::{Digest, FieldId, OffenseId};
use crate::limits::Flags;
use crate::policy::{Coverage, Decision, Policy};
use crate::score::{GroupNet, Score};
use crate::span::Span;
use crate::taxonomy::{Element, GroupKind, Nature, Rule};
use std::sync::Arc;

/// The result for one listing.
///
/// Cloning keeps it beyond the scratch that made it. Two assessments are equal when everything that could be written of them is.
#[derive(Clone, Debug)]
pub struct Assessment {
    pub(crate) catalog: Arc<Catalog>,
    pub(crate) policy: Arc<Policy>,
    pub(crate) digest: Digest,
    /// Follow from the three above.
    pub(crate) constants: Arc<Constants>,
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

    /// The place of that tier in the policy; 0 is the floor.
    pub fn rank_of(&self, offense: OffenseId) -> usize {
        self.tiers[offense.index()]
    }

    /// Nets above zero, by group and offense; of signal groups only those that count.
    pub fn groups(&self) -> &[GroupNet] {
        &self.nets
    }

    /// Of what nature the evidence for an offense is: the gravest among the rules of specific groups that stand and to which they contribute,
    /// of those that speak of the goods, of their offer or of something hidden; of the others (payment, logistics, context) when none of
    /// these does, for circumstances alone make nothing graver. None when nothing specific stands.
    ///
    /// [`Nature::Regulatory`] says that nothing was seen but goods that are sold lawfully somewhere under conditions, which is a matter for
    /// a permit or an age check rather than for the police.
    pub fn nature(&self, offense: OffenseId) -> Option<Nature> {
        if self.nets.iter().all(|net| net.offense() != offense) {
            return None;
        }
        let stands = |rule: &Rule| {
            let group = |net: &GroupNet| &self.catalog.groups[net.group().index()];
            let own = |net: &&GroupNet| net.offense() == offense && group(net).key() == rule.group();
            self.nets.iter().find(own).is_some_and(|net| group(net).kind() == GroupKind::Specific)
        };
        let contributing = self.evidence.iter().filter(|line| line.weight(offense) > 0).filter_map(Evidence::rule);
        let (mut deeds, mut circumstances) = (None, None);
        for rule in contributing.map(|rule| &self.catalog.rules[rule.index()]).filter(|rule| stands(rule)) {
            let gravest = match rule.element() {
                Element::Object | Element::Offer | Element::Concealment => &mut deeds,
                Element::Payment | Element::Logistics | Element::Context => &mut circumstances,
            };
            *gravest = Some(gravest.map_or(rule.nature(), |nature: Nature| nature.min(rule.nature())));
        }
        deeds.or(circumstances)
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
