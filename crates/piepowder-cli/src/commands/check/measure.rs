//! Measured weights of evidence with intervals, beside those that packs give. Floating point is at home here and nowhere else: nothing of
//! it reaches a score. Invariant: the same rows give the same whole centibans, in any order; no weight is called contradicted on few rows.
//!
//! The weight of a rule is `100 log10(P(match | offense) / P(match | not offense))`, of the rows in which it could count, with half a row
//! added to each count (Walter 1975), so that a rule that lawful rows never match has a finite weight. Its variance is that of rows (Katz
//! et al. 1978, with the same correction) or, where markets are told apart and each side has three of them, that of leaving out one market
//! after another (the jackknife over groups), if that is larger: rows of a market are alike, and many rows of one say little of others. The
//! interval is 1.96 standard errors to each side for rows, and for markets as many as the t distribution has for the fewer of the two
//! sides' markets, less one.

use super::corpus::{Cells, Corpus};
use piepowder::{Engine, Rule, Status};
use serde::Serialize;

/// Rows that a rule must match before anything is said of its weight.
pub(super) const LEAST: u64 = 20;
/// Markets that each side must have for intervals over markets.
const MARKETS: usize = 3;
/// Quantiles of the t distribution, two-sided 95 %, by degrees of freedom from 2; beyond the table that of the last.
const T: [f64; 29] = [
    4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086, 2.080,
    2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
];

/// What is said of a weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Verdict {
    /// The weight lies in the interval.
    Fits,
    /// The weight lies outside of the interval.
    Contradicted,
    /// Fewer rows than [`LEAST`].
    TooFew,
}

/// What an interval rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum By {
    Rows,
    Markets,
}

/// A rule's weight for an offense, as given and as measured, in centibans.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Measured<'e> {
    pub(super) rule: &'e str,
    pub(super) offense: &'e str,
    pub(super) shadow: bool,
    pub(super) weight: i32,
    pub(super) measured: i32,
    /// The 95 % interval.
    pub(super) interval: [i32; 2],
    pub(super) by: By,
    /// Rows that it matched, of those of the offense in which it could count.
    pub(super) in_offense: [u64; 2],
    /// The same of all others.
    pub(super) in_others: [u64; 2],
    pub(super) verdict: Verdict,
}

/// The weights of all rules in force, by key and offense.
pub(super) fn all<'e>(engine: &'e Engine, corpus: &Corpus<'_>) -> Vec<Measured<'e>> {
    let mut out = Vec::new();
    for (id, rule) in engine.rules() {
        for (offense, about) in engine.offenses() {
            if rule.weight(about.key()) != 0 {
                let (among, matched) = corpus.of(id, offense.index());
                out.push(one(rule, about.key(), offense.index(), among, matched));
            }
        }
    }
    out
}

/// Matched rows and all rows, of the offense and of others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Counts {
    offense: [u64; 2],
    others: [u64; 2],
}

impl Counts {
    fn add(&mut self, of_offense: bool, at: usize, rows: u64) {
        let side = if of_offense { &mut self.offense } else { &mut self.others };
        side[at] += rows;
    }

    fn without(self, part: Counts) -> Counts {
        let less = |a: [u64; 2], b: [u64; 2]| [a[0] - b[0], a[1] - b[1]];
        Counts { offense: less(self.offense, part.offense), others: less(self.others, part.others) }
    }

    /// The weight in natural units.
    fn weight(self) -> f64 {
        let rate = |[matched, all]: [u64; 2]| (matched as f64 + 0.5) / (all as f64 + 0.5);
        (rate(self.offense) / rate(self.others)).ln()
    }

    /// Its variance, if rows are independent.
    fn variance(self) -> f64 {
        let part = |[matched, all]: [u64; 2]| 1.0 / (matched as f64 + 0.5) - 1.0 / (all as f64 + 0.5);
        part(self.offense) + part(self.others)
    }
}

