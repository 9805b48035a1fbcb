//! The keys that rows had so far, in the order in which rows have them: the next key of a row is nearly always the next one here, and one
//! comparison of sixteen bytes tells it, its column, and that it is no other key. So no row looks for its columns, and none sorts its keys.
//! Names are learned from valid rows alone, so that no two of them say the same but as two spellings of one text.
//! Invariant: a key is found as what its unescaped text is, or not at all; when all names of a row are found and none twice, no key of the
//! row occurs twice. What was learned before changes how fast a row is read, never what is read.

use crate::columns::{Columns, Found};

/// Bytes of a key that are compared at once.
const HEAD: usize = 16;
/// Most names to which the keys of another row are added; beyond, they take the place of all others. It bounds what one strange row costs.
const MOST_MERGED: usize = 64;
/// Most names; a row with more keys is read strictly.
const MOST: usize = 1_024;
/// Names that are looked at for one key before it counts as unknown.
const REACH: usize = 64;

/// The lowest bytes of a little-endian word, by their number.
const MASKS: [u128; HEAD + 1] = {
    let mut masks = [0; HEAD + 1];
    let mut count = 1;
    while count <= HEAD {
        masks[count] = masks[count - 1] << 8 | 0xFF;
        count += 1;
    }
    masks
};

/// A key as rows spell it.
#[derive(Clone, Copy, Debug)]
struct Name {
    /// The first bytes of the raw key and its closing quote; 0 behind them.
    head: u128,
    mask: u128,
    /// Bytes of the raw key with its closing quote.
    length: u32,
    /// The raw key and its quote from byte 16 on, in the texts.
    tail: (u32, u32),
    /// The unescaped key, in the texts.
    text: (u32, u32),
    /// The name that stands for all spellings of this text.
    same: u32,
    /// The row that had it last; kept for the name that stands for all spellings.
    seen: u32,
    column: Option<u32>,
}

/// A key of a row that was found.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    /// Bytes of the raw key, without quotes.
    pub(super) length: usize,
    /// The column it is read into.
    pub(super) column: Option<usize>,
}

/// All names. One for each reader.
#[derive(Debug, Default)]
pub(super) struct Names {
    names: Vec<Name>,
    texts: Vec<u8>,
    /// Which one is expected next.
    next: usize,
    row: u32,
}

impl Names {
    /// Begins a row.
    #[inline]
    pub(super) fn start(&mut self) {
        self.next = 0;
        self.row = self.row.wrapping_add(1);
        if self.row == 0 {
            self.names.iter_mut().for_each(|name| name.seen = 0);
            self.row = 1;
        }
    }

    /// The key whose raw bytes, with its closing quote, `rest` begins with; none when it is not known, or comes a second time in the row.
    #[inline(always)]
    pub(super) fn find(&mut self, rest: &[u8]) -> Option<Known> {
        let word = word(rest);
        let at = match self.names.get(self.next) {
            Some(name) if self.is(name, word, rest) => self.next,
            _ => self.search(word, rest)?,
        };
        self.next = at + 1;
        let Name { same, length, column, .. } = self.names[at];
        let seen = &mut self.names[same as usize].seen;
        if std::mem::replace(seen, self.row) == self.row {
            return None;
        }
        Some(Known { length: length as usize - 1, column: column.map(|column| column as usize) })
    }

    #[inline(always)]
    fn is(&self, name: &Name, word: u128, rest: &[u8]) -> bool {
        (word ^ name.head) & name.mask == 0 && (name.length as usize <= HEAD || self.has_tail(name, rest))
    }

    #[inline(never)]
    fn has_tail(&self, name: &Name, rest: &[u8]) -> bool {
        rest.get(HEAD..name.length as usize) == Some(&self.texts[name.tail.0 as usize..name.tail.1 as usize])
    }

    /// Rows leave out keys: the next names come first.
    #[inline(never)]
    fn search(&self, word: u128, rest: &[u8]) -> Option<usize> {
        let (before, after) = self.names.split_at(self.next.min(self.names.len()));
        let places = (before.len()..self.names.len()).chain(0..before.len());
        places.zip(after.iter().chain(before)).take(REACH).find(|(_, name)| self.is(name, word, rest)).map(|(at, _)| at)
    }

