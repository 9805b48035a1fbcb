//! One group a stage and end to end, over the project's own listings, in bytes and listings per second. Stages are private, so each is
//! measured by what an engine is given to do: an engine of one silent rule makes views and tokens and finds nothing. Invariant: every
//! bench asserts how much evidence it saw, of a count made before.

use criterion::{BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main, measurement::WallTime};
use piepowder::{Detail, Engine, Field, JsonOptions, Listing, Source, Taxonomy};
use piepowder_benches::{Baseline, Row, project_listings};
use piepowder_io::{Input, Options, score_stream};
use std::hint::black_box;
use std::num::NonZeroUsize;

const SILENT: [(&str, &str); 2] = [
    (
        "silent/pack.toml",
        "format = 1\nname = \"silent\"\nversion = \"1.0.0\"\nreleased = 2026-11-21\nlicense = \"CC-BY-4.0\"\nowner = \"benches@example.org\"\n\
         [[offense]]\nkey = \"silent\"\nrank = 1\ntitle = \"Silent\"\nproposition = \"The text holds a word that no text holds.\"\n",
    ),
    (
        "silent/rules.toml",
        "[[group]]\nkey = \"silent.word\"\nreason.en = \"The word is there.\"\n\
         [[rule]]\nkey = \"silent.word.name\"\ngroup = \"silent.word\"\ntitle = \"the word\"\nweights = { silent = 100 }\nelement = \"object\"\n\
         nature = \"house-rule\"\nlanguage = \"und\"\nwarrant = { kind = \"expert\", source = \"Made for benches.\" }\nterms = [\"qzxqzxqzx\"]\n",
    ),
];

fn silent() -> Taxonomy {
    Taxonomy::from_sources(SILENT.map(|(name, text)| Source::new(name, text))).expect("the silent pack loads")
}

fn engine(taxonomy: &Taxonomy) -> Engine {
    Engine::builder().taxonomy(taxonomy).build().expect("the engine builds")
}

fn rows() -> Vec<Row> {
    project_listings().expect("testdata/listings").into_iter().map(Row::words_only).collect()
}

fn bytes(rows: &[Row]) -> u64 {
    rows.iter().map(|r| r.text(Field::Title).len() + r.text(Field::Description).len()).sum::<usize>() as u64
}

/// Assesses all rows again and again; `expected` pieces of evidence each time.
fn assess(group: &mut BenchmarkGroup<'_, WallTime>, name: &str, engine: &Engine, rows: &[Row], expected: usize) {
    let listings: Vec<Listing<'_>> = rows.iter().map(Row::listing).collect();
    let mut scratch = engine.create_scratch();
    group.throughput(Throughput::Bytes(bytes(rows)));
    group.bench_function(name, |b| {
        b.iter(|| {
            let evidence: usize = listings.iter().map(|l| engine.assess_with(&mut scratch, black_box(l)).evidence().len()).sum();
            assert_eq!(evidence, expected);
        });
    });
}

/// Counted through `explain`, the other way into the engine, which keeps nothing from one listing to the next.
fn expected(engine: &Engine, rows: &[Row]) -> usize {
    rows.iter().map(|r| engine.explain(&r.listing()).assessment().evidence().len()).sum()
}

/// Views and tokens alone, on ASCII listings and on others.
fn views(criterion: &mut Criterion) {
    let engine = engine(&silent());
    let (ascii, other): (Vec<Row>, Vec<Row>) =
        rows().into_iter().partition(|r| r.text(Field::Title).is_ascii() && r.text(Field::Description).is_ascii());
    let mut group = criterion.benchmark_group("views");
    assess(&mut group, "ascii", &engine, &ascii, 0);
    assess(&mut group, "other", &engine, &other, 0);
    group.finish();
}

/// Starting: sources to a taxonomy, that to an engine, and both from a compiled pack.
fn compile(criterion: &mut Criterion) {
    let load = || Taxonomy::from_sources(piepowder_packs::sources()).expect("the shared packs load");
    let taxonomy = load();
    let compiled = taxonomy.to_compiled().expect("the shared packs compile");
    let read = || Taxonomy::from_compiled(black_box(compiled.clone())).expect("what was just written");
    let rules = engine(&taxonomy).rules().count();
    let mut group = criterion.benchmark_group("compile");
    group.throughput(Throughput::Elements(rules as u64));
    group.bench_function("load", |b| b.iter(|| assert_eq!(load().rules().count(), taxonomy.rules().count())));
    group.bench_function("packs", |b| b.iter(|| assert_eq!(engine(black_box(&taxonomy)).rules().count(), rules)));
    group.bench_function("compiled", |b| b.iter(|| assert_eq!(engine(&read()).rules().count(), rules)));
    group.finish();
}

/// The whole flow of the core with the shipped packs: titles alone, and whole listings.
fn flow(criterion: &mut Criterion) {
    let taxonomy = piepowder_packs::taxonomy();
    let engine = engine(&taxonomy);
    let (full, titles): (Vec<Row>, Vec<Row>) = rows().into_iter().partition(|r| r.text(Field::Description).len() >= 100);
    let mut group = criterion.benchmark_group("assess");
    for (name, rows) in [("titles", &titles), ("descriptions", &full)] {
        let expected = expected(&engine, rows);
        assert!(expected > 0);
        assess(&mut group, name, &engine, rows, expected);
    }
    group.finish();
}

/// How often a byte string occurs.
fn occurrences(text: &[u8], part: &[u8]) -> usize {
    text.windows(part.len()).filter(|w| *w == part).count()
}

/// JSON Lines in, JSON Lines out, on one thread: ours and the straightforward program.
fn jsonl(criterion: &mut Criterion) {
    let taxonomy = piepowder_packs::taxonomy();
    let rows = project_listings().expect("testdata/listings");
    let input: String = rows.iter().flat_map(|r| [r.line.as_str(), "\n"]).collect();
    let mut group = criterion.benchmark_group("jsonl");
    group.throughput(Throughput::Bytes(input.len() as u64));
    let engine = engine(&taxonomy);
    let options = Options::new().with_json(JsonOptions::new().with_detail(Detail::Full)).with_threads(NonZeroUsize::MIN);
    let mut out = Vec::new();
    let score = |out: &mut Vec<u8>| {
        out.clear();
        let input = Input::new("listings", black_box(input.as_bytes()));
        score_stream(&engine, [Ok(input)], out, &options, &mut (), &false.into()).expect("memory takes everything").summary.scored()
    };
    assert_eq!(score(&mut out), rows.len() as u64);
    assert_eq!(occurrences(&out, b"{\"kind\":"), expected(&engine, &rows));
    let length = out.len();
    group.bench_function("piepowder", |b| {
        b.iter(|| {
            assert_eq!(score(&mut out), rows.len() as u64);
            assert_eq!(out.len(), length);
        });
    });
    let baseline = Baseline::new(&taxonomy).expect("the baseline builds");
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a pool");
    out.clear();
    let matches: usize = rows.iter().map(|r| baseline.answer(r.line.as_bytes(), &mut out)).sum();
    assert!(matches > 0);
    group.bench_function("baseline", |b| {
        b.iter(|| {
            out.clear();
            let totals = pool.install(|| baseline.run(black_box(input.as_bytes()), &mut out)).expect("memory takes everything");
            assert_eq!((totals.rows, totals.matches), (rows.len(), matches));
        });
    });
    group.finish();
}

criterion_group!(benches, views, compile, flow, jsonl);
criterion_main!(benches);
