//! The scan: from a field's views to candidates of rules. Every rule is reached through a token, a literal or a token shape; nothing
//! here weighs, and conditions between candidates come later. Invariant: candidates carry spans of the original bytes, never empty, and
//! their order in the buffer means nothing.

mod disguise;
pub(crate) mod entity;
mod near;
mod reading;
mod shape;
mod terms;

use entity::Entities;
pub(crate) use near::{Reach, Rejection, Settling, settle};
pub(crate) use reading::Reading;
use shape::Shape;

use crate::compile::{Automaton, InDisguise, Program, Read};
use crate::id::{FieldId, RuleId};
use crate::span::Span;
use crate::taxonomy::{Boundary, GroupKind, QuantityRange, View as PatternView};
use crate::text::{self, Money, Quantity, Surface, Tokens, Transforms, Unveiled, View};
use piepowder_bytes::Kernels;
use terms::terms;

/// A place where a rule may have matched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Candidate {
    pub(crate) rule: RuleId,
    pub(crate) field: FieldId,
    /// Bytes of the field as handed in.
    pub(crate) span: Span,
    pub(crate) transforms: Transforms,
    /// Pieces, first and last, for distances.
    pub(crate) first: u32,
    pub(crate) last: u32,
}

/// What a field shows: most listings have one or two, which are asked for again when words with a mistake are read.
#[derive(Debug)]
pub(crate) struct Shown {
    surface: Surface,
    tokens: Tokens,
}

impl Shown {
    fn with(kernels: Kernels) -> Self {
        Shown { surface: Surface::with(kernels), tokens: Tokens::with(kernels) }
    }

    /// Reads a field.
    fn read(&mut self, original: &[u8]) -> text::Encoding {
        let encoding = self.surface.read(original);
        self.tokens.read(self.surface.text());
        encoding
    }
}

/// Buffers of the views beside the surface, of one field after another.
#[derive(Debug, Default)]
pub(crate) struct Views {
    /// The field that `unveiled` is of.
    field: Option<FieldId>,
    unveiled: Unveiled,
    verbatim: Surface,
    /// The tokens of the view that is searched.
    other: Tokens,
    /// Where blocks begin.
    blocks: Vec<u32>,
    quantities: Vec<Quantity>,
    money: Vec<Money>,
    entities: Entities,
}

impl Views {
    fn new(kernels: Kernels) -> Self {
        Views { verbatim: Surface::with(kernels), other: Tokens::with(kernels), ..Views::default() }
    }

    /// Turns to a field, and forgets what is known of another one.
    fn turn(&mut self, field: FieldId) {
        if self.field.replace(field) != Some(field) {
            self.unveiled.turn();
        }
    }
}

/// What stands behind a view that is not the surface: the surface, by whose pieces distances are told.
#[derive(Clone, Copy)]
struct Behind<'a> {
    surface: View<'a>,
    tokens: &'a Tokens,
    /// The words that were replaced; none in the verbatim view.
    unveiled: Option<&'a Unveiled>,
    /// Whether excuses are looked for.
    excuses: bool,
}

/// Where matches of one field go.
struct Sink<'a> {
    program: &'a Program,
    field: FieldId,
    original: &'a [u8],
    view: View<'a>,
    tokens: &'a Tokens,
    behind: Option<Behind<'a>>,
    out: &'a mut Vec<Candidate>,
}

