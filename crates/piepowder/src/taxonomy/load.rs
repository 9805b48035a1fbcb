//! From sources to a taxonomy: sorts the files of each pack, reads them table by table, and collects every problem of all of them.
//! Types and shapes are `read`'s, references between tables are `resolve`'s; what keys of one table mean together is checked here.
//! Invariant: sources are taken in the order of their names, so the order in which they come changes nothing.

use super::format::{self, Need};
use super::read::{self, Reader, View, shown};
use super::resolve::{self, Broken, Claim, Packs, What};
use super::rule::*;
use super::units;
use super::{Change, FieldType, Language, Offense, Pack, Taxonomy};
use crate::diagnostic::{Diagnostic, Diagnostics, Origin, Source};
use crate::id::Date;
use std::collections::BTreeMap;

impl Taxonomy {
    /// Loads packs from their sources, named `PACK/FILE`: `pack.toml`, files of rules, term lists. Files of examples are left aside.
    ///
    /// # Errors
    ///
    /// All problems of all sources, when one of them is an error. Warnings alone do not fail; [`Taxonomy::warnings`] keeps them.
    ///
    /// ```
    /// use piepowder::{Source, Taxonomy};
    /// let pack = "format = 1\nname = 'shop'\nversion = '1.0.0'\nreleased = 2026-11-01\nlicense = 'CC0-1.0'\nowner = 'shop.example'\n";
    /// let taxonomy = Taxonomy::from_sources([Source::new("shop/pack.toml", pack)])?;
    /// assert_eq!(taxonomy.packs().count(), 1);
    /// # Ok::<(), piepowder::Diagnostics>(())
    /// ```
    pub fn from_sources(sources: impl IntoIterator<Item = Source>) -> Result<Taxonomy, Diagnostics> {
        let mut sources: Vec<Source> = sources.into_iter().collect();
        sources.sort_by(|a, b| a.name().cmp(b.name()));
        let mut load = Load::default();
        for folder in load.folders(&sources) {
            load.folder(folder);
        }
        load.out.sources = sources;
        load.finish()
    }
}

/// The files of one pack.
#[derive(Default)]
struct Folder<'a> {
    name: &'a str,
    pack: Option<&'a Source>,
    rules: Vec<&'a Source>,
    lists: BTreeMap<&'a str, List<'a>>,
}

struct List<'a> {
    source: &'a Source,
    terms: Vec<Located<String>>,
    used: bool,
}

#[derive(Default)]
struct Load {
    out: Taxonomy,
    problems: Diagnostics,
    broken: Broken,
}

/// What a pack gives to its rules.
struct About {
    name: String,
    owner: String,
    released: Option<Date>,
}

/// Stands for a date that is missing or wrong; the load fails, so that nobody sees it.
const NO_DAY: Date = Date::new(1, 1, 1).expect("a day");

impl Load {
    fn error(&mut self, code: &'static str, origin: Origin, message: impl Into<String>, label: impl Into<String>, help: impl Into<String>) {
        self.problems.push(Diagnostic::error(code, origin, message, label).help(help));
    }

