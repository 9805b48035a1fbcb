//! What C gives and takes: texts, lists, structures that begin with their size, places to write to. The pointers that a caller hands over
//! are followed here alone, so nearly all `unsafe` of the crate is in this file.
//!
//! What can be seen of a wrong pointer is an answer: null, a length that no object has, a size of no version. That a pointer which is not
//! null leads to as many readable bytes as are said, and that they stay as they are during the call, is the caller's promise (header, "Pointers").
//! Invariant: structures of C have private fields, so that only C can make one that leads nowhere; what is borrowed of one lives no
//! longer than the borrow of the structure.

use crate::status::{Fault, PP_ENCODING, PP_NULL, PP_SIZE};
use piepowder::Source;
use std::ffi::c_char;
use std::mem::{MaybeUninit, size_of};

/// Bytes that somebody else owns: `length` of them at `data`, which may be null when there are none. They need no NUL at the end.
///
/// Those that the library hands out are its own, and never to be freed: each function says how long they stay.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct pp_text {
    data: *const c_char,
    length: usize,
}

/// A field of a listing. `piece_count` above 0 gives its text as a list of pieces, which are read as if they were joined; otherwise `text`
/// is all of it. An empty text is the same as none.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct pp_value {
    /// The name of the field: `title`, `description`, `brand`, `category`, `attributes`, `seller`, `ships_from`, `ships_to`, `price`,
    /// `currency`, `language`, `listed_at`, or one that the packs declare.
    field: pp_text,
    /// Any bytes. Of `price` and declared numbers, decimal text such as `12.50`.
    text: pp_text,
    pieces: *const pp_text,
    piece_count: usize,
}

/// A listing: what its lines are called (JSON string; the number of the row from 1 when it is empty; what is not UTF-8 is replaced by
/// U+FFFD), and its fields, each at most once.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct pp_listing {
    id: pp_text,
    values: *const pp_value,
    value_count: usize,
}

// SAFETY: nothing of it is written to, and its author promises that what it leads to stays as it is during the call.
unsafe impl Sync for pp_listing {}
// SAFETY: as above.
unsafe impl Sync for pp_value {}
// SAFETY: as above.
unsafe impl Sync for pp_text {}

/// A file in memory: `name` is what problems are reported under (of a pack, `FOLDER/FILE.toml`), `text` its content, UTF-8.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct pp_source {
    name: pp_text,
    text: pp_text,
}

/// The base rate of an offense where the engine is used: decimal text between 0 and 1, such as `0.0001`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct pp_prior {
    offense: pp_text,
    probability: pp_text,
}

/// The packs that are embedded in the library.
pub const PP_BASE_EMBEDDED: u32 = 0;
/// Nothing: the sources are all packs that there are.
pub const PP_BASE_NONE: u32 = 1;
/// The packs that `compiled` holds.
pub const PP_BASE_COMPILED: u32 = 2;

/// What an engine is made of. Zero is the default of everything but `size`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct pp_engine_options {
    /// `sizeof(pp_engine_options)`.
    size: usize,
    /// What is looked for, to begin with: `PP_BASE_EMBEDDED`, `PP_BASE_NONE` or `PP_BASE_COMPILED`.
    pub(crate) base: u32,
    /// Longest text of a field that is read, in bytes: 16 to 16 MiB; 0 for 262,144.
    pub(crate) field_bytes: u32,
    /// Most matches of one rule that are kept: 1 to 4,096; 0 for 64.
    pub(crate) rule_matches: u32,
    /// Most rules that are weighed: 1 to 4,096; 0 for 4,096.
    pub(crate) evidence: u32,
    /// What `piepowder compile` wrote, for `PP_BASE_COMPILED`. It is copied.
    compiled: pp_text,
    /// Files of packs, laid over the base: they add offenses and rules, and change or disable rules by key.
    sources: *const pp_source,
    source_count: usize,
    /// Tiers, thresholds and priors; the standard policy when its text is empty.
    policy: pp_source,
    /// Priors, over those of the policy.
    priors: *const pp_prior,
    prior_count: usize,
    /// The date of assessment, `YYYY-MM-DD`; the newest release date of the packs when it is empty. The clock is never asked.
    as_of: pp_text,
    /// Only rules of these jurisdictions apply, and those without any; all when there are none.
    jurisdictions: *const pp_text,
    jurisdiction_count: usize,
}

/// No line is written.
pub const PP_LINES_NONE: u32 = 0;
/// A line without priors and evidence.
pub const PP_LINES_SCORES: u32 = 1;
/// Evidence; what contributes less than 10 centibans to every offense is folded into one line.
pub const PP_LINES_BRIEF: u32 = 2;
/// All evidence, other spans and shadow rules too.
pub const PP_LINES_FULL: u32 = 3;

