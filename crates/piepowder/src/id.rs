//! Dense ids of what a compiled engine holds, digests, and calendar dates. Ids index tables of one engine and mean nothing in another:
//! what is written down is the key. Invariant: ids follow the byte order of keys (offenses: rank, then key), whatever the order of the packs.

use core::fmt;

macro_rules! dense_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub(crate) u32);

        impl $name {
            /// The id of the table's entry `index`.
            pub const fn new(index: usize) -> Self {
                $name(index as u32)
            }

            /// Place in the engine's table.
            pub const fn index(self) -> usize {
                self.0 as usize
            }
        }
    };
}

dense_id! {
    /// A rule of an engine.
    RuleId
}
dense_id! {
    /// A group of an engine.
    GroupId
}
dense_id! {
    /// An offense of an engine, in taxonomy order.
    OffenseId
}
dense_id! {
    /// A field of a listing: the fixed ones first, then those that packs declare.
    FieldId
}

/// A BLAKE3 digest over a canonical form, 32 bytes, written as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    /// A digest from its bytes.
    pub const fn new(bytes: [u8; 32]) -> Self {
        Digest(bytes)
    }

    /// The digest's bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// A digest's digits.
pub(crate) struct Hex([u8; 64]);

impl Hex {
    pub(crate) fn as_str(&self) -> &str {
        // Digits are always text.
        str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl Digest {
    pub(crate) fn hex(&self) -> Hex {
        let mut text = [0; 64];
        for (pair, byte) in text.chunks_exact_mut(2).zip(self.0) {
            pair.copy_from_slice(&[byte >> 4, byte & 15].map(|n| b"0123456789abcdef"[usize::from(n)]));
        }
        Hex(text)
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.hex().as_str())
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({self})")
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Digest {
    /// As 64 hexadecimal digits.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Feeds values into a digest unambiguously: each string with its length first, each list with its count.
/// A canonical form is the sequence of calls, so a caller fixes the order of what it feeds.
#[derive(Clone, Debug)]
pub(crate) struct Canon {
    /// What was fed and not hashed yet: the hash is several times faster on long inputs, and most values are short.
    fed: Vec<u8>,
    /// None until something was hashed: nearly all forms of parts fit one call.
    hasher: Option<Box<blake3::Hasher>>,
    /// How much is fed before it is hashed.
    at_once: usize,
}

impl Canon {
    /// A hasher whose first input is the name of what is digested.
    pub(crate) fn new(domain: &str) -> Self {
        let mut canon = Canon { fed: Vec::new(), hasher: None, at_once: 1 << 16 };
        canon.text(domain);
        canon
    }

    /// A form without a name, to be fed to others by `part`.
    pub(crate) fn unnamed() -> Self {
        Canon { fed: Vec::new(), hasher: None, at_once: usize::MAX }
    }

    pub(crate) fn text(&mut self, text: &str) -> &mut Self {
        self.int(text.len() as i64);
        self.bytes(text.as_bytes())
    }

    pub(crate) fn int(&mut self, value: i64) -> &mut Self {
        self.bytes(&value.to_le_bytes())
    }

    pub(crate) fn texts<'a>(&mut self, items: impl ExactSizeIterator<Item = &'a str>) -> &mut Self {
        self.int(items.len() as i64);
        for item in items {
            self.text(item);
        }
        self
    }

    /// Feeds what was fed to an unnamed form.
    pub(crate) fn part(&mut self, part: &Canon) -> &mut Self {
        self.bytes(&part.fed)
    }

    /// What was fed to an unnamed form.
    pub(crate) fn fed(&self) -> &[u8] {
        &self.fed
    }

    /// What was fed to an unnamed form.
    pub(crate) fn into_fed(self) -> Vec<u8> {
        self.fed
    }

    /// Empties an unnamed form.
    pub(crate) fn clear(&mut self) {
        self.fed.clear();
    }

    /// Feeds bytes as they are.
    pub(crate) fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        if bytes.len() >= self.at_once {
            self.hasher.get_or_insert_default().update(&self.fed).update(bytes);
            self.fed.clear();
            return self;
        }
        self.fed.extend_from_slice(bytes);
        if self.fed.len() >= self.at_once {
            self.hasher.get_or_insert_default().update(&self.fed);
            self.fed.clear();
        }
        self
    }

    pub(crate) fn finish(&self) -> Digest {
        Digest(match &self.hasher {
            None => *blake3::hash(&self.fed).as_bytes(),
            Some(hasher) => *hasher.as_ref().clone().update(&self.fed).finalize().as_bytes(),
        })
    }
}

/// A day of the Gregorian calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

impl Date {
    /// The day, or `None` when there is no such day or the year is past 9999.
    pub const fn new(year: u16, month: u8, day: u8) -> Option<Date> {
        let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        let days = match month {
            4 | 6 | 9 | 11 => 30,
            2 => 28 + leap as u8,
            1..=12 => 31,
            _ => 0,
        };
        if year > 9999 || day == 0 || day > days { None } else { Some(Date { year, month, day }) }
    }

    /// Reads `YYYY-MM-DD`.
    pub fn parse(text: &str) -> Option<Date> {
        let b = text.as_bytes();
        let shape = b.len() == 10 && b.iter().enumerate().all(|(i, c)| if i == 4 || i == 7 { *c == b'-' } else { c.is_ascii_digit() });
        if !shape {
            return None;
        }
        Date::new(text[..4].parse().ok()?, text[5..7].parse().ok()?, text[8..].parse().ok()?)
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Date {
    /// As `YYYY-MM-DD`.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}
