//! Seeded generators of packs and listings for the comparison of engine and oracle.

mod edit;
mod listing;
mod pack;
mod random;

pub use listing::{OwnedListing, listing, text};
pub use pack::{Pack, pack};
pub use random::Random;
