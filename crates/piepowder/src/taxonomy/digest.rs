//! The canonical form of a taxonomy and its digest: every value that packs give, in key order, without the files they came in.
//! What is a set in the format (terms, fields, units ...) is fed sorted and without repeats; what is a sequence (conditions) as it stands.
//! Invariant: two taxonomies with the same digest give the same engine; moving rules between files changes nothing.

use super::words::Boundary;
use super::{Change, FieldType, Group, Language, Offense, Pack, Rule, Taxonomy, Test, Trigger};
use crate::id::{Canon, Date, Digest};
use std::collections::BTreeMap;
use std::sync::Arc;

impl Taxonomy {
    /// Digest over everything that the packs say, in canonical form: packs, all tables, changes.
    pub fn digest(&self) -> Digest {
        match &self.ready {
            Some(ready) => ready.digest,
            None => self.digest_beside(&[], &mut Canon::unnamed()),
        }
    }

    /// The digest, and beside it the tables for that of an engine, with the rules that are in force, their changes applied: they are a part
    /// of all rules, in the same order, and nearly all of them are as written.
    pub(crate) fn digest_beside(&self, in_force: &[Arc<Rule>], engine: &mut Canon) -> Digest {
        let mut canon = Canon::new("piepowder taxonomy 1");
        canon.int(self.packs.len() as i64);
        self.packs.values().for_each(|p| p.feed(&mut canon));
        let mut part = Canon::unnamed();
        self.feed(&mut part);
        canon.part(&part).int(self.rules.len() as i64);
        engine.part(&part).int(in_force.len() as i64);
        let mut in_force = in_force.iter().peekable();
        for rule in self.rules.values() {
            part.clear();
            rule.feed(&mut part);
            canon.part(&part);
            if let Some(own) = in_force.next_if(|own| own.key == rule.key) {
                if !Arc::ptr_eq(own, rule) {
                    part.clear();
                    own.feed(&mut part);
                }
                engine.part(&part);
            }
        }
        canon.int(self.changes.len() as i64);
        self.changes.iter().for_each(|c| c.feed(&mut canon));
        canon.finish()
    }

    /// Feeds all tables but the rules in order, each with its count.
    fn feed(&self, canon: &mut Canon) {
        canon.int(self.offenses.len() as i64);
        self.offenses.values().for_each(|o| o.feed(canon));
        canon.int(self.fields.len() as i64);
        for (name, kind) in &self.fields {
            canon.text(name).text(match kind {
                FieldType::Text => "text",
                FieldType::Number => "number",
            });
        }
        canon.int(self.languages.len() as i64);
        self.languages.values().for_each(|l| l.feed(canon));
        canon.int(self.groups.len() as i64);
        self.groups.values().for_each(|g| g.feed(canon));
    }
}

fn set<'a>(canon: &mut Canon, items: impl Iterator<Item = &'a str>) {
    let mut sorted: Vec<&str> = items.collect();
    sorted.sort_unstable();
    sorted.dedup();
    canon.texts(sorted.into_iter());
}

fn strings(canon: &mut Canon, items: &[String]) {
    set(canon, items.iter().map(String::as_str));
}

fn date(canon: &mut Canon, day: Option<Date>) {
    canon.text(&day.map(|d| d.to_string()).unwrap_or_default());
}

fn codes(canon: &mut Canon, codes: &BTreeMap<String, Vec<String>>) {
    canon.int(codes.len() as i64);
    for (vocabulary, list) in codes {
        canon.text(vocabulary);
        strings(canon, list);
    }
}

fn weights(canon: &mut Canon, weights: &BTreeMap<String, i32>) {
    canon.int(weights.len() as i64);
    for (offense, weight) in weights {
        canon.text(offense).int(i64::from(*weight));
    }
}

/// Feeds parts whose order says nothing: each is digested by itself, and the digests are fed sorted.
fn unordered<T>(canon: &mut Canon, items: &[T], feed: impl Fn(&T, &mut Canon)) {
    let mut digests: Vec<Digest> = Vec::with_capacity(items.len());
    let mut one = Canon::unnamed();
    for item in items {
        one.clear();
        one.text("part");
        feed(item, &mut one);
        digests.push(one.finish());
    }
    digests.sort_unstable();
    digests.dedup();
    canon.int(digests.len() as i64);
    for digest in digests {
        canon.text(digest.hex().as_str());
    }
}

impl Pack {
    pub(crate) fn feed(&self, canon: &mut Canon) {
        canon.text(&self.name).text(&self.version).text(&self.released.to_string()).text(&self.license).text(&self.owner).text(&self.description);
        strings(canon, &self.extends);
        boundaries(canon, &self.boundaries);
    }
}

