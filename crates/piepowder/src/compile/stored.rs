//! A program as bytes and back, for compiled packs. What the taxonomy says already is taken from there: names, rules, patterns' texts.
//! Invariant: every id and range of a program that was read is in its table, so that matching with it is as safe as with one that was
//! compiled here.

use super::entry::Entry;
use super::gate::{Read, Triggered};
use super::term::TermPiece;
use super::{
    Automaton, Catalog, ConditionCode, ExcuseCode, InDisguise, Languages, NearCode, Phrase, Program, RuleCode, Substring, Substrings, substrings,
};
use crate::id::RuleId;
use crate::limits::MAX_OFFENSES;
use crate::stored::{Damaged, Reader, Stored, Writer, four, four_bytes, sound, stored};
use crate::taxonomy::format::MAX_WEIGHT;
use crate::taxonomy::{EntityKind, Rule, Taxonomy};
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
        let changed = |written: &Arc<Rule>, rule: &Arc<Rule>| (!Arc::ptr_eq(written, rule)).then(|| (rule.status, rule.weights.clone()));
        pairs.map(|(number, written, rule)| (number, changed(written, rule))).collect::<Vec<_>>().write(out);
        self.rules.write(out);
        self.text_fields.write(out);
        self.entries.write(out, entry_bytes);
        out.list(&self.phrases, |p| four_bytes([p.rule.0, u32::from(p.in_disguise == InDisguise::Too), p.first, p.len]));
        out.list(&self.phrase_pieces, |p| four_bytes([p.hash as u32, (p.hash >> 32) as u32, p.start, p.len]));
        out.list(&self.bytes, |byte| [byte]);
        for list in [&self.ascii_substrings, &self.other_substrings] {
            let of = |list: &Substrings| list.texts.iter().cloned().zip(list.list.iter().copied()).collect::<Vec<_>>();
            list.as_ref().map(of).unwrap_or_default().write(out);
        }
        self.lexicon.write(out);
        self.disguises.write(out);
        let mut words = vec![None; self.triggers.len()];
        for entry in self.entries.entries() {
            if let Entry::Trigger { trigger, start, len } = *entry {
                words[trigger as usize] = Some(Read::Word(&self.bytes[start as usize..(start + len) as usize]));
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
        out.list(&automata.iter().map(|bytes| bytes.len() as u32).collect::<Vec<_>>(), u32::to_le_bytes);
        out.list(&automata.concat(), |byte| [byte]);
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
                let rule = Arc::make_mut(&mut rule);
                (rule.status, rule.weights) = (status, weights);
            }
            rules.push(rule);
        }
        let catalog = Catalog::of(taxonomy, rules);
        let read_substrings = |from: &mut Reader<'_>| substrings(Vec::<(String, Substring)>::read(from)?).map_err(|_| Damaged);
        let program = Program {
            rules: Stored::read(from)?,
            groups: catalog.groups.iter().map(|g| (g.kind, g.excusable)).collect(),
            text_fields: Stored::read(from)?,
            entries: Table::read(from, entry)?,
            phrases: from.list(|bytes| {
                let [rule, in_disguise, first, len] = four(bytes);
                Phrase { rule: RuleId(rule), in_disguise: if in_disguise == 1 { InDisguise::Too } else { InDisguise::Never }, first, len }
            })?,
            phrase_pieces: from.list(|bytes| {
                let [low, high, start, len] = four(bytes);
                TermPiece { hash: u64::from(low) | u64::from(high) << 32, start, len }
            })?,
            bytes: from.list(|[byte]| *byte)?,
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
                let patterns = in_order(&catalog, |id, rule| rule.patterns.iter().map(move |pattern| Automaton::new(pattern, id)));
                let lengths = from.list(|length| u32::from_le_bytes(*length))?;
                let count = usize::read(from)?;
                let all: Arc<[u8]> = from.bytes(count)?.into();
                sound(lengths.len() == patterns.len() && lengths.iter().map(|length| *length as usize).sum::<usize>() == count)?;
                let mut start = 0;
                let place = |length: u32| {
                    start += length as usize;
                    start - length as usize..start
                };
                patterns.into_iter().zip(lengths.into_iter().map(place)).map(|(pattern, place)| pattern.stored_at(&all, place)).collect()
            },
            condition_rules: Stored::read(from)?,
            languages: Stored::read(from)?,
            quantities: in_order(&catalog, |id, rule| rule.quantities.iter().map(move |quantity| (id, quantity.clone()))),
            money: in_order(&catalog, |id, rule| rule.money.iter().map(move |money| (id, money.clone()))),
            entities: EntityKind::ALL
                .iter()
                .map(|kind| (*kind, in_order(&catalog, |id, rule| rule.entities.contains(kind).then_some(id).into_iter())))
                .filter(|(_, rules)| !rules.is_empty())
                .collect(),
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
        let texts = u32::try_from(self.bytes.len()).map_err(|_| Damaged)?.into();
        let inside = |start: u32, len: u32| u64::from(start) + u64::from(len) <= texts;
        sound(self.text_fields.iter().all(|field| field.index() < catalog.fields.len()))?;
        let pieces = self.phrase_pieces.len() as u64;
        sound(self.phrases.iter().all(|p| is_rule(&p.rule) && p.len > 0 && u64::from(p.first) + u64::from(p.len) <= pieces))?;
        let phrase = |number: u32| self.phrases.get(number as usize);
        let is_trigger = |trigger: u32| (trigger as usize) < self.triggers.len();
        sound(self.entries.entries().iter().all(|entry| match *entry {
            Entry::Word(number) => phrase(number).is_some(),
            // Two pieces of the phrase begin behind `before`.
            Entry::Pair { phrase: number, before } => phrase(number).is_some_and(|phrase| before < phrase.len - 1),
            Entry::Joined { phrase: number, start, len } => phrase(number).is_some() && inside(start, len),
            Entry::Trigger { trigger, start, len } | Entry::JoinedTrigger { trigger, start, len } => is_trigger(trigger) && inside(start, len),
            Entry::Language { language, start, len } => usize::from(language) < self.languages.languages.len() && inside(start, len),
        }))?;
        let is_pattern = |pattern: &u32| (*pattern as usize) < self.patterns.len();
        sound(self.triggers.iter().chain(&self.shapes).flat_map(|trigger| &trigger.patterns).all(is_pattern))?;
        sound(self.phrase_pieces.iter().all(|piece| inside(piece.start, piece.len)))?;
        let lists = [&self.ascii_substrings, &self.other_substrings];
        sound(lists.into_iter().flatten().flat_map(|list| &list.list).all(|substring| is_rule(&substring.rule)))?;
        sound(self.disguises.iter().all(|(rule, _)| is_rule(rule)) && self.condition_rules.iter().all(is_rule))?;
        sound(self.languages.scripts_read.len() == super::SCRIPTS)
    }
}

