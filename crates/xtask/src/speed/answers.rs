//! Whether the contestants find the same: the sets of (listing, term or pattern) of piepowder and of Hyperscan, on listings of ASCII alone,
//! their differences counted by cause. The pack is the measured one with a rule a term, so that a rule names its term.
//! Invariant: every difference has exactly one cause.

use super::mix::Listing;
use super::patterns::PATTERNS;
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use std::io::{BufRead, BufReader};
use std::path::Path;

/// How often each thing was seen, differences by cause.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Agreement {
    pub(super) both: usize,
    pub(super) ours: BTreeMap<String, usize>,
    pub(super) theirs: BTreeMap<String, usize>,
}

/// What is known of one of our matches: its transforms, and its first span.
struct Own {
    transforms: Vec<String>,
    span: Option<String>,
}

/// Compares `piepowder score --evidence full` with pairs of the scanner, whose listings are numbered from 0.
pub(super) fn compare(listings: &[&Listing], terms: &[String], output: &Path, pairs: &Path) -> Result<Agreement> {
    let mut own: HashMap<(usize, usize), Own> = HashMap::new();
    let file = BufReader::new(std::fs::File::open(output).with_context(|| format!("{}", output.display()))?);
    let mut rows = 0;
    for (row, line) in file.lines().enumerate() {
        let answer: Value = serde_json::from_str(&line?)?;
        rows += 1;
        let listing: Value = serde_json::from_slice(&listings.get(row).context("more answers than listings")?.line)?;
        for evidence in answer["evidence"].as_array().with_context(|| format!("row {row} was not scored"))? {
            let Some(id) = evidence["rule"].as_str().and_then(|rule| id(rule, terms.len())) else { continue };
            let transforms = evidence["transforms"].as_array().into_iter().flatten().filter_map(|t| Some(t.as_str()?.to_string())).collect();
            let span = |i: usize| usize::try_from(evidence["span"][i].as_u64()?).ok();
            let text = evidence["field"].as_str().and_then(|field| listing[field].as_str());
            let span = text.and_then(|text| text.get(span(0)?..span(1)?)).map(str::to_lowercase);
            own.insert((row, id), Own { transforms, span });
        }
    }
    if rows != listings.len() {
        bail!("{rows} answers for {} listings", listings.len());
    }
    let mut agreement = Agreement::default();
    for line in std::fs::read_to_string(pairs)?.lines() {
        let (listing, id) = line.split_once(' ').with_context(|| format!("`{line}`"))?;
        let (listing, id): (usize, usize) = (listing.parse()?, id.parse()?);
        match own.remove(&(listing, id)) {
            Some(_) => agreement.both += 1,
            None => *agreement.theirs.entry(why_not(&listings[listing].text, id, terms)).or_default() += 1,
        }
    }
    for ((_, id), seen) in own {
        *agreement.ours.entry(why(&seen, id, terms)).or_default() += 1;
    }
    Ok(agreement)
}

/// `bench.tN` is term N, `bench.pN` the pattern behind all terms.
fn id(rule: &str, terms: usize) -> Option<usize> {
    let name = rule.strip_prefix("bench.")?;
    match name.strip_prefix('t') {
        Some(number) => number.parse().ok(),
        None => Some(terms + name.strip_prefix('p')?.parse::<usize>().ok()?),
    }
}

/// Why the engine found what a scanner of bytes does not.
fn why(own: &Own, id: usize, terms: &[String]) -> String {
    if own.transforms.iter().any(|t| t == "edit") {
        return "with a transform: a word an edit away".into();
    }
    if !own.transforms.is_empty() {
        return format!("with a transform: {}", own.transforms.join(", "));
    }
    match (terms.get(id), &own.span) {
        (Some(term), Some(span)) if span == term => "without: the term as it stands, directly beside a letter, a digit or `_`".into(),
        (Some(_), _) => "without: the term joined or parted in another way (hyphen, slash, line feed, several spaces, nothing)".into(),
        (None, _) => "without: a pattern".into(),
    }
}

/// Why the engine did not find what a scanner of bytes does, as far as the text tells.
fn why_not(text: &str, id: usize, terms: &[String]) -> String {
    let has_markup = |t: &str| t.contains('<') || t.contains('&');
    match terms.get(id) {
        _ if has_markup(text) => "in a listing with `<` or `&`: read as markup".into(),
        Some(term) if inside_number(text, term) => "a term that begins or ends inside a number with a point or a comma".into(),
        Some(_) => "a term, for another reason".into(),
        None => format!("a pattern that begins where none of its triggers does: `{}`", PATTERNS[id - terms.len()].0),
    }
}

/// Whether the term stands in the text so that a digit at its end is a part of a longer number.
fn inside_number(text: &str, term: &str) -> bool {
    let digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
    let mark = |byte: Option<&u8>| matches!(byte, Some(b'.' | b','));
    text.match_indices(term).any(|(at, _)| {
        let (before, from, behind) = (&text.as_bytes()[..at], term.as_bytes(), &text.as_bytes()[at + term.len()..]);
        let left = digit(from.first()) && mark(before.last()) && digit(before.iter().rev().nth(1));
        let right = digit(from.last()) && mark(behind.first()) && digit(behind.get(1));
        left || right
    })
}

#[cfg(test)]
mod tests {
    use super::super::mix::{Kind, pools};
    use super::*;

    #[test]
    fn numbers_go_on() {
        assert!(inside_number("a disk 10.5 cm", "disk 10") && inside_number("1,500 w", "500 w"));
        assert!(!inside_number("a disk 10. five", "disk 10") && !inside_number("a, 500 w", "500 w"));
    }

    #[test]
    fn differences_have_a_cause() {
        let folder = std::env::temp_dir().join(format!("piepowder-answers-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let long = format!(r#"{{"title":"x","description":"{}"}}"#, "y".repeat(300));
        let pools = pools(&[r#"{"title":"red-lamp, oak"}"#, &long]);
        let listings = pools.draw(Kind::Titles, 60);
        assert_eq!(listings.len(), 2);
        let terms = ["red lamp".to_string(), "oak".to_string(), "lamp".to_string()];
        let line = |evidence: &str| format!("{{\"evidence\":[{evidence}]}}\n");
        let one = |rule: &str, from: usize, to: usize, transforms: &str| {
            format!(r#"{{"rule":"bench.{rule}","field":"title","span":[{from},{to}],"transforms":[{transforms}]}}"#)
        };
        let first = line(&[one("t0", 0, 8, ""), one("t1", 10, 13, ""), one("p3", 0, 3, "")].join(","));
        let second = line(&[one("t2", 4, 8, "\"edit\""), one("t1", 10, 13, "")].join(","));
        std::fs::write(folder.join("ours"), first + &second).unwrap();
        std::fs::write(folder.join("theirs"), "0 1\n0 2\n1 4\n").unwrap();
        let found = compare(&listings, &terms, &folder.join("ours"), &folder.join("theirs")).unwrap();
        assert_eq!(found.both, 1);
        assert_eq!(found.ours.values().sum::<usize>(), 4);
        assert_eq!(found.ours.keys().filter(|k| k.starts_with("without")).count(), 3);
        assert_eq!(found.theirs.values().sum::<usize>(), 2);
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
