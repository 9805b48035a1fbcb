//! Patterns to automata: anchored, leftmost-first, over bytes with ASCII classes. They run at triggers only, over a bounded window, so their
//! cost is bounded by the number of triggers. Compiled packs hold the automata; of other packs each is built when its pattern is first tried,
//! since most listings meet few patterns, and the 1,834 of the shipped packs take two seconds. What is built, and when, changes no answer.
//! Invariants: a pattern never matches the empty string; trying one cannot fail, and never waits for another thread.

use super::dfa::Dfa;
use super::plain::is_plain;
use crate::bytes::Bytes;
use crate::diagnostic::Diagnostic;
use crate::id::RuleId;
use crate::stored::{Reader, Stored, Writer};
use crate::taxonomy::{Pattern, Rule, View};
use once_cell::race::OnceBox;
use regex_automata::dfa::{Automaton as _, StartKind, dense};
use regex_automata::nfa::thompson::{self, NFA, WhichCaptures, pikevm::PikeVM};
use regex_automata::util::syntax;
use regex_automata::{Anchored, Input, MatchKind};
use std::sync::Arc;

/// How far a pattern looks from where it begins, in bytes. Part of the semantics.
pub(super) const PATTERN_WINDOW: usize = 256;

/// Largest nondeterministic automaton, in bytes: a pattern that needs more is refused. The largest of the shipped packs takes 0.1 MB.
pub(super) const NFA_LIMIT: usize = 1 << 22;

/// Largest dense automaton, in bytes. A pattern that would need more is simulated, which is slower by far.
const DFA_LIMIT: usize = 1 << 22;

/// A compiled pattern.
#[derive(Debug)]
pub(crate) struct Automaton {
    regex: Written,
    /// Built when first tried, perhaps by several threads at once, of which the first one's stays: a cell that makes others wait could be
    /// left locked for ever by a process that forks.
    tried: OnceBox<Tried>,
    /// What it is read from when it is first tried, of a compiled pack; nothing when there is none.
    stored: Bytes,
    pub(crate) rule: RuleId,
    pub(crate) view: View,
}

/// Where a pattern is written.
#[derive(Debug)]
enum Written {
    /// In a rule, as the pattern of this number.
    In(Arc<Rule>, u32),
    #[cfg(test)]
    Here(Box<str>),
}

#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "nearly all are compact, and the whole is in a box")]
enum Tried {
    Compact(Dfa),
    /// Of the few patterns that tell apart too many bytes.
    Dense(dense::DFA<Vec<u32>>),
    Simulated(PikeVM),
}

impl Automaton {
    /// The automaton of a pattern that was compiled before, here or where it was written.
    pub(super) fn new(of: &Arc<Rule>, number: u32, rule: RuleId, view: View) -> Self {
        Automaton { regex: Written::In(Arc::clone(of), number), tried: OnceBox::new(), stored: Bytes::default(), rule, view }
    }

    /// The automaton as bytes, as small as can be; none when it is not of the usual kind.
    pub(super) fn to_stored(&self) -> Vec<u8> {
        let minimal = nfa(self.regex()).ok().and_then(|nfa| dense(&nfa, dense::Config::new().minimize(true)));
        let mut out = Writer::default();
        if let Some(dfa) = minimal.and_then(|dense| Dfa::new(&dense)) {
            dfa.write(&mut out);
        }
        out.finish()
    }

    /// The same pattern, with its automaton as bytes.
    pub(super) fn stored_as(self, stored: Bytes) -> Self {
        Automaton { stored, ..self }
    }

    /// A pattern on the surface, of the first rule.
    #[cfg(test)]
    pub(super) fn of(regex: &str) -> Automaton {
        Automaton { regex: Written::Here(regex.into()), tried: OnceBox::new(), stored: Bytes::default(), rule: RuleId::new(0), view: View::Surface }
    }

    /// End of the leftmost-first match that begins at `at`, if there is one that is not empty.
    pub(crate) fn end_at(&self, haystack: &[u8], at: usize) -> Option<usize> {
        let end = haystack.len().min(at + PATTERN_WINDOW);
        let input = || Input::new(haystack).range(at..end).anchored(Anchored::Yes);
        let found = match self.tried() {
            Tried::Compact(dfa) => dfa.end_at(haystack, at, end),
            // It fails where automata have bytes that they refuse to read, of which these have none.
            Tried::Dense(dense) => dense.try_search_fwd(&input()).ok().flatten().map(|m| m.offset()),
            Tried::Simulated(vm) => vm.find(&mut vm.create_cache(), input()).map(|m| m.end()),
        };
        found.filter(|end| *end > at)
    }

