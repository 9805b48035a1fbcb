//! The timed parts of the campaign `speed`: against others on three kinds of listings, with lexicons of two sizes and the shipped packs, on
//! hostile inputs. Invariant: before a program is timed, it has answered every row of what it is timed on.

use super::Ground;
use super::hyperscan::ARRANGEMENTS;
use super::mix::{Corpus, Kind};
use super::programs::{self, CPU, Contestant, Ratio, Series, Time, WALL, interleave};
use super::report::{Report, series_table};
use super::{LINE, hostile};
use crate::rows::count_lines;
use anyhow::{Context, Result, bail};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::Path;

/// The series of a name.
fn find<'a>(series: &'a [Series], name: &str) -> Option<&'a Series> {
    series.iter().find(|s| s.name == name)
}

fn of<'a>(series: &'a [Series], name: &str) -> Result<&'a Series> {
    find(series, name).with_context(|| format!("no series `{name}`"))
}

/// Fails unless a program gives a line for each row.
fn answers_all(ground: &Ground, program: &Path, arguments: &[OsString], rows: usize) -> Result<()> {
    let output = ground.folder.join("answers.jsonl");
    programs::time(program, arguments, Some(&output))?;
    let lines = count_lines(&output)?;
    std::fs::remove_file(&output)?;
    if lines != rows {
        bail!("{} answered {lines} of {rows} rows", program.display());
    }
    Ok(())
}

/// All contestants on one kind of listings.
pub(super) fn against_others(ground: &Ground, corpus: &Corpus, report: &mut Report) -> Result<()> {
    let own = |threads| ground.score(&["--evidence", "none"], Some(&ground.compiled[0]), threads, &corpus.path);
    let other = |threads: usize| -> Vec<OsString> {
        vec![corpus.path.clone().into(), threads.to_string().into(), "--pack".into(), ground.pack.clone().into()]
    };
    answers_all(ground, &ground.piepowder, &own(2), corpus.rows)?;
    answers_all(ground, &ground.baseline, &other(2), corpus.rows)?;
    let scanner = ground.scanner(corpus)?.map(RefCell::new);
    let callbacks = RefCell::new(BTreeMap::new());
    let program = |name, program, arguments: Vec<OsString>| Contestant { name, run: Box::new(move || programs::time(program, &arguments, None)) };
    let mut contestants = vec![
        program("piepowder, 1 thread", &ground.piepowder, own(1)),
        program("piepowder, 2 threads", &ground.piepowder, own(2)),
        program("baseline, 1 thread", &ground.baseline, other(1)),
        program("baseline, 2 threads", &ground.baseline, other(2)),
        program("`wc -l`", Path::new("wc"), vec!["-l".into(), corpus.path.clone().into()]),
    ];
    if let Some(scanner) = &scanner {
        report.library(&scanner.borrow().version);
        for (order, name) in ARRANGEMENTS {
            let callbacks = &callbacks;
            let run = move || -> Result<Time> {
                let (time, count) = scanner.borrow_mut().scan(order)?;
                callbacks.borrow_mut().insert(name, count);
                Ok(time)
            };
            contestants.push(Contestant { name, run: Box::new(run) });
        }
    }
    let series = interleave(contestants, ground.rounds)?;
    report.corpus(corpus, &series, &callbacks.borrow());
    floors(corpus.kind, &series, report)
}

/// What is asked for of the ratios on one kind of listings.
fn floors(kind: Kind, series: &[Series], report: &mut Report) -> Result<()> {
    let titles = kind == Kind::Titles;
    let [one, two, literals] = ARRANGEMENTS.map(|(_, name)| find(series, name));
    let (own, twice) = (of(series, "piepowder, 1 thread")?, of(series, "piepowder, 2 threads")?);
    let best = [one, two].into_iter().flatten().min_by(|a, b| a.median(CPU).total_cmp(&b.median(CPU)));
    let on = |what: &str| format!("{what}, {}", kind.name());
    if !titles {
        report.at_least(&on("end to end : Hyperscan, one database"), one.map(|s| Ratio::of(s, own, CPU)), 2.5);
    }
    report.at_least(&on("end to end : Hyperscan, best arrangement"), best.map(|s| Ratio::of(s, own, CPU)), if titles { 1.5 } else { 2.0 });
    report.at_least(&on("end to end : Hyperscan, literals alone"), literals.map(|s| Ratio::of(s, own, CPU)), if titles { 0.6 } else { 0.9 });
    report.at_least(&on("end to end : baseline, 1 thread"), Some(Ratio::of(of(series, "baseline, 1 thread")?, own, CPU)), 4.0);
    report.at_least(&on("end to end : baseline, 2 threads"), Some(Ratio::of(of(series, "baseline, 2 threads")?, twice, WALL)), 4.0);
    report.at_most(&on("`wc -l` so many times faster"), Some(Ratio::of(own, of(series, "`wc -l`")?, CPU)), 15.0);
    report.at_most(&on("CPU time a listing, 2 threads : 1"), Some(Ratio::of(twice, own, CPU)), 1.08);
    Ok(())
}

