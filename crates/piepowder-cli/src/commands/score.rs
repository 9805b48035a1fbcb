//! `piepowder score`: sets up inputs, output, progress and signals around the pipeline of `piepowder-io`, and turns how it ended into an
//! exit status. Invariant: what is written to the output does not depend on terminal, threads or clock.

use crate::args::Score;
use crate::described::decimal;
use crate::listings::{self, Counted, Place, Places, StandardInput};
use crate::options::Settings;
use crate::terminal::{self, grouped};
use anyhow::{Context, Result};
use indicatif::{ProgressBar, ProgressStyle};
use piepowder::{Engine, JsonOptions, Reveal, Status};
use piepowder_io::{End, Input, MappedFile, Observer, Options, Outcome, Profile, RowError, Summary, score_stream};
use signal_hook::consts::{SIGINT, SIGTERM};
use std::fs::File;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// Bad rows that are told one by one.
const TOLD: u64 = 20;

pub(crate) fn run(args: Score) -> Result<ExitCode> {
    let (flags, config) = Settings::from_flags(args.engine, args.records)?;
    let flags = flags.with_evidence(args.evidence).with_min_tier(args.min_tier).with_threads(args.threads);
    let settings = Settings::resolve((flags, config))?;

    let places = Places::look(&args.input)?;
    match &args.output {
        Some(path) => places.refuse_output(path)?,
        None => places.refuse_standard_output()?,
    }
    let file = |path: &Option<PathBuf>| path.clone().filter(|p| p.as_os_str() != "-");
    let (summary_file, profile_file) = (file(&args.summary), file(&args.profile));
    let outputs = [("--output", &args.output), ("--summary", &summary_file), ("--profile", &profile_file)];
    for (i, (flag, path)) in outputs.iter().enumerate() {
        let Some(path) = path else { continue };
        places.refuse_output(path)?;
        if let Some((other, _)) = outputs[..i].iter().find(|(_, earlier)| earlier.as_ref() == Some(path)) {
            anyhow::bail!("{flag} and {other} name one file");
        }
    }
    let threads = settings.threads()?;
    let (taxonomy, engine) = settings.engine()?;
    let reveal = if args.reveal { Reveal::Shown } else { Reveal::Masked };
    let mut options = Options::new()
        .with_json(JsonOptions::new().with_detail(settings.detail()).with_reveal(reveal))
        .with_columns(settings.columns(&engine, &taxonomy)?)
        .with_max_record(settings.max_record())
        .with_threads(threads);
    if let Some(tier) = settings.min_tier() {
        if !engine.policy().tiers().iter().any(|t| t.name() == tier) {
            let names: Vec<&str> = engine.policy().tiers().iter().map(|t| t.name()).collect();
            anyhow::bail!("--min-tier: the policy `{}` has no tier of that name; it has {}", engine.policy().name(), names.join(", "));
        }
        options = options.with_min_tier(tier);
    }
    if args.profile.is_some() {
        options = options.with_profile();
    }
    if args.verbose {
        tell_setup(&engine, &taxonomy, threads.get());
    }

    let signals = Signals::listen()?;
    let maps = if args.mmap { map_all(&places.places)? } else { Vec::new() };
    // Opened last: nothing that can be refused is left to truncate a file for.
    let mut output: Box<dyn Write> = match &args.output {
        Some(path) => Box::new(File::create(path).with_context(|| format!("{} cannot be written", terminal::name(path)))?),
        None => Box::new(io::stdout().lock()),
    };
    let create = |path: &PathBuf| File::create(path).with_context(|| format!("{} cannot be written", terminal::name(path)));
    let summary_output = summary_file.as_ref().map(create).transpose()?;
    let profile_output = profile_file.as_ref().map(create).transpose()?;

    if places.places.iter().any(|p| matches!(p, Place::Standard)) {
        listings::hint_if_terminal("score");
    }
    let read = Arc::new(AtomicU64::new(0));
    let mut watch = Watch::new(places.bytes, Arc::clone(&read), args.output.is_none());
    let started = Instant::now();
    let mut maps = maps.iter();
    let inputs: Vec<_> = places
        .places
        .iter()
        .map(|place| match place {
            Place::Standard => Source::Standard,
            Place::File(path) if args.mmap => Source::Mapped(path, maps.next()),
            Place::File(path) => Source::File(path),
        })
        .collect();
    let inputs = inputs.into_iter().map(|source| match source {
        Source::Standard => Ok(Input::new("<stdin>", StandardInput::new(Arc::clone(&signals.stop)))),
        Source::Mapped(path, Some(map)) => Ok(Input::mapped(path.to_string_lossy(), map)),
        // Looked at before, and again by the open that follows when it changed since.
        Source::Mapped(path, None) | Source::File(path) => match Counted::open(path, Arc::clone(&read)) {
            Ok(reader) => Ok(Input::new(path.to_string_lossy(), reader)),
            Err(_) => Input::open(path),
        },
    });
    let result = score_stream(&engine, inputs, &mut output, &options, &mut watch, &signals.stop);
    watch.finish();
    // The message holds its cause already; a chain would say it twice.
    let Outcome { end, summary, profile } =
        result.map_err(|error| anyhow::anyhow!("{}: {error}", args.output.as_deref().map_or("standard output".into(), terminal::name)))?;
    drop(output);

    if let Some(mut file) = summary_output {
        let mut text = Vec::new();
        summary.write_json(&mut text);
        file.write_all(&text).with_context(|| args.summary.as_deref().map_or(String::new(), terminal::name))?;
    } else if args.summary.is_some() {
        terminal::tell(&summary_text(&summary, &engine));
    }
    if let Some(profile) = profile {
        match profile_output {
            Some(mut file) => {
                let mut text = Vec::new();
                profile.write_json(&mut text);
                file.write_all(&text).with_context(|| args.profile.as_deref().map_or(String::new(), terminal::name))?;
            }
            None => terminal::tell(&profile_text(&profile, &engine)),
        }
        tell_alerts(&profile, &engine);
    }
    if args.verbose {
        tell_speed(&summary, started.elapsed());
    }
    Ok(status(&end, &summary, &signals))
}

