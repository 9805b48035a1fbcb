//! Payment cards (Luhn) and bank accounts (IBAN, ISO 13616) in a surface. It does not look at what a country says of the inside of its
//! account numbers, and asks no bank. Invariant: from each place where a number may begin no more is looked at than the longest number.

use crate::span::Span;

/// Payment card numbers: 13 to 19 digits in groups, Luhn.
pub(super) fn cards(text: &[u8], out: &mut Vec<Span>) {
    let mut at = 0;
    while let Some(offset) = text[at..].iter().position(u8::is_ascii_digit) {
        let start = at + offset;
        // Group ends, with the number of digits up to each, as far as 19 digits reach.
        let (mut end, mut digits, mut best) = (start, 0usize, None);
        loop {
            let group = text[end..].iter().take(20).take_while(|b| b.is_ascii_digit()).count();
            digits += group;
            end += group;
            if group == 0 || digits > 19 {
                break;
            }
            if digits >= 13 && is_card(&text[start..end]) {
                best = Some(end);
            }
            match text.get(end) {
                Some(b' ' | b'-') if text.get(end + 1).is_some_and(u8::is_ascii_digit) => end += 1,
                _ => break,
            }
        }
        at = match best {
            Some(end) => {
                out.push(Span::new(start as u32, end as u32));
                end
            }
            None => start + text[start..].iter().take_while(|b| b.is_ascii_digit()).count(),
        };
    }
}

/// First digit 2 to 6, not all alike, Luhn sum 0 modulo 10. Separators are skipped.
fn is_card(text: &[u8]) -> bool {
    let digits = || text.iter().filter(|b| b.is_ascii_digit()).map(|b| u32::from(b - b'0'));
    let first = text[0] - b'0';
    let luhn: u32 = text
        .iter()
        .rev()
        .filter(|b| b.is_ascii_digit())
        .enumerate()
        .map(|(i, b)| {
            let d = u32::from(b - b'0') << (i % 2);
            if d > 9 { d - 9 } else { d }
        })
        .sum();
    (2..=6).contains(&first) && luhn.is_multiple_of(10) && digits().any(|d| d != u32::from(first))
}

/// Countries of the IBAN registry (SWIFT as registration authority of ISO 13616; `https://www.swift.com/resource/iban-registry-pdf`, release
/// 100) with the length of their account numbers, in order. Territories that use the code of another country have none of their own.
const COUNTRIES: [(&[u8; 2], u8); 89] = [
    (b"ad", 24),
    (b"ae", 23),
    (b"al", 28),
    (b"at", 20),
    (b"az", 28),
    (b"ba", 20),
    (b"be", 16),
    (b"bg", 22),
    (b"bh", 22),
    (b"bi", 27),
    (b"br", 29),
    (b"by", 28),
    (b"ch", 21),
    (b"cr", 22),
    (b"cy", 28),
    (b"cz", 24),
    (b"de", 22),
    (b"dj", 27),
    (b"dk", 18),
    (b"do", 28),
    (b"ee", 20),
    (b"eg", 29),
    (b"es", 24),
    (b"fi", 18),
    (b"fk", 18),
    (b"fo", 18),
    (b"fr", 27),
    (b"gb", 22),
    (b"ge", 22),
    (b"gi", 23),
    (b"gl", 18),
    (b"gr", 27),
    (b"gt", 28),
    (b"hn", 28),
    (b"hr", 21),
    (b"hu", 28),
    (b"ie", 22),
    (b"il", 23),
    (b"iq", 23),
    (b"is", 26),
    (b"it", 27),
    (b"jo", 30),
    (b"kw", 30),
    (b"kz", 20),
    (b"lb", 28),
    (b"lc", 32),
    (b"li", 21),
    (b"lt", 20),
    (b"lu", 20),
    (b"lv", 21),
    (b"ly", 25),
    (b"mc", 27),
    (b"md", 24),
    (b"me", 22),
    (b"mk", 19),
    (b"mn", 20),
    (b"mr", 27),
    (b"mt", 31),
    (b"mu", 30),
    (b"ni", 28),
    (b"nl", 18),
    (b"no", 15),
    (b"om", 23),
    (b"pk", 24),
    (b"pl", 28),
    (b"ps", 29),
    (b"pt", 25),
    (b"qa", 29),
    (b"ro", 24),
    (b"rs", 22),
    (b"ru", 33),
    (b"sa", 24),
    (b"sc", 31),
    (b"sd", 18),
    (b"se", 24),
    (b"si", 19),
    (b"sk", 24),
    (b"sm", 27),
    (b"so", 23),
    (b"st", 25),
    (b"sv", 28),
    (b"tl", 23),
    (b"tn", 24),
    (b"tr", 26),
    (b"ua", 29),
    (b"va", 22),
    (b"vg", 24),
    (b"xk", 20),
    (b"ye", 30),
];

