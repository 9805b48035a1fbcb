//! Settings in layers: flags > environment (`PIEPOWDER_*`) > `./piepowder.toml` or `--config FILE` > defaults. A list of a higher layer
//! replaces that of a lower one; tables (`prior`, `field`) are laid over each other key by key. Unknown keys and variables are refused:
//! a mistyped prior must not score differently in silence. What reveals personal data or maps files is a flag alone, never a setting.
//! Invariant: the key of a setting, its flag and its variable have one name.

use crate::args::{EngineArgs, EvidenceArg, RecordArgs};
use crate::packs::{self, Embedded};
use crate::terminal;
use anyhow::{Context, Result, anyhow, bail};
use clap::ValueEnum;
use piepowder::{Date, Detail, Engine, Policy, Source, Taxonomy};
use piepowder_io::{Columns, DEFAULT_MAX_RECORD};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

/// Where settings are read when no file is named.
const FILE: &str = "piepowder.toml";

/// One layer, or all of them laid over each other.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(crate) struct Settings {
    pack: Option<Vec<PathBuf>>,
    no_embedded: Option<bool>,
    policy: Option<PathBuf>,
    prior: BTreeMap<String, String>,
    as_of: Option<Day>,
    jurisdiction: Option<Vec<String>>,
    field: BTreeMap<String, String>,
    id_field: Option<String>,
    only: Option<Vec<String>>,
    max_record: Option<Size>,
    evidence: Option<EvidenceArg>,
    min_tier: Option<String>,
    threads: Option<usize>,
}

/// A TOML date.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(try_from = "toml::value::Datetime")]
struct Day(Date);

impl TryFrom<toml::value::Datetime> for Day {
    type Error = &'static str;

    fn try_from(value: toml::value::Datetime) -> Result<Day, Self::Error> {
        let date = value.date.filter(|_| value.time.is_none() && value.offset.is_none());
        date.and_then(|d| Date::new(d.year, d.month, d.day)).map(Day).ok_or("expected a day such as 2026-11-01")
    }
}

impl Day {
    fn parse(text: &str, what: &str) -> Result<Day> {
        Date::parse(text).map(Day).ok_or_else(|| anyhow!("{what}: expected a day such as 2026-11-01"))
    }
}

/// A number of bytes, at most 1 GiB.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(try_from = "toml::Value")]
struct Size(u32);

impl TryFrom<toml::Value> for Size {
    type Error = String;

    fn try_from(value: toml::Value) -> Result<Size, String> {
        match value {
            toml::Value::Integer(n) => Size::parse(&n.to_string()),
            toml::Value::String(text) => Size::parse(&text),
            _ => Err(Size::EXPECTED.to_owned()),
        }
    }
}

impl Size {
    const EXPECTED: &str = "expected a size from 1 to 1G, such as 65536, 512K or 4M";

    fn parse(text: &str) -> Result<Size, String> {
        let (digits, shift) = match text.as_bytes().last() {
            Some(b'K' | b'k') => (&text[..text.len() - 1], 10),
            Some(b'M' | b'm') => (&text[..text.len() - 1], 20),
            Some(b'G' | b'g') => (&text[..text.len() - 1], 30),
            _ => (text, 0),
        };
        let number = digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse::<u64>().ok()).flatten();
        let bytes = number.and_then(|n| n.checked_mul(1 << shift)).filter(|n| (1..=1 << 30).contains(n));
        bytes.and_then(|n| u32::try_from(n).ok()).map(Size).ok_or_else(|| Size::EXPECTED.to_owned())
    }
}

/// `NAME=VALUE` pairs; names once each.
fn pairs(items: &[String], what: &str) -> Result<BTreeMap<String, String>> {
    let mut map = BTreeMap::new();
    for item in items {
        let Some((key, value)) = item.split_once('=').filter(|(k, v)| !k.is_empty() && !v.is_empty()) else {
            bail!("{what}: expected NAME=VALUE, found `{item}`");
        };
        if map.insert(key.to_owned(), value.to_owned()).is_some() {
            bail!("{what}: `{key}` is given twice");
        }
    }
    Ok(map)
}

fn list(text: &str) -> Vec<String> {
    text.split(',').filter(|t| !t.is_empty()).map(str::to_owned).collect()
}

fn some<T>(items: Vec<T>) -> Option<Vec<T>> {
    if items.is_empty() { None } else { Some(items) }
}

impl Settings {
    /// The layer of these flags.
    pub(crate) fn from_flags(engine: EngineArgs, records: RecordArgs) -> Result<(Settings, Option<PathBuf>)> {
        let settings = Settings {
            pack: some(engine.pack),
            no_embedded: engine.no_embedded.then_some(true),
            policy: engine.policy,
            prior: pairs(&engine.prior, "--prior")?,
            as_of: engine.as_of.map(|t| Day::parse(&t, "--as-of")).transpose()?,
            jurisdiction: some(engine.jurisdiction),
            field: pairs(&records.field, "--field")?,
            id_field: records.id_field,
            only: some(records.only),
            max_record: records.max_record.map(|t| Size::parse(&t)).transpose().map_err(|e| anyhow!("--max-record: {e}"))?,
            ..Settings::default()
        };
        Ok((settings, engine.config))
    }

