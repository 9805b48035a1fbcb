//! The contestant: what a competent engineer writes in a day over the same terms and patterns. serde_json reads a line, `to_lowercase`
//! folds it, one aho-corasick automaton finds terms at word borders, one `RegexSet` the shapes, rayon spreads blocks of lines. It knows
//! no views, no groups, no excuses, no checksums, no spans in the original: its score is the plain sum of the weights of the rules found.

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, MatchKind};
use anyhow::{Context, Result};
use piepowder::{Dimension, EntityKind, Rule, Taxonomy};
use rayon::prelude::*;
use regex::bytes::{RegexSet, RegexSetBuilder};
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{BufRead, Write};

/// Lines that are read before they are spread over the threads.
const BLOCK: usize = 8_192;

/// The straightforward program, built.
#[derive(Debug)]
pub struct Baseline {
    terms: AhoCorasick,
    /// By pattern of `terms`: the rules, and whether word borders are asked for.
    term_rules: Vec<(Vec<u32>, bool)>,
    surface: RegexSet,
    surface_rules: Vec<u32>,
    original: RegexSet,
    original_rules: Vec<u32>,
    keys: Vec<String>,
    /// By rule, by offense.
    weights: Vec<Vec<i32>>,
    offenses: Vec<String>,
}

/// What a run saw.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Lines answered.
    pub rows: usize,
    /// Rules found, summed over the lines.
    pub matches: usize,
}

#[derive(Deserialize)]
struct Line<'a> {
    #[serde(default)]
    id: serde_json::Value,
    #[serde(borrow, default)]
    title: Cow<'a, str>,
    #[serde(borrow, default)]
    description: Cow<'a, str>,
}

/// Whether a term is written in a script without spaces, so that word borders say nothing.
fn spaceless(term: &str) -> bool {
    term.chars().any(|c| matches!(c, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}'))
}

fn dimension_regex(dimension: Dimension) -> &'static str {
    match dimension {
        Dimension::Mass => r"\b\d+(?:[.,/]\d+)?\s?(?:mcg|ug|mgs?|kgs?|kilos?|gr?|grams?|oz|ounces?|lbs?)\b",
        Dimension::Volume => r"\b\d+(?:[.,/]\d+)?\s?(?:ml|cl|l|ltr|lit(?:er|re)s?)\b",
        Dimension::Count => {
            r"\b\d+\s?(?:pills?|tabs?|tablets?|caps?|capsules?|pcs?|pieces?|units?|blotters?|vials?|amps?|ampoules?|rounds?|rds|packs?|pk)\b"
        }
        Dimension::Percent => r"\b\d+(?:[.,]\d+)?\s?%",
        _ => r"\b\d+\b",
    }
}

fn entity_regex(entity: EntityKind) -> &'static str {
    match entity {
        EntityKind::Card => r"\b[2-6]\d{3}(?:[ -]?\d){9,15}\b",
        EntityKind::Email => r"[a-z0-9._%+-]{1,64}@(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}\b",
        EntityKind::Btc => r"\b(?:[13][1-9A-HJ-NP-Za-km-z]{24,33}|bc1[02-9ac-hj-np-z]{11,71})\b",
        EntityKind::Onion => r"\b[a-z2-7]{56}\.onion\b",
        _ => r"\b\B",
    }
}

const MONEY: &str =
    r"(?:\$|€|£|¥|₹|₽|₩|₺|฿|₿)\s?\d|\b\d+(?:[.,]\d+)?\s?(?:\$|€|£|¥|usd|eur|euros?|gbp|jpy|yen|inr|btc|bitcoins?|xmr|monero|eth|ltc|dollars?)\b";

impl Baseline {
    /// The program over the terms and patterns of a taxonomy.
    ///
    /// # Errors
    /// When a pattern is no regular expression.
    pub fn new(taxonomy: &Taxonomy) -> Result<Baseline> {
        let offenses: Vec<String> = taxonomy.offenses().map(|o| o.key().to_string()).collect();
        let mut words: BTreeMap<String, (Vec<u32>, bool)> = BTreeMap::new();
        let (mut surface, mut original) = (Vec::new(), Vec::new());
        let (mut surface_rules, mut original_rules) = (Vec::new(), Vec::new());
        let (mut keys, mut weights) = (Vec::new(), Vec::new());
        for (index, rule) in (0_u32..).zip(taxonomy.rules().filter(|r| r.reads_text())) {
            keys.push(rule.key().to_string());
            weights.push(offenses.iter().map(|o| rule.weight(o)).collect());
            for (term, bounded) in rule.terms().map(|t| (t, !spaceless(t))).chain(rule.substrings().map(|t| (t, false))) {
                let entry = words.entry(term.to_lowercase()).or_insert_with(|| (Vec::new(), bounded));
                entry.0.push(index);
                entry.1 &= bounded;
            }
            for (reads_original, regex) in shapes(rule) {
                let (set, rules) = if reads_original { (&mut original, &mut original_rules) } else { (&mut surface, &mut surface_rules) };
                set.push(regex);
                rules.push(index);
            }
        }
        let terms = AhoCorasickBuilder::new().match_kind(MatchKind::LeftmostLongest).build(words.keys())?;
        // ASCII classes, as the packs ask for: with Unicode classes the set is a hundred times slower.
        let set = |patterns: &[String]| {
            RegexSetBuilder::new(patterns).unicode(false).size_limit(1 << 28).dfa_size_limit(1 << 26).build().context("patterns")
        };
        Ok(Baseline {
            terms,
            term_rules: words.into_values().collect(),
            surface: set(&surface)?,
            surface_rules,
            original: set(&original)?,
            original_rules,
            keys,
            weights,
            offenses,
        })
    }

