//! Writes `crates/piepowder/src/text/tables.rs` from the ICU crates: the fold of every character, composition, combining classes, token
//! classes and scripts (`docs/SEMANTICS.md`, sections 2 and 3). It folds no text itself. Invariant: the same ICU data give the same bytes.

use anyhow::{Context, Result, ensure};
use icu_casemap::CaseMapper;
use icu_normalizer::properties::{
    CanonicalCombiningClassMap, CanonicalCombiningClassMapBorrowed, CanonicalComposition, CanonicalDecomposition, Decomposed,
};
use icu_normalizer::{ComposingNormalizer, ComposingNormalizerBorrowed, DecomposingNormalizer};
use icu_properties::props::{DefaultIgnorableCodePoint, GeneralCategory, Script, WhiteSpace};
use icu_properties::{CodePointMapData, CodePointSetData, PropertyNamesShort};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::PathBuf;

/// The pinned version of the ICU crates in the workspace manifest.
const ICU: &str = "2.4.0";
/// Code points of one block of a two-stage table, as a shift. Seven bits gave the smallest tables of five to nine.
const SHIFT: u32 = 7;
/// Scripts without spaces between words.
const SPACELESS: [Script; 9] =
    [Script::Han, Script::Hiragana, Script::Katakana, Script::Bopomofo, Script::Thai, Script::Lao, Script::Khmer, Script::Myanmar, Script::Tibetan];

const FILE: &str = "tables.rs";

/// Writes the tables.
pub(crate) fn write() -> Result<()> {
    write_file(FILE, &generate()?)
}

/// Fails when the tables on disk are not what `write` would write.
pub(crate) fn check() -> Result<()> {
    check_file(FILE, &generate()?)
}

fn path(file: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../piepowder/src/text").join(file)
}

/// Writes a generated file of the text stage.
pub(crate) fn write_file(file: &str, text: &str) -> Result<()> {
    let path = path(file);
    std::fs::write(&path, text).with_context(|| path.display().to_string())
}

/// Fails when a generated file of the text stage is another on disk.
pub(crate) fn check_file(file: &str, text: &str) -> Result<()> {
    let path = path(file);
    let found = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    ensure!(found == text, "crates/piepowder/src/text/{file} is out of date: run `cargo xtask codegen`");
    Ok(())
}

/// Every character; surrogates are not characters.
pub(crate) fn characters() -> impl Iterator<Item = char> {
    (0..=0x10_FFFF).filter_map(char::from_u32)
}

/// Whether the General_Category is M*.
pub(crate) fn is_mark(c: char) -> bool {
    use GeneralCategory as G;
    matches!(CodePointMapData::<G>::new().get(c), G::NonspacingMark | G::SpacingMark | G::EnclosingMark)
}

/// Accents, and the vowel signs of Hebrew and Arabic.
fn is_dropped_mark(c: char) -> bool {
    let general =
        matches!(c, '\u{300}'..='\u{36F}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}' | '\u{20D0}'..='\u{20FF}' | '\u{FE20}'..='\u{FE2F}');
    let vowel = matches!(c, '\u{591}'..='\u{5C7}' | '\u{610}'..='\u{61A}' | '\u{64B}'..='\u{65F}' | '\u{670}' | '\u{6D6}'..='\u{6ED}');
    (general || vowel) && is_mark(c)
}

/// What stands for a character that no decomposition takes apart, and whether that counts as accent (1) or compatibility (2).
fn replaced(c: char) -> Option<(&'static str, u8)> {
    Some(match c {
        '\u{2120}' | '\u{2122}' => (" ", 2),
        '\u{2044}' => ("/", 2),
        '\u{D7}' => ("x", 2),
        '\u{640}' => ("", 2),
        'Đ' | 'đ' => ("d", 1),
        'Ħ' | 'ħ' => ("h", 1),
        '\u{345}' => ("", 1),
        'ı' => ("i", 1),
        'Ł' | 'ł' => ("l", 1),
        'Ø' | 'ø' => ("o", 1),
        'Ŧ' | 'ŧ' => ("t", 1),
        _ => return None,
    })
}

/// What the table says of one character: bits of `flags` are accent, compatibility, invisible (1, 2, 4) and continues (8).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Fold {
    image: String,
    flags: u8,
}

pub(crate) struct Folder {
    nfd: icu_normalizer::DecomposingNormalizerBorrowed<'static>,
    nfkd: icu_normalizer::DecomposingNormalizerBorrowed<'static>,
    nfc: ComposingNormalizerBorrowed<'static>,
    ccc: CanonicalCombiningClassMapBorrowed<'static>,
    second: BTreeSet<char>,
}

