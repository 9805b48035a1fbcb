//! Records in, one line each out, in input order, by as many threads as asked for: what a run is asked, and what it comes to. How chunks
//! go round among threads is told in [`threads`].
//! Invariant: the bytes written and the summary do not depend on the number of threads.

use crate::columns::Columns;
use crate::error::{Error, ErrorKind, RowError};
use crate::input::{Feed, Input};
use crate::job::{Job, Worker};
use crate::jsonl::DEFAULT_MAX_RECORD;
use crate::profile::Profile;
use crate::summary::Summary;
use crate::threads;
use piepowder::{Engine, JsonOptions};
use std::io::{self, Write};
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, Ordering};

/// How a stream is scored.
#[derive(Clone, Debug)]
pub struct Options {
    json: JsonOptions,
    min_tier: Option<String>,
    columns: Columns,
    max_record: u32,
    threads: NonZeroUsize,
    profiling: Profiling,
}

/// Whether what each rule did is counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Profiling {
    #[default]
    Left,
    Kept,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            json: JsonOptions::new(),
            min_tier: None,
            columns: Columns::standard(),
            max_record: DEFAULT_MAX_RECORD,
            threads: NonZeroUsize::MIN,
            profiling: Profiling::Left,
        }
    }
}

impl Options {
    /// One thread, the fixed fields, every row, records of at most 1 MiB.
    pub fn new() -> Self {
        Self::default()
    }

    /// How lines are written.
    pub fn with_json(mut self, json: JsonOptions) -> Self {
        self.json = json;
        self
    }

    /// Writes only listings of this tier or a higher one. All are counted; error lines are always written.
    pub fn with_min_tier(mut self, tier: impl Into<String>) -> Self {
        self.min_tier = Some(tier.into());
        self
    }

    /// Which keys are read into which fields.
    pub fn with_columns(mut self, columns: Columns) -> Self {
        self.columns = columns;
        self
    }

    /// Longest record in bytes (at most 1 GiB); longer ones are refused.
    pub fn with_max_record(mut self, bytes: u32) -> Self {
        self.max_record = bytes;
        self
    }

    /// Threads that score. One scores on the calling thread.
    pub fn with_threads(mut self, threads: NonZeroUsize) -> Self {
        self.threads = threads;
        self
    }

    /// Counts what each rule does, for [`Outcome::profile`].
    pub fn with_profile(mut self) -> Self {
        self.profiling = Profiling::Kept;
        self
    }
}

/// Told of a run while it goes, on the calling thread, in input order.
pub trait Observer {
    /// A row was refused. Of a chunk with many such rows, the first are told.
    fn rejected(&mut self, error: &RowError) {
        let _ = error;
    }

    /// So many more rows of this chunk were refused, which are in the output and in the summary, but not told.
    fn rejected_more(&mut self, count: u64) {
        let _ = count;
    }

    /// A chunk's rows were written; `so_far` counts all rows until now.
    fn progress(&mut self, so_far: &Summary) {
        let _ = so_far;
    }
}

/// Nobody watches.
impl Observer for () {}

/// How a run ended.
#[derive(Debug)]
#[non_exhaustive]
pub enum End {
    /// All input was read, and all output written.
    Complete,
    /// The caller asked to stop. What was read was scored and written.
    Interrupted,
    /// Whoever read the output no longer does.
    OutputClosed,
    /// An input could not be opened, or read to its end. All whole rows before were scored and written; later inputs were not read.
    Incomplete(Error),
}

/// What a run came to.
#[derive(Debug)]
#[must_use = "a run can end early without an error; `end` says so"]
pub struct Outcome {
    /// How it ended.
    pub end: End,
    /// Counts of all rows that were written or withheld.
    pub summary: Summary,
    /// What each rule did in these rows, if that was asked for.
    pub profile: Option<Profile>,
}

