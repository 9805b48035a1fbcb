//! From sources to a taxonomy: sorts the files of each pack, reads them table by table, and collects every problem of all of them.
//! Types and shapes are `read`'s, rules and groups are `rules`'s, references between tables are `resolve`'s.
//! Invariant: sources are taken in the order of their names, so the order in which they come changes nothing.

use super::format;
use super::read::{Reader, shown};
use super::resolve::{self, Broken, Claim, Packs, What};
use super::rules;
use super::terms::Store;
use super::view::View;
use super::words::{Boundary, Status};
use super::{Change, FieldType, Language, Offense, Pack, Taxonomy};
use crate::diagnostic::{Diagnostic, Diagnostics, Origin, Source};
use crate::id::Date;
use std::collections::BTreeMap;
use std::sync::Arc;

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
pub(super) struct Folder<'a> {
    name: &'a str,
    pack: Option<&'a Source>,
    rules: Vec<&'a Source>,
    pub(super) lists: BTreeMap<&'a str, List<'a>>,
}

pub(super) struct List<'a> {
    source: &'a Source,
    pub(super) terms: Store,
    pub(super) used: bool,
}

#[derive(Default)]
struct Load {
    out: Taxonomy,
    problems: Diagnostics,
    broken: Broken,
    claims: Vec<Claim>,
}

/// What a pack gives to its rules.
pub(super) struct About {
    pub(super) name: String,
    pub(super) owner: String,
    pub(super) released: Option<Date>,
    pub(super) boundaries: BTreeMap<String, Boundary>,
}

/// Stands for a date that is missing or wrong; the load fails, so that nobody sees it.
pub(super) const NO_DAY: Date = Date::new(1, 1, 1).expect("a day");

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
        // A list that is mistyped, or named where the syntax is broken, is not called unused as well.
        let sound = !self.problems.has_errors();
        for list in folder.lists.values().filter(|l| sound && !l.used) {
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
        let boundaries: BTreeMap<_, _> =
            view.text_map("boundaries").filter_map(|(script, word)| Some((script, Boundary::from_word(&word)?))).collect();
        let about = About { name: folder.to_owned(), owner: view.string("owner"), released: view.date("released"), boundaries };
        let pack = Pack {
            name: folder.to_owned(),
            version: view.string("version"),
            released: about.released.unwrap_or(NO_DAY),
            license: view.string("license"),
            owner: about.owner.clone(),
            description: view.string("description"),
            extends: view.strings("extends"),
            boundaries: about.boundaries.clone(),
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
            groups.push(rules::group(&mut reader, g, about));
        }
        let empty = toml::de::DeTable::new();
        let defaults = view.child("defaults").unwrap_or_else(|| View::new(&reader, &empty, 0..0));
        let mut found = Vec::new();
        for r in view.children("rule") {
            found.push(rules::rule(&mut reader, r, defaults, about, folder, &mut self.claims));
        }
        self.broken.note(reader.is_broken(), source);
        for g in groups {
            define(&mut self.out.groups, "group", g.key.clone(), g, |g| &g.origin, &mut self.problems);
        }
        for r in found {
            define(&mut self.out.rules, "rule", r.key.clone(), Arc::new(r), |r| &r.body().origin, &mut self.problems);
        }
        self.changes(&view, about);
    }

    fn changes(&mut self, view: &View<'_>, about: &About) {
        for c in view.children("change") {
            let mut weights = BTreeMap::new();
            let rule = c.string("rule");
            let mut claim = |origin, what| self.claims.push(Claim { pack: about.name.clone(), rule: rule.clone(), origin, what });
            claim(c.origin_of("rule"), What::Changed);
            for (offense, weight) in c.weight_map("weights") {
                weights.insert(offense.value.clone(), weight.value);
                claim(offense.origin, What::Offense(offense.value));
                claim(weight.origin, What::Weight(weight.value));
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
        self.out.claims = Arc::new(core::mem::take(&mut self.claims));
        self.problems.extend(resolve::limits(&self.out));
        self.problems.extend(resolve::references(&self.out, Packs::MayCome, &self.broken));
        resolve::sort_changes(&mut self.out.changes);
        self.problems.extend(resolve::conflicts(&self.out.changes));
        if self.problems.has_errors() {
            return Err(resolve::capped(&self.problems));
        }
        self.problems.extend(resolve::empty_groups(&self.out));
        self.out.warnings = resolve::capped(&self.problems);
        Ok(self.out)
    }
}

/// Two days, if the second does not come after the first.
pub(super) fn late(from: Option<Date>, until: Option<Date>) -> Option<(Date, Date)> {
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

fn term_list(source: &Source, problems: &mut Diagnostics) -> Store {
    let mut reader = Reader::new(source, problems);
    let text = reader.text();
    let mut at = source.text().len() - text.len();
    let mut terms = Store::default();
    for line in text.split_inclusive('\n') {
        let term = line.trim();
        let start = at + (line.len() - line.trim_start().len());
        at += line.len();
        if term.is_empty() || term.starts_with('#') {
            continue;
        }
        let at = start..start + term.len();
        if term.chars().any(|c| c.is_control() && c != '\t') {
            reader.report(Diagnostic::error("P037", Origin::new(source, at), "the term holds a control character", "control character"));
            continue;
        }
        terms.push(term, source, at);
    }
    terms
}
