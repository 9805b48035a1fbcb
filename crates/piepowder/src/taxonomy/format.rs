//! The one registry of the pack format: every table, its keys, their types, and what they mean. The loader checks files against it and
//! the published schema is written from it, so the two cannot differ. It holds no values and reads no file.
//! Invariant: a key that is not here is refused; a key that is here is read by `load`.

use super::words::{Boundary, Dimension, Element, EntityKind, GroupKind, Nature, NearScope, Scope, Status, View, WarrantKind};

/// The version of the format that this crate reads.
pub(crate) const FORMAT: i64 = 1;
/// The distance of `near` and `excuses` when `within` is left out, in pieces.
pub(crate) const WITHIN: u32 = 6;
/// Least letters and digits of a term that is looked for in disguise, unless its rule says another number.
pub(crate) const DISGUISED_FROM: u32 = 5;
/// Transforms that signals of disguise can name: not those that are honest by nature.
const DISGUISES: &[&str] = &["invisible", "markup", "bidi", "confusable", "mixed", "leet", "spaced", "repeated", "edit"];
/// Greatest weight, in centibans.
pub(crate) const MAX_WEIGHT: i64 = 1_000;
/// Most rules, offenses, terms, and bytes of one source.
pub(crate) const MAX_RULES: usize = 65_535;
pub(crate) use crate::limits::MAX_OFFENSES;
pub(crate) const MAX_TERMS: usize = 1_000_000;
pub(crate) const MAX_SOURCE: usize = 16 << 20;
/// Most problems that are reported of one source; a broken generator makes millions.
pub(crate) const MAX_PROBLEMS: usize = 1_000;

/// What a value must be.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Type {
    /// A whole number between two bounds.
    Integer(i64, i64),
    /// Centibans: 1 to 1,000, or -1 to -1,000.
    Weight,
    Boolean,
    /// Text that is not blank and holds no control characters but tabs and line ends.
    Text,
    /// One word of lower-case letters, digits and `-`.
    Name,
    /// Names joined by dots.
    Key,
    /// The name of a field of the listing: letters, digits, `-` and `_`.
    FieldName,
    /// A key, or `prefix.*`.
    KeyOrPrefix,
    /// A key, or `*`.
    KeyOrAll,
    /// `MAJOR.MINOR.PATCH`.
    Version,
    /// A TOML date without a time.
    Date,
    /// Two lower-case letters, or `und`.
    Language,
    /// Four letters, the first a capital.
    Script,
    /// One of these words.
    Word(&'static [&'static str]),
    /// Decimal text, `"12.50"`.
    Decimal,
    /// A decimal and a unit, `"0.1 g"`.
    Amount,
    /// The name of a canonical unit.
    Unit,
    /// The code of a currency.
    Currency,
    /// A word, or a shape that begins with `#`.
    Trigger,
    /// The file name of a term list.
    TermList,
    /// Examples: titles, or tables of fields.
    Entries,
    /// At least so many values.
    List(&'static Type, usize),
    /// A table with free keys of one type and values of another.
    Map(&'static Type, &'static Type),
    /// A table with the keys of this one.
    Table(&'static Table),
    /// Any number of such tables.
    Tables(&'static Table),
}

/// Whether a key may be left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    Required,
    Optional,
    /// Required, here or in `[defaults]`.
    Inherited,
}

/// One key of a table.
#[derive(Debug)]
pub(crate) struct Key {
    pub(crate) name: &'static str,
    pub(crate) kind: Type,
    pub(crate) need: Need,
    pub(crate) doc: &'static str,
}

/// A table of the format.
#[derive(Debug)]
pub(crate) struct Table {
    /// As people write it: `[[rule]]`.
    pub(crate) name: &'static str,
    /// Name of the definition in the schema.
    pub(crate) id: &'static str,
    pub(crate) doc: &'static str,
    pub(crate) keys: &'static [Key],
}

impl Table {
    pub(crate) fn key(&self, name: &str) -> Option<&'static Key> {
        self.keys.iter().find(|k| k.name == name)
    }
}

const fn required(name: &'static str, kind: Type, doc: &'static str) -> Key {
    Key { name, kind, need: Need::Required, doc }
}

const fn optional(name: &'static str, kind: Type, doc: &'static str) -> Key {
    Key { name, kind, need: Need::Optional, doc }
}

const fn inherited(name: &'static str, kind: Type, doc: &'static str) -> Key {
    Key { name, kind, need: Need::Inherited, doc }
}

