//! Candidates of rules that ask how others were found (docs/SEMANTICS.md, section 4a, signals of disguise). It looks at no text.
//! Invariant: each stands where a candidate of a specific rule stands.

use super::Candidate;
use crate::compile::Program;
use crate::id::RuleId;
use crate::taxonomy::GroupKind;

/// Adds the candidates of signals of disguise: where rules of specific groups were found through a transform that they name. Whether
/// there are any; `holds` says whether a rule's conditions on the listing's fields do.
pub(super) fn add_disguises(program: &Program, candidates: &mut Vec<Candidate>, holds: &mut dyn FnMut(RuleId) -> bool) -> bool {
    let before = candidates.len();
    for at in 0..before {
        let found = candidates[at];
        if found.transforms.is_honest() || program.rules[found.rule.index()].kind != GroupKind::Specific {
            continue;
        }
        for (rule, transforms) in &program.disguises {
            let code = &program.rules[rule.index()];
            let looks_here = found.transforms.meets(*transforms) && code.fields >> found.field.index() & 1 == 1;
            if looks_here && (code.conditions.is_empty() || holds(*rule)) {
                candidates.push(Candidate { rule: *rule, ..found });
            }
        }
    }
    candidates.len() > before
}
