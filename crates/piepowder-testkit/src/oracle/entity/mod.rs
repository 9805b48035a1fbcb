//! Entities that a checksum, a shape or a label proves (docs/SEMANTICS.md, section 6), by published crates and regular expressions. It knows
//! nothing of rules. Invariant: what it finds is in order of start and does not overlap.

mod banks;
mod coins;
mod keys;
mod mail;
mod names;
mod pairs;
mod phones;

use piepowder::EntityKind;
use std::ops::Range;

/// The entities of a kind that are read from views.
pub(super) fn in_view(kind: EntityKind, text: &str) -> Vec<Range<usize>> {
    match kind {
        EntityKind::Email => mail::emails(text),
        EntityKind::Card => banks::cards(text),
        EntityKind::Iban => banks::ibans(text),
        EntityKind::Onion => keys::onions(text),
        EntityKind::Session => keys::sessions(text),
        EntityKind::Phone => phones::phones(text),
        EntityKind::Pair => pairs::pairs(text),
        EntityKind::Pairs => pairs::rows(text),
        EntityKind::Pgp | EntityKind::Telegram | EntityKind::Threema | EntityKind::Wickr | EntityKind::Signal => names::names(kind, text),
        EntityKind::Btc | EntityKind::Eth | EntityKind::Xmr | EntityKind::Ltc | EntityKind::Trx | EntityKind::Doge => Vec::new(),
        other => panic!("the oracle does not know the entity {other:?}"),
    }
}

/// The entities of a kind that are read from the original.
pub(super) fn in_original(kind: EntityKind, bytes: &[u8]) -> Vec<Range<usize>> {
    coins::addresses(kind, bytes)
}
