//! Campaign `disguise`: what survives a seeded attacker. Listings that are sent to review when clean are disguised, family by family, and
//! scored again on title and description; benign ones too, for what the undoing of disguise must not cost. Labels choose rows and never
//! reach the engine. Invariant: a family is judged by counts of rows; the same seed and rows give the same record.

use crate::arguments::Arguments;
use crate::rows::{self, Seeded};
use anyhow::{Context, Result, bail};
use piepowder::{Engine, Field, Listing, OffenseId, Scratch, Taxonomy};
use piepowder_testkit::attack::{Family, disguise, with_every_excuse, with_excuses};
use piepowder_testkit::generate::Random;
use serde_json::{Value, json};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;

/// The tier from which a person looks.
const LOOKED_AT: &str = "review";
/// Rows of an offense, at most.
const ROWS: usize = 1_500;
/// Rows of a benign corpus, at most.
const BENIGN: usize = 1_000;
const SEED: usize = 2_026;
const THREADS: usize = 2;

/// What is done to a listing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Attack {
    Words(Family),
    /// A term of every excuse, behind the description.
    Excuses,
    /// All terms of every excuse, behind the description.
    EveryExcuse,
    /// A term of every excuse, behind title and description.
    ExcusesSpread,
}

/// What a family must keep, in percent.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Target {
    Floor(f64),
    /// Worth reaching; missing it is no failure.
    Aim(f64),
    Reported,
}

impl Attack {
    fn all() -> impl Iterator<Item = Attack> {
        Family::ALL.iter().copied().map(Attack::Words).chain([Attack::Excuses, Attack::EveryExcuse, Attack::ExcusesSpread])
    }

    fn name(self) -> &'static str {
        match self {
            Attack::Words(family) => family.name(),
            Attack::Excuses => "excuses",
            Attack::EveryExcuse => "excuses-all",
            Attack::ExcusesSpread => "excuses-spread",
        }
    }

    fn target(self) -> Target {
        use Family::*;
        match self {
            Attack::Words(family) => match family {
                ZeroWidth | SoftHyphen | VariationSelectors | TagCharacters | CombiningFlood | FullWidth | Mathematical => Target::Floor(99.5),
                Enclosed | Squared | NegativeSquared | NegativeCircled | Regional | Parenthesized | BidiOverride => Target::Floor(99.0),
                HomoglyphsSome | MarkupInside | Entities | HiddenElement => Target::Floor(98.0),
                HomoglyphsWhole => Target::Floor(97.0),
                Leet | Repeats | Spaced | Dotted | Hyphenated | Underscored | SpacedWide | NewlineLetters | NewlineSplit => Target::Floor(93.0),
                EditLong | TwoFamilies => Target::Aim(80.0),
                Edit | HomoglyphAscii => Target::Reported,
            },
            Attack::Excuses | Attack::EveryExcuse | Attack::ExcusesSpread => Target::Floor(98.0),
        }
    }

    /// Title and description after the attack.
    fn texts<'r>(self, row: &'r Row, bench: &Bench) -> (Cow<'r, str>, Cow<'r, str>) {
        let taxonomy = &bench.taxonomy;
        let excuse: &dyn Fn(&str) -> bool = &|words| !bench.offers.contains(words);
        let random = &mut Random::new(bench.seed ^ Random::new(row.number).bits());
        let (first, second) = (random.bits(), random.bits());
        let (title, description) = (row.title.as_str(), row.description.as_str());
        let excused = |text: &str, words: &str| Cow::Owned(format!("{text}, {words}"));
        match self {
            Attack::Words(family) => (disguise(family, title, first).into(), disguise(family, description, second).into()),
            Attack::ExcusesSpread => {
                let [in_title, below] = ["title", "description"].map(|field| with_excuses(taxonomy, field, first, excuse));
                (excused(title, &in_title), if description.is_empty() { description.into() } else { excused(description, &below) })
            }
            Attack::Excuses | Attack::EveryExcuse => {
                let field = if description.is_empty() { "title" } else { "description" };
                let words = if self == Attack::Excuses {
                    with_excuses(taxonomy, field, first, excuse)
                } else {
                    with_every_excuse(taxonomy, field, first, excuse)
                };
                if description.is_empty() { (excused(title, &words), description.into()) } else { (title.into(), excused(description, &words)) }
            }
        }
    }
}

