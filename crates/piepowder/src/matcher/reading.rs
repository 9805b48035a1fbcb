//! Reading a listing: every field that some rule looks in goes through its views and the scan, one after another, in the same buffers.
//! Invariant: candidates of all fields are gathered before anything is decided about any of them.

use super::{Candidate, LanguageWords, Views, scan, scan_edited};
use crate::compile::Program;
use crate::limits::{Flags, Limits};
use crate::listing::{Field, Listing};
use crate::text::{Encoding, ScriptCounts, cut};
use piepowder_bytes::Kernels;

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
    pub(crate) fn new(kernels: Kernels) -> Self {
        Reading { views: Views::new(kernels), ..Reading::default() }
    }

    /// Reads all fields of a listing.
    pub(crate) fn read(&mut self, program: &Program, limits: &Limits, listing: &Listing<'_>) {
        let Reading { views, candidates, words, scripts, pieces, flags } = self;
        (*flags, *pieces) = (Flags::NONE, 0);
        candidates.clear();
        words.clear();
        scripts.clear();
        views.field = None;
        for field in &program.text_fields {
            let whole = listing.bytes(*field);
            if whole.is_empty() {
                continue;
            }
            let text = cut(whole, limits.field_bytes() as usize);
            if text.len() < whole.len() {
                *flags = flags.union(Flags::TRUNCATED);
            }
            if views.read(*field, text) == Encoding::Invalid {
                *flags = flags.union(Flags::INVALID_ENCODING);
            }
            let told = words.len();
            scan(program, *field, text, views, words, candidates);
            if *field == Field::Title.id() || *field == Field::Description.id() {
                scripts.add_all(views.tokens.scripts());
                *pieces += views.tokens.pieces().len();
            } else {
                words.truncate(told);
            }
        }
    }

    /// Reads all fields of a listing that has been read once more, for words with a mistake. Whether that found anything.
    pub(crate) fn read_edited(&mut self, program: &Program, limits: &Limits, listing: &Listing<'_>) -> bool {
        let Reading { views, candidates, words, .. } = self;
        let before = candidates.len();
        // The views still show the field that was read last, mostly the longest.
        for field in program.text_fields.iter().rev() {
            let text = cut(listing.bytes(*field), limits.field_bytes() as usize);
            if text.is_empty() {
                continue;
            }
            if views.field != Some(*field) {
                views.read(*field, text);
            }
            scan_edited(program, *field, text, views, words, candidates);
        }
        candidates.len() > before
    }
}
