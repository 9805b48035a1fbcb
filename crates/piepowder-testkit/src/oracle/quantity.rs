//! Numbers, quantities and money of a surface (docs/SEMANTICS.md, section 5). It knows nothing of rules.
//! Invariant: what it finds is in order of start and does not overlap.

use super::tokens::{Link, Piece, is_one_space};
use super::units;
use piepowder::Dimension;
use std::ops::Range;

const ONE: i64 = 1_000_000;

/// A number piece as a decimal, in millionths.
pub(super) fn number(text: &str) -> Option<i64> {
    let separators: Vec<char> = text.chars().filter(|c| *c == '.' || *c == ',').collect();
    let groups: Vec<&str> = text.split(['.', ',']).collect();
    if !groups.iter().all(|g| !g.is_empty() && g.bytes().all(|b| b.is_ascii_digit())) {
        return None;
    }
    let of = |wanted: char| separators.iter().enumerate().filter(|(_, c)| **c == wanted).map(|(i, _)| i).collect::<Vec<usize>>();
    let (dots, commas) = (of('.'), of(','));
    let three_after = |places: &[usize]| places.iter().all(|i| groups[i + 1].len() == 3);
    let mut points: Vec<usize> = Vec::new();
    let mut thousands: Vec<usize> = Vec::new();
    match dots.len() {
        0 => {}
        1 => points.push(dots[0]),
        _ if three_after(&dots) => thousands.extend(&dots),
        _ => return None,
    }
    match commas.len() {
        0 => {}
        _ if three_after(&commas) && groups[0] != "0" => {
            if !thousands.is_empty() {
                return None;
            }
            thousands.extend(&commas);
        }
        1 => points.push(commas[0]),
        _ => return None,
    }
    if points.len() > 1 || points.first().is_some_and(|p| thousands.iter().any(|t| t > p)) {
        return None;
    }
    let (whole, fraction) = match points.first() {
        Some(p) => (groups[..=*p].concat(), groups[p + 1..].concat()),
        None => (groups.concat(), String::new()),
    };
    if whole.len() > 12 {
        return None;
    }
    let sixth: String = fraction.chars().chain("000000".chars()).take(6).collect();
    Some(whole.parse::<i64>().ok()? * ONE + sixth.parse::<i64>().ok()?)
}

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
    pub(super) fn quantities(&self) -> Vec<Found> {
        self.scan(|i| self.quantity(i))
    }

    pub(super) fn money(&self) -> Vec<Found> {
        self.scan(|i| self.price(i))
    }

    /// At each piece the longest, left to right, none over another.
    fn scan(&self, at: impl Fn(usize) -> Vec<Found>) -> Vec<Found> {
        let mut found: Vec<Found> = Vec::new();
        for i in 0..self.pieces.len() {
            let free = found.last().map_or(0, |f| f.stretch.end);
            let longest = at(i).into_iter().filter(|f| f.stretch.start >= free).max_by_key(|f| f.stretch.len());
            found.extend(longest);
        }
        found
    }

    fn number_at(&self, i: usize) -> Option<i64> {
        self.pieces.get(i).filter(|p| p.number).and_then(|p| number(&p.text))
    }

    fn follows_closely(&self, i: usize) -> bool {
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
        let percent = ["%", " %"].iter().find(|p| self.surface[number_end..].starts_with(**p));
        let next = self.pieces.get(value_last + 1);
        let spelled = next.filter(|p| matches!(p.gap.as_str(), "" | "-" | "\u{2010}") || is_one_space(&p.gap)).and_then(|p| units::unit(&p.text));
        let (unit, end, last) = match (percent, spelled) {
            (Some(sign), _) => (units::unit("percent")?, number_end + sign.len(), value_last),
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

    /// All prices whose first piece is this one.
    fn price(&self, i: usize) -> Vec<Found> {
        let mut all = Vec::new();
        let piece = &self.pieces[i];
        let money = |currency, amount, stretch, last| Found { kind: Kind::Money { currency }, amount, stretch, first: i, last };
        if let Some(amount) = self.number_at(i) {
            let before = &self.surface[..piece.start];
            if let Some((sign, currency)) = sign_before(before) {
                all.push(money(currency, amount, sign..piece.end, i));
            }
            let after = &self.surface[piece.end..];
            if let Some((length, currency)) = sign_after(after) {
                all.push(money(currency, amount, piece.start..piece.end + length, i));
            }
            if self.follows_closely(i + 1)
                && let Some(currency) = units::currency_of_word(&self.pieces[i + 1].text)
            {
                all.push(money(currency, amount, piece.start..self.pieces[i + 1].end, i + 1));
            }
        }
        if let (Some(currency), Some(amount)) = (units::currency_of_code(&piece.text), self.number_at(i + 1))
            && is_one_space(&self.pieces[i + 1].gap)
        {
            all.push(money(currency, amount, piece.start..self.pieces[i + 1].end, i + 1));
        }
        all
    }
}

/// Where the currency sign begins that ends the text, one space left aside.
fn sign_before(text: &str) -> Option<(usize, &'static str)> {
    let mut chars = text.char_indices().rev();
    let (at, c) = chars.next()?;
    let (at, c) = if is_one_space(c.encode_utf8(&mut [0; 4])) { chars.next()? } else { (at, c) };
    Some((at, units::currency_of_sign(c)?))
}

/// Length up to the end of the currency sign that begins the text, one space left aside.
fn sign_after(text: &str) -> Option<(usize, &'static str)> {
    let mut chars = text.chars();
    let c = chars.next()?;
    if is_one_space(c.encode_utf8(&mut [0; 4])) {
        let sign = chars.next()?;
        return Some((c.len_utf8() + sign.len_utf8(), units::currency_of_sign(sign)?));
    }
    Some((c.len_utf8(), units::currency_of_sign(c)?))
}
