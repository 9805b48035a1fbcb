//! Runs: the decoded text cut at gaps into sequences of characters that can be read (`docs/SEMANTICS.md`, section 4a), and those that
//! symbols part cut further. It knows no words. Invariant: runs are in order and do not overlap; each has a unit.

use super::Unveiled;
use super::rows::{ROW_GAP, ROW_SINGLES};
use crate::text::classes::{Class, class};
use crate::text::decode::decode;
use crate::text::units::{Kind, Seen, Unit, ascii_kind, is_unit, read};

/// A maximal sequence of characters without gaps, in bytes of the decoded text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Run {
    pub(super) start: u32,
    pub(super) end: u32,
    /// Its units.
    pub(super) units: (u32, u32),
    pub(super) gap: Gap,
    /// Whether there is a foreign mark in it, or between it and the run before.
    pub(super) foreign_mark: bool,
    pub(super) mark_before: bool,
    pub(super) in_row: bool,
    /// Whether a row or a line break has it.
    pub(super) taken: bool,
    /// Whether a block begins with it.
    pub(super) begins: bool,
}

impl Run {
    /// A run that begins at a byte with the unit of that number, behind a gap with or without a foreign mark. It has no units yet.
    fn new(start: usize, unit: usize, gap: Gap, mark_before: bool) -> Run {
        let (at, unit) = (start as u32, unit as u32);
        Run { start: at, end: at, units: (unit, unit), gap, foreign_mark: false, mark_before, in_row: false, taken: false, begins: true }
    }
}

/// The gap characters before a run: how many, and the first of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Gap {
    pub(super) characters: usize,
    pub(super) first: [char; 3],
}

impl Gap {
    pub(super) fn push(&mut self, c: char) {
        if let Some(place) = self.first.get_mut(self.characters) {
            *place = c;
        }
        self.characters += 1;
    }

    /// The gap, and another one behind it.
    pub(super) fn followed_by(mut self, other: &Gap) -> Gap {
        for c in other.first.iter().take(other.characters) {
            self.push(*c);
        }
        self.characters += other.characters.saturating_sub(other.first.len());
        self
    }

    /// How many of its first characters are spaces.
    pub(super) fn spaces(&self) -> usize {
        self.first.iter().take(self.characters).filter(|c| class(**c) == Class::Space).count()
    }

    /// Whether it is one line break, perhaps behind a hyphen.
    pub(super) fn is_break(&self) -> bool {
        let seen = self.first.get(..self.characters).unwrap_or_default();
        matches!(seen, ['\n'] | ['\r', '\n'] | ['-', '\n'] | ['-', '\r', '\n'])
    }
}

impl Unveiled {
    /// Cuts the decoded text into runs.
    pub(super) fn find_runs(&mut self, decoded: &[u8]) {
        self.runs.clear();
        self.units.clear();
        self.places.clear();
        let mut gap = Gap::default();
        let mut open: Option<Run> = None;
        let mut marks = false;
        let mut at = 0;
        while at < decoded.len() {
            // Most characters stand for themselves, as most of those behind them do. They are counted first, for room is made once for all.
            let plain = decoded[at..].iter().take_while(|byte| is_unit(**byte)).count();
            if plain > 0 {
                let (from, end) = (self.units.len(), at + plain);
                let unit = |byte: &u8| Unit { c: byte.to_ascii_lowercase() as char, kind: ascii_kind(*byte).unwrap_or(Kind::Plain) };
                self.units.extend(decoded[at..end].iter().map(unit));
                self.places.extend((at as u32..end as u32).map(|at| (at, at + 1)));
                let goes_on = open.is_some();
                let run = open.get_or_insert_with(|| Run::new(at, from, gap, marks));
                (run.end, run.units.1) = (end as u32, (from + plain) as u32);
                run.foreign_mark |= goes_on && marks;
                marks = false;
                at = end;
                continue;
            }
            let (c, len, _) = decode(&decoded[at..]);
            if c.is_ascii() {
                // What is no unit is a gap.
                if let Some(run) = open.take() {
                    self.runs.push(run);
                    gap = Gap::default();
                }
                gap.push(c);
                at += 1;
                continue;
            }
            let from = self.units.len();
            let run = open.map_or(from, |run| run.units.0 as usize);
            match read(c, &mut self.units, run) {
                Seen::Units => {
                    let end = (at + len) as u32;
                    self.places.resize(self.units.len(), (at as u32, end));
                    let goes_on = open.is_some();
                    let run = open.get_or_insert_with(|| Run::new(at, from, gap, marks));
                    (run.end, run.units.1) = (end, self.units.len() as u32);
                    run.foreign_mark |= goes_on && marks;
                    marks = false;
                }
                Seen::Dropped => {}
                // It belongs to the run if the run goes on behind it.
                Seen::ForeignMark => marks = true,
                Seen::Gap => {
                    if let Some(run) = open.take() {
                        self.runs.push(run);
                        gap = Gap::default();
                    }
                    gap.push(c);
                }
            }
            at += len;
        }
        self.runs.extend(open);
    }

