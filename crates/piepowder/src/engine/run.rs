//! The flow: bytes, views, candidates, matches, findings, weights, decision, assessment. One stage after another, no way back.
//! This file says what happens to a listing and in which order; how is in the folders of the same names.
//! Invariant: it fits on one screen.

use super::{Engine, Scratch};
use crate::decimal;
use crate::evidence::{add_conditions, collect, lines};
use crate::explanation::Misses;
use crate::id::RuleId;
use crate::limits::Flags;
use crate::listing::{Field, Listing};
use crate::matcher::settle;
use crate::policy::{Case, coverage, decide};
use crate::score::weigh;

pub(super) fn run(engine: &Engine, scratch: &mut Scratch, listing: &Listing<'_>, misses: &mut dyn Misses) {
    let (program, policy, limits) = (&engine.inner.program, &engine.inner.policy, &engine.inner.limits);
    let Scratch { reading, typed, matches, findings, settling, weighing, deciding, order, assessment } = scratch;

    reading.read(program, limits, listing);
    let mut flags = reading.flags;
    let mut holds = |rule: RuleId| program.rules[rule.index()].conditions.iter().all(|c| program.holds(c, listing, typed));
    settle(program, &mut reading.candidates, matches, settling, &mut holds, &mut |c, why| misses.rejected(c, why));
    // Beside evidence, words with a mistake are read, too.
    if matches.iter().any(|m| program.opens_edits(m.rule)) && reading.read_edited(program, limits, listing) {
        misses.forgotten();
        settle(program, &mut reading.candidates, matches, settling, &mut holds, &mut |c, why| misses.rejected(c, why));
    }

    flags = flags.union(collect(matches, limits, findings));
    flags = flags.union(add_conditions(program, limits, findings, &mut holds));
    if !listing.get(Field::Price).is_empty() && decimal::parse(listing.get(Field::Price)).is_none() {
        flags = flags.union(Flags::PRICE_UNREADABLE);
    }

    weigh(program, &engine.inner.priors, findings, matches, weighing, &mut assessment.scores);
    misses.weighed(program, findings, weighing);

    let declared = listing.get(Field::Language);
    assessment.nets.clone_from(&weighing.nets);
    assessment.coverage = coverage(&program.languages, reading.pieces, &reading.scripts, &reading.words, declared);
    assessment.flags = flags;
    let (scores, nets, contributions) = (&assessment.scores, &weighing.nets, &weighing.contributions);
    let (thresholds, coverage) = (&engine.inner.thresholds, assessment.coverage);
    let case = Case { program, scores, nets, findings, contributions, coverage, flags, thresholds };
    decide(policy, &case, deciding, &mut assessment.tiers, &mut assessment.decision);

    lines(program, findings, matches, contributions, order, &mut assessment.evidence, &mut assessment.spans);
}
