//! What to look for, as plain data: offenses, groups, rules, languages, declared fields, changes. Loading, validation and the
//! canonical digest live here; nothing is compiled and no text is folded. Invariant: a `Taxonomy` that is handed out has passed every
//! check that needs no folding, and keeps its sources, so that later stages can point into them.

mod codes;
mod digest;
mod examples;
pub(crate) mod format;
mod load;
mod overlay;
mod pack;
pub(crate) mod read;
mod resolve;
mod rule;
mod rules;
pub(crate) mod schema;
mod shape;
mod sought;
mod stored;
mod terms;
pub(crate) mod units;
pub(crate) mod view;
mod words;

pub use examples::{Example, Examples};
pub use pack::{Change, FieldType, Language, Offense, Pack};
pub use rule::{Group, Rule, Warrant};
pub(crate) use sought::Trigger;
pub use sought::{Excuse, MoneyRange, Pattern, QuantityRange, Test};
pub(crate) use terms::Term;
pub(crate) use words::{Boundary, NearScope, Scope, View};
pub use words::{Dimension, Element, EntityKind, GroupKind, Nature, Status};

use crate::bytes::Bytes;
use crate::diagnostic::{Diagnostics, Origin, Source};
use crate::id::{Date, Digest};
use core::any::Any;
use std::collections::BTreeMap;
use std::sync::Arc;

/// One or more packs loaded together: what to look for, and nothing about how.
///
/// Everything is keyed and sorted by key, so the order of packs and files changes nothing.
#[derive(Clone, Debug, Default)]
pub struct Taxonomy {
    pub(crate) packs: BTreeMap<String, Pack>,
    pub(crate) offenses: BTreeMap<String, Offense>,
    pub(crate) fields: BTreeMap<String, FieldType>,
    pub(crate) languages: BTreeMap<String, Language>,
    pub(crate) groups: BTreeMap<String, Group>,
    pub(crate) rules: BTreeMap<String, Arc<Rule>>,
    pub(crate) changes: Vec<Change>,
    pub(crate) sources: Vec<Source>,
    /// Where declared fields are declared.
    field_origins: BTreeMap<String, Origin>,
    /// What rules and changes say of other tables, to be checked again when packs come.
    claims: Arc<Vec<resolve::Claim>>,
    warnings: Diagnostics,
    /// What a compiled pack has beside: see `engine/compiled`.
    pub(crate) ready: Option<Arc<Ready>>,
}

/// What is ready of a taxonomy for its default settings: the day of its newest release, all jurisdictions.
#[derive(Debug)]
pub(crate) struct Ready {
    pub(crate) digest: Digest,
    /// What an engine's digest is taken of, between settings and policy.
    pub(crate) form: Bytes,
    /// What tells the default settings of an engine, and the digest of the engine that they make.
    pub(crate) known: Option<(Digest, Digest)>,
    /// Warnings of compiling.
    pub(crate) warnings: Diagnostics,
    /// The program: later modules know its type.
    pub(crate) program: Arc<dyn Any + Send + Sync>,
}

impl Taxonomy {
    /// The packs by name.
    pub fn packs(&self) -> impl Iterator<Item = &Pack> {
        self.packs.values()
    }

    /// The offenses in taxonomy order: rank, then key.
    pub fn offenses(&self) -> impl Iterator<Item = &Offense> {
        let mut sorted: Vec<&Offense> = self.offenses.values().collect();
        sorted.sort_by(|a, b| (a.rank, &a.key).cmp(&(b.rank, &b.key)));
        sorted.into_iter()
    }

    /// The declared fields by name.
    pub fn fields(&self) -> impl Iterator<Item = (&str, FieldType)> {
        self.fields.iter().map(|(k, v)| (k.as_str(), *v))
    }

    /// The languages by code.
    pub fn languages(&self) -> impl Iterator<Item = &Language> {
        self.languages.values()
    }

    /// The groups by key.
    pub fn groups(&self) -> impl Iterator<Item = &Group> {
        self.groups.values()
    }

    /// The rules by key, as written: changes are applied by the engine, for a date.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.rules.values().map(Arc::as_ref)
    }

    /// The changes that overlays make, by rule and first day.
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// The texts that it was loaded from, by name, those of examples among them.
    pub fn sources(&self) -> &[Source] {
        &self.sources
    }

    /// What is worth a look and did not keep the packs from loading.
    pub fn warnings(&self) -> &Diagnostics {
        &self.warnings
    }

    /// The newest release date of the packs: the default date of assessment.
    pub fn released(&self) -> Option<Date> {
        self.packs.values().map(|p| p.released).max()
    }
}
