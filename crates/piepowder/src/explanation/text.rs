//! An explanation as text for a terminal, a ticket or a letter: outcome, the listing with its evidence underlined, each sum from prior
//! to score, what nearly counted, what would change the outcome. It speaks of the words of a text, never of a person.
//! Invariant: in each sum, the numbers of the first column add up to the score.

use super::excerpt::{self, Mark};
use super::page::{Ink, Page, Style};
use super::plain::safe;
use super::{Explanation, sums, whatif, words};
use crate::assessment::{Assessment, Reveal};
use crate::evidence::{EvidenceKind, mask};
use crate::id::FieldId;
use crate::listing::{Field, Listing};
use crate::policy::DecisionReason;
use crate::span::Span;
use crate::taxonomy::GroupKind;
use crate::text::cut;
use std::collections::BTreeMap;

/// Near misses that a text shows; the JSON form has all.
const MISSES: usize = 40;

/// Bytes of a field that are shown for a condition, which speaks of all of it.
const CONDITION: usize = 256;

/// What the sections share.
pub(super) struct Sight<'a> {
    pub(super) a: &'a Assessment,
    pub(super) listing: &'a Listing<'a>,
    masks: BTreeMap<FieldId, Vec<Span>>,
}

impl Sight<'_> {
    pub(super) fn field(&self, id: FieldId) -> String {
        safe(&self.a.catalog.fields[id.index()].0)
    }

    /// Place and text of a match, `title 5..12 "Cocaine"`.
    pub(super) fn cite(&self, field: FieldId, span: Option<Span>) -> String {
        let name = self.field(field);
        match span {
            Some(span) => format!("{name} {}..{} \"{}\"", span.start, span.end, self.quote(field, span)),
            None => {
                let whole = Span::new(0, cut(self.listing.bytes(field), CONDITION).len() as u32);
                if whole.is_empty() { format!("{name} (not given)") } else { format!("{name} \"{}\"", self.quote(field, whole)) }
            }
        }
    }

    fn quote(&self, field: FieldId, span: Span) -> String {
        super::plain::quote(self.listing.bytes(field), span, self.masks.get(&field).map_or(&[], Vec::as_slice), 60)
    }
}

impl Explanation {
    /// Appends the explanation as text of about 96 columns. `listing` must be the one that was explained. Whatever the listing holds,
    /// the text has no control characters but line feeds and the style's own, and sensitive stretches are masked unless shown on request.
    pub fn write_text(&self, listing: &Listing<'_>, style: Style, reveal: Reveal, out: &mut String) {
        let a = &self.assessment;
        let misses = &self.misses[..self.misses.len().min(MISSES)];
        let masks = match reveal {
            Reveal::Shown => BTreeMap::new(),
            // Every field: a field can be shown for a second match alone, and one that was left out would be shown bare.
            Reveal::Masked => (0..a.catalog.fields.len()).map(FieldId::new).map(|f| (f, mask::sensitive(listing.bytes(f)))).collect(),
        };
        let sight = Sight { a, listing, masks };
        let page = &mut Page::new(out, style);
        headline(page, &sight, reveal);
        self.listing(page, &sight, misses.len());
        for offense in whatif::told(a) {
            sums::write(page, &sight, offense);
        }
        sums::write_others(page, a);
        self.near(page, &sight, misses.len());
        sums::write_shadows(page, &sight);
        what_if(page, a);
        footer(page, a);
    }

