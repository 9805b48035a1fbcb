//! `piepowder about`: everything that a score depends on, so that a digest can be resolved to names and versions.
//! Invariant: two runs that print the same engine digest score alike.

use crate::args::{About, Format};
use crate::options::Settings;
use crate::terminal;
use anyhow::Result;
use piepowder::{Coverage, Engine, GroupKind, Taxonomy};
use serde::Serialize;
use std::collections::BTreeMap;
use std::process::ExitCode;

pub(crate) fn run(args: About) -> Result<ExitCode> {
    let settings = Settings::resolve(Settings::from_flags(args.engine, Default::default())?)?;
    let (taxonomy, engine) = settings.engine()?;
    let out = match args.format {
        Format::Text => text(&taxonomy, &engine),
        Format::Json => serde_json::to_string_pretty(&view(&taxonomy, &engine))? + "\n",
    };
    terminal::print(out.as_bytes())?;
    // The process ends, and takes them along faster.
    core::mem::forget((taxonomy, engine));
    Ok(ExitCode::SUCCESS)
}

#[derive(Serialize)]
struct View<'a> {
    v: u32,
    piepowder: &'static str,
    semantics: i64,
    unicode: &'static str,
    engine: String,
    taxonomy: String,
    as_of: String,
    jurisdictions: &'a [String],
    packs: Vec<Pack<'a>>,
    offenses: Vec<Offense<'a>>,
    languages: Vec<&'a str>,
    rules: usize,
    groups: BTreeMap<&'static str, usize>,
    terms: usize,
    patterns: usize,
    policy: Policy<'a>,
    limits: Limits,
    memory_bytes: usize,
    formats: [&'static str; 1],
}

#[derive(Serialize)]
struct Pack<'a> {
    name: &'a str,
    version: &'a str,
    released: String,
    license: &'a str,
    owner: &'a str,
    rules: usize,
}

#[derive(Serialize)]
struct Offense<'a> {
    key: &'a str,
    title: &'a str,
    proposition: &'a str,
    prior: i32,
    codes: &'a BTreeMap<String, Vec<String>>,
}

#[derive(Serialize)]
struct Policy<'a> {
    name: &'a str,
    version: &'a str,
    tiers: Vec<Tier<'a>>,
    truncated: &'a str,
    coverage: BTreeMap<&'static str, &'a str>,
}

#[derive(Serialize)]
struct Tier<'a> {
    name: &'a str,
    thresholds: BTreeMap<&'a str, i32>,
    groups: u32,
    elements: Vec<Vec<&'static str>>,
    person: bool,
}

#[derive(Serialize)]
struct Limits {
    field_bytes: u32,
    rule_matches: u32,
    evidence: u32,
}

fn view<'a>(taxonomy: &'a Taxonomy, engine: &'a Engine) -> View<'a> {
    let (semantics, unicode) = engine.versions();
    let rules_of = |pack: &str| engine.rules().filter(|(_, rule)| rule.pack() == pack).count();
    let mut groups = BTreeMap::new();
    for group in taxonomy.groups() {
        *groups.entry(group.kind().word()).or_default() += 1;
    }
    let policy = engine.policy();
    let coverages = [Coverage::Full, Coverage::Partial, Coverage::None, Coverage::Empty];
    View {
        v: 1,
        piepowder: env!("CARGO_PKG_VERSION"),
        semantics,
        unicode,
        engine: engine.digest().to_string(),
        taxonomy: engine.taxonomy_digest().to_string(),
        as_of: engine.as_of().to_string(),
        jurisdictions: engine.jurisdictions(),
        packs: taxonomy
            .packs()
            .map(|p| Pack {
                name: p.name(),
                version: p.version(),
                released: p.released().to_string(),
                license: p.license(),
                owner: p.owner(),
                rules: rules_of(p.name()),
            })
            .collect(),
        offenses: engine
            .offenses()
            .map(|(id, o)| Offense { key: o.key(), title: o.title(), proposition: o.proposition(), prior: engine.prior(id), codes: o.codes() })
            .collect(),
        languages: taxonomy.languages().filter(|l| l.is_read()).map(|l| l.code()).collect(),
        rules: engine.rules().count(),
        groups,
        terms: engine.rules().map(|(_, r)| r.terms().len() + r.substrings().len()).sum(),
        patterns: engine.rules().map(|(_, r)| r.patterns().len()).sum(),
        policy: Policy {
            name: policy.name(),
            version: policy.version(),
            tiers: policy
                .tiers()
                .iter()
                .map(|t| Tier {
                    name: t.name(),
                    thresholds: engine.offenses().map(|(_, o)| (o.key(), t.threshold(o.key()))).collect(),
                    groups: t.groups(),
                    elements: t.elements().iter().map(|any| any.iter().map(|e| e.word()).collect()).collect(),
                    person: t.needs_person(),
                })
                .collect(),
            truncated: policy.truncated_tier().name(),
            coverage: coverages.into_iter().map(|c| (c.word(), policy.coverage_tier(c).name())).collect(),
        },
        limits: Limits {
            field_bytes: engine.limits().field_bytes(),
            rule_matches: engine.limits().rule_matches(),
            evidence: engine.limits().evidence(),
        },
        memory_bytes: engine.memory_usage(),
        formats: ["JSON Lines"],
    }
}

