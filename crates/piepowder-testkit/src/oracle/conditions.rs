//! Conditions on a listing's fields, `near`, and what is kept of a rule's matches (docs/SEMANTICS.md, section 4). It knows nothing of weights.
//! Invariant: the kept matches are the best one and others in order of field and span.

use super::fold::fold;
use super::number::decimal;
use super::text::Candidate;
use piepowder::{Field, FieldId, Listing, Rule, Span, Test, Transforms};
use std::collections::BTreeMap;

/// Whether a rule's `where` holds.
pub(super) fn hold(rule: &Rule, listing: &Listing<'_>, field: &impl Fn(&str) -> FieldId) -> bool {
    rule.conditions().all(|(name, test)| {
        let bytes = listing.bytes(field(name));
        let folded = |bytes: &[u8]| fold(&String::from_utf8_lossy(bytes));
        let in_currency = |wanted: &Option<String>| match wanted {
            Some(code) => folded(listing.get(Field::Currency)) == fold(code),
            None => true,
        };
        match test {
            Test::AnyOf(texts) => texts.iter().any(|t| fold(t) == folded(bytes)),
            Test::Below(limit, currency) => decimal(bytes).is_some_and(|v| v < *limit) && in_currency(currency),
            Test::Above(limit, currency) => decimal(bytes).is_some_and(|v| v > *limit) && in_currency(currency),
            Test::Present(wanted) => bytes.is_empty() != *wanted,
            other => panic!("the oracle does not know the test {other:?}"),
        }
    })
}

/// The candidates that have something named near them; all when the rule asks for nothing.
pub(super) fn near(rule: &Rule, all: &BTreeMap<String, Vec<Candidate>>, group_of: &BTreeMap<String, String>) -> Vec<Candidate> {
    let own = all.get(rule.key()).cloned().unwrap_or_default();
    let Some((any, within)) = rule.near() else { return own };
    let reaches = |candidate: &Candidate, other: &Candidate| match other.field == candidate.field {
        true => candidate.distance(other) <= within as usize,
        false => rule.is_near_across_fields(),
    };
    let is_near = |candidate: &Candidate| {
        all.iter()
            .filter(|(key, _)| *key != rule.key() && names(any, key, &group_of[*key]))
            .any(|(_, others)| others.iter().any(|o| reaches(candidate, o)))
    };
    own.into_iter().filter(is_near).collect()
}

fn names(any: &[String], rule: &str, group: &str) -> bool {
    any.iter().any(|key| key == rule || key == group)
}

/// What is kept of a rule that matched.
#[derive(Clone, Debug)]
pub(super) struct Matched {
    /// Field of the best match, or of the first condition.
    pub(super) field: FieldId,
    /// The best match; none for a rule with conditions alone.
    pub(super) best: Option<(Span, Transforms)>,
    /// All that is kept, best first.
    pub(super) kept: Vec<Candidate>,
    pub(super) capped: bool,
}

impl Matched {
    /// The match of a rule with conditions alone.
    pub(super) fn by_condition(field: FieldId) -> Matched {
        Matched { field, best: None, kept: Vec::new(), capped: false }
    }

    /// The matches of a rule, or none.
    pub(super) fn keep(mut matches: Vec<Candidate>, most: usize) -> Option<Matched> {
        matches.sort_by_key(|c| (c.field, c.span.start, c.span.end));
        let rank = |c: &Candidate| (c.transforms.contains(Transforms::EDIT), c.transforms.len(), c.field, c.span.start, u32::MAX - c.span.len());
        let at = (0..matches.len()).min_by_key(|i| rank(&matches[*i]))?;
        let best = matches.remove(at);
        let capped = matches.len() + 1 > most;
        matches.truncate(most - 1);
        matches.insert(0, best.clone());
        Some(Matched { field: best.field, best: Some((best.span, best.transforms)), kept: matches, capped })
    }
}
