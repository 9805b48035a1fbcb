//! Groups and rules as plain data: what a pack says, word for word, with where it says it. No checks: the loader makes them.

use super::sought::{Condition, Excuse, MoneyRange, Near, Pattern, QuantityRange, Test};
use super::terms::Terms;
use super::words::{Boundary, Element, EntityKind, GroupKind, Nature, NearScope, Status, WarrantKind};
use crate::diagnostic::{Origin, Source};
use crate::id::Date;
use crate::stored::Later;
use core::ops::Range;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A value with the place in the sources where it is written.
#[derive(Clone, Debug)]
pub(crate) struct Located<T> {
    pub(crate) value: T,
    pub(crate) origin: Origin,
}

/// Why anybody may believe a weight.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warrant {
    pub(crate) kind: WarrantKind,
    pub(crate) source: String,
    pub(crate) url: String,
}

impl Warrant {
    /// `published`, `expert` or `counted`.
    pub fn kind(&self) -> &'static str {
        self.kind.word()
    }
    /// Citation or reasoning.
    pub fn source(&self) -> &str {
        &self.source
    }
    /// Where to read it; may be empty.
    pub fn url(&self) -> &str {
        &self.url
    }
}

/// Rules that say the same thing.
#[derive(Clone, Debug)]
pub struct Group {
    pub(crate) key: String,
    pub(crate) pack: String,
    pub(crate) kind: GroupKind,
    pub(crate) reason: BTreeMap<String, String>,
    pub(crate) excusable: bool,
    pub(crate) codes: BTreeMap<String, Vec<String>>,
    pub(crate) origin: Origin,
}

impl Group {
    /// The stable key.
    pub fn key(&self) -> &str {
        &self.key
    }
    /// The pack that defines it.
    pub fn pack(&self) -> &str {
        &self.pack
    }
    /// Specific, signal or excuse.
    pub fn kind(&self) -> GroupKind {
        self.kind
    }
    /// One sentence for people, by language.
    pub fn reason(&self, language: &str) -> Option<&str> {
        self.reason.get(language).map(String::as_str)
    }
    /// Whether excuses can take back what it contributed.
    pub fn is_excusable(&self) -> bool {
        self.excusable
    }
    /// Codes in public vocabularies, narrower than its offense's.
    pub fn codes(&self) -> &BTreeMap<String, Vec<String>> {
        &self.codes
    }
}

/// One rule: what it looks for, what that weighs, and on whose authority.
#[derive(Debug)]
pub struct Rule {
    pub(crate) key: String,
    pub(crate) pack: Arc<str>,
    pub(crate) terms: Terms,
    pub(crate) substrings: Terms,
    /// How many there are in the body.
    pub(crate) pattern_count: u32,
    /// The rest, which an engine of a compiled pack hardly needs.
    pub(crate) body: Later<Body>,
}

/// The patterns of a rule. How many there are is told without reading the body; of one that turns out to be damaged there are none.
struct Patterns<'r> {
    of: &'r Rule,
    rest: Range<u32>,
}

impl<'r> Iterator for Patterns<'r> {
    type Item = &'r Pattern;

    fn next(&mut self) -> Option<&'r Pattern> {
        self.of.body().patterns.get(self.rest.next()? as usize)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.rest.size_hint()
    }
}

impl ExactSizeIterator for Patterns<'_> {}

