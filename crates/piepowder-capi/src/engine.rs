//! Engines: made of packs and settings, counted by references, asked for their names. Invariant: two calls with the same options give
//! engines of the same digest.

use crate::error::pp_problem;
use crate::given::{PP_BASE_COMPILED, PP_BASE_EMBEDDED, PP_BASE_NONE, WithSize, options, place, pp_engine_options, pp_text, write};
use crate::guard::{report, run};
use crate::object::{pp_engine, pp_error};
use crate::status::{Fault, PP_ARGUMENT, PP_RANGE, PP_SETTING, pp_status};
use piepowder::{Date, Engine, Limits, Policy, Taxonomy};
use std::ffi::c_char;
use std::mem::MaybeUninit;

/// The digest of an engine: 64 hexadecimal digits and a NUL.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct pp_digest {
    digits: [c_char; 65],
}

/// What an engine has.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct pp_engine_facts {
    /// `sizeof(pp_engine_facts)`, set by the caller.
    size: usize,
    /// How many offenses there are: at most 16.
    offense_count: usize,
    /// How many fields, the twelve fixed ones among them.
    field_count: usize,
    /// How many rules are in force.
    rule_count: usize,
    /// Problems of the packs that keep nothing from loading.
    warning_count: usize,
    /// About how many bytes it takes on the heap, scratches not counted.
    memory: usize,
}

// SAFETY: `repr(C)` of words alone.
unsafe impl WithSize for pp_engine_facts {}

/// Makes an engine, with one reference, which is the caller's. Null for `given` is the embedded packs and all defaults.
/// This is the call that takes long: milliseconds for the embedded packs and compiled ones, longer for sources.
///
/// # Errors
/// `PP_PACKS` with each problem of the packs or of the policy, `PP_SETTING`, `PP_COMPILED`, `PP_TOO_LARGE`, `PP_NULL`, `PP_SIZE`,
/// `PP_ARGUMENT`, `PP_ENCODING`, `PP_FULL`.
///
/// # Safety
/// As the header says under "Pointers".
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pp_engine_create(
    given: *const pp_engine_options,
    engine: Option<&mut MaybeUninit<pp_engine>>,
    error: Option<&mut MaybeUninit<pp_error>>,
) -> pp_status {
    report(error, || {
        let engine = place(engine)?;
        // SAFETY: the caller's promise.
        let given = unsafe { options(given) }?;
        engine.write(pp_engine::new(build(&given)?)?);
        Ok(())
    })
}

fn build(given: &pp_engine_options) -> Result<Engine, Fault> {
    let mut builder = Engine::builder();
    builder.taxonomy(&taxonomy(given)?).limits(limits(given)?);
    if !given.policy().is_empty() {
        builder.policy(&Policy::from_source(given.policy().source()?)?);
    }
    for prior in given.priors()? {
        let (offense, probability) = prior.texts()?;
        builder.prior(offense, probability);
    }
    let as_of = given.as_of().str("as_of")?;
    if !as_of.is_empty() {
        let date = Date::parse(as_of).ok_or_else(|| Fault::new(PP_SETTING, "as_of: expected a day such as 2026-11-30"))?;
        builder.as_of(date);
    }
    let jurisdictions = given.jurisdictions()?.iter().map(|code| code.str("a jurisdiction")).collect::<Result<Vec<_>, _>>()?;
    Ok(builder.jurisdictions(jurisdictions).build()?)
}

fn taxonomy(given: &pp_engine_options) -> Result<Taxonomy, Fault> {
    let sources = given.sources()?.iter().map(|source| source.source()).collect::<Result<Vec<_>, _>>()?;
    let compiled = given.compiled()?;
    if !compiled.is_empty() && given.base != PP_BASE_COMPILED {
        return Err(Fault::new(PP_ARGUMENT, "a compiled pack is given, and base is not PP_BASE_COMPILED"));
    }
    let base = match given.base {
        PP_BASE_EMBEDDED => embedded()?,
        PP_BASE_NONE => return Ok(Taxonomy::from_sources(sources)?),
        PP_BASE_COMPILED => Taxonomy::from_compiled(compiled.to_vec())?,
        other => return Err(Fault::new(PP_ARGUMENT, format!("base is {other}, which has no meaning"))),
    };
    if sources.is_empty() {
        return Ok(base);
    }
    Ok(base.overlay(Taxonomy::from_sources(sources)?)?)
}

#[cfg(feature = "packs")]
fn embedded() -> Result<Taxonomy, Fault> {
    Ok(piepowder_packs::taxonomy())
}

#[cfg(not(feature = "packs"))]
fn embedded() -> Result<Taxonomy, Fault> {
    Err(Fault::new(PP_SETTING, "this library was built without embedded packs: give sources with PP_BASE_NONE, or a compiled pack"))
}

