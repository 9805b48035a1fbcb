//! Random listings that mix a pack's own words with noise: edits, joiners, accents, invisible characters, compatibility forms, look-alikes,
//! broken UTF-8.
//! Invariant: the same seed gives the same bytes.

use super::edit::edited;
use super::entity::spoiled;
use super::random::Random;
use crate::attack::{self, Family};
use piepowder::{Field, FieldId, Listing, Value};

/// A listing that owns its bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnedListing {
    /// Fixed fields, in field order; empty when absent.
    pub fixed: Vec<(Field, Vec<u8>)>,
    /// Declared fields by id.
    pub declared: Vec<(FieldId, Vec<u8>)>,
}

impl core::fmt::Display for OwnedListing {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        self.fixed.iter().try_for_each(|(field, bytes)| write!(f, "{} = b\"{}\" ", field.name(), bytes.escape_ascii()))?;
        self.declared.iter().try_for_each(|(id, bytes)| write!(f, "declared {} = b\"{}\" ", id.index(), bytes.escape_ascii()))
    }
}

impl OwnedListing {
    /// Lends the listing to a function.
    pub fn with<T>(&self, see: impl FnOnce(&Listing<'_>) -> T) -> T {
        let declared: Vec<(FieldId, Value<'_>)> = self.declared.iter().map(|(id, bytes)| (*id, Value::Text(bytes))).collect();
        let fixed = self.fixed.iter().fold(Listing::new(), |listing, (field, bytes)| listing.with(*field, bytes));
        see(&fixed.with_declared(&declared))
    }
}

const NOISE: [&str; 40] = [
    "the",
    "of",
    "abx",
    "zzz",
    "12",
    "007",
    "1,299.00",
    "0,5",
    "1.234.567,89",
    "1/2",
    "3/4",
    "½",
    "2 x 5 g",
    "10 x 200 mg",
    "5g x 3",
    "80%",
    "5 %",
    "1kg",
    "2oz",
    "500 ml",
    "$20",
    "20 $",
    "€ 15",
    "15€",
    "0.5 btc",
    "usd 40",
    "99 euro",
    "5 $3",
    "£1,000",
    "฿5",
    "mail@example.com",
    "a.b+c@mail.example.org",
    "4111 1111 1111 1111",
    "4111-1111-1111-1112",
    "5555555555554444",
    "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
    "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4",
    "d41d8cd98f00b204e9800998ecf8427e",
    "1234 5678 9012",
    "⑴ ⑵ ㏂",
];

const GAPS: [&str; 34] = [
    " ",
    " ",
    " ",
    " ",
    " ",
    "",
    "-",
    "/",
    ".",
    ". ",
    ", ",
    "! ",
    "'",
    "_",
    ":",
    "\u{2019}",
    "\u{b7}",
    "\u{2212}",
    " & ",
    "+",
    "  ",
    "\n",
    "\n\n",
    "\r\n",
    "\t",
    "\u{a0}",
    "\u{200b}",
    " - ",
    "\u{2122} ",
    "?",
    "\u{2028}",
    "\u{3000}",
    "…",
    " x ",
];

const MARKS: [&str; 16] = [
    "\u{301}", "\u{308}", "\u{200b}", "\u{ad}", "\u{200d}", "\u{fe0f}", "\u{feff}", "\u{34f}", "\u{3099}", "\u{309a}", "\u{93c}", "\u{64b}",
    "\u{1161}", "\u{11a8}", "\u{20dd}", "\u{5b0}",
];

/// Some letters of words, all that have a look-alike, and all, in an alphabet that is letters on the surface or is not.
const LOOK_ALIKES: [Family; 6] =
    [Family::HomoglyphsSome, Family::HomoglyphsWhole, Family::Parenthesized, Family::Squared, Family::NegativeSquared, Family::Regional];

/// A random text around these words.
pub fn text(random: &mut Random, words: &[String]) -> Vec<u8> {
    let mut text: Vec<u8> = Vec::new();
    // Where a word stands without a mistake, too, that is its best match: some texts have mistakes in most words.
    let mistakes = [5, 10, 80][random.below(3)];
    for _ in 0..random.below(14) {
        let word = if random.chance(65) { words[random.below(words.len())].clone() } else { random.pick(&NOISE).to_string() };
        let word = if random.chance(mistakes) { edited(random, &word) } else { word };
        let word = if random.chance(15) { spoiled(random, &word) } else { word };
        let word = if random.chance(40) { disguised(random, &word) } else { word };
        text.extend(word.bytes());
        if random.chance(3) {
            text.extend([&b"\xff"[..], b"\xe2\x82", b"\xc3", b"\xf0\x9f\x92", b"\x80\x80", b"\0"][random.below(6)]);
        }
        text.extend(random.pick(&GAPS).bytes());
    }
    text
}

fn disguised(random: &mut Random, word: &str) -> String {
    match random.below(9) {
        0 => word.to_uppercase(),
        1 => word.chars().map(|c| if c.is_ascii_graphic() { char::from_u32(c as u32 + 0xFEE0).unwrap_or(c) } else { c }).collect(),
        2 => word.chars().map(|c| if c == ' ' { '-' } else { c }).collect(),
        3 => word.chars().filter(|c| !" -/'_:.".contains(*c)).collect(),
        // Often, for a line shows its plainest match, and that is seldom one of these.
        4..7 => attack::disguise(LOOK_ALIKES[random.below(LOOK_ALIKES.len())], word, random.bits()),
        _ => {
            let mut out = String::new();
            for c in word.chars() {
                out.push(c);
                if random.chance(30) {
                    out.push_str(random.pick(&MARKS));
                }
            }
            if random.chance(20) { format!("{}{out}", random.pick(&MARKS)) } else { out }
        }
    }
}

/// A random listing around these words; `note` and `stock` are declared fields, if the engine has them.
pub fn listing(random: &mut Random, words: &[String], note: Option<FieldId>, stock: Option<FieldId>) -> OwnedListing {
    let mut listing = OwnedListing::default();
    for (field, percent) in [(Field::Title, 90), (Field::Description, 80), (Field::Brand, 30), (Field::Attributes, 30), (Field::Seller, 30)] {
        if random.chance(percent) {
            listing.fixed.push((field, text(random, words)));
        }
    }
    if random.chance(60) {
        let price = random.pick(&["5", "49.99", "50", "50.0000001", "1e3", "-2", "free", "1,299.00", "0010.5", "12.", "99999999999999"]);
        listing.fixed.push((Field::Price, price.into()));
    }
    if random.chance(60) {
        listing.fixed.push((Field::Currency, random.pick(&["EUR", "eur", "BTC", "ＥＵＲ", "USD", " EUR", "\u{200b}btc"]).into()));
    }
    if random.chance(40) {
        listing.fixed.push((Field::Language, random.pick(&["en", "EN-us", "de", "xx", "und", "english", "e", "zh_Hant"]).into()));
    }
    if let Some(id) = note.filter(|_| random.chance(40)) {
        listing.declared.push((id, text(random, words)));
    }
    if let Some(id) = stock.filter(|_| random.chance(40)) {
        listing.declared.push((id, random.pick(&["3", "4", "3.000001", "many"]).into()));
    }
    listing
}
