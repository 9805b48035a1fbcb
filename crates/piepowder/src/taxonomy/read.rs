//! One TOML source: parse it, and check every table against the registry of the format. It knows types and shapes, not what keys mean
//! together: that is `load` and `rules`. Invariant: everything that is wrong with a value's type or shape is reported by `check`, once;
//! after that, a `View` hands out values and never reports.

use super::format::{self, Need, Table, Type};
use super::shape::*;
use super::units;
use crate::diagnostic::{Diagnostic, Diagnostics, Origin, Source, floor};
use core::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The problems of a load, and how far a source can be trusted.
pub(crate) struct Reader<'a, 'p> {
    pub(crate) source: &'a Source,
    /// Bytes before the text that was parsed: a byte order mark.
    pub(super) shift: usize,
    /// Byte ranges of the lines with syntax errors. Problems there, and keys missing anywhere, may come of them.
    broken: Vec<Range<usize>>,
    found: usize,
    pub(crate) problems: &'p mut Diagnostics,
}

impl<'a, 'p> Reader<'a, 'p> {
    pub(crate) fn new(source: &'a Source, problems: &'p mut Diagnostics) -> Self {
        Reader { source, shift: 0, broken: Vec::new(), found: 0, problems }
    }

    /// Whether the source had syntax errors.
    pub(crate) fn is_broken(&self) -> bool {
        !self.broken.is_empty()
    }