    /// Sorts the sources by pack and kind; refuses names that say neither.
    fn folders<'a>(&mut self, sources: &'a [Source]) -> Vec<Folder<'a>> {
        let mut folders: BTreeMap<&str, Folder<'a>> = BTreeMap::new();
        let mut before: Option<&Source> = None;
        for source in sources {
            let start = Origin::new(source, 0..0);
            if let Some(first) = before.replace(source).filter(|b| b.name() == source.name()) {
                let twice = Diagnostic::error("P002", start, format!("{} is loaded twice", shown(source.name())), "second time");
                self.problems.push(twice.also(Origin::new(first, 0..0), "first time"));
                continue;
            }
            let parts = source.name().split_once('/').filter(|(pack, file)| !pack.is_empty() && !file.is_empty() && !file.contains('/'));
            let Some((name, file)) = parts else {
                self.error("P002", start, format!("\"{}\" is no name of a source", shown(source.name())), "PACK/FILE", "");
                continue;
            };
            if file.ends_with(".examples.toml") {
                continue;
            }
            if !(file.ends_with(".toml") || file.ends_with(".txt")) {
                let label = "expected pack.toml, *.toml, *.examples.toml or *.txt";
                self.error("P002", start, format!("{} is not a file of a pack", shown(source.name())), label, "");
                continue;
            }
            let folder = folders.entry(name).or_default();
            folder.name = name;
            if source.text().len() > format::MAX_SOURCE {
                self.broken.incomplete = true;
                self.error("P004", start, format!("{} is too large", shown(source.name())), "at most 16 MiB", "");
                if file == "pack.toml" {
                    folder.pack = Some(source);
                }
            } else if file == "pack.toml" {
                folder.pack = Some(source);
            } else if file.ends_with(".toml") {
                folder.rules.push(source);
            } else {
                let terms = term_list(source, &mut self.problems);
                folder.lists.insert(file, List { source, terms, used: false });
            }
        }
        folders.into_values().collect()
    }

    fn folder(&mut self, mut folder: Folder<'_>) {
        let Some(source) = folder.pack else {
            let first = folder.rules.first().copied().or_else(|| folder.lists.values().next().map(|l| l.source));
            if let Some(first) = first {
                self.broken.incomplete = true;
                let label = format!("{}/pack.toml is missing", shown(folder.name));
                self.error("P005", Origin::new(first, 0..0), format!("the pack {} has no pack.toml", shown(folder.name)), label, "");
            }
            return;
        };
        if source.text().len() > format::MAX_SOURCE {
            return;
        }
        let Some(about) = self.pack(source, folder.name) else { return };
        for source in core::mem::take(&mut folder.rules) {
            self.rules(source, &about, &mut folder);
        }
        for list in folder.lists.values().filter(|l| !l.used) {
            let unused = Diagnostic::warning("P105", Origin::new(list.source, 0..0), "no rule uses this term list", "unused");
            self.problems.push(unused.help("name it in `terms_from` of a rule, or remove it"));
        }
    }

    /// Reads `pack.toml`. `None` when its format is not one that is known: nothing else can be said of the pack then.
    fn pack(&mut self, source: &Source, folder: &str) -> Option<About> {
        let mut reader = Reader::new(source, &mut self.problems);
        let root = reader.parse();
        let view = View::new(&reader, &root, 0..0);
        if let Some(format) = view.integer("format").filter(|f| *f != format::FORMAT) {
            let message = format!("the pack is written in format {format}");
            let label = format!("this version of piepowder reads format {}", format::FORMAT);
            reader.report(Diagnostic::error("P006", view.origin_of("format"), message, label));
            self.broken.incomplete = true;
            return None;
        }
        reader.check(&format::PACK, &root, &(0..0));
        let name = view.string("name");
        if !name.is_empty() && name != folder {
            let message = format!("the pack is named \"{}\" in a folder named \"{}\"", shown(&name), shown(folder));
            reader.report(Diagnostic::error("P007", view.origin_of("name"), message, "not the folder's name"));
        }
        for field in view.children("field") {
            let fixed = crate::listing::Field::from_name(field.text("name").unwrap_or_default());
            if let Some(fixed) = fixed {
                let message = format!("the field `{}` is fixed", fixed.name());
                reader.report(Diagnostic::error("P013", field.origin_of("name"), message, "every listing has it already"));
            }
        }
        self.broken.note(reader.is_broken(), source);
        let about = About { name: folder.to_owned(), owner: view.string("owner"), released: view.date("released") };
        let pack = Pack {
            name: folder.to_owned(),
            version: view.string("version"),
            released: about.released.unwrap_or(NO_DAY),
            license: view.string("license"),
            owner: about.owner.clone(),
            description: view.string("description"),
            extends: view.strings("extends"),
            origin: view.origin_of("name"),
        };
        self.out.packs.insert(folder.to_owned(), pack);
        for o in view.children("offense") {
            let key = o.string("key");
            let offense = Offense {
                key: key.clone(),
                rank: o.integer("rank").and_then(|r| u16::try_from(r).ok()).unwrap_or_default(),
                title: o.string("title"),
                proposition: o.string("proposition"),
                codes: o.list_map("codes").collect(),
                origin: o.origin_of("key"),
            };
            define(&mut self.out.offenses, "offense", key, offense, |o| &o.origin, &mut self.problems);
        }
        for f in view.children("field") {
            let (name, origin) = (f.string("name"), f.origin_of("name"));
            let kind = if f.text("type") == Some("number") { FieldType::Number } else { FieldType::Text };
            if define(&mut self.out.field_origins, "field", name.clone(), origin, |o| o, &mut self.problems) {
                self.out.fields.insert(name, kind);
            }
        }
        for l in view.children("language") {
            let code = l.string("code");
            let (read, origin) = (l.boolean("read").unwrap_or_default(), l.origin_of("code"));
            let language = Language { code: code.clone(), scripts: l.strings("scripts"), read, words: l.strings("words"), origin };
            define(&mut self.out.languages, "language", code, language, |l| &l.origin, &mut self.problems);
        }
        self.changes(&view, &about);
        Some(about)
    }

    fn rules(&mut self, source: &Source, about: &About, folder: &mut Folder<'_>) {
        let mut reader = Reader::new(source, &mut self.problems);
        let root = reader.parse();
        reader.check(&format::RULES, &root, &(0..0));
        let view = View::new(&reader, &root, 0..0);
        let mut groups = Vec::new();
        for g in view.children("group") {
            groups.push(group(&mut reader, g, about));
        }
        let empty = toml::de::DeTable::new();
        let defaults = view.child("defaults").unwrap_or_else(|| View::new(&reader, &empty, 0..0));
        let mut rules = Vec::new();
        for r in view.children("rule") {
            rules.push(rule(&mut reader, r, defaults, about, folder, &mut self.out.claims));
        }
        self.broken.note(reader.is_broken(), source);
        for g in groups {
            define(&mut self.out.groups, "group", g.key.clone(), g, |g| &g.origin, &mut self.problems);
        }
        for r in rules {
            define(&mut self.out.rules, "rule", r.key.clone(), r, |r| &r.origin, &mut self.problems);
        }
        self.changes(&view, about);
    }

    fn changes(&mut self, view: &View<'_>, about: &About) {
        for c in view.children("change") {
            let mut weights = BTreeMap::new();
            let rule = c.string("rule");
            let mut claim = |origin, what| self.out.claims.push(Claim { pack: about.name.clone(), rule: rule.clone(), origin, what });
            claim(c.origin_of("rule"), What::Changed);
            for (offense, weight) in c.weight_map("weights") {
                weights.insert(offense.clone(), weight.value);
                claim(weight.origin, What::Weight { offense, weight: weight.value });
            }
            let (effective, expires) = (c.date("effective"), c.date("expires"));
            if let Some((from, until)) = late(effective, expires) {
                let message = format!("the change is over before it begins ({from} to {until})");
                self.error("P023", c.origin_of("expires"), message, "must come after `effective`", "");
            }
            let status = c.word("status", Status::from_word);
            if !c.has("status") && !c.has("weights") && !self.broken.has(view.source()) {
                self.error("P039", c.origin(), "the change changes nothing", "neither `status` nor `weights`", "");
            }
            let (owner, reason) = (c.string("owner"), c.string("reason"));
            let expires = expires.unwrap_or(NO_DAY);
            let change =
                Change { rule: rule.clone(), pack: about.name.clone(), owner, reason, effective, expires, status, weights, origin: c.origin() };
            self.out.changes.push(change);
        }
    }

    fn finish(mut self) -> Result<Taxonomy, Diagnostics> {
        self.problems.extend(resolve::limits(&self.out));
        self.problems.extend(resolve::references(&self.out, Packs::MayCome, &self.broken));
        resolve::sort_changes(&mut self.out.changes);
        self.problems.extend(resolve::conflicts(&self.out.changes));
        if self.problems.has_errors() {
            return Err(self.problems);
        }
        self.problems.extend(resolve::empty_groups(&self.out));
        self.out.warnings = self.problems;
        Ok(self.out)
    }
}

