//! What a matched rule's line shows (docs/SEMANTICS.md, section 7). It computes nothing: the shares come from the sums.
//! Invariant: a line that is left out adds nothing to any offense.

use super::conditions::Matched;
use super::decide::Case;
use super::{InForce, Oracle};
use piepowder::{Evidence, EvidenceKind, FieldId, GroupKind, OffenseId, Span, Transforms};

impl Oracle {
    /// The line of a matched rule, if it is listed.
    pub(super) fn line(&self, (rule, matched): (&InForce, &Matched), cases: &[Case<'_>]) -> Option<(Evidence, Vec<(FieldId, Span)>)> {
        let kind = match self.groups[rule.rule.group()].kind() {
            GroupKind::Excuse => EvidenceKind::Excuse,
            _ if matched.best.is_none() => EvidenceKind::Condition,
            GroupKind::Signal => EvidenceKind::Signal,
            _ => EvidenceKind::Rule,
        };
        let (span, transforms) = matched.best.map_or((None, Transforms::NONE), |(span, t)| (Some(span), t));
        let mut line = Evidence::new(kind, rule.id, matched.field, span, transforms);
        let mut adds = false;
        for (o, case) in cases.iter().enumerate() {
            let weight = if rule.shadow { self.weight((rule, matched), case.key) } else { case.sum.lines.get(rule.rule.key()).copied().unwrap_or(0) };
            adds |= weight != 0;
            line = line.with_weight(OffenseId::new(o), weight);
        }
        let listed = rule.shadow || adds || self.groups[rule.rule.group()].kind() == GroupKind::Specific;
        let line = if rule.shadow { line.shadowed() } else { line };
        let others = matched.kept.iter().skip(1).map(|c| (c.field, c.span)).collect();
        listed.then_some((line, others))
    }
}
