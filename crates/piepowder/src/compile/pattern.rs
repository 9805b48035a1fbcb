//! Patterns to automata: a dense DFA each, anchored, leftmost-first, over bytes with ASCII classes. They run at triggers only, over a
//! bounded window, so their cost is bounded by the number of triggers. Invariant: a pattern never matches the empty string.

use crate::diagnostic::Diagnostic;
use crate::id::RuleId;
use crate::taxonomy::{Pattern, View};
use regex_automata::dfa::{Automaton as _, StartKind, dense};
use regex_automata::nfa::thompson;
use regex_automata::util::syntax;
use regex_automata::{Anchored, Input, MatchKind};

/// How far a pattern looks from where it begins, in bytes. Part of the semantics.
const PATTERN_WINDOW: usize = 256;

/// Largest automaton, in bytes: a pattern that needs more is refused. A card shape takes about 4 KiB.
const DFA_LIMIT: usize = 1 << 22;

/// A compiled pattern.
#[derive(Debug)]
pub(crate) struct Automaton {
    dfa: dense::DFA<Vec<u32>>,
    pub(crate) rule: RuleId,
    pub(crate) view: View,
}

impl Automaton {
    /// End of the leftmost-first match that begins at `at`, if there is one that is not empty.
    pub(crate) fn end_at(&self, haystack: &[u8], at: usize) -> Option<usize> {
        let end = haystack.len().min(at + PATTERN_WINDOW);
        let input = Input::new(haystack).span(at..end).anchored(Anchored::Yes);
        // A search can only fail on quit bytes, which Unicode word boundaries would set: they are off.
        let half = self.dfa.try_search_fwd(&input).ok()??;
        (half.offset() > at).then_some(half.offset())
    }

    pub(crate) fn memory_usage(&self) -> usize {
        self.dfa.memory_usage()
    }
}

/// Compiles a pattern.
pub(super) fn compile(pattern: &Pattern, rule: RuleId) -> Result<Automaton, Diagnostic> {
    let error = |code, message: String, label: &str| Diagnostic::error(code, pattern.origin.clone(), message, label);
    if !pattern.regex.is_ascii() {
        return Err(error("P044", "the pattern is not ASCII".into(), "use terms for other letters").help("patterns see folded text as bytes"));
    }
    if pattern.view == View::Surface && has_upper_literal(&pattern.regex) {
        return Err(error("P044", "the pattern has capital letters, which folded text never has".into(), "cannot match")
            .help("write it in lower case, or set view = \"original\""));
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
        .map_err(|e| build_problem(pattern, &e))?;
    let automaton = Automaton { dfa, rule, view: pattern.view };
    let empty = automaton.dfa.try_search_fwd(&Input::new(b"").anchored(Anchored::Yes));
    if matches!(empty, Ok(Some(_))) {
        return Err(error("P045", "the pattern matches the empty string".into(), "would match everywhere"));
    }
    Ok(automaton)
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
