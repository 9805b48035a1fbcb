//! The plain data around the rules: packs, offenses, languages, declared fields and changes. No checks: the loader makes them.

use crate::diagnostic::Origin;
use crate::id::Date;
use std::collections::BTreeMap;

use super::Status;
use super::words::Boundary;

/// A pack: who publishes it, under what name and version.
#[derive(Clone, Debug)]
pub struct Pack {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) released: Date,
    pub(crate) license: String,
    pub(crate) owner: String,
    pub(crate) description: String,
    pub(crate) extends: Vec<String>,
    pub(crate) boundaries: BTreeMap<String, Boundary>,
    pub(crate) origin: Origin,
}

impl Pack {
    /// The folder's name.
    pub fn name(&self) -> &str {
        &self.name
    }
    /// `MAJOR.MINOR.PATCH`.
    pub fn version(&self) -> &str {
        &self.version
    }
    /// Day of release.
    pub fn released(&self) -> Date {
        self.released
    }
    /// SPDX expression.
    pub fn license(&self) -> &str {
        &self.license
    }
    /// Who answers for it.
    pub fn owner(&self) -> &str {
        &self.owner
    }
    /// One sentence; may be empty.
    pub fn description(&self) -> &str {
        &self.description
    }
    /// Names of the packs that this one refers to.
    pub fn extends(&self) -> &[String] {
        &self.extends
    }
}

/// A kind of illegal trade, as a proposition about a listing's text.
#[derive(Clone, Debug)]
pub struct Offense {
    pub(crate) key: String,
    pub(crate) rank: u16,
    pub(crate) title: String,
    pub(crate) proposition: String,
    pub(crate) codes: BTreeMap<String, Vec<String>>,
    pub(crate) origin: Origin,
}

impl Offense {
    /// The stable key.
    pub fn key(&self) -> &str {
        &self.key
    }
    /// Place in the taxonomy's order.
    pub fn rank(&self) -> u16 {
        self.rank
    }
    /// A short name for people.
    pub fn title(&self) -> &str {
        &self.title
    }
    /// What is weighed: "The text offers ...".
    pub fn proposition(&self) -> &str {
        &self.proposition
    }
    /// Codes in public vocabularies.
    pub fn codes(&self) -> &BTreeMap<String, Vec<String>> {
        &self.codes
    }
}

/// What a declared field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FieldType {
    /// Text in which rules may look for words.
    Text,
    /// A decimal number, for conditions.
    Number,
}

/// How to recognize a language that packs read, or know that they do not read.
#[derive(Clone, Debug)]
pub struct Language {
    pub(crate) code: String,
    pub(crate) scripts: Vec<String>,
    pub(crate) read: bool,
    pub(crate) words: Vec<String>,
    pub(crate) origin: Origin,
}

impl Language {
    /// ISO 639-1.
    pub fn code(&self) -> &str {
        &self.code
    }
    /// ISO 15924 codes.
    pub fn scripts(&self) -> &[String] {
        &self.scripts
    }
    /// Whether packs hold terms in it.
    pub fn is_read(&self) -> bool {
        self.read
    }
    /// Frequent function words.
    pub fn words(&self) -> &[String] {
        &self.words
    }
}

/// A change of another pack's rule, by key.
#[derive(Clone, Debug)]
pub struct Change {
    pub(crate) rule: String,
    pub(crate) pack: String,
    pub(crate) owner: String,
    pub(crate) reason: String,
    pub(crate) effective: Option<Date>,
    pub(crate) expires: Date,
    pub(crate) status: Option<Status>,
    pub(crate) weights: BTreeMap<String, i32>,
    pub(crate) origin: Origin,
}

impl Change {
    /// Key of the rule that changes.
    pub fn rule(&self) -> &str {
        &self.rule
    }
    /// Pack that makes the change.
    pub fn pack(&self) -> &str {
        &self.pack
    }
    /// Who answers for it.
    pub fn owner(&self) -> &str {
        &self.owner
    }
    /// Why.
    pub fn reason(&self) -> &str {
        &self.reason
    }
    /// First day, if it is not in force from ever.
    pub fn effective(&self) -> Option<Date> {
        self.effective
    }
    /// First day on which it is not in force any more.
    pub fn expires(&self) -> Date {
        self.expires
    }
    /// The new status, if it changes.
    pub fn status(&self) -> Option<Status> {
        self.status
    }
    /// Weights that replace the rule's, by offense, in centibans.
    pub fn weights(&self) -> &BTreeMap<String, i32> {
        &self.weights
    }

    /// Whether the change holds on that day.
    pub fn in_force(&self, day: Date) -> bool {
        self.effective.is_none_or(|d| d <= day) && day < self.expires
    }
}
