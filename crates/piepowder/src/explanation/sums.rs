//! The sums of an explanation: prior, each line of evidence with its warrant, excuses with what they took back, total; and what was seen
//! and weighs nothing, with the reason. Invariant: the numbers of the first column add up to the score below them.

use super::page::{Ink, Page};
use super::plain::{columns, safe};
use super::text::Sight;
use super::{MissReason, NearMiss, whatif, words};
use crate::assessment::Assessment;
use crate::evidence::{Evidence, EvidenceKind};
use crate::id::OffenseId;
use crate::taxonomy::{Excuse, GroupKind, Rule};
use crate::text::Transforms;

/// Column where the text of an entry begins.
const TEXT: usize = 10;

/// Writes the sum of an offense.
pub(super) fn write(page: &mut Page<'_>, sight: &Sight<'_>, offense: OffenseId) {
    let a = sight.a;
    let about = &a.catalog.offenses[offense.index()];
    let score = a.scores[offense.index()].1;
    page.heading(&format!("The sum for {} ({})", safe(about.key()), safe(about.title())));
    number(page, score.prior(), Ink::Faint);
    page.flow(TEXT, TEXT, &format!("prior: {} where this engine is used, before a word is read", words::share(score.prior())));
    for (i, line) in a.evidence.iter().enumerate().filter(|(_, line)| !line.is_shadow()) {
        let Some(rule) = line.rule().map(|r| &a.catalog.rules[r.index()]) else { continue };
        if line.weight(offense) != 0 || rule.weight(about.key()) > 0 {
            entry(page, sight, offense, line, rule, i + 1);
        }
    }
    page.put("  ------");
    page.end();
    number(page, score.total(), Ink::Heading);
    page.flow(TEXT, TEXT, &format!("score for {}: `{}`", safe(about.key()), safe(a.tier_of(offense))));
}

fn number(page: &mut Page<'_>, weight: i32, ink: Ink) {
    page.paint(ink, &format!("{:>8}", words::signed(weight)));
    page.space(TEXT - 8);
}

fn entry(page: &mut Page<'_>, sight: &Sight<'_>, offense: OffenseId, line: &Evidence, rule: &Rule, label: usize) {
    let a = sight.a;
    let weight = line.weight(offense);
    let ink = match group_kind(a, rule) {
        GroupKind::Specific => Ink::Specific,
        GroupKind::Signal => Ink::Signal,
        GroupKind::Excuse => Ink::Excuse,
    };
    number(page, weight, if weight == 0 { Ink::Faint } else { ink });
    let Some(field) = line.field() else { return };
    page.flow(TEXT, TEXT, &format!("[{label}] {}: {}", sight.cite(field, line.span()), safe(rule.title())));
    if let Some(why) = why_less(a, offense, line, rule) {
        page.paragraph(TEXT, &why);
    }
    if line.kind() == EvidenceKind::Excuse {
        page.paragraph(TEXT, &taken_back(a, offense, rule));
    }
    if weight == 0 {
        page.paragraph(TEXT, &format!("rule {}, group {}", safe(rule.key()), safe(rule.group())));
        return;
    }
    if let Some(reason) = a.catalog.group_id(rule.group()).and_then(|g| a.catalog.groups[g.index()].reason("en")) {
        page.paragraph(TEXT, &safe(reason));
    }
    if line.kind() == EvidenceKind::Condition {
        let conditions = words::joined(rule.conditions().map(|(field, test)| safe(&words::condition(field, test))), "and");
        page.paragraph(TEXT, &format!("Met because {conditions}."));
    }
    if !line.transforms().is_empty() {
        page.paragraph(TEXT, &format!("Read with {}.", words::undone(line.transforms())));
    }
    others(page, sight, line);
    let element = format!("{}, {}", rule.element().word(), rule.nature().word());
    page.paragraph(TEXT, &format!("rule {}, group {}; {element}; owner {}", safe(rule.key()), safe(rule.group()), safe(rule.owner())));
    let url = if rule.warrant().url().is_empty() { String::new() } else { format!(" <{}>", safe(rule.warrant().url())) };
    page.paragraph(TEXT, &format!("warrant ({}): {}{url}", rule.warrant().kind(), safe(rule.warrant().source())));
}

