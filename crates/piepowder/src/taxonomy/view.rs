//! A table that has been checked: typed values with their places. It never reports: a key of the wrong type reads as absent, for `read`
//! has said so. Invariant: places are bytes of the source as it was handed in, byte order mark included.

use super::read::Reader;
use super::rule::Located;
use super::shape::{date, integer};
use crate::diagnostic::{Origin, Source};
use crate::id::Date;
use core::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A table that has been checked: typed values with their places. Keys of the wrong type read as absent.
#[derive(Clone, Copy)]
pub(crate) struct View<'t> {
    pub(crate) table: &'t DeTable<'t>,
    source: &'t Source,
    shift: usize,
    start: usize,
    end: usize,
}

impl<'t> View<'t> {
    pub(crate) fn new(reader: &Reader<'t, '_>, table: &'t DeTable<'t>, span: Range<usize>) -> Self {
        View { table, source: reader.source, shift: reader.shift, start: span.start, end: span.end }
    }

    /// Bytes of the header, as the parser counts them.
    pub(crate) fn span(&self) -> Range<usize> {
        self.start..self.end
    }

    pub(crate) fn origin(&self) -> Origin {
        self.place(&self.span())
    }

    fn place(&self, span: &Range<usize>) -> Origin {
        Origin::new(self.source, span.start + self.shift..span.end + self.shift)
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    pub(crate) fn source(&self) -> &'t Source {
        self.source
    }

    /// Whether the key holds an empty list.
    pub(crate) fn is_empty_list(&self, key: &str) -> bool {
        self.table.get(key).and_then(|v| v.get_ref().as_array()).is_some_and(|l| l.is_empty())
    }

    /// Where the value of a key stands; the header if there is none.
    pub(crate) fn origin_of(&self, key: &str) -> Origin {
        self.table.get(key).map_or_else(|| self.origin(), |v| self.place(&v.span()))
    }

    fn located<T>(&self, value: T, at: &Spanned<DeValue<'_>>) -> Located<T> {
        Located { value, origin: self.place(&at.span()) }
    }

    pub(crate) fn text(&self, key: &str) -> Option<&'t str> {
        self.table.get(key)?.get_ref().as_str()
    }

    pub(crate) fn string(&self, key: &str) -> String {
        self.text(key).unwrap_or_default().to_owned()
    }

    pub(crate) fn word<T>(&self, key: &str, read: impl Fn(&str) -> Option<T>) -> Option<T> {
        read(self.text(key)?)
    }

    pub(crate) fn boolean(&self, key: &str) -> Option<bool> {
        self.table.get(key)?.get_ref().as_bool()
    }

    pub(crate) fn integer(&self, key: &str) -> Option<i64> {
        integer(self.table.get(key)?.get_ref().as_integer()?)
    }

    pub(crate) fn date(&self, key: &str) -> Option<Date> {
        date(self.table.get(key)?.get_ref().as_datetime()?)
    }

    /// The texts of a list, each with its place.
    pub(crate) fn texts(&self, key: &str) -> Vec<Located<String>> {
        let list = self.table.get(key).and_then(|v| v.get_ref().as_array());
        list.into_iter().flat_map(|l| l.iter()).filter_map(|v| Some(self.located(v.get_ref().as_str()?.to_owned(), v))).collect()
    }

    /// Gives the texts of a list, each with its bytes in the source.
    pub(crate) fn each_text(&self, key: &str, mut give: impl FnMut(&'t str, Range<usize>)) {
        let list = self.table.get(key).and_then(|v| v.get_ref().as_array());
        for value in list.into_iter().flat_map(|l| l.iter()) {
            if let Some(text) = value.get_ref().as_str() {
                let span = value.span();
                give(text, span.start + self.shift..span.end + self.shift);
            }
        }
    }

    pub(crate) fn strings(&self, key: &str) -> Vec<String> {
        let mut strings = Vec::new();
        self.each_text(key, |text, _| strings.push(text.to_owned()));
        strings
    }

    /// The texts of a map of texts.
    pub(crate) fn text_map(&self, key: &str) -> impl Iterator<Item = (String, String)> + 't {
        self.entries(key).filter_map(|(k, v)| Some((k.get_ref().to_string(), v.get_ref().as_str()?.to_owned())))
    }

    /// The lists of texts of a map.
    pub(crate) fn list_map(&self, key: &str) -> impl Iterator<Item = (String, Vec<String>)> + 't {
        self.entries(key).filter_map(|(k, v)| {
            let list = v.get_ref().as_array()?.iter().filter_map(|t| t.get_ref().as_str().map(str::to_owned)).collect();
            Some((k.get_ref().to_string(), list))
        })
    }

    /// The whole numbers of a map.
    pub(crate) fn integer_map(&self, key: &str) -> impl Iterator<Item = (String, i64)> {
        self.entries(key).filter_map(|(k, v)| Some((k.get_ref().to_string(), integer(v.get_ref().as_integer()?)?)))
    }

    /// The weights of a map, each key and value with its place.
    pub(crate) fn weight_map(&self, key: &str) -> impl Iterator<Item = (Located<String>, Located<i32>)> {
        self.entries(key).filter_map(|(k, v)| {
            let weight = i32::try_from(integer(v.get_ref().as_integer()?)?).ok()?;
            Some((Located { value: k.get_ref().to_string(), origin: self.place(&k.span()) }, self.located(weight, v)))
        })
    }

    fn entries(&self, key: &str) -> impl Iterator<Item = (&'t Spanned<std::borrow::Cow<'t, str>>, &'t Spanned<DeValue<'t>>)> + use<'t> {
        self.table.get(key).and_then(|v| v.get_ref().as_table()).into_iter().flat_map(|t| t.iter())
    }

    /// The table of a key.
    pub(crate) fn child(&self, key: &str) -> Option<View<'t>> {
        let value = self.table.get(key)?;
        Some(self.of(value.get_ref().as_table()?, value.span()))
    }

    /// The tables of a list.
    pub(crate) fn children(&self, key: &str) -> Vec<View<'t>> {
        let list = self.table.get(key).and_then(|v| v.get_ref().as_array());
        list.into_iter().flat_map(|l| l.iter()).filter_map(|v| Some(self.of(v.get_ref().as_table()?, v.span()))).collect()
    }

    fn of(&self, table: &'t DeTable<'t>, span: Range<usize>) -> View<'t> {
        View { table, source: self.source, shift: self.shift, start: span.start, end: span.end }
    }
}
