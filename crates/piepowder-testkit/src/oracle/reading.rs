//! How a character is read when words may be hidden (docs/SEMANTICS.md, section 4a, *reading characters* and *may stand for*). It knows one
//! character at a time. Invariant: a reading depends on that character alone; what a mark comes to, on what stands before it.

use super::fold::{fold, image};
use super::lookalikes::{letter_like, pictured};
use super::ucd::{self, Class};
use std::cell::RefCell;
use std::collections::HashMap;

/// What a unit was made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Plain,
    Look,
    Digit,
    Symbol,
    Opaque,
}

/// What is met by characters of words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unit {
    pub(super) character: char,
    pub(super) kind: Kind,
}

/// What a character of the decoded text is in a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    Units(Vec<Unit>),
    Dropped,
    ForeignMark,
    /// These units behind an opaque one, else a foreign mark.
    Mark(Vec<Unit>),
    Gap,
}

thread_local! {
    // Listings repeat few characters many times; order is never asked of it.
    static READINGS: RefCell<HashMap<char, Reading>> = RefCell::new(HashMap::new());
}

/// How a character is read.
pub(super) fn read(c: char) -> Reading {
    READINGS.with_borrow_mut(|known| known.entry(c).or_insert_with(|| make_reading(c)).clone())
}

fn make_reading(c: char) -> Reading {
    // As one character where it is one: a syllable of Hangul, not its parts.
    let surface = ucd::nfc(&image(c).0);
    if surface.is_empty() {
        return Reading::Dropped;
    }
    let unit = |kind| move |character| Unit { character, kind };
    if let Some(letter) = pictured(c) {
        return Reading::Units(vec![unit(Kind::Look)(letter)]);
    }
    let of_digits_and = |kind| move |c: char| Unit { character: c, kind: if c.is_ascii_digit() { Kind::Digit } else { kind } };
    if surface.chars().all(|c| c.is_ascii_alphanumeric()) {
        return Reading::Units(surface.chars().map(of_digits_and(Kind::Plain)).collect());
    }
    if matches!(surface.as_str(), "@" | "$" | "!" | "|" | "+") {
        return Reading::Units(surface.chars().map(unit(Kind::Symbol)).collect());
    }
    for text in [ucd::nfd(&c.to_string()), ucd::nfd(&surface)] {
        let alike = looks_like(&text);
        if (1..=3).contains(&alike.len()) && alike.bytes().all(|b| b.is_ascii_alphanumeric()) {
            let drawn = alike.replace("rn", "m").replace("vv", "w");
            return Reading::Units(drawn.chars().map(of_digits_and(Kind::Look)).collect());
        }
    }
    let opaque = surface.chars().map(unit(Kind::Opaque)).collect();
    if ucd::is_mark(c) {
        return Reading::Mark(opaque);
    }
    if surface.chars().any(|c| matches!(ucd::class(c), Class::Letter | Class::Digit)) {
        return Reading::Units(opaque);
    }
    Reading::Gap
}

/// The table of look-alikes comes before the confusables and after them: a capital sigma is in both.
fn looks_like(text: &str) -> String {
    let through_prototype = |c| ucd::prototype(c).chars().map(|p| letter_like(p).unwrap_or(p)).collect();
    fold(&text.chars().map(|c| letter_like(c).map_or_else(|| through_prototype(c), String::from)).collect::<String>())
}

impl Unit {
    /// Whether the unit is a letter, not a digit or symbol.
    pub(super) fn is_letter(self) -> bool {
        matches!(self.kind, Kind::Plain | Kind::Look | Kind::Opaque)
    }

    /// Whether the unit may stand for a character.
    pub(super) fn may_stand_for(self, c: char) -> bool {
        let others = match (self.kind, self.character) {
            (Kind::Look, 'i') => "l",
            (Kind::Look, 'l') => "i",
            (Kind::Digit, '0') => "o",
            (Kind::Digit, '1') => "il",
            (Kind::Digit, '2') => "z",
            (Kind::Digit, '3') => "e",
            (Kind::Digit, '4') => "a",
            (Kind::Digit, '5') => "s",
            (Kind::Digit, '6') => "bg",
            (Kind::Digit, '7') => "t",
            (Kind::Digit, '8') => "b",
            (Kind::Digit, '9') => "gq",
            (Kind::Symbol, '@') => "a",
            (Kind::Symbol, '$') => "s",
            (Kind::Symbol, '!' | '|') => "il",
            (Kind::Symbol, '+') => "t",
            _ => "",
        };
        // A symbol stands for letters alone.
        (self.kind != Kind::Symbol && self.character == c) || others.contains(c)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spelled(text: &str) -> String {
        let one = |c| match read(c) {
            Reading::Units(units) => units.iter().map(|u| format!("{}{}", u.character, format!("{:?}", u.kind).to_lowercase().remove(0))).collect(),
            Reading::Dropped => "-".to_string(),
            Reading::ForeignMark | Reading::Mark(_) => "^".to_string(),
            Reading::Gap => "_".to_string(),
        };
        text.chars().map(one).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn characters_are_read() {
        let table = [
            ("aZ9", "ap zp 9d"),
            ("ｗＬﬁ", "wp lp fpip"),
            ("@$!|+", "@s $s !s |s +s"),
            ("🅰⒝🇨", "al bl cl"),
            ("а́", "al -"),
            ("ΛЖ中", "al жo 中o"),
            ("c\u{ad}\u{200b}", "cp - -"),
            ("- .*", "_ _ _ _"),
            ("①", "1d"),
            ("\u{93c}", "^"),
            ("한が", "한o がo"),
            ("€", "el"),
        ];
        for (text, expected) in table {
            assert_eq!(spelled(text), expected, "{text}");
        }
    }
}
