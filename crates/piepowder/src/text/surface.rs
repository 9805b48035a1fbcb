//! The surface view: folded text and the map back to the original. It knows neither tokens nor rules.
//! Invariant: the surface is NFC of the folded characters (semantics, section 2), valid UTF-8, and at most `GROWTH` times as long as
//! the original; a span of surface text that is not empty is an original span that is not empty, on character boundaries.

use super::compose::Composer;
use super::decode::{REPLACEMENT, decode, encode, is_continuation, length};
use super::decoded::Decoded;
use super::map::Map;
use super::{Transforms, View, tables};
use piepowder_bytes::Kernels;

/// Most bytes of surface for one byte of original: U+FDFA has 3 bytes, its image 33.
#[cfg(test)]
pub(crate) const GROWTH: usize = 11;

/// Whether the bytes of a field were UTF-8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    Valid,
    Invalid,
}

/// The entry of a character in the fold table.
#[derive(Clone, Copy)]
struct Fold(u32);

impl Fold {
    #[inline]
    fn of(c: char) -> (usize, Fold) {
        let at = c as usize;
        let number = match tables::FOLD_INDEX.get(at >> 7) {
            Some(block) => usize::from(tables::FOLD_BLOCKS[usize::from(*block) << 7 | at & 127]),
            None => 0,
        };
        (number, Fold(tables::FOLDS[number]))
    }

    /// The image, when it is another than the character itself.
    fn image(self) -> &'static [u8] {
        let at = (self.0 & 0xFFFF) as usize;
        &tables::FOLD_TEXT.as_bytes()[at..at + (self.0 >> 16 & 63) as usize]
    }

    fn continues(self) -> bool {
        self.0 >> 24 & 1 != 0
    }

    fn transforms(self) -> Transforms {
        const ALL: [Transforms; 3] = [Transforms::ACCENT, Transforms::COMPATIBILITY, Transforms::INVISIBLE];
        let mut set = Transforms::NONE;
        if self.0 >> 25 == 0 {
            return set;
        }
        for (i, transform) in ALL.into_iter().enumerate() {
            if self.0 >> (25 + i) & 1 != 0 {
                set = set.union(transform);
            }
        }
        set
    }
}

/// A folded character: its image, how its cluster stands, what was undone.
struct Folded {
    len: usize,
    image: Image,
    continues: bool,
    transforms: Transforms,
    valid: bool,
}

/// What a character folds to.
#[derive(Clone, Copy)]
pub(super) enum Image {
    Same(char),
    Other(&'static [u8]),
}

/// The image of a character.
pub(super) fn fold_char(c: char) -> Image {
    let (number, fold) = Fold::of(c);
    if number < 2 { Image::Same(c) } else { Image::Other(fold.image()) }
}

#[inline]
fn fold_first(bytes: &[u8]) -> Folded {
    let (c, len, valid) = decode(bytes);
    let (number, fold) = Fold::of(c);
    let image = if number < 2 { Image::Same(c) } else { Image::Other(fold.image()) };
    Folded { len, image, continues: fold.continues(), transforms: fold.transforms(), valid }
}

/// How many bytes the characters have that a text begins with, are no ASCII, stand for themselves and begin clusters, and how many the last
/// of them has.
fn same_run(text: &[u8]) -> (usize, usize) {
    let (mut at, mut last) = (0, 0);
    while text.get(at).is_some_and(|byte| !byte.is_ascii()) {
        let (c, len, valid) = decode(&text[at..]);
        if !valid || Fold::of(c).0 != 0 {
            break;
        }
        (at, last) = (at + len, len);
    }
    (at, last)
}

/// The surface of a text and its map. Buffers are kept from text to text.
#[derive(Clone, Debug, Default)]
pub(crate) struct Surface {
    kernels: Kernels,
    decoded: Decoded,
    text: Vec<u8>,
    map: Map,
    composer: Composer,
}

impl Surface {
    /// Buffers that are filled by these kernels.
    pub(crate) fn with(kernels: Kernels) -> Self {
        Surface { kernels, ..Surface::default() }
    }

    /// Reads a text, at most `u32::MAX / GROWTH` bytes (`Limits` keeps fields far below).
    pub(crate) fn read(&mut self, original: &[u8]) -> Encoding {
        // Most texts are ASCII without markup: there is nothing to decode.
        self.text.clear();
        let lowered = self.kernels.lower(original, &mut self.text);
        if lowered.ascii == original.len() && !lowered.marked {
            self.decoded.clear();
            self.map.clear();
            self.map.push_linear(original.len() as u32);
            return Encoding::Valid;
        }
        if !self.decoded.read(original) {
            return self.fold(original);
        }
        let decoded = core::mem::take(&mut self.decoded);
        self.fold(decoded.text(original));
        self.decoded = decoded;
        // What was decoded hides where the bytes were none.
        encoding_of(original)
    }

    /// Reads a text as it stands: markup and bidirectional overrides stay.
    pub(crate) fn read_verbatim(&mut self, original: &[u8]) -> Encoding {
        self.decoded.clear();
        self.fold(original)
    }

