//! The patterns of the generated pack: shapes that a market's listings hold, as regular expressions with the triggers that reach them.
//! They say nothing of risk. Invariants: each is written in lower case and without classes beyond ASCII, begins at a piece that is one of
//! its triggers, and asks for nothing behind or ahead but a word border, so that a scanner of whole texts finds the same listings.

/// A number as the engine reads one: digits, parted by single points or commas. A scanner that begins inside of it agrees with one that
/// begins where it begins.
macro_rules! number {
    () => {
        "[0-9]{1,6}(?:[.,][0-9]{1,6}){0,3}"
    };
}

/// A pattern, and the triggers it is tried at.
pub(crate) type Pattern = (&'static str, &'static [&'static str]);

const DIGIT: &[&str] = &["#digit"];
const RUN: &[&str] = &["#base58"];
const SIGN: &[&str] = &["#currency"];

/// Contacts, coins, cards, quantities, prices, claims, keys and codes.
pub(crate) const PATTERNS: [Pattern; 54] = [
    (r"\b[a-z0-9](?:[a-z0-9._:/\x27-]{0,62}[a-z0-9])?@[a-z0-9][a-z0-9.-]{0,60}\.[a-z]{2,10}\b", &["#at"]),
    (r"\b(?:1[-. ])?[2-9][0-9]{2}[-. ][0-9]{3}[-. ][0-9]{4}\b", DIGIT),
    (r"\b00[1-9][0-9]{8,13}\b", DIGIT),
    (r"\b1[3-9][0-9]{9}\b", DIGIT),
    (r"\b[13][a-z1-9]{25,33}\b", DIGIT),
    (r"\bbc1[02-9ac-hj-np-z]{11,71}\b", &["bc"]),
    (r"\b0x[0-9a-f]{40}\b", DIGIT),
    (r"\b[48][0-9ab][a-z1-9]{93}\b", DIGIT),
    (r"\bl[a-z1-9]{26,33}\b", RUN),
    (r"\bt[a-z1-9]{33}\b", RUN),
    (r"\b[a-z2-7]{56}\.onion\b", RUN),
    (r"\b[0-9a-f]{64}\b", &["#hex"]),
    (r"\bhttps?://[a-z0-9]{2}", &["http", "https"]),
    (r"\bt\.me/[a-z0-9_]{5,32}\b", &["t"]),
    (r"\btelegram[: ]{1,3}@?[a-z0-9_]{5,32}\b", &["telegram"]),
    (r"\bwickr(?: ?(?:me|id))?[: ]{1,3}[a-z0-9_]{4,32}\b", &["wickr", "wickrme", "wickrid"]),
    (r"\bwhats ?app[: ]{1,3}[+]?[0-9][0-9 -]{7,16}\b", &["whats", "whatsapp"]),
    (r"\bsignal[: ]{1,3}[+]?[0-9][0-9 -]{7,16}\b", &["signal"]),
    (r"\bsession(?: id)?[: ]{1,3}05[0-9a-f]{64}\b", &["session"]),
    (r"\bthreema(?: id)?[: ]{1,3}[a-z0-9]{8}\b", &["threema"]),
    (r"\bjabber[: ]{1,3}[a-z0-9._-]{2,40}@[a-z0-9.-]{3,40}\b", &["jabber"]),
    (r"\bdiscord(?:\.gg/|[: ]{1,3})[a-z0-9_#.]{3,32}\b", &["discord"]),
    (r"\binstagram[: ]{1,3}@?[a-z0-9._]{3,30}\b", &["instagram"]),
    (r"\bicq[: ]{1,3}[0-9]{5,9}\b", &["icq"]),
    (r"\b4[0-9]{3}(?:[ -]?[0-9]{4}){3}\b", DIGIT),
    (r"\b5[1-5][0-9]{2}(?:[ -]?[0-9]{4}){3}\b", DIGIT),
    (r"\b3[47][0-9]{2}[ -]?[0-9]{6}[ -]?[0-9]{5}\b", DIGIT),
    (
        r"\b(?:at|be|ch|de|es|fr|gb|it|nl|pl)[0-9]{2}(?: ?[a-z0-9]{4}){3,7}(?: ?[a-z0-9]{1,3})?\b",
        &["at", "be", "ch", "de", "es", "fr", "gb", "it", "nl", "pl"],
    ),
    (r"\b[0-9]{3}-[0-9]{2}-[0-9]{4}\b", DIGIT),
    (concat!(r"\b", number!(), r" ?(?:g|gr|grams?|gms?)\b"), DIGIT),
    (concat!(r"\b", number!(), r" ?(?:oz|ounces?)\b"), DIGIT),
    (concat!(r"\b", number!(), r" ?(?:kg|kilos?|kilograms?)\b"), DIGIT),
    (concat!(r"\b", number!(), r" ?(?:mg|mcg|ug)\b"), DIGIT),
    (concat!(r"\b", number!(), r" ?(?:pills?|tabs?|tablets?|capsules?|pcs|pieces|blotters?)\b"), DIGIT),
    (concat!(r"\b", number!(), r" ?x ?", number!(), r" ?(?:mg|g|ml|tabs?|pills?)\b"), DIGIT),
    (concat!(r"\b", number!(), r" ?(?:ml|liters?|litres?)\b"), DIGIT),
    (r"[$] ?[0-9]", SIGN),
    (concat!(r"\b", number!(), r" ?(?:usd|eur|gbp|btc|xmr|eth|aud|cad)\b"), DIGIT),
    (concat!(r"[$] ?", number!(), r" ?(?:/|per|each) ?(?:g|gram|oz|pill|tab|unit|piece|kg)\b"), SIGN),
    (concat!(r"\b", number!(), r" ?% ?(?:pure|purity|thc|off)\b"), DIGIT),
    (r"\b(?:free|stealth|discreet|express)[ -](?:shipping|delivery|packaging)\b", &["free", "stealth", "discreet", "express"]),
    (r"\b(?:moq|minimum order)[: ]{1,3}[0-9]{1,6}\b", &["moq", "minimum"]),
    (r"\b(?:escrow|fe|finali[sz]e early)[ -](?:accepted|only|required)\b", &["escrow", "fe", "finalise", "finalize"]),
    (r"\b(?:aaa|mirror|super)[ -](?:replica|copy|clone|quality)\b", &["aaa", "mirror", "super"]),
    (r"\b(?:no|without) (?:prescription|rx|doctor|license|background check)\b", &["no", "without"]),
    (r"\b(?:cal|caliber|calibre)[. ]{0,2}[0-9]{2,3}\b", &["cal", "caliber", "calibre"]),
    (concat!(r"\b", number!(), r" ?mm\b"), DIGIT),
    (r"\bpgp(?:[: ]{1,3}(?:key|fingerprint))?[: ]{1,3}[0-9a-f]{16,40}\b", &["pgp"]),
    (r"\bbegin pgp (?:public key block|message)\b", &["begin"]),
    (r"\b[ps]k_(?:live|test)_[a-z0-9]{10,40}\b", &["pk", "sk"]),
    (r"\bakia[0-9][0-9a-z]{15}\b", &["akia"]),
    (r"\b[0-9]{1,3}(?:\.[0-9]{1,3}){3,5}\b", DIGIT),
    (r"\b[0-9][0-9a-f]{31}\b", DIGIT),
    (r"\b97[89](?:[- ]?[0-9]){10}\b", DIGIT),
];
