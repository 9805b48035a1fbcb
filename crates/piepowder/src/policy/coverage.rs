//! How much of a listing the loaded packs can read: letters by script, function words by language, the declared language.
//! Invariant: docs/SEMANTICS.md, section 8; a language hint can lower coverage, never raise it.

use crate::compile::Languages;
use crate::matcher::LanguageWords;
use crate::text::ScriptCounts;

/// How much of a listing's language and script the loaded packs can read. *Unread is not clear.*
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Coverage {
    /// The packs read it.
    #[default]
    Full,
    /// Parts are in a script or a language that no pack reads.
    Partial,
    /// Most letters are in scripts that no pack reads.
    None,
    /// No letter and no digit in title and description.
    Empty,
}

impl Coverage {
    /// The word in files.
    pub const fn word(self) -> &'static str {
        match self {
            Coverage::Full => "full",
            Coverage::Partial => "partial",
            Coverage::None => "none",
            Coverage::Empty => "empty",
        }
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Coverage {
    /// As its word.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.word())
    }
}

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
    let told = words.len() >= 2 && {
        let foreign = most(false);
        foreign >= 2 && foreign > most(true)
    };
    if told || is_foreign(languages, declared) {
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
