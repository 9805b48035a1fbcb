//! Where listings come from and where lines go: regular files or standard input, never one file for both. Nothing is opened for writing
//! before every input was looked at. Invariant: an output is not an input, by device and inode.

use crate::terminal;
use anyhow::{Context, Result, bail};
use std::fs::{self, File, Metadata};
use std::io::{self, IsTerminal, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender};
use std::time::Duration;

/// An input, looked at and not yet opened.
#[derive(Clone, Debug)]
pub(crate) enum Place {
    Standard,
    File(PathBuf),
}

impl Place {
    pub(crate) fn of(path: &Path) -> Place {
        if path.as_os_str() == "-" { Place::Standard } else { Place::File(path.to_owned()) }
    }

    /// Opens it for a command that reads its inputs one after another; the name is what errors call it.
    pub(crate) fn open(self, command: &str) -> Result<(String, Box<dyn Read>)> {
        Ok(match self {
            Place::File(path) => (path.to_string_lossy().into_owned(), Box::new(File::open(&path).with_context(|| terminal::name(&path))?)),
            Place::Standard => {
                hint_if_terminal(command);
                ("<stdin>".to_owned(), Box::new(io::stdin().lock()))
            }
        })
    }
}

/// The inputs of a command, checked: each is there, and a regular file.
pub(crate) struct Places {
    pub(crate) places: Vec<Place>,
    identities: Vec<(Identity, String)>,
    /// Bytes of all inputs, when each is a file.
    pub(crate) bytes: Option<u64>,
}

impl Places {
    pub(crate) fn look(paths: &[PathBuf]) -> Result<Places> {
        let mut all = Places { places: Vec::new(), identities: Vec::new(), bytes: Some(0) };
        if paths.is_empty() {
            all.places.push(Place::Standard);
        }
        all.places.extend(paths.iter().map(|p| Place::of(p)));
        if all.places.iter().filter(|p| matches!(p, Place::Standard)).count() > 1 {
            bail!("standard input can be read once");
        }
        for place in &all.places {
            match place {
                Place::Standard => {
                    all.bytes = None;
                    if let Some(found) = standard_input() {
                        all.identities.push((Identity::of(&found), "standard input".into()));
                    }
                }
                Place::File(path) => {
                    let found = regular(path)?;
                    all.bytes = all.bytes.map(|b| b + found.len());
                    all.identities.push((Identity::of(&found), terminal::name(path)));
                }
            }
        }
        Ok(all)
    }

    /// Refuses a file that is there and is an input, or no regular file.
    pub(crate) fn refuse_output(&self, path: &Path) -> Result<()> {
        let Ok(found) = fs::metadata(path) else { return Ok(()) };
        if !found.is_file() {
            bail!("{} is not a regular file; leave out the option to write to standard output", terminal::name(path));
        }
        self.refuse_identity(&found, &terminal::name(path))
    }

    /// Refuses standard output when it is redirected into an input.
    pub(crate) fn refuse_standard_output(&self) -> Result<()> {
        match standard_output() {
            Some(found) if found.is_file() => self.refuse_identity(&found, "standard output"),
            _ => Ok(()),
        }
    }

    fn refuse_identity(&self, found: &Metadata, name: &str) -> Result<()> {
        let identity = Identity::of(found);
        match self.identities.iter().find(|(i, _)| *i == identity && identity.is_known()) {
            Some((_, input)) => bail!("{name} and the input {input} are one file; writing would destroy what is read"),
            None => Ok(()),
        }
    }
}

/// The metadata of a regular file.
fn regular(path: &Path) -> Result<Metadata> {
    let found = fs::metadata(path).with_context(|| format!("{} cannot be read", terminal::name(path)))?;
    if !found.is_file() {
        bail!("{} is not a regular file; use - and a pipe for anything else", terminal::name(path));
    }
    Ok(found)
}

/// What makes two names one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Identity(Option<(u64, u64)>);

impl Identity {
    #[cfg(unix)]
    fn of(found: &Metadata) -> Identity {
        use std::os::unix::fs::MetadataExt;
        Identity(found.is_file().then(|| (found.dev(), found.ino())))
    }

