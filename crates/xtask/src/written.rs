//! Campaign `written`: offers and lawful listings that were written, or generated, for the project: `testdata/written`, `testdata/lawful`;
//! and of what nature the evidence is for goods that are sold under conditions, beside offers. The part that was written by people who had
//! not seen the packs is reported first and by itself. Invariant: labels are joined after scoring, by place; they never reach the engine.

use crate::arguments::Arguments;
use crate::corpora::score;
use crate::quality::{LOOKED_AT, OFFENSES, cells};
use crate::record;
use crate::repository::{release, root, scratch};
use anyhow::{Context, Result, bail, ensure};
use piepowder::{Assessment, Engine, Field, Listing, Nature};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

/// Of the part that packs may be tuned on: the least share of offers found, and the most of lawful listings flagged, in percent.
const LEAST_FOUND: usize = 95;
const MOST_FLAGGED: usize = 2;
/// The most of each lawful set that may be flagged, in thousandths.
const MOST_OF_SET: usize = 5;

/// The parts of `testdata/written`, in the order in which they are told.
const PARTS: [(&str, &str, Part); 5] = [
    ("blind", "Written by people who had not seen the packs; nobody tunes on it", Part::Unseen),
    ("aside", "Half of a third batch, written so too, in another manner; nobody tunes on it", Part::Unseen),
    ("rest", "The rest of the first batch, on which the packs may be tuned", Part::Tuned),
    ("more", "A second batch, on which the packs were tuned after the rest", Part::Tuned),
    ("fresh", "The other half of the third batch, on which the packs were tuned last", Part::Tuned),
];

/// Whether packs may be tuned on a part. Of one on which they may not, nothing is asked, and no listing is named.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Unseen,
    Tuned,
}
/// The sets of `testdata/lawful`.
const SETS: [&str; 4] = ["pharmacy", "garden-food", "titles", "luxury"];

/// A listing's label, and which offenses the engine would have a person look at.
struct Row {
    id: String,
    label: String,
    own: [bool; 4],
    /// For any offense, regulated goods among them.
    any: bool,
}

impl Row {
    fn found(&self) -> bool {
        OFFENSES.iter().zip(self.own).any(|(offense, own)| own && *offense == self.label)
    }

    fn flagged(&self) -> bool {
        self.any
    }
}

