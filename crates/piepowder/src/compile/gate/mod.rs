//! Which patterns are worth a try where a trigger stands, by the text behind it. Common words trigger dozens of patterns and every number
//! hundreds, of which the next few bytes rule out nearly all. A gate reads these bytes once for all patterns of a trigger: it is one automaton
//! of all of them, which tells each pattern when its match may end, or when it knows no more about it. It tries nothing itself.
//! Invariant: a pattern that matches where its trigger stands is let through, once; a pattern that is let through need not match.

mod explore;
mod states;

use super::pattern::{Automaton, PATTERN_WINDOW};
use super::steps::{CLASSES, Steps};
use crate::bytes::Bytes;
use crate::stored::{Damaged, Reader, Stored, Writer, sound};
use explore::explore;
use once_cell::race::OnceBox;

/// Bytes that packs do not tell apart, or hardly, are of one class: letters in lower case, digits and the most usual signs are their own. Capital
/// letters do not occur in folded text.
static CLASS_OF: [u8; 256] = {
    let mut of = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        of[byte] = match byte as u8 {
            letter @ b'a'..=b'z' => letter - b'a' + 1,
            digit @ b'0'..=b'9' => digit - b'0' + 27,
            // The first bytes of signs such as pound, euro and dash.
            0xC2 => 37,
            0xE2 => 38,
            0xF0 => 39,
            0x80.. => 40,
            0..=0x1F => 41,
            other => {
                let mut class = 0;
                while class < SIGNS.len() && SIGNS[class] != other {
                    class += 1;
                }
                if class < SIGNS.len() { 42 + class as u8 } else { 0 }
            }
        };
        byte += 1;
    }
    of
};
const SIGNS: [u8; 22] = *b" .,-/':$%+&()@#!=\"*;?|";
const _: () = assert!(42 + SIGNS.len() == CLASSES);

/// Most patterns of a trigger that has a gate.
const MOST: usize = u16::MAX as usize;

/// The patterns of one trigger, with their gate, which is made when the trigger is first met, or read from a compiled pack.
#[derive(Debug)]
pub(crate) struct Triggered {
    /// In order.
    pub(crate) patterns: Vec<u32>,
    gate: OnceBox<Gate>,
    /// What the gate is read from; nothing when there is none.
    stored: Bytes,
}

