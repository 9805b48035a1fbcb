//! One listing: its decision, and every line of the sum.

#![allow(clippy::print_stdout, reason = "an example shows what it does")]

use anyhow::Result;
use piepowder::{Engine, Field, Listing};

fn main() -> Result<()> {
    let engine = Engine::builder().taxonomy(&piepowder_packs::taxonomy()).build()?;
    let title = "Pure cocaine, 3.5 g, stealth shipping";
    let assessment = engine.assess(&Listing::new().with(Field::Title, title.as_bytes()));

    println!("{title}");
    println!("tier {}, margin {} centibans", assessment.decision().tier(), assessment.decision().margin());
    for (offense, score) in assessment.offenses() {
        println!("\n{}: {}", engine.offense(*offense).key(), score.total());
        println!("{:>6}  prior", score.prior());
        for evidence in assessment.evidence() {
            let rule = evidence.rule().map_or("", |r| engine.rule(r).key());
            let cited = evidence.span().and_then(|s| title.get(s.range())).unwrap_or("");
            if evidence.weight(*offense) != 0 {
                println!("{:>+6}  {rule}: {cited:?}", evidence.weight(*offense));
            }
        }
        let sum: i32 = assessment.evidence().iter().map(|e| e.weight(*offense)).sum();
        assert_eq!(score.prior() + sum, score.total());
    }
    Ok(())
}

#[test]
fn runs() {
    main().unwrap();
}
