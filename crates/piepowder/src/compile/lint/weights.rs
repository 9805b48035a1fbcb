//! Weights that are far from those of their group. Invariant: a group in which all weigh alike has none.

use super::Checked;
use crate::compile::Program;
use crate::diagnostic::{Diagnostic, Diagnostics};
use std::collections::BTreeSet;

/// Least number of rules of which a median says something.
const LEAST: usize = 4;
/// A weight is out of line above so many times the median of its group ...
const ABOVE: u32 = 3;
/// ... or when the median is more than so many times the weight. Light rules are often meant: of four below a quarter in the shipped packs,
/// two had good reasons, and two were there for others to be near. A digit that is missing makes a tenth.
const BELOW: u32 = 10;
/// In both cases it must also be so many centibans from the median: between two light rules a factor says little.
const APART: u32 = 100;

/// Rules that weigh far more, or far less, for an offense than most of their group.
///
/// The median is taken, not the mean, since one wild weight moves a mean towards itself; of an even number of weights the lower of the
/// two in the middle, so that everything stays whole. A rule that another names in its `near` may be as light as it likes: it is there for
/// the other.
pub(super) fn out_of_line(program: &Program, rules: &[Checked<'_>], problems: &mut Diagnostics) {
    let anchors: BTreeSet<&str> = rules.iter().filter_map(|r| r.rule.body().near.as_ref()).flat_map(|n| n.any.iter().map(String::as_str)).collect();
    for (group, about) in program.catalog.groups.iter().enumerate() {
        let members: Vec<&Checked<'_>> = rules.iter().filter(|r| r.code.group.index() == group && !r.code.shadow).collect();
        for (offense, named) in program.catalog.offenses.iter().enumerate() {
            let weight = |r: &Checked<'_>| r.code.weights[offense].unsigned_abs();
            let mut weights: Vec<u32> = members.iter().map(|r| weight(r)).filter(|w| *w != 0).collect();
            if weights.len() < LEAST {
                continue;
            }
            weights.sort_unstable();
            let median = weights[(weights.len() - 1) / 2];
            for rule in &members {
                let own = weight(rule);
                let light = own * BELOW < median && !anchors.contains(rule.rule.key.as_str());
                if own == 0 || !(light || own > ABOVE * median) || own.abs_diff(median) < APART {
                    continue;
                }
                let what = if own > median { "more than three times" } else { "less than a tenth of" };
                let message = format!("`{}` weighs {own} for {}, {what} the median of its group, {median}", rule.rule.key, named.key);
                let count = weights.len();
                let wild = Diagnostic::warning("P110", rule.rule.body().origin.clone(), message, format!("one of {count} rules of `{}`", about.key));
                problems.push(wild.help("a group says one thing: a slip of the pen, or a rule of another group"));
            }
        }
    }
}
