//! From findings and what they contributed to the lines of an assessment, in reading order.
//! Invariant: the order is total: field order, start, end, rule key; lines without a span last.

use super::collect::Finding;
use super::{Evidence, EvidenceKind};
use crate::compile::Program;
use crate::id::{FieldId, OffenseId, RuleId};
use crate::limits::MAX_OFFENSES;
use crate::matcher::Candidate;
use crate::span::Span;
use crate::taxonomy::GroupKind;

/// Writes the lines in their order; `contributions` holds, finding by finding, what each offense got.
pub(crate) fn lines(
    program: &Program,
    findings: &[Finding],
    matches: &[Candidate],
    contributions: &[[i32; MAX_OFFENSES]],
    order: &mut Order,
    evidence: &mut Vec<Evidence>,
    spans: &mut Vec<(FieldId, Span)>,
) {
    evidence.clear();
    spans.clear();
    // Numbers are sorted in place of lines, which are longer.
    order.clear();
    order.extend(findings.iter().zip(0..).map(|(finding, number)| (place(finding.rule, finding.field, finding.span), number)));
    order.sort_unstable();
    for (_, number) in order.iter() {
        let (finding, weights) = (&findings[*number as usize], &contributions[*number as usize]);
        let rule = &program.rules[finding.rule.index()];
        let idle = weights.iter().all(|w| *w == 0);
        if idle && rule.kind != GroupKind::Specific {
            continue;
        }
        let kind = match rule.kind {
            GroupKind::Excuse => EvidenceKind::Excuse,
            _ if finding.span.is_none() => EvidenceKind::Condition,
            GroupKind::Signal => EvidenceKind::Signal,
            GroupKind::Specific => EvidenceKind::Rule,
        };
        let mut line = Evidence::new(kind, finding.rule, finding.field, finding.span, finding.transforms);
        for (index, weight) in weights.iter().enumerate().filter(|(_, w)| **w != 0) {
            line = line.with_weight(OffenseId::new(index), *weight);
        }
        if rule.shadow {
            line = line.shadowed();
        }
        let from = spans.len() as u32;
        let kept = &matches[finding.matches.0 as usize..finding.matches.1 as usize];
        spans.extend(kept.iter().map(|m| (m.field, m.span)).filter(|(f, s)| (*f, Some(*s)) != (finding.field, finding.span)));
        line.others = (from, spans.len() as u32);
        evidence.push(line);
    }
}

/// Buffer for the order of lines: the place of each in it, as one number, and that of its finding.
pub(crate) type Order = Vec<(u128, u32)>;

/// Where a line stands among the others: by field, start, end and rule, 32 bits each; those without a span last.
pub(super) fn place(rule: RuleId, field: FieldId, span: Option<Span>) -> u128 {
    let numbers = match span {
        Some(span) => [field.index() as u32, span.start, span.end],
        None => [u32::MAX; 3],
    };
    numbers.into_iter().chain([rule.index() as u32]).fold(0, |place, number| place << 32 | u128::from(number))
}
