//! Intervals of a share of rows that are not independent: listings of one seller resemble each other, so sellers are drawn again, with
//! all their rows, and not rows (cluster bootstrap, percentile method). Invariant: the same rows give the same interval.

use crate::rows::Seeded;
use std::collections::BTreeMap;

/// Draws of all clusters.
const DRAWS: usize = 2_000;
const SEED: u64 = 2_026;

/// The 95 % interval of the share of rows of which something holds, from each row's cluster and whether it holds; none without rows.
pub(crate) fn by_cluster<'a>(rows: impl Iterator<Item = (&'a str, bool)>) -> Option<(f64, f64)> {
    let mut clusters: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
    for (cluster, holds) in rows {
        let counts = clusters.entry(cluster).or_default();
        counts.0 += u32::from(holds);
        counts.1 += 1;
    }
    let clusters: Vec<(u32, u32)> = clusters.into_values().collect();
    if clusters.is_empty() {
        return None;
    }
    let mut seeded = Seeded(SEED);
    let mut shares: Vec<f64> = (0..DRAWS)
        .map(|_| {
            let (part, whole) = (0..clusters.len()).map(|_| clusters[seeded.below(clusters.len())]).fold((0, 0), |a, b| (a.0 + b.0, a.1 + b.1));
            f64::from(part) / f64::from(whole)
        })
        .collect();
    shares.sort_unstable_by(f64::total_cmp);
    Some((shares[DRAWS / 40], shares[DRAWS - 1 - DRAWS / 40]))
}

#[cfg(test)]
mod tests {
    use super::by_cluster;

    #[test]
    fn one_seller_tells_nothing_of_others() {
        let alike =
            |sellers: usize| by_cluster((0..100).map(move |i| (["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"][i % sellers], i % sellers != 0)));
        let (low, high) = alike(10).unwrap();
        assert!(low <= 0.75 && high >= 0.99, "ten sellers, of whom nine are found whole: {low} to {high}");
        assert_eq!(alike(1), Some((0.0, 0.0)));
        assert_eq!(by_cluster(std::iter::empty()), None);
    }

    #[test]
    fn many_sellers_are_as_good_as_rows() {
        let names: Vec<String> = (0..400).map(|i| i.to_string()).collect();
        let (low, high) = by_cluster(names.iter().enumerate().map(|(i, name)| (name.as_str(), i % 4 != 0))).unwrap();
        // The normal approximation gives 0.75 and 1.96 * sqrt(0.75 * 0.25 / 400) = 0.042 on both sides.
        assert!((low - 0.708).abs() < 0.01 && (high - 0.792).abs() < 0.01, "{low} to {high}");
    }
}