    #[cfg(not(unix))]
    fn of(_: &Metadata) -> Identity {
        Identity(None)
    }

    fn is_known(self) -> bool {
        self.0.is_some()
    }
}

#[cfg(unix)]
fn of_descriptor(descriptor: impl std::os::fd::AsFd) -> Option<Metadata> {
    // A duplicate, so that closing it leaves the stream open.
    File::from(descriptor.as_fd().try_clone_to_owned().ok()?).metadata().ok()
}

#[cfg(unix)]
fn standard_input() -> Option<Metadata> {
    of_descriptor(io::stdin())
}

#[cfg(unix)]
fn standard_output() -> Option<Metadata> {
    of_descriptor(io::stdout())
}

#[cfg(not(unix))]
fn standard_input() -> Option<Metadata> {
    None
}

#[cfg(not(unix))]
fn standard_output() -> Option<Metadata> {
    None
}

/// Says what is awaited when a person sits at the keyboard.
pub(crate) fn hint_if_terminal(command: &str) {
    if io::stdin().is_terminal() {
        terminal::tell(&format!(
            "reading listings from the keyboard, one JSON object a line, such as {{\"title\":\"...\"}}; Ctrl-D ends. `piepowder {command} --help` has examples"
        ));
    }
}

/// A reader of a file that counts what was read.
pub(crate) struct Counted<R> {
    reader: R,
    bytes: Arc<AtomicU64>,
}

impl Counted<File> {
    pub(crate) fn open(path: &Path, bytes: Arc<AtomicU64>) -> io::Result<Counted<File>> {
        Ok(Counted { reader: File::open(path)?, bytes })
    }
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.reader.read(buffer)?;
        self.bytes.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

/// How often a waiting reader looks whether it was interrupted.
const LOOK: Duration = Duration::from_millis(100);
/// Bytes that are read ahead at a time.
const PIECE: usize = 256 << 10;

/// Standard input, read by a thread of its own, so that an interrupt is heeded while nothing comes.
///
/// When interrupted, reading fails rather than ends: the last line is incomplete then, and must not be scored as if it were whole.
pub(crate) struct StandardInput {
    pieces: Receiver<io::Result<Vec<u8>>>,
    spent: SyncSender<Vec<u8>>,
    piece: Vec<u8>,
    at: usize,
    interrupted: Arc<AtomicBool>,
}

impl StandardInput {
    pub(crate) fn new(interrupted: Arc<AtomicBool>) -> StandardInput {
        let (send, pieces) = mpsc::sync_channel(2);
        let (spent, empty) = mpsc::sync_channel::<Vec<u8>>(4);
        // The thread may be blocked in a read when the process ends; nothing needs it then.
        std::thread::spawn(move || {
            let mut input = io::stdin().lock();
            loop {
                let mut piece = empty.try_recv().unwrap_or_default();
                piece.resize(PIECE, 0);
                let result = match input.read(&mut piece) {
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                    Ok(count) => {
                        piece.truncate(count);
                        Ok(piece)
                    }
                    Err(error) => Err(error),
                };
                let last = !matches!(&result, Ok(piece) if !piece.is_empty());
                if send.send(result).is_err() || last {
                    return;
                }
            }
        });
        StandardInput { pieces, spent, piece: Vec::new(), at: 0, interrupted }
    }
}

impl Read for StandardInput {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.at == self.piece.len() {
            if self.interrupted.load(Ordering::Relaxed) {
                return Err(io::Error::other("interrupted"));
            }
            match self.pieces.recv_timeout(LOOK) {
                Ok(piece) => {
                    let piece = piece?;
                    if piece.is_empty() {
                        return Ok(0);
                    }
                    // Full or gone, the old piece is of no more use.
                    let _ = self.spent.try_send(std::mem::replace(&mut self.piece, piece));
                    self.at = 0;
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Ok(0),
            }
        }
        let rest = &self.piece[self.at..];
        let count = rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        self.at += count;
        Ok(count)
    }
}
