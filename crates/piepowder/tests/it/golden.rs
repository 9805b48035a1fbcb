//! Golden files: what a test says must equal the file; `UPDATE_GOLDEN=1` writes the files instead.

use std::fs;
use std::path::{Path, PathBuf};

/// A path below the repository.
pub(crate) fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

/// Whether files are written rather than compared.
fn updates() -> bool {
    std::env::var_os("UPDATE_GOLDEN").is_some_and(|v| v == "1")
}

/// Compares a text with a file of the repository. A message when they differ.
pub(crate) fn compare(path: &str, text: &str) -> Option<String> {
    let file = root(path);
    if updates() {
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder).expect("a folder for golden files");
        }
        fs::write(&file, text).expect("a golden file is written");
        return None;
    }
    let expected = fs::read_to_string(&file).unwrap_or_default();
    (expected != text).then(|| format!("{path} differs; if the new text is right, run with UPDATE_GOLDEN=1\n--- file\n{expected}\n--- now\n{text}"))
}
