//! The words that packs look for, by what they look like. It says which of them a row of units reads as; where such rows stand is
//! `unveil`'s part, and which word a piece is with a mistake is asked of `neighbors`. Invariant: of several words the first in byte order
//! answers.

use super::common::is_common_piece;
use super::hash;
use super::neighbors::Neighbors;
use super::table::{Found, Table};
use super::units::{Key, Unit, read};
use crate::bytes::{Bytes, List};
use crate::stored::{Damaged, Reader, Stored, Writer, sound};
use once_cell::race::OnceBox;

/// Longest word, in characters: the places in it are bits of a `u64`, with one to spare.
pub(crate) const LONGEST: usize = 63;

/// A word of so few characters has so many letters of its own: `10g` is not `log`.
const SHORT: usize = 3;
const SHORT_LETTERS: usize = 2;

/// Whether a word of the lexicon is the joined text of a term and not a word by itself. The lesser of two that are given counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Compound {
    No,
    Yes,
}

/// Words that a lexicon is made of, in any order and as often as they are found.
#[derive(Debug, Default)]
pub(crate) struct Words {
    text: String,
    list: Vec<Given>,
    /// The last words that were given, by their hashes: most are given many times, and sorting them all would be most of the work.
    last: Vec<u32>,
}

/// How many words are remembered.
const LAST: usize = 1 << 15;

/// A word that was given: its place in the text.
#[derive(Clone, Copy, Debug)]
struct Given {
    /// Its first eight bytes: nearly all words are told apart by them, and a number is compared without looking into the text.
    begin: u64,
    start: u32,
    end: u32,
    compound: Compound,
}

impl Words {
    /// Adds a folded word.
    pub(crate) fn add(&mut self, word: &str, compound: Compound) {
        let mut begin = [0; 8];
        begin.iter_mut().zip(word.bytes()).for_each(|(slot, byte)| *slot = byte);
        self.last.resize(LAST, u32::MAX);
        let last = &mut self.last[hash(word.as_bytes()) as usize % LAST];
        if let Some(given) = self.list.get_mut(*last as usize)
            && self.text[given.start as usize..given.end as usize] == *word
        {
            given.compound = given.compound.min(compound);
            return;
        }
        *last = self.list.len() as u32;
        let start = self.text.len() as u32;
        self.text.push_str(word);
        self.list.push(Given { begin: u64::from_be_bytes(begin), start, end: self.text.len() as u32, compound });
    }

    /// The words in byte order, once each.
    pub(crate) fn sorted(&mut self) -> impl Iterator<Item = (&str, Compound)> {
        let text = &self.text;
        let word = |given: &Given| &text[given.start as usize..given.end as usize];
        self.list.sort_unstable_by(|a, b| a.begin.cmp(&b.begin).then_with(|| word(a).cmp(word(b))).then(a.compound.cmp(&b.compound)));
        self.list.dedup_by(|b, a| a.begin == b.begin && word(a) == word(b));
        self.list.iter().map(move |given| (word(given), given.compound))
    }
}

impl<'w> FromIterator<(&'w str, Compound)> for Words {
    fn from_iter<I: IntoIterator<Item = (&'w str, Compound)>>(list: I) -> Self {
        let mut words = Words::default();
        list.into_iter().for_each(|(word, compound)| words.add(word, compound));
        words
    }
}

/// Bits of what is known of a word beside its characters, of which there are so many.
const LENGTH: u8 = 63;
/// Whether the skeleton is the word itself, in ASCII, as of nearly all words.
const PLAIN: u8 = 1 << 6;
/// Whether it is several words written as one, and never one by itself.
const COMPOUND: u8 = 1 << 7;

/// How a word looks, character by character.
#[derive(Clone, Copy)]
enum Skeleton<'l> {
    Plain(&'l [u8]),
    Other(&'l [char]),
}

impl Skeleton<'_> {
    fn len(self) -> usize {
        match self {
            Skeleton::Plain(bytes) => bytes.len(),
            Skeleton::Other(chars) => chars.len(),
        }
    }

    fn chars(self) -> impl ExactSizeIterator<Item = char> {
        (0..self.len()).map(move |at| match self {
            Skeleton::Plain(bytes) => bytes[at] as char,
            Skeleton::Other(chars) => chars[at],
        })
    }
}