/// International bank account numbers, in one run or in groups of four.
pub(super) fn ibans(text: &[u8], out: &mut Vec<Span>) {
    // The check digits are looked for, for they are rarer than letters.
    let mut at = 2;
    while let Some(offset) = text.get(at..).and_then(|rest| rest.iter().position(u8::is_ascii_digit)) {
        let start = at + offset - 2;
        let bounded = start == 0 || !text[start - 1].is_ascii_alphanumeric();
        match iban_end(text, start).filter(|_| bounded) {
            Some(end) => {
                out.push(Span::new(start as u32, end as u32));
                at = end + 2;
            }
            None => at += offset + 1,
        }
    }
}

/// The end of the account number that begins at `start`.
fn iban_end(text: &[u8], start: usize) -> Option<usize> {
    let country = COUNTRIES.binary_search_by_key(&text.get(start..start + 2)?, |(code, _)| &code[..]).ok()?;
    let left = usize::from(COUNTRIES[country].1);
    let run = |from: usize| text[from..].iter().take(left + 1).take_while(|b| b.is_ascii_alphanumeric()).count();
    let mut end = start + run(start);
    if end - start == 4 {
        let mut taken = 4;
        while taken < left {
            let group = (left - taken).min(4);
            if text.get(end) != Some(&b' ') || run(end + 1) != group {
                return None;
            }
            end += 1 + group;
            taken += group;
        }
    } else if end - start != left {
        return None;
    }
    is_iban(&text[start..end]).then_some(end)
}

/// Check digits from 02 to 98, and 1 as what 97 leaves of the number that ISO 7064 makes of it: the first four characters last, letters as
/// 10 to 35. Spaces are skipped.
fn is_iban(text: &[u8]) -> bool {
    let check = text[2].is_ascii_digit() && text[3].is_ascii_digit() && !matches!(&text[2..4], b"00" | b"01" | b"99");
    let rest = text[4..].iter().chain(&text[..4]).filter(|b| **b != b' ').fold(0, |rest, b| match b {
        b'0'..=b'9' => (rest * 10 + u32::from(b - b'0')) % 97,
        _ => (rest * 100 + u32::from(b - b'a') + 10) % 97,
    });
    check && rest == 1
}

#[cfg(test)]
mod tests {
    use super::super::tests::all;
    use super::COUNTRIES;
    use crate::taxonomy::EntityKind;

    #[test]
    fn cards_are_published_test_numbers() {
        let cards = |text: &str| all(EntityKind::Card, text);
        for number in ["4111111111111111", "4111 1111 1111 1111", "5555-5555-5555-4444", "378282246310005", "6011111111111117", "3056 9309 0259 04"] {
            assert_eq!(cards(&format!("x {number} y")), [number]);
        }
        assert_eq!(cards("4111 1111 1111 1111 12 25"), ["4111 1111 1111 1111"]);
        assert_eq!(cards("77 4111 1111 1111 1111"), ["4111 1111 1111 1111"]);
        for not in ["4111111111111112", "4444444444444444", "1234567890123", "41111111111111111111", "0000000000000000"] {
            assert!(cards(not).is_empty(), "{not}");
        }
    }

    #[test]
    fn countries_are_in_order() {
        assert!(COUNTRIES.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert!(COUNTRIES.iter().all(|(_, length)| (15..=34).contains(length)));
    }

    #[test]
    fn ibans_are_in_one_run_or_in_groups_of_four() {
        let ibans = |text: &str| all(EntityKind::Iban, text);
        for number in ["de89370400440532013000", "de89 3704 0044 0532 0130 00", "no93 8601 1117 947", "mt84 malt 0110 0001 2345 mtlc ast0 01s"] {
            assert_eq!(ibans(&format!("to {number}, please")), [number]);
            assert_eq!(ibans(number), [number]);
        }
        // The next word is no part of the last group, which is as long as the country says.
        assert_eq!(ibans("de89 3704 0044 0532 0130 00 eur"), ["de89 3704 0044 0532 0130 00"]);
        assert_eq!(ibans("gb29nwbk60161331926819 de89370400440532013000").len(), 2);
        for not in [
            "de89370400440532013001",
            "de8937040044053201300",
            "xde89370400440532013000",
            "de893704004405320130000",
            "de89-3704-0044-0532-0130-00",
            "de89  3704 0044 0532 0130 00",
            "de89 37040044 0532 0130 00",
            "de89 3704 0044 0532 0130 00x",
            "zz89370400440532013000",
            "de",
            "d1",
            "",
        ] {
            assert!(ibans(not).is_empty(), "{not}");
        }
    }
}
