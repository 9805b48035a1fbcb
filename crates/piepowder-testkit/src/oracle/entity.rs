//! Entities that a checksum or a shape proves (docs/SEMANTICS.md, section 6), by published crates. It knows nothing of rules.
//! Invariant: what it finds is in order of start and does not overlap.

use regex::Regex;
use sha3::{Digest, Sha3_256};
use std::ops::Range;
use std::sync::LazyLock;

static DOMAIN: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\A(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}\z").expect("a fixed pattern"));
static DIGITS: LazyLock<Regex> = LazyLock::new(|| Regex::new("[0-9]+").expect("a fixed pattern"));
static RUN: LazyLock<regex::bytes::Regex> = LazyLock::new(|| regex::bytes::Regex::new("(?-u)[0-9A-Za-z]+").expect("a fixed pattern"));

/// E-mail addresses of a surface.
pub(super) fn emails(text: &str) -> Vec<Range<usize>> {
    let local = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._%+-".contains(&b);
    let bytes = text.as_bytes();
    let mut found: Vec<Range<usize>> = Vec::new();
    for at in (0..bytes.len()).filter(|i| bytes[*i] == b'@') {
        let free = found.last().map_or(0, |f| f.end);
        let start = (0..at).rev().take_while(|i| local(bytes[*i])).last().unwrap_or(at);
        if start == at || at - start > 64 || start < free {
            continue;
        }
        let after = |i: usize| bytes.get(i).is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'-');
        let in_domain = bytes[at + 1..].iter().take_while(|b| b.is_ascii_alphanumeric() || b"-.".contains(b)).count();
        let end = (at + 1..=at + 1 + in_domain).rev().find(|end| DOMAIN.is_match(&text[at + 1..*end]) && !after(*end));
        found.extend(end.map(|end| start..end));
    }
    found
}

/// Payment card numbers of a surface.
pub(super) fn cards(text: &str) -> Vec<Range<usize>> {
    let groups: Vec<Range<usize>> = DIGITS.find_iter(text).map(|m| m.range()).collect();
    let mut found: Vec<Range<usize>> = Vec::new();
    for (i, first) in groups.iter().enumerate() {
        if found.last().is_some_and(|f| first.start < f.end) {
            continue;
        }
        let mut longest = None;
        let mut digits = String::new();
        for (j, group) in groups.iter().enumerate().skip(i) {
            if j > i && !matches!(&text[groups[j - 1].end..group.start], " " | "-") {
                break;
            }
            digits.push_str(&text[group.clone()]);
            if is_card(&digits) {
                longest = Some(first.start..group.end);
            }
        }
        found.extend(longest);
    }
    found
}

fn is_card(digits: &str) -> bool {
    let values: Vec<u32> = digits.bytes().map(|b| u32::from(b - b'0')).collect();
    let luhn = |(place, v): (usize, &u32)| if place % 2 == 0 { *v } else { v * 2 / 10 + v * 2 % 10 };
    (13..=19).contains(&values.len())
        && (2..=6).contains(&values[0])
        && values.iter().any(|v| *v != values[0])
        && values.iter().rev().enumerate().map(luhn).sum::<u32>() % 10 == 0
}

/// Bitcoin addresses of an original text.
pub(super) fn bitcoin(bytes: &[u8]) -> Vec<Range<usize>> {
    let is_address = |word: &[u8]| core::str::from_utf8(word).is_ok_and(|w| is_base58check(w) || is_segwit(w));
    RUN.find_iter(bytes).filter(|m| is_address(m.as_bytes())).map(|m| m.range()).collect()
}

fn is_base58check(word: &str) -> bool {
    let version = match word.as_bytes()[0] {
        b'1' => 0,
        b'3' => 5,
        _ => return false,
    };
    (25..=34).contains(&word.len()) && bs58::decode(word).with_check(Some(version)).into_vec().is_ok_and(|payload| payload.len() == 21)
}

fn is_segwit(word: &str) -> bool {
    (25..=90).contains(&word.len()) && bech32::segwit::decode(word).is_ok_and(|(prefix, _, _)| prefix.to_lowercase() == "bc")
}

/// Onion service addresses of a surface.
pub(super) fn onions(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for (dot, _) in text.match_indices(".onion") {
        let Some(start) = dot.checked_sub(56) else { continue };
        let bytes = text.as_bytes();
        let bounded = start == 0 || !bytes[start - 1].is_ascii_alphanumeric();
        if bounded && is_onion(&bytes[start..dot]) {
            found.push(start..dot + ".onion".len());
        }
    }
    found
}

fn is_onion(name: &[u8]) -> bool {
    let mut bits: Vec<u8> = Vec::new();
    for c in name {
        let value = match c {
            b'a'..=b'z' => c - b'a',
            b'2'..=b'7' => c - b'2' + 26,
            _ => return false,
        };
        bits.extend((0..5).rev().map(|place| value >> place & 1));
    }
    let bytes: Vec<u8> = bits.chunks(8).map(|byte| byte.iter().fold(0, |all, bit| all << 1 | bit)).collect();
    let (key, checksum, version) = (&bytes[..32], &bytes[32..34], bytes[34]);
    let digest = Sha3_256::digest([b".onion checksum".as_slice(), key, &[version]].concat());
    version == 3 && digest[..2] == *checksum
}