pub(super) fn group_kind(a: &Assessment, rule: &Rule) -> GroupKind {
    a.catalog.group_id(rule.group()).map_or(GroupKind::Specific, |g| a.catalog.groups[g.index()].kind())
}

/// Why a line contributes less than its rule weighs.
fn why_less(a: &Assessment, offense: OffenseId, line: &Evidence, rule: &Rule) -> Option<String> {
    let (weight, full) = (line.weight(offense), rule.weight(a.catalog.offenses[offense.index()].key()));
    let stands = a.nets.iter().any(|n| n.offense() == offense && a.catalog.groups[n.group().index()].key() == rule.group());
    if full <= 0 || weight >= full {
        return None;
    }
    let has_mistake = line.transforms().contains(Transforms::EDIT);
    let own = if has_mistake { format!("{} (half of {full}, as it was read with a mistake)", full / 2) } else { full.to_string() };
    Some(if weight == 0 && group_kind(a, rule) == GroupKind::Signal && !stands {
        "A signal; no specific evidence of this offense stands beside it.".to_owned()
    } else if weight == 0 {
        format!("Weighs {own} by itself; of its group the strongest counts in full, the second a quarter, others nothing.")
    } else if has_mistake && weight == full / 2 {
        format!("Half of its {full} counts: it was read with a mistake.")
    } else {
        format!("A quarter of its {own} counts: it is second in its group, of which the strongest counts in full.")
    })
}

/// How far an excuse reaches, in words.
fn stretch(excuse: &Excuse) -> String {
    match excuse.within() {
        Some(within) => format!("within {within} words of it"),
        None if excuse.is_across_fields() => "in all fields".to_owned(),
        None => "in its field".to_owned(),
    }
}

/// What an excuse did, group by group.
fn taken_back(a: &Assessment, offense: OffenseId, excuse: &Rule) -> String {
    let Some(reach) = excuse.excuse() else { return String::new() };
    let where_ = stretch(reach);
    let mut parts = Vec::new();
    for group in a.catalog.groups.iter().filter(|g| g.is_excusable() && reach.names(g.key())) {
        let rules = a.evidence.iter().filter(|l| l.kind() != EvidenceKind::Excuse);
        let own = rules.filter(|l| l.rule().is_some_and(|r| a.catalog.rules[r.index()].group() == group.key()));
        let gross: i32 = own.map(|l| l.weight(offense)).sum();
        let net: i32 =
            a.nets.iter().filter(|n| n.offense() == offense && a.catalog.groups[n.group().index()].key() == group.key()).map(|n| n.net()).sum();
        if gross > net {
            parts.push(format!("{} stood at {gross} and after all excuses keeps {net}", safe(group.key())));
        }
    }
    format!("Takes back {where_}: {}.", words::joined(parts, "and"))
}

/// The other places of a line.
fn others(page: &mut Page<'_>, sight: &Sight<'_>, line: &Evidence) {
    const MOST: usize = 4;
    let others = sight.a.other_spans(line);
    if others.is_empty() {
        return;
    }
    let mut places: Vec<String> =
        others.iter().take(MOST).map(|(field, span)| format!("{} {}..{}", sight.field(*field), span.start, span.end)).collect();
    if others.len() > MOST {
        places.push(words::count(others.len() - MOST, "other place"));
    }
    page.paragraph(TEXT, &format!("Also at {}; a rule counts once.", words::joined(places, "and")));
}

