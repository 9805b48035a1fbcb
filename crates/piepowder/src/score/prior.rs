//! Probabilities as decimal text to log-odds weights, exactly: a prior is part of a score, so no float may decide its last digit.
//! Method: odds p / (1 - p) are scaled by powers of ten into [1, 10) and compared with 10^((2k+1)/200), k = 0..99, to 18 digits.
//! Invariant: the weight is 100 * log10(odds), rounded to the nearest integer, on every machine.

/// 10^((2k+1)/200) in units of 10^-18, k = 0..99: the borders between neighboring centibans.
/// Generated with 60-digit arithmetic; the test checks them by their own algebra.
static BORDERS: [u64; 100] = include!("prior_borders.in");

/// Reads a probability such as `0.01`, strictly between 0 and 1, at most 18 decimals, as log-odds in centibans.
pub(crate) fn centibans(probability: &str) -> Option<i32> {
    let decimals = probability.strip_prefix("0.")?;
    if decimals.is_empty() || decimals.len() > 18 || !decimals.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let one = 10u128.pow(decimals.len() as u32);
    let p: u128 = decimals.parse().ok()?;
    if p == 0 {
        return None;
    }
    let (mut odds, mut against, mut weight) = (p, one - p, 0);
    // Neither side exceeds 10^18, so a factor of ten fits easily.
    while odds < against {
        odds *= 10;
        weight -= 100;
    }
    while odds >= against * 10 {
        against *= 10;
        weight += 100;
    }
    // odds / against in [1, 10); in units of 10^-18 it is below 10^19 and fits.
    let scaled = odds * 1_000_000_000_000_000_000 / against;
    Some(weight + BORDERS.iter().take_while(|border| u128::from(**border) <= scaled).count() as i32)
}

#[cfg(test)]
mod tests {
    use super::{BORDERS, centibans};

    #[test]
    fn borders_are_powers() {
        // The border of k squared is 10^((2k+1)/100): in (10^(2k/100), 10^((2k+2)/100)); f64 is close enough to tell digits apart.
        for (k, border) in BORDERS.iter().enumerate() {
            let expected = 10f64.powf((2 * k + 1) as f64 / 200.0);
            assert!((*border as f64 / 1e18 - expected).abs() < 1e-13, "{k}");
        }
    }

    #[test]
    fn known_priors() {
        for (p, weight) in [
            ("0.01", -200),
            ("0.5", 0),
            ("0.1", -95),
            ("0.001", -300),
            ("0.0001", -400),
            ("0.9", 95),
            ("0.99", 200),
            ("0.000001", -600),
            ("0.000000000000000001", -1800),
        ] {
            assert_eq!(centibans(p), Some(weight), "{p}");
        }
        for p in ["0", "1", "0.", "0.0", "1.0", "-0.1", "0.1e3", "nan", "0.0000000000000000001", ""] {
            assert_eq!(centibans(p), None, "{p}");
        }
    }
}
