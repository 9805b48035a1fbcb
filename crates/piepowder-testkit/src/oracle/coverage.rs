//! Coverage (docs/SEMANTICS.md, section 8): what of title and description the languages of the packs can read. It knows nothing of rules.
//! Invariant: counts characters of the surface only.

use super::fold::fold;
use super::text::FieldText;
use super::ucd::{self, Class};
use piepowder::{Coverage, Language};
use std::collections::BTreeSet;

/// The coverage of title and description under these languages, given the listing's own `language` field.
pub(super) fn coverage(texts: &[&FieldText], languages: &[Language], declared: &[u8]) -> Coverage {
    let characters = || texts.iter().flat_map(|t| t.surface.text().chars());
    if !characters().any(|c| matches!(ucd::class(c), Class::Letter | Class::Digit)) {
        return Coverage::Empty;
    }
    if languages.is_empty() {
        return Coverage::Full;
    }
    let is_read = |script: &str| languages.iter().any(|l| l.is_read() && l.scripts().iter().any(|s| s == script));
    let scripts: Vec<&str> = characters().filter(|c| ucd::class(*c) == Class::Letter).filter_map(ucd::script).collect();
    let letters = scripts.len();
    let unread = scripts.iter().filter(|s| !is_read(s)).count();
    if letters > 0 && 2 * unread > letters {
        return Coverage::None;
    }
    let words: BTreeSet<&str> = texts.iter().flat_map(|t| t.surface.pieces.iter().map(|p| p.text.as_str())).collect();
    let present = |l: &Language| {
        let distinct: BTreeSet<String> = l.words().iter().map(|w| fold(w)).collect();
        distinct.iter().filter(|w| words.contains(w.as_str())).count()
    };
    let best = |read: bool| languages.iter().filter(|l| l.is_read() == read).map(present).max().unwrap_or(0);
    let foreign_words = best(false) >= 2 && best(false) > best(true);
    let declared = String::from_utf8_lossy(declared).to_ascii_lowercase();
    let primary = declared.split(['-', '_']).next().unwrap_or("");
    let is_code = (2..=3).contains(&primary.len()) && primary.bytes().all(|b| b.is_ascii_lowercase());
    let declared_unread = is_code && !languages.iter().any(|l| l.is_read() && l.code() == primary);
    if (unread > 0 && 8 * unread >= letters) || foreign_words || declared_unread { Coverage::Partial } else { Coverage::Full }
}
