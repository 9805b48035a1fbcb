//! Engine against oracle on one listing. Equality is that of `Assessment`; the message shows both.

use crate::oracle::Oracle;
use piepowder::{Assessment, Detail, Engine, JsonOptions, Listing, Reveal};

/// Whether engine and oracle say the same of a listing.
///
/// # Errors
/// Both JSON lines, when they differ; and what JSON does not show.
pub fn compare(engine: &Engine, oracle: &Oracle, listing: &Listing<'_>) -> Result<(), String> {
    let (ours, theirs) = (engine.assess(listing), oracle.assess(listing));
    if ours == theirs {
        return Ok(());
    }
    Err(format!(
        "engine {}\noracle {}\nbeside: engine {}\n        oracle {}",
        json(&ours, listing),
        json(&theirs, listing),
        beside(&ours),
        beside(&theirs)
    ))
}

/// The assessment's line with everything shown.
pub fn json(assessment: &Assessment, listing: &Listing<'_>) -> String {
    let mut out = Vec::new();
    assessment.write_json(b"1", listing, &JsonOptions::new().with_detail(Detail::Full).with_reveal(Reveal::Shown), &mut out);
    String::from_utf8_lossy(&out).into_owned()
}

fn beside(assessment: &Assessment) -> String {
    let spans = |line| assessment.other_spans(line).iter().map(|(f, s)| (f.index(), s.start, s.end)).collect::<Vec<_>>();
    let others: Vec<_> = assessment.evidence().iter().map(|line| (line.transforms(), spans(line))).collect();
    format!("{:?} {:?} {others:?}", assessment.decision(), assessment.groups())
}
