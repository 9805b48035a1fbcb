//! The pipeline end to end: one outcome a row, the same bytes for any number of threads, every way to end.

use crate::engine::{engine, taxonomy};
use crate::framing::Trickle;
use crate::table::cases;
use piepowder::Engine;
use piepowder_io::{
    Code, Columns, End, Error, ErrorKind, Input, MappedFile, Observer, Options, Outcome, RowError, Summary, read_for_good, score_stream,
};
use serde_json::Value;
use std::io::{self, Read, Write};
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

fn threads(count: usize) -> Options {
    Options::new().with_threads(NonZeroUsize::new(count).unwrap())
}

fn run(engine: &Engine, input: impl Read + Send, options: &Options) -> (Outcome, Vec<u8>) {
    let mut output = Vec::new();
    let outcome = score_stream(engine, [Ok(Input::new("in.jsonl", input))], &mut output, options, &mut (), &AtomicBool::new(false));
    (outcome.expect("the run starts"), output)
}

fn lines(output: &[u8]) -> Vec<Value> {
    assert!(output.is_empty() || output.ends_with(b"\n"));
    output.split(|b| *b == b'\n').filter(|l| !l.is_empty()).map(|l| serde_json::from_slice(l).expect("every line is JSON")).collect()
}

/// Rows of many kinds and lengths; some are refused.
fn mixed(count: usize) -> String {
    let row = |i: usize| match i % 11 {
        0 => format!("{{\"id\":{i},\"title\":{i}}}\n"),
        1 => "\n".to_owned(),
        2 => format!("{{\"id\":\"r{i}\",\"title\":\"Magic wand\",\"description\":\"{}feather core\"}}\n", "oak ".repeat(i % 97)),
        3 => format!("{{\"id\":{i},\"title\":\"w\\u0061nd {i}\"}}\r\n"),
        4 => "nothing\n".to_owned(),
        _ => format!("{{\"id\":{i},\"title\":\"Desk {i}\",\"price\":{i}.50}}\n"),
    };
    (0..count).map(row).collect()
}

#[test]
fn threads_and_chunks_change_nothing() {
    let engine = engine();
    let input = mixed(30_000);
    let (whole, expected) = run(&engine, input.as_bytes(), &threads(1).with_profile());
    assert!(matches!(whole.end, End::Complete));
    assert!(whole.profile.as_ref().is_some_and(|p| p.scored() == whole.summary.scored()));
    let values = lines(&expected);
    assert_eq!(values.len() as u64, whole.summary.rows());
    assert_eq!(whole.summary.rows() + whole.summary.blank_lines(), 30_000);
    // In input order: a row that is not refused for its syntax has its own number.
    let ids = values.iter().filter_map(|v| v["id"].as_u64().filter(|_| v["error"]["code"] != "json.syntax")).collect::<Vec<_>>();
    assert!(ids.is_sorted() && ids.len() > 20_000);
    for count in [1, 2, 3, 8] {
        for then in [usize::MAX, 997, 65_536] {
            let (outcome, output) = run(&engine, Trickle { bytes: input.as_bytes(), first: 0, then }, &threads(count).with_profile());
            assert!(matches!(outcome.end, End::Complete));
            assert!(output == expected, "{count} threads, {then} bytes a read");
            assert_eq!(outcome.summary, whole.summary);
            assert_eq!(outcome.profile, whole.profile);
        }
    }
}

#[test]
fn every_case_of_the_table_has_one_outcome_a_row() {
    let engine = engine();
    for case in cases() {
        let (outcome, output) = run(&engine, case.input.as_slice(), &Options::new().with_max_record(case.max_record));
        let values = lines(&output);
        assert_eq!(values.len(), case.rows.len(), "{}", case.name);
        assert_eq!(matches!(&outcome.end, End::Incomplete(e) if e.kind() == ErrorKind::Encoding), case.fatal.is_some(), "{}", case.name);
        let summary = &outcome.summary;
        assert_eq!((summary.rows(), summary.blank_lines()), (case.rows.len() as u64, case.blank), "{}", case.name);
        assert_eq!(summary.rows(), summary.scored() + summary.rejected());
        for (row, value) in case.rows.iter().zip(&values) {
            assert_eq!(value["error"]["code"].as_str(), row.code.as_deref(), "{}", case.name);
            if let Some((line, column)) = row.at {
                assert_eq!((value["error"]["line"].as_u64(), value["error"]["column"].as_u64()), (Some(line), Some(column)), "{}", case.name);
            } else {
                let flags = value["flags"].as_array().unwrap();
                let flagged = |name: &str| flags.iter().any(|f| f == name);
                assert_eq!(flagged("source.no_final_newline"), row.end_of_source.is_some(), "{}", case.name);
                let broken = row.fields.iter().any(|(_, bytes)| std::str::from_utf8(bytes).is_err())
                    || case.name.starts_with("id_with_") && !case.name.ends_with("control");
                assert_eq!(flagged("text.invalid_encoding"), broken, "{}", case.name);
            }
        }
    }
}

