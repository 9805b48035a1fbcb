//! What stands between two pieces, and how it links them (`docs/SEMANTICS.md`, section 3). Invariant: the fast way for one ASCII character
//! gives what the general one gives.

use crate::text::Link;
use crate::text::classes::{BYTE_CLASSES, Class, class_of, row};
use crate::text::decode::decode;

/// The link over one ASCII character that stands alone in a gap; what is no ASCII character, or no gap, is not asked.
static SINGLE: [Link; 256] = {
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

/// The link over a gap.
#[inline]
pub(super) fn link(gap: &[u8]) -> Link {
    match gap {
        [] => Link::None,
        [byte] => SINGLE[usize::from(*byte)],
        _ => link_over(gap),
    }
}

#[inline(never)]
fn link_over(gap: &[u8]) -> Link {
    let mut seen = Gap::default();
    let mut at = 0;
    while let Some(byte) = gap.get(at) {
        let (c, len, class) = match BYTE_CLASSES[usize::from(*byte)] {
            Some(class) => (*byte as char, 1, class),
            None => {
                let (c, len, _) = decode(&gap[at..]);
                (c, len, class_of(row(c)))
            }
        };
        seen.push(c, class);
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
