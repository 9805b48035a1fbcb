//! Entities that a checksum, a strict shape or a label proves: cards and accounts, addresses of coins, keys, mail, telephone numbers,
//! names on messengers, credential pairs. Each detector reads bytes of one view and appends spans, left to right, not overlapping
//! (docs/SEMANTICS.md, section 6). It weighs nothing, and asks no service. Detectors are linear: each byte is looked at a bounded number of
//! times. Invariant: nothing here remembers what an entity says.

mod banks;
mod coins;
mod contacts;
mod keys;
mod labels;
mod mail;
mod pairs;
mod phones;
mod runs;
mod sums;

use crate::span::Span;
use crate::taxonomy::EntityKind;

/// Whether entities of a kind are read from the original bytes, because letter case counts, and not from a view.
pub(crate) fn reads_original(kind: EntityKind) -> bool {
    matches!(kind, EntityKind::Btc | EntityKind::Doge | EntityKind::Eth | EntityKind::Ltc | EntityKind::Trx | EntityKind::Xmr)
}

/// The part of an entity that must not be shown: of a name behind a label the name, of all others the whole.
pub(crate) fn secret(kind: EntityKind, text: &[u8], whole: Span) -> Span {
    contacts::name(kind, text, whole)
}

/// Buffers of the detectors, and the long runs of the two texts of a field in which several of them look.
#[derive(Debug, Default)]
pub(crate) struct Entities {
    /// Of the view, of the original.
    runs: [Vec<Span>; 2],
    /// Whether the runs were looked for.
    known: [bool; 2],
    mails: Vec<Span>,
    found: Vec<Span>,
}

impl Entities {
    /// Forgets the texts that were read: the next are others.
    pub(crate) fn begin(&mut self) {
        self.known = [false; 2];
    }

    /// The entities of a kind in a view, or in the original for kinds that are read there.
    pub(crate) fn find(&mut self, kind: EntityKind, text: &[u8]) -> &[Span] {
        let Entities { runs, known, mails, found } = self;
        let which = usize::from(reads_original(kind));
        let runs = &mut runs[which];
        if !known[which] {
            known[which] = true;
            runs.clear();
            runs::find(text, runs);
        }
        found.clear();
        match kind {
            EntityKind::Card => banks::cards(text, found),
            EntityKind::Email => mail::find(text, found),
            EntityKind::Iban => banks::ibans(text, found),
            EntityKind::Onion => keys::onions(text, runs, found),
            EntityKind::Phone => phones::find(text, found),
            EntityKind::Session => keys::sessions(text, runs, found),
            EntityKind::Btc | EntityKind::Doge | EntityKind::Eth | EntityKind::Ltc | EntityKind::Trx | EntityKind::Xmr => {
                coins::find(kind, text, runs, found)
            }
            EntityKind::Pgp | EntityKind::Signal | EntityKind::Telegram | EntityKind::Threema | EntityKind::Wickr => {
                contacts::find(kind, text, found)
            }
            EntityKind::Pair | EntityKind::Pairs => {
                mails.clear();
                mail::find(text, mails);
                pairs::find(text, mails, found);
                if kind == EntityKind::Pairs {
                    pairs::rows(found);
                }
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a detector finds in a text, as text.
    pub(super) fn all(kind: EntityKind, text: &str) -> Vec<String> {
        Entities::default().find(kind, text.as_bytes()).iter().map(|s| text[s.range()].to_owned()).collect()
    }

    #[test]
    fn no_detector_finds_anything_in_ordinary_text() {
        let text =
            "order no. 20-30-40, open 10:00-18:30; size: xl | 3.5 kg + 2 free, signal to noise 5:1, session of 05 june, key: me (group), at=@ t.me";
        for kind in EntityKind::ALL {
            assert_eq!(all(*kind, text), Vec::<String>::new(), "{kind:?}");
            assert_eq!(all(*kind, ""), Vec::<String>::new());
        }
    }

    #[test]
    fn spans_go_left_to_right_and_do_not_overlap() {
        let parts = [
            "a@b.example:pass-1 ",
            "4111 1111 1111 1111 ",
            "de89370400440532013000 ",
            "+1 212-555-0123 ",
            "telegram: @shop_1 ",
            "t.me/shop_1 ",
            "-----begin pgp message-----\n",
            "-----end pgp message-----\n",
            "pgp: 0123456789abcdef0123456789abcdef01234567 ",
            "wickr: shop_1 ",
            "tg @",
            ":",
            "+",
            "@",
        ];
        let mut seed = 1u32;
        for _ in 0..2_000 {
            let mut text = String::new();
            for _ in 0..12 {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                text.push_str(parts[(seed >> 16) as usize % parts.len()]);
            }
            for kind in EntityKind::ALL {
                let mut entities = Entities::default();
                let spans = entities.find(*kind, text.as_bytes());
                assert!(spans.iter().all(|s| s.start < s.end && s.end as usize <= text.len()), "{kind:?} {text}");
                assert!(spans.windows(2).all(|pair| pair[0].end <= pair[1].start), "{kind:?} {text}");
            }
        }
    }
}
