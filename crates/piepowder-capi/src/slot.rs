//! One slot of the table of handles: how an object is put in, looked at by many, used by one, and taken out, by threads that never wait
//! for each other. It takes nothing but `sync`, so that `tests/slot.rs` can have it checked in every order of its steps.
//!
//! All that threads must agree on is one word, and each step changes it once: who comes second sees what the first one did. (A tag beside
//! a lock was the way before; a thread that came late to take out what was retired could hold the lock of the next object for a moment,
//! whose users were then told that it was in use. The model checker found that.) The lock is never waited for, nor found taken: it is what
//! makes the object safe to lend, and the word says beforehand who gets it.
//!
//! An object leaves in two ways. `remove` needs it alone and is refused while somebody has it; `retire` makes its name stand for nothing
//! at once, and whoever is the last to let go of it drops it.
//! Invariant: an object that was put in is dropped or handed out once, and afterwards the slot is free for the next.

use crate::sync::{AtomicU64, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::sync::TryLockError;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release};

/// The word: what the object is called (kind, 8 bits, and generation, 32), and 24 bits of how it is held. The name of a free slot is that of
/// the last object.
const NAME: u32 = 24;
/// The name stands for the object.
const LIVE: u64 = 1 << 23;
/// Somebody has it alone: uses it, puts it in or takes it out.
const ALONE: u64 = 1 << 22;
/// How many look at it: one a thread, and no system has four million of them.
const LOOKS: u64 = ALONE - 1;
/// All of how it is held; a slot is free when this is 0.
const HELD: u64 = (1 << NAME) - 1;

/// Why there is no object to be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// The name stands for nothing.
    Gone,
    /// Somebody has it alone, or is to be had alone and somebody has it.
    Busy,
}

#[derive(Debug)]
pub(crate) struct Slot<T> {
    word: AtomicU64,
    object: RwLock<Option<T>>,
}

/// An object that is being looked at.
pub(crate) struct Seen<'a, T> {
    guard: Option<RwLockReadGuard<'a, Option<T>>>,
    place: Place<'a, T>,
}

/// An object that is used by one.
pub(crate) struct Used<'a, T> {
    guard: Option<RwLockWriteGuard<'a, Option<T>>>,
    place: Place<'a, T>,
}

/// Where an object is, and the count that it is in.
struct Place<'a, T> {
    slot: &'a Slot<T>,
    live: &'a AtomicUsize,
}

impl<T> Seen<'_, T> {
    pub(crate) fn get(&self) -> Result<&T, Refused> {
        self.guard.as_deref().and_then(Option::as_ref).ok_or(Refused::Gone)
    }
}

impl<T> Used<'_, T> {
    pub(crate) fn get_mut(&mut self) -> Result<&mut T, Refused> {
        self.guard.as_deref_mut().and_then(Option::as_mut).ok_or(Refused::Gone)
    }
}

impl<T> Drop for Seen<'_, T> {
    fn drop(&mut self) {
        self.guard = None;
        let Place { slot, live } = self.place;
        // The last one who looks at what was retired has it alone.
        if slot.change(|word| Ok(if word & HELD == 1 { word - 1 + ALONE } else { word - 1 })).is_ok_and(|before| before & HELD == 1) {
            slot.bury(live);
        }
    }
}

impl<T> Drop for Used<'_, T> {
    fn drop(&mut self) {
        self.guard = None;
        let Place { slot, live } = self.place;
        // Of what was retired meanwhile, or removed, this thread keeps it alone.
        if slot.change(|word| Ok(if word & LIVE != 0 { word - ALONE } else { word })).is_ok_and(|before| before & LIVE == 0) {
            slot.bury(live);
        }
    }
}

impl<T> Slot<T> {
    /// A free one that has had so many generations.
    pub(crate) fn new(generation: u32) -> Slot<T> {
        Slot { word: AtomicU64::new(u64::from(generation) << NAME), object: RwLock::new(None) }
    }

    /// Whether the name stands for what it holds. Writes nothing, so threads that ask do not slow each other down.
    pub(crate) fn is(&self, name: u64) -> bool {
        stands(self.word.load(Acquire), name)
    }

