//! The views of a field's text: bytes to folded text with an offset map, to tokens, to typed quantities. Nothing here knows of rules.
//! Invariants: `docs/SEMANTICS.md` sections 2, 3 and 5; buffers are reused; no Unicode function but the generated tables.

mod bidi;
mod classes;
mod common;
mod common_prints;
mod compose;
mod decode;
mod decoded;
mod entities;
mod lexicon;
mod look;
mod map;
mod markup;
mod neighbors;
mod quantity;
mod surface;
mod suspect;
mod table;
mod tables;
#[cfg(test)]
mod tests;
mod tokens;
mod transforms;
mod units;
mod unveil;
mod view;

pub(crate) use classes::{Class, ScriptCounts, class, has_spaceless_letter, is_currency_sign, script_id, script_of_letter};
pub(crate) use common::is_common;
pub(crate) use lexicon::{Compound, Lexicon, Words};
pub(crate) use quantity::quantities;
pub(crate) use surface::{Encoding, Surface, cut, fold};
pub(crate) use table::Table;
pub(crate) use tables::UNICODE_VERSION;
pub(crate) use tokens::Tokens;
pub use transforms::Transforms;
pub(crate) use unveil::Unveiled;
pub(crate) use view::View;

pub(crate) use piepowder_bytes::{JOINED_BYTES, Link, Piece, hash, hash_pair};

use crate::span::Span;
use crate::taxonomy::Dimension;

/// A maximal run of two to eight pieces linked by none or joined, of at most 64 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cluster {
    /// Pieces, first and last.
    pub(crate) first: u32,
    pub(crate) last: u32,
    /// Hash of the joined text.
    pub(crate) hash: u64,
}

/// A quantity found in the text. `amount` is in the base unit of the dimension.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Quantity {
    pub(crate) dimension: Dimension,
    /// Canonical unit: index into `taxonomy::units::UNITS`.
    pub(crate) unit: u8,
    pub(crate) amount: i64,
    pub(crate) times: u32,
    pub(crate) first: u32,
    pub(crate) last: u32,
    /// Bytes of the surface.
    pub(crate) span: Span,
}

/// A price found in the text, in millionths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Money {
    /// Index into `taxonomy::units::CURRENCIES`.
    pub(crate) currency: u8,
    pub(crate) amount: i64,
    pub(crate) first: u32,
    pub(crate) last: u32,
    /// Bytes of the surface.
    pub(crate) span: Span,
}
