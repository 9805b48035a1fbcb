//! The one table of units and currencies: what packs may name and what the number grammar of the text recognizes.
//! Spellings are folded text, one piece each.

use super::words::Dimension;

/// A canonical unit: `factor` base units make one.
pub(crate) struct Unit {
    pub(crate) name: &'static str,
    pub(crate) dimension: Dimension,
    /// Base units (microgram, microliter, one millionth) in one of this unit; for counts and percent, millionths.
    pub(crate) factor: i64,
    pub(crate) spellings: &'static [&'static str],
}

const fn unit(name: &'static str, dimension: Dimension, factor: i64, spellings: &'static [&'static str]) -> Unit {
    Unit { name, dimension, factor, spellings }
}

use Dimension::{Count, Mass, Percent, Volume};

/// All canonical units. Ounces and pounds are avoirdupois, to the microgram.
pub(crate) static UNITS: [Unit; 18] = [
    unit("microgram", Mass, 1, &["ug", "mcg", "μg", "microgram", "micrograms", "mics", "mic"]),
    unit("milligram", Mass, 1_000, &["mg", "mgs", "milligram", "milligrams", "milligramm"]),
    unit("gram", Mass, 1_000_000, &["g", "gr", "gm", "gms", "gs", "gram", "grams", "gramme", "grammes", "gramm", "gramo", "gramos"]),
    unit("kilogram", Mass, 1_000_000_000, &["kg", "kgs", "kilo", "kilos", "kilogram", "kilograms", "kilogramm"]),
    unit("ounce", Mass, 28_349_523, &["oz", "ozs", "ounce", "ounces"]),
    unit("pound", Mass, 453_592_370, &["lb", "lbs"]),
    unit("milliliter", Volume, 1_000, &["ml", "mls", "milliliter", "milliliters", "millilitre", "millilitres"]),
    unit("centiliter", Volume, 10_000, &["cl"]),
    unit("liter", Volume, 1_000_000, &["l", "ltr", "liter", "liters", "litre", "litres"]),
    unit("pill", Count, 1_000_000, &["pill", "pills"]),
    unit("tablet", Count, 1_000_000, &["tab", "tabs", "tablet", "tablets", "tabletten"]),
    unit("capsule", Count, 1_000_000, &["cap", "caps", "capsule", "capsules"]),
    unit("piece", Count, 1_000_000, &["pc", "pcs", "piece", "pieces", "stk", "unit", "units"]),
    unit("blotter", Count, 1_000_000, &["blotter", "blotters"]),
    unit("vial", Count, 1_000_000, &["vial", "vials", "ampoule", "ampoules", "amp", "amps"]),
    unit("round", Count, 1_000_000, &["round", "rounds", "rds"]),
    unit("pack", Count, 1_000_000, &["pack", "packs", "pk"]),
    unit("percent", Percent, 1_000_000, &[]),
];

/// A currency: its code, its sign if one character tells it, and folded words for it.
pub(crate) struct Currency {
    pub(crate) code: &'static str,
    pub(crate) sign: Option<char>,
    pub(crate) words: &'static [&'static str],
}

const fn currency(code: &'static str, sign: Option<char>, words: &'static [&'static str]) -> Currency {
    Currency { code, sign, words }
}

/// All currencies that the number grammar knows. `$` is read as US dollars, `¥` as yen: a sign alone tells no more.
pub(crate) static CURRENCIES: [Currency; 20] = [
    currency("USD", Some('$'), &["usd", "dollar", "dollars"]),
    currency("EUR", Some('€'), &["eur", "euro", "euros"]),
    currency("GBP", Some('£'), &["gbp", "quid"]),
    currency("JPY", Some('¥'), &["jpy", "yen"]),
    currency("INR", Some('₹'), &["inr", "rupees"]),
    currency("RUB", Some('₽'), &["rub"]),
    currency("KRW", Some('₩'), &["krw"]),
    currency("TRY", Some('₺'), &[]),
    currency("THB", Some('฿'), &["thb", "baht"]),
    currency("AUD", None, &["aud"]),
    currency("CAD", None, &["cad"]),
    currency("CHF", None, &["chf"]),
    currency("PLN", None, &["pln"]),
    currency("SEK", None, &["sek"]),
    currency("CNY", None, &["cny", "rmb"]),
    currency("BRL", None, &["brl"]),
    currency("BTC", Some('₿'), &["btc", "bitcoin", "bitcoins"]),
    currency("XMR", None, &["xmr", "monero"]),
    currency("ETH", None, &["eth"]),
    currency("LTC", None, &["ltc"]),
];

/// Index of the canonical unit of that name or spelling.
pub(crate) fn find_unit(word: &str) -> Option<usize> {
    UNITS.iter().position(|u| u.name == word || u.spellings.contains(&word))
}

/// A value in millionths of a unit, in base units of its dimension; saturates.
pub(crate) fn to_base(millionths: i64, unit: usize) -> i64 {
    let base = i128::from(millionths) * i128::from(UNITS[unit].factor) / 1_000_000;
    i64::try_from(base).unwrap_or(i64::MAX)
}
