//! A program as bytes and back, for compiled packs. What the taxonomy says already is taken from there: names, rules, patterns' texts.
//! Invariant: every id of a program that was read is in its table, or where it is looked up nothing is found, so that matching with it is
//! as safe as with one that was compiled here.

use super::entry::Entry;
use super::gate::{Read, Triggered};
use super::{Automaton, Catalog, ConditionCode, ExcuseCode, InDisguise, Languages, NearCode, Program, RuleCode, Substring, Substrings, substrings};
use crate::bytes::List;
use crate::id::RuleId;
use crate::limits::MAX_OFFENSES;
use crate::stored::{Damaged, Reader, Stored, Writer, sound, stored};
use crate::taxonomy::format::MAX_WEIGHT;
use crate::taxonomy::{Rule, Taxonomy, View};
use crate::text::{Lexicon, Table};
use std::sync::Arc;

stored!(RuleCode { group, kind, shadow, hides, fields, weights, near, conditions, reads_text, excuse });
stored!(NearCode { rules, within, elsewhere });
stored!(ExcuseCode { groups, within, elsewhere });
stored!(ConditionCode { field, test });
stored!(Substring { rule, boundary, in_disguise });
stored!(Languages { languages, scripts_read });

impl Stored for InDisguise {
    fn write(&self, out: &mut Writer) {
        (*self == InDisguise::Too).write(out);
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, Damaged> {
        Ok(if bool::read(from)? { InDisguise::Too } else { InDisguise::Never })
    }
}

impl Program {
    /// Writes the program of a taxonomy.
    pub(crate) fn write(&self, taxonomy: &Taxonomy, out: &mut Writer) {
        let all = taxonomy.rules.values().zip(0u32..);
        let mut in_force = self.catalog.rules.iter().peekable();
        let pairs = all.filter_map(|(written, number)| Some((number, written, in_force.next_if(|rule| rule.key == written.key)?)));
        // Of a rule that is changed its status and its weights are other ones.
        let changed = |written: &Arc<Rule>, rule: &Arc<Rule>| (!Arc::ptr_eq(written, rule)).then(|| (rule.status(), rule.weights().clone()));
        pairs.map(|(number, written, rule)| (number, changed(written, rule))).collect::<Vec<_>>().write(out);
        self.rules.write(out);
        self.text_fields.write(out);
        self.entries.write(out);
        out.part(self.phrases.bytes());
        out.part(self.phrase_pieces.bytes());
        out.part(&self.bytes);
        for list in [&self.ascii_substrings, &self.other_substrings] {
            let of = |list: &Substrings| list.texts.iter().cloned().zip(list.list.iter().copied()).collect::<Vec<_>>();
            list.as_ref().map(of).unwrap_or_default().write(out);
        }
        self.lexicon.write(out);
        self.disguises.write(out);
        let mut words = vec![None; self.triggers.len()];
        for entry in self.entries.entries() {
            if let Entry::Trigger { trigger, start, len } = entry {
                words[trigger as usize] = self.text(start, len).map(Read::Word);
            }
        }
        words.len().write(out);
        self.triggers.iter().zip(words).for_each(|(trigger, word)| trigger.write(&self.patterns, word, out));
        // Numbers alone are read once for all patterns; of the other shapes few stand in a text.
        self.shapes
            .iter()
            .zip([Some(Read::Number(&[]))].into_iter().chain([None; 5]))
            .for_each(|(shape, word)| shape.write(&self.patterns, word, out));
        let automata: Vec<Vec<u8>> = self.patterns.iter().map(Automaton::to_stored).collect();
        out.part(&self.patterns.iter().map(|pattern| u8::from(pattern.view == View::Original)).collect::<Vec<_>>());
        out.list(&automata.iter().map(|bytes| bytes.len() as u32).collect::<Vec<_>>(), u32::to_le_bytes);
        out.part(&automata.concat());
        self.quantities.write(out);
        self.money.write(out);
        self.entities.write(out);
        self.condition_rules.write(out);
        self.languages.write(out);
    }

