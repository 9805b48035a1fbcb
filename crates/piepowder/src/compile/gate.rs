//! Which patterns are worth a try behind a trigger, by the few bytes that follow it. Common words trigger dozens of patterns, of which
//! the text behind the word rules out nearly all: behind "no" the shipped packs ask for some two hundred beginnings of words. What a gate
//! asks for is read off the patterns' own automata. It tries nothing itself. Invariant: a pattern that matches where its trigger stands is
//! let through; a pattern that is let through need not match.

use super::pattern::{Automaton, nfa};
use crate::taxonomy::View;
use crate::text::Table;
use once_cell::race::OnceBox;
use regex_automata::nfa::thompson::{NFA, State};
use regex_automata::util::primitives::StateID;

/// Most bytes behind a trigger that are looked at.
const DEPTH: usize = 6;
/// Most beginnings of one pattern that are told apart; of patterns with more, less bytes are asked for.
const BEGINNINGS: usize = 96;

/// The patterns of one trigger, with their gate, which is made when the trigger is first met.
#[derive(Debug)]
pub(crate) struct Triggered {
    pub(crate) patterns: Vec<u32>,
    gate: OnceBox<Gate>,
}

/// What a trigger leaves behind it for the gate: bytes that the patterns have read.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Read<'a> {
    /// These bytes.
    Word(&'a [u8]),
    /// A number piece of so many bytes.
    Number(usize),
}

impl Triggered {
    pub(super) fn new(patterns: Vec<u32>) -> Self {
        Triggered { patterns, gate: OnceBox::new() }
    }

    /// Tells which patterns may match, where the trigger left `read` behind it and `rest` follows.
    #[inline]
    pub(crate) fn each(&self, automata: &[Automaton], read: Read<'_>, rest: &[u8], mut give: impl FnMut(u32)) {
        let gate = match self.gate.get() {
            Some(gate) => gate,
            None => self.gate.get_or_init(|| Box::new(Gate::new(&self.patterns, automata, read))),
        };
        gate.each(read, rest, &mut give);
    }

    pub(crate) fn memory_usage(&self) -> usize {
        self.patterns.len() * size_of::<u32>() + self.gate.get().map_or(0, |gate| size_of::<Gate>() + gate.table.memory_usage())
    }
}

/// Patterns by what follows a trigger.
#[derive(Debug)]
struct Gate {
    /// Bit n: some pattern asks for n bytes.
    lengths: u8,
    /// Patterns by [`key`].
    table: Table<u32>,
    /// Patterns that may match within a number of so many bytes or more.
    within: Vec<(usize, u32)>,
}

/// The key of up to seven bytes. It is one to one, so that equal keys are equal bytes.
const fn key(bytes: u64, length: usize) -> u64 {
    let own = bytes & !(u64::MAX << (8 * length)) | (length as u64) << 56;
    let mixed = (own ^ own >> 32).wrapping_mul(0xD6E8_FEB8_6659_FD93);
    mixed ^ mixed >> 32
}

impl Gate {
    fn new(patterns: &[u32], automata: &[Automaton], read: Read<'_>) -> Gate {
        let mut beginnings: Vec<(u64, u32)> = Vec::new();
        let mut gate = Gate { lengths: 0, table: Table::new(&[]), within: Vec::new() };
        for pattern in patterns {
            let automaton = &automata[*pattern as usize];
            let mut found = Vec::new();
            match automaton.view {
                // The original has letter case and markup where the trigger was found without.
                View::Original => found.push((0, 0)),
                // One that does not compile never matches: see `Tried::new`.
                View::Surface => {
                    if let Ok(nfa) = nfa(automaton.regex()) {
                        let least = Walk::new(&nfa).behind(read, &mut found);
                        gate.within.extend(least.map(|least| (least, *pattern)));
                    }
                }
            }
            for (bytes, length) in found {
                gate.lengths |= 1 << length;
                beginnings.push((key(bytes, length), *pattern));
            }
        }
        gate.table = Table::new(&beginnings);
        gate
    }

    #[inline]
    fn each(&self, read: Read<'_>, rest: &[u8], give: &mut impl FnMut(u32)) {
        let length = if let Read::Number(length) = read { length } else { 0 };
        let within = |least: &(usize, u32)| least.0 <= length;
        self.within.iter().filter(|w| within(w)).for_each(|(_, pattern)| give(*pattern));
        let (word, there) = match rest.first_chunk::<8>() {
            Some(word) => (u64::from_le_bytes(*word), 8),
            None => (rest.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte)), rest.len()),
        };
        let mut lengths = self.lengths;
        while lengths != 0 {
            let length = lengths.trailing_zeros() as usize;
            lengths &= lengths - 1;
            if length > there {
                return;
            }
            let told = |pattern: &u32| self.within.iter().any(|w| w.1 == *pattern && within(w));
            self.table.get(key(word, length)).iter().filter(|p| !told(p)).for_each(|pattern| give(*pattern));
        }
    }
}

