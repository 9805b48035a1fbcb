//! Findings to group nets, contributions and scores: docs/SEMANTICS.md, section 7, in its order. Excuses are taken off here.
//! Invariant: for every offense, prior + the sum of the contributions = prior + the sum of the nets that count = the score.

use super::flood::{Floods, Place};
use super::{GroupNet, Score};
use crate::compile::Program;
use crate::evidence::Finding;
use crate::id::{GroupId, OffenseId, RuleId};
use crate::limits::MAX_OFFENSES;
use crate::matcher::{Candidate, Reach};
use crate::taxonomy::GroupKind;
use crate::text::Transforms;

/// Buffers of the weighing, and its results beside the scores.
#[derive(Debug, Default)]
pub(crate) struct Weighing {
    /// What each finding contributed, by offense.
    pub(crate) contributions: Vec<[i32; MAX_OFFENSES]>,
    /// Nets above zero, by group and offense; of signal groups only those that count.
    pub(crate) nets: Vec<GroupNet>,
    excuses: Vec<Excuse>,
    floods: Floods,
    members: Vec<Member>,
    order: Vec<u32>,
    by_group: Vec<(GroupId, u32)>,
}

/// An excuse that matched, with where it reaches.
#[derive(Debug, Default)]
struct Excuse {
    finding: u32,
    reach: Reach,
}

/// A rule in its group, for one offense.
#[derive(Clone, Copy, Debug)]
struct Member {
    finding: u32,
    /// What its best match weighs.
    weight: i32,
    /// By its matches as they are written, and by those with a mistake.
    stands: [Stand; 2],
}

/// What matches of a rule that weigh the same come to.
#[derive(Clone, Copy, Debug)]
struct Stand {
    weight: i32,
    /// Place, in the order of the excuses, of the last one needed to excuse all of them; `UNEXCUSED` when one of them stays.
    excused_by: u32,
}

const UNEXCUSED: u32 = u32::MAX;

/// What a match weighs whose rule weighs so much: half, toward zero, when a mistake was read out of it.
fn weight_of(transforms: Transforms, weight: i32) -> i32 {
    if transforms.contains(Transforms::EDIT) { weight / 2 } else { weight }
}

/// Weighs all findings.
pub(crate) fn weigh(
    program: &Program,
    priors: &[i32],
    findings: &[Finding],
    matches: &[Candidate],
    state: &mut Weighing,
    scores: &mut Vec<(OffenseId, Score)>,
) {
    let Weighing { contributions, nets, excuses, floods, members, order, by_group } = state;
    contributions.clear();
    contributions.resize(findings.len(), [0; MAX_OFFENSES]);
    nets.clear();
    let excuse_count = gather_excuses(program, findings, matches, floods, excuses);
    by_group.clear();
    by_group.extend(findings.iter().enumerate().filter_map(|(i, f)| {
        let rule = &program.rules[f.rule.index()];
        if rule.shadow {
            // A shadow is cited with what it would weigh, outside all sums.
            contributions[i] = rule.weights.map(|w| weight_of(f.transforms, w));
        }
        (!rule.shadow && rule.kind != GroupKind::Excuse).then_some((rule.group, i as u32))
    }));
    by_group.sort_unstable();
    let offenses = priors.len();
    let mut specific = [false; MAX_OFFENSES];
    for pass in [GroupKind::Specific, GroupKind::Signal] {
        for group in by_group.chunk_by(|a, b| a.0 == b.0) {
            let id = group[0].0;
            let (kind, excusable) = program.groups[id.index()];
            if kind != pass {
                continue;
            }
            for offense in 0..offenses {
                if kind == GroupKind::Signal && !specific[offense] {
                    continue;
                }
                members.clear();
                members.extend(group.iter().filter_map(|(_, i)| {
                    let finding = &findings[*i as usize];
                    let weight = weight_above_floods(program, finding, matches, floods, offense);
                    (weight > 0).then_some(Member { finding: *i, weight, stands: [Stand { weight, excused_by: UNEXCUSED }; 2] })
                }));
                if members.is_empty() {
                    continue;
                }
                // Findings are in rule order, so ties go by rule key.
                members.sort_unstable_by_key(|m| (-m.weight, m.finding));
                for (rank, member) in members.iter().enumerate() {
                    contributions[member.finding as usize][offense] = share(rank, member.weight);
                }
                let gross = total(members.iter().map(|m| m.weight));
                let mut net = gross;
                if excusable && excuse_count > 0 {
                    order_excuses(program, findings, &excuses[..excuse_count], id, offense, order);
                    apply_excuses(program, findings, matches, (excuses, floods), order, offense, members);
                    for (step, index) in order.iter().enumerate() {
                        let after = net_after(program, findings, excuses, order, offense, members, step as u32);
                        contributions[excuses[*index as usize].finding as usize][offense] += after - net;
                        net = after;
                    }
                }
                if net > 0 {
                    nets.push(GroupNet::new(id, OffenseId::new(offense), net));
                    specific[offense] |= kind == GroupKind::Specific;
                }
            }
        }
    }
    nets.sort_unstable_by_key(|n| (n.group(), n.offense()));
    scores.clear();
    scores.extend(priors.iter().enumerate().map(|(o, prior)| {
        let offense = OffenseId::new(o);
        let sum: i32 = nets.iter().filter(|n| n.offense() == offense).map(|n| n.net()).sum();
        (offense, Score::new(*prior, prior + sum))
    }));
}

