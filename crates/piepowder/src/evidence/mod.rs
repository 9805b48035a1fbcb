//! From matches to evidence on the original bytes: what was found, where, and what it contributed. View coordinates end here.
//! Invariants: spans are on character boundaries of valid UTF-8 and never empty; the order is total.

mod collect;
mod lines;
pub(crate) mod mask;

pub(crate) use collect::{Finding, add_conditions, collect};
pub(crate) use lines::{Order, lines};

use crate::id::{FieldId, OffenseId, RuleId};
use crate::limits::MAX_OFFENSES;
use crate::span::Span;
use crate::text::Transforms;

/// Centibans: `100` makes a proposition ten times likelier, `-100` ten times less.
pub(crate) type Weight = i32;

/// What kind of line a piece of evidence is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum EvidenceKind {
    /// A rule of a specific group.
    Rule,
    /// A rule of a signal group.
    Signal,
    /// A rule met by the listing's typed fields, not by a match in a text.
    Condition,
    /// Counter-evidence that took back what others contributed.
    Excuse,
}

impl EvidenceKind {
    /// The word in files.
    pub const fn word(self) -> &'static str {
        match self {
            EvidenceKind::Rule => "rule",
            EvidenceKind::Signal => "signal",
            EvidenceKind::Condition => "condition",
            EvidenceKind::Excuse => "excuse",
        }
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for EvidenceKind {
    /// As its word.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.word())
    }
}

/// One cited piece of evidence, with what it contributed to each offense.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    kind: EvidenceKind,
    rule: RuleId,
    field: FieldId,
    span: Option<Span>,
    transforms: Transforms,
    shadow: bool,
    weights: [i32; MAX_OFFENSES],
    /// The rule's other matches: a range of the assessment's span table.
    pub(crate) others: (u32, u32),
}

impl Evidence {
    /// A line that contributed nothing yet.
    pub fn new(kind: EvidenceKind, rule: RuleId, field: FieldId, span: Option<Span>, transforms: Transforms) -> Self {
        Evidence { kind, rule, field, span, transforms, shadow: false, weights: [0; MAX_OFFENSES], others: (0, 0) }
    }

    /// The line with what it adds to an offense, in centibans.
    ///
    /// # Panics
    /// When the offense's id is 16 or more; engines have at most 16 offenses.
    pub fn with_weight(mut self, offense: OffenseId, weight: Weight) -> Self {
        self.weights[offense.index()] = weight;
        self
    }

    /// The line as that of a shadow rule: its weights are what it would weigh.
    pub fn shadowed(mut self) -> Self {
        self.shadow = true;
        self
    }

    /// Rule, signal, condition or excuse.
    pub fn kind(&self) -> EvidenceKind {
        self.kind
    }

    /// The rule that is cited.
    pub fn rule(&self) -> Option<RuleId> {
        Some(self.rule)
    }

    /// Where it stands among the lines of an assessment.
    pub(crate) fn place(&self) -> u128 {
        lines::place(self.rule, self.field, self.span)
    }

    /// The field of the best match or of the first condition.
    pub fn field(&self) -> Option<FieldId> {
        Some(self.field)
    }

    /// The best match, in bytes of the field as handed in; none for conditions.
    pub fn span(&self) -> Option<Span> {
        self.span
    }

    /// What had to be undone to see the best match.
    pub fn transforms(&self) -> Transforms {
        self.transforms
    }

    /// Whether the rule is a shadow: cited, never counted.
    pub fn is_shadow(&self) -> bool {
        self.shadow
    }

    /// What the line contributed to the offense's score, in centibans. Negative for excuses, 0 for shadows.
    pub fn weight(&self, offense: OffenseId) -> Weight {
        if self.shadow { 0 } else { self.weights.get(offense.index()).copied().unwrap_or(0) }
    }

    /// What the rule would weigh if it were not a shadow; otherwise what it contributed.
    pub fn would_weigh(&self, offense: OffenseId) -> Weight {
        self.weights.get(offense.index()).copied().unwrap_or(0)
    }
}
