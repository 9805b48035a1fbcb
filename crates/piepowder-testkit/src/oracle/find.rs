//! A listing's fields to the rules that match (docs/SEMANTICS.md, sections 1 and 4; signals of disguise of 4a; whether 4b is asked). It weighs nothing.
//! Invariant: every rule whose `where` holds has its candidates before any `near` is looked at.

use super::candidates;
use super::conditions::{self, Matched};
use super::text::{Candidate, FieldText};
use super::{InForce, Oracle, field_id};
use piepowder::{Field, FieldId, GroupKind, Listing};
use std::collections::{BTreeMap, BTreeSet};

impl Oracle {
    /// The texts that are read: title, description, and the fields of every rule in force, also of one that has conditions alone.
    pub(super) fn read(&self, listing: &Listing<'_>) -> BTreeMap<FieldId, FieldText> {
        let looked = self.rules.iter().flat_map(|r| r.fields.iter().copied());
        let fields: BTreeSet<FieldId> = looked.chain([Field::Title.id(), Field::Description.id()]).collect();
        fields.into_iter().map(|f| (f, FieldText::new(f, listing.bytes(f), self.limits.field_bytes() as usize, &self.lexicon))).collect()
    }

    /// The rules in force that match, by key. Where there is evidence, words with a mistake are read and all is settled anew.
    pub(super) fn matches(&self, listing: &Listing<'_>, texts: &mut BTreeMap<FieldId, FieldText>) -> BTreeMap<String, Matched> {
        let matched = self.settled(listing, texts);
        let mut telling =
            self.rules.iter().filter(|r| !r.shadow && r.rule.disguised_from() < 64 && self.groups[r.rule.group()].kind() == GroupKind::Specific);
        if !telling.any(|r| matched.get(r.rule.key()).is_some_and(|m| m.best.is_some())) {
            return matched;
        }
        texts.values_mut().for_each(|text| text.read_mistakes(&self.lexicon));
        if texts.values().all(|text| text.edited.is_none()) {
            return matched;
        }
        self.settled(listing, texts)
    }

    /// The rules that match in the views that there are.
    fn settled(&self, listing: &Listing<'_>, texts: &BTreeMap<FieldId, FieldText>) -> BTreeMap<String, Matched> {
        let field = |name: &str| field_id(&self.declared, name);
        let able: Vec<&InForce> = self.rules.iter().filter(|r| conditions::hold(&r.rule, listing, &field)).collect();
        let candidates = self.candidates(&able, texts);
        let group_of: BTreeMap<String, String> = able.iter().map(|r| (r.rule.key().to_string(), r.rule.group().to_string())).collect();
        let matched = |r: &&InForce| {
            let found = match r.rule.conditions().next() {
                Some((name, _)) if !r.rule.reads_text() => Some(Matched::by_condition(field(name))),
                _ => Matched::keep(conditions::near(&r.rule, &candidates, &group_of), self.limits.rule_matches() as usize),
            };
            Some((r.rule.key().to_string(), found?))
        };
        able.iter().filter_map(matched).collect()
    }

    /// The candidates of these rules, by key, before their `near`.
    fn candidates(&self, able: &[&InForce], texts: &BTreeMap<FieldId, FieldText>) -> BTreeMap<String, Vec<Candidate>> {
        let in_texts = |r: &InForce| r.fields.iter().filter_map(|f| texts.get(f)).flat_map(|t| r.sources.candidates(&r.rule, t)).collect();
        let mut all: BTreeMap<String, Vec<Candidate>> = able.iter().map(|r| (r.rule.key().to_string(), in_texts(r))).collect();
        let of_specific = able.iter().filter(|r| self.groups[r.rule.group()].kind() == GroupKind::Specific);
        let disguised: Vec<Candidate> = of_specific.flat_map(|r| all[r.rule.key()].clone()).filter(|c| !c.transforms.is_empty()).collect();
        for r in able.iter().filter(|r| !r.rule.disguise().is_empty()) {
            let named = |c: &&Candidate| r.fields.contains(&c.field) && c.transforms.names().any(|name| r.rule.disguise().iter().any(|d| d == name));
            let own = all.get_mut(r.rule.key()).expect("the rule has a list");
            own.extend(disguised.iter().filter(named).cloned());
            candidates::dedup(own);
        }
        all
    }
}
