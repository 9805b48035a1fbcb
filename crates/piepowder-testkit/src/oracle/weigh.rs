//! The sum (docs/SEMANTICS.md, section 7): rules that matched to nets and scores. It sees keys and weights, never text.
//! Invariant: what the rules' lines and the excuses' lines give adds up to the evidence part of the score.

use super::Weight;
use super::conditions::Matched;
use super::floods::Floods;
use super::{InForce, Oracle};
use piepowder::GroupKind;
use std::collections::BTreeMap;

/// What the matched rules come to for one offense. Maps are by key; entries may be zero.
pub(super) struct Sum {
    /// What each group adds: specific groups, and signal groups if they count.
    pub(super) nets: BTreeMap<String, Weight>,
    /// What each rule's line shows: its part of the gross, or what an excuse took back.
    pub(super) lines: BTreeMap<String, Weight>,
    pub(super) total: Weight,
}

/// A matched rule.
pub(super) type Found<'a> = (&'a InForce, &'a Matched);

/// Excuses that are applied, and the floods of all excuses.
type Excuses<'a> = (&'a [Found<'a>], &'a Floods<'a>);

/// The shares of a group's rules: the strongest in full, the second a quarter.
fn shares(mut weights: Vec<(&str, Weight)>) -> BTreeMap<String, Weight> {
    weights.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let share = |(place, (key, w)): (usize, (&str, Weight))| match place {
        0 => (key.to_string(), w),
        1 => (key.to_string(), w / 4),
        _ => (key.to_string(), 0),
    };
    weights.into_iter().enumerate().map(share).collect()
}

/// Whether one of the kept matches of the excuse reaches this match.
fn covers(excuse: Found<'_>, floods: &Floods<'_>, candidate: &super::text::Candidate) -> bool {
    let reach = excuse.0.rule.excuse().expect("a rule of an excuse group has an excuse");
    let within = reach.within().map(|within| within as usize);
    excuse.1.kept.iter().any(|c| c.field == candidate.field && floods.covers(c, within, candidate))
}

impl Oracle {
    /// How much of the rule's weight these excuses take back: that of its least excused match.
    fn excused(&self, found: Found<'_>, (excuses, floods): Excuses<'_>, offense: &str) -> Weight {
        let (rule, matched) = found;
        let group = &self.groups[rule.rule.group()];
        if matched.capped || matched.best.is_none() || group.kind() != GroupKind::Specific || !group.is_excusable() {
            return 0;
        }
        let naming = |x: &&Found<'_>| x.0.rule.excuse().expect("an excuse").names(rule.rule.group());
        let strongest = |candidate| {
            let covering = excuses.iter().filter(naming).filter(|x| covers(**x, floods, candidate));
            covering.map(|x| -x.0.weight(offense)).max().unwrap_or(0).max(0)
        };
        matched.kept.iter().map(strongest).min().unwrap_or(0)
    }

    /// The net of a group under these excuses.
    fn net(&self, members: &[Found<'_>], excuses: Excuses<'_>, offense: &str) -> Weight {
        let left = |f: Found<'_>| (f.0.weight(offense) - self.excused(f, excuses, offense)).max(0);
        shares(members.iter().map(|f| (f.0.rule.key(), left(*f))).collect()).values().sum()
    }

    /// The sum for one offense over the rules that count.
    pub(super) fn sum(&self, found: &[Found<'_>], offense: &str, prior: Weight) -> Sum {
        let of_kind = |kind: GroupKind| found.iter().copied().filter(move |(r, _)| self.groups[r.rule.group()].kind() == kind);
        let mut groups: BTreeMap<&str, Vec<Found<'_>>> = BTreeMap::new();
        for f in of_kind(GroupKind::Specific).chain(of_kind(GroupKind::Signal)) {
            groups.entry(f.0.rule.group()).or_default().push(f);
        }
        let mut excuses: Vec<Found<'_>> = of_kind(GroupKind::Excuse).collect();
        excuses.sort_by_key(|(x, _)| (x.weight(offense), x.rule.key().to_string()));
        let floods = &Floods::of(&excuses);

        let mut sum = Sum { nets: BTreeMap::new(), lines: BTreeMap::new(), total: prior };
        let is_specific = |group: &str| self.groups[group].kind() == GroupKind::Specific;
        for (group, members) in groups.iter().filter(|(g, _)| is_specific(g)) {
            sum.lines.extend(shares(members.iter().map(|(r, _)| (r.rule.key(), r.weight(offense))).collect()));
            let mut before = self.net(members, (&[], floods), offense);
            for (i, (excuse, _)) in excuses.iter().enumerate() {
                let after = self.net(members, (&excuses[..=i], floods), offense);
                *sum.lines.entry(excuse.rule.key().to_string()).or_default() -= before - after;
                before = after;
            }
            sum.nets.insert(group.to_string(), before);
        }
        let signals_count = sum.nets.values().any(|net| *net > 0);
        for (group, members) in groups.iter().filter(|(g, _)| signals_count && !is_specific(g)) {
            sum.lines.extend(shares(members.iter().map(|(r, _)| (r.rule.key(), r.weight(offense))).collect()));
            sum.nets.insert(group.to_string(), self.net(members, (&[], floods), offense));
        }
        sum.total += sum.nets.values().sum::<Weight>();
        sum
    }
}

/// `round_half_away(100 * log10(p / (1 - p)))` for a probability as decimal text.
///
/// # Panics
/// When the text is no number between 0 and 1, or so near to a half centiban that floating point cannot tell the side.
pub fn prior_weight(probability: &str) -> Weight {
    let p: f64 = probability.parse().expect("a decimal number");
    assert!(p > 0.0 && p < 1.0, "{probability} is no probability");
    let centibans = 100.0 * (p / (1.0 - p)).log10();
    let from_half = (centibans.abs().fract() - 0.5).abs();
    assert!(from_half > 1e-9, "{probability} is too near to a half centiban");
    centibans.round() as Weight
}
