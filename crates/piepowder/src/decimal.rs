//! Decimal text to scaled integers, in millionths. No floats: the same text is the same number on every machine.
//! Only plain decimals are read here; how numbers look inside prose is the business of `text::quantity`.

/// One, in millionths.
pub(crate) const ONE: i64 = 1_000_000;

/// Reads `-?digits[.digits]` with an optional exponent, as JSON writes numbers, in millionths; decimals past the sixth are cut.
/// `None` for anything else or beyond about 9 * 10^12.
pub(crate) fn parse(text: &[u8]) -> Option<i64> {
    let (negative, rest) = match text.split_first() {
        Some((b'-', rest)) => (true, rest),
        _ => (false, text),
    };
    let (mantissa, exponent) = match rest.iter().position(|b| matches!(b, b'e' | b'E')) {
        Some(at) => (&rest[..at], exponent(&rest[at + 1..])?),
        None => (rest, 0),
    };
    let (whole, fraction) = match mantissa.iter().position(|b| *b == b'.') {
        Some(at) => (&mantissa[..at], &mantissa[at + 1..]),
        None => (mantissa, &[][..]),
    };
    let dotted = whole.len() < mantissa.len();
    if whole.is_empty() || (dotted && fraction.is_empty()) || !whole.iter().chain(fraction).all(u8::is_ascii_digit) {
        return None;
    }
    // The digit at place p (0 = units) counts when -6 <= p; leading zeros may be many, so overflow is found by value.
    let mut value: i64 = 0;
    let top = whole.len() as i64 - 1 + exponent;
    for (i, digit) in whole.iter().chain(fraction).enumerate() {
        if top - (i as i64) < -6 {
            break;
        }
        value = value.checked_mul(10)?.checked_add(i64::from(digit - b'0'))?;
    }
    // Places between the last digit read and the sixth decimal.
    let last = top - ((whole.len() + fraction.len()) as i64 - 1);
    for _ in 0..(last + 6).max(0) {
        if value == 0 {
            break;
        }
        value = value.checked_mul(10)?;
    }
    Some(if negative { -value } else { value })
}

fn exponent(text: &[u8]) -> Option<i64> {
    let (sign, digits) = match text.split_first()? {
        (b'-', rest) => (-1, rest),
        (b'+', rest) => (1, rest),
        _ => (1, text),
    };
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    // Beyond a million places the number is 0 or too large anyway; saturate so that 10^4 digits of exponent cost nothing.
    let value = digits.iter().fold(0i64, |v, d| (v * 10 + i64::from(d - b'0')).min(1_000_000));
    Some(sign * value)
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn reads_decimals_exactly() {
        let cases: [(&str, Option<i64>); 22] = [
            ("0", Some(0)),
            ("1", Some(1_000_000)),
            ("12.50", Some(12_500_000)),
            ("-3.25", Some(-3_250_000)),
            ("0.0000019", Some(1)),
            ("1e3", Some(1_000_000_000)),
            ("1.5E-2", Some(15_000)),
            ("12345e-9", Some(12)),
            ("1e400", None),
            ("0e400", Some(0)),
            ("1e-400", Some(0)),
            ("9007199254740993", None),
            ("9000000000000", Some(9_000_000_000_000_000_000)),
            ("00000000000000000000000000001", Some(1_000_000)),
            ("", None),
            ("-", None),
            (".5", None),
            ("5.", None),
            ("1,299.00", None),
            ("NaN", None),
            ("1e", None),
            ("0x10", None),
        ];
        for (text, value) in cases {
            assert_eq!(parse(text.as_bytes()), value, "{text}");
        }
    }
}