    /// Whether it is simulated, for want of a dense automaton that is small enough. Builds it, if it was not tried before.
    pub(crate) fn is_too_large(&self) -> bool {
        matches!(self.tried(), Tried::Simulated(_))
    }

    /// The pattern as it is written.
    pub(super) fn regex(&self) -> &str {
        match &self.regex {
            Written::In(rule, number) => rule.body().patterns.get(*number as usize).map_or("", |pattern| pattern.regex()),
            #[cfg(test)]
            Written::Here(regex) => regex,
        }
    }

    fn tried(&self) -> &Tried {
        self.tried.get_or_init(|| {
            let stored = Dfa::read(&mut Reader::new(&self.stored));
            Box::new(stored.map_or_else(|_| Tried::new(self.regex()), Tried::Compact))
        })
    }

    /// Bytes of what was built by now, and of what it is read from.
    pub(crate) fn memory_usage(&self) -> usize {
        let tried = self.tried.get().map_or(0, |tried| {
            size_of::<Tried>()
                + match tried {
                    Tried::Compact(dfa) => dfa.memory_usage(),
                    Tried::Dense(dense) => dense.memory_usage(),
                    Tried::Simulated(vm) => vm.get_nfa().memory_usage(),
                }
        });
        tried + self.stored.len()
    }
}

impl Tried {
    /// Builds from a pattern that was compiled before. One that does not compile, in a compiled pack that was made to deceive, never matches.
    fn new(regex: &str) -> Tried {
        let nfa = nfa(regex).unwrap_or_else(|_| NFA::never_match());
        match dense(&nfa, dense::Config::new()) {
            Some(dense) => Dfa::new(&dense).map_or(Tried::Dense(dense), Tried::Compact),
            None => Tried::Simulated(PikeVM::new_from_nfa(nfa).expect("an automaton of the crate's own compiler")),
        }
    }
}

/// The dense automaton, if it is small enough.
fn dense(nfa: &NFA, config: dense::Config) -> Option<dense::DFA<Vec<u32>>> {
    let config = config.start_kind(StartKind::Anchored).match_kind(MatchKind::LeftmostFirst);
    let config = config.dfa_size_limit(Some(DFA_LIMIT)).determinize_size_limit(Some(4 * DFA_LIMIT));
    dense::Builder::new().configure(config).build_from_nfa(nfa).ok()
}

/// The automaton that the dense one is made of.
pub(super) fn nfa(regex: &str) -> Result<NFA, Box<thompson::BuildError>> {
    thompson::Compiler::new()
        .syntax(syntax::Config::new().unicode(false).utf8(false))
        .configure(thompson::Config::new().utf8(false).nfa_size_limit(Some(NFA_LIMIT)).which_captures(WhichCaptures::Implicit))
        .build(regex)
        .map_err(Box::new)
}

/// Whether a pattern compiles.
pub(super) fn compile(pattern: &Pattern) -> Result<(), Box<Diagnostic>> {
    let error = |code, message: String, label: &str, help: &str| Box::new(Diagnostic::error(code, pattern.origin.clone(), message, label).help(help));
    if !pattern.regex.is_ascii() {
        return Err(error("P044", "the pattern is not ASCII".into(), "use terms for other letters", "patterns see folded text as bytes"));
    }
    if pattern.view == View::Surface && has_upper_literal(&pattern.regex) {
        return Err(error(
            "P044",
            "the pattern has capital letters, which folded text never has".into(),
            "cannot match",
            "write it in lower case, or set view = \"original\"",
        ));
    }
    if !is_plain(&pattern.regex, NFA_LIMIT) {
        let nfa = nfa(&pattern.regex).map_err(|e| Box::new(build_problem(pattern, &e)))?;
        if matches_nothing(nfa) {
            return Err(error("P045", "the pattern matches the empty string".into(), "would match everywhere", ""));
        }
    }
    Ok(())
}

/// Whether an automaton matches the empty text.
pub(super) fn matches_nothing(nfa: NFA) -> bool {
    let vm = PikeVM::new_from_nfa(nfa).expect("an automaton of the crate's own compiler");
    vm.find(&mut vm.create_cache(), Input::new(b"").anchored(Anchored::Yes)).is_some()
}

/// What is said of a pattern whose automaton is too large.
pub(super) fn too_large(pattern: &Pattern) -> Diagnostic {
    Diagnostic::error("P046", pattern.origin.clone(), "the pattern needs too large an automaton", "too costly")
        .help("bound the repetitions, or split it")
}

