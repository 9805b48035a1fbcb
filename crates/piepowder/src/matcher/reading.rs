//! Reading a listing: every field that some rule looks in goes through its views and the scan, one after another.
//! Invariant: candidates of all fields are gathered before anything is decided about any of them.

use super::{Candidate, LanguageWords, Shown, Text, Views, scan, scan_edited};
use crate::compile::Program;
use crate::limits::{Flags, Limits};
use crate::listing::{Field, Listing};
use crate::text::{Encoding, ScriptCounts, cut};
use piepowder_bytes::Kernels;

/// What reading a listing gave, and the buffers that it took.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    kernels: Kernels,
    /// What the fields show, in the order of the program's.
    shown: Vec<Shown>,
    views: Views,
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
        Reading { kernels, views: Views::new(kernels), ..Reading::default() }
    }

    /// Reads all fields of a listing.
    pub(crate) fn read(&mut self, program: &Program, limits: &Limits, listing: &Listing<'_>) {
        let Reading { kernels, shown, views, candidates, words, scripts, pieces, flags } = self;
        (*flags, *pieces) = (Flags::NONE, 0);
        candidates.clear();
        words.clear();
        scripts.clear();
        views.field = None;
        shown.resize_with(program.text_fields.len(), || Shown::with(*kernels));
        for (field, shown) in program.text_fields.iter().zip(shown) {
            let whole = listing.bytes(*field);
            if whole.is_empty() {
                continue;
            }
            let text = cut(whole, limits.field_bytes() as usize);
            if text.len() < whole.len() {
                *flags = flags.union(Flags::TRUNCATED);
            }
            if shown.read(text) == Encoding::Invalid {
                *flags = flags.union(Flags::INVALID_ENCODING);
            }
            let told = words.len();
            scan(program, Text { field: *field, original: text, shown }, views, words, candidates);
            if *field == Field::Title.id() || *field == Field::Description.id() {
                scripts.add_all(shown.tokens.scripts());
                *pieces += shown.tokens.pieces().len();
            } else {
                words.truncate(told);
            }
        }
    }

    /// Reads all fields of a listing that has been read once more, for words with a mistake. Whether that found anything.
    pub(crate) fn read_edited(&mut self, program: &Program, limits: &Limits, listing: &Listing<'_>) -> bool {
        let Reading { shown, views, candidates, words, .. } = self;
        let before = candidates.len();
        // The field that was looked over last comes first.
        for (field, shown) in program.text_fields.iter().zip(shown).rev() {
            let original = cut(listing.bytes(*field), limits.field_bytes() as usize);
            if !original.is_empty() {
                scan_edited(program, Text { field: *field, original, shown }, views, words, candidates);
            }
        }
        candidates.len() > before
    }
}
