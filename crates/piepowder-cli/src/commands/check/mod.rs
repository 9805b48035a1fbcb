//! `piepowder check`: loads packs, compiles them, runs their examples, and shows every problem; over labelled listings, also what their
//! weights are there. What is a problem is the core's to say; what an example must do is in docs/TAXONOMY.md. Invariant: exit status 1 if
//! and only if an error was shown or a row rejected; what data contradict is a report.

mod corpus;
mod measure;

use crate::args::{Check, EngineArgs, Format};
use crate::options::Settings;
use crate::packs::{self, Folder};
use crate::terminal::{self, Paint};
use anyhow::{Result, bail};
use corpus::{Corpus, Keys};
use measure::{Measured, Verdict};
use piepowder::{Diagnostic, Diagnostics, Engine, Examples, Source, Taxonomy};
use serde::Serialize;
use std::process::ExitCode;

pub(crate) fn run(mut args: Check) -> Result<ExitCode> {
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
    let lint = if args.pedantic { Engine::lint_pedantically } else { Engine::lint };
    let report = check(&given, around, lint);
    let paint = Paint::new(args.color);
    let shown = match args.format {
        Format::Text => text(&report, paint),
        Format::Json => json(&report.problems),
    };
    terminal::print(shown.as_bytes())?;
    let mut rejected = 0;
    if let (false, Some((taxonomy, engine)), 0) = (args.corpus.is_empty(), &report.built, report.errors()) {
        // A weight is of words: what a market's other columns say is not what a rule of words is about.
        if args.records.only.is_empty() {
            args.records.only = vec!["title".to_owned(), "description".to_owned()];
        }
        let (settings, _) = Settings::from_flags(EngineArgs::default(), args.records)?;
        let keys = Keys { label: args.label_field, market: args.market_field };
        let corpus = Corpus::read(&args.corpus, keys, engine, &settings.columns(engine, taxonomy)?, settings.max_record())?;
        if corpus.rows == 0 {
            bail!("no row has a label that is an offense or `{}`; --label-field names the column of labels", corpus::BENIGN);
        }
        let mut weights = measure::all(engine, &corpus);
        weights.retain(|w| given.iter().any(|f| engine.rule_id(w.rule).is_some_and(|id| engine.rule(id).pack() == f.name)));
        let shown = match args.format {
            Format::Text => measured_text(&weights, &corpus, engine, paint),
            Format::Json => weights.iter().map(|w| serde_json::to_string(w).expect("texts and numbers") + "\n").collect(),
        };
        terminal::print(shown.as_bytes())?;
        rejected = corpus.rejected;
    }
    Ok(if report.errors() > 0 || rejected > 0 { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

/// The weights for people: rules that matched, and what is said of them.
fn measured_text(weights: &[Measured<'_>], corpus: &Corpus<'_>, engine: &Engine, paint: Paint) -> String {
    let labels = engine.offenses().map(|(_, o)| o.key()).chain([corpus::BENIGN]).enumerate();
    let labels: Vec<String> = labels.map(|(label, name)| format!("{name} {}", terminal::grouped(corpus.labelled(label)))).collect();
    let mut out = format!("\nmeasured in {}: {}\n", plural(corpus.rows as usize, "labelled row"), labels.join(", "));
    match corpus.markets() {
        Some(markets) => out.push_str(&format!("intervals over rows or over {}, whichever are wider\n", plural(markets, "market"))),
        None => out.push_str("intervals over rows; --market-field NAME gives wider ones, over markets\n"),
    }
    for (label, rows) in &corpus.left_out {
        out.push_str(&format!("left out: {} labelled `{}`\n", plural(*rows as usize, "row"), terminal::escape(label)));
    }
    if corpus.rejected > 0 {
        out.push_str(&format!("{} rejected\n", plural(corpus.rejected as usize, "row")));
    }
    let mut rows = vec![["RULE", "OFFENSE", "WEIGHT", "MEASURED", "95 %", "BY", "IN OFFENSE", "IN OTHERS", ""].map(str::to_owned).to_vec()];
    let of = |[matched, all]: [u64; 2]| format!("{} of {}", terminal::grouped(matched), terminal::grouped(all));
    for weight in weights.iter().filter(|w| w.in_offense[0] + w.in_others[0] > 0) {
        let shadow = if weight.shadow { " (shadow)" } else { "" };
        let mut row = vec![format!("{}{shadow}", weight.rule), weight.offense.to_owned(), format!("{:+}", weight.weight)];
        let [low, high] = weight.interval;
        row.extend(match weight.verdict {
            Verdict::TooFew => ["-", "-", "-"].map(str::to_owned),
            _ => {
                let by = if weight.by == measure::By::Markets { "markets" } else { "rows" };
                [format!("{:+}", weight.measured), format!("{low:+} to {high:+}"), by.to_owned()]
            }
        });
        row.extend([of(weight.in_offense), of(weight.in_others)]);
        row.push(match weight.verdict {
            Verdict::Fits => String::new(),
            Verdict::Contradicted => paint.yellow("contradicted by data"),
            Verdict::TooFew => "too few".to_owned(),
        });
        rows.push(row);
    }
    out.push('\n');
    out.push_str(&terminal::table(&rows, ""));
    let count = |verdict| weights.iter().filter(|w| w.verdict == verdict).count();
    let unseen = weights.iter().filter(|w| w.in_offense[0] + w.in_others[0] == 0).count();
    out.push_str(&format!(
        "\n{}: {} contradicted by data, {} not, {} seen in fewer than {} rows ({unseen} of them in none, and not shown)\n",
        plural(weights.len(), "weight"),
        count(Verdict::Contradicted),
        count(Verdict::Fits),
        count(Verdict::TooFew),
        measure::LEAST,
    ));
    out
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
    /// What was checked, if it builds.
    built: Option<(Taxonomy, Engine)>,
}

impl Report {
    fn errors(&self) -> usize {
        self.problems.iter().filter(|d| d.is_error()).count()
    }
}

/// Problems of the given packs, and errors of those around them that the given ones brought about.
fn check(given: &[Folder], around: Vec<Source>, lint: fn(&Engine) -> Diagnostics) -> Report {
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
                report.problems.extend(lint(&engine).iter().cloned());
                if let Ok(examples) = &examples {
                    let in_force = examples.iter().filter(|e| engine.rule_id(e.rule()).is_some()).count();
                    (report.run, report.left_out) = (in_force, examples.iter().len() - in_force);
                    report.problems.extend(engine.check(examples).iter().cloned());
                }
                report.built = Some((taxonomy.clone(), engine));
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
