//! A flat table from hashes of tokens to entries: a bitmap that most words of a listing fail, then open addressing, then a range.
//! It is built once and never changes. Invariant: equal hashes share one slot; what they mean is told apart by comparing bytes, later.

use crate::stored::{Damaged, Reader, Stored, Writer, sound};

/// So many entries of one hash are written in more than a byte.
const MANY: u32 = 255;

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
    /// A table of pairs in any order; entries of one hash keep theirs. Passes over the pairs take the place of sorting them: first the
    /// slots are found, and how many entries each has, then each entry is put where those of its slot are.
    pub(crate) fn new(pairs: &[(u64, T)]) -> Self {
        let table = Table::with_keys(pairs, pairs.len());
        let keys = table.slots.iter().filter(|slot| slot.len != 0).count();
        // Where many entries share a hash, a table for their number would be larger than it need be, and slower for it.
        if keys * 2 <= pairs.len() { Table::with_keys(pairs, keys) } else { table }
    }

    fn with_keys(pairs: &[(u64, T)], keys: usize) -> Self {
        let size = (keys * 2).next_power_of_two().max(16);
        // At least sixteen bits a key: 5,000 keys take 16 KiB, and one foreign hash in 26 gets past the bitmap.
        let bits = (keys * 16).next_power_of_two().max(1024);
        let mut table = Table { bitmap: vec![0; bits / 64], slots: vec![Slot { hash: 0, start: 0, len: 0 }; size], entries: Vec::new() };
        for (hash, _) in pairs {
            let bit = *hash as usize & (bits - 1);
            table.bitmap[bit / 64] |= 1 << (bit % 64);
            let slot = table.slot(*hash);
            table.slots[slot] = Slot { hash: *hash, start: 0, len: table.slots[slot].len + 1 };
        }
        let mut start = 0;
        for slot in &mut table.slots {
            slot.start = start;
            start += slot.len;
        }
        let Some((_, first)) = pairs.first() else { return table };
        table.entries = vec![*first; pairs.len()];
        let mut put = vec![0u32; size];
        for (hash, entry) in pairs {
            let slot = table.slot(*hash);
            table.entries[(table.slots[slot].start + put[slot]) as usize] = *entry;
            put[slot] += 1;
        }
        table
    }

    /// The slot of a hash, or the free one where it belongs.
    fn slot(&self, hash: u64) -> usize {
        let mask = self.slots.len() - 1;
        let mut at = (hash >> 32) as usize & mask;
        while self.slots[at].len != 0 && self.slots[at].hash != hash {
            at = (at + 1) & mask;
        }
        at
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
        let slot = self.slots[self.slot(hash)];
        &self.entries[slot.start as usize..][..slot.len as usize]
    }

    /// Writes the table, with its entries as `N` bytes each. Slots that are free take a bit, and entries lie in the order of their slots.
    pub(crate) fn write<const N: usize>(&self, out: &mut Writer, entry: impl Fn(T) -> [u8; N]) {
        let used = |slots: &[Slot]| slots.iter().rev().fold(0u64, |bits, slot| bits << 1 | u64::from(slot.len != 0));
        (self.bitmap.len() as u32).write(out);
        (self.slots.len() as u32).write(out);
        out.list(&self.slots.chunks(64).map(used).collect::<Vec<_>>(), u64::to_le_bytes);
        let slots: Vec<Slot> = self.slots.iter().copied().filter(|slot| slot.len != 0).collect();
        out.list(&slots, |slot| slot.hash.to_le_bytes());
        out.list(&slots, |slot| [slot.len.min(MANY) as u8]);
        out.list(&slots.iter().map(|slot| slot.len).filter(|len| *len >= MANY).collect::<Vec<_>>(), u32::to_le_bytes);
        out.list(&self.entries, entry);
    }

    /// Reads a table, in which every search ends.
    pub(crate) fn read<const N: usize>(from: &mut Reader<'_>, entry: impl Fn(&[u8; N]) -> Option<T>) -> Result<Self, Damaged> {
        let (bits, size) = (u32::read(from)? as usize, u32::read(from)? as usize);
        let used = from.list(|bits| u64::from_le_bytes(*bits))?;
        let hashes = from.list(|hash| u64::from_le_bytes(*hash))?;
        let lens = from.list(|[len]| u32::from(*len))?;
        let mut many = from.list(|len| u32::from_le_bytes(*len))?.into_iter();
        let entries = from.list_of(entry)?;
        // As many words in the bitmap as slots are the most there are, so that the file's length bounds what is taken.
        sound(bits.is_power_of_two() && size.is_power_of_two() && used.len() == size.div_ceil(64) && bits <= size.max(16))?;
        sound(hashes.len() == lens.len() && hashes.len() < size)?;
        let mut table = Table { bitmap: vec![0; bits], slots: vec![Slot { hash: 0, start: 0, len: 0 }; size], entries };
        let mut next = hashes.into_iter().zip(lens);
        let mut start = 0u32;
        for (slots, mut used) in table.slots.chunks_mut(64).zip(used) {
            while used != 0 {
                let slot = slots.get_mut(used.trailing_zeros() as usize).ok_or(Damaged)?;
                used &= used - 1;
                let (hash, len) = next.next().ok_or(Damaged)?;
                let len = if len == MANY { many.next().ok_or(Damaged)? } else { len };
                sound(len != 0)?;
                *slot = Slot { hash, start, len };
                start = start.checked_add(len).ok_or(Damaged)?;
                let bit = hash as usize & (bits * 64 - 1);
                table.bitmap[bit / 64] |= 1 << (bit % 64);
            }
        }
        sound(next.next().is_none() && many.next().is_none() && start as usize == table.entries.len())?;
        Ok(table)
    }

    /// All entries, in no order that means anything.
    pub(crate) fn entries(&self) -> &[T] {
        &self.entries
    }

    pub(crate) fn memory_usage(&self) -> usize {
        self.bitmap.len() * 8 + self.slots.len() * size_of::<Slot>() + self.entries.len() * size_of::<T>()
    }
}

#[cfg(test)]
mod tests {
    use super::Table;
    #[test]
    fn finds_what_was_put_in_and_nothing_else() {
        let hash = |i: u64| i.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let pairs: Vec<(u64, u64)> = (0..15_000).filter(|i| i / 5_000 <= i % 5_000 % 3).map(|i| (hash(i % 5_000), i)).collect();
        let table = Table::new(&pairs);
        for i in 0..5_000 {
            assert_eq!(table.get(hash(i)), (0..=i % 3).map(|n| 5_000 * n + i).collect::<Vec<_>>());
        }
        assert!((5_000..50_000).all(|i| table.get(hash(i)).is_empty()));
    }
}
