//! From matches to findings: a rule counts once, by its best match; its other matches are kept, up to the limit.
//! Invariant: findings are in rule order, and each has at least its best match.

use crate::compile::Program;
use crate::id::{FieldId, RuleId};
use crate::limits::{Flags, Limits};
use crate::matcher::Candidate;
use crate::span::Span;
use crate::text::Transforms;

/// A rule that matched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) rule: RuleId,
    pub(crate) field: FieldId,
    /// Best match; none for conditions.
    pub(crate) span: Option<Span>,
    pub(crate) transforms: Transforms,
    /// Kept matches, the best among them: a range of the list of matches.
    pub(crate) matches: (u32, u32),
    /// Whether there were more matches than are kept; then excuses do not reach the rule.
    pub(crate) capped: bool,
}

/// Turns sorted matches into findings. `matches` is rewritten to hold the kept ones, in field order and by start.
/// Flags a rule with more matches than are kept.
pub(crate) fn collect(matches: &mut Vec<Candidate>, limits: &Limits, findings: &mut Vec<Finding>) -> Flags {
    findings.clear();
    let most = limits.rule_matches() as usize;
    let (mut read, mut write, mut any_capped) = (0, 0, false);
    while read < matches.len() {
        let rule = matches[read].rule;
        // Most rules match once.
        let count = matches[read..].iter().take_while(|m| m.rule == rule).count();
        let own = &mut matches[read..read + count];
        // Matches come sorted by field and span, so of equals the first is the one with the lowest start.
        let best = (0..count)
            .min_by_key(|i| {
                (
                    own[*i].transforms.contains(Transforms::EDIT),
                    own[*i].transforms.len(),
                    own[*i].field,
                    own[*i].span.start,
                    core::cmp::Reverse(own[*i].span.end),
                )
            })
            .expect("a rule in the list has a match");
        let capped = count > most;
        let chosen = own[best];
        if best >= most {
            own[most - 1] = chosen;
        }
        let kept = count.min(most);
        matches.copy_within(read..read + kept, write);
        findings.push(Finding {
            rule,
            field: chosen.field,
            span: Some(chosen.span),
            transforms: chosen.transforms,
            matches: (write as u32, (write + kept) as u32),
            capped,
        });
        any_capped |= capped;
        read += count;
        write += kept;
    }
    matches.truncate(write);
    if any_capped { Flags::MATCHES_CAPPED } else { Flags::NONE }
}

/// Adds the rules that are conditions on fields alone and hold, puts all findings in rule order, and keeps as many as are weighed.
pub(crate) fn add_conditions(program: &Program, limits: &Limits, findings: &mut Vec<Finding>, holds: &mut dyn FnMut(RuleId) -> bool) -> Flags {
    let before = findings.len();
    for rule in program.condition_rules.iter().copied().filter(|r| holds(*r)) {
        let field = program.rules[rule.index()].conditions.first().map_or(FieldId::new(0), |c| c.field);
        findings.push(Finding { rule, field, span: None, transforms: Transforms::NONE, matches: (0, 0), capped: false });
    }
    if findings.len() > before {
        findings.sort_unstable_by_key(|f| f.rule);
    }
    let most = limits.evidence() as usize;
    if findings.len() <= most {
        return Flags::NONE;
    }
    findings.truncate(most);
    Flags::EVIDENCE_CAPPED
}
