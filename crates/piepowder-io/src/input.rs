//! Inputs by name, and the reader that goes through them one after another. Nothing is opened before it is read.
//! Invariant: lines are numbered from 1 in each input.

use crate::error::{Error, ErrorKind};
use crate::framer::Framer;
use crate::jsonl::Chunk;
use crate::mmap::MappedFile;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

/// Something to read records from, with the name that messages give it.
pub struct Input<'a> {
    name: Arc<str>,
    reader: Box<dyn Read + Send + 'a>,
}

impl<'a> Input<'a> {
    /// Any reader. It is read in large pieces, so it needs no buffer of its own.
    pub fn new(name: impl Into<Arc<str>>, reader: impl Read + Send + 'a) -> Self {
        Input { name: name.into(), reader: Box::new(reader) }
    }

    /// A regular file, by reading.
    ///
    /// # Errors
    /// It cannot be opened, or is a directory, a pipe or a device.
    pub fn open(path: &Path) -> Result<Input<'static>, Error> {
        Ok(Input::new(path.to_string_lossy(), open_regular(path)?))
    }

    /// A mapped file; see [`MappedFile`] for what can go wrong.
    pub fn mapped(name: impl Into<Arc<str>>, file: &'a MappedFile) -> Self {
        Input::new(name, file.bytes())
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl std::fmt::Debug for Input<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Input").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Opens a regular file and nothing else. A pipe would block in `open`, so its type is asked first, and again of what was opened.
pub(crate) fn open_regular(path: &Path) -> Result<File, Error> {
    let failed = |error| Error::io(ErrorKind::Read, format!("{} could not be opened", path.display()), error);
    let refused = || Error::new(ErrorKind::Read, format!("{} is not a regular file", path.display()));
    if !std::fs::metadata(path).map_err(failed)?.is_file() {
        return Err(refused());
    }
    let file = File::open(path).map_err(failed)?;
    if file.metadata().map_err(failed)?.is_file() { Ok(file) } else { Err(refused()) }
}

/// Chunks of all inputs, in order.
pub(crate) struct Feed<'a, I> {
    inputs: I,
    current: Option<Framer<Box<dyn Read + Send + 'a>>>,
    max_record: u32,
}

impl<'a, I: Iterator<Item = Result<Input<'a>, Error>>> Feed<'a, I> {
    pub(crate) fn new(inputs: I, max_record: u32) -> Self {
        Feed { inputs, current: None, max_record }
    }

    /// Fills the chunk; false when all inputs are read.
    pub(crate) fn next(&mut self, chunk: &mut Chunk) -> Result<bool, Error> {
        loop {
            if let Some(framer) = &mut self.current {
                if framer.next_chunk(chunk)? {
                    return Ok(true);
                }
                self.current = None;
            }
            match self.inputs.next() {
                Some(input) => {
                    let Input { name, reader } = input?;
                    self.current = Some(Framer::new(name, reader, self.max_record));
                }
                None => return Ok(false),
            }
        }
    }
}
