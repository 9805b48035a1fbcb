//! Credential pairs of a surface and rows of them. Invariant: what it finds is in order of start and does not overlap.

use super::mail::emails;
use regex::bytes::Regex;
use std::ops::Range;
use std::sync::LazyLock;

fn regex(pattern: &str) -> Regex {
    Regex::new(&format!("(?-u){pattern}")).expect("a fixed pattern")
}

static LOGIN: LazyLock<Regex> = LazyLock::new(|| regex(r"[a-z0-9._-]+\z"));
static SECRET: LazyLock<Regex> = LazyLock::new(|| regex("\\A[!-~&&[^,;|<>\"'()`]]+"));
/// What a password needs beside a login, one of each.
static BESIDE_LOGIN: LazyLock<[Regex; 3]> = LazyLock::new(|| [regex("[A-Za-z]"), regex("[0-9]"), regex("[A-Za-z0-9][!?@^~][A-Za-z0-9]")]);
static BESIDE_MAIL: LazyLock<[Regex; 2]> = LazyLock::new(|| [regex("[A-Za-z]"), regex(r"[0-9!$#%&*?@^~_+=-]")]);

pub(super) fn pairs(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mails = emails(text);
    let mut found: Vec<Range<usize>> = Vec::new();
    for mark in (0..bytes.len()).filter(|at| b":|;".contains(&bytes[*at])) {
        let free = found.last().map_or(0, |f| f.end);
        let Some(secret) = SECRET.find(&bytes[mark + 1..]).map(|m| m.as_bytes()).filter(|s| s.len() <= 64) else { continue };
        let mail = mails.iter().find(|mail| mail.end == mark);
        let (start, fits) = match mail {
            Some(mail) => (Some(mail.start), secret.len() >= 6 && BESIDE_MAIL.iter().all(|wanted| wanted.is_match(secret))),
            None => (login(&bytes[..mark]), secret.len() >= 8 && BESIDE_LOGIN.iter().all(|wanted| wanted.is_match(secret))),
        };
        // It is printable ASCII.
        let said = String::from_utf8_lossy(secret);
        let other = said.starts_with("www.") || said.contains("://") || !emails(&said).is_empty();
        if let Some(start) = start.filter(|start| *start >= free && mark >= free && fits && !other) {
            found.push(start..mark + 1 + secret.len());
        }
    }
    found
}

/// Where the login begins that a text ends with.
fn login(before: &[u8]) -> Option<usize> {
    let login = LOGIN.find(before)?;
    let follows = login.start() > 0 && b"@:/|;+%".contains(&before[login.start() - 1]);
    ((4..=32).contains(&login.len()) && login.as_bytes()[0].is_ascii_lowercase() && !follows).then_some(login.start())
}

pub(super) fn rows(text: &str) -> Vec<Range<usize>> {
    let mut rows: Vec<Vec<Range<usize>>> = Vec::new();
    for pair in pairs(text) {
        match rows.last_mut() {
            Some(row) if pair.start - row[row.len() - 1].end <= 64 => row.push(pair),
            _ => rows.push(vec![pair]),
        }
    }
    rows.iter().filter(|row| row.len() >= 2).map(|row| row[0].start..row[row.len() - 1].end).collect()
}
