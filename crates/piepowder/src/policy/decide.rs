//! Scores to a decision: docs/SEMANTICS.md, section 8. Invariant: without the deciding groups the offense would not reach its tier, and
//! no smaller set does that.

use super::{Coverage, Decision, DecisionReason, Policy, Tier};
use crate::compile::Program;
use crate::evidence::Finding;
use crate::id::{GroupId, OffenseId};
use crate::limits::{Flags, MAX_OFFENSES};
use crate::score::{GroupNet, Score};
use crate::taxonomy::{Element, GroupKind};
use std::sync::Arc;

/// What the decision is made of.
pub(crate) struct Case<'a> {
    pub(crate) program: &'a Program,
    pub(crate) scores: &'a [(OffenseId, Score)],
    pub(crate) nets: &'a [GroupNet],
    pub(crate) findings: &'a [Finding],
    pub(crate) contributions: &'a [[i32; MAX_OFFENSES]],
    pub(crate) coverage: Coverage,
    pub(crate) flags: Flags,
    /// Thresholds by tier and offense.
    pub(crate) thresholds: &'a [Vec<i32>],
}

impl Case<'_> {
    fn nets_of(&self, offense: OffenseId) -> impl Iterator<Item = &GroupNet> + Clone {
        self.nets.iter().filter(move |n| n.offense() == offense)
    }

    /// The groups of the rules of one of the elements that contribute to the offense, some more than once, and some without a net.
    fn giving<'c>(&'c self, offense: OffenseId, any: &'c [Element]) -> impl Iterator<Item = GroupId> + 'c {
        let rules = self.findings.iter().zip(self.contributions).filter(move |(_, weights)| weights[offense.index()] > 0);
        rules.filter_map(move |(finding, _)| {
            let rule = &self.program.rules[finding.rule.index()];
            let gives = !rule.shadow && any.contains(&self.program.catalog.rules[finding.rule.index()].element());
            gives.then_some(rule.group)
        })
    }

    /// Whether a group has a net for the offense. Nets are in this order.
    fn has_net(&self, group: GroupId, offense: OffenseId) -> bool {
        self.nets.binary_search_by_key(&(group, offense), |n| (n.group(), n.offense())).is_ok()
    }

    fn reaches(&self, rank: usize, tier: &Tier, offense: OffenseId, score: Score) -> bool {
        score.total() >= self.thresholds[rank][offense.index()]
            && self.nets_of(offense).count() >= tier.groups as usize
            && tier.elements.iter().all(|any| self.giving(offense, any).any(|group| self.has_net(group, offense)))
    }
}

/// Fills the tier of each offense and the decision; their buffers are reused.
pub(crate) fn decide(policy: &Policy, case: &Case<'_>, buffers: &mut Deciding, tiers: &mut Vec<usize>, decision: &mut Decision) {
    tiers.clear();
    tiers.extend(
        case.scores
            .iter()
            .map(|(offense, score)| (1..policy.tiers.len()).rev().find(|t| case.reaches(*t, &policy.tiers[*t], *offense, *score)).unwrap_or(0)),
    );
    let top = tiers.iter().copied().max().unwrap_or(0);
    // The tier that was reached, or for a clear listing the next one: how near it came.
    let measured = &case.thresholds[top.max(1).min(policy.tiers.len() - 1)];
    let best = case
        .scores
        .iter()
        .zip(tiers.iter())
        .filter(|(_, tier)| **tier == top)
        .map(|((offense, score), _)| {
            let threshold = measured[offense.index()];
            (score.total() - threshold, *offense, threshold)
        })
        .reduce(|a, b| if b.0 > a.0 { b } else { a });
    decision.deciding.clear();
    decision.reason = DecisionReason::Score;
    (decision.margin, decision.threshold) = best.map_or((0, 0), |(margin, _, threshold)| (margin, threshold));
    decision.offense = best.map(|(_, offense, _)| offense).filter(|_| top > 0);
    let mut rank = top;
    let cut = case.flags.contains(Flags::TRUNCATED) || case.flags.contains(Flags::EVIDENCE_CAPPED);
    if cut && policy.truncated > rank {
        (rank, decision.reason) = (policy.truncated, DecisionReason::Truncation);
    }
    let unread = policy.floor(case.coverage);
    if unread > rank {
        (rank, decision.reason) = (unread, DecisionReason::Coverage);
    }
    if rank > top {
        decision.offense = None;
    }
    if let Some(offense) = decision.offense {
        buffers.find(case, &policy.tiers[top], decision.threshold, offense, &mut decision.deciding);
    }
    let tier = &policy.tiers[rank];
    (decision.rank, decision.person) = (rank, tier.person);
    if !Arc::ptr_eq(&decision.tier, &tier.name) {
        decision.tier = Arc::clone(&tier.name);
    }
}