    /// Puts an object in and counts it; its name, of this kind and the next generation. Hands it back when the slot is not free.
    pub(crate) fn put(&self, kind: u8, object: T, live: &AtomicUsize) -> Result<u64, T> {
        let free = |word: u64| if word & HELD == 0 && generation(word) < u32::MAX { Ok(word | ALONE) } else { Err(Refused::Busy) };
        let Ok(before) = self.change(free) else { return Err(object) };
        let Some(mut place) = lent(self.object.try_write()) else { return Err(object) };
        *place = Some(object);
        drop(place);
        live.fetch_add(1, Relaxed);
        let name = u64::from(kind) << 32 | u64::from(generation(before) + 1);
        self.word.store(name << NAME | LIVE, Release);
        Ok(name)
    }

    /// To look at, beside others.
    pub(crate) fn see<'a>(&'a self, name: u64, live: &'a AtomicUsize) -> Result<Seen<'a, T>, Refused> {
        self.change(|word| match word & HELD {
            _ if !stands(word, name) => Err(Refused::Gone),
            held if held & ALONE != 0 || held & LOOKS == LOOKS => Err(Refused::Busy),
            _ => Ok(word + 1),
        })?;
        Ok(Seen { guard: lent(self.object.try_read()), place: Place { slot: self, live } })
    }

    /// To use alone.
    pub(crate) fn take<'a>(&'a self, name: u64, live: &'a AtomicUsize) -> Result<Used<'a, T>, Refused> {
        self.change(|word| match word & HELD {
            _ if !stands(word, name) => Err(Refused::Gone),
            LIVE => Ok(word | ALONE),
            _ => Err(Refused::Busy),
        })?;
        Ok(Used { guard: lent(self.object.try_write()), place: Place { slot: self, live } })
    }

    /// Takes the object out, unless somebody has it.
    pub(crate) fn remove(&self, name: u64, live: &AtomicUsize) -> Result<T, Refused> {
        let mut used = self.take(name, live)?;
        // Who has it alone cannot be outrun but by `retire`.
        self.change(|word| if stands(word, name) { Ok(word - LIVE) } else { Err(Refused::Gone) })?;
        used.guard.as_deref_mut().and_then(Option::take).ok_or(Refused::Gone)
    }

    /// Makes the name stand for nothing at once; the object is dropped when nobody has it any more.
    pub(crate) fn retire(&self, name: u64, live: &AtomicUsize) -> Result<(), Refused> {
        let before = self.change(|word| match word & HELD {
            _ if !stands(word, name) => Err(Refused::Gone),
            LIVE => Ok(word - LIVE + ALONE),
            _ => Ok(word - LIVE),
        })?;
        if before & HELD == LIVE {
            self.bury(live);
        }
        Ok(())
    }

    /// Takes out what this thread has alone, gives the slot back, and drops the object.
    fn bury(&self, live: &AtomicUsize) {
        let Some(mut place) = lent(self.object.try_write()) else { return };
        let object = place.take();
        drop(place);
        live.fetch_sub(1, Relaxed);
        self.word.store(self.word.load(Relaxed) & !HELD, Release);
        drop(object);
    }

    /// Changes the word, unless the change is refused; the word before.
    fn change(&self, to: impl Fn(u64) -> Result<u64, Refused>) -> Result<u64, Refused> {
        self.word.fetch_update(AcqRel, Acquire, |word| to(word).ok()).map_err(|word| to(word).err().unwrap_or(Refused::Busy))
    }
}

/// Whether a slot of this word holds what the name stands for.
fn stands(word: u64, name: u64) -> bool {
    word >> NAME == name && word & LIVE != 0
}

/// How many objects a slot of this word has had.
fn generation(word: u64) -> u32 {
    (word >> NAME) as u32
}

/// The word said that the lock is free. One that was held when something panicked is a lock like any: whether the object can be used is the
/// object's to know.
fn lent<G>(lock: Result<G, TryLockError<G>>) -> Option<G> {
    match lock {
        Ok(guard) => Some(guard),
        Err(TryLockError::Poisoned(guard)) => Some(guard.into_inner()),
        Err(TryLockError::WouldBlock) => None,
    }
}
