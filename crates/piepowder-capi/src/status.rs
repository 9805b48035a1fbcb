//! What a call answers: a number for the program, and a message for its author. Invariant: a number keeps its meaning for good; new
//! ones are added behind.

use piepowder::{Diagnostic, ErrorKind};
use std::borrow::Cow;

/// What a call answers: `PP_OK`, or why it did nothing. `pp_status_text` says it in words.
pub type pp_status = i32;

/// It was done.
pub const PP_OK: i32 = 0;
/// A pointer is null where none may be, or a null pointer comes with a length above 0.
pub const PP_NULL: i32 = 1;
/// The handle stands for nothing: it is zero, was freed already, or was never given out.
pub const PP_HANDLE: i32 = 2;
/// The handle stands for a thing of another kind.
pub const PP_KIND: i32 = 3;
/// Another thread, or the call that a signal handler interrupted, is using the scratch.
pub const PP_BUSY: i32 = 4;
/// The library failed in an earlier call with this scratch, which can only be freed.
pub const PP_POISONED: i32 = 5;
/// There is nothing of that index.
pub const PP_RANGE: i32 = 6;
/// A structure's `size`, a length or a count is one that cannot be.
pub const PP_SIZE: i32 = 7;
/// A value has no meaning, or names what is not there: an unknown option or field, a field that is given twice.
pub const PP_ARGUMENT: i32 = 8;
/// A text that must be UTF-8 is not. (Texts of listings may be any bytes.)
pub const PP_ENCODING: i32 = 9;
/// The packs or the policy have problems; the error lists them.
pub const PP_PACKS: i32 = 10;
/// A setting of the engine is out of range or names what is not there.
pub const PP_SETTING: i32 = 11;
/// The compiled pack is damaged, or of another version of piepowder.
pub const PP_COMPILED: i32 = 12;
/// The packs are larger than an engine's tables can be.
pub const PP_TOO_LARGE: i32 = 13;
/// No further handle can be given out (about 16 million are live), or no further reference be counted.
pub const PP_FULL: i32 = 14;
/// A defect of the library, which its makers want to hear of. Nothing unwound into the caller; if a scratch was in use, it is poisoned.
pub const PP_DEFECT: i32 = 15;

/// Words for a status, with the NUL that C ends them with.
pub(crate) const fn text(status: pp_status) -> &'static std::ffi::CStr {
    match status {
        PP_OK => c"done",
        PP_NULL => c"a pointer is null where none may be",
        PP_HANDLE => c"the handle stands for nothing: zero, freed or never given out",
        PP_KIND => c"the handle stands for a thing of another kind",
        PP_BUSY => c"the scratch is in use",
        PP_POISONED => c"the scratch can only be freed: the library failed in an earlier call with it",
        PP_RANGE => c"there is nothing of that index",
        PP_SIZE => c"a structure's size, a length or a count cannot be",
        PP_ARGUMENT => c"a value has no meaning, or names what is not there",
        PP_ENCODING => c"a text that must be UTF-8 is not",
        PP_PACKS => c"the packs or the policy have problems",
        PP_SETTING => c"a setting of the engine is out of range or names what is not there",
        PP_COMPILED => c"the compiled pack is damaged, or of another version of piepowder",
        PP_TOO_LARGE => c"the packs are larger than an engine's tables can be",
        PP_FULL => c"no further handle can be given out",
        PP_DEFECT => c"a defect of the library",
        _ => c"no status of this library",
    }
}

/// Why a call did nothing.
#[derive(Debug)]
pub(crate) struct Fault {
    pub(crate) status: pp_status,
    pub(crate) message: Cow<'static, str>,
    pub(crate) problems: Vec<Diagnostic>,
}

impl Fault {
    pub(crate) fn new(status: pp_status, message: impl Into<Cow<'static, str>>) -> Fault {
        Fault { status, message: message.into(), problems: Vec::new() }
    }
}

/// What its status says.
impl From<pp_status> for Fault {
    fn from(status: pp_status) -> Fault {
        Fault::new(status, text(status).to_string_lossy())
    }
}

impl From<piepowder::Error> for Fault {
    fn from(error: piepowder::Error) -> Fault {
        let status = match error.kind() {
            ErrorKind::Diagnostics => PP_PACKS,
            ErrorKind::Compiled => PP_COMPILED,
            ErrorKind::TooLarge => PP_TOO_LARGE,
            _ => PP_SETTING,
        };
        let problems = error.diagnostics().map(|list| list.iter().cloned().collect()).unwrap_or_default();
        Fault { status, message: error.to_string().into(), problems }
    }
}

impl From<piepowder::Diagnostics> for Fault {
    fn from(problems: piepowder::Diagnostics) -> Fault {
        piepowder::Error::from(problems).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_status_has_words_of_its_own() {
        let texts: BTreeSet<_> = (PP_OK..=PP_DEFECT).map(|status| text(status).to_str().unwrap()).collect();
        assert_eq!(texts.len(), 16);
        assert!(!texts.contains(text(PP_DEFECT + 1).to_str().unwrap()) && text(-1) == text(99));
    }
}
