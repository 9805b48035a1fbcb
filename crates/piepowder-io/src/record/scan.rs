//! The structural pre-scan of a line: strings are skipped, nesting is counted, the members of the outer object are located.
//! It validates nothing; the parser does. It is iterative, so that no nesting can exhaust a stack.
//! Invariant: for valid JSON the members found are exactly those the parser visits, in its order.

/// Deepest nesting allowed, the outer object included.
pub(crate) const MAX_DEPTH: u32 = 128;

/// Where a member of the outer object begins: its key's quote and its value's first byte (`u32::MAX` when no colon follows).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Member {
    pub(crate) key: u32,
    pub(crate) value: u32,
}

/// Locates the members of the outer object. The error is the byte of the bracket that nests too deep.
pub(crate) fn scan(line: &[u8], members: &mut Vec<Member>) -> Result<(), usize> {
    members.clear();
    let mut depth = 0u32;
    let mut key_expected = false;
    let mut at = 0;
    while let Some(&byte) = line.get(at) {
        match byte {
            b'"' => {
                if depth == 1 && key_expected {
                    members.push(Member { key: at as u32, value: u32::MAX });
                    key_expected = false;
                }
                at = string_end(line, at);
                continue;
            }
            b'{' | b'[' => {
                depth += 1;
                if depth > MAX_DEPTH {
                    return Err(at);
                }
                key_expected = depth == 1 && byte == b'{';
            }
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Ok(());
                }
            }
            b':' if depth == 1 => {
                if let Some(member) = members.last_mut().filter(|m| m.value == u32::MAX) {
                    member.value = skip_space(line, at + 1) as u32;
                }
            }
            b',' if depth == 1 => key_expected = true,
            _ => {}
        }
        at += 1;
    }
    Ok(())
}

/// One past the closing quote of the string that opens at `open`; the end of the line when it is never closed.
pub(crate) fn string_end(line: &[u8], open: usize) -> usize {
    let mut at = open + 1;
    while let Some(step) = line.get(at..).and_then(|rest| memchr::memchr2(b'"', b'\\', rest)) {
        at += step;
        if line[at] == b'"' {
            return at + 1;
        }
        at += 2;
    }
    line.len()
}

/// First byte at or after `at` that is no JSON white space.
pub(crate) fn skip_space(line: &[u8], at: usize) -> usize {
    let rest = line.get(at..).unwrap_or_default();
    at + rest.iter().position(|b| !matches!(b, b' ' | b'\t' | b'\r' | b'\n')).unwrap_or(rest.len())
}

/// One past the number that begins at `start`.
pub(crate) fn number_end(line: &[u8], start: usize) -> usize {
    let rest = line.get(start..).unwrap_or_default();
    start + rest.iter().position(|b| !matches!(b, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E')).unwrap_or(rest.len())
}

/// Whether any byte is an ASCII control character. Written as a fold, which compiles to vector instructions; an early exit would not.
pub(crate) fn has_control(line: &[u8]) -> bool {
    line.iter().fold(false, |any, b| any | (*b < 0x20))
}

/// Copies the line with raw control characters inside strings as `\u00XX`. JSON forbids them there, but a row must not be lost for one.
pub(crate) fn escape_controls(line: &[u8], out: &mut Vec<u8>) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    out.clear();
    let mut inside = false;
    let mut bytes = line.iter();
    while let Some(&byte) = bytes.next() {
        if inside && byte < 0x20 {
            out.extend_from_slice(&[b'\\', b'u', b'0', b'0', HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]]);
            continue;
        }
        out.push(byte);
        if byte == b'"' {
            inside = !inside;
        } else if byte == b'\\' && inside {
            // What is escaped is copied as it is: a raw control character there stays a fault.
            out.extend(bytes.next());
        }
    }
}

/// The byte of the line from which byte `at` of its escaped copy came.
pub(crate) fn unescaped_position(line: &[u8], at: usize) -> usize {
    let mut inside = false;
    let mut copied = 0;
    let mut from = 0;
    while let Some(&byte) = line.get(from) {
        let (taken, width) = match byte {
            0..0x20 if inside => (1, 6),
            b'\\' if inside => (2, 2),
            _ => (1, 1),
        };
        if at < copied + width {
            // The bytes of an escape all came from one; others map one to one.
            return if width == 6 { from } else { from + (at - copied) };
        }
        inside ^= byte == b'"';
        copied += width;
        from += taken;
    }
    line.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_those_of_the_outer_object() {
        let line = br#" { "a" : 1,"b\"":{"c":[2,{"d":3}]}, "e":"x,\"y\":z" } {"f":1}"#;
        let mut members = Vec::new();
        scan(line, &mut members).unwrap();
        let starts: Vec<(u8, u8)> = members.iter().map(|m| (line[m.key as usize + 1], line[m.value as usize])).collect();
        assert_eq!(starts, [(b'a', b'1'), (b'b', b'{'), (b'e', b'"')]);
    }

    #[test]
    fn depth_is_counted_outside_strings() {
        let mut members = Vec::new();
        let nest = |n: usize| [b"{\"a\":".to_vec(), vec![b'['; n], vec![b']'; n], b"}".to_vec()].concat();
        assert_eq!(scan(&nest(127), &mut members), Ok(()));
        assert_eq!(scan(&nest(128), &mut members), Err(5 + 127));
        assert_eq!(scan(format!("{{\"a\":\"{}\"}}", "[".repeat(500)).as_bytes(), &mut members), Ok(()));
    }

    #[test]
    fn controls_are_escaped_in_strings_and_positions_map_back() {
        let line = b"{\t\"a\x00b\":\"\\\x01\x02\"}\t";
        let mut out = Vec::new();
        escape_controls(line, &mut out);
        assert_eq!(out, b"{\t\"a\\u0000b\":\"\\\x01\\u0002\"}\t");
        let back: Vec<usize> = (0..=out.len()).map(|at| unescaped_position(line, at)).collect();
        assert_eq!(back, [0, 1, 2, 3, 4, 4, 4, 4, 4, 4, 5, 6, 7, 8, 9, 10, 11, 11, 11, 11, 11, 11, 12, 13, 14, 15]);
    }

    #[test]
    fn unclosed_strings_end_with_the_line() {
        assert_eq!(string_end(b"\"abc", 0), 4);
        assert_eq!(string_end(b"\"abc\\", 0), 5);
        assert_eq!(string_end(b"\"\\\"\"x", 0), 4);
    }
}
