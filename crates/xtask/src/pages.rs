//! Pages of the shipped rules, `docs/rules`: one for each file of rules, for people who answer for a rule or were flagged by one. They are
//! written from what `piepowder rules` says, from the files of the packs (which file, which group, how many examples), and from the
//! recorded table of measured weights. Invariant: a page shows what is in force and nothing that a pack does not say; few terms of many.

use crate::repository::{answer, root};
use crate::test::cli;
use crate::weights::{self, Table};
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::PathBuf;

/// Terms of a rule that are shown.
const TERMS: usize = 5;
/// Most bytes of a page.
const MOST: usize = 200_000;

/// Writes the pages.
pub(crate) fn write() -> Result<()> {
    let pages = generate()?;
    // What is left of an earlier pack is of none any more.
    if folder().exists() {
        std::fs::remove_dir_all(folder())?;
    }
    for (name, text) in pages {
        let path = folder().join(name);
        std::fs::create_dir_all(path.parent().unwrap_or(&path))?;
        std::fs::write(path, text)?;
    }
    Ok(())
}

/// Fails when the pages on disk are not what `write` would write.
pub(crate) fn check() -> Result<()> {
    let pages = generate()?;
    ensure!(kept()? == pages.keys().cloned().collect(), "docs/rules has other pages than are generated: `cargo xtask codegen`");
    for (name, text) in pages {
        ensure!(std::fs::read_to_string(folder().join(&name))? == text, "docs/rules/{name} is not what `cargo xtask codegen` writes");
    }
    Ok(())
}

fn folder() -> PathBuf {
    root().join("docs/rules")
}

/// Names of the pages on disk.
fn kept() -> Result<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    for entry in std::fs::read_dir(folder()).context("docs/rules")? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            for page in std::fs::read_dir(&path)? {
                names.insert(format!("{name}/{}", page?.file_name().to_string_lossy()));
            }
        } else {
            names.insert(name);
        }
    }
    Ok(names)
}

/// What the files of the packs say beside the rules themselves.
#[derive(Default)]
struct Files {
    /// Kind and English reason by group.
    groups: BTreeMap<String, (String, String)>,
    /// By pack and file, its rules in their order.
    rules: BTreeMap<(String, String), Vec<String>>,
    /// Texts that a rule must match, and lawful ones, by rule.
    examples: BTreeMap<String, [usize; 2]>,
}

impl Files {
    fn read() -> Result<Files> {
        let mut files = Files::default();
        let packs = root().join("crates/piepowder-packs/packs");
        for pack in std::fs::read_dir(&packs)? {
            let pack = pack?;
            let pack_name = pack.file_name().to_string_lossy().into_owned();
            for file in std::fs::read_dir(pack.path())? {
                let file = file?;
                let name = file.file_name().to_string_lossy().into_owned();
                if name.ends_with(".toml") && name != "pack.toml" {
                    let table: toml::Table = std::fs::read_to_string(file.path())?.parse().with_context(|| format!("{pack_name}/{name}"))?;
                    files.add(&pack_name, &name, &table);
                }
            }
        }
        Ok(files)
    }

    fn add(&mut self, pack: &str, file: &str, table: &toml::Table) {
        if file.ends_with(".examples.toml") {
            for (rule, entries) in table {
                let count = |key: &str| entries.get(key).and_then(|v| v.as_array()).map_or(0, Vec::len);
                let own = self.examples.entry(rule.clone()).or_default();
                *own = [own[0] + count("match"), own[1] + count("pass")];
            }
            return;
        }
        let tables = |key: &str| table.get(key).and_then(|v| v.as_array()).into_iter().flatten();
        let text = |value: &toml::Value, key: &str| value.get(key).and_then(|v| v.as_str()).unwrap_or_default().to_string();
        for group in tables("group") {
            let reason = group.get("reason").map(|r| text(r, "en")).unwrap_or_default();
            let kind = Some(text(group, "kind")).filter(|k| !k.is_empty()).unwrap_or_else(|| "specific".to_string());
            self.groups.insert(text(group, "key"), (kind, reason));
        }
        let rules: Vec<String> = tables("rule").map(|rule| text(rule, "key")).collect();
        if !rules.is_empty() {
            self.rules.insert((pack.to_string(), file.trim_end_matches(".toml").to_string()), rules);
        }
    }
}