/// A walk over a pattern's automaton, with sets of states.
struct Walk<'n> {
    nfa: &'n NFA,
    stack: Vec<StateID>,
    seen: Vec<bool>,
    visited: Vec<StateID>,
}

/// States that a walk may be in, those that read a byte and those that match.
type States = Vec<StateID>;

impl<'n> Walk<'n> {
    fn new(nfa: &'n NFA) -> Self {
        Walk { nfa, stack: Vec::new(), seen: vec![false; nfa.states().len()], visited: Vec::new() }
    }

    /// The beginnings that a pattern asks for behind what was read, as bytes (lowest first) and their number; and how long a number is, at
    /// least, within which it may match.
    fn behind(&mut self, read: Read<'_>, found: &mut Vec<(u64, usize)>) -> Option<usize> {
        let mut start = States::new();
        self.add(self.nfa.start_anchored(), &mut start);
        self.clear();
        match read {
            Read::Word(bytes) => {
                let mut states = start;
                for byte in bytes {
                    if self.matches(&states) {
                        break;
                    }
                    states = self.step(&states, |b| b == *byte);
                }
                self.beginnings(states, |_, _, _| true, found);
                None
            }
            Read::Number(_) => {
                let (states, least) = self.number(start);
                // A number goes on as long as it can.
                let ends = |depth: usize, before: u64, byte: u8| match depth {
                    0 => !byte.is_ascii_digit(),
                    1 => !byte.is_ascii_digit() || !matches!(before as u8, b'.' | b','),
                    _ => true,
                };
                self.beginnings(states, ends, found);
                least
            }
        }
    }

    /// States behind some number: digits, and what stands between them; digits of other scripts, too. And the bytes of the shortest one
    /// with a match in it or at its end.
    fn number(&mut self, start: States) -> (States, Option<usize>) {
        let mut states = self.step(&start, |b| b.is_ascii_digit() || b >= 0x80);
        let (mut length, mut least) = (1, None);
        loop {
            least = least.or_else(|| self.matches(&states).then_some(length));
            let mut more = self.step(&states, |b| b.is_ascii_digit() || matches!(b, b'.' | b',') || b >= 0x80);
            more.extend_from_slice(&states);
            more.sort_unstable();
            more.dedup();
            if more.len() == states.len() {
                // A match within is told by its length.
                states.retain(|id| !matches!(self.nfa.state(*id), State::Match { .. }));
                return (states, least);
            }
            (states, length) = (more, length + 1);
        }
    }

    /// Level by level, until there are too many. `may` says whether a byte can follow these.
    fn beginnings(&mut self, states: States, may: impl Fn(usize, u64, u8) -> bool, found: &mut Vec<(u64, usize)>) {
        let mut level = vec![(0u64, states)];
        level.retain(|(_, states)| !states.is_empty());
        for depth in 0..DEPTH {
            let mut next = Vec::new();
            let mut done = Vec::new();
            for (bytes, states) in &level {
                if self.matches(states) {
                    done.push((*bytes, depth));
                    continue;
                }
                for byte in self.bytes(states).filter(|byte| may(depth, *bytes, *byte)) {
                    let states = self.step(states, |b| b == byte);
                    next.push((bytes | u64::from(byte) << (8 * depth), states));
                }
                if done.len() + next.len() > BEGINNINGS {
                    found.extend(level.iter().map(|(bytes, _)| (*bytes, depth)));
                    return;
                }
            }
            found.extend(done);
            level = next;
        }
        found.extend(level.iter().map(|(bytes, _)| (*bytes, DEPTH)));
    }

    fn matches(&self, states: &States) -> bool {
        states.iter().any(|id| matches!(self.nfa.state(*id), State::Match { .. }))
    }

    /// The bytes that some of the states read.
    fn bytes(&self, states: &States) -> impl Iterator<Item = u8> + use<> {
        let mut read = [false; 256];
        let mut mark = |from: u8, to: u8| read[usize::from(from)..=usize::from(to)].fill(true);
        for id in states {
            match self.nfa.state(*id) {
                State::ByteRange { trans } => mark(trans.start, trans.end),
                State::Sparse(sparse) => sparse.transitions.iter().for_each(|t| mark(t.start, t.end)),
                State::Dense(_) => mark(0, 255),
                _ => {}
            }
        }
        (0..=255).filter(move |byte: &u8| read[usize::from(*byte)])
    }

    /// States after one byte of some kind.
    fn step(&mut self, states: &States, of: impl Fn(u8) -> bool) -> States {
        let mut next = States::new();
        for id in states {
            match self.nfa.state(*id) {
                State::ByteRange { trans } if (trans.start..=trans.end).any(&of) => self.add(trans.next, &mut next),
                State::Sparse(sparse) => {
                    for t in sparse.transitions.iter().filter(|t| (t.start..=t.end).any(&of)) {
                        self.add(t.next, &mut next);
                    }
                }
                State::Dense(dense) => (0..=255).filter(|b| of(*b)).for_each(|b| self.add(dense.transitions[usize::from(b)], &mut next)),
                _ => {}
            }
        }
        self.clear();
        next
    }