impl Folder {
    fn new(pairs: &[(char, char, char)]) -> Folder {
        Folder {
            nfd: DecomposingNormalizer::new_nfd(),
            nfkd: DecomposingNormalizer::new_nfkd(),
            nfc: ComposingNormalizer::new_nfc(),
            ccc: CanonicalCombiningClassMap::new(),
            // Hangul vowels and final consonants compose by rule, not by table.
            second: pairs.iter().map(|(_, b, _)| *b).chain('\u{1161}'..='\u{1175}').chain('\u{11A8}'..='\u{11C2}').collect(),
        }
    }

    /// The folder of all characters.
    pub(crate) fn of_all() -> Folder {
        Folder::new(&compositions())
    }

    /// Canonical decomposition.
    pub(crate) fn decompose(&self, text: &str) -> String {
        self.nfd.normalize(text).into_owned()
    }

    /// The sequence k(c) of the semantics and the transforms it undoes.
    pub(crate) fn expand(&self, c: char) -> (String, u8) {
        let own = c.to_string();
        let nfkd = self.nfkd.normalize(&own);
        let mut flags = if nfkd == self.nfd.normalize(&own) { 0 } else { 2 };
        let mut replace = |text: &str| {
            let mut out = String::new();
            for c in text.chars() {
                match replaced(c) {
                    Some((image, flag)) => {
                        out.push_str(image);
                        flags |= flag;
                    }
                    None => out.push(c),
                }
            }
            out
        };
        let mut text = replace(&own);
        loop {
            let next = replace(&CaseMapper::new().fold_string(&self.nfkd.normalize(&text)));
            if next == text {
                break;
            }
            text = next;
        }
        let ignorable = CodePointSetData::new::<DefaultIgnorableCodePoint>();
        for c in text.chars() {
            flags |= u8::from(is_dropped_mark(c)) | if ignorable.contains(c) { 4 } else { 0 };
        }
        text.retain(|c| !is_dropped_mark(c) && !ignorable.contains(c));
        // A vulgar fraction does not run into the number before it.
        if c != '\u{2044}' && nfkd.contains('\u{2044}') {
            text.insert(0, ' ');
        }
        (text, flags)
    }

    fn fold(&self, c: char) -> Fold {
        let (text, flags) = self.expand(c);
        let continues = text.chars().next().is_some_and(|c| self.ccc.get_u8(c) != 0 || self.second.contains(&c));
        Fold { image: self.nfc.normalize(&text).into_owned(), flags: flags | if continues { 8 } else { 0 } }
    }
}

fn generate() -> Result<String> {
    let pairs = compositions();
    let folder = Folder::new(&pairs);
    let mut out = String::from(
        "//! Generated by `cargo xtask codegen` (crates/xtask/src/unicode.rs); do not edit. Two-stage tables of what folding, composition, token\n\
         //! classes and scripts need; no code. Invariant: `cargo xtask codegen --check` finds no difference.\n",
    );
    writeln!(out, "//! Source: the ICU4X crates {ICU} with their compiled data; terms of the Unicode License v3.\n")?;
    writeln!(out, "/// Version of the Unicode Standard that the tables hold.\npub(crate) const UNICODE_VERSION: &str = \"{}\";\n", version()?)?;
    write_folds(&mut out, &folder)?;
    write_compositions(&mut out, &folder, &pairs)?;
    write_classes(&mut out, &folder)?;
    Ok(out)
}

/// The version, told by a character that came with it: the ICU crates do not say it themselves.
fn version() -> Result<&'static str> {
    let assigned = |c: char| CodePointMapData::<GeneralCategory>::new().get(c) != GeneralCategory::Unassigned;
    let newest = [('\u{20C1}', "17.0"), ('\u{1C89}', "16.0")];
    newest.into_iter().find(|(c, _)| assigned(*c)).map(|(_, v)| v).context("ICU data older than Unicode 16")
}

/// Canonical compositions without Hangul: first, second, composed.
fn compositions() -> Vec<(char, char, char)> {
    let (decomposition, composition) = (CanonicalDecomposition::new(), CanonicalComposition::new());
    let mut pairs = Vec::new();
    for c in characters().filter(|c| !('\u{AC00}'..='\u{D7A3}').contains(c)) {
        if let Decomposed::Expansion(a, b) = decomposition.decompose(c)
            && composition.compose(a, b) == Some(c)
        {
            pairs.push((a, b, c));
        }
    }
    pairs.sort_unstable();
    pairs
}

