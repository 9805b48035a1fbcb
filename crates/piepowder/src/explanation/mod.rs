//! Why a listing has its tier, for people: the assessment, what nearly counted and why not, what would have changed it.
//! It adds nothing to a score. Invariant: an explanation's assessment is equal to the one that scoring gives.

mod excerpt;
mod json;
mod page;
mod plain;
mod sums;
mod text;
mod whatif;
mod words;

pub use page::Style;

use crate::assessment::Assessment;
use crate::compile::Program;
use crate::evidence::Finding;
use crate::id::{FieldId, RuleId};
use crate::matcher::{Candidate, Rejection};
use crate::score::Weighing;
use crate::span::Span;
use crate::taxonomy::GroupKind;

/// Why something that was seen did not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum MissReason {
    /// Nothing that the rule needs near it was there.
    Near,
    /// A condition of the rule on the listing's fields does not hold.
    Condition,
    /// A signal without a specific group of any offense that it could count for.
    Alone,
    /// An excuse with nothing to excuse in its reach.
    OutOfReach,
}

impl MissReason {
    /// The word in files.
    pub const fn word(self) -> &'static str {
        match self {
            MissReason::Near => "near",
            MissReason::Condition => "condition",
            MissReason::Alone => "alone",
            MissReason::OutOfReach => "out-of-reach",
        }
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for MissReason {
    /// As its word.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.word())
    }
}

/// Something that was seen and did not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NearMiss {
    rule: RuleId,
    reason: MissReason,
    field: FieldId,
    span: Option<Span>,
}

impl NearMiss {
    /// The rule.
    pub fn rule(&self) -> RuleId {
        self.rule
    }

    /// Why it did not count.
    pub fn reason(&self) -> MissReason {
        self.reason
    }

    /// Where it was seen.
    pub fn field(&self) -> FieldId {
        self.field
    }

    /// What was seen, in bytes of the field as handed in; none for conditions.
    pub fn span(&self) -> Option<Span> {
        self.span
    }
}

/// Who listens to a run: nobody when scoring, a list when explaining.
pub(crate) trait Misses {
    /// A candidate fell away.
    fn rejected(&mut self, candidate: &Candidate, why: Rejection);
    /// What was said so far does not hold: more has been read.
    fn forgotten(&mut self);
    /// The findings were weighed.
    fn weighed(&mut self, program: &Program, findings: &[Finding], weighing: &Weighing);
}

/// The listener of plain scoring.
pub(crate) struct Unheard;

impl Misses for Unheard {
    fn rejected(&mut self, _: &Candidate, _: Rejection) {}
    fn forgotten(&mut self) {}
    fn weighed(&mut self, _: &Program, _: &[Finding], _: &Weighing) {}
}

impl Misses for Vec<NearMiss> {
    fn rejected(&mut self, candidate: &Candidate, why: Rejection) {
        let reason = match why {
            Rejection::Condition => MissReason::Condition,
            Rejection::Near => MissReason::Near,
        };
        // One miss a rule and reason: the first in the field's order.
        if !self.iter().any(|m| m.rule == candidate.rule && m.reason == reason) {
            self.push(NearMiss { rule: candidate.rule, reason, field: candidate.field, span: Some(candidate.span) });
        }
    }

    fn forgotten(&mut self) {
        self.clear();
    }

    fn weighed(&mut self, program: &Program, findings: &[Finding], weighing: &Weighing) {
        // A rule that counts somewhere else has not been missed.
        self.retain(|m| findings.binary_search_by_key(&m.rule, |f| f.rule).is_err());
        for (finding, weights) in findings.iter().zip(&weighing.contributions) {
            let reason = match program.rules[finding.rule.index()].kind {
                GroupKind::Signal => MissReason::Alone,
                GroupKind::Excuse => MissReason::OutOfReach,
                GroupKind::Specific => continue,
            };
            let rule = &program.rules[finding.rule.index()];
            // A signal whose group counts is idle because stronger ones of its group spoke, and an excuse of what nobody said has nothing
            // to do: neither was missed.
            let spoke = weighing.nets.iter().any(|n| n.group() == rule.group);
            let named = |f: &Finding| rule.excuse.as_ref().is_none_or(|e| e.groups.binary_search(&program.rules[f.rule.index()].group).is_ok());
            if weights.iter().all(|w| *w == 0) && !spoke && findings.iter().any(named) {
                self.push(NearMiss { rule: finding.rule, reason, field: finding.field, span: finding.span });
            }
        }
        self.sort_unstable_by_key(|m| (m.field, m.span, m.rule, m.reason));
    }
}

/// A listing's assessment with what nearly counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    assessment: Assessment,
    misses: Vec<NearMiss>,
}

impl Explanation {
    pub(crate) fn new(assessment: Assessment, misses: Vec<NearMiss>) -> Self {
        Explanation { assessment, misses }
    }

    /// The assessment.
    pub fn assessment(&self) -> &Assessment {
        &self.assessment
    }

    /// What was seen and did not count, in reading order.
    pub fn near_misses(&self) -> &[NearMiss] {
        &self.misses
    }
}
