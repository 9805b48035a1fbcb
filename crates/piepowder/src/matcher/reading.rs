//! Reading a listing: every field that some rule looks in goes through its views and the scan, one after another, in the same buffers.
//! Invariant: candidates of all fields are gathered before anything is decided about any of them.

use super::{Candidate, LanguageWords, Views, scan};
use crate::compile::Program;
use crate::limits::{Flags, Limits};
use crate::listing::{Field, Listing};
use crate::taxonomy::GroupKind;
use crate::text::{Encoding, ScriptCounts, count_scripts, cut};

/// What reading a listing gave, and the buffers that it took.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    pub(crate) views: Views,
    pub(crate) candidates: Vec<Candidate>,
    /// Function words of title and description.
    pub(crate) words: LanguageWords,
    /// Letters of title and description, by script.
    pub(crate) scripts: ScriptCounts,
    /// Pieces of title and description.
    pub(crate) pieces: usize,
    pub(crate) flags: Flags,
}

impl Reading {
    /// Reads all fields of a listing.
    pub(crate) fn read(&mut self, program: &Program, limits: &Limits, listing: &Listing<'_>) {
        let Reading { views, candidates, words, scripts, pieces, flags } = self;
        (*flags, *pieces) = (Flags::NONE, 0);
        candidates.clear();
        words.clear();
        scripts.clear();
        for field in &program.text_fields {
            let whole = listing.bytes(*field);
            if whole.is_empty() {
                continue;
            }
            let text = cut(whole, limits.field_bytes() as usize);
            if text.len() < whole.len() {
                *flags = flags.union(Flags::TRUNCATED);
            }
            if views.read(text) == Encoding::Invalid {
                *flags = flags.union(Flags::INVALID_ENCODING);
            }
            let told = words.len();
            scan(program, *field, text, views, words, candidates);
            if *field == Field::Title.id() || *field == Field::Description.id() {
                count_scripts(views.surface.text(), scripts);
                *pieces += views.tokens.pieces.len();
            } else {
                words.truncate(told);
            }
        }
        disguises(program, candidates);
    }
}

/// Adds the candidates of rules that ask how others were found: where rules of specific groups were, through one of their transforms.
fn disguises(program: &Program, candidates: &mut Vec<Candidate>) {
    for at in 0..candidates.len() {
        let found = candidates[at];
        if found.transforms.is_honest() || program.rules[found.rule.index()].kind != GroupKind::Specific {
            continue;
        }
        for (rule, transforms) in &program.disguises {
            if found.transforms.meets(*transforms) && program.rules[rule.index()].fields >> found.field.index() & 1 == 1 {
                candidates.push(Candidate { rule: *rule, ..found });
            }
        }
    }
}