#[test]
fn odd_prices_are_scored_and_flagged() {
    let input = "{\"price\":\"1,299.00\"}\n{\"price\":\"１２\"}\n{\"price\":1e400}\n{\"price\":18446744073709551616}\n{\"price\":\"12.50\"}\n{\"price\":12}\n";
    let digits = format!("{{\"price\":{}}}\n", "9".repeat(10_000));
    let (outcome, output) = run(&engine(), (input.to_owned() + &digits).as_bytes(), &Options::new());
    assert_eq!(outcome.summary.scored(), 7);
    let flagged: Vec<bool> = lines(&output).iter().map(|v| v["flags"].as_array().unwrap().iter().any(|f| f == "price.unreadable")).collect();
    assert_eq!(flagged, [true, true, true, true, false, false, true]);
}

#[test]
fn ids_are_echoed_byte_for_byte() {
    let input = "{\"id\":\"\\u0061\\/b\"}\n{\"id\":1.50e+3}\n{}\n{\"id\":\"x\",\"title\":1}\n";
    let (_, output) = run(&engine(), input.as_bytes(), &Options::new());
    let text = String::from_utf8(output).unwrap();
    let starts = [
        "{\"v\":1,\"id\":\"\\u0061\\/b\",\"tier\"",
        "{\"v\":1,\"id\":1.50e+3,",
        "{\"v\":1,\"id\":3,",
        "{\"v\":1,\"id\":\"x\",\"error\":{\"code\":\"json.type\"",
    ];
    for (line, start) in text.lines().zip(starts) {
        assert!(line.starts_with(start), "{line}");
    }
}

#[test]
fn lower_tiers_are_counted_but_not_written_and_errors_always_are() {
    let input = "{\"title\":\"desk\"}\n{\"title\":\"wand\"}\n[]\n{\"title\":\"chair\"}\n";
    let (outcome, output) = run(&engine(), input.as_bytes(), &Options::new().with_min_tier("review"));
    let values = lines(&output);
    assert_eq!((values[0]["tier"].as_str(), values[1]["error"]["code"].as_str(), values.len()), (Some("review"), Some("json.not_object"), 2));
    let summary = outcome.summary;
    assert_eq!((summary.rows(), summary.scored(), summary.written(), summary.rejected()), (4, 3, 1, 1));
    assert_eq!(summary.tiers().collect::<Vec<_>>(), [("clear", 2), ("monitor", 0), ("review", 1), ("urgent", 0)]);
}

#[test]
fn an_unknown_tier_is_a_setting_error() {
    let options = Options::new().with_min_tier("purple");
    let error = score_stream(&engine(), [Ok(Input::new("x", io::empty()))], &mut Vec::new(), &options, &mut (), &AtomicBool::new(false)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Setting);
    assert!(error.to_string().contains("clear, monitor, review, urgent"), "{error}");
}

#[test]
fn declared_and_renamed_columns_are_read() {
    let (engine, taxonomy) = (engine(), taxonomy());
    let columns = Columns::of(&engine, &taxonomy).unwrap().renamed_all([("title", "name"), ("twigs", "count"), ("id", "sku")]).unwrap();
    let input = "{\"sku\":\"a\",\"name\":\"x\",\"material\":\"wand\"}\n{\"count\":101,\"title\":\"wand\"}\n{\"count\":\"100.5\"}\n{\"count\":99}\n{\"material\":3}\n";
    let (_, output) = run(&engine, input.as_bytes(), &Options::new().with_columns(columns.clone()));
    let values = lines(&output);
    assert_eq!(values[0]["id"], "a");
    assert_eq!(values[0]["evidence"][0]["field"], "material");
    let scores: Vec<_> = values[..4].iter().map(|v| (v["scores"]["wands"].as_i64().unwrap(), v["scores"]["brooms"].as_i64().unwrap())).collect();
    assert_eq!(scores, [(120, -200), (-200, 60), (-200, 60), (-200, -200)]);
    assert!(values[4]["error"]["message"].as_str().unwrap().starts_with("$.material is a number;"));

    let only = Options::new().with_columns(columns.only(["title"]).unwrap());
    let (_, output) = run(&engine, input.as_bytes(), &only);
    assert!(lines(&output).iter().all(|v| v["scores"]["wands"] == -200 && v["scores"]["brooms"] == -200));
}

