//! Distances between candidates: which lie near which. Reach is a sorted list of stretches of pieces, so that a question costs a binary
//! search however many candidates there are. Invariant: a reach answers exactly what comparing all pairs would.

use super::Candidate;
use super::disguise::add_disguises;
use crate::compile::Program;
use crate::id::{FieldId, RuleId};
use crate::text::Transforms;

/// Stretches of pieces within a distance of some candidates, by field, merged and sorted; and fields from which all others are reached.
#[derive(Debug, Default)]
pub(crate) struct Reach {
    stretches: Vec<(FieldId, u32, u32)>,
    from: u64,
}

/// Buffers for settling.
#[derive(Debug, Default)]
pub(crate) struct Settling {
    reach: Reach,
    order: Vec<u64>,
    /// The rules that have candidates, as bits.
    present: Vec<u64>,
}

impl Reach {
    /// Forgets everything.
    pub(crate) fn clear(&mut self) {
        self.stretches.clear();
        self.from = 0;
    }

    /// Adds what lies within `within` pieces of a candidate; without a distance, the whole field.
    pub(crate) fn add(&mut self, candidate: &Candidate, within: Option<u32>) {
        let (from, to) = match within {
            Some(w) => (candidate.first.saturating_sub(w), candidate.last.saturating_add(w)),
            None => (0, u32::MAX),
        };
        self.add_stretch(candidate.field, from, to);
    }

    /// Adds pieces of a field, from the first to the last.
    pub(crate) fn add_stretch(&mut self, field: FieldId, first: u32, last: u32) {
        self.stretches.push((field, first, last));
    }

    /// Adds all fields but the candidate's own.
    pub(crate) fn add_elsewhere(&mut self, candidate: &Candidate) {
        self.from |= 1 << candidate.field.index();
    }

    /// Sorts and merges; to be called after the last `add`.
    pub(crate) fn settle(&mut self) {
        self.stretches.sort_unstable();
        self.stretches.dedup_by(|next, kept| {
            let merge = next.0 == kept.0 && next.1 <= kept.2;
            if merge {
                kept.2 = kept.2.max(next.2);
            }
            merge
        });
    }

    /// Whether the candidate lies within the distance.
    pub(crate) fn covers(&self, candidate: &Candidate) -> bool {
        // The last stretch that begins at or before the candidate's end; merged stretches do not overlap.
        let after = self.stretches.partition_point(|(f, from, _)| (*f, *from) <= (candidate.field, candidate.last));
        let in_stretch = after > 0 && {
            let (field, _, to) = self.stretches[after - 1];
            field == candidate.field && to >= candidate.first
        };
        in_stretch || self.from & !(1 << candidate.field.index()) != 0
    }
}

/// Sorts candidates: by rule, field and span, and of those that are the same the better ones first. `spare` is a buffer. What is sorted is
/// numbers, and then the few candidates of each rule.
fn sort(candidates: &mut [Candidate], spare: &mut Vec<Candidate>, order: &mut Vec<u64>) {
    order.clear();
    order.extend(candidates.iter().zip(0u64..).map(|(c, number)| (c.rule.index() as u64) << 32 | number));
    order.sort_unstable();
    spare.clear();
    spare.extend(order.iter().map(|number| candidates[(*number & u64::from(u32::MAX)) as usize]));
    candidates.copy_from_slice(spare);
    for own in candidates.chunk_by_mut(|a, b| a.rule == b.rule).filter(|own| own.len() > 1) {
        own.sort_unstable_by_key(|c| (c.field, c.span, c.transforms.contains(Transforms::EDIT), c.transforms.len(), c.transforms, c.first, c.last));
    }
}

/// Sorts candidates, makes those of one rule, field and span one, and writes to `matches` those whose rule's conditions hold:
/// `holds` says so of `where`, `near` is settled here. What fell away and why goes to `rejected`.
pub(crate) fn settle(
    program: &Program,
    candidates: &mut Vec<Candidate>,
    matches: &mut Vec<Candidate>,
    Settling { reach, order, present }: &mut Settling,
    holds: &mut dyn FnMut(RuleId) -> bool,
    rejected: &mut dyn FnMut(&Candidate, Rejection),
) {
    sort(candidates, matches, order);
    candidates.dedup_by_key(|c| (c.rule, c.field, c.span));
    // A rule whose field conditions fail has no candidates, for others to be near to either.
    let mut last: Option<(RuleId, bool)> = None;
    candidates.retain(|c| {
        let known = match last {
            Some((rule, known)) if rule == c.rule => known,
            _ => {
                let known = program.rules[c.rule.index()].conditions.is_empty() || holds(c.rule);
                last = Some((c.rule, known));
                known
            }
        };
        if !known {
            rejected(c, Rejection::Condition);
        }
        known
    });
    if add_disguises(program, candidates, holds) {
        sort(candidates, matches, order);
        candidates.dedup_by_key(|c| (c.rule, c.field, c.span));
    }
    present.clear();
    present.resize(program.rules.len().div_ceil(64), 0);
    candidates.iter().for_each(|c| present[c.rule.index() / 64] |= 1 << (c.rule.index() % 64));
    matches.clear();
    for own in candidates.chunk_by(|a, b| a.rule == b.rule) {
        match &program.rules[own[0].rule.index()].near {
            None => matches.extend_from_slice(own),
            Some(near) => {
                reach.clear();
                // Most listings have nothing of what most rules must be near to.
                let near_to = if near.rules.may_meet(present) { &candidates[..] } else { &[] };
                for c in near_to.iter().filter(|c| near.rules.contains(c.rule)) {
                    reach.add(c, Some(near.within));
                    if near.elsewhere {
                        reach.add_elsewhere(c);
                    }
                }
                reach.settle();
                for c in own {
                    if reach.covers(c) {
                        matches.push(*c);
                    } else {
                        rejected(c, Rejection::Near);
                    }
                }
            }
        }
    }
}

/// Why a candidate did not become a match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rejection {
    /// A condition on the listing's fields does not hold.
    Condition,
    /// Nothing that it needs is near.
    Near,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::span::Span;
    use proptest::prelude::*;

    fn candidate(field: usize, first: u32, len: u32) -> Candidate {
        Candidate { rule: RuleId::new(0), field: FieldId::new(field), span: Span::new(0, 1), transforms: Transforms::NONE, first, last: first + len }
    }

    fn distance(a: &Candidate, b: &Candidate) -> u32 {
        if a.first <= b.last && b.first <= a.last { 0 } else { a.first.max(b.first) - a.last.min(b.last) }
    }

    proptest! {
        #[test]
        fn reach_is_all_pairs(
            targets in prop::collection::vec((0usize..3, 0u32..40, 0u32..5), 0..8),
            own in (0usize..3, 0u32..40, 0u32..5),
            within in 0u32..8,
            elsewhere in any::<bool>(),
        ) {
            let own = candidate(own.0, own.1, own.2);
            let targets: Vec<_> = targets.into_iter().map(|(f, a, l)| candidate(f, a, l)).collect();
            let mut reach = Reach::default();
            targets.iter().for_each(|t| reach.add(t, Some(within)));
            targets.iter().filter(|_| elsewhere).for_each(|t| reach.add_elsewhere(t));
            reach.settle();
            let naive = targets.iter().any(|t| if t.field == own.field { distance(t, &own) <= within } else { elsewhere });
            prop_assert_eq!(reach.covers(&own), naive);
        }
    }
}