    /// Adds a state with all that it reaches without a byte. What looks at neighbors is let through.
    fn add(&mut self, id: StateID, states: &mut States) {
        self.stack.push(id);
        while let Some(id) = self.stack.pop() {
            if core::mem::replace(&mut self.seen[id.as_usize()], true) {
                continue;
            }
            self.visited.push(id);
            match self.nfa.state(id) {
                State::ByteRange { .. } | State::Sparse(_) | State::Dense(_) | State::Match { .. } => states.push(id),
                State::Look { next, .. } | State::Capture { next, .. } => self.stack.push(*next),
                State::Union { alternates } => self.stack.extend_from_slice(alternates),
                State::BinaryUnion { alt1, alt2 } => self.stack.extend([*alt1, *alt2]),
                State::Fail => {}
            }
        }
    }

    /// Forgets what was seen: the next set begins.
    fn clear(&mut self) {
        self.visited.drain(..).for_each(|id| self.seen[id.as_usize()] = false);
    }
}

#[cfg(test)]
mod tests {
    use super::{Read, Triggered};
    use crate::compile::pattern::Automaton;
    use crate::text::Tokens;
    use proptest::prelude::*;

    const REGEXES: [&str; 14] = [
        "no (?:rx|prescription|questions?)\\b",
        "no[a-z ]{0,9}x",
        "n",
        "no",
        "(?:no|without) .{0,4}rx",
        "now?\\b",
        "no(?:w|t)? [0-9]+ ?g\\b",
        "[0-9]{1,4}(?:\\.[0-9]{1,2})? ?(?:g|mg|gr)\\b",
        "[0-9]{4}\\b",
        "4[0-9]{3}[ -]?[0-9]{4}",
        "[0-9]+,[0-9]{2} ?(?:usd|x)?",
        "[0-9]\\.[0-9]\\.x",
        "(?:x|[0-9])[^a-z]{1,3}rx",
        "(?:[0-9]+ ?)+mg|no\\bz",
    ];

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

        /// What a pattern would match is never held back, and nothing is told twice.
        #[test]
        fn a_gate_lets_through_what_matches(
            text in prop::collection::vec(prop::sample::select(vec![
                "no", "now", "not", " ", "rx", "prescription", "question", "s", "4111", "12", "3", ".", ",", "g", "mg", "usd", "-", "x", "\0", "٣", "é",
            ]), 1..9),
        ) {
            let text = text.concat();
            let automata = REGEXES.map(Automaton::of);
            let all = || (0..REGEXES.len() as u32).collect::<Vec<_>>();
            let (word, number) = (Triggered::new(all()), Triggered::new(all()));
            let mut tokens = Tokens::default();
            tokens.read(text.as_bytes());
            for piece in &tokens.pieces {
                let (own, rest) = (&text.as_bytes()[piece.range()], &text.as_bytes()[piece.end as usize..]);
                let (triggered, read) = match own {
                    b"no" => (&word, Read::Word(own)),
                    _ if piece.number => (&number, Read::Number(own.len())),
                    _ => continue,
                };
                let mut told = Vec::new();
                triggered.each(&automata, read, rest, |pattern| told.push(pattern));
                let count = told.len();
                told.sort_unstable();
                told.dedup();
                prop_assert_eq!(told.len(), count, "{:?}", text);
                for (pattern, automaton) in automata.iter().enumerate() {
                    let matches = automaton.end_at(text.as_bytes(), piece.start as usize).is_some();
                    prop_assert!(!matches || told.contains(&(pattern as u32)), "{} in {:?} at {}", REGEXES[pattern], text, piece.start);
                }
            }
        }
    }

    #[test]
    fn a_gate_holds_back_what_cannot_match() {
        let automata = REGEXES.map(Automaton::of);
        let told = |read: Read<'_>, rest: &str| {
            let mut told = Vec::new();
            Triggered::new((0..14).collect()).each(&automata, read, rest.as_bytes(), |pattern| told.push(pattern));
            told.sort_unstable();
            told
        };
        assert_eq!(told(Read::Word(b"no"), " receipt"), [1, 2, 3, 4, 5]);
        assert_eq!(told(Read::Word(b"no"), ""), [2, 3, 5]);
        // Of patterns that take anything behind the number, little is known.
        assert_eq!(told(Read::Number(2), " mg"), [7, 10, 12, 13]);
        assert_eq!(told(Read::Number(4), "\n"), [8, 10, 12]);
        assert_eq!(told(Read::Number(3), "\n"), [12]);
    }
}
