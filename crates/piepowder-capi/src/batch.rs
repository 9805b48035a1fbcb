//! Batches: rows in the order given, on as many threads as the caller asks for. Threads live within the call, the calling one is the first
//! of them, and the others take no signals: the program's handlers run on its own threads. Invariant: rows and lines are the same for any
//! number of threads.

use crate::given::{listings, options, pp_assess_options, pp_listing};
use crate::guard::{caught, report};
use crate::object::{pp_engine, pp_error, pp_scratch};
use crate::scratch::{Kept, Ready};
use crate::status::{Fault, PP_ARGUMENT, pp_status};
use crate::worker::{Lines, Part, Worker, lines};
use piepowder::Engine;
use std::mem::MaybeUninit;
use std::sync::Mutex;

/// Rows that a thread takes at a time.
const CHUNK: usize = 64;

/// Bytes of stack of a thread: what Rust's library gives where nothing else is said.
const STACK: usize = 2 << 20;

/// Most threads of a batch.
const THREADS: u32 = 1024;

/// Assesses a list of listings; row `i` of the scratch is that of listing `i`. Null for `given` is one thread, results, no lines.
///
/// Threads are started for the call and have ended when it returns; when the system gives no more, fewer do the work. The scratch keeps
/// results, lines and a set of buffers a thread, to be used again.
///
/// # Errors
/// Those of `pp_assess`, for the first listing that has one; then there are no results at all.
///
/// # Safety
/// As the header says under "Pointers".
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pp_assess_batch(
    engine: pp_engine,
    scratch: pp_scratch,
    listing: *const pp_listing,
    count: usize,
    given: *const pp_assess_options,
    error: Option<&mut MaybeUninit<pp_error>>,
) -> pp_status {
    report(error, || {
        scratch.renewing(|context| {
            // SAFETY: the caller's promise.
            let (given, listings) = unsafe { (options(given)?, listings(listing, count)?) };
            let plan = Plan { lines: lines(&given)?, results: results(given.lines_alone)? };
            if given.threads > THREADS {
                return Err(Fault::new(PP_ARGUMENT, format!("{} threads were asked for; at most {THREADS} can be", given.threads)));
            }
            let Ready { engine, workers, kept, part, parts, .. } = context.begin(engine)?;
            let threads = (given.threads.max(1) as usize).min(listings.len().div_ceil(CHUNK).max(1));
            if threads == 1 {
                plan.run(engine, &mut workers[0], listings, 0, part)?;
            } else {
                workers.truncate(threads);
                workers.resize_with(threads, || Worker::new(engine));
                parts.resize_with(listings.len().div_ceil(CHUNK), Part::default);
                // What is left of a batch that failed would keep its engine in memory.
                share(engine, workers, listings, parts, plan).inspect_err(|_| parts.iter_mut().for_each(Part::clear))?;
                parts.iter_mut().for_each(|chunk| part.append(chunk));
            }
            *kept = if plan.results == Results::Kept { Kept::Rows } else { Kept::Counted(count) };
            Ok(())
        })
    })
}

/// What is to become of each listing.
#[derive(Clone, Copy)]
struct Plan {
    lines: Lines,
    results: Results,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Results {
    Kept,
    LeftOut,
}

fn results(lines_alone: u32) -> Result<Results, Fault> {
    match lines_alone {
        0 => Ok(Results::Kept),
        1 => Ok(Results::LeftOut),
        other => Err(Fault::new(PP_ARGUMENT, format!("lines_alone is {other}, which has no meaning"))),
    }
}

impl Plan {
    /// Rows of one thread, the first of which is row `first`.
    fn run(self, engine: &Engine, worker: &mut Worker, listings: &[pp_listing], first: usize, part: &mut Part) -> Result<(), Fault> {
        for (row, listing) in (first..).zip(listings) {
            let with_place = |mut fault: Fault| {
                fault.message = format!("listing {row}: {}", fault.message).into();
                fault
            };
            worker.assess(engine, listing, row, self.lines, part).map_err(with_place)?;
            if self.results == Results::Kept {
                part.rows.push(worker.last().clone());
            }
        }
        Ok(())
    }
}

/// Chunks of rows go to whichever thread is free. Of faults, that of the first row counts.
fn share(engine: &Engine, workers: &mut [Worker], listings: &[pp_listing], parts: &mut [Part], plan: Plan) -> Result<(), Fault> {
    let chunks = Mutex::new(listings.chunks(CHUNK).zip(parts).enumerate());
    let failed = Mutex::new(None::<(usize, Fault)>);
    // The lock is let go of before the chunk is worked on.
    let next = || open(&chunks).next();
    let work = |worker: &mut Worker| {
        let result = caught(|| {
            while let Some((index, (listings, part))) = next() {
                part.clear();
                if let Err(fault) = plan.run(engine, worker, listings, index * CHUNK, part) {
                    let mut first = open(&failed);
                    if first.as_ref().is_none_or(|(other, _)| index < *other) {
                        *first = Some((index, fault));
                    }
                    break;
                }
            }
            Ok(())
        });
        if let Err(fault) = result {
            *open(&failed) = Some((0, fault));
        }
    };
    let (own, others) = workers.split_first_mut().expect("one worker at least");
    std::thread::scope(|scope| {
        let signals = Signals::block();
        for worker in others {
            let work = &work;
            // Whoever does not start leaves its work to the others. Rust's library asks the environment for a size of stacks that is not given.
            let thread = std::thread::Builder::new().name("piepowder".to_owned()).stack_size(STACK);
            if thread.spawn_scoped(scope, move || work(worker)).is_err() {
                break;
            }
        }
        drop(signals);
        work(own);
    });
    failed.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner()).map_or(Ok(()), |(_, fault)| Err(fault))
}

/// Nothing panics with one of these open but the iterator, which does not.
fn open<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

/// While it lives, this thread takes no signals, nor do the threads that are started meanwhile, for good: they have its mask. (Miri knows
/// no signals.)
struct Signals {
    #[cfg(all(unix, not(miri)))]
    before: libc::sigset_t,
}

impl Signals {
    #[cfg(all(unix, not(miri)))]
    fn block() -> Signals {
        let (mut all, mut before) = (MaybeUninit::uninit(), MaybeUninit::uninit());
        // SAFETY: `sigfillset` sets all of `all`, and `pthread_sigmask`, which cannot fail with SIG_SETMASK, all of `before`.
        unsafe {
            libc::sigfillset(all.as_mut_ptr());
            libc::pthread_sigmask(libc::SIG_SETMASK, all.as_ptr(), before.as_mut_ptr());
            Signals { before: before.assume_init() }
        }
    }

    #[cfg(not(all(unix, not(miri))))]
    fn block() -> Signals {
        Signals {}
    }
}

#[cfg(all(unix, not(miri)))]
impl Drop for Signals {
    fn drop(&mut self) {
        // SAFETY: the mask is the one that this thread had.
        unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, &self.before, std::ptr::null_mut()) };
    }
}