/// All pages, by their name below `docs/rules`.
fn generate() -> Result<BTreeMap<String, String>> {
    let mut rules: BTreeMap<String, Value> = BTreeMap::new();
    for line in answer(cli()?.args(["rules", "--format", "json"]))?.lines() {
        let rule: Value = serde_json::from_str(line)?;
        rules.insert(rule["key"].as_str().context("a rule without a key")?.to_string(), rule);
    }
    let (files, measured) = (Files::read()?, weights::recorded()?);
    let mut pages = BTreeMap::new();
    let mut index = String::from(
        "# The shipped rules\n\nA page for each file of rules, written by `cargo xtask codegen` from the packs. What the words mean is in \
         [TAXONOMY.md](../TAXONOMY.md);\n`piepowder rules KEY` shows one rule in full, with all its terms.\n",
    );
    if !measured.is_empty() {
        index.push_str(
            "\n*Measured* weights are those of a recorded run over labelled listings, [results/weights.tsv](../results/weights.tsv): how, and \
             what they are not, is in\n[TAXONOMY.md](../TAXONOMY.md#weights-in-labelled-listings).\n",
        );
    }
    index.push_str("\n| pack | page | rules | groups |\n|---|---|---:|---|\n");
    for ((pack, file), keys) in &files.rules {
        let own: Vec<&Value> = keys.iter().filter_map(|key| rules.get(key)).collect();
        let text = page(pack, file, &own, &files, &measured)?;
        ensure!(text.len() <= MOST, "the page of {pack}/{file} would have {} bytes, more than {MOST}: split the file of rules", text.len());
        let groups: Vec<String> = groups(&own).iter().map(|group| format!("`{group}`")).collect();
        writeln!(index, "| {pack} | [{file}]({pack}/{file}.md) | {} | {} |", own.len(), groups.join(", "))?;
        pages.insert(format!("{pack}/{file}.md"), text);
    }
    pages.insert("README.md".to_string(), index);
    Ok(pages)
}

/// The groups of rules, in the order of their first rules.
fn groups<'r>(rules: &[&'r Value]) -> Vec<&'r str> {
    let mut groups = Vec::new();
    for group in rules.iter().map(|rule| text(rule, "group")) {
        if !groups.contains(&group) {
            groups.push(group);
        }
    }
    groups
}

fn page(pack: &str, file: &str, rules: &[&Value], files: &Files, measured: &Table) -> Result<String> {
    let mut out = format!(
        "# {pack}: {file}\n\nRules of [{pack}/{file}.toml](../../../crates/piepowder-packs/packs/{pack}/{file}.toml). \
         Written by `cargo xtask codegen`; do not edit. [All pages](../README.md).\n"
    );
    for group in groups(rules) {
        let (kind, reason) = files.groups.get(group).with_context(|| format!("no file of a pack has the group {group}"))?;
        write!(out, "\n## `{group}`\n\n{} ({kind} group)\n", plain(reason))?;
        for rule in rules.iter().filter(|rule| text(rule, "group") == group) {
            out.push_str(&section(rule, files, measured));
        }
    }
    Ok(out)
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_default()
}

fn texts<'v>(value: &'v Value, key: &str) -> Vec<&'v str> {
    value[key].as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

/// Text of a pack between Markdown: nothing in it begins a tag, a link or emphasis.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '<' | '[' | ']' | '*' | '_' | '`' | '\\' | '|') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// A term as code; backticks, which would end it, are left out.
fn code(text: &str) -> String {
    format!("`{}`", text.replace('`', ""))
}

fn codes(texts: &[&str], between: &str) -> String {
    texts.iter().map(|t| code(t)).collect::<Vec<_>>().join(between)
}

/// `1 pattern`, `2 patterns`.
fn plural(count: usize, word: &str) -> String {
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}

