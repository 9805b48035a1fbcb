//! The unveiled view (docs/SEMANTICS.md, section 4a): the surface, with a word of the lexicon wherever a stretch reads as one. It looks for
//! no rule. Invariant: replaced stretches begin and end where segments of the surface do.

use super::lexicon::{Lexicon, Word, groups, is_sign};
use super::map::{Mapped, Segment};
use super::reading::Kind;
use super::rows;
use super::runs::{self, Glyph, Run, gap};
use piepowder::Transforms;
use std::collections::BTreeMap;
use std::ops::Range;

const SHORTEST_BROKEN: usize = 5;

/// A stretch of the decoded text that a word takes the place of.
struct Replaced {
    stretch: Range<usize>,
    word: String,
    transforms: Transforms,
}

/// What is looked at while a text is unveiled.
struct Unveiling<'a> {
    glyphs: &'a [Glyph],
    runs: &'a [Run],
    surface: &'a Mapped,
    lexicon: &'a Lexicon,
}

/// The unveiled text, made of the decoded text, and where words were put in it; none when nothing reads as a word.
pub(super) fn unveiled(decoded: &str, surface: &Mapped, lexicon: &Lexicon) -> Option<(Mapped, Vec<Range<usize>>)> {
    let glyphs = runs::glyphs(decoded);
    let runs = runs::runs(&glyphs);
    let replaced = Unveiling { glyphs: &glyphs, runs: &runs, surface, lexicon }.replaced();
    if replaced.is_empty() {
        return None;
    }
    let mut made = Mapped::default();
    let mut places = Vec::new();
    let mut segments = surface.segments.iter().peekable();
    let copy = |made: &mut Mapped, s: &Segment| made.push(s.source.clone(), &surface.text[s.image.clone()], s.transforms);
    for r in replaced.values() {
        while let Some(before) = segments.next_if(|s| s.source.end <= r.stretch.start) {
            copy(&mut made, before);
        }
        while segments.next_if(|s| s.source.end <= r.stretch.end).is_some() {}
        let start = made.text.len();
        made.push(r.stretch.clone(), &r.word, r.transforms);
        places.push(start..made.text.len());
    }
    segments.for_each(|s| copy(&mut made, s));
    Some((made, places))
}

impl Unveiling<'_> {
    /// Everything that is replaced, by where it begins.
    fn replaced(&self) -> BTreeMap<usize, Replaced> {
        let mut found = Vec::new();
        let mut taken = vec![false; self.runs.len()];
        for row in rows::rows(self.glyphs, self.runs) {
            taken[row.clone()].fill(true);
            let singles = &self.runs[row];
            for (at, word) in rows::cover(singles, self.lexicon) {
                let last = at + word.characters.len() - 1;
                let run = Run::over(self.glyphs, singles[at].glyphs.start..singles[last].glyphs.end);
                found.extend(self.replace(&run, &[word], Transforms::SPACED));
            }
        }
        for i in 1..self.runs.len() {
            let (before, after) = (&self.runs[i - 1], &self.runs[i]);
            let broken = matches!(gap(self.glyphs, before, after).as_str(), "\n" | "\r\n" | "-\n" | "-\r\n");
            if taken[i - 1] || taken[i] || !broken {
                continue;
            }
            let run = Run::over(self.glyphs, before.glyphs.start..after.glyphs.end);
            let mut words = self.lexicon.read(&run.units);
            words.retain(|word| word.characters.len() >= SHORTEST_BROKEN);
            if !words.is_empty() {
                taken[i - 1..=i].fill(true);
                found.extend(self.replace(&run, &words, Transforms::SPACED));
            }
        }
        for (run, _) in self.runs.iter().zip(&taken).filter(|(run, taken)| !**taken && may_hide(run)) {
            let whole = self.lexicon.read(&run.units);
            if !whole.is_empty() {
                found.extend(self.replace(run, &whole, Transforms::NONE));
            } else if let Some(run) = run.trimmed(self.glyphs) {
                found.extend(self.replace(&run, &self.lexicon.read(&run.units), Transforms::NONE));
            }
        }
        found.into_iter().map(|r| (r.stretch.start, r)).collect()
    }

    /// The first of the words in place of the run, unless one of them stands there already or a segment would be torn.
    fn replace(&self, run: &Run, words: &[&Word], how: Transforms) -> Option<Replaced> {
        let word = words.first()?;
        let stretch = run.stretch(self.glyphs);
        let segments = &self.surface.segments;
        let touched: Vec<&Segment> = segments.iter().filter(|s| s.source.start < stretch.end && stretch.start < s.source.end).collect();
        if touched[0].source.start < stretch.start || touched[touched.len() - 1].source.end > stretch.end {
            return None;
        }
        let shown: String = touched.iter().map(|s| &self.surface.text[s.image.clone()]).collect();
        if words.iter().any(|w| w.text == shown) {
            return None;
        }
        let as_is = touched.iter().fold(how, |all, s| all.union(s.transforms));
        Some(Replaced { stretch, word: word.text.clone(), transforms: as_is.union(disguise(run, word)) })
    }
}

