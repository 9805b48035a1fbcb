//! Patterns to automata: a dense DFA each, anchored, leftmost-first, over bytes with ASCII classes. They run at triggers only, over a
//! bounded window, so their cost is bounded by the number of triggers. Invariant: a pattern never matches the empty string.

use crate::diagnostic::Diagnostic;
use crate::id::RuleId;
use crate::taxonomy::{Pattern, View};
use regex_automata::dfa::{Automaton as _, StartKind, dense};
use regex_automata::nfa::thompson;
use regex_automata::util::primitives::StateID;
use regex_automata::util::{start, syntax};
use regex_automata::{Anchored, Input, MatchKind};

/// How far a pattern looks from where it begins, in bytes. Part of the semantics.
const PATTERN_WINDOW: usize = 256;

/// Largest automaton, in bytes: a pattern that needs more is refused.
const DFA_LIMIT: usize = 1 << 22;

/// A compiled pattern.
#[derive(Debug)]
pub(crate) struct Automaton {
    dfa: dense::DFA<Vec<u32>>,
    /// Where the automaton starts, by the byte before the trigger; the last entry is for the start of the text.
    /// Most searches die within two bytes, so what they cost is beginning: with the starts kept, all searches over 8,000 rows of the
    /// corpora took 21.8 million instructions, where the crate's own search took 37.6.
    starts: Box<[StateID; 257]>,
    pub(crate) rule: RuleId,
    pub(crate) view: View,
}

impl Automaton {
    /// End of the leftmost-first match that begins at `at`, if there is one that is not empty.
    pub(crate) fn end_at(&self, haystack: &[u8], at: usize) -> Option<usize> {
        let end = haystack.len().min(at + PATTERN_WINDOW);
        let before = at.checked_sub(1).map_or(256, |i| usize::from(haystack[i]));
        let (mut state, mut found) = (self.starts[before], None);
        for (i, byte) in haystack[at..end].iter().enumerate() {
            state = self.dfa.next_state(state, *byte);
            if self.dfa.is_special_state(state) {
                // A match shows one byte late, so that `\b` can look at it.
                if self.dfa.is_match_state(state) {
                    found = Some(at + i);
                } else if self.dfa.is_dead_state(state) {
                    return found.filter(|end| *end > at);
                }
            }
        }
        state = match haystack.get(end) {
            Some(byte) => self.dfa.next_state(state, *byte),
            None => self.dfa.next_eoi_state(state),
        };
        if self.dfa.is_match_state(state) {
            found = Some(end);
        }
        found.filter(|end| *end > at)
    }

    pub(crate) fn memory_usage(&self) -> usize {
        self.dfa.memory_usage() + size_of_val(&*self.starts)
    }
}

/// Compiles a pattern.
pub(super) fn compile(pattern: &Pattern, rule: RuleId) -> Result<Automaton, Box<Diagnostic>> {
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
    let dfa = dense::Builder::new()
        .syntax(syntax::Config::new().unicode(false).utf8(false))
        .thompson(thompson::Config::new().utf8(false).nfa_size_limit(Some(DFA_LIMIT)))
        .configure(
            dense::Config::new()
                .start_kind(StartKind::Anchored)
                .match_kind(MatchKind::LeftmostFirst)
                .dfa_size_limit(Some(DFA_LIMIT))
                .determinize_size_limit(Some(4 * DFA_LIMIT)),
        )
        .build(&pattern.regex)
        .map_err(|e| Box::new(build_problem(pattern, &e)))?;
    if matches!(dfa.try_search_fwd(&Input::new(b"").anchored(Anchored::Yes)), Ok(Some(_))) {
        return Err(error("P045", "the pattern matches the empty string".into(), "would match everywhere", ""));
    }
    let start =
        |before| dfa.start_state(&start::Config::new().anchored(Anchored::Yes).look_behind(before)).expect("anchored, and without quit bytes");
    let mut starts = Box::new([start(None); 257]);
    for byte in 0..=u8::MAX {
        starts[usize::from(byte)] = start(Some(byte));
    }
    Ok(Automaton { dfa, starts, rule, view: pattern.view })
}

/// What a pattern costs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cost {
    /// Bytes of its automaton.
    pub(super) bytes: usize,
    /// States of the automaton, times those of the one that it is made from: about what it takes to build.
    pub(super) steps: usize,
}

/// What a pattern costs; none when it does not compile. It is compiled for this alone, whenever an engine builds its own automaton.
pub(super) fn cost(pattern: &Pattern) -> Option<Cost> {
    let automaton = compile(pattern, RuleId::new(0)).ok()?;
    let nfa = thompson::Compiler::new()
        .syntax(syntax::Config::new().unicode(false).utf8(false))
        .configure(thompson::Config::new().utf8(false))
        .build(&pattern.regex)
        .ok()?;
    let states = automaton.dfa.memory_usage() / (automaton.dfa.stride() * size_of::<u32>());
    Some(Cost { bytes: automaton.memory_usage(), steps: states * nfa.states().len() })
}

fn build_problem(pattern: &Pattern, error: &dense::BuildError) -> Diagnostic {
    // The cause below the builder's error is the parser's or the size limit's; the size limits name themselves.
    let mut message = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(e) = cause {
        message = e.to_string();
        cause = e.source();
    }
    let first = message.lines().rev().find(|l| !l.trim().is_empty()).unwrap_or("").trim().to_owned();
    if message.contains("limit") {
        Diagnostic::error("P046", pattern.origin.clone(), "the pattern needs too large an automaton", "too costly")
            .help("bound the repetitions, or split it")
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
