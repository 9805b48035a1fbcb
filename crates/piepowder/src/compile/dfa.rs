//! One pattern as an automaton of `steps`: what compiled packs hold of it, so that no automaton is built while listings are scored. It is
//! made of a dense one and says the same. Invariant: whatever bytes it was read from, a search ends, within its window.

use super::steps::{CLASSES, Steps};
use crate::stored::{Damaged, Reader, Stored, Writer, sound};
use regex_automata::Anchored;
use regex_automata::dfa::{Automaton as _, dense};
use regex_automata::util::primitives::StateID;
use regex_automata::util::start;
use std::collections::HashMap;

/// The mark of a node where a match ends if the text does.
const MATCHES_AT_END: u16 = 1;

/// Where nothing matches any more.
const DEAD: u16 = 0;

/// So many nodes are laid out as rows: nearly all searches end within a few bytes of where they begin, and the first nodes are met there.
const ROWS: usize = 24;

/// What stands before a pattern, as far as automata tell it apart: the start of the text, a line feed, a carriage return, a byte of a word,
/// another.
const BEFORE: [Option<u8>; 5] = [None, Some(b'\n'), Some(b'\r'), Some(b'a'), Some(b' ')];

/// Which of them it is.
const fn before(byte: Option<u8>) -> usize {
    match byte {
        None => 0,
        Some(b'\n') => 1,
        Some(b'\r') => 2,
        Some(b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_') => 3,
        Some(_) => 4,
    }
}

#[derive(Debug)]
pub(super) struct Dfa {
    classes: [u8; 256],
    /// Where it starts, by what is before.
    starts: [u16; BEFORE.len()],
    /// Nodes from here on say that a match ended before the last byte.
    matched: u16,
    /// Node 0 is dead; others are in the order in which a search meets them.
    steps: Steps,
    /// Where the first nodes lead, by class.
    rows: Vec<[u16; CLASSES]>,
}

impl Dfa {
    /// What a dense automaton says, unless it tells apart more bytes than fit, or has too many states.
    pub(super) fn new(dense: &dense::DFA<Vec<u32>>) -> Option<Dfa> {
        let mut classes = [0; 256];
        let mut last = None;
        // Classes of the dense automaton are ranges of bytes.
        let mut bytes: Vec<u8> = Vec::new();
        for byte in 0..=255u8 {
            let class = dense.byte_classes().get(byte);
            if last != Some(class) {
                last = Some(class);
                bytes.push(byte);
            }
            classes[usize::from(byte)] = u8::try_from(bytes.len() - 1).ok()?;
        }
        if bytes.len() > CLASSES {
            return None;
        }
        let start = |byte| dense.start_state(&start::Config::new().anchored(Anchored::Yes).look_behind(byte)).ok();
        for byte in (0..=255).map(Some).chain([None]) {
            if start(byte)? != start(BEFORE[before(byte)])? {
                return None;
            }
        }
        let mut known = Known::default();
        for byte in BEFORE {
            known.number(start(byte)?);
        }
        let mut places = Vec::new();
        while let Some(state) = known.states.get(places.len() / bytes.len()).copied() {
            places.extend(bytes.iter().map(|byte| known.number(dense.next_state(state, *byte))));
        }
        // The dead one first, those where a match ended last.
        let kind = |state: &StateID| if dense.is_dead_state(*state) { 0 } else { 1 + u16::from(dense.is_match_state(*state)) };
        let mut order: Vec<usize> = (0..known.states.len()).collect();
        order.sort_by_key(|at| kind(&known.states[*at]));
        let is_dead_first = order.first().is_some_and(|at| kind(&known.states[*at]) == 0);
        // Number 0 says that nothing matches any more. An automaton without such a state would be told something untrue.
        let matched = order.iter().filter(|at| kind(&known.states[**at]) < 2).count();
        if !is_dead_first || order.len() > usize::from(u16::MAX) {
            return None;
        }
        let mut numbers = vec![0u16; order.len()];
        (0..).zip(&order).for_each(|(number, at)| numbers[*at] = number);
        let mut steps = Steps::default();
        for at in &order {
            let row: Vec<u16> = places[at * bytes.len()..][..bytes.len()].iter().map(|place| numbers[*place]).collect();
            let ends = dense.is_match_state(dense.next_eoi_state(known.states[*at]));
            steps.push(&row, if ends { MATCHES_AT_END } else { 0 });
        }
        let mut starts = [0; BEFORE.len()];
        for (place, byte) in starts.iter_mut().zip(BEFORE) {
            *place = numbers[known.number(start(byte)?)];
        }
        Some(Dfa::with(classes, starts, matched as u16, steps))
    }

    /// Lays out the first nodes.
    fn with(classes: [u8; 256], starts: [u16; BEFORE.len()], matched: u16, steps: Steps) -> Dfa {
        let row = |at| core::array::from_fn(|class| steps.node(at).map_or(0, |node| steps.next(node, class as u8) as u16));
        let rows = (0..steps.len().min(ROWS)).map(row).collect();
        Dfa { classes, starts, matched, steps, rows }
    }

    /// End of the leftmost-first match in `at..end`, looking one byte further on both sides.
    pub(super) fn end_at(&self, haystack: &[u8], at: usize, end: usize) -> Option<usize> {
        let before = before(at.checked_sub(1).map(|i| haystack[i]));
        let (mut node, mut found) = (self.starts[before], None);
        for (i, byte) in haystack[at..end].iter().enumerate() {
            node = self.step(node, *byte);
            if node == DEAD {
                return found;
            }
            // A match shows one byte late, so that `\b` can look at it.
            if node >= self.matched {
                found = Some(at + i);
            }
        }
        let matches = match haystack.get(end) {
            Some(byte) => self.step(node, *byte) >= self.matched,
            None => self.steps.node(node.into()).is_some_and(|node| node.mark == MATCHES_AT_END),
        };
        if matches { Some(end) } else { found }
    }

    #[inline]
    fn step(&self, node: u16, byte: u8) -> u16 {
        let class = self.classes[usize::from(byte)];
        match self.rows.get(usize::from(node)) {
            Some(row) => row[usize::from(class & 63)],
            None => self.steps.node(node.into()).map_or(DEAD, |node| self.steps.next(node, class) as u16),
        }
    }

    pub(super) fn memory_usage(&self) -> usize {
        self.steps.memory_usage() + size_of_val(&self.rows[..])
    }
}

/// Numbers of states, in the order in which they are met.
#[derive(Default)]
struct Known {
    numbers: HashMap<StateID, usize>,
    states: Vec<StateID>,
}

impl Known {
    fn number(&mut self, state: StateID) -> usize {
        *self.numbers.entry(state).or_insert_with(|| {
            self.states.push(state);
            self.states.len() - 1
        })
    }
}

impl Stored for Dfa {
    fn write(&self, out: &mut Writer) {
        // Classes are ranges: a bit says where one begins.
        let mut begins = [0u64; 4];
        for byte in 1..256 {
            begins[byte / 64] |= u64::from(self.classes[byte] != self.classes[byte - 1]) << (byte % 64);
        }
        begins.iter().for_each(|bits| bits.write(out));
        self.starts.iter().for_each(|place| place.write(out));
        self.matched.write(out);
        self.steps.write(out);
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Damaged> {
        let mut classes = [0; 256];
        let mut class = 0u8;
        for bytes in classes.chunks_mut(64) {
            let begins = u64::read(from)?;
            for (bit, slot) in bytes.iter_mut().enumerate() {
                class = class.saturating_add((begins >> bit & 1) as u8);
                *slot = class;
            }
        }
        sound(usize::from(class) < CLASSES)?;
        let mut starts = [0; BEFORE.len()];
        for place in &mut starts {
            *place = u16::read(from)?;
        }
        let matched = u16::read(from)?;
        let steps = Steps::read(from, 0)?;
        sound(starts.iter().all(|place| usize::from(*place) < steps.len()))?;
        Ok(Dfa::with(classes, starts, matched, steps))
    }
}
