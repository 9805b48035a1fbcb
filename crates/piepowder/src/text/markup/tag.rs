//! One tag: its name, its attributes as a browser reads them, and whether they hide the element. It knows no content.
//! Invariant: a tag ends at a `>`; bytes are looked at once.

use super::element::Name;

/// A tag of a known element.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tag<'a> {
    pub(super) name: Name,
    /// Whether it is an end tag.
    pub(super) closes: bool,
    /// All its bytes.
    pub(super) len: usize,
    /// Whether nothing but the name stands in it.
    bare: bool,
    hidden: bool,
    size: bool,
    /// The value of its first `style`.
    style: Option<&'a [u8]>,
}

/// What an inline style says about its element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Style {
    Silent,
    Hides,
    /// It may be seen.
    Shows,
}

impl Tag<'_> {
    /// Whether it holds no words but the name of an element of HTML.
    pub(super) fn is_bare(&self) -> bool {
        self.bare && self.name != Name::CUSTOM
    }

    /// Whether the element is hidden, for all that can be seen here.
    pub(super) fn is_hidden(&self) -> bool {
        match self.style() {
            Style::Hides => true,
            Style::Silent => self.hidden,
            Style::Shows => false,
        }
    }

    /// Whether the element may be seen although an element around it is hidden: visibility and size are the child's own.
    pub(super) fn shows(&self) -> bool {
        self.size || self.style() == Style::Shows
    }

    fn style(&self) -> Style {
        self.style.map_or(Style::Silent, style)
    }

    fn attribute(&mut self, name: &[u8]) -> Attribute {
        self.bare = false;
        if name.eq_ignore_ascii_case(b"hidden") {
            self.hidden = true;
        } else if name.eq_ignore_ascii_case(b"size") {
            self.size = true;
        } else if name.eq_ignore_ascii_case(b"style") && self.style.is_none() {
            return Attribute::Style;
        }
        Attribute::Other
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Attribute {
    Style,
    Other,
}

/// The element that a tag at the start of `rest` names, whether it is an end tag, and where the name ends.
pub(super) fn name(rest: &[u8]) -> Option<(Name, bool, usize)> {
    let closes = rest.get(1) == Some(&b'/');
    let start = 1 + usize::from(closes);
    if !rest.get(start)?.is_ascii_alphabetic() {
        return None;
    }
    let len = rest[start..].iter().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_')).count();
    let end = start + len;
    let after = *rest.get(end)?;
    let ends = after.is_ascii_whitespace() || matches!(after, b'/' | b'>');
    if ends { Some((Name::of(&rest[start..end])?, closes, end)) } else { None }
}

/// Reads a tag up to its end, from where its name ends. None if it does not end in these bytes.
pub(super) fn read(bytes: &[u8], name: Name, closes: bool, from: usize) -> Option<Tag<'_>> {
    let mut tag = Tag { name, closes, len: 0, bare: true, hidden: false, size: false, style: None };
    let mut at = from;
    loop {
        at = skip(bytes, at, |b| b.is_ascii_whitespace() || b == b'/');
        if *bytes.get(at)? == b'>' {
            tag.len = at + 1;
            return Some(tag);
        }
        // A name has at least one byte, be it an equals sign.
        let end = skip(bytes, at + 1, |b| !b.is_ascii_whitespace() && !matches!(b, b'/' | b'>' | b'='));
        let attribute = tag.attribute(bytes.get(at..end)?);
        at = skip(bytes, end, |b| b.is_ascii_whitespace());
        let mut value: &[u8] = &[];
        if bytes.get(at) == Some(&b'=') {
            at = skip(bytes, at + 1, |b| b.is_ascii_whitespace());
            match *bytes.get(at)? {
                quote @ (b'"' | b'\'') => {
                    let len = memchr::memchr(quote, &bytes[at + 1..])?;
                    value = &bytes[at + 1..at + 1 + len];
                    at += len + 2;
                }
                _ => {
                    let end = skip(bytes, at, |b| !b.is_ascii_whitespace() && b != b'>');
                    value = &bytes[at..end];
                    at = end;
                }
            }
        }
        if attribute == Attribute::Style {
            tag.style = Some(value);
        }
    }
}

fn skip(bytes: &[u8], from: usize, of: impl Fn(u8) -> bool) -> usize {
    from + bytes.get(from..).unwrap_or_default().iter().take_while(|b| of(**b)).count()
}

/// Conservative: whatever is not plain declarations might be read in another way by a browser, so that the element is shown.
fn style(value: &[u8]) -> Style {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b.is_ascii_whitespace() || b":;.,%#!-".contains(&b);
    if !value.iter().all(|b| plain(*b)) {
        return Style::Shows;
    }
    let mut verdict = Style::Silent;
    for declaration in value.split(|b| *b == b';') {
        let Some(colon) = memchr::memchr(b':', declaration) else { continue };
        let property = declaration[..colon].trim_ascii();
        let is = |name: &str| property.eq_ignore_ascii_case(name.as_bytes());
        let value = unimportant(&declaration[colon + 1..]);
        let hides = if is("display") {
            value.eq_ignore_ascii_case(b"none")
        } else if is("visibility") {
            value.eq_ignore_ascii_case(b"hidden")
        } else if is("font-size") {
            is_zero(value, &["", "%", "px", "pt", "pc", "em", "rem", "ex", "ch", "in", "cm", "mm", "vw", "vh"])
        } else if is("opacity") {
            is_zero(value, &["", "%"])
        } else if is("font") || is("all") {
            false
        } else {
            continue;
        };
        if !hides {
            return Style::Shows;
        }
        verdict = Style::Hides;
    }
    verdict
}

/// A value without `!important`.
fn unimportant(value: &[u8]) -> &[u8] {
    match memchr::memchr(b'!', value) {
        Some(mark) if value[mark + 1..].trim_ascii().eq_ignore_ascii_case(b"important") => value[..mark].trim_ascii(),
        _ => value.trim_ascii(),
    }
}

/// `0`, `00`, `0.0`, `.0`, with one of these units.
fn is_zero(value: &[u8], units: &[&str]) -> bool {
    let zeros = |bytes: &[u8]| bytes.iter().take_while(|b| **b == b'0').count();
    let mut len = zeros(value);
    if value.get(len) == Some(&b'.') {
        let decimals = zeros(&value[len + 1..]);
        if decimals == 0 {
            return false;
        }
        len += 1 + decimals;
    }
    len > 0 && units.iter().any(|unit| value[len..].eq_ignore_ascii_case(unit.as_bytes()))
}
