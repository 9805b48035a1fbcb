//! Terms and trigger words: each piece's hash, that of it with the one before, and those of joined texts are looked up in one table.
//! Most are in none: a bitmap says so, and what gets past it is listed first and looked at afterwards. Invariant: what is found was
//! compared byte for byte.

use super::{LanguageWords, Sink, run_pattern};
use crate::bytes::Fixed;
use crate::compile::{Accents, Entry, Phrase, Read, TermPiece};
use crate::text::{self, Link, Transforms};

/// Pieces that are looked up before what got past the bitmap is looked at.
const STRETCH: usize = 32;

/// Finds the terms of a view, tries the patterns that its words trigger, and notes function words.
pub(super) fn terms(sink: &mut Sink<'_>, words: &mut LanguageWords) {
    let (program, tokens) = (sink.program, sink.tokens);
    let (table, open) = (&program.entries, program.entries.open());
    let lists = Lists { phrases: program.phrases.rows(), pieces: program.phrase_pieces.rows(), text: &program.bytes };
    // What got past: pieces, and pieces with the one before. Written at the end always and kept sometimes, so that no branch depends on what
    // a listing says; a place is cut to those that there are, so that none is compared.
    let mut found = [0; 2 * STRETCH];
    let mut before = 0;
    for (pieces, from) in tokens.pieces().chunks(STRETCH).zip((0..).step_by(STRETCH)) {
        let mut count = 0;
        let ahead = before;
        for (piece, at) in pieces.iter().zip(0u32..) {
            let pair = text::hash_pair(before, piece.hash);
            before = piece.hash;
            found[count % (2 * STRETCH)] = at << 1;
            count += usize::from(table.may_have(piece.hash));
            found[count % (2 * STRETCH)] = at << 1 | 1;
            count += usize::from(table.may_have(pair) & (piece.link != Link::Broken));
        }
        for place in &found[..count] {
            let (at, paired) = ((place >> 1) as usize, place & 1);
            let hash = match (paired, at.checked_sub(1)) {
                (0, _) => pieces[at].hash,
                (_, Some(first)) => text::hash_pair(pieces[first].hash, pieces[at].hash),
                (_, None) => text::hash_pair(ahead, pieces[at].hash),
            };
            let last = from + at as u32;
            for entry in open.find(hash).iter() {
                look_at(sink, &lists, entry, last.wrapping_sub(paired), last, words);
            }
        }
    }
    for cluster in &tokens.clusters {
        for entry in table.get(cluster.hash).iter() {
            look_at(sink, &lists, entry, cluster.first, cluster.last, words);
        }
    }
}

/// What entries lead to, in the program: where it lies is found once.
struct Lists<'p> {
    phrases: &'p [[u8; 16]],
    pieces: &'p [[u8; 16]],
    text: &'p [u8],
}

impl<'p> Lists<'p> {
    fn text(&self, start: u32, len: u32) -> Option<&'p [u8]> {
        self.text.get(start as usize..start as usize + len as usize)
    }
}

