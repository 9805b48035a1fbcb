//! How much of a listing the loaded packs can read: letters by script, function words by language, the declared language.
//! Invariant: docs/SEMANTICS.md, section 8; a language hint can lower coverage, never raise it.

use crate::assessment::Coverage;
use crate::compile::Languages;
use crate::matcher::LanguageWords;
use crate::text::ScriptCounts;

/// Coverage of title and description together, which have so many pieces. `declared` is the listing's language field.
pub(crate) fn coverage(languages: &Languages, pieces: usize, scripts: &ScriptCounts, words: &LanguageWords, declared: &[u8]) -> Coverage {
    if pieces == 0 {
        return Coverage::Empty;
    }
    if languages.languages.is_empty() {
        return Coverage::Full;
    }
    let letters = u64::from(scripts.total());
    let unread: u64 = scripts.iter().filter(|(script, _)| !languages.scripts_read[*script as usize]).map(|(_, count)| u64::from(count)).sum();
    if letters > 0 && 2 * unread > letters {
        return Coverage::None;
    }
    if unread > 0 && 8 * unread >= letters {
        return Coverage::Partial;
    }
    // A language is told by at least two different function words, more than the best language that is read has.
    let most = |read: bool| {
        let counts = languages.languages.iter().enumerate().filter(|(_, (_, r))| *r == read);
        counts.map(|(i, _)| words.iter().filter(|(language, _)| *language as usize == i).count()).max().unwrap_or(0)
    };
    let (foreign, own) = (most(false), most(true));
    if (foreign >= 2 && foreign > own) || is_foreign(languages, declared) {
        return Coverage::Partial;
    }
    Coverage::Full
}

/// Whether the declared language's primary subtag is of two or three letters and no pack reads it.
fn is_foreign(languages: &Languages, declared: &[u8]) -> bool {
    let primary = declared.split(|b| matches!(b, b'-' | b'_')).next().unwrap_or_default();
    let tag = (2..=3).contains(&primary.len()) && primary.iter().all(u8::is_ascii_alphabetic);
    tag && !languages.languages.iter().any(|(code, read)| *read && code.as_bytes().eq_ignore_ascii_case(primary))
}
