//! The one JSON writer: command line, C and Python print what it prints. One object a listing, no line feed, field order fixed, no
//! floats. Invariant: sensitive stretches are masked unless revealing was asked for, and then the line says so.

use super::Assessment;
use super::pieces::{array, integer, object, string};
use crate::evidence::{Evidence, mask};
use crate::id::{FieldId, OffenseId};
use crate::limits::Flags;
use crate::listing::Listing;
use crate::score::Score;
use crate::span::Span;
use std::collections::BTreeMap;

/// How much evidence a line shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Detail {
    /// Neither priors nor evidence.
    None,
    /// Evidence; what contributes less than 10 centibans to every offense is folded into one `rest` line.
    #[default]
    Brief,
    /// All evidence, other spans and shadow rules too.
    Full,
}

/// Whether sensitive text is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reveal {
    /// Masked.
    #[default]
    Masked,
    /// As handed in; the output says so.
    Shown,
}

/// How a line is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct JsonOptions {
    detail: Detail,
    reveal: Reveal,
    flags: Flags,
}

impl JsonOptions {
    /// Brief and masked.
    pub fn new() -> Self {
        Self::default()
    }

    /// How much evidence.
    pub fn with_detail(mut self, detail: Detail) -> Self {
        self.detail = detail;
        self
    }

    /// Whether sensitive text is shown.
    pub fn with_reveal(mut self, reveal: Reveal) -> Self {
        self.reveal = reveal;
        self
    }

    /// Flags of the source, to be written beside the assessment's.
    pub fn with_flags(mut self, flags: Flags) -> Self {
        self.flags = flags;
        self
    }

    /// How much evidence.
    pub fn detail(&self) -> Detail {
        self.detail
    }

    /// Whether sensitive text is shown.
    pub fn reveal(&self) -> Reveal {
        self.reveal
    }
}

/// What stands for a masked stretch.
const MASK: &str = "***";

/// Below this many centibans for every offense, a brief line folds a piece of evidence into the rest.
const BRIEF: i32 = 10;

impl Assessment {
    /// Appends the assessment as one JSON object without a line feed. `id` is JSON text and is copied as it is; `listing` must be the
    /// one that was assessed, for the text of the evidence.
    ///
    /// ```
    /// use piepowder::{Engine, Field, JsonOptions, Listing};
    ///
    /// let engine = Engine::builder().taxonomy(&piepowder_packs::taxonomy()).build()?;
    /// let listing = Listing::new().with(Field::Title, b"Oak desk");
    /// let mut line = Vec::new();
    /// engine.assess(&listing).write_json(b"\"desk-1\"", &listing, &JsonOptions::new(), &mut line);
    /// assert!(line.starts_with(b"{\"v\":1,\"id\":\"desk-1\",\"tier\":\"clear\""));
    /// # Ok::<(), piepowder::Error>(())
    /// ```
    pub fn write_json(&self, id: &[u8], listing: &Listing<'_>, options: &JsonOptions, out: &mut Vec<u8>) {
        let catalog = &*self.catalog;
        out.extend_from_slice(b"{\"v\":1,\"id\":");
        out.extend_from_slice(id);
        out.extend_from_slice(b",\"tier\":");
        out.extend_from_slice(&self.constants.tiers[self.decision.rank()]);
        // Most listings are clear of everything, and no group has a net: nothing is looked for one by one then.
        if self.nets.is_empty() && self.decision.offense().is_none() && self.tiers.iter().all(|rank| *rank == 0) {
            out.extend_from_slice(b",\"offense\":null,\"tiers\":{},\"natures\":{},\"scores\":");
        } else {
            self.write_offenses(out);
        }
        let priors = &self.constants.priors;
        let at_prior = |(index, (o, score)): (usize, &(OffenseId, Score))| o.index() == index && priors.get(index) == Some(&score.total());
        if self.scores.len() == priors.len() && self.scores.iter().enumerate().all(at_prior) {
            out.extend_from_slice(&self.constants.at_priors);
        } else {
            object(&self.scores, out, |(o, score), out| self.entry(*o, score.total(), out));
        }
        if options.detail != Detail::None {
            out.extend_from_slice(b",\"prior\":");
            object(&self.scores, out, |(o, score), out| self.entry(*o, score.prior(), out));
        }
        out.extend_from_slice(b",\"margin\":");
        integer(self.decision.margin().into(), out);
        // Words need no look at their characters.
        out.extend_from_slice(b",\"coverage\":\"");
        out.extend_from_slice(self.coverage.word().as_bytes());
        out.extend_from_slice(b"\",\"flags\":");
        let flags = self.flags.union(options.flags);
        if flags.is_empty() {
            out.extend_from_slice(b"[]");
        } else {
            array(flags.names(), out, string);
        }
        if options.detail != Detail::None {
            out.extend_from_slice(b",\"reason\":");
            string(self.decision.reason().word(), out);
            out.extend_from_slice(b",\"deciding\":");
            array(self.decision.deciding(), out, |group, out| string(catalog.groups[group.index()].key(), out));
            out.extend_from_slice(b",\"evidence\":");
            self.write_evidence(listing, options, out);
        }
        out.extend_from_slice(&self.constants.engine);
        if options.reveal == Reveal::Shown && options.detail != Detail::None {
            out.extend_from_slice(b",\"revealed\":true");
        }
        out.push(b'}');
    }

