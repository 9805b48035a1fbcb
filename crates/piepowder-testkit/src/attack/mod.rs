//! A seeded attacker: the ways in which sellers are known to disguise words, each applied as hard as it goes. It knows no engine and no
//! pack but for the excuses that a taxonomy holds. Invariant: the same family, text and seed give the same bytes; what stands around
//! the words that a family changes stays byte for byte (but for the gaps that `spaced-wide` widens).

mod alphabets;
mod excuses;
mod invisible;
mod lookalikes;
mod markup;
mod mistakes;
mod spread;
mod words;

pub use excuses::{with_every_excuse, with_excuses};

use crate::generate::Random;
use words::{Letters, Piece};

/// Fewest letters of a word that is disguised.
const LEAST: usize = 4;
/// Fewest letters of a word that `edit-long` misspells.
const LONG: usize = 7;

macro_rules! families {
    ($($(#[$doc:meta])* $variant:ident = $name:literal),+ $(,)?) => {
        /// A way to disguise words.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Family { $($(#[$doc])* $variant),+ }

        impl Family {
            /// All families.
            pub const ALL: &'static [Family] = &[$(Family::$variant),+];

            /// The name, as campaigns print it.
            pub const fn name(self) -> &'static str {
                match self { $(Family::$variant => $name),+ }
            }
        }
    };
}

families! {
    /// Characters without width between letters.
    ZeroWidth = "zero-width",
    /// Soft hyphens between letters.
    SoftHyphen = "soft-hyphen",
    /// Variation selectors after letters.
    VariationSelectors = "variation-selectors",
    /// Tag characters between letters.
    TagCharacters = "tag-characters",
    /// Words written backward between override and pop.
    BidiOverride = "bidi-override",
    /// Full-width letters.
    FullWidth = "full-width",
    /// Mathematical alphabets.
    Mathematical = "mathematical",
    /// Circled letters.
    Enclosed = "enclosed",
    /// Letters in parentheses, as one character.
    Parenthesized = "parenthesized",
    /// White squared capitals.
    Squared = "squared",
    /// Black squared capitals.
    NegativeSquared = "negative-squared",
    /// Black circled capitals.
    NegativeCircled = "negative-circled",
    /// Regional indicators.
    Regional = "regional",
    /// Heaps of combining marks.
    CombiningFlood = "combining-flood",
    /// Look-alikes of other scripts for some letters.
    HomoglyphsSome = "homoglyphs-some",
    /// Look-alikes of other scripts for every letter that has one.
    HomoglyphsWhole = "homoglyphs-whole",
    /// Look-alikes within ASCII.
    HomoglyphAscii = "homoglyph-ascii",
    /// Digits and signs for letters.
    Leet = "leet",
    /// `c o c a i n e`
    Spaced = "spaced",
    /// `c.o.c.a.i.n.e`
    Dotted = "dotted",
    /// `c-o-c-a-i-n-e`
    Hyphenated = "hyphenated",
    /// `c_o_c_a_i_n_e`
    Underscored = "underscored",
    /// Letters one space apart, words three.
    SpacedWide = "spaced-wide",
    /// A letter a line.
    NewlineLetters = "newline-letters",
    /// One line feed inside a word.
    NewlineSplit = "newline-split",
    /// A letter or two said several times.
    Repeats = "repeats",
    /// One misspelling a word.
    Edit = "edit",
    /// One misspelling a word of seven or more letters.
    EditLong = "edit-long",
    /// Inline tags and comments inside words.
    MarkupInside = "markup-inside",
    /// Character references.
    Entities = "entities",
    /// An element that is not shown, with lawful words, inside a word.
    HiddenElement = "hidden-element",
    /// Two families on the same words.
    TwoFamilies = "two-families",
}

impl Family {
    /// The family of that name.
    pub fn from_name(name: &str) -> Option<Family> {
        Family::ALL.iter().copied().find(|f| f.name() == name)
    }

    /// Which letters make its words: what only inserts, or writes a letter by its number, takes those of all scripts.
    fn letters(self) -> Letters {
        use Family::*;
        match self {
            ZeroWidth | SoftHyphen | VariationSelectors | TagCharacters | CombiningFlood => Letters::All,
            Spaced | Dotted | Hyphenated | Underscored | SpacedWide | NewlineLetters | NewlineSplit => Letters::All,
            MarkupInside | Entities | HiddenElement => Letters::All,
            _ => Letters::Ascii,
        }
    }

    fn least(self) -> usize {
        if self == Family::EditLong { LONG } else { LEAST }
    }

    /// Changes one word, given as its letters.
    fn apply(self, word: &mut Vec<String>, random: &mut Random) {
        use Family::*;
        match self {
            ZeroWidth => invisible::zero_width(word, random),
            SoftHyphen => invisible::soft_hyphens(word, random),
            VariationSelectors => invisible::variation_selectors(word, random),
            TagCharacters => invisible::tag_characters(word, random),
            BidiOverride => invisible::bidi_override(word, random),
            CombiningFlood => invisible::combining_flood(word, random),
            FullWidth => alphabets::full_width(word),
            Mathematical => alphabets::mathematical(word, random),
            Enclosed => alphabets::enclosed(word),
            Parenthesized => alphabets::parenthesized(word),
            Squared => alphabets::capitals(word, '\u{1f130}'),
            NegativeSquared => alphabets::capitals(word, '\u{1f170}'),
            NegativeCircled => alphabets::capitals(word, '\u{1f150}'),
            Regional => alphabets::capitals(word, '\u{1f1e6}'),
            HomoglyphsSome => lookalikes::some(word, random),
            HomoglyphsWhole => lookalikes::whole(word, random),
            HomoglyphAscii => lookalikes::ascii(word, random),
            Leet => lookalikes::leet(word, random),
            Spaced | SpacedWide => spread::with(word, " "),
            Dotted => spread::with(word, "."),
            Hyphenated => spread::with(word, "-"),
            Underscored => spread::with(word, "_"),
            NewlineLetters => spread::with(word, "\n"),
            NewlineSplit => spread::split(word, random),
            Repeats => mistakes::repeats(word, random),
            Edit | EditLong => mistakes::edit(word, random),
            MarkupInside => markup::inside(word, random),
            Entities => markup::entities(word, random),
            HiddenElement => markup::hidden(word, random),
            TwoFamilies => two(random).iter().for_each(|family| family.apply(word, random)),
        }
    }
}

/// What `two-families` composes, in the order in which they are applied: what needs plain letters first, what inserts last.
const COMPOSED: [Family; 8] = [
    Family::HomoglyphsSome,
    Family::Leet,
    Family::FullWidth,
    Family::Repeats,
    Family::CombiningFlood,
    Family::ZeroWidth,
    Family::SoftHyphen,
    Family::Spaced,
];

fn two(random: &mut Random) -> [Family; 2] {
    let (one, step) = (random.below(COMPOSED.len()), 1 + random.below(COMPOSED.len() - 1));
    let other = (one + step) % COMPOSED.len();
    [COMPOSED[one.min(other)], COMPOSED[one.max(other)]]
}

/// The text with every word of four or more letters (seven for `edit-long`) disguised.
pub fn disguise(family: Family, text: &str, seed: u64) -> String {
    let random = &mut Random::new(seed);
    let pieces = words::pieces(text, family.letters(), family.least());
    let mut out = String::with_capacity(2 * text.len());
    for (i, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Word(word) => {
                let mut letters = words::letters(word);
                family.apply(&mut letters, random);
                out.extend(letters);
            }
            Piece::Between(gap) if family == Family::SpacedWide => out.push_str(&spread::widened(gap, i > 0, i + 1 < pieces.len())),
            Piece::Between(gap) => out.push_str(gap),
        }
    }
    out
}

/// Which of `count` places are changed: each with a chance of `percent`, one at least.
fn chosen(random: &mut Random, count: usize, percent: usize) -> Vec<bool> {
    let mut chosen: Vec<bool> = (0..count).map(|_| random.chance(percent)).collect();
    if count > 0 && !chosen.contains(&true) {
        chosen[random.below(count)] = true;
    }
    chosen
}

/// A character of a range of assigned code points.
fn within(random: &mut Random, first: char, last: char) -> char {
    let code = first as u32 + random.below((last as u32 - first as u32 + 1) as usize) as u32;
    char::from_u32(code).expect("the ranges here hold no surrogates")
}
