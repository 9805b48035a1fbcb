//! The listing's text with its evidence underlined, as a compiler shows source: numbered lines, marks below, labels below the marks.
//! Long texts are cut to windows around what counts. Rows in scripts that run from right to left get brackets in place of underlines,
//! for terminals reorder them. Invariant: the best match of every line of evidence is in a window, and output is bounded by their number.

use super::page::{Ink, Page};
use super::plain::{Cell, cells};
use crate::id::FieldId;
use crate::listing::Listing;
use crate::span::Span;
use crate::text::cut;

/// Columns of text in a row; with the gutter of nine a page of 89.
const ROW: usize = 80;

/// Windows that a field gets for other matches of rules that are shown by their best one.
const OTHERS: usize = 8;

/// Text beyond the last mark that is looked at, in bytes.
const BEYOND: usize = 1_024;

/// A stretch to underline.
#[derive(Clone, Debug)]
pub(super) struct Mark {
    pub(super) field: FieldId,
    pub(super) span: Span,
    pub(super) number: usize,
    pub(super) ink: Ink,
    /// Whether it is the best match of its rule, which must be seen.
    pub(super) best: bool,
}

impl Mark {
    const fn glyph(&self) -> char {
        match self.ink {
            Ink::Specific | Ink::Heading => '^',
            Ink::Signal => '~',
            Ink::Excuse => '-',
            Ink::Faint => '.',
        }
    }

    fn label(&self) -> String {
        format!("[{}]", self.number)
    }
}

/// A row of cells.
struct Row {
    /// Line of the field, from 1; rows after the first of a line have none of their own.
    line: usize,
    first: bool,
    cells: core::ops::Range<usize>,
}

/// Writes a field with its marks. A field without any is shown by its first rows.
pub(super) fn field(page: &mut Page<'_>, name: &str, id: FieldId, listing: &Listing<'_>, sensitive: &[Span], marks: &[Mark]) {
    let bytes = listing.bytes(id);
    let own: Vec<&Mark> = marks.iter().filter(|m| m.field == id).collect();
    let to = own.iter().map(|m| m.span.end as usize).max().unwrap_or(0) + BEYOND;
    let cells = cells(bytes, cut(bytes, to).len(), sensitive);
    let rows = rows(&cells);
    page.put("  ");
    page.paint(Ink::Heading, name);
    page.end();
    let shown = windows(&rows, &cells, &own);
    let mut before = None;
    for index in shown {
        let row = &rows[index];
        if before.map_or(index > 0, |b: usize| b + 1 < index) {
            page.paint(Ink::Faint, "       ...");
            page.end();
        }
        before = Some(index);
        let gutter = if row.first { format!("{:>6} | ", row.line) } else { "       | ".to_owned() };
        if row.cells.is_empty() {
            page.paint(Ink::Faint, gutter.trim_end());
            page.end();
            continue;
        }
        page.paint(Ink::Faint, &gutter);
        draw(page, &cells[row.cells.clone()], &own);
    }
    if before.is_none_or(|b| b + 1 < rows.len()) || to < bytes.len() {
        page.paint(Ink::Faint, "       ...");
        page.end();
    }
}

/// Lines cut into rows, at a space where there is one.
fn rows(cells: &[Cell]) -> Vec<Row> {
    let mut rows = Vec::new();
    let (mut line, mut start, mut first) = (1, 0, true);
    while start < cells.len() {
        let (mut end, mut used, mut space) = (start, 0, None);
        while let Some(cell) = cells.get(end).filter(|c| !c.is_break() && used + c.width() <= ROW) {
            used += cell.width();
            end += 1;
            if cell.is_space() {
                space = Some(end);
            }
        }
        let broken = cells.get(end).is_none_or(|c| c.is_break());
        if !broken {
            // A word that fills more than half the row is cut: a hostile line has no spaces.
            end = space.filter(|s| s - start > (end - start) / 2).unwrap_or(end);
        }
        rows.push(Row { line, first, cells: start..end });
        first = broken;
        start = if broken { end + 1 } else { end };
        line += usize::from(broken);
    }
    rows
}