impl Sink<'_> {
    fn wants(&self, rule: RuleId) -> bool {
        self.program.rules[rule.index()].fields >> self.field.index() & 1 == 1
    }

    /// Whether terms are looked for here that are, or are not, looked for in disguise.
    fn seeks(&self, disguise: InDisguise) -> bool {
        disguise == InDisguise::Too || self.behind.is_none()
    }

    /// A match of pieces `first..=last`.
    fn pieces(&mut self, rule: RuleId, first: u32, last: u32) {
        let view = self.tokens.pieces()[first as usize].start..self.tokens.pieces()[last as usize].end;
        self.push(rule, view, first, last);
    }

    fn push(&mut self, rule: RuleId, view: core::ops::Range<u32>, mut first: u32, mut last: u32) {
        if !self.wants(rule) {
            return;
        }
        if let Some(behind) = &self.behind {
            if !behind.excuses && self.program.rules[rule.index()].kind == GroupKind::Excuse {
                return;
            }
            // What no replaced word takes part in was found in the surface.
            if behind.unveiled.is_some_and(|unveiled| !unveiled.is_replaced(&view)) {
                return;
            }
            (first, last) = pieces_around(behind.surface, behind.tokens, self.view.span(view.clone()));
        }
        let (span, transforms) = (self.view.span(view.clone()), self.view.transforms(view));
        self.out.push(Candidate { rule, field: self.field, span, transforms, first, last });
    }

    /// A match of a stretch of the view that need not be made of pieces.
    fn stretch(&mut self, rule: RuleId, view: core::ops::Range<u32>) {
        if let Some((first, last)) = self.tokens.touching(view.clone()) {
            self.push(rule, view, first, last);
        }
    }

    /// A match on the original bytes.
    fn original(&mut self, rule: RuleId, span: Span) {
        if self.wants(rule)
            && let Some((first, last)) = pieces_of_original(self.view, self.tokens, span)
        {
            self.out.push(Candidate { rule, field: self.field, span, transforms: Transforms::NONE, first, last });
        }
    }
}

/// Distinct function words seen, as (language, place of its bytes): coverage counts them.
pub(crate) type LanguageWords = Vec<(u16, u32)>;

/// A field: what it says, and what it shows.
#[derive(Clone, Copy)]
struct Text<'a> {
    field: FieldId,
    original: &'a [u8],
    shown: &'a Shown,
}

/// Finds all candidates of a field.
fn scan(program: &Program, text: Text<'_>, views: &mut Views, words: &mut LanguageWords, out: &mut Vec<Candidate>) {
    let Text { field, original, shown: Shown { surface, tokens } } = text;
    views.turn(field);
    let Views { unveiled, verbatim, other, blocks, quantities, money, entities, .. } = views;
    let from = out.len();
    let view = surface.view();
    let mut sink = Sink { program, field, original, view, tokens, behind: None, out };
    terms(&mut sink, words);
    look(&mut sink, quantities, money, entities);
    // Function words tell a language as they are written: what the views beside the surface add is taken back.
    let told = words.len();
    if unveiled.read(&program.lexicon, surface, tokens, original) {
        let behind = Some(Behind { surface: view, tokens, unveiled: Some(unveiled), excuses: true });
        let view = unveiled.view(surface);
        other.read(view.text);
        search(&mut Sink { program, field, original, view, tokens: other, behind, out }, words, quantities, money, entities);
    }
    if surface.hides() {
        // What a page does not show excuses nothing.
        let behind = Some(Behind { surface: view, tokens, unveiled: None, excuses: false });
        verbatim.read_verbatim(original);
        other.read(verbatim.text());
        let view = verbatim.view();
        search(&mut Sink { program, field, original, view, tokens: other, behind, out }, words, quantities, money, entities);
    }
    words.truncate(told);
    if unveiled.blocks(surface, blocks) {
        tell_in_blocks(blocks, &mut out[from..]);
    }
}

/// Finds the candidates that the edited view of a field adds.
fn scan_edited(program: &Program, text: Text<'_>, views: &mut Views, words: &mut LanguageWords, out: &mut Vec<Candidate>) {
    let Text { field, original, shown: Shown { surface, tokens } } = text;
    views.turn(field);
    let Views { unveiled, other, blocks, quantities, money, entities, .. } = views;
    if !unveiled.read_edited(&program.lexicon, surface, tokens, original) {
        return;
    }
    let (from, told) = (out.len(), words.len());
    // Nor does what has to be mended first.
    let behind = Some(Behind { surface: surface.view(), tokens, unveiled: Some(unveiled), excuses: false });
    let view = unveiled.view(surface);
    other.read(view.text);
    search(&mut Sink { program, field, original, view, tokens: other, behind, out }, words, quantities, money, entities);
    words.truncate(told);
    if unveiled.blocks(surface, blocks) {
        tell_in_blocks(blocks, &mut out[from..]);
    }
}

