//! The engine: an immutable program with its policy, shared by clones, and the calls that score listings with it.
//! `run.rs` is the whole flow on one screen; read it first. Invariant: building may fail, assessing may not, and the same digest and
//! listing give the same assessment, whatever the scratch did before.

mod builder;
mod check;
mod compiled;
mod run;

pub use builder::EngineBuilder;

use crate::assessment::{Assessment, Constants};
use crate::compile::Program;
use crate::diagnostic::Diagnostics;
use crate::evidence::{Evidence, Finding, Order, Weight};
use crate::explanation::{Explanation, NearMiss, Unheard};
use crate::id::{Date, Digest, FieldId, GroupId, OffenseId, RuleId};
use crate::limits::{Flags, Limits};
use crate::listing::Listing;
use crate::matcher::{Candidate, Reading, Settling};
use crate::policy::{Coverage, Deciding, Decision, Policy};
use crate::score::{GroupNet, Score, Weighing};
use crate::span::Span;
use crate::taxonomy::{Group, Offense, Rule};
use crate::text::Surface;
use piepowder_bytes::Kernels;
use std::sync::{Arc, Mutex};

/// Version of the semantics (docs/SEMANTICS.md); part of every digest. A change that can change a score raises it.
pub(crate) const SEMANTICS: i64 = 6;

/// Most scratches that an engine keeps for [`Engine::assess`].
const POOL: usize = 64;

/// Scores listings. Cheap to clone, free to share between threads, never changes.
///
/// Ids of rules, groups, offenses and declared fields are those of one engine. What takes an id panics, or names something else, when
/// it is given the id of another.
#[derive(Clone, Debug)]
pub struct Engine {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    program: Arc<Program>,
    policy: Arc<Policy>,
    limits: Limits,
    priors: Vec<Weight>,
    /// Thresholds by tier and offense.
    thresholds: Vec<Vec<Weight>>,
    as_of: Date,
    jurisdictions: Vec<String>,
    digest: Digest,
    taxonomy_digest: Digest,
    warnings: Diagnostics,
    kernels: Kernels,
    /// Scratches of finished calls. Only ever tried, never waited for: a fork can leave it locked for good.
    pool: Mutex<Vec<Scratch>>,
}

/// The buffers of one scoring thread. Belongs to the engine that created it.
#[derive(Debug)]
pub struct Scratch {
    reading: Reading,
    /// The view of typed fields that conditions compare.
    typed: Surface,
    matches: Vec<Candidate>,
    findings: Vec<Finding>,
    settling: Settling,
    weighing: Weighing,
    deciding: Deciding,
    order: Order,
    assessment: Assessment,
}

impl Engine {
    /// Where an engine begins: taxonomy, policy and settings.
    pub fn builder() -> EngineBuilder {
        EngineBuilder::default()
    }

    /// Scores a listing. Scratches are pooled; for many listings on one thread, [`Engine::assess_with`] allocates nothing.
    pub fn assess(&self, listing: &Listing<'_>) -> Assessment {
        let pooled = self.inner.pool.try_lock().ok().and_then(|mut pool| pool.pop());
        let mut scratch = pooled.unwrap_or_else(|| self.create_scratch());
        let assessment = self.assess_with(&mut scratch, listing).clone();
        if let Ok(mut pool) = self.inner.pool.try_lock()
            && pool.len() < POOL
        {
            pool.push(scratch);
        }
        assessment
    }

    /// Buffers for one thread.
    pub fn create_scratch(&self) -> Scratch {
        Scratch::new(self)
    }

    /// Scores a listing with the caller's buffers; the result lives in them until the next call.
    ///
    /// A scratch of another engine is set up anew for this one first.
    ///
    /// ```
    /// use piepowder::{Engine, Field, Listing};
    ///
    /// let engine = Engine::builder().taxonomy(&piepowder_packs::taxonomy()).build()?;
    /// let mut scratch = engine.create_scratch();
    /// for title in ["Oak desk", "Pure cocaine, 3.5 g"] {
    ///     let assessment = engine.assess_with(&mut scratch, &Listing::new().with(Field::Title, title.as_bytes()));
    ///     println!("{title}: {}", assessment.decision().tier());
    /// }
    /// # Ok::<(), piepowder::Error>(())
    /// ```
    pub fn assess_with<'s>(&self, scratch: &'s mut Scratch, listing: &Listing<'_>) -> &'s Assessment {
        if scratch.assessment.digest != self.inner.digest {
            *scratch = self.create_scratch();
        }
        run::run(self, scratch, listing, &mut Unheard);
        &scratch.assessment
    }

