//! The words that may be hidden, and whether units read as one of them (docs/SEMANTICS.md, section 4a). It knows nothing of texts.
//! Invariant: words are texts of the surface, each once, in byte order.

use super::boundary::Form;
use super::reading::{self, Kind, Reading, Unit};
use super::regexwords;
use super::ucd::{self, Class};
use super::units;
use piepowder::Rule;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

const SHORTEST: usize = 3;
const LONGEST: usize = 63;

/// A word, character by character, with what each one reads as.
#[derive(Clone, Debug)]
pub(super) struct Word {
    pub(super) text: String,
    pub(super) characters: Vec<(char, Option<char>)>,
}

impl Word {
    fn new(text: &str) -> Word {
        Word { text: text.to_string(), characters: text.chars().map(|c| (c, reads_as(c))).collect() }
    }

    /// Whether the unit meets the character at this place.
    pub(super) fn is_met(&self, place: usize, unit: Unit) -> bool {
        self.characters.get(place).is_some_and(|c| is_met(*c, unit))
    }

    /// Whether the groups meet all characters from this place on.
    fn reads(&self, groups: &[(Unit, usize)], place: usize) -> bool {
        let Some(((unit, count), rest)) = groups.split_first() else { return place == self.characters.len() };
        let meets = |n: usize| (place..place + n).all(|at| self.is_met(at, *unit));
        let fewer: &[usize] = if *count >= 3 { &[1, 2] } else { &[] };
        fewer.iter().copied().chain([*count]).any(|n| meets(n) && self.reads(rest, place + n))
    }
}

/// The character of the one unit that a character that is not ASCII reads as.
fn reads_as(c: char) -> Option<char> {
    match reading::read(c) {
        Reading::Units(units) if !c.is_ascii() && units.len() == 1 => Some(units[0].character),
        _ => None,
    }
}

fn is_met((c, alike): (char, Option<char>), unit: Unit) -> bool {
    unit.may_stand_for(c) || alike.is_some_and(|alike| unit.may_stand_for(alike))
}

/// Equal neighbors, as long as can be.
pub(super) fn groups(units: &[Unit]) -> Vec<(Unit, usize)> {
    units.chunk_by(|a, b| a == b).map(|group| (group[0], group.len())).collect()
}

/// All words of the rules in force.
#[derive(Default)]
pub(super) struct Lexicon {
    // By first character and number of characters, so that a run is held against few of them.
    words: BTreeMap<(char, Option<char>), BTreeMap<usize, Vec<Word>>>,
}

impl Lexicon {
    /// The lexicon of these rules.
    pub(super) fn of_rules<'a>(rules: impl Iterator<Item = &'a Rule>) -> Lexicon {
        let mut texts: BTreeSet<String> = BTreeSet::new();
        for rule in rules {
            for term in rule.terms() {
                let (form, letters) = Form::of_term(rule, term);
                if let (Form::Pieces(pieces, joined), true) = (form, letters >= rule.disguised_from() as usize) {
                    let worded = |text: &str| text.chars().any(|c| ucd::class(c) == Class::Letter);
                    texts.extend(pieces.iter().filter(|p| p.chars().count() >= SHORTEST && worded(p)).cloned());
                    texts.extend((pieces.len() > 1 && worded(&joined)).then_some(joined));
                }
            }
            let of_patterns = rule.patterns().iter().flat_map(|p| regexwords::words(p.regex()));
            texts.extend(of_patterns.filter(|w| w.len() >= SHORTEST));
        }
        let spelled = units::UNITS.iter().map(|u| u.3).chain(units::CURRENCIES.iter().map(|c| c.2));
        texts.extend(spelled.flat_map(|words| words.split(' ')).filter(|w| w.chars().count() >= SHORTEST).map(str::to_string));
        Lexicon::of_words(texts)
    }

    /// The lexicon of these words, too long ones left out.
    pub(super) fn of_words(texts: BTreeSet<String>) -> Lexicon {
        let mut lexicon = Lexicon::default();
        for word in texts.iter().map(|text| Word::new(text)).filter(|w| (1..=LONGEST).contains(&w.characters.len())) {
            let of_first = lexicon.words.entry(word.characters[0]).or_default();
            of_first.entry(word.characters.len()).or_default().push(word);
        }
        lexicon
    }

    /// The words whose first character the unit meets, of these lengths.
    pub(super) fn beginning_with(&self, unit: Unit, lengths: RangeInclusive<usize>) -> Vec<&Word> {
        if lengths.is_empty() {
            return Vec::new();
        }
        let met = self.words.iter().filter(|(first, _)| is_met(**first, unit));
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

/// Whether a unit is not the plain letter that it shows.
pub(super) fn is_sign(unit: &Unit) -> bool {
    matches!(unit.kind, Kind::Digit | Kind::Symbol)
}
