//! What a view undid to show a stretch of text: a small set, cited with each match.

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

    /// Markup was read: an entity, a tag, a comment.
    pub const MARKUP: Transforms = Transforms(1 << 3);

    const NAMES: [(Transforms, &'static str); 4] = [
        (Transforms::ACCENT, "accent"),
        (Transforms::COMPATIBILITY, "compatibility"),
        (Transforms::INVISIBLE, "invisible"),
        (Transforms::MARKUP, "markup"),
    ];

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