    /// Answers one line, line feed included; how many rules were found.
    pub fn answer(&self, line: &[u8], out: &mut Vec<u8>) -> usize {
        let Ok(row) = serde_json::from_slice::<Line<'_>>(line) else {
            out.extend_from_slice(b"{\"error\":\"not a listing\"}\n");
            return 0;
        };
        let text = format!("{}\n{}", row.title, row.description);
        let folded = text.to_lowercase();
        let mut found: BTreeMap<u32, Option<(usize, usize)>> = BTreeMap::new();
        for found_term in self.terms.find_iter(&folded) {
            let (rules, bounded) = &self.term_rules[found_term.pattern().as_usize()];
            let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
            let inside = letter(folded[..found_term.start()].chars().next_back()) || letter(folded[found_term.end()..].chars().next());
            if !(*bounded && inside) {
                for rule in rules {
                    found.entry(*rule).or_insert(Some((found_term.start(), found_term.end())));
                }
            }
        }
        for i in self.surface.matches(folded.as_bytes()) {
            found.entry(self.surface_rules[i]).or_insert(None);
        }
        for i in self.original.matches(text.as_bytes()) {
            found.entry(self.original_rules[i]).or_insert(None);
        }
        self.write(&row.id, &found, out);
        found.len()
    }

    fn write(&self, id: &serde_json::Value, found: &BTreeMap<u32, Option<(usize, usize)>>, out: &mut Vec<u8>) {
        let scores: serde_json::Map<String, serde_json::Value> = self
            .offenses
            .iter()
            .enumerate()
            .map(|(o, key)| (key.clone(), found.keys().map(|r| self.weights[*r as usize][o]).sum::<i32>().into()))
            .collect();
        let matches: Vec<serde_json::Value> =
            found.iter().map(|(rule, span)| serde_json::json!({"rule": self.keys[*rule as usize], "span": span})).collect();
        let line = serde_json::json!({"id": id, "scores": scores, "matches": matches});
        out.extend_from_slice(line.to_string().as_bytes());
        out.push(b'\n');
    }

    /// Answers every line of a reader in its order, on the current rayon pool.
    ///
    /// # Errors
    /// When reading or writing fails.
    pub fn run(&self, mut input: impl BufRead, mut output: impl Write) -> std::io::Result<Totals> {
        let mut totals = Totals::default();
        loop {
            let mut block: Vec<Vec<u8>> = Vec::with_capacity(BLOCK);
            while block.len() < BLOCK {
                let mut line = Vec::new();
                if input.read_until(b'\n', &mut line)? == 0 {
                    break;
                }
                if !line.trim_ascii().is_empty() {
                    block.push(line);
                }
            }
            if block.is_empty() {
                output.flush()?;
                return Ok(totals);
            }
            let answers: Vec<(Vec<u8>, usize)> = block
                .par_iter()
                .map(|line| {
                    let mut out = Vec::new();
                    let matches = self.answer(line, &mut out);
                    (out, matches)
                })
                .collect();
            for (answer, matches) in answers {
                output.write_all(&answer)?;
                totals.rows += 1;
                totals.matches += matches;
            }
        }
    }
}

/// The regular expressions of a rule: its patterns, and one for each typed shape that it asks for; whether each reads the original.
fn shapes(rule: &Rule) -> Vec<(bool, String)> {
    let mut shapes: Vec<(bool, String)> = rule
        .patterns()
        .map(|p| {
            let bounded = !p.triggers().any(|t| t == "#currency");
            (p.reads_original(), format!("{}(?:{})", if bounded { r"\b" } else { "" }, p.regex()))
        })
        .collect();
    shapes.extend(rule.quantities().iter().map(|q| (false, dimension_regex(q.dimension()).to_string())));
    shapes.extend(rule.money().iter().map(|_| (false, MONEY.to_string())));
    shapes.extend(rule.entities().iter().map(|e| (true, entity_regex(*e).to_string())));
    shapes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_answered() {
        let baseline = Baseline::new(&piepowder_packs::taxonomy()).unwrap();
        let mut out = Vec::new();
        let input = b"{\"id\":\"a\",\"title\":\"Cocaine 3.5g\"}\n\nnot json\n".as_slice();
        let totals = baseline.run(input, &mut out).unwrap();
        assert_eq!(totals.rows, 2);
        assert!(totals.matches > 0);
        let lines: Vec<&str> = std::str::from_utf8(&out).unwrap().lines().collect();
        let first: serde_json::Value = serde_json::from_str(lines[0]).unwrap();
        assert!(first["scores"]["narcotics"].as_i64().unwrap() > 0);
        assert_eq!(lines[1], "{\"error\":\"not a listing\"}");
    }
}