fn look_at(sink: &mut Sink<'_>, lists: &Lists<'_>, entry: Entry, first: u32, last: u32, words: &mut LanguageWords) {
    let program = sink.program;
    let phrase = |at: u32| lists.phrases.get(at as usize).map(Phrase::of_bytes);
    match entry {
        Entry::Word(at) => {
            let Some(phrase) = phrase(at) else { return };
            let is_it = first == last && sink.seeks(phrase.in_disguise) && stands_at(sink, lists, &phrase, first);
            if is_it && !(phrase.accents == Accents::Kept && is_another_word(sink, first)) {
                sink.pieces(phrase.rule, first, first);
            }
        }
        Entry::Pair { phrase: at, before } => {
            let Some(phrase) = phrase(at) else { return };
            if first < last
                && sink.seeks(phrase.in_disguise)
                && let Some(from) = first.checked_sub(before)
                && stands_at(sink, lists, &phrase, from)
            {
                sink.pieces(phrase.rule, from, from + phrase.len - 1);
            }
        }
        Entry::Joined { phrase: at, start, len } => {
            let Some(phrase) = phrase(at) else { return };
            // One piece and a term of one piece met already, as such.
            if (first < last || phrase.len > 1) && sink.seeks(phrase.in_disguise) && is_joined(sink, lists.text(start, len), first, last) {
                sink.pieces(phrase.rule, first, last);
            }
        }
        Entry::Trigger { trigger, start, len } if first == last => {
            let (piece, view) = (sink.tokens.pieces()[first as usize], sink.view.text);
            if is(sink, lists, piece.range(), start, len) {
                let (read, rest) = (Read::Word(&view[piece.range()]), &view[piece.end as usize..]);
                let pattern = |p: u32| run_pattern(sink, &program.patterns[p as usize], first, piece.start);
                if let Some(triggered) = program.triggers.get(trigger as usize) {
                    triggered.each(&program.patterns, read, rest, pattern);
                }
            }
        }
        Entry::Trigger { trigger, start, len } | Entry::JoinedTrigger { trigger, start, len } => {
            if first < last && is_joined(sink, lists.text(start, len), first, last) {
                // The trigger is not written as patterns have it, so nothing is known of what they ask for.
                let at = sink.tokens.pieces()[first as usize].start;
                let patterns = program.triggers.get(trigger as usize).map_or(&[][..], |triggered| &triggered.patterns);
                patterns.iter().for_each(|p| run_pattern(sink, &program.patterns[*p as usize], first, at));
            }
        }
        Entry::Language { language, start, len } => {
            if first == last && is(sink, lists, sink.tokens.pieces()[first as usize].range(), start, len) && !words.contains(&(language, start)) {
                words.push((language, start));
            }
        }
    }
}

/// Whether a piece of the surface is what it is by letters with accents, and by nothing else that was undone. Marks of their own are no letters:
/// heaps of them are a disguise.
fn is_another_word(sink: &Sink<'_>, at: u32) -> bool {
    let piece = sink.tokens.pieces()[at as usize];
    let view = piece.start..piece.end;
    sink.behind.is_none()
        && sink.view.transforms(view.clone()) == Transforms::ACCENT
        && sink.original[sink.view.span(view).range()].iter().filter(|byte| **byte & 0xC0 != 0x80).count() == piece.range().len()
}

/// Whether bytes of the view are these of the program.
fn is(sink: &Sink<'_>, lists: &Lists<'_>, view: core::ops::Range<usize>, start: u32, len: u32) -> bool {
    lists.text(start, len) == Some(&sink.view.text[view])
}

/// Whether a phrase stands at a piece.
fn stands_at(sink: &Sink<'_>, lists: &Lists<'_>, phrase: &Phrase, at: u32) -> bool {
    let Some(pieces) = sink.tokens.pieces().get(at as usize..at as usize + phrase.len as usize) else { return false };
    let Some(wanted) = lists.pieces.get(phrase.first as usize..phrase.first as usize + phrase.len as usize) else { return false };
    let wanted = wanted.iter().map(TermPiece::of_bytes);
    let same =
        pieces.iter().zip(wanted.clone()).enumerate().all(|(i, (piece, want))| piece.hash == want.hash && (i == 0 || piece.link != Link::Broken));
    same && pieces.iter().zip(wanted).all(|(piece, want)| is(sink, lists, piece.range(), want.start, want.len))
}

/// Whether these pieces are a whole cluster, and one after another are these bytes of the program.
fn is_joined(sink: &Sink<'_>, wanted: Option<&[u8]>, first: u32, last: u32) -> bool {
    let tokens = sink.tokens;
    // Hashes of pairs of pieces, which need not be clusters, are in the same table.
    if !tokens.begins_cluster(first) || tokens.last_of_cluster(first) != last {
        return false;
    }
    let Some(mut wanted) = wanted else { return false };
    for piece in &tokens.pieces()[first as usize..=last as usize] {
        match wanted.strip_prefix(&sink.view.text[piece.range()]) {
            Some(rest) => wanted = rest,
            None => return false,
        }
    }
    wanted.is_empty()
}
