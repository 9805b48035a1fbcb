//! Rules that can never count, or count only where another rule of their group counted already. Invariant: a rule that is called
//! unreachable has no listing in which it contributes.

use super::Checked;
use super::looks::Look;
use crate::compile::Program;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::taxonomy::GroupKind;
use std::collections::BTreeMap;

const NEVER: &str = "P107";

/// Rules that need what cannot be there: something near that no rule in force finds in a field of theirs, an offense that no specific
/// group can open, a group to excuse that has no rules.
pub(super) fn unreachable(program: &Program, rules: &[Checked<'_>], problems: &mut Diagnostics) {
    let offenses = &program.catalog.offenses;
    // By offense, whether a specific group can have a positive net for it.
    let opened: Vec<bool> = (0..offenses.len()).map(|o| rules.iter().any(|r| program.is_evidence(r.id) && r.code.weights[o] != 0)).collect();
    for rule in rules {
        let mut never = |message: String, label: &str, help: &str| {
            problems.push(Diagnostic::warning(NEVER, rule.rule.body().origin.clone(), message, label).help(help));
        };
        let key = &rule.rule.key;
        if let (Some(near), Some(code)) = (&rule.rule.body().near, &rule.code.near) {
            let finds: Vec<&Checked<'_>> = code.rules.rules().iter().map(|id| &rules[id.index()]).filter(|r| r.code.reads_text).collect();
            let any = near.any.join(", ");
            if finds.is_empty() {
                let message = format!("`{key}` must be near {any}, of which no rule in force finds anything in a text");
                never(message, "can never match", "shadow rules can be near; retired ones and conditions on fields cannot");
            } else if !code.elsewhere && finds.iter().all(|r| r.code.fields & rule.code.fields == 0) {
                let message = format!("`{key}` must be near {any}, and looks into none of the fields where these look");
                never(message, "can never match", "distances are within one field: give both a common one in `fields`, or the scope \"listing\"");
            }
        }
        match rule.code.kind {
            GroupKind::Signal => {
                let named = |o: usize| rule.rule.body().weights.contains_key(&offenses[o].key);
                let weighs: Vec<usize> = (0..offenses.len()).filter(|o| rule.code.weights[*o] != 0).collect();
                let closed = |o: &usize| !opened[*o];
                // What `*` stands for may have no rules yet; what is named should.
                let dead: Vec<&str> = weighs.iter().copied().filter(|o| named(*o) && closed(o)).map(|o| offenses[o].key.as_str()).collect();
                if !dead.is_empty() || (!weighs.is_empty() && weighs.iter().all(closed)) {
                    let of = if dead.is_empty() { "any offense".to_owned() } else { dead.join(", ") };
                    let message = format!("the signal `{key}` can never count for {of}: no rule in force of a specific group weighs for it");
                    never(message, "has no company", "a signal counts only beside a specific group of the same offense");
                }
            }
            GroupKind::Excuse => {
                let excused = |r: &Checked<'_>| rule.code.excuse.as_ref().is_some_and(|e| e.groups.contains(&r.code.group));
                let takes = |r: &Checked<'_>| (0..offenses.len()).any(|o| r.code.weights[o] != 0 && rule.code.weights[o] != 0);
                if !rules.iter().any(|r| program.is_evidence(r.id) && excused(r) && takes(r)) {
                    let message =
                        format!("the excuse `{key}` has nothing to take back: no rule in force of the groups that it names weighs for its offenses");
                    never(message, "excuses nothing", "name the offenses that the excused groups weigh for");
                }
            }
            GroupKind::Specific => {}
        }
    }
}

/// Rules whose every match is also a match of another rule of the group that weighs as much or more.
pub(super) fn shadowed(rules: &[Checked<'_>], problems: &mut Diagnostics) {
    let mut having: BTreeMap<(usize, &Look), Vec<&Checked<'_>>> = BTreeMap::new();
    for rule in rules {
        rule.looks.0.keys().for_each(|look| having.entry((rule.code.group.index(), look)).or_default().push(rule));
    }
    for rule in rules.iter().filter(|r| !r.code.shadow) {
        // Whoever finds all that it finds also finds its first.
        let Some(first) = rule.looks.0.keys().next() else { continue };
        let others = &having[&(rule.code.group.index(), first)];
        // Of two that are alike, the later key is the one too many.
        let covers = |other: &&&Checked<'_>| {
            let alike = covers(rule, other);
            other.id != rule.id && covers(other, rule) && (!alike || other.id < rule.id)
        };
        if let Some(other) = others.iter().find(covers) {
            let message = format!("whatever `{}` matches, `{}` matches too, and weighs as much or more", rule.rule.key, other.rule.key);
            let shadowed = Diagnostic::warning("P106", rule.rule.body().origin.clone(), message, "counts a quarter for what was counted, or nothing");
            let help = "remove it, give it a greater weight, or take its terms out of the other";
            problems.push(shadowed.also(other.rule.body().origin.clone(), "counts in its place").help(help));
        }
    }
}

/// Whether one rule matches wherever another of its group does, and weighs as much for every offense.
fn covers(wide: &Checked<'_>, narrow: &Checked<'_>) -> bool {
    let (w, n) = (wide.rule, narrow.rule);
    let weighs = || wide.code.weights.iter().zip(&narrow.code.weights).all(|(w, n)| w.unsigned_abs() >= n.unsigned_abs());
    let near = || match (&wide.code.near, &narrow.code.near) {
        (None, _) => true,
        (Some(w), Some(n)) => w.within >= n.within && (w.elsewhere || !n.elsewhere) && n.rules.rules().iter().all(|r| w.rules.contains(*r)),
        (Some(_), None) => false,
    };
    let holds = || w.body().conditions.iter().all(|c| n.body().conditions.contains(c));
    let here = || {
        w.body().jurisdictions.is_empty()
            || (!n.body().jurisdictions.is_empty() && n.body().jurisdictions.iter().all(|j| w.body().jurisdictions.contains(j)))
    };
    let lasts = || w.body().sunset.is_none_or(|day| n.body().sunset.is_some_and(|n| n <= day));
    let takes = || match (&wide.code.excuse, &narrow.code.excuse) {
        (Some(w), Some(n)) => {
            (w.elsewhere || !n.elsewhere)
                && w.within.is_none_or(|within| n.within.is_some_and(|n| n <= within))
                && n.groups.iter().all(|g| w.groups.contains(g))
        }
        (None, None) => true,
        _ => false,
    };
    !wide.code.shadow
        && narrow.code.fields & !wide.code.fields == 0
        && w.body().disguised_from <= n.body().disguised_from
        && narrow.looks.0.len() <= wide.looks.0.len()
        && weighs()
        && near()
        && holds()
        && here()
        && lasts()
        && takes()
        && narrow.looks.0.keys().all(|look| wide.looks.0.contains_key(look))
}
