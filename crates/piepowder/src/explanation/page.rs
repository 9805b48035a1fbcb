//! The page that an explanation is written on: inks for terminals, lines wrapped with a hanging indent. It is given safe text only.
//! Invariant: plain style writes no escape sequence; every ink that is put on is taken off before the line ends.

use super::plain::columns;

/// Whether a text form carries colors.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Style {
    /// No escape sequences at all.
    #[default]
    Plain,
    /// Colors and weights by ANSI sequences.
    Ansi,
}

/// What a stretch is, which decides its color. Nothing is red: a page recommends, it does not alarm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ink {
    Heading,
    Specific,
    Signal,
    Excuse,
    Faint,
}

impl Ink {
    const fn code(self) -> &'static str {
        match self {
            Ink::Heading => "\x1b[1m",
            Ink::Specific => "\x1b[1;33m",
            Ink::Signal => "\x1b[36m",
            Ink::Excuse => "\x1b[32m",
            Ink::Faint => "\x1b[2m",
        }
    }
}

/// Columns of a page.
pub(super) const WIDTH: usize = 96;

/// Where text is appended.
pub(super) struct Page<'o> {
    out: &'o mut String,
    style: Style,
}

impl<'o> Page<'o> {
    pub(super) fn new(out: &'o mut String, style: Style) -> Self {
        Page { out, style }
    }

    /// Appends text as it is.
    pub(super) fn put(&mut self, text: &str) {
        self.out.push_str(text);
    }

    /// Appends text in an ink.
    pub(super) fn paint(&mut self, ink: Ink, text: &str) {
        match self.style {
            Style::Plain => self.out.push_str(text),
            Style::Ansi => [ink.code(), text, "\x1b[0m"].iter().for_each(|part| self.out.push_str(part)),
        }
    }

    /// Ends the line.
    pub(super) fn end(&mut self) {
        self.out.push('\n');
    }

    /// A heading on a line of its own, after an empty one.
    pub(super) fn heading(&mut self, text: &str) {
        self.end();
        self.paint(Ink::Heading, text);
        self.end();
    }

    /// A paragraph that begins in column `indent`; `taken` columns of its first line are written already.
    pub(super) fn flow(&mut self, indent: usize, taken: usize, text: &str) {
        let (mut at, mut first) = (taken.max(indent), true);
        if taken < indent {
            self.space(indent - taken);
        }
        for word in text.split(' ').filter(|w| !w.is_empty()) {
            let width = columns(word);
            if !first && at + 1 + width > WIDTH {
                self.end();
                self.space(indent);
                at = indent;
            } else if !first {
                self.put(" ");
                at += 1;
            }
            self.put(word);
            at += width;
            first = false;
        }
        self.end();
    }

    /// A paragraph of its own.
    pub(super) fn paragraph(&mut self, indent: usize, text: &str) {
        self.flow(indent, 0, text);
    }

    /// A bulleted paragraph.
    pub(super) fn bullet(&mut self, text: &str) {
        self.put("  - ");
        self.flow(4, 4, text);
    }

    /// Blanks.
    pub(super) fn space(&mut self, columns: usize) {
        self.out.extend(core::iter::repeat_n(' ', columns));
    }
}