/// A labelled row of the corpora.
#[derive(Debug)]
struct Row {
    /// Its place among all rows of all files, which its disguise is drawn from.
    number: u64,
    id: String,
    corpus: String,
    label: String,
    title: String,
    description: String,
}

/// What the engine said of a listing, by offense in taxonomy order.
#[derive(Clone, Debug, Default)]
struct Answer {
    /// Whether the offense's own tier is one at which a person looks.
    looked_at: Vec<bool>,
    /// Whether any group speaks for the offense.
    evidence: Vec<bool>,
}

impl Answer {
    fn any(&self) -> bool {
        self.looked_at.contains(&true)
    }
}

/// What rows are scored with.
struct Bench {
    taxonomy: Taxonomy,
    engine: Engine,
    offenses: Vec<(OffenseId, String)>,
    /// Names of the tiers from which a person looks.
    tiers: Vec<String>,
    seed: u64,
    /// Words of excuses that send a listing of nothing else to review: an offense's word that excuses another's (a scan is no made paper).
    /// Nobody appends them to look lawful.
    offers: BTreeSet<String>,
}

impl Bench {
    fn new(seed: u64) -> Result<Bench> {
        let taxonomy = piepowder_packs::taxonomy();
        let engine = Engine::builder().taxonomy(&taxonomy).build()?;
        let offenses = engine.offenses().map(|(id, o)| (id, o.key().to_string())).collect();
        let tiers = engine.policy().tiers().iter().map(|t| t.name().to_string()).skip_while(|t| t != LOOKED_AT).collect();
        let mut bench = Bench { taxonomy, engine, offenses, tiers, seed, offers: BTreeSet::new() };
        let scratch = &mut bench.engine.create_scratch();
        let excuses = bench.taxonomy.rules().filter(|rule| rule.excuse().is_some());
        let words = excuses.flat_map(|rule| rule.terms().chain(rule.substrings()));
        bench.offers = words.filter(|words| bench.assess(scratch, "", words).any()).map(str::to_owned).collect();
        Ok(bench)
    }

    fn assess(&self, scratch: &mut Scratch, title: &str, description: &str) -> Answer {
        let listing = Listing::new().with(Field::Title, title.as_bytes()).with(Field::Description, description.as_bytes());
        let assessment = self.engine.assess_with(scratch, &listing);
        let looked_at = |(id, _): &(OffenseId, String)| self.tiers.iter().any(|t| t == assessment.tier_of(*id));
        let evidence = |(id, _): &(OffenseId, String)| assessment.groups().iter().any(|g| g.offense() == *id && g.net() > 0);
        Answer { looked_at: self.offenses.iter().map(looked_at).collect(), evidence: self.offenses.iter().map(evidence).collect() }
    }

    /// The answers for all rows, in their order, disguised or not.
    fn answers(&self, rows: &[&Row], attack: Option<Attack>) -> Vec<Answer> {
        let part = |rows: &[&Row]| -> Vec<Answer> {
            let mut scratch = self.engine.create_scratch();
            let answer = |row: &&Row| match attack {
                None => self.assess(&mut scratch, &row.title, &row.description),
                Some(attack) => {
                    let (title, description) = attack.texts(row, self);
                    self.assess(&mut scratch, &title, &description)
                }
            };
            rows.iter().map(answer).collect()
        };
        std::thread::scope(|scope| {
            let parts = rows.chunks(rows.len().div_ceil(THREADS).max(1)).map(|rows| scope.spawn(move || part(rows)));
            let started: Vec<_> = parts.collect();
            started.into_iter().flat_map(|thread| thread.join().expect("scoring does not panic")).collect()
        })
    }
}

/// Rows that are attacked.
struct Sample<'r> {
    /// By offense: rows of its label that its tier sends to review when clean.
    illicit: Vec<Vec<&'r Row>>,
    benign: Vec<&'r Row>,
}

