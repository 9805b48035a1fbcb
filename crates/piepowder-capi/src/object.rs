//! What handles stand for, and the one table of them. Invariant: an engine lives as long as there are references to it or scratches that
//! used it last; its handle stands for nothing once the last reference is dropped.

use crate::error::Reported;
use crate::scratch::Context;
use crate::status::{Fault, PP_FULL, PP_HANDLE, PP_KIND};
use crate::table::Table;
use piepowder::Engine;
use std::sync::atomic::{AtomicU32, Ordering::AcqRel, Ordering::Relaxed};

/// An engine: packs, policy and settings, compiled. It never changes; any number of threads may use it at once.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct pp_engine {
    /// 0 is no engine.
    id: u64,
}

/// The buffers of one thread, and the results of the last call with them. One thread may use it at a time; a second one is told `PP_BUSY`.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct pp_scratch {
    /// 0 is no scratch.
    id: u64,
}

/// Why a call did nothing. The caller's: it is freed with `pp_error_free`.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct pp_error {
    /// 0 is no error.
    id: u64,
}

const ENGINE: u8 = 1;
const SCRATCH: u8 = 2;
const ERROR: u8 = 3;

#[derive(Debug)]
enum Object {
    Engine(Shared),
    Scratch(Box<Context>),
    Error(Box<Reported>),
}

#[derive(Debug)]
struct Shared {
    engine: Engine,
    references: AtomicU32,
}

static TABLE: Table<Object> = Table::new();

/// How many handles are live.
pub(crate) fn live() -> usize {
    TABLE.live()
}

impl pp_engine {
    /// With one reference.
    pub(crate) fn new(engine: Engine) -> Result<pp_engine, Fault> {
        let shared = Shared { engine, references: AtomicU32::new(1) };
        Ok(pp_engine { id: TABLE.insert(ENGINE, Object::Engine(shared))? })
    }

    pub(crate) fn is_live(self) -> bool {
        TABLE.is_live(self.id)
    }

    fn see<R>(self, look: impl FnOnce(&Shared) -> Result<R, Fault>) -> Result<R, Fault> {
        match TABLE.see(ENGINE, self.id)?.get()? {
            Object::Engine(shared) => look(shared),
            _ => Err(PP_KIND.into()),
        }
    }

    pub(crate) fn engine(self) -> Result<Engine, Fault> {
        self.see(|shared| Ok(shared.engine.clone()))
    }

    /// One reference more.
    pub(crate) fn add(self) -> Result<(), Fault> {
        self.see(|shared| {
            let more = |count: u32| if count == 0 { None } else { count.checked_add(1) };
            shared.references.fetch_update(AcqRel, Relaxed, more).map(drop).map_err(|count| if count == 0 { PP_HANDLE } else { PP_FULL }.into())
        })
    }

    /// One reference less; with the last one the handle stands for nothing.
    pub(crate) fn drop(self) -> Result<(), Fault> {
        let count = self.see(|shared| {
            let less = |count: u32| count.checked_sub(1);
            shared.references.fetch_update(AcqRel, Relaxed, less).map_err(|_| Fault::from(PP_HANDLE))
        })?;
        if count == 1 {
            TABLE.retire(ENGINE, self.id)?;
        }
        Ok(())
    }
}

impl pp_scratch {
    pub(crate) fn new(context: Context) -> Result<pp_scratch, Fault> {
        Ok(pp_scratch { id: TABLE.insert(SCRATCH, Object::Scratch(Box::new(context)))? })
    }

    pub(crate) fn is_none(self) -> bool {
        self.id == 0
    }

    /// Uses it alone.
    pub(crate) fn take<R>(self, using: impl FnOnce(&mut Context) -> Result<R, Fault>) -> Result<R, Fault> {
        match TABLE.take(SCRATCH, self.id)?.get_mut()? {
            Object::Scratch(context) => using(context),
            _ => Err(PP_KIND.into()),
        }
    }

    pub(crate) fn free(self) -> Result<(), Fault> {
        drop(TABLE.remove(SCRATCH, self.id)?);
        Ok(())
    }
}

impl pp_error {
    pub(crate) const NONE: pp_error = pp_error { id: 0 };

    /// None when no handle is left for it.
    pub(crate) fn new(reported: Reported) -> pp_error {
        TABLE.insert(ERROR, Object::Error(Box::new(reported))).map_or(pp_error::NONE, |id| pp_error { id })
    }

    pub(crate) fn is_none(self) -> bool {
        self.id == 0
    }

    /// Looks at it.
    pub(crate) fn see<R>(self, look: impl FnOnce(&Reported) -> Result<R, Fault>) -> Result<R, Fault> {
        match TABLE.see(ERROR, self.id)?.get()? {
            Object::Error(reported) => look(reported),
            _ => Err(PP_KIND.into()),
        }
    }

    /// At once, whoever else is looking at it: an error is no one's to use alone.
    pub(crate) fn free(self) -> Result<(), Fault> {
        TABLE.retire(ERROR, self.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::status::PP_OK;
    use piepowder::{Source, Taxonomy};

    impl pp_engine {
        /// Of the smallest example pack, whatever packs are embedded.
        pub(crate) fn of_one_rule() -> pp_engine {
            let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/packs/one-rule");
            let source = |name: &str| Source::new(format!("one-rule/{name}"), std::fs::read_to_string(format!("{folder}/{name}")).unwrap());
            let taxonomy = Taxonomy::from_sources([source("pack.toml"), source("tickets.toml")]).unwrap();
            pp_engine::new(Engine::builder().taxonomy(&taxonomy).build().unwrap()).unwrap()
        }
    }

    #[test]
    fn references_are_counted_and_refused_when_no_more_can_be() {
        let status = |result: Result<(), Fault>| result.err().map_or(PP_OK, |fault| fault.status);
        let engine = pp_engine::of_one_rule();
        let set = |count| assert!(engine.see(|shared| Ok(shared.references.swap(count, Relaxed))).is_ok());
        assert_eq!((status(engine.add()), status(engine.drop())), (PP_OK, PP_OK));
        set(u32::MAX);
        assert_eq!(status(engine.add()), PP_FULL);
        assert_eq!((status(engine.drop()), status(engine.add())), (PP_OK, PP_OK));
        // Between the last reference and the end of the handle, nobody gets a further one.
        set(0);
        assert_eq!((status(engine.add()), status(engine.drop())), (PP_HANDLE, PP_HANDLE));
        set(1);
        assert_eq!((status(engine.drop()), status(engine.add())), (PP_OK, PP_HANDLE));
    }
}
