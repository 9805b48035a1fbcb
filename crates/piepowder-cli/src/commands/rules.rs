//! `piepowder rules`: what is looked for, as a table, as JSON, or one rule in full. It reads the taxonomy and scores nothing.
//! Invariant: a rule in force is shown as it holds on the day of assessment, changes of overlays applied; a retired one as written.

use crate::args::{Format, Rules};
use crate::described::{Line, decimal, quantity, range, test};
use crate::options::Settings;
use crate::terminal;
use anyhow::{Result, bail};
use piepowder::{Engine, Field, FieldType, GroupKind, Rule, Status, Taxonomy};
use std::fmt::Write;
use std::process::ExitCode;

pub(crate) fn run(args: Rules) -> Result<ExitCode> {
    let settings = Settings::resolve(Settings::from_flags(args.engine, Default::default())?)?;
    let (taxonomy, engine) = settings.engine()?;
    let filter = Filter { pattern: args.pattern.as_deref().map(str::to_lowercase), term: args.term.as_deref().map(str::to_lowercase) };
    if let Some(offense) = &args.offense
        && !taxonomy.offenses().any(|o| o.key() == offense)
    {
        let known: Vec<&str> = taxonomy.offenses().map(|o| o.key()).collect();
        bail!("there is no offense `{offense}`; there are {}", known.join(", "));
    }
    if let Some(field) = &args.field
        && engine.field(field).is_none()
    {
        bail!("there is no field `{field}`; listings have {}", engine.fields().map(|(_, name)| name).collect::<Vec<_>>().join(", "));
    }
    let all: Vec<Shown<'_>> = taxonomy.rules().map(|written| Shown::new(written, &engine)).collect();
    if let Some(one) = args.pattern.as_deref().and_then(|key| all.iter().find(|s| s.rule.key() == key)) {
        let out = if args.format == Format::Json { json_line(one) } else { full(one, &engine, &taxonomy) };
        terminal::print(out.as_bytes())?;
        return Ok(ExitCode::SUCCESS);
    }
    let kept: Vec<&Shown<'_>> = all
        .iter()
        .filter(|s| match args.status {
            Some(status) => s.status == Some(status),
            None => s.in_force,
        })
        .filter(|s| args.offense.as_deref().is_none_or(|o| s.rule.weight(o) != 0))
        .filter(|s| args.group.as_deref().is_none_or(|g| s.rule.group().strip_prefix(g).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))))
        .filter(|s| args.element.is_none_or(|e| s.rule.element() == e))
        .filter(|s| args.field.as_deref().is_none_or(|f| looks_into(s.rule, f, &taxonomy)))
        .filter(|s| filter.keeps(s.rule))
        .collect();
    let out = match args.format {
        Format::Json => kept.iter().map(|s| json_line(s)).collect(),
        Format::Text => list(&kept, args.pattern.as_deref()),
    };
    terminal::print(out.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

struct Filter {
    pattern: Option<String>,
    term: Option<String>,
}

impl Filter {
    fn keeps(&self, rule: &Rule) -> bool {
        let contains = |text: &str, part: &String| text.to_lowercase().contains(part);
        let terms = || rule.terms().chain(rule.substrings());
        self.pattern.as_ref().is_none_or(|p| contains(rule.key(), p) || contains(rule.title(), p) || terms().any(|t| contains(t, p)))
            && self.term.as_ref().is_none_or(|t| terms().any(|own| own.to_lowercase() == *t))
    }
}

fn looks_into(rule: &Rule, field: &str, taxonomy: &Taxonomy) -> bool {
    let is_text =
        Field::from_name(field).map_or_else(|| taxonomy.fields().any(|(name, kind)| name == field && kind == FieldType::Text), Field::is_text);
    let by_default = rule.fields().is_empty() && is_text && rule.reads_text();
    by_default || rule.fields().iter().any(|f| f == field) || rule.conditions().any(|(name, _)| name == field)
}

/// A rule as it is shown.
struct Shown<'a> {
    rule: &'a Rule,
    in_force: bool,
    /// None for a rule that is not in force for its dates or jurisdictions.
    status: Option<Status>,
}

impl<'a> Shown<'a> {
    fn new(written: &'a Rule, engine: &'a Engine) -> Shown<'a> {
        match engine.rule_id(written.key()) {
            Some(id) => Shown { rule: engine.rule(id), in_force: true, status: Some(engine.rule(id).status()) },
            None => Shown { rule: written, in_force: false, status: Some(written.status()).filter(|s| *s == Status::Retired) },
        }
    }

    fn status_word(&self) -> &'static str {
        self.status.map_or("not in force", Status::word)
    }
}

fn weights(rule: &Rule) -> String {
    rule.weights().iter().map(|(offense, weight)| format!("{offense} {weight:+}")).collect::<Vec<_>>().join(", ")
}