    pub(crate) fn with_evidence(mut self, evidence: Option<EvidenceArg>) -> Self {
        self.evidence = evidence;
        self
    }

    pub(crate) fn with_min_tier(mut self, tier: Option<String>) -> Self {
        self.min_tier = tier;
        self
    }

    pub(crate) fn with_threads(mut self, threads: Option<usize>) -> Self {
        self.threads = threads;
        self
    }

    /// The layer of the environment, and the file that it names.
    fn from_environment(variables: impl Iterator<Item = (OsString, OsString)>) -> Result<(Settings, Option<PathBuf>)> {
        let mut layer = Settings::default();
        let mut config = None;
        let mut ours: Vec<(String, OsString)> =
            variables.filter_map(|(k, v)| Some((k.into_string().ok()?.strip_prefix("PIEPOWDER_")?.to_owned(), v))).collect();
        // An empty variable is one that is not set.
        ours.retain(|(_, value)| !value.is_empty());
        ours.sort();
        for (key, value) in ours {
            let name = format!("PIEPOWDER_{key}");
            let text = || value.to_str().map(str::to_owned).ok_or_else(|| anyhow!("{name} is not UTF-8"));
            match key.as_str() {
                "PACK" => layer.pack = Some(std::env::split_paths(&value).filter(|p| !p.as_os_str().is_empty()).collect()),
                "NO_EMBEDDED" => {
                    layer.no_embedded = Some(match text()?.as_str() {
                        "1" | "true" => true,
                        "0" | "false" => false,
                        _ => bail!("{name}: expected 1, 0, true or false"),
                    });
                }
                "POLICY" => layer.policy = Some(value.into()),
                "PRIOR" => layer.prior = pairs(&list(&text()?), &name)?,
                "AS_OF" => layer.as_of = Some(Day::parse(&text()?, &name)?),
                "JURISDICTION" => layer.jurisdiction = Some(list(&text()?)),
                "FIELD" => layer.field = pairs(&list(&text()?), &name)?,
                "ID_FIELD" => layer.id_field = Some(text()?),
                "ONLY" => layer.only = Some(list(&text()?)),
                "MAX_RECORD" => layer.max_record = Some(Size::parse(&text()?).map_err(|e| anyhow!("{name}: {e}"))?),
                "EVIDENCE" => {
                    layer.evidence = Some(EvidenceArg::from_str(&text()?, false).map_err(|_| anyhow!("{name}: expected none, brief or full"))?)
                }
                "MIN_TIER" => layer.min_tier = Some(text()?),
                "THREADS" => layer.threads = Some(text()?.parse().map_err(|_| anyhow!("{name}: expected a number"))?),
                "CONFIG" => config = Some(value.into()),
                _ => bail!("there is no setting {name}; unknown variables of this name are refused, for they may be a slip of the pen"),
            }
        }
        Ok((layer, config))
    }

