//! Goes over the bytes of one line as JSON: strings by the index of their quotes, everything else byte by byte. Each step says where the
//! next thing begins, or nothing when the line is no valid JSON there; why it is not is for another reader to say.
//! Nesting is kept as bits, so that no depth can exhaust a stack.
//! Invariant: what is stepped over is valid JSON; of strings, the escapes of all windows so far are valid, and raw control characters are
//! allowed in them.

use super::scan::MAX_DEPTH;
use crate::jsonl::Line;
use piepowder_bytes::{Kernels, Quotes};

/// A line and its index.
pub(super) struct Cursor<'a> {
    pub(super) line: &'a [u8],
    /// The line and what lies behind it.
    beyond: &'a [u8],
    index: &'a mut Quotes,
    kernels: Kernels,
    /// Where the window ends.
    until: usize,
    /// The number of the next quote in the window, and of the first escape that may belong to a string from here on.
    quote: usize,
    escape: usize,
}

impl<'a> Cursor<'a> {
    /// At the beginning of a line.
    #[inline]
    pub(super) fn new(line: &Line<'a>, index: &'a mut Quotes, kernels: Kernels) -> Self {
        index.start();
        Cursor { line: line.bytes, beyond: line.beyond, index, kernels, until: 0, quote: 0, escape: 0 }
    }

    /// The byte at a place, 0 behind the end: a byte that nothing in JSON may begin with.
    #[inline(always)]
    pub(super) fn byte(&self, at: usize) -> u8 {
        self.line.get(at).copied().unwrap_or(0)
    }

    /// The first byte from here on that is no white space.
    #[inline(always)]
    pub(super) fn skip_space(&self, at: usize) -> usize {
        if self.byte(at) > b' ' { at } else { self.skip_some_space(at) }
    }

    fn skip_some_space(&self, mut at: usize) -> usize {
        while matches!(self.byte(at), b' ' | b'\t' | b'\r' | b'\n') {
            at += 1;
        }
        at
    }

    /// The place of the quote that closes the string that opens at `open`, and whether it has escapes.
    #[inline(always)]
    pub(super) fn string(&mut self, open: usize) -> Option<(usize, Escapes)> {
        self.open(open)?;
        let until = self.until;
        let close = self.next_quote()?;
        while (self.index.escape(self.escape) as usize) < open {
            self.escape += 1;
        }
        let escapes = match (self.index.escape(self.escape) as usize) < close {
            _ if self.until != until => Escapes::Perhaps,
            true => Escapes::Some,
            false => Escapes::None,
        };
        Some((close, escapes))
    }

    /// The same, for strings whose content does not matter.
    #[inline(always)]
    pub(super) fn skip_string(&mut self, open: usize) -> Option<usize> {
        self.open(open)?;
        self.next_quote()
    }

    /// The same, for strings whose bytes are known, so that the place where they close is, too.
    #[inline(always)]
    pub(super) fn skip_known(&mut self, open: usize, close: usize) -> Option<()> {
        if close < self.until {
            debug_assert_eq!(self.index.quote(self.quote + 1) as usize, close);
            self.quote += 2;
            return Some(());
        }
        if self.skip_string(open)? == close { Some(()) } else { None }
    }

    /// Takes the quote that opens a string. It is the next one of the index, for nothing but strings, all of which were stepped over, and
    /// white space, marks, numbers and words came before it.
    #[inline(always)]
    fn open(&mut self, open: usize) -> Option<()> {
        if open >= self.until && self.next_window()? != open {
            return None;
        }
        debug_assert_eq!(self.index.quote(self.quote) as usize, open);
        self.quote += 1;
        Some(())
    }

    #[inline(always)]
    fn next_quote(&mut self) -> Option<usize> {
        let mut at = self.index.quote(self.quote) as usize;
        if at == u32::MAX as usize {
            at = self.next_window()?;
        }
        self.quote += 1;
        Some(at)
    }

    /// Goes on to the window that has the next quote, and gives its place.
    #[inline(never)]
    fn next_window(&mut self) -> Option<usize> {
        while self.until < self.line.len() {
            self.kernels.quotes(self.beyond, self.line.len(), self.index);
            self.until = self.index.until();
            (self.quote, self.escape) = (0, 0);
            self.check_escapes()?;
            let at = self.index.quote(0);
            if at != u32::MAX {
                return Some(at as usize);
            }
        }
        None
    }

