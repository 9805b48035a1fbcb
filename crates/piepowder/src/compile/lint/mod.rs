//! What is worth a look in rules that load and build: rules that can never count, terms that count where they should not, weights out of
//! line, patterns that cost too much. It changes nothing and is asked by those who check packs, never by building an engine. Invariant: a
//! problem is about rules in force, is a warning, and names its place; the same program gives the same problems.

mod cost;
mod counted;
mod looks;
mod reach;
mod weights;

use super::{Program, RuleCode};
use crate::diagnostic::Diagnostics;
use crate::id::RuleId;
use crate::taxonomy::{GroupKind, Rule};
use looks::Looks;
use std::sync::Arc;

/// How much is asked of packs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lints {
    /// What is a fault whenever it is found.
    Usual,
    /// Also what is a fault often, and has good reasons sometimes: common words that count alone, and one term in several groups.
    Pedantic,
}

/// All problems of the rules of a program.
pub(crate) fn lint(program: &Program, lints: Lints) -> Diagnostics {
    let mut problems = Diagnostics::default();
    let rules: Vec<Checked<'_>> = program.catalog.rules.iter().map(Arc::as_ref).zip(&program.rules).enumerate().map(Checked::new).collect();
    reach::unreachable(program, &rules, &mut problems);
    reach::shadowed(&rules, &mut problems);
    weights::out_of_line(program, &rules, &mut problems);
    cost::costly(&rules, &mut problems);
    if lints == Lints::Pedantic {
        counted::common_words(program, &rules, &mut problems);
        counted::in_several_groups(program, &rules, &mut problems);
    }
    problems
}

/// A rule with what it compiles to and what it looks for.
struct Checked<'p> {
    id: RuleId,
    rule: &'p Rule,
    code: &'p RuleCode,
    looks: Looks<'p>,
}

impl<'p> Checked<'p> {
    fn new((index, (rule, code)): (usize, (&'p Rule, &'p RuleCode))) -> Self {
        Checked { id: RuleId::new(index), rule, code, looks: Looks::of(rule) }
    }

    /// Whether it counts by itself: of a specific group, no shadow, with nothing that must be near or hold beside it.
    fn counts_alone(&self) -> bool {
        self.code.kind == GroupKind::Specific && !self.code.shadow && self.code.near.is_none() && self.code.conditions.is_empty()
    }
}
