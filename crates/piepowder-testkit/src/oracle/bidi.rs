//! Bidirectional overrides undone (docs/SEMANTICS.md, section 2b): a stretch that is shown reversed is put in the order in which it is seen.
//! It is no implementation of the bidirectional algorithm. Invariant: text outside of regions stays as it is.

use super::map::Mapped;
use super::reading::{self, Reading};
use super::ucd;
use piepowder::Transforms;

const OVERRIDE: char = '\u{202e}';
const CLOSES_EMBEDDING: char = '\u{202c}';
const CLOSES_ISOLATE: char = '\u{2069}';
const LEVELS: usize = 16;

/// What a level holds.
enum Item {
    Character(char),
    Level(Level),
}

struct Level {
    opened_by: char,
    items: Vec<Item>,
}

impl Level {
    fn new(opened_by: char) -> Level {
        Level { opened_by, items: Vec::new() }
    }

    fn closed_by(&self) -> char {
        if matches!(self.opened_by, '\u{2066}'..='\u{2068}') { CLOSES_ISOLATE } else { CLOSES_EMBEDDING }
    }

    fn seen(&self) -> String {
        let mut parts: Vec<String> = Vec::new();
        let mut after_character = false;
        for item in &self.items {
            match item {
                Item::Character(c) if after_character && matches!(reading::read(*c), Reading::Dropped | Reading::Mark(_)) => {
                    parts.last_mut().expect("a character precedes").push(*c);
                }
                Item::Character(c) => parts.push(c.to_string()),
                Item::Level(level) => parts.push(level.seen()),
            }
            after_character = matches!(item, Item::Character(_));
        }
        if self.opened_by == OVERRIDE {
            parts.reverse();
        }
        parts.concat()
    }
}

/// Closes the innermost level; what is too deep becomes part of the level around it.
fn close(open: &mut Vec<Level>) {
    let inner = open.pop().expect("an open level");
    let too_deep = open.len() >= LEVELS;
    let outer = open.last_mut().expect("the region is open");
    match too_deep {
        true => outer.items.extend(inner.items),
        false => outer.items.push(Item::Level(inner)),
    }
}

/// What is seen of the region that begins with the text, and its length in bytes.
fn region(text: &str) -> (String, usize) {
    let mut open: Vec<Level> = Vec::new();
    let mut end = text.len();
    for (at, c) in text.char_indices() {
        match c {
            '\n' | '\r' | '\u{2029}' => {
                end = at;
                break;
            }
            '\u{202a}' | '\u{202b}' | '\u{202d}' | OVERRIDE | '\u{2066}'..='\u{2068}' => open.push(Level::new(c)),
            CLOSES_EMBEDDING | CLOSES_ISOLATE => {
                let fits = open.last().expect("the region is open").closed_by() == c;
                if fits && open.len() == 1 {
                    end = at + c.len_utf8();
                    break;
                }
                if fits {
                    close(&mut open);
                }
            }
            _ => open.last_mut().expect("the region is open").items.push(Item::Character(c)),
        }
    }
    while open.len() > 1 {
        close(&mut open);
    }
    (open[0].seen(), end)
}

/// The text with its overrides undone; none when nothing changes.
pub(super) fn undone(text: &str) -> Option<Mapped> {
    let mut made = Mapped::default();
    let mut at = 0;
    let mut changed = false;
    while at < text.len() {
        let c = text[at..].chars().next().expect("not at the end");
        let mut length = c.len_utf8();
        if c == OVERRIDE {
            let (seen, end) = region(&text[at..]);
            length = end;
            if !text[at..at + end].chars().any(ucd::is_right_to_left_letter) {
                made.push(at..at + end, &seen, Transforms::BIDI);
                at += end;
                changed = true;
                continue;
            }
        }
        for (place, c) in text[at..at + length].char_indices() {
            made.push(at + place..at + place + c.len_utf8(), c.encode_utf8(&mut [0; 4]), Transforms::NONE);
        }
        at += length;
    }
    changed.then_some(made)
}

#[cfg(test)]
mod tests {
    use super::super::map::locate;
    use super::*;

    fn seen(text: &str) -> String {
        undone(text).map_or(text.to_string(), |made| made.text)
    }

    #[test]
    fn overrides_are_read_as_they_are_seen() {
        let table = [
            ("plain", "plain"),
            ("a \u{202e}cba\u{202c} z", "a abc z"),
            ("\u{202e}cba", "abc"),
            ("\u{202e}cba\nxyz", "abc\nxyz"),
            ("\u{202e}cba\r\nxyz\u{202c}", "abc\r\nxyz\u{202c}"),
            ("\u{202e}f\u{202d}cde\u{202c}ba\u{202c}!", "abcdef!"),
            ("\u{202e}3\u{202e}12\u{202c}0\u{202c}", "0213"),
            ("\u{202e}f\u{2066}cd\u{202c}e\u{2069}ba\u{202c}", "abcdef"),
            ("\u{202e}e\u{301}d\u{202c}", "de\u{301}"),
            ("\u{202e}e\u{200b}\u{93c}d\u{202c}", "de\u{200b}\u{93c}"),
            ("\u{202e}d\u{2069}c\u{202c}", "cd"),
            ("\u{202e}\u{202c}x", "x"),
            ("\u{202e}cba שלום\u{202c} \u{202e}cba", "\u{202e}cba שלום\u{202c} abc"),
            ("\u{202d}abc\u{202c}", "\u{202d}abc\u{202c}"),
        ];
        for (text, expected) in table {
            assert_eq!(seen(text), expected, "{text:?}");
        }
    }

    #[test]
    fn what_is_too_deep_is_part_of_the_sixteenth_level() {
        // Levels 2 to 16 keep their order, level 17 and 18 are flat.
        let deep = |levels: usize| format!("\u{202e}{}{}b{}a", "\u{202d}".repeat(levels - 1), "c", "\u{202c}".repeat(levels - 1));
        assert_eq!(seen(&deep(16)), "acb");
        assert_eq!(seen(&deep(18)), "acb");
        // An override at level 17 reverses nothing, at level 16 it does.
        let last = |levels: usize| format!("\u{202e}{}\u{202e}cb{}", "\u{202d}".repeat(levels - 2), "\u{202c}".repeat(levels));
        assert_eq!(seen(&last(16)), "bc");
        assert_eq!(seen(&last(17)), "cb");
    }

    #[test]
    fn a_region_is_one_segment() {
        let made = undone("a\u{202e}cb\u{202c}d").expect("something changes");
        assert_eq!(locate(&made.segments, 1..2), (1..9, Transforms::BIDI));
        assert_eq!(locate(&made.segments, 3..4), (9..10, Transforms::NONE));
    }
}