/// What a rule says beside its names and terms.
#[derive(Clone, Debug)]
pub(crate) struct Body {
    pub(crate) group: String,
    pub(crate) title: String,
    pub(crate) weights: BTreeMap<String, i32>,
    pub(crate) element: Element,
    pub(crate) nature: Nature,
    pub(crate) language: String,
    pub(crate) warrant: Warrant,
    pub(crate) owner: String,
    pub(crate) effective: Date,
    pub(crate) sunset: Option<Date>,
    pub(crate) jurisdictions: Vec<String>,
    pub(crate) status: Status,
    /// In millionths.
    pub(crate) rate: Option<u32>,
    pub(crate) codes: BTreeMap<String, Vec<String>>,
    pub(crate) fields: Vec<String>,
    pub(crate) patterns: Vec<Pattern>,
    pub(crate) quantities: Vec<QuantityRange>,
    pub(crate) money: Vec<MoneyRange>,
    pub(crate) entities: Vec<EntityKind>,
    pub(crate) near: Option<Near>,
    pub(crate) conditions: Vec<Condition>,
    pub(crate) excuse: Option<Excuse>,
    /// Its own boundary, for all its terms.
    pub(crate) boundary: Option<Boundary>,
    /// What its pack says of terms without one, by script.
    pub(crate) boundaries: BTreeMap<String, Boundary>,
    pub(crate) disguised_from: u32,
    pub(crate) disguise: Vec<String>,
    pub(crate) origin: Origin,
}

impl Default for Body {
    /// Says nothing.
    fn default() -> Self {
        Body {
            group: String::new(),
            title: String::new(),
            weights: BTreeMap::new(),
            element: Element::Object,
            nature: Nature::Criminal,
            language: String::new(),
            warrant: Warrant { kind: WarrantKind::Expert, source: String::new(), url: String::new() },
            owner: String::new(),
            effective: Date::new(1, 1, 1).expect("a day"),
            sunset: None,
            jurisdictions: Vec::new(),
            status: Status::Shadow,
            rate: None,
            codes: BTreeMap::new(),
            fields: Vec::new(),
            patterns: Vec::new(),
            quantities: Vec::new(),
            money: Vec::new(),
            entities: Vec::new(),
            near: None,
            conditions: Vec::new(),
            excuse: None,
            boundary: None,
            boundaries: BTreeMap::new(),
            disguised_from: 0,
            disguise: Vec::new(),
            origin: Origin::new(&Source::new("", ""), 0..0),
        }
    }
}

impl Clone for Rule {
    fn clone(&self) -> Self {
        self.changed(|_| ())
    }
}

impl Rule {
    /// What it says beside.
    pub(crate) fn body(&self) -> &Body {
        self.body.get()
    }

    /// The same rule with a change of what it says.
    pub(crate) fn changed(&self, change: impl FnOnce(&mut Body)) -> Rule {
        let mut body = self.body().clone();
        change(&mut body);
        Rule {
            key: self.key.clone(),
            pack: Arc::clone(&self.pack),
            terms: self.terms.clone(),
            substrings: self.substrings.clone(),
            pattern_count: self.pattern_count,
            body: Later::now(body),
        }
    }

