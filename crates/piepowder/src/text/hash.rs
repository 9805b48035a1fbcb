//! One 64-bit hash for the text of pieces: equal on every machine and at compile time. It is no defense against made collisions;
//! whoever must be sure compares the text. Invariant: `hash_joined` of parts is `hash` of their concatenation.

/// Longest joined text, in bytes, that `hash_joined` takes.
pub(crate) const JOINED_BYTES: usize = 64;

// Odd constants with about as many ones as zeros: the fractional digits of pi, as in wyhash.
const SEED: u64 = 0x243F_6A88_85A3_08D3;
const STEP: u64 = 0x9E37_79B9_7F4A_7C15;
const LAST: u64 = 0xA409_3822_299F_31D1;

/// High and low half of the product, folded together: every bit of both factors reaches every bit of the result.
const fn fold_multiply(a: u64, b: u64) -> u64 {
    let product = a as u128 * b as u128;
    (product as u64) ^ ((product >> 64) as u64)
}

/// The hash of some bytes.
pub(crate) const fn hash(bytes: &[u8]) -> u64 {
    let mut state = SEED ^ (bytes.len() as u64).wrapping_mul(STEP);
    let mut rest = bytes;
    while let Some((word, tail)) = rest.split_first_chunk::<8>() {
        state = fold_multiply(state ^ u64::from_le_bytes(*word), STEP).rotate_left(23) ^ state.wrapping_mul(LAST);
        rest = tail;
    }
    if !rest.is_empty() {
        let mut word = 0u64;
        let mut i = 0;
        while i < rest.len() {
            word |= (rest[i] as u64) << (8 * i);
            i += 1;
        }
        state = fold_multiply(state ^ word, STEP).rotate_left(23) ^ state.wrapping_mul(LAST);
    }
    fold_multiply(state ^ LAST, STEP ^ (bytes.len() as u64))
}

/// The fingerprint of a word: 32 bits of its hash.
pub(crate) fn print(word: &[u8]) -> u32 {
    (hash(word) >> 32) as u32
}

/// The hash of the parts written one after another; `None` when they are longer than `JOINED_BYTES`.
pub(crate) fn hash_joined<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> Option<u64> {
    let mut joined = [0u8; JOINED_BYTES];
    let mut len = 0;
    for part in parts {
        joined.get_mut(len..len + part.len())?.copy_from_slice(part);
        len += part.len();
    }
    Some(hash(&joined[..len]))
}
