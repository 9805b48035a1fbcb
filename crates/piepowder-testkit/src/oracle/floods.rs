//! Floods of excuses (docs/SEMANTICS.md, section 7): who lists the words of many excuses excuses nothing around them. It weighs nothing.
//! Invariant: a match of an excuse is in one flood at most.

use super::text::Candidate;
use super::weigh::Found;
use std::collections::BTreeSet;
use std::ops::RangeInclusive;

const REACH: usize = 6;
const RULES: usize = 6;

/// Matches of excuses that hang together, of many rules.
struct Flood<'a> {
    matches: Vec<&'a Candidate>,
}

/// All floods of a listing.
pub(super) struct Floods<'a>(Vec<Flood<'a>>);

impl<'a> Floods<'a> {
    /// The floods of these excuses' matches.
    pub(super) fn of(excuses: &[Found<'a>]) -> Floods<'a> {
        let mut rest: Vec<(&str, &Candidate)> = excuses.iter().flat_map(|(x, m)| m.kept.iter().map(|c| (x.rule.key(), c))).collect();
        let mut floods = Vec::new();
        while let Some(first) = rest.pop() {
            let mut set = vec![first];
            let mut at = 0;
            while at < set.len() {
                let here = set[at].1;
                let (reached, others) = rest.into_iter().partition(|(_, c)| c.field == here.field && c.distance(here) <= REACH);
                rest = others;
                set.extend::<Vec<_>>(reached);
                at += 1;
            }
            let rules: BTreeSet<&str> = set.iter().map(|(rule, _)| *rule).collect();
            // Packs share words: one word is one place, whatever it excuses.
            let places: BTreeSet<usize> = set.iter().map(|(_, c)| c.reach.0).collect();
            if rules.len() >= RULES && places.len() >= RULES {
                floods.push(Flood { matches: set.into_iter().map(|(_, c)| c).collect() });
            }
        }
        Floods(floods)
    }

    /// Whether a match touches an excuse of a flood.
    pub(super) fn drowns(&self, candidate: &Candidate) -> bool {
        self.0.iter().flat_map(|flood| &flood.matches).any(|m| m.field == candidate.field && m.distance(candidate) == 0)
    }

    /// Whether the field where a match of an excuse stands has no flood.
    pub(super) fn none_beside(&self, excuse: &Candidate) -> bool {
        self.0.iter().all(|flood| flood.matches[0].field != excuse.field)
    }

    /// Whether a match of an excuse, with the distance that it covers if there is one, covers a match in the same field.
    pub(super) fn covers(&self, excuse: &Candidate, within: Option<usize>, candidate: &Candidate) -> bool {
        let in_field = || self.0.iter().filter(|flood| flood.matches[0].field == excuse.field);
        let own = in_field().find(|flood| flood.matches.contains(&excuse));
        let within = match in_field().next() {
            Some(_) => Some(within.map_or(REACH, |within| within.min(REACH))),
            None => within,
        };
        // One piece in it, or block where distances are told so, is enough.
        let inside = own.is_none_or(|flood| {
            let pieces = flood.pieces();
            candidate.reach.0 <= *pieces.end() && *pieces.start() <= candidate.reach.1
        });
        inside && within.is_none_or(|within| excuse.distance(candidate) <= within)
    }
}

impl Flood<'_> {
    /// From its first to its last piece, or block.
    fn pieces(&self) -> RangeInclusive<usize> {
        let first = self.matches.iter().map(|c| c.reach.0).min().expect("a flood has matches");
        let last = self.matches.iter().map(|c| c.reach.1).max().expect("a flood has matches");
        first..=last
    }
}
