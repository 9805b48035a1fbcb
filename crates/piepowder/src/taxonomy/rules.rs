//! One group or rule of a file: from a checked table to plain data, with its claims on other tables. What keys of one table mean together
//! is checked here. Invariant: a rule is always made, with placeholders for what is wrong, so that the rest of it is checked too; every
//! placeholder stands for a problem that was reported.

use super::format::{self, Need};
use super::load::{About, Folder, NO_DAY, late};
use super::read::{Reader, shown, suggest};
use super::resolve::{Claim, What};
use super::rule::*;
use super::shape;
use super::sought::*;
use super::terms::{Store, Terms};
use super::units;
use super::view::View;
use super::words::*;
use crate::diagnostic::{Diagnostic, Origin};
use crate::stored::Later;
use std::collections::BTreeMap;

pub(super) fn group(reader: &mut Reader<'_, '_>, g: View<'_>, about: &About) -> Group {
    let kind = g.word("kind", GroupKind::from_word).unwrap_or(GroupKind::Specific);
    let reason: BTreeMap<String, String> = g.text_map("reason").collect();
    if g.has("reason") && !reason.contains_key("en") && !reader.is_broken() {
        let missing = Diagnostic::error("P034", g.origin_of("reason"), "the group gives no reason in English", "no `en`");
        reader.report(missing.help("reason.en = \"...\""));
    }
    if g.has("excusable") && kind != GroupKind::Specific {
        let message = format!("`excusable` has no meaning in a group of kind \"{}\"", kind.word());
        reader.report(Diagnostic::error("P038", g.origin_of("excusable"), message, "such groups can never be excused"));
    }
    let excusable = kind == GroupKind::Specific && g.boolean("excusable").unwrap_or(true);
    Group {
        key: g.string("key"),
        pack: about.name.clone(),
        kind,
        reason,
        excusable,
        codes: g.list_map("codes").collect(),
        origin: g.origin_of("key"),
    }
}