    fn listing(&self, page: &mut Page<'_>, sight: &Sight<'_>, misses: usize) {
        let a = sight.a;
        let mut marks = Vec::new();
        for (i, line) in a.evidence.iter().enumerate() {
            let Some(field) = line.field() else { continue };
            let signal = line.rule().is_some_and(|r| sums::group_kind(a, &a.catalog.rules[r.index()]) == GroupKind::Signal);
            let ink = match line.kind() {
                _ if line.is_shadow() => Ink::Faint,
                EvidenceKind::Excuse => Ink::Excuse,
                _ if signal => Ink::Signal,
                _ => Ink::Specific,
            };
            // A condition is met by the whole field; a field that is not there has nothing to underline.
            let whole = Span::new(0, cut(sight.listing.bytes(field), CONDITION).len() as u32);
            let span = line.span().unwrap_or(whole);
            if !span.is_empty() {
                marks.push(Mark { field, span, number: i + 1, ink, best: true });
            }
            let others = a.other_spans(line).iter().map(|(field, span)| Mark { field: *field, span: *span, number: i + 1, ink, best: false });
            marks.extend(others);
        }
        for (i, miss) in self.misses[..misses].iter().enumerate() {
            if let Some(span) = miss.span {
                marks.push(Mark { field: miss.field, span, number: a.evidence.len() + i + 1, ink: Ink::Faint, best: true });
            }
        }
        page.heading("The listing");
        for index in 0..a.catalog.fields.len() {
            let id = FieldId::new(index);
            let marked = marks.iter().any(|m| m.field == id);
            if marked || (id == Field::Title.id() && !sight.listing.get(Field::Title).is_empty()) {
                let masks = sight.masks.get(&id).map_or(&[][..], Vec::as_slice);
                excerpt::field(page, &sight.field(id), id, sight.listing, masks, &marks);
            }
        }
        if marks.is_empty() {
            page.paragraph(2, "Nothing in it met a rule.");
            return;
        }
        let legend = [
            (Ink::Specific, "^ speaks for an offense"),
            (Ink::Signal, "~ signal, counts beside such words"),
            (Ink::Excuse, "- excuse"),
            (Ink::Faint, ". seen, not counted"),
        ];
        page.space(9);
        let mut first = true;
        for (ink, text) in legend.iter().filter(|(ink, _)| marks.iter().any(|m| m.ink == *ink)) {
            if !std::mem::take(&mut first) {
                page.put("   ");
            }
            page.paint(*ink, text);
        }
        page.end();
    }

    fn near(&self, page: &mut Page<'_>, sight: &Sight<'_>, shown: usize) {
        if self.misses.is_empty() {
            return;
        }
        page.heading("What nearly counted, and why it did not");
        for (i, miss) in self.misses[..shown].iter().enumerate() {
            sums::write_miss(page, sight, miss, sight.a.evidence.len() + i + 1);
        }
        if self.misses.len() > shown {
            page.paragraph(2, &format!("{} more are in the JSON form.", self.misses.len() - shown));
        }
    }
}

fn headline(page: &mut Page<'_>, sight: &Sight<'_>, reveal: Reveal) {
    let a = sight.a;
    let decision = a.decision();
    let tier = safe(decision.tier());
    let told = whatif::told(a);
    let head = match (decision.offense(), decision.reason()) {
        (Some(o), _) => format!("{tier}: {}", safe(a.catalog.offenses[o.index()].title())),
        (None, DecisionReason::Truncation) => format!("{tier}: a part of this listing was not read"),
        (None, DecisionReason::Coverage) => format!("{tier}: this listing could not be read in full"),
        (None, DecisionReason::Score) => format!("{tier}: no offense reaches a tier that asks for attention"),
    };
    page.paint(Ink::Heading, &head);
    page.end();
    if let Some(offense) = decision.offense().or(told.first().copied()) {
        let about = &a.catalog.offenses[offense.index()];
        let score = a.scores[offense.index()].1;
        let words = match (whatif::speaks(a, offense), score.evidence()) {
            (false, _) if a.tiers[offense.index()] == 0 => "none that counts, for this offense or another".to_owned(),
            (true, 0) => "what spoke for it was taken back by excuses".to_owned(),
            (_, sum) => format!("{}, {}", words::strength(sum), words::times(sum)),
        };
        let nearest = if a.tiers[offense.index()] == 0 { "Nearest" } else { "Weighed" };
        page.paragraph(2, &format!("{nearest}: \"{}\"", safe(about.proposition())));
        page.paragraph(2, &format!("Evidence {}: {words}.", words::signed(score.evidence())));
        if let Some(sentence) = a.nature(offense).and_then(words::nature) {
            page.paragraph(2, sentence);
        }
        // A policy has at least two tiers.
        let step = &a.policy.tiers()[a.tiers[offense.index()].max(1)];
        let threshold = step.threshold(about.key());
        page.paragraph(
            2,
            &format!(
                "Prior {}, score {}; threshold of `{}` {}, margin {}.",
                words::signed(score.prior()),
                words::signed(score.total()),
                safe(step.name()),
                words::signed(threshold),
                words::signed(score.total() - threshold)
            ),
        );
    }
    match decision.reason() {
        DecisionReason::Score => {}
        DecisionReason::Truncation => page.paragraph(2, "The policy gives no lower tier to a listing of which a part was not read."),
        DecisionReason::Coverage => page.paragraph(2, "The policy gives no lower tier to a listing that the packs cannot read: unread is not clear."),
    }
    page.paragraph(
        2,
        if decision.needs_person() {
            "A person must look at it and decides. This is a recommendation drawn from the words of the listing alone."
        } else {
            "This is a recommendation drawn from the words of the listing alone; what is done, a person decides."
        },
    );
    page.paragraph(2, &format!("Coverage {}.", words::coverage(a.coverage)));
    words::flags(a.flags).for_each(|sentence| page.paragraph(2, &format!("Note: {sentence}")));
    if reveal == Reveal::Shown {
        page.paragraph(2, "Note: sensitive text is shown on request; by default it is masked.");
    }
}

