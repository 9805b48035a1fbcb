//! The automata of some patterns as one: where sets of their states lead, byte by byte, whatever may stand before or behind. It does not know
//! which of the sets are worth a place in a gate. Invariant: a place has every state that the text which leads to it may leave a pattern in,
//! unless the pattern was given on the way.

use super::{CLASS_OF, CLASSES};
use regex_automata::nfa::thompson::{NFA, State};
use regex_automata::util::primitives::StateID;

/// Classes of digits, and of what stands in numbers.
pub(super) const DIGITS: u64 = 0x3FF << 27;
pub(super) const NUMBER: u64 = DIGITS | 0xF << 37 | 1 << CLASS_OF[b'.' as usize] | 1 << CLASS_OF[b',' as usize];

/// The automata of some patterns as one, of which the states are numbered through.
#[derive(Default)]
pub(super) struct States {
    /// Classes that lead to another state, and that state.
    next: Vec<Vec<(u64, u32)>>,
    /// What reads a byte or is the end of a match.
    kind: Vec<Kind>,
    /// Where each state leads without a byte, once asked for: sorted.
    closures: Vec<Option<Box<[u32]>>>,
    /// The pattern that a state is of.
    pub(super) owner: Vec<u16>,
    /// What a search of closures met, as marks and as a list.
    seen: Vec<bool>,
    met: Vec<u32>,
}

enum Kind {
    Reads,
    Matches,
    /// Leads on without a byte to these.
    Leads(Vec<u32>),
}

impl States {
    /// Adds a pattern's automaton. What looks at neighbors is let through.
    pub(super) fn add(&mut self, nfa: &NFA, pattern: u16) -> u32 {
        let first = self.kind.len() as u32;
        let of = |id: StateID| first + id.as_u32();
        for state in nfa.states() {
            let mut next = Vec::new();
            let kind = match state {
                State::ByteRange { trans } => {
                    next.push((classes(trans.start, trans.end), of(trans.next)));
                    Kind::Reads
                }
                State::Sparse(sparse) => {
                    next.extend(sparse.transitions.iter().map(|t| (classes(t.start, t.end), of(t.next))));
                    Kind::Reads
                }
                State::Dense(dense) => {
                    next.extend((0..=255).zip(dense.transitions.iter()).map(|(byte, to)| (classes(byte, byte), of(*to))));
                    Kind::Reads
                }
                State::Match { .. } => Kind::Matches,
                State::Look { next, .. } | State::Capture { next, .. } => Kind::Leads(vec![of(*next)]),
                State::Union { alternates } => Kind::Leads(alternates.iter().map(|id| of(*id)).collect()),
                State::BinaryUnion { alt1, alt2 } => Kind::Leads(vec![of(*alt1), of(*alt2)]),
                State::Fail => Kind::Leads(Vec::new()),
            };
            self.next.push(next);
            self.kind.push(kind);
            self.closures.push(None);
            self.seen.push(false);
            self.owner.push(pattern);
        }
        first + nfa.start_anchored().as_u32()
    }

    /// States that read or match to which a state leads without a byte.
    fn closure(&mut self, state: u32) -> &[u32] {
        let States { kind, closures, seen, met, .. } = self;
        closures[state as usize].get_or_insert_with(|| {
            let mut found = Vec::new();
            seen[state as usize] = true;
            met.push(state);
            let mut at = 0;
            while let Some(state) = met.get(at).copied() {
                at += 1;
                match &kind[state as usize] {
                    Kind::Reads | Kind::Matches => found.push(state),
                    Kind::Leads(to) => met.extend(to.iter().filter(|next| !core::mem::replace(&mut seen[**next as usize], true))),
                }
            }
            met.drain(..).for_each(|state| seen[state as usize] = false);
            found.sort_unstable();
            found.into()
        })
    }

    /// All that states lead to without a byte.
    fn closures(&mut self, mut states: Vec<u32>) -> Vec<u32> {
        states.sort_unstable();
        states.dedup();
        let mut set = Vec::new();
        for state in states {
            set.extend_from_slice(self.closure(state));
        }
        set.sort_unstable();
        set.dedup();
        set
    }

