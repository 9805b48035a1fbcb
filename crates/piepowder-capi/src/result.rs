//! Results of a scratch's last call, row by row. All texts that are handed out here stay until the scratch is given to
//! another call that assesses, or freed.
//! Invariant: what is read here is what the lines say.

use crate::given::{WithSize, place, pp_text, write};
use crate::guard::run;
use crate::object::pp_scratch;
use crate::status::{Fault, PP_RANGE, pp_status};
use piepowder::{Assessment, Coverage, Engine, Evidence, EvidenceKind, Flags, Transforms};
use std::mem::MaybeUninit;

/// The packs read it.
pub const PP_COVERAGE_FULL: u32 = 0;
/// Parts are in a script or a language that no pack reads.
pub const PP_COVERAGE_PARTIAL: u32 = 1;
/// Most letters are in scripts that no pack reads.
pub const PP_COVERAGE_NONE: u32 = 2;
/// No letter and no digit in title and description.
pub const PP_COVERAGE_EMPTY: u32 = 3;

/// A text was longer than the limit and was cut.
pub const PP_FLAG_TRUNCATED: u32 = 1;
/// A text held bytes that are not UTF-8.
pub const PP_FLAG_INVALID_ENCODING: u32 = 2;
/// A rule matched more often than is kept.
pub const PP_FLAG_MATCHES_CAPPED: u32 = 4;
/// More rules matched than are weighed.
pub const PP_FLAG_EVIDENCE_CAPPED: u32 = 8;
/// The price is there and is no decimal number.
pub const PP_FLAG_PRICE_UNREADABLE: u32 = 16;

const FLAGS: [(Flags, u32); 5] = [
    (Flags::TRUNCATED, PP_FLAG_TRUNCATED),
    (Flags::INVALID_ENCODING, PP_FLAG_INVALID_ENCODING),
    (Flags::MATCHES_CAPPED, PP_FLAG_MATCHES_CAPPED),
    (Flags::EVIDENCE_CAPPED, PP_FLAG_EVIDENCE_CAPPED),
    (Flags::PRICE_UNREADABLE, PP_FLAG_PRICE_UNREADABLE),
];

/// What the policy recommends for a listing, and what that rests on. Weights are in centibans: 100 makes a proposition ten times likelier.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct pp_decision {
    /// `sizeof(pp_decision)`, set by the caller.
    size: usize,
    /// The tier, by its name in the policy.
    tier: pp_text,
    /// The key of the offense that decided; empty when the listing is clear or only a floor raised it.
    offense: pp_text,
    /// What raised the tier last: `score`, `truncation` or `coverage`.
    reason: pp_text,
    /// The place of the tier in the policy; 0 is the floor.
    rank: u32,
    /// 1 when a person must look before anything is done.
    needs_person: u32,
    /// The threshold that was passed, in centibans; for a clear listing that of the next tier.
    threshold: i32,
    /// Score less threshold, in centibans; for a clear listing the largest over the offenses.
    margin: i32,
    /// How much of it the packs could read (`PP_COVERAGE_...`). Unread is not clear.
    coverage: u32,
    /// A set of `PP_FLAG_...`.
    flags: u32,
    /// How many offenses, pieces of evidence and deciding groups the result has.
    offense_count: usize,
    evidence_count: usize,
    deciding_count: usize,
}

// SAFETY: `repr(C)`, begins with a `usize`; pairs of words, six numbers of four bytes, words: no padding. Zero is a value of each.
unsafe impl WithSize for pp_decision {}

/// The score of an offense, in centibans: `total` is `prior` and the weights of all evidence.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct pp_score {
    /// `sizeof(pp_score)`, set by the caller.
    size: usize,
    /// The offense.
    offense: pp_text,
    /// The tier that it reached by itself.
    tier: pp_text,
    /// Of what nature the evidence is: `criminal`, `regulatory`, `house`; empty when nothing specific stands.
    nature: pp_text,
    rank: u32,
    /// Zero.
    reserved: u32,
    prior: i32,
    total: i32,
}

// SAFETY: as of `pp_decision`.
unsafe impl WithSize for pp_score {}

/// A rule of a specific group.
pub const PP_EVIDENCE_RULE: u32 = 0;
/// A rule of a signal group, which counts beside a specific one.
pub const PP_EVIDENCE_SIGNAL: u32 = 1;
/// A rule met by the listing's typed fields.
pub const PP_EVIDENCE_CONDITION: u32 = 2;
/// Counter-evidence that took back what others contributed.
pub const PP_EVIDENCE_EXCUSE: u32 = 3;

