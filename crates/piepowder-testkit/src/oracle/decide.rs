//! Tiers, decision and deciding set (docs/SEMANTICS.md, section 8). It sees sums, never text. Invariant: the tier is that of one offense,
//! or a floor of the policy.

use super::Oracle;
use super::Weight;
use super::weigh::{Found, Sum};
use piepowder::{Coverage, Decision, DecisionReason, Element, Flags, GroupId, GroupKind, OffenseId, Tier};

/// What speaks for one offense.
pub(super) struct Case<'a> {
    pub(super) key: &'a str,
    pub(super) prior: Weight,
    pub(super) sum: Sum,
}

impl Case<'_> {
    /// The groups that speak for it, in order, with their nets.
    fn speaking(&self) -> Vec<(&str, Weight)> {
        self.sum.nets.iter().filter(|(_, net)| **net > 0).map(|(g, net)| (g.as_str(), *net)).collect()
    }
}

impl Oracle {
    /// The speaking groups in which a rule of one of these elements contributes.
    fn giving<'c>(&self, case: &'c Case<'_>, found: &[Found<'_>], elements: &[Element]) -> Vec<(&'c str, Weight)> {
        let gives = |group: &str| {
            let mut members = found.iter().filter(|(r, _)| r.rule.group() == group);
            members.any(|(r, _)| elements.contains(&r.rule.element()) && case.sum.lines.get(r.rule.key()).is_some_and(|w| *w > 0))
        };
        case.speaking().into_iter().filter(|(g, _)| gives(g)).collect()
    }

    fn is_reached(&self, tier: &Tier, case: &Case<'_>, found: &[Found<'_>]) -> bool {
        case.sum.total >= tier.threshold(case.key)
            && case.speaking().len() >= tier.groups() as usize
            && tier.elements().iter().all(|any| !self.giving(case, found, any).is_empty())
    }

    /// The index of the highest tier that the offense reaches.
    pub(super) fn tier(&self, case: &Case<'_>, found: &[Found<'_>]) -> usize {
        (1..self.policy.tiers().len()).rev().find(|t| self.is_reached(&self.policy.tiers()[*t], case, found)).unwrap_or(0)
    }

    /// The decision on the cases, in taxonomy order, with the tier of each.
    pub(super) fn decide(&self, cases: &[Case<'_>], tiers: &[usize], found: &[Found<'_>], coverage: Coverage, flags: Flags) -> Decision {
        let names = self.policy.tiers();
        let top = tiers.iter().copied().max().unwrap_or(0);
        // For a clear listing the next tier is the measure, over all offenses.
        let measured = if top == 0 { names.len().min(2) - 1 } else { top };
        let mut best: Option<(Weight, Weight, usize)> = None;
        for (o, case) in cases.iter().enumerate().filter(|(o, _)| measured > 0 && tiers[*o] == top) {
            let threshold = names[measured].threshold(case.key);
            let margin = case.sum.total - threshold;
            if best.is_none_or(|(most, _, _)| margin > most) {
                best = Some((margin, threshold, o));
            }
        }
        let (margin, threshold, o) = best.unwrap_or((0, 0, 0));

        let rank_of = |tier: &Tier| names.iter().position(|t| t.name() == tier.name()).expect("a tier of the policy");
        let cut = flags.contains(Flags::TRUNCATED) || flags.contains(Flags::EVIDENCE_CAPPED);
        let for_cut = if cut { rank_of(self.policy.truncated_tier()) } else { 0 };
        let for_coverage = rank_of(self.policy.coverage_tier(coverage));
        let floor = for_cut.max(for_coverage);
        if floor > top {
            let reason = if for_cut == floor { DecisionReason::Truncation } else { DecisionReason::Coverage };
            return Decision::new(&self.policy, floor).with_offense(None, threshold, margin).with_reason(reason);
        }
        if top == 0 {
            return Decision::new(&self.policy, 0).with_offense(None, threshold, margin);
        }
        let deciding = self.deciding(&cases[o], &names[top], found);
        Decision::new(&self.policy, top).with_offense(Some(OffenseId::new(o)), threshold, margin).with_deciding(deciding)
    }

    /// A smallest set of groups without which the offense would not reach the tier.
    fn deciding(&self, case: &Case<'_>, tier: &Tier, found: &[Found<'_>]) -> Vec<GroupId> {
        let mut by_net = case.speaking();
        by_net.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        let mut sets: Vec<Vec<(&str, Weight)>> = Vec::new();
        let falls = |n: &usize| case.sum.total - by_net[..*n].iter().map(|(_, net)| net).sum::<Weight>() < tier.threshold(case.key);
        sets.extend((1..=by_net.len()).find(falls).map(|n| by_net[..n].to_vec()));
        if tier.groups() > 0 {
            sets.push(by_net[..=by_net.len() - tier.groups() as usize].to_vec());
        }
        sets.extend(tier.elements().iter().map(|any| self.giving(case, found, any)));
        if case.prior < tier.threshold(case.key) {
            let specific = |g: &str| self.groups[g].kind() == GroupKind::Specific;
            sets.push(case.speaking().into_iter().filter(|(g, _)| specific(g)).collect());
        }
        for set in &mut sets {
            set.sort();
        }
        sets.sort_by_key(|set| {
            (set.len(), -set.iter().map(|(_, net)| net).sum::<Weight>(), set.iter().map(|(g, _)| g.to_string()).collect::<Vec<_>>())
        });
        sets.first().map_or(Vec::new(), |set| set.iter().map(|(g, _)| self.group_ids[*g]).collect())
    }
}
