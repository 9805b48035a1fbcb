//! Problems of packs and policies: coded, located, explained. All problems of a load are collected before it fails.
//! This module renders plain text with the line and a caret; colors are the command line's business.
//! Invariant: codes are stable, each has a page in docs/diagnostics and a golden file.

use crate::bytes::Bytes;
use core::fmt;
use std::sync::Arc;

/// A text to load: a file of a pack, or a policy. The name is `PACK/FILE` for packs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    name: Arc<str>,
    text: Text,
}

/// The text of a source.
#[derive(Clone, Debug)]
enum Text {
    Given(Arc<str>),
    /// Where it lies in a compiled pack. It was found to be UTF-8.
    Stored(Bytes),
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        self.bytes() == other.bytes()
    }
}

impl Eq for Text {}

impl Text {
    fn bytes(&self) -> &[u8] {
        match self {
            Text::Given(text) => text.as_bytes(),
            Text::Stored(bytes) => bytes,
        }
    }
}

impl Source {
    /// A source with its name, as diagnostics will show it, and its text.
    pub fn new(name: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> Self {
        Source { name: name.into(), text: Text::Given(text.into()) }
    }

    /// A source whose text stays where it lies; none when that is no text.
    pub(crate) fn stored(name: &str, text: Bytes) -> Option<Self> {
        str::from_utf8(&text).ok()?;
        Some(Source { name: name.into(), text: Text::Stored(text) })
    }

    /// `PACK/FILE`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        match &self.text {
            Text::Given(text) => text,
            Text::Stored(bytes) => str::from_utf8(bytes).unwrap_or_default(),
        }
    }

    /// Bytes of the text.
    pub(crate) fn length(&self) -> usize {
        self.text.bytes().len()
    }
}

/// A place in a source: which one, and bytes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Origin {
    pub(crate) source: Source,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl Origin {
    pub(crate) fn new(source: &Source, range: core::ops::Range<usize>) -> Self {
        Origin { source: source.clone(), start: range.start, end: range.end }
    }
}

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Severity {
    /// Worth a look; loads.
    Warning,
    /// Does not load.
    Error,
}

/// One problem of a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    pub(crate) severity: Severity,
    pub(crate) code: &'static str,
    pub(crate) message: String,
    pub(crate) label: String,
    pub(crate) help: String,
    pub(crate) origin: Origin,
    pub(crate) also: Vec<(Origin, String)>,
}

impl Diagnostic {
    /// An error at a place; `label` is written under the caret.
    pub(crate) fn error(code: &'static str, origin: Origin, message: impl Into<String>, label: impl Into<String>) -> Self {
        Diagnostic { severity: Severity::Error, code, message: message.into(), label: label.into(), help: String::new(), origin, also: Vec::new() }
    }

    /// A warning at a place.
    pub(crate) fn warning(code: &'static str, origin: Origin, message: impl Into<String>, label: impl Into<String>) -> Self {
        Diagnostic { severity: Severity::Warning, ..Self::error(code, origin, message, label) }
    }

    /// Adds what to do about it.
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }

    /// Adds a second place, such as the first definition of a duplicate.
    pub(crate) fn also(mut self, origin: Origin, label: impl Into<String>) -> Self {
        self.also.push((origin, label.into()));
        self
    }

    /// Whether it keeps the load from succeeding; otherwise it is a warning.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// The stable code, such as `P009`.
    pub fn code(&self) -> &str {
        self.code
    }

    /// What is wrong, in a sentence.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// What to do about it; may be empty.
    pub fn help_text(&self) -> &str {
        &self.help
    }

    /// Name of the source.
    pub fn source_name(&self) -> &str {
        self.origin.source.name()
    }

    /// Bytes of the source that the problem is about.
    pub fn byte_range(&self) -> core::ops::Range<usize> {
        self.origin.start..self.origin.end
    }

    /// Line and column, from 1; the column counts characters.
    pub fn line_column(&self) -> (usize, usize) {
        line_column(&self.origin)
    }
}

/// The greatest character boundary that is not after `at`.
pub(crate) fn floor(text: &str, at: usize) -> usize {
    let at = at.min(text.len());
    (0..=at).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0)
}

fn line_start(text: &str, at: usize) -> usize {
    text.as_bytes()[..at].iter().rposition(|b| *b == b'\n').map_or(0, |i| i + 1)
}

fn line_column(origin: &Origin) -> (usize, usize) {
    let text = origin.source.text();
    let at = floor(text, origin.start);
    let line = text.as_bytes()[..at].iter().filter(|b| **b == b'\n').count() + 1;
    (line, text[line_start(text, at)..at].chars().count() + 1)
}

/// Text for a terminal: control and format characters are escaped, so that a hostile pack cannot move the cursor.
fn plain(text: &str) -> String {
    text.chars()
        .map(|c| {
            if c == '\t' {
                ' '
            } else if c.is_control() || c == '\u{feff}' || ('\u{200b}'..='\u{206f}').contains(&c) {
                '\u{fffd}'
            } else {
                c
            }
        })
        .collect()
}

fn snippet(f: &mut fmt::Formatter<'_>, origin: &Origin, label: &str, mark: char) -> fmt::Result {
    let text = origin.source.text();
    let at = floor(text, origin.start);
    let (line, column) = line_column(origin);
    let from = line_start(text, at);
    let to = text[from..].find('\n').map_or(text.len(), |i| from + i);
    let shown = plain(text[from..to].trim_end_matches('\r'));
    let end = floor(text, origin.end.clamp(at, to.max(at)));
    let width = text[at..end].chars().count().max(1);
    let gutter = line.to_string().len();
    // Long lines are cut around the place; what matters stays in view.
    let skip = column.saturating_sub(60);
    let window: String = shown.chars().skip(skip).take(120).collect();
    let marks: String = core::iter::repeat_n(mark, width.min(120)).collect();
    writeln!(f, "{:gutter$}--> {}:{line}:{column}", "", plain(origin.source.name()))?;
    writeln!(f, "{:gutter$} |", "")?;
    writeln!(f, "{line} | {window}")?;
    writeln!(f, "{:gutter$} | {:2$}{marks} {label}", "", "", column - 1 - skip)
}

impl fmt::Display for Diagnostic {
    /// Several lines, as a compiler would write them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        writeln!(f, "{word}[{}]: {}", self.code, plain(&self.message))?;
        snippet(f, &self.origin, &plain(&self.label), '^')?;
        for (origin, label) in &self.also {
            snippet(f, origin, &plain(label), '-')?;
        }
        if !self.help.is_empty() {
            writeln!(f, "  = help: {}", plain(&self.help))?;
        }
        Ok(())
    }
}

/// All problems of a load, in the order of source name and place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    pub(crate) fn push(&mut self, diagnostic: Diagnostic) {
        self.0.push(diagnostic);
    }

    pub(crate) fn extend(&mut self, other: Diagnostics) {
        self.0.extend(other.0);
    }

    /// Whether any of them keeps the load from succeeding.
    pub fn has_errors(&self) -> bool {
        self.0.iter().any(Diagnostic::is_error)
    }

    /// The problems, ordered by source name, place and code.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        let mut sorted: Vec<&Diagnostic> = self.0.iter().collect();
        sorted.sort_by(|a, b| (a.source_name(), a.origin.start, a.code, &a.message).cmp(&(b.source_name(), b.origin.start, b.code, &b.message)));
        sorted.into_iter()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.iter().try_for_each(|d| writeln!(f, "{d}"))
    }
}

impl std::error::Error for Diagnostics {}
