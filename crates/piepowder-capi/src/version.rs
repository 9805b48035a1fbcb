//! What this library is. Invariant: all that is said here is fixed when it is built.

use crate::object;
use crate::status::{self, pp_status};
use std::ffi::c_char;

/// The version of the interface that this header describes. A program whose `PP_ABI_VERSION` is that of `pp_abi_version()` can use
/// the library: within one number functions and trailing members of structures are added, and nothing is changed.
pub const PP_ABI_VERSION: u32 = 1;

/// The `PP_ABI_VERSION` of the library that is loaded. It may be called from anywhere at any time, a signal handler among them.
#[unsafe(no_mangle)]
pub extern "C" fn pp_abi_version() -> u32 {
    PP_ABI_VERSION
}

/// The version of the library, such as `0.1.0`: a text that ends with a NUL and is always there.
#[unsafe(no_mangle)]
pub extern "C" fn pp_version() -> *const c_char {
    const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "\0");
    VERSION.as_ptr().cast()
}

/// A status in words: a text that ends with a NUL and is always there, also for a number that is no status.
#[unsafe(no_mangle)]
pub extern "C" fn pp_status_text(status: pp_status) -> *const c_char {
    status::text(status).as_ptr()
}

/// How many handles are live in this process, engines, scratches and errors together: 0 when everything was freed.
#[unsafe(no_mangle)]
pub extern "C" fn pp_live_handles() -> usize {
    object::live()
}
