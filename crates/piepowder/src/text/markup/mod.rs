//! HTML in a text: tags, comments, hidden elements and character references undone, with the map back to the original. It folds nothing and
//! knows no tokens. Invariant: the map tiles both texts, the text has at most `GROWTH` of the original's bytes, the time is linear.

mod element;
mod reference;
mod tag;
#[cfg(test)]
mod tests;

use super::Transforms;
use super::map::Map;
use element::{Kind, Name, RAW};
use memchr::memmem;
use tag::Tag;

/// Most bytes of text for some bytes of original: `&nGt;` has five bytes, its two characters six.
#[cfg(test)]
const GROWTH: (usize, usize) = (6, 5);

/// Longest tag or declaration: beyond it, an angle bracket is taken for text that nobody closed.
const TAG_BYTES: usize = 4_096;

/// Most elements that are followed at a time. Real snippets nest a few.
const OPEN: usize = 64;

/// What a break shows: a blank line, which parts pieces (two line feeds in a gap).
const BREAK: &[u8] = b"\n\n";

/// Whether a text can have markup: a cheap test that nearly all texts fail.
pub(crate) fn may_have_markup(original: &[u8]) -> bool {
    memchr::memchr2_iter(b'<', b'&', original).any(|at| match (original[at], original.get(at + 1)) {
        (b'<', Some(next)) => next.is_ascii_alphabetic() || matches!(next, b'/' | b'!' | b'?'),
        (_, Some(next)) => next.is_ascii_alphabetic() || *next == b'#',
        _ => false,
    })
}

/// Text with its markup undone, and the map back. Buffers are kept from text to text.
#[derive(Clone, Debug, Default)]
pub(crate) struct Markup {
    text: Vec<u8>,
    map: Map,
    /// Elements that begin after the last break and have not ended.
    open: Vec<Open>,
    hides: bool,
}

/// An element of which the end tag has not come yet, and where it starts in both texts.
#[derive(Clone, Copy, Debug)]
struct Open {
    name: Name,
    hidden: bool,
    original: usize,
    view: usize,
}

/// What begins at an angle bracket.
enum Construct<'a> {
    /// A character.
    Text,
    /// A tag or declaration that does not end in time.
    Unclosed,
    /// A comment, a declaration, or an end tag without a name, of so many bytes.
    Comment(usize),
    Tag(Tag<'a>),
}

/// What searches ahead have found, so that no stretch is searched twice.
#[derive(Default)]
struct Ahead {
    /// A comment had no end: no later one has.
    comments_stay: bool,
    /// For each raw element, the next end tag that was found and is not passed yet.
    raw: [RawEnd; RAW],
}

#[derive(Clone, Copy, Default)]
enum RawEnd {
    #[default]
    Unknown,
    /// Where it begins, and where it ends when it has the form of an end tag without attributes.
    Found(usize, Option<usize>),
    None,
}

impl Markup {
    /// Undoes the markup of a text, at most `u32::MAX` bytes by `GROWTH`. Says whether there was any; else the text equals the original.
    pub(crate) fn read(&mut self, original: &[u8]) -> bool {
        self.text.clear();
        self.map.clear();
        self.open.clear();
        self.hides = false;
        let mut ahead = Ahead::default();
        let mut undone = false;
        // Up to here, angle brackets are text: a tag before did not end.
        let mut plain = 0;
        let mut at = 0;
        loop {
            let next = memchr::memchr2(b'<', b'&', &original[at..]).map_or(original.len(), |found| at + found);
            self.keep(&original[at..next]);
            at = next;
            if at == original.len() {
                return undone;
            }
            let len = if original[at] == b'&' {
                self.reference(&original[at..])
            } else if at < plain {
                None
            } else {
                match construct(original, at, &mut ahead) {
                    Construct::Text => None,
                    Construct::Unclosed => {
                        plain = at + TAG_BYTES;
                        None
                    }
                    Construct::Comment(len) => {
                        self.hides = true;
                        self.drop(len);
                        Some(len)
                    }
                    Construct::Tag(tag) => Some(self.tag(original, at, &tag, &mut ahead)),
                }
            };
            undone |= len.is_some();
            if len.is_none() {
                self.keep(&original[at..=at]);
            }
            at += len.unwrap_or(1);
        }
    }

    /// The text without markup.
    pub(crate) fn text(&self) -> &[u8] {
        &self.text
    }

    /// The map to the original.
    pub(crate) fn map(&self) -> &Map {
        &self.map
    }

    /// Whether words may have gone: whether more was undone than character references and tags without attributes. A site that reads no
    /// markup shows those words.
    pub(crate) fn hides(&self) -> bool {
        self.hides
    }

    fn keep(&mut self, bytes: &[u8]) {
        if !bytes.is_empty() {
            self.text.extend_from_slice(bytes);
            self.map.push_linear(bytes.len() as u32);
        }
    }

    fn drop(&mut self, len: usize) {
        self.map.push_dropped(len as u32, Transforms::MARKUP);
    }

    fn replace(&mut self, len: usize, image: &[u8]) {
        self.text.extend_from_slice(image);
        self.map.push_whole(len as u32, image.len() as u32, Transforms::MARKUP);
    }

    fn reference(&mut self, rest: &[u8]) -> Option<usize> {
        let (len, characters) = reference::read(rest)?;
        self.replace(len, characters.text(&mut [0; 4]).as_bytes());
        Some(len)
    }

