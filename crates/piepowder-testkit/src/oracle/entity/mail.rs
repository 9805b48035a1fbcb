//! E-mail addresses of a surface, by their regular expression. It knows nothing of rules. Invariant: what it finds is in order of start and
//! does not overlap.

use regex::Regex;
use std::ops::Range;
use std::sync::LazyLock;

static DOMAIN: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\A(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}\z").expect("a fixed pattern"));

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
