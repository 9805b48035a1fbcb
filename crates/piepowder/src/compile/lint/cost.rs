//! Patterns whose automata cost too much: to hold, or to build. Invariant: what a pattern costs is counted, never timed, and does not depend
//! on when the engine builds its automaton.

use super::Checked;
use crate::compile::pattern;
use crate::diagnostic::{Diagnostic, Diagnostics};

/// Most bytes of an automaton. Of 899 patterns of the shipped packs (0.2.0) the largest took 200,000, and half of them less than 15,000.
const BYTES: usize = 1 << 18;
/// Most steps of building one: the most in those packs was 800,000, which takes about 3 milliseconds. A pattern can take long and
/// come to a small automaton, where repetitions fold into each other.
const STEPS: usize = 2_000_000;

/// Patterns that take more than [`BYTES`] to hold or [`STEPS`] to build.
pub(super) fn costly(rules: &[Checked<'_>], problems: &mut Diagnostics) {
    for pattern in rules.iter().flat_map(|r| &r.rule.body().patterns) {
        let Some(cost) = pattern::cost(pattern) else { continue };
        let message = if cost.bytes > BYTES {
            format!("the automaton of the pattern takes {} bytes, more than {BYTES}", cost.bytes)
        } else if cost.steps > STEPS {
            format!("the automaton of the pattern takes about {} steps to build, more than {STEPS}", cost.steps)
        } else {
            continue;
        };
        let costly = Diagnostic::warning("P111", pattern.origin.clone(), message, "every engine pays for it");
        problems.push(costly.help("bound the repetitions more narrowly, list fewer alternatives behind a gap, or split it"));
    }
}