/// 50,000 terms and the shipped packs beside 5,000 terms, one thread; each start taken away, which one row alone shows.
pub(super) fn lexicons(ground: &Ground, mix: &Corpus, report: &mut Report) -> Result<()> {
    let one = ground.folder.join("one.jsonl");
    std::fs::write(&one, "{\"id\":\"1\",\"title\":\"a lamp\"}\n")?;
    let [small, large] = &ground.compiled;
    let kinds: [(&str, &str, &[&str], Option<&Path>); 3] = [
        ("5,000 terms", "5,000 terms, start", &["--evidence", "none"], Some(small)),
        ("50,000 terms", "50,000 terms, start", &["--evidence", "none"], Some(large)),
        ("shipped packs, brief", "shipped packs, start", &["--evidence", "brief"], None),
    ];
    let mut contestants = Vec::new();
    for (name, start, options, pack) in kinds {
        answers_all(ground, &ground.piepowder, &ground.score(options, pack, 2, &mix.path), mix.rows)?;
        for (name, input) in [(name, &mix.path), (start, &one)] {
            let arguments = ground.score(options, pack, 1, input);
            contestants.push(Contestant { name, run: Box::new(move || programs::time(&ground.piepowder, &arguments, None)) });
        }
    }
    let series = interleave(contestants, ground.rounds)?;
    report.section("More terms, and the shipped packs", &series_table(&series, mix.bytes));
    let scoring = series.chunks(2).map(|pair| without(&pair[0], &pair[1])).collect::<Vec<_>>();
    report.at_least("speed kept with 50,000 terms, start taken away", Some(Ratio::of(&scoring[0], &scoring[1], CPU)), 0.75);
    report.at_least("shipped packs, brief : 5,000 terms, starts taken away", Some(Ratio::of(&scoring[0], &scoring[2], CPU)), 0.6);
    Ok(())
}

/// What is left of each round's time when the start is taken away.
fn without(whole: &Series, start: &Series) -> Series {
    let times = whole.times.iter().map(|t| Time { wall: t.wall - start.median(WALL), cpu: t.cpu - start.median(CPU) }).collect();
    Series { name: whole.name, times }
}

/// Hostile inputs, seconds a byte against those of the mix; starts taken away.
pub(super) fn hostile(ground: &Ground, mix: &Corpus, report: &mut Report) -> Result<()> {
    let files = hostile::write(&ground.folder, &ground.pools, ground.lexicon.small(), (ground.bytes / 4).max(4_000_000), LINE)?;
    let pack = Some(ground.compiled[0].as_path());
    let one = ground.folder.join("one.jsonl");
    let program = |name, options: &[&str], input: &Path| {
        let arguments = ground.score(&[&["--evidence", "none"], options].concat(), pack, 1, input);
        Contestant { name, run: Box::new(move || programs::time(&ground.piepowder, &arguments, None)) }
    };
    let mut contestants = vec![program("mix", &[], &mix.path), program("start", &[], &one)];
    contestants.extend(files.iter().map(|file| program(file.name, file.options, &file.path)));
    let series = interleave(contestants, ground.rounds.min(3))?;
    let scoring: Vec<Series> = series.iter().map(|s| without(s, &series[1])).collect();
    let mut table = String::from("| input | MB | CPU, s | MB/s | times slower than the mix, a byte |\n|---|---:|---:|---:|---:|\n");
    let mut worst: Option<Ratio> = None;
    for (file, own) in files.iter().zip(&scoring[2..]) {
        let scale = mix.bytes as f64 / file.bytes as f64;
        let ratio = Ratio::of(own, &scoring[0], CPU).times(scale);
        let megabytes = file.bytes as f64 / 1e6;
        let seconds = own.median(CPU);
        table.push_str(&format!("| {} | {megabytes:.0} | {seconds:.2} | {:.0} | {ratio} |\n", file.name, megabytes / seconds));
        worst = worst.into_iter().chain([ratio]).max_by(|a, b| a.median.total_cmp(&b.median));
    }
    report.section("Hostile inputs", &table);
    report.at_most("slowest hostile input, times slower than the mix", worst, 4.0);
    files.iter().try_for_each(|file| Ok(std::fs::remove_file(&file.path)?))
}
