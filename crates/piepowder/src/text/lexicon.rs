//! The words that packs look for, by what they look like. It says which of them a row of units reads as; where such rows stand is
//! `unveil`'s part, and which word a piece is with a mistake is asked of `neighbors`. Invariant: of several words the first in byte order
//! answers.

use super::common::is_common;
use super::neighbors::Neighbors;
use super::table::Table;
use super::units::{Key, Unit, read};

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
}

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

#[derive(Debug)]
struct Word {
    /// Place in `text`.
    start: u32,
    end: u32,
    /// Place in `skeletons`.
    skeleton: (u32, u32),
    /// Whether it is several words written as one, and never one by itself.
    compound: bool,
}

/// Words by their looks.
#[derive(Debug)]
pub(crate) struct Lexicon {
    words: Vec<Word>,
    text: String,
    skeletons: Vec<char>,
    table: Table<u32>,
    neighbors: Neighbors,
    longest: usize,
}

impl Lexicon {
    /// A lexicon of words. Those that are too long are left out.
    pub(crate) fn new(mut words: Words) -> Self {
        let mut lexicon = Lexicon {
            words: Vec::new(),
            text: String::new(),
            skeletons: Vec::new(),
            table: Table::new(&[]),
            neighbors: Neighbors::new([].into_iter()),
            longest: 0,
        };
        let mut table: Vec<(u64, u32)> = Vec::new();
        let mut units = Vec::new();
        for (word, compound) in words.sorted() {
            let from = lexicon.skeletons.len();
            units.clear();
            word.chars().for_each(|c| {
                read(c, &mut units, 0);
            });
            lexicon.skeletons.extend(units.iter().map(|u| u.c));
            let skeleton = &lexicon.skeletons[from..];
            if !(1..=LONGEST).contains(&skeleton.len()) {
                lexicon.skeletons.truncate(from);
                continue;
            }
            lexicon.longest = lexicon.longest.max(skeleton.len());
            let key = skeleton.iter().fold(Key::EMPTY, |key, c| key.then(*c));
            table.push((key.hash(), lexicon.words.len() as u32));
            let start = lexicon.text.len() as u32;
            lexicon.text.push_str(word);
            let skeleton = (from as u32, lexicon.skeletons.len() as u32);
            lexicon.words.push(Word { start, end: lexicon.text.len() as u32, skeleton, compound: compound == Compound::Yes });
        }
        lexicon.table = Table::new(&table);
        lexicon.neighbors = Neighbors::new((0..lexicon.words.len() as u32).map(|w| lexicon.word(w)));
        lexicon
    }

    /// Characters of the longest word.
    pub(super) fn longest(&self) -> usize {
        self.longest
    }

    pub(super) fn word(&self, word: u32) -> &str {
        let word = &self.words[word as usize];
        &self.text[word.start as usize..word.end as usize]
    }

    /// Whether a word is several written as one.
    pub(super) fn is_compound(&self, word: u32) -> bool {
        self.words[word as usize].compound
    }

    /// How many characters a word's skeleton has.
    pub(super) fn length(&self, word: u32) -> usize {
        let (from, to) = self.words[word as usize].skeleton;
        (to - from) as usize
    }

    /// The words of a key, in byte order.
    pub(super) fn of_key(&self, key: Key) -> &[u32] {
        self.table.get(key.hash())
    }

    /// The words that the units read as, in byte order.
    pub(super) fn read_as(&self, units: &[Unit]) -> impl Iterator<Item = u32> {
        let key = units.iter().fold(Key::EMPTY, |key, unit| key.then(unit.c));
        let letters = || units.iter().filter(|u| u.is_letter()).count();
        let fits = move |word: &u32| reads_as(units, self.skeleton(*word)) && (self.length(*word) > SHORT || letters() >= SHORT_LETTERS);
        self.of_key(key).iter().copied().filter(fits)
    }

    /// The word that a folded piece is but for one mistake, unless the piece is a word of the lexicon or a common one.
    pub(super) fn an_edit_away(&self, piece: &[u8]) -> Option<u32> {
        let found = self.neighbors.of(piece, |word| self.word(word))?;
        // Nearly all pieces have no such word, so what it costs to know them comes last.
        let key = piece.iter().fold(Key::EMPTY, |key, b| key.then(*b as char));
        let is_word = self.of_key(key).iter().any(|w| self.word(*w).as_bytes() == piece);
        (!is_word && !is_common(piece)).then_some(found)
    }

    /// Whether the units stand for the characters of a word, one by one.
    pub(super) fn spells(&self, units: impl ExactSizeIterator<Item = Unit>, word: u32) -> bool {
        let skeleton = self.skeleton(word);
        units.len() == skeleton.len() && units.zip(skeleton).all(|(unit, wanted)| unit.may_be(*wanted))
    }

    fn skeleton(&self, word: u32) -> &[char] {
        let (from, to) = self.words[word as usize].skeleton;
        &self.skeletons[from as usize..to as usize]
    }

    /// About how many bytes it takes on the heap.
    pub(crate) fn memory_usage(&self) -> usize {
        self.words.len() * size_of::<Word>()
            + self.text.len()
            + self.skeletons.len() * size_of::<char>()
            + self.table.memory_usage()
            + self.neighbors.memory_usage()
    }
}

/// Whether groups of equal units meet the characters from left to right: each as many as it has units or, of three or more, one or two.
fn reads_as(units: &[Unit], skeleton: &[char]) -> bool {
    // Bit p: what was read so far may end before character p.
    let mut places = 1u64;
    for group in units.chunk_by(|a, b| a == b) {
        let met = skeleton.iter().enumerate().fold(0u64, |set, (p, c)| set | u64::from(group[0].may_be(*c)) << p);
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