fn what_if(page: &mut Page<'_>, a: &Assessment) {
    page.heading("What would change it");
    let tier = |index: usize| safe(a.policy.tiers()[index].name());
    let deciding = a.decision().deciding();
    if !deciding.is_empty() {
        let after = whatif::listing_without(a, deciding);
        let groups = words::groups(&a.catalog, deciding);
        let same = if after == a.decision().rank() { "still " } else { "" };
        let it = if deciding.len() == 1 { "it" } else { "them" };
        page.bullet(&format!("It rests on {groups}; without {it}, the listing would {same}be `{}`.", tier(after)));
    }
    for offense in whatif::told(a) {
        let key = safe(a.catalog.offenses[offense.index()].key());
        for net in whatif::nets(a, offense).into_iter().take(12) {
            let outcome = whatif::without(a, offense, &[net.group()]);
            let fell = if outcome.signals_fell { ", for signals fall with it" } else { "" };
            page.bullet(&format!(
                "Without {} (net {}): {key} {}, `{}`{fell}.",
                words::groups(&a.catalog, &[net.group()]),
                words::signed(net.net()),
                words::signed(outcome.score),
                tier(outcome.tier)
            ));
        }
        match whatif::next(a, offense) {
            None => page.bullet(&format!("{key} is in the highest tier.")),
            Some(lack) => {
                let mut parts = Vec::new();
                if lack.centibans > 0 {
                    parts.push(words::count(lack.centibans as usize, "centiban"));
                }
                if lack.groups > 0 {
                    parts.push(format!("evidence of {}", words::count(lack.groups, "more group")));
                }
                parts.extend(lack.elements.iter().map(|any| words::elements(any)));
                page.bullet(&format!("To `{}`, {key} lacks {}.", tier(lack.tier), words::joined(parts, "and")));
            }
        }
    }
    let floor = whatif::floor(a);
    if floor > 0 {
        page.bullet(&format!("Whatever the words, `{}` is the least for a listing read like this one.", tier(floor)));
    }
}

fn footer(page: &mut Page<'_>, a: &Assessment) {
    page.end();
    let digest = a.engine_digest().to_string();
    let priors = a.scores.iter().map(|(o, s)| format!("{} {}", safe(a.catalog.offenses[o.index()].key()), words::signed(s.prior())));
    let policy = format!("policy {} {}", safe(a.policy.name()), safe(a.policy.version()));
    page.paragraph(0, &format!("Engine {}, {policy}; priors {}.", &digest[..16], words::joined(priors, "and")));
    page.paragraph(
        0,
        "All numbers are centibans: +100 makes the proposition ten times likelier, -100 ten times less. Every rule cited here is a line in a \
         plain file of the pack that its key names: it can be read, tested, contested with its owner, or overruled by key in a pack of your own.",
    );
}
