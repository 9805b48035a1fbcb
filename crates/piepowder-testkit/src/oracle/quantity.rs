//! Quantities and money of a surface (docs/SEMANTICS.md, section 5). It knows nothing of rules.
//! Invariant: what it finds is in order of start and does not overlap.

use super::number::number;
use super::tokens::{Link, Piece, is_one_space};
use super::ucd::{Class, class};
use super::units;
use piepowder::Dimension;
use std::ops::Range;

const ONE: i64 = 1_000_000;

/// A quantity, or a price, of the text.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) kind: Kind,
    /// In base units of the dimension, or in millionths of the currency.
    pub(super) amount: i64,
    pub(super) stretch: Range<usize>,
    pub(super) first: usize,
    pub(super) last: usize,
}

#[derive(Clone, Debug)]
pub(super) enum Kind {
    Quantity { dimension: Dimension, unit: &'static str, times: u32 },
    Money { currency: &'static str },
}

/// What stands at the pieces of one surface.
pub(super) struct Reader<'a> {
    pub(super) surface: &'a str,
    pub(super) pieces: &'a [Piece],
}

impl Reader<'_> {
    /// At each piece the longest, left to right, none over another.
    pub(super) fn quantities(&self) -> Vec<Found> {
        let mut found: Vec<Found> = Vec::new();
        for i in 0..self.pieces.len() {
            let free = found.last().map_or(0, |f| f.stretch.end);
            let longest = self.quantity(i).into_iter().filter(|f| f.stretch.start >= free).max_by_key(|f| f.stretch.len());
            found.extend(longest);
        }
        found
    }

    pub(super) fn number_at(&self, i: usize) -> Option<i64> {
        self.pieces.get(i).filter(|p| p.number).and_then(|p| number(&p.text))
    }

    pub(super) fn follows_closely(&self, i: usize) -> bool {
        self.pieces.get(i).is_some_and(|p| p.link == Link::None || is_one_space(&p.gap))
    }

    fn is_times(&self, i: usize) -> bool {
        self.follows_closely(i) && self.pieces[i].text == "x" && self.follows_closely(i + 1)
    }

    fn times_at(&self, i: usize) -> Option<u32> {
        let value = self.number_at(i)?;
        let whole = value % ONE == 0 && (1..=1_000_000).contains(&(value / ONE));
        whole.then_some((value / ONE) as u32)
    }

    /// Values that begin at a piece: last piece and millionths.
    fn values(&self, i: usize) -> Vec<(usize, i64)> {
        let mut values: Vec<(usize, i64)> = self.number_at(i).map(|v| (i, v)).into_iter().collect();
        let plain = |i: usize| {
            let piece = self.pieces.get(i)?;
            let digits = piece.number && piece.text.len() <= 12 && piece.text.bytes().all(|b| b.is_ascii_digit());
            if digits { piece.text.parse::<i64>().ok() } else { None }
        };
        if let (Some(above), Some(below)) = (plain(i), plain(i + 1))
            && self.pieces[i + 1].gap == "/"
            && (1..=1000).contains(&below)
        {
            values.push((i + 1, (i128::from(above) * i128::from(ONE) / i128::from(below)) as i64));
        }
        values
    }

    /// All quantities that begin at a piece.
    fn quantity(&self, i: usize) -> Vec<Found> {
        let mut all = Vec::new();
        if let Some(times) = self.times_at(i)
            && self.is_times(i + 1)
        {
            for (last, value) in self.values(i + 2) {
                all.extend(self.with_unit(i, last, value, Some(times)));
            }
        }
        for (last, value) in self.values(i) {
            all.extend(self.with_unit(i, last, value, None));
        }
        all
    }

    fn with_unit(&self, first: usize, value_last: usize, value: i64, times: Option<u32>) -> Option<Found> {
        let number_end = self.pieces[value_last].end;
        let percent = percent_sign(&self.surface[number_end..]);
        let next = self.pieces.get(value_last + 1);
        let spelled = next.filter(|p| matches!(p.gap.as_str(), "" | "-" | "\u{2010}") || is_one_space(&p.gap)).and_then(|p| units::unit(&p.text));
        let (unit, end, last) = match (percent, spelled) {
            (Some(length), _) => (units::percent(), number_end + length, value_last),
            (None, Some(unit)) => (unit, self.pieces[value_last + 1].end, value_last + 1),
            (None, None) => return None,
        };
        let (name, dimension, factor, _) = *unit;
        let start = self.pieces[first].start;
        let amount = units::to_base(value, factor);
        let found = |times, end, last| Found { kind: Kind::Quantity { dimension, unit: name, times }, amount, stretch: start..end, first, last };
        let close = self.pieces.get(last + 1).is_some_and(|x| {
            let gap = &self.surface[end..x.start.max(end)];
            x.text == "x" && (gap.is_empty() || is_one_space(gap)) && self.follows_closely(last + 2)
        });
        Some(match (times, self.times_at(last + 2)) {
            (Some(times), _) => found(times, end, last),
            (None, Some(times)) if close => found(times, self.pieces[last + 2].end, last + 2),
            (None, _) => found(1, end, last),
        })
    }
}

/// Length up to the end of the percent sign that begins the text, one space left aside.
fn percent_sign(text: &str) -> Option<usize> {
    let mut chars = text.chars();
    match chars.next()? {
        '%' => Some(1),
        space if class(space) == Class::Space && chars.next() == Some('%') => Some(space.len_utf8() + 1),
        _ => None,
    }
}
