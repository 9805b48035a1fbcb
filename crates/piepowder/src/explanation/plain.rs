//! Text of strangers made safe for a terminal: bytes to cells, each with what it shows and how wide that is. Controls, bidi marks and
//! invisible characters are shown as escapes, sensitive stretches as `***`. Packs are escaped too: they come from anywhere.
//! Invariant: what is pushed holds no control character and none that changes how other text is shown.

use crate::span::Span;

/// What stands for a masked stretch.
const MASK: &str = "***";

/// Marks that stack on one letter; what comes beyond is escaped, for towers of marks reach into other lines.
const STACK: u32 = 2;

/// What a cell shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shown {
    Char(char),
    Escape(char),
    Byte(u8),
    Masked,
    Break,
}

/// A stretch of a field's bytes that is shown as one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cell {
    pub(super) start: u32,
    pub(super) end: u32,
    shown: Shown,
}

impl Cell {
    /// Columns that it takes.
    pub(super) fn width(self) -> usize {
        match self.shown {
            Shown::Char(c) => width(c),
            Shown::Escape(c) => escape(c).len(),
            Shown::Byte(_) => 4,
            Shown::Masked => MASK.len(),
            Shown::Break => 0,
        }
    }

    /// Whether it ends a line.
    pub(super) fn is_break(self) -> bool {
        self.shown == Shown::Break
    }

    /// Whether a row may end after it.
    pub(super) fn is_space(self) -> bool {
        self.shown == Shown::Char(' ')
    }

    /// Whether it is of a script that runs from right to left, so that terminals may move it.
    pub(super) fn is_leftward(self) -> bool {
        matches!(
            self.shown,
            Shown::Char(
                '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}' | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}',
            )
        )
    }

    /// Whether a span of the field touches it.
    pub(super) fn touches(self, span: Span) -> bool {
        self.start < span.end && span.start < self.end
    }

    /// Appends what it shows; line breaks inside a quotation as `\n`.
    pub(super) fn push(self, out: &mut String) {
        match self.shown {
            Shown::Char(c) => out.push(c),
            Shown::Escape(c) => out.push_str(&escape(c)),
            Shown::Byte(b) => out.push_str(&format!("\\x{b:02x}")),
            Shown::Masked => out.push_str(MASK),
            Shown::Break => out.push_str("\\n"),
        }
    }
}

/// The cells of a field, or of its first `to` bytes. Sensitive stretches are sorted and do not overlap.
pub(super) fn cells(bytes: &[u8], to: usize, sensitive: &[Span]) -> Vec<Cell> {
    let mut cells = Vec::new();
    let (mut at, mut hidden, mut stack) = (0u32, sensitive.iter().peekable(), 0);
    let mut push = |from: u32, to: u32, shown: Shown| {
        while hidden.next_if(|s| s.end <= from).is_some() {}
        if let Some(mask) = hidden.peek().filter(|s| s.start < to) {
            // One cell for the whole stretch, from where it was first met.
            match cells.last_mut() {
                Some(Cell { end, shown: Shown::Masked, .. }) if *end > mask.start => *end = to.max(*end),
                _ => cells.push(Cell { start: from, end: to, shown: Shown::Masked }),
            }
            return;
        }
        let cell = Cell { start: from, end: to, shown };
        stack = if cell.is_break() || cell.width() > 0 { 0 } else { stack + 1 };
        let shown = match shown {
            Shown::Char(c) if stack > STACK => Shown::Escape(c),
            other => other,
        };
        match cells.last_mut() {
            // CR LF is one line break.
            Some(last) if shown == Shown::Break && last.shown == Shown::Escape('\r') => (last.end, last.shown) = (to, Shown::Break),
            _ => cells.push(Cell { start: from, end: to, shown }),
        }
    };
    for chunk in bytes[..to.min(bytes.len())].utf8_chunks() {
        for c in chunk.valid().chars() {
            let end = at + c.len_utf8() as u32;
            push(
                at,
                end,
                if c == '\n' {
                    Shown::Break
                } else if is_plain(c) {
                    Shown::Char(c)
                } else {
                    Shown::Escape(c)
                },
            );
            at = end;
        }
        for b in chunk.invalid() {
            push(at, at + 1, Shown::Byte(*b));
            at += 1;
        }
    }
    cells
}

/// The text of a span, at most `most` columns: a longer one is cut in its middle.
pub(super) fn quote(bytes: &[u8], span: Span, sensitive: &[Span], most: usize) -> String {
    let from = span.start as usize;
    let shifted: Vec<Span> =
        sensitive.iter().filter(|s| s.overlaps(span)).map(|s| Span::new(s.start.saturating_sub(span.start), s.end - span.start)).collect();
    let cells = cells(bytes.get(from..).unwrap_or_default(), span.len() as usize, &shifted);
    let mut out = String::new();
    if cells.iter().map(|c| c.width()).sum::<usize>() <= most {
        cells.iter().for_each(|c| c.push(&mut out));
        return out;
    }
    let fitting = |list: &mut dyn Iterator<Item = &Cell>, room: usize| {
        let mut used = 0;
        list.take_while(|c| {
            used += c.width().max(1);
            used <= room
        })
        .count()
    };
    let head = fitting(&mut cells.iter(), most * 2 / 3);
    let tail = fitting(&mut cells[head..].iter().rev(), most / 4);
    cells[..head].iter().for_each(|c| c.push(&mut out));
    out.push_str(" ... ");
    cells[cells.len() - tail..].iter().for_each(|c| c.push(&mut out));
    out
}

