//! Development only: the naive oracle, the suite format and the seeded generators that the engine is tested with.
//! Nothing here is published or reachable from the command line.

pub mod attack;
mod check;
mod compare;
pub mod generate;
pub mod honest;
mod oracle;
mod suite;

pub use check::check;
pub use compare::{compare, json};
pub use oracle::{Oracle, prior_weight};
pub use suite::{Case, Suite, load_suites};