    /// Reads what `write` wrote of this taxonomy.
    pub(crate) fn read(taxonomy: &Taxonomy, from: &mut Reader<'_>) -> Result<Program, Damaged> {
        let written: Vec<&Arc<Rule>> = taxonomy.rules.values().collect();
        let mut rules: Vec<Arc<Rule>> = Vec::new();
        for (number, changed) in Vec::<(u32, Option<_>)>::read(from)? {
            let mut rule = Arc::clone(written.get(number as usize).ok_or(Damaged)?);
            sound(rules.last().is_none_or(|last| last.key < rule.key))?;
            if let Some((status, weights)) = changed {
                rule = Arc::new(rule.changed(|body| (body.status, body.weights) = (status, weights)));
            }
            rules.push(rule);
        }
        let catalog = Catalog::of(taxonomy, rules);
        let read_substrings = |from: &mut Reader<'_>| substrings(Vec::<(String, Substring)>::read(from)?).map_err(|_| Damaged);
        let program = Program {
            rules: Stored::read(from)?,
            groups: catalog.groups.iter().map(|g| (g.kind, g.excusable)).collect(),
            text_fields: Stored::read(from)?,
            entries: Table::read(from)?,
            phrases: List::of(from.part()?),
            phrase_pieces: List::of(from.part()?),
            bytes: from.part()?,
            ascii_substrings: read_substrings(from)?,
            other_substrings: read_substrings(from)?,
            lexicon: Lexicon::read(from)?,
            disguises: Stored::read(from)?,
            triggers: {
                let count = usize::read(from)?;
                (0..count).map(|_| Triggered::read(from)).collect::<Result<_, _>>()?
            },
            shapes: {
                let mut shapes = core::array::from_fn(|_| Triggered::new(Vec::new()));
                for shape in &mut shapes {
                    *shape = Triggered::read(from)?;
                }
                shapes
            },
            patterns: {
                let views = from.part()?;
                let view = |original: u8| if original == 0 { View::Surface } else { View::Original };
                let lengths = from.list(|length| u32::from_le_bytes(*length))?;
                let all = from.part()?;
                let mut start = 0;
                let mut next = |length: u32| {
                    start += length as usize;
                    all.part(start - length as usize..start).ok_or(Damaged)
                };
                let rules =
                    catalog.rules.iter().zip(0..).flat_map(|(rule, id)| (0..rule.pattern_count).map(move |number| (rule, number, RuleId(id))));
                let mut rules = rules.take(views.len() + 1);
                let mut patterns = Vec::with_capacity(views.len());
                for ((original, length), (rule, number, id)) in views.iter().zip(lengths).zip(&mut rules) {
                    patterns.push(Automaton::new(rule, number, id, view(*original)).stored_as(next(length)?));
                }
                sound(rules.next().is_none())?;
                patterns
            },
            quantities: Stored::read(from)?,
            money: Stored::read(from)?,
            entities: Stored::read(from)?,
            condition_rules: Stored::read(from)?,
            languages: Stored::read(from)?,
            catalog: Arc::new(catalog),
        };
        program.check()?;
        Ok(program)
    }

    /// Whether every id and range is in its table.
    fn check(&self) -> Result<(), Damaged> {
        let catalog = &self.catalog;
        sound(self.rules.len() == catalog.rules.len() && catalog.offenses.len() <= MAX_OFFENSES && catalog.fields.len() <= super::MAX_FIELDS)?;
        let is_rule = |rule: &RuleId| rule.index() < self.rules.len();
        for code in &self.rules {
            sound(catalog.groups.get(code.group.index()).is_some_and(|group| group.kind == code.kind))?;
            sound(code.weights.iter().all(|weight| i64::from(*weight).abs() <= MAX_WEIGHT))?;
            sound(code.near.iter().flat_map(|near| near.rules.rules()).all(is_rule))?;
            sound(code.conditions.iter().all(|condition| condition.field.index() < catalog.fields.len()))?;
            sound(code.excuse.iter().flat_map(|excuse| &excuse.groups).all(|group| group.index() < catalog.groups.len()))?;
        }
        sound(self.text_fields.iter().all(|field| field.index() < catalog.fields.len()))?;
        // Where an entry's phrase or its bytes are not there, nothing is found.
        let (rules, pieces) = (self.rules.len() as u32, self.phrase_pieces.len() as u64);
        let within = |first: u32, len: u32| u64::from(first) + u64::from(len) <= pieces;
        sound(self.phrases.iter().fold(true, |sound, p| sound & (p.rule.0 < rules) & (p.len > 0) & within(p.first, p.len)))?;
        let is_pattern = |pattern: &u32| (*pattern as usize) < self.patterns.len();
        sound(self.triggers.iter().chain(&self.shapes).flat_map(|trigger| &trigger.patterns).all(is_pattern))?;
        let lists = [&self.ascii_substrings, &self.other_substrings];
        sound(lists.into_iter().flatten().flat_map(|list| &list.list).all(|substring| is_rule(&substring.rule)))?;
        let named = self.quantities.iter().map(|(rule, _)| rule).chain(self.money.iter().map(|(rule, _)| rule));
        sound(named.chain(self.entities.iter().flat_map(|(_, rules)| rules)).all(is_rule))?;
        sound(self.disguises.iter().all(|(rule, _)| is_rule(rule)) && self.condition_rules.iter().all(is_rule))?;
        sound(self.languages.scripts_read.len() == super::SCRIPTS)
    }
}
