//! A flat table from hashes of tokens to entries: a bitmap that most words of a listing fail, then open addressing, then a range.
//! It is built once from sorted input and never changes. Invariant: equal hashes share one slot; what they mean is told apart by
//! comparing bytes, later.

use std::collections::BTreeMap;

#[derive(Debug, Clone, Copy)]
struct Slot {
    hash: u64,
    start: u32,
    /// 0 marks a free slot.
    len: u32,
}

/// Hash to entries.
#[derive(Debug)]
pub(crate) struct Table<T> {
    bitmap: Vec<u64>,
    slots: Vec<Slot>,
    entries: Vec<T>,
}

impl<T: Copy> Table<T> {
    pub(crate) fn new(map: BTreeMap<u64, Vec<T>>) -> Self {
        let size = (map.len() * 2).next_power_of_two().max(16);
        // At least sixteen bits a key: 5,000 keys take 16 KiB, and one foreign hash in 26 gets past the bitmap.
        let bits = (map.len() * 16).next_power_of_two().max(1024);
        let mut table = Table {
            bitmap: vec![0; bits / 64],
            slots: vec![Slot { hash: 0, start: 0, len: 0 }; size],
            entries: Vec::with_capacity(map.values().map(Vec::len).sum()),
        };
        for (hash, entries) in map {
            let bit = hash as usize & (bits - 1);
            table.bitmap[bit / 64] |= 1 << (bit % 64);
            let mut at = (hash >> 32) as usize & (size - 1);
            while table.slots[at].len != 0 {
                at = (at + 1) & (size - 1);
            }
            table.slots[at] = Slot { hash, start: table.entries.len() as u32, len: entries.len() as u32 };
            table.entries.extend(entries);
        }
        table
    }

    /// Whether a hash may have entries: nearly all that have none fail here.
    #[inline]
    pub(crate) fn may_have(&self, hash: u64) -> bool {
        let bit = hash as usize & (self.bitmap.len() * 64 - 1);
        self.bitmap[bit / 64] >> (bit % 64) & 1 == 1
    }

    /// The entries of a hash; empty when there are none.
    #[inline]
    pub(crate) fn get(&self, hash: u64) -> &[T] {
        if self.may_have(hash) { self.find(hash) } else { &[] }
    }

    /// The entries of a hash that [`Table::may_have`] some.
    pub(crate) fn find(&self, hash: u64) -> &[T] {
        let mask = self.slots.len() - 1;
        let mut at = (hash >> 32) as usize & mask;
        loop {
            let slot = self.slots[at];
            if slot.len == 0 {
                return &[];
            }
            if slot.hash == hash {
                return &self.entries[slot.start as usize..][..slot.len as usize];
            }
            at = (at + 1) & mask;
        }
    }

    pub(crate) fn memory_usage(&self) -> usize {
        self.bitmap.len() * 8 + self.slots.len() * size_of::<Slot>() + self.entries.len() * size_of::<T>()
    }
}

#[cfg(test)]
mod tests {
    use super::Table;
    use std::collections::BTreeMap;

    #[test]
    fn finds_what_was_put_in_and_nothing_else() {
        let hash = |i: u64| i.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let map: BTreeMap<u64, Vec<u64>> = (0..5_000).map(|i| (hash(i), vec![i; (i % 3 + 1) as usize])).collect();
        let table = Table::new(map);
        for i in 0..5_000 {
            assert_eq!(table.get(hash(i)), vec![i; (i % 3 + 1) as usize]);
        }
        assert!((5_000..50_000).all(|i| table.get(hash(i)).is_empty()));
    }
}