/// A place with what is needed to open it.
enum Source<'p> {
    Standard,
    File(&'p Path),
    Mapped(&'p Path, Option<&'p MappedFile>),
}

fn map_all(places: &[Place]) -> Result<Vec<MappedFile>> {
    let files = places.iter().filter_map(|p| match p {
        Place::Standard => None,
        Place::File(path) => Some(path),
    });
    files.map(|path| Ok(MappedFile::open(path)?)).collect()
}

fn status(end: &End, summary: &Summary, signals: &Signals) -> ExitCode {
    if let Some(code) = signals.status() {
        terminal::tell(&format!("interrupted after {} rows; all of them were written whole", grouped(summary.rows())));
        return code;
    }
    match end {
        End::OutputClosed => ExitCode::SUCCESS,
        End::Incomplete(error) => {
            terminal::tell(&format!("error: an input was not read to its end: {error}; {} rows before were scored", grouped(summary.scored())));
            ExitCode::from(1)
        }
        _ if summary.rejected() > 0 => ExitCode::from(1),
        _ => ExitCode::SUCCESS,
    }
}

/// The first SIGINT or SIGTERM asks to stop after the chunks at hand, the second ends the process at once.
struct Signals {
    stop: Arc<AtomicBool>,
    which: Arc<AtomicUsize>,
}

impl Signals {
    fn listen() -> Result<Signals> {
        let signals = Signals { stop: Arc::new(AtomicBool::new(false)), which: Arc::new(AtomicUsize::new(0)) };
        for signal in [SIGINT, SIGTERM] {
            // In this order: the shutdown sees the flag that an earlier signal set.
            signal_hook::flag::register_conditional_shutdown(signal, 128 + signal, Arc::clone(&signals.stop))?;
            signal_hook::flag::register(signal, Arc::clone(&signals.stop))?;
            signal_hook::flag::register_usize(signal, Arc::clone(&signals.which), signal as usize)?;
        }
        Ok(signals)
    }

