//! A flat table from hashes of tokens to entries: a bitmap that most words of a listing fail, then the entries of a bucket, each with half
//! of its hash. It is built once and never changes, and is looked up where it was read from. Invariant: entries of one hash keep the order in
//! which they were given; what they mean is told apart by comparing bytes, later.

use crate::bytes::{Fixed, List};
use crate::stored::{Damaged, Reader, Writer, sound};
use core::marker::PhantomData;

/// Hash to entries, which take `N` bytes with half of their hash; the bucket is taken of the other half.
#[derive(Debug)]
pub(crate) struct Table<T, const N: usize> {
    bitmap: Vec<u64>,
    /// Where the entries of each bucket begin and, last, where those of the last one end. There is a power of two of buckets.
    starts: List<u32, 4>,
    entries: List<(u32, T), N>,
}

/// A table that is looked up many times: where it lies is found once.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Open<'t, T, const N: usize> {
    starts: &'t [[u8; 4]],
    entries: &'t [[u8; N]],
    of: PhantomData<T>,
}

/// The entries of a hash; hardly ever, those of another one beside.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Found<'t, T, const N: usize> {
    half: u32,
    bucket: &'t [[u8; N]],
    of: PhantomData<T>,
}

impl<'t, T: Copy, const N: usize> Found<'t, T, N>
where
    (u32, T): Fixed<N>,
{
    pub(crate) const NONE: Self = Found { half: 0, bucket: &[], of: PhantomData };

    pub(crate) fn is_empty(self) -> bool {
        self.iter().next().is_none()
    }

    #[inline]
    pub(crate) fn iter(self) -> impl Iterator<Item = T> + use<'t, T, N> {
        // What is not of the hash is not read.
        self.bucket.iter().filter(move |row| half_of(row) == self.half).map(|row| <(u32, T)>::of_bytes(row).1)
    }
}

impl<T: Copy, const N: usize> Table<T, N>
where
    (u32, T): Fixed<N>,
{
    /// A table of pairs in any order. Counted and then put, so that nothing needs sorting.
    pub(crate) fn new(pairs: &[(u64, T)]) -> Self {
        let buckets = pairs.len().next_power_of_two().max(16);
        let mut starts = vec![0u32; buckets + 1];
        pairs.iter().for_each(|(hash, _)| starts[bucket(*hash, buckets)] += 1);
        let mut end = 0;
        for start in &mut starts {
            end += *start;
            *start = end;
        }
        // A bucket's start begins as its end and moves down as entries are put: from the last one on.
        let mut rows = vec![[0; N]; pairs.len()];
        for (hash, entry) in pairs.iter().rev() {
            let start = &mut starts[bucket(*hash, buckets)];
            *start -= 1;
            rows[*start as usize] = (*hash as u32, *entry).to_bytes();
        }
        let entries = List::of_rows(rows);
        Table { bitmap: bitmap(&entries), starts: List::new(&starts), entries }
    }

    /// Whether a hash may have entries: nearly all that have none fail here.
    #[inline]
    pub(crate) fn may_have(&self, hash: u64) -> bool {
        let bit = hash as usize & (self.bitmap.len() * 64 - 1);
        self.bitmap[bit / 64] >> (bit % 64) & 1 == 1
    }

    /// The entries of a hash.
    #[inline]
    pub(crate) fn get(&self, hash: u64) -> Found<'_, T, N> {
        if self.may_have(hash) { self.open().find(hash) } else { Found::NONE }
    }

    #[inline]
    pub(crate) fn open(&self) -> Open<'_, T, N> {
        Open { starts: self.starts.rows(), entries: self.entries.rows(), of: PhantomData }
    }

    pub(crate) fn write(&self, out: &mut Writer) {
        out.part(self.starts.bytes());
        out.part(self.entries.bytes());
    }

    /// Reads what `write` wrote. Buckets that are not within the entries have none.
    pub(crate) fn read(from: &mut Reader<'_>) -> Result<Self, Damaged> {
        let (starts, entries) = (List::<u32, 4>::of(from.part()?), List::of(from.part()?));
        sound(starts.len() > 1 && (starts.len() - 1).is_power_of_two())?;
        Ok(Table { bitmap: bitmap(&entries), starts, entries })
    }

    /// All entries, in no order that means anything.
    pub(crate) fn entries(&self) -> impl Iterator<Item = T> {
        self.entries.iter().map(|(_, entry)| entry)
    }

    pub(crate) fn memory_usage(&self) -> usize {
        self.bitmap.len() * 8 + self.starts.bytes().len() + self.entries.bytes().len()
    }
}

impl<'t, T, const N: usize> Open<'t, T, N> {
    /// The entries of a hash that [`Table::may_have`] some.
    #[inline]
    pub(crate) fn find(self, hash: u64) -> Found<'t, T, N> {
        let at = bucket(hash, self.starts.len() - 1);
        let bucket = match self.starts.get(at..) {
            Some([start, end, ..]) => self.entries.get(u32::from_le_bytes(*start) as usize..u32::from_le_bytes(*end) as usize),
            _ => None,
        };
        Found { half: hash as u32, bucket: bucket.unwrap_or_default(), of: PhantomData }
    }
}

/// The bucket of a hash; there is a power of two of them. The bitmap takes the low bits.
#[inline]
fn bucket(hash: u64, buckets: usize) -> usize {
    (hash >> 32) as usize & (buckets - 1)
}

/// What a row begins with.
#[inline]
fn half_of<const N: usize>(row: &[u8; N]) -> u32 {
    row.first_chunk().map_or(0, |half| u32::from_le_bytes(*half))
}

/// At least sixteen bits an entry: 5,000 take 16 KiB, and one foreign hash in 26 gets past them.
fn bitmap<T: Copy, const N: usize>(entries: &List<(u32, T), N>) -> Vec<u64>
where
    (u32, T): Fixed<N>,
{
    // Half of a hash has no more bits than these.
    let bits = (entries.len() * 16).next_power_of_two().clamp(1024, 1 << 31);
    let mut bitmap = vec![0; bits / 64];
    for row in entries.rows() {
        let bit = half_of(row) as usize & (bits - 1);
        bitmap[bit / 64] |= 1 << (bit % 64);
    }
    bitmap
}

#[cfg(test)]
mod tests {
    use super::Table;
    #[test]
    fn finds_what_was_put_in_and_nothing_else() {
        let hash = |i: u64| i.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let pairs: Vec<(u64, u32)> = (0..15_000u32).filter(|i| i / 5_000 <= i % 5_000 % 3).map(|i| (hash(u64::from(i % 5_000)), i)).collect();
        let table = Table::new(&pairs);
        for i in 0..5_000 {
            assert_eq!(table.get(hash(u64::from(i))).iter().collect::<Vec<_>>(), (0..=i % 3).map(|n| 5_000 * n + i).collect::<Vec<_>>());
        }
        assert!((5_000..50_000).all(|i| table.get(hash(i)).is_empty()));
    }
}
