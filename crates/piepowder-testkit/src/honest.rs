//! Honest listings: what the engine makes of texts in which it has nothing to find. It reads rows, scores title and description with engine
//! and oracle, and counts; what is too much is for the caller to say. Invariant: the language of a row never reaches the engine.

use crate::{Oracle, compare};
use piepowder::{Engine, Field, Listing, Scratch};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// The group that weighs the disguise itself.
pub const DISGUISE: &str = "signals.disguise";
/// What disguise may contribute to an honest listing, in centibans.
pub const MOST_DISGUISE: i32 = 20;
/// Transforms that are no sign of disguise: other spellings and forms of the same letters.
pub const PLAIN: [&str; 2] = ["accent", "compatibility"];

/// A listing that offers nothing illegal.
#[derive(Clone, Debug, Deserialize)]
pub struct Honest {
    /// Names the row.
    pub id: String,
    /// The listing's title.
    pub title: String,
    /// The listing's description.
    pub description: String,
}

impl Honest {
    /// The rows of a file, one line of JSON each.
    ///
    /// # Errors
    /// When a line is no such row, with its number.
    pub fn read(text: &str) -> Result<Vec<Honest>, String> {
        text.lines().enumerate().map(|(i, line)| serde_json::from_str(line).map_err(|e| format!("line {}: {e}", i + 1))).collect()
    }

    fn listing(&self) -> Listing<'_> {
        Listing::new().with(Field::Title, self.title.as_bytes()).with(Field::Description, self.description.as_bytes())
    }
}

/// What was said of one honest listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The listing's tier, coverage heeded.
    pub tier: String,
    /// Whether some offense by itself is above the policy's first tier.
    pub above: bool,
    /// Whether the listing's tier is above the first one, and the policy's tier for its coverage is as high: nothing else raised it.
    pub coverage_alone: bool,
    /// The most that the group [`DISGUISE`] contributes to an offense; none when no pack has the group.
    pub disguise: Option<i32>,
    /// Rules that contribute more than 0 to some offense, by key, with the most that each does.
    pub rules: BTreeMap<String, i32>,
    /// Those of them whose best match was read through more than [`PLAIN`].
    pub undone: BTreeSet<String>,
    /// What engine and oracle say, where they differ.
    pub difference: Option<String>,
}

impl Verdict {
    /// Scores a listing with engine and oracle.
    pub fn of(engine: &Engine, oracle: &Oracle, scratch: &mut Scratch, row: &Honest) -> Verdict {
        let listing = row.listing();
        let difference = compare(engine, oracle, &listing).err();
        let assessment = engine.assess_with(scratch, &listing);
        let (policy, decision) = (engine.policy(), assessment.decision());
        let first = policy.tiers()[0].name();
        let above = engine.offenses().any(|(id, _)| assessment.tier_of(id) != first);
        let raised_to = policy.tiers().iter().position(|t| t.name() == policy.coverage_tier(assessment.coverage()).name()).unwrap_or(0);
        let disguise = engine.group_id(DISGUISE).map(|g| assessment.groups().iter().filter(|n| n.group() == g).map(|n| n.net()).max().unwrap_or(0));
        let (mut rules, mut undone) = (BTreeMap::new(), BTreeSet::new());
        for line in assessment.evidence() {
            let most = engine.offenses().map(|(id, _)| line.weight(id)).max().unwrap_or(0);
            if let Some(rule) = line.rule().filter(|_| most > 0) {
                let key = engine.rule(rule).key();
                rules.insert(key.to_string(), most);
                undone.extend(line.transforms().names().any(|name| !PLAIN.contains(&name)).then(|| key.to_string()));
            }
        }
        let coverage_alone = !above && decision.rank() > 0 && decision.rank() <= raised_to;
        Verdict { tier: decision.tier().to_string(), above, coverage_alone, disguise, rules, undone, difference }
    }

    /// Whether disguise contributes more than it may.
    pub fn disguised(&self) -> bool {
        self.disguise.is_some_and(|net| net > MOST_DISGUISE)
    }
}

/// Counts over the listings of a language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Listings.
    pub rows: usize,
    /// Ids of those with an offense above the first tier, with the rules that contribute.
    pub above: Vec<(String, Vec<String>)>,
    /// Ids of those to which disguise contributes more than [`MOST_DISGUISE`], with the rules that contribute.
    pub disguised: Vec<(String, Vec<String>)>,
    /// Listings that coverage alone raised.
    pub coverage_alone: usize,
    /// Listings by their tier.
    pub tiers: BTreeMap<String, usize>,
    /// Listings in which a rule contributes more than 0, by its key.
    pub rules: BTreeMap<String, usize>,
    /// Of these, the listings in which disguise was undone to see it.
    pub undone: BTreeMap<String, usize>,
    /// Ids of those of which engine and oracle say different things, with what they say.
    pub differences: Vec<(String, String)>,
}

impl Tally {
    /// Counts one more.
    pub fn add(&mut self, id: &str, verdict: Verdict) {
        self.rows += 1;
        let named = || (id.to_string(), verdict.rules.keys().cloned().collect());
        self.above.extend(verdict.above.then(named));
        self.disguised.extend(verdict.disguised().then(named));
        self.coverage_alone += usize::from(verdict.coverage_alone);
        for rule in verdict.rules.keys() {
            *self.rules.entry(rule.clone()).or_default() += 1;
        }
        for rule in verdict.undone {
            *self.undone.entry(rule).or_default() += 1;
        }
        *self.tiers.entry(verdict.tier).or_default() += 1;
        self.differences.extend(verdict.difference.map(|d| (id.to_string(), d)));
    }

    /// Scores these listings, all of them.
    pub fn of(engine: &Engine, oracle: &Oracle, rows: &[Honest]) -> Tally {
        let mut scratch = engine.create_scratch();
        let mut tally = Tally::default();
        for row in rows {
            tally.add(&row.id, Verdict::of(engine, oracle, &mut scratch, row));
        }
        tally
    }

    /// At least 99.5 % have no offense above the first tier.
    pub fn is_clear_enough(&self) -> bool {
        self.above.len() * 1000 <= self.rows * 5
    }

    /// Disguise contributes no more than it may on at least 99 %.
    pub fn is_plain_enough(&self) -> bool {
        self.disguised.len() * 100 <= self.rows
    }
}
