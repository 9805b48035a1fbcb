//! Scratches, and listings one by one. Invariant: the results in a scratch are those of its last call; a call that fails leaves none.

use crate::given::{options, place, pp_assess_options, pp_listing};
use crate::guard::{report, run};
use crate::object::{pp_engine, pp_error, pp_scratch};
use crate::status::{Fault, PP_DEFECT, PP_HANDLE, PP_NULL, PP_POISONED, PP_RANGE, pp_status};
use crate::worker::{Part, Worker, lines};
use piepowder::{Assessment, Engine};
use std::mem::MaybeUninit;

/// Which results there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kept {
    Nothing,
    /// None of so many listings that were assessed.
    Counted(usize),
    /// One, in the first worker.
    Last,
    /// Those of the part.
    Rows,
}

/// What a scratch handle stands for.
#[derive(Debug)]
pub(crate) struct Context {
    /// Set while a call is under way, and left set by one that a defect showed in.
    poisoned: bool,
    /// The engine of the last call.
    bound: Option<(pp_engine, Engine)>,
    /// One a thread; the first is that of the calling thread.
    workers: Vec<Worker>,
    kept: Kept,
    pub(crate) part: Part,
    /// The parts of a batch, by their order.
    parts: Vec<Part>,
    explanation: String,
}

impl Context {
    fn new() -> Context {
        Context {
            poisoned: false,
            bound: None,
            workers: Vec::new(),
            kept: Kept::Nothing,
            part: Part::default(),
            parts: Vec::new(),
            explanation: String::new(),
        }
    }

    /// The engine of the results, and the result of a row.
    pub(crate) fn row(&self, row: usize) -> Result<(&Engine, &Assessment), Fault> {
        let engine = self.bound.as_ref().map(|(_, engine)| engine);
        let assessment = match self.kept {
            Kept::Nothing | Kept::Counted(_) => None,
            Kept::Last => self.workers.first().filter(|_| row == 0).map(Worker::last),
            Kept::Rows => self.part.rows.get(row),
        };
        engine.zip(assessment).ok_or_else(|| PP_RANGE.into())
    }

    /// How many listings the last call assessed.
    pub(crate) fn count(&self) -> usize {
        match self.kept {
            Kept::Nothing => 0,
            Kept::Counted(rows) => rows,
            Kept::Last => 1,
            Kept::Rows => self.part.rows.len(),
        }
    }

    /// Forgets the last call.
    fn forget(&mut self) {
        self.kept = Kept::Nothing;
        self.part.clear();
        self.explanation.clear();
    }

    /// Gets ready for a call with this engine.
    pub(crate) fn begin(&mut self, handle: pp_engine) -> Result<Ready<'_>, Fault> {
        // To see that the handle of the engine of the last call is live is a look that no other thread notices. Its count of references is
        // on a line of memory that all threads would write to, were the engine asked for in each call.
        let same = self.bound.as_ref().is_some_and(|(bound, _)| *bound == handle) && handle.is_live();
        if !same {
            self.bound = None;
            self.workers.clear();
            self.bound = Some((handle, handle.engine()?));
        }
        let Context { bound, workers, kept, part, parts, explanation, .. } = self;
        let (_, engine) = bound.as_ref().ok_or_else(|| Fault::from(PP_HANDLE))?;
        if workers.is_empty() {
            workers.push(Worker::new(engine));
        }
        Ok(Ready { engine, workers, kept, part, parts, explanation })
    }
}

/// A scratch that is ready for a call.
pub(crate) struct Ready<'c> {
    pub(crate) engine: &'c Engine,
    /// One at least.
    pub(crate) workers: &'c mut Vec<Worker>,
    pub(crate) kept: &'c mut Kept,
    pub(crate) part: &'c mut Part,
    pub(crate) parts: &'c mut Vec<Part>,
    pub(crate) explanation: &'c mut String,
}

