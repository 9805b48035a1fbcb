//! The unveiled view: the surface, with every stretch that reads as a word of the lexicon replaced by that word (`docs/SEMANTICS.md`,
//! section 4a). It knows words and no rules. Invariant: outside the replaced stretches it is the surface; a replaced stretch begins and
//! ends where segments do, and its word has at most `GROWTH` times as many characters.

use super::common::is_common;
use super::decode::{decode, encode};
use super::lexicon::Lexicon;
use super::map::Map;
use super::surface::Surface;
use super::units::{Key, Kind, Seen, Unit, read};
use super::{Transforms, View};
use core::ops::Range;

/// Most characters of a word for one character of the stretch that it replaces: no character reads as more units.
#[cfg(test)]
pub(super) const GROWTH: usize = 3;

/// Least and most of what rows and line breaks ask for.
const ROW_SINGLES: usize = 4;
const ROW_LETTERS: usize = 3;
const ROW_GAP: usize = 3;
const ROW_WORD: usize = 4;
const BREAK_WORD: usize = 4;
/// By how much a gap must be wider than the narrowest of its row to part words.
const WIDER: usize = 2;
/// What a stretch of singles that no word covers costs, in singles: a short word in the middle of others is none.
const STRETCH: i64 = 6;
/// How many singles that no word covers are counted as one word where distances are told.
const BLOCK: usize = 5;

/// A maximal sequence of characters without gaps, in bytes of the decoded text.
#[derive(Clone, Copy, Debug)]
struct Run {
    start: u32,
    end: u32,
    /// Its units.
    units: (u32, u32),
    /// Gap characters before it.
    gap: usize,
    /// Whether that gap is one line break, perhaps behind a hyphen.
    breaks: bool,
    foreign_mark: bool,
    in_row: bool,
    /// Whether a row or a line break has it.
    taken: bool,
    /// Whether a block begins with it.
    begins: bool,
}

/// What a stretch reads as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Read {
    /// A word of the lexicon.
    Word(u32),
    /// Its units, one after another.
    Joined,
}

/// A stretch of the decoded text and what replaces it.
#[derive(Clone, Copy, Debug)]
struct Replacement {
    start: u32,
    end: u32,
    units: (u32, u32),
    read: Read,
    transforms: Transforms,
}

/// How good a cover of a row is from a single on, and what begins there: a word of so many singles, or none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Cover {
    score: i64,
    words: u32,
    next: Option<(u32, Read)>,
}

impl Cover {
    /// Whether another cover that begins with a word is to be preferred, or one that begins with a longer one.
    fn yields_to(&self, other: &Cover) -> bool {
        (other.score, core::cmp::Reverse(other.words)) >= (self.score, core::cmp::Reverse(self.words))
    }
}

/// The unveiled text and its map. Buffers are kept from text to text.
#[derive(Clone, Debug, Default)]
pub(crate) struct Unveiled {
    text: Vec<u8>,
    map: Map,
    /// Where words stand in `text`, in order.
    replaced: Vec<Range<u32>>,
    units: Vec<Unit>,
    /// Where each unit's character begins and ends.
    places: Vec<(u32, u32)>,
    runs: Vec<Run>,
    /// For each single of a row: the best cover from there, behind a word and behind a single that is not covered.
    covers: Vec<[Cover; 2]>,
    replacements: Vec<Replacement>,
    /// Words that a stretch reads as.
    words: Vec<u32>,
}

impl Unveiled {
    /// Makes the view of a field that was read from `original`. Whether there is anything in it that the surface does not show.
    pub(crate) fn read(&mut self, lexicon: &Lexicon, surface: &Surface, original: &[u8]) -> bool {
        let decoded = surface.decoded(original);
        self.replacements.clear();
        self.find_runs(decoded, 0..decoded.len());
        self.read_rows(lexicon, surface);
        self.read_breaks(lexicon, surface);
        self.read_words(lexicon, surface);
        if self.replacements.is_empty() {
            return false;
        }
        self.replacements.sort_unstable_by_key(|r| r.start);
        self.write(lexicon, surface, decoded.len() as u32);
        true
    }

    /// The view, with its way back.
    pub(crate) fn view<'a>(&'a self, surface: &'a Surface) -> View<'a> {
        View { text: &self.text, ..surface.view().through(&self.map) }
    }

    /// Whether a stretch of the view overlaps a replaced one.
    pub(crate) fn is_replaced(&self, view: &Range<u32>) -> bool {
        let at = self.replaced.partition_point(|r| r.end <= view.start);
        self.replaced.get(at).is_some_and(|r| r.start < view.end)
    }