    /// The text behind a byte order mark, which is reported.
    pub(crate) fn text(&mut self) -> &'a str {
        let text = self.source.text();
        let Some(rest) = text.strip_prefix('\u{feff}') else { return text };
        let mark = Diagnostic::error("P003", Origin::new(self.source, 0..3), "the file begins with a byte order mark", "here")
            .help("save it as UTF-8 without a byte order mark");
        self.report(mark);
        self.shift = 3;
        rest
    }

    /// Parses the source as far as that is possible and reports every syntax error.
    pub(crate) fn parse(&mut self) -> DeTable<'a> {
        let text = self.text();
        let (table, errors) = DeTable::parse_recoverable(text);
        // Beyond the problems that are shown, finding the line of each would cost the square of a hostile file.
        for error in errors.iter().take(format::MAX_PROBLEMS) {
            let span = error.span().unwrap_or(text.len()..text.len());
            let at = floor(text, span.start);
            let line = text[..at].rfind('\n').map_or(0, |i| i + 1)..text[at..].find('\n').map_or(text.len(), |i| at + i + 1);
            let origin = self.origin(&span);
            if self.broken.last() != Some(&line) {
                self.broken.push(line);
            }
            self.report(Diagnostic::error("P001", origin, format!("not TOML: {}", error.message()), "here"));
        }
        table.into_inner()
    }

    pub(crate) fn origin(&self, span: &Range<usize>) -> Origin {
        Origin::new(self.source, span.start + self.shift..span.end + self.shift)
    }

    pub(crate) fn report(&mut self, diagnostic: Diagnostic) {
        self.found += 1;
        if self.found < format::MAX_PROBLEMS {
            self.problems.push(diagnostic);
        } else if self.found == format::MAX_PROBLEMS {
            let origin = Origin::new(self.source, 0..0);
            self.problems.push(Diagnostic::error("P004", origin, "too many problems in this file", "the others are not shown"));
        }
    }

    fn error(&mut self, code: &'static str, span: &Range<usize>, message: impl Into<String>, label: impl Into<String>, help: impl Into<String>) {
        if self.found >= format::MAX_PROBLEMS {
            return;
        }
        let follows = self.is_broken() && (span.is_empty() || self.broken.iter().any(|b| b.start < span.end && span.start < b.end));
        if !follows {
            let origin = self.origin(span);
            self.report(Diagnostic::error(code, origin, message, label).help(help));
        }
    }

    /// Checks a table against its definition: unknown and missing keys, types and shapes, all the way down.
    pub(crate) fn check(&mut self, spec: &'static Table, table: &DeTable<'_>, span: &Range<usize>) {
        for (key, value) in table {
            match spec.key(key.get_ref()) {
                Some(known) => self.value(&known.kind, known.name, value),
                None => self.unknown_key(spec, key),
            }
        }
        if self.is_broken() {
            return;
        }
        for key in spec.keys.iter().filter(|k| k.need == Need::Required && !table.contains_key(k.name)) {
            self.missing(spec, key.name, span, "");
        }
    }

    /// Reports a key that should be there.
    pub(crate) fn missing(&mut self, spec: &'static Table, key: &str, span: &Range<usize>, help: &str) {
        if !self.is_broken() {
            self.error("P009", span, format!("{} has no `{key}`", spec.name), format!("`{key}` is required"), help);
        }
    }

    fn unknown_key(&mut self, spec: &'static Table, key: &Spanned<std::borrow::Cow<'_, str>>) {
        let name = key.get_ref();
        let known = spec.keys.iter().map(|k| k.name);
        let elsewhere = [&format::PACK, &format::RULES].into_iter().find(|t| t.id != spec.id && t.key(name).is_some());
        let help = match (suggest(name, known.clone()), elsewhere) {
            (Some(near), _) => format!("did you mean `{near}`?"),
            (None, Some(other)) if [format::PACK.id, format::RULES.id].contains(&spec.id) => format!("`{name}` belongs in {}", other.name),
            _ => format!("known keys: {}", known.collect::<Vec<_>>().join(", ")),
        };
        self.error("P008", &key.span(), format!("{} has no key `{}`", spec.name, shown(name)), "unknown key", help);
    }

    /// Checks the shape of a key that a file is free to choose.
    pub(crate) fn free_key(&mut self, key: &Spanned<std::borrow::Cow<'_, str>>) {
        self.text_shape(&Type::Key, "", key.get_ref(), &key.span());
    }

    /// Checks one value against a type.
    pub(crate) fn value(&mut self, kind: &'static Type, key: &str, value: &Spanned<DeValue<'_>>) {
        let span = value.span();
        match (kind, value.get_ref()) {
            (Type::Boolean, DeValue::Boolean(_)) => {}
            (Type::Integer(least, most), DeValue::Integer(i)) => {
                if !integer(i).is_some_and(|i| (*least..=*most).contains(&i)) {
                    self.error("P033", &span, format!("`{key}` is out of range"), format!("from {least} to {most}"), "");
                }
            }
            (Type::Weight, DeValue::Integer(i)) => {
                if !integer(i).is_some_and(|i| i != 0 && i.unsigned_abs() <= format::MAX_WEIGHT.unsigned_abs()) {
                    let help = "a weight is in centibans: +100 makes the proposition ten times likelier";
                    self.error("P017", &span, format!("the weight of `{}` is out of range", shown(key)), "1 to 1000, or -1 to -1000", help);
                }
            }
            (Type::Date, DeValue::Datetime(d)) => {
                if d.time.is_some() || date(d).is_none() {
                    self.error("P024", &span, format!("`{key}` is not a day"), "a date without a time of day", "such as 2026-11-01");
                }
            }
            (Type::Date, DeValue::String(_)) => {
                self.error("P024", &span, format!("`{key}` is not a day"), "a text, not a date", "write the date without quotes: 2026-11-01");
            }
            (Type::List(item, least), DeValue::Array(list)) => {
                if list.len() < *least {
                    self.error("P037", &span, format!("`{key}` is empty"), format!("at least {least} needed"), "");
                }
                list.iter().for_each(|v| self.value(item, key, v));
            }
            (Type::Map(name, item), DeValue::Table(map)) => {
                for (k, v) in map {
                    self.text_shape(name, key, k.get_ref(), &k.span());
                    self.value(item, k.get_ref(), v);
                }
            }
            (Type::Entries, DeValue::Array(list)) => {
                for entry in list {
                    match entry.get_ref() {
                        DeValue::String(text) => self.text_shape(&Type::Text, key, text, &entry.span()),
                        DeValue::Table(_) => self.value(&Type::Map(&Type::FieldName, &Type::Text), key, entry),
                        other => self.wrong_type(key, "a title or a table of fields", other, &entry.span(), ""),
                    }
                }
            }
            (Type::Table(spec), DeValue::Table(table)) => self.check(spec, table, &span),
            (Type::Tables(spec), DeValue::Array(list)) => {
                for v in list {
                    match v.get_ref() {
                        DeValue::Table(table) => self.check(spec, table, &v.span()),
                        other => self.wrong_type(key, "a table", other, &v.span(), ""),
                    }
                }
            }
            (Type::Tables(spec), other @ DeValue::Table(_)) => {
                let help = if spec.name.starts_with('[') { format!("write {}", spec.name) } else { "put it in brackets: [{ ... }]".to_owned() };
                self.wrong_type(key, "a list of tables", other, &span, &help);
            }
            (kind, DeValue::String(text)) if kind.is_text() => self.text_shape(kind, key, text, &span),
            (Type::Decimal, other @ (DeValue::Integer(_) | DeValue::Float(_))) => {
                self.wrong_type(key, "decimal text", other, &span, "put the number in quotes")
            }
            (kind, other) => self.wrong_type(key, kind.describe(), other, &span, ""),
        }
    }

    fn wrong_type(&mut self, key: &str, expected: &str, found: &DeValue<'_>, span: &Range<usize>, help: &str) {
        self.error("P010", span, format!("`{}` is of the wrong type", shown(key)), format!("expected {expected}, found {}", describe(found)), help);
    }

    /// Checks the shape of a text: a value, or a free key of a table.
    fn text_shape(&mut self, kind: &'static Type, key: &str, text: &str, span: &Range<usize>) {
        let cut = || shown(text);
        match kind {
            Type::Word(words) => {
                if !words.contains(&text) {
                    let help = match suggest(text, words.iter().copied()) {
                        Some(near) => format!("did you mean \"{near}\"?"),
                        None => String::new(),
                    };
                    self.error("P011", span, format!("\"{}\" is no word for `{key}`", cut()), format!("one of: {}", words.join(", ")), help);
                }
            }
            Type::Name | Type::Key | Type::FieldName | Type::KeyOrPrefix | Type::KeyOrAll => {
                if !is_key(kind, text) {
                    let label = match kind {
                        Type::Name => "lower-case letters, digits and `-`",
                        Type::FieldName => "lower-case letters, digits, `-` and `_`",
                        Type::KeyOrPrefix => "a key, or a key and `.*`",
                        Type::KeyOrAll => "a key, or `*`",
                        _ => "lower-case words of letters, digits and `-`, joined by dots",
                    };
                    self.error("P012", span, format!("\"{}\" is malformed", cut()), label, "");
                }
            }
            Type::Decimal => {
                if amount(text).is_none() {
                    self.error("P025", span, format!("\"{}\" is not a decimal number", cut()), "digits with at most one decimal point", "");
                }
            }
            Type::Amount => match read_amount(text) {
                Err(AmountError::Number) => {
                    self.error("P025", span, format!("\"{}\" is not an amount", cut()), "a decimal number and a unit", "such as \"3.5 g\"")
                }
                Err(AmountError::Unit(unit)) => {
                    self.error("P026", span, format!("\"{}\" is not a unit", shown(unit)), "unknown unit", format!("units: {}", unit_names()))
                }
                Ok(_) => {}
            },
            Type::Unit => {
                if !units::UNITS.iter().any(|u| u.name == text) {
                    let help =
                        match units::find_unit(text).map(|u| units::UNITS[u].name).or_else(|| suggest(text, units::UNITS.iter().map(|u| u.name))) {
                            Some(near) => format!("did you mean \"{near}\"?"),
                            None => format!("units: {}", unit_names()),
                        };
                    self.error("P026", span, format!("\"{}\" is not a unit", cut()), "unknown unit", help);
                }
            }
            Type::Currency => {
                if !units::CURRENCIES.iter().any(|c| c.code == text) {
                    let codes: Vec<&str> = units::CURRENCIES.iter().map(|c| c.code).collect();
                    self.error(
                        "P027",
                        span,
                        format!("\"{}\" is not a currency", cut()),
                        "unknown currency",
                        format!("currencies: {}", codes.join(", ")),
                    );
                }
            }
            Type::Trigger => {
                if trigger(text).is_none() {
                    let help = match suggest(text, SHAPES.iter().map(|s| s.0)) {
                        Some(near) => format!("did you mean \"{near}\"?"),
                        None => String::new(),
                    };
                    self.error("P028", span, format!("\"{}\" is not a trigger", cut()), "one word, or a shape such as #digit", help);
                }
            }
            Type::TermList => {
                if !text.ends_with(".txt") || text.contains('/') {
                    self.error("P016", span, format!("\"{}\" is not a term list", cut()), "the name of a .txt file of this pack", "");
                }
            }
            Type::Version | Type::Language | Type::Script => {
                let (fits, label) = match kind {
                    Type::Version => (is_version(text), "MAJOR.MINOR.PATCH"),
                    Type::Language => (is_language(text), "two lower-case letters (ISO 639-1), or `und`"),
                    _ => (is_script(text), "four letters (ISO 15924), such as Latn"),
                };
                if !fits {
                    self.error("P037", span, format!("\"{}\" is malformed", cut()), label, "");
                }
            }
            _ => {
                if text.trim().is_empty() {
                    self.error("P037", span, format!("`{}` is blank", shown(key)), "blank text", "");
                } else if has_control(text) {
                    self.error("P037", span, format!("`{}` holds a control character", shown(key)), "control character", "");
                }
            }
        }
    }
}

