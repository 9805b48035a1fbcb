//! The slots of the table of handles in every order that the steps of two or three threads can take, with what the memory model of Rust
//! lets each thread see. The slot is the library's own source; only what it is made of is the model checker's.

#[path = "../src/slot.rs"]
#[allow(dead_code, reason = "the library uses more of it")]
mod slot;

mod sync {
    pub(crate) use loom::sync::atomic::AtomicU64;
    pub(crate) use loom::sync::{RwLock, RwLockReadGuard, RwLockWriteGuard};
}

use loom::{model, thread};
use slot::{Refused, Slot};
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;

/// A slot with its count; what is in it counts itself.
struct Place {
    slot: Slot<Arc<u64>>,
    live: AtomicUsize,
}

impl Place {
    /// One that holds an object; its name, and another reference to the object.
    fn with(value: u64) -> (Arc<Place>, u64, Arc<u64>) {
        let place = Arc::new(Place { slot: Slot::new(0), live: AtomicUsize::new(0) });
        let object = Arc::new(value);
        let name = place.put(&object).expect("a slot that is free");
        (place, name, object)
    }

    fn put(&self, object: &Arc<u64>) -> Option<u64> {
        self.slot.put(1, Arc::clone(object), &self.live).ok()
    }

    /// What a look finds, if it finds anything; or that it was told why not.
    fn look(&self, name: u64) -> Result<u64, Refused> {
        let seen = self.slot.see(name, &self.live)?;
        Ok(**seen.get().expect("who looks sees something"))
    }

    /// Nothing is left in it, and the next object can be put in.
    fn is_free_again(&self, object: &Arc<u64>) {
        assert_eq!((Arc::strong_count(object), self.live.load(Relaxed)), (1, 0), "the object was dropped, once");
        let next = self.put(object).expect("the slot is free");
        assert_eq!(self.look(next), Ok(**object));
        assert!(self.slot.remove(next, &self.live).is_ok());
    }
}

/// Runs the closures on threads of their own, and waits for them.
fn beside(works: Vec<Box<dyn FnOnce() + 'static>>) {
    let threads: Vec<_> = works.into_iter().map(thread::spawn).collect();
    threads.into_iter().for_each(|thread| thread.join().expect("no thread fails"));
}

/// Counts what succeeded.
fn count<V>(result: Result<V, Refused>, done: &AtomicUsize) {
    if result.is_ok() {
        done.fetch_add(1, Relaxed);
    }
}

#[test]
fn what_is_retired_is_dropped_whoever_looks_meanwhile() {
    let mut three = model::Builder::new();
    // All orders of three threads are too many; those with three interruptions where a thread could have gone on are thousands.
    three.preemption_bound = Some(3);
    three.check(|| {
        let (place, name, object) = Place::with(7);
        let looker = |place: Arc<Place>| {
            Box::new(move || match place.look(name) {
                Ok(value) => assert_eq!(value, 7),
                Err(refused) => assert_eq!(refused, Refused::Gone),
            })
        };
        let retiring = Arc::clone(&place);
        beside(vec![
            looker(Arc::clone(&place)),
            looker(Arc::clone(&place)),
            Box::new(move || assert_eq!(retiring.slot.retire(name, &retiring.live), Ok(()))),
        ]);
        assert_eq!(place.look(name), Err(Refused::Gone));
        place.is_free_again(&object);
    });
}

#[test]
fn what_is_retired_twice_is_dropped_once() {
    model(|| {
        let (place, name, object) = Place::with(7);
        let done = Arc::new(AtomicUsize::new(0));
        let retirer = || {
            let (place, done) = (Arc::clone(&place), Arc::clone(&done));
            Box::new(move || count(place.slot.retire(name, &place.live), &done)) as Box<dyn FnOnce()>
        };
        beside(vec![retirer(), retirer()]);
        assert_eq!(done.load(Relaxed), 1);
        place.is_free_again(&object);
    });
}

#[test]
fn an_old_name_never_reaches_the_next_object() {
    // Who has the slot still when the next object comes, to look or alone, is in nobody's way.
    let looks = |place: &Place, name| place.look(name);
    let uses = |place: &Place, name| Ok(**place.slot.take(name, &place.live)?.get_mut().expect("who uses it has it"));
    let removes = |place: &Place, name| Ok(*place.slot.remove(name, &place.live)?);
    old_and_next(looks);
    old_and_next(uses);
    old_and_next(removes);
}

