//! Floods of excuses: many different ones in one place excuse nothing, and their own words are no evidence (docs/SEMANTICS.md, section 7).
//! It weighs nothing. Invariant: floods are sorted and do not overlap; a match of an excuse lies in one at most.

use crate::id::{FieldId, RuleId};
use crate::limits::MAX_OFFENSES;
use crate::matcher::{Candidate, Reach};

/// Greatest distance of two excuses that hang together, and how far one that stands in a field with a flood, but apart from it, reaches at
/// most: as far as an excuse reaches unless its pack says another distance.
const APART: u32 = 6;
/// Different excuses, in as many places, that make a flood. A lawful text of two sentences may hold six of them (a warning of old shells
/// on a beach, by the police, with a poster for schools); a seller who copies the pack's excuses behind an offer has dozens.
const DIFFERENT: usize = 8;
/// Places at either end of a flood where an offer may stand. Of 1,500 offers of drugs, a word of every excuse behind them lost 224 with no such
/// place, 93 with one, 6 with two (measured while six excuses made a flood); lawful rows with excuses behind them are flagged for words at the
/// ends: behind one field 0.3 % with one place and 0.5 % with two, behind title and description both 0.6 and 1.2 %.
const ENDS: usize = 2;

/// The floods of a listing. Buffers are kept from listing to listing.
#[derive(Debug, Default)]
pub(super) struct Floods {
    excuses: Vec<(FieldId, u32, u32, RuleId)>,
    rules: Vec<RuleId>,
    floods: Vec<(FieldId, u32, u32)>,
    /// Where the excuses in floods stand that drown what speaks for an offense.
    places: [Reach; MAX_OFFENSES],
}

impl Floods {
    /// Finds the floods among the matches of so many excuses, of which `weighs` tells whether they weigh on an offense.
    pub(super) fn find<'m>(&mut self, rules_matched: usize, matches: impl Iterator<Item = &'m Candidate>, weighs: impl Fn(RuleId, usize) -> bool) {
        let Floods { excuses, rules, floods, places } = self;
        excuses.clear();
        floods.clear();
        places.iter_mut().for_each(Reach::clear);
        if rules_matched < DIFFERENT {
            return;
        }
        excuses.extend(matches.map(|m| (m.field, m.first, m.last, m.rule)));
        excuses.sort_unstable();
        let mut rest = &excuses[..];
        while let Some(((field, first, last, _), _)) = rest.split_first() {
            let mut end = *last;
            let chained = rest.iter().take_while(|(f, from, to, _)| {
                let hangs = f == field && from.saturating_sub(end) <= APART;
                end = if hangs { end.max(*to) } else { end };
                hangs
            });
            rules.clear();
            rules.extend(chained.map(|e| e.3));
            let chain;
            (chain, rest) = rest.split_at(rules.len());
            rules.sort_unstable();
            rules.dedup();
            // Packs share words: one word is one place, whatever it excuses.
            let begun = chain.chunk_by(|a, b| a.1 == b.1).count();
            if rules.len() >= DIFFERENT && begun >= DIFFERENT {
                floods.push((*field, *first, end));
                for (place, here) in chain.chunk_by(|a, b| a.1 == b.1).enumerate() {
                    let amid = ENDS <= place && place + ENDS < begun;
                    for (field, first, last, rule) in here {
                        let drowned = places.iter_mut().enumerate().filter(|(offense, _)| amid || weighs(*rule, *offense));
                        drowned.for_each(|(_, places)| places.add_stretch(*field, *first, *last));
                    }
                }
            }
        }
        places.iter_mut().for_each(Reach::settle);
    }

    /// Whether the match touches an excuse of a flood that weighs on the offense, or any but those at its ends: who lists the words of
    /// excuses offers nothing by them. At its ends an offer may stand, and words of hashish excuse those of arms.
    pub(super) fn drowns(&self, candidate: &Candidate, offense: usize) -> bool {
        !self.floods.is_empty() && self.places[offense].covers(candidate)
    }

    /// How a match of an excuse stands to the floods of its field.
    pub(super) fn place(&self, excuse: &Candidate) -> Place {
        let after = self.floods.partition_point(|(field, first, _)| (*field, *first) <= (excuse.field, excuse.first));
        let begins_before = after.checked_sub(1).map(|at| self.floods[at]).filter(|f| f.0 == excuse.field);
        match begins_before {
            Some((_, _, last)) if excuse.last <= last => Place::Inside,
            Some(_) => Place::Beside,
            None if self.floods.get(after).is_some_and(|f| f.0 == excuse.field) => Place::Beside,
            None => Place::Free,
        }
    }
}

/// How a match of an excuse stands to floods.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// It is part of one and excuses nothing.
    Inside,
    /// There is one in its field: it keeps to its neighborhood.
    Beside,
    /// There is none in its field.
    Free,
}

impl Place {
    /// How far an excuse of that place reaches that would reach `within` pieces, or over its whole field; none if it excuses nothing.
    pub(super) fn reach(self, within: Option<u32>) -> Option<Option<u32>> {
        match self {
            Place::Inside => None,
            Place::Beside => Some(Some(within.map_or(APART, |within| within.min(APART)))),
            Place::Free => Some(within),
        }
    }
}
