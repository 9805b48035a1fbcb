//! Values as bytes and back, for compiled packs: little-endian numbers, texts and lists with their length first. It knows no format and no
//! version: that is `engine/compiled`. Invariants: reading never panics, and never takes more memory than a few times the bytes that are
//! there; what was read is of its type, but whether an id or a range fits its table is for whoever has the table to check.

use crate::bytes::{Bytes, Fixed};
use crate::diagnostic::{Origin, Source};
use crate::id::{Date, FieldId, GroupId, RuleId};
use once_cell::race::OnceBox;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Bytes that are not what was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Damaged;

/// What `Damaged` is for: an error unless something holds.
pub(crate) fn sound(holds: bool) -> Result<(), Damaged> {
    if holds { Ok(()) } else { Err(Damaged) }
}

/// A value that can be written and read.
pub(crate) trait Stored: Sized {
    fn write(&self, out: &mut Writer);
    fn read(from: &mut Reader<'_>) -> Result<Self, Damaged>;
}

/// Bytes under construction.
#[derive(Default)]
pub(crate) struct Writer {
    bytes: Vec<u8>,
    /// The sources that places are in, by name.
    sources: BTreeMap<Arc<str>, u32>,
}

impl Writer {
    /// A writer of places in these sources, which are in name order.
    pub(crate) fn new(sources: &[Source]) -> Self {
        let numbers = sources.iter().zip(0..).map(|(source, number)| (Arc::from(source.name()), number));
        Writer { bytes: Vec::new(), sources: numbers.collect() }
    }

    pub(crate) fn bytes(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// Bytes that are left where they lie, by `Reader::part`.
    pub(crate) fn part(&mut self, bytes: &[u8]) {
        bytes.len().write(self);
        self.bytes(bytes);
    }

    /// What something writes, as a part.
    pub(crate) fn nested(&mut self, write: impl FnOnce(&mut Self)) {
        let at = self.bytes.len();
        0usize.write(self);
        write(self);
        let length = (self.bytes.len() - at - size_of::<u64>()) as u64;
        self.bytes[at..at + size_of::<u64>()].copy_from_slice(&length.to_le_bytes());
    }

    /// A list that is read whole, by `Reader::list`.
    pub(crate) fn list<const N: usize, T: Copy>(&mut self, items: &[T], bytes: impl Fn(T) -> [u8; N]) {
        items.len().write(self);
        self.bytes.reserve(items.len() * N);
        items.iter().for_each(|item| self.bytes.extend_from_slice(&bytes(*item)));
    }

    /// The number of a source.
    pub(crate) fn source(&self, name: &str) -> u32 {
        self.sources.get(name).copied().unwrap_or(u32::MAX)
    }

    pub(crate) fn finish(self) -> Vec<u8> {
        self.bytes
    }
}

/// Bytes that are read one after another.
pub(crate) struct Reader<'b> {
    all: &'b Bytes,
    rest: &'b [u8],
    pub(crate) sources: Arc<[Source]>,
}

impl<'b> Reader<'b> {
    pub(crate) fn new(all: &'b Bytes) -> Self {
        Reader { all, rest: all, sources: Arc::default() }
    }

    pub(crate) fn bytes(&mut self, length: usize) -> Result<&'b [u8], Damaged> {
        let (bytes, rest) = self.rest.split_at_checked(length).ok_or(Damaged)?;
        self.rest = rest;
        Ok(bytes)
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Result<[u8; N], Damaged> {
        let (bytes, rest) = self.rest.split_first_chunk().ok_or(Damaged)?;
        self.rest = rest;
        Ok(*bytes)
    }

    /// Bytes that stay where they lie.
    pub(crate) fn part(&mut self) -> Result<Bytes, Damaged> {
        let length = usize::read(self)?;
        let start = self.all.len() - self.rest.len();
        self.bytes(length)?;
        self.all.part(start..start + length).ok_or(Damaged)
    }

    /// A text, where it lies.
    pub(crate) fn text(&mut self) -> Result<&'b str, Damaged> {
        let length = usize::read(self)?;
        str::from_utf8(self.bytes(length)?).map_err(|_| Damaged)
    }