/// Words by their looks.
#[derive(Debug)]
pub(crate) struct Lexicon {
    /// Where in the text each word begins and, last, where the last one ends.
    starts: List<u32, 4>,
    kinds: List<u8, 1>,
    text: Bytes,
    /// Words that are not their own skeletons, in order, with where theirs are.
    apart: Vec<(u32, u32)>,
    skeletons: Vec<char>,
    table: Table<u32, 8>,
    /// Of a compiled pack they are there; others are built when something is first asked of them, beside evidence alone.
    neighbors: OnceBox<Neighbors>,
    longest: usize,
    /// Characters of words that are not ASCII, sorted.
    others: Vec<char>,
}

impl Lexicon {
    /// A lexicon of words. Those that are too long are left out.
    pub(crate) fn new(mut words: Words) -> Self {
        let (mut starts, mut kinds, mut text) = (vec![0], Vec::new(), Vec::new());
        let (mut apart, mut skeletons, mut longest) = (Vec::new(), Vec::new(), 0);
        let mut table: Vec<(u64, u32)> = Vec::new();
        let mut units = Vec::new();
        for (word, compound) in words.sorted() {
            // Small letters and digits are what they look like.
            let mut plain = word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
            let (mut length, mut key) = (word.len(), Key::EMPTY);
            if plain {
                key = word.bytes().fold(key, |key, b| key.then(b.into()));
            } else {
                units.clear();
                word.chars().for_each(|c| {
                    read(c, &mut units, 0);
                });
                length = units.len();
                key = units.iter().fold(key, |key, unit| key.then(unit.c));
                plain = word.is_ascii() && word.chars().eq(units.iter().map(|unit| unit.c));
            }
            if !(1..=LONGEST).contains(&length) {
                continue;
            }
            longest = longest.max(length);
            table.push((key.hash(), kinds.len() as u32));
            if !plain {
                apart.push((kinds.len() as u32, skeletons.len() as u32));
                skeletons.extend(units.iter().map(|unit| unit.c));
            }
            kinds.push(length as u8 | if plain { PLAIN } else { 0 } | if compound == Compound::Yes { COMPOUND } else { 0 });
            text.extend_from_slice(word.as_bytes());
            starts.push(text.len() as u32);
        }
        Lexicon {
            neighbors: OnceBox::new(),
            starts: List::new(&starts),
            kinds: List::of(kinds.into()),
            text: text.into(),
            apart,
            others: others(&skeletons),
            skeletons,
            table: Table::new(&table),
            longest,
        }
    }

    /// Whether a character that is not ASCII is in some word.
    pub(super) fn has(&self, c: char) -> bool {
        self.others.binary_search(&c).is_ok()
    }

    pub(crate) fn write(&self, out: &mut Writer) {
        out.part(self.starts.bytes());
        out.part(self.kinds.bytes());
        out.part(&self.text);
        self.apart.write(out);
        out.list(&self.skeletons, |c| (c as u32).to_le_bytes());
        self.longest.write(out);
        self.table.write(out);
        self.neighbors().write(out);
    }

    /// Reads what `write` wrote. Words that are not there are empty, and nothing reads as them.
    pub(crate) fn read(from: &mut Reader<'_>) -> Result<Self, Damaged> {
        let (starts, kinds, text) = (List::of(from.part()?), List::of(from.part()?), from.part()?);
        let apart = Stored::read(from)?;
        let skeletons = from.list_of(|c| char::from_u32(u32::from_le_bytes(*c)))?;
        let longest = usize::read(from)?;
        sound(longest <= LONGEST)?;
        let (table, neighbors) = (Table::read(from)?, OnceBox::with_value(Box::new(Neighbors::read(from)?)));
        Ok(Lexicon { starts, kinds, text, apart, others: others(&skeletons), skeletons, table, neighbors, longest })
    }

    /// Characters of the longest word.
    pub(super) fn longest(&self) -> usize {
        self.longest
    }

    pub(super) fn word(&self, word: u32) -> &str {
        str::from_utf8(self.bytes(word)).unwrap_or_default()
    }

    fn neighbors(&self) -> &Neighbors {
        self.neighbors.get_or_init(|| Box::new(Neighbors::new((0..self.kinds.len() as u32).map(|word| self.word(word)))))
    }

    fn bytes(&self, word: u32) -> &[u8] {
        let at = |word: usize| self.starts.get(word).map_or(0, |start| start as usize);
        self.text.get(at(word as usize)..at(word as usize + 1)).unwrap_or_default()
    }

    fn kind(&self, word: u32) -> u8 {
        self.kinds.get(word as usize).unwrap_or(0)
    }

