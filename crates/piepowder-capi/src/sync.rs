//! What a slot is made of. `tests/slot.rs` gives it the same things from a model checker, which tries the orders that threads can take.

pub(crate) use std::sync::atomic::AtomicU64;
pub(crate) use std::sync::{RwLock, RwLockReadGuard, RwLockWriteGuard};
