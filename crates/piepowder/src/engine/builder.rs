//! Settings to an engine: the last place that can fail. Invariant: two builders with the same settings, in any order of calls, build
//! engines of the same digest.

use super::{Engine, Inner, SEMANTICS};
use crate::bytes::Bytes;
use crate::compile::{Program, compile};
use crate::diagnostic::Diagnostics;
use crate::error::{Error, ErrorKind};
use crate::evidence::Weight;
use crate::id::{Canon, Date, Digest};
use crate::limits::Limits;
use crate::policy::Policy;
use crate::score::prior;
use crate::taxonomy::{Ready, Taxonomy};
use piepowder_bytes::Kernels;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// What an engine is made of. Non-consuming: build as many as you like.
#[derive(Clone, Debug, Default)]
pub struct EngineBuilder {
    taxonomy: Option<Taxonomy>,
    policy: Option<Policy>,
    limits: Limits,
    priors: BTreeMap<String, String>,
    as_of: Option<Date>,
    jurisdictions: Vec<String>,
    kernels: Option<String>,
}

impl EngineBuilder {
    /// What to look for. Required.
    pub fn taxonomy(&mut self, taxonomy: &Taxonomy) -> &mut Self {
        self.taxonomy = Some(taxonomy.clone());
        self
    }

    /// Tiers, floors and priors; [`Policy::standard`] unless set.
    pub fn policy(&mut self, policy: &Policy) -> &mut Self {
        self.policy = Some(policy.clone());
        self
    }

    /// Caps on work.
    pub fn limits(&mut self, limits: Limits) -> &mut Self {
        self.limits = limits;
        self
    }

    /// The base rate of an offense where the engine is used, as decimal text between 0 and 1 such as `"0.0001"`. Overrides the policy's.
    pub fn prior(&mut self, offense: &str, probability: &str) -> &mut Self {
        self.priors.insert(offense.to_owned(), probability.to_owned());
        self
    }

    /// The date of assessment; the newest release date of the packs unless set. The clock is never asked.
    pub fn as_of(&mut self, date: Date) -> &mut Self {
        self.as_of = Some(date);
        self
    }

    /// Only rules of these jurisdictions, and those without any, apply. All apply unless set.
    pub fn jurisdictions<I: IntoIterator<Item = S>, S: Into<String>>(&mut self, codes: I) -> &mut Self {
        self.jurisdictions = codes.into_iter().map(Into::into).collect();
        self
    }

    /// The byte kernels to run, by name: `portable`, `avx2`, `avx512`; the widest of the machine unless set. Results are the same with each of
    /// them, and so is the digest: this is for tests and comparisons.
    pub fn kernels(&mut self, name: &str) -> &mut Self {
        self.kernels = Some(name.to_owned());
        self
    }

    /// Builds the engine.
    ///
    /// # Errors
    /// When no taxonomy was given, when the machine does not run the kernels, when it has problems that only show in compiling (the error carries the diagnostics), when a prior is
    /// not a probability, when a prior or the policy names an offense that the taxonomy does not have.
    pub fn build(&self) -> Result<Engine, Error> {
        let taxonomy = self.taxonomy.as_ref().ok_or_else(|| Error::new(ErrorKind::Setting, "an engine needs a taxonomy"))?;
        let as_of = self.as_of.or(taxonomy.released()).ok_or_else(|| Error::new(ErrorKind::Setting, "the taxonomy has no pack"))?;
        let kernels = match &self.kernels {
            None => Kernels::best(),
            Some(name) => Kernels::named(name).ok_or_else(|| {
                let names: Vec<&str> = Kernels::all().iter().map(Kernels::name).collect();
                Error::new(ErrorKind::Setting, format!("this machine runs no kernels `{name}`; it has {}", names.join(", ")))
            })?,
        };
        let mut jurisdictions = self.jurisdictions.clone();
        jurisdictions.sort();
        jurisdictions.dedup();
        let ready = taxonomy.ready.as_ref().filter(|_| jurisdictions.is_empty() && Some(as_of) == taxonomy.released());
        let Made { program, form, taxonomy_digest, warnings, known } = match ready.and_then(|ready| Made::of(ready)) {
            Some(made) => made,
            // A taxonomy of a compiled pack is ready for nothing but its defaults.
            None => Made::new(taxonomy.clone().whole()?, as_of, &jurisdictions)?,
        };
        let Settings { policy, priors, head, tail } = self.settings(&program, as_of, &jurisdictions)?;
        let frame = frame(&head, &tail);
        let digest = match known {
            Some((known, digest)) if known == frame => digest,
            _ => Canon::unnamed().part(&head).bytes(&form).part(&tail).finish(),
        };
        let offenses: Vec<String> = program.catalog.offenses.iter().map(|o| o.key().to_owned()).collect();
        Ok(Engine {
            inner: Arc::new(Inner {
                digest,
                taxonomy_digest,
                program,
                thresholds: policy.tiers().iter().map(|tier| offenses.iter().map(|o| tier.threshold(o)).collect()).collect(),
                policy: Arc::new(policy),
                limits: self.limits,
                priors,
                as_of,
                jurisdictions,
                warnings,
                kernels,
                pool: Mutex::new(Vec::new()),
            }),
        })
    }

