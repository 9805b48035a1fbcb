//! Entities that a checksum or a strict shape proves: cards, e-mail addresses, Bitcoin addresses, onion services. Each detector reads
//! bytes of one view and appends spans, left to right, not overlapping (docs/SEMANTICS.md, section 6). Detectors are linear: each byte
//! is looked at a bounded number of times. Invariant: nothing here remembers what an entity says.

use crate::span::Span;
use sha2::{Digest as _, Sha256};
use sha3::Sha3_256;

/// Payment card numbers in a surface: 13 to 19 digits in groups, Luhn.
pub(crate) fn cards(text: &[u8], out: &mut Vec<Span>) {
    let mut at = 0;
    while let Some(offset) = text[at..].iter().position(u8::is_ascii_digit) {
        let start = at + offset;
        // Group ends, with the number of digits up to each, as far as 19 digits reach.
        let (mut end, mut digits, mut best) = (start, 0usize, None);
        loop {
            let group = text[end..].iter().take(20).take_while(|b| b.is_ascii_digit()).count();
            digits += group;
            end += group;
            if group == 0 || digits > 19 {
                break;
            }
            if digits >= 13 && is_card(&text[start..end]) {
                best = Some(end);
            }
            match text.get(end) {
                Some(b' ' | b'-') if text.get(end + 1).is_some_and(u8::is_ascii_digit) => end += 1,
                _ => break,
            }
        }
        at = match best {
            Some(end) => {
                out.push(Span::new(start as u32, end as u32));
                end
            }
            None => start + text[start..].iter().take_while(|b| b.is_ascii_digit()).count(),
        };
    }
}

/// First digit 2 to 6, not all alike, Luhn sum 0 modulo 10. Separators are skipped.
fn is_card(text: &[u8]) -> bool {
    let digits = || text.iter().filter(|b| b.is_ascii_digit()).map(|b| u32::from(b - b'0'));
    let first = text[0] - b'0';
    let luhn: u32 = text
        .iter()
        .rev()
        .filter(|b| b.is_ascii_digit())
        .enumerate()
        .map(|(i, b)| {
            let d = u32::from(b - b'0') << (i % 2);
            if d > 9 { d - 9 } else { d }
        })
        .sum();
    (2..=6).contains(&first) && luhn.is_multiple_of(10) && digits().any(|d| d != u32::from(first))
}

fn is_local(b: u8) -> bool {
    b.is_ascii_lowercase() || b.is_ascii_digit() || b"._%+-".contains(&b)
}

/// E-mail addresses in a surface.
pub(crate) fn emails(text: &[u8], out: &mut Vec<Span>) {
    let mut free = 0;
    let mut from = 0;
    while let Some(offset) = memchr::memchr(b'@', &text[from..]) {
        let at = from + offset;
        from = at + 1;
        let local = text[free..at].iter().rev().take(65).take_while(|b| is_local(**b)).count();
        // Not preceded by a character of the class: the run is bounded, at 64, by the text or by the address before it.
        let bounded = local <= 64 && (at == local || !is_local(text[at - local - 1]));
        if local == 0 || !bounded {
            continue;
        }
        if let Some(end) = domain_end(text, at + 1) {
            out.push(Span::new((at - local) as u32, end as u32));
            free = end;
            from = end;
        }
    }
}

/// End of the longest `([a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}` at `start` that no letter, digit or hyphen follows.
fn domain_end(text: &[u8], start: usize) -> Option<usize> {
    let (mut from, mut best) = (start, None);
    for label in 0..9 {
        let run = text[from..].iter().take(64).take_while(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || **b == b'-').count();
        let end = from + run;
        if label > 0 && (2..=24).contains(&run) && text[from..end].iter().all(u8::is_ascii_lowercase) {
            best = Some(end);
        }
        if run == 0 || run > 63 || text.get(end) != Some(&b'.') {
            break;
        }
        from = end + 1;
    }
    best
}

