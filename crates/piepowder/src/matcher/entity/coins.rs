//! Addresses of coins in original bytes, where letter case counts: each by its first character, its length and its checksum. It does not
//! know whether an address was ever used. Invariant: no address is of two coins.

use super::sums;
use crate::span::Span;
use crate::taxonomy::EntityKind;

/// Coins with addresses of base58check: first character and version byte. A version gives addresses of one first character, or (5, 0)
/// few. Litecoin's older addresses with version 5 cannot be told from Bitcoin's, and are those.
const BASE58CHECK: [(EntityKind, u8, u8); 6] = [
    (EntityKind::Btc, b'1', 0),
    (EntityKind::Btc, b'3', 5),
    (EntityKind::Doge, b'D', 30),
    (EntityKind::Ltc, b'L', 48),
    (EntityKind::Ltc, b'M', 50),
    (EntityKind::Trx, b'T', 65),
];

/// Coins with addresses of bech32 and bech32m: what stands before the `1`.
const SEGWIT: [(EntityKind, &[u8]); 2] = [(EntityKind::Btc, b"bc"), (EntityKind::Ltc, b"ltc")];

/// Addresses of one coin among the runs of the original.
pub(super) fn find(kind: EntityKind, text: &[u8], runs: &[Span], out: &mut Vec<Span>) {
    out.extend(runs.iter().filter(|run| is_address(kind, &text[run.range()])));
}

fn is_address(kind: EntityKind, run: &[u8]) -> bool {
    match kind {
        EntityKind::Eth => run.len() == 42 && run.starts_with(b"0x") && is_ethereum(&run[2..]),
        EntityKind::Xmr => sums::is_monero(run),
        _ => {
            let of_coin = BASE58CHECK.iter().find(|(coin, first, _)| *coin == kind && *first == run[0]);
            let base58check = of_coin.is_some_and(|(_, _, version)| run.len() <= 34 && sums::base58check_version(run) == Some(*version));
            base58check || SEGWIT.iter().any(|(coin, prefix)| *coin == kind && sums::is_segwit(run, prefix))
        }
    }
}

/// Hexadecimal digits, not all alike (those stand for nobody: what is sent there is destroyed), with the case that they may have.
fn is_ethereum(digits: &[u8]) -> bool {
    digits.iter().all(u8::is_ascii_hexdigit) && digits.iter().any(|d| *d != digits[0]) && sums::is_ethereum(digits)
}

#[cfg(test)]
mod tests {
    use super::super::tests::all;
    use crate::taxonomy::EntityKind::{self, *};

    /// Each address is of its kind alone, also between brackets; and none with its last letter or digit changed.
    fn vectors(kind: EntityKind, addresses: &[&str]) {
        for address in addresses {
            for coin in [Btc, Doge, Eth, Ltc, Trx, Xmr] {
                let expected: &[&str] = if coin == kind { &[address] } else { &[] };
                assert_eq!(all(coin, &format!("send ({address}) now")), expected, "{coin:?}");
            }
            let last = if address.ends_with('3') { '4' } else { '3' };
            assert!(all(kind, &format!("{}{last}", &address[..address.len() - 1])).is_empty(), "{address}");
            assert!(all(kind, &format!("x{address}")).is_empty(), "{address}");
            assert!(all(kind, &format!("{address}x")).is_empty(), "{address}");
        }
    }

    #[test]
    fn bitcoin_vectors() {
        // Published vectors: the genesis address, BIP 13's shape, BIP 173, BIP 350.
        vectors(
            Btc,
            &[
                "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
                "3P14159f73E4gFr7JterCCQh9QjiTjiZrG",
                "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
                "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4",
                "bc1pw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7kt5nd6y",
                "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
            ],
        );
        for not in [
            // Shorter than the runs that are looked at.
            "BC1SW50QGDZ25J",
            "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd",
            "bc1Qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
        ] {
            assert!(all(Btc, not).is_empty(), "{not}");
        }
    }

    #[test]
    fn other_coins_of_base58check_and_bech32() {
        // The hash and the witness programs of BIP 173's vectors under the versions and the prefix of other coins.
        vectors(
            Ltc,
            &["LVuDpNCSSj6pQ7t9Pv6d6sUkLKoqDEVUnJ", "ltc1qw508d6qejxtdg4y5r3zarvary0c5xw7kgmn4n9", "LTC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KGMN4N9"],
        );
        assert!(all(Ltc, "3P14159f73E4gFr7JterCCQh9QjiTjiZrG").is_empty());
    }

    #[test]
    fn ethereum_vectors() {
        // EIP-55's own.
        vectors(
            Eth,
            &[
                "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
                "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
                "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
                "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
            ],
        );
        for one_case in ["0x52908400098527886E0F7030069857D2E4169EE7", "0xde709f2102306220921060314715629080e2fb77"] {
            assert_eq!(all(Eth, one_case), [one_case]);
        }
        for not in [
            "0x5aaeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
            "0X5AAEB6053F3E94C9B9A09F33669435E7EF1BEAED",
            "0x0000000000000000000000000000000000000000",
            "0xde709f2102306220921060314715629080e2fb7g",
            "0xde709f2102306220921060314715629080e2fb7",
            "0xde709f2102306220921060314715629080e2fb770",
        ] {
            assert!(all(Eth, not).is_empty(), "{not}");
        }
    }

    #[test]
    fn monero_vectors() {
        // The examples of Monero's documentation.
        vectors(
            Xmr,
            &[
                "4AdUndXHHZ6cfufTMvppY6JwXNouMBzSkbLYfpAV5Usx3skxNgYeYTRj5UzqtReoS44qo9mtmXCqY45DJ852K5Jv2684Rge",
                "4LL9oSLmtpccfufTMvppY6JwXNouMBzSkbLYfpAV5Usx3skxNgYeYTRj5UzqtReoS44qo9mtmXCqY45DJ852K5Jv2bYXZKKQePHES9khPK",
            ],
        );
    }
}
