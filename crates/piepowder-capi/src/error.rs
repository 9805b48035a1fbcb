//! Errors: objects of the caller's, with a status, a message and, of packs, each problem with its place. Invariant: a message has no NUL
//! inside and one behind it.

use crate::given::{WithSize, place, pp_text, write};
use crate::guard::{caught, run};
use crate::object::pp_error;
use crate::status::{self, Fault, PP_RANGE, pp_status};
use piepowder::Diagnostic;
use std::ffi::{CString, c_char};
use std::mem::MaybeUninit;

/// What an error handle stands for.
#[derive(Debug)]
pub(crate) struct Reported {
    status: pp_status,
    message: CString,
    problems: Vec<Diagnostic>,
}

impl Reported {
    pub(crate) fn new(fault: Fault) -> Reported {
        let Fault { status, message, problems } = fault;
        let message = CString::new(message.replace('\0', "\u{fffd}")).unwrap_or_default();
        Reported { status, message, problems }
    }
}

/// A problem of a pack or a policy, with its place.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct pp_problem {
    /// `sizeof(pp_problem)`, set by the caller.
    size: usize,
    /// 1 when nothing loads with it, 0 for a warning.
    is_error: u32,
    /// From 1.
    line: u32,
    /// From 1, in characters.
    column: u32,
    /// Length in bytes of what it is about.
    length: u32,
    /// Stable, such as `P009` (docs/diagnostics).
    code: pp_text,
    /// The name of the source.
    source: pp_text,
    /// What is wrong.
    message: pp_text,
    /// What to do about it; may be empty.
    help: pp_text,
}

// SAFETY: `repr(C)`, begins with a `usize`; four numbers of four bytes, then pairs of words: no padding. Zero is a value of each.
unsafe impl WithSize for pp_problem {}

impl pp_problem {
    pub(crate) fn of(problem: &Diagnostic) -> pp_problem {
        let (line, column) = problem.line_column();
        let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        pp_problem {
            size: 0,
            is_error: problem.is_error().into(),
            line: number(line),
            column: number(column),
            length: number(problem.byte_range().len()),
            code: pp_text::of(problem.code().as_bytes()),
            source: pp_text::of(problem.source_name().as_bytes()),
            message: pp_text::of(problem.message().as_bytes()),
            help: pp_text::of(problem.help_text().as_bytes()),
        }
    }
}

/// The status that the call answered with; `PP_HANDLE` when this is no error.
#[unsafe(no_mangle)]
pub extern "C" fn pp_error_status(error: pp_error) -> pp_status {
    caught(|| error.see(|reported| Ok(reported.status))).unwrap_or_else(|fault| fault.status)
}

/// What went wrong, for the author of the calling program: UTF-8 that ends with a NUL, several lines when packs have problems. Never null;
/// the text stays until the error is freed. When this is no error, a text that says so.
#[unsafe(no_mangle)]
pub extern "C" fn pp_error_message(error: pp_error) -> *const c_char {
    caught(|| error.see(|reported| Ok(reported.message.as_ptr()))).unwrap_or_else(|fault| status::text(fault.status).as_ptr())
}

/// How many problems of packs or of the policy the error lists, warnings among them.
///
/// # Errors
/// `PP_NULL`, `PP_HANDLE`, `PP_KIND`.
#[unsafe(no_mangle)]
pub extern "C" fn pp_error_problem_count(error: pp_error, count: Option<&mut MaybeUninit<usize>>) -> pp_status {
    run(|| {
        place(count)?.write(error.see(|reported| Ok(reported.problems.len()))?);
        Ok(())
    })
}

/// A problem that the error lists. Its texts stay until the error is freed.
///
/// # Errors
/// `PP_NULL`, `PP_HANDLE`, `PP_KIND`, `PP_RANGE`, `PP_SIZE`.
///
/// # Safety
/// As the header says under "Pointers".
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pp_error_problem(error: pp_error, index: usize, problem: *mut pp_problem) -> pp_status {
    run(|| {
        let found = error.see(|reported| reported.problems.get(index).map(pp_problem::of).ok_or_else(|| PP_RANGE.into()))?;
        // SAFETY: the caller's promise.
        unsafe { write(problem, found) }
    })
}

/// Frees an error. The zero handle is freed by doing nothing.
///
/// # Errors
/// `PP_HANDLE` when it was freed before, `PP_KIND`.
#[unsafe(no_mangle)]
pub extern "C" fn pp_error_free(error: pp_error) -> pp_status {
    run(|| if error.is_none() { Ok(()) } else { error.free() })
}