/// Accents were set aside.
pub const PP_TRANSFORM_ACCENT: u32 = 1;
/// Compatibility forms, such as full-width letters.
pub const PP_TRANSFORM_COMPATIBILITY: u32 = 2;
/// Invisible characters.
pub const PP_TRANSFORM_INVISIBLE: u32 = 4;
/// Markup and character references.
pub const PP_TRANSFORM_MARKUP: u32 = 8;
/// Text against its direction.
pub const PP_TRANSFORM_BIDI: u32 = 16;
/// Letters that look like others.
pub const PP_TRANSFORM_CONFUSABLE: u32 = 32;
/// Scripts mixed in a word.
pub const PP_TRANSFORM_MIXED: u32 = 64;
/// Digits and signs for letters.
pub const PP_TRANSFORM_LEET: u32 = 128;
/// Letters set apart.
pub const PP_TRANSFORM_SPACED: u32 = 256;
/// Letters repeated.
pub const PP_TRANSFORM_REPEATED: u32 = 512;
/// A letter missing, added, changed or swapped.
pub const PP_TRANSFORM_EDIT: u32 = 1024;

const TRANSFORMS: [(Transforms, u32); 11] = [
    (Transforms::ACCENT, PP_TRANSFORM_ACCENT),
    (Transforms::COMPATIBILITY, PP_TRANSFORM_COMPATIBILITY),
    (Transforms::INVISIBLE, PP_TRANSFORM_INVISIBLE),
    (Transforms::MARKUP, PP_TRANSFORM_MARKUP),
    (Transforms::BIDI, PP_TRANSFORM_BIDI),
    (Transforms::CONFUSABLE, PP_TRANSFORM_CONFUSABLE),
    (Transforms::MIXED, PP_TRANSFORM_MIXED),
    (Transforms::LEET, PP_TRANSFORM_LEET),
    (Transforms::SPACED, PP_TRANSFORM_SPACED),
    (Transforms::REPEATED, PP_TRANSFORM_REPEATED),
    (Transforms::EDIT, PP_TRANSFORM_EDIT),
];

/// A piece of evidence: which rule, where.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct pp_evidence {
    /// `sizeof(pp_evidence)`, set by the caller.
    size: usize,
    /// `PP_EVIDENCE_...`.
    kind: u32,
    /// A set of `PP_TRANSFORM_...`: what had to be undone to see it.
    transforms: u32,
    /// 1 when the rule is on trial: cited, never counted.
    is_shadow: u32,
    /// 1 when `start` and `end` say where it is; 0 for a condition.
    has_span: u32,
    /// First byte in the text of the field as it was handed in (pieces joined), and the one behind the last.
    start: usize,
    end: usize,
    rule: pp_text,
    group: pp_text,
    field: pp_text,
}

// SAFETY: as of `pp_decision`.
unsafe impl WithSize for pp_evidence {}

/// How many rows the last call with the scratch has: 1 after `pp_assess` and `pp_explain`, as many as listings after a batch, 0 after a
/// call that failed.
///
/// # Errors
/// Those of any call that reads results: `PP_NULL`, `PP_HANDLE`, `PP_KIND`, `PP_BUSY`, `PP_POISONED`.
#[unsafe(no_mangle)]
pub extern "C" fn pp_result_count(scratch: pp_scratch, rows: Option<&mut MaybeUninit<usize>>) -> pp_status {
    run(|| {
        place(rows)?.write(scratch.using(|context| Ok(context.count()))?);
        Ok(())
    })
}

/// The decision for a row.
///
/// # Errors
/// `PP_RANGE` when there is no such row or its results were not kept, `PP_SIZE`, and those of `pp_result_count`.
///
/// # Safety
/// As the header says under "Pointers".
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pp_result_decision(scratch: pp_scratch, row: usize, decision: *mut pp_decision) -> pp_status {
    let found = |engine: &Engine, assessment: &Assessment| {
        let decision = assessment.decision();
        Ok(pp_decision {
            size: 0,
            tier: pp_text::of(decision.tier().as_bytes()),
            offense: decision.offense().map_or(pp_text::NONE, |offense| pp_text::of(engine.offense(offense).key().as_bytes())),
            reason: pp_text::of(decision.reason().word().as_bytes()),
            rank: decision.rank() as u32,
            needs_person: decision.needs_person().into(),
            threshold: decision.threshold(),
            margin: decision.margin(),
            coverage: match assessment.coverage() {
                Coverage::Full => PP_COVERAGE_FULL,
                Coverage::Partial => PP_COVERAGE_PARTIAL,
                Coverage::Empty => PP_COVERAGE_EMPTY,
                // One that this library does not know would be one that no pack reads.
                _ => PP_COVERAGE_NONE,
            },
            flags: FLAGS.iter().filter(|(flag, _)| assessment.flags().contains(*flag)).map(|(_, bit)| bit).sum(),
            offense_count: assessment.offenses().len(),
            evidence_count: assessment.evidence().len(),
            deciding_count: decision.deciding().len(),
        })
    };
    // SAFETY: the caller's promise.
    run(|| unsafe { write(decision, read(scratch, row, found)?) })
}

