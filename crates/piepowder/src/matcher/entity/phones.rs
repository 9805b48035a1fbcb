//! Telephone numbers in the international form, E.164: a plus sign, a country calling code that is assigned, and digits in groups. Numbers
//! without the plus sign are none: sums, sizes and part numbers look the same. It does not know the plans of countries but that of code 1.
//! Invariant: from each plus sign at most 15 digits, with two separators between neighbors, are looked at.

use super::labels;
use crate::span::Span;

/// Country calling codes of Recommendation ITU-T E.164 (list annexed to the Operational Bulletin, no. 1114), in order, without those that
/// are reserved, spare or for trials. No code begins with another.
const CODES: [u16; 215] = [
    1, 7, 20, 27, 30, 31, 32, 33, 34, 36, 39, 40, 41, 43, 44, 45, 46, 47, 48, 49, 51, 52, 53, 54, 55, 56, 57, 58, 60, 61, 62, 63, 64, 65, 66, 81, 82,
    84, 86, 90, 91, 92, 93, 94, 95, 98, 211, 212, 213, 216, 218, 220, 221, 222, 223, 224, 225, 226, 227, 228, 229, 230, 231, 232, 233, 234, 235, 236,
    237, 238, 239, 240, 241, 242, 243, 244, 245, 246, 247, 248, 249, 250, 251, 252, 253, 254, 255, 256, 257, 258, 260, 261, 262, 263, 264, 265, 266,
    267, 268, 269, 290, 291, 297, 298, 299, 350, 351, 352, 353, 354, 355, 356, 357, 358, 359, 370, 371, 372, 373, 374, 375, 376, 377, 378, 379, 380,
    381, 382, 383, 385, 386, 387, 389, 420, 421, 423, 500, 501, 502, 503, 504, 505, 506, 507, 508, 509, 590, 591, 592, 593, 594, 595, 596, 597, 598,
    599, 670, 672, 673, 674, 675, 676, 677, 678, 679, 680, 681, 682, 683, 685, 686, 687, 688, 689, 690, 691, 692, 800, 808, 850, 852, 853, 855, 856,
    870, 878, 880, 881, 882, 883, 886, 960, 961, 962, 963, 964, 965, 966, 967, 968, 970, 971, 972, 973, 974, 975, 976, 977, 979, 992, 993, 994, 995,
    996, 998,
];

/// Telephone numbers, left to right.
pub(super) fn find(text: &[u8], out: &mut Vec<Span>) {
    let mut free = 0;
    for at in memchr::memchr_iter(b'+', text) {
        let bounded = at >= free && !labels::is_inside(text, at) && (at == 0 || text[at - 1] != b'+');
        if let Some(end) = end_at(text, at).filter(|_| bounded) {
            out.push(Span::new(at as u32, end as u32));
            free = end;
        }
    }
}

/// The end of the number whose plus sign is here: the last end of a group with at most 15 digits before it, behind code 1 that with 11.
pub(super) fn end_at(text: &[u8], at: usize) -> Option<usize> {
    if text.get(at) != Some(&b'+') {
        return None;
    }
    let mut digits = [0u8; 15];
    let (mut count, mut end, mut best) = (0, at + 1, None);
    while let Some(digit) = text.get(end).filter(|b| b.is_ascii_digit()) {
        if count == digits.len() {
            break;
        }
        digits[count] = digit - b'0';
        count += 1;
        end += 1;
        if text.get(end).is_some_and(u8::is_ascii_digit) {
            continue;
        }
        if digits[0] != 1 || count == 11 {
            best = Some((end, count));
        }
        let gap = text[end..].iter().take(3).take_while(|b| b" ()./-".contains(b)).count();
        end += if gap <= 2 { gap } else { 0 };
    }
    let (end, count) = best?;
    (is_number(&digits[..count]) && !is_sum(text, end)).then_some(end)
}

/// Whether what stands behind the digits makes a measure or a sum of them.
fn is_sum(text: &[u8], end: usize) -> bool {
    let decimals = text.get(end) == Some(&b',') && text.get(end + 1).is_some_and(u8::is_ascii_digit);
    labels::continues(text, end) || text.get(end) == Some(&b'%') || decimals
}

fn is_number(digits: &[u8]) -> bool {
    if digits.len() < 8 || digits.ends_with(&[0, 0, 0, 0]) {
        return false;
    }
    // In the North American plan, areas and exchanges begin with 2 to 9.
    if digits[0] == 1 {
        return digits[1] >= 2 && digits[4] >= 2;
    }
    let value = |len: usize| digits[..len].iter().fold(0, |value, digit| value * 10 + u16::from(*digit));
    (1..=3).any(|len| digits[0] != 0 && CODES.binary_search(&value(len)).is_ok())
}

#[cfg(test)]
mod tests {
    use super::super::tests::all;
    use super::CODES;
    use crate::taxonomy::EntityKind;

    #[test]
    fn codes_are_in_order_and_begin_with_no_other() {
        assert!(CODES.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(CODES.iter().all(|code| !CODES.contains(&(code / 10)) && !CODES.contains(&(code / 100))));
    }

    #[test]
    fn phones_have_a_plus_sign_and_a_code() {
        let phones = |text: &str| all(EntityKind::Phone, text);
        // Numbers kept for fiction: 555-01xx in the North American plan, and what Ofcom keeps for drama.
        for number in ["+12125550123", "+1 (212) 555-0123", "+1-212-555-0123", "+44 20 7946 0958", "+44 (0)20 7946 0958", "+44.20.7946.0958"] {
            assert_eq!(phones(&format!("call {number}, please")), [number]);
        }
        assert_eq!(phones("+1 212 555 0123 24 hours"), ["+1 212 555 0123"]);
        assert_eq!(phones("+44 20 7946 0958 5 pcs"), ["+44 20 7946 0958 5"]);
        for not in [
            "+999 212 555 0123",
            "+1 212 055 0123",
            "+1 555-0123",
            "+20 000 000",
            "+44 20 794",
            "+4420794609581234",
            "12125550123",
            "++12125550123",
            "a+12125550123",
            "+44 20 7946 0958x",
            "+44 20 7946 0958 5kg",
            "+44207946,50",
            "+442079460%",
            "+ 44 20 7946 0958",
            "+44   20 7946 0958",
        ] {
            assert!(phones(not).is_empty(), "{not}");
        }
    }
}