const TEXTS: Type = Type::List(&Type::Text, 0);
const CODES: Type = Type::Map(&Type::FieldName, &Type::List(&Type::Text, 1));
const WEIGHTS: Type = Type::Map(&Type::KeyOrAll, &Type::Weight);
const DISGUISE: Type = Type::List(&Type::Word(DISGUISES), 1);
const BOUNDARY: Type = Type::Word(Boundary::WORDS);
const LETTERS: Type = Type::Integer(3, MOST_LETTERS as i64);
/// So many letters a word that is looked for in disguise never has: a rule that says it is of what nobody hides.
pub(crate) const MOST_LETTERS: u32 = 64;
const DISTANCE: Type = Type::Integer(0, 10_000);

pub(crate) static PACK: Table = Table {
    name: "pack.toml",
    id: "pack",
    doc: "What the pack is: its name, version and owner; its offenses, declared fields and languages.",
    keys: &[
        required("format", Type::Integer(i64::MIN, i64::MAX), "The version of the format: 1."),
        required("name", Type::Name, "The folder's name."),
        required("version", Type::Version, "The pack's own version, MAJOR.MINOR.PATCH."),
        required("released", Type::Date, "Day of release; the newest of these is the default date of assessment."),
        required("license", Type::Text, "SPDX expression."),
        required("owner", Type::Text, "Who answers for it; the default owner of its rules."),
        optional("description", Type::Text, "One sentence."),
        optional("extends", Type::List(&Type::Name, 0), "Packs that this one refers to."),
        optional("boundaries", Type::Map(&Type::Script, &BOUNDARY), "Script to where its terms may begin and end, for rules that do not say."),
        optional("offense", Type::Tables(&OFFENSE), "Offenses that the pack weighs."),
        optional("field", Type::Tables(&FIELD), "Fields that the pack declares beside the fixed ones."),
        optional("language", Type::Tables(&LANGUAGE), "Languages that the engine can tell apart."),
        optional("change", Type::Tables(&CHANGE), "Changes of other packs' rules."),
    ],
};

pub(crate) static RULES: Table = Table {
    name: "a file of rules",
    id: "rules",
    doc: "Groups and rules, and changes of other packs' rules.",
    keys: &[
        optional("defaults", Type::Table(&DEFAULTS), "Values for the rules of this file that do not give their own."),
        optional("group", Type::Tables(&GROUP), "Groups of rules."),
        optional("rule", Type::Tables(&RULE), "Rules."),
        optional("change", Type::Tables(&CHANGE), "Changes of other packs' rules."),
    ],
};

pub(crate) static OFFENSE: Table = Table {
    name: "[[offense]]",
    id: "offense",
    doc: "A kind of illegal trade, as a proposition about a listing's text.",
    keys: &[
        required("key", Type::Key, "The stable key."),
        required("rank", Type::Integer(0, 65_535), "Place in the taxonomy's order; ties by key."),
        required("title", Type::Text, "A short name for people."),
        required("proposition", Type::Text, "The proposition that is weighed, about the text: \"The text offers ...\"."),
        optional("codes", CODES, "Vocabulary to codes."),
    ],
};

pub(crate) static FIELD: Table = Table {
    name: "[[field]]",
    id: "field",
    doc: "A field of listings that the pack declares beside the fixed ones.",
    keys: &[
        required("name", Type::FieldName, "The field's name."),
        required("type", Type::Word(&["text", "number"]), "Text, in which rules may look, or a decimal number, for conditions."),
        optional("description", Type::Text, "One sentence."),
    ],
};

pub(crate) static LANGUAGE: Table = Table {
    name: "[[language]]",
    id: "language",
    doc: "How to recognize a language that the packs read, or know that they do not read.",
    keys: &[
        required("code", Type::Language, "ISO 639-1."),
        required("scripts", Type::List(&Type::Script, 1), "ISO 15924 codes of the scripts it is written in."),
        required("read", Type::Boolean, "Whether the loaded packs hold terms in it."),
        optional("words", TEXTS, "Frequent function words, one token each."),
    ],
};