    /// Where blocks begin in the original: what was one word before it was disguised counts as one where distances are told.
    pub(crate) fn blocks(&self, surface: &Surface, starts: &mut Vec<u32>) {
        starts.clear();
        let view = surface.view();
        starts.extend(self.runs.iter().filter(|r| r.begins).map(|r| view.decoded.start(r.start)));
    }

    /// Cuts bytes of the decoded text into runs.
    fn find_runs(&mut self, decoded: &[u8], region: Range<usize>) {
        self.runs.clear();
        self.units.clear();
        self.places.clear();
        let mut gap = GapSeen::default();
        let mut open: Option<Run> = None;
        let mut mark_waits = false;
        let mut at = region.start;
        while at < region.end {
            let (c, len, _) = decode(&decoded[at..]);
            let from = self.units.len();
            match read(c, &mut self.units) {
                Seen::Units => {
                    let end = (at + len) as u32;
                    self.places.resize(self.units.len(), (at as u32, end));
                    let run = open.get_or_insert(Run {
                        start: at as u32,
                        end,
                        units: (from as u32, from as u32),
                        gap: gap.characters,
                        breaks: gap.is_break(),
                        foreign_mark: false,
                        in_row: false,
                        taken: false,
                        begins: true,
                    });
                    run.end = end;
                    run.units.1 = self.units.len() as u32;
                    run.foreign_mark |= core::mem::take(&mut mark_waits);
                }
                Seen::Dropped => {}
                // It belongs to the run if the run goes on behind it.
                Seen::ForeignMark => mark_waits = open.is_some(),
                Seen::Gap => {
                    if let Some(run) = open.take() {
                        self.runs.push(run);
                        gap = GapSeen::default();
                    }
                    mark_waits = false;
                    gap.push(c);
                }
            }
            at += len;
        }
        self.runs.extend(open);
    }

    fn units_of(&self, run: &Run) -> &[Unit] {
        &self.units[run.units.0 as usize..run.units.1 as usize]
    }

    /// Rows of single letters, covered by words.
    fn read_rows(&mut self, lexicon: &Lexicon, surface: &Surface) {
        let mut first = 0;
        while first < self.runs.len() {
            let single = |run: &Run| run.units.1 - run.units.0 == 1;
            if !single(&self.runs[first]) {
                first += 1;
                continue;
            }
            let mut end = first + 1;
            while end < self.runs.len() && single(&self.runs[end]) && (1..=ROW_GAP).contains(&self.runs[end].gap) {
                end += 1;
            }
            let letters = self.runs[first..end].iter().filter(|r| self.units_of(r)[0].is_letter()).count();
            if end - first >= ROW_SINGLES && letters >= ROW_LETTERS {
                self.runs[first..end].iter_mut().for_each(|r| (r.in_row, r.taken) = (true, true));
                let narrowest = self.runs[first + 1..end].iter().map(|r| r.gap).min().unwrap_or_default();
                let mut part = first;
                for at in first + 1..end {
                    if self.runs[at].gap >= narrowest + WIDER {
                        self.join(lexicon, surface, part..at);
                        part = at;
                    }
                }
                match part > first {
                    true => self.join(lexicon, surface, part..end),
                    false => self.cover(lexicon, surface, first..end),
                }
            }
            first = end;
        }
    }

    /// A part of a row that wider gaps set off: one word, whether or not it is of the lexicon.
    fn join(&mut self, lexicon: &Lexicon, surface: &Surface, part: Range<usize>) {
        let units = &self.units[self.runs[part.start].units.0 as usize..self.runs[part.end - 1].units.1 as usize];
        let spelled = lexicon.read_as(units).find(|word| lexicon.length(*word) == units.len());
        let read = match spelled {
            Some(word) => Read::Word(word),
            None if part.len() > 1 && units.iter().all(|u| u.is_letter()) => Read::Joined,
            None => return self.count_bare(part),
        };
        self.replace(lexicon, surface, part, read, Transforms::SPACED);
    }

