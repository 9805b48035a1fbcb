//! What one table of a taxonomy says of another: references by key, weights against the kind of their group, changes against each other.
//! The loader notes a claim with its place for each; they are checked when all packs are there, again after an overlay, and when an
//! engine is built. Invariant: a claim is checked against the union of the packs, never against the order in which they came.

use super::format;
use super::read::{shown, suggest};
use super::rule::Group;
use super::words::GroupKind;
use super::{Change, FieldType, Taxonomy};
use crate::diagnostic::{Diagnostic, Diagnostics, Origin, Source};
use crate::listing::Field;
use std::collections::{BTreeMap, BTreeSet};

/// Something that a rule or a change says and that other tables must bear out.
#[derive(Clone, Debug)]
pub(crate) struct Claim {
    pub(crate) pack: String,
    /// Key of the rule that says it, or that is changed.
    pub(crate) rule: String,
    pub(crate) origin: Origin,
    pub(crate) what: What,
}

/// What is claimed.
#[derive(Clone, Debug)]
pub(crate) enum What {
    /// The rule belongs to this group.
    Group(String),
    /// The rule weighs for this offense, or for all.
    Offense(String),
    /// The rule weighs so much for some offense.
    Weight(i32),
    /// The rule must be near this rule or group.
    Near(String),
    /// The rule, of this group, must be near one of these.
    NearOnly { any: Vec<String>, group: String },
    /// The rule excuses this group or prefix.
    Excused(String),
    /// The rule has a table `excuses`.
    Excuses,
    /// The rule has no table `excuses`.
    NoExcuses,
    /// The rule has a list `disguise`.
    Disguise,
    /// The rule looks into this field.
    TextField(String),
    /// The rule tests this field.
    Tested { field: String, test: &'static str },
    /// The rule is changed.
    Changed,
}

/// Whether packs that are extended and not loaded may still come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Packs {
    MayCome,
    AreHere,
}

/// Sources that could not be read to the end: what they name may be defined in them.
#[derive(Default)]
pub(crate) struct Broken {
    sources: Vec<Source>,
    /// A source could not be read at all: nothing can be called unknown.
    pub(crate) incomplete: bool,
}

impl Broken {
    /// Remembers a source that has syntax errors.
    pub(crate) fn note(&mut self, is_broken: bool, source: &Source) {
        if is_broken {
            self.sources.push(source.clone());
        }
    }

    pub(crate) fn has(&self, source: &Source) -> bool {
        self.sources.iter().any(|s| s.name() == source.name())
    }

    /// All that looks like a key in the broken sources.
    fn words(&self) -> BTreeSet<&str> {
        let separates = |c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
        self.sources.iter().flat_map(|s| s.text().split(separates)).collect()
    }
}

/// Sizes that the engine's tables cannot hold.
pub(crate) fn limits(t: &Taxonomy) -> Diagnostics {
    let mut problems = Diagnostics::default();
    let mut too_many = |origin: Option<&Origin>, count: usize, most: usize, what: &str| {
        if let Some(origin) = origin.filter(|_| count > most) {
            let message = format!("the taxonomy has {count} {what}");
            problems.push(Diagnostic::error("P004", origin.clone(), message, format!("at most {most} {what}")));
        }
    };
    too_many(t.rules.values().nth(format::MAX_RULES).map(|r| &r.body().origin), t.rules.len(), format::MAX_RULES, "rules");
    too_many(t.offenses.values().nth(format::MAX_OFFENSES).map(|o| &o.origin), t.offenses.len(), format::MAX_OFFENSES, "offenses");
    let mut terms = 0;
    let mut over = None;
    for rule in t.rules.values() {
        terms += rule.terms.len() + rule.substrings.len();
        if terms > format::MAX_TERMS && over.is_none() {
            over = Some(&rule.body().origin);
        }
    }
    too_many(over, terms, format::MAX_TERMS, "terms");
    problems
}

