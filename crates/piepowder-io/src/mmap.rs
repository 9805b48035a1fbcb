//! A file as bytes, mapped into memory. Nothing here maps unless it is asked to by name: reading is the default everywhere.
//! Invariant: only regular files are mapped, and only for reading.

use crate::error::{Error, ErrorKind};
use std::fs::File;
use std::path::Path;

/// A mapped file.
///
/// **When another process truncates the file while it is mapped, the operating system kills this one** (SIGBUS on Unix); when it rewrites
/// the file, rows may be torn. Nothing in this library can prevent either. Map only files that nobody changes meanwhile, and never those
/// of people you do not trust.
#[derive(Debug)]
pub struct MappedFile {
    map: Option<memmap2::Mmap>,
}

impl MappedFile {
    /// Maps a file.
    ///
    /// # Errors
    /// The file cannot be opened or mapped, or is not a regular file.
    pub fn open(path: &Path) -> Result<MappedFile, Error> {
        let failed = |error| Error::io(ErrorKind::Read, format!("{} could not be mapped", path.display()), error);
        // A FIFO would block in open; so its type is asked first, and again of what was opened.
        let regular = std::fs::metadata(path).map_err(failed)?.is_file();
        let file = if regular { Some(File::open(path).map_err(failed)?) } else { None };
        let metadata = file.as_ref().map(File::metadata).transpose().map_err(failed)?;
        let (Some(file), Some(metadata)) = (file, metadata.filter(|m| m.is_file())) else {
            return Err(Error::new(ErrorKind::Read, format!("{} is not a regular file; only those can be mapped", path.display())));
        };
        if metadata.len() == 0 {
            return Ok(MappedFile { map: None });
        }
        Ok(MappedFile { map: Some(map(&file).map_err(failed)?) })
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