    /// A place where some states are reached: patterns that may match by now, and what is left of the others.
    pub(super) fn place(&mut self, reached: Vec<u32>) -> Place {
        let mut set = self.closures(reached);
        let mut given: Vec<u16> = Vec::new();
        given.extend(set.iter().filter(|s| matches!(self.kind[**s as usize], Kind::Matches)).map(|s| self.owner[*s as usize]));
        given.dedup();
        // Patterns are added in order, so that states in order are in the order of their patterns.
        set.retain(|s| given.binary_search(&self.owner[*s as usize]).is_err());
        Place { set, given }
    }

    /// States to which states lead by one byte of some classes.
    pub(super) fn reached(&self, set: &[u32], classes: u64) -> Vec<u32> {
        set.iter().flat_map(|s| &self.next[*s as usize]).filter(|(mask, _)| mask & classes != 0).map(|(_, to)| *to).collect()
    }

    /// All states that some number may leave a pattern in, but those of matches: what stands in numbers is read until nothing is new.
    pub(super) fn behind_numbers(&mut self, start: &[u32]) -> Vec<u32> {
        let mut is_in = vec![false; self.kind.len()];
        let (mut all, mut new) = (Vec::new(), start.to_vec());
        while !new.is_empty() {
            new.iter().for_each(|state| is_in[*state as usize] = true);
            all.extend_from_slice(&new);
            new = self.closures(self.reached(&new, NUMBER));
            new.retain(|state| !is_in[*state as usize] && matches!(self.kind[*state as usize], Kind::Reads));
        }
        all.sort_unstable();
        all
    }

    /// Whether a pattern that is in a state may match before a number ends.
    pub(super) fn within_numbers(&mut self) -> Vec<bool> {
        let mut within: Vec<bool> = self.kind.iter().map(|kind| matches!(kind, Kind::Matches)).collect();
        let mut more = true;
        while more {
            more = false;
            // States mostly lead to later ones, so from the end on one pass nearly does it.
            for state in (0..self.kind.len()).rev() {
                if !within[state] && matches!(self.kind[state], Kind::Reads) {
                    let next = self.reached(&[state as u32], NUMBER);
                    within[state] = self.closures(next).iter().any(|next| within[*next as usize]);
                    more |= within[state];
                }
            }
        }
        within
    }

    /// The places behind a place, by classes of bytes.
    pub(super) fn step(&mut self, set: &[u32]) -> Vec<(u64, Place)> {
        let mut parts = vec![u64::MAX];
        let mut masks: Vec<u64> = set.iter().flat_map(|s| &self.next[*s as usize]).map(|(mask, _)| *mask).collect();
        masks.sort_unstable();
        masks.dedup();
        for mask in masks {
            for at in 0..parts.len() {
                let (inside, outside) = (parts[at] & mask, parts[at] & !mask);
                if inside != 0 && outside != 0 {
                    parts[at] = inside;
                    parts.push(outside);
                }
            }
        }
        // Which part each class is in.
        let mut part_of = [0; CLASSES];
        for (number, part) in parts.iter().enumerate() {
            bits(*part).for_each(|class| part_of[class] = number);
        }
        let mut reached: Vec<Vec<u32>> = vec![Vec::new(); parts.len()];
        for (mask, to) in set.iter().flat_map(|s| &self.next[*s as usize]) {
            let mut left = *mask;
            while left != 0 {
                let part = part_of[left.trailing_zeros() as usize];
                left &= !parts[part];
                reached[part].push(*to);
            }
        }
        parts.into_iter().zip(reached.into_iter().map(|reached| self.place(reached))).collect()
    }
}

/// The members of a set of classes.
pub(super) fn bits(set: u64) -> impl Iterator<Item = usize> {
    (0..CLASSES).filter(move |class| set >> class & 1 == 1)
}

/// The classes of bytes from one to another, as a set.
fn classes(from: u8, to: u8) -> u64 {
    (from..=to).fold(0, |set, byte| set | 1 << CLASS_OF[usize::from(byte)])
}

/// What is known behind some text.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Place {
    /// States of the patterns that may still match.
    pub(super) set: Vec<u32>,
    /// Patterns that may match with the last byte.
    pub(super) given: Vec<u16>,
}
