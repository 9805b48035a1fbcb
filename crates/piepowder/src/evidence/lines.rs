//! From findings and what they contributed to the lines of an assessment, in reading order.
//! Invariant: the order is total: field order, start, end, rule key; lines without a span last.

use super::collect::Finding;
use super::{Evidence, EvidenceKind};
use crate::compile::Program;
use crate::id::{FieldId, OffenseId};
use crate::limits::MAX_OFFENSES;
use crate::matcher::Candidate;
use crate::span::Span;
use crate::taxonomy::GroupKind;

/// Writes the lines; `contributions` holds, finding by finding, what each offense got.
pub(crate) fn lines(
    program: &Program,
    findings: &[Finding],
    matches: &[Candidate],
    contributions: &[[i32; MAX_OFFENSES]],
    evidence: &mut Vec<Evidence>,
    spans: &mut Vec<(FieldId, Span)>,
) {
    evidence.clear();
    spans.clear();
    for (finding, weights) in findings.iter().zip(contributions) {
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
    sort(evidence);
}

/// The order of lines in an assessment.
pub(crate) fn sort(evidence: &mut [Evidence]) {
    evidence.sort_unstable_by_key(|e| (e.span.is_none(), e.span.map(|s| (e.field, s.start, s.end)), e.rule));
}