/// Scores all inputs, one after another, and writes one JSON line for each row.
///
/// `interrupted` is looked at between chunks. Inputs are drawn from the iterator when they are due.
///
/// ```
/// use piepowder::{Engine, Source, Taxonomy};
/// use piepowder_io::{End, Input, Options, score_stream};
/// # let pack = Source::new("demo/pack.toml", "format = 1\nname = \"demo\"\nversion = \"1.0.0\"\nreleased = 2026-11-21\nlicense = \"CC0-1.0\"\n\
/// #     owner = \"you\"\n[[offense]]\nkey = \"wands\"\nrank = 1\ntitle = \"Unlicensed wands\"\nproposition = \"The text offers a wand.\"\n");
/// let engine = Engine::builder().taxonomy(&Taxonomy::from_sources([pack])?).build()?;
/// let input = Input::new("listings.jsonl", &b"{\"id\":\"a1\",\"title\":\"Oak desk\"}\n"[..]);
/// let mut output = Vec::new();
/// let outcome = score_stream(&engine, [Ok(input)], &mut output, &Options::new(), &mut (), &false.into())?;
/// assert!(matches!(outcome.end, End::Complete));
/// assert_eq!(outcome.summary.scored(), 1);
/// assert!(output.starts_with(b"{\"v\":1,\"id\":\"a1\",\"tier\":\"clear\""));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// A setting that does not fit the engine, or output that cannot be written. Input that cannot be read is no error but an end.
pub fn score_stream<'a, I>(
    engine: &Engine,
    inputs: I,
    output: &mut dyn Write,
    options: &Options,
    observer: &mut dyn Observer,
    interrupted: &AtomicBool,
) -> Result<Outcome, Error>
where
    I: IntoIterator<Item = Result<Input<'a>, Error>>,
    I::IntoIter: Send,
{
    let min_rank = match &options.min_tier {
        None => 0,
        Some(name) => engine.policy().tiers().iter().position(|t| t.name() == name).ok_or_else(|| {
            let names: Vec<&str> = engine.policy().tiers().iter().map(|t| t.name()).collect();
            Error::new(ErrorKind::Setting, format!("the policy has no tier of that name; it has {}", names.join(", ")))
        })?,
    };
    let feed = Feed::new(inputs.into_iter(), options.max_record);
    let worker = || Worker::new(engine, &options.columns, options.json, min_rank);
    let profile = || (options.profiling == Profiling::Kept).then(|| Profile::new(engine));
    let job = || Job::new(engine, profile());
    let mut writer = Writer { output, observer, summary: Summary::new(engine), profile: profile() };
    let end = match options.threads.get() {
        1 => run_inline(feed, &mut worker(), &mut job(), &mut writer, interrupted),
        count => threads::run(feed, count, &worker, job, &mut writer, interrupted),
    }?;
    let flushed = writer.output.flush();
    let end = match flushed {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => End::OutputClosed,
        Err(error) => return Err(write_error(error)),
        Ok(()) => end,
    };
    Ok(Outcome { end, summary: writer.summary, profile: writer.profile })
}

fn write_error(error: io::Error) -> Error {
    Error::io(ErrorKind::Write, "the output could not be written", error)
}

/// The end of the pipeline: bytes out, observer told, counts added.
pub(crate) struct Writer<'w> {
    pub(crate) output: &'w mut dyn Write,
    pub(crate) observer: &'w mut dyn Observer,
    pub(crate) summary: Summary,
    pub(crate) profile: Option<Profile>,
}

impl Writer<'_> {
    /// Writes a job. Some end means that nobody reads any more.
    pub(crate) fn write(&mut self, job: &Job) -> Result<Option<End>, Error> {
        match self.output.write_all(&job.output) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(Some(End::OutputClosed)),
            Err(error) => return Err(write_error(error)),
        }
        job.errors.iter().for_each(|error| self.observer.rejected(error));
        if job.untold > 0 {
            self.observer.rejected_more(job.untold);
        }
        self.summary.merge(&job.summary);
        if let (Some(profile), Some(more)) = (&mut self.profile, &job.profile) {
            profile.merge(more);
        }
        self.observer.progress(&self.summary);
        Ok(None)
    }
}

fn run_inline<'a, I: Iterator<Item = Result<Input<'a>, Error>>>(
    mut feed: Feed<'a, I>,
    worker: &mut Worker<'_>,
    job: &mut Job,
    writer: &mut Writer<'_>,
    interrupted: &AtomicBool,
) -> Result<End, Error> {
    loop {
        if interrupted.load(Ordering::Relaxed) {
            return Ok(End::Interrupted);
        }
        match feed.next(&mut job.chunk) {
            Ok(true) => {}
            Ok(false) => return Ok(End::Complete),
            Err(error) => return Ok(End::Incomplete(error)),
        }
        worker.run(job);
        if let Some(end) = writer.write(job)? {
            return Ok(end);
        }
    }
}
