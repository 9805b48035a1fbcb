//! A file as bytes, mapped into memory or read into large pages. Nothing here maps unless it is asked to by name: reading is the default
//! everywhere.
//! Invariant: only regular files are mapped, and only for reading.

use crate::error::{Error, ErrorKind};
use crate::input::open_regular;
use std::fs::File;
use std::io::Read;
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

/// Reads a file that is needed until the process ends, such as the packs of a command. Nothing is mapped: the bytes are a copy, in large pages
/// where the system has them, since several thousand small ones are most of what reading a compiled pack costs.
///
/// # Errors
/// The file cannot be opened or read, or is not a regular file.
pub fn read_for_good(path: &Path) -> Result<&'static [u8], Error> {
    let failed = |error| Error::io(ErrorKind::Read, format!("{} could not be read", path.display()), error);
    let mut file = open_regular(path)?;
    let length = usize::try_from(file.metadata().map_err(failed)?.len()).unwrap_or(usize::MAX);
    let mut rest = Vec::new();
    if length < LARGE {
        file.read_to_end(&mut rest).map_err(failed)?;
        return Ok(rest.leak());
    }
    let mut map = memmap2::MmapMut::map_anon(length).map_err(failed)?;
    // Advice only.
    #[cfg(target_os = "linux")]
    let _ = map.advise(memmap2::Advice::HugePage);
    let mut read = 0;
    while read < length {
        match file.read(&mut map[read..]) {
            Ok(0) => break,
            Ok(count) => read += count,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(failed(error)),
        }
    }
    Ok(&Box::leak(Box::new(map))[..read])
}

/// Smaller files are not worth a large page.
const LARGE: usize = 1 << 20;

#[allow(unsafe_code, reason = "mapping a file cannot be done without; this is the one place")]
fn map(file: &File) -> std::io::Result<memmap2::Mmap> {
    // SAFETY: the map is read-only and private to `MappedFile`, which hands out shared slices only. That nobody shrinks or writes the file
    // meanwhile cannot be checked; the type's documentation puts it on the caller, and only an explicit request comes here.
    unsafe { memmap2::Mmap::map(file) }
}
