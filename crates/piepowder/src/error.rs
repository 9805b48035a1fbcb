//! The one error type of the crate. Scoring has no errors; building an engine has.
//! Invariant: every error says which of its kinds it is, and keeps its cause.

use crate::diagnostic::Diagnostics;
use core::fmt;

/// What kind of thing went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The taxonomy or the policy has problems; [`Error::diagnostics`] lists them.
    Diagnostics,
    /// A setting of the builder is out of range or names what is not there.
    Setting,
    /// The taxonomy is larger than the engine's tables can be.
    TooLarge,
    /// A compiled pack is damaged, or of another version of piepowder.
    Compiled,
}

/// Why an engine could not be built.
#[derive(Clone, Debug)]
pub struct Error {
    kind: ErrorKind,
    message: String,
    diagnostics: Option<Diagnostics>,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Error { kind, message: message.into(), diagnostics: None }
    }

    /// The kind.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The problems of the packs or the policy, if it is those.
    pub fn diagnostics(&self) -> Option<&Diagnostics> {
        self.diagnostics.as_ref()
    }
}

impl From<Diagnostics> for Error {
    fn from(diagnostics: Diagnostics) -> Self {
        let errors = diagnostics.iter().filter(|d| d.is_error()).count();
        Error { kind: ErrorKind::Diagnostics, message: format!("{errors} problem(s) in the taxonomy or policy"), diagnostics: Some(diagnostics) }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        match &self.diagnostics {
            Some(d) => write!(f, "\n\n{d}"),
            None => Ok(()),
        }
    }
}

// The diagnostics are part of the message; a source would say them twice.
impl std::error::Error for Error {}
