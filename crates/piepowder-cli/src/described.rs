//! A rule for machines, and the words for what it looks for: what `rules` prints and `diff` compares. It reads rules and prints nothing.
//! Invariant: two rules that are written alike are described alike.

use piepowder::{Dimension, QuantityRange, Rule, Test};
use serde::Serialize;
use std::collections::BTreeMap;

/// A number of millionths as decimal text.
pub(crate) fn decimal(millionths: i64) -> String {
    let text = format!("{}.{:06}", millionths / 1_000_000, (millionths % 1_000_000).abs());
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

pub(crate) fn range(min: i64, max: i64, unit: &str) -> String {
    match (min, max) {
        (..=0, i64::MAX) => format!("any {unit}"),
        (min, i64::MAX) => format!("at least {} {unit}", decimal(min)),
        (..=0, max) => format!("at most {} {unit}", decimal(max)),
        (min, max) => format!("{} to {} {unit}", decimal(min), decimal(max)),
    }
    .trim_end()
    .to_owned()
}

pub(crate) fn quantity(q: &QuantityRange) -> String {
    let unit = match q.dimension() {
        Dimension::Mass => "gram",
        Dimension::Volume => "liter",
        Dimension::Count => "pieces",
        Dimension::Percent => "%",
        _ => "",
    };
    let written = if q.units().is_empty() { String::new() } else { format!(", written in {}", q.units().join(", ")) };
    let times = if q.times_min() > 1 { format!(", at least {} times", q.times_min()) } else { String::new() };
    format!("{}{times}{written}", range(q.min(), q.max(), unit))
}

pub(crate) fn test(test: &Test) -> String {
    let of = |currency: &Option<String>| currency.as_ref().map_or(String::new(), |c| format!(" {c}"));
    match test {
        Test::AnyOf(words) => format!("is one of {}", words.join(", ")),
        Test::Below(n, currency) => format!("is below {}{}", decimal(*n), of(currency)),
        Test::Above(n, currency) => format!("is above {}{}", decimal(*n), of(currency)),
        Test::Present(true) => "is there".to_owned(),
        Test::Present(false) => "is absent".to_owned(),
        _ => "fits".to_owned(),
    }
}

/// A rule for machines.
#[derive(Serialize)]
pub(crate) struct Line<'r> {
    key: &'r str,
    pack: &'r str,
    group: &'r str,
    title: &'r str,
    status: &'static str,
    weights: &'r BTreeMap<String, i32>,
    element: &'static str,
    nature: &'static str,
    language: &'r str,
    warrant: Warrant<'r>,
    owner: &'r str,
    effective: String,
    sunset: Option<String>,
    jurisdictions: &'r [String],
    rate: Option<String>,
    codes: &'r BTreeMap<String, Vec<String>>,
    fields: &'r [String],
    terms: Vec<&'r str>,
    substrings: Vec<&'r str>,
    patterns: Vec<&'r str>,
    quantities: Vec<String>,
    money: Vec<String>,
    entities: Vec<&'static str>,
    near: &'r [String],
    near_within: Option<u32>,
    near_scope: Option<&'static str>,
    conditions: Vec<String>,
    excuses: &'r [String],
    excuses_within: Option<u32>,
    excuses_scope: Option<&'static str>,
    disguised_from: u32,
    disguise: &'r [String],
}

#[derive(Serialize)]
struct Warrant<'r> {
    kind: &'static str,
    source: &'r str,
    url: &'r str,
}

impl<'r> Line<'r> {
    /// The rule, with the word for its status.
    pub(crate) fn of(rule: &'r Rule, status: &'static str) -> Line<'r> {
        Line {
            key: rule.key(),
            pack: rule.pack(),
            group: rule.group(),
            title: rule.title(),
            status,
            weights: rule.weights(),
            element: rule.element().word(),
            nature: rule.nature().word(),
            language: rule.language(),
            warrant: Warrant { kind: rule.warrant().kind(), source: rule.warrant().source(), url: rule.warrant().url() },
            owner: rule.owner(),
            effective: rule.effective().to_string(),
            sunset: rule.sunset().map(|day| day.to_string()),
            jurisdictions: rule.jurisdictions(),
            rate: rule.rate().map(|millionths| decimal(millionths.into())),
            codes: rule.codes(),
            fields: rule.fields(),
            terms: rule.terms().collect(),
            substrings: rule.substrings().collect(),
            patterns: rule.patterns().map(|p| p.regex()).collect(),
            quantities: rule.quantities().iter().map(quantity).collect(),
            money: rule
                .money()
                .iter()
                .map(|m| format!("{} {}", range(m.min(), m.max(), ""), m.currencies().join(" or ")).trim_end().to_owned())
                .collect(),
            entities: rule.entities().iter().map(|e| e.word()).collect(),
            near: rule.near().map_or(&[], |(any, _)| any),
            near_within: rule.near().map(|(_, within)| within),
            near_scope: rule.near().map(|_| if rule.is_near_across_fields() { "listing" } else { "field" }),
            conditions: rule.conditions().map(|(field, must)| format!("{field} {}", test(must))).collect(),
            excuses: rule.excuse().map_or(&[], |e| e.groups()),
            excuses_within: rule.excuse().and_then(|e| e.within()),
            excuses_scope: rule.excuse().map(|e| match e.within() {
                Some(_) => "near",
                None if e.is_across_fields() => "listing",
                None => "field",
            }),
            disguised_from: rule.disguised_from(),
            disguise: rule.disguise(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{decimal, range};

    #[test]
    fn ranges_for_people() {
        assert_eq!(decimal(3_500_000), "3.5");
        assert_eq!(range(500_000, 28_000_000, "gram"), "0.5 to 28 gram");
        assert_eq!(range(0, i64::MAX, "gram"), "any gram");
        assert_eq!(range(1, i64::MAX, "%"), "at least 0.000001 %");
    }
}