fn list(rules: &[&Shown<'_>], pattern: Option<&str>) -> String {
    if rules.is_empty() {
        return match pattern {
            Some(pattern) => format!("no rule fits; `{}` is in no key, title or term\n", terminal::escape(pattern)),
            None => "no rule fits\n".to_owned(),
        };
    }
    let mut rows = vec![["RULE", "WEIGHTS", "ELEMENT", "TERMS", "WHAT WAS SEEN"].map(str::to_owned).to_vec()];
    for shown in rules {
        let rule = shown.rule;
        let note = if shown.status == Some(Status::Active) { String::new() } else { format!(" ({})", shown.status_word()) };
        let terms = rule.terms().len() + rule.substrings().len() + rule.patterns().len();
        rows.push(vec![
            rule.key().to_owned(),
            weights(rule),
            rule.element().word().to_owned(),
            if terms == 0 { "-".to_owned() } else { terms.to_string() },
            terminal::escape(rule.title()) + &note,
        ]);
    }
    let count = rules.len();
    format!("{}\n{count} rule{}; `piepowder rules KEY` shows one in full\n", terminal::table(&rows, ""), if count == 1 { "" } else { "s" })
}

/// Wraps words at about 100 columns, later lines indented.
fn wrapped(text: &str, indent: usize) -> String {
    let mut out = String::new();
    let mut column = indent;
    for word in text.split(' ') {
        let width = word.chars().count();
        if column > indent && column + 1 + width > 100 {
            out.push('\n');
            out.extend(std::iter::repeat_n(' ', indent));
            column = indent;
        } else if column > indent {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += width;
    }
    out
}

fn full(shown: &Shown<'_>, engine: &Engine, taxonomy: &Taxonomy) -> String {
    let rule = shown.rule;
    let mut out = format!("{}\n", rule.key());
    let mut line = |name: &str, text: &str| {
        if !text.is_empty() {
            let _ = writeln!(out, "  {name:<14}{}", wrapped(&terminal::escape(text), 16));
        }
    };
    line("seen", rule.title());
    line("weights", &format!("{} centibans", weights(rule)));
    let group = engine.group_id(rule.group()).map(|id| engine.group(id));
    if let Some(group) = group {
        let excusable = if group.kind() != GroupKind::Specific || group.is_excusable() { "" } else { ", never excused" };
        line("group", &format!("{} ({}{excusable})", group.key(), group.kind().word()));
        line("reason", group.reason("en").unwrap_or_default());
    } else {
        line("group", rule.group());
    }
    line("element", rule.element().word());
    line("nature", rule.nature().word());
    line("language", rule.language());
    line("status", shown.status_word());
    let until = rule.sunset().map_or(String::new(), |day| format!(", until before {day}"));
    line("in force", &format!("from {}{until}", rule.effective()));
    line("jurisdictions", &rule.jurisdictions().join(", "));
    line("rate", &rule.rate().map_or(String::new(), |millionths| format!("declared for {} of listings", decimal(millionths.into()))));
    line("warrant", &format!("{}: {}", rule.warrant().kind(), rule.warrant().source()));
    line("", rule.warrant().url());
    line("pack, owner", &format!("{}, {}", rule.pack(), rule.owner()));
    let codes: Vec<String> = rule.codes().iter().map(|(vocabulary, codes)| format!("{vocabulary} {}", codes.join(" "))).collect();
    line("codes", &codes.join("; "));
    line("fields", &rule.fields().join(", "));
    line("terms", &rule.terms().collect::<Vec<_>>().join(", "));
    line("substrings", &rule.substrings().collect::<Vec<_>>().join(", "));
    for pattern in rule.patterns() {
        let view = if pattern.reads_original() { "original" } else { "surface" };
        line("pattern", &format!("{} (at {}, in view {view})", pattern.regex(), pattern.triggers().collect::<Vec<_>>().join(", ")));
    }
    rule.quantities().iter().for_each(|q| line("quantity", &quantity(q)));
    rule.money().iter().for_each(|m| line("price", &format!("{} {}", range(m.min(), m.max(), ""), m.currencies().join(" or "))));
    line("entities", &rule.entities().iter().map(|e| e.word()).collect::<Vec<_>>().join(", "));
    if let Some((any, within)) = rule.near() {
        let elsewhere = if rule.is_near_across_fields() { ", or in another field" } else { "" };
        line("only near", &format!("{} within {within} tokens{elsewhere}", any.join(" or ")));
    }
    rule.conditions().for_each(|(field, must)| line("only where", &format!("{field} {}", test(must))));
    if let Some(excuse) = rule.excuse() {
        let reach = match excuse.within() {
            Some(within) => format!("within {within} tokens"),
            None if excuse.is_across_fields() => "in all fields".to_owned(),
            None => "in the same field".to_owned(),
        };
        line("excuses", &format!("{} {reach}", excuse.groups().join(", ")));
    }
    for change in taxonomy.changes().iter().filter(|c| c.rule() == rule.key()) {
        let what = change.status().map(|s| s.word().to_owned()).into_iter().chain(change.weights().iter().map(|(o, w)| format!("{o} {w:+}")));
        let what = what.collect::<Vec<_>>().join(", ");
        line("changed", &format!("by {} to {what} until before {}: {} ({})", change.pack(), change.expires(), change.reason(), change.owner()));
    }
    out
}

fn json_line(shown: &Shown<'_>) -> String {
    serde_json::to_string(&Line::of(shown.rule, shown.status_word())).expect("texts and numbers") + "\n"
}