/// Runs the campaign.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let cli = release("piepowder-cli", "piepowder")?;
    let mut body = String::new();
    let mut missed: Vec<String> = Vec::new();
    for (part, title, kind) in PARTS {
        let offers = read(&cli, &root().join(format!("testdata/written/{part}-offers.jsonl")))?;
        let lawful = read(&cli, &root().join(format!("testdata/written/{part}-negatives.jsonl")))?;
        writeln!(body, "\n### {title}\n\n| | listings | |\n|---|---:|---:|")?;
        for offense in OFFENSES {
            let own: Vec<&Row> = offers.iter().filter(|r| r.label == offense).collect();
            writeln!(body, "| {offense}, found | {} |", cells(own.iter().filter(|r| r.found()).count(), own.len()))?;
        }
        let (found, flagged) = (offers.iter().filter(|r| r.found()).count(), lawful.iter().filter(|r| r.flagged()).count());
        writeln!(body, "| **offers, found** | {} |", cells(found, offers.len()))?;
        for (i, offense) in OFFENSES.iter().enumerate() {
            writeln!(body, "| lawful, flagged for {offense} | {} |", cells(lawful.iter().filter(|r| r.own[i]).count(), lawful.len()))?;
        }
        writeln!(body, "| **lawful, flagged** | {} |", cells(flagged, lawful.len()))?;
        if kind == Part::Tuned {
            ids(&mut body, "Not found", offers.iter().filter(|r| !r.found()))?;
            ids(&mut body, "Flagged", lawful.iter().filter(|r| r.flagged()))?;
            missed.extend((found * 100 < LEAST_FOUND * offers.len()).then(|| format!("offers of `{part}`")));
            missed.extend((flagged * 100 > MOST_FLAGGED * lawful.len()).then(|| format!("lawful listings of `{part}`")));
        }
    }
    writeln!(
        body,
        "\n### Lawful sets, generated from lists (`crates/xtask/lawful`)\n\n| set | flagged | | {} |\n|---|---:|---:|{}",
        OFFENSES.join(" | "),
        "---:|".repeat(4)
    )?;
    for set in SETS {
        let rows = read(&cli, &root().join(format!("testdata/lawful/{set}.jsonl")))?;
        let flagged = rows.iter().filter(|r| r.flagged()).count();
        let own: Vec<String> = (0..4).map(|i| rows.iter().filter(|r| r.own[i]).count().to_string()).collect();
        writeln!(body, "| {set} | {} | {} |", cells(flagged, rows.len()), own.join(" | "))?;
        missed.extend((flagged * 1000 > MOST_OF_SET * rows.len()).then(|| format!("`{set}`")));
    }
    regulated(&mut body, &mut missed)?;
    let missed = if missed.is_empty() { "none".to_owned() } else { missed.join(", ") };
    let asked = format!(
        "parts that are tuned on {LEAST_FOUND} % of offers and at most {MOST_FLAGGED} % of lawful listings, each set at most 0.{MOST_OF_SET} %"
    );
    let head = format!("Words only, tier `review` or above; asked of {asked}.\n");
    record::append("written", "Offers and lawful listings written for the project", arguments, &format!("{head}{body}\nMissed: {missed}.\n"))?;
    Ok(if missed == "none" { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// How a listing comes out: what it rests on where something reaches a tier, else what was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    /// An offense with criminal evidence is above the lowest tier.
    Criminal,
    /// None is, and goods under conditions were named.
    Conditions,
    /// None is, and all that was seen are words of offenses, too weak for a tier.
    Weak,
    Nothing,
}

impl Outcome {
    const ALL: [Outcome; 4] = [Outcome::Criminal, Outcome::Conditions, Outcome::Weak, Outcome::Nothing];

    fn words(self) -> &'static str {
        match self {
            Outcome::Criminal => "a tier is reached by criminal evidence",
            Outcome::Conditions => "**regulatory**: goods or conditions are named, and no tier is reached by criminal evidence",
            Outcome::Weak => "weak words of offenses alone",
            Outcome::Nothing => "no evidence",
        }
    }

    /// How a listing comes out; `floor` is the lowest tier.
    fn of(assessment: &Assessment, floor: &str) -> Outcome {
        let natures = assessment.offenses().iter().filter_map(|(offense, _)| Some((*offense, assessment.nature(*offense)?)));
        let (mut conditions, mut weak) = (false, false);
        for (offense, nature) in natures {
            match nature {
                Nature::Criminal if assessment.tier_of(offense) != floor => return Outcome::Criminal,
                Nature::Criminal => weak = true,
                _ => conditions = true,
            }
        }
        if conditions {
            Outcome::Conditions
        } else if weak {
            Outcome::Weak
        } else {
            Outcome::Nothing
        }
    }
}

/// Files whose natures are told, with whether they are goods that are to come out regulatory: all of them are, or no floor is set.
const NATURES: [(&str, &str, bool); 7] = [
    ("regulated", "200 regulated goods, on which the packs were tuned", true),
    ("regulated-seen", "50 more, written by somebody who had not seen the packs, tuned on in one round", false),
    ("regulated-aside", "50 more of the same hand, kept aside", false),
    ("unregulated-aside", "50 free goods with their words, kept aside", false),
    ("blind-offers", "offers, the blind third", false),
    ("rest-offers", "offers, the rest", false),
    ("aside-offers", "offers, kept aside", false),
];

