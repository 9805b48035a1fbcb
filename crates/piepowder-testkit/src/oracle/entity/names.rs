//! Names behind labels, and links, of a surface: at every place, by regular expressions. Invariant: what it finds is in order of start and
//! does not overlap.

use super::{keys, phones};
use piepowder::EntityKind;
use regex::bytes::Regex;
use std::ops::Range;
use std::sync::LazyLock;

const LINK: &str = r"[A-Za-z0-9_/+=?&@*-]{4,128}";
const GAP: &str = r"\A[ :=>@(/-]+";
const FILLS: &str = r"\A(?: (?:bot|channel|chat|fingerprint|group|handle|id|is|key|me|name|number|public|user|username)\b){0,3}";

fn regex(pattern: &str) -> Regex {
    Regex::new(&format!("(?-u){pattern}")).expect("a fixed pattern")
}

struct Scheme {
    kind: EntityKind,
    label: Regex,
    link: Option<Regex>,
    /// With the gap before it.
    names: Vec<Regex>,
}

fn scheme(kind: EntityKind, label: &str, link: &str, names: &[&str]) -> Scheme {
    Scheme {
        kind,
        label: regex(&format!(r"\A(?:{label})\b")),
        link: (!link.is_empty()).then(|| regex(&format!(r"\A(?:{link}){LINK}"))),
        names: names.iter().map(|name| regex(&format!(r"\A{name}"))).collect(),
    }
}

static SHARED: LazyLock<[Regex; 2]> = LazyLock::new(|| [regex(FILLS), regex(GAP)]);

static SCHEMES: LazyLock<[Scheme; 5]> = LazyLock::new(|| {
    let (any, marked) = ("[ :=>@(/-]+", "[ (/-]*[:=>@][ :=>@(/-]*");
    let mixed = "(?:[A-Za-z_0-9]*[A-Za-z][A-Za-z_0-9]*[0-9][A-Za-z_0-9]*|[A-Za-z_0-9]*[0-9][A-Za-z_0-9]*[A-Za-z][A-Za-z_0-9]*)";
    [
        scheme(EntityKind::Pgp, "pgp|gpg|fingerprint", "", &[&format!(r"{any}[0-9a-fA-F]{{4}}(?:[0-9a-fA-F]{{36}}|(?:  ?[0-9a-fA-F]{{4}}){{9}})\b")]),
        scheme(EntityKind::Telegram, "telegram|telega|tele|tg", r"t\.me/|telegram\.me/|tg://", &[r"[ :=>@(/-]*@[A-Za-z0-9_]{4,32}\b"]),
        scheme(EntityKind::Threema, "threema", r"threema\.id/", &[&format!(r"{any}\*[A-Za-z0-9]{{7}}\b"), &format!(r"{any}[A-Za-z0-9]{{8}}\b")]),
        scheme(EntityKind::Wickr, "wickr|wickrme", "", &[&format!(r"{marked}[A-Za-z0-9_]{{4,32}}\b"), &format!(r"{any}{mixed}\b")]),
        scheme(EntityKind::Signal, "signal", r"signal\.me/#|signal\.group/#", &[&format!(r"{marked}[A-Za-z_][A-Za-z0-9_]{{2,31}}\.[0-9]{{2,9}}\b")]),
    ]
});

pub(super) fn names(kind: EntityKind, text: &str) -> Vec<Range<usize>> {
    let scheme = SCHEMES.iter().find(|s| s.kind == kind).expect("a kind with labels");
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let end = end_at(scheme, bytes, at);
        found.extend(end.map(|end| at..end));
        at = end.unwrap_or(at + 1);
    }
    found
}

fn is_word(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b == b'_'
}

/// The end of the entity that begins at this place.
fn end_at(scheme: &Scheme, bytes: &[u8], at: usize) -> Option<usize> {
    let rest = &bytes[at..];
    if scheme.kind == EntityKind::Pgp
        && let Some(len) = keys::block_end(rest)
    {
        return Some(at + len);
    }
    if !rest[0].is_ascii_lowercase() || (at > 0 && is_word(bytes[at - 1])) {
        return None;
    }
    if let Some(link) = scheme.link.as_ref().and_then(|link| link.find(rest)) {
        return Some(at + link.end());
    }
    let [fills, gap] = &*SHARED;
    let label = scheme.label.find(rest)?.end();
    let from = label + fills.find(&rest[label..]).map_or(0, |m| m.end());
    let gap = gap.find(&rest[from..]).filter(|m| m.len() <= 6)?;
    let name = from + gap.end();
    if scheme.kind == EntityKind::Signal
        && let Some(len) = phones::length(&rest[name..])
    {
        return Some(at + name + len);
    }
    let end = scheme.names.iter().find_map(|pattern| pattern.find(&rest[from..]))?.end();
    let said = &rest[name..from + end];
    let mixed = said.iter().any(u8::is_ascii_digit) && said.iter().any(u8::is_ascii_alphabetic);
    let fits = match scheme.kind {
        EntityKind::Threema => said[0] == b'*' || mixed,
        EntityKind::Wickr => (4..=32).contains(&said.len()),
        _ => true,
    };
    fits.then_some(at + from + end)
}
