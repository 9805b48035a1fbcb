//! `piepowder check`: loads packs, compiles them, runs their examples, and shows every problem. What is a problem is the core's to say;
//! what an example must do is in docs/TAXONOMY.md. Invariant: exit status 1 if and only if an error was shown.

use crate::args::{Check, Format};
use crate::packs::{self, Folder};
use crate::terminal::{self, Paint};
use anyhow::{Result, bail};
use piepowder::{Diagnostic, Engine, Examples, Source, Taxonomy};
use serde::Serialize;
use std::process::ExitCode;

pub(crate) fn run(args: Check) -> Result<ExitCode> {
    if let Some(code) = &args.explain {
        return explain(code);
    }
    let mut given = Vec::new();
    for path in &args.pack {
        given.extend(packs::read(path)?);
    }
    if given.is_empty() {
        if args.no_embedded {
            bail!("there is nothing to check: without the embedded packs, name at least one PACK");
        }
        given = packs::embedded();
    }
    let mut around: Vec<Source> = Vec::new();
    if !args.no_embedded {
        around.extend(packs::embedded_but(&given));
    }
    let report = check(&given, around);
    let shown = match args.format {
        Format::Text => text(&report, Paint::new(args.color)),
        Format::Json => json(&report.problems),
    };
    terminal::print(shown.as_bytes())?;
    Ok(if report.errors() > 0 { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

#[derive(Default)]
struct Report {
    problems: Vec<Diagnostic>,
    has_loaded: bool,
    packs: usize,
    rules: usize,
    terms: usize,
    patterns: usize,
    run: usize,
    /// Examples of rules that are not in force.
    left_out: usize,
}

impl Report {
    fn errors(&self) -> usize {
        self.problems.iter().filter(|d| d.is_error()).count()
    }
}

/// Problems of the given packs, and errors of those around them that the given ones brought about.
fn check(given: &[Folder], around: Vec<Source>) -> Report {
    let is_given = |source: &str| given.iter().any(|f| source.split('/').next() == Some(f.name.as_str()));
    let sources: Vec<Source> = given.iter().flat_map(|f| f.sources.iter().cloned()).collect();
    let mut report = Report { packs: given.len(), ..Report::default() };
    let taxonomy = Taxonomy::from_sources(sources.iter().cloned().chain(around));
    let examples = Examples::from_sources(sources.iter().cloned());
    // `score --pack` lays packs that are not embedded over those that are, so they must load without them too.
    let lays_over = !packs::embedded().iter().any(|f| given.iter().any(|g| g.name == f.name));
    if let (Ok(_), true, Err(problems)) = (&taxonomy, lays_over, Taxonomy::from_sources(sources)) {
        report.problems.extend(problems.iter().filter(|d| d.is_error()).cloned());
    }
    match &taxonomy {
        Err(problems) => report.problems.extend(problems.iter().cloned()),
        Ok(taxonomy) => {
            report.has_loaded = true;
            for rule in taxonomy.rules().filter(|r| given.iter().any(|f| f.name == r.pack())) {
                report.rules += 1;
                report.terms += rule.terms().len() + rule.substrings().len();
                report.patterns += rule.patterns().len();
            }
        }
    }
    if let Err(problems) = &examples {
        report.problems.extend(problems.iter().cloned());
    }
    if let Ok(taxonomy) = &taxonomy {
        if let Ok(examples) = &examples {
            report.problems.extend(examples.missing(taxonomy).iter().cloned());
        }
        match Engine::builder().taxonomy(taxonomy).build() {
            Err(error) => report.problems.extend(error.diagnostics().into_iter().flat_map(|d| d.iter().cloned())),
            Ok(engine) => {
                report.problems.extend(engine.warnings().iter().cloned());
                if let Ok(examples) = &examples {
                    let in_force = examples.iter().filter(|e| engine.rule_id(e.rule()).is_some()).count();
                    (report.run, report.left_out) = (in_force, examples.iter().len() - in_force);
                    report.problems.extend(engine.check(examples).iter().cloned());
                }
            }
        }
    }
    report.problems.retain(|d| d.is_error() || is_given(d.source_name()));
    report.problems.sort_by(|a, b| (a.source_name(), a.byte_range().start, a.code()).cmp(&(b.source_name(), b.byte_range().start, b.code())));
    report.problems.dedup();
    report
}

fn plural(count: usize, word: &str) -> String {
    format!("{} {word}{}", terminal::grouped(count as u64), if count == 1 { "" } else { "s" })
}

fn text(report: &Report, paint: Paint) -> String {
    let mut out: String = report.problems.iter().map(|d| painted(d, paint) + "\n").collect();
    let errors = report.errors();
    let warnings = report.problems.len() - errors;
    let verdict = if errors > 0 { paint.red("failed") } else { paint.green("ok") };
    let problems = format!("{}, {}", plural(errors, "error"), plural(warnings, "warning"));
    if report.has_loaded {
        let size = [plural(report.packs, "pack"), plural(report.rules, "rule"), plural(report.terms, "term"), plural(report.patterns, "pattern")];
        let left_out = if report.left_out > 0 { format!(", {} of rules not in force left out", report.left_out) } else { String::new() };
        out.push_str(&format!("{verdict}: {}; {} run{left_out}; {problems}\n", size.join(", "), plural(report.run, "example")));
    } else {
        out.push_str(&format!("{verdict}: {} not loaded; {problems}\n", plural(report.packs, "pack")));
    }
    if let Some(first) = report.problems.first() {
        out.push_str(&format!("`piepowder check --explain {}` says more about a code\n", first.code()));
    }
    out
}

/// A diagnostic as the core writes it, with colors. The core has made its text safe.
fn painted(diagnostic: &Diagnostic, paint: Paint) -> String {
    let word: fn(Paint, &str) -> String = if diagnostic.is_error() { Paint::red } else { Paint::yellow };
    let mut out = String::new();
    for (i, line) in diagnostic.to_string().lines().enumerate() {
        let (number, rest) = line.split_once('|').unwrap_or((line, ""));
        let is_gutter = line.contains('|') && number.chars().all(|c| c == ' ' || c.is_ascii_digit());
        let mark = rest.trim_start();
        match line.split_once(": ") {
            Some((head, message)) if i == 0 => out.push_str(&format!("{}: {}", word(paint, head), paint.bold(message))),
            _ if line.trim_start().starts_with("--> ") => out.push_str(&line.replacen("-->", &paint.blue("-->"), 1)),
            _ if is_gutter => {
                out.push_str(&paint.blue(&format!("{number}|")));
                let is_mark = !number.contains(|c: char| c.is_ascii_digit()) && (mark.starts_with('^') || mark.starts_with('-'));
                out.push_str(&if is_mark { word(paint, rest) } else { rest.to_owned() });
            }
            _ => out.push_str(line),
        }
        out.push('\n');
    }
    out
}

/// A problem for machines.
#[derive(Serialize)]
struct Line<'d> {
    severity: &'static str,
    code: &'d str,
    file: &'d str,
    line: usize,
    column: usize,
    span: [usize; 2],
    message: &'d str,
    help: &'d str,
}

fn json(problems: &[Diagnostic]) -> String {
    let lines = problems.iter().map(|d| {
        let ((line, column), bytes) = (d.line_column(), d.byte_range());
        let severity = if d.is_error() { "error" } else { "warning" };
        let line = Line {
            severity,
            code: d.code(),
            file: d.source_name(),
            line,
            column,
            span: [bytes.start, bytes.end],
            message: d.message(),
            help: d.help_text(),
        };
        serde_json::to_string(&line).expect("texts and numbers") + "\n"
    });
    lines.collect()
}

fn explain(code: &str) -> Result<ExitCode> {
    let code = code.to_ascii_uppercase();
    let title = Diagnostic::codes().find(|(c, _)| *c == code).map(|(_, title)| title);
    let (Some(title), Some(explanation)) = (title, Diagnostic::explanation(&code)) else {
        let known: Vec<&str> = Diagnostic::codes().map(|(c, _)| c).collect();
        bail!("there is no code `{code}`; codes are {}", known.join(", "));
    };
    terminal::print(format!("{code}: {title}\n\n{explanation}\n").as_bytes())?;
    Ok(ExitCode::SUCCESS)
}
