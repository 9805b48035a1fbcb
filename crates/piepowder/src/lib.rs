//! piepowder reads marketplace listings and says how strongly their own words point to an offer of drugs, arms, counterfeits or stolen
//! credentials; every score is a sum of cited pieces of evidence, for and against, that you can add up yourself.

#![forbid(unsafe_code)]

mod assessment;
mod decimal;
mod diagnostic;
mod error;
mod evidence;
mod id;
mod limits;
mod listing;
mod score;
mod span;
mod taxonomy;
mod text;

pub use assessment::{Coverage, Flags};
pub use diagnostic::{Diagnostic, Diagnostics, Severity, Source};
pub use error::{Error, ErrorKind};
pub use evidence::{Evidence, EvidenceKind, Weight};
pub use id::{Date, Digest, FieldId, GroupId, OffenseId, RuleId};
pub use limits::Limits;
pub use listing::{Field, Listing, Value};
pub use score::{GroupNet, Score};
pub use span::Span;
pub use taxonomy::{
    Change, Condition, Dimension, Element, EntityKind, Example, Examples, Excuse, Expected, FieldType, Group, GroupKind, Language, MoneyRange,
    Nature, Near, Offense, Pack, Pattern, QuantityRange, Rule, Scope, Status, Taxonomy, Test, Trigger, View, Warrant, WarrantKind,
};
pub use text::Transforms;