    /// Parts runs such as `n+C` and `h!` beside other singles, and `c|o|c|a` anywhere: their symbols are gaps.
    pub(super) fn part_runs(&mut self) {
        if !self.runs.iter().any(|r| may_part(self.units_of(r))) {
            return;
        }
        // Copied and not swapped: buffers that change places grow once more on a second pass.
        let mut whole = core::mem::take(&mut self.spare);
        whole.clear();
        whole.append(&mut self.runs);
        // Symbols behind the last letter of a run are in the gap of the next one.
        let mut behind = Gap::default();
        for (at, run) in whole.iter().enumerate() {
            let units = &self.units[run.units.0 as usize..run.units.1 as usize];
            let single = |other: Option<&Run>, gap: &Gap| {
                other.is_some_and(|o| o.units.1 - o.units.0 == 1 || may_part(self.units_of(o))) && (1..=ROW_GAP).contains(&gap.characters)
            };
            let next = whole.get(at + 1);
            let beside = single(at.checked_sub(1).map(|before| &whole[before]), &run.gap) || next.is_some_and(|n| single(next, &n.gap));
            let mut gap = core::mem::take(&mut behind).followed_by(&run.gap);
            if !may_part(units) || !(beside || units.len() >= 2 * ROW_SINGLES - 1) {
                self.runs.push(Run { gap, ..*run });
                continue;
            }
            let mut mark_before = run.mark_before;
            for unit in run.units.0..run.units.1 {
                let seen = self.units[unit as usize];
                if seen.kind == Kind::Symbol {
                    gap.push(seen.c);
                    continue;
                }
                let (start, end) = self.places[unit as usize];
                self.runs.push(Run {
                    start,
                    end,
                    units: (unit, unit + 1),
                    gap: core::mem::take(&mut gap),
                    foreign_mark: false,
                    mark_before: core::mem::take(&mut mark_before),
                    ..*run
                });
            }
            behind = gap;
        }
        self.spare = whole;
    }

    /// The first unit of a run; of a single, the only one.
    pub(super) fn unit_of(&self, run: usize) -> Unit {
        self.units[self.runs[run].units.0 as usize]
    }

    pub(super) fn units_of(&self, run: &Run) -> &[Unit] {
        &self.units[run.units.0 as usize..run.units.1 as usize]
    }
}

/// Whether a run is letters that symbols part.
pub(super) fn may_part(units: &[Unit]) -> bool {
    let parts = |u: &Unit| u.kind == Kind::Symbol && matches!(u.c, '+' | '|' | '!');
    let apart = units.windows(2).all(|w| parts(&w[0]) || parts(&w[1]));
    units.len() > 1 && apart && units.iter().all(|u| u.is_letter() || parts(u)) && units.iter().any(|u| u.is_letter())
}
