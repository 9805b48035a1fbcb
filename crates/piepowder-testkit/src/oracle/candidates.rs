//! From a rule's sources to candidates in a listing's texts (docs/SEMANTICS.md, section 4). Conditions and `near` come later.
//! Invariant: of one rule no two candidates have the same field and span.

use super::entity;
use super::pattern::Shape;
use super::quantity::{Found, Kind};
use super::surface::fold;
use super::text::{Candidate, FieldText};
use super::tokens::{self, Link};
use super::ucd;
use piepowder::{EntityKind, Rule};

/// What a rule looks for, folded and compiled once.
pub(super) struct Sources {
    terms: Vec<Vec<String>>,
    substrings: Vec<String>,
    shapes: Vec<Shape>,
}

impl Sources {
    pub(super) fn new(rule: &Rule) -> Sources {
        let mut terms = Vec::new();
        let mut substrings: Vec<String> = rule.substrings().map(fold).collect();
        for term in rule.terms() {
            let folded = fold(term);
            let letter = |c: char| ucd::class(c) == ucd::Class::Letter && ucd::is_spaceless(c);
            if folded.chars().any(letter) {
                substrings.push(folded);
            } else {
                terms.push(tokens::pieces(&folded).into_iter().map(|p| p.text).collect());
            }
        }
        Sources { terms, substrings, shapes: rule.patterns().iter().map(Shape::new).collect() }
    }

    /// All candidates of the rule in one text, sorted by span.
    pub(super) fn candidates(&self, rule: &Rule, text: &FieldText) -> Vec<Candidate> {
        let mut all = Vec::new();
        for term in &self.terms {
            all.extend(of_term(term, text));
        }
        for substring in &self.substrings {
            all.extend(of_substring(substring, text));
        }
        for shape in &self.shapes {
            all.extend(shape.candidates(text));
        }
        for found in text.quantities.iter().filter(|f| is_wanted_quantity(rule, f)).chain(text.money.iter().filter(|f| is_wanted_price(rule, f))) {
            all.push(text.at_pieces(found.stretch.clone(), found.first, found.last));
        }
        for kind in rule.entities() {
            all.extend(of_entity(*kind, text));
        }
        all.sort_by_key(|c| (c.span, c.transforms.len(), c.first, c.last));
        all.dedup_by_key(|c| c.span);
        all
    }
}

fn of_term(term: &[String], text: &FieldText) -> Vec<Candidate> {
    let pieces = &text.pieces;
    let mut found = Vec::new();
    for first in 0..pieces.len() {
        let Some(run) = pieces.get(first..first + term.len()) else { break };
        let equal = run.iter().zip(term).all(|(piece, wanted)| piece.text == *wanted);
        let linked = run[1..].iter().all(|p| p.link != Link::Broken);
        if equal && linked {
            let last = first + term.len() - 1;
            found.push(text.at_pieces(pieces[first].start..pieces[last].end, first, last));
        }
    }
    let joined = term.concat();
    for cluster in text.clusters.iter().filter(|c| c.joined.as_ref() == Some(&joined)) {
        found.push(text.at_pieces(pieces[cluster.first].start..pieces[cluster.last].end, cluster.first, cluster.last));
    }
    found
}

fn of_substring(wanted: &str, text: &FieldText) -> Vec<Candidate> {
    let surface = &text.surface.text;
    let starts = surface.char_indices().map(|(at, _)| at).filter(|at| surface[*at..].starts_with(wanted));
    starts.filter_map(|at| text.at_stretch(at..at + wanted.len())).collect()
}

fn is_wanted_quantity(rule: &Rule, found: &Found) -> bool {
    let Kind::Quantity { dimension, unit, times } = found.kind else { return false };
    rule.quantities().iter().any(|range| {
        range.dimension() == dimension
            && (range.units().is_empty() || range.units().iter().any(|u| u == unit))
            && (range.min()..=range.max()).contains(&found.amount)
            && times >= range.times_min()
    })
}

fn is_wanted_price(rule: &Rule, found: &Found) -> bool {
    let Kind::Money { currency } = found.kind else { return false };
    rule.money().iter().any(|range| {
        (range.currencies().is_empty() || range.currencies().iter().any(|c| c == currency)) && (range.min()..=range.max()).contains(&found.amount)
    })
}

fn of_entity(kind: EntityKind, text: &FieldText) -> Vec<Candidate> {
    let surface = &text.surface.text;
    let stretches = match kind {
        EntityKind::Email => entity::emails(surface),
        EntityKind::Card => entity::cards(surface),
        EntityKind::Onion => entity::onions(surface),
        EntityKind::Btc => return entity::bitcoin(&text.original).into_iter().filter_map(|range| text.at_original(range)).collect(),
        other => panic!("the oracle does not know the entity {other:?}"),
    };
    stretches.into_iter().filter_map(|stretch| text.at_stretch(stretch)).collect()
}
