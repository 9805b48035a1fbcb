//! Escapes of a JSON string -> bytes. It is given only what the parser has accepted. Own, because the parser's buffer for unescaped
//! text cannot be kept from row to row. Invariant: the same bytes as the parser gives, lone surrogates as their three bytes.

/// Appends the content of a valid JSON string, without its quotes, with escapes resolved.
pub(super) fn unescape(content: &[u8], out: &mut Vec<u8>) {
    let mut rest = content;
    loop {
        // Escapes come in runs, as where all of a script is escaped: a search that ends where it begins costs more than the escape.
        if rest.first() != Some(&b'\\') {
            let Some(at) = memchr::memchr(b'\\', rest) else { break };
            out.extend_from_slice(&rest[..at]);
            rest = &rest[at..];
        }
        let escape = rest.get(1).copied();
        rest = rest.get(2..).unwrap_or_default();
        match escape {
            Some(b'b') => out.push(0x08),
            Some(b'f') => out.push(0x0C),
            Some(b'n') => out.push(b'\n'),
            Some(b'r') => out.push(b'\r'),
            Some(b't') => out.push(b'\t'),
            Some(b'u') => rest = code_unit(rest, out),
            // A quote, a slash, a backslash.
            other => out.extend(other),
        }
    }
    out.extend_from_slice(rest);
}

/// Appends the character whose four digits begin `rest`, with the second half of a surrogate pair if that follows; gives what is left.
fn code_unit<'a>(rest: &'a [u8], out: &mut Vec<u8>) -> &'a [u8] {
    let (Some(unit), mut left) = (hex(rest), rest.get(4..).unwrap_or_default()) else { return rest };
    let mut code = unit;
    if (0xD800..0xDC00).contains(&unit)
        && let Some(digits) = left.strip_prefix(b"\\u")
        && let Some(low @ 0xDC00..0xE000) = hex(digits)
    {
        code = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
        left = &digits[4..];
    }
    match char::from_u32(code) {
        Some(c) => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        None => out.extend_from_slice(&[0xE0 | (code >> 12) as u8, 0x80 | (code >> 6 & 0x3F) as u8, 0x80 | (code & 0x3F) as u8]),
    }
    left
}

fn hex(digits: &[u8]) -> Option<u32> {
    let [a, b, c, d] = digits.first_chunk::<4>()?.map(|digit| u32::from(HEX[usize::from(digit)]));
    // What is no digit has bits beyond those of one.
    if (a | b | c | d) > 15 { None } else { Some(a << 12 | b << 8 | c << 4 | d) }
}

/// The values of hexadecimal digits; 255 for other bytes.
const HEX: [u8; 256] = {
    let mut values = [255; 256];
    let mut digit = 0;
    while digit < 16 {
        values[b"0123456789abcdef"[digit] as usize] = digit as u8;
        values[b"0123456789ABCDEF"[digit] as usize] = digit as u8;
        digit += 1;
    }
    values
};

#[cfg(test)]
mod tests {
    use super::*;
    use serde::de::{Deserializer, Visitor};

    struct Bytes;

    impl<'de> Visitor<'de> for Bytes {
        type Value = Vec<u8>;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("bytes")
        }

        fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
            Ok(bytes.to_vec())
        }
    }

    /// All sequences of up to four parts, against the parser.
    #[test]
    fn unescapes_as_the_parser_does() {
        let parts = [
            "",
            "a",
            "é",
            "\\n",
            "\\\"",
            "\\\\",
            "\\/",
            "\\b\\f\\r\\t",
            "\\u0041",
            "\\u00e9",
            "\\ud83d",
            "\\uDE00",
            "\\udbff\\udfff",
            "\\uFFFF",
            "\\u0000",
            "u0041",
        ];
        let mut checked = 0;
        for i in 0..parts.len().pow(4) {
            let text: String = (0..4).map(|p| parts[i / parts.len().pow(p) % parts.len()]).collect();
            let want = serde_json::Deserializer::from_str(&format!("\"{text}\"")).deserialize_bytes(Bytes).expect("valid JSON");
            let mut is = Vec::new();
            unescape(text.as_bytes(), &mut is);
            assert_eq!(is, want, "{text}");
            checked += 1;
        }
        assert_eq!(checked, 65_536);
    }
}