pub(crate) static DEFAULTS: Table = Table {
    name: "[defaults]",
    id: "defaults",
    doc: "Values for the rules of this file that do not give their own.",
    keys: &[
        optional("language", Type::Language, "As in a rule."),
        optional("nature", Type::Word(Nature::WORDS), "As in a rule."),
        optional("owner", Type::Text, "As in a rule."),
        optional("effective", Type::Date, "As in a rule."),
        optional("sunset", Type::Date, "As in a rule."),
        optional("jurisdictions", TEXTS, "As in a rule."),
        optional("status", Type::Word(Status::WORDS), "As in a rule."),
        optional("element", Type::Word(Element::WORDS), "As in a rule."),
        optional("warrant", Type::Table(&WARRANT), "As in a rule."),
        optional("fields", Type::List(&Type::FieldName, 1), "As in a rule."),
        optional("boundary", BOUNDARY, "As in a rule."),
        optional("disguised_from", LETTERS, "As in a rule."),
    ],
};

pub(crate) static GROUP: Table = Table {
    name: "[[group]]",
    id: "group",
    doc: "Rules that say the same thing: the strongest counts in full, the second a quarter, the others nothing.",
    keys: &[
        required("key", Type::Key, "The stable key."),
        optional("kind", Type::Word(GroupKind::WORDS), "What the group is for; `specific` unless said."),
        required("reason", Type::Map(&Type::Language, &Type::Text), "Language to one sentence for people; English is required."),
        optional("excusable", Type::Boolean, "Whether excuses can take back what it contributed; for specific groups, true unless said."),
        optional("codes", CODES, "Vocabulary to codes, narrower than the offense's."),
    ],
};

pub(crate) static RULE: Table = Table {
    name: "[[rule]]",
    id: "rule",
    doc: "What to look for, what that weighs, and on whose authority.",
    keys: &[
        required("key", Type::Key, "The stable dotted key."),
        required("group", Type::Key, "A group of this pack or of one that it extends."),
        required("title", Type::Text, "What was seen, in a few plain words."),
        required("weights", WEIGHTS, "Offense to centibans; in signal groups `*` stands for every offense not named."),
        inherited("element", Type::Word(Element::WORDS), "Which element of an offer it speaks of."),
        inherited("nature", Type::Word(Nature::WORDS), "What a breach would be."),
        inherited("language", Type::Language, "ISO 639-1, or `und` for what has no language."),
        inherited("warrant", Type::Table(&WARRANT), "What the weight rests on."),
        optional("owner", Type::Text, "Who answers for it; the pack's owner unless said."),
        optional("effective", Type::Date, "In force from this day; the pack's day of release unless said."),
        optional("sunset", Type::Date, "In force until the day before."),
        optional("jurisdictions", TEXTS, "Where it applies; empty means everywhere."),
        optional("status", Type::Word(Status::WORDS), "Whether it counts; `active` unless said."),
        optional("rate", Type::Decimal, "Declared share of listings that it matches, at most 1; a profile alerts where it is far more."),
        optional("codes", CODES, "Vocabulary to codes."),
        optional("fields", Type::List(&Type::FieldName, 1), "Where it looks; title, description, attributes and declared text fields unless said."),
        optional("terms", TEXTS, "Words and phrases, matched by token."),
        optional("terms_from", Type::List(&Type::TermList, 0), "Term lists of the same pack."),
        optional("substrings", TEXTS, "Texts that are matched inside words too."),
        optional("patterns", Type::Tables(&PATTERN), "Regular expressions, tried at their triggers."),
        optional("quantities", Type::Tables(&QUANTITY), "Typed quantities."),
        optional("money", Type::Tables(&MONEY), "Typed prices in the text."),
        optional("entities", Type::List(&Type::Word(EntityKind::WORDS), 0), "Entities that a checksum, a shape or a label proves."),
        optional("disguise", DISGUISE, "Transforms: matches where a rule of a specific group was found through one of them. In signal groups only."),
        optional("boundary", BOUNDARY, "Where its terms may begin and end; what the pack says of their script unless said."),
        optional("disguised_from", LETTERS, "Least letters and digits of a term that is looked for in disguise, too; 5 unless said."),
        optional("near", Type::Table(&NEAR), "What must be matched near a match for it to count."),
        optional("where", Type::Tables(&WHERE), "Conditions on the listing's typed fields, all of which must hold."),
        optional("excuses", Type::Table(&EXCUSES), "What an excuse takes back; rules of excuse groups have it, others do not."),
    ],
};

pub(crate) static WARRANT: Table = Table {
    name: "warrant",
    id: "warrant",
    doc: "What a weight rests on.",
    keys: &[
        required("kind", Type::Word(WarrantKind::WORDS), "What kind of knowledge it is."),
        required("source", Type::Text, "Citation or reasoning."),
        optional("url", Type::Text, "Where to read it."),
    ],
};