/// One thread does something by the old name while another retires it and puts in the next object.
fn old_and_next(old: impl Fn(&Place, u64) -> Result<u64, Refused> + Copy + Send + Sync + 'static) {
    model(move || {
        let (place, name, object) = Place::with(7);
        let next = Arc::new(8);
        let (late, changing, following) = (Arc::clone(&place), Arc::clone(&place), Arc::clone(&next));
        beside(vec![
            Box::new(move || match old(&late, name) {
                Ok(value) => assert_eq!(value, 7),
                Err(refused) => assert_eq!(refused, Refused::Gone),
            }),
            Box::new(move || {
                // Refused where it was removed just before.
                let _ = changing.slot.retire(name, &changing.live);
                // Where the slot is held still, the next object goes into another one.
                if let Some(next) = changing.put(&following) {
                    assert_eq!(changing.look(next), Ok(8), "nobody with an old name is in the way");
                    assert!(changing.slot.remove(next, &changing.live).is_ok_and(|object| *object == 8));
                }
            }),
        ]);
        assert_eq!(Arc::strong_count(&next), 1);
        place.is_free_again(&object);
    });
}

#[test]
fn what_is_used_alone_is_used_by_one() {
    model(|| {
        let place = Arc::new(Place { slot: Slot::new(0), live: AtomicUsize::new(0) });
        let name = place.put(&Arc::new(0)).expect("a slot that is free");
        let done = Arc::new(AtomicUsize::new(0));
        let user = || {
            let (place, done) = (Arc::clone(&place), Arc::clone(&done));
            Box::new(move || match place.slot.take(name, &place.live) {
                Ok(mut used) => {
                    let object = used.get_mut().expect("who uses it has it");
                    *object = Arc::new(**object + 1);
                    done.fetch_add(1, Relaxed);
                }
                Err(refused) => assert_eq!(refused, Refused::Busy),
            }) as Box<dyn FnOnce()>
        };
        beside(vec![user(), user()]);
        assert_eq!(place.look(name), Ok(done.load(Relaxed) as u64));
    });
}

#[test]
fn removing_beside_a_look_is_refused_or_done() {
    model(|| {
        let (place, name, object) = Place::with(7);
        let (looking, removing) = (Arc::clone(&place), Arc::clone(&place));
        beside(vec![
            // While it is being removed it is in use, afterwards it is gone.
            Box::new(move || assert_eq!(looking.look(name).unwrap_or(7), 7)),
            Box::new(move || match removing.slot.remove(name, &removing.live) {
                Ok(object) => assert_eq!(*object, 7),
                Err(refused) => assert_eq!(refused, Refused::Busy),
            }),
        ]);
        if place.slot.is(name) {
            assert!(place.slot.remove(name, &place.live).is_ok());
        }
        place.is_free_again(&object);
    });
}

#[test]
fn removing_beside_retiring_takes_it_out_once() {
    model(|| {
        let (place, name, object) = Place::with(7);
        let done = Arc::new(AtomicUsize::new(0));
        let (removing, removed) = (Arc::clone(&place), Arc::clone(&done));
        let (retiring, retired) = (Arc::clone(&place), Arc::clone(&done));
        beside(vec![
            Box::new(move || count(removing.slot.remove(name, &removing.live), &removed)),
            Box::new(move || count(retiring.slot.retire(name, &retiring.live), &retired)),
        ]);
        assert_eq!(done.load(Relaxed), 1);
        place.is_free_again(&object);
    });
}

#[test]
fn two_who_put_in_meet_in_no_slot() {
    model(|| {
        let place = Arc::new(Place { slot: Slot::new(0), live: AtomicUsize::new(0) });
        let putter = |value: u64| {
            let place = Arc::clone(&place);
            Box::new(move || {
                let object = Arc::new(value);
                if let Some(name) = place.put(&object) {
                    assert_eq!(place.look(name), Ok(value));
                    assert_eq!(place.slot.retire(name, &place.live), Ok(()));
                    assert_eq!(place.look(name), Err(Refused::Gone));
                }
                assert_eq!(Arc::strong_count(&object), 1);
            }) as Box<dyn FnOnce()>
        };
        beside(vec![putter(1), putter(2)]);
        place.is_free_again(&Arc::new(3));
    });
}
