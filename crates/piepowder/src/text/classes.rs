//! What the generated tables say of a character of the surface: its class, its script, whether it is a currency sign; and counts of
//! letters by script. It knows no bytes of the original. Invariant: ASCII answers equal the tables (tested for all of them).

use super::decode::decode;
use super::tables;

/// The class of a character for tokens (semantics, section 3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    Letter,
    Digit,
    Joiner,
    Space,
    Soft,
    Stop,
}

/// A script that has an ISO 15924 code of its own, or none (Common, Inherited, Unknown).
#[cfg(test)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Script(u8);

#[cfg(test)]
impl Script {
    /// Its id, for `ScriptCounts`.
    pub(crate) const fn id(self) -> Option<u8> {
        if self.0 == 0 { None } else { Some(self.0) }
    }

    /// Its ISO 15924 code.
    pub(crate) fn code(self) -> Option<&'static str> {
        self.id().map(|id| tables::SCRIPTS[usize::from(id) - 1])
    }
}

/// Classes of the ASCII bytes; others say `None`: they are parts of characters.
pub(crate) static BYTE_CLASSES: [Option<Class>; 256] = {
    let mut classes = [None; 256];
    let mut byte = 0;
    while byte < 128 {
        classes[byte] = Some(match byte as u8 {
            b'a'..=b'z' | b'A'..=b'Z' => Class::Letter,
            b'0'..=b'9' => Class::Digit,
            b'-' | b'.' | b'/' | b'\'' | b'_' | b':' => Class::Joiner,
            b' ' | 0x09..=0x0D => Class::Space,
            b'&' | b'+' => Class::Soft,
            _ => Class::Stop,
        });
        byte += 1;
    }
    classes
};

/// The packed row of a character: bits as `tables::CLASS_INDEX` says.
pub(crate) fn row(c: char) -> u16 {
    let at = c as usize;
    match tables::CLASS_INDEX.get(at >> 7) {
        Some(block) => tables::CLASS_BLOCKS[usize::from(*block) << 7 | at & 127],
        None => 5,
    }
}

/// The class in a packed row.
pub(crate) const fn class_of(row: u16) -> Class {
    match row & 7 {
        0 => Class::Letter,
        1 => Class::Digit,
        2 => Class::Joiner,
        3 => Class::Space,
        4 => Class::Soft,
        _ => Class::Stop,
    }
}

/// The script in a packed row, as an id for `ScriptCounts`; 0 for none.
pub(crate) const fn script_id_of(row: u16) -> u8 {
    (row >> 5) as u8
}

/// Whether the script in a packed row is one without spaces.
pub(crate) const fn spaceless_of(row: u16) -> bool {
    row & 8 != 0
}

/// Whether a packed row is that of a currency sign (General_Category Sc).
pub(crate) const fn is_sign(row: u16) -> bool {
    row & 16 != 0
}

/// The class of a character.
pub(crate) fn class(c: char) -> Class {
    class_of(row(c))
}

/// The script of a character.
#[cfg(test)]
pub(crate) fn script(c: char) -> Script {
    Script((row(c) >> 5) as u8)
}

/// Whether the character belongs to a script that is written without spaces between words.
pub(crate) fn is_spaceless(c: char) -> bool {
    spaceless_of(row(c))
}

/// Whether the character is a letter of a script that is written from right to left.
pub(crate) fn is_right_to_left(c: char) -> bool {
    const SCRIPTS: [&str; 8] = ["Adlm", "Arab", "Hebr", "Mand", "Nkoo", "Samr", "Syrc", "Thaa"];
    script_of_letter(c).is_some_and(|code| SCRIPTS.contains(&code))
}

/// Whether the character is a currency sign.
pub(crate) fn is_currency_sign(c: char) -> bool {
    is_sign(row(c))
}

/// Whether a folded text has a letter of a spaceless script: such a term is matched as a substring.
pub(crate) fn has_spaceless_letter(surface: &[u8]) -> bool {
    if surface.is_ascii() {
        return false;
    }
    let mut rest = surface;
    while !rest.is_empty() {
        let (c, len, _) = decode(rest);
        if is_spaceless(c) && class(c) == Class::Letter {
            return true;
        }
        rest = &rest[len..];
    }
    false
}

/// The ISO 15924 code of a letter's script; none for what is no letter, or a letter of no script of its own.
pub(crate) fn script_of_letter(c: char) -> Option<&'static str> {
    let row = row(c);
    let code = usize::from(row >> 5).checked_sub(1).and_then(|id| tables::SCRIPTS.get(id)).copied();
    code.filter(|_| class_of(row) == Class::Letter)
}

/// The id of the script with that ISO 15924 code, as in `Latn`.
pub(crate) fn script_id(code: &str) -> Option<u8> {
    tables::SCRIPTS.binary_search(&code).ok().map(|at| at as u8 + 1)
}

/// Letters by script. Few scripts occur in a listing, so those that do are listed and the rest is never looked at.
#[derive(Clone, Debug)]
pub(crate) struct ScriptCounts {
    counts: [u32; tables::SCRIPTS.len() + 1],
    seen: Vec<u8>,
}

impl Default for ScriptCounts {
    fn default() -> Self {
        ScriptCounts { counts: [0; tables::SCRIPTS.len() + 1], seen: Vec::new() }
    }
}

impl ScriptCounts {
    /// Back to zero.
    pub(crate) fn clear(&mut self) {
        for script in self.seen.drain(..) {
            self.counts[usize::from(script)] = 0;
        }
    }

    /// Adds letters of a script.
    #[inline]
    pub(crate) fn add(&mut self, script: u8, letters: u32) {
        let count = &mut self.counts[usize::from(script)];
        if *count == 0 && letters > 0 {
            self.seen.push(script);
        }
        *count = count.saturating_add(letters);
    }

    /// Adds what others count.
    pub(crate) fn add_all(&mut self, others: &ScriptCounts) {
        others.iter().for_each(|(script, letters)| self.add(script, letters));
    }

    /// Letters of one script.
    #[cfg(test)]
    pub(crate) fn get(&self, script: u8) -> u32 {
        self.counts.get(usize::from(script)).copied().unwrap_or(0)
    }

    /// Letters of all scripts.
    pub(crate) fn total(&self) -> u32 {
        self.iter().fold(0, |sum, (_, n)| sum.saturating_add(n))
    }

    /// The scripts that occur, with their letters, in the order of their first letters.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u8, u32)> {
        self.seen.iter().map(|s| (*s, self.counts[usize::from(*s)]))
    }
}
