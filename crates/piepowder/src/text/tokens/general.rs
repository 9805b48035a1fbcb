//! The tokens of a surface, character by character, as the page says it: what the masks are tested against.

use super::Tokens;
use super::gap::Gap;
use crate::text::classes::{Class, class_of, row, spaceless_of};
use crate::text::decode::decode;
use crate::text::hash;
use crate::text::{Link, Piece};

/// The character that begins at a byte: itself, its length, its class, whether its script is spaceless.
#[derive(Clone, Copy)]
struct Seen {
    c: char,
    len: usize,
    class: Class,
    spaceless: bool,
}

fn see(surface: &[u8], at: usize) -> Option<Seen> {
    let rest = surface.get(at..).filter(|rest| !rest.is_empty())?;
    let (c, len, _) = decode(rest);
    Some(Seen { c, len, class: class_of(row(c)), spaceless: spaceless_of(row(c)) })
}

impl Tokens {
    /// As `read`, without masks.
    pub(crate) fn read_general(&mut self, surface: &[u8]) {
        self.found.list.clear();
        self.clusters.clear();
        let (mut gap, mut at, mut first) = (Gap::default(), 0, 0);
        while let Some(seen) = see(surface, at) {
            let end = match seen.class {
                Class::Letter => letters(surface, at + seen.len, seen.spaceless),
                Class::Digit => digits(surface, at + seen.len),
                class => {
                    gap.push(seen.c, class);
                    at += seen.len;
                    continue;
                }
            };
            let link = if self.found.list.is_empty() { Link::Broken } else { gap.link() };
            if matches!(link, Link::Spaced | Link::Broken) {
                self.join(surface, first..self.found.list.len());
                first = self.found.list.len();
            }
            self.found.list.push(Piece {
                start: at as u32,
                end: end as u32,
                hash: hash(&surface[at..end]),
                link,
                number: seen.class == Class::Digit,
            });
            gap = Gap::default();
            at = end;
        }
        self.join(surface, first..self.found.list.len());
    }
}

/// The end of a run of letters of one kind of script.
fn letters(surface: &[u8], mut at: usize, spaceless: bool) -> usize {
    while let Some(seen) = see(surface, at)
        && seen.class == Class::Letter
        && seen.spaceless == spaceless
    {
        at += seen.len;
    }
    at
}

/// The end of a number: digits, and single `.` or `,` between two digits.
fn digits(surface: &[u8], mut at: usize) -> usize {
    let digit = |at| see(surface, at).filter(|s| s.class == Class::Digit);
    loop {
        if let Some(seen) = digit(at) {
            at += seen.len;
        } else if matches!(surface.get(at), Some(b'.' | b',')) && digit(at + 1).is_some() {
            at += 1;
        } else {
            return at;
        }
    }
}
