//! Many listings: in parallel with one call, or on threads of your own with one scratch each.

#![allow(clippy::print_stdout, reason = "an example shows what it does")]

use anyhow::Result;
use piepowder::{Engine, Field, Listing};

const TITLES: [&str; 4] =
    ["MDMA crystals, 5 g, tested", "Glue gun, 60 W, with 20 sticks", "Garden hose, 20 m", "Rolex Submariner replica, 1:1 mirror quality"];

fn main() -> Result<()> {
    let engine = Engine::builder().taxonomy(&piepowder_packs::taxonomy()).prior("narcotics", "0.001").build()?;
    let listings: Vec<Listing<'_>> = TITLES.iter().map(|t| Listing::new().with(Field::Title, t.as_bytes())).collect();

    // Results are in the order of the listings, whatever the number of threads.
    let batch = engine.assess_batch(&listings);
    for (title, assessment) in TITLES.iter().zip(&batch) {
        println!("{:>8}  {title}", assessment.decision().tier());
    }

    // Once warm, a scratch allocates nothing; its result is borrowed until the next call.
    let mut scratch = engine.create_scratch();
    for (listing, expected) in listings.iter().zip(&batch) {
        assert_eq!(engine.assess_with(&mut scratch, listing), expected);
    }
    Ok(())
}

#[test]
fn runs() {
    main().unwrap();
}