/// Buffers of the search for the deciding groups.
#[derive(Debug, Default)]
pub(crate) struct Deciding {
    /// The offense's groups, largest nets first, ties in group order; whether each is specific.
    nets: Vec<(GroupId, i32, bool)>,
    /// The groups that give an element.
    giving: Vec<GroupId>,
    set: Vec<(GroupId, i32)>,
    best: Vec<(GroupId, i32)>,
}

impl Deciding {
    /// Takes a set into account: fewer groups win, then the larger sum of nets, then group order.
    fn offer(&mut self, groups: impl Iterator<Item = (GroupId, i32)>) {
        self.set.clear();
        self.set.extend(groups);
        self.set.sort_unstable_by_key(|(group, _)| *group);
        let sum = |set: &[(GroupId, i32)]| -set.iter().map(|(_, net)| net).sum::<i32>();
        let order = |set: &[(GroupId, i32)], other: &[(GroupId, i32)]| set.iter().map(|(g, _)| g).cmp(other.iter().map(|(g, _)| g));
        let better = (self.set.len(), sum(&self.set)).cmp(&(self.best.len(), sum(&self.best))).then(order(&self.set, &self.best)).is_lt();
        if !self.set.is_empty() && (self.best.is_empty() || better) {
            // Copied, not swapped: buffers that change places would grow again in a second pass.
            self.best.clone_from(&self.set);
        }
    }

    /// The smallest set of groups without which the offense would not reach the tier. Each requirement of the tier gives a smallest set
    /// that breaks it; the best of these is the answer.
    fn find(&mut self, case: &Case<'_>, tier: &Tier, threshold: i32, offense: OffenseId, out: &mut Vec<GroupId>) {
        let score = case.scores[offense.index()].1;
        let specific = |n: &GroupNet| case.program.groups[n.group().index()].0 == GroupKind::Specific;
        let mut nets = std::mem::take(&mut self.nets);
        nets.clear();
        nets.extend(case.nets_of(offense).map(|n| (n.group(), n.net(), specific(n))));
        nets.sort_unstable_by_key(|(group, net, _)| (-net, *group));
        let plain = |n: &(GroupId, i32, bool)| (n.0, n.1);
        self.best.clear();
        // Largest nets first, until the rest no longer reaches the threshold.
        let mut left = score.total();
        if let Some(last) = nets.iter().position(|(_, net, _)| {
            left -= net;
            left < threshold
        }) {
            self.offer(nets[..=last].iter().map(plain));
        }
        // Without specific groups the signals fall too, and only the prior is left.
        if score.prior() < threshold {
            self.offer(nets.iter().filter(|n| n.2).map(plain));
        }
        // Fewer groups than needed.
        if tier.groups > 0 && tier.groups as usize <= nets.len() {
            self.offer(nets[..nets.len() + 1 - tier.groups as usize].iter().map(plain));
        }
        // No group that gives an element.
        for any in &tier.elements {
            self.giving.clear();
            self.giving.extend(case.giving(offense, any));
            self.giving.sort_unstable();
            let giving = std::mem::take(&mut self.giving);
            self.offer(nets.iter().filter(|n| giving.binary_search(&n.0).is_ok()).map(plain));
            self.giving = giving;
        }
        out.extend(self.best.iter().map(|(group, _)| *group));
        self.nets = nets;
    }
}