/// Text of a pack on one line, made safe.
pub(super) fn safe(text: &str) -> String {
    let mut out = String::new();
    cells(text.as_bytes(), text.len(), &[]).iter().for_each(|c| if c.is_break() { out.push(' ') } else { c.push(&mut out) });
    out
}

/// Columns of a text that is safe already.
pub(super) fn columns(text: &str) -> usize {
    text.chars().map(width).sum()
}

fn escape(c: char) -> String {
    match c {
        '\t' => "\\t".to_owned(),
        '\r' => "\\r".to_owned(),
        c => format!("\\u{{{:x}}}", c as u32),
    }
}

/// Whether a terminal shows the character and nothing else happens: no controls, no format characters, no blanks that hide, no
/// private or non-characters.
fn is_plain(c: char) -> bool {
    !matches!(c,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{ad}' | '\u{34f}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}'
        | '\u{890}' | '\u{891}' | '\u{8e2}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}'
        | '\u{e000}'..='\u{f8ff}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffc}' | '\u{fffe}' | '\u{ffff}'
        | '\u{110bd}' | '\u{110cd}' | '\u{13430}'..='\u{1343f}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{10ffff}')
}

/// Columns of a character: 2 for East Asian wide ones and pictures, 0 for marks. A coarse list of blocks: an error moves an underline
/// by a column, the span in the list of evidence stays exact.
fn width(c: char) -> usize {
    match c {
        '\0'..='\u{2ff}' => 1,
        '\u{300}'..='\u{36f}'
        | '\u{483}'..='\u{489}'
        | '\u{591}'..='\u{5bd}'
        | '\u{610}'..='\u{61a}'
        | '\u{64b}'..='\u{65f}'
        | '\u{670}'
        | '\u{6d6}'..='\u{6dc}'
        | '\u{900}'..='\u{902}'
        | '\u{93c}'
        | '\u{941}'..='\u{948}'
        | '\u{94d}'
        | '\u{e31}'
        | '\u{e34}'..='\u{e3a}'
        | '\u{e47}'..='\u{e4e}'
        | '\u{1ab0}'..='\u{1aff}'
        | '\u{1dc0}'..='\u{1dff}'
        | '\u{20d0}'..='\u{20ff}'
        | '\u{3099}'
        | '\u{309a}'
        | '\u{fe20}'..='\u{fe2f}' => 0,
        '\u{1100}'..='\u{115f}'
        | '\u{2e80}'..='\u{303e}'
        | '\u{3041}'..='\u{a4cf}'
        | '\u{a960}'..='\u{a97f}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe6f}'
        | '\u{ff00}'..='\u{ff60}'
        | '\u{ffe0}'..='\u{ffe6}'
        | '\u{1f300}'..='\u{1f64f}'
        | '\u{1f680}'..='\u{1f6ff}'
        | '\u{1f900}'..='\u{1f9ff}'
        | '\u{1fa70}'..='\u{1faff}'
        | '\u{20000}'..='\u{3fffd}' => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(bytes: &[u8], sensitive: &[Span]) -> String {
        quote(bytes, Span::new(0, bytes.len() as u32), sensitive, usize::MAX)
    }

    #[test]
    fn shows_what_hides() {
        let cases: [(&[u8], &str); 7] = [
            (b"plain", "plain"),
            (b"a\x1b[31mb", "a\\u{1b}[31mb"),
            ("zero\u{200b}width \u{202e}turned".as_bytes(), "zero\\u{200b}width \\u{202e}turned"),
            (b"one\r\ntwo\rthree\tx", "one\\ntwo\\rthree\\tx"),
            (b"bad \xff\xfe end", "bad \\xff\\xfe end"),
            ("e\u{301}\u{301}\u{301}\u{301}x".as_bytes(), "e\u{301}\u{301}\\u{301}\\u{301}x"),
            ("\u{9b}31m".as_bytes(), "\\u{9b}31m"),
        ];
        for (bytes, expected) in cases {
            assert_eq!(shown(bytes, &[]), expected);
        }
    }

    #[test]
    fn masks_whole_stretches() {
        let spans = [Span::new(2, 5), Span::new(6, 9)];
        assert_eq!(shown(b"ab123c456d", &spans), "ab***c***d");
        assert_eq!(quote(b"ab123c456d", Span::new(3, 8), &spans, 80), "***c***");
        assert_eq!(shown(b"123456", &[Span::new(0, 3), Span::new(3, 6)]), "******");
    }

    #[test]
    fn cuts_in_the_middle() {
        let text = "a".repeat(100) + &"z".repeat(100);
        assert_eq!(quote(text.as_bytes(), Span::new(0, 200), &[], 30), format!("{} ... {}", "a".repeat(20), "z".repeat(7)));
    }
}