/// One line for the offenses that have no sum of their own here.
pub(super) fn write_others(page: &mut Page<'_>, a: &Assessment) {
    let told = whatif::told(a);
    let others = a.scores.iter().filter(|(o, _)| !told.contains(o));
    let rest: Vec<String> = others.map(|(o, s)| format!("{} {}", safe(a.catalog.offenses[o.index()].key()), words::signed(s.total()))).collect();
    if !rest.is_empty() {
        page.end();
        page.paragraph(
            2,
            &format!("Other offenses, for which nothing here counts, all `{}`: {}.", safe(a.policy.tiers()[0].name()), words::joined(rest, "and")),
        );
    }
}

/// Shadow rules that matched: cited, never counted.
pub(super) fn write_shadows(page: &mut Page<'_>, sight: &Sight<'_>) {
    let a = sight.a;
    let mut lines = a.evidence.iter().enumerate().filter(|(_, line)| line.is_shadow()).peekable();
    if lines.peek().is_some() {
        page.heading("Shadow rules: on trial, outside every sum");
    }
    for (i, line) in lines {
        let (Some(rule), Some(field)) = (line.rule().map(|r| &a.catalog.rules[r.index()]), line.field()) else { continue };
        seen(page, i + 1, &format!("{}: {}", sight.cite(field, line.span()), safe(rule.title())), rule);
        let would = a.scores.iter().map(|(o, _)| (o, line.would_weigh(*o))).filter(|(_, w)| *w != 0);
        let would = would.map(|(o, w)| format!("{} for {}", words::signed(w), safe(a.catalog.offenses[o.index()].key())));
        page.paragraph(TEXT, &format!("Would weigh {} by itself.", words::joined(would, "and")));
    }
}

fn seen(page: &mut Page<'_>, label: usize, text: &str, rule: &Rule) {
    let label = format!("[{label}]");
    page.space(2);
    page.paint(Ink::Faint, &label);
    page.flow(TEXT, 2 + columns(&label), text);
    let pack = if rule.pack().is_empty() { String::new() } else { format!(", pack {}", safe(rule.pack())) };
    page.paragraph(TEXT, &format!("rule {}, group {}{pack}", safe(rule.key()), safe(rule.group())));
}

/// One near miss.
pub(super) fn write_miss(page: &mut Page<'_>, sight: &Sight<'_>, miss: &NearMiss, label: usize) {
    let a = sight.a;
    let rule = &a.catalog.rules[miss.rule.index()];
    seen(page, label, &format!("{}: {}", sight.cite(miss.field, miss.span), safe(rule.title())), rule);
    let why = match miss.reason {
        MissReason::Near => match rule.near() {
            Some((any, within)) => {
                let place = if rule.is_near_across_fields() { "in the same field, or in another" } else { "in the same field" };
                format!("Needs {} within {within} words of it, {place}; none was there.", some(any))
            }
            None => "Nothing that it needs was near.".to_owned(),
        },
        MissReason::Condition => {
            let conditions = words::joined(rule.conditions().map(|(field, test)| safe(&words::condition(field, test))), "and");
            format!("Counts only where {conditions}.")
        }
        MissReason::Alone => {
            let would = words::joined(
                rule.weights()
                    .iter()
                    .map(|(k, w)| format!("{} for {}", words::signed(*w), if k == "*" { "any offense".to_owned() } else { safe(k) })),
                "and",
            );
            format!("A signal ({would}); it counts only beside specific evidence of an offense, and none stands.")
        }
        MissReason::OutOfReach => {
            let reach = rule.excuse().map_or_else(String::new, |e| format!(" {}", stretch(e)));
            let groups = rule.excuse().map_or_else(String::new, |e| some(e.groups()));
            format!("An excuse for {groups}. It took nothing back:{reach} there is nothing of that, or the same words stand elsewhere unexcused.")
        }
    };
    page.paragraph(TEXT, &why);
}

/// The first few of a list of keys.
fn some(keys: &[String]) -> String {
    const MOST: usize = 3;
    let mut shown: Vec<String> = keys.iter().take(MOST).map(|k| safe(k)).collect();
    if keys.len() > MOST {
        shown.push(format!("{} more", keys.len() - MOST));
    }
    words::joined(shown, "or")
}
