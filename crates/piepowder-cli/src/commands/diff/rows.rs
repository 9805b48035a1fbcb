//! What changes over listings: tiers, and which rules' evidence came or went. Each row is scored by both sides, one row at a time.
//! Invariant: rows read are rows rejected and rows compared.

use super::Side;
use crate::terminal::{self, grouped};
use anyhow::Result;
use piepowder::{Assessment, Engine, Scratch};
use piepowder_io::{Chunk, Frame, Framer, Record};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::io::Read;

/// Bad rows that are told one by one.
const TOLD: u64 = 20;

/// In how many rows a rule's evidence came, or grew, and in how many it went, or shrank.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Moved {
    pub(super) gained: u64,
    pub(super) lost: u64,
}

/// A row whose tier changed.
pub(super) struct Changed {
    id: String,
    pub(super) from: usize,
    pub(super) to: usize,
    /// What each rule contributes more or less to the offense that decides, in centibans.
    pub(super) rules: BTreeMap<String, i32>,
}

/// What was seen over all rows.
pub(super) struct Rows {
    /// Tiers by rank, of the side A; those of B have the same names, for both have one policy.
    pub(super) tiers: Vec<String>,
    read: u64,
    pub(super) rejected: u64,
    rescored: u64,
    /// Rows by tier, before and after.
    pub(super) counts: [Vec<u64>; 2],
    evidence: BTreeMap<String, Moved>,
    pub(super) changed: Vec<Changed>,
    most: usize,
    scratches: (Scratch, Scratch),
}

/// What each rule contributes to each offense.
type Parts<'e> = BTreeMap<(&'e str, &'e str), i32>;

fn parts<'e>(engine: &'e Engine, assessment: &Assessment) -> Parts<'e> {
    let mut parts = BTreeMap::new();
    for line in assessment.evidence().iter().filter(|line| !line.is_shadow()) {
        let Some(rule) = line.rule() else { continue };
        for (offense, _) in assessment.offenses() {
            if line.weight(*offense) != 0 {
                *parts.entry((engine.rule(rule).key(), engine.offense(*offense).key())).or_insert(0) += line.weight(*offense);
            }
        }
    }
    parts
}

impl Rows {
    pub(super) fn new(a: &Engine, b: &Engine, most: usize) -> Rows {
        let tiers: Vec<String> = a.policy().tiers().iter().map(|t| t.name().to_owned()).collect();
        Rows {
            counts: [vec![0; tiers.len()], vec![0; tiers.len()]],
            tiers,
            read: 0,
            rejected: 0,
            rescored: 0,
            evidence: BTreeMap::new(),
            changed: Vec::new(),
            most,
            scratches: (a.create_scratch(), b.create_scratch()),
        }
    }