pub(crate) static PATTERN: Table = Table {
    name: "patterns",
    id: "pattern",
    doc: "A regular expression, tried where a trigger begins and anchored there.",
    keys: &[
        required("regex", Type::Text, "The expression, in folded ASCII for the surface view."),
        optional("triggers", Type::List(&Type::Trigger, 0), "Words, and shapes: #digit #digits12 #base58 #hex #at #currency. At least one."),
        optional("view", Type::Word(View::WORDS), "`surface` (folded, the default) or `original` (bytes as given)."),
    ],
};

pub(crate) static QUANTITY: Table = Table {
    name: "quantities",
    id: "quantity",
    doc: "A range of typed quantities.",
    keys: &[
        required("dimension", Type::Word(Dimension::WORDS), "What is measured."),
        optional("min", Type::Amount, "Least amount, inclusive."),
        optional("max", Type::Amount, "Greatest amount, inclusive."),
        optional("units", Type::List(&Type::Unit, 0), "Canonical units; any of the dimension unless said."),
        optional("times_min", Type::Integer(1, 1_000_000), "Least multiplier."),
    ],
};

pub(crate) static MONEY: Table = Table {
    name: "money",
    id: "money",
    doc: "A range of prices in the text.",
    keys: &[
        optional("currencies", Type::List(&Type::Currency, 0), "Codes; any unless said."),
        optional("min", Type::Decimal, "Least amount, inclusive."),
        optional("max", Type::Decimal, "Greatest amount, inclusive."),
    ],
};

pub(crate) static NEAR: Table = Table {
    name: "near",
    id: "near",
    doc: "What must be matched near a match for it to count.",
    keys: &[
        required("any", Type::List(&Type::Key, 1), "Keys of rules or groups, at least one of which must be matched there."),
        optional("within", DISTANCE, "Greatest distance in tokens; 6 unless said."),
        optional(
            "scope",
            Type::Word(NearScope::WORDS),
            "`field` (the default): within that distance in the same field; `listing`: that, or anywhere in another field.",
        ),
    ],
};

pub(crate) static WHERE: Table = Table {
    name: "where",
    id: "where",
    doc: "A condition on a field of the listing: one test of any_of, below, above, present.",
    keys: &[
        required("field", Type::FieldName, "The field."),
        optional("any_of", Type::List(&Type::Text, 1), "The folded text equals one of these."),
        optional("below", Type::Decimal, "The number is less."),
        optional("above", Type::Decimal, "The number is greater."),
        optional("present", Type::Boolean, "The field is there, or is not."),
        optional("currency", Type::Currency, "With below or above: the listing's currency is this."),
    ],
};

pub(crate) static EXCUSES: Table = Table {
    name: "excuses",
    id: "excuses",
    doc: "What an excuse takes back, and how far it reaches.",
    keys: &[
        required("groups", Type::List(&Type::KeyOrPrefix, 1), "Keys of groups, or `prefix.*`."),
        optional("within", DISTANCE, "Greatest distance in tokens; 6 unless said."),
        optional("scope", Type::Word(Scope::WORDS), "`near` (the default); `field`: the whole field where it stands; `listing`: all fields."),
    ],
};

pub(crate) static CHANGE: Table = Table {
    name: "[[change]]",
    id: "change",
    doc: "A change of a rule by key, with who, why and until when.",
    keys: &[
        required("rule", Type::Key, "Key of the rule that changes."),
        required("owner", Type::Text, "Who answers for the change."),
        required("reason", Type::Text, "Why."),
        optional("effective", Type::Date, "First day of the change; from ever unless said."),
        required("expires", Type::Date, "First day on which the change is over."),
        optional("status", Type::Word(Status::WORDS), "The new status."),
        optional("weights", WEIGHTS, "Weights that replace the rule's, by offense."),
    ],
};

/// One table of a file of examples; the keys of such a file are keys of rules.
pub(crate) static EXAMPLE: Table = Table {
    name: "a table of examples",
    id: "example",
    doc: "Examples of one rule. An entry is a title, or a table of fields.",
    keys: &[
        optional("match", Type::Entries, "Texts that the rule matches."),
        optional("pass", Type::Entries, "Lawful texts: no offense reaches review."),
    ],
};

/// All tables, in the order of the schema.
pub(crate) static TABLES: [&Table; 17] = [
    &PACK, &RULES, &OFFENSE, &FIELD, &LANGUAGE, &DEFAULTS, &GROUP, &RULE, &WARRANT, &PATTERN, &QUANTITY, &MONEY, &NEAR, &WHERE, &EXCUSES, &CHANGE,
    &EXAMPLE,
];