fn one<'e>(rule: &'e Rule, key: &'e str, offense: usize, among: &Cells, matched: &Cells) -> Measured<'e> {
    let mut markets: std::collections::BTreeMap<usize, Counts> = std::collections::BTreeMap::new();
    for (cells, at) in [(matched, 0), (among, 1)] {
        for ((market, label), rows) in cells {
            markets.entry(*market).or_default().add(*label == offense, at, *rows);
        }
    }
    let markets: Vec<Counts> = markets.into_values().collect();
    let counts = markets.iter().fold(Counts::default(), |sum, m| Counts {
        offense: [sum.offense[0] + m.offense[0], sum.offense[1] + m.offense[1]],
        others: [sum.others[0] + m.others[0], sum.others[1] + m.others[1]],
    });
    let (half, by) = half_width(counts, &markets);
    let centibans = |nats: f64| nats * 100.0 / std::f64::consts::LN_10;
    let (middle, half) = (centibans(counts.weight()), centibans(half));
    let (low, high) = ((middle - half).floor() as i32, (middle + half).ceil() as i32);
    let weight = rule.weight(key);
    let verdict = match counts.offense[0] + counts.others[0] {
        ..LEAST => Verdict::TooFew,
        _ if (low..=high).contains(&weight) => Verdict::Fits,
        _ => Verdict::Contradicted,
    };
    Measured {
        rule: rule.key(),
        offense: key,
        shadow: rule.status() == Status::Shadow,
        weight,
        measured: middle.round() as i32,
        interval: [low, high],
        by,
        in_offense: counts.offense,
        in_others: counts.others,
        verdict,
    }
}

/// Half the width of the interval in natural units, and what it rests on.
fn half_width(counts: Counts, markets: &[Counts]) -> (f64, By) {
    let rows = 1.96 * counts.variance().sqrt();
    let sides = [|m: &&Counts| m.offense[1] > 0, |m: &&Counts| m.others[1] > 0].map(|has| markets.iter().filter(has).count());
    let fewer = sides[0].min(sides[1]);
    if fewer < MARKETS {
        return (rows, By::Rows);
    }
    let left: Vec<f64> = markets.iter().map(|m| counts.without(*m).weight()).collect();
    let count = left.len() as f64;
    let mean = left.iter().sum::<f64>() / count;
    let variance = left.iter().map(|w| (w - mean).powi(2)).sum::<f64>() * (count - 1.0) / count;
    let over_markets = T[(fewer - MARKETS).min(T.len() - 1)] * variance.sqrt();
    if over_markets > rows { (over_markets, By::Markets) } else { (rows, By::Rows) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_ratio_is_measured() {
        // 200 of 1,000 against 20 of 1,000: ten times, one ban; the standard error of the logarithm is about 0.229.
        let counts = Counts { offense: [200, 1_000], others: [20, 1_000] };
        assert!((counts.weight() / std::f64::consts::LN_10 - 1.0).abs() < 0.02);
        assert!((counts.variance().sqrt() - 0.227).abs() < 0.005);
        let never = Counts { offense: [100, 1_000], others: [0, 1_000] };
        assert!(never.weight().is_finite() && never.variance() > 2.0);
        assert_eq!(Counts::default().weight(), 0.0);
    }

    #[test]
    fn markets_that_differ_widen_the_interval() {
        let of = |markets: &[[u64; 4]]| {
            let markets: Vec<Counts> = markets.iter().map(|[a, n, b, m]| Counts { offense: [*a, *n], others: [*b, *m] }).collect();
            let all = markets.iter().fold(Counts::default(), |s, m| Counts {
                offense: [s.offense[0] + m.offense[0], s.offense[1] + m.offense[1]],
                others: [s.others[0] + m.others[0], s.others[1] + m.others[1]],
            });
            half_width(all, &markets)
        };
        let alike = of(&[[50, 500, 5, 500], [50, 500, 5, 500], [50, 500, 5, 500]]);
        let unlike = of(&[[150, 500, 15, 500], [0, 500, 0, 500], [0, 500, 0, 500]]);
        assert_eq!((alike.1, unlike.1), (By::Rows, By::Markets));
        assert!(unlike.0 > 5.0 * alike.0, "{alike:?} {unlike:?}");
        // Two markets cannot say how markets differ.
        assert_eq!(of(&[[150, 500, 15, 500], [0, 500, 0, 500]]).1, By::Rows);
    }
}
