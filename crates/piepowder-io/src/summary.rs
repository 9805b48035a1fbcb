//! What a run came to: counts by outcome, tier, offense, rule, coverage and flag, with the digests that say of what engine.
//! It holds no text of any row and reads no clock. Invariant: counts add up (rows = scored + rejected), and merging is commutative,
//! so that threads and chunks cannot change a byte of it.

use crate::code::Code;
use crate::tally::{Table, Tally};
use piepowder::{Assessment, Engine, Flags};
use serde::{Serialize, Serializer};
use std::collections::BTreeMap;

/// Width of a bin of the score histograms, in centibans.
const BIN: i32 = 50;

/// Counts of a run.
#[derive(Clone, Debug)]
pub struct Summary {
    engine: Engine,
    counts: Counts,
}

/// Tables by id, tier rank, code and so on: adding a row touches no name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Counts {
    blank: u64,
    scored: u64,
    written: u64,
    rejected: Vec<u64>,
    tiers: Vec<u64>,
    /// For each offense, by the rank of the tier it reached itself.
    offense_tiers: Vec<Vec<u64>>,
    /// For each offense, by `score / 50` rounded down.
    histograms: Vec<Tally<i32>>,
    rules: Table,
    shadow: Table,
    coverage: Tally<&'static str>,
    reasons: Tally<&'static str>,
    flags: Tally<&'static str>,
}

/// Whether a scored row was written or lay below the least tier asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    Written,
    Withheld,
}

impl Summary {
    pub(crate) fn new(engine: &Engine) -> Self {
        let (tiers, offenses, rules) = (engine.policy().tiers().len(), engine.offenses().count(), engine.rules().count());
        let counts = Counts {
            rejected: vec![0; Code::ALL.len()],
            tiers: vec![0; tiers],
            offense_tiers: vec![vec![0; tiers]; offenses],
            histograms: vec![Tally::default(); offenses],
            rules: Table::new(rules),
            shadow: Table::new(rules),
            ..Counts::default()
        };
        Summary { engine: engine.clone(), counts }
    }

    pub(crate) fn blank(&mut self) {
        self.counts.blank += 1;
    }

    pub(crate) fn reject(&mut self, code: Code) {
        self.counts.rejected[code as usize] += 1;
    }

    /// Counts an assessment; `flags` are those of the source beside its own.
    pub(crate) fn score(&mut self, assessment: &Assessment, flags: Flags, fate: Fate) {
        let counts = &mut self.counts;
        counts.scored += 1;
        counts.written += u64::from(fate == Fate::Written);
        counts.tiers[assessment.decision().rank()] += 1;
        for (offense, score) in assessment.offenses() {
            counts.offense_tiers[offense.index()][assessment.rank_of(*offense)] += 1;
            counts.histograms[offense.index()].add(score.total().div_euclid(BIN), 1);
        }
        for line in assessment.evidence() {
            let weighs = assessment.offenses().iter().any(|(offense, _)| line.would_weigh(*offense) != 0);
            if let Some(rule) = line.rule().filter(|_| weighs) {
                let table = if line.is_shadow() { &mut counts.shadow } else { &mut counts.rules };
                table.add(rule.index(), 1);
            }
        }
        counts.coverage.add(assessment.coverage().word(), 1);
        counts.reasons.add(assessment.decision().reason().word(), 1);
        for name in assessment.flags().union(flags).names() {
            counts.flags.add(name, 1);
        }
    }

    /// Adds the counts of another part of the run, by the same engine.
    pub(crate) fn merge(&mut self, other: &Summary) {
        debug_assert_eq!(self.engine.digest(), other.engine.digest());
        let (into, from) = (&mut self.counts, &other.counts);
        into.blank += from.blank;
        into.scored += from.scored;
        into.written += from.written;
        add(&mut into.rejected, &from.rejected);
        add(&mut into.tiers, &from.tiers);
        into.rules.merge(&from.rules);
        into.shadow.merge(&from.shadow);
        into.offense_tiers.iter_mut().zip(&from.offense_tiers).for_each(|(a, b)| add(a, b));
        into.histograms.iter_mut().zip(&from.histograms).for_each(|(a, b)| a.merge(b));
        into.coverage.merge(&from.coverage);
        into.reasons.merge(&from.reasons);
        into.flags.merge(&from.flags);
    }

    pub(crate) fn clear(&mut self) {
        let counts = &mut self.counts;
        (counts.blank, counts.scored, counts.written) = (0, 0, 0);
        counts.rejected.fill(0);
        counts.tiers.fill(0);
        counts.rules.clear();
        counts.shadow.clear();
        counts.offense_tiers.iter_mut().for_each(|table| table.fill(0));
        counts.histograms.iter_mut().for_each(Tally::clear);
        for names in [&mut counts.coverage, &mut counts.reasons, &mut counts.flags] {
            names.clear();
        }
    }