fn text(taxonomy: &Taxonomy, engine: &Engine) -> String {
    let all = view(taxonomy, engine);
    let clean = terminal::escape;
    let mut out = format!("piepowder {}, semantics {}, Unicode {}, reads {}\n\n", all.piepowder, all.semantics, all.unicode, all.formats.join(", "));
    let everywhere = if all.jurisdictions.is_empty() { "all".to_owned() } else { clean(&all.jurisdictions.join(", ")) };
    let head = [("engine", all.engine.clone()), ("taxonomy", all.taxonomy.clone()), ("as of", all.as_of.clone()), ("jurisdictions", everywhere)];
    out.push_str(&terminal::table(&head.map(|(name, text)| vec![name.to_owned(), text]), ""));

    out.push_str("\nPacks\n");
    let packs = all
        .packs
        .iter()
        .map(|p| vec![p.name.to_owned(), p.version.to_owned(), p.released.clone(), format!("{} rules", p.rules), clean(p.license), clean(p.owner)]);
    out.push_str(&terminal::table(&packs.collect::<Vec<_>>(), "  "));
    let kinds: Vec<String> = [GroupKind::Specific, GroupKind::Signal, GroupKind::Excuse]
        .iter()
        .map(|k| format!("{} {}", all.groups.get(k.word()).unwrap_or(&0), k.word()))
        .collect();
    out.push_str(&format!(
        "  {} rules in force in {} groups; {} terms, {} patterns{}; {} KiB\n",
        all.rules,
        kinds.join(", "),
        terminal::grouped(all.terms as u64),
        all.patterns,
        if all.languages.is_empty() { String::new() } else { format!("; languages {}", all.languages.join(", ")) },
        all.memory_bytes / 1024,
    ));

    out.push_str("\nOffenses, and where their sums start\n");
    let offenses = all.offenses.iter().map(|o| vec![o.key.to_owned(), format!("{:+} centibans", o.prior), clean(o.proposition)]);
    out.push_str(&terminal::table(&offenses.collect::<Vec<_>>(), "  "));

    out.push_str(&format!("\nPolicy {} {}\n", clean(all.policy.name), all.policy.version));
    let tiers = all.policy.tiers.iter().enumerate().map(|(rank, t)| {
        let mut values: Vec<i32> = t.thresholds.values().copied().collect();
        values.sort_unstable();
        values.dedup();
        let needs = match values.as_slice() {
            _ if rank == 0 => "everything else".to_owned(),
            [one] => format!("score {one:+} or more"),
            _ => t.thresholds.iter().map(|(o, v)| format!("{o} {v:+}")).collect::<Vec<_>>().join(", "),
        };
        let groups = if t.groups > 1 { format!("{} groups", t.groups) } else { String::new() };
        let elements: Vec<String> = t.elements.iter().map(|any| any.join(" or ")).collect();
        let person = if t.person { "a person must look" } else { "" };
        vec![
            t.name.to_owned(),
            [needs, groups, elements.join(", and "), person.to_owned()].into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join("; "),
        ]
    });
    out.push_str(&terminal::table(&tiers.collect::<Vec<_>>(), "  "));
    let floors: Vec<String> = all.policy.coverage.iter().filter(|(c, _)| **c != "full").map(|(c, tier)| format!("coverage {c} {tier}")).collect();
    out.push_str(&format!("  at least: truncated {}, {}\n", all.policy.truncated, floors.join(", ")));

    let limits = &all.limits;
    out.push_str(&format!(
        "\nLimits: {} bytes a field, {} matches a rule, {} rules a listing\n",
        terminal::grouped(limits.field_bytes.into()),
        limits.rule_matches,
        terminal::grouped(limits.evidence.into()),
    ));
    out
}
