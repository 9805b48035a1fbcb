//! Counts by key, made for adding row after row: a short sorted list where there are few keys, a table where there are ids, of which only
//! those are cleared and merged that were touched. It knows no names of its own.
//! Invariant: equal counts are equal tallies, in whatever order they were added; keys come out sorted.

use serde::{Serialize, Serializer};

/// Counts of few keys.
#[derive(Clone, Debug)]
pub(crate) struct Tally<K> {
    counts: Vec<(K, u64)>,
    /// The place of the key that was added last: it mostly comes again.
    last: usize,
}

impl<K> Default for Tally<K> {
    fn default() -> Self {
        Tally { counts: Vec::new(), last: 0 }
    }
}

impl<K: Ord + Copy> Tally<K> {
    /// Adds to the count of a key.
    pub(crate) fn add(&mut self, key: K, count: u64) {
        if let Some((known, counted)) = self.counts.get_mut(self.last)
            && *known == key
        {
            *counted += count;
            return;
        }
        self.last = self.counts.binary_search_by(|(known, _)| known.cmp(&key)).unwrap_or_else(|at| {
            self.counts.insert(at, (key, 0));
            at
        });
        self.counts[self.last].1 += count;
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        other.iter().for_each(|(key, count)| self.add(key, count));
    }

    pub(crate) fn clear(&mut self) {
        self.counts.clear();
    }

    /// All counts that are not 0, by key.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (K, u64)> {
        self.counts.iter().copied()
    }
}

impl<K: PartialEq> PartialEq for Tally<K> {
    fn eq(&self, other: &Self) -> bool {
        self.counts == other.counts
    }
}

impl<K: Eq> Eq for Tally<K> {}

impl<K: Serialize> Serialize for Tally<K> {
    /// As an object.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.counts.iter().map(|(key, count)| (key, count)))
    }
}

/// Counts by dense id.
#[derive(Clone, Debug, Default)]
pub(crate) struct Table {
    counts: Vec<u64>,
    /// Ids whose count is not 0.
    touched: Vec<u32>,
}

impl Table {
    /// A table of so many ids.
    pub(crate) fn new(ids: usize) -> Self {
        Table { counts: vec![0; ids], touched: Vec::new() }
    }

    /// Adds to the count of an id, at least 1.
    pub(crate) fn add(&mut self, id: usize, count: u64) {
        if self.counts[id] == 0 {
            self.touched.push(id as u32);
        }
        self.counts[id] += count;
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        other.touched.iter().for_each(|id| self.add(*id as usize, other.counts[*id as usize]));
    }

    pub(crate) fn clear(&mut self) {
        for id in self.touched.drain(..) {
            self.counts[id as usize] = 0;
        }
    }

    /// All counts, by id.
    pub(crate) fn counts(&self) -> &[u64] {
        &self.counts
    }
}

impl PartialEq for Table {
    fn eq(&self, other: &Self) -> bool {
        self.counts == other.counts
    }
}

impl Eq for Table {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_do_not_depend_on_the_order_of_adding() {
        let keys = ["b", "a", "b", "c", "a", "b"];
        let (mut there, mut back, mut parts) = (Tally::default(), Tally::default(), Tally::default());
        keys.iter().for_each(|key| there.add(*key, 1));
        keys.iter().rev().for_each(|key| back.add(*key, 1));
        for half in keys.chunks(3) {
            let mut part = Tally::default();
            half.iter().for_each(|key| part.add(*key, 1));
            parts.merge(&part);
        }
        assert!(there == back && there == parts);
        assert_eq!(there.iter().collect::<Vec<_>>(), [("a", 2), ("b", 3), ("c", 1)]);
        assert_eq!(serde_json::to_string(&there).unwrap(), r#"{"a":2,"b":3,"c":1}"#);
        there.clear();
        there.add("z", 4);
        assert_eq!(there.iter().collect::<Vec<_>>(), [("z", 4)]);
    }

    #[test]
    fn tables_clear_and_merge_what_was_touched() {
        let (mut all, mut part) = (Table::new(5), Table::new(5));
        for ids in [&[3, 1, 3][..], &[], &[4, 3]] {
            part.clear();
            ids.iter().for_each(|id| part.add(*id, 1));
            all.merge(&part);
        }
        assert_eq!(all.counts(), [0, 1, 0, 3, 1]);
        assert_eq!(part.counts(), [0, 0, 0, 1, 1]);
    }
}
