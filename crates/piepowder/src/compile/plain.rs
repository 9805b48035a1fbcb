//! Whether a pattern is seen at once to compile: it is of the constructs that nearly all patterns are made of, matches no empty text, and
//! its automaton is small. Building the automaton to see it would take a hundred times as long. It refuses nothing: of what it does not know
//! it says so, and `pattern` builds. Invariant: a pattern that it calls plain compiles within its limit, and matches no empty text.

/// Deepest nesting that is followed.
const DEEPEST: u32 = 32;
/// Most repetitions that are followed.
const MOST_TIMES: usize = 1_000;
/// Bytes that a state takes while an automaton is built, and more: 40 and what hangs on it, a few for a range of bytes.
const STATE: usize = 64;

/// What is known of a part of a pattern: the least bytes that it matches, and the most that its automaton takes.
#[derive(Clone, Copy)]
struct Part {
    least: usize,
    bytes: usize,
}

impl Part {
    const NOTHING: Part = Part { least: 0, bytes: STATE };
    const BYTE: Part = Part { least: 1, bytes: STATE };

    fn then(self, next: Part) -> Part {
        Part { least: self.least.saturating_add(next.least), bytes: self.bytes.saturating_add(next.bytes) }
    }
}

/// Whether a pattern of bytes, with classes of ASCII, is plain and takes at most so many bytes.
pub(super) fn is_plain(regex: &str, most: usize) -> bool {
    let mut reader = Reader { rest: regex.as_bytes(), depth: 0 };
    let part = reader.alternation();
    reader.rest.is_empty() && part.is_some_and(|part| part.least > 0 && part.bytes <= most)
}

struct Reader<'r> {
    rest: &'r [u8],
    depth: u32,
}

impl Reader<'_> {
    fn skip(&mut self, expected: &[u8]) -> Option<()> {
        self.rest = self.rest.strip_prefix(expected)?;
        Some(())
    }

    fn next(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    /// Up to a closing bracket or the end.
    fn alternation(&mut self) -> Option<Part> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return None;
        }
        let mut whole = self.concatenation()?;
        while self.skip(b"|").is_some() {
            let other = self.concatenation()?;
            whole = Part { least: whole.least.min(other.least), bytes: whole.bytes.saturating_add(other.bytes + 2 * STATE) };
        }
        self.depth -= 1;
        Some(whole)
    }

    fn concatenation(&mut self) -> Option<Part> {
        let mut whole = Part::NOTHING;
        while !matches!(self.rest.first(), None | Some(b'|' | b')')) {
            let part = self.atom()?;
            let part = self.repeated(part)?;
            whole = whole.then(part);
        }
        Some(whole)
    }

    fn atom(&mut self) -> Option<Part> {
        match self.next()? {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b' ' | b'@' | b'#' | b'%' | b'_' | b'=' | b':' | b';' | b',' | b'!' | b'"' | b'\'' | b'/' => {
                Some(Part::BYTE)
            }
            b'-' | b'<' | b'>' | b'&' | b'~' | b'`' => Some(Part::BYTE),
            b'.' => Some(Part { least: 1, bytes: 2 * STATE }),
            b'(' => {
                if self.rest.starts_with(b"?") {
                    self.skip(b"?:")?;
                }
                let inner = self.alternation()?;
                self.skip(b")")?;
                Some(Part { least: inner.least, bytes: inner.bytes + 2 * STATE })
            }
            b'$' if !self.is_repeated() => Some(Part::NOTHING),
            b'[' => self.class(),
            b'\\' => match self.next()? {
                b'b' | b'B' if !self.is_repeated() => Some(Part::NOTHING),
                b'd' | b's' | b'w' | b'D' | b'S' | b'W' => Some(Part { least: 1, bytes: 3 * STATE }),
                b'x' => self.hexadecimal().map(|()| Part::BYTE),
                b'n' | b'r' | b't' => Some(Part::BYTE),
                escaped => is_escaped(escaped).then_some(Part::BYTE),
            },
            _ => None,
        }
    }

    /// What follows `\x`: the two digits of a byte.
    fn hexadecimal(&mut self) -> Option<()> {
        let digits = [self.next()?, self.next()?];
        digits.iter().all(u8::is_ascii_hexdigit).then_some(())
    }

    /// A part with how often it stands, if that is said behind it, once.
    fn repeated(&mut self, part: Part) -> Option<Part> {
        let (least, most) = match self.rest.first() {
            Some(b'?') => (0, 1),
            Some(b'*') => (0, 1),
            Some(b'+') => (1, 1),
            Some(b'{') => {
                self.next();
                let least = self.number()?;
                let most = match self.skip(b",") {
                    None => least,
                    Some(()) if self.rest.starts_with(b"}") => least,
                    Some(()) => self.number()?,
                };
                (self.rest.first() == Some(&b'}') && least <= most).then_some((least, most))?
            }
            _ => return Some(part),
        };
        self.next();
        let _ = self.skip(b"?");
        if self.is_repeated() {
            return None;
        }
        Some(Part { least: part.least.saturating_mul(least), bytes: (part.bytes.saturating_add(2 * STATE)).saturating_mul(most + 1) })
    }

    fn is_repeated(&self) -> bool {
        matches!(self.rest.first(), Some(b'?' | b'*' | b'+' | b'{'))
    }

    fn number(&mut self) -> Option<usize> {
        let digits = self.rest.iter().take_while(|b| b.is_ascii_digit()).count();
        let (number, rest) = self.rest.split_at(digits);
        self.rest = rest;
        str::from_utf8(number).ok()?.parse().ok().filter(|n| *n <= MOST_TIMES)
    }

    /// A class behind its bracket: letters, digits, some signs, ranges of letters or digits, escapes. It is never empty, and never all bytes.
    fn class(&mut self) -> Option<Part> {
        let negated = self.skip(b"^").is_some();
        let mut items = 0usize;
        if self.skip(b"-").is_some() {
            items += 1;
        }
        loop {
            items += 1;
            match self.next()? {
                first @ (b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9') => {
                    if self.rest.starts_with(b"-") && !self.rest.starts_with(b"-]") {
                        self.next();
                        let last = self.next().filter(|last| last.is_ascii_alphanumeric())?;
                        if last < first || self.rest.starts_with(b"-") && !self.rest.starts_with(b"-]") {
                            return None;
                        }
                    }
                }
                b' ' | b'.' | b',' | b'/' | b'_' | b'+' | b'*' | b'@' | b'#' | b'%' | b'=' | b':' | b';' | b'!' | b'?' | b'$' | b'\'' | b'"'
                | b'(' | b')' | b'{' | b'}' | b'|' => self.no_range()?,
                // Twice, it would cut classes with one another.
                b'&' if !self.rest.starts_with(b"&") => self.no_range()?,
                b'\\' => {
                    match self.next()? {
                        b'd' | b's' | b'w' => {}
                        b'D' | b'S' | b'W' if !negated => {}
                        b'x' => self.hexadecimal()?,
                        b'n' | b'r' | b't' => {}
                        escaped if is_escaped(escaped) => {}
                        _ => return None,
                    }
                    self.no_range()?;
                }
                b'-' if self.rest.starts_with(b"]") => {}
                b']' if items > 1 => break,
                _ => return None,
            }
        }
        Some(Part { least: 1, bytes: STATE * (items + 2) })
    }

    /// Nothing, unless a range seems to begin.
    fn no_range(&self) -> Option<()> {
        (!self.rest.starts_with(b"-") || self.rest.starts_with(b"-]")).then_some(())
    }
}

