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
}

/// The bytes without markup, and the segments that lead back; none when there is no markup.
pub(super) fn undone(bytes: &[u8]) -> Option<(Vec<u8>, Vec<Segment>)> {
    let mut reader = Reader { bytes, shown: Vec::new(), open: Vec::new(), barred: 0 };
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
    Some((text, segments))
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

    /// What a `<` begins; none when it is shown.
    fn angle(&mut self, at: usize) -> Option<usize> {
        let bytes = self.bytes;
        match &bytes[at..] {
            [_, b'!', b'-', b'-', ..] => {
                let plain = find(bytes, b"-->", at + 2).map(|end| (end, end + 3));
                let odd = find(bytes, b"--!>", at + 4).map(|end| (end, end + 4));
                let (_, end) = plain.into_iter().chain(odd).min()?;
                Some(self.replace(at, end, b""))
            }
            [_, b'!' | b'?', ..] => match find(bytes, b">", at).filter(|end| *end < at + MOST) {
                Some(end) => Some(self.replace(at, end + 1, b"")),
                None => self.bar(at),
            },
            [_, b'/', b'>', ..] => Some(self.replace(at, at + 3, b"")),
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
            Kind::Raw => {
                let end = self.raw_end(end, &tag.name).unwrap_or(end);
                self.replace(at, end, b"")
            }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(text: &str) -> String {
        undone(text.as_bytes()).map_or(text.to_string(), |(bytes, _)| String::from_utf8(bytes).expect("UTF-8 stays UTF-8"))
    }

    #[test]
    fn texts_are_read_as_they_are_shown() {
        let long = format!("<b {}<i>x</i>", "y".repeat(MOST));
        let long_shown = format!("<b {}x", "y".repeat(MOST));
        let table = [
            ("2 < 3 & 4 > 1", "2 < 3 & 4 > 1"),
            ("co<b>ca</b>ine", "cocaine"),
            ("co<!-- x > y -->ca<!-->ine<!--->!", "cocaine!"),
            ("a<!-- b --!>c-->d", "ac-->d"),
            ("a<!-- b", "a<!-- b"),
            ("a<!DOCTYPE x>b<?php c>d</>e", "abde"),
            ("a<br>b<br/>\nc</br>\r\nd", "a\nb\nc\r\nd"),
            ("a<p>b</p>c<img src=x>d", "a\n\nb\n\nc\n\nd"),
            ("a<script>b<i>c</script >d", "ad"),
            ("a<script>b</script x>c", "abc"),
            ("&amp;lt;b&gt; &lt;b>", "&lt;b> <b>"),
            ("a<span style='display:none'>b<i>c</span>d</i>e", "ade"),
            ("a<span hidden>b", "ab"),
            ("a<span hidden>b<p>c</span>d", "ab\n\ncd"),
            ("a<div hidden>b<i>c</i></div>d", "ad"),
            ("a<div hidden>b<div>c</div>d", "a\n\nb\n\nc\n\nd"),
            ("a<span hidden>b<font size=3>c</font></span>d", "abcd"),
            ("a<a hidden>b<a>c</a>d", "abcd"),
            ("<x-y hidden>a</z-z>b", "b"),
            ("<cocoa> <joe@example.org> </3", "<cocoa> <joe@example.org> </3"),
            ("<b <i>x</i>", "x"),
            (&long, &long_shown),
        ];
        for (text, expected) in table {
            assert_eq!(seen(text), expected, "{text}");
        }
    }
}