    /// A part of a row that no wider gaps set off: covered by words of the lexicon and common words, so that most singles are covered and
    /// what is not covered stands in few places.
    fn cover(&mut self, lexicon: &Lexicon, surface: &Surface, row: Range<usize>) {
        let unit = |at: usize| self.units[self.runs[at].units.0 as usize];
        self.covers.clear();
        self.covers.resize(row.len() + 1, [Cover::default(); 2]);
        let mut text = Vec::new();
        core::mem::swap(&mut text, &mut self.text);
        for at in row.clone().rev() {
            let after = self.covers[at + 1 - row.start][1];
            // In a stretch that is not covered, and at its start.
            let mut best = [0, STRETCH].map(|cost| Cover { score: after.score - cost, words: after.words, next: None });
            best.reverse();
            let mut key = Key::EMPTY;
            text.clear();
            let mut letters = true;
            for end in at + 1..=row.end.min(at + lexicon.longest()) {
                let last = unit(end - 1);
                key = key.then(last.c);
                letters &= last.is_letter() && last.c.is_ascii();
                text.push(last.c as u32 as u8);
                if end - at < ROW_WORD {
                    continue;
                }
                let spelled = lexicon.of_key(key).iter().copied().find(|w| lexicon.spells((at..end).map(unit), *w));
                let read = match spelled {
                    Some(word) => Read::Word(word),
                    None if letters && is_common(&text) => Read::Joined,
                    None => continue,
                };
                let rest = self.covers[end - row.start][0];
                let cover = Cover { score: rest.score + (end - at) as i64, words: rest.words + 1, next: Some(((end - at) as u32, read)) };
                for best in &mut best {
                    if best.yields_to(&cover) {
                        *best = cover;
                    }
                }
            }
            self.covers[at - row.start] = best;
        }
        self.text = text;
        let (mut at, mut bare) = (row.start, row.start);
        while at < row.end {
            match self.covers[at - row.start][usize::from(bare < at)].next {
                None => at += 1,
                Some((len, read)) => {
                    let end = at + len as usize;
                    self.count_bare(bare..at);
                    self.replace(lexicon, surface, at..end, read, Transforms::SPACED);
                    (at, bare) = (end, end);
                }
            }
        }
        self.count_bare(bare..row.end);
    }

    /// Singles that no word covers: every few of them count as a word where distances are told.
    fn count_bare(&mut self, singles: Range<usize>) {
        for (i, run) in self.runs[singles].iter_mut().enumerate() {
            run.begins = i % BLOCK == 0;
        }
    }

    /// Words that a line break cuts.
    fn read_breaks(&mut self, lexicon: &Lexicon, surface: &Surface) {
        let mut words = core::mem::take(&mut self.words);
        let before = self.replacements.len();
        for second in 1..self.runs.len() {
            let [a, b] = [self.runs[second - 1], self.runs[second]];
            if a.taken || b.taken || !b.breaks {
                continue;
            }
            let units = &self.units[a.units.0 as usize..b.units.1 as usize];
            words.extend(lexicon.read_as(units).filter(|w| lexicon.length(*w) >= BREAK_WORD));
            if !words.is_empty() {
                self.runs[second - 1].taken = true;
                self.runs[second].taken = true;
                self.replace_by(lexicon, surface, second - 1..second + 1, &words, Transforms::SPACED);
                words.clear();
            }
        }
        self.words = words;
        if self.replacements.len() > before {
            for second in 1..self.runs.len() {
                let [a, b] = [self.runs[second - 1], self.runs[second]];
                self.runs[second].begins &= !(b.breaks && a.begins && !a.in_row && !b.in_row);
            }
        }
    }

    /// Words that one run reads as.
    fn read_words(&mut self, lexicon: &Lexicon, surface: &Surface) {
        let mut words = core::mem::take(&mut self.words);
        for at in 0..self.runs.len() {
            let run = self.runs[at];
            let units = self.units_of(&run);
            if run.taken || !is_odd(&run, units) {
                continue;
            }
            words.extend(lexicon.read_as(units));
            if words.is_empty() {
                let symbol = |u: &Unit| u.kind == Kind::Symbol;
                let trimmed = units.iter().take_while(|u| symbol(u)).count()..units.len() - units.iter().rev().take_while(|u| symbol(u)).count();
                if trimmed.len() < units.len() && !trimmed.is_empty() {
                    words.extend(lexicon.read_as(&units[trimmed.clone()]));
                    let place = |at: usize| self.places[run.units.0 as usize + at];
                    let trimmed = Run {
                        start: place(trimmed.start).0,
                        end: place(trimmed.end - 1).1,
                        units: (run.units.0 + trimmed.start as u32, run.units.0 + trimmed.end as u32),
                        ..run
                    };
                    self.runs[at] = trimmed;
                }
            }
            if !words.is_empty() {
                self.replace_by(lexicon, surface, at..at + 1, &words, Transforms::NONE);
                words.clear();
            }
        }
        self.words = words;
    }

    /// Notes that these runs read as the first of the words, unless the surface shows one of them anyway.
    fn replace_by(&mut self, lexicon: &Lexicon, surface: &Surface, runs: Range<usize>, words: &[u32], how: Transforms) {
        let view = surface.view();
        let (start, end) = (self.runs[runs.start].start, self.runs[runs.end - 1].end);
        let (Some(from), Some(to)) = (view.map.view_at(start), view.map.view_at(end)) else { return };
        let shown = &view.text[from as usize..to as usize];
        if words.iter().all(|w| lexicon.word(*w).as_bytes() != shown) {
            self.replace(lexicon, surface, runs, Read::Word(words[0]), how);
        }
    }