    /// What an engine of a program takes of the settings.
    fn settings(&self, program: &Program, as_of: Date, jurisdictions: &[String]) -> Result<Settings, Error> {
        let policy = self.policy.clone().unwrap_or_else(Policy::standard);
        if let Some(unknown) = self.priors.keys().find(|key| program.catalog.offense_id(key).is_none()) {
            return Err(Error::new(ErrorKind::Setting, format!("a prior is set for `{unknown}`, which is no offense of the taxonomy")));
        }
        if let Some(unknown) = policy.named().find(|key| program.catalog.offense_id(key).is_none()) {
            return Err(Error::new(ErrorKind::Setting, format!("the policy names `{unknown}`, which is no offense of the taxonomy")));
        }
        let mut priors = Vec::new();
        for offense in &program.catalog.offenses {
            let text = self.priors.get(offense.key()).map_or_else(|| policy.prior(offense.key()), String::as_str);
            let weight = prior::centibans(text).ok_or_else(|| {
                Error::new(ErrorKind::Setting, format!("prior `{text}` of {}: expected a decimal between 0 and 1, such as 0.01", offense.key()))
            })?;
            priors.push(weight);
        }
        let mut head = Canon::unnamed();
        head.text("piepowder engine").int(SEMANTICS).text(crate::text::UNICODE_VERSION);
        head.int(self.limits.field_bytes().into()).int(self.limits.rule_matches().into()).int(self.limits.evidence().into());
        head.text(&as_of.to_string()).texts(jurisdictions.iter().map(String::as_str));
        let mut tail = Canon::unnamed();
        policy.feed(&mut tail);
        priors.iter().for_each(|p| {
            tail.int((*p).into());
        });
        Ok(Settings { policy, priors, head, tail })
    }
}

/// What an engine takes of its settings, and what its digest is taken of before the form of its taxonomy and behind it.
struct Settings {
    policy: Policy,
    priors: Vec<Weight>,
    head: Canon,
    tail: Canon,
}

/// What tells the settings of an engine.
fn frame(head: &Canon, tail: &Canon) -> Digest {
    let mut canon = Canon::new("piepowder settings");
    canon.int(head.fed().len() as i64).part(head).part(tail).finish()
}

/// The digest of the engine that default settings make of what was made of a taxonomy, behind what tells these settings; none when they make
/// none.
pub(super) fn default_digest(made: &Made, as_of: Date) -> Option<(Digest, Digest)> {
    let Settings { head, tail, .. } = EngineBuilder::default().settings(&made.program, as_of, &[]).ok()?;
    Some((frame(&head, &tail), Canon::unnamed().part(&head).bytes(&made.form).part(&tail).finish()))
}

/// What an engine takes of its taxonomy.
pub(super) struct Made {
    pub(super) program: Arc<Program>,
    pub(super) form: Bytes,
    pub(super) taxonomy_digest: Digest,
    /// Of compiling, then of loading.
    pub(super) warnings: Diagnostics,
    /// See `Ready`.
    pub(super) known: Option<(Digest, Digest)>,
}

impl Made {
    /// Compiles.
    pub(super) fn new(taxonomy: Taxonomy, as_of: Date, jurisdictions: &[String]) -> Result<Made, Error> {
        let unresolved = taxonomy.unresolved();
        if unresolved.has_errors() {
            return Err(unresolved.into());
        }
        let (program, mut warnings) = compile(&taxonomy, as_of, jurisdictions)?;
        warnings.extend(taxonomy.warnings().clone());
        let mut form = Canon::unnamed();
        let taxonomy_digest = taxonomy.digest_beside(&program.catalog.rules, &mut form);
        Ok(Made { program: Arc::new(program), form: form.into_fed().into(), taxonomy_digest, warnings, known: None })
    }

    /// What was compiled before.
    fn of(ready: &Ready) -> Option<Made> {
        let program = Arc::clone(&ready.program).downcast().ok()?;
        Some(Made { program, form: ready.form.clone(), taxonomy_digest: ready.digest, warnings: ready.warnings.clone(), known: ready.known })
    }
}
