//! What changes in the rules themselves: which are new, gone or written otherwise. Invariant: a rule is compared as `rules --format json`
//! writes it, in force or not.

use super::Side;
use crate::described::Line;
use crate::terminal;
use piepowder::{Rule, Taxonomy};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::fmt::Write;

/// Most parts of a list that are named.
const NAMED: usize = 6;

/// Rules by key that differ.
pub(super) struct Rules {
    added: BTreeMap<String, Value>,
    removed: BTreeMap<String, Value>,
    /// Of each changed rule, what differs: before and after.
    changed: BTreeMap<String, BTreeMap<String, (Value, Value)>>,
    alike: usize,
}

impl Rules {
    pub(super) fn compare(a: &Side, b: &Side) -> Rules {
        let (mut before, mut added) = (described(a), described(b));
        let mut changed = BTreeMap::new();
        let mut alike = 0;
        before.retain(|key, old| {
            let Some(new) = added.remove(key) else { return true };
            let differs = differences(old, &new);
            if differs.is_empty() {
                alike += 1;
            } else {
                changed.insert(key.clone(), differs);
            }
            false
        });
        Rules { added, removed: before, changed, alike }
    }

    pub(super) fn text(&self) -> String {
        let mut out =
            format!("rules: {} added, {} removed, {} changed, {} alike\n", self.added.len(), self.removed.len(), self.changed.len(), self.alike);
        for (word, rules) in [("added", &self.added), ("removed", &self.removed)] {
            for (key, rule) in rules {
                let title = terminal::escape(rule["title"].as_str().unwrap_or_default());
                let _ = writeln!(out, "  {word:<9}{key}  {}  {title}", short(&rule["weights"]));
            }
        }
        for (key, differs) in &self.changed {
            let _ = writeln!(out, "  changed  {key}");
            for (name, (old, new)) in differs {
                let _ = writeln!(out, "             {name}: {}", terminal::escape(&difference(old, new)));
            }
        }
        out
    }

    pub(super) fn json(&self) -> Value {
        let changed: Map<String, Value> = self
            .changed
            .iter()
            .map(|(key, differs)| {
                let differs: Map<String, Value> = differs.iter().map(|(name, (a, b))| (name.clone(), json!({ "a": a, "b": b }))).collect();
                (key.clone(), Value::Object(differs))
            })
            .collect();
        json!({
            "added": self.added.values().collect::<Vec<_>>(),
            "removed": self.removed.values().collect::<Vec<_>>(),
            "changed": changed,
            "alike": self.alike,
        })
    }
}

fn described(side: &Side) -> BTreeMap<String, Value> {
    let describe = |rule: &Rule| serde_json::to_value(Line::of(rule, status(rule, side))).expect("texts and numbers");
    let rules = |taxonomy: &Taxonomy| taxonomy.rules().map(|written| (written.key().to_owned(), describe(in_force(written, side)))).collect();
    rules(&side.taxonomy)
}

/// The rule as it holds on the day of assessment, or as written.
fn in_force<'s>(written: &'s Rule, side: &'s Side) -> &'s Rule {
    side.engine.rule_id(written.key()).map_or(written, |id| side.engine.rule(id))
}

fn status(rule: &Rule, side: &Side) -> &'static str {
    if side.engine.rule_id(rule.key()).is_some() { rule.status().word() } else { "not in force" }
}

fn differences(old: &Value, new: &Value) -> BTreeMap<String, (Value, Value)> {
    let (Value::Object(old), Value::Object(new)) = (old, new) else { return BTreeMap::new() };
    // Both have the keys of one type.
    old.iter().zip(new).filter(|(a, b)| a != b).map(|((name, a), (_, b))| (name.clone(), (a.clone(), b.clone()))).collect()
}

/// A value in few words.
fn short(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(short).collect::<Vec<_>>().join(", "),
        Value::Object(entries) => entries.iter().map(|(k, v)| format!("{k} {}", short(v))).collect::<Vec<_>>().join(", "),
        Value::Null => "none".to_owned(),
        other => other.to_string(),
    }
}

/// What differs, in one line: of lists, what came and what went.
fn difference(old: &Value, new: &Value) -> String {
    let (Value::Array(a), Value::Array(b)) = (old, new) else {
        return format!("{} -> {}", short(old), short(new));
    };
    let parts = |of: &[Value], other: &[Value], sign: char| {
        let only: Vec<String> = of.iter().filter(|v| !other.contains(v)).map(short).collect();
        let more = only.len().saturating_sub(NAMED);
        let mut parts: Vec<String> = only.iter().take(NAMED).map(|text| format!("{sign}{text}")).collect();
        if more > 0 {
            parts.push(format!("{sign}{more} more"));
        }
        parts
    };
    let all = [parts(b, a, '+'), parts(a, b, '-')].concat();
    if all.is_empty() { "in another order".to_owned() } else { all.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::difference;
    use serde_json::json;

    #[test]
    fn lists_say_what_came_and_what_went() {
        assert_eq!(difference(&json!(["a", "b"]), &json!(["b", "c"])), "+c, -a");
        assert_eq!(difference(&json!(["a", "b"]), &json!(["b", "a"])), "in another order");
        let many: Vec<u32> = (0..9).collect();
        assert_eq!(difference(&json!([]), &json!(many)), "+0, +1, +2, +3, +4, +5, +3 more");
        assert_eq!(difference(&json!({ "arms": 20 }), &json!({ "arms": 30 })), "arms 20 -> arms 30");
        assert_eq!(difference(&json!(null), &json!(4)), "none -> 4");
    }
}
