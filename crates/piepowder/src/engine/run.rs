//! The flow: bytes, views, candidates, matches, findings, weights, decision, assessment. One stage after another, no way back.
//! This file says what happens to a listing and in which order; how is in the folders of the same names.
//! Invariant: it fits on one screen.

use super::{Engine, Scratch};
use crate::assessment::Flags;
use crate::decimal;
use crate::evidence::{add_conditions, collect, lines};
use crate::explanation::Misses;
use crate::listing::{Field, Listing};
use crate::matcher::{scan, settle};
use crate::policy::{Case, coverage, decide};
use crate::score::weigh;
use crate::text::{Encoding, count_scripts, cut};

pub(super) fn run(engine: &Engine, scratch: &mut Scratch, listing: &Listing<'_>, misses: &mut dyn Misses) {
    let (program, policy, limits) = (&engine.inner.program, &engine.inner.policy, &engine.inner.limits);
    let Scratch { views, candidates, matches, findings, reach, weighing, words, scripts, assessment } = scratch;
    let (mut flags, mut pieces) = (Flags::NONE, 0);
    candidates.clear();
    words.clear();
    scripts.clear();

    for field in &program.text_fields {
        let whole = listing.bytes(*field);
        let text = cut(whole, limits.field_bytes() as usize);
        if text.len() < whole.len() {
            flags = flags.union(Flags::TRUNCATED);
        }
        if views.read(text) == Encoding::Invalid {
            flags = flags.union(Flags::INVALID_ENCODING);
        }
        let told = words.len();
        scan(program, *field, text, views, words, candidates);
        if *field == Field::Title.id() || *field == Field::Description.id() {
            count_scripts(views.surface.text(), scripts);
            pieces += views.tokens.pieces.len();
        } else {
            words.truncate(told);
        }
    }
    let mut holds = |rule: crate::id::RuleId| program.rules[rule.index()].conditions.iter().all(|c| program.holds(c, listing, &mut views.surface));
    settle(program, candidates, matches, reach, &mut holds, &mut |c, why| misses.rejected(c, why));
    if collect(matches, limits, findings) {
        flags = flags.union(Flags::MATCHES_CAPPED);
    }
    add_conditions(program, findings, &mut holds);
    if findings.len() > limits.evidence() as usize {
        findings.truncate(limits.evidence() as usize);
        flags = flags.union(Flags::EVIDENCE_CAPPED);
    }
    if !listing.get(Field::Price).is_empty() && decimal::parse(listing.get(Field::Price)).is_none() {
        flags = flags.union(Flags::PRICE_UNREADABLE);
    }
    weigh(program, &engine.inner.priors, findings, matches, weighing, &mut assessment.scores);
    misses.weighed(program, findings, weighing);

    assessment.nets.clone_from(&weighing.nets);
    assessment.flags = flags;
    assessment.coverage = coverage(&program.languages, pieces, scripts, words, listing.get(Field::Language));
    let case = Case {
        program,
        scores: &assessment.scores,
        nets: &weighing.nets,
        findings,
        contributions: &weighing.contributions,
        coverage: assessment.coverage,
        flags,
    };
    decide(policy, &case, &mut assessment.tiers, &mut assessment.decision);
    lines(program, findings, matches, &weighing.contributions, &mut assessment.evidence, &mut assessment.spans);
}
