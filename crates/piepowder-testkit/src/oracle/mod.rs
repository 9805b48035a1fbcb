//! The naive oracle: a second implementation of docs/SEMANTICS.md, written to be obviously right and not to be fast. It shares with the
//! engine the plain data types and the assembly of the result, and nothing that computes. Invariant: no table, hash or automaton of the
//! engine is used; Unicode comes from the ICU crates, checksums from published crates.

mod bidi;
mod blocks;
mod boundary;
mod candidates;
mod conditions;
mod cover;
mod coverage;
mod decide;
mod decoded;
mod edits;
#[cfg(test)]
mod edits_tests;
mod entity;
mod find;
#[cfg(test)]
mod find_tests;
mod floods;
mod fold;
mod hiding;
mod lexicon;
mod lines;
mod lookalikes;
mod map;
mod markup;
#[cfg(test)]
mod markup_tests;
mod money;
mod number;
mod parting;
mod pattern;
mod quantity;
mod reading;
mod references;
mod regexwords;
mod replaced;
mod rows;
mod runs;
mod style;
mod surface;
mod tags;
mod text;
mod tokens;
mod ucd;
mod units;
mod unveil;
#[cfg(test)]
mod unveil_tests;
mod view;
mod weigh;

pub use weigh::prior_weight;

use candidates::Sources;
use decide::Case;
use lexicon::Lexicon;
use piepowder::{
    Assessment, Date, Engine, Field, FieldId, FieldType, Flags, Group, GroupId, GroupNet, Language, Limits, Listing, OffenseId, Policy, Rule, RuleId,
    Score, Status, Taxonomy,
};

/// Centibans.
type Weight = i32;
use std::collections::{BTreeMap, BTreeSet};
use text::FieldText;
use weigh::Found;

/// A rule in force on the day, with the changes that hold then.
struct InForce {
    rule: Rule,
    id: RuleId,
    weights: BTreeMap<String, Weight>,
    shadow: bool,
    fields: BTreeSet<FieldId>,
    sources: Sources,
}

impl InForce {
    fn weight(&self, offense: &str) -> Weight {
        self.weights.get(offense).or_else(|| self.weights.get("*")).copied().unwrap_or(0)
    }
}

/// The reference implementation. It takes ids and the final assembly from an engine, and computes everything itself.
pub struct Oracle {
    engine: Engine,
    policy: Policy,
    limits: Limits,
    offenses: Vec<(String, Weight)>,
    declared: BTreeMap<String, FieldId>,
    languages: Vec<Language>,
    groups: BTreeMap<String, Group>,
    group_ids: BTreeMap<String, GroupId>,
    rules: Vec<InForce>,
    lexicon: Lexicon,
}

impl Oracle {
    /// An oracle for the same taxonomy, policy, day and jurisdictions as the engine's. Priors are the policy's; see [`Oracle::with_prior`].
    ///
    /// # Panics
    /// When the engine was built from another taxonomy, or a prior cannot be computed.
    pub fn new(taxonomy: &Taxonomy, policy: &Policy, as_of: Date, jurisdictions: &[String], engine: &Engine) -> Oracle {
        let offenses = taxonomy.offenses().map(|o| (o.key().to_string(), prior_weight(policy.prior(o.key())))).collect();
        let declared: Vec<(&str, FieldType)> = taxonomy.fields().collect();
        let declared_ids: BTreeMap<String, FieldId> =
            declared.iter().enumerate().map(|(i, (name, _))| (name.to_string(), FieldId::new(Field::ALL.len() + i))).collect();
        let texts: Vec<&str> = declared.iter().filter(|(_, kind)| *kind == FieldType::Text).map(|(name, _)| *name).collect();
        let mut rules = Vec::new();
        for rule in taxonomy.rules() {
            let changes = || taxonomy.changes().iter().filter(|c| c.rule() == rule.key() && c.in_force(as_of));
            let status = changes().find_map(|c| c.status()).unwrap_or(rule.status());
            let mut weights = rule.weights().clone();
            changes().for_each(|c| weights.extend(c.weights().clone()));
            let here = rule.jurisdictions().is_empty() || jurisdictions.is_empty() || rule.jurisdictions().iter().any(|j| jurisdictions.contains(j));
            let today = rule.effective() <= as_of && rule.sunset().is_none_or(|end| as_of < end);
            if status == Status::Retired || !here || !today {
                continue;
            }
            let names: Vec<&str> = match rule.fields() {
                [] => ["title", "description", "attributes"].into_iter().chain(texts.iter().copied()).collect(),
                some => some.iter().map(String::as_str).collect(),
            };
            rules.push(InForce {
                id: engine.rule_id(rule.key()).expect("the engine has the rule"),
                weights,
                shadow: status == Status::Shadow,
                fields: names.into_iter().map(|name| field_id(&declared_ids, name)).collect(),
                sources: Sources::new(rule),
                rule: rule.clone(),
            });
        }
        Oracle {
            engine: engine.clone(),
            policy: policy.clone(),
            limits: *engine.limits(),
            offenses,
            declared: declared_ids,
            languages: taxonomy.languages().cloned().collect(),
            groups: taxonomy.groups().map(|g| (g.key().to_string(), g.clone())).collect(),
            group_ids: taxonomy.groups().map(|g| (g.key().to_string(), engine.group_id(g.key()).expect("the engine has the group"))).collect(),
            lexicon: Lexicon::of_rules(rules.iter().map(|r| &r.rule)),
            rules,
        }
    }