/// Takes so many bytes, then fails.
struct Broken {
    left: usize,
    kind: io::ErrorKind,
}

impl Write for Broken {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.left == 0 {
            return Err(self.kind.into());
        }
        let count = bytes.len().min(self.left);
        self.left -= count;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.left == 0 { Err(self.kind.into()) } else { Ok(()) }
    }
}

#[test]
fn a_closed_output_ends_quietly_and_a_full_one_does_not() {
    let (engine, input) = (engine(), mixed(20_000));
    for count in [1, 3] {
        for left in [0, 100, 500_000] {
            let run = |kind| {
                let feed = Trickle { bytes: input.as_bytes(), first: 0, then: 9_999 };
                score_stream(&engine, [Ok(Input::new("in", feed))], &mut Broken { left, kind }, &threads(count), &mut (), &AtomicBool::new(false))
            };
            let outcome = run(io::ErrorKind::BrokenPipe).unwrap();
            assert!(matches!(outcome.end, End::OutputClosed));
            assert!(outcome.summary.rows() < 20_000);
            assert_eq!(run(io::ErrorKind::StorageFull).unwrap_err().kind(), ErrorKind::Write);
        }
    }
}

/// Watches a run, and stops it after so many rows.
#[derive(Default)]
struct Watch<'a> {
    stop: Option<(&'a AtomicBool, u64)>,
    told: Vec<(u64, Code)>,
    more: u64,
    rows: Vec<u64>,
}

impl Observer for Watch<'_> {
    fn rejected(&mut self, error: &RowError) {
        self.told.push((error.line(), error.code()));
    }

    fn rejected_more(&mut self, count: u64) {
        self.more += count;
    }

    fn progress(&mut self, so_far: &Summary) {
        self.rows.push(so_far.rows());
        if let Some((flag, rows)) = self.stop
            && so_far.rows() >= rows
        {
            flag.store(true, Ordering::Relaxed);
        }
    }
}

#[test]
fn an_interruption_keeps_whole_chunks() {
    let (engine, input) = (engine(), mixed(20_000));
    let (_, whole) = run(&engine, input.as_bytes(), &threads(1));
    for count in [1, 2] {
        let flag = AtomicBool::new(false);
        let mut watch = Watch { stop: Some((&flag, 1_000)), ..Watch::default() };
        let feed = Trickle { bytes: input.as_bytes(), first: 0, then: 9_999 };
        let mut output = Vec::new();
        let outcome = score_stream(&engine, [Ok(Input::new("in", feed))], &mut output, &threads(count), &mut watch, &flag).unwrap();
        assert!(matches!(outcome.end, End::Interrupted));
        let rows = outcome.summary.rows();
        assert!((1_000..10_000).contains(&rows), "{rows}");
        assert_eq!(lines(&output).len() as u64, rows);
        assert!(whole.starts_with(&output));

        let outcome =
            score_stream(&engine, [Ok(Input::new("in", input.as_bytes()))], &mut Vec::new(), &threads(count), &mut (), &AtomicBool::new(true))
                .unwrap();
        assert!(matches!(outcome.end, End::Interrupted) && outcome.summary.rows() == 0);
    }
}

#[test]
fn refused_rows_are_told_in_order_and_not_without_end() {
    let input = "x\n".repeat(300) + &"{}\n".repeat(5_000) + "[]\n";
    for count in [1, 3] {
        let mut watch = Watch::default();
        let feed = [Ok(Input::new("in", input.as_bytes()))];
        let outcome = score_stream(&engine(), feed, &mut Vec::new(), &threads(count), &mut watch, &AtomicBool::new(false)).unwrap();
        assert_eq!((outcome.summary.rejected_as(Code::Syntax), outcome.summary.rejected_as(Code::NotObject)), (300, 1));
        assert!(watch.told.is_sorted_by_key(|(line, _)| *line) && watch.rows.is_sorted());
        assert_eq!(watch.told.last(), Some(&(5_301, Code::NotObject)));
        assert_eq!(watch.told.len() as u64 + watch.more, 301);
        assert_eq!(watch.told.len(), 65, "64 of the first chunk, and the last");
    }
}