pub(super) fn rule(
    reader: &mut Reader<'_, '_>,
    r: View<'_>,
    defaults: View<'_>,
    about: &About,
    folder: &mut Folder<'_>,
    claims: &mut Vec<Claim>,
) -> Rule {
    let from = |key: &str| if r.has(key) { r } else { defaults };
    for key in format::RULE.keys.iter().filter(|k| k.need == Need::Inherited && !from(k.name).has(k.name)) {
        reader.missing(&format::RULE, key.name, &r.span(), "give it here or in [defaults]");
    }
    let key = r.string("key");
    let mut claim = |origin: Origin, what: What| claims.push(Claim { pack: about.name.clone(), rule: key.clone(), origin, what });
    let group = r.string("group");
    claim(r.origin_of("group"), What::Group(group.clone()));

    let mut weights = BTreeMap::new();
    for (offense, weight) in r.weight_map("weights") {
        weights.insert(offense.value.clone(), weight.value);
        claim(offense.origin, What::Offense(offense.value));
        claim(weight.origin, What::Weight(weight.value));
    }
    let effective = from("effective").date("effective").or(about.released);
    let sunset = from("sunset").date("sunset");
    if let Some((first, last)) = late(effective, sunset) {
        let at = from("sunset").origin_of("sunset");
        let message = format!("the rule ends before it begins ({first} to {last})");
        reader.report(Diagnostic::error("P023", at, message, "must come after `effective`").help(format!("`effective` is {first}")));
    }
    let fields = from("fields").texts("fields");
    for field in &fields {
        claim(field.origin.clone(), What::TextField(field.value.clone()));
    }
    let conditions: Vec<Condition> = r.children("where").into_iter().filter_map(|w| condition(reader, w, &mut claim)).collect();
    let near = r.child("near").map(|n| {
        let any = n.texts("any");
        for target in &any {
            claim(target.origin.clone(), What::Near(target.value.clone()));
        }
        let any: Vec<String> = any.into_iter().map(|t| t.value).collect();
        claim(n.origin_of("any"), What::NearOnly { any: any.clone(), group: group.clone() });
        Near { any, within: within(n), scope: n.word("scope", NearScope::from_word).unwrap_or(NearScope::Field) }
    });
    let excuse = r.child("excuses").map(|x| {
        let groups = x.texts("groups");
        for g in &groups {
            claim(g.origin.clone(), What::Excused(g.value.clone()));
        }
        let scope = x.word("scope", Scope::from_word).unwrap_or(Scope::Near);
        Excuse { groups: groups.into_iter().map(|g| g.value).collect(), within: within(x), scope }
    });
    let at = if r.has("excuses") { r.origin_of("excuses") } else { r.origin() };
    claim(at, if r.has("excuses") { What::Excuses } else { What::NoExcuses });

    if r.has("disguise") {
        claim(r.origin_of("disguise"), What::Disguise);
    }

    let warrant = from("warrant").child("warrant");
    let body = Body {
        group,
        title: r.string("title"),
        weights,
        element: from("element").word("element", Element::from_word).unwrap_or(Element::Object),
        nature: from("nature").word("nature", Nature::from_word).unwrap_or(Nature::Criminal),
        language: from("language").string("language"),
        warrant: Warrant {
            kind: warrant.and_then(|w| w.word("kind", WarrantKind::from_word)).unwrap_or(WarrantKind::Expert),
            source: warrant.map(|w| w.string("source")).unwrap_or_default(),
            url: warrant.map(|w| w.string("url")).unwrap_or_default(),
        },
        owner: from("owner").text("owner").unwrap_or(&about.owner).to_owned(),
        effective: effective.unwrap_or(NO_DAY),
        sunset,
        jurisdictions: from("jurisdictions").strings("jurisdictions"),
        status: from("status").word("status", Status::from_word).unwrap_or(Status::Active),
        rate: rate(reader, r),
        codes: r.list_map("codes").collect(),
        fields: fields.into_iter().map(|f| f.value).collect(),
        patterns: r.children("patterns").into_iter().map(|p| pattern(reader, p)).collect(),
        quantities: r.children("quantities").into_iter().map(|q| quantity(reader, q)).collect(),
        money: r.children("money").into_iter().map(|m| money(reader, m)).collect(),
        entities: r.strings("entities").iter().filter_map(|e| EntityKind::from_word(e)).collect(),
        near,
        conditions,
        excuse,
        boundary: from("boundary").word("boundary", Boundary::from_word),
        boundaries: about.boundaries.clone(),
        disguised_from: from("disguised_from").integer("disguised_from").and_then(|n| u32::try_from(n).ok()).unwrap_or(format::DISGUISED_FROM),
        disguise: r.strings("disguise"),
        origin: if r.has("key") { r.origin_of("key") } else { r.origin() },
    };
    let pattern_count = body.patterns.len() as u32;
    let rule = Rule {
        key,
        pack: about.name.as_str().into(),
        terms: terms(reader, r, folder),
        substrings: substrings(reader, r),
        pattern_count,
        body: Later::now(body),
    };
    // A matcher that is wrong in itself has been reported; it is not nothing. A term list may be empty.
    let looks = ["terms", "substrings", "patterns", "quantities", "money", "entities", "disguise", "where"];
    let given = looks.iter().any(|k| r.has(k) && !r.is_empty_list(k));
    let lists = r.strings("terms_from").iter().all(|name| folder.lists.contains_key(name.as_str()));
    if !given && lists && !rule.reads_text() && !reader.is_broken() {
        let nothing = Diagnostic::error("P022", rule.body().origin.clone(), "the rule looks for nothing", "no terms, patterns or conditions");
        let help = "give at least one of terms, terms_from, substrings, patterns, quantities, money, entities, disguise, where";
        reader.report(nothing.help(help));
    }
    rule
}

/// The declared share of listings, in millionths.
fn rate(reader: &mut Reader<'_, '_>, r: View<'_>) -> Option<u32> {
    let millionths = shape::amount(r.text("rate")?)?;
    let share = u32::try_from(millionths).ok().filter(|m| (1..=1_000_000).contains(m));
    if share.is_none() {
        let wrong = Diagnostic::error("P033", r.origin_of("rate"), "`rate` is out of range", "a share of listings, from 0.000001 to 1");
        reader.report(wrong.help("\"0.001\" is one listing in a thousand"));
    }
    share
}

fn within(table: View<'_>) -> u32 {
    table.integer("within").and_then(|w| u32::try_from(w).ok()).unwrap_or(format::WITHIN)
}

/// The rule's own terms and those of its lists.
fn terms(reader: &mut Reader<'_, '_>, r: View<'_>, folder: &mut Folder<'_>) -> Terms {
    let mut terms = Store::default();
    r.each_text("terms", |text, at| terms.push(text, r.source(), at));
    for name in r.texts("terms_from") {
        match folder.lists.get_mut(name.value.as_str()) {
            Some(list) => {
                list.used = true;
                terms.extend(&list.terms);
            }
            None if name.value.ends_with(".txt") && !name.value.contains('/') => {
                let help = match suggest(&name.value, folder.lists.keys().copied()) {
                    Some(near) => format!("did you mean \"{near}\"?"),
                    None => String::new(),
                };
                let message = format!("the pack has no term list \"{}\"", shown(&name.value));
                reader.report(Diagnostic::error("P016", name.origin, message, "no such file").help(help));
            }
            None => {}
        }
    }
    once(reader, terms)
}

fn substrings(reader: &mut Reader<'_, '_>, r: View<'_>) -> Terms {
    let mut substrings = Store::default();
    r.each_text("substrings", |text, at| substrings.push(text, r.source(), at));
    once(reader, substrings)
}

