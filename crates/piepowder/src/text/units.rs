//! What a reader sees in a character: units, each a character with a kind (`docs/SEMANTICS.md`, section 4a). One character at a time; it
//! knows no words. Invariant: a unit may stand for a letter exactly when the page says so.

use super::classes::{Class, class};
use super::decode::decode;
use super::look::{LOOK_BLOCKS, LOOK_INDEX, LOOKS};
use super::surface::{Image, fold_char};

/// How a unit was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// An ASCII letter that folding gives.
    Plain,
    Digit,
    Symbol,
    /// An ASCII letter that a character looks like.
    Look,
    /// A letter or digit of another kind, which stands for itself.
    Opaque,
}

/// One letter as it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unit {
    pub(super) c: char,
    pub(super) kind: Kind,
}

/// What became of a character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Seen {
    /// Units were read.
    Units,
    Dropped,
    ForeignMark,
    Gap,
}

/// Number of the entry of `LOOKS` that says: a mark of another script.
const FOREIGN_MARK: u16 = 1;

fn looks(c: char) -> u16 {
    let at = c as usize;
    LOOK_INDEX.get(at >> 7).map_or(0, |block| LOOK_BLOCKS[usize::from(*block) << 7 | at & 127])
}

/// Whether a character looks like others, or is a mark of another script.
pub(super) fn has_look(c: char) -> bool {
    looks(c) != 0
}

/// Whether a character shows nothing but on the one before it: it is dropped, or a mark of another script.
pub(super) fn hangs_on(c: char) -> bool {
    !c.is_ascii() && (looks(c) == FOREIGN_MARK || matches!(fold_char(c), Image::Other([])))
}

/// The kind of an ASCII character; none when it is a gap.
pub(super) const fn ascii_kind(byte: u8) -> Option<Kind> {
    match byte {
        b'a'..=b'z' | b'A'..=b'Z' => Some(Kind::Plain),
        b'0'..=b'9' => Some(Kind::Digit),
        b'@' | b'$' | b'!' | b'|' | b'+' => Some(Kind::Symbol),
        _ => None,
    }
}

/// Which bytes are ASCII characters that are no gaps.
static UNITS: [bool; 256] = {
    let mut units = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        units[byte] = ascii_kind(byte as u8).is_some();
        byte += 1;
    }
    units
};

/// Whether a byte is an ASCII character that is no gap.
#[inline]
pub(super) fn is_unit(byte: u8) -> bool {
    UNITS[usize::from(byte)]
}

/// Reads a character, appending its units; those of the run before it begin at `run`.
pub(super) fn read(c: char, out: &mut Vec<Unit>, run: usize) -> Seen {
    if c.is_ascii() {
        let Some(kind) = ascii_kind(c as u8) else { return Seen::Gap };
        out.push(Unit { c: c.to_ascii_lowercase(), kind });
        return Seen::Units;
    }
    match looks(c) {
        0 => {}
        FOREIGN_MARK if out[run..].last().is_none_or(|before| before.kind != Kind::Opaque) => return Seen::ForeignMark,
        FOREIGN_MARK => {}
        number => {
            let kind = |b: u8| if b.is_ascii_digit() { Kind::Digit } else { Kind::Look };
            out.extend(LOOKS[usize::from(number)].bytes().map(|b| Unit { c: b as char, kind: kind(b) }));
            return Seen::Units;
        }
    }
    match fold_char(c) {
        // It is no ASCII character, so that it stands for itself or for nothing.
        Image::Same(c) if matches!(class(c), Class::Letter | Class::Digit) => {
            out.push(Unit { c, kind: Kind::Opaque });
            Seen::Units
        }
        Image::Same(_) => Seen::Gap,
        Image::Other(image) => read_image(image, out),
    }
}

fn read_image(image: &[u8], out: &mut Vec<Unit>) -> Seen {
    if image.is_empty() {
        return Seen::Dropped;
    }
    if image.iter().all(u8::is_ascii_alphanumeric) || (image.len() == 1 && ascii_kind(image[0]).is_some()) {
        out.extend(image.iter().filter_map(|b| Some(Unit { c: *b as char, kind: ascii_kind(*b)? })));
        return Seen::Units;
    }
    let from = out.len();
    let mut rest = image;
    let mut letters = false;
    while !rest.is_empty() {
        let (c, len, _) = decode(rest);
        letters |= matches!(class(c), Class::Letter | Class::Digit);
        out.push(Unit { c, kind: Kind::Opaque });
        rest = &rest[len..];
    }
    if !letters {
        out.truncate(from);
        return Seen::Gap;
    }
    Seen::Units
}

/// Letters that a digit or a symbol may stand for.
const fn stands_for(c: char) -> &'static [u8] {
    match c {
        '0' => b"o",
        '1' | '!' | '|' => b"il",
        '2' => b"z",
        '3' => b"e",
        '4' | '@' => b"a",
        '5' | '$' => b"s",
        '6' => b"bg",
        '7' | '+' => b"t",
        '8' => b"b",
        '9' => b"gq",
        _ => b"",
    }
}

impl Unit {
    /// Whether it is read as a letter without more ado.
    pub(super) const fn is_letter(self) -> bool {
        !matches!(self.kind, Kind::Digit | Kind::Symbol)
    }

    /// Whether the unit may stand for a character of a word's skeleton.
    pub(super) fn may_be(self, wanted: char) -> bool {
        match self.kind {
            Kind::Plain | Kind::Opaque => self.c == wanted,
            Kind::Look => self.c == wanted || matches!((self.c, wanted), ('i', 'l') | ('l', 'i')),
            Kind::Digit => self.c == wanted || stands_for(self.c).contains(&(wanted as u32 as u8)) && wanted.is_ascii(),
            Kind::Symbol => wanted.is_ascii() && stands_for(self.c).contains(&(wanted as u32 as u8)),
        }
    }
}

/// Characters that some unit may confuse are of one class: words are looked up by classes.
const CLASSES: [u8; 128] = {
    let mut classes = [0; 128];
    let mut at = 0;
    while at < 128 {
        classes[at] = match at as u8 {
            b'l' | b'1' | b'!' | b'|' => b'i',
            b'0' => b'o',
            b'2' => b'z',
            b'3' => b'e',
            b'4' | b'@' => b'a',
            b'5' | b'$' => b's',
            b'7' | b'+' => b't',
            b'6' | b'8' | b'9' | b'g' | b'q' => b'b',
            other => other,
        };
        at += 1;
    }
    classes
};

/// The key of a text under which words are looked up: units that may stand for one letter give the same key, and so does a letter that
/// is repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Key {
    state: u64,
    last: u32,
}

impl Key {
    pub(super) const EMPTY: Key = Key { state: 0x243F_6A88_85A3_08D3, last: u32::MAX };

    /// The key with one more character.
    #[inline]
    pub(super) fn then(self, c: char) -> Key {
        let class = if c.is_ascii() { u32::from(CLASSES[c as usize]) } else { c as u32 };
        if class == self.last {
            return self;
        }
        let product = u128::from(self.state ^ u64::from(class)) * 0x9E37_79B9_7F4A_7C15;
        Key { state: product as u64 ^ (product >> 64) as u64, last: class }
    }

    pub(super) fn hash(self) -> u64 {
        self.state
    }
}