    /// Whether a word is several written as one.
    pub(super) fn is_compound(&self, word: u32) -> bool {
        self.kind(word) & COMPOUND != 0
    }

    /// How many characters a word's skeleton has.
    pub(super) fn length(&self, word: u32) -> usize {
        (self.kind(word) & LENGTH).into()
    }

    /// The words of a key, in byte order.
    pub(super) fn of_key(&self, key: Key) -> Found<'_, u32, 8> {
        self.table.get(key.hash())
    }

    /// The words that the units read as, in byte order.
    pub(super) fn read_as(&self, units: &[Unit]) -> impl Iterator<Item = u32> {
        let key = units.iter().fold(Key::EMPTY, |key, unit| key.then(unit.c));
        let letters = || units.iter().filter(|u| u.is_letter()).count();
        let fits = move |word: &u32| reads_as(units, self.skeleton(*word)) && (self.length(*word) > SHORT || letters() >= SHORT_LETTERS);
        self.of_key(key).iter().filter(fits)
    }

    /// The word that a folded text of this hash is but for one mistake, unless the text is a word of the lexicon or a common one.
    #[inline]
    pub(super) fn an_edit_away(&self, text: &[u8], hash: u64) -> Option<u32> {
        // Most texts are too short or common.
        if Neighbors::is_long(text.len()) && !is_common_piece(text.len(), hash) { self.neighbor(text) } else { None }
    }

    /// Kept apart, so that what most texts end with is compiled where it is asked.
    #[inline(never)]
    fn neighbor(&self, text: &[u8]) -> Option<u32> {
        let found = self.neighbors().of(text, |word| self.word(word))?;
        let key = text.iter().fold(Key::EMPTY, |key, b| key.then(*b as char));
        let is_word = self.of_key(key).iter().any(|w| self.bytes(w) == text);
        (!is_word).then_some(found)
    }

    /// Whether the units stand for the characters of a word, one by one.
    pub(super) fn spells(&self, units: impl ExactSizeIterator<Item = Unit>, word: u32) -> bool {
        let skeleton = self.skeleton(word);
        units.len() == skeleton.len() && units.zip(skeleton.chars()).all(|(unit, wanted)| unit.may_be(wanted))
    }

    /// The skeleton, which has as many characters as the word is said to have, or none.
    fn skeleton(&self, word: u32) -> Skeleton<'_> {
        let length = self.length(word);
        if self.kind(word) & PLAIN != 0 {
            let bytes = self.bytes(word);
            return Skeleton::Plain(if bytes.len() == length { bytes } else { &[] });
        }
        let place = self.apart.binary_search_by_key(&word, |(word, _)| *word).map(|at| self.apart[at].1 as usize);
        Skeleton::Other(place.ok().and_then(|start| self.skeletons.get(start..)?.get(..length)).unwrap_or_default())
    }

    /// About how many bytes it takes on the heap.
    pub(crate) fn memory_usage(&self) -> usize {
        self.starts.bytes().len()
            + self.kinds.bytes().len()
            + self.text.len()
            + self.apart.len() * size_of::<(u32, u32)>()
            + self.skeletons.len() * size_of::<char>()
            + self.table.memory_usage()
            + self.neighbors.get().map_or(0, Neighbors::memory_usage)
    }
}

/// The characters of skeletons that are not ASCII, sorted. Words that are their own skeletons have none.
fn others(skeletons: &[char]) -> Vec<char> {
    let mut others: Vec<char> = skeletons.iter().copied().filter(|c| !c.is_ascii()).collect();
    others.sort_unstable();
    others.dedup();
    others
}

/// Whether groups of equal units meet the characters from left to right: each as many as it has units or, of three or more, one or two.
fn reads_as(units: &[Unit], skeleton: Skeleton<'_>) -> bool {
    // Bit p: what was read so far may end before character p.
    let mut places = 1u64;
    for group in units.chunk_by(|a, b| a == b) {
        let met = skeleton.chars().enumerate().fold(0u64, |set, (p, c)| set | u64::from(group[0].may_be(c)) << p);
        let step = |places: u64| (places & met) << 1;
        let (one, two) = (step(places), step(step(places)));
        places = match group.len() {
            1 => one,
            2 => two,
            more => (2..more.min(LONGEST + 1)).fold(two, |places, _| step(places)) | one | two,
        };
        if places == 0 {
            return false;
        }
    }
    places >> skeleton.len() & 1 == 1
}