/// What a gate stands behind.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Read<'a> {
    /// A word.
    Word(&'a [u8]),
    /// A number, and what is of it here.
    Number(&'a [u8]),
}

impl Triggered {
    pub(super) fn new(mut patterns: Vec<u32>) -> Self {
        patterns.sort_unstable();
        patterns.dedup();
        Triggered { patterns, gate: OnceBox::new(), stored: Bytes::default() }
    }

    /// Tells which patterns may match at a trigger that is `read`, behind which stands `rest`.
    #[inline]
    pub(crate) fn each(&self, automata: &[Automaton], read: Read<'_>, rest: &[u8], mut give: impl FnMut(u32)) {
        if self.patterns.len() > MOST {
            return self.patterns.iter().for_each(|pattern| give(*pattern));
        }
        let give = |local: u16| give(self.patterns[usize::from(local)]);
        match self.gate(automata, read) {
            Gate { inside: None, behind } => behind.each(rest, give),
            Gate { inside: Some(inside), behind } => inside.each(read, rest, behind, give),
        }
    }

    fn gate(&self, automata: &[Automaton], read: Read<'_>) -> &Gate {
        match self.gate.get() {
            Some(gate) => gate,
            None => self.gate.get_or_init(|| {
                let stored = Gate::read(&mut Reader::new(&self.stored), self.patterns.len());
                Box::new(stored.unwrap_or_else(|_| explore(&self.patterns, automata, read)))
            }),
        }
    }

    /// Writes the patterns and, of a trigger as texts have it, their gate.
    pub(super) fn write(&self, automata: &[Automaton], read: Option<Read<'_>>, out: &mut Writer) {
        out.list(&self.patterns, u32::to_le_bytes);
        let read = read.filter(|_| self.patterns.len() <= MOST);
        let mut gate = Writer::default();
        if let Some(read) = read {
            self.gate(automata, read).write(&mut gate);
        }
        out.part(&gate.finish());
    }

    /// Reads what `write` wrote.
    pub(super) fn read(from: &mut Reader<'_>) -> Result<Self, Damaged> {
        let patterns = from.list(|bytes| u32::from_le_bytes(*bytes))?;
        sound(patterns.is_sorted_by(|a, b| a < b))?;
        Ok(Triggered { patterns, gate: OnceBox::new(), stored: from.part()? })
    }

    pub(crate) fn memory_usage(&self) -> usize {
        let inside = |inside: &Inside| inside.way.memory_usage() + inside.left.len() * size_of::<u64>();
        let gate = |gate: &Gate| size_of::<Gate>() + gate.inside.as_ref().map_or(0, inside) + gate.behind.memory_usage();
        self.patterns.len() * size_of::<u32>() + self.gate.get().map_or(0, gate) + self.stored.len()
    }
}

/// What tells the patterns of a trigger apart.
#[derive(Debug)]
struct Gate {
    /// Of numbers, what tells them by the number itself: there are too many numbers to go on differently behind each.
    inside: Option<Inside>,
    behind: Way,
}

impl Gate {
    fn write(&self, out: &mut Writer) {
        self.inside.is_some().write(out);
        if let Some(inside) = &self.inside {
            inside.way.write(out);
            out.list(&inside.left, u64::to_le_bytes);
        }
        self.behind.write(out);
    }

    /// Reads what `write` wrote, for so many patterns.
    fn read(from: &mut Reader<'_>, patterns: usize) -> Result<Self, Damaged> {
        let mut inside = None;
        if bool::read(from)? {
            let (way, left) = (Way::read(from, patterns)?, from.list(|bits| u64::from_le_bytes(*bits))?);
            inside = Some(Inside { way, left, words: words(patterns) });
        }
        Ok(Gate { inside, behind: Way::read(from, patterns)? })
    }
}

/// What the number itself says of the patterns behind it.
#[derive(Debug)]
struct Inside {
    way: Way,
    /// The patterns that are left at each node and end, as sets of so many words.
    left: Vec<u64>,
    words: usize,
}

/// Words of a set of so many patterns.
fn words(patterns: usize) -> usize {
    patterns.div_ceil(64).max(1)
}

impl Inside {
    #[inline]
    fn each(&self, number: Read<'_>, rest: &[u8], behind: &Way, mut give: impl FnMut(u16)) {
        let (Read::Number(number) | Read::Word(number)) = number;
        let at = self.way.walk(number, &mut give);
        let Some(left) = self.left.get(at * self.words..(at + 1) * self.words) else { return };
        behind.each(rest, |local| {
            if left.get(usize::from(local / 64)).is_some_and(|bits| bits >> (local % 64) & 1 == 1) {
                give(local);
            }
        });
    }
}

/// An automaton over classes of bytes. A node is marked with the number of the list of what is given there.
#[derive(Debug)]
struct Way {
    /// Where a text begins.
    start: u16,
    /// What reads on. Numbers beyond are of ends, of which the first has the first list, and so on.
    steps: Steps,
    /// Where in `given` each list begins, and where the last ends. The first is empty.
    lists: Vec<u32>,
    /// Places of patterns among those of the trigger.
    given: Vec<u16>,
}

impl Way {
    /// Gives what may match, and at an end what is left, too.
    #[inline]
    fn each(&self, rest: &[u8], mut give: impl FnMut(u16)) {
        self.walk(rest, &mut give);
    }

    /// Gives what may match, and at an end what is left, too; tells where the text leads to.
    #[inline]
    fn walk(&self, text: &[u8], give: &mut impl FnMut(u16)) -> usize {
        let mut at = usize::from(self.start);
        // No pattern reads further.
        let mut text = text.iter().take(PATTERN_WINDOW);
        while let Some(node) = self.steps.node(at) {
            if node.mark != 0 {
                self.list(node.mark.into(), give);
            }
            let Some(byte) = text.next() else { return at };
            at = self.steps.next(node, CLASS_OF[usize::from(*byte)]);
        }
        self.list(at - self.steps.len(), give);
        at
    }

    fn list(&self, list: usize, give: &mut impl FnMut(u16)) {
        self.given[self.lists[list] as usize..self.lists[list + 1] as usize].iter().for_each(|local| give(*local));
    }

    fn write(&self, out: &mut Writer) {
        self.start.write(out);
        out.list(&self.lists, u32::to_le_bytes);
        out.list(&self.given, u16::to_le_bytes);
        self.steps.write(out);
    }

    /// Reads what `write` wrote, for so many patterns.
    fn read(from: &mut Reader<'_>, patterns: usize) -> Result<Way, Damaged> {
        let start = u16::read(from)?;
        let lists = from.list(|bytes| u32::from_le_bytes(*bytes))?;
        let given = from.list(|local| u16::from_le_bytes(*local))?;
        sound(lists.starts_with(&[0, 0]) && lists.is_sorted() && lists.last().is_some_and(|end| *end as usize == given.len()))?;
        sound(given.iter().all(|local| usize::from(*local) < patterns))?;
        let ends = lists.len() - 1;
        let steps = Steps::read(from, ends)?;
        sound(usize::from(start) < steps.len() + ends && steps.marks().all(|list| usize::from(list) < ends))?;
        Ok(Way { start, steps, lists, given })
    }

    fn memory_usage(&self) -> usize {
        self.steps.memory_usage() + self.given.len() * size_of::<u16>() + self.lists.len() * size_of::<u32>()
    }
}

#[cfg(test)]
mod tests {
    use super::{Read, Triggered};
    use crate::compile::pattern::Automaton;
    use crate::text::Tokens;
    use proptest::prelude::*;

    const REGEXES: [&str; 15] = [
        "no (?:rx|prescription|questions?)\\b",
        "no[a-z ]{0,9}x",
        "n",
        "no",
        "(?:no|without) .{0,4}rx",
        "now?\\b",
        "no(?:w|t)? [0-9]+ ?g\\b",
        "[0-9]{1,4}(?:\\.[0-9]{1,2})? ?(?:g|mg|gr)\\b",
        "[0-9]{4}\\b",
        "4[0-9]{3}[ -]?[0-9]{4}",
        "[0-9]+,[0-9]{2} ?(?:usd|x)?",
        "[0-9]\\.[0-9]\\.x",
        "(?:x|[0-9])[^a-z]{1,3}rx",
        "(?:[0-9]+ ?)+mg|no\\bz",
        "(?:3|12|[0-9]+ ?g)",
    ];

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

        /// What a pattern would match is never held back, and nothing is told twice.
        #[test]
        fn a_gate_lets_through_what_matches(
            text in prop::collection::vec(prop::sample::select(vec![
                "no", "now", "not", " ", "rx", "prescription", "question", "s", "4111", "12", "3", ".", ",", "g", "mg", "usd", "-", "x", "\0", "٣", "é",
            ]), 1..9),
        ) {
            let text = text.concat();
            let automata = REGEXES.map(Automaton::of);
            let all = || (0..REGEXES.len() as u32).collect::<Vec<_>>();
            let (word, number) = (Triggered::new(all()), Triggered::new(all()));
            let mut tokens = Tokens::default();
            tokens.read(text.as_bytes());
            for piece in tokens.pieces() {
                let text = text.as_bytes();
                let own = &text[piece.range()];
                let (triggered, read) = match own {
                    b"no" => (&word, Read::Word(own)),
                    _ if piece.number => (&number, Read::Number(own)),
                    _ => continue,
                };
                let mut told = Vec::new();
                triggered.each(&automata, read, &text[piece.end as usize..], |pattern| told.push(pattern));
                let count = told.len();
                told.sort_unstable();
                told.dedup();
                prop_assert_eq!(told.len(), count, "{:?}", text);
                for (pattern, automaton) in automata.iter().enumerate() {
                    let matches = automaton.end_at(text, piece.start as usize).is_some();
                    prop_assert!(!matches || told.contains(&(pattern as u32)), "{} in {:?} at {}", REGEXES[pattern], text, piece.start);
                }
            }
        }
    }

    #[test]
    fn a_gate_holds_back_what_cannot_match() {
        let automata = REGEXES.map(Automaton::of);
        let all: Vec<u32> = (0..REGEXES.len() as u32).collect();
        let told_of = |patterns: &[u32], read: Read<'_>, rest: &str| {
            let mut told = Vec::new();
            Triggered::new(patterns.to_vec()).each(&automata, read, rest.as_bytes(), |pattern| told.push(pattern));
            told.sort_unstable();
            told
        };
        let told = |read: Read<'_>, rest: &str| told_of(&all, read, rest);
        assert_eq!(told_of(&[3], Read::Word(b"no"), "t"), [3]);
        assert_eq!(told(Read::Word(b"no"), ", rx"), [2, 3, 5]);
        assert_eq!(told(Read::Word(b"no"), ""), [2, 3, 5]);
        // Borders of words are let through.
        assert_eq!(told(Read::Number(b"12"), " mg"), [7, 10, 13, 14]);
        assert_eq!(told(Read::Number(b"1234"), "\n"), [8, 14]);
        assert_eq!(told(Read::Number(b"456"), "\n"), [0; 0]);
    }
}
