//! A gate is made of the patterns' own automata: nodes are sets of their states, and those that a listing most probably reaches with most
//! patterns left are explored first, until the rest is not worth its room. It compiles patterns and reads no listing. Invariant: a node
//! has every state that the text which leads to it may leave a pattern in, unless the pattern was given on the way.

use super::{CLASS_OF, CLASSES, Gate, Inside, Read, Steps, Way, words};
use crate::compile::pattern::{Automaton, nfa};
use crate::taxonomy::View;
use crate::text::is_common;
use core::cmp::Reverse;
use regex_automata::nfa::thompson::{NFA, State};
use std::collections::{BinaryHeap, HashMap};

/// How probable it is that a byte is of a class, in 1024 parts, after counts of letters in English text. It only decides what is explored.
static WEIGHTS: [u64; CLASSES] = {
    let mut weights = [2; CLASSES];
    let letters = *b"etaoinsrhldcumfpgwybvkxjqz";
    let parts = [84, 62, 56, 52, 48, 48, 44, 42, 34, 28, 26, 20, 20, 18, 15, 15, 14, 14, 13, 12, 8, 7, 4, 3, 3, 3];
    let mut at = 0;
    while at < letters.len() {
        weights[(letters[at] - b'a' + 1) as usize] = parts[at];
        at += 1;
    }
    let mut digit = 27;
    while digit < 37 {
        weights[digit] = 12;
        digit += 1;
    }
    // Space, point, comma, hyphen, slash.
    let signs = [130, 14, 10, 10, 6];
    let mut sign = 0;
    while sign < signs.len() {
        weights[42 + sign] = signs[sign];
        sign += 1;
    }
    weights
};

/// Certainty: a number stands here.
const SURE: u64 = 1 << 40;
/// How seldom a word stands somewhere, beside a number: a common one, another one.
const COMMON: u64 = 8;
const RARE: u64 = 256;
/// A node is explored if so many patterns, times the chance of coming there, are left.
const WORTH: u64 = SURE / 2_048;
/// Most places of a way that read on, and about most places.
const INNER: usize = 4_096;
const MOST: usize = 50_000;

/// Classes of digits, and of what stands in numbers.
const DIGITS: u64 = 0x3FF << 27;
const NUMBER: u64 = DIGITS | 0xF << 37 | 1 << CLASS_OF[b'.' as usize] | 1 << CLASS_OF[b',' as usize];

/// The automata of some patterns as one, of which the states are numbered through.
#[derive(Default)]
struct States {
    /// Classes that lead to another state, and that state.
    next: Vec<Vec<(u64, u32)>>,
    /// What reads a byte or is the end of a match.
    kind: Vec<Kind>,
    /// Where each state leads without a byte, once asked for: sorted.
    closures: Vec<Option<Box<[u32]>>>,
    /// The pattern that a state is of.
    owner: Vec<u16>,
}

enum Kind {
    Reads,
    Matches,
    /// Leads on without a byte to these.
    Leads(Vec<u32>),
}