fn section(rule: &Value, files: &Files, measured: &Table) -> String {
    let key = text(rule, "key");
    let weights: Vec<(&String, i64)> = rule["weights"].as_object().into_iter().flatten().map(|(o, w)| (o, w.as_i64().unwrap_or(0))).collect();
    let shown: Vec<String> = weights.iter().map(|(offense, weight)| format!("{offense} {weight:+}")).collect();
    let status = if text(rule, "status") == "active" { String::new() } else { format!(", **{}**", text(rule, "status")) };
    let mut out = format!("\n### `{key}`\n\n{}: **{}**{status}\n\n", plain(text(rule, "title")), shown.join(", ").replace("* +", "every offense +"));
    let mut line = |name: &str, what: String| {
        if !what.is_empty() {
            let _ = writeln!(out, "- {name}: {what}");
        }
    };
    line("speaks of", format!("{}; {}; language {}", text(rule, "element"), text(rule, "nature"), text(rule, "language")));
    let warrant = &rule["warrant"];
    let url = Some(text(warrant, "url")).filter(|u| !u.is_empty()).map_or(String::new(), |u| format!(" <{u}>"));
    line("warrant", format!("{}: {}{url}", text(warrant, "kind"), plain(text(warrant, "source"))));
    let until = rule["sunset"].as_str().map_or(String::new(), |day| format!(" until before {day}"));
    let here = texts(rule, "jurisdictions");
    let place = if here.is_empty() { "everywhere".to_string() } else { format!("in {}", here.join(", ")) };
    line("owner", format!("{}, since {}{until}, {place}", plain(text(rule, "owner")), text(rule, "effective")));
    line("looks into", texts(rule, "fields").join(", "));
    line("looks for", looks(rule));
    if let Some(within) = rule["near_within"].as_u64() {
        line("counts only", format!("within {} of {}", plural(within as usize, "token"), codes(&texts(rule, "near"), " or ")));
    }
    line("only where", texts(rule, "conditions").iter().map(|c| plain(c)).collect::<Vec<_>>().join(", and "));
    let excused = texts(rule, "excuses");
    if !excused.is_empty() {
        let reach = rule["excuses_within"].as_u64().map_or("in the same field".to_string(), |n| format!("within {}", plural(n as usize, "token")));
        line("takes back", format!("what {} contributed {reach}", codes(&excused, ", ")));
    }
    line("declared rate", rule["rate"].as_str().map_or(String::new(), |rate| format!("{rate} of listings")));
    let [matching, lawful] = files.examples.get(key).copied().unwrap_or_default();
    line("examples", format!("{matching} to match, {lawful} lawful"));
    let rows = |[matched, all]: [u64; 2]| format!("{matched} of {all}");
    for ((_, offense), of) in measured.range((key.to_string(), String::new())..).take_while(|((rule, _), _)| rule == key) {
        // What `*` stands for was measured for each offense by itself.
        let given = weights.iter().find(|(o, _)| *o == offense).or_else(|| weights.iter().find(|(o, _)| *o == "*"));
        let Some((_, weight)) = given else { continue };
        let counts = format!("matched {} rows of {offense} and {} others", rows(of.in_offense), rows(of.in_others));
        let [low, high] = of.interval;
        let wide = format!("{:+} ({low:+} to {high:+})", of.measured);
        let what = if of.few {
            format!("too few rows: {counts}")
        } else if (low..=high).contains(weight) {
            format!("{wide}: {counts}")
        } else {
            format!("{wide}, so that {weight:+} is **contradicted by data**: {counts}")
        };
        line("measured", what);
    }
    out
}

/// What a rule looks for, with the first few of its terms.
fn looks(rule: &Value) -> String {
    let mut parts = Vec::new();
    for (key, word) in [("terms", "term"), ("substrings", "substring")] {
        let all = texts(rule, key);
        if !all.is_empty() {
            let few = codes(&all[..all.len().min(TERMS)], ", ");
            parts.push(format!("{} ({few}{})", plural(all.len(), word), if all.len() > TERMS { ", ..." } else { "" }));
        }
    }
    let patterns = texts(rule, "patterns").len();
    if patterns > 0 {
        parts.push(plural(patterns, "pattern"));
    }
    for (key, word) in [("quantities", "a quantity: "), ("money", "a price: "), ("entities", "an entity: "), ("disguise", "words hidden by ")] {
        let all = texts(rule, key);
        if !all.is_empty() {
            parts.push(format!("{word}{}", plain(&all.join(" or "))));
        }
    }
    parts.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_rule_has_a_section() {
        let rule = json!({
            "key": "a.b", "group": "a", "title": "names a <thing>", "status": "shadow", "weights": { "arms": 100 }, "element": "object",
            "nature": "criminal", "language": "en", "warrant": { "kind": "expert", "source": "They *say* so.", "url": "" }, "owner": "us",
            "effective": "2026-01-01", "jurisdictions": ["EU"], "terms": ["a", "b", "c", "d", "e", "f"], "patterns": ["x"],
            "near": ["a.c"], "near_within": 1, "conditions": ["price is below 5"],
        });
        let files = Files { examples: BTreeMap::from([("a.b".to_string(), [2, 1])]), ..Files::default() };
        let of = |weight: i64, few: bool| {
            let one = weights::Measured { measured: weight, interval: [weight - 10, weight + 10], in_offense: [9, 10], in_others: [1, 100], few };
            section(&rule, &files, &Table::from([(("a.b".to_string(), "arms".to_string()), one)]))
        };
        let text = of(105, false);
        for part in [
            "### `a.b`\n\nnames a \\<thing>: **arms +100**, **shadow**\n",
            "- warrant: expert: They \\*say\\* so.\n",
            "- owner: us, since 2026-01-01, in EU\n",
            "- looks for: 6 terms (`a`, `b`, `c`, `d`, `e`, ...); 1 pattern\n",
            "- counts only: within 1 token of `a.c`\n",
            "- only where: price is below 5\n",
            "- examples: 2 to match, 1 lawful\n",
            "- measured: +105 (+95 to +115): matched 9 of 10 rows of arms and 1 of 100 others\n",
        ] {
            assert!(text.contains(part), "{part}\n{text}");
        }
        assert!(of(150, false).contains("so that +100 is **contradicted by data**"));
        assert!(of(150, true).contains("- measured: too few rows: "));
    }
}
