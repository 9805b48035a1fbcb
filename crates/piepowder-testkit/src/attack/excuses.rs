//! What a seller appends who has read the packs: the words of their excuses that are read in that field. Excuses that are patterns alone
//! give no words and are left out, and so is what the caller holds to be no excuse: words that are an offer by themselves. Invariant: the
//! same taxonomy, field, seed and choice give the same bytes.

use crate::generate::Random;
use piepowder::{Rule, Taxonomy};

/// Whether words are appended.
type Choice<'c> = &'c dyn Fn(&str) -> bool;

/// The words of each excuse that has any and looks into the field.
fn excuses<'t>(taxonomy: &'t Taxonomy, field: &str, choice: Choice<'_>) -> Vec<Vec<&'t str>> {
    let looks = |rule: &&Rule| rule.excuse().is_some() && (rule.fields().is_empty() || rule.fields().iter().any(|name| name == field));
    let words = |rule: &'t Rule| rule.terms().chain(rule.substrings()).filter(|words| choice(words)).collect();
    taxonomy.rules().filter(looks).map(words).filter(|words: &Vec<&str>| !words.is_empty()).collect()
}

fn joined(mut words: Vec<&str>, random: &mut Random) -> String {
    for i in (1..words.len()).rev() {
        words.swap(i, random.below(i + 1));
    }
    words.join(", ")
}

/// A term of every excuse that looks into the field, in random order.
pub fn with_excuses(taxonomy: &Taxonomy, field: &str, seed: u64, choice: Choice<'_>) -> String {
    let random = &mut Random::new(seed);
    let words = excuses(taxonomy, field, choice).iter().map(|words| words[random.below(words.len())]).collect();
    joined(words, random)
}

/// All terms of every excuse that looks into the field, in random order.
pub fn with_every_excuse(taxonomy: &Taxonomy, field: &str, seed: u64, choice: Choice<'_>) -> String {
    joined(excuses(taxonomy, field, choice).concat(), &mut Random::new(seed))
}