impl States {
    /// Adds a pattern's automaton. What looks at neighbors is let through.
    fn add(&mut self, nfa: &NFA, pattern: u16) -> u32 {
        let first = self.kind.len() as u32;
        let of = |id: regex_automata::util::primitives::StateID| first + id.as_u32();
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
            self.owner.push(pattern);
        }
        first + nfa.start_anchored().as_u32()
    }

    /// States that read or match to which a state leads without a byte.
    fn closure(&mut self, state: u32) -> &[u32] {
        let States { kind, closures, .. } = self;
        closures[state as usize].get_or_insert_with(|| {
            let (mut stack, mut seen, mut found) = (vec![state], vec![state], Vec::new());
            while let Some(state) = stack.pop() {
                match &kind[state as usize] {
                    Kind::Reads | Kind::Matches => found.push(state),
                    Kind::Leads(to) => {
                        for next in to {
                            if !seen.contains(next) {
                                seen.push(*next);
                                stack.push(*next);
                            }
                        }
                    }
                }
            }
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
    fn place(&mut self, reached: Vec<u32>) -> Place {
        let mut set = self.closures(reached);
        let mut given: Vec<u16> = Vec::new();
        given.extend(set.iter().filter(|s| matches!(self.kind[**s as usize], Kind::Matches)).map(|s| self.owner[*s as usize]));
        given.dedup();
        // Patterns are added in order, so that states in order are in the order of their patterns.
        set.retain(|s| given.binary_search(&self.owner[*s as usize]).is_err());
        Place { set, given }
    }

    /// States to which states lead by one byte of some classes.
    fn reached(&self, set: &[u32], classes: u64) -> Vec<u32> {
        set.iter().flat_map(|s| &self.next[*s as usize]).filter(|(mask, _)| mask & classes != 0).map(|(_, to)| *to).collect()
    }

    /// All states that some number may leave a pattern in: what stands in numbers is read until nothing is new.
    fn behind_numbers(&mut self, start: &[u32]) -> Vec<u32> {
        let mut all = start.to_vec();
        loop {
            let mut more = self.closures(self.reached(&all, NUMBER));
            // What matched within was given there.
            more.retain(|state| matches!(self.kind[*state as usize], Kind::Reads));
            more.extend_from_slice(&all);
            more.sort_unstable();
            more.dedup();
            if more.len() == all.len() {
                return all;
            }
            all = more;
        }
    }

    /// Whether a pattern that is in a state may match before a number ends.
    fn within_numbers(&mut self) -> Vec<bool> {
        let mut within: Vec<bool> = self.kind.iter().map(|kind| matches!(kind, Kind::Matches)).collect();
        loop {
            let mut more = false;
            for state in 0..self.next.len() {
                let reads = |within: &bool| !*within && matches!(self.kind[state], Kind::Reads);
                if reads(&within[state]) {
                    let next = self.reached(&[state as u32], NUMBER);
                    within[state] = self.closures(next).iter().any(|next| within[*next as usize]);
                    more |= within[state];
                }
            }
            if !more {
                return within;
            }
        }
    }

    /// The places behind a place, by classes of bytes.
    fn step(&mut self, set: &[u32]) -> Vec<(u64, Place)> {
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
fn bits(set: u64) -> impl Iterator<Item = usize> {
    (0..CLASSES).filter(move |class| set >> class & 1 == 1)
}

/// The classes of bytes from one to another, as a set.
fn classes(from: u8, to: u8) -> u64 {
    (from..=to).fold(0, |set, byte| set | 1 << CLASS_OF[usize::from(byte)])
}

/// What is known behind some text.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Place {
    /// States of the patterns that may still match.
    set: Vec<u32>,
    /// Patterns that may match with the last byte.
    given: Vec<u16>,
}

/// A place, and where it goes to if it is explored.
struct Found {
    place: Place,
    /// How often a text comes there, as far as that was not passed on.
    chance: u64,
    next: Option<[u32; CLASSES]>,
}

/// Makes the gate of some patterns, which are in order.
pub(super) fn explore(patterns: &[u32], automata: &[Automaton], read: Read<'_>) -> Gate {
    let mut states = States::default();
    let (mut given, mut starts) = (Vec::new(), Vec::new());
    for (local, pattern) in (0..).zip(patterns) {
        let automaton = &automata[*pattern as usize];
        match automaton.view {
            // The original has letter case and markup where the trigger was found without.
            View::Original => given.push(local),
            // One that does not compile never matches: see `Tried::new`.
            View::Surface => starts.extend(nfa(automaton.regex()).ok().map(|nfa| states.add(&nfa, local))),
        }
    }
    let mut root = states.place(starts);
    given.append(&mut root.given);
    match read {
        Read::Word(word) => {
            for byte in word {
                root = states.place(states.reached(&root.set, 1 << CLASS_OF[usize::from(*byte)]));
                given.append(&mut root.given);
            }
            given.sort_unstable();
            root.given = given;
            let chance = if word.len() < 4 || is_common(word) { SURE / COMMON } else { SURE / RARE };
            Gate { inside: None, behind: Exploration::of(&mut states, root, chance, u64::MAX).way() }
        }
        Read::Number(_) => {
            given.sort_unstable();
            root.given = given;
            let all = Place { set: states.behind_numbers(&root.set), given: Vec::new() };
            let behind = Exploration::of(&mut states, all, SURE, !DIGITS).way();
            let within = states.within_numbers();
            let inside = Exploration::of(&mut states, root, SURE, NUMBER).inside(&within, patterns.len());
            Gate { inside: Some(inside), behind }
        }
    }
}

/// A way under construction.
struct Exploration<'s> {
    states: &'s mut States,
    found: Vec<Found>,
    /// What reads on, in the order in which it was explored.
    inner: Vec<u32>,
}

impl<'s> Exploration<'s> {
    /// Explores what is behind a place that is reached with this chance, by bytes of these classes first.
    fn of(states: &'s mut States, root: Place, chance: u64, first: u64) -> Self {
        let mut exploration = Exploration { states, found: Vec::new(), inner: Vec::new() };
        let mut known = HashMap::from([(root.clone(), 0)]);
        exploration.found.push(Found { place: root, chance, next: None });
        let mut worth = BinaryHeap::from([(exploration.worth(0), Reverse(0))]);
        while let Some((value, Reverse(at))) = worth.pop() {
            if value < WORTH {
                break;
            }
            let found = &exploration.found[at as usize];
            let full = exploration.inner.len() >= INNER || exploration.found.len() >= MOST;
            // What was worth more when it was noted, or less, is noted once more.
            if exploration.worth(at) == value && !(full && found.next.is_none()) {
                exploration.go_on(at, if at == 0 || first == NUMBER { first } else { u64::MAX }, &mut known, &mut worth);
            }
        }
        exploration
    }

    /// How many patterns are left at a place, times the chance that was not passed on from there yet.
    fn worth(&self, at: u32) -> u64 {
        self.found[at as usize].chance * self.left(at).count() as u64
    }

    /// Passes on the chance of a place, which is explored unless it was before.
    fn go_on(&mut self, at: u32, likely: u64, known: &mut HashMap<Place, u32>, worth: &mut BinaryHeap<(u64, Reverse<u32>)>) {
        let chance = core::mem::take(&mut self.found[at as usize].chance);
        // Texts end.
        let chance = (chance - chance / 16) / bits(likely).map(|class| WEIGHTS[class]).sum::<u64>();
        if self.found[at as usize].next.is_none() {
            self.expand(at, known);
        }
        let next = self.found[at as usize].next.unwrap_or([at; CLASSES]);
        bits(likely).for_each(|class| self.found[next[class] as usize].chance += chance * WEIGHTS[class]);
        let mut places = next;
        places.sort_unstable();
        for own in places.chunk_by(|a, b| a == b) {
            worth.push((self.worth(own[0]), Reverse(own[0])));
        }
    }

    fn expand(&mut self, at: u32, known: &mut HashMap<Place, u32>) {
        let mut next = [0; CLASSES];
        for (part, place) in self.states.step(&self.found[at as usize].place.set) {
            let number = known.len() as u32;
            let number = *known.entry(place).or_insert_with_key(|place| {
                self.found.push(Found { place: place.clone(), chance: 0, next: None });
                number
            });
            bits(part).for_each(|class| next[class] = number);
        }
        self.found[at as usize].next = Some(next);
        self.inner.push(at);
    }

    /// Patterns that may still match at a place.
    fn left(&self, place: u32) -> impl Iterator<Item = u16> {
        let owner = |state: &u32| self.states.owner[*state as usize];
        self.found[place as usize].place.set.chunk_by(move |a, b| owner(a) == owner(b)).map(move |own| owner(&own[0]))
    }

    /// The way, of which the ends give all that is left.
    fn way(&self) -> Way {
        self.finish(|_, given, left| given.append(left)).0
    }

    /// The way through numbers, and what is left at each of its places. Where it ends before the number does, what may match further on in it is
    /// given.
    fn inside(&self, within: &[bool], patterns: usize) -> Inside {
        let split = |set: &[u32], given: &mut Vec<u16>, left: &mut Vec<u16>| {
            let owners = &self.states.owner;
            given.extend(set.iter().filter(|state| within[**state as usize]).map(|state| owners[*state as usize]));
            given.sort_unstable();
            given.dedup();
            left.retain(|local| given.binary_search(local).is_err());
        };
        let (way, left) = self.finish(split);
        let words = words(patterns);
        let mut sets = vec![0; left.len() * words];
        for (set, left) in sets.chunks_mut(words).zip(left) {
            left.iter().for_each(|local| set[usize::from(local / 64)] |= 1 << (local % 64));
        }
        Inside { way, left: sets, words }
    }

    /// The places that read on, then those that do not, and what is left at each. `end` says of the latter, by their states, what of that is to be
    /// given there.
    fn finish(&self, end: impl Fn(&[u32], &mut Vec<u16>, &mut Vec<u16>)) -> (Way, Vec<Vec<u16>>) {
        let mut way = Way { start: 0, steps: Steps::default(), lists: vec![0], given: Vec::new() };
        let mut add_list = |list: &[u16]| {
            way.given.extend_from_slice(list);
            way.lists.push(way.given.len() as u32);
            way.lists.len() as u16 - 2
        };
        let empty = Vec::new();
        let mut numbers = vec![0; self.found.len()];
        (0..).zip(&self.inner).for_each(|(number, at)| numbers[*at as usize] = number);
        let mut all_left: Vec<Vec<u16>> = self.inner.iter().map(|at| self.left(*at).collect()).collect();
        // The first list is empty: at most places there is nothing to give.
        all_left.push(Vec::new());
        let mut ends = HashMap::from([((Vec::new(), Vec::new()), self.inner.len() as u16 + add_list(&[]))]);
        for at in (0..self.found.len() as u32).filter(|at| self.found[*at as usize].next.is_none()) {
            let place = &self.found[at as usize].place;
            let (mut given, mut left) = (place.given.clone(), self.left(at).collect());
            end(&place.set, &mut given, &mut left);
            numbers[at as usize] = *ends.entry((given, left)).or_insert_with_key(|(given, left)| {
                all_left.push(left.clone());
                self.inner.len() as u16 + add_list(given)
            });
        }
        way.start = numbers[0];
        let mut lists = HashMap::from([(&empty, 0)]);
        for at in &self.inner {
            let found = &self.found[*at as usize];
            let list = *lists.entry(&found.place.given).or_insert_with_key(|given| add_list(given));
            let next = found.next.unwrap_or([0; CLASSES]).map(|place| numbers[place as usize]);
            way.steps.push(&next, list);
        }
        (way, all_left)
    }
}
