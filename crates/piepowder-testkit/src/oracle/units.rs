//! The oracle's own copy of the units and currencies of docs/SEMANTICS.md, section 5. Invariant: spellings are folded text.

use piepowder::Dimension::{self, Count, Mass, Percent, Volume};

/// Name, dimension, base units in one unit, spellings.
pub(super) type Unit = (&'static str, Dimension, i64, &'static str);

pub(super) const UNITS: [Unit; 18] = [
    ("microgram", Mass, 1, "ug mcg μg microgram micrograms mics mic"),
    ("milligram", Mass, 1_000, "mg mgs milligram milligrams milligramm"),
    ("gram", Mass, 1_000_000, "g gr gm gms gs gram grams gramme grammes gramm gramo gramos"),
    ("kilogram", Mass, 1_000_000_000, "kg kgs kilo kilos kilogram kilograms kilogramm"),
    ("ounce", Mass, 28_349_523, "oz ozs ounce ounces"),
    ("pound", Mass, 453_592_370, "lb lbs"),
    ("milliliter", Volume, 1_000, "ml mls milliliter milliliters millilitre millilitres"),
    ("centiliter", Volume, 10_000, "cl"),
    ("liter", Volume, 1_000_000, "l ltr liter liters litre litres"),
    ("pill", Count, 1_000_000, "pill pills"),
    ("tablet", Count, 1_000_000, "tab tabs tablet tablets tabletten"),
    ("capsule", Count, 1_000_000, "cap caps capsule capsules"),
    ("piece", Count, 1_000_000, "pc pcs piece pieces stk unit units"),
    ("blotter", Count, 1_000_000, "blotter blotters"),
    ("vial", Count, 1_000_000, "vial vials ampoule ampoules amp amps"),
    ("round", Count, 1_000_000, "round rounds rds"),
    ("pack", Count, 1_000_000, "pack packs pk"),
    ("percent", Percent, 1_000_000, ""),
];

/// Code, sign, words (the code in lower case among them where it is read in text).
pub(super) type Currency = (&'static str, Option<char>, &'static str);

pub(super) const CURRENCIES: [Currency; 20] = [
    ("USD", Some('$'), "usd dollar dollars"),
    ("EUR", Some('€'), "eur euro euros"),
    ("GBP", Some('£'), "gbp quid"),
    ("JPY", Some('¥'), "jpy yen"),
    ("INR", Some('₹'), "inr rupees"),
    ("RUB", Some('₽'), "rub"),
    ("KRW", Some('₩'), "krw"),
    ("TRY", Some('₺'), ""),
    ("THB", Some('฿'), "thb baht"),
    ("AUD", None, "aud"),
    ("CAD", None, "cad"),
    ("CHF", None, "chf"),
    ("PLN", None, "pln"),
    ("SEK", None, "sek"),
    ("CNY", None, "cny rmb"),
    ("BRL", None, "brl"),
    ("BTC", Some('₿'), "btc bitcoin bitcoins"),
    ("XMR", None, "xmr monero"),
    ("ETH", None, "eth"),
    ("LTC", None, "ltc"),
];

/// The unit that is spelled so in text.
pub(super) fn unit(word: &str) -> Option<&'static Unit> {
    UNITS.iter().find(|(_, _, _, spellings)| spellings.split(' ').any(|s| s == word))
}

/// What the percent sign stands for.
pub(super) fn percent() -> &'static Unit {
    &UNITS[17]
}

pub(super) fn currency_of_sign(sign: char) -> Option<&'static str> {
    CURRENCIES.iter().find(|(_, s, _)| *s == Some(sign)).map(|(code, _, _)| *code)
}

pub(super) fn currency_of_word(word: &str) -> Option<&'static str> {
    CURRENCIES.iter().find(|(_, _, words)| words.split(' ').any(|w| w == word)).map(|(code, _, _)| *code)
}

/// The currency of a code, where the table reads it in text.
pub(super) fn currency_of_code(word: &str) -> Option<&'static str> {
    currency_of_word(word).filter(|code| code.to_ascii_lowercase() == word)
}

/// Millionths of a unit in base units of the dimension, rounded down.
pub(super) fn to_base(millionths: i64, factor: i64) -> i64 {
    i64::try_from(i128::from(millionths) * i128::from(factor) / 1_000_000).unwrap_or(i64::MAX)
}
