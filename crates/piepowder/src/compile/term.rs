//! Terms to phrases: folded and cut into pieces by the code that reads listings, stored as hashes with their bytes.
//! Invariant: a stored phrase has at least one piece and no broken link.

use super::entry::Entry;
use crate::bytes::Fixed;
use crate::diagnostic::Diagnostic;
use crate::id::RuleId;
use crate::stored::{four, four_bytes};
use crate::taxonomy::{Boundary, Rule, Term};
use crate::text::{self, Class, Link, Tokens};
use std::collections::{BTreeMap, BTreeSet};

/// Whether a term is looked for in disguise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum InDisguise {
    /// In disguise, too.
    Too,
    /// Only as it is written: it is so short that other words look like it.
    Never,
}

impl InDisguise {
    /// Of a folded term of a rule that asks for so many letters and digits.
    pub(super) fn of(folded: &str, least: u32) -> Self {
        if counted(folded) >= least as usize { InDisguise::Too } else { InDisguise::Never }
    }
}

/// Letters and digits of a folded text.
fn counted(folded: &str) -> usize {
    if folded.is_ascii() {
        return folded.bytes().filter(u8::is_ascii_alphanumeric).count();
    }
    folded.chars().filter(|c| matches!(text::class(*c), Class::Letter | Class::Digit)).count()
}

/// Whether accents make a term another word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Accents {
    /// They mean nothing.
    Undone,
    /// They make another word of it: it is so short that languages which have accents have such words.
    Kept,
}

impl Accents {
    /// Of a term as its pack writes it.
    fn of(written: &str) -> Self {
        let is_short = (1..=SHORT).contains(&written.len()) && written.bytes().all(|b| b.is_ascii_alphabetic());
        if is_short { Accents::Kept } else { Accents::Undone }
    }
}

/// Most letters of a term that accents make another word of. A longer one is often the same word in another language (`cocaïne`), and accents
/// on it would be a disguise that costs nothing; docs/DESIGN.md says what was looked at.
const SHORT: usize = 3;

/// A term of a rule: pieces `first..first + len` of the piece table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Phrase {
    pub(crate) rule: RuleId,
    pub(crate) in_disguise: InDisguise,
    pub(crate) accents: Accents,
    pub(crate) first: u32,
    pub(crate) len: u32,
}

/// A piece of a term: its hash, and where its bytes are.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TermPiece {
    pub(crate) hash: u64,
    pub(crate) start: u32,
    pub(crate) len: u32,
}

impl Fixed<16> for Phrase {
    #[inline]
    fn to_bytes(self) -> [u8; 16] {
        let how = u32::from(self.in_disguise == InDisguise::Too) | u32::from(self.accents == Accents::Kept) << 1;
        four_bytes([self.rule.0, how, self.first, self.len])
    }

    #[inline]
    fn of_bytes(bytes: &[u8; 16]) -> Self {
        let [rule, how, first, len] = four(bytes);
        let in_disguise = if how & 1 == 1 { InDisguise::Too } else { InDisguise::Never };
        let accents = if how & 2 == 2 { Accents::Kept } else { Accents::Undone };
        Phrase { rule: RuleId(rule), in_disguise, accents, first, len }
    }
}

impl Fixed<16> for TermPiece {
    #[inline]
    fn to_bytes(self) -> [u8; 16] {
        four_bytes([self.hash as u32, (self.hash >> 32) as u32, self.start, self.len])
    }

    #[inline]
    fn of_bytes(bytes: &[u8; 16]) -> Self {
        let [low, high, start, len] = four(bytes);
        TermPiece { hash: u64::from(low) | u64::from(high) << 32, start, len }
    }
}

/// Folds a term and checks that it can be found. With where it may begin and end.
pub(super) fn prepare(term: Term<'_>, rule: &Rule, tokens: &mut Tokens) -> Result<(String, Boundary), Box<Diagnostic>> {
    let folded = text::fold(term.value);
    tokens.read(folded.as_bytes());
    if tokens.pieces().is_empty() {
        return Err(Diagnostic::error("P040", term.origin(), "the term has no letter and no digit after folding", "vanishes")
            .help("a term needs at least one letter or digit that the views keep")
            .into());
    }
    // A comma inside a number is part of its piece.
    let inside = |at: usize| tokens.pieces().iter().any(|p| p.range().contains(&at));
    let stop = folded.char_indices().find(|(at, c)| text::class(*c) == Class::Stop && !inside(*at)).map(|(_, c)| c);
    let broken = tokens.pieces()[1..].iter().any(|p| p.link == Link::Broken);
    if stop.is_some() || broken {
        let what = stop.map_or("a sentence end".to_owned(), |c| format!("`{}`", c.escape_default()));
        return Err(Diagnostic::error("P041", term.origin(), format!("the term contains {what}, which no phrase may span"), "cannot match")
            .help("allowed between words: space, hyphen, dot, slash, apostrophe, colon, underscore, `&`, `+`; use a pattern for anything else")
            .into());
    }
    let boundary = boundary(&folded, rule);
    Ok((folded, boundary))
}