    /// A list of values of `N` bytes each, which is several times as fast as value by value.
    pub(crate) fn list<const N: usize, T>(&mut self, item: impl Fn(&[u8; N]) -> T) -> Result<Vec<T>, Damaged> {
        let count = usize::read(self)?;
        let (items, rest) = self.bytes(count.checked_mul(N).ok_or(Damaged)?)?.as_chunks();
        sound(rest.is_empty())?;
        Ok(items.iter().map(item).collect())
    }

    /// As `list`, of values that not all bytes are.
    pub(crate) fn list_of<const N: usize, T>(&mut self, item: impl Fn(&[u8; N]) -> Option<T>) -> Result<Vec<T>, Damaged> {
        let count = usize::read(self)?;
        let (items, rest) = self.bytes(count.checked_mul(N).ok_or(Damaged)?)?.as_chunks();
        sound(rest.is_empty())?;
        let mut values = Vec::with_capacity(items.len());
        for bytes in items {
            values.push(item(bytes).ok_or(Damaged)?);
        }
        Ok(values)
    }

    /// All that was not read.
    pub(crate) fn remaining(&self) -> Bytes {
        self.all.part(self.all.len() - self.rest.len()..self.all.len()).unwrap_or_default()
    }

    /// Nothing, at the end.
    pub(crate) fn end(&self) -> Result<(), Damaged> {
        sound(self.rest.is_empty())
    }
}

/// A value that is read when it is first asked for. What turns out to be damaged is the default.
#[derive(Debug)]
pub(crate) struct Later<T> {
    value: OnceBox<T>,
    bytes: Bytes,
    /// That places are in.
    sources: Arc<[Source]>,
}

impl<T> Later<T> {
    pub(crate) fn now(value: T) -> Self {
        Later { value: OnceBox::with_value(Box::new(value)), bytes: Bytes::default(), sources: Arc::default() }
    }
}

impl<T: Default> Default for Later<T> {
    fn default() -> Self {
        Later::now(T::default())
    }
}

impl<T: Stored + Default> Later<T> {
    pub(crate) fn is_read(&self) -> bool {
        self.value.get().is_some()
    }

    /// The value that a part is.
    pub(crate) fn read(from: &mut Reader<'_>) -> Result<Self, Damaged> {
        Ok(Later { value: OnceBox::new(), bytes: from.part()?, sources: Arc::clone(&from.sources) })
    }

    #[inline]
    pub(crate) fn get(&self) -> &T {
        match self.value.get() {
            Some(value) => value,
            None => self.value.get_or_init(|| {
                let mut from = Reader { sources: Arc::clone(&self.sources), ..Reader::new(&self.bytes) };
                Box::new(T::read(&mut from).unwrap_or_default())
            }),
        }
    }
}

/// Four numbers as sixteen bytes.
#[inline]
pub(crate) fn four_bytes(numbers: [u32; 4]) -> [u8; 16] {
    numbers.iter().rev().fold(0u128, |all, number| all << 32 | u128::from(*number)).to_le_bytes()
}

/// Sixteen bytes as four numbers.
#[inline]
pub(crate) fn four(bytes: &[u8; 16]) -> [u32; 4] {
    let all = u128::from_le_bytes(*bytes);
    [all as u32, (all >> 32) as u32, (all >> 64) as u32, (all >> 96) as u32]
}

impl Fixed<16> for [u32; 4] {
    fn to_bytes(self) -> [u8; 16] {
        four_bytes(self)
    }
    fn of_bytes(bytes: &[u8; 16]) -> Self {
        four(bytes)
    }
}

macro_rules! numbers {
    ($($name:ty),+) => { $(
        impl Stored for $name {
            fn write(&self, out: &mut Writer) {
                out.bytes(&self.to_le_bytes());
            }
            fn read(from: &mut Reader<'_>) -> Result<Self, Damaged> {
                Ok(<$name>::from_le_bytes(from.array()?))
            }
        }
    )+ };
}

numbers!(u8, u16, u32, u64, i32, i64);

