//! Scores to a decision: docs/SEMANTICS.md, section 8. Invariant: without the deciding groups the offense would not reach its tier, and
//! no smaller set does that.

use super::{Decision, DecisionReason, Policy, Tier};
use crate::assessment::{Coverage, Flags};
use crate::compile::Program;
use crate::evidence::{Finding, MAX_OFFENSES};
use crate::id::{GroupId, OffenseId};
use crate::score::{GroupNet, Score};
use crate::taxonomy::Element;
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
}

impl Case<'_> {
    fn nets_of(&self, offense: OffenseId) -> impl Iterator<Item = &GroupNet> + Clone {
        self.nets.iter().filter(move |n| n.offense() == offense)
    }

    /// Whether a rule of one of the elements contributes to the offense in this group.
    fn gives(&self, group: GroupId, offense: OffenseId, any: &[Element]) -> bool {
        self.findings.iter().zip(self.contributions).any(|(f, weights)| {
            let rule = &self.program.rules[f.rule.index()];
            rule.group == group && !rule.shadow && weights[offense.index()] > 0 && any.contains(&self.program.catalog.rules[f.rule.index()].element())
        })
    }

    fn reaches(&self, tier: &Tier, offense: OffenseId, score: Score) -> bool {
        score.total() >= tier.threshold(self.program.catalog.offenses[offense.index()].key())
            && self.nets_of(offense).count() >= tier.groups as usize
            && tier.elements.iter().all(|any| self.nets_of(offense).any(|n| self.gives(n.group(), offense, any)))
    }
}

/// Fills the tier of each offense and the decision; their buffers are reused.
pub(crate) fn decide(policy: &Policy, case: &Case<'_>, tiers: &mut Vec<usize>, decision: &mut Decision) {
    tiers.clear();
    tiers.extend(
        case.scores
            .iter()
            .map(|(offense, score)| (1..policy.tiers.len()).rev().find(|t| case.reaches(&policy.tiers[*t], *offense, *score)).unwrap_or(0)),
    );
    let top = tiers.iter().copied().max().unwrap_or(0);
    // The tier that was reached, or for a clear listing the next one: how near it came.
    let measured = &policy.tiers[top.max(1).min(policy.tiers.len() - 1)];
    let best = case
        .scores
        .iter()
        .zip(tiers.iter())
        .filter(|(_, tier)| **tier == top)
        .map(|((offense, score), _)| {
            let threshold = measured.threshold(case.program.catalog.offenses[offense.index()].key());
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
        deciding(case, &policy.tiers[top], offense, &mut decision.deciding);
    }
    let tier = &policy.tiers[rank];
    (decision.rank, decision.person) = (rank, tier.person);
    if !Arc::ptr_eq(&decision.tier, &tier.name) {
        decision.tier = Arc::clone(&tier.name);
    }
}

/// The smallest set of groups without which the offense would not reach the tier. Each requirement of the tier gives a smallest set
/// that breaks it; the smallest of these wins, then the one with the larger sum of nets, then group order.
fn deciding(case: &Case<'_>, tier: &Tier, offense: OffenseId, out: &mut Vec<GroupId>) {
    use crate::taxonomy::GroupKind::Specific;
    let kind = |n: &GroupNet| case.program.groups[n.group().index()].0;
    let score = case.scores[offense.index()].1;
    let threshold = tier.threshold(case.program.catalog.offenses[offense.index()].key());
    let mut nets: Vec<(GroupId, i32, bool)> = case.nets_of(offense).map(|n| (n.group(), n.net(), kind(n) == Specific)).collect();
    nets.sort_by_key(|(group, net, _)| (-net, *group));
    let mut sets: Vec<Vec<(GroupId, i32)>> = Vec::new();
    let plain = |list: &[(GroupId, i32, bool)]| list.iter().map(|(g, n, _)| (*g, *n)).collect::<Vec<_>>();
    // Largest nets first, until the rest no longer reaches the threshold.
    let mut left = score.total();
    for (count, (_, net, _)) in nets.iter().enumerate() {
        left -= net;
        if left < threshold {
            sets.push(plain(&nets[..=count]));
            break;
        }
    }
    // Without specific groups the signals fall too, and only the prior is left.
    if score.prior() < threshold {
        sets.push(nets.iter().filter(|n| n.2).map(|(g, n, _)| (*g, *n)).collect());
    }
    // Fewer groups than needed.
    if tier.groups as usize <= nets.len() && tier.groups > 0 {
        sets.push(plain(&nets[..nets.len() + 1 - tier.groups as usize]));
    }
    // No group that gives an element.
    for any in &tier.elements {
        sets.push(nets.iter().filter(|n| case.gives(n.0, offense, any)).map(|(g, n, _)| (*g, *n)).collect());
    }
    let best = sets.into_iter().filter(|s| !s.is_empty()).map(|mut set| {
        set.sort_unstable_by_key(|(group, _)| *group);
        set
    });
    let best = best.min_by_key(|set| (set.len(), -set.iter().map(|(_, net)| net).sum::<i32>(), set.iter().map(|(g, _)| *g).collect::<Vec<_>>()));
    out.extend(best.into_iter().flatten().map(|(group, _)| group));
}
