//! The unveiled view: the surface, with every stretch that reads as a word of the lexicon replaced by that word (`docs/SEMANTICS.md`,
//! section 4a). It knows words and no rules. Invariant: outside the replaced stretches it is the surface; a replaced stretch begins and
//! ends where segments do, and its word has at most `GROWTH` times as many characters.

mod edits;
mod plain;
mod rows;
mod runs;

pub(super) use rows::{ROW_GAP, ROW_LETTERS, ROW_SINGLES};

use super::decode::encode;
use super::lexicon::Lexicon;
use super::map::Map;
use super::surface::Surface;
use super::units::{Kind, Unit};
use super::{Tokens, Transforms, View, suspect};
use core::ops::Range;
use plain::Look;
use rows::Cover;
use runs::{Gap, Run};

/// Most characters of a word for one character of the stretch that it replaces: no character reads as more units.
#[cfg(test)]
pub(super) const GROWTH: usize = 3;

/// Characters of the shortest word that a line break cuts.
const BREAK_WORD: usize = 4;

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
    /// First run, and one past the last.
    runs: (u32, u32),
    read: Read,
    transforms: Transforms,
}

/// The unveiled text and its map. Buffers are kept from text to text.
#[derive(Clone, Debug, Default)]
pub(crate) struct Unveiled {
    text: Vec<u8>,
    map: Map,
    /// Where the words stand in `text`, in order, that candidates must overlap.
    replaced: Vec<Range<u32>>,
    units: Vec<Unit>,
    /// Those of one run.
    own: Vec<Unit>,
    /// Where each unit's character begins and ends.
    places: Vec<(u32, u32)>,
    runs: Vec<Run>,
    spare: Vec<Run>,
    /// For each single of a row: the best cover from there, by what stands behind.
    covers: Vec<[Cover; 3]>,
    replacements: Vec<Replacement>,
    edits: Vec<Replacement>,
    /// Whether distances are told in blocks: some stretch is replaced that need not have been one piece.
    in_blocks: bool,
    /// Words that a stretch reads as.
    words: Vec<u32>,
    gaps: Vec<Gap>,
    look: Option<Look>,
}

impl Unveiled {
    /// Makes the view of a field that was read from `original`. Whether there is anything in it that the surface does not show.
    pub(crate) fn read(&mut self, lexicon: &Lexicon, surface: &Surface, tokens: &Tokens, original: &[u8]) -> bool {
        let decoded = surface.decoded(original);
        self.find(lexicon, surface, tokens, decoded);
        if self.in_blocks {
            self.write(lexicon, surface, decoded.len() as u32, Transforms::NONE);
        }
        self.in_blocks
    }

    /// Finds what is replaced.
    fn find(&mut self, lexicon: &Lexicon, surface: &Surface, tokens: &Tokens, decoded: &[u8]) {
        let shown = surface.text();
        if self.look_over(lexicon, decoded).plain && !suspect::may_read(lexicon, (shown, decoded), tokens, &mut self.units) {
            self.replacements.clear();
            self.in_blocks = false;
        } else {
            self.find_all(lexicon, surface, decoded);
        }
    }

    /// Forgets the text that was looked over: another one was read.
    pub(crate) fn turn(&mut self) {
        self.look = None;
    }

    /// What a look over the text says, which is kept until `turn`: the edited view asks once more.
    fn look_over(&mut self, lexicon: &Lexicon, decoded: &[u8]) -> Look {
        *self.look.get_or_insert_with(|| Look::over(lexicon, decoded, (&mut self.units, &mut self.own)))
    }

