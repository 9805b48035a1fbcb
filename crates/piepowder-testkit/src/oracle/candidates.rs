//! From a rule's sources to candidates in a listing's texts (docs/SEMANTICS.md, section 4). Conditions and `near` come later.
//! Invariant: of one rule no two candidates have the same field and span.

use super::boundary::{Boundary, Form};
use super::entity;
use super::fold::fold;
use super::pattern::Shape;
use super::quantity::{Found, Kind};
use super::text::{Candidate, FieldText};
use super::tokens::Link;
use super::view::{Place, View};
use piepowder::{Rule, Transforms};

/// What a rule looks for, folded and compiled once.
pub(super) struct Sources {
    terms: Vec<Sought>,
    substrings: Vec<String>,
    shapes: Vec<Shape>,
}

/// A term.
struct Sought {
    form: Form,
    /// Letters and digits.
    letters: usize,
    /// Of three ASCII letters at most, as it is written: accents make another word of it.
    is_short: bool,
}

impl Sought {
    fn new(rule: &Rule, written: &str) -> Sought {
        let (form, letters) = Form::of_term(rule, written);
        let by_pieces = matches!(form, Form::Pieces(..));
        Sought { form, letters, is_short: by_pieces && written.len() <= 3 && written.chars().all(|c| c.is_ascii_alphabetic()) }
    }

    fn places(&self, view: &View) -> Vec<Place> {
        match &self.form {
            Form::Pieces(term, joined) => of_term(term, joined, view),
            Form::Text(wanted, boundary) => of_text(wanted, *boundary, view),
        }
    }

    /// Whether a candidate for it is a word of letters with accents.
    fn is_another_word(&self, found: &Candidate, text: &FieldText) -> bool {
        let original = &text.original[found.span.range()];
        let characters = original.iter().filter(|byte| *byte >> 6 != 0b10).count();
        self.is_short && found.first == found.last && found.transforms == Transforms::ACCENT && characters == self.letters
    }
}

impl Sources {
    pub(super) fn new(rule: &Rule) -> Sources {
        Sources {
            terms: rule.terms().map(|term| Sought::new(rule, term)).collect(),
            substrings: rule.substrings().map(fold).collect(),
            shapes: rule.patterns().map(Shape::new).collect(),
        }
    }

    /// All candidates of the rule in one text, sorted by span.
    pub(super) fn candidates(&self, rule: &Rule, text: &FieldText) -> Vec<Candidate> {
        let mut all: Vec<Candidate> = self.others(rule, &text.surface).into_iter().map(|place| text.on_surface(place)).collect();
        for term in &self.terms {
            let found = term.places(&text.surface).into_iter().map(|place| text.on_surface(place));
            all.extend(found.filter(|candidate| !term.is_another_word(candidate, text)));
        }
        if let Some(view) = &text.unveiled {
            let found = self.places(rule, view, rule.disguised_from() as usize);
            all.extend(found.into_iter().filter_map(|place| text.on_unveiled(view, place)));
        }
        // A word that has to be mended first excuses nothing, and neither does what a page does not show.
        if let Some(view) = text.edited.as_ref().filter(|_| rule.excuse().is_none()) {
            let found = self.places(rule, view, rule.disguised_from() as usize);
            all.extend(found.into_iter().filter_map(|place| text.on_edited(view, place)));
        }
        if let Some(view) = text.verbatim.as_ref().filter(|_| rule.excuse().is_none()) {
            all.extend(self.places(rule, view, rule.disguised_from() as usize).into_iter().map(|place| text.on_verbatim(view, place)));
        }
        let of_patterns = self.shapes.iter().filter(|shape| shape.reads_original).flat_map(|shape| shape.on_original(text));
        let of_entities = rule.entities().iter().flat_map(|kind| entity::in_original(*kind, &text.original));
        all.extend(of_patterns.chain(of_entities).filter_map(|range| text.on_original(range)));
        dedup(&mut all);
        all
    }

    /// Where the rule's sources stand in a view, terms of fewer letters and digits left out.
    fn places(&self, rule: &Rule, view: &View, least: usize) -> Vec<Place> {
        let terms = self.terms.iter().filter(|term| term.letters >= least).flat_map(|term| term.places(view));
        terms.chain(self.others(rule, view)).collect()
    }

    /// Where what is no term stands in a view.
    fn others(&self, rule: &Rule, view: &View) -> Vec<Place> {
        let mut all = Vec::new();
        for substring in &self.substrings {
            all.extend(of_text(substring, Boundary::Anywhere, view));
        }
        for shape in self.shapes.iter().filter(|shape| !shape.reads_original) {
            all.extend(shape.places(view));
        }
        let quantities = view.quantities.iter().filter(|f| is_wanted_quantity(rule, f));
        for found in quantities.chain(view.money.iter().filter(|f| is_wanted_price(rule, f))) {
            all.push(Place { stretch: found.stretch.clone(), first: found.first, last: found.last });
        }
        for kind in rule.entities() {
            all.extend(entity::in_view(*kind, view.text()).into_iter().filter_map(|stretch| view.place(stretch)));
        }
        all
    }
}

/// Of candidates with the same field and span keeps one without an edit, then the one with the fewest transforms, then the smallest pieces;
/// sorts them by span.
pub(super) fn dedup(all: &mut Vec<Candidate>) {
    all.sort_by_key(|c| (c.field, c.span, c.transforms.contains(Transforms::EDIT), c.transforms.len(), c.first, c.last));
    all.dedup_by_key(|c| (c.field, c.span));
}

fn of_term(term: &[String], joined: &str, view: &View) -> Vec<Place> {
    let pieces = &view.pieces;
    let mut found = Vec::new();
    for first in view.pieces_with(&term[0]) {
        let Some(run) = pieces.get(first..first + term.len()) else { continue };
        let equal = run.iter().zip(term).all(|(piece, wanted)| piece.text == *wanted);
        let linked = run[1..].iter().all(|p| p.link != Link::Broken);
        if equal && linked {
            let last = first + term.len() - 1;
            found.push(Place { stretch: pieces[first].start..pieces[last].end, first, last });
        }
    }
    for cluster in view.clusters_with(joined) {
        let (first, last) = (cluster.first, cluster.last);
        found.push(Place { stretch: pieces[first].start..pieces[last].end, first, last });
    }
    found
}

fn of_text(wanted: &str, boundary: Boundary, view: &View) -> Vec<Place> {
    let text = view.text();
    let begins = |at: usize| view.pieces.iter().any(|p| p.start == at);
    let ends = |at: usize| view.pieces.iter().any(|p| p.end == at);
    let fits = |at: usize| match boundary {
        Boundary::Anywhere => true,
        Boundary::Prefix => begins(at),
        Boundary::Compound => begins(at) || ends(at + wanted.len()),
    };
    let starts = text.char_indices().map(|(at, _)| at).filter(|at| text[*at..].starts_with(wanted) && fits(*at));
    starts.filter_map(|at| view.place(at..at + wanted.len())).collect()
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
