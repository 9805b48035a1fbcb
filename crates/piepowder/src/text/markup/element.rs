//! The names of HTML's elements, those of the Living Standard and older ones, and how each stands in a line of text. It reads no tags.
//! Invariant: names are sorted, so that an index names an element.

/// How an element stands in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Part of a line: its tags show nothing.
    Inline,
    /// Like that, but a browser ends it where another of its name begins.
    Single,
    /// Shows nothing and has no content.
    Nothing,
    /// A line break.
    Line,
    /// Something between words, without content.
    Void,
    /// A box of its own.
    Block,
    /// A part of a page, a table, a form, which the tree builder of a browser treats in a way of its own.
    Structure,
    /// Its content is not shown and has no tags. With its number among these.
    Raw(usize),
}

/// How many elements are raw.
pub(super) const RAW: usize = 6;

/// Longest name of an element that is not of HTML.
const CUSTOM_BYTES: usize = 64;

/// An element by its place in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Name(u8);

impl Name {
    /// All elements with a hyphen in their names.
    pub(super) const CUSTOM: Name = Name(ELEMENTS.len() as u8);

    /// The element with this name, in any letter case.
    pub(super) fn of(name: &[u8]) -> Option<Name> {
        let mut lower = [0; CUSTOM_BYTES];
        let lower = lower.get_mut(..name.len())?;
        lower.copy_from_slice(name);
        lower.make_ascii_lowercase();
        if lower.contains(&b'-') {
            return Some(Name::CUSTOM);
        }
        ELEMENTS.binary_search_by(|(known, _)| known.as_bytes().cmp(lower)).ok().map(|at| Name(at as u8))
    }

    pub(super) fn kind(self) -> Kind {
        ELEMENTS.get(usize::from(self.0)).map_or(Kind::Inline, |(_, kind)| *kind)
    }
}

/// Sorted by name.
#[rustfmt::skip]
pub(super) static ELEMENTS: [(&str, Kind); 145] = [
    ("a", Kind::Single), ("abbr", Kind::Inline), ("acronym", Kind::Inline), ("address", Kind::Block), ("applet", Kind::Structure),
    ("area", Kind::Nothing), ("article", Kind::Block), ("aside", Kind::Block), ("audio", Kind::Structure), ("b", Kind::Inline),
    ("base", Kind::Nothing), ("basefont", Kind::Nothing), ("bdi", Kind::Inline), ("bdo", Kind::Inline), ("bgsound", Kind::Nothing),
    ("big", Kind::Inline), ("blink", Kind::Inline), ("blockquote", Kind::Block), ("body", Kind::Structure), ("br", Kind::Line),
    ("button", Kind::Structure), ("canvas", Kind::Structure), ("caption", Kind::Structure), ("center", Kind::Block), ("cite", Kind::Inline),
    ("code", Kind::Inline), ("col", Kind::Structure), ("colgroup", Kind::Structure), ("data", Kind::Inline), ("datalist", Kind::Structure),
    ("dd", Kind::Block), ("del", Kind::Inline), ("details", Kind::Structure), ("dfn", Kind::Inline), ("dialog", Kind::Structure),
    ("dir", Kind::Block), ("div", Kind::Block), ("dl", Kind::Block), ("dt", Kind::Block), ("em", Kind::Inline), ("embed", Kind::Void),
    ("fieldset", Kind::Structure), ("figcaption", Kind::Block), ("figure", Kind::Block), ("font", Kind::Inline), ("footer", Kind::Block),
    ("form", Kind::Structure), ("frame", Kind::Structure), ("frameset", Kind::Structure), ("h1", Kind::Block), ("h2", Kind::Block),
    ("h3", Kind::Block), ("h4", Kind::Block), ("h5", Kind::Block), ("h6", Kind::Block), ("head", Kind::Structure), ("header", Kind::Block),
    ("hgroup", Kind::Block), ("hr", Kind::Structure), ("html", Kind::Structure), ("i", Kind::Inline), ("iframe", Kind::Structure),
    ("image", Kind::Void), ("img", Kind::Void), ("input", Kind::Void), ("ins", Kind::Inline), ("isindex", Kind::Structure),
    ("kbd", Kind::Inline), ("keygen", Kind::Void), ("label", Kind::Inline), ("layer", Kind::Structure), ("legend", Kind::Structure),
    ("li", Kind::Block), ("link", Kind::Nothing), ("listing", Kind::Block), ("main", Kind::Block), ("map", Kind::Inline),
    ("mark", Kind::Inline), ("marquee", Kind::Structure), ("math", Kind::Structure), ("menu", Kind::Block), ("menuitem", Kind::Structure),
    ("meta", Kind::Nothing), ("meter", Kind::Structure), ("multicol", Kind::Structure), ("nav", Kind::Block), ("nobr", Kind::Single),
    ("noembed", Kind::Raw(0)), ("noframes", Kind::Raw(1)), ("nolayer", Kind::Structure), ("noscript", Kind::Raw(2)),
    ("object", Kind::Structure), ("ol", Kind::Block), ("optgroup", Kind::Structure), ("option", Kind::Structure), ("output", Kind::Inline),
    ("p", Kind::Block), ("param", Kind::Nothing), ("picture", Kind::Inline), ("plaintext", Kind::Structure), ("pre", Kind::Block),
    ("progress", Kind::Structure), ("q", Kind::Inline), ("rb", Kind::Structure), ("rp", Kind::Structure), ("rt", Kind::Structure),
    ("rtc", Kind::Structure), ("ruby", Kind::Inline), ("s", Kind::Inline), ("samp", Kind::Inline), ("script", Kind::Raw(3)),
    ("search", Kind::Block), ("section", Kind::Block), ("select", Kind::Structure), ("slot", Kind::Inline), ("small", Kind::Inline),
    ("source", Kind::Nothing), ("spacer", Kind::Structure), ("span", Kind::Inline), ("strike", Kind::Inline), ("strong", Kind::Inline),
    ("style", Kind::Raw(4)), ("sub", Kind::Inline), ("summary", Kind::Structure), ("sup", Kind::Inline), ("svg", Kind::Structure),
    ("table", Kind::Structure), ("tbody", Kind::Structure), ("td", Kind::Structure), ("template", Kind::Raw(5)), ("textarea", Kind::Structure),
    ("tfoot", Kind::Structure), ("th", Kind::Structure), ("thead", Kind::Structure), ("time", Kind::Inline), ("title", Kind::Structure),
    ("tr", Kind::Structure), ("track", Kind::Nothing), ("tt", Kind::Inline), ("u", Kind::Inline), ("ul", Kind::Block), ("var", Kind::Inline),
    ("video", Kind::Structure), ("wbr", Kind::Nothing), ("xmp", Kind::Structure),
];
