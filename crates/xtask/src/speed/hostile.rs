//! Inputs that a seller, or an unlucky export, could make slow: all escapes, nothing of ASCII, nothing but terms, nothing but numbers,
//! words beside the terms, one endless line. Invariant: the same lexicon and sizes give the same files.

use super::lexicon::near_misses;
use super::mix::{Kind, Pools};
use crate::rows::Seeded;
use anyhow::{Context, Result};
use serde_json::{Map, Value, json};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// Bytes of text in a made listing, about as in a full one.
const TEXT: usize = 600;

/// A file of hostile rows.
pub(super) struct Hostile {
    pub(super) name: &'static str,
    pub(super) path: PathBuf,
    pub(super) bytes: u64,
    /// What `piepowder score` must be told to read it.
    pub(super) options: &'static [&'static str],
}

/// Writes all of them: `bytes` each, the endless line `line` bytes.
pub(super) fn write(folder: &Path, pools: &Pools, terms: &[String], bytes: usize, line: usize) -> Result<Vec<Hostile>> {
    let mut files = Vec::new();
    let mut file = |name: &'static str, options, each: &mut dyn FnMut(&mut dyn Write) -> Result<usize>, bytes: usize| -> Result<()> {
        let path = folder.join("hostile.jsonl").with_file_name(format!("hostile-{}.jsonl", files.len()));
        let mut out = BufWriter::new(File::create(&path).with_context(|| format!("{}", path.display()))?);
        let mut size = 0;
        while size < bytes {
            size += each(&mut out)?;
        }
        out.flush()?;
        drop(out);
        files.push(Hostile { name, bytes: std::fs::metadata(&path)?.len(), path, options });
        Ok(())
    };

    let drawn = pools.draw(Kind::Mix, bytes);
    let mut rows = drawn.iter().cycle();
    file("every character of title and description escaped", &[], &mut |out| escaped(out, &rows.next().context("no rows")?.line), bytes)?;
    let mut seeded = Seeded(1);
    file("nothing but letters beyond ASCII", &[], &mut |out| listing(out, || foreign_word(&mut seeded)), bytes)?;
    let mut seeded = Seeded(2);
    file("nothing but terms of the lexicon", &[], &mut |out| listing(out, || terms[seeded.below(terms.len())].clone()), bytes)?;
    let mut seeded = Seeded(3);
    file("nothing but quantities, prices and card numbers", &[], &mut |out| listing(out, || numbers(&mut seeded)), bytes)?;
    let misses = near_misses(terms, 1_000_000.min(bytes / 8));
    let mut next = misses.iter().cycle();
    file("words a letter off the terms", &[], &mut |out| listing(out, || next.next().cloned().unwrap_or_default()), bytes)?;
    let text: String = drawn.iter().flat_map(|l| [l.text.as_str(), " "]).collect();
    let mut whole = |out: &mut dyn Write| -> Result<usize> {
        let description: String = [text.as_str()].into_iter().cycle().take(line.div_ceil(text.len().max(1))).collect();
        serde_json::to_writer(&mut *out, &json!({"id": "1", "title": "one line", "description": description}))?;
        out.write_all(b"\n")?;
        Ok(line)
    };
    file("one line", &["--max-record", "128M"], &mut whole, line)?;
    Ok(files)
}

/// A row of words until there is text enough; its bytes.
fn listing(out: &mut dyn Write, mut word: impl FnMut() -> String) -> Result<usize> {
    let mut text = word();
    while text.len() < TEXT {
        text.push(' ');
        text.push_str(&word());
    }
    let row = serde_json::to_vec(&json!({"id": "x", "title": word(), "description": text}))?;
    out.write_all(&row)?;
    out.write_all(b"\n")?;
    Ok(row.len() + 1)
}

/// The row, with every character of its texts as `\u....`.
fn escaped(out: &mut dyn Write, line: &[u8]) -> Result<usize> {
    let row: Map<String, Value> = serde_json::from_slice(line)?;
    let mut text = String::from("{");
    for (i, (key, value)) in row.iter().enumerate() {
        text.push_str(if i == 0 { "" } else { "," });
        text.push_str(&format!("{}:", Value::from(key.as_str())));
        match value.as_str().filter(|_| key == "title" || key == "description") {
            Some(value) => {
                text.push('"');
                value.encode_utf16().for_each(|unit| text.push_str(&format!("\\u{unit:04x}")));
                text.push('"');
            }
            None => text.push_str(&value.to_string()),
        }
    }
    text.push_str("}\n");
    out.write_all(text.as_bytes())?;
    Ok(text.len())
}

/// A word of one script: first letter, and how many follow it in order of code points.
fn foreign_word(seeded: &mut Seeded) -> String {
    const SCRIPTS: [(u32, usize); 12] = [
        (0xE0, 23),
        (0x3B1, 17),
        (0x430, 32),
        (0x5D0, 27),
        (0x627, 20),
        (0x905, 50),
        (0xE01, 46),
        (0x10D0, 33),
        (0x3042, 80),
        (0x4E00, 5_000),
        (0xAC00, 9_000),
        (0xFF41, 26),
    ];
    let (first, count) = SCRIPTS[seeded.below(SCRIPTS.len())];
    (0..2 + seeded.below(8)).filter_map(|_| char::from_u32(first + seeded.below(count) as u32)).collect()
}

/// A quantity, a price, or digits that could be a card's.
fn numbers(seeded: &mut Seeded) -> String {
    let mut n = |bound| seeded.below(bound);
    match n(5) {
        0 => format!("{}.{} {}", n(500), n(10), ["g", "kg", "mg", "oz", "ml", "pills"][n(6)]),
        1 => format!("${},{:03}.{:02}", n(90), n(1_000), n(100)),
        2 => format!("{} {} {:04} {:04}", 4_000 + n(1_000), 1_000 + n(9_000), n(10_000), n(10_000)),
        3 => format!("{} x {}mg", n(100), n(1_000)),
        _ => format!("{}.{} {}", n(1_000), n(100), ["usd", "eur", "btc", "xmr"][n(4)]),
    }
}

#[cfg(test)]
mod tests {
    use super::super::mix::pools;
    use super::*;

    #[test]
    fn every_file_is_of_listings() {
        let folder = std::env::temp_dir().join(format!("piepowder-hostile-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let long = json!({"title": "lamp", "description": "it glows \u{e9} ".repeat(40), "n": 3}).to_string();
        let pools = pools(&[&long, r#"{"title":"A \"chair\""}"#]);
        let terms = ["desk lamp".to_string(), "chair".to_string()];
        let files = write(&folder, &pools, &terms, 20_000, 50_000).unwrap();
        assert_eq!(files.len(), 6);
        for file in &files {
            let text = std::fs::read_to_string(&file.path).unwrap();
            assert_eq!(text.len() as u64, file.bytes);
            let rows: Vec<Value> = text.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
            assert!(rows.iter().all(|r| r["title"].is_string()), "{}", file.name);
        }
        let text = |i: usize| std::fs::read_to_string(&files[i].path).unwrap();
        assert!(text(0).contains(r#""title":"\u006c\u0061\u006d\u0070""#) && text(0).contains(r"\u00e9"));
        assert!(
            serde_json::from_str::<Value>(text(1).lines().next().unwrap()).unwrap()["description"]
                .as_str()
                .unwrap()
                .split(' ')
                .all(|w| !w.is_ascii())
        );
        assert_eq!(text(5).lines().count(), 1);
        assert!(files[5].bytes >= 50_000);
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
