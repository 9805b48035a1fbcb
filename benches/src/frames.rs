//! Settings of an engine and listings as bytes that any language reads with ten lines of code, so that programs in Rust and in C are given
//! the very same. All numbers have four bytes, lowest first; a text is its length and its bytes; a list is its count and its elements.
//!
//! A file: `PPF1`; base (0 embedded packs, 1 none); sources (name, text); policy (name, text; empty: standard); priors (offense,
//! probability); as-of date (empty: newest release); jurisdictions; limits (field bytes, matches a rule, rules; 0: default); listings (id,
//! fields (name, text)). Invariant: what is written is read back the same.

use anyhow::{Context, Result, bail, ensure};
use piepowder::{Date, Engine, Field, FieldId, Limits, Listing, Policy, Source, Taxonomy, Value};

/// What an engine is made of. The default is the embedded packs and all defaults.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// All packs that there are, by name and text; none for the embedded ones.
    pub sources: Option<Vec<(String, String)>>,
    /// The text of the policy, empty for the standard one.
    pub policy: String,
    /// Offenses and their priors.
    pub priors: Vec<(String, String)>,
    /// Empty for the newest release.
    pub as_of: String,
    /// All when there are none.
    pub jurisdictions: Vec<String>,
    /// Field bytes, matches a rule, rules; 0 for the default.
    pub limits: [u32; 3],
}

/// A listing: its id, and its fields by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Framed {
    /// Not empty.
    pub id: String,
    /// Names and texts.
    pub fields: Vec<(String, Vec<u8>)>,
}

/// The name that a policy has, whose text is all that is kept.
const POLICY: &str = "policy.toml";

impl Settings {
    /// The engine.
    ///
    /// # Errors
    /// When packs, policy or settings are refused.
    pub fn engine(&self) -> Result<Engine> {
        let taxonomy = match &self.sources {
            None => piepowder_packs::taxonomy(),
            Some(sources) => Taxonomy::from_sources(sources.iter().map(|(name, text)| Source::new(name.as_str(), text.as_str())))?,
        };
        let mut builder = Engine::builder();
        builder.taxonomy(&taxonomy).jurisdictions(&self.jurisdictions);
        if !self.policy.is_empty() {
            builder.policy(&Policy::from_source(Source::new(POLICY, self.policy.as_str()))?);
        }
        for (offense, probability) in &self.priors {
            builder.prior(offense, probability);
        }
        if !self.as_of.is_empty() {
            builder.as_of(Date::parse(&self.as_of).with_context(|| format!("`{}` is no day", self.as_of))?);
        }
        let set = |limits: Limits, number: u32, with: fn(Limits, u32) -> Limits| if number == 0 { limits } else { with(limits, number) };
        let limits = set(Limits::new(), self.limits[0], Limits::with_field_bytes);
        let limits = set(limits, self.limits[1], Limits::with_rule_matches);
        builder.limits(set(limits, self.limits[2], Limits::with_evidence));
        Ok(builder.build()?)
    }
}

impl Framed {
    /// The fields, by the ids of an engine.
    ///
    /// # Errors
    /// A name that the engine does not know.
    pub fn by_id(&self, engine: &Engine) -> Result<Vec<(FieldId, Value<'_>)>> {
        let id = |name: &str| engine.field(name).with_context(|| format!("no field `{name}`"));
        self.fields.iter().map(|(name, text)| Ok((id(name)?, Value::Text(text)))).collect()
    }

    /// The id as JSON.
    ///
    /// # Errors
    /// Never: a text is JSON.
    pub fn json_id(&self) -> Result<String> {
        Ok(serde_json::to_string(&self.id)?)
    }

    /// The listing as a row of JSON Lines, without its line feed. Bytes that are no UTF-8 stand in it as they are.
    ///
    /// # Errors
    /// Never: texts are JSON.
    pub fn row(&self) -> Result<Vec<u8>> {
        let mut row = format!("{{\"id\":{}", self.json_id()?).into_bytes();
        for (name, text) in &self.fields {
            row.extend_from_slice(format!(",{}:\"", serde_json::to_string(name)?).as_bytes());
            for byte in text {
                match byte {
                    b'"' | b'\\' => row.extend_from_slice(&[b'\\', *byte]),
                    0..0x20 => row.extend_from_slice(format!("\\u{byte:04x}").as_bytes()),
                    _ => row.push(*byte),
                }
            }
            row.push(b'"');
        }
        row.push(b'}');
        Ok(row)
    }
}

