//! What would have changed an outcome, from group nets alone: groups left out, signals falling with the last specific group, and what
//! is missing to the next tier. It computes tiers the way decisions do (docs/SEMANTICS.md, section 8) and changes none.
//! Invariant: with nothing left out, the scores and tiers are those of the assessment.

use crate::assessment::Assessment;
use crate::evidence::Weight;
use crate::id::{GroupId, OffenseId};
use crate::limits::Flags;
use crate::policy::Tier;
use crate::score::GroupNet;
use crate::taxonomy::{Element, GroupKind};

/// A score and the tier that it reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Outcome {
    pub(super) score: Weight,
    pub(super) tier: usize,
    /// Whether signals fell because no specific group was left.
    pub(super) signals_fell: bool,
}

/// What an offense lacks for the next tier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Lack<'a> {
    pub(super) tier: usize,
    pub(super) centibans: Weight,
    pub(super) groups: usize,
    /// Lists of elements of which none is there.
    pub(super) elements: Vec<&'a [Element]>,
}

/// Nets of an offense without some groups; signals fall with the last specific one.
fn nets_without<'a>(a: &'a Assessment, offense: OffenseId, without: &[GroupId]) -> (Vec<&'a GroupNet>, bool) {
    let specific = |n: &GroupNet| a.catalog.groups[n.group().index()].kind() == GroupKind::Specific;
    let mut nets: Vec<&GroupNet> = a.nets.iter().filter(|n| n.offense() == offense && !without.contains(&n.group())).collect();
    let fell = !nets.is_empty() && !nets.iter().any(|n| specific(n));
    if fell {
        nets.clear();
    }
    (nets, fell)
}

/// Whether a rule of one of the elements contributes to the offense in one of the groups.
fn gives(a: &Assessment, nets: &[&GroupNet], offense: OffenseId, any: &[Element]) -> bool {
    a.evidence.iter().filter(|line| line.weight(offense) > 0).filter_map(|line| line.rule()).any(|rule| {
        let rule = &a.catalog.rules[rule.index()];
        any.contains(&rule.element()) && nets.iter().any(|n| a.catalog.groups[n.group().index()].key() == rule.group())
    })
}

fn lack<'a>(a: &'a Assessment, index: usize, offense: OffenseId, nets: &[&GroupNet], score: Weight) -> Lack<'a> {
    let tier = &a.policy.tiers()[index];
    Lack {
        tier: index,
        centibans: (tier.threshold(a.catalog.offenses[offense.index()].key()) - score).max(0),
        groups: (tier.groups() as usize).saturating_sub(nets.len()),
        elements: tier.elements().iter().map(Vec::as_slice).filter(|any| !gives(a, nets, offense, any)).collect(),
    }
}

impl Lack<'_> {
    fn is_nothing(&self) -> bool {
        self.centibans == 0 && self.groups == 0 && self.elements.is_empty()
    }
}

/// The outcome for an offense without some groups.
pub(super) fn without(a: &Assessment, offense: OffenseId, groups: &[GroupId]) -> Outcome {
    let (nets, signals_fell) = nets_without(a, offense, groups);
    let score = a.scores[offense.index()].1.prior() + nets.iter().map(|n| n.net()).sum::<Weight>();
    let tier = (1..a.policy.tiers().len()).rev().find(|t| lack(a, *t, offense, &nets, score).is_nothing()).unwrap_or(0);
    Outcome { score, tier, signals_fell }
}

/// The listing's tier without some groups; what was not read keeps its floor.
pub(super) fn listing_without(a: &Assessment, groups: &[GroupId]) -> usize {
    let reached = a.scores.iter().map(|(o, _)| without(a, *o, groups).tier).max().unwrap_or(0);
    reached.max(floor(a))
}

/// The least tier that truncation and coverage leave.
pub(super) fn floor(a: &Assessment) -> usize {
    let rank = |tier: &Tier| a.policy.tiers().iter().position(|t| t.name() == tier.name()).unwrap_or(0);
    let cut = a.flags.contains(Flags::TRUNCATED) || a.flags.contains(Flags::EVIDENCE_CAPPED);
    rank(a.policy.coverage_tier(a.coverage)).max(if cut { rank(a.policy.truncated_tier()) } else { 0 })
}

/// What the offense lacks for the tier above its own; none at the top.
pub(super) fn next(a: &Assessment, offense: OffenseId) -> Option<Lack<'_>> {
    let above = a.tiers[offense.index()] + 1;
    (above < a.policy.tiers().len()).then(|| {
        let (nets, _) = nets_without(a, offense, &[]);
        lack(a, above, offense, &nets, a.scores[offense.index()].1.total())
    })
}

/// The nets of an offense, largest first.
pub(super) fn nets(a: &Assessment, offense: OffenseId) -> Vec<&GroupNet> {
    let (mut nets, _) = nets_without(a, offense, &[]);
    nets.sort_by_key(|n| (-n.net(), n.group()));
    nets
}

/// Whether a line counts for the offense or against it.
pub(super) fn speaks(a: &Assessment, offense: OffenseId) -> bool {
    a.evidence.iter().any(|line| line.weight(offense) != 0)
}

/// The offenses that an explanation is about: those above the floor tier or with evidence, be it excused, highest tier and margin
/// first; if there is none, the one that came nearest.
pub(super) fn told(a: &Assessment) -> Vec<OffenseId> {
    let margin = |o: OffenseId, tier: usize| a.scores[o.index()].1.total() - a.policy.tiers()[tier].threshold(a.catalog.offenses[o.index()].key());
    let mut above: Vec<OffenseId> = a.scores.iter().map(|(o, _)| *o).filter(|o| a.tiers[o.index()] > 0 || speaks(a, *o)).collect();
    let place = |o: OffenseId| (a.tiers[o.index()], margin(o, a.tiers[o.index()].max(1)));
    above.sort_by_key(|o| (core::cmp::Reverse(place(*o)), *o));
    if above.is_empty() {
        above.extend(a.scores.iter().map(|(o, _)| *o).min_by_key(|o| (-margin(*o, 1), *o)));
    }
    above
}
