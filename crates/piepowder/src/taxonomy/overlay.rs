//! Taxonomies laid over each other, and what of a taxonomy holds on a day: changes by key, status, dates, jurisdictions.
//! Invariant: laying A over B gives what B over A gives, and neither lets a definition replace another in silence.

use super::resolve::{self, Broken, Packs};
use super::{Rule, Status, Taxonomy};
use crate::diagnostic::{Diagnostic, Diagnostics, Origin};
use crate::id::Date;
use std::collections::BTreeMap;
use std::sync::Arc;

impl Taxonomy {
    /// This taxonomy with another laid over it: both packs' definitions, and the changes that either makes of the other's rules.
    ///
    /// # Errors
    ///
    /// A key that both define, references that name nothing, and two changes of one rule that are in force on the same day.
    ///
    /// ```
    /// use piepowder::{Source, Taxonomy};
    ///
    /// let shop = Taxonomy::from_sources([Source::new("shop/pack.toml", r#"
    ///     format = 1
    ///     name = "shop"
    ///     version = "1.0.0"
    ///     released = 2026-11-21
    ///     license = "CC0-1.0"
    ///     owner = "shop.example"
    ///     extends = ["narcotics"]
    ///     [[change]]
    ///     rule = "narcotics.cannabis.name"
    ///     owner = "trust-and-safety@shop.example"
    ///     reason = "Sold under licence in this shop's only market."
    ///     expires = 2027-06-30
    ///     weights = { narcotics = 60 }
    /// "#)])?;
    /// let taxonomy = piepowder_packs::taxonomy().overlay(shop)?;
    /// assert_eq!(taxonomy.changes().len(), 1);
    /// # Ok::<(), piepowder::Diagnostics>(())
    /// ```
    pub fn overlay(self, other: Taxonomy) -> Result<Taxonomy, Diagnostics> {
        self.whole()?.overlay_whole(other.whole()?)
    }

    /// The taxonomy with all that its sources say: of a compiled pack they are loaded again.
    pub(crate) fn whole(self) -> Result<Taxonomy, Diagnostics> {
        if self.ready.is_some() { Taxonomy::from_sources(self.sources) } else { Ok(self) }
    }