/// The listing of fields by id.
pub fn framed_listing<'a>(fields: &'a [(FieldId, Value<'a>)]) -> Listing<'a> {
    let fixed = fields.iter().filter_map(|(id, value)| Some((*Field::ALL.get(id.index())?, value.bytes())));
    fixed.fold(Listing::new().with_declared(fields), |listing, (field, text)| listing.with(field, text))
}

/// Settings and listings as bytes.
pub fn write_frames(settings: &Settings, listings: &[Framed]) -> Vec<u8> {
    let mut out = Writer(b"PPF1".to_vec());
    out.number(settings.sources.is_some().into());
    let empty = Vec::new();
    out.pairs(settings.sources.as_ref().unwrap_or(&empty));
    out.text(POLICY.as_bytes());
    out.text(settings.policy.as_bytes());
    out.pairs(&settings.priors);
    out.text(settings.as_of.as_bytes());
    out.number(settings.jurisdictions.len() as u32);
    settings.jurisdictions.iter().for_each(|code| out.text(code.as_bytes()));
    settings.limits.into_iter().for_each(|limit| out.number(limit));
    out.number(listings.len() as u32);
    for listing in listings {
        out.text(listing.id.as_bytes());
        out.number(listing.fields.len() as u32);
        for (name, text) in &listing.fields {
            out.text(name.as_bytes());
            out.text(text);
        }
    }
    out.0
}

/// Settings and listings of bytes.
///
/// # Errors
/// Bytes that `write_frames` did not make.
pub fn read_frames(bytes: &[u8]) -> Result<(Settings, Vec<Framed>)> {
    let mut from = Reader(bytes.strip_prefix(b"PPF1").context("no frames")?);
    let base = from.number()?;
    let sources = from.pairs()?;
    ensure!(from.string()? == POLICY, "another name of the policy");
    let policy = from.string()?;
    let priors = from.pairs()?;
    let as_of = from.string()?;
    let jurisdictions = (0..from.number()?).map(|_| from.string()).collect::<Result<_>>()?;
    let limits = [from.number()?, from.number()?, from.number()?];
    let settings = Settings { sources: (base == 1).then_some(sources), policy, priors, as_of, jurisdictions, limits };
    let listings = (0..from.number()?)
        .map(|_| {
            let id = from.string()?;
            let fields = (0..from.number()?).map(|_| Ok((from.string()?, from.text()?.to_vec()))).collect::<Result<_>>()?;
            Ok(Framed { id, fields })
        })
        .collect::<Result<_>>()?;
    if !from.0.is_empty() {
        bail!("{} bytes behind the listings", from.0.len());
    }
    Ok((settings, listings))
}

struct Writer(Vec<u8>);

impl Writer {
    fn number(&mut self, number: u32) {
        self.0.extend_from_slice(&number.to_le_bytes());
    }

    fn text(&mut self, text: &[u8]) {
        self.number(text.len() as u32);
        self.0.extend_from_slice(text);
    }

    fn pairs(&mut self, pairs: &[(String, String)]) {
        self.number(pairs.len() as u32);
        for (a, b) in pairs {
            self.text(a.as_bytes());
            self.text(b.as_bytes());
        }
    }
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn number(&mut self) -> Result<u32> {
        let (number, rest) = self.0.split_first_chunk().context("the frames end early")?;
        self.0 = rest;
        Ok(u32::from_le_bytes(*number))
    }

    fn text(&mut self) -> Result<&'a [u8]> {
        let length = self.number()? as usize;
        let (text, rest) = self.0.split_at_checked(length).context("the frames end early")?;
        self.0 = rest;
        Ok(text)
    }

    fn string(&mut self) -> Result<String> {
        Ok(str::from_utf8(self.text()?)?.to_owned())
    }

    fn pairs(&mut self) -> Result<Vec<(String, String)>> {
        (0..self.number()?).map(|_| Ok((self.string()?, self.string()?))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        let settings = Settings {
            sources: Some(vec![pair("a/pack.toml", "x = 1\n")]),
            policy: "p".into(),
            priors: vec![pair("one", "0.5")],
            as_of: "2026-01-01".into(),
            jurisdictions: vec!["EU".into(), "US".into()],
            limits: [16, 0, 3],
        };
        let listings = [Framed { id: "\"1\"".into(), fields: vec![("title".into(), b"\xff\"\\\n".to_vec())] }, Framed::default()];
        let bytes = write_frames(&settings, &listings);
        assert_eq!(read_frames(&bytes).unwrap(), (settings, listings.to_vec()));
        assert!((4..bytes.len()).all(|end| read_frames(&bytes[..end]).is_err()));
        assert_eq!(listings[0].row().unwrap(), b"{\"id\":\"\\\"1\\\"\",\"title\":\"\xff\\\"\\\\\\u000a\"}");
    }
}
