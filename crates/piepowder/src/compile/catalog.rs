//! The names behind the ids: what a reader of results needs and the matcher does not. Invariant: tables are in id order, that is in the
//! byte order of keys (offenses: rank, then key), so ids do not depend on the order of packs.

use crate::id::{Date, FieldId, GroupId, OffenseId, RuleId};
use crate::listing::Field;
use crate::taxonomy::{FieldType, Group, Offense, Rule, Taxonomy};
use std::sync::Arc;

/// Keys, titles and metadata by id.
#[derive(Debug)]
pub(crate) struct Catalog {
    pub(crate) offenses: Vec<Offense>,
    pub(crate) groups: Vec<Group>,
    /// Rules in force, changes applied.
    pub(crate) rules: Vec<Arc<Rule>>,
    /// Field names, the fixed ones first, with the type of the declared ones.
    pub(crate) fields: Vec<(String, FieldType)>,
}

impl Catalog {
    pub(crate) fn new(taxonomy: &Taxonomy, as_of: Date, jurisdictions: &[String]) -> Self {
        Catalog::of(taxonomy, taxonomy.in_force(as_of, jurisdictions))
    }

    /// The names of a taxonomy, with these rules in force.
    pub(super) fn of(taxonomy: &Taxonomy, rules: Vec<Arc<Rule>>) -> Self {
        let fixed = Field::ALL.into_iter().map(|f| (f.name().to_owned(), if f.is_text() { FieldType::Text } else { FieldType::Number }));
        let declared = taxonomy.fields.iter().map(|(name, kind)| (name.clone(), *kind));
        Catalog {
            offenses: taxonomy.offenses().cloned().collect(),
            groups: taxonomy.groups.values().cloned().collect(),
            rules,
            fields: fixed.chain(declared).collect(),
        }
    }

    pub(crate) fn rule_id(&self, key: &str) -> Option<RuleId> {
        self.rules.binary_search_by(|r| r.key.as_str().cmp(key)).ok().map(RuleId::new)
    }

    pub(crate) fn group_id(&self, key: &str) -> Option<GroupId> {
        self.groups.binary_search_by(|g| g.key.as_str().cmp(key)).ok().map(GroupId::new)
    }

    pub(crate) fn offense_id(&self, key: &str) -> Option<OffenseId> {
        self.offenses.iter().position(|o| o.key == key).map(OffenseId::new)
    }

    pub(crate) fn field_id(&self, name: &str) -> Option<FieldId> {
        self.fields.iter().position(|(n, _)| n == name).map(FieldId::new)
    }

    /// Whether rules can look for words in the field.
    pub(crate) fn is_text(&self, index: usize) -> bool {
        self.fields[index].1 == FieldType::Text
    }

    /// The set of fields where rules look that name none: title, description, attributes, declared texts.
    pub(crate) fn default_fields(&self) -> u64 {
        let fixed = [Field::Title, Field::Description, Field::Attributes].into_iter().fold(0, |set, f| set | 1u64 << f as u64);
        (Field::ALL.len()..self.fields.len()).filter(|i| self.is_text(*i)).fold(fixed, |set, i| set | 1 << i)
    }

    /// About how many bytes the catalog takes on the heap, terms of the rules included.
    pub(crate) fn memory_usage(&self) -> usize {
        let rules = self.rules.iter().map(|r| size_of::<Rule>() + r.terms.memory_usage() + r.substrings.memory_usage());
        rules.sum::<usize>() + self.groups.len() * size_of::<Group>() + self.offenses.len() * size_of::<Offense>()
    }
}