    fn overlay_whole(mut self, other: Taxonomy) -> Result<Taxonomy, Diagnostics> {
        let mut problems = Diagnostics::default();
        unite(&mut self.packs, other.packs, "pack", |p| &p.origin, &mut problems);
        unite(&mut self.offenses, other.offenses, "offense", |o| &o.origin, &mut problems);
        unite(&mut self.field_origins, other.field_origins, "field", |o| o, &mut problems);
        unite(&mut self.languages, other.languages, "language", |l| &l.origin, &mut problems);
        unite(&mut self.groups, other.groups, "group", |g| &g.origin, &mut problems);
        unite(&mut self.rules, other.rules, "rule", |r| &r.body().origin, &mut problems);
        self.fields.extend(other.fields);
        self.changes.extend(other.changes);
        Arc::make_mut(&mut self.claims).extend(other.claims.iter().cloned());
        self.sources.extend(other.sources);
        self.sources.sort_by(|a, b| a.name().cmp(b.name()));
        resolve::sort_changes(&mut self.changes);
        problems.extend(resolve::limits(&self));
        problems.extend(resolve::references(&self, Packs::MayCome, &Broken::default()));
        problems.extend(resolve::conflicts(&self.changes));
        if problems.has_errors() {
            return Err(resolve::capped(&problems));
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
        resolve::capped(&resolve::references(self, Packs::AreHere, &Broken::default()))
    }

    /// The rules in force on a day in any of the jurisdictions, in key order, with the changes of that day applied. Without jurisdictions,
    /// rules of all of them.
    pub(crate) fn in_force(&self, as_of: Date, jurisdictions: &[String]) -> Vec<Arc<Rule>> {
        let changes: BTreeMap<&str, _> = self.changes.iter().filter(|c| c.in_force(as_of)).map(|c| (c.rule.as_str(), c)).collect();
        let in_force = |rule: &&Arc<Rule>| {
            let status = changes.get(rule.key.as_str()).and_then(|c| c.status).unwrap_or(rule.body().status);
            let here = rule.body().jurisdictions.is_empty()
                || jurisdictions.is_empty()
                || rule.body().jurisdictions.iter().any(|j| jurisdictions.contains(j));
            status != Status::Retired && here && rule.body().effective <= as_of && rule.body().sunset.is_none_or(|day| as_of < day)
        };
        let changed = |rule: &Arc<Rule>| {
            let Some(change) = changes.get(rule.key.as_str()) else { return Arc::clone(rule) };
            Arc::new(rule.changed(|body| {
                body.status = change.status.unwrap_or(body.status);
                body.weights.extend(change.weights.iter().map(|(offense, weight)| (offense.clone(), *weight)));
            }))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Source;

    const PACK: &str = "format = 1\nname = 'shop'\nversion = '1.0.0'\nreleased = 2026-01-01\nlicense = 'CC0-1.0'\nowner = 'o'\n\
        [[offense]]\nkey = 'a'\nrank = 1\ntitle = 'A'\nproposition = 'The text offers a.'\n\
        [[offense]]\nkey = 'b'\nrank = 0\ntitle = 'B'\nproposition = 'The text offers b.'\n";

    fn day(text: &str) -> Date {
        Date::parse(text).unwrap_or_else(|| panic!("{text}"))
    }

    /// Rules `g.r0`, `g.r1` ... with these keys, and a file of changes.
    fn taxonomy(rules: &[&str], changes: &str) -> Taxonomy {
        let mut text = "[defaults]\nelement = 'object'\nnature = 'criminal'\nlanguage = 'en'\nwarrant = { kind = 'expert', source = 's' }\n\
            [[group]]\nkey = 'g'\nreason.en = 'R.'\n"
            .to_owned();
        for (i, keys) in rules.iter().enumerate() {
            text.push_str(&format!(
                "[[rule]]\nkey = 'g.r{i}'\ngroup = 'g'\ntitle = 't'\nweights = {{ a = 100, b = 50 }}\nterms = ['x{i}']\n{keys}\n"
            ));
        }
        let sources = [Source::new("shop/pack.toml", PACK), Source::new("shop/r.toml", text), Source::new("shop/s.toml", changes)];
        Taxonomy::from_sources(sources).unwrap_or_else(|p| panic!("{p}"))
    }

    fn keys(t: &Taxonomy, as_of: &str, jurisdictions: &[&str]) -> Vec<String> {
        let jurisdictions: Vec<String> = jurisdictions.iter().map(|j| (*j).to_owned()).collect();
        t.in_force(day(as_of), &jurisdictions).into_iter().map(|r| r.key.clone()).collect()
    }

    #[test]
    fn dates_status_and_jurisdictions_say_what_is_in_force() {
        let t = taxonomy(
            &["", "effective = 2026-03-01\nsunset = 2026-04-01", "status = 'retired'", "jurisdictions = ['EU', 'CH']", "status = 'shadow'"],
            "",
        );
        assert_eq!(keys(&t, "2025-12-31", &[]), [""; 0]);
        assert_eq!(keys(&t, "2026-01-01", &[]), ["g.r0", "g.r3", "g.r4"]);
        assert_eq!(keys(&t, "2026-02-28", &["US"]), ["g.r0", "g.r4"]);
        assert_eq!(keys(&t, "2026-03-01", &["US", "CH"]), ["g.r0", "g.r1", "g.r3", "g.r4"]);
        assert_eq!(keys(&t, "2026-03-31", &["US"]), ["g.r0", "g.r1", "g.r4"]);
        assert_eq!(keys(&t, "2026-04-01", &["US"]), ["g.r0", "g.r4"]);
    }

    #[test]
    fn changes_hold_between_their_days() {
        let change = |rule: &str, keys: &str| format!("[[change]]\nrule = 'g.{rule}'\nowner = 'o'\nreason = 'r'\n{keys}\n");
        let changes = [
            change("r0", "effective = 2026-02-01\nexpires = 2026-03-01\nstatus = 'retired'"),
            change("r1", "expires = 2026-03-01\nstatus = 'active'"),
            change("r2", "effective = 2026-02-01\nexpires = 2026-03-01\nweights = { a = 7 }"),
            change("r2", "effective = 2026-03-01\nexpires = 2026-04-01\nstatus = 'shadow'"),
        ];
        let t = taxonomy(&["", "status = 'retired'", ""], &changes.concat());
        assert_eq!(keys(&t, "2026-01-31", &[]), ["g.r0", "g.r1", "g.r2"]);
        assert_eq!(keys(&t, "2026-02-01", &[]), ["g.r1", "g.r2"]);
        assert_eq!(keys(&t, "2026-02-28", &[]), ["g.r1", "g.r2"]);
        assert_eq!(keys(&t, "2026-03-01", &[]), ["g.r0", "g.r2"]);
        let r2 =
            |as_of: &str| t.in_force(day(as_of), &[]).into_iter().find(|r| r.key == "g.r2").map(|r| (r.weight("a"), r.weight("b"), r.body().status));
        assert_eq!(r2("2026-01-31"), Some((100, 50, Status::Active)));
        assert_eq!(r2("2026-02-01"), Some((7, 50, Status::Active)));
        assert_eq!(r2("2026-03-01"), Some((100, 50, Status::Shadow)));
        assert_eq!(r2("2026-04-01"), Some((100, 50, Status::Active)));
    }

    #[test]
    fn what_never_came_is_unresolved() {
        let pack = PACK.split("[[offense]]").next().unwrap_or_default();
        let change = "extends = ['base']\n[[change]]\nrule = 'base.rule'\nowner = 'o'\nreason = 'r'\nexpires = 2027-01-01\nweights = { a = 5 }\n";
        let t = Taxonomy::from_sources([Source::new("shop/pack.toml", format!("{pack}{change}"))]).unwrap_or_else(|p| panic!("{p}"));
        let unresolved = t.unresolved();
        let codes: Vec<&str> = unresolved.iter().map(Diagnostic::code).collect();
        assert_eq!(codes, ["P015", "P014"]);
        assert!(unresolved.iter().all(|d| d.help_text().contains("base, which is not loaded")));
        assert!(taxonomy(&[""], "").unresolved().is_empty());
    }
}
