//! The table of handles. A handle is a number: kind (8 bits), index (24) and generation (32). A slot that is used again has another
//! generation, so a handle that was freed is told from every later one; a slot whose generations are used up is never used again.
//!
//! No call ever waits: whoever finds a slot taken gets an answer. So neither a signal handler nor a child after `fork` can hang on what
//! another thread was doing; the worst is a slot that is lost to it. (A lock around a vector was the simpler way, and hangs a child that
//! was forked while another thread held it.) It grows by doubling chunks that never move, and knows nothing of what it holds.
//! Invariant: an object is reached through the handle that was given out for it, and through no other.

use crate::slot::{Refused, Seen, Slot, Used};
use crate::status::{Fault, PP_BUSY, PP_FULL, PP_HANDLE, PP_KIND};
use once_cell::race::OnceBox;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering::Relaxed};

/// Slots of the first chunk; each further chunk has twice as many.
const FIRST: usize = 64;
/// All chunks have 64 x (2^18 - 1) slots, just below 2^24.
const CHUNKS: usize = 18;

/// What can be looked at by many or used by one, behind handles.
#[derive(Debug)]
pub(crate) struct Table<T> {
    chunks: [OnceBox<Vec<Slot<T>>>; CHUNKS],
    /// Where a free slot is looked for.
    next: AtomicU32,
    live: AtomicUsize,
}

impl From<Refused> for Fault {
    fn from(refused: Refused) -> Fault {
        match refused {
            Refused::Gone => PP_HANDLE.into(),
            Refused::Busy => PP_BUSY.into(),
        }
    }
}