/// Whether a sign stands for itself behind a backslash.
const fn is_escaped(sign: u8) -> bool {
    matches!(
        sign,
        b'.' | b'+' | b'*' | b'?' | b'(' | b')' | b'|' | b'[' | b']' | b'{' | b'}' | b'^' | b'$' | b'\\' | b'-' | b'/' | b'#' | b'&' | b'~'
    )
}

#[cfg(test)]
mod tests {
    use super::is_plain;
    use crate::compile::pattern::{NFA_LIMIT, matches_nothing, nfa};
    use proptest::prelude::*;

    #[test]
    fn what_packs_are_made_of_is_plain() {
        for regex in [
            r"\b[13][a-km-zA-HJ-NP-Z1-9]{25,34}\b",
            r"(?:account|accs)s? ?(?:with|w/)\b[^.]{0,24}?\bcards?",
            r"[\w.+-]{1,64}@[a-z0-9-]{1,63}\.(?:com|net)",
            r"(a|b){2,}c",
            r"(?:\xc2\xa3|[$&\xe2-])?[0-9]{2,3}(?:\n|$)",
        ] {
            assert!(is_plain(regex, NFA_LIMIT), "{regex}");
        }
        for regex in
            ["", "a*", "a?|b", r"\b", "(?i)a", "a**", "[z-a]", "[]", "[^]", "a{3,2}", "a{99999}", "(", ")", "a|", "\\", "[a", r"\p{L}", "\u{e9}"]
        {
            assert!(!is_plain(regex, NFA_LIMIT), "{regex}");
        }
        assert!(is_plain("(?:a{100}){100}", NFA_LIMIT) && !is_plain("(?:(?:a{100}){100}){100}", NFA_LIMIT));
    }

    fn holds(regex: &str) {
        if is_plain(regex, NFA_LIMIT) {
            let nfa = nfa(regex).unwrap_or_else(|error| panic!("{regex}: {error}"));
            assert!(!matches_nothing(nfa), "{regex}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4_000))]

        #[test]
        fn a_plain_pattern_compiles_and_matches_something(
            parts in prop::collection::vec(prop::sample::select(vec![
                "a", "b", "-", "^", "$", ".", "[", "]", "[^", "a-z", "(", "(?:", ")", "|", "?", "*", "+", "{2}", "{0,3}", "{2,1}", "{3,}", "{", "}",
                r"\b", r"\d", r"\S", r"\.", r"\-", r"\n", r"\x27", r"\xe2", r"\x", "&", "&&", "~~", "--", "\\", "[a-z]", "[^.]", r"[\s-]", "[-a]", " ", "A", "9", ",", "(?i)",
            ]), 0..10),
        ) {
            holds(&parts.concat());
        }

        #[test]
        fn of_any_text_it_says_no_more(regex in r"[ -~]{0,12}") {
            holds(&regex);
        }
    }
}
