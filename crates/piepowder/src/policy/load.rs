//! A policy file to a policy: one TOML source, checked against the registry below with every problem at once.
//! Invariant: a loaded policy has at least two tiers, thresholds that never fall from tier to tier, and floors that name its tiers.

use super::{Policy, Tier};
use crate::diagnostic::{Diagnostic, Diagnostics, Source};
use crate::score::prior;
use crate::taxonomy::Element;
use crate::taxonomy::format::{self, Key, Need, Table, Type};
use crate::taxonomy::read::Reader;
use crate::taxonomy::view::View;
use std::collections::BTreeMap;
use std::sync::Arc;

const THRESHOLD: Type = Type::Integer(-100_000, 100_000);

const fn key(name: &'static str, kind: Type, need: Need, doc: &'static str) -> Key {
    Key { name, kind, need, doc }
}

/// The policy file.
pub(super) static POLICY: Table = Table {
    name: "the policy",
    id: "policy",
    doc: "Ordered tiers, floors for what was not read, priors.",
    keys: &[
        key("format", Type::Integer(i64::MIN, i64::MAX), Need::Required, "The version of the format: 1."),
        key("name", Type::Text, Need::Required, "The policy's name."),
        key("version", Type::Version, Need::Required, "The policy's own version, MAJOR.MINOR.PATCH."),
        key(
            "prior",
            Type::Map(&Type::Key, &Type::Decimal),
            Need::Required,
            "Base rates: `default`, and offenses that differ; decimals between 0 and 1, as text.",
        ),
        key("tier", Type::Tables(&TIER), Need::Required, "Tiers, lowest first; the first is the floor and takes no condition."),
        key("floor", Type::Table(&FLOOR), Need::Optional, "Least tiers of what was not read in full."),
    ],
};

static TIER: Table = Table {
    name: "[[tier]]",
    id: "tier",
    doc: "A step of the scale, with what it takes to reach it.",
    keys: &[
        key("name", Type::Name, Need::Required, "The tier's name."),
        key("threshold", THRESHOLD, Need::Optional, "Least score in centibans, prior included; 0 unless said."),
        key("thresholds", Type::Map(&Type::Key, &THRESHOLD), Need::Optional, "Thresholds of offenses that differ."),
        key("groups", Type::Integer(0, 1_000), Need::Optional, "Least number of groups that speak for the offense; 1 unless said."),
        key(
            "elements",
            Type::List(&Type::List(&Type::Word(Element::WORDS), 1), 0),
            Need::Optional,
            "Lists of elements; of each list one must contribute.",
        ),
        key("person", Type::Boolean, Need::Optional, "Whether a person must look before anything is done; false unless said."),
    ],
};

static FLOOR: Table = Table {
    name: "[floor]",
    id: "floor",
    doc: "Least tiers of what was not read in full; the first tier unless said.",
    keys: &[
        key("truncated", Type::Name, Need::Optional, "Text was longer than the limit."),
        key("partial", Type::Name, Need::Optional, "Parts are in a language or script that no pack reads."),
        key("none", Type::Name, Need::Optional, "Most of it is in a script that no pack reads."),
        key("empty", Type::Name, Need::Optional, "There is no text."),
    ],
};

impl Policy {
    /// The JSON Schema (draft 2020-12) of a policy file, for editors.
    pub fn schema() -> String {
        crate::taxonomy::schema::of_table("piepowder policy", &POLICY, &[&TIER, &FLOOR])
    }

    /// Loads a policy file (docs/TAXONOMY.md, "The policy file"). Thresholds are in centibans.
    ///
    /// # Errors
    /// All problems of the source, when one of them is an error.
    ///
    /// ```
    /// use piepowder::{Policy, Source};
    ///
    /// let policy = Policy::from_source(Source::new("shop.toml", r#"
    ///     format = 1
    ///     name = "shop"
    ///     version = "1.0.0"
    ///     prior = { default = "0.0001" }
    ///     tier = [{ name = "clear" }, { name = "review", threshold = 100 }]
    /// "#))?;
    /// assert_eq!(policy.tiers()[1].threshold("narcotics"), 100);
    /// # Ok::<(), piepowder::Diagnostics>(())
    /// ```
    pub fn from_source(source: Source) -> Result<Policy, Diagnostics> {
        let mut problems = Diagnostics::default();
        let policy = load(&source, &mut problems);
        if problems.has_errors() { Err(problems) } else { Ok(policy) }
    }
}

