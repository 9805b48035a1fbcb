//! piepowder reads marketplace listings and says how strongly their own words point to an offer of drugs, arms, counterfeits or stolen
//! credentials; every score is a sum of cited pieces of evidence, for and against, that you can add up yourself. It recommends what a
//! person should look at first, says when it cannot read a listing, and gives the same bytes everywhere.
//!
//! # In one minute
//!
//! A [`Taxonomy`] says what to look for: packs of plain files with offenses, groups and rules. An [`Engine`] is a taxonomy compiled with a
//! [`Policy`], priors and limits; it is immutable, cheap to clone and free to share. It turns a [`Listing`] (borrowed bytes, any bytes) into
//! an [`Assessment`]: scores, cited [`Evidence`], a [`Decision`] with its reason.
//!
//! ```
//! use piepowder::{Engine, Field, Listing, Source, Taxonomy};
//!
//! let pack = Source::new("demo/pack.toml", r#"
//!     format = 1
//!     name = "demo"
//!     version = "1.0.0"
//!     released = 2026-11-21
//!     license = "CC0-1.0"
//!     owner = "you"
//!     [[offense]]
//!     key = "wands"
//!     rank = 1
//!     title = "Unlicensed wands"
//!     proposition = "The text offers a wand without a licence."
//! "#);
//! let rules = Source::new("demo/rules.toml", r#"
//!     [[group]]
//!     key = "wands.name"
//!     reason.en = "The text names a wand."
//!     [[rule]]
//!     key = "wands.name.wand"
//!     group = "wands.name"
//!     title = "names a wand"
//!     weights = { wands = 320 }
//!     element = "object"
//!     nature = "regulatory"
//!     language = "en"
//!     warrant = { kind = "expert", source = "Only wands are called wands." }
//!     terms = ["wand", "magic wand"]
//! "#);
//! let taxonomy = Taxonomy::from_sources([pack, rules])?;
//! let engine = Engine::builder().taxonomy(&taxonomy).prior("wands", "0.001").build()?;
//!
//! let listing = Listing::new().with(Field::Title, b"Magic WAND, elder wood");
//! let assessment = engine.assess(&listing);
//! let (wands, score) = assessment.offenses()[0];
//! assert_eq!(score.total(), -300 + 320); // prior, one in a thousand, plus one rule: it counts once
//! assert_eq!(assessment.tier_of(wands), "monitor");
//! let line = &assessment.evidence()[0];
//! assert_eq!(line.span().map(|s| s.range()), Some(0..10));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Units
//!
//! Weights and scores are in **centibans**: `+100` makes a proposition ten times likelier, `-100` ten times less. Spans are in bytes of
//! the field as it was handed in. A score is a log-odds, prior included: 0 is even odds, 200 a hundred to one.
//!
//! # What it promises
//!
//! Building an engine can fail, assessing cannot: any bytes are a valid listing. The same [`Digest`] and listing give the same assessment,
//! for any number of threads, batch size, machine, feature set or history of the scratch. Nothing is read from clock, locale or
//! environment. The exact meaning of every number is in `docs/SEMANTICS.md`.
//!
//! # Features
//!
//! `rayon` (batches in parallel), `ndarray` (scores as a matrix), `serde` (serialize the plain types). None changes an answer.

#![forbid(unsafe_code)]

mod assessment;
mod bytes;
mod compile;
mod decimal;
mod diagnostic;
mod engine;
mod error;
mod evidence;
mod explanation;
mod id;
mod limits;
mod listing;
mod matcher;
mod policy;
mod score;
mod span;
mod stored;
mod taxonomy;
mod text;

pub use assessment::{Assessment, Detail, JsonOptions, Reveal};
pub use diagnostic::{Diagnostic, Diagnostics, Source};
pub use engine::{Engine, EngineBuilder, Scratch};
pub use error::{Error, ErrorKind};
pub use evidence::{Evidence, EvidenceKind};
pub use explanation::{Explanation, MissReason, NearMiss, Style};
pub use id::{Date, Digest, FieldId, GroupId, OffenseId, RuleId};
pub use limits::{Flags, Limits};
pub use listing::{Field, Listing, Value};
pub use policy::{Coverage, Decision, DecisionReason, Policy, Tier};
pub use score::{GroupNet, Score};
pub use span::Span;
pub use taxonomy::{
    Change, Dimension, Element, EntityKind, Example, Examples, Excuse, FieldType, Group, GroupKind, Language, MoneyRange, Nature, Offense, Pack,
    Pattern, QuantityRange, Rule, Status, Taxonomy, Test, Warrant,
};
pub use text::Transforms;
