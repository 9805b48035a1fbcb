//! Taxonomies laid over each other, and what of a taxonomy holds on a day: changes by key, status, dates, jurisdictions.
//! Invariant: laying A over B gives what B over A gives, and neither lets a definition replace another in silence.

use super::resolve::{self, Broken, Packs};
use super::{Rule, Status, Taxonomy};
use crate::diagnostic::{Diagnostic, Diagnostics, Origin};
use crate::id::Date;
use std::collections::BTreeMap;

impl Taxonomy {
    /// This taxonomy with another laid over it: both packs' definitions, and the changes that either makes of the other's rules.
    ///
    /// # Errors
    ///
    /// A key that both define, references that name nothing, and two changes of one rule that are in force on the same day.
    pub fn overlay(mut self, other: Taxonomy) -> Result<Taxonomy, Diagnostics> {
        let mut problems = Diagnostics::default();
        unite(&mut self.packs, other.packs, "pack", |p| &p.origin, &mut problems);
        unite(&mut self.offenses, other.offenses, "offense", |o| &o.origin, &mut problems);
        unite(&mut self.field_origins, other.field_origins, "field", |o| o, &mut problems);
        unite(&mut self.languages, other.languages, "language", |l| &l.origin, &mut problems);
        unite(&mut self.groups, other.groups, "group", |g| &g.origin, &mut problems);
        unite(&mut self.rules, other.rules, "rule", |r| &r.origin, &mut problems);
        self.fields.extend(other.fields);
        self.changes.extend(other.changes);
        self.claims.extend(other.claims);
        self.sources.extend(other.sources);
        self.sources.sort_by(|a, b| a.name().cmp(b.name()));
        resolve::sort_changes(&mut self.changes);
        problems.extend(resolve::limits(&self));
        problems.extend(resolve::references(&self, Packs::MayCome, &Broken::default()));
        problems.extend(resolve::conflicts(&self.changes));
        if problems.has_errors() {
            return Err(problems);
        }
        // A group that was empty in one of them may have rules in the other.
        self.warnings.extend(other.warnings);
        self.warnings.retain(|d| d.code() != "P104");
        self.warnings.extend(resolve::empty_groups(&self));
        self.warnings.extend(problems);
        Ok(self)
    }

    /// References that name nothing, now that no pack will come any more.
    pub(crate) fn unresolved(&self) -> Diagnostics {
        resolve::references(self, Packs::AreHere, &Broken::default())
    }

    /// The rules in force on a day in any of the jurisdictions, in key order, with the changes of that day applied. Without jurisdictions,
    /// rules of all of them.
    pub(crate) fn in_force(&self, as_of: Date, jurisdictions: &[String]) -> Vec<Rule> {
        let changes: BTreeMap<&str, _> = self.changes.iter().filter(|c| c.in_force(as_of)).map(|c| (c.rule.as_str(), c)).collect();
        let in_force = |rule: &&Rule| {
            let status = changes.get(rule.key.as_str()).and_then(|c| c.status).unwrap_or(rule.status);
            let here = rule.jurisdictions.is_empty() || jurisdictions.is_empty() || rule.jurisdictions.iter().any(|j| jurisdictions.contains(j));
            status != Status::Retired && here && rule.effective <= as_of && rule.sunset.is_none_or(|day| as_of < day)
        };
        let changed = |rule: &Rule| {
            let mut rule = rule.clone();
            if let Some(change) = changes.get(rule.key.as_str()) {
                rule.status = change.status.unwrap_or(rule.status);
                rule.weights.extend(change.weights.iter().map(|(offense, weight)| (offense.clone(), *weight)));
            }
            rule
        };
        self.rules.values().filter(in_force).map(changed).collect()
    }
}

/// Adds the definitions of another table; those that are in both are problems, located in the source of the later name.
fn unite<T>(table: &mut BTreeMap<String, T>, other: BTreeMap<String, T>, what: &str, origin: impl Fn(&T) -> &Origin, problems: &mut Diagnostics) {
    for (key, value) in other {
        let Some(first) = table.get(&key) else {
            table.insert(key, value);
            continue;
        };
        let (mut first, mut second) = (origin(first), origin(&value));
        if (second.source.name(), second.start) < (first.source.name(), first.start) {
            core::mem::swap(&mut first, &mut second);
        }
        let message = format!("both taxonomies define the {what} `{key}`");
        let conflict = Diagnostic::error("P036", second.clone(), message, "defined here").also(first.clone(), "and here");
        problems.push(conflict.help("an overlay changes a rule by [[change]], and adds keys of its own"));
    }
}

impl Diagnostics {
    /// Keeps those that fit.
    fn retain(&mut self, keep: impl Fn(&Diagnostic) -> bool) {
        let mut kept = Diagnostics::default();
        self.iter().filter(|d| keep(d)).for_each(|d| kept.push(d.clone()));
        *self = kept;
    }
}