impl pp_scratch {
    /// Uses a scratch that no call failed with.
    pub(crate) fn using<R>(self, body: impl FnOnce(&mut Context) -> Result<R, Fault>) -> Result<R, Fault> {
        self.take(|context| {
            if context.poisoned {
                return Err(PP_POISONED.into());
            }
            context.poisoned = true;
            let result = body(context);
            // A batch catches what its threads panic with, and tells it as a fault.
            context.poisoned = result.as_ref().is_err_and(|fault| fault.status == PP_DEFECT);
            result
        })
    }

    /// Uses a scratch for a call that leaves results of its own, and none at all when it fails, for whatever reason.
    pub(crate) fn renewing(self, body: impl FnOnce(&mut Context) -> Result<(), Fault>) -> Result<(), Fault> {
        self.using(|context| {
            context.forget();
            let result = body(context);
            if result.is_err() {
                context.forget();
            }
            result
        })
    }
}

/// Makes a scratch. It takes a few hundred bytes until it is used, and belongs to no engine: each call names one.
///
/// # Errors
/// `PP_NULL`, `PP_FULL`.
#[unsafe(no_mangle)]
pub extern "C" fn pp_scratch_create(scratch: Option<&mut MaybeUninit<pp_scratch>>) -> pp_status {
    run(|| {
        place(scratch)?.write(pp_scratch::new(Context::new())?);
        Ok(())
    })
}

/// Frees a scratch with its results. The zero handle is freed by doing nothing.
///
/// # Errors
/// `PP_HANDLE` when it was freed before, `PP_KIND`, `PP_BUSY` while another thread is using it (it is not freed then).
#[unsafe(no_mangle)]
pub extern "C" fn pp_scratch_free(scratch: pp_scratch) -> pp_status {
    run(|| if scratch.is_none() { Ok(()) } else { scratch.free() })
}