    /// Undoes a tag, with the content of a raw element. Returns how many bytes that were.
    fn tag(&mut self, original: &[u8], at: usize, tag: &Tag<'_>, ahead: &mut Ahead) -> usize {
        self.hides |= !tag.is_bare();
        let (name, len) = (tag.name, tag.len);
        match name.kind() {
            Kind::Nothing => self.drop(len),
            Kind::Raw(raw) => {
                let end = if tag.closes { None } else { ahead.raw_end(original, at + len, raw, name) };
                let len = end.map_or(len, |end| end - at);
                self.hides |= end.is_some();
                self.drop(len);
                return len;
            }
            // The line feed that often follows is the one that is shown.
            Kind::Line if matches!(original[at + len..], [b'\n', ..] | [b'\r', b'\n', ..]) => self.drop(len),
            Kind::Line => self.replace(len, b"\n"),
            Kind::Void => self.replace(len, BREAK),
            Kind::Inline | Kind::Single if tag.closes => self.close(at, tag),
            Kind::Inline | Kind::Single => {
                self.start(at, tag);
                self.drop(len);
            }
            Kind::Block if tag.closes && self.is_open(name) => self.close(at, tag),
            Kind::Block | Kind::Structure => {
                self.open.clear();
                if !tag.closes && name.kind() == Kind::Block && tag.is_hidden() {
                    self.start(at, tag);
                }
                self.replace(len, BREAK);
            }
        }
        len
    }

    fn is_open(&self, name: Name) -> bool {
        self.open.iter().any(|open| open.name == name)
    }

    /// Follows an element from its start tag on.
    fn start(&mut self, original: usize, tag: &Tag<'_>) {
        let hidden = tag.is_hidden();
        // Another link ends the first, and what shows itself may be shown inside of what is hidden.
        let ends_another = tag.name.kind() == Kind::Single && self.is_open(tag.name);
        if self.open.len() == OPEN || ends_another || !hidden && tag.shows() {
            self.open.clear();
        }
        self.open.push(Open { name: tag.name, hidden, original, view: self.text.len() });
    }

    /// Ends the last open element of this name, and all that began in it; takes it back if it is hidden.
    fn close(&mut self, at: usize, tag: &Tag<'_>) {
        let last = self.open.iter().rposition(|open| open.name == tag.name);
        let open = last.map(|last| self.open[last]);
        self.open.truncate(last.unwrap_or(self.open.len()));
        match open {
            Some(open) if open.hidden => {
                self.text.truncate(open.view);
                self.map.rewind(open.original as u32, open.view as u32);
                self.drop(at + tag.len - open.original);
            }
            _ => self.drop(tag.len),
        }
    }
}

fn construct<'a>(original: &'a [u8], at: usize, ahead: &mut Ahead) -> Construct<'a> {
    let rest = &original[at..];
    let window = &rest[..rest.len().min(TAG_BYTES)];
    match rest {
        [_, b'!', b'-', b'-', ..] => match ahead.comment(rest) {
            Some(len) => Construct::Comment(len),
            None => Construct::Text,
        },
        [_, b'!' | b'?', ..] => match memchr::memchr(b'>', window) {
            Some(end) => Construct::Comment(end + 1),
            None => Construct::Unclosed,
        },
        [_, b'/', b'>', ..] => Construct::Comment(3),
        _ => match tag::name(rest) {
            Some((name, closes, from)) => tag::read(window, name, closes, from).map_or(Construct::Unclosed, Construct::Tag),
            None => Construct::Text,
        },
    }
}

impl Ahead {
    /// Length of the comment that begins `rest`, if it has an end.
    fn comment(&mut self, rest: &[u8]) -> Option<usize> {
        if self.comments_stay {
            return None;
        }
        // The dashes of the start can be those of the end, but not before an exclamation mark.
        let end = memchr::memchr_iter(b'-', &rest[2..]).map(|dash| dash + 2).find_map(|dash| match rest[dash..] {
            [_, b'-', b'>', ..] => Some(dash + 3),
            [_, b'-', b'!', b'>', ..] if dash >= 4 => Some(dash + 4),
            _ => None,
        });
        self.comments_stay = end.is_none();
        end
    }

    /// Where the raw element ends that has its content from `at` on, if it has an end.
    fn raw_end(&mut self, original: &[u8], at: usize, raw: usize, name: Name) -> Option<usize> {
        let found = match self.raw[raw] {
            RawEnd::Found(start, _) if start < at => RawEnd::Unknown,
            found => found,
        };
        self.raw[raw] = match found {
            RawEnd::Unknown => find_raw_end(original, at, name),
            known => known,
        };
        match self.raw[raw] {
            RawEnd::Found(_, end) => end,
            _ => None,
        }
    }
}

fn find_raw_end(original: &[u8], at: usize, name: Name) -> RawEnd {
    for start in memmem::find_iter(&original[at..], b"</").map(|found| at + found) {
        if let Some((found, _, len)) = tag::name(&original[start..])
            && found == name
        {
            let after = start + len;
            let spaces = original[after..].iter().take_while(|b| b.is_ascii_whitespace()).count();
            let end = after + spaces;
            return RawEnd::Found(start, (original.get(end) == Some(&b'>')).then_some(end + 1));
        }
    }
    RawEnd::None
}
