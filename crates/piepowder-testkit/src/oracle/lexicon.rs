//! The words that may be hidden, whether units read as one of them (docs/SEMANTICS.md, section 4a), and which are long (4b). It knows nothing of texts.
//! Invariant: words are texts of the surface, each once, in byte order.

use super::boundary::Form;
use super::reading::Unit;
use super::regexwords;
use super::runs::{self, Run};
use super::ucd::{self, Class};
use super::units;
use piepowder::Rule;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

const SHORTEST: usize = 3;
const LONGEST: usize = 63;
/// Words of so many characters are read with a mistake, too (section 4b).
const LONG: usize = 7;

/// A word, and the characters of the units as which it reads itself.
#[derive(Clone, Debug)]
pub(super) struct Word {
    pub(super) text: String,
    pub(super) characters: Vec<char>,
    /// Whether it is the joined text of a term and no other word.
    pub(super) compound: bool,
}

impl Word {
    fn new(text: &str, compound: bool) -> Word {
        let glyphs = runs::glyphs(text);
        let units = Run::over(&glyphs, 0..glyphs.len()).units;
        Word { text: text.to_string(), characters: units.iter().map(|u| u.character).collect(), compound }
    }

    /// Whether the unit meets the character at this place.
    pub(super) fn is_met(&self, place: usize, unit: Unit) -> bool {
        self.characters.get(place).is_some_and(|c| unit.may_stand_for(*c))
    }

    /// Whether the groups meet all characters from this place on.
    fn reads(&self, groups: &[(Unit, usize)], place: usize) -> bool {
        let Some(((unit, count), rest)) = groups.split_first() else { return place == self.characters.len() };
        let meets = |n: usize| (place..place + n).all(|at| self.is_met(at, *unit));
        let fewer: &[usize] = if *count >= 3 { &[1, 2] } else { &[] };
        fewer.iter().copied().chain([*count]).any(|n| meets(n) && self.reads(rest, place + n))
    }
}

/// Equal neighbors, as long as can be.
pub(super) fn groups(units: &[Unit]) -> Vec<(Unit, usize)> {
    units.chunk_by(|a, b| a == b).map(|group| (group[0], group.len())).collect()
}

/// All words of the rules in force.
#[derive(Default)]
pub(super) struct Lexicon {
    // By first character and number of characters, so that a run is held against few of them.
    words: BTreeMap<char, BTreeMap<usize, Vec<Word>>>,
    texts: BTreeSet<String>,
    // By length.
    long: BTreeMap<usize, Vec<String>>,
    /// The number of characters of the longest word.
    pub(super) longest: usize,
}

impl Lexicon {
    /// The lexicon of these rules.
    pub(super) fn of_rules<'a>(rules: impl Iterator<Item = &'a Rule>) -> Lexicon {
        let mut texts: BTreeSet<String> = BTreeSet::new();
        let mut compounds: BTreeSet<String> = BTreeSet::new();
        for rule in rules {
            for term in rule.terms() {
                let (form, letters) = Form::of_term(rule, term);
                if let (Form::Pieces(pieces, joined), true) = (form, letters >= rule.disguised_from() as usize) {
                    let worded = |text: &str| text.chars().any(|c| ucd::class(c) == Class::Letter);
                    texts.extend(pieces.iter().filter(|p| p.chars().count() >= SHORTEST && worded(p)).cloned());
                    compounds.extend((pieces.len() > 1 && pieces.iter().any(|p| worded(p))).then_some(joined));
                }
            }
            let of_patterns = rule.patterns().flat_map(|p| regexwords::words(p.regex()));
            texts.extend(of_patterns.filter(|w| w.len() >= SHORTEST));
        }
        let spelled = units::UNITS.iter().map(|u| u.3).chain(units::CURRENCIES.iter().map(|c| c.2));
        texts.extend(spelled.flat_map(|words| words.split(' ')).filter(|w| w.chars().count() >= SHORTEST).map(str::to_string));
        Lexicon::of_words(texts, compounds)
    }

    /// The lexicon of these words and joined texts of terms, too long ones left out.
    pub(super) fn of_words(texts: BTreeSet<String>, compounds: BTreeSet<String>) -> Lexicon {
        let mut lexicon = Lexicon::default();
        let joined = compounds.difference(&texts).map(|text| Word::new(text, true));
        let all = texts.iter().map(|text| Word::new(text, false)).chain(joined);
        for word in all.filter(|w| w.text.chars().count() <= LONGEST && !w.characters.is_empty()) {
            lexicon.texts.insert(word.text.clone());
            if word.text.len() >= LONG && word.text.bytes().all(|b| b.is_ascii_lowercase()) {
                lexicon.long.entry(word.text.len()).or_default().push(word.text.clone());
            }
            lexicon.longest = lexicon.longest.max(word.characters.len());
            let of_first = lexicon.words.entry(word.characters[0]).or_default();
            of_first.entry(word.characters.len()).or_default().push(word);
        }
        lexicon
    }

    /// Whether a text is a word of the lexicon.
    pub(super) fn holds(&self, text: &str) -> bool {
        self.texts.contains(text)
    }

    /// The long words of these lengths.
    pub(super) fn long_words(&self, lengths: RangeInclusive<usize>) -> impl Iterator<Item = &str> {
        self.long.range(lengths).flat_map(|(_, words)| words).map(String::as_str)
    }

    /// The words whose first character the unit meets, of these lengths.
    pub(super) fn beginning_with(&self, unit: Unit, lengths: RangeInclusive<usize>) -> Vec<&Word> {
        if lengths.is_empty() {
            return Vec::new();
        }
        let met = self.words.iter().filter(|(first, _)| unit.may_stand_for(**first));
        met.flat_map(|(_, by_length)| by_length.range(lengths.clone())).flat_map(|(_, words)| words).collect()
    }

    /// The words that the units read as, in byte order.
    pub(super) fn read(&self, units: &[Unit]) -> Vec<&Word> {
        let groups = groups(units);
        let shortest: usize = groups.iter().map(|(_, count)| if *count >= 3 { 1 } else { *count }).sum();
        let Some((first, _)) = groups.first() else { return Vec::new() };
        let mut found = self.beginning_with(*first, shortest..=units.len());
        found.retain(|word| word.reads(&groups, 0));
        found.sort_by(|a, b| a.text.cmp(&b.text));
        found
    }
}
