//! Floods of excuses: many different ones in one place say nothing of the text around them, and their own words are no evidence
//! (docs/SEMANTICS.md, section 7). It weighs nothing. Invariant: floods are sorted and do not overlap; a match of an excuse lies in one at most.

use crate::id::{FieldId, RuleId};
use crate::matcher::{Candidate, Reach};

/// Greatest distance of two excuses that hang together, and how far an excuse reaches at most in a field with a flood: as far as an excuse
/// reaches unless its pack says another distance. Without that limit inside of floods, too, a flood behind a short title that holds an
/// excuse of its own took all of it in: of 3,727 offers with a word of every excuse behind them 86.7 % were kept.
const APART: u32 = 6;
/// Different excuses, in as many places, that make a flood. Of 103,114 lawful listings about 200 have as many in a field; a seller who
/// copies the pack's excuses behind an offer has dozens.
const DIFFERENT: usize = 6;

/// The floods of a listing. Buffers are kept from listing to listing.
#[derive(Debug, Default)]
pub(super) struct Floods {
    excuses: Vec<(FieldId, u32, u32, RuleId)>,
    rules: Vec<RuleId>,
    floods: Vec<(FieldId, u32, u32)>,
    /// Where the excuses in floods stand.
    places: Reach,
}

impl Floods {
    /// Finds the floods among the matches of so many excuses.
    pub(super) fn find<'m>(&mut self, rules_matched: usize, matches: impl Iterator<Item = &'m Candidate>) {
        let Floods { excuses, rules, floods, places } = self;
        excuses.clear();
        floods.clear();
        places.clear();
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
                chain.iter().for_each(|(field, first, last, _)| places.add_stretch(*field, *first, *last));
            }
        }
        places.settle();
    }

    /// Whether the match touches an excuse of a flood: who lists the words of excuses offers nothing by them.
    pub(super) fn drowns(&self, candidate: &Candidate) -> bool {
        !self.floods.is_empty() && self.places.covers(candidate)
    }

    /// How far a match of an excuse reaches that would reach `within` pieces, or over its whole field: the distance, and the bounds.
    pub(super) fn reach(&self, excuse: &Candidate, within: Option<u32>) -> (Option<u32>, Option<(u32, u32)>) {
        let after = self.floods.partition_point(|(field, first, _)| (*field, *first) <= (excuse.field, excuse.first));
        let before = after.checked_sub(1).map(|at| self.floods[at]).filter(|f| f.0 == excuse.field);
        let held = Some(within.map_or(APART, |within| within.min(APART)));
        match before {
            Some((_, first, last)) if excuse.last <= last => (held, Some((first, last))),
            _ if before.is_some() || self.floods.get(after).is_some_and(|f| f.0 == excuse.field) => (held, None),
            _ => (within, None),
        }
    }
}