impl Stored for usize {
    fn write(&self, out: &mut Writer) {
        (*self as u64).write(out);
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, Damaged> {
        usize::try_from(u64::read(from)?).map_err(|_| Damaged)
    }
}

impl Stored for bool {
    fn write(&self, out: &mut Writer) {
        u8::from(*self).write(out);
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, Damaged> {
        match u8::read(from)? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(Damaged),
        }
    }
}

impl Stored for String {
    fn write(&self, out: &mut Writer) {
        self.len().write(out);
        out.bytes(self.as_bytes());
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, Damaged> {
        from.text().map(str::to_owned)
    }
}

impl<T: Stored> Stored for Option<T> {
    fn write(&self, out: &mut Writer) {
        self.is_some().write(out);
        if let Some(value) = self {
            value.write(out);
        }
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, Damaged> {
        Ok(if bool::read(from)? { Some(T::read(from)?) } else { None })
    }
}

/// Most values that room is made for before they are read: a count is not to be trusted.
const ROOM: usize = 1_024;

impl<T: Stored> Stored for Vec<T> {
    fn write(&self, out: &mut Writer) {
        self.len().write(out);
        self.iter().for_each(|item| item.write(out));
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, Damaged> {
        let count = usize::read(from)?;
        let mut items = Vec::with_capacity(count.min(from.rest.len()).min(ROOM));
        for _ in 0..count {
            items.push(T::read(from)?);
        }
        Ok(items)
    }
}

impl<T: Stored + Copy + Default, const N: usize> Stored for [T; N] {
    fn write(&self, out: &mut Writer) {
        self.iter().for_each(|item| item.write(out));
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, Damaged> {
        let mut items = [T::default(); N];
        for item in &mut items {
            *item = T::read(from)?;
        }
        Ok(items)
    }
}

impl<K: Stored + Ord, V: Stored> Stored for BTreeMap<K, V> {
    fn write(&self, out: &mut Writer) {
        self.len().write(out);
        for (key, value) in self {
            key.write(out);
            value.write(out);
        }
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, Damaged> {
        Ok(Vec::<(K, V)>::read(from)?.into_iter().collect())
    }
}

impl<A: Stored, B: Stored> Stored for (A, B) {
    fn write(&self, out: &mut Writer) {
        self.0.write(out);
        self.1.write(out);
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, Damaged> {
        Ok((A::read(from)?, B::read(from)?))
    }
}

impl Stored for Date {
    fn write(&self, out: &mut Writer) {
        self.to_string().write(out);
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, Damaged> {
        Date::parse(from.text()?).ok_or(Damaged)
    }
}

macro_rules! ids {
    ($($name:ident),+) => { $(
        impl Stored for $name {
            fn write(&self, out: &mut Writer) {
                self.0.write(out);
            }
            fn read(from: &mut Reader<'_>) -> Result<Self, Damaged> {
                Ok($name(u32::read(from)?))
            }
        }
    )+ };
}

ids!(RuleId, GroupId, FieldId);

impl Stored for Source {
    fn write(&self, out: &mut Writer) {
        out.part(self.name().as_bytes());
        out.part(self.text().as_bytes());
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, Damaged> {
        Source::stored(from.text()?, from.part()?).ok_or(Damaged)
    }
}

impl Stored for Origin {
    /// The number of the source, and bytes of it.
    fn write(&self, out: &mut Writer) {
        out.source(self.source.name()).write(out);
        self.start.write(out);
        self.end.write(out);
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, Damaged> {
        let number = u32::read(from)? as usize;
        let (start, end) = (usize::read(from)?, usize::read(from)?);
        let source = from.sources.get(number).ok_or(Damaged)?;
        sound(start <= end && end <= source.length())?;
        Ok(Origin::new(source, start..end))
    }
}

/// Writes and reads the fields of a structure, all of them, in this order.
macro_rules! stored {
    ($name:ident { $($field:ident),+ $(,)? }) => {
        impl $crate::stored::Stored for $name {
            fn write(&self, out: &mut $crate::stored::Writer) {
                $($crate::stored::Stored::write(&self.$field, out);)+
            }
            fn read(from: &mut $crate::stored::Reader<'_>) -> Result<Self, $crate::stored::Damaged> {
                Ok($name { $($field: $crate::stored::Stored::read(from)?),+ })
            }
        }
    };
}

/// Writes and reads one of a few words as its number.
macro_rules! stored_words {
    ($($name:ident),+ $(,)?) => { $(
        impl $crate::stored::Stored for $name {
            fn write(&self, out: &mut $crate::stored::Writer) {
                (*self as u8).write(out);
            }
            fn read(from: &mut $crate::stored::Reader<'_>) -> Result<Self, $crate::stored::Damaged> {
                $name::ALL.get(usize::from(u8::read(from)?)).copied().ok_or($crate::stored::Damaged)
            }
        }
    )+ };
}

pub(crate) use {stored, stored_words};
