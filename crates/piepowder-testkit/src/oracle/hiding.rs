//! Whether a run is worth reading, and what is undone when it is read as a word (docs/SEMANTICS.md, section 4a, *words* and *transforms*;
//! section 4b, *edits*).
//! It looks no word up. Invariant: nothing here asks where a run stands.

use super::lexicon::groups;
use super::reading::{Kind, Unit};
use super::runs::Run;
use piepowder::Transforms;

/// Whether the run has something odd and a letter, and is no measure and no model.
pub(super) fn may_hide(run: &Run) -> bool {
    let odd = run.foreign_mark || run.units.iter().any(|u| u.kind != Kind::Plain) || groups(&run.units).iter().any(|(_, count)| *count >= 3);
    odd && run.units.iter().any(|u| u.is_letter()) && !is_measure(&run.units)
}

/// One or two letters behind or before digits alone.
fn is_measure(units: &[Unit]) -> bool {
    let digits = |units: &[Unit]| !units.is_empty() && units.iter().all(|u| u.kind == Kind::Digit);
    let letters = |units: &[Unit]| units.iter().all(|u| u.is_letter());
    (1..=2.min(units.len())).any(|count| {
        let (last, first) = (units.len() - count, count);
        (letters(&units[..first]) && digits(&units[first..])) || (digits(&units[..last]) && letters(&units[last..]))
    })
}

/// Whether something in the run only looks like a letter, or does not belong to its letter.
fn is_confusable(run: &Run) -> bool {
    run.foreign_mark || run.units.iter().any(|u| u.kind == Kind::Look)
}

/// The text of a look-alike run; none when the run is another.
pub(super) fn look_alike(run: &Run) -> Option<String> {
    let known = run.units.iter().all(|u| matches!(u.kind, Kind::Plain | Kind::Look));
    (known && is_confusable(run)).then(|| run.units.iter().map(|u| u.character).collect())
}

/// What is undone when the run is read as a word of so many characters.
pub(super) fn disguise(run: &Run, word: &str, characters: usize) -> Transforms {
    let signs = run.units.iter().filter(|u| !u.is_letter()).count();
    let confusable = is_confusable(run);
    let marks = [
        (signs > word.chars().filter(char::is_ascii_digit).count(), Transforms::LEET),
        (confusable, Transforms::CONFUSABLE),
        (confusable && run.units.iter().any(|u| u.kind == Kind::Plain), Transforms::MIXED),
        (characters < run.units.len(), Transforms::REPEATED),
    ];
    marks.into_iter().filter(|(holds, _)| *holds).fold(Transforms::NONE, |all, (_, mark)| all.union(mark))
}
