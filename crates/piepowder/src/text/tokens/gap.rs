//! What stands between two pieces, and how it links them (`docs/SEMANTICS.md`, section 3). Invariant: the fast ways for ASCII
//! characters give what the general one gives.

use crate::text::Link;
use crate::text::classes::{BYTE_CLASSES, Class, class_of, row};
use crate::text::decode::decode;

/// The link over one ASCII character that stands alone in a gap; what is no ASCII character, or no gap, is not asked. Over a space it is
/// that of nothing else, which the kernel that finds pieces takes for granted.
pub(super) static SINGLE: [Link; 256] = {
    let mut links = [Link::Spaced; 256];
    let mut byte = 0;
    while byte < 256 {
        match BYTE_CLASSES[byte] {
            Some(Class::Joiner) => links[byte] = Link::Joined,
            Some(Class::Stop) => links[byte] = Link::Broken,
            _ => {}
        }
        byte += 1;
    }
    links
};

/// What an ASCII character says of a gap. `HIGH` is for parts of others.
const STOP: u8 = 1;
const SPACE: u8 = 1 << 1;
const DOT: u8 = 1 << 2;
const FEED: u8 = 1 << 3;
const HIGH: u8 = 1 << 4;

static SAYS: [u8; 256] = {
    let mut says = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        says[byte] = match BYTE_CLASSES[byte] {
            Some(Class::Stop) => STOP,
            Some(Class::Space) => SPACE,
            Some(_) => 0,
            None => HIGH,
        };
        byte += 1;
    }
    says[b'.' as usize] |= DOT;
    says[b'\n' as usize] |= FEED;
    says
};

/// The link over a gap of two bytes or more.
#[inline]
pub(super) fn link_over(surface: &[u8], from: usize, to: usize) -> Link {
    match &surface[from..to] {
        // Most are a comma, a point or another sign and a space.
        [first, second] => {
            let (first, second) = (SAYS[usize::from(*first)], SAYS[usize::from(*second)]);
            let ends = first & DOT != 0 && second & SPACE != 0 || first & second & FEED != 0;
            match first | second {
                all if all & HIGH != 0 => link_over_others(&surface[from..to]),
                all if ends || all & STOP != 0 => Link::Broken,
                _ => Link::Spaced,
            }
        }
        gap => link_over_more(gap),
    }
}

#[inline(never)]
fn link_over_more(gap: &[u8]) -> Link {
    let (mut all, mut before, mut feeds, mut ends) = (0, 0, 0, false);
    for byte in gap {
        let says = SAYS[usize::from(*byte)];
        ends |= before & DOT != 0 && says & SPACE != 0;
        feeds += usize::from(says & FEED != 0);
        all |= says;
        before = says;
    }
    if all & HIGH != 0 {
        return link_over_others(gap);
    }
    if ends || all & STOP != 0 || feeds > 1 { Link::Broken } else { Link::Spaced }
}

/// The link over a gap of any characters.
#[inline(never)]
fn link_over_others(gap: &[u8]) -> Link {
    let mut seen = Gap::default();
    let mut at = 0;
    while at < gap.len() {
        let (c, len, _) = decode(&gap[at..]);
        seen.push(c, class_of(row(c)));
        at += len;
    }
    seen.link()
}

/// What stands between two pieces, so far.
#[derive(Default)]
pub(super) struct Gap {
    characters: usize,
    feeds: usize,
    joiner: bool,
    stop: bool,
    sentence_end: bool,
    after_dot: bool,
}

impl Gap {
    pub(super) fn push(&mut self, c: char, class: Class) {
        self.characters += 1;
        self.joiner = class == Class::Joiner;
        self.stop |= class == Class::Stop;
        self.sentence_end |= self.after_dot && class == Class::Space;
        self.after_dot = c == '.';
        self.feeds += usize::from(c == '\n');
    }

    pub(super) fn link(&self) -> Link {
        match self.characters {
            0 => Link::None,
            1 if self.joiner => Link::Joined,
            _ if self.stop || self.sentence_end || self.feeds > 1 => Link::Broken,
            _ => Link::Spaced,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Link, SINGLE, link_over, link_over_others};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn ascii_gaps_link_as_any_others(gap in "[-./'_: \t\n\r&+,!a]{1,4}") {
            let link = match *gap.as_bytes() {
                [byte] => SINGLE[usize::from(byte)],
                ref bytes => link_over(bytes, 0, bytes.len()),
            };
            prop_assert_eq!(link, link_over_others(gap.as_bytes()), "{:?}", gap);
            // A space parts pieces and breaks nothing: the kernel asks for no other link over one.
            prop_assert_eq!(SINGLE[usize::from(b' ')], Link::Spaced);
        }
    }
}