/// Counts the reach of candidates in blocks that begin at these places.
fn tell_in_blocks(starts: &[u32], candidates: &mut [Candidate]) {
    let block = |before: u32| (starts.partition_point(|start| *start < before) as u32).saturating_sub(1);
    for candidate in candidates {
        (candidate.first, candidate.last) = (block(candidate.span.start + 1), block(candidate.span.end));
    }
}

/// Searches a view beside the surface. Kept apart so that the search of the surface, which most listings end with, is compiled for itself.
#[inline(never)]
fn search(sink: &mut Sink<'_>, words: &mut LanguageWords, quantities: &mut Vec<Quantity>, money: &mut Vec<Money>, entities: &mut Entities) {
    terms(sink, words);
    look(sink, quantities, money, entities);
}

/// Everything but terms by their pieces.
fn look(sink: &mut Sink<'_>, quantities: &mut Vec<Quantity>, money: &mut Vec<Money>, entities: &mut Entities) {
    substrings(sink);
    shapes(sink);
    typed(sink, quantities, money);
    find_entities(sink, entities);
}

fn substrings(sink: &mut Sink<'_>) {
    let text = sink.view.text;
    let program = sink.program;
    // Text of ASCII letters alone cannot hold a substring of other scripts.
    let other = program.other_substrings.as_ref().filter(|_| !text.is_ascii());
    for set in program.ascii_substrings.iter().chain(other) {
        for found in set.automaton.find_overlapping_iter(text) {
            let wanted = &set.list[found.pattern().as_usize()];
            let view = found.start() as u32..found.end() as u32;
            if sink.seeks(wanted.in_disguise) && stands(wanted.boundary, sink.tokens, &view) {
                sink.stretch(wanted.rule, view);
            }
        }
    }
}

/// Whether a stretch begins or ends where its boundary asks for.
fn stands(boundary: Boundary, tokens: &Tokens, view: &core::ops::Range<u32>) -> bool {
    let begins = || tokens.pieces().binary_search_by_key(&view.start, |p| p.start).is_ok();
    let ends = || tokens.pieces().binary_search_by_key(&view.end, |p| p.end).is_ok();
    match boundary {
        Boundary::Substring => true,
        Boundary::Prefix => begins(),
        Boundary::Compound => begins() || ends(),
        Boundary::Word => begins() && ends(),
    }
}

fn shapes(sink: &mut Sink<'_>) {
    let (program, tokens, view) = (sink.program, sink.tokens, sink.view.text);
    for (shape, triggered) in shape::ALL.into_iter().zip(&program.shapes) {
        if triggered.patterns.is_empty() {
            continue;
        }
        shape::each_place(shape, view, tokens, |index| {
            let piece = tokens.pieces()[index as usize];
            if shape == Shape::Digit {
                triggered.each(&program.patterns, Read::Number(&view[piece.range()]), &view[piece.end as usize..], |pattern| {
                    run_pattern(sink, &program.patterns[pattern as usize], index, piece.start);
                });
            } else if let Some(at) = shape::begins(shape, view, tokens, index) {
                for pattern in &triggered.patterns {
                    run_pattern(sink, &program.patterns[*pattern as usize], index, at);
                }
            }
        });
    }
}

/// Tries a pattern where a trigger begins: piece `index`, byte `at` of the view.
fn run_pattern(sink: &mut Sink<'_>, automaton: &Automaton, index: u32, at: u32) {
    if !sink.wants(automaton.rule) {
        return;
    }
    match automaton.view {
        PatternView::Surface => {
            let text = sink.view.text;
            if let Some(end) = automaton.end_at(text, at as usize) {
                sink.stretch(automaton.rule, at..char_end(text, end) as u32);
            }
        }
        PatternView::Original if sink.behind.is_some() => {}
        PatternView::Original => {
            let start = sink.view.span(at..sink.tokens.pieces()[index as usize].end).start;
            if let Some(end) = automaton.end_at(sink.original, start as usize) {
                sink.original(automaton.rule, Span::new(start, char_end(sink.original, end) as u32));
            }
        }
    }
}