    /// 130 for SIGINT, 143 for SIGTERM.
    fn status(&self) -> Option<ExitCode> {
        let signal = self.which.load(Ordering::Relaxed);
        (signal != 0).then(|| ExitCode::from(128 + signal as u8))
    }
}

/// Progress and bad rows, on standard error.
struct Watch {
    bar: Option<ProgressBar>,
    read: Arc<AtomicU64>,
    told: u64,
    untold: u64,
}

impl Watch {
    /// No bar unless standard error is a terminal and the lines go elsewhere.
    fn new(bytes: Option<u64>, read: Arc<AtomicU64>, to_standard: bool) -> Watch {
        let wanted = io::stderr().is_terminal() && !(to_standard && io::stdout().is_terminal());
        let bar = wanted.then(|| {
            let (bar, template) = match bytes {
                Some(total) => (ProgressBar::new(total), "{wide_bar} {bytes}/{total_bytes} {bytes_per_sec} {msg} {eta}"),
                None => (ProgressBar::new_spinner(), "{spinner} {msg} {elapsed}"),
            };
            bar.set_style(ProgressStyle::with_template(template).expect("the template is a constant"));
            bar.enable_steady_tick(Duration::from_millis(200));
            bar
        });
        Watch { bar, read, told: 0, untold: 0 }
    }

    fn tell(&self, text: &str) {
        match &self.bar {
            Some(bar) => bar.suspend(|| terminal::tell(text)),
            None => terminal::tell(text),
        }
    }

    fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        if self.untold > 0 {
            terminal::tell(&format!("and {} more rows rejected; the output holds an error line for each", grouped(self.untold)));
        }
    }
}

impl Observer for Watch {
    fn rejected(&mut self, error: &RowError) {
        if self.told == TOLD {
            self.untold += 1;
            return;
        }
        self.told += 1;
        self.tell(&error.to_string());
    }

    fn rejected_more(&mut self, count: u64) {
        self.untold += count;
    }

    fn progress(&mut self, so_far: &Summary) {
        if let Some(bar) = &self.bar {
            bar.set_position(self.read.load(Ordering::Relaxed));
            bar.set_message(format!("{} rows", grouped(so_far.rows())));
        }
    }
}

fn tell_setup(engine: &Engine, taxonomy: &piepowder::Taxonomy, threads: usize) {
    let packs: Vec<String> = taxonomy.packs().map(|p| format!("{} {}", p.name(), p.version())).collect();
    terminal::tell(&format!("engine  {}", engine.digest()));
    terminal::tell(&format!("packs   {}", terminal::escape(&packs.join(", "))));
    terminal::tell(&format!("rules   {} in force on {}", engine.rules().count(), engine.as_of()));
    terminal::tell(&format!("policy  {} {}", terminal::escape(engine.policy().name()), engine.policy().version()));
    terminal::tell(&format!("threads {threads}"));
    if !engine.warnings().is_empty() {
        terminal::tell(&format!("{} warnings in the packs; `piepowder check` shows them", engine.warnings().len()));
    }
}

fn tell_speed(summary: &Summary, took: Duration) {
    let millis = took.as_millis().max(1);
    let rate = u64::try_from(u128::from(summary.rows()) * 1_000 / millis).unwrap_or(u64::MAX);
    terminal::tell(&format!("scored  {} rows in {}.{:03} s, {} a second", grouped(summary.rows()), millis / 1_000, millis % 1_000, grouped(rate)));
}

