//! Seeded generators of packs and listings for the comparison of engine and oracle.

mod edit;
mod entity;
mod listing;
mod pack;
mod random;

pub use entity::entities;
pub use listing::{OwnedListing, listing, text};
pub use pack::{Pack, pack};
pub use random::Random;