    /// What is said of offenses before their scores.
    fn write_offenses(&self, out: &mut Vec<u8>) {
        let tier = |rank: usize| &self.constants.tiers[rank];
        out.extend_from_slice(b",\"offense\":");
        match self.decision.offense() {
            Some(o) => string(self.catalog.offenses[o.index()].key(), out),
            None => out.extend_from_slice(b"null"),
        }
        out.extend_from_slice(b",\"tiers\":");
        let tiers = self.scores.iter().map(|(o, _)| (*o, self.tiers[o.index()])).filter(|(_, rank)| *rank > 0);
        object(tiers, out, |(o, rank), out| {
            self.key(o, out);
            out.extend_from_slice(tier(rank));
        });
        out.extend_from_slice(b",\"natures\":");
        let natures = self.scores.iter().filter_map(|(o, _)| Some((*o, self.nature(*o)?)));
        object(natures, out, |(o, nature), out| {
            self.key(o, out);
            string(nature.word(), out);
        });
        out.extend_from_slice(b",\"scores\":");
    }

    /// The key of an offense and its colon.
    fn key(&self, offense: OffenseId, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.constants.offenses[offense.index()]);
    }

    fn entry(&self, offense: OffenseId, value: i32, out: &mut Vec<u8>) {
        self.key(offense, out);
        integer(value.into(), out);
    }

    fn write_evidence(&self, listing: &Listing<'_>, options: &JsonOptions, out: &mut Vec<u8>) {
        let mut masks = Masks::new(options.reveal);
        let folded = |line: &Evidence| options.detail == Detail::Brief && self.scores.iter().all(|(o, _)| line.weight(*o).abs() < BRIEF);
        out.push(b'[');
        let mut first = true;
        for line in self.evidence.iter().filter(|line| !folded(line)) {
            if !std::mem::take(&mut first) {
                out.push(b',');
            }
            self.write_line(line, listing, options.detail, &mut masks, out);
        }
        let rest = |o: &OffenseId| self.evidence.iter().filter(|line| folded(line)).map(|line| line.weight(*o)).sum::<i32>();
        if self.scores.iter().any(|(o, _)| rest(o) != 0) {
            if !first {
                out.push(b',');
            }
            out.extend_from_slice(b"{\"kind\":\"rest\",\"weights\":");
            self.write_weights(rest, out);
            out.push(b'}');
        }
        out.push(b']');
    }

    fn write_weights(&self, weight: impl Fn(&OffenseId) -> i32, out: &mut Vec<u8>) {
        let some = self.scores.iter().map(|(o, _)| (o, weight(o))).filter(|(_, w)| *w != 0);
        object(some, out, |(o, w), out| self.entry(*o, w, out));
    }

    fn write_line(&self, line: &Evidence, listing: &Listing<'_>, detail: Detail, masks: &mut Masks, out: &mut Vec<u8>) {
        let catalog = &*self.catalog;
        out.extend_from_slice(b"{\"kind\":");
        string(line.kind().word(), out);
        if let Some(rule) = line.rule() {
            let rule = &catalog.rules[rule.index()];
            out.extend_from_slice(b",\"rule\":");
            string(rule.key(), out);
            out.extend_from_slice(b",\"group\":");
            string(rule.group(), out);
        }
        if let Some(field) = line.field() {
            out.extend_from_slice(b",\"field\":");
            string(&catalog.fields[field.index()].0, out);
            if let Some(at) = line.span() {
                out.extend_from_slice(b",\"span\":");
                span(at, out);
                out.extend_from_slice(b",\"text\":");
                string(&masks.text(listing, field, at), out);
            }
        }
        out.extend_from_slice(b",\"transforms\":");
        array(line.transforms().names(), out, string);
        out.extend_from_slice(b",\"weights\":");
        self.write_weights(|o| line.weight(*o), out);
        if line.is_shadow() {
            out.extend_from_slice(b",\"shadow\":");
            self.write_weights(|o| line.would_weigh(*o), out);
        }
        let others = self.other_spans(line);
        if detail == Detail::Full && !others.is_empty() {
            out.extend_from_slice(b",\"also\":");
            array(others, out, |(field, at), out| {
                out.extend_from_slice(b"{\"field\":");
                string(&catalog.fields[field.index()].0, out);
                out.extend_from_slice(b",\"span\":");
                span(*at, out);
                out.push(b'}');
            });
        }
        out.push(b'}');
    }
}

/// The sensitive stretches of the fields that are shown, found when first needed.
struct Masks {
    reveal: Reveal,
    fields: BTreeMap<FieldId, Vec<Span>>,
}

impl Masks {
    fn new(reveal: Reveal) -> Self {
        Masks { reveal, fields: BTreeMap::new() }
    }

    fn text(&mut self, listing: &Listing<'_>, field: FieldId, span: Span) -> String {
        let bytes = listing.bytes(field);
        match self.reveal {
            Reveal::Shown => String::from_utf8_lossy(bytes.get(span.range()).unwrap_or_default()).into_owned(),
            Reveal::Masked => masked_text(bytes, span, self.fields.entry(field).or_insert_with(|| mask::sensitive(bytes))),
        }
    }
}

/// The text of a span with its sensitive stretches replaced.
pub(crate) fn masked_text(bytes: &[u8], span: Span, sensitive: &[Span]) -> String {
    let mut text = String::new();
    let mut at = span.start;
    for hidden in sensitive.iter().filter(|s| s.overlaps(span)) {
        let from = hidden.start.max(at);
        text.push_str(&String::from_utf8_lossy(bytes.get(at as usize..from as usize).unwrap_or_default()));
        text.push_str(MASK);
        at = hidden.end.min(span.end);
    }
    text.push_str(&String::from_utf8_lossy(bytes.get(at as usize..span.end as usize).unwrap_or_default()));
    text
}

fn span(span: Span, out: &mut Vec<u8>) {
    out.push(b'[');
    integer(span.start.into(), out);
    out.push(b',');
    integer(span.end.into(), out);
    out.push(b']');
}