/// Two days, if the second does not come after the first.
fn late(from: Option<Date>, until: Option<Date>) -> Option<(Date, Date)> {
    from.zip(until).filter(|(from, until)| until <= from)
}

/// Puts a definition into its table, or reports the first one. Whether it was new; a key that is missing is no definition.
fn define<T>(table: &mut BTreeMap<String, T>, what: &str, key: String, value: T, origin: impl Fn(&T) -> &Origin, problems: &mut Diagnostics) -> bool {
    if let Some(first) = table.get(&key) {
        let twice = Diagnostic::error("P013", origin(&value).clone(), format!("the {what} `{}` is defined twice", shown(&key)), "second definition");
        problems.push(twice.also(origin(first).clone(), "first definition"));
        return false;
    }
    if !key.is_empty() {
        table.insert(key, value);
        return true;
    }
    false
}

fn term_list(source: &Source, problems: &mut Diagnostics) -> Vec<Located<String>> {
    let mut reader = Reader::new(source, problems);
    let text = reader.text();
    let mut at = source.text().len() - text.len();
    let mut terms = Vec::new();
    for line in text.split_inclusive('\n') {
        let term = line.trim();
        let start = at + (line.len() - line.trim_start().len());
        at += line.len();
        if term.is_empty() || term.starts_with('#') {
            continue;
        }
        let origin = Origin::new(source, start..start + term.len());
        if term.chars().any(|c| c.is_control() && c != '\t') {
            reader.report(Diagnostic::error("P037", origin, "the term holds a control character", "control character"));
            continue;
        }
        terms.push(Located { value: term.to_owned(), origin });
    }
    terms
}

fn group(reader: &mut Reader<'_, '_>, g: View<'_>, about: &About) -> Group {
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
    Group { key: g.string("key"), pack: about.name.clone(), kind, reason, excusable, origin: g.origin_of("key") }
}