/// The end, moved past continuation bytes: patterns see bytes, spans are of characters.
pub(crate) fn char_end(text: &[u8], mut end: usize) -> usize {
    while text.get(end).is_some_and(|b| b & 0xC0 == 0x80) {
        end += 1;
    }
    end
}

fn typed(sink: &mut Sink<'_>, quantities: &mut Vec<Quantity>, money: &mut Vec<Money>) {
    let program = sink.program;
    quantities.clear();
    money.clear();
    if program.quantities.is_empty() && program.money.is_empty() {
        return;
    }
    text::quantities(sink.view.text, sink.tokens, quantities, money);
    for q in quantities.iter() {
        for (rule, range) in &program.quantities {
            if in_range(q, range) {
                sink.push(*rule, q.span.start..q.span.end, q.first, q.last);
            }
        }
    }
    for m in money.iter() {
        let code = crate::taxonomy::units::CURRENCIES[m.currency as usize].code;
        for (rule, range) in &program.money {
            if (range.min..=range.max).contains(&m.amount) && (range.currencies.is_empty() || range.currencies.iter().any(|c| c == code)) {
                sink.push(*rule, m.span.start..m.span.end, m.first, m.last);
            }
        }
    }
}

fn in_range(q: &Quantity, range: &QuantityRange) -> bool {
    q.dimension == range.dimension
        && (range.min..=range.max).contains(&q.amount)
        && q.times >= range.times_min
        && (range.units.is_empty() || range.units.iter().any(|u| u == crate::taxonomy::units::UNITS[q.unit as usize].name))
}

fn find_entities(sink: &mut Sink<'_>, entities: &mut Entities) {
    let program = sink.program;
    entities.begin();
    for (kind, rules) in &program.entities {
        let original = entity::reads_original(*kind);
        // What is read from the original is found once, with the surface.
        if original && sink.behind.is_some() {
            continue;
        }
        let text = if original { sink.original } else { sink.view.text };
        for span in entities.find(*kind, text) {
            for rule in rules {
                if original {
                    sink.original(*rule, *span);
                } else {
                    sink.stretch(*rule, span.start..span.end);
                }
            }
        }
    }
}

/// First and last piece whose original bytes a span touches; the piece before which it stands, when it touches none.
fn pieces_around(view: View<'_>, tokens: &Tokens, span: Span) -> (u32, u32) {
    let (first, end) = pieces_between(view, tokens, span);
    if first < end {
        return (first, end - 1);
    }
    let at = first.min((tokens.pieces().len() as u32).saturating_sub(1));
    (at, at)
}

/// First and last piece whose original bytes a span touches.
fn pieces_of_original(view: View<'_>, tokens: &Tokens, span: Span) -> Option<(u32, u32)> {
    let (first, end) = pieces_between(view, tokens, span);
    (first < end).then(|| (first, end - 1))
}

/// The first piece that does not end before the span, and the first that does not begin before its end.
fn pieces_between(view: View<'_>, tokens: &Tokens, span: Span) -> (u32, u32) {
    let original = |i: usize| view.span(tokens.pieces()[i].start..tokens.pieces()[i].end);
    // Starts and ends of pieces never decrease in the original (offset-map law), so both bounds are partition points.
    let partition = |before: &dyn Fn(Span) -> bool| {
        let (mut low, mut high) = (0, tokens.pieces().len());
        while low < high {
            let mid = (low + high) / 2;
            if before(original(mid)) { low = mid + 1 } else { high = mid }
        }
        low
    };
    (partition(&|s| s.end <= span.start) as u32, partition(&|s| s.start < span.end) as u32)
}