/// How listings are assessed. Zero is the default of everything but `size`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct pp_assess_options {
    /// `sizeof(pp_assess_options)`.
    size: usize,
    /// Which JSON line is written of each listing (`PP_LINES_...`).
    pub(crate) lines: u32,
    /// 1 to show sensitive text in lines, which then say so; 0 to mask it.
    pub(crate) reveal: u32,
    /// Of a batch: how many threads work on it, the calling one among them; 0 and 1 for that one alone.
    pub(crate) threads: u32,
    /// Of a batch: 1 to keep no results, for who wants the lines alone.
    pub(crate) lines_alone: u32,
}

/// Text of about 96 columns, for people.
pub const PP_EXPLAIN_TEXT: u32 = 0;
/// The same text with colors, for terminals.
pub const PP_EXPLAIN_COLOR: u32 = 1;
/// One JSON object.
pub const PP_EXPLAIN_JSON: u32 = 2;

/// How a listing is explained. Zero is the default of everything but `size`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct pp_explain_options {
    /// `sizeof(pp_explain_options)`.
    size: usize,
    /// `PP_EXPLAIN_TEXT`, `PP_EXPLAIN_COLOR` or `PP_EXPLAIN_JSON`.
    pub(crate) form: u32,
    /// 1 to show sensitive text, 0 to mask it.
    pub(crate) reveal: u32,
}

/// What begins with its size, so that a program and a library of different versions understand each other.
///
/// # Safety
/// `repr(C)`, begins with a `usize`, has no padding, and any bytes that are zero are a value of each field.
pub(crate) unsafe trait WithSize: Copy {}

// SAFETY: `repr(C)` of a `usize` and of numbers and pointers in pairs that fill whole words; zero is a number, and null a pointer.
unsafe impl WithSize for pp_engine_options {}
// SAFETY: as above.
unsafe impl WithSize for pp_assess_options {}
// SAFETY: as above.
unsafe impl WithSize for pp_explain_options {}

/// No structure of any version is larger; a size above is one that was never set.
const LARGEST: usize = 4096;

fn checked_size(size: usize) -> Result<usize, Fault> {
    if size < size_of::<usize>() || size > LARGEST || !size.is_multiple_of(size_of::<usize>()) {
        return Err(Fault::new(PP_SIZE, format!("a structure says that its size is {size}: set it with PP_INIT")));
    }
    Ok(size)
}

/// Options as this library knows them: of a structure that is smaller, what it lacks is zero; of a larger one, what is beyond must be zero,
/// for this library would not do what it asks. Null is the defaults.
///
/// # Safety
/// A pointer that is not null leads to an aligned `usize` and to as many readable bytes in all as that says.
pub(crate) unsafe fn options<T: WithSize>(at: *const T) -> Result<T, Fault> {
    let mut value = MaybeUninit::<T>::zeroed();
    // SAFETY: the caller's promise; the size is read first and bounds the rest. The destination has `size_of::<T>()` bytes and is no
    // memory of the caller's. Zero is a value of every field.
    unsafe {
        if !at.is_null() {
            let size = checked_size(at.cast::<usize>().read())?;
            let beyond = std::slice::from_raw_parts(at.cast::<u8>(), size).get(size_of::<T>()..).unwrap_or_default();
            if beyond.iter().any(|byte| *byte != 0) {
                return Err(Fault::new(PP_SIZE, "the options are of a newer header, and set what this library does not know"));
            }
            std::ptr::copy_nonoverlapping(at.cast::<u8>(), value.as_mut_ptr().cast::<u8>(), size.min(size_of::<T>()));
        }
        Ok(value.assume_init())
    }
}

/// Writes a result, as much of it as the caller's structure holds; what it has beyond becomes zero, but for the size, which stays.
///
/// # Safety
/// A pointer that is not null leads to an aligned `usize`, which is set, and to as many writable bytes in all as that says.
pub(crate) unsafe fn write<T: WithSize>(at: *mut T, value: T) -> Result<(), Fault> {
    if at.is_null() {
        return Err(PP_NULL.into());
    }
    // SAFETY: the caller's promise; the size is read first and bounds the rest. `T` has no padding, so all of its bytes are set.
    unsafe {
        let size = checked_size(at.cast::<usize>().read())?;
        let known = size.min(size_of::<T>());
        let to = at.cast::<u8>();
        std::ptr::copy_nonoverlapping((&raw const value).cast::<u8>(), to, known);
        to.add(known).write_bytes(0, size - known);
        at.cast::<usize>().write(size);
    }
    Ok(())
}

/// A place for a value that is not a structure with a size.
pub(crate) fn place<T>(at: Option<&mut MaybeUninit<T>>) -> Result<&mut MaybeUninit<T>, Fault> {
    at.ok_or_else(|| PP_NULL.into())
}

