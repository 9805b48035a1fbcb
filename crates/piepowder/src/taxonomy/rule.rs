//! Groups and rules as plain data: what a pack says, word for word, with where it says it. No checks: the loader makes them.

use crate::diagnostic::{Origin, Source};
use crate::id::Date;
use crate::stored::Later;
use core::ops::Range;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::terms::Terms;

macro_rules! words {
    ($(#[$doc:meta])* $vis:vis $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        $vis enum $name { $($(#[$vdoc])* $variant),+ }

        impl $name {
            /// All values, in order.
            $vis const ALL: &'static [$name] = &[$($name::$variant),+];

            /// The words in pack files, in the same order.
            pub(crate) const WORDS: &'static [&'static str] = &[$($word),+];

            /// The word in pack files.
            $vis const fn word(self) -> &'static str {
                match self { $($name::$variant => $word),+ }
            }

            /// The value of that word.
            $vis fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|v| v.word() == word)
            }
        }
    };
}

words! {
    /// What a group is for.
    pub GroupKind {
        /// Speaks for an offense by itself.
        Specific = "specific",
        /// Counts only beside a specific group.
        Signal = "signal",
        /// Takes back what other groups contributed near it.
        Excuse = "excuse",
    }
}
words! {
    /// Which element of an offer a rule speaks of.
    pub Element {
        /// The goods.
        Object = "object",
        /// That they are offered.
        Offer = "offer",
        /// That something is hidden.
        Concealment = "concealment",
        /// How it is paid.
        Payment = "payment",
        /// How it is sent.
        Logistics = "logistics",
        /// What surrounds it.
        Context = "context",
    }
}
words! {
    /// What a breach would be.
    pub Nature {
        /// A crime in most places.
        Criminal = "criminal",
        /// Restricted, licensed or age-limited goods.
        Regulatory = "regulatory",
        /// Against a platform's terms.
        HouseRule = "house-rule",
    }
}
words! {
    /// Whether a rule counts.
    pub Status {
        /// Counts.
        Active = "active",
        /// Cited with its would-be weight, contributes nothing.
        Shadow = "shadow",
        /// Explains old decisions, makes no new ones.
        Retired = "retired",
    }
}
words! {
    /// What a weight rests on.
    pub(crate) WarrantKind {
        /// A published standard, list or study.
        Published = "published",
        /// The reasoning of people who know the field.
        Expert = "expert",
        /// Counted in labelled listings.
        Counted = "counted",
    }
}
words! {
    /// Where a pattern is matched.
    pub(crate) View {
        /// Folded text.
        Surface = "surface",
        /// Bytes as handed in.
        Original = "original",
    }
}
words! {
    /// Where in the text a term may begin and end.
    pub(crate) Boundary {
        /// Whole words.
        Word = "word",
        /// At the beginning of a word, with more behind it.
        Prefix = "prefix",
        /// At the beginning or at the end of a word: a part of a compound.
        Compound = "compound",
        /// Anywhere.
        Substring = "substring",
    }
}
words! {
    /// How far an excuse reaches.
    pub(crate) Scope {
        /// Within a number of tokens in the same field.
        Near = "near",
        /// The whole field where it stands.
        Field = "field",
        /// All fields of the listing.
        Listing = "listing",
    }
}
words! {
    /// Where what must be near may stand.
    pub(crate) NearScope {
        /// Within a number of tokens in the same field.
        Field = "field",
        /// There, or anywhere in another field.
        Listing = "listing",
    }
}
words! {
    /// Dimension of a quantity.
    pub Dimension {
        /// In micrograms.
        Mass = "mass",
        /// In microliters.
        Volume = "volume",
        /// In millionths of one piece.
        Count = "count",
        /// In millionths of a percent.
        Percent = "percent",
    }
}
words! {
    /// An entity that its checksum, its shape or the label before it proves.
    pub EntityKind {
        /// A payment card number (Luhn).
        Card = "card",
        /// An e-mail address.
        Email = "email",
        /// A Bitcoin address (base58check, bech32, bech32m).
        Btc = "btc",
        /// An onion service address, version 3.
        Onion = "onion",
        /// An international bank account number (ISO 13616).
        Iban = "iban",
        /// An Ethereum address (EIP-55, or letters of one case).
        Eth = "eth",
        /// A Monero address of the main network: standard, subaddress, integrated.
        Xmr = "xmr",
        /// A Litecoin address (base58check, bech32, bech32m).
        Ltc = "ltc",
        /// A Tron address (base58check).
        Trx = "trx",
        /// A Dogecoin address (base58check).
        Doge = "doge",
        /// A PGP key or message, or a fingerprint behind the word for it.
        Pgp = "pgp",
        /// A Session ID.
        Session = "session",
        /// A Telegram link, or a name behind the word for it.
        Telegram = "telegram",
        /// A Threema link, or an ID behind the word for it.
        Threema = "threema",
        /// A name behind the word for Wickr.
        Wickr = "wickr",
        /// A Signal link, or a number or a username behind the word for it.
        Signal = "signal",
        /// A telephone number in the international form (E.164).
        Phone = "phone",
        /// A login with a password.
        Pair = "pair",
        /// A row of logins with passwords.
        Pairs = "pairs",
    }
}

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

