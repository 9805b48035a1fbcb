//! Numbers, quantities and money in the tokens of a surface (semantics, section 5). Units and currencies come from `taxonomy::units`.
//! It looks at number pieces and their neighbors only. Invariant: what it finds is in order and does not overlap with its own kind.

use super::classes::{Class, class};
use super::decode::{decode, last};
use super::hash;
use super::{Money, Piece, Quantity, Tokens};
use crate::decimal::ONE;
use crate::span::Span;
use crate::taxonomy::units::{CURRENCIES, UNITS, to_base};

/// Most integer digits of a number: in millionths it fits an `i64`.
const INTEGER_DIGITS: usize = 12;
const MOST_TIMES: i64 = 1_000_000;
const LARGEST_DENOMINATOR: i64 = 1_000;

/// A spelling in the word table: unit or currency, its place, the place of the spelling.
#[derive(Clone, Copy)]
enum Word {
    Unit(u8, u8),
    Currency(u8, u8),
}

/// Percent has a sign and no spelling. It is the last unit.
const PERCENT: u8 = UNITS.len() as u8 - 1;

const SLOTS: usize = 512;

/// Open addressing by the hash of the spelling, filled at compile time: at most one or two comparisons a number.
static WORDS: [Option<Word>; SLOTS] = {
    let mut slots = [None; SLOTS];
    let mut i = 0;
    while i < UNITS.len() {
        let mut k = 0;
        while k < UNITS[i].spellings.len() {
            slots = fill(slots, UNITS[i].spellings[k], Word::Unit(i as u8, k as u8));
            k += 1;
        }
        i += 1;
    }
    i = 0;
    while i < CURRENCIES.len() {
        let mut k = 0;
        while k < CURRENCIES[i].words.len() {
            slots = fill(slots, CURRENCIES[i].words[k], Word::Currency(i as u8, k as u8));
            k += 1;
        }
        i += 1;
    }
    slots
};

const fn fill(mut slots: [Option<Word>; SLOTS], spelling: &str, word: Word) -> [Option<Word>; SLOTS] {
    let mut at = hash(spelling.as_bytes()) as usize % SLOTS;
    while slots[at].is_some() {
        at = (at + 1) % SLOTS;
    }
    slots[at] = Some(word);
    slots
}

/// The entries whose spelling is the text of a piece.
fn words<'a>(piece: &Piece, text: &'a [u8]) -> impl Iterator<Item = Word> + 'a {
    let start = piece.hash as usize % SLOTS;
    let probed = (0..SLOTS).map_while(move |i| WORDS[(start + i) % SLOTS]);
    probed.filter(move |word| spelling(*word).as_bytes() == text)
}

fn spelling(word: Word) -> &'static str {
    match word {
        Word::Unit(i, k) => UNITS[usize::from(i)].spellings[usize::from(k)],
        Word::Currency(i, k) => CURRENCIES[usize::from(i)].words[usize::from(k)],
    }
}

fn sign(c: char) -> Option<u8> {
    CURRENCIES.iter().position(|x| x.sign == Some(c)).map(|i| i as u8)
}

/// The value of a number piece in millionths.
pub(crate) fn number(text: &[u8]) -> Option<i64> {
    if !text.iter().all(|b| matches!(b, b'0'..=b'9' | b'.' | b',')) {
        return None;
    }
    if text.iter().all(u8::is_ascii_digit) {
        return if text.is_empty() { None } else { whole(text).map(|value| value * ONE) };
    }
    let count = |mark: u8| text.iter().filter(|b| **b == mark).count();
    let (dots, commas) = (count(b'.'), count(b','));
    let split = |mark: u8| text.iter().rposition(|b| *b == mark).unwrap_or(text.len());
    let zero_first = text.starts_with(b"0,");
    let comma_groups = || commas > 0 && !zero_first && in_groups(&text[..split(b'.')], b',');
    // Where the decimal point is, and what separates thousands before it.
    let (point, separator) = match (dots, commas) {
        (0, 0) => (text.len(), None),
        (0, _) if comma_groups() => (text.len(), Some(b',')),
        (0, 1) => (split(b','), None),
        (1, 0) => (split(b'.'), None),
        (1, _) if split(b',') < split(b'.') && comma_groups() => (split(b'.'), Some(b',')),
        (_, 0) if in_groups(text, b'.') => (text.len(), Some(b'.')),
        (2.., 1) if split(b'.') < split(b',') && text.len() - split(b',') != 4 && in_groups(&text[..split(b',')], b'.') => (split(b','), Some(b'.')),
        _ => return None,
    };
    let mut value = 0i64;
    let mut integers = 0;
    for digit in text[..point].iter().filter(|b| Some(**b) != separator) {
        integers += 1;
        if integers > INTEGER_DIGITS || !digit.is_ascii_digit() {
            return None;
        }
        value = value * 10 + i64::from(digit - b'0');
    }
    let decimals = text.get(point + 1..).unwrap_or_default();
    for place in 0..6 {
        value = value * 10 + i64::from(decimals.get(place).map_or(0, |digit| digit - b'0'));
    }
    if integers == 0 { None } else { Some(value) }
}

