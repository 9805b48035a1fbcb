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

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|b| write!(f, "{b:02x}"))
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
pub(crate) struct Canon(blake3::Hasher);

impl Canon {
    /// A hasher whose first input is the name of what is digested.
    pub(crate) fn new(domain: &str) -> Self {
        let mut canon = Canon(blake3::Hasher::new());
        canon.text(domain);
        canon
    }

    pub(crate) fn text(&mut self, text: &str) -> &mut Self {
        self.int(text.len() as i64);
        self.0.update(text.as_bytes());
        self
    }

    pub(crate) fn int(&mut self, value: i64) -> &mut Self {
        self.0.update(&value.to_le_bytes());
        self
    }

    pub(crate) fn texts<'a>(&mut self, items: impl ExactSizeIterator<Item = &'a str>) -> &mut Self {
        self.int(items.len() as i64);
        for item in items {
            self.text(item);
        }
        self
    }

    pub(crate) fn finish(&self) -> Digest {
        Digest(*self.0.finalize().as_bytes())
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
