//! Examples against an engine: does every rule match what it should, and does lawful text pass; and is every pattern cheap enough. It is how
//! packs are tested, by `piepowder check` and by authors' own tests. Invariant: what an example says is decided by the same run as scoring.

use super::{Engine, run};
use crate::compile::{Lints, Program, lint};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::evidence::Finding;
use crate::explanation::Misses;
use crate::id::{FieldId, RuleId};
use crate::listing::{Field, Listing, Value};
use crate::matcher::{Candidate, Rejection};
use crate::score::Weighing;
use crate::taxonomy::Examples;

/// The tier that lawful text must stay below; in a policy without it, the highest.
const REVIEW: &str = "review";

impl Engine {
    /// Runs examples: a `match` is an error when its rule does not match (P060), a `pass` when its rule matches and an offense reaches
    /// `review` all the same (P061). Rules that are not in force are skipped. A pattern with too large an automaton (P046) is an error
    /// here alone: building an engine does not build automata, and scoring runs such a pattern by slower means.
    ///
    /// ```
    /// use piepowder::{Engine, Examples, Source};
    ///
    /// let engine = Engine::builder().taxonomy(&piepowder_packs::taxonomy()).build()?;
    /// let text = "['narcotics.cocaine.name']\nmatch = ['Clean cocaine, 1 g']\npass = ['Garden chair']\n";
    /// let examples = Examples::from_sources([Source::new("narcotics/more.examples.toml", text)])?;
    /// assert!(engine.check(&examples).is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn check(&self, examples: &Examples) -> Diagnostics {
        let (mut problems, mut scratch) = (Diagnostics::default(), self.create_scratch());
        let tiers = self.policy().tiers();
        let review = tiers.iter().position(|t| t.name() == REVIEW).unwrap_or(tiers.len() - 1);
        for example in examples.iter() {
            let Some(rule) = self.rule_id(example.rule()) else { continue };
            let mut listing = Listing::new();
            let mut declared: Vec<(FieldId, Value<'_>)> = Vec::new();
            for (name, text) in example.fields() {
                match (Field::from_name(name), self.field(name)) {
                    (Some(field), _) => listing = listing.with(field, text.as_bytes()),
                    (None, Some(id)) => declared.push((id, Value::Text(text.as_bytes()))),
                    (None, None) => {}
                }
            }
            let mut matched = Matched(Vec::new());
            run::run(self, &mut scratch, &listing.with_declared(&declared), &mut matched);
            let matched = matched.0.contains(&rule);
            let flagged = scratch.assessment.tiers.iter().any(|tier| *tier >= review);
            let problem = match example.must_match() {
                true if !matched => Diagnostic::error(
                    "P060",
                    example.origin().clone(),
                    format!("`{}` does not match its example", example.rule()),
                    "expected to match",
                ),
                false if matched && flagged => Diagnostic::error(
                    "P061",
                    example.origin().clone(),
                    format!("lawful text of `{}` reaches review", example.rule()),
                    "expected to pass",
                ),
                _ => continue,
            };
            problems.push(problem.help("`piepowder explain` with this text shows every line of evidence"));
        }
        self.inner.program.too_large().for_each(|problem| problems.push(problem));
        problems
    }

    /// Warnings about the rules in force that building does not look for, since to look takes longer than scoring can wait: rules that
    /// can never count (P106, P107), weights out of line (P110), patterns that cost too much (P111).
    ///
    /// ```
    /// use piepowder::Engine;
    ///
    /// let engine = Engine::builder().taxonomy(&piepowder_packs::taxonomy()).build()?;
    /// assert!(engine.lint().is_empty());
    /// # Ok::<(), piepowder::Error>(())
    /// ```
    pub fn lint(&self) -> Diagnostics {
        lint(&self.inner.program, Lints::Usual)
    }

    /// What [`Engine::lint`] finds, and what is a fault often and has good reasons sometimes: common words that count alone (P108), terms
    /// that count in several groups (P109).
    pub fn lint_pedantically(&self) -> Diagnostics {
        lint(&self.inner.program, Lints::Pedantic)
    }
}

/// The rules that matched, whether or not they came to count.
struct Matched(Vec<RuleId>);

impl Misses for Matched {
    fn rejected(&mut self, _: &Candidate, _: Rejection) {}
    fn forgotten(&mut self) {}

    fn weighed(&mut self, _: &Program, findings: &[Finding], _: &Weighing) {
        self.0 = findings.iter().map(|f| f.rule).collect();
    }
}