/// Plain digits, not more than a number may have.
fn whole(text: &[u8]) -> Option<i64> {
    let plain = text.len() <= INTEGER_DIGITS && text.iter().all(u8::is_ascii_digit);
    plain.then(|| text.iter().fold(0, |value, digit| value * 10 + i64::from(digit - b'0')))
}

/// Whether exactly three digits follow every mark, and no other mark stands between.
fn in_groups(text: &[u8], mark: u8) -> bool {
    text.split(|b| *b == mark).skip(1).all(|group| group.len() == 3 && group.iter().all(u8::is_ascii_digit))
}

/// A look at the pieces of a surface by number, with what stands between them.
struct View<'a> {
    surface: &'a [u8],
    pieces: &'a [Piece],
}

/// What stands between a place and the next piece, as far as quantities care.
#[derive(PartialEq, Eq)]
enum Between {
    Nothing,
    OneSpace,
    Hyphen,
    Slash,
    Other,
}

impl<'a> View<'a> {
    fn text(&self, piece: usize) -> &'a [u8] {
        &self.surface[self.pieces[piece].range()]
    }

    fn between(&self, from: u32, to: u32) -> Between {
        match &self.surface[from as usize..to as usize] {
            [] => Between::Nothing,
            b" " => Between::OneSpace,
            b"-" => Between::Hyphen,
            b"/" => Between::Slash,
            rest => match decode(rest) {
                ('\u{2010}', 3, _) if rest.len() == 3 => Between::Hyphen,
                (c, len, _) if len == rest.len() && class(c) == Class::Space => Between::OneSpace,
                _ => Between::Other,
            },
        }
    }

    /// What stands between a place and a piece, which there may not be.
    fn before(&self, from: u32, piece: usize) -> Between {
        self.pieces.get(piece).map_or(Between::Other, |p| self.between(from, p.start))
    }

    fn is_near(&self, from: u32, piece: usize) -> bool {
        matches!(self.before(from, piece), Between::Nothing | Between::OneSpace)
    }

    /// A whole number from 1 to a million: how many times.
    fn times(&self, piece: usize) -> Option<u32> {
        let value = self.pieces.get(piece).filter(|p| p.number).and_then(|_| number(self.text(piece)))?;
        let times = value / ONE;
        if value % ONE == 0 && (1..=MOST_TIMES).contains(&times) { u32::try_from(times).ok() } else { None }
    }

    fn is_x(&self, from: u32, piece: usize) -> bool {
        self.is_near(from, piece) && self.text(piece) == b"x"
    }

    /// The denominator, when a fraction begins at a number piece.
    fn denominator(&self, piece: usize) -> Option<i64> {
        let next = self.pieces.get(piece + 1).filter(|p| p.number)?;
        if self.between(self.pieces[piece].end, next.start) != Between::Slash || whole(self.text(piece)).is_none() {
            return None;
        }
        whole(self.text(piece + 1)).filter(|below| (1..=LARGEST_DENOMINATOR).contains(below))
    }

    /// A value and its unit, that begin at a number piece: unit, millionths, last piece, last byte.
    fn measure(&self, piece: usize) -> Option<(u8, i64, usize, u32)> {
        let below = self.denominator(piece);
        let last = if below.is_some() { piece + 1 } else { piece };
        // The unit first: most numbers have none, and are not read at all.
        let (unit, last, end) = self.unit(last)?;
        Some((unit, number(self.text(piece))? / below.unwrap_or(1), last, end))
    }

    /// The unit behind a number piece, with its last piece and last byte.
    fn unit(&self, piece: usize) -> Option<(u8, usize, u32)> {
        let end = self.pieces[piece].end;
        let next = piece + 1;
        if !matches!(self.before(end, next), Between::Slash | Between::Other) {
            let mut found = words(&self.pieces[next], self.text(next));
            let unit = found.find_map(|word| if let Word::Unit(i, _) = word { Some(i) } else { None });
            return unit.map(|unit| (unit, next, self.pieces[next].end));
        }
        let rest = &self.surface[end as usize..];
        let space = match rest.first()? {
            b'%' => 0,
            _ => Some(decode(rest)).filter(|(c, ..)| class(*c) == Class::Space).map(|(_, len, _)| len)?,
        };
        if rest.get(space) == Some(&b'%') { Some((PERCENT, piece, end + space as u32 + 1)) } else { None }
    }

    /// The quantity that begins at a number piece.
    fn quantity(&self, first: usize) -> Option<Quantity> {
        let start = self.pieces[first].start;
        let end = self.pieces[first].end;
        let counted = self.is_x(end, first + 1) && self.pieces.get(first + 2).is_some_and(|p| p.number) && {
            self.is_near(self.pieces[first + 1].end, first + 2)
        };
        if counted
            && let Some(times) = self.times(first)
            && let Some((unit, value, last, end)) = self.measure(first + 2)
        {
            return Some(self.make(unit, value, times, (first, last), Span::new(start, end)));
        }
        let (unit, value, last, end) = self.measure(first)?;
        if self.is_x(end, last + 1)
            && self.is_near(self.pieces[last + 1].end, last + 2)
            && let Some(times) = self.times(last + 2)
        {
            let end = self.pieces[last + 2].end;
            return Some(self.make(unit, value, times, (first, last + 2), Span::new(start, end)));
        }
        Some(self.make(unit, value, 1, (first, last), Span::new(start, end)))
    }

    fn make(&self, unit: u8, value: i64, times: u32, (first, last): (usize, usize), span: Span) -> Quantity {
        let amount = to_base(value, usize::from(unit));
        let dimension = UNITS[usize::from(unit)].dimension;
        Quantity { dimension, unit, amount, times, first: first as u32, last: last as u32, span }
    }

    /// The price that a number piece gives, of what lies at or after the byte `free`.
    fn money(&self, at: usize, free: u32) -> Option<Money> {
        let piece = &self.pieces[at];
        let make = |currency, first: usize, last: usize, start, end| {
            let amount = number(self.text(at))?;
            Some(Money { currency, amount, first: first as u32, last: last as u32, span: Span::new(start, end) })
        };
        let before = &self.surface[free.min(piece.start) as usize..piece.start as usize];
        let place = |rest: &[u8]| piece.start - (before.len() - rest.len()) as u32;
        if let Some((c, start)) = last(before) {
            if let Some(currency) = sign(c) {
                return make(currency, at, at, place(&before[..start]), piece.end);
            }
            let rest = &before[..start];
            if class(c) == Class::Space
                && let Some((c, start)) = last(rest)
            {
                if let Some(currency) = sign(c) {
                    return make(currency, at, at, place(&rest[..start]), piece.end);
                }
                let code = at.checked_sub(1).filter(|p| self.pieces[*p].end == place(rest) && self.pieces[*p].start >= free);
                if let Some(p) = code
                    && let Some(currency) = self.currency(p, Wanted::Code)
                {
                    return make(currency, p, at, self.pieces[p].start, piece.end);
                }
            }
        }
        let after = &self.surface[piece.end as usize..];
        let mut end = piece.end;
        let mut rest = after;
        for spaces in 0..2 {
            let (c, len, _) = if rest.is_empty() { break } else { decode(rest) };
            end += len as u32;
            rest = &rest[len..];
            if let Some(currency) = sign(c) {
                // A sign after a space that touches the next number is that number's.
                let taken = spaces == 1 && self.pieces.get(at + 1).is_some_and(|p| p.number && p.start == end);
                if taken {
                    break;
                }
                return make(currency, at, at, piece.start, end);
            }
            if class(c) != Class::Space {
                break;
            }
        }
        let next = at + 1;
        if self.is_near(piece.end, next)
            && let Some(currency) = self.currency(next, Wanted::Any)
        {
            return make(currency, at, next, piece.start, self.pieces[next].end);
        }
        None
    }

    fn currency(&self, piece: usize, wanted: Wanted) -> Option<u8> {
        words(&self.pieces[piece], self.text(piece)).find_map(|word| match word {
            Word::Currency(i, k) if wanted == Wanted::Any || self.is_code(i, k) => Some(i),
            _ => None,
        })
    }

    fn is_code(&self, currency: u8, word: u8) -> bool {
        let currency = &CURRENCIES[usize::from(currency)];
        currency.words[usize::from(word)].eq_ignore_ascii_case(currency.code)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Code,
    Any,
}

/// Appends the quantities and prices of a surface, each in order.
pub(crate) fn quantities(surface: &[u8], tokens: &Tokens, quantities: &mut Vec<Quantity>, money: &mut Vec<Money>) {
    let view = View { surface, pieces: tokens.pieces() };
    // First piece, and first byte, that nothing found so far covers.
    let (mut piece, mut byte) = (0, 0);
    for (at, _) in view.pieces.iter().enumerate().filter(|(_, p)| p.number) {
        if at >= piece
            && let Some(found) = view.quantity(at)
        {
            piece = found.last as usize + 1;
            quantities.push(found);
        }
        if let Some(found) = view.money(at, byte) {
            byte = found.span.end;
            money.push(found);
        }
    }
}