    /// All of the window, wherever they are: outside strings no backslash is valid.
    fn check_escapes(&self) -> Option<()> {
        let mut number = 0;
        loop {
            let at = self.index.escape(number) as usize;
            if at == u32::MAX as usize {
                return Some(());
            }
            match self.byte(at + 1) {
                b'n' | b'"' | b'\\' | b'/' | b'b' | b'f' | b'r' | b't' => {}
                b'u' if self.line.get(at + 2..at + 6)?.iter().all(u8::is_ascii_hexdigit) => {}
                _ => return None,
            }
            number += 1;
        }
    }

    /// One past the number that begins here.
    #[inline(always)]
    pub(super) fn number(&self, mut at: usize) -> Option<usize> {
        at += usize::from(self.byte(at) == b'-');
        at = match self.byte(at) {
            b'0' => at + 1,
            b'1'..=b'9' => self.digits(at + 1),
            _ => return None,
        };
        if self.byte(at) == b'.' {
            at = self.some_digits(at + 1)?;
        }
        if matches!(self.byte(at), b'e' | b'E') {
            at = self.some_digits(at + 1 + usize::from(matches!(self.byte(at + 1), b'+' | b'-')))?;
        }
        Some(at)
    }

    #[inline(always)]
    fn digits(&self, mut at: usize) -> usize {
        while self.byte(at).is_ascii_digit() {
            at += 1;
        }
        at
    }

    #[inline(always)]
    fn some_digits(&self, at: usize) -> Option<usize> {
        if self.byte(at).is_ascii_digit() { Some(self.digits(at + 1)) } else { None }
    }

    /// One past the word that is here.
    #[inline(always)]
    pub(super) fn word(&self, at: usize, word: &[u8]) -> Option<usize> {
        if self.line.get(at..at + word.len())? == word { Some(at + word.len()) } else { None }
    }

    /// One past the value that begins here, in the outer object.
    #[inline(always)]
    pub(super) fn skip_value(&mut self, at: usize) -> Option<usize> {
        match self.byte(at) {
            b'{' | b'[' => self.skip_nested(at),
            _ => self.skip_scalar(at),
        }
    }

    #[inline(always)]
    fn skip_scalar(&mut self, at: usize) -> Option<usize> {
        match self.byte(at) {
            b'"' => Some(self.skip_string(at)? + 1),
            b'-' | b'0'..=b'9' => self.number(at),
            b'n' => self.word(at, b"null"),
            b't' => self.word(at, b"true"),
            b'f' => self.word(at, b"false"),
            _ => None,
        }
    }

    /// The value of a member whose key begins here.
    #[inline(always)]
    fn skip_key(&mut self, at: usize) -> Option<usize> {
        if self.byte(at) != b'"' {
            return None;
        }
        let colon = self.skip_string(at)? + 1;
        let colon = self.skip_space(colon);
        if self.byte(colon) == b':' { Some(self.skip_space(colon + 1)) } else { None }
    }

    /// One past the array or object that begins here, in the outer object.
    #[inline(never)]
    fn skip_nested(&mut self, mut at: usize) -> Option<usize> {
        // What is open around the value, the innermost in bit 0: an object as 1. The outer object, too, counts as a level.
        let (mut open, mut depth) = (0u128, 1);
        loop {
            // A value begins here.
            let first = self.byte(at);
            let mut ended = !matches!(first, b'{' | b'[');
            if ended {
                at = self.skip_scalar(at)?;
            } else {
                if depth == MAX_DEPTH {
                    return None;
                }
                depth += 1;
                open = open << 1 | u128::from(first == b'{');
                at = self.skip_space(at + 1);
                // Brackets are two bytes from each other in the table of characters.
                if self.byte(at) == first + 2 {
                    (at, open, depth, ended) = (at + 1, open >> 1, depth - 1, true);
                } else if first == b'{' {
                    at = self.skip_key(at)?;
                }
            }
            // A value ended here.
            while ended {
                if depth == 1 {
                    return Some(at);
                }
                at = self.skip_space(at);
                match (self.byte(at), open & 1) {
                    (b',', 0) => (at, ended) = (self.skip_space(at + 1), false),
                    (b',', _) => {
                        let key = self.skip_space(at + 1);
                        (at, ended) = (self.skip_key(key)?, false);
                    }
                    (b']', 0) | (b'}', 1) => (at, open, depth) = (at + 1, open >> 1, depth - 1),
                    _ => return None,
                }
            }
        }
    }
}

/// Whether a string has escapes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Escapes {
    None,
    Some,
    /// It lies in several windows, and only the last one is at hand.
    Perhaps,
}
