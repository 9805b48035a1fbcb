//! Telephone numbers of a surface, by regular expressions; the country calling codes are one of them. Invariant: what it finds is in order
//! of start and does not overlap.

use regex::bytes::Regex;
use std::ops::Range;
use std::sync::LazyLock;

fn regex(pattern: &str) -> Regex {
    Regex::new(&format!("(?-u){pattern}")).expect("a fixed pattern")
}

static CHAIN: LazyLock<Regex> = LazyLock::new(|| regex(r"\A\+[0-9](?:[ ()./-]{0,2}[0-9])*"));

/// Recommendation ITU-T E.164, assigned country codes; 1 with the shape of the North American plan.
static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    regex(concat!(
        r"\A(?:1[2-9][0-9]{2}[2-9][0-9]{6}|(?:7|2(?:0|7|1[12368]|[2346][0-9]|5[0-8]|9[01789])|3(?:[0-469]|5[0-9]|7[0-9]|8[0-35-79])",
        r"|4(?:[013-9]|2[013])|5(?:[1-8]|0[0-9]|9[0-9])|6(?:[0-6]|7[02-9]|8[0-35-9]|9[0-2])|8(?:[1246]|0[08]|5[02356]|7[08]|8[01236])",
        r"|9(?:[0-58]|6[0-8]|7[0-79]|9[2-68]))[0-9]+)\z"
    ))
});

pub(super) fn phones(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut found: Vec<Range<usize>> = Vec::new();
    for at in 0..bytes.len() {
        let bounded = at == 0 || !(bytes[at - 1].is_ascii_alphanumeric() || b"_+".contains(&bytes[at - 1]));
        if bounded && at >= found.last().map_or(0, |f| f.end) {
            found.extend(length(&bytes[at..]).map(|len| at..at + len));
        }
    }
    found
}

/// The length of the number that this text begins with.
pub(super) fn length(text: &[u8]) -> Option<usize> {
    let chain = CHAIN.find(text)?;
    let is_digit = |at: &usize| text.get(*at).is_some_and(u8::is_ascii_digit);
    let places: Vec<usize> = (0..chain.end()).filter(is_digit).collect();
    let ends_group = |count: &usize| !is_digit(&(places[*count - 1] + 1));
    let count = (1..=places.len().min(15)).rev().filter(ends_group).find(|count| text[1] != b'1' || *count == 11)?;
    let digits: Vec<u8> = places[..count].iter().map(|at| text[*at]).collect();
    let end = places[count - 1] + 1;
    let after = match text.get(end) {
        Some(b'%') => true,
        Some(b',') => is_digit(&(end + 1)),
        other => other.is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_'),
    };
    (count >= 8 && !digits.ends_with(b"0000") && NUMBER.is_match(&digits) && !after).then_some(end)
}