/// The rows to show: of every best match the first two and the last, of others while there is room, and one row around each.
fn windows(rows: &[Row], cells: &[Cell], marks: &[&Mark]) -> Vec<usize> {
    let row_of = |byte: u32| {
        let cell = cells.partition_point(|c| c.end <= byte);
        rows.partition_point(|r| r.cells.end <= cell).min(rows.len().saturating_sub(1))
    };
    let mut shown = std::collections::BTreeSet::new();
    let show = |from: usize, to: usize, shown: &mut std::collections::BTreeSet<usize>| {
        (from..=to.min(rows.len().saturating_sub(1))).for_each(|r| {
            shown.insert(r);
        })
    };
    if marks.is_empty() && !rows.is_empty() {
        show(0, 1, &mut shown);
    }
    for mark in marks.iter().filter(|m| m.best) {
        let (from, to) = (row_of(mark.span.start), row_of(mark.span.end - 1));
        show(from.saturating_sub(1), (from + 1).min(to + 1), &mut shown);
        show(to, to + 1, &mut shown);
    }
    let mut room = OTHERS;
    for mark in marks.iter().filter(|m| !m.best) {
        let at = row_of(mark.span.start);
        if room > 0 && shown.insert(at) {
            room -= 1;
        }
    }
    shown.into_iter().collect()
}

/// Marks of a row in columns.
struct Drawn {
    from: usize,
    to: usize,
    glyph: char,
    ink: Ink,
    label: String,
}

fn draw(page: &mut Page<'_>, row: &[Cell], marks: &[&Mark]) {
    let near: Vec<&&Mark> = match (row.first(), row.last()) {
        (Some(first), Some(last)) => marks.iter().filter(|m| m.span.start < last.end && first.start < m.span.end).collect(),
        _ => Vec::new(),
    };
    let mut text = String::new();
    if row.iter().any(|c| c.is_leftward()) {
        bracketed(row, &near, &mut text);
        page.put(text.trim_end());
        page.end();
        return;
    }
    row.iter().for_each(|c| c.push(&mut text));
    page.put(text.trim_end());
    page.end();
    let mut drawn: Vec<Drawn> = Vec::new();
    for mark in near {
        let (mut column, mut place) = (0, None);
        for cell in row {
            let width = cell.width();
            if cell.touches(mark.span) {
                let (from, _) = place.unwrap_or((column, 0));
                place = Some((from, (column + width).max(from + 1)));
            }
            column += width;
        }
        let Some((from, to)) = place else { continue };
        match drawn.iter_mut().find(|d| (d.from, d.to, d.ink) == (from, to, mark.ink)) {
            Some(same) => same.label.push_str(&mark.label()),
            None => drawn.push(Drawn { from, to, glyph: mark.glyph(), ink: mark.ink, label: mark.label() }),
        }
    }
    drawn.sort_by_key(|d| (d.from, d.to));
    // A lane holds marks that, with their labels, leave each other room.
    let mut lanes: Vec<(Vec<Drawn>, usize)> = Vec::new();
    for mark in drawn {
        let end = mark.to.max(mark.from + mark.label.len() + 1);
        match lanes.iter_mut().find(|(_, used)| *used <= mark.from) {
            Some((lane, used)) => {
                lane.push(mark);
                *used = end;
            }
            None => lanes.push((vec![mark], end)),
        }
    }
    for (lane, _) in &lanes {
        line(page, lane, |d| core::iter::repeat_n(d.glyph, d.to - d.from).collect());
        line(page, lane, |d| d.label.clone());
    }
}

fn line(page: &mut Page<'_>, lane: &[Drawn], text: impl Fn(&Drawn) -> String) {
    page.paint(Ink::Faint, "       | ");
    let mut at = 0;
    for mark in lane {
        let text = text(mark);
        page.space(mark.from - at);
        page.paint(mark.ink, &text);
        at = mark.from + text.len();
    }
    page.end();
}

/// The row's text with `[1: ...]` around what is marked.
fn bracketed(row: &[Cell], marks: &[&&Mark], out: &mut String) {
    for (i, cell) in row.iter().enumerate() {
        for mark in marks.iter().filter(|m| cell.touches(m.span) && (i == 0 || !row[i - 1].touches(m.span))) {
            out.push_str(&format!("[{}:", mark.number));
        }
        cell.push(out);
        for _ in marks.iter().filter(|m| cell.touches(m.span) && row.get(i + 1).is_none_or(|next| !next.touches(m.span))) {
            out.push(']');
        }
    }
}