/// Drops terms that stand twice, with a warning.
fn once(reader: &mut Reader<'_, '_>, mut terms: Store) -> Terms {
    terms.once(|again, first| {
        let message = format!("the term \"{}\" stands twice in the rule", shown(again.value));
        let twice = Diagnostic::warning("P101", again.origin(), message, "again");
        reader.problems.push(twice.also(first.origin(), "first"));
    });
    terms.finish()
}

fn pattern(reader: &mut Reader<'_, '_>, p: View<'_>) -> Pattern {
    let triggers: Vec<Trigger> = p.strings("triggers").iter().filter_map(|t| shape::trigger(t)).collect();
    if (!p.has("triggers") || p.is_empty_list("triggers")) && !reader.is_broken() {
        let none = Diagnostic::error("P029", p.origin_of("triggers"), "the pattern has no trigger", "needs `triggers`");
        reader.report(none.help("the words with which a match begins, or a shape such as #digit"));
    }
    let origin = if p.has("regex") { p.origin_of("regex") } else { p.origin() };
    Pattern { regex: p.string("regex"), triggers, view: p.word("view", super::words::View::from_word).unwrap_or(super::words::View::Surface), origin }
}

/// Reports bounds that leave nothing between them.
fn bounds(reader: &mut Reader<'_, '_>, table: View<'_>, min: i64, max: i64) {
    if min > max {
        let empty = Diagnostic::error("P033", table.origin_of("max"), "`min` is larger than `max`", "smaller than `min`");
        reader.report(empty.also(table.origin_of("min"), "`min`"));
    }
}

fn quantity(reader: &mut Reader<'_, '_>, q: View<'_>) -> QuantityRange {
    let dimension = q.word("dimension", Dimension::from_word);
    let mut fits = |origin: Origin, unit: usize| {
        let unit = &units::UNITS[unit];
        if dimension.is_some_and(|d| d != unit.dimension) {
            let label = format!("measures {}", unit.dimension.word());
            reader.report(Diagnostic::error("P026", origin, format!("the unit {} does not fit the dimension", unit.name), label));
        }
    };
    let mut amount = |key: &str, unless: i64| match q.text(key).and_then(|t| shape::read_amount(t).ok()) {
        Some((value, unit)) => {
            fits(q.origin_of(key), unit);
            units::to_base(value, unit)
        }
        None => unless,
    };
    let (min, max) = (amount("min", 0), amount("max", i64::MAX));
    let units = q.texts("units");
    for unit in &units {
        if let Some(index) = units::UNITS.iter().position(|u| u.name == unit.value) {
            fits(unit.origin.clone(), index);
        }
    }
    bounds(reader, q, min, max);
    let units = units.into_iter().map(|u| u.value).collect();
    let times_min = q.integer("times_min").and_then(|t| u32::try_from(t).ok()).unwrap_or(1);
    QuantityRange { dimension: dimension.unwrap_or(Dimension::Count), min, max, units, times_min }
}

fn money(reader: &mut Reader<'_, '_>, m: View<'_>) -> MoneyRange {
    let amount = |key: &str| m.text(key).and_then(shape::amount);
    let (min, max) = (amount("min").unwrap_or(0), amount("max").unwrap_or(i64::MAX));
    bounds(reader, m, min, max);
    MoneyRange { currencies: m.strings("currencies"), min, max }
}

/// Reads a condition of exactly one test. `None` when it has another number of them, or one of the wrong type.
fn condition(reader: &mut Reader<'_, '_>, w: View<'_>, claim: &mut impl FnMut(Origin, What)) -> Option<Condition> {
    let tests: Vec<&str> = ["any_of", "below", "above", "present"].into_iter().filter(|t| w.has(t)).collect();
    let [name] = tests[..] else {
        if !reader.is_broken() {
            let label = if tests.is_empty() { "no test".to_owned() } else { format!("{} tests", tests.len()) };
            let wrong = Diagnostic::error("P031", w.origin(), "a condition makes one test", label);
            reader.report(wrong.help("one of any_of, below, above, present; write two conditions for two tests"));
        }
        return None;
    };
    let currency = w.text("currency").map(str::to_owned);
    if currency.is_some() && !matches!(name, "below" | "above") {
        let message = format!("`currency` does not go with `{name}`");
        reader.report(Diagnostic::error("P031", w.origin_of("currency"), message, "goes with `below` and `above`"));
    }
    let test = match name {
        "any_of" => Test::AnyOf(w.strings(name)),
        "present" => Test::Present(w.boolean(name)?),
        "below" => Test::Below(w.text(name).and_then(shape::amount)?, currency),
        _ => Test::Above(w.text(name).and_then(shape::amount)?, currency),
    };
    let field = w.string("field");
    claim(w.origin_of("field"), What::Tested { field: field.clone(), test: name });
    Some(Condition { field, test })
}