/// The elements of a list. `_owner` is what the pointer was read of: it bounds how long they are borrowed.
fn list<T, O>(data: *const T, count: usize, _owner: &O) -> Result<&[T], Fault> {
    if count == 0 {
        return Ok(&[]);
    }
    if data.is_null() {
        return Err(Fault::new(PP_NULL, format!("a null pointer comes with a length of {count}")));
    }
    if count.checked_mul(size_of::<T>()).is_none_or(|bytes| bytes > isize::MAX as usize) {
        return Err(Fault::new(PP_SIZE, format!("a length of {count} is more than memory has")));
    }
    // SAFETY: not null, and no larger than an object can be. That it leads to so many readable elements is the promise of who made the
    // structure that it is of; nobody else than C can (the fields are private to this module, and its own values are borrowed from slices).
    Ok(unsafe { std::slice::from_raw_parts(data, count) })
}

impl pp_text {
    /// For C to read.
    pub(crate) fn of(bytes: &[u8]) -> pp_text {
        pp_text { data: bytes.as_ptr().cast(), length: bytes.len() }
    }

    /// No text.
    pub(crate) const NONE: pp_text = pp_text { data: std::ptr::null(), length: 0 };

    pub(crate) fn bytes(&self) -> Result<&[u8], Fault> {
        list(self.data.cast(), self.length, self)
    }

    /// As text; `what` begins the message when it is none.
    pub(crate) fn str(&self, what: &str) -> Result<&str, Fault> {
        str::from_utf8(self.bytes()?).map_err(|error| Fault::new(PP_ENCODING, format!("{what} is not UTF-8 at byte {}", error.valid_up_to())))
    }
}

impl pp_value {
    /// The name of the field.
    pub(crate) fn field(&self) -> Result<&[u8], Fault> {
        self.field.bytes()
    }

    /// The text, when it is one.
    pub(crate) fn text(&self) -> Result<&[u8], Fault> {
        self.text.bytes()
    }

    /// Its pieces; none when it is one text.
    pub(crate) fn pieces(&self) -> Result<&[pp_text], Fault> {
        list(self.pieces, self.piece_count, self)
    }
}

impl pp_listing {
    pub(crate) fn id(&self) -> Result<&[u8], Fault> {
        self.id.bytes()
    }

    pub(crate) fn values(&self) -> Result<&[pp_value], Fault> {
        list(self.values, self.value_count, self)
    }
}

impl pp_source {
    pub(crate) fn is_empty(&self) -> bool {
        self.text.length == 0
    }

    pub(crate) fn source(&self) -> Result<Source, Fault> {
        let name = self.name.str("the name of a source")?;
        Ok(Source::new(name, self.text.str(&format!("the text of {name:?}"))?))
    }
}

impl pp_prior {
    /// Offense and probability.
    pub(crate) fn texts(&self) -> Result<(&str, &str), Fault> {
        Ok((self.offense.str("the offense of a prior")?, self.probability.str("a prior")?))
    }
}

impl pp_engine_options {
    pub(crate) fn compiled(&self) -> Result<&[u8], Fault> {
        self.compiled.bytes()
    }

    pub(crate) fn sources(&self) -> Result<&[pp_source], Fault> {
        list(self.sources, self.source_count, self)
    }

    pub(crate) fn policy(&self) -> &pp_source {
        &self.policy
    }

    pub(crate) fn priors(&self) -> Result<&[pp_prior], Fault> {
        list(self.priors, self.prior_count, self)
    }

    pub(crate) fn as_of(&self) -> &pp_text {
        &self.as_of
    }

    pub(crate) fn jurisdictions(&self) -> Result<&[pp_text], Fault> {
        list(self.jurisdictions, self.jurisdiction_count, self)
    }
}

/// Listings of a batch.
///
/// # Safety
/// A pointer that is not null leads to as many readable listings, which stay as they are for as long as they are borrowed.
pub(crate) unsafe fn listings<'a>(at: *const pp_listing, count: usize) -> Result<&'a [pp_listing], Fault> {
    list(at, count, &())
}

#[cfg(test)]
impl pp_assess_options {
    /// All defaults.
    const DEFAULT: pp_assess_options =
        pp_assess_options { size: size_of::<pp_assess_options>(), lines: PP_LINES_NONE, reveal: 0, threads: 0, lines_alone: 0 };

    /// A batch on so many threads.
    pub(crate) fn with_threads(threads: u32) -> pp_assess_options {
        pp_assess_options { threads, ..Self::DEFAULT }
    }

    /// Such lines.
    pub(crate) fn with_lines(lines: u32) -> pp_assess_options {
        pp_assess_options { lines, ..Self::DEFAULT }
    }
}

#[cfg(test)]
impl pp_value {
    /// As C makes one of texts that stay.
    pub(crate) fn of(field: &'static [u8], text: &'static [u8]) -> pp_value {
        pp_value { field: pp_text::of(field), text: pp_text::of(text), pieces: std::ptr::null(), piece_count: 0 }
    }
}

#[cfg(test)]
impl pp_listing {
    /// As C makes one of values that outlive it.
    pub(crate) fn of(id: &[u8], values: &[pp_value]) -> pp_listing {
        pp_listing { id: pp_text::of(id), values: values.as_ptr(), value_count: values.len() }
    }
}