    /// Finds what is replaced, whatever the text looks like.
    fn find_all(&mut self, lexicon: &Lexicon, surface: &Surface, decoded: &[u8]) {
        self.replacements.clear();
        self.find_runs(decoded);
        self.part_runs();
        self.read_rows(lexicon, surface);
        self.read_breaks(lexicon, surface);
        self.read_words(lexicon, surface);
        self.replacements.sort_unstable_by_key(|r| r.start);
        self.in_blocks = !self.replacements.is_empty();
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

    /// Where blocks begin in the original: what was one word before it was disguised counts as one where distances are told. Whether they
    /// are told so in this field.
    pub(crate) fn blocks(&self, surface: &Surface, starts: &mut Vec<u32>) -> bool {
        starts.clear();
        if self.in_blocks {
            let view = surface.view();
            starts.extend(self.runs.iter().filter(|r| r.begins).map(|r| view.decoded.start(r.start)));
        }
        self.in_blocks
    }

    /// Words that a line break cuts.
    fn read_breaks(&mut self, lexicon: &Lexicon, surface: &Surface) {
        let mut words = core::mem::take(&mut self.words);
        let before = self.replacements.len();
        for second in 1..self.runs.len() {
            let [a, b] = [&self.runs[second - 1], &self.runs[second]];
            if a.taken || b.taken || !b.gap.is_break() {
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
                self.runs[second].begins &= !b.gap.is_break() || !a.begins || a.in_row || b.in_row;
            }
        }
    }

    /// Words that one run reads as.
    fn read_words(&mut self, lexicon: &Lexicon, surface: &Surface) {
        let mut words = core::mem::take(&mut self.words);
        for at in 0..self.runs.len() {
            if self.runs[at].taken || !is_odd(&self.runs[at], self.units_of(&self.runs[at])) {
                continue;
            }
            let run = self.runs[at];
            let units = self.units_of(&run);
            words.extend(lexicon.read_as(units));
            if words.is_empty() {
                let symbol = |u: &Unit| u.kind == Kind::Symbol;
                let trimmed = units.iter().take_while(|u| symbol(u)).count()..units.len() - units.iter().rev().take_while(|u| symbol(u)).count();
                if trimmed.len() < units.len() && !trimmed.is_empty() && is_odd(&run, &units[trimmed.clone()]) {
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
            // Where distances are told, the symbols are of its block.
            self.runs[at] = run;
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
        let (first, last) = (self.runs[runs.start], self.runs[runs.end - 1]);
        let (start, end) = (first.start, last.end);
        let view = surface.view();
        if view.map.view_at(start).is_none() || view.map.view_at(end).is_none() {
            return;
        }
        let units = || self.runs[runs.clone()].iter().flat_map(|r| self.units_of(r));
        let count = |kinds: &[Kind]| units().filter(|u| kinds.contains(&u.kind)).count();
        let (length, digits) = match read {
            Read::Word(word) => (lexicon.length(word), lexicon.word(word).bytes().filter(u8::is_ascii_digit).count()),
            Read::Joined => (units().count(), 0),
        };
        let mut transforms = how.union(view.map.transforms_between(start, end)).union(view.decoded.transforms(start..end));
        let mut also = |holds: bool, transform: Transforms| transforms = if holds { transforms.union(transform) } else { transforms };
        also(count(&[Kind::Digit, Kind::Symbol]) > digits, Transforms::LEET);
        let marked = self.runs[runs.clone()].iter().any(|r| r.foreign_mark) || self.runs[runs.start + 1..runs.end].iter().any(|r| r.mark_before);
        let looks = count(&[Kind::Look]) > 0 || marked;
        also(looks, Transforms::CONFUSABLE);
        also(looks && count(&[Kind::Plain]) > 0, Transforms::MIXED);
        also(length < units().count(), Transforms::REPEATED);
        self.replacements.push(Replacement { start, end, runs: (runs.start as u32, runs.end as u32), read, transforms });
    }

    /// Writes the text with the words in place. Candidates must overlap one with these transforms.
    fn write(&mut self, lexicon: &Lexicon, surface: &Surface, end: u32, asked: Transforms) {
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
                    let (from, to) = replacement.runs;
                    for run in &self.runs[from as usize..to as usize] {
                        let units = &self.units[run.units.0 as usize..run.units.1 as usize];
                        units.iter().for_each(|u| encode(u.c, &mut self.text));
                    }
                }
            }
            let to = self.text.len() as u32;
            self.map.push_whole(replacement.end - replacement.start, to - from, replacement.transforms);
            if replacement.transforms.contains(asked) {
                self.replaced.push(from..to);
            }
            at = replacement.end;
        }
        copy(&view, at..end, &mut self.text, &mut self.map);
    }
}

/// Copies what the surface shows of bytes of the decoded text, with one space for several: who parts letters by spaces parts words by more.
fn copy(view: &View<'_>, decoded: Range<u32>, text: &mut Vec<u8>, map: &mut Map) {
    let (Some(from), Some(to)) = (view.map.view_at(decoded.start), view.map.view_at(decoded.end)) else { return };
    let shown = &view.text[from as usize..to as usize];
    let (mut at, mut copied) = (0, decoded.start);
    while let Some(found) = memchr::memmem::find(&shown[at..], b"  ") {
        let start = at + found;
        let mut spaces = shown[start..].iter().take_while(|b| **b == b' ').count();
        let place = view.map.start(from + start as u32);
        // The last one may be the begin of a fraction, which maps as a whole.
        if view.map.view_at(view.map.end(from + (start + spaces) as u32)) != Some(from + (start + spaces) as u32) {
            spaces -= 1;
        }
        let end = view.map.end(from + (start + spaces) as u32);
        map.append(view.map, copied..place);
        text.extend_from_slice(&shown[at..=start]);
        map.push_whole(end - place, 1, Transforms::NONE);
        (at, copied) = (start + spaces, end);
    }
    text.extend_from_slice(&shown[at..]);
    map.append(view.map, copied..decoded.end);
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

#[cfg(test)]
mod tests {
    use super::Unveiled;
    use crate::text::{Compound, Lexicon, Surface, Tokens, Transforms, Words};
    use proptest::prelude::*;

    /// The unveiled text, or the surface when nothing is replaced.
    fn unveiled(words: &str, text: &str) -> String {
        let lexicon = Lexicon::new(words.split(' ').map(|w| (w, Compound::No)).collect());
        let mut surface = Surface::default();
        surface.read(text.as_bytes());
        let mut view = Unveiled::default();
        view.find_all(&lexicon, &surface, text.as_bytes());
        view.write(&lexicon, &surface, text.len() as u32, Transforms::NONE);
        String::from_utf8_lossy(if view.replaced.is_empty() { surface.text() } else { view.view(&surface).text }).into_owned()
    }

    /// A text of an alphabet in which runs, rows, breaks and symbols meet, and characters that fold to such.
    fn parts() -> impl Strategy<Value = String> {
        let parts = [
            "c0ca", "ine", "c", "o", "a", "i", "n", "e", "meth", "10", "3", "$", "@", "!", "|", "+", " ", " ", "\n", "-", ".", ",", "ooo", "speed",
            "g", "r", "m", "’", "–", "…", "é", "ö", "\u{a0}", "\u{200b}", "\u{301}", "‼", "！", "ﬁ", "•", "½", "™", "с", "ｃ", "0\u{301}", "\u{ad}",
            "ไ", "ห", "ู", "ำ", "ж", "漢", "٣",
        ];
        proptest::collection::vec(proptest::sample::select(parts.to_vec()), 0..24).prop_map(|parts| parts.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 20_000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_plain_text_hides_nothing(text in parts()) {
            let words = "cocaine meth speed gram come acne ice gin жжc";
            let lexicon = Lexicon::new(words.split(' ').map(|w| (w, Compound::No)).collect());
            let mut surface = Surface::default();
            surface.read(text.as_bytes());
            let mut tokens = Tokens::default();
            tokens.read(surface.text());
            let mut view = Unveiled::default();
            view.find_all(&lexicon, &surface, text.as_bytes());
            if !view.replacements.is_empty() {
                prop_assert!(!super::Look::over(&lexicon, text.as_bytes(), (&mut Vec::new(), &mut Vec::new())).plain || super::suspect::may_read(&lexicon, (surface.text(), text.as_bytes()), &tokens, &mut Vec::new()));
            }
        }
    }

    /// What a letter that no word has is worth in a row: it stands alone as any other.
    #[test]
    fn letters_of_other_scripts_are_of_a_row() {
        assert_eq!(unveiled("meth", "c\u{2013}e\n0 \u{e44}\u{2013}c"), "ce\n0 \u{e44}\u{2013}c");
        let (lexicon, mut surface, mut tokens) = (Lexicon::new(Words::default()), Surface::default(), Tokens::default());
        for text in [
            "c\u{2013}e\n0 \u{e44}\u{2013}c",
            "c\u{2013}e\n0\n\u{e44}\u{2013}\u{e44}\u{2013}\u{e44}",
            "\u{663}\u{2022}3 c\u{2022}e",
            "g\u{a0}3\u{2026}\u{2026}e!e",
        ] {
            surface.read(text.as_bytes());
            tokens.read(surface.text());
            assert!(Unveiled::default().read(&lexicon, &surface, &tokens, text.as_bytes()), "{text}");
        }
    }

    /// What stands behind the point of a number is a run of its own.
    #[test]
    fn a_decimal_hides_no_run() {
        let lexicon = Lexicon::new(["smogs"].into_iter().map(|w| (w, Compound::No)).collect());
        let (mut surface, mut tokens) = (Surface::default(), Tokens::default());
        for text in ["5mogs", "2.5mogs x 3"] {
            surface.read(text.as_bytes());
            tokens.read(surface.text());
            assert!(Unveiled::default().read(&lexicon, &surface, &tokens, text.as_bytes()), "{text}");
        }
    }

    /// Letters, look-alikes, marks and signs of many kinds.
    fn odd() -> impl Strategy<Value = String> {
        let parts: Vec<char> =
            "cocainemethspeedaéæ0134$@|+ \n-.½™сосаіηØ🅲🇦⒞ｃ\u{5b0}\u{301}\u{200b}\u{93f}हिंदीがｶﾞ\u{202e}\u{202c}<b>&#99;".chars().collect();
        proptest::collection::vec(proptest::sample::select(parts), 0..40).prop_map(|c| c.into_iter().collect())
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 10_000, failure_persistence: None, ..ProptestConfig::default() })]

        /// The laws of the offset map, and the growth bound, of the unveiled and of the edited view.
        #[test]
        fn the_view_leads_back(text in odd(), edited in proptest::bool::ANY) {
            let lexicon = Lexicon::new("cocaine meth speed come acne ice хокаин".split(' ').map(|w| (w, Compound::No)).collect());
            let (mut surface, mut tokens) = (Surface::default(), Tokens::default());
            surface.read(text.as_bytes());
            tokens.read(surface.text());
            let mut unveiled = Unveiled::default();
            let read = if edited { Unveiled::read_edited } else { Unveiled::read };
            if read(&mut unveiled, &lexicon, &surface, &tokens, text.as_bytes()) {
                let view = unveiled.view(&surface);
                let shown = core::str::from_utf8(view.text)?;
                prop_assert!(shown.chars().count() <= super::GROWTH * core::str::from_utf8(surface.text())?.chars().count());
                let mut last = (0, 0);
                for (at, c) in shown.char_indices() {
                    let span = view.span(at as u32..(at + c.len_utf8()) as u32);
                    prop_assert!(span.start < span.end && text.get(span.range()).is_some());
                    prop_assert!(last <= (span.start, span.end));
                    last = (span.start, span.end);
                }
            }
        }
    }

