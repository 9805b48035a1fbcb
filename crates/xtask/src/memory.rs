//! Campaign `memory`: the peak resident memory of `piepowder score` on a small and on a large input made of the project's own
//! listings. Invariant: the peak is the kernel's own high-water mark of the process, not a sample of its size.

use crate::arguments::Arguments;
use crate::record;
use crate::repository::{listings, release, scratch};
use anyhow::{Context, Result, bail};
use std::fmt::Write as _;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::Duration;

/// Most memory on the large input, in KiB.
const MOST: u64 = 64 * 1024;
/// Most growth from the small input to the large one, in KiB.
const MOST_GROWTH: u64 = 4 * 1024;
/// Size of the small input in megabytes.
const SMALL: usize = 14;

/// Runs the campaign.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    if !Path::new("/proc/self/status").exists() {
        println!("SKIPPED: no /proc to read high-water marks from");
        return Ok(ExitCode::SUCCESS);
    }
    let large = arguments.number("megabytes", 1_000)?;
    let cli = release("piepowder-cli", "piepowder")?;
    let folder = scratch()?;
    let block = own_listings()?;
    let mut body = String::from("| input | threads | rows | peak, KiB |\n|---|---:|---:|---:|\n");
    let mut worst_growth = 0;
    let mut worst = 0;
    for threads in [1, 2] {
        let mut peaks = Vec::new();
        for megabytes in [SMALL, large] {
            let input = folder.join("memory.jsonl");
            let rows = repeat(&block, &input, megabytes * 1_000_000)?;
            let peak = peak(Command::new(&cli).args(["score", "--threads", &threads.to_string()]).arg(&input))?;
            std::fs::remove_file(&input)?;
            writeln!(body, "| {megabytes} MB | {threads} | {rows} | {peak} |")?;
            peaks.push(peak);
        }
        worst = worst.max(peaks[0]).max(peaks[1]);
        worst_growth = worst_growth.max(peaks[1].saturating_sub(peaks[0]));
    }
    let fine = worst <= MOST && worst_growth <= MOST_GROWTH;
    writeln!(
        body,
        "\nPeak {worst} KiB (at most {MOST}), growth {worst_growth} KiB (at most {MOST_GROWTH}): {}.",
        if fine { "met" } else { "MISSED" }
    )?;
    record::append("memory", "Peak memory of `piepowder score`", arguments, &body)?;
    Ok(if fine { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The project's own listings, as lines.
fn own_listings() -> Result<Vec<u8>> {
    let mut block = Vec::new();
    for file in listings()? {
        block.extend(std::fs::read(&file)?);
        if block.last() != Some(&b'\n') {
            block.push(b'\n');
        }
    }
    Ok(block)
}

/// Writes lines again and again until there are that many bytes; says how many rows.
pub(crate) fn repeat(block: &[u8], path: &Path, bytes: usize) -> Result<usize> {
    let rows = block.split(|b| *b == b'\n').filter(|l| !l.is_empty()).count();
    let times = bytes.div_ceil(block.len());
    let mut out = BufWriter::new(std::fs::File::create(path).with_context(|| format!("{}", path.display()))?);
    for _ in 0..times {
        out.write_all(block)?;
    }
    out.flush()?;
    Ok(rows * times)
}

/// Runs a program with its output thrown away and reads its high-water mark until it ends.
pub(crate) fn peak(command: &mut Command) -> Result<u64> {
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    let status_file = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    loop {
        // The mark only grows while the process lives; the last one read is the highest, up to the moment between two reads.
        if let Ok(status) = std::fs::read_to_string(&status_file) {
            peak = high_water(&status).unwrap_or(peak);
        }
        if let Some(status) = child.try_wait()? {
            if status.code().is_none_or(|code| code > 1) {
                bail!("{command:?}: {status}");
            }
            return Ok(peak);
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

fn high_water(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches("kB").trim().parse().ok()
}