    /// Takes in the keys of a valid row, in its order: each as its raw bytes with the closing quote, and as its text. No text comes twice.
    pub(super) fn learn<'k>(&mut self, keys: impl ExactSizeIterator<Item = (&'k [u8], &'k [u8])>, columns: &Columns) {
        let merged = self.names.len() + keys.len() <= MOST_MERGED;
        if !merged {
            self.names.clear();
            self.texts.clear();
        }
        if keys.len() > MOST {
            return;
        }
        let mut next = 0;
        for (raw, text) in keys {
            let word = word(raw);
            let earlier = |is: &dyn Fn(&Name) -> bool| if merged { self.names.iter().position(is) } else { None };
            if let Some(at) = earlier(&|name| name.length as usize == raw.len() && self.is(name, word, raw)) {
                next = at + 1;
                continue;
            }
            let same = earlier(&|name| self.text(name) == text);
            self.insert(next, raw, text, same, columns);
            next += 1;
        }
    }

    fn text(&self, name: &Name) -> &[u8] {
        &self.texts[name.text.0 as usize..name.text.1 as usize]
    }

    /// Inserts a name at a place; `same` is the first of its text, if there is one.
    fn insert(&mut self, at: usize, raw: &[u8], text: &[u8], same: Option<usize>, columns: &Columns) {
        if at < self.names.len() {
            self.names.iter_mut().for_each(|name| name.same += u32::from(name.same as usize >= at));
        }
        let same = same.map_or(at, |same| self.names[same].same as usize);
        let mask = MASKS[raw.len().min(HEAD)];
        let tail = self.keep(raw.get(HEAD..).unwrap_or_default());
        let text_at = self.keep(text);
        let column = match columns.find(text) {
            Found::Column(column) => Some(column as u32),
            _ => None,
        };
        let name = Name { head: word(raw) & mask, mask, length: raw.len() as u32, tail, text: text_at, same: same as u32, seen: 0, column };
        self.names.insert(at, name);
    }

    fn keep(&mut self, bytes: &[u8]) -> (u32, u32) {
        let start = self.texts.len() as u32;
        self.texts.extend_from_slice(bytes);
        (start, self.texts.len() as u32)
    }
}

/// The first sixteen bytes; 0 behind the end.
#[inline(always)]
fn word(rest: &[u8]) -> u128 {
    match rest.first_chunk() {
        Some(bytes) => u128::from_le_bytes(*bytes),
        None => short_word(rest),
    }
}

#[inline(never)]
fn short_word(rest: &[u8]) -> u128 {
    let mut bytes = [0; HEAD];
    bytes[..rest.len()].copy_from_slice(rest);
    u128::from_le_bytes(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn learn(names: &mut Names, keys: &[&str], columns: &Columns) {
        let raw: Vec<Vec<u8>> = keys.iter().map(|key| [key.as_bytes(), b"\""].concat()).collect();
        let texts: Vec<Vec<u8>> = keys.iter().map(|key| key.replace("\\u0061", "a").into_bytes()).collect();
        names.learn(raw.iter().map(Vec::as_slice).zip(texts.iter().map(Vec::as_slice)), columns);
    }

    fn row(names: &mut Names, keys: &[&str]) -> Vec<Option<Option<usize>>> {
        names.start();
        keys.iter().map(|key| names.find(format!("{key}\":").as_bytes()).map(|known| known.column)).collect()
    }

    #[test]
    fn rows_find_their_keys_in_any_order_and_none_twice() {
        let (columns, mut names) = (Columns::standard(), Names::default());
        assert_eq!(row(&mut names, &["id"]), [None]);
        learn(&mut names, &["id", "title", "a key of many bytes, and one", "x"], &columns);
        learn(&mut names, &["id", "url", "title", "a key of many bytes, and two"], &columns);
        let order: Vec<Vec<u8>> = names.names.iter().map(|name| names.text(name).to_vec()).collect();
        let want = ["id", "url", "title", "a key of many bytes, and two", "a key of many bytes, and one", "x"];
        assert_eq!(order, want.map(|key| key.as_bytes().to_vec()));
        assert_eq!(row(&mut names, &["id", "title", "x"]), [Some(Some(0)), Some(Some(1)), Some(None)]);
        assert_eq!(row(&mut names, &["a key of many bytes, and one", "url", "a key of many bytes, and"]), [Some(None), Some(None), None]);
        assert_eq!(row(&mut names, &["x", "title", "x", "i", "idx"]), [Some(None), Some(Some(1)), None, None, None]);
    }

    #[test]
    fn spellings_of_one_text_are_one_key() {
        let (columns, mut names) = (Columns::standard(), Names::default());
        learn(&mut names, &["k\\u0061", "brand"], &columns);
        learn(&mut names, &["br\\u0061nd", "ka"], &columns);
        assert_eq!(row(&mut names, &["k\\u0061", "br\\u0061nd"]), [Some(None), Some(Some(3))]);
        assert_eq!(row(&mut names, &["ka", "brand", "k\\u0061", "br\\u0061nd"]), [Some(None), Some(Some(3)), None, None]);
    }

    #[test]
    fn many_names_are_replaced_and_too_many_forgotten() {
        let (columns, mut names) = (Columns::standard(), Names::default());
        let keys = |from: usize, count: usize| (from..from + count).map(|i| format!("key {i}")).collect::<Vec<_>>();
        for (from, count, kept) in [(0, 40, 40), (40, 40, 40), (0, 900, 900), (7, 1_025, 0), (3, 64, 64)] {
            let keys = keys(from, count);
            let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
            learn(&mut names, &keys, &columns);
            assert_eq!(names.names.len(), kept);
            assert_eq!(row(&mut names, &keys).iter().all(Option::is_some), kept > 0);
        }
        names.row = u32::MAX;
        assert_eq!(row(&mut names, &["key 3"]), [Some(None)]);
    }
}