impl Type {
    /// Whether it is written as text.
    fn is_text(&self) -> bool {
        !matches!(
            self,
            Type::Integer(..)
                | Type::Weight
                | Type::Boolean
                | Type::Date
                | Type::Entries
                | Type::List(..)
                | Type::Map(..)
                | Type::Table(_)
                | Type::Tables(_)
        )
    }

    fn describe(&self) -> &'static str {
        match self {
            Type::Integer(..) | Type::Weight => "a whole number",
            Type::Boolean => "true or false",
            Type::Date => "a date",
            Type::List(..) | Type::Entries => "a list",
            Type::Map(..) | Type::Table(_) => "a table",
            Type::Tables(_) => "a list of tables",
            _ => "text in quotes",
        }
    }
}

fn describe(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a floating-point number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date or time",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

/// Whether a text has a control character that it may not have. Of such there are none beyond U+009F, and in UTF-8 those beyond ASCII begin
/// with one byte.
fn has_control(text: &str) -> bool {
    let may = |b: u8| (b < b' ' && !matches!(b, b'\t' | b'\n' | b'\r')) | (b == 0x7F) | (b == 0xC2);
    text.bytes().fold(false, |any, b| any | may(b)) && text.chars().any(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r'))
}

/// A text for a message: hostile lengths are cut.
pub(crate) fn shown(text: &str) -> String {
    let mut cut: String = text.chars().take(60).collect();
    if cut.len() < text.len() {
        cut.push_str("...");
    }
    cut
}

/// The known word that is at most a third of the letters away, if there is one.
pub(crate) fn suggest<'w>(word: &str, known: impl Iterator<Item = &'w str>) -> Option<&'w str> {
    if word.len() > 64 {
        return None;
    }
    known
        .filter(|k| k.len().abs_diff(word.len()) <= 3)
        .map(|k| (distance(word, k), k))
        .filter(|(d, k)| *d <= k.chars().count().div_ceil(3).min(3))
        .min()
        .map(|(_, k)| k)
}

/// Edit distance: insertions, deletions, substitutions.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, c) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, d) in b.iter().enumerate() {
            let substitute = diagonal + usize::from(c != *d);
            diagonal = row[j + 1];
            row[j + 1] = substitute.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}
