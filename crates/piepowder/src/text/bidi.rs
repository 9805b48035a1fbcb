//! Text that overrides show against its order, put in the order in which it is seen (`docs/SEMANTICS.md`, section 2b). It lays out no
//! lines and resolves no levels but those of overrides. Invariant: what is seen holds the characters of the region, controls apart.

use super::Transforms;
use super::classes::is_right_to_left;
use super::decode::{decode, encode};
use super::map::Map;
use super::units::hangs_on;

const EMBEDDINGS_FIRST: char = '\u{202A}';
const RLO: char = '\u{202E}';
const POP: char = '\u{202C}';
const ISOLATES_FIRST: char = '\u{2066}';
const ISOLATES_LAST: char = '\u{2068}';
const POP_ISOLATE: char = '\u{2069}';
/// The bytes of the override.
const OVERRIDE: &[u8] = b"\xE2\x80\xAE";
/// Deepest level; what is deeper counts as part of it.
const DEEPEST: usize = 16;

/// Whether a text has a right-to-left override: a cheap test that nearly all texts fail.
pub(super) fn may_have_override(text: &[u8]) -> bool {
    memchr::memmem::find(text, OVERRIDE).is_some()
}

/// A level that is open: where its characters and its parts begin.
#[derive(Clone, Copy, Debug)]
struct Level {
    isolate: bool,
    reversed: bool,
    characters: usize,
    parts: usize,
}

/// Buffers for undoing, kept from text to text.
#[derive(Clone, Debug, Default)]
pub(super) struct Undo {
    /// What is seen of the region so far.
    seen: Vec<char>,
    /// Where the parts of the open levels begin in `seen`: a character with its marks, or a level that was closed.
    parts: Vec<usize>,
    levels: Vec<Level>,
    /// How much was seen when the last level was closed: no mark hangs on a level.
    closed_at: usize,
    /// Levels beyond the deepest, isolates or not.
    beyond: Vec<bool>,
}

impl Undo {
    /// Writes the text with its regions undone, and the map. Whether there was one.
    pub(super) fn undo(&mut self, original: &[u8], text: &mut Vec<u8>, map: &mut Map) -> bool {
        text.clear();
        map.clear();
        let (mut from, mut at) = (0, 0);
        while let Some(found) = memchr::memmem::find(&original[at..], OVERRIDE) {
            let start = at + found;
            let (end, native) = self.region(original, start);
            at = end;
            if native {
                continue;
            }
            push_as_it_stands(&original[from..start], text, map);
            let before = text.len();
            self.seen.iter().for_each(|c| encode(*c, text));
            match text.len() - before {
                0 => map.push_dropped((end - start) as u32, Transforms::BIDI),
                shown => map.push_whole((end - start) as u32, shown as u32, Transforms::BIDI),
            }
            from = end;
        }
        push_as_it_stands(&original[from..], text, map);
        from > 0
    }

    /// Reads the region that begins with the override at `start`. Where it ends, and whether it is in a script that runs that way.
    fn region(&mut self, original: &[u8], start: usize) -> (usize, bool) {
        self.seen.clear();
        self.parts.clear();
        self.beyond.clear();
        self.closed_at = usize::MAX;
        let mut native = false;
        let mut at = start;
        while at < original.len() {
            let (c, len, _) = decode(&original[at..]);
            match c {
                '\n' | '\r' | '\u{2029}' => break,
                EMBEDDINGS_FIRST..=RLO if c != POP => self.open(c),
                ISOLATES_FIRST..=ISOLATES_LAST => self.open(c),
                POP | POP_ISOLATE => self.pop(c == POP_ISOLATE),
                c => {
                    native |= is_right_to_left(c);
                    let level = self.levels.last().map_or(0, |l| l.parts);
                    let bare = self.parts.len() == level || self.closed_at == self.seen.len();
                    if bare || !hangs_on(c) {
                        self.parts.push(self.seen.len());
                    }
                    self.seen.push(c);
                }
            }
            at += len;
            if self.levels.is_empty() {
                break;
            }
        }
        while !self.levels.is_empty() {
            self.close();
        }
        (at, native)
    }

    fn open(&mut self, c: char) {
        let isolate = c >= ISOLATES_FIRST;
        if self.levels.len() == DEEPEST {
            self.beyond.push(isolate);
        } else {
            self.levels.push(Level { isolate, reversed: c == RLO, characters: self.seen.len(), parts: self.parts.len() });
        }
    }

    fn pop(&mut self, isolate: bool) {
        match self.beyond.last() {
            Some(open) if *open == isolate => {
                self.beyond.pop();
            }
            Some(_) => {}
            None if self.levels.last().is_some_and(|l| l.isolate == isolate) => self.close(),
            None => {}
        }
    }

    /// Closes the innermost level: it becomes one part of the one around it.
    fn close(&mut self) {
        let Some(level) = self.levels.pop() else { return };
        if level.reversed && self.seen.len() > level.characters {
            // All of it backwards, then each part forwards again.
            let end = self.seen.len();
            self.seen[level.characters..].reverse();
            let ends = self.parts[level.parts + 1..].iter().copied().chain([end]);
            for (from, to) in self.parts[level.parts..].iter().copied().zip(ends) {
                self.seen[level.characters + end - to..level.characters + end - from].reverse();
            }
        }
        self.parts.truncate(level.parts);
        if self.seen.len() > level.characters {
            self.parts.push(level.characters);
            self.closed_at = self.seen.len();
        }
    }
}

fn push_as_it_stands(bytes: &[u8], text: &mut Vec<u8>, map: &mut Map) {
    if !bytes.is_empty() {
        text.extend_from_slice(bytes);
        map.push_linear(bytes.len() as u32);
    }
}
