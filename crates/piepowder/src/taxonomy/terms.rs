//! The terms of a rule, in the order in which they are written, each with where: one text with places in it, because packs have tens of
//! thousands of terms, and a text and two references for each would be half of what it costs to load them. It knows nothing of what terms
//! mean. Invariant: places are on character boundaries of the text.

use crate::diagnostic::{Origin, Source};
use crate::stored::{Damaged, Later, Reader, Stored, Writer, four, four_bytes};
use core::ops::Range;
use std::collections::HashMap;
use std::sync::Arc;

/// Terms of a rule.
#[derive(Clone, Debug, Default)]
pub(crate) struct Terms {
    /// Shared by rules of a compiled pack, and by a rule and its changed self.
    store: Arc<Later<Store>>,
    first: u32,
    len: u32,
}

/// Terms under construction, or those of many rules.
#[derive(Clone, Debug, Default)]
pub(crate) struct Store {
    pub(super) text: String,
    pub(super) places: Vec<Place>,
    sources: Vec<Source>,
}

/// Where a term is in the store's text, and in which source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) start: u32,
    pub(super) len: u32,
    /// Number of the source in the store's.
    source: u32,
    from: u32,
    to: u32,
}

/// A term.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Term<'t> {
    pub(crate) value: &'t str,
    store: &'t Store,
    place: &'t Place,
}

impl Term<'_> {
    /// Its length, the number of its source, and its bytes of that, as `Store::of_parts` takes them.
    fn parts(&self, number: impl Fn(&str) -> u32) -> [u32; 4] {
        let source = self.store.sources.get(self.place.source as usize).map_or(u32::MAX, |source| number(source.name()));
        [self.place.len, source, self.place.from, self.place.to]
    }

    /// Where it is written.
    pub(crate) fn origin(&self) -> Origin {
        match self.store.sources.get(self.place.source as usize) {
            Some(source) => Origin::new(source, self.place.from as usize..self.place.to as usize),
            None => Origin::new(&Source::new("", ""), 0..0),
        }
    }
}

impl Store {
    /// Adds a term that is written at some bytes of a source. Sources come one after another.
    pub(super) fn push(&mut self, value: &str, source: &Source, at: Range<usize>) {
        let start = self.text.len();
        let fits = |n: usize| u32::try_from(n).ok();
        let (Some(start), Some(len), Some(from), Some(to)) = (fits(start), fits(value.len()), fits(at.start), fits(at.end)) else {
            // Four gigabytes of terms in one rule: there are more than an engine holds long before.
            return;
        };
        if self.sources.last().is_none_or(|last| last.name() != source.name()) {
            self.sources.push(source.clone());
        }
        self.text.push_str(value);
        self.places.push(Place { start, len, source: self.sources.len() as u32 - 1, from, to });
    }

    /// Adds the terms of another store.
    pub(super) fn extend(&mut self, other: &Store) {
        other.places.iter().for_each(|place| self.take(other.term(place)));
    }

    /// Adds a term of another store.
    pub(super) fn take(&mut self, term: Term<'_>) {
        if let Some(source) = term.store.sources.get(term.place.source as usize) {
            self.push(term.value, source, term.place.from as usize..term.place.to as usize);
        }
    }

    fn value(&self, place: &Place) -> &str {
        &self.text[place.start as usize..][..place.len as usize]
    }

    fn term<'t>(&'t self, place: &'t Place) -> Term<'t> {
        Term { value: self.value(place), store: self, place }
    }

    /// Drops terms that stand there before, giving each with its first one.
    pub(super) fn once(&mut self, mut twice: impl FnMut(Term<'_>, Term<'_>)) {
        let mut firsts: HashMap<&str, u32> = HashMap::with_capacity(self.places.len());
        let mut again = Vec::new();
        for (number, place) in (0..).zip(&self.places) {
            let first = *firsts.entry(self.value(place)).or_insert(number);
            if first != number {
                again.push((number, first));
            }
        }
        for (number, first) in &again {
            twice(self.term(&self.places[*number as usize]), self.term(&self.places[*first as usize]));
        }
        let mut number = 0;
        let mut again = again.iter().map(|(number, _)| *number).peekable();
        self.places.retain(|_| {
            number += 1;
            again.next_if_eq(&(number - 1)).is_none()
        });
    }

    /// As the terms of one rule.
    pub(super) fn finish(mut self) -> Terms {
        self.text.shrink_to_fit();
        self.places.shrink_to_fit();
        Terms { first: 0, len: self.places.len() as u32, store: Arc::new(Later::now(self)) }
    }
}

impl Store {
    /// Terms that lie one after another in a text, each with its length, its source, and its bytes of that. None when they are not the text.
    pub(super) fn of_parts(text: &str, parts: Vec<[u32; 4]>, sources: &[Source]) -> Option<Store> {
        u32::try_from(text.len()).ok()?;
        let mut places = Vec::with_capacity(parts.len());
        let mut start = 0u32;
        for [len, source, from, to] in parts {
            places.push(Place { start, len, source, from, to });
            start = start.checked_add(len).filter(|end| text.is_char_boundary(*end as usize))?;
            sources.get(source as usize).filter(|source| from <= to && to as usize <= source.length())?;
        }
        (start as usize == text.len()).then(|| Store { text: text.to_owned(), places, sources: sources.to_vec() })
    }
}

impl Stored for Store {
    fn write(&self, out: &mut Writer) {
        self.text.write(out);
        let parts: Vec<[u32; 4]> = self.places.iter().map(|place| self.term(place).parts(|name| out.source(name))).collect();
        out.list(&parts, four_bytes);
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, Damaged> {
        let (text, parts) = (from.text()?, from.list(four)?);
        Store::of_parts(text, parts, &from.sources).ok_or(Damaged)
    }
}

impl Terms {
    /// So many terms of a store, from a place on.
    pub(super) fn of(store: &Arc<Later<Store>>, first: u32, len: u32) -> Terms {
        Terms { store: Arc::clone(store), first, len }
    }

    /// The places, in which nothing is when the store turned out to be damaged.
    fn places(&self) -> &[Place] {
        let Some(all) = (self.len > 0).then(|| &self.store.get().places) else { return &[] };
        all.get(self.first as usize..).and_then(|from| from.get(..self.len as usize)).unwrap_or_default()
    }

    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = Term<'_>> {
        self.places().iter().map(|place| self.store.get().term(place))
    }

    /// The terms. That there are so many is said without reading them.
    pub(crate) fn values(&self) -> impl ExactSizeIterator<Item = &str> {
        (0..self.len as usize).map(|at| self.places().get(at).map_or("", |place| self.store.get().value(place)))
    }

    pub(crate) fn len(&self) -> usize {
        self.len as usize
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// About how many bytes they take on the heap. Those that were not read take none.
    pub(crate) fn memory_usage(&self) -> usize {
        if !self.store.is_read() {
            return 0;
        }
        self.values().map(str::len).sum::<usize>() + self.len() * size_of::<Place>()
    }
}
