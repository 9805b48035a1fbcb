//! What a rule looks for, as a set of texts that compare: terms as the views cut them, patterns with each of their triggers, ranges.
//! Invariant: a rule whose set holds another's finds whatever the other finds, where both look into the same fields.

use crate::compile::term;
use crate::taxonomy::{Boundary, Rule, Term, Trigger};
use crate::text::Tokens;
use std::collections::BTreeMap;

/// What is looked for, and the term, if it is one.
pub(super) struct Looks<'p>(pub(super) BTreeMap<Look, Option<Term<'p>>>);

/// One thing that is looked for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Look {
    /// Pieces of a term, and where it may begin and end.
    Term(Vec<String>, Boundary),
    /// Whatever else, as text.
    Other(String),
}

impl<'p> Looks<'p> {
    pub(super) fn of(rule: &'p Rule) -> Self {
        let (mut looks, mut tokens) = (BTreeMap::new(), Tokens::default());
        for term in rule.terms.iter() {
            // A program was built of the rule, so its terms fold.
            let Ok((folded, boundary)) = term::prepare(term, rule, &mut tokens) else { continue };
            let pieces = tokens.pieces().iter().map(|p| folded[p.range()].to_owned()).collect();
            looks.insert(Look::Term(pieces, boundary), Some(term));
        }
        let mut other = |text: String| {
            looks.insert(Look::Other(text), None);
        };
        rule.substrings().for_each(|s| other(format!("substring {}", crate::text::fold(s))));
        for pattern in &rule.body().patterns {
            for trigger in &pattern.triggers {
                let at = if let Trigger::Word(word) = trigger { crate::text::fold(word) } else { trigger.word().to_owned() };
                other(format!("pattern {} {at} {}", pattern.view.word(), pattern.regex));
            }
        }
        rule.body().quantities.iter().for_each(|q| other(format!("{q:?}")));
        rule.body().money.iter().for_each(|m| other(format!("{m:?}")));
        rule.body().entities.iter().for_each(|e| other(format!("entity {}", e.word())));
        rule.body().disguise.iter().for_each(|d| other(format!("disguise {d}")));
        Looks(looks)
    }

    /// The terms, with what they are made of.
    pub(super) fn terms(&self) -> impl Iterator<Item = (&Look, &[String], Term<'p>)> {
        self.0.iter().filter_map(|(look, term)| match look {
            Look::Term(pieces, _) => Some((look, pieces.as_slice(), (*term)?)),
            Look::Other(_) => None,
        })
    }
}
