//! Patterns and their triggers (docs/SEMANTICS.md, section 4), run by simulation of the automaton (the PikeVM of regex-automata: the engine
//! runs dense DFAs). It knows nothing of rules. Invariant: a pattern is tried only where one of its triggers stands.

use super::surface::fold;
use super::text::{Candidate, FieldText};
use super::tokens::{self, Link, is_one_space};
use super::ucd::{self, Class};
use regex_automata::nfa::thompson::pikevm::PikeVM;
use regex_automata::util::syntax;
use regex_automata::{Anchored, Input, nfa::thompson};
use std::ops::Range;

/// A pattern may see this many bytes from where it begins.
const WINDOW: usize = 256;

/// A pattern, ready to run.
pub(super) struct Shape {
    regex: PikeVM,
    reads_original: bool,
    triggers: Vec<String>,
}

impl Shape {
    pub(super) fn new(pattern: &piepowder::Pattern) -> Shape {
        let regex = PikeVM::builder()
            .syntax(syntax::Config::new().unicode(false).utf8(false))
            .thompson(thompson::Config::new().utf8(false))
            .build(pattern.regex())
            .expect("a loaded pattern compiles");
        let folded = |trigger: &str| match trigger.starts_with('#') {
            true => trigger.to_string(),
            false => tokens::pieces(&fold(trigger)).into_iter().map(|p| p.text).collect(),
        };
        Shape { regex, reads_original: pattern.reads_original(), triggers: pattern.triggers().map(folded).collect() }
    }

    /// All matches in a text.
    pub(super) fn candidates(&self, text: &FieldText) -> Vec<Candidate> {
        let mut found = Vec::new();
        for i in 0..text.pieces.len() {
            for trigger in &self.triggers {
                let Some(start) = starts(trigger, text, i) else { continue };
                found.extend(match self.reads_original {
                    true => self.on_original(text, start),
                    false => self.match_at(text.surface.text.as_bytes(), start).and_then(|m| text.at_stretch(m)),
                });
            }
        }
        found
    }

    fn on_original(&self, text: &FieldText, start: usize) -> Option<Candidate> {
        let next = text.surface.text[start..].chars().next()?;
        let from = text.surface.locate(start..start + next.len_utf8()).0.start as usize;
        let found = self.match_at(&text.original, from)?;
        // A match that ends inside a character goes on to its end.
        let rest = text.original[found.end..].iter().take_while(|b| **b & 0xC0 == 0x80).count();
        text.at_original(from..found.end + rest)
    }

    fn match_at(&self, bytes: &[u8], start: usize) -> Option<Range<usize>> {
        let input = Input::new(bytes).range(start..bytes.len().min(start + WINDOW)).anchored(Anchored::Yes);
        let found = self.regex.find(&mut self.regex.create_cache(), input)?;
        if found.is_empty() { None } else { Some(found.range()) }
    }
}

/// Where in the surface the pattern begins, if the trigger stands at this piece.
fn starts(trigger: &str, text: &FieldText, i: usize) -> Option<usize> {
    let piece = &text.pieces[i];
    let surface = &text.surface.text;
    let cluster = text.cluster_at(i);
    let stands = match trigger {
        word if !word.starts_with('#') => piece.text == word || cluster.is_some_and(|c| c.joined.as_deref() == Some(word)),
        "#digit" => piece.number,
        "#currency" => return sign_before(&surface[..piece.start]),
        _ if cluster.is_none() => false,
        "#digits12" => digits_from(text, i) >= 12,
        "#base58" => (26..=110).contains(&run_at(surface, piece.start).len()),
        "#hex" => {
            let run = run_at(surface, piece.start);
            matches!(run.len(), 32 | 40 | 64) && run.bytes().all(|b| b.is_ascii_hexdigit())
        }
        "#at" => cluster.is_some_and(|c| surface[text.pieces[c.last].end..].starts_with('@')),
        _ => false,
    };
    stands.then_some(piece.start)
}

fn run_at(surface: &str, start: usize) -> &str {
    let end = surface[start..].find(|c: char| !c.is_ascii_alphanumeric()).map_or(surface.len(), |length| start + length);
    &surface[start..end]
}

fn digits_from(text: &FieldText, i: usize) -> usize {
    let mut digits = 0;
    for (j, piece) in text.pieces.iter().enumerate().skip(i) {
        let linked = j == i || matches!(piece.link, Link::None | Link::Joined) || is_one_space(&piece.gap);
        if !linked || !piece.number {
            break;
        }
        digits += piece.text.chars().filter(|c| ucd::class(*c) == Class::Digit).count();
    }
    digits
}

/// The place of the currency sign that ends the text, one space left aside.
fn sign_before(text: &str) -> Option<usize> {
    let mut chars = text.char_indices().rev();
    let (at, c) = chars.next()?;
    let (at, c) = if ucd::class(c) == Class::Space { chars.next()? } else { (at, c) };
    ucd::is_currency_sign(c).then_some(at)
}
