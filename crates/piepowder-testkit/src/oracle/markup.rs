//! Markup undone (docs/SEMANTICS.md, section 2a): what a reader of the page sees of a text that has tags and references in it. It works on
//! bytes. Invariant: bytes that no rule names stay as they are.

use super::map::Segment;
use super::references::reference;
use super::tags::{self, Kind, MOST, Read, Tag};
use piepowder::Transforms;

const OPEN: usize = 64;

/// Bytes, and what is shown of them.
struct Shown {
    start: usize,
    end: usize,
    image: Vec<u8>,
    undone: bool,
}

/// An element that has begun.
struct Open {
    name: String,
    hidden: bool,
    start: usize,
}

struct Reader<'a> {
    bytes: &'a [u8],
    shown: Vec<Shown>,
    open: Vec<Open>,
    /// Before this place no `<` begins anything.
    barred: usize,
    hides: bool,
}

/// A text without its markup.
pub(super) struct Undone {
    pub(super) text: Vec<u8>,
    pub(super) segments: Vec<Segment>,
    /// Whether words may have gone with the markup.
    pub(super) hides_words: bool,
}

/// The bytes without markup; none when there is no markup.
pub(super) fn undone(bytes: &[u8]) -> Option<Undone> {
    let mut reader = Reader { bytes, shown: Vec::new(), open: Vec::new(), barred: 0, hides: false };
    let mut at = 0;
    while at < bytes.len() {
        at = reader.step(at);
    }
    if !reader.shown.iter().any(|s| s.undone) {
        return None;
    }
    let (mut text, mut segments) = (Vec::new(), Vec::new());
    for s in reader.shown {
        let start = text.len();
        text.extend(s.image);
        let transforms = if s.undone { Transforms::MARKUP } else { Transforms::NONE };
        segments.push(Segment { source: s.start..s.end, image: start..text.len(), transforms });
    }
    Some(Undone { text, segments, hides_words: reader.hides })
}

/// Where a sequence of bytes first stands, from a place on.
fn find(bytes: &[u8], wanted: &[u8], from: usize) -> Option<usize> {
    (from..bytes.len()).find(|at| bytes[*at..].starts_with(wanted))
}

impl Reader<'_> {
    /// Reads what stands at a place; where reading goes on.
    fn step(&mut self, at: usize) -> usize {
        let rest = &self.bytes[at..];
        let undone = match rest[0] {
            b'&' => reference(rest).map(|(length, text)| self.replace(at, at + length, text.as_bytes())),
            b'<' if at >= self.barred => self.angle(at),
            _ => None,
        };
        undone.unwrap_or_else(|| {
            self.shown.push(Shown { start: at, end: at + 1, image: vec![rest[0]], undone: false });
            at + 1
        })
    }

    fn replace(&mut self, start: usize, end: usize, image: &[u8]) -> usize {
        self.shown.push(Shown { start, end, image: image.to_vec(), undone: true });
        end
    }

    /// Drops what may hold words.
    fn hide(&mut self, start: usize, end: usize) -> usize {
        self.hides = true;
        self.replace(start, end, b"")
    }

    /// What a `<` begins; none when it is shown.
    fn angle(&mut self, at: usize) -> Option<usize> {
        let bytes = self.bytes;
        match &bytes[at..] {
            [_, b'!', b'-', b'-', ..] => {
                let plain = find(bytes, b"-->", at + 2).map(|end| (end, end + 3));
                let odd = find(bytes, b"--!>", at + 4).map(|end| (end, end + 4));
                let (_, end) = plain.into_iter().chain(odd).min()?;
                Some(self.hide(at, end))
            }
            [_, b'!' | b'?', ..] => match find(bytes, b">", at).filter(|end| *end < at + MOST) {
                Some(end) => Some(self.hide(at, end + 1)),
                None => self.bar(at),
            },
            [_, b'/', b'>', ..] => Some(self.hide(at, at + 3)),
            rest => match tags::tag(rest) {
                Read::Text => None,
                Read::Unended => self.bar(at),
                Read::Tag(tag) => Some(self.tag(at, &tag)),
            },
        }
    }

    /// A tag that did not end: it is shown, and nothing begins in it.
    fn bar(&mut self, at: usize) -> Option<usize> {
        self.barred = at + MOST;
        None
    }

    /// Undoes a tag; where reading goes on.
    fn tag(&mut self, at: usize, tag: &Tag) -> usize {
        let end = at + tag.length;
        self.hides |= tag.may_hold_words();
        let rest = &self.bytes[end..];
        let may_open = matches!(tag.kind, Kind::Inline | Kind::Single);
        let place = self.open.iter().rposition(|o| o.name == tag.name);
        if tag.is_end && (may_open || (tag.kind == Kind::Block && place.is_some())) {
            return self.close(at, end, place);
        }
        match tag.kind {
            Kind::Inline | Kind::Single => {
                if self.open.len() == OPEN || (tag.kind == Kind::Single && place.is_some()) || tag.may_show() {
                    self.open.clear();
                }
                self.open.push(Open { name: tag.name.clone(), hidden: tag.is_hidden(), start: at });
                self.replace(at, end, b"")
            }
            Kind::Nothing => self.replace(at, end, b""),
            Kind::Line if rest.starts_with(b"\n") || rest.starts_with(b"\r\n") => self.replace(at, end, b""),
            Kind::Line => self.replace(at, end, b"\n"),
            Kind::Void => self.replace(at, end, b"\n\n"),
            Kind::Block | Kind::Structure => {
                self.open.clear();
                if tag.kind == Kind::Block && !tag.is_end && tag.is_hidden() {
                    self.open.push(Open { name: tag.name.clone(), hidden: true, start: at });
                }
                self.replace(at, end, b"\n\n")
            }
            Kind::Raw if tag.is_end => self.replace(at, end, b""),
            Kind::Raw => match self.raw_end(end, &tag.name) {
                Some(end) => self.hide(at, end),
                None => self.replace(at, end, b""),
            },
        }
    }

    /// An end tag of an element that may be open; drops all of it when it is hidden.
    fn close(&mut self, at: usize, end: usize, place: Option<usize>) -> usize {
        let Some(place) = place else { return self.replace(at, end, b"") };
        let element = self.open.swap_remove(place);
        self.open.truncate(place);
        if !element.hidden {
            return self.replace(at, end, b"");
        }
        self.shown.retain(|s| s.start < element.start);
        self.replace(element.start, end, b"")
    }

    /// Where a raw element ends whose start tag ends at a place.
    fn raw_end(&self, from: usize, name: &str) -> Option<usize> {
        let of_name = |at: &usize| match tags::name_at(self.bytes, at + 2) {
            Some((_, found, end)) if self.bytes[*at..].starts_with(b"</") && found == name => Some(end),
            _ => None,
        };
        let after_name = (from..self.bytes.len()).find_map(|at| of_name(&at))?;
        let spaces = self.bytes[after_name..].iter().take_while(|b| tags::is_space(**b)).count();
        (self.bytes.get(after_name + spaces) == Some(&b'>')).then_some(after_name + spaces + 1)
    }
}
