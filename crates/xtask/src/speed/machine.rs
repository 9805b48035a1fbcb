//! What the figures of the campaign `speed` were measured on. Invariant: it names what decides speed, and nothing that names a place.

use crate::repository::answer;
use std::process::Command;

/// Processor, vector instructions, threads, compiler.
pub(super) fn describe() -> String {
    let cpu = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let field = |name: &str| cpu.lines().find_map(|l| l.strip_prefix(name)?.split_once(':')).map_or("unknown", |(_, value)| value.trim());
    let flags: Vec<&str> = field("flags").split(' ').collect();
    let vectors: Vec<&str> = ["avx2", "avx512bw", "avx512vbmi2"].into_iter().filter(|f| flags.contains(f)).collect();
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let compiler = answer(Command::new("rustc").arg("--version")).unwrap_or_default();
    let vectors = if vectors.is_empty() { "no AVX2".to_string() } else { vectors.join(", ") };
    format!("{}, {} threads, {vectors}; {}", field("model name"), threads, compiler.trim())
}
