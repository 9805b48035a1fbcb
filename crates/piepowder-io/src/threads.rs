//! Many threads: each takes the next chunk from the input by itself, scores it and hands it to the calling thread, which writes in turn.
//! A fixed number of jobs goes round, so memory does not grow with the input, and no byte of a chunk is copied on its way.
//! Invariant: chunks are numbered in the order of the input, and written in the order of their numbers.

use crate::error::Error;
use crate::input::{Feed, Input};
use crate::job::{Job, Worker};
use crate::pipeline::{End, Writer};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread;

/// What a worker says: a job that is done, with its number; or that it is unwinding, when its job is lost, and waiting for it would be
/// forever.
type Done = Option<(u64, Job)>;

/// Says so when its thread unwinds.
struct Alarm(mpsc::Sender<Done>);

impl Drop for Alarm {
    fn drop(&mut self) {
        if thread::panicking() {
            // Nobody listens any more when the run is over already.
            let _ = self.0.send(None);
        }
    }
}

/// Where workers take their chunks.
struct Source<'s, 'a, I> {
    feed: Feed<'a, I>,
    /// Of the next chunk.
    number: u64,
    end: Option<End>,
    interrupted: &'s AtomicBool,
}

impl<'a, I: Iterator<Item = Result<Input<'a>, Error>>> Source<'_, 'a, I> {
    /// Fills the job and gives its number; none at the end.
    fn next(&mut self, job: &mut Job) -> Option<u64> {
        if self.end.is_some() {
            return None;
        }
        if self.interrupted.load(Ordering::Relaxed) {
            self.end = Some(End::Interrupted);
            return None;
        }
        match self.feed.next(&mut job.chunk) {
            Ok(true) => {
                self.number += 1;
                return Some(self.number - 1);
            }
            Ok(false) => self.end = Some(End::Complete),
            Err(error) => self.end = Some(End::Incomplete(error)),
        }
        None
    }
}

/// Jobs that nobody has. The last one that came back goes first: its buffers are still in the processor's cache.
struct Free {
    jobs: Mutex<Vec<Job>>,
    more: Condvar,
    stop: AtomicBool,
}

impl Free {
    fn take(&self) -> Option<Job> {
        let mut jobs = locked(&self.jobs);
        loop {
            if self.stop.load(Ordering::Relaxed) {
                return None;
            }
            match jobs.pop() {
                Some(job) => return Some(job),
                None => jobs = self.more.wait(jobs).unwrap_or_else(PoisonError::into_inner),
            }
        }
    }

    fn put(&self, job: Job) {
        locked(&self.jobs).push(job);
        self.more.notify_one();
    }

    /// Lets nobody have one any more.
    fn stop(&self) {
        // Under the lock, or somebody could look before and wait after.
        let jobs = locked(&self.jobs);
        self.stop.store(true, Ordering::Relaxed);
        drop(jobs);
        self.more.notify_all();
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(crate) fn run<'a, 'r, I: Iterator<Item = Result<Input<'a>, Error>> + Send>(
    feed: Feed<'a, I>,
    threads: usize,
    worker: &(impl Fn() -> Worker<'r> + Sync),
    new_job: impl Fn() -> Job,
    writer: &mut Writer<'_>,
    interrupted: &AtomicBool,
) -> Result<End, Error> {
    let source = Mutex::new(Source { feed, number: 0, end: None, interrupted });
    let jobs = (0..2 * threads + 1).map(|_| new_job()).collect();
    let free = Free { jobs: Mutex::new(jobs), more: Condvar::new(), stop: AtomicBool::new(false) };
    let (done, results) = mpsc::channel();
    let work = |alarm: Alarm| {
        let mut worker = worker();
        while let Some(mut job) = free.take() {
            let Some(number) = locked(&source).next(&mut job) else { break };
            worker.run(&mut job);
            if alarm.0.send(Some((number, job))).is_err() {
                break;
            }
        }
    };
    let work = &work;
    let early = thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| Alarm(done.clone())).map(|alarm| scope.spawn(move || work(alarm))).collect();
        drop(done);
        let early = write_in_order(&results, &free, writer);
        // Whatever it was, no more is wanted.
        free.stop();
        drop(results);
        for worker in workers {
            worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        }
        early
    });
    let end = source.into_inner().unwrap_or_else(PoisonError::into_inner).end;
    Ok(early?.or(end).unwrap_or(End::Interrupted))
}

/// Writes jobs as their turn comes and hands them back, until there are no more. Some end when the run is to stop early.
fn write_in_order(results: &mpsc::Receiver<Done>, free: &Free, writer: &mut Writer<'_>) -> Result<Option<End>, Error> {
    let mut waiting = BTreeMap::new();
    let mut next = 0;
    for done in results {
        match done {
            // The panic comes out when all threads are done.
            None => return Ok(None),
            Some((number, job)) => waiting.insert(number, job),
        };
        while let Some(job) = waiting.remove(&next) {
            if let Some(end) = writer.write(&job)? {
                return Ok(Some(end));
            }
            next += 1;
            free.put(job);
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::columns::Columns;
    use crate::jsonl::DEFAULT_MAX_RECORD;
    use crate::summary::Summary;
    use piepowder::{Engine, JsonOptions};
    use piepowder::{Source, Taxonomy};

    /// No input can make a worker panic on purpose, so it is done here.
    #[test]
    fn a_panic_of_a_worker_comes_out_and_hangs_nothing() {
        let pack = "format = 1\nname = \"demo\"\nversion = \"1.0.0\"\nreleased = 2026-11-21\nlicense = \"CC0-1.0\"\nowner = \"you\"\n\
            [[offense]]\nkey = \"wands\"\nrank = 1\ntitle = \"Wands\"\nproposition = \"The text offers a wand.\"\n";
        let engine = Engine::builder().taxonomy(&Taxonomy::from_sources([Source::new("demo/pack.toml", pack)]).unwrap()).build().unwrap();
        let columns = Columns::standard();
        let lucky = AtomicBool::new(true);
        // The first worker works, the others are broken.
        let worker = || {
            assert!(lucky.swap(false, Ordering::Relaxed), "a broken worker");
            Worker::new(&engine, &columns, JsonOptions::new(), 0)
        };
        let input = "{}\n".repeat(100_000);
        let mut output = Vec::new();
        let mut writer = Writer { output: &mut output, observer: &mut (), summary: Summary::new(&engine), profile: None };
        let feed = Feed::new([Ok(Input::new("in", input.as_bytes()))].into_iter(), DEFAULT_MAX_RECORD);
        let broken = std::panic::AssertUnwindSafe(|| {
            let ended = super::run(feed, 3, &worker, || Job::new(&engine, None), &mut writer, &AtomicBool::new(false));
            ended.map(|_| ())
        });
        assert!(std::panic::catch_unwind(broken).is_err());
    }
}