impl<T: 'static> Table<T> {
    pub(crate) const fn new() -> Self {
        Table { chunks: [const { OnceBox::new() }; CHUNKS], next: AtomicU32::new(0), live: AtomicUsize::new(0) }
    }

    /// How many objects are inside.
    pub(crate) fn live(&self) -> usize {
        self.live.load(Relaxed)
    }

    /// Puts an object in; its handle.
    pub(crate) fn insert(&'static self, kind: u8, mut object: T) -> Result<u64, Fault> {
        // At most three quarters of the slots are used, so that a free one is near.
        let chunks = (0..CHUNKS).find(|chunks| self.live() * 4 < capacity(*chunks + 1) * 3).ok_or_else(|| Fault::from(PP_FULL))?;
        let capacity = capacity(chunks + 1);
        for _ in 0..2 * capacity {
            let index = self.next.fetch_add(1, Relaxed) as usize % capacity;
            match self.slot_or_new(index).put(kind, object, &self.live) {
                Ok(name) => return Ok(handle(index, name)),
                Err(back) => object = back,
            }
        }
        Err(PP_FULL.into())
    }

    /// Whether the handle stands for something. Writes nothing, so threads that ask do not slow each other down.
    pub(crate) fn is_live(&'static self, handle: u64) -> bool {
        self.slot(handle).is_ok_and(|slot| slot.is(name(handle)))
    }

    /// To look at, beside others.
    pub(crate) fn see(&'static self, kind: u8, handle: u64) -> Result<Seen<'static, T>, Fault> {
        Ok(self.of_kind(kind, handle)?.see(name(handle), &self.live)?)
    }

    /// To use alone.
    pub(crate) fn take(&'static self, kind: u8, handle: u64) -> Result<Used<'static, T>, Fault> {
        Ok(self.of_kind(kind, handle)?.take(name(handle), &self.live)?)
    }

    /// Takes an object out, unless somebody is using it.
    pub(crate) fn remove(&'static self, kind: u8, handle: u64) -> Result<T, Fault> {
        Ok(self.of_kind(kind, handle)?.remove(name(handle), &self.live)?)
    }

    /// Makes the handle stand for nothing at once; the object is dropped when nobody has it any more.
    pub(crate) fn retire(&'static self, kind: u8, handle: u64) -> Result<(), Fault> {
        Ok(self.of_kind(kind, handle)?.retire(name(handle), &self.live)?)
    }

    fn of_kind(&'static self, kind: u8, handle: u64) -> Result<&'static Slot<T>, Fault> {
        let slot = self.slot(handle)?;
        // What stands for nothing is of no kind.
        if handle >> 56 != u64::from(kind) && slot.is(name(handle)) {
            return Err(PP_KIND.into());
        }
        Ok(slot)
    }

    fn slot(&self, handle: u64) -> Result<&Slot<T>, Fault> {
        let (chunk, place) = place((handle >> 32) as usize & 0xff_ffff);
        self.chunks.get(chunk).and_then(|chunk| chunk.get()?.get(place)).ok_or_else(|| PP_HANDLE.into())
    }

    fn slot_or_new(&self, index: usize) -> &Slot<T> {
        let (chunk, place) = place(index);
        &self.chunks[chunk].get_or_init(|| Box::new((0..FIRST << chunk).map(|_| Slot::new(0)).collect()))[place]
    }
}

/// The handle of what has this name in this slot.
fn handle(index: usize, name: u64) -> u64 {
    (name >> 32) << 56 | (index as u64) << 32 | (name & 0xffff_ffff)
}

/// What the slot calls it: kind and generation.
fn name(handle: u64) -> u64 {
    (handle >> 56) << 32 | (handle & 0xffff_ffff)
}

/// Slots of so many chunks.
const fn capacity(chunks: usize) -> usize {
    FIRST * ((1 << chunks) - 1)
}

/// The chunk of a slot, and its place in it.
fn place(index: usize) -> (usize, usize) {
    let chunk = (index / FIRST + 1).ilog2() as usize;
    (chunk, index - capacity(chunk))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::status::pp_status;
    use std::collections::BTreeSet;
    use std::sync::Arc;

    fn fresh() -> &'static Table<String> {
        Box::leak(Box::new(Table::new()))
    }

    fn status<V>(result: Result<V, Fault>) -> pp_status {
        result.err().map_or(0, |fault| fault.status)
    }

    #[test]
    fn a_freed_handle_stands_for_nothing_for_good() {
        let table = fresh();
        let old = table.insert(1, "old".into()).unwrap();
        assert_eq!(table.remove(1, old).unwrap(), "old");
        let mut seen = BTreeSet::from([old]);
        for _ in 0..10_000 {
            let new = table.insert(1, "new".into()).unwrap();
            assert!(seen.insert(new), "{new:x} was given out twice");
            assert!(!table.is_live(old));
            assert_eq!(status(table.see(1, old)), PP_HANDLE);
            assert_eq!(status(table.take(1, old)), PP_HANDLE);
            assert_eq!(status(table.remove(1, old)), PP_HANDLE);
            assert_eq!(status(table.retire(1, old)), PP_HANDLE);
            table.remove(1, new).unwrap();
        }
        assert_eq!(table.live(), 0);
    }

    #[test]
    fn a_handle_that_was_never_given_out_stands_for_nothing() {
        let table = fresh();
        let live = table.insert(2, "live".into()).unwrap();
        assert_eq!(status(table.see(1, live)), PP_KIND);
        // Every bit flipped: never the object, never a panic.
        for bit in 0..64 {
            let other = live ^ (1 << bit);
            assert!(!table.is_live(other));
            assert_eq!(status(table.see(2, other)), PP_HANDLE, "bit {bit}");
        }
        for handle in [0, 1, 1 << 32, 2 << 32, 2 << 56, u64::MAX, u64::from(u32::MAX)] {
            assert_eq!(status(table.take(2, handle)), PP_HANDLE);
        }
        assert_eq!(table.see(2, live).unwrap().get().unwrap(), "live");
    }

    #[test]
    fn many_look_and_one_uses() {
        let table = fresh();
        let handle = table.insert(1, "a".into()).unwrap();
        let first = table.see(1, handle).unwrap();
        let second = table.see(1, handle).unwrap();
        assert_eq!(first.get().unwrap(), second.get().unwrap());
        assert_eq!(status(table.take(1, handle)), PP_BUSY);
        assert_eq!(status(table.remove(1, handle)), PP_BUSY);
        drop((first, second));
        let mut used = table.take(1, handle).unwrap();
        used.get_mut().unwrap().push('b');
        assert_eq!(status(table.see(1, handle)), PP_BUSY);
        assert!(table.is_live(handle));
        drop(used);
        assert_eq!(table.remove(1, handle).unwrap(), "ab");
    }

    #[test]
    fn what_is_retired_is_dropped_by_the_last_who_looks() {
        let table: &'static Table<Arc<()>> = Box::leak(Box::new(Table::new()));
        let object = Arc::new(());
        let handle = table.insert(1, Arc::clone(&object)).unwrap();
        let (first, second) = (table.see(1, handle).unwrap(), table.see(1, handle).unwrap());
        table.retire(1, handle).unwrap();
        assert!(!table.is_live(handle));
        assert_eq!(table.see(1, handle).err().map(|fault| fault.status), Some(PP_HANDLE));
        assert_eq!(table.retire(1, handle).err().map(|fault| fault.status), Some(PP_HANDLE));
        drop(first);
        assert_eq!((Arc::strong_count(&object), table.live()), (2, 1));
        assert!(Arc::ptr_eq(second.get().unwrap(), &object));
        drop(second);
        assert_eq!((Arc::strong_count(&object), table.live()), (1, 0));
    }

    #[test]
    fn nothing_is_lost_when_many_look_while_it_is_retired() {
        let table: &'static Table<Arc<()>> = Box::leak(Box::new(Table::new()));
        let object = Arc::new(());
        let handles: Vec<u64> = (0..if cfg!(miri) { 20 } else { 5_000 }).map(|_| table.insert(1, Arc::clone(&object)).unwrap()).collect();
        std::thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| handles.iter().for_each(|handle| (0..20).for_each(|_| drop(table.see(1, *handle)))));
            }
            scope.spawn(|| handles.iter().for_each(|handle| table.retire(1, *handle).unwrap()));
        });
        assert_eq!((Arc::strong_count(&object), table.live()), (1, 0));
    }

    #[test]
    fn a_slot_whose_generations_are_used_up_is_not_used_again() {
        let table = fresh();
        let almost = |first: u32| (0..FIRST).map(|i| Slot::new(if i == 0 { first } else { 0 })).collect();
        table.chunks[0].set(Box::new(almost(u32::MAX - 1))).unwrap();
        let last = table.insert(1, "last".into()).unwrap();
        assert_eq!(last as u32, u32::MAX);
        table.remove(1, last).unwrap();
        let indexes: BTreeSet<u64> = (0..200).map(|_| table.insert(1, "next".into()).unwrap() >> 32 & 0xff_ffff).collect();
        assert!(!indexes.contains(&0));
    }

    #[test]
    fn a_full_table_says_so_and_goes_on_when_something_is_freed() {
        let table = fresh();
        let handle = table.insert(1, "in".into()).unwrap();
        // As if there were so many: three quarters of all slots.
        let others = (capacity(CHUNKS) * 3).div_ceil(4) - 1;
        table.live.fetch_add(others, Relaxed);
        assert_eq!(status(table.insert(1, "out".into())), PP_FULL);
        assert_eq!(table.see(1, handle).unwrap().get().unwrap(), "in");
        table.remove(1, handle).unwrap();
        let next = table.insert(1, "next".into()).unwrap();
        assert_eq!(status(table.insert(1, "out".into())), PP_FULL);
        table.remove(1, next).unwrap();
    }

    #[test]
    fn it_grows_and_finds_everything_again() {
        let table = fresh();
        let handles: Vec<u64> = (0..5_000).map(|i| table.insert(1, i.to_string()).unwrap()).collect();
        assert_eq!(table.live(), 5_000);
        for (i, handle) in handles.iter().enumerate() {
            assert_eq!(*table.see(1, *handle).unwrap().get().unwrap(), i.to_string());
        }
        assert!(handles.into_iter().all(|handle| table.remove(1, handle).is_ok()));
        assert_eq!(table.live(), 0);
    }

    #[test]
    fn places_follow_each_other() {
        let mut expected = (0, 0);
        for index in 0..capacity(6) {
            assert_eq!(place(index), expected);
            expected = if expected.1 + 1 == FIRST << expected.0 { (expected.0 + 1, 0) } else { (expected.0, expected.1 + 1) };
        }
        assert!(capacity(CHUNKS) < 1 << 24);
        assert_eq!(place(capacity(CHUNKS) - 1).0, CHUNKS - 1);
    }

    #[test]
    fn threads_that_put_in_and_take_out_never_meet_another_object() {
        let table = fresh();
        let turns = if cfg!(miri) { 50 } else { 20_000 };
        std::thread::scope(|scope| {
            for thread in 0..8 {
                scope.spawn(move || {
                    for turn in 0..turns {
                        let own = format!("{thread} {turn}");
                        let handle = table.insert(1, own.clone()).unwrap();
                        assert_eq!(*table.see(1, handle).unwrap().get().unwrap(), own);
                        if turn % 2 == 0 {
                            assert_eq!(table.remove(1, handle).unwrap(), own);
                        } else {
                            table.retire(1, handle).unwrap();
                        }
                        assert!(!table.is_live(handle));
                    }
                });
            }
        });
        assert_eq!(table.live(), 0);
    }
}
