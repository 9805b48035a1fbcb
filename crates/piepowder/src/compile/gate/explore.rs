//! A gate is made of the patterns' own automata: nodes are sets of their states, and those that a listing most probably reaches with most
//! patterns left are explored first, until the rest is not worth its room. It compiles patterns and reads no listing. Invariant: a node
//! that is not explored gives all patterns that are left there, and whatever the patterns are, the work has a bound.

use super::states::{DIGITS, NUMBER, Place, States, bits};
use super::{CLASS_OF, CLASSES, Gate, Inside, Read, Steps, Way, words};
use crate::compile::pattern::{Automaton, nfa};
use crate::taxonomy::View;
use crate::text::is_common;
use core::cmp::Reverse;
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
/// Most states that are put into places before exploring ends, and some more for each that is passed: numbers in the shipped packs take a million.
const WORK: usize = 1 << 24;

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
    /// States that were put into places.
    work: usize,
}

impl<'s> Exploration<'s> {
    /// Explores what is behind a place that is reached with this chance, by bytes of these classes first.
    fn of(states: &'s mut States, root: Place, chance: u64, first: u64) -> Self {
        let mut exploration = Exploration { states, found: Vec::new(), inner: Vec::new(), work: 0 };
        let mut known = HashMap::from([(root.clone(), 0)]);
        exploration.found.push(Found { place: root, chance, next: None });
        let mut worth = BinaryHeap::from([(exploration.worth(0), Reverse(0))]);
        while let Some((value, Reverse(at))) = worth.pop() {
            if value < WORTH || exploration.work > WORK {
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
        self.work += CLASSES;
        bits(likely).for_each(|class| self.found[next[class] as usize].chance += chance * WEIGHTS[class]);
        let mut places = next;
        places.sort_unstable();
        for own in places.chunk_by(|a, b| a == b) {
            worth.push((self.worth(own[0]), Reverse(own[0])));
        }
    }

    fn expand(&mut self, at: u32, known: &mut HashMap<Place, u32>) {
        let mut next = [0; CLASSES];
        self.work += self.found[at as usize].place.set.len();
        for (part, place) in self.states.step(&self.found[at as usize].place.set) {
            self.work += place.set.len();
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