    /// Scores the records of an input with both sides.
    pub(super) fn read(&mut self, mut framer: Framer<Box<dyn Read + '_>>, a: &Side, b: &Side) -> Result<()> {
        // Each side has fields of its own, so each reads the record for itself.
        let (mut first, mut second) = (Record::new(&a.columns), Record::new(&b.columns));
        let mut chunk = Chunk::default();
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
                if let Err(error) = first.read(&line).and_then(|()| second.read(&line)) {
                    self.reject(&error.to_string());
                    continue;
                }
                let (mut one, mut two) = (Vec::new(), Vec::new());
                let listings = (first.listing(&line, &mut one), second.listing(&line, &mut two));
                let before = a.engine.assess_with(&mut self.scratches.0, &listings.0.with_declared(&one)).clone();
                let after = b.engine.assess_with(&mut self.scratches.1, &listings.1.with_declared(&two)).clone();
                self.compare(first.id(), (&a.engine, &before), (&b.engine, &after));
            }
        }
        Ok(())
    }

    fn reject(&mut self, error: &str) {
        self.read += 1;
        self.rejected += 1;
        if self.rejected <= TOLD {
            terminal::tell(error);
        }
    }

    fn compare(&mut self, id: &[u8], a: (&Engine, &Assessment), b: (&Engine, &Assessment)) {
        self.read += 1;
        let (from, to) = (a.1.decision().rank(), b.1.decision().rank());
        self.counts[0][from] += 1;
        self.counts[1][to] += 1;
        let (before, after) = (parts(a.0, a.1), parts(b.0, b.1));
        if before == after && from == to {
            return;
        }
        let mut shifts: BTreeMap<&str, BTreeMap<&str, i32>> = BTreeMap::new();
        for ((rule, offense), weight) in &after {
            shifts.entry(rule).or_default().insert(offense, weight - before.get(&(*rule, *offense)).unwrap_or(&0));
        }
        for ((rule, offense), weight) in before.iter().filter(|(key, _)| !after.contains_key(*key)) {
            shifts.entry(rule).or_default().insert(offense, -weight);
        }
        self.rescored += 1;
        for (rule, by_offense) in &shifts {
            let moved = by_offense.values().any(|w| *w > 0) as u64;
            let lost = by_offense.values().any(|w| *w < 0) as u64;
            if moved + lost > 0 {
                let sum = self.evidence.entry((*rule).to_owned()).or_default();
                (sum.gained, sum.lost) = (sum.gained + moved, sum.lost + lost);
            }
        }
        if from != to {
            // The side with the higher tier says which offense it is about.
            let (engine, assessment) = if to > from { b } else { a };
            let offense = assessment.decision().offense().map(|o| engine.offense(o).key());
            let rules = shifts.iter().filter_map(|(rule, by)| Some(((*rule).to_owned(), *by.get(offense?)?))).filter(|(_, w)| *w != 0);
            let id = String::from_utf8_lossy(id).into_owned();
            self.changed.push(Changed { id, from, to, rules: rules.collect() });
        }
    }

    pub(super) fn write_text(&self, out: &mut String) {
        let _ = writeln!(
            out,
            "\nlistings: {} read, {} rejected; {} with other evidence, {} with another tier",
            grouped(self.read),
            grouped(self.rejected),
            grouped(self.rescored),
            grouped(self.changed.len() as u64)
        );
        let mut table = vec![["tier", "A", "B"].map(str::to_owned).to_vec()];
        for (rank, tier) in self.tiers.iter().enumerate() {
            table.push(vec![tier.clone(), grouped(self.counts[0][rank]), grouped(self.counts[1][rank])]);
        }
        out.push_str(&terminal::table(&table, "  "));
        for ((from, to), rows) in self.moves() {
            let _ = writeln!(out, "  {} -> {}: {}", self.tiers[from], self.tiers[to], grouped(rows));
        }
        if !self.evidence.is_empty() {
            out.push_str("\nevidence, in listings\n");
            let mut most: Vec<(&String, &Moved)> = self.evidence.iter().collect();
            most.sort_by_key(|(_, moved)| std::cmp::Reverse(moved.gained + moved.lost));
            let mut table = vec![["gained", "lost", "rule"].map(str::to_owned).to_vec()];
            table.extend(most.iter().map(|(rule, moved)| vec![grouped(moved.gained), grouped(moved.lost), (*rule).clone()]));
            out.push_str(&terminal::table(&table, "  "));
        }
        if !self.changed.is_empty() && self.most > 0 {
            out.push_str("\nlistings with another tier\n");
            for changed in self.changed.iter().take(self.most) {
                let rules: Vec<String> = changed.rules.iter().map(|(rule, weight)| format!("{rule} {weight:+}")).collect();
                let id = terminal::escape(&changed.id);
                let _ = writeln!(out, "  {id}  {} -> {}  {}", self.tiers[changed.from], self.tiers[changed.to], rules.join(", "));
            }
            if self.changed.len() > self.most {
                let _ = writeln!(out, "  and {} more; --rows N shows more", grouped((self.changed.len() - self.most) as u64));
            }
        }
    }

    pub(super) fn json(&self) -> Value {
        let id = |raw: &str| serde_json::from_str::<Value>(raw).unwrap_or(Value::Null);
        let tiers: Vec<Value> =
            (0..self.tiers.len()).map(|r| json!({ "tier": self.tiers[r], "a": self.counts[0][r], "b": self.counts[1][r] })).collect();
        let moves = self.moves();
        let moves: Vec<Value> = moves.iter().map(|((f, t), rows)| json!({ "from": self.tiers[*f], "to": self.tiers[*t], "rows": rows })).collect();
        let evidence: Vec<Value> = self.evidence.iter().map(|(rule, m)| json!({ "rule": rule, "gained": m.gained, "lost": m.lost })).collect();
        let changed: Vec<Value> = self
            .changed
            .iter()
            .take(self.most)
            .map(|c| json!({ "id": id(&c.id), "from": self.tiers[c.from], "to": self.tiers[c.to], "rules": c.rules }))
            .collect();
        json!({
            "read": self.read,
            "rejected": self.rejected,
            "rescored": self.rescored,
            "tiers": tiers,
            "moves": moves,
            "evidence": evidence,
            "changed": changed,
        })
    }

    /// Rows by the tiers that they left and reached.
    fn moves(&self) -> BTreeMap<(usize, usize), u64> {
        let mut moves = BTreeMap::new();
        self.changed.iter().for_each(|c| *moves.entry((c.from, c.to)).or_insert(0) += 1);
        moves
    }
}
