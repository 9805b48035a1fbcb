//! Addresses of coins in an original text, by published crates. It knows nothing of rules. Invariant: what it finds is in order of start and
//! does not overlap.

use piepowder::EntityKind;
use regex::bytes::Regex;
use sha3::{Digest, Keccak256};
use std::ops::Range;
use std::sync::LazyLock;

static RUN: LazyLock<Regex> = LazyLock::new(|| Regex::new("(?-u)[0-9A-Za-z]+").expect("a fixed pattern"));

pub(super) fn addresses(kind: EntityKind, bytes: &[u8]) -> Vec<Range<usize>> {
    let is_address = |word: &str| match kind {
        EntityKind::Btc => is_base58check(word, '1', 0) || is_base58check(word, '3', 5) || is_segwit(word, "bc"),
        EntityKind::Ltc => is_base58check(word, 'L', 48) || is_base58check(word, 'M', 50) || is_segwit(word, "ltc"),
        EntityKind::Doge => is_base58check(word, 'D', 30),
        EntityKind::Trx => is_base58check(word, 'T', 65),
        EntityKind::Eth => is_ethereum(word),
        EntityKind::Xmr => is_monero(word),
        _ => false,
    };
    let words = RUN.find_iter(bytes).filter(|m| m.len() >= 25);
    words.filter(|m| core::str::from_utf8(m.as_bytes()).is_ok_and(is_address)).map(|m| m.range()).collect()
}

fn is_base58check(word: &str, first: char, version: u8) -> bool {
    word.starts_with(first) && word.len() <= 34 && bs58::decode(word).with_check(Some(version)).into_vec().is_ok_and(|payload| payload.len() == 21)
}

fn is_segwit(word: &str, wanted: &str) -> bool {
    word.len() <= 90 && bech32::segwit::decode(word).is_ok_and(|(prefix, _, _)| prefix.to_lowercase() == wanted)
}

fn is_ethereum(word: &str) -> bool {
    let Some(digits) = word.strip_prefix("0x").filter(|d| d.len() == 40 && d.chars().all(|c| c.is_ascii_hexdigit())) else { return false };
    if digits.chars().all(|c| digits.starts_with(c)) {
        return false;
    }
    let lower = digits.to_lowercase();
    let nibbles = Keccak256::digest(&lower).iter().flat_map(|b| [b >> 4, b & 15]).collect::<Vec<u8>>();
    let cased: String = lower.chars().zip(nibbles).map(|(c, nibble)| if nibble >= 8 { c.to_ascii_uppercase() } else { c }).collect();
    [lower.clone(), lower.to_uppercase(), cased].iter().any(|known| known == digits)
}

fn is_monero(word: &str) -> bool {
    let body = base58_monero::decode_check(word);
    matches!(word.len(), 95 | 106) && body.is_ok_and(|body| matches!((word.len(), body[0]), (95, 18 | 42) | (106, 19)))
}