/// Goods that are sold lawfully under conditions: how they come out, beside offers, which must not come out so.
fn regulated(body: &mut String, missed: &mut Vec<String>) -> Result<()> {
    let engine = Engine::builder().taxonomy(&piepowder_packs::taxonomy()).build()?;
    writeln!(body, "\n### Goods that are sold lawfully under conditions\n")?;
    for (file, title, all_of_them) in NATURES {
        let text = std::fs::read_to_string(root().join(format!("testdata/written/{file}.jsonl")))?;
        let mut outcomes: BTreeMap<Outcome, Vec<String>> = BTreeMap::new();
        let (mut at_review, mut strict, mut all) = (Vec::new(), 0, 0);
        for line in text.lines() {
            let row: Value = serde_json::from_str(line)?;
            let (id, title, description) = (field(&row, "id"), field(&row, "title"), field(&row, "description"));
            let listing = Listing::new().with(Field::Title, title.as_bytes()).with(Field::Description, description.as_bytes());
            let assessment = engine.assess(&listing);
            if assessment.offenses().iter().any(|(offense, _)| LOOKED_AT.contains(&assessment.tier_of(*offense))) {
                at_review.push(id.clone());
            }
            let gravest = assessment.offenses().iter().filter_map(|(offense, _)| assessment.nature(*offense)).min();
            strict += usize::from(gravest.is_some_and(|nature| nature != Nature::Criminal));
            outcomes.entry(Outcome::of(&assessment, engine.policy().tiers()[0].name())).or_default().push(id);
            all += 1;
        }
        writeln!(body, "#### {title}\n\n| how they come out | listings | |\n|---|---:|---:|")?;
        let count = |outcome: Outcome| outcomes.get(&outcome).map_or(0, Vec::len);
        for outcome in Outcome::ALL {
            writeln!(body, "| {} | {} |", outcome.words(), cells(count(outcome), all))?;
        }
        writeln!(body, "| not a word of criminal evidence, however weak, and goods or conditions named | {} |", cells(strict, all))?;
        writeln!(body, "| at `review` or above | {} |\n", cells(at_review.len(), all))?;
        if all_of_them {
            let named = |ids: Option<&Vec<String>>| ids.filter(|ids| !ids.is_empty()).map_or("none".to_owned(), |ids| ids.join(", "));
            let [criminal, weak, nothing] = [Outcome::Criminal, Outcome::Weak, Outcome::Nothing].map(|outcome| named(outcomes.get(&outcome)));
            writeln!(body, "Criminal: {criminal}. Weak words alone: {weak}. No evidence: {nothing}. At review: {}.\n", named(Some(&at_review)))?;
            let other = all - count(Outcome::Conditions);
            missed.extend((other > 0).then(|| format!("{other} of {all} regulated goods")));
        }
    }
    Ok(())
}

fn field(row: &Value, name: &str) -> String {
    row[name].as_str().unwrap_or_default().to_owned()
}

fn ids<'r>(body: &mut String, title: &str, rows: impl Iterator<Item = &'r Row>) -> Result<()> {
    let ids: Vec<&str> = rows.map(|r| r.id.as_str()).collect();
    writeln!(body, "\n{title}: {}.", if ids.is_empty() { "none".to_owned() } else { ids.join(", ") })?;
    Ok(())
}

/// Scores a file of listings and joins labels with answers.
fn read(cli: &std::path::Path, file: &PathBuf) -> Result<Vec<Row>> {
    let output = scratch()?.join("written-scores.jsonl");
    let (status, said) = score(cli, file, &output, &["--only", "title,description", "--evidence", "none"])?;
    if status != Some(0) {
        bail!("piepowder score: exit status {status:?}\n{said}");
    }
    let (listings, answers) = (std::fs::read_to_string(file)?, std::fs::read_to_string(&output)?);
    std::fs::remove_file(&output)?;
    ensure!(listings.lines().count() == answers.lines().count(), "{}: an answer for each listing", file.display());
    let rows = listings.lines().zip(answers.lines()).map(|(listing, answer)| {
        let (listing, answer): (Value, Value) = (serde_json::from_str(listing)?, serde_json::from_str(answer)?);
        let own = OFFENSES.map(|offense| answer["tiers"][offense].as_str().is_some_and(|t| LOOKED_AT.contains(&t)));
        let mut tiers = answer["tiers"].as_object().into_iter().flatten().filter_map(|(_, tier)| tier.as_str());
        let any = tiers.any(|t| LOOKED_AT.contains(&t));
        let id = listing["id"].as_str().context("a listing has an id")?.to_owned();
        Ok(Row { id, label: listing["label"].as_str().unwrap_or("benign").to_owned(), own, any })
    });
    rows.collect()
}
