//! Onion services, Session IDs and PGP blocks of a surface. It opens no block. Invariant: what it finds is in order of start and does not
//! overlap.

use regex::Regex;
use sha3::{Digest, Sha3_256};
use std::ops::Range;
use std::sync::LazyLock;

static RUN: LazyLock<Regex> = LazyLock::new(|| Regex::new("[0-9A-Za-z]+").expect("a fixed pattern"));
static SESSION: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\A05[0-9a-fA-F]{64}\z").expect("a fixed pattern"));

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

pub(super) fn sessions(text: &str) -> Vec<Range<usize>> {
    RUN.find_iter(text).filter(|m| SESSION.is_match(m.as_str())).map(|m| m.range()).collect()
}

/// The end of the PGP block that begins with this text.
pub(super) fn block_end(text: &[u8]) -> Option<usize> {
    let find = |text: &[u8], wanted: &str| text.windows(wanted.len()).position(|window| window == wanted.as_bytes());
    for what in ["public key block", "message"] {
        let first = format!("-----begin pgp {what}-----");
        if text.starts_with(first.as_bytes()) {
            let inside = &text[first.len()..text.len().min(first.len() + 16_384)];
            let last = format!("-----end pgp {what}-----");
            let end = find(inside, &last).filter(|end| find(inside, "-----begin pgp ").is_none_or(|other| end + last.len() <= other));
            return Some(first.len() + end.map_or(0, |end| end + last.len()));
        }
    }
    None
}
