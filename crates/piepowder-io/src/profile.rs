//! What each rule did in a run: rows that it matched, rows to whose score it contributed, what it contributed in all, rows whose tier rests
//! on it; and which rules fire far more often than they declare. It counts; what a rule costs is not known here, and time would not be the
//! same twice. Invariant: merging is commutative, so that threads and chunks cannot change a byte of it; it holds no text of any row.

use piepowder::{Assessment, Engine, GroupId, RuleId};
use serde::Serialize;
use std::collections::BTreeMap;

/// A rule is alerted when it matched more than so many times as many rows as it declares ...
const TIMES: u128 = 10;
/// ... and at least so many: fewer are an accident.
const LEAST: u64 = 20;

/// What each rule did in a run.
#[derive(Clone, Debug)]
pub struct Profile {
    engine: Engine,
    /// By rule.
    groups: Vec<Option<GroupId>>,
    counts: Counts,
}

/// Tables by rule: adding a row touches no name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Counts {
    scored: u64,
    matched: Vec<u64>,
    contributed: Vec<u64>,
    alone: Vec<u64>,
    /// By rule and offense, in centibans.
    sums: Vec<i64>,
}

/// A rule that matched far more rows than it declares.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Alert {
    /// The rule.
    pub rule: RuleId,
    /// Rows that it matched.
    pub matched: u64,
    /// The share of rows that it declares, in millionths.
    pub declared: u32,
}

impl Profile {
    pub(crate) fn new(engine: &Engine) -> Self {
        let (rules, offenses) = (engine.rules().count(), engine.offenses().count());
        let table = || vec![0; rules];
        let counts = Counts { scored: 0, matched: table(), contributed: table(), alone: table(), sums: vec![0; rules * offenses] };
        let groups = engine.rules().map(|(_, rule)| engine.group_id(rule.group())).collect();
        Profile { engine: engine.clone(), groups, counts }
    }

    /// Counts what an assessment cites.
    pub(crate) fn score(&mut self, assessment: &Assessment) {
        let counts = &mut self.counts;
        counts.scored += 1;
        let offenses = assessment.offenses();
        // Where one group decides, and one rule of it matched, the tier would be lower without that rule.
        let decider = match assessment.decision().deciding() {
            [group] => Some(*group),
            _ => None,
        };
        let mut of_decider: (Option<RuleId>, u32) = (None, 0);
        for line in assessment.evidence() {
            let Some(rule) = line.rule() else { continue };
            counts.matched[rule.index()] += 1;
            for (offense, _) in offenses {
                counts.sums[rule.index() * offenses.len() + offense.index()] += i64::from(line.would_weigh(*offense));
            }
            if line.is_shadow() {
                continue;
            }
            counts.contributed[rule.index()] += u64::from(offenses.iter().any(|(offense, _)| line.weight(*offense) != 0));
            if decider.is_some() && self.groups[rule.index()] == decider {
                of_decider = (Some(rule), of_decider.1 + 1);
            }
        }
        if let (Some(rule), 1) = of_decider {
            counts.alone[rule.index()] += 1;
        }
    }

    /// Adds the counts of another part of the run, by the same engine.
    pub(crate) fn merge(&mut self, other: &Profile) {
        debug_assert_eq!(self.engine.digest(), other.engine.digest());
        let (into, from) = (&mut self.counts, &other.counts);
        into.scored += from.scored;
        for (into, from) in [(&mut into.matched, &from.matched), (&mut into.contributed, &from.contributed), (&mut into.alone, &from.alone)] {
            into.iter_mut().zip(from).for_each(|(a, b)| *a += b);
        }
        into.sums.iter_mut().zip(&from.sums).for_each(|(a, b)| *a += b);
    }

    pub(crate) fn clear(&mut self) {
        let counts = &mut self.counts;
        counts.scored = 0;
        for table in [&mut counts.matched, &mut counts.contributed, &mut counts.alone] {
            table.fill(0);
        }
        counts.sums.fill(0);
    }

    /// Rows scored.
    pub fn scored(&self) -> u64 {
        self.counts.scored
    }

    /// Rows that a rule matched, whether or not it came to count.
    pub fn matched(&self, rule: RuleId) -> u64 {
        self.counts.matched[rule.index()]
    }

