//! Texts of entities: published or invented ones, those of the grammars made of random parts, so that some are entities and some nearly;
//! and spoiled ones. They belong to nobody. Invariant: the same seed gives the same text.

use super::pack::Pack;
use super::random::Random;
use piepowder::{EntityKind, Source};

const CARDS: [&str; 4] = ["4111 1111 1111 1111", "5555555555554444", "3056-9309-0259-04", "378282246310005"];

const COINS: [(EntityKind, &str); 15] = [
    (EntityKind::Btc, "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"),
    (EntityKind::Btc, "3P14159f73E4gFr7JterCCQh9QjiTjiZrG"),
    (EntityKind::Btc, "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"),
    (EntityKind::Ltc, "LVuDpNCSSj6pQ7t9Pv6d6sUkLKoqDEVUnJ"),
    (EntityKind::Ltc, "MJaRnao1s62a2zAKSkmG582KbLKianqb7v"),
    (EntityKind::Ltc, "ltc1qw508d6qejxtdg4y5r3zarvary0c5xw7kgmn4n9"),
    (EntityKind::Doge, "DFpN6QqFfUm3gKNaxN6tNcab1FArL9cZLE"),
    (EntityKind::Trx, "TLeUZDGLWnyiJVFcp3m3M1782uBsGWa8uf"),
    (EntityKind::Eth, "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"),
    (EntityKind::Eth, "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359"),
    (EntityKind::Eth, "0xde709f2102306220921060314715629080e2fb77"),
    (EntityKind::Eth, "0x52908400098527886E0F7030069857D2E4169EE7"),
    (EntityKind::Xmr, "4AdUndXHHZ6cfufTMvppY6JwXNouMBzSkbLYfpAV5Usx3skxNgYeYTRj5UzqtReoS44qo9mtmXCqY45DJ852K5Jv2684Rge"),
    (EntityKind::Xmr, "86FzEjPB7U1NNrGJC1RDqs2GS8rptDdFrFKxadfgGvtabWNBqZccaR1h1UX6QNYv2yMXkcmtggBeKHv1WCFmXqzuTfu8ua9"),
    (EntityKind::Xmr, "4LL9oSLmtpccfufTMvppY6JwXNouMBzSkbLYfpAV5Usx3skxNgYeYTRj5UzqtReoS44qo9mtmXCqY45DJ852K5Jv2bYXZKKQePHES9khPK"),
];

const IBANS: [&str; 8] = [
    "DE89370400440532013000",
    "GB29 NWBK 6016 1331 9268 19",
    "NO93 8601 1117 947",
    "MT84MALT011000012345MTLCAST001S",
    "FR14 2004 1010 0505 0001 3M02 606",
    "BE68 5390 0754 7034",
    "LC55HEMM000100010012001200023015",
    "SE45 5000 0000 0583 9825 7466",
];

const ONION: &str = "pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd.onion";
const SESSION: &str = "05c0ffee11c0ffee22c0ffee33c0ffee44c0ffee55c0ffee66c0ffee77c0ffee88";

const FILLS: [&str; 8] = ["", "", " id", " me", " key", " fingerprint is", " user name", " names"];
const GAPS: [&str; 12] = [" ", ": ", ":", " - ", " @", ": @", "@", " (", " => ", " :=>@(/-", "", ", "];
const NAMES: [&str; 12] = [
    "example",
    "example_9",
    "abcd1234",
    "ABCD1234",
    "*example",
    "abc",
    "example.42",
    "example_of_a_name_that_is_too_long_for_any",
    "0123456789abcdef0123456789abcdef01234567",
    "0123 4567 89AB CDEF 0123  4567 89AB CDEF 0123 4567",
    "+1 212-555-0123",
    "+44 20 7946 0958",
];
const LINKS: [&str; 7] = [
    "t.me/example_9",
    "telegram.me/+abcd-1234",
    "tg://resolve?domain=example",
    "threema.id/ABCD1234",
    "signal.me/#eu/abcd",
    "signal.group/#abcd",
    "t.me/abc",
];
const BLOCKS: [&str; 5] = [
    "-----BEGIN PGP MESSAGE-----\nabcd\n-----END PGP MESSAGE-----",
    "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nabcd",
    "-----END PGP PUBLIC KEY BLOCK-----",
    "-----BEGIN PGP SIGNATURE-----",
    "-----BEGIN PGP MESSAGE-----",
];

const LOGINS: [&str; 9] = [
    "joe@example.com",
    "a.b+c@mail.example.org",
    "velvetotter81",
    "quillworth_77",
    "9lives",
    "abc",
    "user@host",
    "https://shop.example/",
    "x@y.example",
];
const MARKS: [&str; 6] = [":", ":", "|", ";", ": ", " | "];
const SECRETS: [&str; 10] = [
    "Copper-Kettle9",
    "T1mber?Fox",
    "hunter",
    "12345678",
    "www.shop24.example",
    "https://x1.example",
    "b@example.com1",
    "gr8@harbor",
    "p!1",
    "w1nter!x,y",
];

