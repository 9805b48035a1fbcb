//! One pattern as an automaton of `steps`: what compiled packs hold of it, so that no automaton is built while listings are scored. It is
//! made of a dense one and says the same. Invariant: whatever bytes it was read from, a search ends, within its window.

use super::steps::{CLASSES, Steps};
use crate::stored::{Damaged, Reader, Stored, Writer, sound};
use regex_automata::Anchored;
use regex_automata::dfa::{Automaton as _, dense};
use regex_automata::util::primitives::StateID;
use regex_automata::util::start;
use std::collections::HashMap;

/// Marks of nodes: a match ended before the last byte; one ends here if the text does; nothing matches any more.
const MATCHED: u16 = 1;
const MATCHES_AT_END: u16 = 2;
const DEAD: u16 = 4;

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
    steps: Steps,
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
        let mut starts = [0; BEFORE.len()];
        for (place, byte) in starts.iter_mut().zip(BEFORE) {
            *place = known.number(start(byte)?)?;
        }
        let mut steps = Steps::default();
        while let Some(state) = known.states.get(steps.len()).copied() {
            let mut places = Vec::with_capacity(bytes.len());
            for byte in &bytes {
                places.push(known.number(dense.next_state(state, *byte))?);
            }
            let mark = |holds: bool, mark: u16| if holds { mark } else { 0 };
            let marks = mark(dense.is_match_state(state), MATCHED)
                | mark(dense.is_match_state(dense.next_eoi_state(state)), MATCHES_AT_END)
                | mark(dense.is_dead_state(state), DEAD);
            steps.push(&places, marks);
        }
        Some(Dfa { classes, starts, steps })
    }

    /// End of the leftmost-first match in `at..end`, looking one byte further on both sides.
    pub(super) fn end_at(&self, haystack: &[u8], at: usize, end: usize) -> Option<usize> {
        let before = before(at.checked_sub(1).map(|i| haystack[i]));
        let mut node = self.steps.node(self.starts[before].into())?;
        let mut found = None;
        for (i, byte) in haystack[at..end].iter().enumerate() {
            node = self.steps.node(self.steps.next(node, self.classes[usize::from(*byte)]))?;
            if node.mark & (MATCHED | DEAD) != 0 {
                // A match shows one byte late, so that `\b` can look at it.
                if node.mark & DEAD != 0 {
                    return found;
                }
                found = Some(at + i);
            }
        }
        let matched = match haystack.get(end) {
            Some(byte) => self.steps.node(self.steps.next(node, self.classes[usize::from(*byte)]))?.mark & MATCHED,
            None => node.mark & MATCHES_AT_END,
        };
        if matched != 0 { Some(end) } else { found }
    }

    pub(super) fn memory_usage(&self) -> usize {
        self.steps.memory_usage()
    }
}

/// Numbers of states, in the order in which they are met.
#[derive(Default)]
struct Known {
    numbers: HashMap<StateID, u16>,
    states: Vec<StateID>,
}

impl Known {
    fn number(&mut self, state: StateID) -> Option<u16> {
        let number = u16::try_from(self.states.len()).ok()?;
        Some(*self.numbers.entry(state).or_insert_with(|| {
            self.states.push(state);
            number
        }))
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
        let steps = Steps::read(from, 0)?;
        sound(starts.iter().all(|place| usize::from(*place) < steps.len()))?;
        Ok(Dfa { classes, starts, steps })
    }
}