    /// The layer of a file; its paths are relative to where it lies.
    fn from_file(path: &Path) -> Result<Settings> {
        let text = packs::text(path)?;
        let mut layer: Settings = toml::from_str(&text).map_err(|error| {
            let span = error.span().map_or(0, |s| s.start);
            let at = (0..=span.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
            let line = text[..at].matches('\n').count() + 1;
            let column = text[..at].rsplit('\n').next().map_or(0, |l| l.chars().count()) + 1;
            anyhow!("{}:{line}:{column}: {}", terminal::name(path), error.message())
        })?;
        let folder = path.parent().unwrap_or(Path::new(""));
        layer.pack.iter_mut().flatten().chain(&mut layer.policy).for_each(|p| *p = folder.join(&*p));
        Ok(layer)
    }

    /// This layer over a lower one.
    fn over(mut self, lower: Settings) -> Settings {
        let laid = |mut below: BTreeMap<String, String>, above| {
            below.extend(above);
            below
        };
        self.prior = laid(lower.prior, self.prior);
        self.field = laid(lower.field, self.field);
        Settings {
            pack: self.pack.or(lower.pack),
            no_embedded: self.no_embedded.or(lower.no_embedded),
            policy: self.policy.or(lower.policy),
            as_of: self.as_of.or(lower.as_of),
            jurisdiction: self.jurisdiction.or(lower.jurisdiction),
            id_field: self.id_field.or(lower.id_field),
            only: self.only.or(lower.only),
            max_record: self.max_record.or(lower.max_record),
            evidence: self.evidence.or(lower.evidence),
            min_tier: self.min_tier.or(lower.min_tier),
            threads: self.threads.or(lower.threads),
            ..self
        }
    }

    /// These flags over environment and file.
    pub(crate) fn resolve((flags, config): (Settings, Option<PathBuf>)) -> Result<Settings> {
        let (environment, named) = Settings::from_environment(std::env::vars_os())?;
        let file = match config.or(named) {
            Some(path) => Settings::from_file(&path)?,
            None if Path::new(FILE).exists() => Settings::from_file(Path::new(FILE))?,
            None => Settings::default(),
        };
        Ok(flags.over(environment).over(file))
    }

    /// The taxonomy and the engine that these settings ask for.
    pub(crate) fn engine(&self) -> Result<(Taxonomy, Engine)> {
        let embedded = if self.no_embedded == Some(true) { Embedded::LeftOut } else { Embedded::Used };
        let taxonomy = packs::taxonomy(self.pack.as_deref().unwrap_or_default(), embedded)?;
        let engine = self.engine_of(&taxonomy)?;
        Ok((taxonomy, engine))
    }

    /// The engine that these settings, but for their packs, make of a taxonomy.
    pub(crate) fn engine_of(&self, taxonomy: &Taxonomy) -> Result<Engine> {
        let mut builder = Engine::builder();
        builder.taxonomy(taxonomy);
        if let Some(path) = &self.policy {
            let source = Source::new(path.to_string_lossy(), packs::text(path)?);
            builder.policy(&Policy::from_source(source).map_err(packs::problems)?);
        }
        for (offense, probability) in &self.prior {
            builder.prior(offense, probability);
        }
        if let Some(Day(date)) = self.as_of {
            builder.as_of(date);
        }
        if let Some(codes) = &self.jurisdiction {
            builder.jurisdictions(codes.iter().cloned());
        }
        builder.build().map_err(packs::refused)
    }

    /// Which columns of a record are read into which fields.
    pub(crate) fn columns(&self, engine: &Engine, taxonomy: &Taxonomy) -> Result<Columns> {
        let id = self.id_field.iter().map(|name| ("id", name.as_str()));
        let renames = self.field.iter().map(|(field, name)| (field.as_str(), name.as_str()));
        let columns = Columns::of(engine, taxonomy)?.renamed_all(renames.chain(id)).context("--field")?;
        Ok(match &self.only {
            Some(only) => columns.only(only.iter().map(String::as_str)).context("--only")?,
            None => columns,
        })
    }

    pub(crate) fn max_record(&self) -> u32 {
        self.max_record.map_or(DEFAULT_MAX_RECORD, |size| size.0)
    }

    pub(crate) fn detail(&self) -> Detail {
        match self.evidence.unwrap_or(EvidenceArg::Brief) {
            EvidenceArg::None => Detail::None,
            EvidenceArg::Brief => Detail::Brief,
            EvidenceArg::Full => Detail::Full,
        }
    }

    pub(crate) fn min_tier(&self) -> Option<&str> {
        self.min_tier.as_deref()
    }

    pub(crate) fn threads(&self) -> Result<NonZeroUsize> {
        match self.threads {
            Some(n) => NonZeroUsize::new(n).filter(|n| n.get() <= 1_024).context("threads: expected a number from 1 to 1024"),
            None => Ok(std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        let read = |t: &str| Size::parse(t).ok().map(|s| s.0);
        assert_eq!([read("1"), read("512K"), read("4M"), read("1G")], [Some(1), Some(512 << 10), Some(4 << 20), Some(1 << 30)]);
        assert!(["", "0", "K", "1.5M", "-1", "+1", "2G", "99999999999999999999", "1 M"].iter().all(|t| read(t).is_none()));
    }

    #[test]
    fn layers() {
        let high: Settings = toml::from_str("threads = 2\nonly = [\"title\"]\nprior = { arms = \"0.1\" }").unwrap();
        let low: Settings = toml::from_str("threads = 8\nmin-tier = \"review\"\nonly = [\"brand\"]\nprior = { arms = \"0.2\", narcotics = \"0.3\" }\nas-of = 2026-01-02\nmax-record = \"2K\"").unwrap();
        let all = high.over(low);
        assert_eq!((all.threads, all.min_tier(), all.max_record()), (Some(2), Some("review"), 2048));
        assert_eq!(all.only.as_deref(), Some(&["title".to_owned()][..]));
        assert_eq!(all.prior, BTreeMap::from([("arms".into(), "0.1".into()), ("narcotics".into(), "0.3".into())]));
        assert_eq!(all.as_of.map(|d| d.0), Date::new(2026, 1, 2));
    }

    #[test]
    fn the_environment_is_read_and_slips_are_refused() {
        let read = |pairs: &[(&str, &str)]| {
            Settings::from_environment(pairs.iter().map(|(k, v)| (OsString::from(k), OsString::from(v))).collect::<Vec<_>>().into_iter())
        };
        let (all, config) =
            read(&[("PIEPOWDER_PRIOR", "arms=0.1,narcotics=0.2"), ("PIEPOWDER_CONFIG", "a.toml"), ("PIEPOWDER_THREADS", ""), ("HOME", "/")]).unwrap();
        assert_eq!((all.prior.len(), all.threads, config), (2, None, Some(PathBuf::from("a.toml"))));
        for (key, value) in [
            ("PIEPOWDER_THREAD", "1"),
            ("PIEPOWDER_THREADS", "two"),
            ("PIEPOWDER_PRIOR", "arms"),
            ("PIEPOWDER_AS_OF", "today"),
            ("PIEPOWDER_REVEAL", "1"),
        ] {
            assert!(read(&[(key, value)]).is_err(), "{key}");
        }
    }
}
