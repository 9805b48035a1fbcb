//! What a seller appends who has read the packs: the words of their excuses. Excuses that are patterns alone give no words and are left
//! out. Invariant: the same taxonomy and seed give the same bytes.

use crate::generate::Random;
use piepowder::{Rule, Taxonomy};

/// The words of each excuse that has any.
fn excuses(taxonomy: &Taxonomy) -> Vec<Vec<&str>> {
    let words = |rule: &'_ Rule| rule.excuse().is_some() && rule.terms().len() + rule.substrings().len() > 0;
    taxonomy.rules().filter(|rule| words(rule)).map(|rule| rule.terms().chain(rule.substrings()).collect()).collect()
}

fn joined(mut words: Vec<&str>, random: &mut Random) -> String {
    for i in (1..words.len()).rev() {
        words.swap(i, random.below(i + 1));
    }
    words.join(", ")
}

/// A term of every excuse, in random order.
pub fn with_excuses(taxonomy: &Taxonomy, seed: u64) -> String {
    let random = &mut Random::new(seed);
    let words = excuses(taxonomy).iter().map(|words| words[random.below(words.len())]).collect();
    joined(words, random)
}

/// All terms of every excuse, in random order.
pub fn with_every_excuse(taxonomy: &Taxonomy, seed: u64) -> String {
    joined(excuses(taxonomy).concat(), &mut Random::new(seed))
}
