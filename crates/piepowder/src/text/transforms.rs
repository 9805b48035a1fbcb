//! What a view undid to show a stretch of text: a small set, cited with each match.

use crate::stored::{Damaged, Reader, Stored, Writer};
use core::fmt;

/// A set of transforms that were undone. `ACCENT` and `COMPATIBILITY` are honest by nature.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Transforms(u16);

impl Transforms {
    /// No transform.
    pub const NONE: Transforms = Transforms(0);
    /// A combining mark was dropped.
    pub const ACCENT: Transforms = Transforms(1);
    /// A compatibility form (full-width, ligature, circled ...) was read as the plain one.
    pub const COMPATIBILITY: Transforms = Transforms(1 << 1);
    /// An invisible character was dropped.
    pub const INVISIBLE: Transforms = Transforms(1 << 2);

    /// Markup was undone.
    pub const MARKUP: Transforms = Transforms(1 << 3);
    /// Text that was shown against its order was put in the order in which it is seen.
    pub const BIDI: Transforms = Transforms(1 << 4);
    /// A look-alike was read as the letter that it looks like.
    pub const CONFUSABLE: Transforms = Transforms(1 << 5);
    /// Look-alikes stood beside plain letters in one word.
    pub const MIXED: Transforms = Transforms(1 << 6);
    /// Digits or symbols were read as letters.
    pub const LEET: Transforms = Transforms(1 << 7);
    /// Letters that stood apart were joined.
    pub const SPACED: Transforms = Transforms(1 << 8);
    /// Repeated letters were read as one or two.
    pub const REPEATED: Transforms = Transforms(1 << 9);
    /// A word was read as one that is an edit away.
    pub const EDIT: Transforms = Transforms(1 << 10);

    const NAMES: [(Transforms, &'static str); 11] = [
        (Transforms::ACCENT, "accent"),
        (Transforms::COMPATIBILITY, "compatibility"),
        (Transforms::INVISIBLE, "invisible"),
        (Transforms::MARKUP, "markup"),
        (Transforms::BIDI, "bidi"),
        (Transforms::CONFUSABLE, "confusable"),
        (Transforms::MIXED, "mixed"),
        (Transforms::LEET, "leet"),
        (Transforms::SPACED, "spaced"),
        (Transforms::REPEATED, "repeated"),
        (Transforms::EDIT, "edit"),
    ];

    /// The transform of a name.
    pub(crate) fn from_name(name: &str) -> Option<Transforms> {
        Self::NAMES.into_iter().find(|(_, n)| *n == name).map(|(t, _)| t)
    }

    /// Whether nothing was undone that hides a word: accents and compatibility forms are honest by nature.
    pub(crate) const fn is_honest(self) -> bool {
        self.0 & !(Self::ACCENT.0 | Self::COMPATIBILITY.0) == 0
    }

    /// Whether the sets share a transform.
    pub(crate) const fn meets(self, other: Transforms) -> bool {
        self.0 & other.0 != 0
    }

    /// Both sets together.
    pub const fn union(self, other: Transforms) -> Transforms {
        Transforms(self.0 | other.0)
    }

    /// Whether all of `other` is in this set.
    pub const fn contains(self, other: Transforms) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether the text was found as it stands, letter case apart.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// How many transforms.
    pub const fn len(self) -> u32 {
        self.0.count_ones()
    }

    /// Their names in files, in fixed order.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        Self::NAMES.into_iter().filter(move |(t, _)| self.contains(*t)).map(|(_, n)| n)
    }
}

impl Stored for Transforms {
    fn write(&self, out: &mut Writer) {
        self.0.write(out);
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, Damaged> {
        u16::read(from).map(Transforms)
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Transforms {
    /// As the list of its names.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.names())
    }
}

impl fmt::Debug for Transforms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.names()).finish()
    }
}