/// Where a pattern is tried.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Trigger {
    /// Where this word begins.
    Word(String),
    /// Where a number begins.
    Digit,
    /// Where 12 or more digits begin.
    Digits12,
    /// Where 26 to 110 base58 characters begin.
    Base58,
    /// Where 32, 40 or 64 hexadecimal digits begin.
    Hex,
    /// Where a token begins that holds or precedes an `@`.
    At,
    /// At a currency sign before a token.
    Currency,
}

impl Trigger {
    /// The word, or the name of the shape.
    pub(crate) fn word(&self) -> &str {
        match self {
            Trigger::Word(word) => word,
            Trigger::Digit => "#digit",
            Trigger::Digits12 => "#digits12",
            Trigger::Base58 => "#base58",
            Trigger::Hex => "#hex",
            Trigger::At => "#at",
            Trigger::Currency => "#currency",
        }
    }
}

/// A regular expression with its triggers.
#[derive(Clone, Debug)]
pub struct Pattern {
    pub(crate) regex: String,
    pub(crate) triggers: Vec<Trigger>,
    pub(crate) view: View,
    pub(crate) origin: Origin,
}

impl Pattern {
    /// The expression, as written.
    pub fn regex(&self) -> &str {
        &self.regex
    }
    /// Where it is tried: words, and shapes such as `#digit`, as packs write them.
    pub fn triggers(&self) -> impl ExactSizeIterator<Item = &str> {
        self.triggers.iter().map(Trigger::word)
    }
    /// Whether it reads the bytes as handed in; otherwise it reads the surface.
    pub fn reads_original(&self) -> bool {
        self.view == View::Original
    }
}

/// A range of typed quantities. Amounts are in the dimension's base unit (microgram, microliter, millionths).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuantityRange {
    pub(crate) dimension: Dimension,
    pub(crate) min: i64,
    pub(crate) max: i64,
    pub(crate) units: Vec<String>,
    pub(crate) times_min: u32,
}

impl QuantityRange {
    /// The dimension.
    pub fn dimension(&self) -> Dimension {
        self.dimension
    }
    /// Least amount, inclusive.
    pub fn min(&self) -> i64 {
        self.min
    }
    /// Greatest amount, inclusive.
    pub fn max(&self) -> i64 {
        self.max
    }
    /// Canonical units; empty means any of the dimension.
    pub fn units(&self) -> &[String] {
        &self.units
    }
    /// Least multiplier.
    pub fn times_min(&self) -> u32 {
        self.times_min
    }
}

/// A range of prices in the text, in millionths of the currency's unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MoneyRange {
    pub(crate) currencies: Vec<String>,
    pub(crate) min: i64,
    pub(crate) max: i64,
}

impl MoneyRange {
    /// Codes such as `EUR`, `BTC`; empty means any.
    pub fn currencies(&self) -> &[String] {
        &self.currencies
    }
    /// Least amount, inclusive, in millionths.
    pub fn min(&self) -> i64 {
        self.min
    }
    /// Greatest amount, inclusive, in millionths.
    pub fn max(&self) -> i64 {
        self.max
    }
}

/// What must be matched near a match for it to count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Near {
    pub(crate) any: Vec<String>,
    pub(crate) within: u32,
    pub(crate) scope: NearScope,
}

/// The test of a condition on a field. Numbers are in millionths.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Test {
    /// The folded text equals one of these, folded.
    AnyOf(Vec<String>),
    /// The number is less; if a currency is named, the listing's currency is that.
    Below(i64, Option<String>),
    /// The number is greater; if a currency is named, the listing's currency is that.
    Above(i64, Option<String>),
    /// The field is there (or, when false, is absent or empty).
    Present(bool),
}

/// A condition on a typed field of the listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Condition {
    pub(crate) field: String,
    pub(crate) test: Test,
}

/// What an excuse takes back, and how far it reaches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excuse {
    pub(crate) groups: Vec<String>,
    pub(crate) within: u32,
    pub(crate) scope: Scope,
}

impl Excuse {
    /// Keys of groups, or prefixes written `prefix.*`.
    pub fn groups(&self) -> &[String] {
        &self.groups
    }
    /// Greatest distance, in pieces; none when it reaches over the whole field where it stands.
    pub fn within(&self) -> Option<u32> {
        (self.scope == Scope::Near).then_some(self.within)
    }
    /// Whether it reaches over the listing's other fields, too.
    pub fn is_across_fields(&self) -> bool {
        self.scope == Scope::Listing
    }

    /// Whether the excuse names this group.
    pub fn names(&self, group: &str) -> bool {
        self.groups.iter().any(|g| match g.strip_suffix(".*") {
            Some(prefix) => group.strip_prefix(prefix).is_some_and(|rest| rest.starts_with('.')),
            None => g == group,
        })
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
