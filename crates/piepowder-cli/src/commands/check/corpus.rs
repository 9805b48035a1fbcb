//! Labelled listings read and scored: how many rows of each label and market there are, and in how many each rule matched. Specific rules
//! are counted in all rows, but where excuses took back more than half of what they weigh; a signal where a specific group of the offense
//! counts, for only there it can count; an excuse where a rule of a group that it names matched. Invariant: a row is counted once, left out with its label, or rejected with a reason.

use crate::listings::Places;
use crate::terminal;
use anyhow::Result;
use piepowder::{Assessment, Engine, GroupId, GroupKind, RuleId, Status};
use piepowder_io::{Chunk, Columns, Frame, Framer, Line, Record};
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::Read;
use std::path::PathBuf;

/// The label of lawful listings.
pub(super) const BENIGN: &str = "benign";
/// Bad rows that are told one by one.
const TOLD: u64 = 20;

/// Rows by market and label: offenses in taxonomy order, then lawful.
pub(super) type Cells = BTreeMap<(usize, usize), u64>;

/// Under which keys a record holds its label and its market.
pub(super) struct Keys {
    pub(super) label: String,
    pub(super) market: Option<String>,
}

/// What was counted.
pub(super) struct Corpus<'e> {
    engine: &'e Engine,
    keys: Keys,
    markets: BTreeMap<String, usize>,
    /// Rows that are counted.
    pub(super) rows: u64,
    pub(super) rejected: u64,
    /// Rows with labels that are no offense and not lawful.
    pub(super) left_out: BTreeMap<String, u64>,
    pub(super) all: Cells,
    /// By offense: rows in which a specific group counts for it.
    company: Vec<Cells>,
    /// By excuse: rows in which a rule of a group that it names matched.
    excusable: BTreeMap<RuleId, Cells>,
    /// By rule and offense: rows in which it matched, as far as it could count.
    matched: BTreeMap<(RuleId, usize), Cells>,
    /// By group, the excuses that name it.
    excuses: BTreeMap<GroupId, Vec<RuleId>>,
}

impl<'e> Corpus<'e> {
    /// Reads and scores these files.
    pub(super) fn read(paths: &[PathBuf], keys: Keys, engine: &'e Engine, columns: &Columns, max_record: u32) -> Result<Self> {
        let offenses = engine.offenses().count();
        let mut corpus = Corpus {
            engine,
            keys,
            markets: BTreeMap::new(),
            rows: 0,
            rejected: 0,
            left_out: BTreeMap::new(),
            all: Cells::new(),
            company: vec![Cells::new(); offenses],
            excusable: BTreeMap::new(),
            matched: BTreeMap::new(),
            excuses: excuses(engine),
        };
        for place in Places::look(paths)?.places {
            let (name, reader) = place.open("check")?;
            corpus.file(Framer::new(name, reader, max_record), columns)?;
        }
        Ok(corpus)
    }

    fn file(&mut self, mut framer: Framer<Box<dyn Read + '_>>, columns: &Columns) -> Result<()> {
        let (mut record, mut chunk, mut scratch) = (Record::new(columns), Chunk::default(), self.engine.create_scratch());
        while framer.next_chunk(&mut chunk)? {
            for frame in chunk.frames() {
                let line = match frame {
                    Frame::Blank => continue,
                    Frame::TooLong(error) => {
                        self.reject(&error.to_string());
                        continue;
                    }
                    Frame::Record(line) => line,
                };
                if let Err(error) = record.read(&line) {
                    self.reject(&error.to_string());
                    continue;
                }
                let Some((label, market)) = self.place(&line) else { continue };
                let mut declared = Vec::new();
                let listing = record.listing(&line, &mut declared);
                let assessment = self.engine.assess_with(&mut scratch, &listing.with_declared(&declared));
                self.count(assessment, (market, label));
            }
        }
        Ok(())
    }

    fn reject(&mut self, error: &str) {
        self.rejected += 1;
        if self.rejected <= TOLD {
            terminal::tell(error);
        }
    }