    #[test]
    fn blocks_begin_with_runs() {
        let lexicon = Lexicon::new("cocaine grams".split(' ').map(|w| (w, Compound::No)).collect());
        let (mut surface, mut tokens) = (Surface::default(), Tokens::default());
        let mut view = Unveiled::default();
        let mut blocks = Vec::new();
        for (text, expected) in [("pure, $20each +c0caine", Some(vec![0, 6, 14])), ("a c o c a i n e $gr4ms!", Some(vec![2, 16])), ("pure $20", None)]
        {
            surface.read(text.as_bytes());
            tokens.read(surface.text());
            view.read(&lexicon, &surface, &tokens, text.as_bytes());
            assert_eq!(view.blocks(&surface, &mut blocks).then(|| blocks.clone()), expected, "{text}");
        }
    }

    #[test]
    fn reads_what_a_person_reads() {
        let words = "cocaine heroin speed pills crystal meth gram hash coffee кокаин";
        let cases = [
            ("c0ca1ne, $pe3d p1ll5! crys7al co￠aine", "cocaine, speed pills! crystal cocaine"),
            ("сосаіnе ԁ сосаӏпе ᴄᴏᴄᴀɪɴᴇ 🅲🅾🅲🅰🅸🅽🅴 ⒞⒪⒞⒜⒤⒩⒠ c\u{5b0}oca\u{e34}ine", "cocaine ԁ cocaine cocaine cocaine cocaine cocaine"),
            ("кoкaин кокаин", "кокаин кокаин"),
            ("coooocaine cofffeee heroin heroinnnn", "cocaine coffee heroin heroin"),
            ("10g 5mg h3r01n 16 l5 1G", "10g 5mg heroin 16 l5 1g"),
            ("c o c a i n e", "cocaine"),
            ("c.o.c.a.i.n.e+h_e_r_o_i_n", "cocaine+heroin"),
            ("C-0-C-4-1-N-3 or c|o|c|a|i|n|e", "cocaine or cocaine"),
            ("buy h e r o i n! now", "buy heroin! now"),
            ("h e r o i n e", "heroine"),
            ("q q h e r o i n q q", "q q h e r o i n q q"),
            ("q q h e r o i n", "q q heroin"),
            ("f i n e   n z z k   m e t h", "fine nzzk meth"),
            ("l s d", "l s d"),
            ("coca\nine her-\r\noin hero in", "cocaine heroin hero in"),
            ("1 G R A M OF F I N E S T H A S H", "1 gram of finest hash"),
            ("ｃ０ｃａｉｎｅ c\u{200b}0caine", "cocaine cocaine"),
            ("plain cocaine, 10 pills", "plain cocaine, 10 pills"),
        ];
        for (text, expected) in cases {
            assert_eq!(unveiled(words, text), expected, "{text}");
        }
    }
}
