//! The words that packs look for, by what they look like. It says which of them a row of units reads as; where such rows stand is
//! `unveil`'s part, and which word a piece is with a mistake is asked of `neighbors`. Invariant: of several words the first in byte order
//! answers.

use super::common::is_common_piece;
use super::neighbors::Neighbors;
use super::table::Table;
use super::units::{Key, Unit, read};
use crate::stored::{Damaged, Reader, Stored, Writer, sound};

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

#[derive(Clone, Copy, Debug)]
struct Word {
    /// Place in `text`.
    start: u32,
    end: u32,
    /// Where its skeleton is in `skeletons`, unless that is the word itself.
    skeleton: u32,
    /// Characters of the skeleton.
    units: u8,
    /// Whether the skeleton is the word itself, in ASCII, as of nearly all words.
    plain: bool,
    /// Whether it is several words written as one, and never one by itself.
    compound: bool,
}

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
    words: Vec<Word>,
    text: String,
    skeletons: Vec<char>,
    table: Table<u32>,
    neighbors: Neighbors,
    longest: usize,
    /// Characters of words that are not ASCII, sorted.
    others: Vec<char>,
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
            others: Vec::new(),
        };
        let mut table: Vec<(u64, u32)> = Vec::new();
        let mut units = Vec::new();
        for (word, compound) in words.sorted() {
            units.clear();
            word.chars().for_each(|c| {
                read(c, &mut units, 0);
            });
            if !(1..=LONGEST).contains(&units.len()) {
                continue;
            }
            lexicon.longest = lexicon.longest.max(units.len());
            let key = units.iter().fold(Key::EMPTY, |key, unit| key.then(unit.c));
            table.push((key.hash(), lexicon.words.len() as u32));
            let plain = word.is_ascii() && word.chars().eq(units.iter().map(|unit| unit.c));
            let (start, skeleton) = (lexicon.text.len() as u32, lexicon.skeletons.len() as u32);
            lexicon.text.push_str(word);
            if !plain {
                lexicon.skeletons.extend(units.iter().map(|unit| unit.c));
            }
            let compound = compound == Compound::Yes;
            lexicon.words.push(Word { start, end: lexicon.text.len() as u32, skeleton, units: units.len() as u8, plain, compound });
        }
        lexicon.table = Table::new(&table);
        lexicon.others = others(&lexicon.skeletons);
        lexicon.neighbors = Neighbors::new((0..lexicon.words.len() as u32).map(|w| lexicon.word(w)));
        lexicon
    }

    /// Whether a character that is not ASCII is in some word.
    pub(super) fn has(&self, c: char) -> bool {
        self.others.binary_search(&c).is_ok()
    }

    pub(crate) fn write(&self, out: &mut Writer) {
        self.text.write(out);
        // Words lie one after another in the text, and their skeletons among the skeletons.
        out.list(&self.words, |word| (word.end - word.start).to_le_bytes());
        out.list(&self.words, |word| [word.units | u8::from(word.plain) << 6 | u8::from(word.compound) << 7]);
        out.list(&self.skeletons, |c| (c as u32).to_le_bytes());
        self.table.write(out, u32::to_le_bytes);
        self.neighbors.write(out);
    }

    pub(crate) fn read(from: &mut Reader<'_>) -> Result<Self, Damaged> {
        let text = String::read(from)?;
        u32::try_from(text.len()).map_err(|_| Damaged)?;
        let lengths = from.list(|length| u32::from_le_bytes(*length))?;
        let kinds = from.list(|[kind]| *kind)?;
        let skeletons = from.list_of(|c| char::from_u32(u32::from_le_bytes(*c)))?;
        sound(lengths.len() == kinds.len())?;
        let mut words = Vec::with_capacity(lengths.len());
        let (mut start, mut skeleton, mut longest) = (0u32, 0, 0);
        for (length, kind) in lengths.into_iter().zip(kinds) {
            let (units, plain) = (kind & 63, kind >> 6 & 1 == 1);
            let end = start.checked_add(length).ok_or(Damaged)?;
            let word = text.get(start as usize..end as usize).ok_or(Damaged)?;
            sound(units > 0 && (!plain || word.len() == usize::from(units) && word.is_ascii()))?;
            words.push(Word { start, end, skeleton: skeleton as u32, units, plain, compound: kind >> 7 == 1 });
            skeleton += if plain { 0 } else { usize::from(units) };
            longest = longest.max(units);
            start = end;
        }
        sound(start as usize == text.len() && skeleton == skeletons.len())?;
        let table = Table::read(from, |number| Some(u32::from_le_bytes(*number)))?;
        sound(table.entries().iter().all(|number| (*number as usize) < words.len()))?;
        let neighbors = Neighbors::read(from, words.len())?;
        let others = others(&skeletons);
        Ok(Lexicon { words, text, skeletons, table, neighbors, longest: longest.into(), others })
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
        self.words[word as usize].units.into()
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

    /// Whether a folded text of this length and hash is neither too short for a mistake in it to be read, nor a common word.
    #[inline]
    pub(super) fn may_be_an_edit_away(length: usize, hash: u64) -> bool {
        Neighbors::is_long(length) && !is_common_piece(length, hash)
    }

    /// The word that a folded text is but for one mistake, unless it is a word of the lexicon itself.
    #[inline(never)]
    pub(super) fn neighbor(&self, text: &[u8]) -> Option<u32> {
        let found = self.neighbors.of(text, |word| self.word(word))?;
        let key = text.iter().fold(Key::EMPTY, |key, b| key.then(*b as char));
        let is_word = self.of_key(key).iter().any(|w| self.word(*w).as_bytes() == text);
        (!is_word).then_some(found)
    }

    /// The word that a folded text of this hash is but for one mistake, unless the text is a word of the lexicon or a common one.
    pub(super) fn an_edit_away(&self, text: &[u8], hash: u64) -> Option<u32> {
        Self::may_be_an_edit_away(text.len(), hash).then(|| self.neighbor(text))?
    }

    /// Whether the units stand for the characters of a word, one by one.
    pub(super) fn spells(&self, units: impl ExactSizeIterator<Item = Unit>, word: u32) -> bool {
        let skeleton = self.skeleton(word);
        units.len() == skeleton.len() && units.zip(skeleton.chars()).all(|(unit, wanted)| unit.may_be(wanted))
    }

    fn skeleton(&self, word: u32) -> Skeleton<'_> {
        let of = &self.words[word as usize];
        if of.plain {
            Skeleton::Plain(self.word(word).as_bytes())
        } else {
            Skeleton::Other(&self.skeletons[of.skeleton as usize..][..usize::from(of.units)])
        }
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