    /// Notes what these runs read as, unless they end inside what maps as a whole.
    fn replace(&mut self, lexicon: &Lexicon, surface: &Surface, runs: Range<usize>, read: Read, how: Transforms) {
        self.runs[runs.start + 1..runs.end].iter_mut().for_each(|r| r.begins = false);
        let (first, last) = (self.runs[runs.start], self.runs[runs.end - 1]);
        let (start, end) = (first.start, last.end);
        let view = surface.view();
        if view.map.view_at(start).is_none() || view.map.view_at(end).is_none() {
            return;
        }
        let range = (first.units.0, last.units.1);
        let units = &self.units[range.0 as usize..range.1 as usize];
        let count = |kinds: &[Kind]| units.iter().filter(|u| kinds.contains(&u.kind)).count();
        let (length, digits) = match read {
            Read::Word(word) => (lexicon.length(word), lexicon.word(word).bytes().filter(u8::is_ascii_digit).count()),
            Read::Joined => (units.len(), 0),
        };
        let mut transforms = how.union(view.map.transforms_between(start, end)).union(view.decoded.transforms(start..end));
        let mut also = |holds: bool, transform: Transforms| transforms = if holds { transforms.union(transform) } else { transforms };
        also(count(&[Kind::Digit, Kind::Symbol]) > digits, Transforms::LEET);
        let looks = count(&[Kind::Look]) > 0 || self.runs[runs].iter().any(|r| r.foreign_mark);
        also(looks, Transforms::CONFUSABLE);
        also(looks && count(&[Kind::Plain]) > 0, Transforms::MIXED);
        also(length < units.len(), Transforms::REPEATED);
        self.replacements.push(Replacement { start, end, units: range, read, transforms });
    }

    /// Writes the text with the words in place.
    fn write(&mut self, lexicon: &Lexicon, surface: &Surface, end: u32) {
        self.text.clear();
        self.map.clear();
        self.replaced.clear();
        let view = surface.view();
        let mut at = 0;
        for replacement in &self.replacements {
            copy(&view, at..replacement.start, &mut self.text, &mut self.map);
            let from = self.text.len() as u32;
            match replacement.read {
                Read::Word(word) => self.text.extend_from_slice(lexicon.word(word).as_bytes()),
                Read::Joined => {
                    let (from, to) = replacement.units;
                    self.units[from as usize..to as usize].iter().for_each(|u| encode(u.c, &mut self.text));
                }
            }
            let to = self.text.len() as u32;
            self.map.push_whole(replacement.end - replacement.start, to - from, replacement.transforms);
            self.replaced.push(from..to);
            at = replacement.end;
        }
        copy(&view, at..end, &mut self.text, &mut self.map);
    }
}

/// Copies what the surface shows of bytes of the decoded text.
fn copy(view: &View<'_>, decoded: Range<u32>, text: &mut Vec<u8>, map: &mut Map) {
    if let (Some(from), Some(to)) = (view.map.view_at(decoded.start), view.map.view_at(decoded.end)) {
        text.extend_from_slice(&view.text[from as usize..to as usize]);
        map.append(view.map, decoded);
    }
}

/// Whether a run may be a word in disguise: something in it is not a plain letter, or stands three times; it has a letter; and it is no
/// measure or model name, digits with one or two letters at one end.
fn is_odd(run: &Run, units: &[Unit]) -> bool {
    let odd = run.foreign_mark || units.iter().any(|u| u.kind != Kind::Plain) || units.windows(3).any(|w| w[0] == w[1] && w[1] == w[2]);
    if !odd {
        return false;
    }
    let digits = |units: &[Unit]| !units.is_empty() && units.iter().all(|u| u.kind == Kind::Digit);
    let letters = units.iter().filter(|u| u.is_letter()).count();
    let before = units.iter().take_while(|u| u.is_letter()).count();
    let named = (1..=2).contains(&letters) && (before == letters && digits(&units[before..]) || digits(&units[..units.len() - letters]));
    letters > 0 && !named
}

/// The gap characters since the last run.
#[derive(Clone, Copy, Default)]
struct GapSeen {
    characters: usize,
    first: [char; 3],
}

impl GapSeen {
    fn push(&mut self, c: char) {
        if let Some(place) = self.first.get_mut(self.characters) {
            *place = c;
        }
        self.characters += 1;
    }

    fn is_break(&self) -> bool {
        let seen = self.first.get(..self.characters).unwrap_or_default();
        matches!(seen, ['\n'] | ['\r', '\n'] | ['-', '\n'] | ['-', '\r', '\n'])
    }
}