impl Offense {
    pub(crate) fn feed(&self, canon: &mut Canon) {
        canon.text(&self.key).int(i64::from(self.rank)).text(&self.title).text(&self.proposition);
        codes(canon, &self.codes);
    }
}

impl Language {
    pub(crate) fn feed(&self, canon: &mut Canon) {
        canon.text(&self.code).int(i64::from(self.read));
        strings(canon, &self.scripts);
        strings(canon, &self.words);
    }
}

impl Group {
    pub(crate) fn feed(&self, canon: &mut Canon) {
        canon.text(&self.key).text(&self.pack).text(self.kind.word()).int(i64::from(self.excusable)).int(self.reason.len() as i64);
        for (language, reason) in &self.reason {
            canon.text(language).text(reason);
        }
        codes(canon, &self.codes);
    }
}

impl Change {
    pub(crate) fn feed(&self, canon: &mut Canon) {
        canon.text(&self.rule).text(&self.pack).text(&self.owner).text(&self.reason);
        date(canon, self.effective);
        date(canon, Some(self.expires));
        canon.text(self.status.map_or("", |s| s.word()));
        weights(canon, &self.weights);
    }
}

impl Rule {
    /// Feeds every value of the rule, but not where it is written.
    pub(crate) fn feed(&self, canon: &mut Canon) {
        let body = self.body();
        canon.text(&self.key).text(&self.pack).text(&body.group).text(&body.title);
        weights(canon, &body.weights);
        canon.text(body.element.word()).text(body.nature.word()).text(&body.language);
        canon.text(body.warrant.kind.word()).text(&body.warrant.source).text(&body.warrant.url).text(&body.owner);
        date(canon, Some(body.effective));
        date(canon, body.sunset);
        strings(canon, &body.jurisdictions);
        canon.text(body.status.word());
        codes(canon, &body.codes);
        strings(canon, &body.fields);
        set(canon, self.terms());
        set(canon, self.substrings());
        unordered(canon, &body.patterns, |p, c| {
            c.text(&p.regex).text(p.view.word());
            unordered(c, &p.triggers, |t, c| trigger(c, t));
        });
        unordered(canon, &body.quantities, |q, c| {
            c.text(q.dimension.word()).int(q.min).int(q.max).int(i64::from(q.times_min));
            strings(c, &q.units);
        });
        unordered(canon, &body.money, |m, c| {
            c.int(m.min).int(m.max);
            strings(c, &m.currencies);
        });
        set(canon, body.entities.iter().map(|e| e.word()));
        canon.int(i64::from(body.near.is_some()));
        if let Some(near) = &body.near {
            canon.int(i64::from(near.within)).text(near.scope.word());
            strings(canon, &near.any);
        }
        canon.int(body.conditions.len() as i64);
        for condition in &body.conditions {
            canon.text(&condition.field);
            test(canon, &condition.test);
        }
        canon.int(i64::from(body.excuse.is_some()));
        if let Some(excuse) = &body.excuse {
            canon.int(i64::from(excuse.within)).text(excuse.scope.word());
            strings(canon, &excuse.groups);
        }
        canon.text(body.boundary.map_or("", Boundary::word)).int(i64::from(body.disguised_from));
        boundaries(canon, &body.boundaries);
        strings(canon, &body.disguise);
        // Only where it is declared, so that packs without it keep their digest. No text has the length -1, with which it begins, so
        // that it cannot be taken for what follows a rule without it.
        if let Some(rate) = body.rate {
            canon.int(-1).text("rate").int(i64::from(rate));
        }
    }
}

fn boundaries(canon: &mut Canon, boundaries: &BTreeMap<String, Boundary>) {
    canon.int(boundaries.len() as i64);
    for (script, boundary) in boundaries {
        canon.text(script).text(boundary.word());
    }
}

fn trigger(canon: &mut Canon, trigger: &Trigger) {
    match trigger {
        Trigger::Word(word) => canon.text("word").text(word),
        Trigger::Digit => canon.text("digit"),
        Trigger::Digits12 => canon.text("digits12"),
        Trigger::Base58 => canon.text("base58"),
        Trigger::Hex => canon.text("hex"),
        Trigger::At => canon.text("at"),
        Trigger::Currency => canon.text("currency"),
    };
}

fn test(canon: &mut Canon, test: &Test) {
    match test {
        Test::AnyOf(texts) => {
            canon.text("any_of");
            strings(canon, texts);
        }
        Test::Below(value, currency) => {
            canon.text("below").int(*value).text(currency.as_deref().unwrap_or_default());
        }
        Test::Above(value, currency) => {
            canon.text("above").int(*value).text(currency.as_deref().unwrap_or_default());
        }
        Test::Present(is) => {
            canon.text("present").int(i64::from(*is));
        }
    }
}