fn write_folds(out: &mut String, folder: &Folder) -> Result<()> {
    // Entries 0 and 1 stand for the character itself, beginning or continuing a cluster.
    let mut numbers: BTreeMap<Fold, u16> = BTreeMap::new();
    let mut entries: Vec<Fold> = Vec::new();
    let mut values = vec![0u16; 0x11_0000];
    for c in characters() {
        let fold = folder.fold(c);
        let same = fold.image.chars().eq([c]);
        values[c as usize] = match fold.flags {
            0 if same => 0,
            8 if same => 1,
            _ => match numbers.get(&fold) {
                Some(number) => *number,
                None => {
                    let number = u16::try_from(entries.len() + 2)?;
                    numbers.insert(fold.clone(), number);
                    entries.push(fold);
                    number
                }
            },
        };
    }
    let mut longest: Vec<&str> = entries.iter().map(|e| e.image.as_str()).collect();
    longest.sort_by_key(|image| (std::cmp::Reverse(image.len()), *image));
    let mut pool = String::new();
    for image in longest {
        if !pool.contains(image) {
            pool.push_str(image);
        }
    }
    let mut packed = vec![0, 1 << 24];
    for entry in &entries {
        let at = u32::try_from(pool.find(&entry.image).context("an image outside the pool")?)?;
        ensure!(at < 1 << 16 && entry.image.len() < 64, "the packed entry has 16 bits for the place and 6 for the length");
        packed.push(at | (entry.image.len() as u32) << 16 | u32::from(entry.flags & 7) << 25 | u32::from(entry.flags >> 3) << 24);
    }
    out.push_str("/// Images of characters, one after another and overlapping; `FOLDS` points here.\n#[rustfmt::skip]\n");
    out.push_str("pub(crate) static FOLD_TEXT: &str = \"\\\n");
    let mut line = String::new();
    for c in pool.chars() {
        match c {
            '!'..='~' if c != '"' && c != '\\' => line.push(c),
            _ => write!(line, "\\u{{{:X}}}", c as u32)?,
        }
        if line.len() > 130 {
            writeln!(out, "{line}\\")?;
            line.clear();
        }
    }
    writeln!(out, "{line}\";\n")?;
    let layout = "/// Bits 0-15: place in `FOLD_TEXT`; 16-21: length; 24: continues a cluster; 25: accent, 26: compatibility, 27: invisible.\n\
                  /// Entries 0 and 1 (continues) stand for the character itself.\n";
    out.push_str(layout);
    numbers_table(out, "FOLDS", "u32", &packed);
    two_stages(out, "FOLD", "Number of a character's entry in `FOLDS`", &values)
}

fn write_compositions(out: &mut String, folder: &Folder, pairs: &[(char, char, char)]) -> Result<()> {
    // What the fold drops or changes never reaches composition.
    let stays = |c: &char| folder.expand(*c).0.chars().eq([*c]);
    let mut rows: Vec<[u32; 3]> = pairs.iter().filter(|(_, b, _)| stays(b)).map(|(a, b, c)| [*a as u32, *b as u32, *c as u32]).collect();
    out.push_str("/// First, second, composed; sorted. Pairs whose second part the fold drops are left out; Hangul composes by rule.\n");
    triples(out, "COMPOSITIONS", &rows)?;
    rows.sort_unstable_by_key(|row| row[2]);
    out.push_str("/// The same rows sorted by the composed character.\n");
    triples(out, "DECOMPOSITIONS", &rows)?;
    let mut runs: Vec<[u32; 3]> = Vec::new();
    for c in characters() {
        let (at, class) = (c as u32, u32::from(folder.ccc.get_u8(c)));
        match runs.last_mut() {
            Some(run) if run[1] + 1 == at && run[2] == class => run[1] = at,
            _ if class != 0 => runs.push([at, at, class]),
            _ => {}
        }
    }
    out.push_str("/// First, last, canonical combining class; sorted. Class 0 is left out.\n");
    triples(out, "COMBINING", &runs)
}

