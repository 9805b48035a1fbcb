//! Floods of excuses (docs/SEMANTICS.md, section 7): who lists the words of many excuses excuses nothing by them. It weighs nothing.
//! Invariant: a match of an excuse is in one flood at most.

use super::InForce;
use super::text::Candidate;
use super::weigh::Found;
use std::collections::BTreeSet;

const REACH: usize = 6;
const RULES: usize = 8;
const ENDS: usize = 2;

/// Matches of excuses that hang together, of many rules.
struct Flood<'a> {
    matches: Vec<(&'a InForce, &'a Candidate)>,
}

/// All floods of a listing.
pub(super) struct Floods<'a>(Vec<Flood<'a>>);

impl<'a> Floods<'a> {
    /// The floods of these excuses' matches.
    pub(super) fn of(excuses: &[Found<'a>]) -> Floods<'a> {
        let mut rest: Vec<(&InForce, &Candidate)> = excuses.iter().flat_map(|(x, m)| m.kept.iter().map(|c| (*x, c))).collect();
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
            let rules: BTreeSet<&str> = set.iter().map(|(x, _)| x.rule.key()).collect();
            // Packs share words: one word is one place, whatever it excuses.
            let places: BTreeSet<usize> = set.iter().map(|(_, c)| c.reach.0).collect();
            if rules.len() >= RULES && places.len() >= RULES {
                floods.push(Flood { matches: set });
            }
        }
        Floods(floods)
    }

    /// Whether a match touches an excuse of a flood that weighs on the offense, or one but at its ends.
    pub(super) fn drowns(&self, candidate: &Candidate, offense: &str) -> bool {
        self.0.iter().any(|flood| {
            let touching = flood.matches.iter().filter(|(_, m)| m.field == candidate.field && m.distance(candidate) == 0);
            touching.into_iter().any(|(x, m)| x.weight(offense) < 0 || flood.is_amid(m))
        })
    }

    /// Whether the field where a match of an excuse stands has no flood.
    pub(super) fn none_beside(&self, excuse: &Candidate) -> bool {
        self.0.iter().all(|flood| flood.matches[0].1.field != excuse.field)
    }

    /// Whether one of the matches of an excuse covers a match in the same field.
    pub(super) fn covers(&self, (x, _): Found<'a>, excuse: &Candidate, candidate: &Candidate) -> bool {
        let mut within = x.rule.excuse().expect("a rule of an excuse group has an excuse").within().map(|within| within as usize);
        if !self.none_beside(excuse) {
            if self.0.iter().any(|flood| flood.matches.iter().any(|(own, c)| own.id == x.id && *c == excuse)) {
                return false;
            }
            within = Some(within.map_or(REACH, |within| within.min(REACH)));
        }
        within.is_none_or(|within| excuse.distance(candidate) <= within)
    }
}

impl Flood<'_> {
    /// Whether its excuses begin at two places or more before this one, and at two or more behind it.
    fn is_amid(&self, excuse: &Candidate) -> bool {
        let begin: BTreeSet<usize> = self.matches.iter().map(|(_, m)| m.reach.0).collect();
        begin.range(..excuse.reach.0).count() >= ENDS && begin.range(excuse.reach.0 + 1..).count() >= ENDS
    }
}