/// Whether the run is worth reading: not plain, and not signs alone.
fn may_hide(run: &Run) -> bool {
    let odd = run.foreign_mark || run.units.iter().any(|u| u.kind != Kind::Plain) || groups(&run.units).iter().any(|(_, count)| *count >= 3);
    odd && run.units.iter().any(|u| !is_sign(u))
}

/// What is undone when the run is read as the word.
fn disguise(run: &Run, word: &Word) -> Transforms {
    let has = |kind| run.units.iter().any(|u| u.kind == kind);
    let signs = run.units.iter().filter(|u| is_sign(u)).count();
    let confusable = has(Kind::Look) || run.foreign_mark;
    let marks = [
        (signs > word.text.chars().filter(char::is_ascii_digit).count(), Transforms::LEET),
        (confusable, Transforms::CONFUSABLE),
        (confusable && has(Kind::Plain), Transforms::MIXED),
        (word.characters.len() < run.units.len(), Transforms::REPEATED),
    ];
    marks.into_iter().filter(|(holds, _)| *holds).fold(Transforms::NONE, |all, (_, mark)| all.union(mark))
}

#[cfg(test)]
mod tests {
    use super::super::map::locate;
    use super::super::surface::surface;
    use super::*;

    const WORDS: &str = "cocaine fullz ketamine heroin oxycontin 2cb mdma xanax кокаин moss мефедрон pills coke kilo cocainehcl";

    /// The unveiled text, and the transforms of what was replaced.
    fn unveil(text: &str) -> (String, String) {
        let lexicon = Lexicon::of_words(WORDS.split(' ').map(str::to_string).collect());
        let Some((made, places)) = unveiled(text, &surface(text), &lexicon) else { return (String::new(), String::new()) };
        let all = places.into_iter().fold(Transforms::NONE, |all, place| all.union(locate(&made.segments, place).1));
        (made.text, all.names().collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn hidden_words_are_shown() {
        let table = [
            ("pure c0caine", "pure cocaine", "leet"),
            ("C0CA1NE!", "cocaine!", "leet"),
            ("!!c0caine!!", "!!cocaine!!", "leet"),
            ("cocaine!", "", ""),
            ("сосаine now", "cocaine now", "confusable mixed"),
            ("🅲🅾🅲🅰🅸🅽🅴", "cocaine", "confusable"),
            ("ҝετα๓ine", "", ""),
            ("coooocaine", "cocaine", "repeated"),
            ("mmmossss", "moss", "repeated"),
            ("mosss", "moss", "repeated"),
            ("moss", "", ""),
            ("k e t a m i n e", "ketamine", "spaced"),
            ("k.3.t.4.m.1.n.e", "ketamine", "leet spaced"),
            ("a h e r o i n b", "a heroin b", "spaced"),
            ("c o c a i n e h c l", "cocainehcl", "spaced"),
            ("c o k e k i l o", "coke kilo", "spaced"),
            ("k - - - - e t a m i n e", "", ""),
            ("oxy-\ncontin 80", "oxycontin 80", "spaced"),
            ("oxy\u{ad}\r\ncontin", "oxycontin", "invisible spaced"),
            ("oxy- \ncontin", "", ""),
            ("co\nke", "", ""),
            ("кокaин", "кокаин", "confusable mixed"),
            ("кокаин", "", ""),
            ("2cb", "", ""),
            ("2сb", "2cb", "confusable mixed"),
            ("zcb", "", ""),
            ("pïl|s", "pills", "accent leet"),
            ("p\u{200b}1lls", "pills", "invisible leet"),
            ("50$ p!lls 10", "50$ pills 10", "leet"),
            ("111", "", ""),
        ];
        for (text, expected, transforms) in table {
            assert_eq!(unveil(text), (expected.to_string(), transforms.to_string()), "{text}");
        }
    }

    #[test]
    fn the_rest_stays_in_its_segments() {
        let lexicon = Lexicon::of_words(["pills".to_string()].into());
        let text = "é p1lls ½";
        let (made, places) = unveiled(text, &surface(text), &lexicon).expect("a word is hidden");
        assert_eq!(made.text, "e pills  1/2");
        assert_eq!(places, [2..7]);
        assert_eq!(locate(&made.segments, 0..1), (0..2, Transforms::ACCENT));
        assert_eq!(locate(&made.segments, 4..5), (3..8, Transforms::LEET));
        assert_eq!(locate(&made.segments, 9..10), (9..11, Transforms::COMPATIBILITY));
    }
}