/// What the rules of a catalog have, in order.
fn in_order<'c, T, I: Iterator<Item = T>>(catalog: &'c Catalog, of: impl Fn(RuleId, &'c Rule) -> I) -> Vec<T> {
    catalog.rules.iter().enumerate().flat_map(|(index, rule)| of(RuleId::new(index), rule)).collect()
}

fn entry_bytes(entry: Entry) -> [u8; 16] {
    four_bytes(match entry {
        Entry::Word(phrase) => [0, phrase, 0, 0],
        Entry::Pair { phrase, before } => [1, phrase, before, 0],
        Entry::Joined { phrase, start, len } => [2, phrase, start, len],
        Entry::Trigger { trigger, start, len } => [3, trigger, start, len],
        Entry::JoinedTrigger { trigger, start, len } => [4, trigger, start, len],
        Entry::Language { language, start, len } => [5, language.into(), start, len],
    })
}

fn entry(bytes: &[u8; 16]) -> Option<Entry> {
    Some(match four(bytes) {
        [0, phrase, 0, 0] => Entry::Word(phrase),
        [1, phrase, before, 0] => Entry::Pair { phrase, before },
        [2, phrase, start, len] => Entry::Joined { phrase, start, len },
        [3, trigger, start, len] => Entry::Trigger { trigger, start, len },
        [4, trigger, start, len] => Entry::JoinedTrigger { trigger, start, len },
        [5, language, start, len] => Entry::Language { language: u16::try_from(language).ok()?, start, len },
        _ => return None,
    })
}