    /// The stable dotted key.
    pub fn key(&self) -> &str {
        &self.key
    }
    /// The pack that defines it.
    pub fn pack(&self) -> &str {
        &self.pack
    }
    /// Key of its group.
    pub fn group(&self) -> &str {
        &self.body().group
    }
    /// What was seen, in plain words.
    pub fn title(&self) -> &str {
        &self.body().title
    }
    /// Centibans by offense key; `*` stands for every offense not named.
    pub fn weights(&self) -> &BTreeMap<String, i32> {
        &self.body().weights
    }
    /// Weight for an offense, in centibans; 0 when it says nothing of it.
    pub fn weight(&self, offense: &str) -> i32 {
        self.body().weights.get(offense).or_else(|| self.body().weights.get("*")).copied().unwrap_or(0)
    }
    /// Which element of an offer it speaks of.
    pub fn element(&self) -> Element {
        self.body().element
    }
    /// What a breach would be.
    pub fn nature(&self) -> Nature {
        self.body().nature
    }
    /// ISO 639-1, or `und`.
    pub fn language(&self) -> &str {
        &self.body().language
    }
    /// What the weight rests on.
    pub fn warrant(&self) -> &Warrant {
        &self.body().warrant
    }
    /// Who answers for it.
    pub fn owner(&self) -> &str {
        &self.body().owner
    }
    /// First day in force.
    pub fn effective(&self) -> Date {
        self.body().effective
    }
    /// First day not in force any more.
    pub fn sunset(&self) -> Option<Date> {
        self.body().sunset
    }
    /// Where it applies; empty means everywhere.
    pub fn jurisdictions(&self) -> &[String] {
        &self.body().jurisdictions
    }
    /// Active, shadow or retired, as written.
    pub fn status(&self) -> Status {
        self.body().status
    }
    /// The share of listings that it is declared to match, in millionths. No score depends on it: it is for noticing that a rule fires
    /// far more often than its author thought.
    pub fn rate(&self) -> Option<u32> {
        self.body().rate
    }
    /// Codes in public vocabularies.
    pub fn codes(&self) -> &BTreeMap<String, Vec<String>> {
        &self.body().codes
    }
    /// Names of the fields where it looks; empty means the default ones.
    pub fn fields(&self) -> &[String] {
        &self.body().fields
    }
    /// Words and phrases, term lists included.
    pub fn terms(&self) -> impl ExactSizeIterator<Item = &str> {
        self.terms.values()
    }
    /// Texts that are found inside words too.
    pub fn substrings(&self) -> impl ExactSizeIterator<Item = &str> {
        self.substrings.values()
    }
    /// Regular expressions.
    pub fn patterns(&self) -> impl ExactSizeIterator<Item = &Pattern> {
        Patterns { of: self, rest: 0..self.pattern_count }
    }
    /// Typed quantities.
    pub fn quantities(&self) -> &[QuantityRange] {
        &self.body().quantities
    }
    /// Typed prices in the text.
    pub fn money(&self) -> &[MoneyRange] {
        &self.body().money
    }
    /// Entities with a checksum or a proven shape.
    pub fn entities(&self) -> &[EntityKind] {
        &self.body().entities
    }
    /// What must be near: keys of rules or groups, one of which must match in the same field, and the greatest distance in pieces.
    pub fn near(&self) -> Option<(&[String], u32)> {
        self.body().near.as_ref().map(|near| (near.any.as_slice(), near.within))
    }
    /// Whether what must be near may stand anywhere in another field, too.
    pub fn is_near_across_fields(&self) -> bool {
        self.body().near.as_ref().is_some_and(|near| near.scope == NearScope::Listing)
    }
    /// Conditions on typed fields, all of which must hold: a field's name and a test.
    pub fn conditions(&self) -> impl ExactSizeIterator<Item = (&str, &Test)> {
        self.body().conditions.iter().map(|c| (c.field.as_str(), &c.test))
    }
    /// What it excuses, when it is an excuse.
    pub fn excuse(&self) -> Option<&Excuse> {
        self.body().excuse.as_ref()
    }
    /// Where terms that begin with a letter of the script may begin and end, if the rule or its pack says so: `word`, `prefix`,
    /// `compound` or `substring`. Otherwise scripts without spaces have `substring`, and others `word`.
    pub fn boundary(&self, script: &str) -> Option<&'static str> {
        self.body().boundary.or_else(|| self.body().boundaries.get(script).copied()).map(Boundary::word)
    }
    /// Least letters and digits of a term that is looked for in disguise, too.
    pub fn disguised_from(&self) -> u32 {
        self.body().disguised_from
    }
    /// Names of transforms: the rule matches where a rule of a specific group was found through one of them.
    pub fn disguise(&self) -> &[String] {
        &self.body().disguise
    }
    /// Whether it looks for something in the text; otherwise it is a condition on fields alone.
    pub fn reads_text(&self) -> bool {
        !(self.terms.is_empty()
            && self.substrings.is_empty()
            && self.pattern_count == 0
            && self.body().quantities.is_empty()
            && self.body().money.is_empty()
            && self.body().entities.is_empty()
            && self.body().disguise.is_empty())
    }
}
