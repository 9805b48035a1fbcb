//! Rules that something is near to, as a set that is asked about each candidate of a listing. Invariant: the rules are sorted, and whether
//! one is among them does not depend on how the set is held.

use crate::id::RuleId;
use crate::stored::{Damaged, Reader, Stored, Writer, sound};

/// A set of rules.
#[derive(Debug)]
pub(crate) struct RuleSet {
    rules: Vec<RuleId>,
    /// The rules as bits, where that takes no more room than twice the list: most rules that have such a set name some groups of a pack, and
    /// a bit is read faster than eight numbers compared.
    bits: Vec<u64>,
    /// The word that the first of the bits is in.
    first: usize,
}

impl RuleSet {
    /// The set of some rules, which are sorted.
    pub(super) fn new(rules: Vec<RuleId>) -> Self {
        let word = |rule: &RuleId| rule.index() / 64;
        let first = rules.first().map_or(0, word);
        let words = rules.last().map_or(0, word) + 1 - first;
        let mut bits = vec![0; if words <= rules.len() { words } else { 0 }];
        if !bits.is_empty() {
            rules.iter().for_each(|rule| bits[word(rule) - first] |= 1 << (rule.index() % 64));
        }
        RuleSet { rules, bits, first }
    }

    /// Whether a rule is in the set.
    #[inline]
    pub(crate) fn contains(&self, rule: RuleId) -> bool {
        if self.bits.is_empty() {
            return self.rules.binary_search(&rule).is_ok();
        }
        let bits = (rule.index() / 64).checked_sub(self.first).and_then(|word| self.bits.get(word));
        bits.is_some_and(|bits| bits >> (rule.index() % 64) & 1 == 1)
    }

    /// Whether one of the rules whose bits are set in `present`, a word for 64 of them, may be in the set.
    #[inline]
    pub(crate) fn may_meet(&self, present: &[u64]) -> bool {
        let met = self.bits.iter().zip(present.get(self.first..).unwrap_or_default()).any(|(bits, present)| bits & present != 0);
        met || self.bits.is_empty()
    }

    /// The rules, sorted.
    pub(super) fn rules(&self) -> &[RuleId] {
        &self.rules
    }
}

impl Stored for RuleSet {
    fn write(&self, out: &mut Writer) {
        self.rules.write(out);
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, Damaged> {
        let rules = Vec::<RuleId>::read(from)?;
        sound(rules.is_sorted())?;
        Ok(RuleSet::new(rules))
    }
}

#[cfg(test)]
mod tests {
    use super::RuleSet;
    use crate::id::RuleId;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_set_has_what_was_put_in(rules in prop::collection::btree_set(0usize..700, 0..200), spread in 1usize..3) {
            let set = RuleSet::new(rules.iter().map(|rule| RuleId::new(rule * spread)).collect());
            for rule in 0..1_500 {
                let is_in = rule % spread == 0 && rules.contains(&(rule / spread));
                prop_assert_eq!(set.contains(RuleId::new(rule)), is_in);
                let mut present = vec![0; rule / 64 + 1];
                present[rule / 64] |= 1 << (rule % 64);
                prop_assert!(set.may_meet(&present) || !is_in);
            }
        }
    }
}
