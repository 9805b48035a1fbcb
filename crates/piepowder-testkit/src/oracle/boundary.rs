//! How a term is looked for (docs/SEMANTICS.md, section 4): by its pieces, or as a text that begins and ends where its boundary lets it.
//! It searches nothing. Invariant: the form of a term depends on the rule's boundaries and the term alone.

use super::fold::fold;
use super::tokens;
use super::ucd::{self, Class};
use piepowder::Rule;

/// Where a text that is no sequence of pieces may stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Boundary {
    Anywhere,
    Prefix,
    Compound,
}

/// What of a term is looked for, folded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// The pieces, and their joined text.
    Pieces(Vec<String>, String),
    Text(String, Boundary),
}

impl Form {
    /// The form of a rule's term, and how many letters and digits it has.
    pub(super) fn of_term(rule: &Rule, term: &str) -> (Form, usize) {
        let text = fold(term);
        let letter = text.chars().find(|c| ucd::class(*c) == Class::Letter);
        let script = letter.and_then(ucd::script_code).unwrap_or("");
        let unsaid = if text.chars().any(|c| ucd::class(c) == Class::Letter && ucd::is_spaceless(c)) { "substring" } else { "word" };
        let counted = text.chars().filter(|c| matches!(ucd::class(*c), Class::Letter | Class::Digit)).count();
        let form = match rule.boundary(script).unwrap_or(unsaid) {
            "word" => {
                let pieces: Vec<String> = tokens::pieces(&text).into_iter().map(|p| p.text).collect();
                let joined = pieces.concat();
                Form::Pieces(pieces, joined)
            }
            "prefix" => Form::Text(text, Boundary::Prefix),
            "compound" => Form::Text(text, Boundary::Compound),
            "substring" => Form::Text(text, Boundary::Anywhere),
            other => panic!("the oracle does not know the boundary {other:?}"),
        };
        (form, counted)
    }
}
