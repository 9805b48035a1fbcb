//! One 64-bit hash for the text of pieces: equal on every machine and at compile time. It is no defense against made collisions;
//! whoever must be sure compares the text. Invariant: `hash_joined` of parts is `hash` of their concatenation.

/// Longest joined text, in bytes, that `hash_joined` takes.
pub const JOINED_BYTES: usize = 64;

// Odd constants with about as many ones as zeros: the fractional digits of pi, as in wyhash.
const SEED: u64 = 0x243F_6A88_85A3_08D3;
const STEP: u64 = 0x9E37_79B9_7F4A_7C15;
const LAST: u64 = 0xA409_3822_299F_31D1;

/// High and low half of the product, folded together: every bit of both factors reaches every bit of the result.
const fn fold_multiply(a: u64, b: u64) -> u64 {
    let product = a as u128 * b as u128;
    (product as u64) ^ ((product >> 64) as u64)
}

/// The hash of some bytes: one product of eight bytes and the eight that they end with, of a text of eight or less with its length alone.
/// What is longer goes into it eight bytes at a time before.
pub const fn hash(bytes: &[u8]) -> u64 {
    let (mut state, mut rest) = (SEED, bytes);
    while let (17.., Some((word, behind))) = (rest.len(), rest.split_first_chunk::<8>()) {
        state = fold_multiply(state ^ u64::from_le_bytes(*word), STEP);
        rest = behind;
    }
    if let (9.., Some(first), Some(tail)) = (rest.len(), rest.first_chunk::<8>(), rest.last_chunk::<8>()) {
        return finish(state ^ u64::from_le_bytes(*first), u64::from_le_bytes(*tail), bytes.len());
    }
    let (mut word, mut at) = (0, 0);
    while at < rest.len() {
        word |= (rest[at] as u64) << (8 * at);
        at += 1;
    }
    finish(state ^ word, 0, bytes.len())
}

const fn finish(state: u64, tail: u64, length: usize) -> u64 {
    fold_multiply(state, tail ^ STEP ^ length as u64)
}

/// The hash of the bytes `start..end` of a text. Of most words of a text eight bytes are read, and what is too much is cut off: byte by byte
/// they cost three times as much.
///
/// # Panics
/// When there are no such bytes.
#[inline(always)]
pub fn hash_in(text: &[u8], start: usize, end: usize) -> u64 {
    let length = end.wrapping_sub(start);
    if length.wrapping_sub(1) < 8 {
        // Two shifts cut off what the number of bits, modulo 64, leaves.
        let unused = (8 * length).wrapping_neg() as u32;
        if let Some(word) = word_at(text, start) {
            return finish(SEED ^ word.wrapping_shl(unused).wrapping_shr(unused), 0, length);
        }
        if let Some(word) = word_at(text, end.wrapping_sub(8)) {
            return finish(SEED ^ word.wrapping_shr(unused), 0, length);
        }
    } else if let (9..=16, Some(word), Some(tail)) = (length, word_at(text, start), word_at(text, end.wrapping_sub(8))) {
        return finish(SEED ^ word, tail, length);
    }
    hash_any(&text[start..end])
}

/// Kept apart, for few pieces are so long.
#[inline(never)]
fn hash_any(bytes: &[u8]) -> u64 {
    hash(bytes)
}

/// The eight bytes of a text from a place on, if there are so many.
#[inline(always)]
fn word_at(text: &[u8], start: usize) -> Option<u64> {
    // One comparison; a slice of a slice is checked with three.
    if start.checked_add(8).is_none_or(|end| end > text.len()) {
        return None;
    }
    // SAFETY: the text has the eight bytes that are read, and they need no alignment.
    Some(u64::from_le(unsafe { text.as_ptr().add(start).cast::<u64>().read_unaligned() }))
}

/// The hash of two pieces beside one another, of those of both.
#[inline]
pub const fn hash_pair(first: u64, second: u64) -> u64 {
    // The factors are made unlike one another, so that "gold ring" is no "ring gold".
    fold_multiply(first ^ LAST, second ^ SEED)
}

/// The fingerprint of a word: 32 bits of its hash.
pub fn print(word: &[u8]) -> u32 {
    print_of(hash(word))
}

/// The fingerprint of a word with this hash.
pub const fn print_of(hash: u64) -> u32 {
    (hash >> 32) as u32
}

/// The hash of the parts written one after another; `None` when they are longer than `JOINED_BYTES`.
pub fn hash_joined<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> Option<u64> {
    let mut joined = [0u8; JOINED_BYTES];
    let mut len = 0;
    for part in parts {
        joined.get_mut(len..len + part.len())?.copy_from_slice(part);
        len += part.len();
    }
    Some(hash(&joined[..len]))
}