/// The limits; a number that the core would correct is refused here, for what a caller asked for is what it gets.
fn limits(given: &pp_engine_options) -> Result<Limits, Fault> {
    let defaults = Limits::new();
    let or = |number: u32, default: u32| if number == 0 { default } else { number };
    let (field_bytes, rule_matches) = (or(given.field_bytes, defaults.field_bytes()), or(given.rule_matches, defaults.rule_matches()));
    let evidence = or(given.evidence, defaults.evidence());
    let limits = defaults.with_field_bytes(field_bytes).with_rule_matches(rule_matches).with_evidence(evidence);
    if (limits.field_bytes(), limits.rule_matches(), limits.evidence()) != (field_bytes, rule_matches, evidence) {
        return Err(Fault::new(PP_SETTING, "a limit is out of range: 16 to 16,777,216 bytes a field, 1 to 4,096 matches a rule and rules"));
    }
    Ok(limits)
}

/// One reference more. Who swaps engines under traffic takes one before it lets another thread know the handle.
///
/// # Errors
/// `PP_HANDLE`, `PP_KIND`, `PP_FULL` at four billion references.
#[unsafe(no_mangle)]
pub extern "C" fn pp_engine_ref(engine: pp_engine) -> pp_status {
    run(|| engine.add())
}

/// One reference less. With the last one the handle stands for nothing, at once and for good; calls that are under way end as if nothing had
/// happened, and the memory is given back when each scratch that used the engine last was used with another one or freed.
///
/// # Errors
/// `PP_HANDLE` when there is no reference left, `PP_KIND`.
#[unsafe(no_mangle)]
pub extern "C" fn pp_engine_unref(engine: pp_engine) -> pp_status {
    run(|| engine.drop())
}

/// The digest of everything that can change a result: the same digest and listing give the same bytes.
///
/// # Errors
/// `PP_NULL`, `PP_HANDLE`, `PP_KIND`.
#[unsafe(no_mangle)]
pub extern "C" fn pp_engine_digest(engine: pp_engine, digest: Option<&mut MaybeUninit<pp_digest>>) -> pp_status {
    run(|| {
        let place = place(digest)?;
        let mut digits = [0; 65];
        let text = engine.engine()?.digest().to_string();
        digits.iter_mut().zip(text.bytes().take(64)).for_each(|(digit, byte)| *digit = byte as c_char);
        place.write(pp_digest { digits });
        Ok(())
    })
}

/// What the engine has.
///
/// # Errors
/// `PP_NULL`, `PP_HANDLE`, `PP_KIND`, `PP_SIZE`.
///
/// # Safety
/// As the header says under "Pointers".
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pp_engine_about(engine: pp_engine, facts: *mut pp_engine_facts) -> pp_status {
    run(|| {
        let engine = engine.engine()?;
        let found = pp_engine_facts {
            size: 0,
            offense_count: engine.offenses().count(),
            field_count: engine.fields().count(),
            rule_count: engine.rules().count(),
            warning_count: engine.warnings().len(),
            memory: engine.memory_usage(),
        };
        // SAFETY: the caller's promise.
        unsafe { write(facts, found) }
    })
}

/// The key of an offense, by its place in the taxonomy. The text stays as long as the engine.
///
/// # Errors
/// `PP_NULL`, `PP_HANDLE`, `PP_KIND`, `PP_RANGE`.
#[unsafe(no_mangle)]
pub extern "C" fn pp_engine_offense(engine: pp_engine, index: usize, key: Option<&mut MaybeUninit<pp_text>>) -> pp_status {
    name(engine, key, |engine| engine.offenses().nth(index).map(|(_, offense)| pp_text::of(offense.key().as_bytes())))
}

/// The name of a field, the fixed ones first. The text stays as long as the engine.
///
/// # Errors
/// `PP_NULL`, `PP_HANDLE`, `PP_KIND`, `PP_RANGE`.
#[unsafe(no_mangle)]
pub extern "C" fn pp_engine_field(engine: pp_engine, index: usize, field: Option<&mut MaybeUninit<pp_text>>) -> pp_status {
    name(engine, field, |engine| engine.fields().nth(index).map(|(_, name)| pp_text::of(name.as_bytes())))
}

fn name(engine: pp_engine, to: Option<&mut MaybeUninit<pp_text>>, find: impl FnOnce(&Engine) -> Option<pp_text>) -> pp_status {
    run(|| {
        let place = place(to)?;
        place.write(find(&engine.engine()?).ok_or_else(|| Fault::from(PP_RANGE))?);
        Ok(())
    })
}

/// A problem of the packs that kept nothing from loading. Its texts stay as long as the engine.
///
/// # Errors
/// `PP_NULL`, `PP_HANDLE`, `PP_KIND`, `PP_RANGE`, `PP_SIZE`.
///
/// # Safety
/// As the header says under "Pointers".
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pp_engine_warning(engine: pp_engine, index: usize, problem: *mut pp_problem) -> pp_status {
    run(|| {
        let engine = engine.engine()?;
        let found = engine.warnings().iter().nth(index).map(pp_problem::of).ok_or_else(|| Fault::from(PP_RANGE))?;
        // SAFETY: the caller's promise.
        unsafe { write(problem, found) }
    })
}
