//! Gates: by how much the listings at a tier or above may become more, or fewer. Invariant: a gate is judged in whole listings; nothing is
//! rounded in favor of a change.

use super::rows::Rows;
use crate::terminal::grouped;
use anyhow::{Result, bail};
use piepowder::Engine;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Rules that are named as responsible.
const NAMED: usize = 10;

/// What a gate is measured in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    Listings,
    /// Of the listings of side A.
    Percent,
}

/// `review=+5%`: at most so many more listings at `review` or above; with `-`, at most so many fewer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Gate {
    text: String,
    tier: String,
    grows: bool,
    amount: u64,
    unit: Unit,
}

/// How a gate was met.
pub(super) struct Verdict {
    gate: Gate,
    before: u64,
    after: u64,
    pub(super) holds: bool,
    /// Rules by the listings that they moved across the gate.
    responsible: Vec<(String, u64)>,
}

impl Gate {
    pub(super) fn parse(text: &str) -> Result<Gate> {
        let parsed = text.split_once('=').and_then(|(tier, limit)| {
            let (grows, rest) = match limit.strip_prefix('+') {
                Some(rest) => (true, rest),
                None => (false, limit.strip_prefix('-')?),
            };
            let (digits, unit) = rest.strip_suffix('%').map_or((rest, Unit::Listings), |digits| (digits, Unit::Percent));
            let amount = digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse::<u32>().ok()).flatten()?;
            Some(Gate { text: text.to_owned(), tier: tier.to_owned(), grows, amount: amount.into(), unit })
        });
        match parsed {
            Some(gate) => Ok(gate),
            None => bail!("--gate: expected TIER=+N%, TIER=-N%, TIER=+N or TIER=-N, such as review=+5%; found `{text}`"),
        }
    }

    /// Refuses a tier that the policy does not have.
    pub(super) fn fits(&self, engine: &Engine) -> Result<()> {
        let names: Vec<&str> = engine.policy().tiers().iter().map(|t| t.name()).collect();
        if !names.contains(&self.tier.as_str()) {
            bail!("--gate: the policy has no tier `{}`; it has {}", self.tier, names.join(", "));
        }
        Ok(())
    }

    pub(super) fn judge(&self, rows: &Rows) -> Verdict {
        let rank = rows.tiers.iter().position(|t| *t == self.tier).unwrap_or(0);
        let [before, after] = [0, 1].map(|side| rows.counts[side][rank..].iter().sum::<u64>());
        let moved = if self.grows { after.saturating_sub(before) } else { before.saturating_sub(after) };
        let holds = match self.unit {
            Unit::Listings => moved <= self.amount,
            Unit::Percent => moved * 100 <= self.amount * before,
        };
        let mut by_rule: BTreeMap<&str, u64> = BTreeMap::new();
        for changed in &rows.changed {
            let (enters, leaves) = (changed.from < rank && changed.to >= rank, changed.from >= rank && changed.to < rank);
            if if self.grows { enters } else { leaves } {
                let responsible = changed.rules.iter().filter(|(_, weight)| (**weight > 0) == self.grows);
                responsible.for_each(|(rule, _)| *by_rule.entry(rule).or_insert(0) += 1);
            }
        }
        let mut responsible: Vec<(String, u64)> = by_rule.into_iter().map(|(rule, rows)| (rule.to_owned(), rows)).collect();
        responsible.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        Verdict { gate: self.clone(), before, after, holds, responsible }
    }
}

impl Verdict {
    pub(super) fn text(&self) -> String {
        let verdict = if self.holds { "holds" } else { "FAILED" };
        let mut out = format!(
            "gate {}: {verdict}; {} -> {} listings at {} or above\n",
            self.gate.text,
            grouped(self.before),
            grouped(self.after),
            self.gate.tier
        );
        if !self.holds {
            for (rule, rows) in self.responsible.iter().take(NAMED) {
                out.push_str(&format!("  {} by {rule}\n", grouped(*rows)));
            }
        }
        out
    }

    pub(super) fn json(&self) -> Value {
        let responsible: Vec<Value> = self.responsible.iter().map(|(rule, rows)| json!({ "rule": rule, "rows": rows })).collect();
        json!({ "gate": self.gate.text, "holds": self.holds, "a": self.before, "b": self.after, "responsible": responsible })
    }
}

#[cfg(test)]
mod tests {
    use super::{Gate, Unit};

    #[test]
    fn gates_are_signed_amounts_at_a_tier() {
        let gate = |text| Gate::parse(text).map(|g| (g.tier, g.grows, g.amount, g.unit)).ok();
        assert_eq!(gate("review=+5%"), Some(("review".into(), true, 5, Unit::Percent)));
        assert_eq!(gate("urgent=-0"), Some(("urgent".into(), false, 0, Unit::Listings)));
        for wrong in ["review", "review=5%", "review=+", "review=+-5", "review=+5%%", "review=+1.5%", "review=+99999999999"] {
            assert_eq!(gate(wrong), None, "{wrong}");
        }
    }
}
