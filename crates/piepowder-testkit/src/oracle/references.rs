//! Character references of markup (docs/SEMANTICS.md, section 2a). Names come from the crate `htmlize`. It knows no tags.
//! Invariant: what it reads begins at the `&`.

/// What bytes 80 to 9F are in Windows-1252; 0 where they are nothing.
const WINDOWS_1252: [u32; 32] = [
    0x20ac, 0, 0x201a, 0x192, 0x201e, 0x2026, 0x2020, 0x2021, 0x2c6, 0x2030, 0x160, 0x2039, 0x152, 0, 0x17d, 0, 0, 0x2018, 0x2019, 0x201c, 0x201d,
    0x2022, 0x2013, 0x2014, 0x2dc, 0x2122, 0x161, 0x203a, 0x153, 0, 0x17e, 0x178,
];

/// The reference that the bytes begin with: its length, and what it shows.
pub(super) fn reference(bytes: &[u8]) -> Option<(usize, String)> {
    match bytes {
        [b'&', b'#', b'x' | b'X', ..] => numbered(bytes, 3, 16),
        [b'&', b'#', ..] => numbered(bytes, 2, 10),
        [b'&', ..] => named(bytes),
        _ => None,
    }
}

fn numbered(bytes: &[u8], start: usize, radix: u32) -> Option<(usize, String)> {
    let digits = bytes[start..].iter().map_while(|b| (*b as char).to_digit(radix));
    let count = digits.clone().count();
    if count == 0 {
        return None;
    }
    let number = digits.fold(0_u32, |all, digit| all.saturating_mul(radix).saturating_add(digit));
    let number = match number {
        0x80..=0x9f => Some(WINDOWS_1252[number as usize - 0x80]).filter(|c| *c != 0).unwrap_or(number),
        0 => 0xfffd,
        _ => number,
    };
    let end = start + count;
    let closed = usize::from(bytes.get(end) == Some(&b';'));
    Some((end + closed, char::from_u32(number).unwrap_or('\u{fffd}').to_string()))
}

fn named(bytes: &[u8]) -> Option<(usize, String)> {
    let length = bytes[1..].iter().take_while(|b| b.is_ascii_alphanumeric()).count();
    let end = match bytes.get(1 + length) {
        Some(b';') => length + 2,
        Some(b'=') => return None,
        _ => length + 1,
    };
    let text = core::str::from_utf8(&bytes[..end]).expect("ASCII");
    // In an attribute a name is never found in the beginning of a longer one.
    let shown = htmlize::unescape_attribute(text).into_owned();
    (shown != text).then_some((end, shown))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_undone() {
        let table = [
            ("&amp;x", 5, "&"),
            ("&ampx", 0, ""),
            ("&amp", 4, "&"),
            ("&amp=", 0, ""),
            ("&amp =", 4, "&"),
            ("&notit;", 0, ""),
            ("&notin;", 7, "∉"),
            ("&hellip x", 0, ""),
            ("&frac12;", 8, "½"),
            ("&nGt;", 5, "\u{226b}\u{20d2}"),
            ("&#65b", 4, "A"),
            ("&#X41;", 6, "A"),
            ("&#x;", 0, ""),
            ("&#0;", 4, "\u{fffd}"),
            ("&#x80;", 6, "€"),
            ("&#129;", 6, "\u{81}"),
            ("&#xd800;", 8, "\u{fffd}"),
            ("&#99999999999999;", 17, "\u{fffd}"),
            ("&;", 0, ""),
            ("&", 0, ""),
        ];
        for (text, length, shown) in table {
            let expected = if length == 0 { None } else { Some((length, shown.to_string())) };
            assert_eq!(reference(text.as_bytes()), expected, "{text}");
        }
    }
}
