//! Characters that look like letters: those that UTS #39 calls confusable, those of ASCII, and leet. The confusables come from the crate
//! `unicode-security`, not from the engine's tables. Invariant: the skeleton of what `some` and `whole` write is that of the plain word.

use super::chosen;
use crate::generate::Random;
use icu_normalizer::ComposingNormalizerBorrowed;
use icu_properties::CodePointMapData;
use icu_properties::props::{GeneralCategory, GeneralCategoryGroup, Script};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Chance in percent that `some` changes a letter.
const SOME: usize = 30;
/// Chance in percent that `leet` and `ascii` change a letter.
const MOST: usize = 60;

/// The look-alikes of a letter.
#[derive(Clone, Debug, Default)]
struct Lookalikes {
    all: Vec<char>,
    /// Those of Cyrillic, Greek and Armenian, which are what sellers find first.
    common: Vec<char>,
}

/// By ASCII letter. The crate gives skeletons only, so they are looked up backward, over all of Unicode, once.
static CONFUSABLE: LazyLock<BTreeMap<char, Lookalikes>> = LazyLock::new(|| {
    let mut by_skeleton: BTreeMap<String, Lookalikes> = BTreeMap::new();
    for c in ('\u{80}'..=char::MAX).filter(|c| is_candidate(*c)) {
        let found = by_skeleton.entry(skeleton(c)).or_default();
        found.all.push(c);
        if matches!(script(c), Script::Cyrillic | Script::Greek | Script::Armenian) {
            found.common.push(c);
        }
    }
    let letters = ('a'..='z').chain('A'..='Z');
    letters.map(|c| (c, by_skeleton.get(&skeleton(c)).cloned().unwrap_or_default())).collect()
});

fn skeleton(c: char) -> String {
    unicode_security::skeleton(c.encode_utf8(&mut [0; 4])).collect()
}

fn script(c: char) -> Script {
    CodePointMapData::<Script>::new().get(c)
}

/// A letter of a script that looks like Latin, and no compatibility form, which other families write.
fn is_candidate(c: char) -> bool {
    let scripts = [
        Script::Latin,
        Script::Greek,
        Script::Cyrillic,
        Script::Armenian,
        Script::Cherokee,
        Script::Lisu,
        Script::Georgian,
        Script::Coptic,
        Script::Common,
    ];
    let letter = GeneralCategoryGroup::Letter.contains(CodePointMapData::<GeneralCategory>::new().get(c));
    letter && scripts.contains(&script(c)) && ComposingNormalizerBorrowed::new_nfkc().is_normalized(c.encode_utf8(&mut [0; 4]))
}

/// A look-alike of the letter: half of the time a common one, where there is one.
fn lookalike(letter: &str, random: &mut Random) -> Option<char> {
    let known = CONFUSABLE.get(&plain(letter)?)?;
    let from = if !known.common.is_empty() && random.chance(50) { &known.common } else { &known.all };
    (!from.is_empty()).then(|| from[random.below(from.len())])
}

/// The ASCII letter, when it is still one.
fn plain(letter: &str) -> Option<char> {
    letter.chars().next().filter(char::is_ascii_alphabetic)
}

/// Replaces some of the letters that have an image, at least one of them.
fn replace(word: &mut [String], random: &mut Random, percent: usize, image: impl Fn(&str, bool, &mut Random) -> Option<String>) {
    let last = word.len().saturating_sub(1);
    let mut images: Vec<(usize, String)> = Vec::new();
    for (i, letter) in word.iter().enumerate() {
        images.extend(image(letter, i == last, random).map(|image| (i, image)));
    }
    let chosen = chosen(random, images.len(), percent);
    for ((i, image), _) in images.into_iter().zip(chosen).filter(|(_, chosen)| *chosen) {
        word[i].replace_range(..1, &image);
    }
}

pub(super) fn some(word: &mut [String], random: &mut Random) {
    replace(word, random, SOME, |letter, _, r| lookalike(letter, r).map(String::from));
}

pub(super) fn whole(word: &mut [String], random: &mut Random) {
    replace(word, random, 100, |letter, _, r| lookalike(letter, r).map(String::from));
}

pub(super) fn ascii(word: &mut [String], random: &mut Random) {
    replace(word, random, MOST, |letter, _, r| {
        let images: &[&str] = match plain(letter)? {
            'I' => &["l", "1"],
            'l' => &["I", "1"],
            'O' => &["0"],
            'm' => &["rn"],
            _ => return None,
        };
        Some(r.pick(images).to_string())
    });
}

/// A word's last letter never becomes `!` or `+`, which would end a sentence or add something.
pub(super) fn leet(word: &mut [String], random: &mut Random) {
    replace(word, random, MOST, |letter, last, r| {
        let images: &[&str] = match plain(letter)?.to_ascii_lowercase() {
            'a' => &["4", "@"],
            'e' => &["3"],
            'i' => &["1", "!"],
            'o' => &["0"],
            's' => &["5", "$"],
            't' => &["7", "+"],
            'l' => &["1", "|"],
            'b' => &["8"],
            'g' => &["9"],
            'z' => &["2"],
            _ => return None,
        };
        let image = r.pick(images);
        Some(if last && matches!(image, "!" | "+") { images[0] } else { image }.to_string())
    });
}

#[cfg(test)]
mod tests {
    use super::{CONFUSABLE, skeleton};

    #[test]
    fn look_alikes_have_the_skeleton_of_their_letter() {
        for (letter, known) in CONFUSABLE.iter() {
            assert!(known.all.iter().all(|c| skeleton(*c) == skeleton(*letter) && !c.is_ascii()), "{letter}");
            assert!(known.common.iter().all(|c| known.all.contains(c)), "{letter}");
        }
        assert!(CONFUSABLE[&'a'].common.contains(&'\u{430}') && CONFUSABLE[&'o'].common.contains(&'\u{3bf}'));
        assert!(CONFUSABLE[&'l'].all.contains(&'\u{1c0}'), "a letter of Latin that is no ASCII");
        let none: Vec<char> = CONFUSABLE.iter().filter(|(_, known)| known.all.is_empty()).map(|(c, _)| *c).collect();
        assert_eq!(none, ['k', 't'], "nothing but compatibility forms looks like these");
    }
}
