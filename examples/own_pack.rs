//! A pack of one's own with one rule, read from the folder `packs/one-rule` beside this file.

#![allow(clippy::print_stdout, reason = "an example shows what it does")]

use anyhow::{Result, anyhow};
use piepowder::{Engine, Field, Listing, Source, Taxonomy};

fn main() -> Result<()> {
    let sources = [
        Source::new("one-rule/pack.toml", include_str!("packs/one-rule/pack.toml")),
        Source::new("one-rule/tickets.toml", include_str!("packs/one-rule/tickets.toml")),
    ];
    let taxonomy = Taxonomy::from_sources(sources).map_err(|problems| anyhow!("{problems}"))?;
    let engine = Engine::builder().taxonomy(&taxonomy).build()?;

    for title in ["Two concert tickets, no name change possible", "Concert ticket, name change included"] {
        let assessment = engine.assess(&Listing::new().with(Field::Title, title.as_bytes()));
        for (offense, score) in assessment.offenses() {
            println!("{:>5} {}  {title}", score.total(), engine.offense(*offense).key());
        }
    }
    Ok(())
}

#[test]
fn runs() {
    main().unwrap();
}