/// Runs the campaign.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let Some(corpora) = arguments.corpora() else {
        println!("SKIPPED: no corpora");
        return Ok(ExitCode::SUCCESS);
    };
    let seed = arguments.number("seed", SEED)?;
    let attacks: Vec<Attack> = match arguments.option("family") {
        None => Attack::all().collect(),
        Some(name) => {
            let names = || Attack::all().map(Attack::name).collect::<Vec<_>>().join(", ");
            vec![Attack::all().find(|a| a.name() == name).with_context(|| format!("no family `{name}`: {}", names()))?]
        }
    };
    let bench = Bench::new(seed as u64)?;
    let all = read(&corpora)?;
    let sample = draw(&bench, &all, arguments.number("rows", ROWS)?, arguments.number("benign", BENIGN)?);
    if let Some(what) = arguments.option("list") {
        return list(&bench, &sample, &attacks, what);
    }
    let mut body = format!("Seed {seed}, words only, engine `{}`.\n", bench.engine.digest());
    writeln!(body, "Left out of the excuses that are appended, for they are offers by themselves: {} words.", bench.offers.len())?;
    let kept = kept(&bench, &sample, &attacks, &mut body)?;
    let flagged = flagged(&bench, &sample, &attacks, &mut body)?;
    let missed: Vec<String> = kept.into_iter().map(String::from).chain(flagged.into_iter().map(|name| format!("{name} on benign rows"))).collect();
    writeln!(body, "\nMissed: {}.", if missed.is_empty() { "none".to_string() } else { missed.join(", ") })?;
    if attacks.len() > 1 {
        crate::record::append("disguise", "What survives disguise", arguments, &body)?;
    } else {
        print!("{body}");
    }
    Ok(if missed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The rows with a label that counts here.
fn read(corpora: &Path) -> Result<Vec<Row>> {
    let mut all = Vec::new();
    let mut number = 0;
    for file in rows::files(corpora)? {
        let corpus = rows::name(&file);
        rows::each_line(&file, |line| {
            number += 1;
            let row: Value = serde_json::from_slice(line)?;
            let text = |name: &str| row[name].as_str().unwrap_or("").to_string();
            let label = text("label");
            if label != "other" {
                all.push(Row { number, id: text("id"), corpus: corpus.clone(), label, title: text("title"), description: text("description") });
            }
            Ok(())
        })?;
    }
    Ok(all)
}

/// At most so many, drawn by the seed, in the order in which they were.
fn some(mut rows: Vec<&Row>, most: usize, seed: u64) -> Vec<&Row> {
    Seeded(seed).shuffle(&mut rows);
    rows.truncate(most);
    rows.sort_by_key(|row| row.number);
    rows
}

fn draw<'r>(bench: &Bench, all: &'r [Row], most: usize, most_benign: usize) -> Sample<'r> {
    let mut illicit = Vec::new();
    for (i, (_, offense)) in bench.offenses.iter().enumerate() {
        let labelled: Vec<&Row> = all.iter().filter(|row| row.label == *offense).collect();
        let clean = bench.answers(&labelled, None);
        let found = labelled.into_iter().zip(clean).filter(|(_, answer)| answer.looked_at[i]).map(|(row, _)| row).collect();
        illicit.push(some(found, most, bench.seed));
    }
    let mut corpora: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
    for row in all.iter().filter(|row| row.label == "benign") {
        corpora.entry(row.corpus.as_str()).or_default().push(row);
    }
    let benign = corpora.into_values().flat_map(|rows| some(rows, most_benign, bench.seed)).collect();
    Sample { illicit, benign }
}

fn percent(part: usize, whole: usize) -> f64 {
    100.0 * part as f64 / whole.max(1) as f64
}

/// Each offense counts the same; offenses without a row count nothing.
fn macro_average(counts: &[(usize, usize)]) -> f64 {
    let rates: Vec<f64> = counts.iter().filter(|(_, whole)| *whole > 0).map(|(part, whole)| percent(*part, *whole)).collect();
    rates.iter().sum::<f64>() / rates.len().max(1) as f64
}

/// The columns `aim or floor` and `verdict`.
fn verdict(target: Target, rate: f64) -> (String, &'static str) {
    match target {
        Target::Floor(floor) => (format!("{floor:.1} %"), if rate >= floor { "reached" } else { "MISSED" }),
        Target::Aim(aim) => (format!("aim {aim:.1} %"), if rate >= aim { "reached" } else { "below the aim" }),
        Target::Reported => ("-".to_string(), "reported"),
    }
}