/// Bitcoin addresses in original bytes: base58check with version 0 or 5, bech32 and bech32m with prefix `bc`.
pub(crate) fn bitcoin(text: &[u8], out: &mut Vec<Span>) {
    runs(text, 25, |start, end| {
        let run = &text[start..end];
        let known = match run[0] {
            b'1' | b'3' => run.len() <= 34 && is_base58check(run),
            b'b' | b'B' => run.len() <= 90 && is_segwit(run),
            _ => false,
        };
        if known {
            out.push(Span::new(start as u32, end as u32));
        }
    });
}

/// Calls `found` for every maximal run of at least `least` ASCII letters and digits. Such a run covers a multiple of `least`, so most
/// of a text of short words is stepped over.
fn runs(text: &[u8], least: usize, mut found: impl FnMut(usize, usize)) {
    let mut probe = least - 1;
    while probe < text.len() {
        if text[probe].is_ascii_alphanumeric() {
            let start = probe - text[..probe].iter().rev().take_while(|b| b.is_ascii_alphanumeric()).count();
            let end = probe + text[probe..].iter().take_while(|b| b.is_ascii_alphanumeric()).count();
            if end - start >= least {
                found(start, end);
            }
            probe = end.max(probe);
        }
        probe += least;
    }
}

const BASE58: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

fn is_base58check(text: &[u8]) -> bool {
    // 25 bytes, big-endian: version, 20 bytes of hash, 4 bytes of checksum.
    let mut bytes = [0u8; 25];
    for c in text {
        let Some(mut carry) = BASE58.iter().position(|b| b == c) else { return false };
        for byte in bytes.iter_mut().rev() {
            carry += usize::from(*byte) * 58;
            *byte = carry as u8;
            carry >>= 8;
        }
        if carry != 0 {
            return false;
        }
    }
    let zeros = bytes.iter().take_while(|b| **b == 0).count();
    let ones = text.iter().take_while(|b| **b == b'1').count();
    let checksum = Sha256::digest(Sha256::digest(&bytes[..21]));
    zeros == ones && matches!(bytes[0], 0 | 5) && checksum[..4] == bytes[21..]
}

const BECH32: &[u8; 32] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";

/// A segregated-witness address of the main network (BIP 173, BIP 350).
fn is_segwit(text: &[u8]) -> bool {
    let lower = text.iter().any(u8::is_ascii_lowercase);
    let upper = text.iter().any(u8::is_ascii_uppercase);
    if (lower && upper) || text.len() < 14 || !text[..3].eq_ignore_ascii_case(b"bc1") {
        return false;
    }
    let mut checksum = [3, 3, 0, 2, 3].into_iter().fold(1u32, polymod); // "bc", expanded
    let mut values = [0u8; 90];
    let count = text.len() - 3;
    for (value, c) in values.iter_mut().zip(&text[3..]) {
        let Some(v) = BECH32.iter().position(|b| *b == c.to_ascii_lowercase()) else { return false };
        *value = v as u8;
        checksum = polymod(checksum, v as u32);
    }
    let version = values[0];
    let expected = if version == 0 { 1 } else { 0x2BC8_30A3 };
    // Five bits a character; whole bytes, and padding of less than five zero bits.
    let program = &values[1..count - 6];
    let bits = program.len() * 5;
    let (bytes, padding) = (bits / 8, bits % 8);
    let padded_right = padding < 5 && program.last().is_none_or(|v| v & ((1 << padding) - 1) == 0);
    let length = if version == 0 { matches!(bytes, 20 | 32) } else { (2..=40).contains(&bytes) };
    checksum == expected && version <= 16 && padded_right && length
}

fn polymod(checksum: u32, value: u32) -> u32 {
    const GENERATOR: [u32; 5] = [0x3B6A_57B2, 0x2650_8E6D, 0x1EA1_19FA, 0x3D42_33DD, 0x2A14_62B3];
    let top = checksum >> 25;
    let shifted = (checksum & 0x01FF_FFFF) << 5 ^ value;
    (0..5).filter(|i| top >> i & 1 == 1).fold(shifted, |c, i| c ^ GENERATOR[i])
}

