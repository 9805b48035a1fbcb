//! The sum (docs/SEMANTICS.md, section 7): rules that matched to nets and scores. It sees keys and weights, never text.
//! Invariant: what the rules' lines and the excuses' lines give adds up to the evidence part of the score.

use super::Weight;
use super::conditions::Matched;
use super::floods::Floods;
use super::text::Candidate;
use super::{InForce, Oracle};
use piepowder::{GroupKind, Transforms};
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
fn covers(excuse: Found<'_>, floods: &Floods<'_>, candidate: &Candidate) -> bool {
    let across = excuse.0.rule.excuse().is_some_and(|reach| reach.is_across_fields());
    excuse.1.kept.iter().any(|c| match c.field == candidate.field {
        true => floods.covers(excuse, c, candidate),
        false => across && floods.none_beside(c),
    })
}

/// What a match of the rule with these transforms weighs: half when it stands on an edit.
fn weight_with(rule: &InForce, transforms: Transforms, offense: &str) -> Weight {
    let whole = rule.weight(offense);
    if transforms.contains(Transforms::EDIT) { whole / 2 } else { whole }
}

impl Oracle {
    /// What the rule weighs: its best match, or the whole of a rule with conditions alone.
    pub(super) fn weight(&self, (rule, matched): Found<'_>, offense: &str) -> Weight {
        weight_with(rule, matched.best.map_or(Transforms::NONE, |(_, transforms)| transforms), offense)
    }

    /// Whether excuses can take back what the rule weighs.
    fn can_be_excused(&self, (rule, matched): Found<'_>) -> bool {
        let group = &self.groups[rule.rule.group()];
        !matched.capped && group.kind() == GroupKind::Specific && group.is_excusable()
    }

    /// What the rule weighs where there may be floods: its best match, or the heaviest of those that no flood drowns.
    fn weight_among(&self, found: Found<'_>, floods: &Floods<'_>, offense: &str) -> Weight {
        let (rule, matched) = found;
        if matched.capped || !matched.kept.iter().any(|m| floods.drowns(m, offense)) {
            return self.weight(found, offense);
        }
        let above = matched.kept.iter().filter(|m| !floods.drowns(m, offense));
        above.map(|m| weight_with(rule, m.transforms, offense)).max().unwrap_or(0)
    }

    /// What these excuses leave of the rule: that of its match that keeps most.
    fn left(&self, found: Found<'_>, (excuses, floods): Excuses<'_>, offense: &str) -> Weight {
        let (rule, matched) = found;
        if !self.can_be_excused(found) || matched.kept.is_empty() {
            return self.weight_among(found, floods, offense).max(0);
        }
        let naming = |x: &&Found<'_>| x.0.rule.excuse().expect("an excuse").names(rule.rule.group());
        let strongest = |candidate: &Candidate| {
            let covering = excuses.iter().filter(naming).filter(|x| covers(**x, floods, candidate));
            covering.map(|x| -x.0.weight(offense)).max().unwrap_or(0).max(0)
        };
        let of_match = |m: &Candidate| (weight_with(rule, m.transforms, offense) - strongest(m)).max(0);
        matched.kept.iter().filter(|m| !floods.drowns(m, offense)).map(of_match).max().unwrap_or(0)
    }

    /// The net of a group under these excuses.
    fn net(&self, members: &[Found<'_>], excuses: Excuses<'_>, offense: &str) -> Weight {
        shares(members.iter().map(|f| (f.0.rule.key(), self.left(*f, excuses, offense))).collect()).values().sum()
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
            sum.lines.extend(shares(members.iter().map(|f| (f.0.rule.key(), self.weight_among(*f, floods, offense))).collect()));
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
            sum.lines.extend(shares(members.iter().map(|f| (f.0.rule.key(), self.weight_among(*f, floods, offense))).collect()));
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
