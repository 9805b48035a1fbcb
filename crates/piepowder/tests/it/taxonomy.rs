//! Loading of packs: what loads, what does not, and what is said about it.

use piepowder::{Source, Taxonomy};

const PACK: &str = "format = 1\nname = \"shop\"\nversion = \"1.0.0\"\nreleased = 2026-01-01\nlicense = \"CC0-1.0\"\nowner = \"shop.example\"\n\n[[offense]]\nkey = \"narcotics\"\nrank = 1\ntitle = \"Narcotics\"\nproposition = \"The text offers narcotics.\"\n";

#[test]
fn order_of_sources_changes_nothing() {
    let group = "[[group]]\nkey = \"narcotics.a\"\nreason.en = \"Names it.\"\n";
    let rule = "[defaults]\nelement = \"object\"\nnature = \"criminal\"\nlanguage = \"en\"\nwarrant = { kind = \"expert\", source = \"test\" }\n[[rule]]\nkey = \"narcotics.a.name\"\ngroup = \"narcotics.a\"\ntitle = \"names it\"\nweights = { narcotics = 100 }\nterms = [\"alpha\"]\n";
    let sources = [("shop/pack.toml", PACK), ("shop/a.toml", group), ("shop/b.toml", rule)].map(|(n, t)| Source::new(n, t));
    let mut reversed = sources.clone();
    reversed.reverse();
    let one = Taxonomy::from_sources(sources).expect("loads");
    let two = Taxonomy::from_sources(reversed).expect("loads");
    assert_eq!(one.digest(), two.digest());
    assert_eq!(one.rules().count(), 1);
}
