//! Canonical order and composition of one cluster, and the decomposition it starts from. Tables and the Hangul rule; no offsets.
//! Invariant: for what the fold emits, the result is NFC.

use super::{decode::encode, tables};

const L: u32 = 0x1100;
const V: u32 = 0x1161;
/// One before the first final consonant: index 0 is "none".
const T: u32 = 0x11A7;
const S: u32 = 0xAC00;
const L_COUNT: u32 = 19;
const V_COUNT: u32 = 21;
const T_COUNT: u32 = 28;
const S_COUNT: u32 = L_COUNT * V_COUNT * T_COUNT;

/// Canonical combining class.
pub(crate) fn combining_class(c: char) -> u8 {
    let at = c as u32;
    // Nothing below U+0300 combines.
    if at < 0x300 {
        return 0;
    }
    let after = tables::COMBINING.partition_point(|[first, ..]| *first <= at);
    match after.checked_sub(1).map(|i| tables::COMBINING[i]) {
        Some([_, last, class]) if at <= last => class as u8,
        _ => 0,
    }
}

fn compose(first: char, second: char) -> Option<char> {
    let (a, b) = (first as u32, second as u32);
    if (L..L + L_COUNT).contains(&a) && (V..V + V_COUNT).contains(&b) {
        return char::from_u32(S + ((a - L) * V_COUNT + b - V) * T_COUNT);
    }
    if (S..S + S_COUNT).contains(&a) && (a - S).is_multiple_of(T_COUNT) && (T + 1..T + T_COUNT).contains(&b) {
        return char::from_u32(a + b - T);
    }
    let at = tables::COMPOSITIONS.binary_search_by(|[x, y, _]| (*x, *y).cmp(&(a, b))).ok()?;
    char::from_u32(tables::COMPOSITIONS[at][2])
}

/// A character of a cluster that waits for its place: combining class, then order of arrival, packed so that sorting is stable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Waiting(u8, u32, char);

/// Buffers for one cluster.
#[derive(Clone, Debug, Default)]
pub(crate) struct Composer {
    waiting: Vec<Waiting>,
    done: Vec<char>,
}

impl Composer {
    /// Adds a folded character in its canonical decomposition.
    pub(crate) fn push(&mut self, c: char) {
        let at = c as u32;
        if (S..S + S_COUNT).contains(&at) {
            let index = at - S;
            let parts = [L + index / (V_COUNT * T_COUNT), V + index % (V_COUNT * T_COUNT) / T_COUNT, T + index % T_COUNT];
            let len = if index.is_multiple_of(T_COUNT) { 2 } else { 3 };
            parts[..len].iter().filter_map(|c| char::from_u32(*c)).for_each(|c| self.push_part(c));
        } else if let Ok(row) = tables::DECOMPOSITIONS.binary_search_by_key(&at, |[.., composed]| *composed) {
            let [a, b, _] = tables::DECOMPOSITIONS[row];
            // Twice at most: no character takes more than two steps.
            [a, b].into_iter().filter_map(char::from_u32).for_each(|c| self.push(c));
        } else {
            self.push_part(c);
        }
    }

    fn push_part(&mut self, c: char) {
        self.waiting.push(Waiting(combining_class(c), self.waiting.len() as u32, c));
    }

    /// Appends the composition of what was pushed, and empties the buffers.
    pub(crate) fn finish(&mut self, out: &mut Vec<u8>) {
        for run in self.waiting.chunk_by_mut(|a, b| a.0 != 0 && b.0 != 0) {
            run.sort_unstable();
        }
        let mut starter = None;
        let mut last = 0;
        for Waiting(class, _, c) in self.waiting.drain(..) {
            let composed = match starter {
                Some(at) if at + 1 == self.done.len() || last < class => compose(self.done[at], c).map(|x| (at, x)),
                _ => None,
            };
            if let Some((at, c)) = composed {
                self.done[at] = c;
                continue;
            }
            if class == 0 {
                starter = Some(self.done.len());
            }
            last = class;
            self.done.push(c);
        }
        self.done.drain(..).for_each(|c| encode(c, out));
    }
}