/// Good bytes, then an error.
fn failing(bytes: &[u8]) -> impl Read + Send {
    struct Fails;
    impl Read for Fails {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("the disk is gone"))
        }
    }
    bytes.chain(Fails)
}

#[test]
fn an_input_that_fails_keeps_what_came_before() {
    let engine = engine();
    for count in [1, 2] {
        let (outcome, output) = run(&engine, failing(b"{\"id\":1}\n{\"id\":2}\n{\"i"), &threads(count));
        assert!(
            matches!(&outcome.end, End::Incomplete(e) if e.kind() == ErrorKind::Read && e.to_string().contains("the disk is gone")),
            "{:?}",
            outcome.end
        );
        assert_eq!((lines(&output).len(), outcome.summary.rows()), (2, 2));

        let missing = || Input::open(&PathBuf::from("no such file"));
        let inputs = [Ok(Input::new("a", &b"{}\n"[..])), missing(), Ok(Input::new("b", &b"{}\n"[..]))];
        let outcome = score_stream(&engine, inputs, &mut Vec::new(), &threads(count), &mut (), &AtomicBool::new(false)).unwrap();
        assert!(matches!(&outcome.end, End::Incomplete(e) if e.io_error().is_some_and(|e| e.kind() == io::ErrorKind::NotFound)));
        assert_eq!(outcome.summary.rows(), 1);
    }
}

#[test]
fn inputs_follow_one_another_and_count_their_own_lines() {
    let inputs = || [("a", &b"{}\n[]"[..]), ("b", b""), ("c", b"\xEF\xBB\xBF{}\n[]\n")].map(|(name, bytes)| Ok::<_, Error>(Input::new(name, bytes)));
    for count in [1, 2] {
        let mut told = Names::default();
        let mut output = Vec::new();
        let outcome = score_stream(&engine(), inputs(), &mut output, &threads(count), &mut told, &AtomicBool::new(false)).unwrap();
        assert!(matches!(outcome.end, End::Complete));
        let ids: Vec<_> = lines(&output).iter().map(|v| v["id"].as_u64().unwrap()).collect();
        assert_eq!(ids, [1, 2, 1, 2]);
        assert_eq!(told.0, ["a:2:1 (byte 3)", "c:2:1 (byte 6)"]);
    }
}

/// Where refused rows lie.
#[derive(Default)]
struct Names(Vec<String>);

impl Observer for Names {
    fn rejected(&mut self, error: &RowError) {
        let text = error.to_string();
        self.0.push(text[..text.find("): ").unwrap() + 1].to_owned());
    }
}

/// One row a read, and how many there were.
struct Counted {
    left: u64,
    read: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 {
            return Ok(0);
        }
        self.left -= 1;
        self.read.fetch_add(1, Ordering::SeqCst);
        out[..3].copy_from_slice(b"{}\n");
        Ok(3)
    }
}

#[test]
fn the_reader_is_never_far_ahead_of_the_writer() {
    struct Ahead(Arc<AtomicU64>, u64);
    impl Observer for Ahead {
        fn progress(&mut self, so_far: &Summary) {
            self.1 = self.1.max(self.0.load(Ordering::SeqCst) - so_far.rows());
        }
    }
    for count in [1, 2, 4] {
        let read = Arc::new(AtomicU64::new(0));
        let mut ahead = Ahead(Arc::clone(&read), 0);
        let input = Counted { left: 2_000, read };
        let outcome =
            score_stream(&engine(), [Ok(Input::new("in", input))], &mut Vec::new(), &threads(count), &mut ahead, &AtomicBool::new(false)).unwrap();
        assert_eq!(outcome.summary.rows(), 2_000);
        // The byte order mark costs one read more.
        assert!(ahead.1 <= 2 * count as u64 + 2, "{} ahead with {count} threads", ahead.1);
    }
}

#[test]
#[should_panic(expected = "the reader is broken")]
fn a_panic_of_a_reader_comes_out_and_hangs_nothing() {
    struct Panics;
    impl Read for Panics {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            panic!("the reader is broken")
        }
    }
    run(&engine(), b"{}\n{}\n".chain(Panics), &threads(2)).0.summary.rows();
}

fn temporary(name: &str, bytes: &[u8]) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