    /// The oracle with another prior for an offense, as the engine's builder takes it.
    pub fn with_prior(mut self, offense: &str, probability: &str) -> Oracle {
        for (_, prior) in self.offenses.iter_mut().filter(|(key, _)| key == offense) {
            *prior = prior_weight(probability);
        }
        self
    }

    /// What the engine's `assess` must say.
    pub fn assess(&self, listing: &Listing<'_>) -> Assessment {
        let mut texts = self.read(listing);
        let mut flags = Flags::NONE;
        let mut flag = |seen: bool, flag: Flags| flags = if seen { flags.union(flag) } else { flags };
        flag(texts.values().any(|t| t.truncated), Flags::TRUNCATED);
        flag(texts.values().any(|t| t.invalid), Flags::INVALID_ENCODING);
        let price = listing.get(Field::Price);
        flag(!price.is_empty() && number::decimal(price).is_none(), Flags::PRICE_UNREADABLE);

        let mut matched = self.matches(listing, &mut texts);
        flag(matched.values().any(|m| m.capped), Flags::MATCHES_CAPPED);
        flag(matched.len() > self.limits.evidence() as usize, Flags::EVIDENCE_CAPPED);
        matched = matched.into_iter().take(self.limits.evidence() as usize).collect();

        let all: Vec<Found<'_>> = self.rules.iter().filter_map(|r| Some((r, matched.get(r.rule.key())?))).collect();
        let counting: Vec<Found<'_>> = all.iter().copied().filter(|(r, _)| !r.shadow).collect();
        let case = |(key, prior): &'_ (String, Weight)| self.sum(&counting, key, *prior);
        let cases: Vec<Case<'_>> = self.offenses.iter().map(|o| Case { key: &o.0, prior: o.1, sum: case(o) }).collect();
        let tiers: Vec<usize> = cases.iter().map(|c| self.tier(c, &counting)).collect();
        let prose: Vec<&FieldText> = [Field::Title, Field::Description].iter().map(|f| &texts[&f.id()]).collect();
        let coverage = coverage::coverage(&prose, &self.languages, listing.get(Field::Language));
        let decision = self.decide(&cases, &tiers, &counting, coverage, flags);

        let scores = cases.iter().enumerate().map(|(o, c)| (OffenseId::new(o), Score::new(c.prior, c.sum.total))).collect();
        let net = |(o, group, net): (usize, &String, Weight)| GroupNet::new(self.group_ids[group], OffenseId::new(o), net);
        let mut nets: Vec<GroupNet> =
            cases.iter().enumerate().flat_map(|(o, c)| c.sum.nets.iter().filter(|(_, n)| **n > 0).map(move |(g, n)| net((o, g, *n)))).collect();
        nets.sort_by_key(|n| (n.group(), n.offense()));
        let lines = all.iter().filter_map(|f| self.line(*f, &cases)).collect();
        self.engine.assemble(scores, tiers, nets, lines, decision, (coverage, flags))
    }
}

fn field_id(declared: &BTreeMap<String, FieldId>, name: &str) -> FieldId {
    Field::from_name(name).map(Field::id).or_else(|| declared.get(name).copied()).expect("a loaded rule names fields that exist")
}
