//! The generated packs as files: the terms of a lexicon and the patterns, with what the format asks for around them. They are written
//! below cargo's target folder and never committed. Invariant: the same terms give the same bytes.

use super::patterns::PATTERNS;
use anyhow::{Context, Result};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// Groups of rules.
const GROUPS: usize = 20;

/// Terms of a rule, in the packs that are timed.
pub(super) const TERMS_A_RULE: usize = 25;

/// Writes a pack as the folder `name` of a folder. Rule `bench.tN` holds terms, `bench.pN` pattern N.
pub(super) fn write(folder: &Path, name: &str, terms: &[String], terms_a_rule: usize) -> Result<PathBuf> {
    let pack = folder.join(name);
    std::fs::create_dir_all(&pack).with_context(|| format!("{}", pack.display()))?;
    std::fs::write(pack.join("pack.toml"), head(name))?;
    std::fs::write(pack.join("rules.toml"), rules(terms, terms_a_rule)?)?;
    Ok(pack)
}

fn head(name: &str) -> String {
    format!(
        "format = 1\nname = \"{name}\"\nversion = \"1.0.0\"\nreleased = 2026-11-21\nlicense = \"CC0-1.0\"\nowner = \"benches@example.org\"\n\n\
         [[offense]]\nkey = \"bench\"\nrank = 1\ntitle = \"Bench\"\nproposition = \"The text holds words of a generated list.\"\n"
    )
}

fn rules(terms: &[String], terms_a_rule: usize) -> Result<String> {
    let mut out = String::from(
        "[defaults]\nelement = \"object\"\nnature = \"house-rule\"\nlanguage = \"en\"\nfields = [\"title\", \"description\"]\n\
         warrant = { kind = \"expert\", source = \"Generated for measuring.\" }\n",
    );
    for group in 0..GROUPS {
        write!(out, "\n[[group]]\nkey = \"bench.g{group}\"\nreason.en = \"A word of the list is there.\"\n")?;
    }
    let mut rule = |key: String, group: usize, what: &str| {
        write!(
            out,
            "\n[[rule]]\nkey = \"bench.{key}\"\ngroup = \"bench.g{}\"\ntitle = \"of the list\"\nweights = {{ bench = 20 }}\n{what}\n",
            group % GROUPS
        )
    };
    for (i, terms) in terms.chunks(terms_a_rule).enumerate() {
        rule(format!("t{i}"), i, &format!("terms = [\"{}\"]", terms.join("\", \"")))?;
    }
    for (i, (regex, triggers)) in PATTERNS.iter().enumerate() {
        rule(format!("p{i}"), i, &format!("patterns = [{{ regex = '{regex}', triggers = [\"{}\"] }}]", triggers.join("\", \"")))?;
    }
    Ok(out)
}

/// Writes one term, and one pattern, a line, for scanners.
pub(super) fn write_lists(folder: &Path, terms: &[String]) -> Result<(PathBuf, PathBuf)> {
    let (terms_file, patterns_file) = (folder.join("terms.txt"), folder.join("patterns.txt"));
    std::fs::write(&terms_file, terms.join("\n") + "\n")?;
    std::fs::write(&patterns_file, PATTERNS.map(|(regex, _)| regex).join("\n") + "\n")?;
    Ok((terms_file, patterns_file))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The engine reads a pack as it is written, terms of both lexicons and all patterns. Only the xtask with the engine can tell.
    #[cfg(feature = "disguise")]
    #[test]
    fn packs_load_without_a_problem() {
        use crate::speed::lexicon::{Lexicon, SMALL};
        use piepowder::{Detail, Engine, Field, JsonOptions, Listing, Source, Taxonomy};
        let texts: Vec<String> = (0..400).map(|i| format!("lamp{i} shade and oak table{} with 2x{i} drawers", i % 7)).collect();
        let lexicon = Lexicon::draw(texts.iter().map(String::as_str));
        for (terms, rules) in [(lexicon.small(), 200), (&lexicon.terms[..SMALL + 500], 220)] {
            let sources = [("p/pack.toml", head("p")), ("p/rules.toml", super::rules(terms, TERMS_A_RULE).unwrap())];
            let taxonomy = Taxonomy::from_sources(sources.map(|(name, text)| Source::new(name, text))).unwrap();
            let engine = Engine::builder().taxonomy(&taxonomy).build().unwrap();
            assert_eq!(engine.rules().count(), rules + PATTERNS.len());
            // What the first term of a rule says is found, and a pattern at its trigger.
            let text = format!("{} and 5 mg", terms[0]);
            let listing = Listing::new().with(Field::Title, text.as_bytes());
            let mut out = Vec::new();
            engine.assess(&listing).write_json(b"1", &listing, &JsonOptions::new().with_detail(Detail::Full), &mut out);
            let out = String::from_utf8(out).unwrap();
            assert!(out.contains("\"bench.t0\"") && out.contains("\"bench.p32\""), "{out}");
        }
    }

    #[test]
    fn every_rule_is_written_once() {
        let terms: Vec<String> = (0..60).map(|i| format!("lamp {i}a")).collect();
        let text = rules(&terms, TERMS_A_RULE).unwrap();
        let read: toml::Table = text.parse().unwrap();
        let rules = read["rule"].as_array().unwrap();
        assert_eq!(rules.len(), 3 + PATTERNS.len());
        assert_eq!(rules[2]["terms"].as_array().unwrap().len(), 10);
        assert_eq!(read["group"].as_array().unwrap().len(), GROUPS);
        for (rule, (regex, triggers)) in rules[3..].iter().zip(PATTERNS) {
            assert_eq!(rule["patterns"][0]["regex"].as_str(), Some(regex));
            assert_eq!(rule["patterns"][0]["triggers"].as_array().unwrap().len(), triggers.len());
        }
        assert_eq!(text, super::rules(&terms, TERMS_A_RULE).unwrap());
    }
}
