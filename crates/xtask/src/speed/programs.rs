//! The programs that are timed against each other: started in the same way, timed in the same way, in rounds that take turns.
//! Invariant: a program that fails stops the campaign.

use anyhow::{Context, Result, bail};
use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

/// Seconds that something took.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Time {
    pub(super) wall: f64,
    /// User and system time of all threads: what the machine gave, whoever else was on it.
    pub(super) cpu: f64,
}

/// Runs a program once, its output thrown away or in a file; the time from start to exit.
pub(super) fn time(program: &Path, arguments: &[OsString], output: Option<&Path>) -> Result<Time> {
    // A shell tells what its children used; the standard library does not. That of GNU counts milliseconds, others hundredths of a second.
    let shell = if Path::new("/bin/bash").exists() { "/bin/bash" } else { "sh" };
    let mut command = Command::new(shell);
    command.arg("-c").arg("\"$@\" > \"$0\"; status=$?; times; exit $status").arg(output.unwrap_or(Path::new("/dev/null")));
    command.arg(program).args(arguments).env("LC_ALL", "C").stdin(Stdio::null());
    let start = Instant::now();
    let answer = command.output().context("sh")?;
    let wall = start.elapsed().as_secs_f64();
    if !answer.status.success() {
        bail!("{} {arguments:?}: {}\n{}", program.display(), answer.status, String::from_utf8_lossy(&answer.stderr));
    }
    let cpu = cpu_seconds(&String::from_utf8_lossy(&answer.stdout)).context("`times` of the shell gave no times")?;
    Ok(Time { wall, cpu: cpu.max(0.001) })
}

/// User and system time of children, from the last line of `times`: `0m1.25s 0m0.50s`.
fn cpu_seconds(said: &str) -> Option<f64> {
    said.lines()
        .last()?
        .split(' ')
        .map(|time| {
            let (minutes, seconds) = time.strip_suffix('s')?.split_once('m')?;
            Some(minutes.parse::<f64>().ok()? * 60.0 + seconds.parse::<f64>().ok()?)
        })
        .sum()
}

/// Something that can be timed.
pub(super) struct Contestant<'a> {
    pub(super) name: &'static str,
    pub(super) run: Box<dyn FnMut() -> Result<Time> + 'a>,
}

/// What a contestant took, a value a round.
pub(super) struct Series {
    pub(super) name: &'static str,
    pub(super) times: Vec<Time>,
}

/// Runs all contestants once a round. Who goes first changes, so that a drift of the machine favors nobody.
pub(super) fn interleave(mut contestants: Vec<Contestant<'_>>, rounds: usize) -> Result<Vec<Series>> {
    let mut series: Vec<Series> = contestants.iter().map(|c| Series { name: c.name, times: Vec::new() }).collect();
    let count = contestants.len();
    for round in 0..rounds {
        for turn in 0..count {
            let i = (round + turn) % count;
            series[i].times.push((contestants[i].run)().context(contestants[i].name)?);
        }
    }
    Ok(series)
}

/// Which of the two times.
pub(super) type Which = fn(&Time) -> f64;

pub(super) const WALL: Which = |t| t.wall;
pub(super) const CPU: Which = |t| t.cpu;

impl Series {
    pub(super) fn median(&self, which: Which) -> f64 {
        median(self.times.iter().map(which).collect())
    }
}

/// How many times longer one contestant takes than another.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Ratio {
    /// Of the medians.
    pub(super) median: f64,
    /// Of the rounds.
    pub(super) lowest: f64,
    pub(super) highest: f64,
}

impl Ratio {
    pub(super) fn of(other: &Series, own: &Series, which: Which) -> Ratio {
        let rounds: Vec<f64> = other.times.iter().zip(&own.times).map(|(a, b)| which(a) / which(b)).collect();
        Ratio {
            median: other.median(which) / own.median(which),
            lowest: rounds.iter().copied().fold(f64::INFINITY, f64::min),
            highest: rounds.iter().copied().fold(0.0, f64::max),
        }
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    if values.len() % 2 == 1 { values[middle] } else { f64::midpoint(values[middle - 1], values[middle]) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_shells_are_read() {
        assert_eq!(cpu_seconds("0m0.001s 0m0.002s\n1m2.500s 0m0.250s\n"), Some(62.75));
        assert_eq!(cpu_seconds("0m0.00s 0m0.00s"), Some(0.0));
        assert_eq!(cpu_seconds(""), None);
    }

    #[test]
    fn ratios_are_of_medians() {
        let series = |walls: [f64; 3]| Series { name: "x", times: walls.map(|wall| Time { wall, cpu: 1.0 }).to_vec() };
        let ratio = Ratio::of(&series([2.0, 9.0, 4.0]), &series([1.0, 3.0, 2.0]), WALL);
        assert_eq!((ratio.median, ratio.lowest, ratio.highest), (2.0, 2.0, 3.0));
        assert_eq!(median(vec![1.0, 4.0, 2.0, 3.0]), 2.5);
    }

    #[test]
    fn a_program_that_fails_is_an_error() {
        assert!(time(Path::new("false"), &[], None).is_err());
        let time = time(Path::new("true"), &[], None).unwrap();
        assert!(time.wall > 0.0 && time.cpu >= 0.001);
    }

    #[test]
    fn turns_change() {
        let order = std::cell::RefCell::new(String::new());
        let one = |name: &'static str| Contestant {
            name,
            run: Box::new(|| {
                order.borrow_mut().push_str(name);
                Ok(Time::default())
            }),
        };
        let series = interleave(vec![one("a"), one("b"), one("c")], 2).unwrap();
        assert_eq!(series.len(), 3);
        assert_eq!(*order.borrow(), "abcbca");
    }
}
