//! The checksums of addresses: base58check, segregated witness, Monero's base58, EIP-55, onion services. It looks at one word that somebody
//! else has cut out of a text. Invariant: a wrong character, and a sum that another coin would take, is no address.

use sha2::{Digest as _, Sha256};
use sha3::{Keccak256, Sha3_256};

const BASE58: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

fn base58_value(c: u8) -> Option<usize> {
    BASE58.iter().position(|b| *b == c)
}

/// The version byte of an address of 25 bytes, big-endian: version, 20 bytes of hash, 4 bytes of checksum.
pub(super) fn base58check_version(text: &[u8]) -> Option<u8> {
    let mut bytes = [0u8; 25];
    for c in text {
        let mut carry = base58_value(*c)?;
        for byte in bytes.iter_mut().rev() {
            carry += usize::from(*byte) * 58;
            *byte = carry as u8;
            carry >>= 8;
        }
        if carry != 0 {
            return None;
        }
    }
    let zeros = bytes.iter().take_while(|b| **b == 0).count();
    let ones = text.iter().take_while(|b| **b == b'1').count();
    let checksum = Sha256::digest(Sha256::digest(&bytes[..21]));
    (zeros == ones && checksum[..4] == bytes[21..]).then_some(bytes[0])
}

const BECH32: &[u8; 32] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";

/// A segregated-witness address (BIP 173, BIP 350) whose part before the `1` is `prefix`, in lower case.
pub(super) fn is_segwit(text: &[u8], prefix: &[u8]) -> bool {
    let lower = text.iter().any(u8::is_ascii_lowercase);
    let upper = text.iter().any(u8::is_ascii_uppercase);
    let begins = text.get(..prefix.len()).is_some_and(|t| t.eq_ignore_ascii_case(prefix)) && text.get(prefix.len()) == Some(&b'1');
    // One character of version, two of the shortest program, six of the sum.
    let first = prefix.len() + 1;
    if (lower && upper) || !begins || text.len() < first + 9 || text.len() > 90 {
        return false;
    }
    let high = prefix.iter().map(|b| u32::from(b >> 5));
    let low = prefix.iter().map(|b| u32::from(b & 31));
    let mut checksum = high.chain([0]).chain(low).fold(1u32, polymod);
    let mut values = [0u8; 90];
    let count = text.len() - first;
    for (value, c) in values.iter_mut().zip(&text[first..]) {
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

/// An address of Monero's main network: 95 characters (standard, subaddress) or 106 (integrated), in blocks of 11 for 8 bytes, and 7 for 5.
pub(super) fn is_monero(text: &[u8]) -> bool {
    if !matches!(text.len(), 95 | 106) {
        return false;
    }
    let mut bytes = [0u8; 80];
    let mut len = 0;
    for block in text.chunks(11) {
        let size = if block.len() == 11 { 8 } else { 5 };
        let mut value = 0u128;
        for c in block {
            let Some(digit) = base58_value(*c) else { return false };
            value = value * 58 + digit as u128;
        }
        if value >> (8 * size) != 0 {
            return false;
        }
        bytes[len..len + size].copy_from_slice(&value.to_be_bytes()[16 - size..]);
        len += size;
    }
    let (body, checksum) = bytes[..len].split_at(len - 4);
    let network: &[u8] = if text.len() == 95 { &[18, 42] } else { &[19] };
    network.contains(&body[0]) && Keccak256::digest(body)[..4] == *checksum
}

/// Forty hexadecimal digits with the letter case that EIP-55 gives them, or with letters of one case alone.
pub(super) fn is_ethereum(digits: &[u8]) -> bool {
    let one_case = !digits.iter().any(u8::is_ascii_lowercase) || !digits.iter().any(u8::is_ascii_uppercase);
    if one_case {
        return true;
    }
    let mut lower = [0u8; 40];
    lower.copy_from_slice(digits);
    lower.make_ascii_lowercase();
    let hash = Keccak256::digest(lower);
    digits.iter().enumerate().all(|(i, digit)| {
        let half = if i % 2 == 0 { hash[i / 2] >> 4 } else { hash[i / 2] & 15 };
        digit.is_ascii_digit() || digit.is_ascii_uppercase() == (half >= 8)
    })
}

/// 35 bytes in base32: public key, checksum, version 3 (Tor rend-spec-v3, section 6).
pub(super) fn is_onion(text: &[u8]) -> bool {
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
