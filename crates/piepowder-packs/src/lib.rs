//! The shared offense packs, embedded: nothing but data and its loader. The files lie in `packs/`, a folder a pack, and are licensed
//! CC BY 4.0; `docs/TAXONOMY.md` describes their format. Invariant: what is embedded is what the folder holds (checked by a test).

#![forbid(unsafe_code)]

use piepowder::{Source, Taxonomy};

/// Names and texts of all files, by name. Written by `cargo xtask codegen`.
static FILES: &[(&str, &str)] = include!("files.in");

/// The files of the embedded packs as sources, examples included, by name.
pub fn sources() -> impl Iterator<Item = Source> {
    FILES.iter().map(|(name, text)| Source::new(*name, *text))
}

/// The same, compiled by the build script.
static COMPILED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/packs.compiled"));

/// The embedded packs, loaded. They are embedded compiled, so that an engine of them starts in milliseconds.
///
/// ```
/// let taxonomy = piepowder_packs::taxonomy();
/// let keys: Vec<&str> = taxonomy.offenses().map(|o| o.key()).collect();
/// assert_eq!(keys, ["narcotics", "arms", "counterfeit", "credentials", "regulated"]);
/// ```
///
/// # Panics
/// Never with the packs as published: that they load is tested.
pub fn taxonomy() -> Taxonomy {
    Taxonomy::from_compiled(COMPILED).unwrap_or_else(|_| Taxonomy::from_sources(sources()).expect("the embedded packs are tested"))
}

#[cfg(test)]
mod tests {
    use super::{COMPILED, FILES, sources, taxonomy};
    use piepowder::{Engine, Examples, Field, Listing, Taxonomy};
    use std::path::Path;

    #[test]
    fn every_rule_has_examples_and_all_hold() {
        let taxonomy = taxonomy();
        assert!(taxonomy.warnings().is_empty(), "{}", taxonomy.warnings());
        let examples = Examples::from_sources(sources()).unwrap_or_else(|problems| panic!("{problems}"));
        let missing = examples.missing(&taxonomy);
        assert!(missing.is_empty(), "{missing}");
        let engine = Engine::builder().taxonomy(&taxonomy).build().unwrap_or_else(|error| panic!("{error}"));
        let problems = engine.check(&examples);
        assert!(problems.is_empty(), "{problems}");
    }

    /// The vocabularies that docs/TAXONOMY.md names, each with the form of its codes.
    #[test]
    fn codes_are_of_known_vocabularies() {
        let taxonomy = taxonomy();
        let known = |vocabulary: &str, code: &str| match vocabulary {
            "iccs" => matches!(code.len(), 2 | 4 | 5 | 6) && code.bytes().all(|b| b.is_ascii_digit()),
            "dsa-category" | "dsa-category-addition" => code.starts_with("STATEMENT_CATEGORY_"),
            "dsa-keyword" => code.starts_with("KEYWORD_"),
            "misp" => code.split_once(':').is_some_and(|(_, tag)| tag.contains("=\"") && tag.ends_with('"')),
            "un-1961" | "un-1971" => ["I", "II", "III", "IV"].contains(&code),
            "common-military-list" => code.strip_prefix("ML").and_then(|n| n.parse::<u8>().ok()).is_some_and(|n| (1..=22).contains(&n)),
            "budapest-convention" => code.strip_prefix("Article ").is_some_and(|n| n.parse::<u8>().is_ok_and(|n| (2..=11).contains(&n))),
            _ => false,
        };
        let all = taxonomy.offenses().map(|o| (o.key(), o.codes())).chain(taxonomy.groups().map(|g| (g.key(), g.codes())));
        let mut seen = 0;
        for (key, codes) in all.chain(taxonomy.rules().map(|r| (r.key(), r.codes()))) {
            for (vocabulary, code) in codes.iter().flat_map(|(vocabulary, list)| list.iter().map(move |code| (vocabulary, code))) {
                assert!(known(vocabulary, code), "{key}: {vocabulary} {code}");
                seen += 1;
            }
        }
        assert!(seen >= 40, "{seen} codes");
    }

    /// What is no offense reaches no tier by itself: the most that all goods of the pack `regulated` and all conditions come to.
    #[test]
    fn regulated_goods_alone_are_never_reviewed() {
        let taxonomy = taxonomy();
        let most = |group: &str| {
            let mut weights: Vec<i32> = taxonomy.rules().filter(|r| r.group() == group).map(|r| r.weight("regulated")).filter(|w| *w > 0).collect();
            weights.sort_unstable_by_key(|w| -w);
            weights.first().unwrap_or(&0) + weights.get(1).unwrap_or(&0) / 4
        };
        let own = taxonomy.groups().filter(|g| g.key().starts_with("regulated."));
        let sum: i32 = own.map(|g| most(g.key())).sum();
        let review = 100 + 200;
        assert!(sum > 0 && sum < review, "{sum} centibans, and review begins {review} above the prior");
        let other = |r: &&piepowder::Rule| r.weights().contains_key("regulated") && !r.group().starts_with("regulated.");
        assert_eq!(taxonomy.rules().filter(other).count(), 0);
    }

    #[test]
    fn compiled_is_what_the_sources_say() {
        let compiled = Taxonomy::from_compiled(COMPILED).unwrap_or_else(|error| panic!("{error}"));
        let source = Taxonomy::from_sources(sources()).unwrap_or_else(|problems| panic!("{problems}"));
        assert_eq!(compiled.digest(), source.digest());
        assert!(source.to_compiled().is_ok_and(|bytes| bytes == COMPILED));
        let engine = |taxonomy: &Taxonomy| Engine::builder().taxonomy(taxonomy).build().unwrap_or_else(|error| panic!("{error}"));
        let (compiled, source) = (engine(&compiled), engine(&source));
        assert_eq!(compiled.digest(), source.digest());
        let examples = Examples::from_sources(sources()).unwrap_or_else(|problems| panic!("{problems}"));
        for example in examples.iter() {
            let fields = example.fields().filter_map(|(name, text)| Some((Field::from_name(name)?, text)));
            let listing = fields.fold(Listing::new(), |listing, (field, text)| listing.with(field, text.as_bytes()));
            assert_eq!(compiled.assess(&listing), source.assess(&listing));
        }
    }

    #[test]
    fn embeds_what_the_folder_holds() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("packs");
        let mut names = Vec::new();
        for pack in std::fs::read_dir(root).expect("packs/").map(|e| e.expect("an entry").path()) {
            for file in std::fs::read_dir(&pack).expect("a pack").map(|e| e.expect("an entry").path()) {
                let part = |p: &Path| p.file_name().expect("a name").to_string_lossy().into_owned();
                names.push(format!("{}/{}", part(&pack), part(&file)));
            }
        }
        names.sort();
        assert_eq!(FILES.iter().map(|(name, _)| *name).collect::<Vec<_>>(), names, "run `cargo xtask codegen`");
    }
}
