//! The table of handles. A handle is a number: kind (8 bits), index (24) and generation (32). A slot that is used again has another
//! generation, so a handle that was freed is told from every later one; a slot whose generations are used up is never used again.
//!
//! No call ever waits: whoever finds a slot taken gets an answer. So neither a signal handler nor a child after `fork` can hang on what
//! another thread was doing; the worst is a slot that is lost to it. (A lock around a vector was the simpler way, and hangs a child that
//! was forked while another thread held it.) It grows by doubling chunks that never move, and knows nothing of what it holds.
//! Invariant: an object is reached through the handle that was given out for it, and through no other.

use crate::status::{Fault, PP_BUSY, PP_FULL, PP_HANDLE, PP_KIND};
use once_cell::race::OnceBox;
use std::ops::{Deref, DerefMut};
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering::AcqRel, Ordering::Acquire, Ordering::Relaxed, Ordering::Release, Ordering::SeqCst, fence};
use std::sync::{RwLock, RwLockReadGuard, RwLockWriteGuard, TryLockError};

/// Slots of the first chunk; each further chunk has twice as many.
const FIRST: usize = 64;
/// All chunks have 64 x (2^18 - 1) slots, just below 2^24.
const CHUNKS: usize = 18;

/// Tags of slots that no handle has: none ends in generation 0.
const FREE: u64 = 0;
/// Somebody is putting in or taking out, or nobody will any more.
const TAKEN: u64 = 1 << 32;
/// Retired: whoever is the last to look takes it out.
const RETIRED: u64 = 2 << 32;

#[derive(Debug)]
struct Slot<T> {
    /// The handle of what is inside, or `FREE`, `TAKEN`, `RETIRED`.
    tag: AtomicU64,
    /// Of the last handle; changed only by who made the slot `TAKEN`.
    generation: AtomicU32,
    object: RwLock<Option<T>>,
}

/// What can be looked at by many or used by one, behind handles.
#[derive(Debug)]
pub(crate) struct Table<T> {
    chunks: [OnceBox<Vec<Slot<T>>>; CHUNKS],
    /// Where a free slot is looked for.
    next: AtomicU32,
    live: AtomicU32,
}

/// An object that is looked at, by a read guard, or used alone, by a write guard.
pub(crate) struct Held<T: 'static, G> {
    guard: Option<G>,
    slot: &'static Slot<T>,
    table: &'static Table<T>,
}

/// An object that is being looked at.
pub(crate) type Seen<T> = Held<T, RwLockReadGuard<'static, Option<T>>>;
/// An object that is used by one.
pub(crate) type Used<T> = Held<T, RwLockWriteGuard<'static, Option<T>>>;

impl<T, G: Deref<Target = Option<T>>> Held<T, G> {
    pub(crate) fn get(&self) -> Result<&T, Fault> {
        self.guard.as_ref().and_then(|guard| guard.as_ref()).ok_or_else(|| PP_HANDLE.into())
    }
}

impl<T, G: DerefMut<Target = Option<T>>> Held<T, G> {
    pub(crate) fn get_mut(&mut self) -> Result<&mut T, Fault> {
        self.guard.as_mut().and_then(|guard| guard.as_mut()).ok_or_else(|| PP_HANDLE.into())
    }
}

impl<T: 'static, G> Drop for Held<T, G> {
    fn drop(&mut self) {
        self.guard = None;
        // Either this thread sees that the slot was retired, or who retired it sees that this thread is gone: `retire` has the same
        // fence between the same two.
        fence(SeqCst);
        if self.slot.tag.load(Relaxed) == RETIRED {
            self.table.bury(self.slot);
        }
    }
}

