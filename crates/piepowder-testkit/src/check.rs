//! What a case expects against what an assessment says. Texts are what the spans cut out of the fields as handed in.
//! Invariant: a difference says what was expected and what was found, on one line each.

use crate::compare::json;
use crate::suite::{Case, Line};
use piepowder::{Assessment, Engine, Evidence, FieldId, Listing, OffenseId, Span};
use std::collections::BTreeMap;
use std::fmt::Debug;

/// What differs, collected.
struct Differences(Vec<String>);

impl Differences {
    fn expect<T: PartialEq + Debug>(&mut self, what: &str, expected: &Option<T>, found: T) {
        if let Some(expected) = expected.as_ref().filter(|e| **e != found) {
            self.0.push(format!("{what}: expected {expected:?}, found {found:?}"));
        }
    }
}

/// Checks an assessment of the case's listing.
///
/// # Errors
/// Every difference on a line of its own, then the assessment.
pub fn check(case: &Case, assessment: &Assessment, engine: &Engine) -> Result<(), String> {
    case.listing(engine)?.with(|listing| check_on(case, assessment, engine, listing))
}

fn check_on(case: &Case, assessment: &Assessment, engine: &Engine, listing: &Listing<'_>) -> Result<(), String> {
    let mut differences = Differences(Vec::new());
    let key = |id: OffenseId| engine.offense(id).key().to_string();
    let decision = assessment.decision();
    let totals: BTreeMap<String, i32> = assessment.offenses().iter().map(|(id, score)| (key(*id), score.total())).collect();
    for (offense, expected) in &case.scores {
        differences.expect(&format!("score of {offense}"), &Some(Some(*expected)), totals.get(offense).copied());
    }
    differences.expect("tier", &case.tier, decision.tier().to_string());
    differences.expect("offense", &case.offense, decision.offense().map_or(String::new(), key));
    differences.expect("margin", &case.margin, decision.margin());
    differences.expect("reason", &case.reason, decision.reason().word().to_string());
    differences.expect("deciding", &case.deciding, decision.deciding().iter().map(|g| engine.group(*g).key().to_string()).collect());
    differences.expect("coverage", &case.coverage, assessment.coverage().word().to_string());
    differences.expect("flags", &case.flags, assessment.flags().names().map(str::to_string).collect());

    let found: Vec<(String, &Evidence)> =
        assessment.evidence().iter().map(|e| (e.rule().map_or(String::new(), |r| engine.rule(r).key().to_string()), e)).collect();
    for expected in case.evidence.iter().flatten() {
        match found.iter().find(|(rule, _)| *rule == expected.rule) {
            Some((_, line)) => check_line(expected, line, assessment, engine, listing, &mut differences),
            None => differences.0.push(format!("no line of {}", expected.rule)),
        }
    }
    if let Some(expected) = case.evidence.as_ref().filter(|_| !case.contains) {
        let surplus = found.iter().filter(|(rule, _)| !expected.iter().any(|e| e.rule == *rule));
        differences.0.extend(surplus.map(|(rule, _)| format!("a line of {rule} that is not expected")));
    }
    for (offense, score) in assessment.offenses() {
        let sum: i32 = score.prior() + assessment.evidence().iter().map(|e| e.weight(*offense)).sum::<i32>();
        differences.expect(&format!("sum of the lines for {}", key(*offense)), &Some(score.total()), sum);
    }
    if differences.0.is_empty() { Ok(()) } else { Err(format!("{}\n{}", differences.0.join("\n"), json(assessment, listing))) }
}

fn check_line(expected: &Line, line: &Evidence, assessment: &Assessment, engine: &Engine, listing: &Listing<'_>, differences: &mut Differences) {
    let of = |what: &str| format!("{} of {}", what, expected.rule);
    let cut = |field: FieldId, span: Span| match listing.bytes(field).get(span.range()) {
        Some(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        None => format!("{span:?} outside the field"),
    };
    let field = line.field().expect("every line has a field");
    differences.expect(&of("kind"), &expected.kind, line.kind().word().to_string());
    differences.expect(&of("field"), &expected.field, engine.field_name(field).to_string());
    differences.expect(&of("span"), &expected.span.map(Some), line.span().map(|s| [s.start, s.end]));
    differences.expect(&of("text"), &expected.text, line.span().map_or(String::new(), |s| cut(field, s)));
    differences.expect(&of("transforms"), &expected.transforms, line.transforms().names().map(str::to_string).collect());
    differences.expect(&of("others"), &expected.others, assessment.other_spans(line).iter().map(|(f, s)| cut(*f, *s)).collect());
    let weights = |weight: &dyn Fn(OffenseId) -> i32| -> BTreeMap<String, i32> {
        engine.offenses().map(|(id, offense)| (offense.key().to_string(), weight(id))).filter(|(_, w)| *w != 0).collect()
    };
    differences.expect(&of("weights"), &expected.weights, weights(&|o| line.weight(o)));
    let shadow = if line.is_shadow() { weights(&|o| line.would_weigh(o)) } else { BTreeMap::new() };
    differences.expect(&of("shadow weights"), &expected.shadow, shadow);
}