    /// Rows to whose score a rule contributed, for any offense.
    pub fn contributed(&self, rule: RuleId) -> u64 {
        self.counts.contributed[rule.index()]
    }

    /// Rows that the decision rests on a single group in, of which no other rule matched: without this rule their tier would be lower.
    pub fn alone(&self, rule: RuleId) -> u64 {
        self.counts.alone[rule.index()]
    }

    /// What a rule contributed in all rows, by offense in taxonomy order, in centibans; of a shadow, what it would have.
    pub fn sums(&self, rule: RuleId) -> impl Iterator<Item = (&str, i64)> {
        let offenses = self.engine.offenses().count();
        let own = &self.counts.sums[rule.index() * offenses..][..offenses];
        self.engine.offenses().map(|(_, o)| o.key()).zip(own.iter().copied())
    }

    /// The rules that matched more than ten times as many rows as they declare, and 20 at least, by key.
    pub fn alerts(&self) -> impl Iterator<Item = Alert> {
        let declared = self.engine.rules().filter_map(|(id, rule)| Some((id, rule.rate()?)));
        let alerts = declared.map(|(rule, declared)| Alert { rule, matched: self.matched(rule), declared });
        alerts.filter(|a| {
            let expected = u128::from(a.declared) * u128::from(self.counts.scored);
            a.matched >= LEAST && u128::from(a.matched) * 1_000_000 > TIMES * expected
        })
    }

    /// Appends the profile as pretty JSON with a line feed. Rules come by key; those that matched nothing are listed by themselves.
    pub fn write_json(&self, out: &mut Vec<u8>) {
        let engine = &self.engine;
        let of_rule = |(id, rule): (RuleId, &piepowder::Rule)| {
            let view = RuleView {
                shadow: rule.status() == piepowder::Status::Shadow,
                rate: rule.rate().map(share),
                matched: self.matched(id),
                contributed: self.contributed(id),
                alone: self.alone(id),
                sums: self.sums(id).filter(|(_, sum)| *sum != 0).collect(),
            };
            (rule.key().to_owned(), view)
        };
        let view = View {
            v: 1,
            piepowder: env!("CARGO_PKG_VERSION"),
            engine: engine.digest().to_string(),
            taxonomy: engine.taxonomy_digest().to_string(),
            as_of: engine.as_of().to_string(),
            scored: self.counts.scored,
            alerts: self.alerts().map(|a| AlertView { rule: engine.rule(a.rule).key(), matched: a.matched, rate: share(a.declared) }).collect(),
            rules: engine.rules().filter(|(id, _)| self.matched(*id) > 0).map(of_rule).collect(),
            unmatched: engine.rules().filter(|(id, _)| self.matched(*id) == 0).map(|(_, rule)| rule.key()).collect(),
        };
        serde_json::to_writer_pretty(&mut *out, &view).expect("a vector takes every byte, and all keys are strings");
        out.push(b'\n');
    }
}

impl PartialEq for Profile {
    fn eq(&self, other: &Self) -> bool {
        (self.engine.digest(), &self.counts) == (other.engine.digest(), &other.counts)
    }
}

impl Eq for Profile {}

/// A share in millionths as decimal text.
fn share(millionths: u32) -> String {
    let text = format!("{}.{:06}", millionths / 1_000_000, millionths % 1_000_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// The file's shape, keys in this order.
#[derive(Serialize)]
struct View<'a> {
    v: u32,
    piepowder: &'static str,
    engine: String,
    taxonomy: String,
    as_of: String,
    scored: u64,
    alerts: Vec<AlertView<'a>>,
    rules: BTreeMap<String, RuleView<'a>>,
    unmatched: Vec<&'a str>,
}

#[derive(Serialize)]
struct AlertView<'a> {
    rule: &'a str,
    matched: u64,
    rate: String,
}