/// The score of an offense, by its place in the taxonomy.
///
/// # Errors
/// Those of `pp_result_decision`.
///
/// # Safety
/// As the header says under "Pointers".
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pp_result_score(scratch: pp_scratch, row: usize, offense: usize, score: *mut pp_score) -> pp_status {
    let found = |engine: &Engine, assessment: &Assessment| {
        let (offense, score) = *at(assessment.offenses(), offense)?;
        Ok(pp_score {
            size: 0,
            offense: pp_text::of(engine.offense(offense).key().as_bytes()),
            tier: pp_text::of(assessment.tier_of(offense).as_bytes()),
            nature: assessment.nature(offense).map_or(pp_text::NONE, |nature| pp_text::of(nature.word().as_bytes())),
            rank: assessment.rank_of(offense) as u32,
            reserved: 0,
            prior: score.prior(),
            total: score.total(),
        })
    };
    // SAFETY: the caller's promise.
    run(|| unsafe { write(score, read(scratch, row, found)?) })
}

/// A piece of evidence, in reading order.
///
/// # Errors
/// Those of `pp_result_decision`.
///
/// # Safety
/// As the header says under "Pointers".
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pp_result_evidence(scratch: pp_scratch, row: usize, index: usize, evidence: *mut pp_evidence) -> pp_status {
    let found = |engine: &Engine, assessment: &Assessment| {
        let line = at(assessment.evidence(), index)?;
        let rule = line.rule().map(|rule| engine.rule(rule));
        let text = |text: Option<&str>| text.map_or(pp_text::NONE, |text| pp_text::of(text.as_bytes()));
        Ok(pp_evidence {
            size: 0,
            kind: match line.kind() {
                EvidenceKind::Signal => PP_EVIDENCE_SIGNAL,
                EvidenceKind::Condition => PP_EVIDENCE_CONDITION,
                EvidenceKind::Excuse => PP_EVIDENCE_EXCUSE,
                _ => PP_EVIDENCE_RULE,
            },
            transforms: TRANSFORMS.iter().filter(|(one, _)| line.transforms().contains(*one)).map(|(_, bit)| bit).sum(),
            is_shadow: line.is_shadow().into(),
            has_span: line.span().is_some().into(),
            start: line.span().map_or(0, |span| span.range().start),
            end: line.span().map_or(0, |span| span.range().end),
            rule: text(rule.map(|rule| rule.key())),
            group: text(rule.map(|rule| rule.group())),
            field: text(line.field().map(|field| engine.field_name(field))),
        })
    };
    // SAFETY: the caller's promise.
    run(|| unsafe { write(evidence, read(scratch, row, found)?) })
}

/// What a piece of evidence contributed to the score of an offense, in centibans: negative for excuses, 0 for rules on trial.
///
/// # Errors
/// Those of `pp_result_decision`.
#[unsafe(no_mangle)]
pub extern "C" fn pp_result_weight(
    scratch: pp_scratch,
    row: usize,
    evidence: usize,
    offense: usize,
    weight: Option<&mut MaybeUninit<i32>>,
) -> pp_status {
    run(|| {
        let found = read(scratch, row, |_, assessment| {
            let line: &Evidence = at(assessment.evidence(), evidence)?;
            Ok(line.weight(at(assessment.offenses(), offense)?.0))
        })?;
        place(weight)?.write(found);
        Ok(())
    })
}

/// The key of a group that the decision rests on: without those of a row, which are a smallest set, the tier would be lower.
///
/// # Errors
/// Those of `pp_result_decision`.
#[unsafe(no_mangle)]
pub extern "C" fn pp_result_deciding(scratch: pp_scratch, row: usize, index: usize, group: Option<&mut MaybeUninit<pp_text>>) -> pp_status {
    run(|| {
        let found = read(scratch, row, |engine, assessment| {
            let group = *at(assessment.decision().deciding(), index)?;
            Ok(pp_text::of(engine.group(group).key().as_bytes()))
        })?;
        place(group)?.write(found);
        Ok(())
    })
}

/// The JSON line of a row, without a line feed or a NUL at its end: what the command line tool writes for the same engine and listing.
///
/// # Errors
/// `PP_RANGE` when there is no such row or no lines were asked for, and those of `pp_result_count`.
#[unsafe(no_mangle)]
pub extern "C" fn pp_result_line(scratch: pp_scratch, row: usize, line: Option<&mut MaybeUninit<pp_text>>) -> pp_status {
    run(|| {
        let found = scratch.using(|context| context.part.line(row).map(pp_text::of).ok_or_else(|| PP_RANGE.into()))?;
        place(line)?.write(found);
        Ok(())
    })
}

/// All JSON lines of the last call, each ended by a line feed; empty when none were asked for.
///
/// # Errors
/// Those of `pp_result_count`.
#[unsafe(no_mangle)]
pub extern "C" fn pp_result_lines(scratch: pp_scratch, lines: Option<&mut MaybeUninit<pp_text>>) -> pp_status {
    run(|| {
        let found = scratch.using(|context| Ok(pp_text::of(&context.part.lines)))?;
        place(lines)?.write(found);
        Ok(())
    })
}

fn read<R>(scratch: pp_scratch, row: usize, found: impl FnOnce(&Engine, &Assessment) -> Result<R, Fault>) -> Result<R, Fault> {
    scratch.using(|context| {
        let (engine, assessment) = context.row(row)?;
        found(engine, assessment)
    })
}

fn at<T>(list: &[T], index: usize) -> Result<&T, Fault> {
    list.get(index).ok_or_else(|| PP_RANGE.into())
}