/// A pack with a rule for each kind of entity, and texts of all of them.
pub fn entities(seed: u64) -> Pack {
    let random = &mut Random::new(seed);
    let head = "format = 1\nname = \"entities\"\nversion = \"1.0.0\"\nreleased = 2026-06-01\nlicense = \"CC0-1.0\"\nowner = \"nobody\"\n\
                [[offense]]\nkey = \"one\"\nrank = 1\ntitle = \"One\"\nproposition = \"The text says one.\"\n";
    let mut rules = String::from(
        "[defaults]\nlanguage = \"und\"\nnature = \"criminal\"\nelement = \"context\"\nwarrant = { kind = \"expert\", source = \"made up\" }\n\
         [[group]]\nkey = \"s.entity\"\nreason.en = \"Made up.\"\n",
    );
    for kind in EntityKind::ALL.iter().map(|kind| kind.word()) {
        rules.push_str(&format!(
            "[[rule]]\nkey = \"s.{kind}\"\ngroup = \"s.entity\"\ntitle = \"made up\"\nweights = {{ one = 10 }}\nentities = [\"{kind}\"]\n"
        ));
    }
    let words = EntityKind::ALL.iter().flat_map(|kind| [*kind; 6]).map(|kind| entity(random, kind)).collect();
    Pack { sources: vec![Source::new("entities/pack.toml", head), Source::new("entities/rules.toml", rules)], words }
}

/// A text that is an entity of this kind, or may be one.
pub(super) fn entity(random: &mut Random, kind: EntityKind) -> String {
    match kind {
        EntityKind::Card => random.pick(&CARDS).to_string(),
        EntityKind::Email => random.pick(&["mail@example.com", "a.b+c@mail.example.org", "x@y.example@z.example"]).to_string(),
        EntityKind::Iban => {
            let number = random.pick(&IBANS);
            [number.to_string(), number.to_lowercase(), number.replace(' ', ""), number.replace(' ', "-")][random.below(4)].clone()
        }
        EntityKind::Onion => ONION.to_string(),
        EntityKind::Session => SESSION.to_string(),
        EntityKind::Phone => phone(random),
        EntityKind::Pair => pair(random),
        EntityKind::Pairs => (0..1 + random.below(3)).map(|_| pair(random)).collect::<Vec<_>>().join(random.pick(&["\n", " ", ", ", " | ", ";"])),
        EntityKind::Pgp if random.chance(40) => format!("{}{}", random.pick(&BLOCKS), random.pick(&BLOCKS)),
        EntityKind::Pgp => behind(random, &["PGP", "gpg", "Fingerprint"]),
        EntityKind::Telegram => behind(random, &["Telegram", "tele", "TG", "telega"]),
        EntityKind::Threema => behind(random, &["Threema", "threema"]),
        EntityKind::Wickr => behind(random, &["Wickr", "wickrme"]),
        EntityKind::Signal => behind(random, &["Signal", "signal"]),
        _ => {
            let of_kind: Vec<&str> = COINS.iter().filter(|(coin, _)| *coin == kind).map(|(_, address)| *address).collect();
            if of_kind.is_empty() { String::new() } else { of_kind[random.below(of_kind.len())].to_string() }
        }
    }
}

fn behind(random: &mut Random, labels: &[&str]) -> String {
    if random.chance(20) {
        return random.pick(&LINKS).to_string();
    }
    format!("{}{}{}{}", random.pick(labels), random.pick(&FILLS), random.pick(&GAPS), random.pick(&NAMES))
}

fn pair(random: &mut Random) -> String {
    format!("{}{}{}", random.pick(&LOGINS), random.pick(&MARKS), random.pick(&SECRETS))
}

/// A number of fiction, or a plus sign, a code and digits in groups.
fn phone(random: &mut Random) -> String {
    if random.chance(50) {
        return random
            .pick(&["+12125550123", "+1 (212) 555-0123", "+44 20 7946 0958", "+44 (0)20 7946 0958", "+999 212-555-0123", "+20 000 000"])
            .to_string();
    }
    let mut number = format!("+{}", 1 + random.below(999));
    for _ in 0..random.below(5) {
        number.push_str(random.pick(&["", " ", "-", ".", " (", ") ", "   ", "/"]));
        (0..random.below(5)).for_each(|_| number.push(char::from(b'0' + random.below(10) as u8)));
    }
    number.push_str(random.pick(&["", "", "%", ",5", "x", "_"]));
    number
}

/// A text with one character changed, too many or too few, or with a letter at one of its ends.
pub(super) fn spoiled(random: &mut Random, text: &str) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    if characters.is_empty() {
        return String::new();
    }
    let at = random.below(characters.len());
    let other = char::from(b"aZ0917:@+ -_.%|x"[random.below(16)]);
    match random.below(6) {
        0 => drop(characters.remove(at)),
        1 => characters.insert(at, other),
        2 => characters.insert(0, other),
        3 => characters.push(other),
        4 => {
            characters[at] =
                if characters[at].is_ascii_lowercase() { characters[at].to_ascii_uppercase() } else { characters[at].to_ascii_lowercase() }
        }
        _ => characters[at] = other,
    }
    characters.into_iter().collect()
}