#[derive(Serialize)]
struct RuleView<'a> {
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    shadow: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    rate: Option<String>,
    matched: u64,
    contributed: u64,
    alone: u64,
    sums: BTreeMap<&'a str, i64>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use piepowder::{Field, Listing, Source, Taxonomy};

    const PACK: &str = "format = 1\nname = \"demo\"\nversion = \"1.0.0\"\nreleased = 2026-11-21\nlicense = \"CC0-1.0\"\nowner = \"you\"\n\
        [[offense]]\nkey = \"wands\"\nrank = 1\ntitle = \"Wands\"\nproposition = \"The text offers a wand.\"\n";

    fn engine() -> Engine {
        let head = "[defaults]\nelement = \"object\"\nnature = \"criminal\"\nlanguage = \"en\"\nwarrant = { kind = \"expert\", source = \"A test.\" }\n\
            [[group]]\nkey = \"g\"\nreason.en = \"R.\"\n";
        let rule =
            |key: &str, keys: &str| format!("[[rule]]\nkey = \"g.{key}\"\ngroup = \"g\"\ntitle = \"t\"\nweights = {{ wands = 320 }}\n{keys}\n");
        let rules = [
            rule("rare", "terms = [\"wand\"]\nrate = \"0.01\""),
            rule("often", "terms = [\"staff\"]\nrate = \"0.1\""),
            rule("shadow", "terms = [\"broom\"]\nstatus = \"shadow\""),
            rule("unseen", "terms = [\"cauldron\"]"),
        ];
        let text = format!("{head}{}", rules.concat());
        let taxonomy = Taxonomy::from_sources([Source::new("demo/pack.toml", PACK), Source::new("demo/r.toml", text)]).unwrap();
        Engine::builder().taxonomy(&taxonomy).build().unwrap()
    }

    fn profile(engine: &Engine, titles: &[(&str, usize)]) -> Profile {
        let mut profile = Profile::new(engine);
        for (title, times) in titles {
            let assessment = engine.assess(&Listing::new().with(Field::Title, title.as_bytes()));
            (0..*times).for_each(|_| profile.score(&assessment));
        }
        profile
    }

    #[test]
    fn rules_are_counted_by_what_they_did() {
        let engine = engine();
        let profile = profile(&engine, &[("wand", 2), ("wand and staff", 3), ("broom", 1), ("chair", 4)]);
        let of = |key: &str| {
            let id = engine.rule_id(key).unwrap();
            (profile.matched(id), profile.contributed(id), profile.alone(id), profile.sums(id).map(|(_, sum)| sum).sum::<i64>())
        };
        // Of two in one group the first by key counts in full, the other a quarter.
        assert_eq!(of("g.rare"), (5, 5, 2, 2 * 320 + 3 * 80));
        assert_eq!(of("g.often"), (3, 3, 0, 3 * 320));
        assert_eq!(of("g.shadow"), (1, 0, 0, 320));
        assert_eq!(of("g.unseen"), (0, 0, 0, 0));
        assert_eq!(profile.scored(), 10);
        let mut json = Vec::new();
        profile.write_json(&mut json);
        let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
        assert_eq!(json["unmatched"], serde_json::json!(["g.unseen"]));
        assert_eq!(json["rules"]["g.shadow"]["shadow"], true);
        assert_eq!(json["rules"]["g.rare"]["rate"], "0.01");
    }

    #[test]
    fn alerts_need_ten_times_the_rate_and_twenty_rows() {
        let engine = engine();
        let alerts = |wand: usize, staff: usize, chair: usize| {
            let profile = profile(&engine, &[("wand", wand), ("staff", staff), ("chair", chair)]);
            profile.alerts().map(|a| engine.rule(a.rule).key().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(alerts(19, 0, 0), [""; 0]);
        assert_eq!(alerts(20, 0, 0), ["g.rare"]);
        assert_eq!(alerts(20, 0, 180), [""; 0], "ten times is not more than ten times");
        assert_eq!(alerts(20, 0, 179), ["g.rare"]);
        assert_eq!(alerts(0, 500, 0), [""; 0], "nothing is more than ten times a tenth");
    }

    #[test]
    fn merging_is_counting_together() {
        let engine = engine();
        let (one, two) = (profile(&engine, &[("wand", 2), ("broom", 1)]), profile(&engine, &[("wand staff", 3)]));
        let all = profile(&engine, &[("wand staff", 3), ("wand", 2), ("broom", 1)]);
        let (mut a, mut b) = (one.clone(), two.clone());
        a.merge(&two);
        b.merge(&one);
        assert!(a == all && b == all);
        a.clear();
        assert!(a == Profile::new(&engine));
    }
}
