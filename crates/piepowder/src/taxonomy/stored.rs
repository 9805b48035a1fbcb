//! The tables of a taxonomy as bytes and back, for compiled packs. Claims are left out: whatever asks for them loads the sources again,
//! which are there. Invariant: what is read back gives the digest of what was written.

use super::codes::CODES;
use super::rule::*;
use super::terms::{Store, Terms};
use super::{Change, FieldType, Language, Offense, Pack, Taxonomy};
use crate::diagnostic::{Diagnostic, Diagnostics, Severity, Source};
use crate::stored::{Damaged, Reader, Stored, Writer, four, four_bytes, sound, stored, stored_words};
use std::collections::BTreeMap;
use std::sync::Arc;

stored_words!(GroupKind, Element, Nature, Status, WarrantKind, View, Boundary, Scope, NearScope, Dimension, EntityKind);
stored!(Pack { name, version, released, license, owner, description, extends, boundaries, origin });
stored!(Offense { key, rank, title, proposition, codes, origin });
stored!(Language { code, scripts, read, words, origin });
stored!(Change { rule, pack, owner, reason, effective, expires, status, weights, origin });
stored!(Group { key, pack, kind, reason, excusable, codes, origin });
stored!(Warrant { kind, source, url });
stored!(Pattern { regex, triggers, view, origin });
stored!(QuantityRange { dimension, min, max, units, times_min });
stored!(MoneyRange { currencies, min, max });
stored!(Near { any, within, scope });
stored!(Condition { field, test });
stored!(Excuse { groups, within, scope });
stored!(Rule {
    key,
    pack,
    group,
    title,
    weights,
    element,
    nature,
    language,
    warrant,
    owner,
    effective,
    sunset,
    jurisdictions,
    status,
    rate,
    codes,
    fields,
    terms,
    substrings,
    patterns,
    quantities,
    money,
    entities,
    near,
    conditions,
    excuse,
    boundary,
    boundaries,
    disguised_from,
    disguise,
    origin,
});
stored!(Diagnostic { severity, code, message, label, help, origin, also });

impl Stored for FieldType {
    fn write(&self, out: &mut Writer) {
        (*self == FieldType::Number).write(out);
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, Damaged> {
        Ok(if bool::read(from)? { FieldType::Number } else { FieldType::Text })
    }
}

impl Stored for Severity {
    fn write(&self, out: &mut Writer) {
        (*self == Severity::Error).write(out);
    }
    /// An error does not load, so that none was written.
    fn read(from: &mut Reader<'_>) -> Result<Self, Damaged> {
        sound(!bool::read(from)?)?;
        Ok(Severity::Warning)
    }
}

impl Stored for &'static str {
    /// A code of a diagnostic.
    fn write(&self, out: &mut Writer) {
        (*self).to_owned().write(out);
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, Damaged> {
        let code = from.text()?;
        CODES.iter().find(|c| c.code == code).map(|c| c.code).ok_or(Damaged)
    }
}

impl Stored for Trigger {
    fn write(&self, out: &mut Writer) {
        self.word().to_owned().write(out);
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, Damaged> {
        super::shape::trigger(from.text()?).ok_or(Damaged)
    }
}

impl Stored for Test {
    fn write(&self, out: &mut Writer) {
        match self {
            Test::AnyOf(texts) => (0u8, texts.clone()).write(out),
            Test::Below(value, currency) => (1u8, (*value, currency.clone())).write(out),
            Test::Above(value, currency) => (2u8, (*value, currency.clone())).write(out),
            Test::Present(is) => (3u8, *is).write(out),
        }
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, Damaged> {
        Ok(match u8::read(from)? {
            0 => Test::AnyOf(Stored::read(from)?),
            1 => Test::Below(Stored::read(from)?, Stored::read(from)?),
            2 => Test::Above(Stored::read(from)?, Stored::read(from)?),
            3 => Test::Present(Stored::read(from)?),
            _ => return Err(Damaged),
        })
    }
}

impl Stored for Terms {
    /// How many there are: the terms themselves are in one text for all rules, which `adopt` gives to them.
    fn write(&self, out: &mut Writer) {
        (self.len() as u32).write(out);
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, Damaged> {
        u32::read(from).map(Terms::absent)
    }
}

impl Diagnostics {
    pub(crate) fn write(&self, out: &mut Writer) {
        self.len().write(out);
        self.iter().for_each(|d| d.write(out));
    }

    pub(crate) fn read(from: &mut Reader<'_>) -> Result<Self, Damaged> {
        let mut list = Diagnostics::default();
        Vec::<Diagnostic>::read(from)?.into_iter().for_each(|d| list.push(d));
        Ok(list)
    }
}

impl Taxonomy {
    pub(crate) fn write(&self, out: &mut Writer) {
        self.sources.write(out);
        values(&self.packs, out);
        values(&self.offenses, out);
        self.fields.write(out);
        values(&self.languages, out);
        values(&self.groups, out);
        self.changes.write(out);
        self.warnings.write(out);
        let all = || self.rules.values().flat_map(|rule| rule.terms.iter().chain(rule.substrings.iter()));
        all().map(|term| term.value).collect::<String>().write(out);
        let parts: Vec<[u32; 4]> = all().map(|term| term.parts(|name| out.source(name))).collect();
        out.list(&parts, four_bytes);
        self.rules.len().write(out);
        self.rules.values().for_each(|rule| rule.write(out));
    }

    /// Reads what `write` wrote. It has no claims: see `Taxonomy::whole`.
    pub(crate) fn read(from: &mut Reader<'_>) -> Result<Taxonomy, Damaged> {
        let sources = Vec::<Source>::read(from)?;
        from.sources = sources.clone();
        let mut taxonomy = Taxonomy {
            packs: keyed(from, |pack: &Pack| &pack.name)?,
            offenses: keyed(from, |offense: &Offense| &offense.key)?,
            fields: Stored::read(from)?,
            languages: keyed(from, |language: &Language| &language.code)?,
            groups: keyed(from, |group: &Group| &group.key)?,
            changes: Stored::read(from)?,
            warnings: Diagnostics::read(from)?,
            sources,
            ..Taxonomy::default()
        };
        let text = from.text()?;
        let parts = from.list(four)?;
        let store = Arc::new(Store::of_parts(text, parts, &taxonomy.sources).ok_or(Damaged)?);
        let mut rules = Vec::<Rule>::read(from)?;
        let mut first = 0;
        for terms in rules.iter_mut().flat_map(|rule| [&mut rule.terms, &mut rule.substrings]) {
            first = terms.adopt(&store, first).ok_or(Damaged)?;
        }
        sound(rules.is_sorted_by(|a, b| a.key < b.key) && rules.iter().all(|rule| taxonomy.groups.contains_key(&rule.group)))?;
        taxonomy.rules = rules.into_iter().map(|rule| (rule.key.clone(), Arc::new(rule))).collect();
        Ok(taxonomy)
    }
}

fn values<T: Stored>(table: &BTreeMap<String, T>, out: &mut Writer) {
    table.len().write(out);
    table.values().for_each(|value| value.write(out));
}

fn keyed<T: Stored>(from: &mut Reader<'_>, key: impl Fn(&T) -> &String) -> Result<BTreeMap<String, T>, Damaged> {
    let values = Vec::<T>::read(from)?;
    sound(values.is_sorted_by(|a, b| key(a) < key(b)))?;
    Ok(values.into_iter().map(|value| (key(&value).clone(), value)).collect())
}
