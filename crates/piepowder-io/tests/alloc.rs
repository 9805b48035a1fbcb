//! Once warm, a scored row costs no allocation, whatever is nested in it and however its keys are spelled. A binary of its own, for its
//! allocator counts.

use piepowder::{Engine, Source, Taxonomy};
use piepowder_io::{Chunk, Columns, End, Frame, Framer, Input, Options, Record, score_stream};
use std::sync::atomic::AtomicBool;

fn counted(run: impl FnOnce()) -> u64 {
    allocation_counter::measure(run).count_total
}

fn rows(count: usize) -> String {
    let row = |i: usize| match i % 4 {
        0 => format!("{{\"id\":{i},\"title\":\"Oak desk\",\"price\":12.50,\"url\":\"https://example.com\"}}\n"),
        1 => format!("{{\"id\":\"a\\u0062{i}\",\"title\":\"W\\u0061nd {i}\",\"material\":\"oak\\n\"}}\n"),
        2 => format!("{{\"title\":\"Magic wand\t{i}\",\"material\":null,\"u\":[1,{{\"k\":[2]}}],\"url\\u0020of\":[[]]}}\r\n"),
        _ => "\n".to_owned(),
    };
    (0..count).map(row).collect()
}

fn reading(input: &str) {
    let columns = Columns::standard();
    let mut record = Record::new(&columns);
    // What is counted begins behind the first chunk: the framer and the chunk have their buffers by then.
    let mut pass = || {
        let mut framer = Framer::new("in", input.as_bytes(), 10_000);
        let mut chunk = Chunk::default();
        let mut next = || {
            let more = framer.next_chunk(&mut chunk).unwrap();
            let mut bytes = 0;
            for frame in chunk.frames().filter(|_| more) {
                if let Frame::Record(line) = frame {
                    record.read(&line).unwrap();
                    let mut declared = Vec::new();
                    bytes += record.listing(&line, &mut declared).get(piepowder::Field::Title).len();
                }
            }
            more.then_some(bytes)
        };
        let mut read = next().unwrap();
        let allocations = counted(|| {
            while let Some(bytes) = next() {
                read += bytes;
            }
        });
        (read, allocations)
    };
    let (cold, _) = pass();
    let (warm, allocations) = pass();
    assert!(cold == warm && cold > 50_000);
    assert!(allocations <= 4, "{allocations} allocations while 7,500 records were read");
}

fn scoring(engine: &Engine, columns: &Columns, input: &str) -> u64 {
    let mut output = Vec::with_capacity(input.len() * 20);
    counted(|| {
        let options = Options::new().with_columns(columns.clone());
        let outcome =
            score_stream(engine, [Ok(Input::new("in", input.as_bytes()))], &mut output, &options, &mut (), &AtomicBool::new(false)).unwrap();
        assert!(matches!(outcome.end, End::Complete) && outcome.summary.rejected() == 0);
    })
}

#[test]
fn rows_allocate_nothing() {
    reading(&rows(10_000));

    let pack = "format = 1\nname = \"demo\"\nversion = \"1.0.0\"\nreleased = 2026-11-21\nlicense = \"CC0-1.0\"\nowner = \"tests\"\n\
        [[offense]]\nkey = \"wands\"\nrank = 1\ntitle = \"Wands\"\nproposition = \"The text offers a wand.\"\n\
        [[field]]\nname = \"material\"\ntype = \"text\"\n";
    let taxonomy = Taxonomy::from_sources([Source::new("demo/pack.toml", pack)]).unwrap();
    let engine = Engine::builder().taxonomy(&taxonomy).build().unwrap();
    let columns = Columns::of(&engine, &taxonomy).unwrap();
    let (few, many) = (rows(10_000), rows(90_000));
    let (small, large) = (scoring(&engine, &columns, &few), scoring(&engine, &columns, &many));
    // Chunks may cost a few, rows nothing: 80,000 rows more are about 25 chunks more.
    assert!(large - small.min(large) < 600, "{small} allocations for 10,000 rows, {large} for 90,000");
}