/// Onion service addresses, version 3, in a surface.
pub(crate) fn onions(text: &[u8], out: &mut Vec<Span>) {
    runs(text, 56, |start, end| {
        if end - start == 56 && text[end..].starts_with(b".onion") && is_onion(&text[start..end]) {
            out.push(Span::new(start as u32, end as u32 + 6));
        }
    });
}

/// 35 bytes in base32: public key, checksum, version 3 (Tor rend-spec-v3, section 6).
fn is_onion(text: &[u8]) -> bool {
    let mut bytes = [0u8; 35];
    let (mut bits, mut have, mut at) = (0u32, 0, 0);
    for c in text {
        let value = match c {
            b'a'..=b'z' => c - b'a',
            b'2'..=b'7' => c - b'2' + 26,
            _ => return false,
        };
        bits = bits << 5 | u32::from(value);
        have += 5;
        if have >= 8 {
            have -= 8;
            bytes[at] = (bits >> have) as u8;
            at += 1;
        }
    }
    let mut hasher = Sha3_256::new();
    hasher.update(b".onion checksum");
    hasher.update(&bytes[..32]);
    hasher.update([3]);
    bytes[34] == 3 && hasher.finalize()[..2] == bytes[32..34]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(detector: fn(&[u8], &mut Vec<Span>), text: &str) -> Vec<String> {
        let mut out = Vec::new();
        detector(text.as_bytes(), &mut out);
        out.into_iter().map(|s| text[s.range()].to_owned()).collect()
    }

    #[test]
    fn cards_are_published_test_numbers() {
        for number in ["4111111111111111", "4111 1111 1111 1111", "5555-5555-5555-4444", "378282246310005", "6011111111111117", "3056 9309 0259 04"] {
            assert_eq!(all(cards, &format!("x {number} y")), [number]);
        }
        assert_eq!(all(cards, "4111 1111 1111 1111 12 25"), ["4111 1111 1111 1111"]);
        assert_eq!(all(cards, "77 4111 1111 1111 1111"), ["4111 1111 1111 1111"]);
        for not in ["4111111111111112", "4444444444444444", "1234567890123", "41111111111111111111", "0000000000000000"] {
            assert!(all(cards, not).is_empty(), "{not}");
        }
    }

    #[test]
    fn emails_are_bounded() {
        assert_eq!(all(emails, "write to a.b+c@mail.example.com, now"), ["a.b+c@mail.example.com"]);
        assert_eq!(all(emails, "a@b.example. next"), ["a@b.example"]);
        assert_eq!(all(emails, "x@y.example@z.example"), ["x@y.example"]);
        assert_eq!(all(emails, "a@example.com1 b@-.c2 @x.org a@b"), Vec::<String>::new());
        assert_eq!(all(emails, "a@b.co.5x"), ["a@b.co"]);
    }

    #[test]
    fn bitcoin_vectors() {
        // Published vectors: the genesis address, BIP 13's shape, BIP 173, BIP 350.
        for address in [
            "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
            "3P14159f73E4gFr7JterCCQh9QjiTjiZrG",
            "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
            "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4",
            "bc1pw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7kt5nd6y",
            "BC1SW50QGDZ25J",
            "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
        ] {
            let expected: &[&str] = if address.len() >= 25 { &[address] } else { &[] };
            assert_eq!(all(bitcoin, &format!("send ({address}) now")), expected);
        }
        for not in [
            "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb",
            "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5",
            "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd",
            "bc1Qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
            "x1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
        ] {
            assert!(all(bitcoin, not).is_empty(), "{not}");
        }
    }

    #[test]
    fn onion_vector() {
        // The specification's own example address.
        let address = "pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd.onion";
        assert_eq!(all(onions, &format!("http://{address}/x")), [address]);
        assert!(all(onions, &address.replace("pg6", "pg7")).is_empty());
        assert!(all(onions, &format!("a{address}")).is_empty());
    }
}