    /// Rows of the input that are not blank: scored and rejected ones.
    pub fn rows(&self) -> u64 {
        self.counts.scored + self.rejected()
    }

    /// Blank lines.
    pub fn blank_lines(&self) -> u64 {
        self.counts.blank
    }

    /// Rows scored, written or not.
    pub fn scored(&self) -> u64 {
        self.counts.scored
    }

    /// Rows scored and written.
    pub fn written(&self) -> u64 {
        self.counts.written
    }

    /// Rows refused.
    pub fn rejected(&self) -> u64 {
        self.counts.rejected.iter().sum()
    }

    /// Rows refused for this reason.
    pub fn rejected_as(&self, code: Code) -> u64 {
        self.counts.rejected[code as usize]
    }

    /// Listings by their tier, lowest tier first.
    pub fn tiers(&self) -> impl Iterator<Item = (&str, u64)> {
        self.engine.policy().tiers().iter().map(|t| t.name()).zip(self.counts.tiers.iter().copied())
    }

    /// Appends the summary as pretty JSON with a line feed. Keys come in a fixed order; counts of rules, codes and bins only where they are not 0.
    pub fn write_json(&self, out: &mut Vec<u8>) {
        let counts = &self.counts;
        let engine = &self.engine;
        let tier_names = || engine.policy().tiers().iter().map(|t| t.name().to_owned());
        let rules = |table: &[u64]| {
            let pairs = engine.rules().map(|(_, rule)| rule.key().to_owned()).zip(table.iter().copied());
            pairs.filter(|(_, n)| *n > 0).collect::<BTreeMap<_, _>>()
        };
        let offense = |(index, key): (usize, &str)| {
            let tiers = Ordered(tier_names().zip(counts.offense_tiers[index].iter().copied()).collect());
            let histogram = counts.histograms[index].iter().map(|(bin, n)| (bin * BIN, n)).collect();
            (key.to_owned(), OffenseView { tiers, histogram })
        };
        let view = View {
            v: 1,
            piepowder: env!("CARGO_PKG_VERSION"),
            engine: engine.digest().to_string(),
            taxonomy: engine.taxonomy_digest().to_string(),
            policy: [engine.policy().name(), engine.policy().version()].join(" "),
            as_of: engine.as_of().to_string(),
            jurisdictions: engine.jurisdictions(),
            rows: self.rows(),
            blank_lines: counts.blank,
            scored: counts.scored,
            written: counts.written,
            rejected: self.rejected(),
            rejected_by_code: Code::ALL.iter().map(|c| (c.word(), self.rejected_as(*c))).filter(|(_, n)| *n > 0).collect(),
            tiers: Ordered(tier_names().zip(counts.tiers.iter().copied()).collect()),
            offenses: Ordered(engine.offenses().map(|(id, o)| (id.index(), o.key())).map(offense).collect()),
            rules: rules(counts.rules.counts()),
            shadow_rules: rules(counts.shadow.counts()),
            reasons: &counts.reasons,
            coverage: &counts.coverage,
            flags: &counts.flags,
        };
        serde_json::to_writer_pretty(&mut *out, &view).expect("a vector takes every byte, and all keys are strings or integers");
        out.push(b'\n');
    }
}

impl PartialEq for Summary {
    fn eq(&self, other: &Self) -> bool {
        (self.engine.digest(), &self.counts) == (other.engine.digest(), &other.counts)
    }
}

impl Eq for Summary {}

fn add(into: &mut [u64], from: &[u64]) {
    into.iter_mut().zip(from).for_each(|(a, b)| *a += b);
}

/// The file's shape, keys in this order.
#[derive(Serialize)]
struct View<'a> {
    v: u32,
    piepowder: &'static str,
    engine: String,
    taxonomy: String,
    policy: String,
    as_of: String,
    jurisdictions: &'a [String],
    rows: u64,
    blank_lines: u64,
    scored: u64,
    written: u64,
    rejected: u64,
    rejected_by_code: BTreeMap<&'static str, u64>,
    tiers: Ordered<u64>,
    offenses: Ordered<OffenseView>,
    rules: BTreeMap<String, u64>,
    shadow_rules: BTreeMap<String, u64>,
    reasons: &'a Tally<&'static str>,
    coverage: &'a Tally<&'static str>,
    flags: &'a Tally<&'static str>,
}

#[derive(Serialize)]
struct OffenseView {
    tiers: Ordered<u64>,
    /// By the lower edge of a bin of 50 centibans.
    histogram: BTreeMap<i32, u64>,
}

/// An object in the order of the list: tiers by rank, offenses as the taxonomy has them.
struct Ordered<T>(Vec<(String, T)>);

impl<T: Serialize> Serialize for Ordered<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}