/// Groups that no rule belongs to.
pub(crate) fn empty_groups(t: &Taxonomy) -> Diagnostics {
    let used: BTreeSet<&str> = t.rules.values().map(|r| r.body().group.as_str()).collect();
    let mut problems = Diagnostics::default();
    for group in t.groups.values().filter(|g| !used.contains(g.key.as_str())) {
        problems.push(Diagnostic::warning("P104", group.origin.clone(), format!("the group `{}` has no rules", group.key), "no rule names it"));
    }
    problems
}

/// By rule, then first day; the rest of the order only makes it total.
pub(crate) fn sort_changes(changes: &mut [Change]) {
    changes.sort_by(|a, b| (&a.rule, a.effective, a.expires, &a.pack, &a.reason).cmp(&(&b.rule, b.effective, b.expires, &b.pack, &b.reason)));
}

/// Changes of one rule that are in force on the same day. They must be sorted.
pub(crate) fn conflicts(changes: &[Change]) -> Diagnostics {
    let mut problems = Diagnostics::default();
    // Of the changes of the rule so far, the one that lasts longest.
    let mut open: Option<&Change> = None;
    for change in changes {
        if let Some(first) = open.filter(|o| o.rule == change.rule) {
            if change.effective.is_none_or(|day| day < first.expires) {
                let message = format!("two changes of the rule `{}` are in force on the same day", change.rule);
                let conflict = Diagnostic::error("P035", change.origin.clone(), message, format!("in force until {}", change.expires));
                problems.push(conflict.also(first.origin.clone(), format!("in force until {}", first.expires)));
            }
            if change.expires > first.expires {
                open = Some(change);
            }
        } else {
            open = Some(change);
        }
    }
    problems
}

/// The first problems of each source, and how many there are beyond. To show one means to count the lines before it: without a cap, a
/// hostile file would cost the square of its size.
pub(crate) fn capped(problems: &Diagnostics) -> Diagnostics {
    let mut by_source: BTreeMap<&str, Vec<&Diagnostic>> = BTreeMap::new();
    for problem in problems.iter() {
        by_source.entry(problem.source_name()).or_default().push(problem);
    }
    let mut capped = Diagnostics::default();
    for list in by_source.values_mut() {
        // Errors first, so that no number of warnings hides one.
        list.sort_by_key(|d| !d.is_error());
        let more = list.len().saturating_sub(format::MAX_PROBLEMS);
        for (i, problem) in list.iter().take(format::MAX_PROBLEMS).enumerate() {
            let problem = Diagnostic::clone(problem);
            let last = more > 0 && i + 1 == format::MAX_PROBLEMS;
            capped.push(if last { problem.help(format!("{more} more of this file are not shown")) } else { problem });
        }
    }
    capped
}

/// Checks all claims.
pub(crate) fn references(t: &Taxonomy, packs: Packs, broken: &Broken) -> Diagnostics {
    let mut members: BTreeMap<&str, usize> = BTreeMap::new();
    for rule in t.rules.values() {
        *members.entry(rule.body().group.as_str()).or_default() += 1;
    }
    let mut check = Check { t, packs, words: broken.words(), incomplete: broken.incomplete, members, problems: Diagnostics::default() };
    t.claims.iter().for_each(|c| check.claim(c));
    check.problems
}

struct Check<'t> {
    t: &'t Taxonomy,
    packs: Packs,
    words: BTreeSet<&'t str>,
    incomplete: bool,
    members: BTreeMap<&'t str, usize>,
    problems: Diagnostics,
}

impl<'t> Check<'t> {
    fn error(&mut self, code: &'static str, claim: &Claim, message: String, label: impl Into<String>, help: impl Into<String>) {
        self.problems.push(Diagnostic::error(code, claim.origin.clone(), message, label).help(help));
    }