impl<T: 'static> Table<T> {
    pub(crate) const fn new() -> Self {
        Table { chunks: [const { OnceBox::new() }; CHUNKS], next: AtomicU32::new(0), live: AtomicU32::new(0) }
    }

    /// How many objects are inside.
    pub(crate) fn live(&self) -> usize {
        self.live.load(Relaxed) as usize
    }

    /// Puts an object in; its handle.
    pub(crate) fn insert(&'static self, kind: u8, object: T) -> Result<u64, Fault> {
        // At most three quarters of the slots are used, so that a free one is near.
        let chunks = (0..CHUNKS).find(|chunks| self.live() * 4 < capacity(*chunks + 1) * 3).ok_or_else(|| Fault::from(PP_FULL))?;
        let capacity = capacity(chunks + 1);
        for _ in 0..2 * capacity {
            let index = self.next.fetch_add(1, Relaxed) as usize % capacity;
            let slot = self.slot_or_new(index);
            if slot.tag.compare_exchange(FREE, TAKEN, AcqRel, Relaxed).is_err() {
                continue;
            }
            // Somebody with an old handle may be looking, for a moment.
            let Some(mut place) = unpoisoned(slot.object.try_write()) else {
                slot.tag.store(FREE, Release);
                continue;
            };
            *place = Some(object);
            drop(place);
            let generation = slot.generation.load(Relaxed) + 1;
            slot.generation.store(generation, Relaxed);
            let handle = (u64::from(kind) << 56) | ((index as u64) << 32) | u64::from(generation);
            self.live.fetch_add(1, Relaxed);
            slot.tag.store(handle, Release);
            return Ok(handle);
        }
        Err(PP_FULL.into())
    }

    /// Whether the handle stands for something. Writes nothing, so threads that ask do not slow each other down.
    pub(crate) fn is_live(&'static self, handle: u64) -> bool {
        self.slot(handle).is_some_and(|slot| slot.tag.load(Acquire) == handle)
    }

    /// To look at, beside others.
    pub(crate) fn see(&'static self, kind: u8, handle: u64) -> Result<Seen<T>, Fault> {
        self.hold(kind, handle, |object| unpoisoned(object.try_read()))
    }

    /// To use alone.
    pub(crate) fn take(&'static self, kind: u8, handle: u64) -> Result<Used<T>, Fault> {
        self.hold(kind, handle, |object| unpoisoned(object.try_write()))
    }

    fn hold<G>(&'static self, kind: u8, handle: u64, lock: impl FnOnce(&'static RwLock<Option<T>>) -> Option<G>) -> Result<Held<T, G>, Fault> {
        let slot = self.of_kind(kind, handle)?;
        let held = lock(&slot.object).map(|guard| Held { guard: Some(guard), slot, table: self });
        if slot.tag.load(Acquire) != handle {
            return Err(PP_HANDLE.into());
        }
        held.ok_or_else(|| PP_BUSY.into())
    }

    /// Takes an object out, unless somebody is using it.
    pub(crate) fn remove(&'static self, kind: u8, handle: u64) -> Result<T, Fault> {
        let mut used = self.take(kind, handle)?;
        let slot = used.slot;
        // Who has the object alone cannot be outrun but by `retire`.
        slot.tag.compare_exchange(handle, TAKEN, AcqRel, Relaxed).map_err(|_| Fault::from(PP_HANDLE))?;
        let object = used.guard.as_mut().and_then(|guard| guard.take());
        drop(used);
        self.release(slot);
        object.ok_or_else(|| PP_HANDLE.into())
    }

    /// Makes the handle stand for nothing at once; the object is dropped when nobody looks at it any more.
    pub(crate) fn retire(&'static self, kind: u8, handle: u64) -> Result<(), Fault> {
        let slot = self.of_kind(kind, handle)?;
        slot.tag.compare_exchange(handle, RETIRED, AcqRel, Relaxed).map_err(|_| Fault::from(PP_HANDLE))?;
        fence(SeqCst);
        self.bury(slot);
        Ok(())
    }

    /// Drops what was retired, unless somebody looks at it, who will come here afterwards.
    fn bury(&self, slot: &Slot<T>) {
        let Some(mut place) = unpoisoned(slot.object.try_write()) else { return };
        if slot.tag.compare_exchange(RETIRED, TAKEN, AcqRel, Relaxed).is_ok() {
            let object = place.take();
            drop(place);
            self.release(slot);
            drop(object);
        }
    }

    /// Gives a slot that is `TAKEN` back.
    fn release(&self, slot: &Slot<T>) {
        self.live.fetch_sub(1, Relaxed);
        if slot.generation.load(Relaxed) < u32::MAX {
            slot.tag.store(FREE, Release);
        }
    }

    fn of_kind(&'static self, kind: u8, handle: u64) -> Result<&'static Slot<T>, Fault> {
        let slot = self.slot(handle).filter(|slot| slot.tag.load(Acquire) == handle);
        match slot {
            Some(_) if handle >> 56 != u64::from(kind) => Err(PP_KIND.into()),
            Some(slot) => Ok(slot),
            None => Err(PP_HANDLE.into()),
        }
    }

    fn slot(&self, handle: u64) -> Option<&Slot<T>> {
        let (chunk, place) = place((handle >> 32) as usize & 0xff_ffff);
        // No handle has generation 0: not the zero one, and none of the tags that are no handle.
        if handle as u32 == 0 { None } else { self.chunks.get(chunk)?.get()?.get(place) }
    }

    fn slot_or_new(&self, index: usize) -> &Slot<T> {
        let (chunk, place) = place(index);
        let new =
            || (0..FIRST << chunk).map(|_| Slot { tag: AtomicU64::new(FREE), generation: AtomicU32::new(0), object: RwLock::new(None) }).collect();
        &self.chunks[chunk].get_or_init(|| Box::new(new()))[place]
    }
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

/// A lock that was held when something panicked is a lock like any: whether the object can be used is the object's to know.
fn unpoisoned<G>(lock: Result<G, TryLockError<G>>) -> Option<G> {
    match lock {
        Ok(guard) => Some(guard),
        Err(TryLockError::Poisoned(guard)) => Some(guard.into_inner()),
        Err(TryLockError::WouldBlock) => None,
    }
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
        for handle in [0, FREE, TAKEN, RETIRED, u64::MAX, 1, u64::from(u32::MAX)] {
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
        table.slot_or_new(0).generation.store(u32::MAX - 1, Relaxed);
        let last = table.insert(1, "last".into()).unwrap();
        assert_eq!(last as u32, u32::MAX);
        table.remove(1, last).unwrap();
        let indexes: BTreeSet<u64> = (0..200).map(|_| table.insert(1, "next".into()).unwrap() >> 32 & 0xff_ffff).collect();
        assert!(!indexes.contains(&0));
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
