//! One chunk's way through a worker: frames, records, assessments, output lines. Everything it needs is reused from chunk to chunk.
//! Invariant: every frame has exactly one outcome: a blank line counted, an assessment written or withheld, or an error line.

use crate::columns::Columns;
use crate::error::{RowError, write_number};
use crate::jsonl::{Chunk, Frame, Line, LineEnd};
use crate::profile::Profile;
use crate::record::Record;
use crate::summary::{Fate, Summary};
use piepowder::{Engine, FieldId, Flags, JsonOptions, Scratch, Value};
use piepowder_bytes::Kernels;

/// Most errors of a chunk that are told one by one; all are in the output and counted.
const MAX_TOLD: usize = 64;
/// An output buffer that one chunk made larger than this is not kept that large.
const KEPT_OUTPUT: usize = 1 << 20;

/// A chunk and what became of it. Travels between workers and writer.
#[derive(Debug)]
pub(crate) struct Job {
    pub(crate) chunk: Chunk,
    pub(crate) output: Vec<u8>,
    pub(crate) summary: Summary,
    /// Kept only when it was asked for.
    pub(crate) profile: Option<Profile>,
    pub(crate) errors: Vec<RowError>,
    pub(crate) untold: u64,
}

impl Job {
    pub(crate) fn new(engine: &Engine, profile: Option<Profile>) -> Self {
        Job { chunk: Chunk::default(), output: Vec::new(), summary: Summary::new(engine), profile, errors: Vec::new(), untold: 0 }
    }

    fn clear(&mut self) {
        self.output.clear();
        self.output.shrink_to(KEPT_OUTPUT);
        self.summary.clear();
        if let Some(profile) = &mut self.profile {
            profile.clear();
        }
        self.errors.clear();
        self.untold = 0;
    }

    fn refuse(output: &mut Vec<u8>, summary: &mut Summary, told: (&mut Vec<RowError>, &mut u64), id: &[u8], error: RowError) {
        error.write_json(id, output);
        output.push(b'\n');
        summary.reject(error.code());
        let (errors, untold) = told;
        if errors.len() < MAX_TOLD {
            errors.push(error);
        } else {
            *untold += 1;
        }
    }
}

/// One worker's buffers.
pub(crate) struct Worker<'r> {
    engine: &'r Engine,
    json: JsonOptions,
    /// Rows of a lower tier are not written.
    min_rank: usize,
    record: Record<'r>,
    scratch: Scratch,
    declared: Vec<(FieldId, Value<'static>)>,
    id: Vec<u8>,
}

impl<'r> Worker<'r> {
    pub(crate) fn new(engine: &'r Engine, columns: &'r Columns, json: JsonOptions, min_rank: usize) -> Self {
        let (record, scratch) = (Record::with_kernels(columns, Kernels::named(engine.kernels()).unwrap_or_default()), engine.create_scratch());
        Worker { engine, json, min_rank, record, scratch, declared: Vec::new(), id: Vec::new() }
    }

    /// Scores the job's chunk.
    pub(crate) fn run(&mut self, job: &mut Job) {
        job.clear();
        let Job { chunk, output, summary, profile, errors, untold } = job;
        for frame in chunk.frames() {
            match frame {
                Frame::Blank => summary.blank(),
                Frame::TooLong(error) => {
                    self.id.clear();
                    write_number(error.line(), &mut self.id);
                    Job::refuse(output, summary, (&mut *errors, &mut *untold), &self.id, error);
                }
                Frame::Record(line) => match self.record.read(&line) {
                    Ok(()) => self.score(&line, output, summary, profile.as_mut()),
                    Err(error) => Job::refuse(output, summary, (&mut *errors, &mut *untold), self.record.id(), error),
                },
            }
        }
    }

    fn score(&mut self, line: &Line<'_>, output: &mut Vec<u8>, summary: &mut Summary, profile: Option<&mut Profile>) {
        let mut declared = recycle(std::mem::take(&mut self.declared));
        let listing = self.record.listing(line, &mut declared).with_declared(&declared);
        let assessment = self.engine.assess_with(&mut self.scratch, &listing);
        let end = if line.end() == LineEnd::Source { Flags::NO_FINAL_NEWLINE } else { Flags::NONE };
        let flags = self.record.flags().union(end);
        let fate = if assessment.decision().rank() < self.min_rank { Fate::Withheld } else { Fate::Written };
        if fate == Fate::Written {
            assessment.write_json(self.record.id(), &listing, &self.json.with_flags(flags), output);
            output.push(b'\n');
        }
        summary.score(assessment, flags, fate);
        if let Some(profile) = profile {
            profile.score(assessment);
        }
        self.declared = recycle(declared);
    }
}

/// The same allocation for values of another lifetime: an empty vector, collected in place.
fn recycle<'b>(mut values: Vec<(FieldId, Value<'_>)>) -> Vec<(FieldId, Value<'b>)> {
    values.clear();
    values.into_iter().map(|_| unreachable!("the vector is empty")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recycled_vector_keeps_its_allocation() {
        let text = String::from("a");
        let values = vec![(FieldId::new(12), Value::Text(text.as_bytes()))];
        let (place, capacity) = (values.as_ptr() as usize, values.capacity());
        let again: Vec<(FieldId, Value<'static>)> = recycle(values);
        assert_eq!((again.as_ptr() as usize, again.capacity(), again.len()), (place, capacity, 0));
    }
}