/// What the rule or its pack says; else anywhere in scripts without spaces, and whole words in others.
fn boundary(folded: &str, rule: &Rule) -> Boundary {
    let script = folded.chars().find_map(text::script_of_letter);
    match rule.body().boundary.or_else(|| rule.body().boundaries.get(script?).copied()) {
        Some(boundary) => boundary,
        None if text::has_spaceless_letter(folded.as_bytes()) => Boundary::Substring,
        None => Boundary::Word,
    }
}

/// Folds a substring and checks that it is long enough to mean something.
pub(super) fn prepare_substring(term: Term<'_>) -> Result<String, Box<Diagnostic>> {
    let folded = text::fold(term.value);
    let letters = counted(&folded);
    let least = if text::has_spaceless_letter(folded.as_bytes()) { 1 } else { 4 };
    if letters < least {
        return Err(Diagnostic::error(
            "P042",
            term.origin(),
            format!("the substring has {letters} letters after folding; at least {least} are needed"),
            "would match inside too many words",
        )
        .help("use a term, which matches whole words")
        .into());
    }
    Ok(folded)
}

/// The term tables under construction.
#[derive(Default)]
pub(super) struct TermTables {
    pub(super) tokens: Tokens,
    /// Entries by hash, in the order in which they were added.
    pub(super) entries: Vec<(u64, Entry)>,
    /// Function words that are in it already.
    language_words: BTreeSet<(u16, Vec<u8>)>,
    /// Of `Phrase`.
    pub(super) phrases: Vec<[u8; 16]>,
    /// Of `TermPiece`.
    pub(super) pieces: Vec<[u8; 16]>,
    pub(super) bytes: Vec<u8>,
    /// Numbers of the words that trigger patterns, by whether they are one piece, and their joined texts.
    triggers: BTreeMap<(bool, Vec<u8>), u32>,
    /// The patterns that each of them triggers.
    pub(super) triggered: Vec<Vec<u32>>,
}

impl TermTables {
    fn store(&mut self, bytes: &[u8]) -> (u32, u32) {
        let start = self.bytes.len() as u32;
        self.bytes.extend_from_slice(bytes);
        (start, bytes.len() as u32)
    }

    /// Adds a term that is written so, folded, as [`prepare`] has just cut it into `tokens`: under its piece, or two of its pieces, and under
    /// its joined text.
    pub(super) fn add(&mut self, rule: RuleId, (written, folded): (&str, &str), in_disguise: InDisguise) {
        let tokens = std::mem::take(&mut self.tokens);
        let pieces = tokens.pieces();
        let phrase = self.phrases.len() as u32;
        let (accents, first, len) = (Accents::of(written), self.pieces.len() as u32, pieces.len() as u32);
        self.phrases.push(Phrase { rule, in_disguise, accents, first, len }.to_bytes());
        // The joined text is the bytes of the pieces, one after another.
        let joined = self.bytes.len();
        for piece in pieces {
            let (start, len) = self.store(&folded.as_bytes()[piece.range()]);
            self.pieces.push(TermPiece { hash: piece.hash, start, len }.to_bytes());
        }
        // Long pieces are rare ones, nearly always: the pair with most bytes is met least.
        let pair = |at: &usize| pieces[*at].range().len() + pieces[*at + 1].range().len();
        let (key, entry) = match (0..pieces.len() - 1).max_by_key(pair) {
            None => (pieces[0].hash, Entry::Word(phrase)),
            Some(at) => (text::hash_pair(pieces[at].hash, pieces[at + 1].hash), Entry::Pair { phrase, before: at as u32 }),
        };
        self.entries.push((key, entry));
        // No cluster has a longer joined text.
        let (start, joined) = (joined as u32, &self.bytes[joined..]);
        if joined.len() <= text::JOINED_BYTES {
            self.entries.push((text::hash(joined), Entry::Joined { phrase, start, len: joined.len() as u32 }));
        }
        self.tokens = tokens;
    }

    /// Adds a pattern to a folded trigger word.
    pub(super) fn add_trigger(&mut self, folded: &str, pattern: u32) {
        self.tokens.read(folded.as_bytes());
        let joined: Vec<u8> = self.tokens.pieces().iter().flat_map(|p| &folded.as_bytes()[p.start as usize..p.end as usize]).copied().collect();
        let single = self.tokens.pieces().len() == 1;
        if let Some(trigger) = self.triggers.get(&(single, joined.clone())) {
            self.triggered[*trigger as usize].push(pattern);
            return;
        }
        let trigger = self.triggered.len() as u32;
        self.triggered.push(vec![pattern]);
        let (start, len) = self.store(&joined);
        let entry = match single {
            true => Entry::Trigger { trigger, start, len },
            false => Entry::JoinedTrigger { trigger, start, len },
        };
        self.entries.push((text::hash(&joined), entry));
        self.triggers.insert((single, joined), trigger);
    }

    /// Adds a function word, when it is one piece; others cannot tell a language here. Words that fold to the same are one.
    pub(super) fn add_language_word(&mut self, folded: &str, language: u16) {
        self.tokens.read(folded.as_bytes());
        if let [piece] = self.tokens.pieces()[..] {
            let text = &folded.as_bytes()[piece.range()];
            if self.language_words.insert((language, text.to_vec())) {
                let (start, len) = self.store(text);
                self.entries.push((piece.hash, Entry::Language { language, start, len }));
            }
        }
    }
}