    /// Label and market of a row; none when it is not to be counted, which is noted.
    fn place(&mut self, line: &Line<'_>) -> Option<(usize, usize)> {
        // The record was read, so this is JSON but for text that is not Unicode, and control characters that are let pass.
        let text: String = String::from_utf8_lossy(line.bytes()).chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let row: Value = serde_json::from_str(&text).unwrap_or_default();
        let value = |key: &str| match &row[key] {
            Value::String(text) => Some(text.clone()),
            Value::Null => None,
            other => Some(other.to_string()),
        };
        let Some(label) = value(&self.keys.label) else {
            self.reject(&format!("line {}: no `{}` says what the row is", line.number(), terminal::escape(&self.keys.label)));
            return None;
        };
        let offense = self.engine.offenses().position(|(_, o)| o.key() == label);
        let Some(label) = offense.or_else(|| (label == BENIGN).then_some(self.company.len())) else {
            *self.left_out.entry(label).or_default() += 1;
            return None;
        };
        let market = self.keys.market.as_deref().and_then(value).unwrap_or_default();
        let next = self.markets.len();
        Some((label, *self.markets.entry(market).or_insert(next)))
    }

    fn count(&mut self, assessment: &Assessment, cell: (usize, usize)) {
        let engine = self.engine;
        let add = |cells: &mut Cells| *cells.entry(cell).or_default() += 1;
        self.rows += 1;
        add(&mut self.all);
        let mut company = vec![false; self.company.len()];
        for net in assessment.groups().iter().filter(|n| n.net() > 0 && engine.group(n.group()).kind() == GroupKind::Specific) {
            company[net.offense().index()] = true;
        }
        for (offense, _) in company.iter().enumerate().filter(|(_, has)| **has) {
            add(&mut self.company[offense]);
        }
        let mut excusable: Vec<RuleId> = Vec::new();
        for rule in assessment.evidence().iter().filter_map(|line| line.rule()) {
            let group = engine.group_id(engine.rule(rule).group()).expect("a rule in force has its group");
            excusable.extend(self.excuses.get(&group).into_iter().flatten());
        }
        excusable.sort_unstable();
        excusable.dedup();
        for rule in assessment.evidence().iter().filter_map(|line| line.rule()) {
            let written = engine.rule(rule);
            let group = engine.group_id(written.group()).expect("a rule in force has its group");
            for (offense, about) in engine.offenses() {
                let weight = written.weight(about.key());
                let counts = match engine.group(group).kind() {
                    GroupKind::Signal => company[offense.index()],
                    GroupKind::Excuse => excusable.binary_search(&rule).is_ok(),
                    // A shadow has no part in its group's net.
                    _ if written.status() == Status::Shadow => true,
                    _ => assessment.groups().iter().any(|n| n.group() == group && n.offense() == offense && 2 * n.net() >= weight),
                };
                if weight != 0 && counts {
                    add(self.matched.entry((rule, offense.index())).or_default());
                }
            }
        }
        excusable.iter().for_each(|rule| add(self.excusable.entry(*rule).or_default()));
    }

    /// The rows in which a rule could count for an offense, and those in which it matched.
    pub(super) fn of(&self, rule: RuleId, offense: usize) -> (&Cells, &Cells) {
        static NONE: Cells = Cells::new();
        let among = match kind(self.engine, rule) {
            GroupKind::Signal => &self.company[offense],
            GroupKind::Excuse => self.excusable.get(&rule).unwrap_or(&NONE),
            _ => &self.all,
        };
        (among, self.matched.get(&(rule, offense)).unwrap_or(&NONE))
    }

    /// Rows with this label.
    pub(super) fn labelled(&self, label: usize) -> u64 {
        self.all.iter().filter(|((_, l), _)| *l == label).map(|(_, n)| n).sum()
    }

    /// How many markets there are, when they are told apart.
    pub(super) fn markets(&self) -> Option<usize> {
        self.keys.market.as_ref().map(|_| self.markets.len())
    }
}

fn kind(engine: &Engine, rule: RuleId) -> GroupKind {
    engine.group_id(engine.rule(rule).group()).map_or(GroupKind::Specific, |id| engine.group(id).kind())
}

fn excuses(engine: &Engine) -> BTreeMap<GroupId, Vec<RuleId>> {
    let mut excuses: BTreeMap<GroupId, Vec<RuleId>> = BTreeMap::new();
    for (id, rule) in engine.rules() {
        let Some(excuse) = rule.excuse() else { continue };
        for group in engine.rules().filter_map(|(_, r)| engine.group_id(r.group())) {
            let list = excuses.entry(group).or_default();
            if list.last() != Some(&id) && engine.group(group).is_excusable() && excuse.names(engine.group(group).key()) {
                list.push(id);
            }
        }
    }
    excuses
}
