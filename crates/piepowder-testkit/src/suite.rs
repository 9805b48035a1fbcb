//! The suite format of `testdata/suites/*.toml` (described in its README): inputs, settings and expected results, the same for every
//! implementation. Loading and building live here; checking lives in `check`. Invariant: an unknown key or field is an error.

use crate::generate::OwnedListing;
use crate::oracle::Oracle;
use piepowder::{Date, Engine, Field, Limits, Policy, Source, Taxonomy};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A file of cases that share one engine.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Suite {
    /// The file's stem.
    pub name: String,
    /// What the cases pin down, with the section of SEMANTICS.md.
    pub description: String,
    packs: Packs,
    policy: Option<String>,
    #[serde(default)]
    prior: BTreeMap<String, String>,
    as_of: Option<String>,
    #[serde(default)]
    jurisdictions: Vec<String>,
    #[serde(default)]
    limits: LimitsTable,
    /// The cases, in order.
    #[serde(rename = "case")]
    pub cases: Vec<Case>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum Packs {
    Word(String),
    Inline(Vec<InlineSource>),
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct InlineSource {
    name: String,
    text: String,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct LimitsTable {
    field_bytes: Option<u32>,
    rule_matches: Option<u32>,
    evidence: Option<u32>,
}

/// A listing and what must be said of it. What is not given is not checked.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// Unique in the suite.
    pub name: String,
    #[serde(default)]
    fields: BTreeMap<String, String>,
    /// Fields as hexadecimal digits, for bytes that are not UTF-8.
    #[serde(default)]
    hex: BTreeMap<String, String>,
    /// All lines of evidence.
    pub(crate) evidence: Option<Vec<Line>>,
    /// Lines that must be among the evidence.
    #[serde(default)]
    pub(crate) contains: Vec<Line>,
    #[serde(default)]
    pub(crate) scores: BTreeMap<String, i32>,
    pub(crate) tier: Option<String>,
    /// The least tier that the listing must have.
    pub(crate) at_least: Option<String>,
    /// A tier that no offense may reach.
    pub(crate) below: Option<String>,
    /// Empty for none.
    pub(crate) offense: Option<String>,
    pub(crate) margin: Option<i32>,
    pub(crate) reason: Option<String>,
    pub(crate) deciding: Option<Vec<String>>,
    pub(crate) coverage: Option<String>,
    pub(crate) flags: Option<Vec<String>>,
}

/// An expected line of evidence; a rule has at most one.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Line {
    pub(crate) rule: String,
    pub(crate) kind: Option<String>,
    pub(crate) field: Option<String>,
    pub(crate) span: Option<[u32; 2]>,
    pub(crate) text: Option<String>,
    pub(crate) transforms: Option<Vec<String>>,
    pub(crate) weights: Option<BTreeMap<String, i32>>,
    pub(crate) shadow: Option<BTreeMap<String, i32>>,
    pub(crate) others: Option<Vec<String>>,
}

/// Loads all suites of a folder, by file name.
///
/// # Errors
/// When a file cannot be read or is no suite, with its name.
pub fn load_suites(dir: &Path) -> Result<Vec<Suite>, String> {
    let entries = std::fs::read_dir(dir).map_err(|e| format!("{}: {e}", dir.display()))?;
    let mut paths: Vec<PathBuf> = entries.filter_map(|e| e.ok().map(|e| e.path())).filter(|p| p.extension().is_some_and(|x| x == "toml")).collect();
    paths.sort();
    let load = |path: &PathBuf| {
        let text = std::fs::read_to_string(path).map_err(|e| e.to_string())?;
        let suite: Suite = toml::from_str(&text).map_err(|e| e.to_string())?;
        if path.file_stem().is_none_or(|stem| *stem != *suite.name) {
            return Err(format!("the name is {:?}", suite.name));
        }
        Ok(suite)
    };
    paths.iter().map(|path| load(path).map_err(|e| format!("{}: {e}", path.display()))).collect()
}

impl Suite {
    /// The packs, when they are not the embedded ones.
    pub fn sources(&self) -> Option<Vec<Source>> {
        match &self.packs {
            Packs::Word(_) => None,
            Packs::Inline(list) => Some(list.iter().map(|s| Source::new(s.name.as_str(), s.text.as_str())).collect()),
        }
    }

    /// The text of the policy, when it is not the standard one.
    pub fn policy(&self) -> Option<&str> {
        self.policy.as_deref()
    }

    /// Offenses and their priors.
    pub fn priors(&self) -> impl Iterator<Item = (&str, &str)> {
        self.prior.iter().map(|(offense, p)| (offense.as_str(), p.as_str()))
    }

    /// The day, when it is not that of the newest release.
    pub fn as_of(&self) -> Option<&str> {
        self.as_of.as_deref()
    }

    /// The jurisdictions; all when there are none.
    pub fn jurisdictions(&self) -> &[String] {
        &self.jurisdictions
    }

    /// Bytes of a field, matches of a rule and rules, where they are not the defaults.
    pub fn limits(&self) -> [Option<u32>; 3] {
        [self.limits.field_bytes, self.limits.rule_matches, self.limits.evidence]
    }

    /// The engine and the oracle that the suite describes.
    ///
    /// # Errors
    /// When packs, policy or settings are refused.
    pub fn build(&self) -> Result<(Engine, Oracle), String> {
        let taxonomy = match &self.packs {
            Packs::Word(word) if word == "embedded" => piepowder_packs::taxonomy(),
            Packs::Word(word) => return Err(format!("packs = {word:?}; expected \"embedded\" or sources")),
            Packs::Inline(_) => Taxonomy::from_sources(self.sources().unwrap_or_default()).map_err(|d| d.to_string())?,
        };
        let policy = match &self.policy {
            Some(text) => Policy::from_source(Source::new("suite.policy.toml", text.as_str())).map_err(|d| d.to_string())?,
            None => Policy::standard(),
        };
        let day = match &self.as_of {
            Some(text) => Date::parse(text).ok_or_else(|| format!("as_of = {text:?} is no day"))?,
            None => taxonomy.released().ok_or("no pack")?,
        };
        let mut limits = Limits::new();
        limits = self.limits.field_bytes.map_or(limits, |n| limits.with_field_bytes(n));
        limits = self.limits.rule_matches.map_or(limits, |n| limits.with_rule_matches(n));
        limits = self.limits.evidence.map_or(limits, |n| limits.with_evidence(n));
        let mut builder = Engine::builder();
        builder.taxonomy(&taxonomy).policy(&policy).limits(limits).jurisdictions(self.jurisdictions.clone());
        if self.as_of.is_some() {
            builder.as_of(day);
        }
        for (offense, p) in &self.prior {
            builder.prior(offense, p);
        }
        let engine = builder.build().map_err(|e| e.to_string())?;
        let oracle = Oracle::new(&taxonomy, &policy, day, &self.jurisdictions, &engine);
        let oracle = self.prior.iter().fold(oracle, |oracle, (offense, p)| oracle.with_prior(offense, p));
        Ok((engine, oracle))
    }
}

impl Case {
    /// The fields of the case's listing, by name.
    ///
    /// # Errors
    /// When one is not hexadecimal that should be.
    pub fn named_fields(&self) -> Result<Vec<(String, Vec<u8>)>, String> {
        let mut fields: Vec<(String, Vec<u8>)> = self.fields.iter().map(|(name, text)| (name.clone(), text.as_bytes().to_vec())).collect();
        for (name, digits) in &self.hex {
            fields.push((name.clone(), from_hex(digits).ok_or_else(|| format!("{name}: {digits:?} is not hexadecimal"))?));
        }
        Ok(fields)
    }

    /// The case's listing.
    ///
    /// # Errors
    /// When a field is unknown or not hexadecimal.
    pub fn listing(&self, engine: &Engine) -> Result<OwnedListing, String> {
        let mut listing = OwnedListing::default();
        for (name, bytes) in self.named_fields()? {
            match (Field::from_name(&name), engine.field(&name)) {
                (Some(field), _) => listing.fixed.push((field, bytes)),
                (None, Some(id)) => listing.declared.push((id, bytes)),
                (None, None) => return Err(format!("no field {name:?}")),
            }
        }
        Ok(listing)
    }
}

fn from_hex(digits: &str) -> Option<Vec<u8>> {
    let digits: String = digits.chars().filter(|c| *c != ' ').collect();
    if !digits.len().is_multiple_of(2) || !digits.is_ascii() {
        return None;
    }
    (0..digits.len()).step_by(2).map(|i| u8::from_str_radix(&digits[i..i + 2], 16).ok()).collect()
}