/// What a pattern costs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cost {
    /// Bytes of its dense automaton, which is there while the compact one is made.
    pub(super) bytes: usize,
    /// States of the automaton, times those of the one that it is made from: about what it takes to build.
    pub(super) steps: usize,
}

/// What a pattern costs; none when it does not compile, or is simulated. It is built for this alone, whenever an engine builds its own.
pub(super) fn cost(pattern: &Pattern) -> Option<Cost> {
    let nfa = nfa(&pattern.regex).ok()?;
    let dense = dense(&nfa, dense::Config::new())?;
    let states = dense.memory_usage() / (dense.stride() * size_of::<u32>());
    Some(Cost { bytes: dense.memory_usage(), steps: states * nfa.states().len() })
}

fn build_problem(pattern: &Pattern, error: &thompson::BuildError) -> Diagnostic {
    // The cause below the builder's error is the parser's or the size limit's; the size limits name themselves.
    let mut message = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(e) = cause {
        message = e.to_string();
        cause = e.source();
    }
    let first = message.lines().rev().find(|l| !l.trim().is_empty()).unwrap_or("").trim().to_owned();
    if message.contains("limit") {
        too_large(pattern)
    } else {
        Diagnostic::error("P043", pattern.origin.clone(), format!("the pattern does not parse: {first}"), "not a regular expression")
    }
}

/// Whether a capital letter stands for itself: not after a backslash, not inside `\x{..}`.
fn has_upper_literal(regex: &str) -> bool {
    let mut escaped = false;
    for c in regex.chars() {
        if !escaped && c.is_ascii_uppercase() {
            return true;
        }
        escaped = !escaped && c == '\\';
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn simulated(regex: &str) -> Tried {
        Tried::Simulated(PikeVM::new_from_nfa(nfa(regex).expect("the pattern compiles")).expect("an automaton"))
    }

    fn automaton(regex: &str, tried: Tried) -> Automaton {
        let cell = OnceBox::new();
        assert!(cell.set(Box::new(tried)).is_ok());
        Automaton { regex: Written::Here(regex.into()), tried: cell, stored: Bytes::default(), rule: RuleId::new(0), view: View::Surface }
    }

    #[test]
    fn a_pattern_with_too_large_an_automaton_is_simulated() {
        let regex = "(?:a|b)*a(?:a|b){18}";
        let pattern = automaton(regex, Tried::new(regex));
        assert!(matches!(pattern.tried.get(), Some(Tried::Simulated(_))), "the dense one would have half a million states");
        let text = "b".repeat(30) + &"a".repeat(300);
        assert_eq!(pattern.end_at(text.as_bytes(), 2), Some(2 + PATTERN_WINDOW));
        assert_eq!(pattern.end_at(b"abba", 0), None);
    }

    #[test]
    fn nothing_is_built_before_it_is_tried() {
        let pattern = Automaton::of("ab+");
        let before = pattern.memory_usage();
        assert_eq!(pattern.end_at(b"xabbb", 1), Some(5));
        assert!(pattern.memory_usage() > before);
    }

    proptest! {
        #[test]
        fn all_kinds_of_automata_say_the_same(
            regex in prop::sample::select(vec![
                "a+?b", "(?:ab|a)(?:c|bcd)?", r"a\b", r"\ba[ab]{2,}\b", "[a-c]*", r"(?:a|aa|b\b)+", "a.{3,300}b", r"a|\b", r"(?m)^a+$|b$", r"[ab]+\z",
            ]),
            before in "[abcd \n]{0,3}",
            long in 0usize..260,
            text in "[abcd \n\r_]{0,12}",
        ) {
            let text = format!("{before}{}{text}", "a".repeat(long));
            let dense = |config: dense::Config| dense(&nfa(regex).expect("the pattern compiles"), config).expect("it is small");
            let minimal = dense(dense::Config::new().minimize(true));
            let kinds = [
                Tried::new(regex),
                Tried::Compact(Dfa::new(&minimal).expect("there are few bytes in it")),
                Tried::Dense(minimal),
            ];
            prop_assert!(matches!(kinds[0], Tried::Compact(_)));
            let simulated = automaton(regex, simulated(regex));
            for kind in kinds.map(|kind| automaton(regex, kind)) {
                for at in 0..=text.len().min(4) {
                    prop_assert_eq!(kind.end_at(text.as_bytes(), at), simulated.end_at(text.as_bytes(), at), "{} in {:?} at {}", regex, &text, at);
                }
            }
        }
    }
}