fn write_classes(out: &mut String, folder: &Folder) -> Result<()> {
    let scripts = CodePointMapData::<Script>::new();
    let names = PropertyNamesShort::<Script>::new();
    let code = |c: char| {
        let script = scripts.get(c);
        let none = [Script::Common, Script::Inherited, Script::Unknown].contains(&script);
        if none { None } else { names.get(script) }
    };
    let codes: BTreeSet<&str> = characters().filter_map(code).collect();
    ensure!(codes.len() < 255, "script ids have eight bits, and 0 is none");
    let ids: BTreeMap<&str, u16> = codes.iter().zip(1..).map(|(code, id)| (*code, id)).collect();
    let mut values = vec![5u16; 0x11_0000];
    for c in characters() {
        let spaceless = SPACELESS.contains(&scripts.get(c));
        let currency = CodePointMapData::<GeneralCategory>::new().get(c) == GeneralCategory::CurrencySymbol;
        let id = code(c).map_or(0, |code| ids[code]);
        values[c as usize] = class(c) | u16::from(spaceless) << 3 | u16::from(currency) << 4 | id << 5;
    }
    // The folder is asked so that the invariant of the ASCII path stands where the tables are made.
    ensure!(('\0'..='\x7F').all(|c| folder.fold(c).image == c.to_ascii_lowercase().to_string()), "ASCII folds to lower case alone");
    out.push_str("/// ISO 15924 codes of the scripts; the id of a script is its place here plus one.\n#[rustfmt::skip]\n");
    writeln!(out, "pub(crate) static SCRIPTS: [&str; {}] = [", codes.len())?;
    for row in codes.iter().collect::<Vec<_>>().chunks(18) {
        writeln!(out, "    {},", row.iter().map(|code| format!("{code:?}")).collect::<Vec<_>>().join(", "))?;
    }
    out.push_str("];\n\n");
    two_stages(out, "CLASS", "Bits 0-2: class; 3: spaceless; 4: currency sign; 5-12: script id or 0. Characters beyond the index: 5", &values)?;
    ensure!(out.ends_with("\n\n"), "a table ends with an empty line");
    out.pop();
    Ok(())
}

/// Letter, digit, joiner, space, soft, stop: 0 to 5.
fn class(c: char) -> u16 {
    use GeneralCategory as G;
    match c {
        '-' | '.' | '/' | '\'' | '_' | ':' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{2018}' | '\u{2019}' | '\u{2BC}' | '\u{B7}' => return 2,
        '&' | '+' => return 4,
        _ => {}
    }
    if CodePointSetData::new::<WhiteSpace>().contains(c) {
        return 3;
    }
    match CodePointMapData::<GeneralCategory>::new().get(c) {
        G::UppercaseLetter | G::LowercaseLetter | G::TitlecaseLetter | G::ModifierLetter | G::OtherLetter => 0,
        G::NonspacingMark | G::SpacingMark | G::EnclosingMark | G::LetterNumber => 0,
        G::DecimalNumber | G::OtherNumber => 1,
        _ => 5,
    }
}

/// Writes `values` as an index of blocks and the distinct blocks; trailing blocks of the default (that of U+10FFFF) are left out.
pub(crate) fn two_stages(out: &mut String, name: &str, what: &str, values: &[u16]) -> Result<()> {
    let size = 1usize << SHIFT;
    let default = vec![*values.last().context("no values")?; size];
    let mut blocks: Vec<&[u16]> = Vec::new();
    let mut index: Vec<u32> = Vec::new();
    for block in values.chunks(size) {
        let number = blocks.iter().position(|b| *b == block).unwrap_or_else(|| {
            blocks.push(block);
            blocks.len() - 1
        });
        index.push(u32::try_from(number)?);
    }
    while index.last().is_some_and(|n| blocks[*n as usize] == default.as_slice()) {
        index.pop();
    }
    writeln!(out, "/// {what}: the block of each {size} characters.")?;
    numbers_table(out, &format!("{name}_INDEX"), if blocks.len() <= 256 { "u8" } else { "u16" }, &index);
    writeln!(out, "/// The blocks that `{name}_INDEX` names.")?;
    let flat: Vec<u32> = blocks.concat().into_iter().map(u32::from).collect();
    numbers_table(out, &format!("{name}_BLOCKS"), "u16", &flat);
    Ok(())
}

pub(crate) fn numbers_table(out: &mut String, name: &str, kind: &str, values: &[u32]) {
    out.push_str(&format!("#[rustfmt::skip]\npub(crate) static {name}: [{kind}; {}] = [\n", values.len()));
    let mut line = String::new();
    for value in values {
        let word = format!("{value},");
        if line.len() + word.len() > 146 {
            out.push_str(&format!("    {line}\n"));
            line.clear();
        }
        line.push_str(&word);
    }
    out.push_str(&format!("    {line}\n];\n\n"));
}

fn triples(out: &mut String, name: &str, rows: &[[u32; 3]]) -> Result<()> {
    writeln!(out, "#[rustfmt::skip]\npub(crate) static {name}: [[u32; 3]; {}] = [", rows.len())?;
    for row in rows.chunks(5) {
        let words: Vec<String> = row.iter().map(|[a, b, c]| format!("[{a:#X}, {b:#X}, {c:#X}]")).collect();
        writeln!(out, "    {},", words.join(", "))?;
    }
    out.push_str("];\n\n");
    Ok(())
}