    /// Whether a key that is unknown may yet be defined: by a pack that will come, or in a source that could not be read.
    fn may_come(&self, claim: &Claim, key: &str) -> bool {
        let extends = self.t.packs.get(&claim.pack).map_or(&[][..], |p| p.extends.as_slice());
        let pending = self.packs == Packs::MayCome && extends.iter().any(|e| !self.t.packs.contains_key(e));
        key.is_empty() || self.incomplete || pending || self.words.contains(key)
    }

    fn unknown<'k>(&mut self, code: &'static str, claim: &Claim, what: &str, key: &str, known: impl Iterator<Item = &'k str>) {
        if self.may_come(claim, key) {
            return;
        }
        let extends = self.t.packs.get(&claim.pack).map_or(&[][..], |p| p.extends.as_slice());
        let absent: Vec<&str> = extends.iter().filter(|e| !self.t.packs.contains_key(*e)).map(String::as_str).collect();
        // Each suggestion is compared with every key; the hundredth helps nobody.
        let near = if self.problems.len() < 100 { suggest(key, known) } else { None };
        let help = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None if absent.is_empty() => "if another pack has it, name that pack in `extends`".to_owned(),
            None => format!("the pack extends {}, which is not loaded", absent.join(", ")),
        };
        self.error(code, claim, format!("there is no {what} `{}`", shown(key)), format!("unknown {what}"), help);
    }

    /// The group of the rule that a claim is about.
    fn group(&self, claim: &Claim) -> Option<&'t Group> {
        self.t.rules.get(&claim.rule).and_then(|r| self.t.groups.get(&r.body().group))
    }

    fn claim(&mut self, claim: &Claim) {
        let t = self.t;
        match &claim.what {
            What::Group(key) => match t.groups.get(key) {
                None => self.unknown("P015", claim, "group", key, t.groups.keys().map(String::as_str)),
                Some(group) => {
                    let extends = t.packs.get(&claim.pack).is_none_or(|p| group.pack == p.name || p.extends.contains(&group.pack));
                    if !extends {
                        let message = format!("the group `{key}` is of another pack");
                        let help = format!("add \"{}\" to `extends` in pack.toml", group.pack);
                        self.error("P015", claim, message, format!("of the pack {}, which this one does not extend", group.pack), help);
                    }
                }
            },
            What::Offense(offense) => self.offense(claim, offense),
            What::Weight(weight) => {
                if let Some(group) = self.group(claim).filter(|g| (g.kind == GroupKind::Excuse) != (*weight < 0)) {
                    let label = if *weight < 0 { "must be positive" } else { "must be negative" };
                    let message = format!("the weight has the wrong sign for the {} group `{}`", group.kind.word(), group.key);
                    self.error("P018", claim, message, label, "");
                }
            }
            What::Near(key) => {
                if !t.rules.contains_key(key) && !t.groups.contains_key(key) {
                    self.unknown("P015", claim, "rule or group", key, t.groups.keys().chain(t.rules.keys()).map(String::as_str));
                }
            }
            What::NearOnly { any, group } => {
                let alone = self.members.get(group.as_str()).is_some_and(|n| *n == 1);
                if !any.is_empty() && any.iter().all(|k| *k == claim.rule || (k == group && alone)) {
                    let help = "a rule is never near itself: name another rule or group";
                    self.error("P032", claim, format!("the rule `{}` must be near itself", shown(&claim.rule)), "names only the rule itself", help);
                }
            }
            What::Excused(key) => self.excused(claim, key),
            What::Excuses => {
                if let Some(group) = self.group(claim).filter(|g| g.kind != GroupKind::Excuse) {
                    let message = format!("`excuses` in a rule of the {} group `{}`", group.kind.word(), group.key);
                    self.error("P021", claim, message, "only rules of excuse groups take something back", "");
                }
            }
            What::NoExcuses => {
                if let Some(group) = self.group(claim).filter(|g| g.kind == GroupKind::Excuse) {
                    let help = "excuses = { groups = [\"...\"] }";
                    self.error("P021", claim, format!("a rule of the excuse group `{}` excuses nothing", group.key), "no `excuses`", help);
                }
            }
            What::Disguise => {
                if let Some(group) = self.group(claim).filter(|g| g.kind != GroupKind::Signal) {
                    let message = format!("`disguise` in a rule of the {} group `{}`", group.kind.word(), group.key);
                    self.error("P038", claim, message, "disguise is a signal: it needs company", "");
                }
            }
            What::TextField(name) => match self.field(name) {
                None => self.unknown_field(claim, name),
                Some(Holds::Text) => {}
                Some(_) => self.error("P031", claim, format!("rules cannot look into `{name}`"), "not a text field", "test it in `where`"),
            },
            What::Tested { field, test } => match self.field(field) {
                None => self.unknown_field(claim, field),
                Some(holds) => {
                    let fits = match *test {
                        "any_of" => holds != Holds::Number,
                        "below" | "above" => holds == Holds::Number,
                        _ => true,
                    };
                    if !fits {
                        let other =
                            if holds == Holds::Number { "holds a number: use `below` or `above`" } else { "does not hold a number: use `any_of`" };
                        self.error("P031", claim, format!("`{test}` does not fit the field `{field}`"), other, "");
                    }
                }
            },
            What::Changed => {
                if !t.rules.contains_key(&claim.rule) {
                    self.unknown("P015", claim, "rule", &claim.rule, t.rules.keys().map(String::as_str));
                }
            }
        }
    }

    fn offense(&mut self, claim: &Claim, offense: &str) {
        if offense != "*" {
            if !self.t.offenses.contains_key(offense) {
                self.unknown("P014", claim, "offense", offense, self.t.offenses.keys().map(String::as_str));
            }
        } else if let Some(group) = self.group(claim).filter(|g| g.kind != GroupKind::Signal) {
            let message = format!("`*` in a rule of the {} group `{}`", group.kind.word(), group.key);
            self.error("P019", claim, message, "only signals speak of every offense", "name the offenses");
        }
    }

    fn excused(&mut self, claim: &Claim, key: &str) {
        let t = self.t;
        let Some(prefix) = key.strip_suffix(".*") else {
            match t.groups.get(key) {
                None => self.unknown("P015", claim, "group", key, t.groups.keys().map(String::as_str)),
                Some(g) if !g.excusable => {
                    let label = match g.kind {
                        GroupKind::Specific => "says `excusable = false`",
                        GroupKind::Signal => "a signal group",
                        GroupKind::Excuse => "an excuse group",
                    };
                    self.problems.push(
                        Diagnostic::error("P020", claim.origin.clone(), format!("the group `{key}` cannot be excused"), label)
                            .also(g.origin.clone(), "defined here"),
                    );
                }
                Some(_) => {}
            }
            return;
        };
        let under = |k: &str| k.strip_prefix(prefix).is_some_and(|rest| rest.starts_with('.'));
        let found = t.groups.values().any(|g| g.excusable && under(&g.key));
        if !found && !self.may_come(claim, key) && !self.words.iter().any(|w| under(w)) {
            self.error("P020", claim, format!("no group under `{}` can be excused", shown(prefix)), "matches no group that can be excused", "");
        }
    }

    fn field(&self, name: &str) -> Option<Holds> {
        let fixed = |f: Field| match f {
            f if f.is_text() => Holds::Text,
            Field::Price => Holds::Number,
            _ => Holds::Code,
        };
        let declared = |f: &FieldType| if *f == FieldType::Number { Holds::Number } else { Holds::Text };
        Field::from_name(name).map(fixed).or_else(|| self.t.fields.get(name).map(declared))
    }

    fn unknown_field(&mut self, claim: &Claim, name: &str) {
        let known = Field::ALL.iter().map(|f| f.name()).chain(self.t.fields.keys().map(String::as_str));
        self.unknown("P030", claim, "field", name, known);
    }
}

/// What a field holds, as conditions see it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Holds {
    Text,
    Number,
    /// A typed text that rules do not read: a currency, a language, a day.
    Code,
}