/// Assesses a listing; the result is row 0 of the scratch. Null for `given` is no line. Any texts are a listing: once the arguments are in
/// order, this cannot fail. With a scratch that was used with this engine before, it takes no lock that is shared and, unless
/// a line with evidence is asked for, allocates nothing.
///
/// # Errors
/// `PP_NULL`, `PP_HANDLE`, `PP_KIND`, `PP_BUSY`, `PP_POISONED`, `PP_SIZE`, `PP_ARGUMENT` (no such field, a field that is given twice).
///
/// # Safety
/// As the header says under "Pointers".
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pp_assess(
    engine: pp_engine,
    scratch: pp_scratch,
    listing: Option<&pp_listing>,
    given: *const pp_assess_options,
    error: Option<&mut MaybeUninit<pp_error>>,
) -> pp_status {
    report(error, || {
        scratch.renewing(|context| {
            // SAFETY: the caller's promise.
            let lines = lines(&unsafe { options(given) }?)?;
            let listing = listing.ok_or_else(|| Fault::from(PP_NULL))?;
            let Ready { engine, workers, kept, part, .. } = context.begin(engine)?;
            workers[0].assess(engine, listing, 0, lines, part)?;
            *kept = Kept::Last;
            Ok(())
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::pp_assess_batch;
    use crate::engine::pp_engine_unref;
    use crate::error::{pp_error_free, pp_error_message};
    use crate::given::{PP_LINES_NONE, PP_LINES_SCORES, pp_value};
    use crate::status::{PP_ARGUMENT, PP_DEFECT, PP_OK};
    use crate::worker::DEFECT;
    use std::ffi::CStr;

    #[test]
    fn a_defect_poisons_a_scratch_and_other_faults_do_not() {
        let after = |status| {
            let scratch = pp_scratch::new(Context::new()).unwrap();
            assert_eq!(scratch.using::<()>(|_| Err(Fault::from(status))).unwrap_err().status, status);
            let next = scratch.using(|_| Ok(())).err().map_or(PP_OK, |fault| fault.status);
            assert_eq!(pp_scratch_free(scratch), PP_OK);
            next
        };
        assert_eq!(after(PP_DEFECT), PP_POISONED);
        assert_eq!(after(PP_ARGUMENT), PP_OK);
    }

    fn made<T>(make: impl FnOnce(Option<&mut MaybeUninit<T>>) -> pp_status) -> T {
        let mut place = MaybeUninit::uninit();
        assert_eq!(make(Some(&mut place)), PP_OK);
        // SAFETY: what answers PP_OK has written.
        unsafe { place.assume_init() }
    }

    #[test]
    fn a_warm_scratch_allocates_nothing() {
        let engine = pp_engine::of_one_rule();
        let scratch = made(|place| pp_scratch_create(place));
        let values = [pp_value::of(b"title", b"Ticket in my name"), pp_value::of(b"description", b"No name change, 50 USD")];
        let pass = || {
            for (id, lines) in [(&b"row"[..], PP_LINES_NONE), (b"row", PP_LINES_SCORES), (b"", PP_LINES_SCORES)] {
                let options = pp_assess_options::with_lines(lines);
                // SAFETY: options and listing are there.
                assert_eq!(unsafe { pp_assess(engine, scratch, Some(&pp_listing::of(id, &values)), &options, None) }, PP_OK);
            }
        };
        pass();
        assert_eq!(allocation_counter::measure(pass).count_total, 0);
        assert_eq!((pp_scratch_free(scratch), pp_engine_unref(engine)), (PP_OK, PP_OK));
    }

    /// In the calling thread and in others, one by one and in a batch: the call says so, its scratch is lost, and nothing else is.
    #[test]
    fn a_panic_is_told_and_poisons_its_scratch_alone() {
        let engine = pp_engine::of_one_rule();
        let fine = made(|place| pp_scratch_create(place));
        // More than one chunk, so that there is work for several threads.
        let many = if cfg!(miri) { 150 } else { 1_000 };
        let mut rows = vec![pp_listing::of(b"fine", &[]); many];
        let call = |scratch, rows: &[pp_listing], threads: u32, error: Option<&mut MaybeUninit<pp_error>>| {
            let options = pp_assess_options::with_threads(threads);
            match rows {
                // SAFETY: options and listings are there, and what is written to is no part of them.
                [row] => unsafe { pp_assess(engine, scratch, Some(row), std::ptr::null(), error) },
                // SAFETY: as above.
                rows => unsafe { pp_assess_batch(engine, scratch, rows.as_ptr(), rows.len(), &options, error) },
            }
        };
        for (count, threads, place) in [(1, 1, 0), (many, 1, many - 1), (many, 4, 0), (many, 4, many / 2), (many, 4, many - 1)] {
            let scratch = made(|place| pp_scratch_create(place));
            assert_eq!(call(scratch, &rows[..count], threads, None), PP_OK);
            rows[place] = pp_listing::of(DEFECT, &[]);
            let mut error = MaybeUninit::uninit();
            assert_eq!(call(scratch, &rows[..count], threads, Some(&mut error)), PP_DEFECT);
            // SAFETY: written by every call.
            let error = unsafe { error.assume_init() };
            // SAFETY: a text that ends with a NUL, until the error is freed.
            let message = unsafe { CStr::from_ptr(pp_error_message(error)) }.to_str().unwrap();
            assert!(message.contains("a defect of piepowder") && message.contains("of a file of piepowder-capi"), "{message}");
            assert_eq!(pp_error_free(error), PP_OK);
            rows[place] = pp_listing::of(b"fine", &[]);
            assert_eq!(call(scratch, &rows[..count], threads, None), PP_POISONED);
            assert_eq!(pp_scratch_free(scratch), PP_OK);
            assert_eq!(call(fine, &rows[..count], threads, None), PP_OK);
        }
        assert_eq!((pp_scratch_free(fine), pp_engine_unref(engine)), (PP_OK, PP_OK));
    }
}