fn load(source: &Source, problems: &mut Diagnostics) -> Policy {
    let mut reader = Reader::new(source, problems);
    let table = reader.parse();
    let whole = 0..0;
    reader.check(&POLICY, &table, &whole);
    let view = View::new(&reader, &table, whole);
    if view.integer("format").is_some_and(|f| f != format::FORMAT) {
        let problem = Diagnostic::error("P005", view.origin_of("format"), "unknown version of the format", "this build reads version 1");
        reader.report(problem);
    }
    let priors: BTreeMap<String, String> = view.text_map("prior").collect();
    for (offense, value) in &priors {
        if prior::centibans(value).is_none() {
            let problem = Diagnostic::error(
                "P050",
                view.origin_of("prior"),
                format!("the prior of `{offense}` is no probability"),
                "expected a decimal between 0 and 1",
            )
            .help("such as \"0.01\": one listing in a hundred");
            reader.report(problem);
        }
    }
    let tiers: Vec<Tier> = view.children("tier").iter().map(tier).collect();
    check_tiers(&tiers, &view, &mut reader);
    let floor = view.child("floor");
    let mut place = |name: &str| {
        let Some((floor, wanted)) = floor.as_ref().and_then(|f| Some((f, f.text(name)?))) else { return 0 };
        tiers.iter().position(|t| &*t.name == wanted).unwrap_or_else(|| {
            reader.report(Diagnostic::error("P051", floor.origin_of(name), format!("no tier is named `{wanted}`"), "unknown tier"));
            0
        })
    };
    let (truncated, unread) = (place("truncated"), [place("partial"), place("none"), place("empty")]);
    if !priors.contains_key("default") {
        reader.missing(&POLICY, "prior.default", &(0..0), "the base rate of offenses that are not named");
    }
    Policy {
        name: view.string("name"),
        version: view.string("version"),
        tiers,
        prior: priors.get("default").cloned().unwrap_or_default(),
        priors,
        truncated,
        unread,
    }
}

fn tier(view: &View<'_>) -> Tier {
    let elements = view.table.get("elements").and_then(|v| v.get_ref().as_array());
    let words = |list: &toml::Spanned<toml::de::DeValue<'_>>| -> Vec<Element> {
        let list = list.get_ref().as_array().into_iter().flat_map(|l| l.iter());
        list.filter_map(|w| Element::from_word(w.get_ref().as_str()?)).collect()
    };
    Tier {
        name: Arc::from(view.text("name").unwrap_or_default()),
        threshold: threshold(view.integer("threshold")),
        thresholds: view.integer_map("thresholds").map(|(k, v)| (k, threshold(Some(v)))).collect(),
        groups: view.integer("groups").and_then(|g| u32::try_from(g).ok()).unwrap_or(1),
        elements: elements.into_iter().flat_map(|l| l.iter()).map(words).collect(),
        person: view.boolean("person").unwrap_or(false),
    }
}

fn threshold(value: Option<i64>) -> i32 {
    value.and_then(|v| i32::try_from(v).ok()).unwrap_or(0)
}

fn check_tiers(tiers: &[Tier], view: &View<'_>, reader: &mut Reader<'_, '_>) {
    let origin = view.children("tier");
    if tiers.len() < 2 && view.has("tier") {
        reader.report(Diagnostic::error("P052", view.origin_of("tier"), "a policy needs at least two tiers", "the floor and one above it"));
    }
    for key in ["threshold", "thresholds", "groups", "elements"] {
        if let Some(floor) = origin.first().filter(|floor| floor.has(key)) {
            let message = format!("the floor has a `{key}`");
            let problem = Diagnostic::error("P055", floor.origin_of(key), message, "every listing has the first tier");
            reader.report(problem.help("put a tier without conditions first"));
        }
    }
    for (i, tier) in tiers.iter().enumerate() {
        if tiers[..i].iter().any(|t| t.name == tier.name) {
            reader.report(Diagnostic::error("P053", origin[i].origin_of("name"), format!("a second tier is named `{}`", tier.name), "already taken"));
        }
        // The floor has no threshold, so the order matters from the second on.
        let Some(below) = tiers[..i].last().filter(|_| i >= 2) else { continue };
        let offenses = tier.thresholds.keys().chain(below.thresholds.keys());
        let falls = offenses.map(|o| (tier.threshold(o), below.threshold(o))).chain([(tier.threshold, below.threshold)]).any(|(t, b)| t < b);
        if falls {
            let message = format!("a threshold of `{}` is below that of `{}`", tier.name, below.name);
            reader.report(Diagnostic::error("P054", origin[i].origin_of("threshold"), message, "tiers go from low to high"));
        }
    }
}
