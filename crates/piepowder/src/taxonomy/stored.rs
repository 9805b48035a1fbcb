//! The tables of a taxonomy as bytes and back, for compiled packs. Claims are left out: whatever asks for them loads the sources again,
//! which are there. Invariant: what is read back gives the digest of what was written.

use super::codes::CODES;
use super::rule::*;
use super::sought::*;
use super::terms::{Store, Terms};
use super::words::*;
use super::{Change, FieldType, Language, Offense, Pack, Taxonomy};
use crate::diagnostic::{Diagnostic, Diagnostics, Severity, Source};
use crate::stored::{Damaged, Later, Reader, Stored, Writer, sound, stored, stored_words};
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
stored!(Body {
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
        let mut terms = Store::default();
        self.rules.values().flat_map(|rule| rule.terms.iter().chain(rule.substrings.iter())).for_each(|term| terms.take(term));
        (terms.places.len() as u32).write(out);
        out.nested(|out| terms.write(out));
        self.rules.len().write(out);
        for rule in self.rules.values() {
            rule.key.write(out);
            rule.pack.to_string().write(out);
            [rule.terms.len() as u32, rule.substrings.len() as u32, rule.pattern_count].write(out);
            out.nested(|out| rule.body().write(out));
        }
    }

    /// Reads what `write` wrote. It has no claims: see `Taxonomy::whole`.
    pub(crate) fn read(from: &mut Reader<'_>) -> Result<Taxonomy, Damaged> {
        let sources = Vec::<Source>::read(from)?;
        from.sources = sources.as_slice().into();
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
        let count = u32::read(from)?;
        let store = Arc::new(Later::read(from)?);
        let mut first = 0;
        let mut terms = |len: u32| {
            let own = Terms::of(&store, first, len);
            first = first.checked_add(len).filter(|next| *next <= count).ok_or(Damaged)?;
            Ok(own)
        };
        let packs: BTreeMap<&str, Arc<str>> = taxonomy.packs.keys().map(|name| (name.as_str(), name.as_str().into())).collect();
        let mut rules: Vec<(String, Arc<Rule>)> = Vec::new();
        for _ in 0..usize::read(from)? {
            let key = String::read(from)?;
            sound(rules.last().is_none_or(|(last, _)| *last < key))?;
            let pack = Arc::clone(packs.get(from.text()?).ok_or(Damaged)?);
            let [own, substrings, pattern_count] = Stored::read(from)?;
            let (own, substrings, body) = (terms(own)?, terms(substrings)?, Later::read(from)?);
            rules.push((key.clone(), Arc::new(Rule { key, pack, terms: own, substrings, pattern_count, body })));
        }
        taxonomy.rules = rules.into_iter().collect();
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
