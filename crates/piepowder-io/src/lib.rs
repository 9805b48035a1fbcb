//! Records in and out for piepowder: JSON Lines in, one JSON object a line out, and the pipeline between them.
//!
//! Every row has exactly one outcome: an assessment, or an error with its place. Odd text is scored; only broken structure is refused.

#![deny(unsafe_code)]

mod code;
mod columns;
mod error;
mod framer;
mod input;
mod job;
mod jsonl;
mod mmap;
mod pipeline;
mod profile;
mod record;
mod summary;
mod tally;
mod threads;

pub use code::Code;
pub use columns::Columns;
pub use error::{Error, ErrorKind, RowError};
pub use framer::Framer;
pub use input::Input;
pub use jsonl::{Chunk, DEFAULT_MAX_RECORD, Frame, Line, LineEnd};
pub use mmap::{MappedFile, read_for_good};
pub use pipeline::{End, Observer, Options, Outcome, score_stream};
pub use profile::{Alert, Profile};
pub use record::Record;
pub use summary::Summary;
