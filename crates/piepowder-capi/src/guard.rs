//! The one way in. Every exported function runs its body here: nothing unwinds across the border, and a defect is told as `PP_DEFECT` with
//! the place of the source where it showed, never with text of a listing.
//!
//! The panic hook of Rust's library prints to standard error. The first call puts one before it that is silent while a call of this
//! library is on the stack of the thread, and passes on everything else. It is a variable of the Rust library that is linked into this
//! one: the program's own handlers (signals, exits, forks) are not touched.
//! Invariant: `run` returns.

use crate::error::Reported;
use crate::object::pp_error;
use crate::status::{Fault, PP_DEFECT, PP_OK, pp_status};
use std::cell::Cell;
use std::mem::MaybeUninit;
use std::panic::{AssertUnwindSafe, Location, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};

thread_local! {
    /// How many calls are on the stack: a signal handler may make another one.
    static DEPTH: Cell<u32> = const { Cell::new(0) };
    /// Where the last panic was.
    static PLACE: Cell<Option<(&'static str, u32)>> = const { Cell::new(None) };
}

static HOOKED: AtomicBool = AtomicBool::new(false);

fn hook() {
    if HOOKED.load(Ordering::Relaxed) || HOOKED.swap(true, Ordering::Relaxed) {
        return;
    }
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if DEPTH.get() == 0 {
            before(panic);
        } else {
            // A place in a source file is there as long as the program.
            let place = panic.location().map(|at: &Location<'_>| (place_of(at.file()), at.line()));
            PLACE.set(place);
        }
    }));
}

/// The part of a path that says which file of this project it is; other places are not told apart.
fn place_of(file: &str) -> &'static str {
    const CRATES: [&str; 4] = ["piepowder-capi", "piepowder-bytes", "piepowder-packs", "piepowder"];
    CRATES.into_iter().find(|name| file.contains(name)).unwrap_or("another library")
}

/// What a body answers, or the fault that a panic of it is.
pub(crate) fn caught<R>(body: impl FnOnce() -> Result<R, Fault>) -> Result<R, Fault> {
    hook();
    DEPTH.set(DEPTH.get() + 1);
    let result = catch_unwind(AssertUnwindSafe(body));
    DEPTH.set(DEPTH.get() - 1);
    result.unwrap_or_else(|panic| {
        // What a panic carries can panic when it is dropped; it is a text as good as always.
        std::mem::forget(panic);
        let place = PLACE.take().map_or(String::new(), |(name, line)| format!(", seen at line {line} of a file of {name}"));
        Err(Fault::new(PP_DEFECT, format!("a defect of piepowder {}{place}; please report it", env!("CARGO_PKG_VERSION"))))
    })
}

/// A call whose status says all.
pub(crate) fn run(body: impl FnOnce() -> Result<(), Fault>) -> pp_status {
    caught(body).map_or_else(|fault| fault.status, |()| PP_OK)
}

/// A call that reports: `error` becomes one or none, if there is a place for it.
pub(crate) fn report(error: Option<&mut MaybeUninit<pp_error>>, body: impl FnOnce() -> Result<(), Fault>) -> pp_status {
    let fault = caught(body).err();
    let status = fault.as_ref().map_or(PP_OK, |fault| fault.status);
    if let Some(place) = error {
        let made = fault.map(|fault| caught(|| Ok(pp_error::new(Reported::new(fault)))).unwrap_or(pp_error::NONE));
        place.write(made.unwrap_or(pp_error::NONE));
    }
    status
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::status::PP_RANGE;

    #[test]
    fn a_panic_is_a_status_and_says_where_without_its_words() {
        let fault = caught::<()>(|| panic!("text of a listing")).unwrap_err();
        assert_eq!(fault.status, PP_DEFECT);
        assert!(fault.message.contains("of a file of piepowder-capi") && !fault.message.contains("listing"), "{}", fault.message);
        assert_eq!(DEPTH.get(), 0);
        assert_eq!(run(|| Err(PP_RANGE.into())), PP_RANGE);
    }

    #[test]
    fn a_call_within_a_call_is_one_more() {
        let status = run(|| {
            assert_eq!(run(|| panic!("inner")), PP_DEFECT);
            Ok(())
        });
        assert_eq!(status, PP_OK);
    }
}
