//! A file as bytes, mapped into memory. Nothing here maps unless it is asked to by name: reading is the default everywhere.
//! Invariant: only regular files are mapped, and only for reading.

use crate::error::{Error, ErrorKind};
use crate::input::open_regular;
use std::fs::File;
use std::path::Path;

/// A mapped file.
///
/// **When another process truncates the file while it is mapped, the operating system kills this one** (SIGBUS on Unix); when it rewrites
/// the file, rows may be torn. Nothing in this library can prevent either. Map only files that nobody changes meanwhile, and never those
/// of people you do not trust.
#[derive(Debug)]
pub struct MappedFile {
    /// None for an empty file, which cannot be mapped.
    map: Option<memmap2::Mmap>,
}

impl MappedFile {
    /// Maps a file.
    ///
    /// # Errors
    /// The file cannot be opened or mapped, or is not a regular file.
    pub fn open(path: &Path) -> Result<MappedFile, Error> {
        let failed = |error| Error::io(ErrorKind::Read, format!("{} could not be mapped", path.display()), error);
        let file = open_regular(path)?;
        let empty = file.metadata().map_err(failed)?.len() == 0;
        let map = if empty { None } else { Some(map(&file).map_err(failed)?) };
        Ok(MappedFile { map })
    }

    /// The file's bytes.
    pub fn bytes(&self) -> &[u8] {
        self.map.as_deref().unwrap_or_default()
    }
}

#[allow(unsafe_code, reason = "mapping a file cannot be done without; this is the one place")]
fn map(file: &File) -> std::io::Result<memmap2::Mmap> {
    // SAFETY: the map is read-only and private to `MappedFile`, which hands out shared slices only. That nobody shrinks or writes the file
    // meanwhile cannot be checked; the type's documentation puts it on the caller, and only an explicit request comes here.
    unsafe { memmap2::Mmap::map(file) }
}