    fn fold(&mut self, original: &[u8]) -> Encoding {
        self.text.clear();
        self.map.clear();
        let mut encoding = Encoding::Valid;
        let mut at = 0;
        // Where the last cluster starts, in both texts.
        let mut cluster: Option<(usize, usize)> = None;
        while at < original.len() {
            if original[at].is_ascii() {
                let ascii = self.kernels.lower(&original[at..], &mut self.text).ascii;
                self.map.push_linear(ascii as u32);
                at += ascii;
                cluster = Some((at - 1, self.text.len() - 1));
                continue;
            }
            let (same, last) = same_run(&original[at..]);
            if same > 0 {
                self.text.extend_from_slice(&original[at..at + same]);
                self.map.push_linear(same as u32);
                at += same;
                cluster = Some((at - last, self.text.len() - last));
                continue;
            }
            let folded = fold_first(&original[at..]);
            match (folded.image, cluster) {
                (Image::Other([]), _) => self.map.push_dropped(folded.len as u32, folded.transforms),
                (_, Some(start)) if folded.continues => {
                    at = self.recompose(original, start, &mut encoding);
                    continue;
                }
                (image, _) => {
                    cluster = Some((at, self.text.len()));
                    self.push(image, &folded);
                }
            }
            if !folded.valid {
                encoding = Encoding::Invalid;
            }
            at += folded.len;
        }
        encoding
    }

    /// Appends a cluster of one character.
    fn push(&mut self, image: Image, folded: &Folded) {
        let from = self.text.len();
        match image {
            Image::Same(c) => encode(c, &mut self.text),
            Image::Other(text) => self.text.extend_from_slice(text),
        }
        let len = self.text.len() - from;
        // One character for one: two letters for a sharp s have its two bytes, but no border inside it.
        let one = length(self.text[from]) == len;
        if one && len == folded.len && folded.transforms.is_empty() && folded.valid {
            self.map.push_linear(len as u32);
        } else {
            self.map.push_whole(folded.len as u32, len as u32, folded.transforms);
        }
    }

    /// Rewrites the last cluster, which starts at `original`, `view`, with all that continues it. Returns where the text goes on.
    fn recompose(&mut self, text: &[u8], (original, view): (usize, usize), encoding: &mut Encoding) -> usize {
        self.text.truncate(view);
        self.map.rewind(original as u32, view as u32);
        let mut transforms = Transforms::NONE;
        // End of the cluster, and what was dropped after it, which belongs to it only if more of it follows.
        let mut end = original;
        let mut dropped = Transforms::NONE;
        let mut at = original;
        while at < text.len() {
            let folded = fold_first(&text[at..]);
            if !folded.valid {
                *encoding = Encoding::Invalid;
            }
            match folded.image {
                Image::Other([]) => {
                    dropped = dropped.union(folded.transforms);
                    at += folded.len;
                    continue;
                }
                _ if at > original && !folded.continues => break,
                Image::Same(c) => self.composer.push(c),
                Image::Other(mut image) => {
                    while !image.is_empty() {
                        let (c, len, _) = decode(image);
                        self.composer.push(c);
                        image = &image[len..];
                    }
                }
            }
            at += folded.len;
            end = at;
            transforms = transforms.union(folded.transforms).union(core::mem::take(&mut dropped));
        }
        self.composer.finish(&mut self.text);
        self.map.push_whole((end - original) as u32, (self.text.len() - view) as u32, transforms);
        if end < at {
            self.map.push_dropped((at - end) as u32, dropped);
        }
        at
    }

    /// The surface: valid UTF-8.
    pub(crate) fn text(&self) -> &[u8] {
        &self.text
    }

    /// The map, for its laws.
    #[cfg(test)]
    pub(crate) fn map(&self) -> &Map {
        &self.map
    }

    /// The text that was folded: the original with markup and overrides undone.
    pub(crate) fn decoded<'a>(&'a self, original: &'a [u8]) -> &'a [u8] {
        self.decoded.text(original)
    }

    /// Whether markup that was undone has words that the surface does not show.
    pub(crate) fn hides(&self) -> bool {
        self.decoded.hides()
    }

    /// Whether markup or overrides were undone.
    pub(crate) fn is_decoded(&self) -> bool {
        !self.decoded.is_original()
    }

    /// The surface with its way back to the original.
    pub(crate) fn view(&self) -> View<'_> {
        View { text: &self.text, map: &self.map, decoded: &self.decoded }
    }
}

fn encoding_of(bytes: &[u8]) -> Encoding {
    let mut at = 0;
    while at < bytes.len() {
        let (_, len, valid) = decode(&bytes[at..]);
        if !valid {
            return Encoding::Invalid;
        }
        at += len;
    }
    Encoding::Valid
}

/// The surface of a text that is no markup, as of a term.
pub(crate) fn fold(text: &str) -> String {
    // What the general path makes of ASCII, without its buffers.
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut surface = Surface::default();
    surface.read_verbatim(text.as_bytes());
    // The surface is UTF-8 by construction; a replacement could not go unnoticed by the tests.
    String::from_utf8(surface.text).unwrap_or_else(|_| REPLACEMENT.into())
}

/// The longest part of `bytes` of at most `limit` bytes that does not split a UTF-8 sequence (semantics, section 1).
pub(crate) fn cut(bytes: &[u8], limit: usize) -> &[u8] {
    if bytes.len() <= limit {
        return bytes;
    }
    let mut end = limit;
    // Three bytes back at most: a longer run of continuation bytes is no UTF-8 anyway.
    while end > 0 && limit - end < 3 && is_continuation(bytes[end]) {
        end -= 1;
    }
    &bytes[..end]
}