/// The profile for people: rules that matched, those that matched most rows first.
fn profile_text(profile: &Profile, engine: &Engine) -> String {
    let mut matched: Vec<_> = engine.rules().filter(|(id, _)| profile.matched(*id) > 0).collect();
    matched.sort_by_key(|(id, _)| std::cmp::Reverse(profile.matched(*id)));
    let mut rows = vec![["matched", "counted", "alone", "sums", "rule"].map(str::to_owned).to_vec()];
    for (id, rule) in &matched {
        let sums: Vec<String> = profile.sums(*id).filter(|(_, sum)| *sum != 0).map(|(offense, sum)| format!("{offense} {sum:+}")).collect();
        let shadow = if rule.status() == Status::Shadow { " (shadow)" } else { "" };
        rows.push(vec![
            grouped(profile.matched(*id)),
            grouped(profile.contributed(*id)),
            grouped(profile.alone(*id)),
            sums.join(", "),
            format!("{}{shadow}", rule.key()),
        ]);
    }
    let (all, silent) = (engine.rules().count(), engine.rules().count() - matched.len());
    format!(
        "{}\n{} rows; {} of {} rules matched none. counted: rows to whose score the rule contributed; alone: rows whose tier rests on its group, \
         of which no other rule matched; sums in centibans",
        terminal::table(&rows, "  "),
        grouped(profile.scored()),
        grouped(silent as u64),
        grouped(all as u64)
    )
}

fn tell_alerts(profile: &Profile, engine: &Engine) {
    for alert in profile.alerts() {
        terminal::tell(&format!(
            "warning: `{}` matched {} of {} rows, more than ten times the rate that it declares ({})",
            engine.rule(alert.rule).key(),
            grouped(alert.matched),
            grouped(profile.scored()),
            decimal(alert.declared.into())
        ));
    }
}

/// The summary for people. Its JSON is read back, so that the two cannot differ.
fn summary_text(summary: &Summary, engine: &Engine) -> String {
    let mut json = Vec::new();
    summary.write_json(&mut json);
    let all: serde_json::Value = serde_json::from_slice(&json).expect("the summary writes JSON");
    let count = |value: &serde_json::Value| grouped(value.as_u64().unwrap_or(0));
    let mut out = format!(
        "{} rows: {} scored, {} written, {} rejected",
        count(&all["rows"]),
        count(&all["scored"]),
        count(&all["written"]),
        count(&all["rejected"])
    );
    if summary.blank_lines() > 0 {
        out.push_str(&format!(" ({} blank lines)", grouped(summary.blank_lines())));
    }
    out.push_str("\n\n");
    let tiers: Vec<&str> = summary.tiers().map(|(name, _)| name).collect();
    let mut rows = vec![std::iter::once(String::new()).chain(tiers.iter().map(|t| (*t).to_owned())).collect::<Vec<_>>()];
    let row =
        |name: &str, counts: &serde_json::Value| std::iter::once(name.to_owned()).chain(tiers.iter().map(|t| count(&counts[*t]))).collect::<Vec<_>>();
    rows.extend(engine.offenses().map(|(_, o)| row(o.key(), &all["offenses"][o.key()]["tiers"])));
    rows.push(row("listings", &all["tiers"]));
    out.push_str(&terminal::table(&rows, "  "));
    let mut most: Vec<(&String, u64)> = all["rules"].as_object().into_iter().flatten().map(|(k, v)| (k, v.as_u64().unwrap_or(0))).collect();
    most.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    if !most.is_empty() {
        out.push_str("\n  rules that counted most often\n");
        let rows: Vec<_> = most.iter().take(10).map(|(rule, n)| vec![grouped(*n), (*rule).clone()]).collect();
        out.push_str(&terminal::table(&rows, "  "));
    }
    for (title, key) in [("coverage", "coverage"), ("flags", "flags"), ("rejected as", "rejected_by_code")] {
        let counts: Vec<String> = all[key].as_object().into_iter().flatten().map(|(k, v)| format!("{k} {}", count(v))).collect();
        if !counts.is_empty() {
            out.push_str(&format!("\n  {title}: {}", counts.join(", ")));
        }
    }
    out
}