fn rule(reader: &mut Reader<'_, '_>, r: View<'_>, defaults: View<'_>, about: &About, folder: &mut Folder<'_>, claims: &mut Vec<Claim>) -> Rule {
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
        weights.insert(offense.clone(), weight.value);
        claim(weight.origin, What::Weight { offense, weight: weight.value });
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
        Near { any, within: within(n) }
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

    let warrant = from("warrant").child("warrant");
    let rule = Rule {
        pack: about.name.clone(),
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
        codes: r.list_map("codes").collect(),
        fields: fields.into_iter().map(|f| f.value).collect(),
        terms: terms(reader, r, folder),
        substrings: once(reader, r.texts("substrings")),
        patterns: r.children("patterns").into_iter().map(|p| pattern(reader, p)).collect(),
        quantities: r.children("quantities").into_iter().map(|q| quantity(reader, q)).collect(),
        money: r.children("money").into_iter().map(|m| money(reader, m)).collect(),
        entities: r.strings("entities").iter().filter_map(|e| EntityKind::from_word(e)).collect(),
        near,
        conditions,
        excuse,
        origin: if r.has("key") { r.origin_of("key") } else { r.origin() },
        key,
    };
    // A matcher of the wrong type has been reported; it is not nothing.
    let looks = ["terms_from", "patterns", "quantities", "money", "entities", "where", "terms", "substrings"];
    let wrong = looks.iter().any(|k| r.has(k) && r.strings(k).is_empty() && r.children(k).is_empty() && !r.is_empty_list(k));
    if !rule.reads_text() && rule.conditions.is_empty() && !wrong && r.strings("terms_from").is_empty() && !reader.is_broken() {
        let nothing = Diagnostic::error("P022", rule.origin.clone(), "the rule looks for nothing", "no terms, patterns or conditions");
        let help = "give at least one of terms, terms_from, substrings, patterns, quantities, money, entities, where";
        reader.report(nothing.help(help));
    }
    rule
}

fn within(table: View<'_>) -> u32 {
    table.integer("within").and_then(|w| u32::try_from(w).ok()).unwrap_or(format::WITHIN)
}

/// The rule's own terms and those of its lists.
fn terms(reader: &mut Reader<'_, '_>, r: View<'_>, folder: &mut Folder<'_>) -> Vec<Located<String>> {
    let mut terms = r.texts("terms");
    for name in r.texts("terms_from") {
        match folder.lists.get_mut(name.value.as_str()) {
            Some(list) => {
                list.used = true;
                terms.extend(list.terms.iter().cloned());
            }
            None if name.value.ends_with(".txt") && !name.value.contains('/') => {
                let help = match read::suggest(&name.value, folder.lists.keys().copied()) {
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

/// Drops terms that stand twice, with a warning.
fn once(reader: &mut Reader<'_, '_>, terms: Vec<Located<String>>) -> Vec<Located<String>> {
    let mut first: BTreeMap<String, Origin> = BTreeMap::new();
    let mut kept = Vec::with_capacity(terms.len());
    for term in terms {
        match first.get(&term.value) {
            Some(origin) => {
                let twice =
                    Diagnostic::warning("P101", term.origin, format!("the term \"{}\" stands twice in the rule", shown(&term.value)), "again");
                reader.report(twice.also(origin.clone(), "first"));
            }
            None => {
                first.insert(term.value.clone(), term.origin.clone());
                kept.push(term);
            }
        }
    }
    kept
}

fn pattern(reader: &mut Reader<'_, '_>, p: View<'_>) -> Pattern {
    let triggers: Vec<Trigger> = p.strings("triggers").iter().filter_map(|t| read::trigger(t)).collect();
    if (!p.has("triggers") || p.is_empty_list("triggers")) && !reader.is_broken() {
        let none = Diagnostic::error("P029", p.origin_of("triggers"), "the pattern has no trigger", "needs `triggers`");
        reader.report(none.help("the words with which a match begins, or a shape such as #digit"));
    }
    let origin = if p.has("regex") { p.origin_of("regex") } else { p.origin() };
    Pattern { regex: p.string("regex"), triggers, view: p.word("view", super::View::from_word).unwrap_or(super::View::Surface), origin }
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
    let mut amount = |key: &str, unless: i64| match q.text(key).and_then(|t| read::read_amount(t).ok()) {
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
    let amount = |key: &str| m.text(key).and_then(read::amount);
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
        "below" => Test::Below(w.text(name).and_then(read::amount)?, currency),
        _ => Test::Above(w.text(name).and_then(read::amount)?, currency),
    };
    let field = w.string("field");
    claim(w.origin_of("field"), What::Tested { field: field.clone(), test: name });
    Some(Condition { field, test })
}
