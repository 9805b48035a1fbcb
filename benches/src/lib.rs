//! What the benches share: the straightforward contestant, and the project's own listings as rows. Nothing here is shipped.

mod baseline;
mod frames;
mod packs;
mod rows;

pub use baseline::{Baseline, Totals};
pub use frames::{Framed, Settings, framed_listing, read_frames, write_frames};
pub use packs::read_pack;
pub use rows::{Row, project_listings, read_rows};
