//! Examples and counter-examples of rules: `*.examples.toml`, read by `check` and by tests, never when scoring.
//! It reads what files say; whether a rule matches is the engine's to find out. Invariant: entries come in the order of source name, rule
//! key and place, whatever the order of the sources.

use super::format;
use super::read::{Reader, shown};
use super::view::View;
use super::{Status, Taxonomy};
use crate::diagnostic::{Diagnostic, Diagnostics, Origin, Source};
use crate::listing::Field;
use std::collections::BTreeSet;
use toml::de::DeValue;

/// What stands behind each key of a file of examples.
static ENTRY: format::Type = format::Type::Table(&format::EXAMPLE);

/// What an example must do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Expected {
    /// The rule matches.
    Match,
    /// Lawful text: no offense reaches review.
    Pass,
}

/// One example of a rule: the fields of a small listing, and what must come of it.
#[derive(Clone, Debug)]
pub struct Example {
    rule: String,
    expected: Expected,
    fields: Vec<(String, String)>,
    origin: Origin,
}

impl Example {
    /// Key of the rule.
    pub fn rule(&self) -> &str {
        &self.rule
    }
    /// Whether its rule must match; otherwise it is lawful text that must pass.
    pub fn must_match(&self) -> bool {
        self.expected == Expected::Match
    }
    /// The listing's fields, by name.
    pub fn fields(&self) -> impl ExactSizeIterator<Item = (&str, &str)> {
        self.fields.iter().map(|(name, text)| (name.as_str(), text.as_str()))
    }
    /// Name of the source.
    pub fn source_name(&self) -> &str {
        self.origin.source.name()
    }
    pub(crate) fn origin(&self) -> &Origin {
        &self.origin
    }
    /// Line and column where it is written, from 1.
    pub fn line_column(&self) -> (usize, usize) {
        Diagnostic::error("P102", self.origin.clone(), "", "").line_column()
    }
}

/// The examples of one or more packs.
#[derive(Clone, Debug, Default)]
pub struct Examples {
    entries: Vec<Example>,
    /// Rules that are named, with the places of their names.
    named: Vec<(String, Origin)>,
}

impl Examples {
    /// Reads the files `*.examples.toml` among the sources; other sources are left aside.
    ///
    /// # Errors
    ///
    /// All problems of all files.
    pub fn from_sources(sources: impl IntoIterator<Item = Source>) -> Result<Examples, Diagnostics> {
        let mut sources: Vec<Source> = sources.into_iter().filter(|s| s.name().ends_with(".examples.toml")).collect();
        sources.sort_by(|a, b| a.name().cmp(b.name()));
        let mut problems = Diagnostics::default();
        let mut examples = Examples::default();
        for source in &sources {
            if source.text().len() > format::MAX_SOURCE {
                let message = format!("{} is too large", shown(source.name()));
                problems.push(Diagnostic::error("P004", Origin::new(source, 0..0), message, "at most 16 MiB"));
                continue;
            }
            examples.read(source, &mut problems);
        }
        if problems.has_errors() { Err(problems) } else { Ok(examples) }
    }

    fn read(&mut self, source: &Source, problems: &mut Diagnostics) {
        let mut reader = Reader::new(source, problems);
        let root = reader.parse();
        for (rule, value) in &root {
            reader.free_key(rule);
            let DeValue::Table(table) = value.get_ref() else {
                reader.value(&ENTRY, rule.get_ref(), value);
                continue;
            };
            // `[a.b.c]` without quotes makes tables in tables.
            if !table.is_empty() && table.values().all(|v| v.get_ref().is_table()) {
                let message = format!("`{}` is not the key of a rule", shown(rule.get_ref()));
                let nested = Diagnostic::error("P012", reader.origin(&rule.span()), message, "a table of tables");
                reader.report(nested.help("write the rule's key in quotes: [\"narcotics.cocaine.name\"]"));
                continue;
            }
            reader.check(&format::EXAMPLE, table, &value.span());
            let view = View::new(&reader, table, value.span());
            self.named.push((rule.get_ref().to_string(), reader.origin(&rule.span())));
            for (key, expected) in [("match", Expected::Match), ("pass", Expected::Pass)] {
                let list = table.get(key).and_then(|v| v.get_ref().as_array());
                for entry in list.into_iter().flat_map(|l| l.iter()) {
                    let fields = match entry.get_ref() {
                        DeValue::String(title) => vec![("title".to_owned(), title.to_string())],
                        DeValue::Table(fields) => {
                            fields.iter().filter_map(|(k, v)| Some((k.get_ref().to_string(), v.get_ref().as_str()?.to_owned()))).collect()
                        }
                        _ => continue,
                    };
                    let origin = reader.origin(&entry.span());
                    self.entries.push(Example { rule: rule.get_ref().to_string(), expected, fields, origin });
                }
            }
            if !view.has("match") && !view.has("pass") && !reader.is_broken() {
                reader.missing(&format::EXAMPLE, "match", &value.span(), "or `pass`");
            }
        }
    }

    /// The examples, by source, rule and place.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Example> {
        self.entries.iter()
    }

    /// What is missing or does not fit: rules without a `match` or a `pass`, examples of rules and with fields that the taxonomy does not
    /// have. All of it is warnings; retired rules need no examples.
    pub fn missing(&self, taxonomy: &Taxonomy) -> Diagnostics {
        let mut problems = Diagnostics::default();
        let has: BTreeSet<(&str, Expected)> = self.entries.iter().map(|e| (e.rule.as_str(), e.expected)).collect();
        for rule in taxonomy.rules.values().filter(|r| r.body().status != Status::Retired) {
            let lacks: Vec<&str> = [(Expected::Match, "match"), (Expected::Pass, "pass")]
                .into_iter()
                .filter(|(expected, _)| !has.contains(&(rule.key.as_str(), *expected)))
                .map(|(_, word)| word)
                .collect();
            if !lacks.is_empty() {
                let message = format!("the rule `{}` has no example to {}", rule.key, lacks.join(" and none to "));
                let warning = Diagnostic::warning("P102", rule.body().origin.clone(), message, format!("no `{}`", lacks.join("`, no `")));
                problems.push(warning.help("write one in a file that ends in .examples.toml"));
            }
        }
        for (rule, origin) in self.named.iter().filter(|(rule, _)| !taxonomy.rules.contains_key(rule)) {
            let near = super::read::suggest(rule, taxonomy.rules.keys().map(String::as_str));
            let help = near.map(|n| format!("did you mean `{n}`?")).unwrap_or_default();
            let message = format!("there are examples of `{}`, but no such rule", shown(rule));
            problems.push(Diagnostic::warning("P103", origin.clone(), message, "unknown rule").help(help));
        }
        for example in &self.entries {
            for (field, _) in example.fields().filter(|(f, _)| Field::from_name(f).is_none() && !taxonomy.fields.contains_key(*f)) {
                let message = format!("the example has a field `{}`, but listings have none", shown(field));
                problems.push(Diagnostic::warning("P103", example.origin.clone(), message, "unknown field"));
            }
        }
        problems
    }
}
