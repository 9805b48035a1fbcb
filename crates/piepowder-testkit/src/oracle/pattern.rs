//! Patterns and their triggers (docs/SEMANTICS.md, section 4), run by simulation of the automaton (the PikeVM of regex-automata: the engine
//! runs dense DFAs). It knows nothing of rules. Invariant: a pattern is tried only where one of its triggers stands.

use super::fold::fold;
use super::text::FieldText;
use super::tokens::{self, Link, is_one_space};
use super::ucd::{self, Class};
use super::view::{Place, View};
use regex_automata::nfa::thompson::pikevm::PikeVM;
use regex_automata::util::syntax;
use regex_automata::{Anchored, Input, nfa::thompson};
use std::ops::Range;

/// A pattern may see this many bytes from where it begins.
const WINDOW: usize = 256;

/// A pattern, ready to run.
pub(super) struct Shape {
    regex: PikeVM,
    pub(super) reads_original: bool,
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

    /// All places in a view, for a pattern that reads the surface.
    pub(super) fn places(&self, view: &View) -> Vec<Place> {
        let matches = self.starts(view).into_iter().filter_map(|start| self.match_at(view.text().as_bytes(), start));
        matches.filter_map(|stretch| view.place(stretch)).collect()
    }

    /// All matches on the original, for a pattern that reads that.
    pub(super) fn on_original(&self, text: &FieldText) -> Vec<Range<usize>> {
        let view = &text.surface;
        let from = |start: usize| {
            let next = view.text()[start..].chars().next().expect("a trigger stands at a character");
            view.chain.locate(start..start + next.len_utf8()).0.start as usize
        };
        // A match that ends inside a character goes on to its end.
        let rest = |end: usize| text.original[end..].iter().take_while(|b| **b & 0xC0 == 0x80).count();
        let starts = self.starts(view).into_iter().map(from);
        starts.filter_map(|start| self.match_at(&text.original, start)).map(|found| found.start..found.end + rest(found.end)).collect()
    }

    /// Where one of the triggers stands.
    fn starts(&self, view: &View) -> Vec<usize> {
        (0..view.pieces.len()).flat_map(|i| self.triggers.iter().filter_map(move |trigger| starts(trigger, view, i))).collect()
    }

    fn match_at(&self, bytes: &[u8], start: usize) -> Option<Range<usize>> {
        let input = Input::new(bytes).range(start..bytes.len().min(start + WINDOW)).anchored(Anchored::Yes);
        let found = self.regex.find(&mut self.regex.create_cache(), input)?;
        if found.is_empty() { None } else { Some(found.range()) }
    }
}

/// Where in the view the pattern begins, if the trigger stands at this piece.
fn starts(trigger: &str, view: &View, i: usize) -> Option<usize> {
    let piece = &view.pieces[i];
    let text = view.text();
    let cluster = view.cluster_at(i);
    let stands = match trigger {
        word if !word.starts_with('#') => piece.text == word || cluster.is_some_and(|c| c.joined.as_deref() == Some(word)),
        "#digit" => piece.number,
        "#currency" => return sign_before(&text[..piece.start]),
        _ if cluster.is_none() => false,
        "#digits12" => digits_from(view, i) >= 12,
        "#base58" => (26..=110).contains(&run_at(text, piece.start).len()),
        "#hex" => {
            let run = run_at(text, piece.start);
            matches!(run.len(), 32 | 40 | 64) && run.bytes().all(|b| b.is_ascii_hexdigit())
        }
        "#at" => cluster.is_some_and(|c| text[view.pieces[c.last].end..].starts_with('@')),
        _ => false,
    };
    stands.then_some(piece.start)
}

fn run_at(text: &str, start: usize) -> &str {
    let end = text[start..].find(|c: char| !c.is_ascii_alphanumeric()).map_or(text.len(), |length| start + length);
    &text[start..end]
}

fn digits_from(view: &View, i: usize) -> usize {
    let mut digits = 0;
    for (j, piece) in view.pieces.iter().enumerate().skip(i) {
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