    /// Scores listings on the current rayon pool; results are in the order of the listings.
    #[cfg(feature = "rayon")]
    pub fn assess_batch(&self, listings: &[Listing<'_>]) -> Vec<Assessment> {
        use rayon::prelude::*;
        listings.par_iter().map_init(|| self.create_scratch(), |scratch, listing| self.assess_with(scratch, listing).clone()).collect()
    }

    /// Scores as a matrix: a row a listing, a column an offense in taxonomy order, in centibans.
    #[cfg(feature = "ndarray")]
    pub fn score_matrix(&self, listings: &[Listing<'_>]) -> ndarray::Array2<i32> {
        let mut scratch = self.create_scratch();
        let mut matrix = ndarray::Array2::zeros((listings.len(), self.inner.priors.len()));
        for (mut row, listing) in matrix.rows_mut().into_iter().zip(listings) {
            let assessment = self.assess_with(&mut scratch, listing);
            row.iter_mut().zip(assessment.offenses()).for_each(|(cell, (_, score))| *cell = score.total());
        }
        matrix
    }

    /// Scores a listing and says beside what nearly counted and why it did not.
    ///
    /// ```
    /// use piepowder::{Engine, Field, Listing};
    ///
    /// let engine = Engine::builder().taxonomy(&piepowder_packs::taxonomy()).build()?;
    /// let listing = Listing::new().with(Field::Title, b"Cocaine Nights, paperback novel");
    /// let explanation = engine.explain(&listing);
    /// assert_eq!(*explanation.assessment(), engine.assess(&listing));
    /// # Ok::<(), piepowder::Error>(())
    /// ```
    pub fn explain(&self, listing: &Listing<'_>) -> Explanation {
        let mut scratch = self.create_scratch();
        let mut misses: Vec<NearMiss> = Vec::new();
        run::run(self, &mut scratch, listing, &mut misses);
        Explanation::new(scratch.assessment, misses)
    }

    /// An assessment of parts that were computed elsewhere, by a replay or a reference implementation. Lines are put in order; of
    /// each, the rule's other matches are given beside it.
    pub fn assemble(
        &self,
        scores: Vec<(OffenseId, Score)>,
        tiers: Vec<usize>,
        nets: Vec<GroupNet>,
        evidence: Vec<(Evidence, Vec<(FieldId, Span)>)>,
        decision: Decision,
        (coverage, flags): (Coverage, Flags),
    ) -> Assessment {
        let mut assessment = Assessment { scores, tiers, nets, decision, coverage, flags, ..self.empty_assessment() };
        // The table of spans is laid out in the order of the lines, as the engine does.
        let mut lines = evidence;
        lines.sort_unstable_by_key(|(line, _)| line.place());
        for (mut line, others) in lines {
            let from = assessment.spans.len() as u32;
            assessment.spans.extend(others);
            line.others = (from, assessment.spans.len() as u32);
            assessment.evidence.push(line);
        }
        assessment
    }

    fn empty_assessment(&self) -> Assessment {
        let catalog = &self.inner.program.catalog;
        Assessment {
            constants: Arc::new(Constants::new(catalog, &self.inner.policy, &self.inner.digest, &self.inner.priors)),
            catalog: Arc::clone(catalog),
            policy: Arc::clone(&self.inner.policy),
            digest: self.inner.digest,
            decision: Decision::new(&self.inner.policy, 0),
            scores: Vec::new(),
            tiers: Vec::new(),
            nets: Vec::new(),
            evidence: Vec::new(),
            spans: Vec::new(),
            coverage: Coverage::Empty,
            flags: Flags::NONE,
        }
    }

    /// The id of a field, fixed or declared.
    pub fn field(&self, name: &str) -> Option<FieldId> {
        self.inner.program.catalog.field_id(name)
    }

    /// The name of a field.
    pub fn field_name(&self, id: FieldId) -> &str {
        &self.inner.program.catalog.fields[id.index()].0
    }

    /// All fields, in field order.
    pub fn fields(&self) -> impl Iterator<Item = (FieldId, &str)> {
        self.inner.program.catalog.fields.iter().enumerate().map(|(i, (name, _))| (FieldId::new(i), name.as_str()))
    }

    /// The offenses, in taxonomy order.
    pub fn offenses(&self) -> impl Iterator<Item = (OffenseId, &Offense)> {
        self.inner.program.catalog.offenses.iter().enumerate().map(|(i, o)| (OffenseId::new(i), o))
    }

    /// An offense.
    pub fn offense(&self, id: OffenseId) -> &Offense {
        &self.inner.program.catalog.offenses[id.index()]
    }

    /// A group.
    pub fn group(&self, id: GroupId) -> &Group {
        &self.inner.program.catalog.groups[id.index()]
    }

    /// The group of a key.
    pub fn group_id(&self, key: &str) -> Option<GroupId> {
        self.inner.program.catalog.group_id(key)
    }

    /// A rule in force, with the changes of overlays applied.
    pub fn rule(&self, id: RuleId) -> &Rule {
        &self.inner.program.catalog.rules[id.index()]
    }

    /// The rule in force of a key.
    pub fn rule_id(&self, key: &str) -> Option<RuleId> {
        self.inner.program.catalog.rule_id(key)
    }

    /// The rules in force, by key.
    pub fn rules(&self) -> impl Iterator<Item = (RuleId, &Rule)> {
        self.inner.program.catalog.rules.iter().enumerate().map(|(i, r)| (RuleId::new(i), r.as_ref()))
    }

    /// The policy.
    pub fn policy(&self) -> &Policy {
        &self.inner.policy
    }

    /// The limits.
    pub fn limits(&self) -> &Limits {
        &self.inner.limits
    }

    /// The date of assessment: which rules and changes are in force.
    pub fn as_of(&self) -> Date {
        self.inner.as_of
    }

    /// The jurisdictions whose rules apply; empty means all.
    pub fn jurisdictions(&self) -> &[String] {
        &self.inner.jurisdictions
    }

    /// Where the sum of an offense starts, in centibans.
    pub fn prior(&self, offense: OffenseId) -> Weight {
        self.inner.priors[offense.index()]
    }

    /// Digest of everything that can change a result.
    pub fn digest(&self) -> Digest {
        self.inner.digest
    }

    /// Digest of the taxonomy as loaded.
    pub fn taxonomy_digest(&self) -> Digest {
        self.inner.taxonomy_digest
    }

    /// Version of the semantics, and of Unicode, that this build implements.
    pub fn versions(&self) -> (i64, &'static str) {
        (SEMANTICS, crate::text::UNICODE_VERSION)
    }

    /// Warnings of loading and compiling.
    pub fn warnings(&self) -> &Diagnostics {
        &self.inner.warnings
    }

    /// The name of the byte kernels that run.
    pub fn kernels(&self) -> &'static str {
        self.inner.kernels.name()
    }

    /// About how many bytes the engine takes on the heap; scratches not counted.
    pub fn memory_usage(&self) -> usize {
        size_of::<Inner>() + self.inner.program.memory_usage()
    }
}

impl Scratch {
    /// The assessment that was made last with these buffers; an empty one before the first.
    pub fn assessment(&self) -> &Assessment {
        &self.assessment
    }

    fn new(engine: &Engine) -> Self {
        Scratch {
            reading: Reading::new(engine.inner.kernels),
            typed: Surface::with(engine.inner.kernels),
            matches: Vec::new(),
            findings: Vec::new(),
            settling: Settling::default(),
            order: Order::default(),
            weighing: Weighing::default(),
            deciding: Deciding::default(),
            assessment: engine.empty_assessment(),
        }
    }
}
