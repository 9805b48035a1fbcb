//! What a seller appends who has read the packs: the words of their excuses that are read in that field. Excuses that are patterns alone
//! give no words and are left out. Invariant: the same taxonomy, field and seed give the same bytes.

use crate::generate::Random;
use piepowder::{Rule, Taxonomy};

/// The words of each excuse that has any and looks into the field.
fn excuses<'t>(taxonomy: &'t Taxonomy, field: &str) -> Vec<Vec<&'t str>> {
    let looks = |rule: &Rule| rule.fields().is_empty() || rule.fields().iter().any(|name| name == field);
    let words = |rule: &'_ Rule| rule.excuse().is_some() && looks(rule) && rule.terms().len() + rule.substrings().len() > 0;
    taxonomy.rules().filter(|rule| words(rule)).map(|rule| rule.terms().chain(rule.substrings()).collect()).collect()
}

fn joined(mut words: Vec<&str>, random: &mut Random) -> String {
    for i in (1..words.len()).rev() {
        words.swap(i, random.below(i + 1));
    }
    words.join(", ")
}

/// A term of every excuse that looks into the field, in random order.
pub fn with_excuses(taxonomy: &Taxonomy, field: &str, seed: u64) -> String {
    let random = &mut Random::new(seed);
    let words = excuses(taxonomy, field).iter().map(|words| words[random.below(words.len())]).collect();
    joined(words, random)
}

/// All terms of every excuse that looks into the field, in random order.
pub fn with_every_excuse(taxonomy: &Taxonomy, field: &str, seed: u64) -> String {
    joined(excuses(taxonomy, field).concat(), &mut Random::new(seed))
}
