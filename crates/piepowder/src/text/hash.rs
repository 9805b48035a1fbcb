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
    let mut state = first(bytes.len());
    let mut rest = bytes;
    while let Some((word, tail)) = rest.split_first_chunk::<8>() {
        state = step(state, u64::from_le_bytes(*word));
        rest = tail;
    }
    if !rest.is_empty() {
        let word = match bytes.last_chunk::<8>() {
            // The last eight bytes, less those that were read.
            Some(word) => u64::from_le_bytes(*word) >> (64 - 8 * rest.len()),
            None => {
                let mut word = 0u64;
                let mut i = 0;
                while i < rest.len() {
                    word |= (rest[i] as u64) << (8 * i);
                    i += 1;
                }
                word
            }
        };
        state = step(state, word);
    }
    last(state, bytes.len())
}

const fn first(length: usize) -> u64 {
    SEED ^ (length as u64).wrapping_mul(STEP)
}

const fn step(state: u64, word: u64) -> u64 {
    fold_multiply(state ^ word, STEP).rotate_left(23) ^ state.wrapping_mul(LAST)
}

const fn last(state: u64, length: usize) -> u64 {
    fold_multiply(state ^ LAST, STEP ^ (length as u64))
}

/// What the hash of a text of at most eight bytes takes beside them, by their number.
#[derive(Clone, Copy)]
struct Short {
    bytes: u64,
    first: u64,
    second: u64,
    factor: u64,
}

static SHORT: [Short; 9] = {
    // Of no bytes at all there is no step, and nobody asks for such a hash.
    let mut short = [Short { bytes: 0, first: 0, second: 0, factor: 0 }; 9];
    let mut length = 1;
    while length <= 8 {
        let (bytes, first) = (u64::MAX >> (64 - 8 * length), first(length));
        short[length] = Short { bytes, first, second: first.wrapping_mul(LAST) ^ LAST, factor: STEP ^ (length as u64) };
        length += 1;
    }
    short
};

/// The hash of the bytes `start..end` of a text, which are not none. Where eight bytes can be read, they are, and what is too much is cut off: most words of a text
/// have less than eight, and byte by byte they cost three times as much.
#[inline(always)]
pub(crate) fn hash_in(text: &[u8], start: usize, end: usize) -> u64 {
    let length = end - start;
    if let Some(word) = word_at(text, start) {
        if let Some(short) = SHORT.get(length) {
            return fold_multiply(fold_multiply(word & short.bytes ^ short.first, STEP).rotate_left(23) ^ short.second, short.factor);
        }
        if let (9..=16, Some(tail)) = (length, word_at(text, end - 8)) {
            return last(step(step(first(length), word), tail >> (8 * (16 - length))), length);
        }
    }
    hash_any(&text[start..end])
}

/// Kept apart, for few pieces are so long, or end so near the end of the text.
#[inline(never)]
fn hash_any(bytes: &[u8]) -> u64 {
    hash(bytes)
}

#[inline]
fn word_at(text: &[u8], start: usize) -> Option<u64> {
    let word = text.get(start..start + 8)?.first_chunk()?;
    Some(u64::from_le_bytes(*word))
}

/// The hash of two pieces beside one another, of those of both.
#[inline]
pub(crate) const fn hash_pair(first: u64, second: u64) -> u64 {
    // The factors are made unlike one another, so that "gold ring" is no "ring gold".
    fold_multiply(first ^ LAST, second ^ SEED)
}

/// The fingerprint of a word: 32 bits of its hash.
pub(crate) fn print(word: &[u8]) -> u32 {
    print_of(hash(word))
}

/// The fingerprint of a word with this hash.
pub(crate) const fn print_of(hash: u64) -> u32 {
    (hash >> 32) as u32
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