/// What a rule weighs: its best match; or, where floods drown matches, the heaviest of the others.
fn weight_above_floods(program: &Program, finding: &Finding, matches: &[Candidate], floods: &Floods, offense: usize) -> i32 {
    let weight = program.rules[finding.rule.index()].weights[offense];
    let own = kept(finding, matches);
    if finding.capped || !own.iter().any(|m| floods.drowns(m, offense)) {
        return weight_of(finding.transforms, weight);
    }
    own.iter().filter(|m| !floods.drowns(m, offense)).map(|m| weight_of(m.transforms, weight)).max().unwrap_or(0)
}

/// The matches of a rule that are kept.
fn kept<'m>(finding: &Finding, matches: &'m [Candidate]) -> &'m [Candidate] {
    &matches[finding.matches.0 as usize..finding.matches.1 as usize]
}

/// The strongest counts in full, the second a quarter, the others nothing.
fn share(rank: usize, weight: i32) -> i32 {
    match rank {
        0 => weight,
        1 => weight / 4,
        _ => 0,
    }
}

/// The sum of a group's shares, whatever the order of the weights.
fn total(weights: impl Iterator<Item = i32>) -> i32 {
    let (mut first, mut second) = (0, 0);
    for weight in weights {
        if weight > first {
            (first, second) = (weight, first);
        } else if weight > second {
            second = weight;
        }
    }
    first + second / 4
}

/// Fills the reach of every excuse that matched; returns how many there are. Buffers beyond stay for reuse.
fn gather_excuses(program: &Program, findings: &[Finding], matches: &[Candidate], floods: &mut Floods, excuses: &mut Vec<Excuse>) -> usize {
    let counts = |f: &&Finding| program.rules[f.rule.index()].excuse.is_some() && !program.rules[f.rule.index()].shadow;
    let weighs = |rule: RuleId, offense: usize| program.rules[rule.index()].weights[offense] < 0;
    floods.find(findings.iter().filter(counts).count(), findings.iter().filter(counts).flat_map(|f| kept(f, matches)), weighs);
    let mut count = 0;
    for (index, finding) in findings.iter().enumerate() {
        let rule = &program.rules[finding.rule.index()];
        let Some(code) = rule.excuse.as_ref().filter(|_| !rule.shadow) else { continue };
        if count == excuses.len() {
            excuses.push(Excuse::default());
        }
        let excuse = &mut excuses[count];
        excuse.finding = index as u32;
        excuse.reach.clear();
        for m in kept(finding, matches) {
            let place = floods.place(m);
            if let Some(within) = place.reach(code.within) {
                excuse.reach.add(m, within);
            }
            if code.elsewhere && place == Place::Free {
                excuse.reach.add_elsewhere(m);
            }
        }
        excuse.reach.settle();
        count += 1;
    }
    count
}

/// The excuses that name the group and weigh on the offense, strongest first, ties by rule key.
fn order_excuses(program: &Program, findings: &[Finding], excuses: &[Excuse], group: GroupId, offense: usize, order: &mut Vec<u32>) {
    order.clear();
    order.extend((0..excuses.len() as u32).filter(|i| {
        let rule = &program.rules[findings[excuses[*i as usize].finding as usize].rule.index()];
        rule.weights[offense] < 0 && rule.excuse.as_ref().is_some_and(|e| e.groups.binary_search(&group).is_ok())
    }));
    order.sort_unstable_by_key(|i| (-strength(program, findings, &excuses[*i as usize], offense), *i));
}

fn strength(program: &Program, findings: &[Finding], excuse: &Excuse, offense: usize) -> i32 {
    -program.rules[findings[excuse.finding as usize].rule.index()].weights[offense]
}

/// For each member: which excuse of the order completes the excusal of its matches as written, and of those with a mistake.
fn apply_excuses(
    program: &Program,
    findings: &[Finding],
    matches: &[Candidate],
    (excuses, floods): (&[Excuse], &Floods),
    order: &[u32],
    offense: usize,
    members: &mut [Member],
) {
    for member in members {
        let finding = &findings[member.finding as usize];
        let own = kept(finding, matches);
        if finding.capped || own.is_empty() {
            continue;
        }
        let weight = program.rules[finding.rule.index()].weights[offense];
        let first_cover = |m: &Candidate| order.iter().position(|i| excuses[*i as usize].reach.covers(m)).map_or(UNEXCUSED, |p| p as u32);
        for (stand, how) in member.stands.iter_mut().zip([Transforms::NONE, Transforms::EDIT]) {
            // A rule stands on its least excused match.
            let alike =
                own.iter().filter(|m| m.transforms.contains(Transforms::EDIT) == how.contains(Transforms::EDIT) && !floods.drowns(m, offense));
            *stand = match alike.map(first_cover).max() {
                Some(excused_by) => Stand { weight: weight_of(how, weight), excused_by },
                None => Stand { weight: 0, excused_by: UNEXCUSED },
            };
        }
    }
}

/// The group's net when the excuses up to `step` of the order are applied.
fn net_after(program: &Program, findings: &[Finding], excuses: &[Excuse], order: &[u32], offense: usize, members: &[Member], step: u32) -> i32 {
    let left = |stand: &Stand| {
        let taken =
            if stand.excused_by <= step { strength(program, findings, &excuses[order[stand.excused_by as usize] as usize], offense) } else { 0 };
        (stand.weight - taken).max(0)
    };
    total(members.iter().map(|m| m.stands.iter().map(left).max().unwrap_or(0)))
}
