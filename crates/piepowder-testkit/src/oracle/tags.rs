//! Tags of markup, read one at a time (docs/SEMANTICS.md, section 2a, *tags*). It does not know what is open.
//! Invariant: a tag that was read ends with its `>` within the most bytes that it may have.

use super::style::{Style, style};

/// Within so many bytes a tag has to end.
pub(super) const MOST: usize = 4_096;
const CUSTOM: usize = 64;

/// What the tags of an element become.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Inline,
    Single,
    Nothing,
    Line,
    Void,
    Block,
    Structure,
    Raw,
}

const ELEMENTS: [(Kind, &str); 8] = [
    (
        Kind::Inline,
        "abbr acronym b bdi bdo big blink cite code data del dfn em font i ins kbd label map mark output picture q ruby s samp slot small span strike \
         strong sub sup time tt u var",
    ),
    (Kind::Single, "a nobr"),
    (Kind::Nothing, "area base basefont bgsound link meta param source track wbr"),
    (Kind::Line, "br"),
    (Kind::Void, "embed image img input keygen"),
    (
        Kind::Block,
        "address article aside blockquote center dd dir div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 header hgroup li listing main menu nav ol p \
         pre search section ul",
    ),
    (
        Kind::Structure,
        "applet audio body button canvas caption col colgroup datalist details dialog fieldset form frame frameset head hr html iframe isindex layer \
         legend marquee math menuitem meter multicol nolayer object optgroup option plaintext progress rb rp rt rtc select spacer summary svg table tbody \
         td textarea tfoot th thead title tr video xmp",
    ),
    (Kind::Raw, "noembed noframes noscript script style template"),
];

/// The name that all custom names count as.
const ANY_CUSTOM: &str = "-";

/// A tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tag {
    pub(super) kind: Kind,
    /// In lower case.
    pub(super) name: String,
    pub(super) is_end: bool,
    pub(super) length: usize,
    attributes: Vec<(Vec<u8>, Vec<u8>)>,
}

/// What stands at a `<` that a name follows.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Read {
    Text,
    Unended,
    Tag(Tag),
}

pub(super) fn is_space(b: u8) -> bool {
    matches!(b, b'\t' | b'\n' | 0xc | b'\r' | b' ')
}

/// Kind and name of the element whose name stands at a place, and where the name ends.
pub(super) fn name_at(bytes: &[u8], start: usize) -> Option<(Kind, String, usize)> {
    let rest = bytes.get(start..)?;
    if !rest.first()?.is_ascii_alphabetic() {
        return None;
    }
    let length = rest.iter().take_while(|b| b.is_ascii_alphanumeric() || b"-._".contains(b)).count();
    let follows = *rest.get(length)?;
    if !is_space(follows) && follows != b'/' && follows != b'>' {
        return None;
    }
    let name = core::str::from_utf8(&rest[..length]).expect("ASCII").to_ascii_lowercase();
    if name.contains('-') {
        return (length <= CUSTOM).then(|| (Kind::Inline, ANY_CUSTOM.to_string(), start + length));
    }
    let kind = ELEMENTS.iter().find(|(_, names)| names.split(' ').any(|n| n == name))?.0;
    Some((kind, name, start + length))
}

/// Reads what the bytes begin with, a `<`.
pub(super) fn tag(bytes: &[u8]) -> Read {
    let is_end = bytes.get(1) == Some(&b'/');
    let Some((kind, name, after_name)) = name_at(bytes, if is_end { 2 } else { 1 }) else { return Read::Text };
    match attributes(&bytes[..bytes.len().min(MOST)], after_name) {
        Some((attributes, length)) => Read::Tag(Tag { kind, name, is_end, length, attributes }),
        None => Read::Unended,
    }
}

type Attributes = Vec<(Vec<u8>, Vec<u8>)>;

/// The attributes from a place on, and where the tag ends.
fn attributes(bytes: &[u8], mut at: usize) -> Option<(Attributes, usize)> {
    let mut found = Attributes::new();
    let until = |from: usize, stops: &dyn Fn(u8) -> bool| (from..bytes.len()).find(|i| stops(bytes[*i]));
    let after_spaces = |from: usize| until(from, &|b| !is_space(b));
    loop {
        at = until(at, &|b| !is_space(b) && b != b'/')?;
        if bytes[at] == b'>' {
            return Some((found, at + 1));
        }
        let name_end = until(at + 1, &|b| is_space(b) || b"/>=".contains(&b))?;
        let name = bytes[at..name_end].to_ascii_lowercase();
        at = after_spaces(name_end)?;
        let mut value = Vec::new();
        if bytes[at] == b'=' {
            at = after_spaces(at + 1)?;
            let quote = bytes[at];
            if quote == b'"' || quote == b'\'' {
                let end = until(at + 1, &|b| b == quote)?;
                value = bytes[at + 1..end].to_vec();
                at = end + 1;
            } else {
                let end = until(at, &|b| is_space(b) || b == b'>')?;
                value = bytes[at..end].to_vec();
                at = end;
            }
        }
        found.push((name, value));
    }
}

impl Tag {
    fn has(&self, name: &[u8]) -> bool {
        self.attributes.iter().any(|(n, _)| n == name)
    }

    /// What its first `style` says, if there is one.
    fn style(&self) -> Option<Style> {
        self.attributes.iter().find(|(n, _)| n == b"style").map(|(_, value)| style(value))
    }

    /// Whether it is more than the bare name of an element.
    pub(super) fn may_hold_words(&self) -> bool {
        self.name == ANY_CUSTOM || !self.attributes.is_empty()
    }

    /// Whether it begins an element that is not shown.
    pub(super) fn is_hidden(&self) -> bool {
        let style = self.style();
        style == Some(Style::Hides) || (self.has(b"hidden") && matches!(style, None | Some(Style::Silent)))
    }

    /// Whether it may make text visible that an element around it hides.
    pub(super) fn may_show(&self) -> bool {
        !self.is_hidden() && (self.has(b"size") || self.style() == Some(Style::Shows))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_end_where_they_end() {
        let length = |text: &str| match tag(text.as_bytes()) {
            Read::Tag(tag) => Some(tag.length),
            _ => None,
        };
        assert_eq!(length("<b>x"), Some(3));
        assert_eq!(length("</B >x"), Some(5));
        assert_eq!(length("<a href=\"a>b\">x"), Some(14));
        assert_eq!(length("<a href=a/>x"), Some(11));
        assert_eq!(length("<a ===>x"), Some(7));
        assert_eq!(length("<a b = 'c' / d>x"), Some(15));
        assert_eq!(length("<ak-47>x"), Some(7));
        assert_eq!(tag(b"<joe@example.org>"), Read::Text);
        assert_eq!(tag(b"<cocoa>"), Read::Text);
        assert_eq!(tag(b"<b"), Read::Text);
        assert_eq!(tag(b"<b x"), Read::Unended);
        assert_eq!(tag(b"<b x='y>"), Read::Unended);
        let long = |spaces: usize| length(&format!("<b{}>", " ".repeat(spaces)));
        assert_eq!(long(MOST - 3), Some(MOST));
        assert_eq!(long(MOST - 2), None);
    }
}
