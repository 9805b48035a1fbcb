//! Terms that count where they should not: common words by themselves, and one term in several groups at once. Invariant: a term whose
//! rules need something near or beside it is in neither.

use super::Checked;
use super::looks::Look;
use crate::compile::Program;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::taxonomy::Term;
use crate::text;
use std::collections::BTreeMap;

/// Least weight at which a word that stands alone is looked at, in centibans: it makes the offense ten times likelier.
const WEIGHTY: u32 = 100;

/// Common English words that count by themselves, in a specific group, for a weight of [`WEIGHTY`] or more.
pub(super) fn common_words(program: &Program, rules: &[Checked<'_>], problems: &mut Diagnostics) {
    for rule in rules.iter().filter(|r| r.counts_alone()) {
        let Some((offense, weight)) = heaviest(program, rule).filter(|(_, w)| *w >= WEIGHTY) else { continue };
        for (_, pieces, term) in rule.looks.terms() {
            if let [word] = pieces
                && text::is_common(word.as_bytes())
            {
                let message = format!("\"{}\" is a common English word, and counts alone: {weight} centibans for {offense}", term.value);
                let common = Diagnostic::warning("P108", term.origin(), message, "stands in lawful text, too");
                problems.push(common.help("let it need company (`near`), weigh it less, or leave it if only offers use it so"));
            }
        }
    }
}

/// The offense that a rule weighs for most, and how much.
fn heaviest<'p>(program: &'p Program, rule: &Checked<'_>) -> Option<(&'p str, u32)> {
    let weights = program.catalog.offenses.iter().zip(&rule.code.weights);
    weights.map(|(o, w)| (o.key.as_str(), w.unsigned_abs())).rev().max_by_key(|(_, w)| *w)
}

/// Terms that rules of several specific groups look for in a common field and weigh for the same offense.
pub(super) fn in_several_groups(program: &Program, rules: &[Checked<'_>], problems: &mut Diagnostics) {
    let mut having: BTreeMap<&Look, Vec<(&Checked<'_>, Term<'_>)>> = BTreeMap::new();
    for rule in rules.iter().filter(|r| r.counts_alone()) {
        rule.looks.terms().for_each(|(look, _, term)| having.entry(look).or_default().push((rule, term)));
    }
    for list in having.values() {
        // A term that stands in three groups is told of twice: each time beside the first.
        for (i, (rule, term)) in list.iter().enumerate() {
            let beside = list[..i].iter().find_map(|(first, at)| Some((first, at, both(program, first, rule)?)));
            let Some((first, at, offense)) = beside else { continue };
            let groups = format!("`{}` and `{}`", first.rule.body().group, rule.rule.body().group);
            let message = format!("the term \"{}\" counts for {offense} in two groups, {groups}", term.value);
            let twice = Diagnostic::warning("P109", term.origin(), message, "one phrase, counted again");
            let help = "groups are independent evidence; keep the term in one, or let one of the rules need something near";
            problems.push(twice.also(at.origin(), format!("counted in `{}`", first.rule.key)).help(help));
        }
    }
}

/// An offense that both rules weigh for, from different groups and in a common field.
fn both<'p>(program: &'p Program, a: &Checked<'_>, b: &Checked<'_>) -> Option<&'p str> {
    let apart = a.code.group != b.code.group && a.code.fields & b.code.fields != 0;
    let offense = program.catalog.offenses.iter().enumerate().find(|(o, _)| a.code.weights[*o] != 0 && b.code.weights[*o] != 0);
    offense.filter(|_| apart).map(|(_, o)| o.key.as_str())
}