#[test]
fn a_file_reads_the_same_mapped_or_not() {
    let engine = engine();
    let path = temporary("mapped.jsonl", mixed(5_000).as_bytes());
    let map = MappedFile::open(&path).unwrap();
    let mut outputs = [Vec::new(), Vec::new()];
    for (input, output) in [Input::open(&path), Ok(Input::mapped("mapped", &map))].into_iter().zip(&mut outputs) {
        let outcome = score_stream(&engine, [input], output, &threads(2), &mut (), &AtomicBool::new(false)).unwrap();
        assert!(matches!(outcome.end, End::Complete));
    }
    assert!(!outputs[0].is_empty() && outputs[0] == outputs[1]);
    assert_eq!(MappedFile::open(&temporary("empty.jsonl", b"")).unwrap().bytes(), b"");
}

/// On both sides of the size from which on large pages are asked for.
#[test]
fn a_file_is_read_for_good_byte_for_byte() {
    const LARGE: usize = 1 << 20;
    for size in [0, 1, LARGE - 1, LARGE, LARGE + 1, 3 * LARGE + 7] {
        let bytes: Vec<u8> = (0..size).map(|at| (at % 251) as u8).collect();
        assert!(read_for_good(&temporary("for-good.bin", &bytes)).unwrap() == bytes, "{size} bytes");
    }
    let missing = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("no-such-file");
    assert_eq!(read_for_good(&missing).unwrap_err().kind(), ErrorKind::Read);
}

#[test]
fn only_regular_files_are_opened() {
    let directory = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let mut paths = vec![directory];
    if cfg!(unix) {
        paths.push("/dev/null".into());
    }
    for path in paths {
        assert_eq!(Input::open(&path).unwrap_err().kind(), ErrorKind::Read);
        assert!(MappedFile::open(&path).unwrap_err().to_string().ends_with("is not a regular file"));
        assert!(read_for_good(&path).unwrap_err().to_string().ends_with("is not a regular file"));
    }
}

#[test]
fn the_summary_adds_up_and_its_keys_are_in_order() {
    let engine = engine();
    let input = "{\"title\":\"Magic wand, feather core\"}\n{\"title\":\"hair core\",\"price\":\"x\"}\n\n[]\nx\n{\"title\":\"racing broom\"}\n{\"title\":\"Дуб\"}";
    let (outcome, _) = run(&engine, input.as_bytes(), &Options::new());
    let mut json = Vec::new();
    outcome.summary.write_json(&mut json);
    let text = String::from_utf8(json).unwrap();
    let value: Value = serde_json::from_str(&text).unwrap();
    let keys = ["v", "piepowder", "engine", "taxonomy", "policy", "as_of", "jurisdictions", "rows", "blank_lines", "scored", "written", "rejected"];
    let later = ["rejected_by_code", "tiers", "offenses", "rules", "shadow_rules", "reasons", "coverage", "flags"];
    let places: Vec<usize> = keys.iter().chain(&later).map(|k| text.find(&format!("\n  \"{k}\":")).unwrap()).collect();
    assert!(places.is_sorted() && text.ends_with("}\n"));
    assert_eq!(value["engine"].as_str().unwrap(), engine.digest().to_string());
    assert_eq!((&value["rows"], &value["blank_lines"], &value["scored"], &value["rejected"]), (&6.into(), &1.into(), &4.into(), &2.into()));
    assert_eq!(value["rejected_by_code"], serde_json::json!({ "json.not_object": 1, "json.syntax": 1 }));
    assert_eq!(value["rules"], serde_json::json!({ "brooms.name.racing": 1, "wands.core.feather": 1, "wands.name.wand": 1 }));
    assert_eq!(value["shadow_rules"], serde_json::json!({ "wands.core.hair": 1 }));
    assert_eq!(value["offenses"]["wands"]["histogram"], serde_json::json!({ "-200": 3, "200": 1 }));
    assert_eq!(value["offenses"]["brooms"]["histogram"], serde_json::json!({ "-200": 3, "100": 1 }));
    assert_eq!(value["flags"], serde_json::json!({ "price.unreadable": 1, "source.no_final_newline": 1 }));
    let sum = |value: &Value| value.as_object().unwrap().values().map(|n| n.as_u64().unwrap()).sum::<u64>();
    for counts in
        [&value["tiers"], &value["coverage"], &value["reasons"], &value["offenses"]["brooms"]["tiers"], &value["offenses"]["brooms"]["histogram"]]
    {
        assert_eq!(sum(counts), 4, "{counts}");
    }
}