/// The table of what is still sent to review, for its own offense. The names of the families that miss their floor.
fn kept(bench: &Bench, sample: &Sample<'_>, attacks: &[Attack], body: &mut String) -> Result<Vec<&'static str>> {
    let keys: Vec<&str> = bench.offenses.iter().map(|(_, key)| key.as_str()).collect();
    let rows: usize = sample.illicit.iter().map(Vec::len).sum();
    writeln!(body, "\n### Illicit rows that are at `{LOOKED_AT}` or above for their own offense when clean, and still are: {rows} rows\n")?;
    writeln!(body, "| family | {} | macro-average | floor | |", keys.join(" | "))?;
    writeln!(body, "|---|{}---:|---:|---|", "---:|".repeat(keys.len()))?;
    let mut missed = Vec::new();
    for attack in attacks {
        let mut counts = Vec::new();
        let mut others = Vec::new();
        for (i, rows) in sample.illicit.iter().enumerate() {
            let answers = bench.answers(rows, Some(*attack));
            counts.push((answers.iter().filter(|a| a.looked_at[i]).count(), rows.len()));
            let with_evidence = answers.iter().filter(|a| a.evidence[i]);
            others.push((with_evidence.clone().filter(|a| a.looked_at[i]).count(), with_evidence.count()));
        }
        let beside = *attack == Attack::Words(Family::EditLong);
        // The aim of `edit-long` is for listings in which something else still speaks.
        line(body, attack.name(), &counts, if beside { Target::Reported } else { attack.target() }, &mut missed)?;
        if beside {
            line(body, "edit-long, rows with other evidence", &others, attack.target(), &mut missed)?;
        }
    }
    Ok(missed)
}

fn line(body: &mut String, name: &'static str, counts: &[(usize, usize)], target: Target, missed: &mut Vec<&'static str>) -> Result<()> {
    let rate = macro_average(counts);
    let cells: Vec<String> = counts.iter().map(|(part, whole)| format!("{part} of {whole}")).collect();
    let (floor, verdict) = verdict(target, rate);
    writeln!(body, "| {name} | {} | {rate:.2} % | {floor} | {verdict} |", cells.join(" | "))?;
    if matches!(target, Target::Floor(floor) if rate < floor) {
        missed.push(name);
    }
    Ok(())
}

/// The table of benign rows that are sent to review, clean and disguised. The names of the families that flag too many.
fn flagged(bench: &Bench, sample: &Sample<'_>, attacks: &[Attack], body: &mut String) -> Result<Vec<&'static str>> {
    let whole = sample.benign.len();
    let by_corpus = |answers: &[Answer]| {
        let mut corpora: BTreeMap<&str, usize> = BTreeMap::new();
        for (row, _) in sample.benign.iter().zip(answers).filter(|(_, answer)| answer.any()) {
            *corpora.entry(row.corpus.as_str()).or_default() += 1;
        }
        let cells: Vec<String> = corpora.iter().map(|(corpus, count)| format!("{corpus} {count}")).collect();
        (corpora.values().sum::<usize>(), if cells.is_empty() { "-".to_string() } else { cells.join(", ") })
    };
    let (clean, cells) = by_corpus(&bench.answers(&sample.benign, None));
    let limit = 1.5 * percent(clean, whole) + 0.5;
    writeln!(body, "\n### Benign rows at `{LOOKED_AT}` or above for an offense, all corpora together: {whole} rows\n")?;
    body.push_str("| family | flagged | rate | limit | | by corpus |\n|---|---:|---:|---:|---|---|\n");
    writeln!(body, "| clean | {clean} of {whole} | {:.2} % | - | | {cells} |", percent(clean, whole))?;
    let mut missed = Vec::new();
    for attack in attacks {
        let (count, cells) = by_corpus(&bench.answers(&sample.benign, Some(*attack)));
        let rate = percent(count, whole);
        let verdict = if rate <= limit { "reached" } else { "MISSED" };
        writeln!(body, "| {} | {count} of {whole} | {rate:.2} % | {limit:.2} % | {verdict} | {cells} |", attack.name())?;
        if rate > limit {
            missed.push(attack.name());
        }
    }
    Ok(missed)
}

/// Prints what a family loses of an offense, or flags among the benign.
fn list(bench: &Bench, sample: &Sample<'_>, attacks: &[Attack], what: &str) -> Result<ExitCode> {
    let offense = bench.offenses.iter().position(|(_, key)| key == what);
    let rows = match offense {
        Some(i) => &sample.illicit[i],
        None if what == "benign" => &sample.benign,
        None => bail!("--list takes an offense or `benign`, not `{what}`"),
    };
    for attack in attacks {
        for (row, answer) in rows.iter().zip(bench.answers(rows, Some(*attack))) {
            if offense.map_or(answer.any(), |i| !answer.looked_at[i]) {
                let (title, description) = attack.texts(row, bench);
                println!("{}", json!({ "id": row.id, "family": attack.name(), "title": title, "description": description }));
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use super::{Attack, Bench, Family, Row, Sample, Target, draw, flagged, kept, macro_average, some, verdict};

    fn row(number: u64, label: &str, title: &str) -> Row {
        let (corpus, id) = ("made".to_string(), format!("made-{number}"));
        Row { number, id, corpus, label: label.to_string(), title: title.to_string(), description: String::new() }
    }

    #[test]
    fn each_offense_counts_the_same() {
        assert!((macro_average(&[(1, 2), (9, 9), (0, 0)]) - 75.0).abs() < 1e-9);
        assert!(macro_average(&[]).abs() < 1e-9);
        assert_eq!(verdict(Target::Floor(98.0), 98.0).1, "reached");
        assert_eq!(verdict(Target::Floor(98.0), 97.99).1, "MISSED");
        assert_eq!(verdict(Target::Aim(80.0), 10.0).1, "below the aim");
    }

    #[test]
    fn attacks_have_one_name_each() {
        let mut names: Vec<&str> = Attack::all().map(Attack::name).collect();
        names.sort_unstable();
        let all = names.len();
        names.dedup();
        assert_eq!((all, names.len()), (Family::ALL.len() + 3, Family::ALL.len() + 3));
    }

    #[test]
    fn a_sample_keeps_the_order_and_what_was_clean_falls_out() {
        let bench = Bench::new(7).unwrap();
        let rows = [
            row(1, "narcotics", "Pure cocaine, 3.5 g"),
            row(2, "narcotics", "Oak desk"),
            row(3, "benign", "Oak desk"),
            row(4, "narcotics", "Uncut cocaine, 7 g"),
            row(5, "benign", "Wool socks"),
        ];
        let sample = draw(&bench, &rows, 10, 1);
        let ids = |rows: &[&Row]| rows.iter().map(|row| row.number).collect::<Vec<_>>();
        assert_eq!(ids(&sample.illicit[0]), [1, 4]);
        assert_eq!(sample.benign.len(), 1);
        assert_eq!(ids(&some(rows.iter().collect(), 9, 3)), [1, 2, 3, 4, 5]);
    }

    #[test]
    fn tables_count_what_the_engine_kept_and_flagged() {
        let bench = Bench::new(7).unwrap();
        let rows = [row(1, "narcotics", "Pure cocaine, 3.5 g"), row(2, "benign", "Oak desk")];
        let sample = Sample { illicit: vec![vec![&rows[0]], Vec::new(), Vec::new(), Vec::new()], benign: vec![&rows[1]] };
        let mut body = String::new();
        let attacks = [Attack::Words(Family::FullWidth), Attack::Words(Family::EditLong)];
        assert_eq!(kept(&bench, &sample, &attacks, &mut body).unwrap(), [] as [&str; 0], "{body}");
        assert!(body.contains("| full-width | 1 of 1 | 0 of 0 | 0 of 0 | 0 of 0 | 100.00 % | 99.5 % | reached |"), "{body}");
        assert!(body.contains("| edit-long, rows with other evidence |"), "{body}");
        assert_eq!(flagged(&bench, &sample, &attacks, &mut body).unwrap(), [] as [&str; 0], "{body}");
        assert!(body.contains("| full-width | 0 of 1 | 0.00 % | 0.50 % | reached | - |"), "{body}");
    }
}
