//! Compiled packs: a taxonomy with its sources, and the program that it makes for its default settings, in one file that an engine takes its
//! tables from without compiling. With other settings, or with packs laid over it, the sources are loaded and compiled as ever. Nothing in
//! it depends on the machine. Invariants: an engine of a compiled pack has the digest of one from its sources, and gives the same
//! assessments; a file that is damaged, or of another version, is refused, and whatever a file holds, nothing panics.

use super::SEMANTICS;
use super::builder::{Made, default_digest};
use crate::bytes::Bytes;
use crate::compile::Program;
use crate::diagnostic::Diagnostics;
use crate::error::{Error, ErrorKind};
use crate::id::Digest;
use crate::stored::{Damaged, Reader, Stored, Writer, sound};
use crate::taxonomy::{Ready, Taxonomy};
use crate::text::UNICODE_VERSION;
use std::borrow::Cow;
use std::sync::Arc;

/// What a file begins with.
const MAGIC: &[u8; 8] = b"piepack\x1a";

/// The version of the form. Whatever changes a table's form raises it.
const FORM: u32 = 4;

impl Taxonomy {
    /// Whether bytes are a compiled pack, by how they begin.
    pub fn is_compiled(bytes: &[u8]) -> bool {
        bytes.starts_with(MAGIC)
    }

    /// Compiles the taxonomy for its default settings: the day of its newest release, all jurisdictions. [`Taxonomy::from_compiled`] reads it.
    ///
    /// # Errors
    /// Those of [`EngineBuilder::build`](crate::EngineBuilder::build): packs that cannot be compiled.
    pub fn to_compiled(&self) -> Result<Vec<u8>, Error> {
        let taxonomy = self.clone().whole()?;
        let as_of = taxonomy.released().ok_or_else(|| Error::new(ErrorKind::Setting, "the taxonomy has no pack"))?;
        let made = Made::new(taxonomy.clone(), as_of, &[])?;
        let mut out = Writer::new(&taxonomy.sources);
        taxonomy.write(&mut out);
        made.warnings.write(&mut out);
        out.part(&made.form);
        let known = default_digest(&made, as_of);
        known.map(|(settings, engine)| (*settings.as_bytes(), *engine.as_bytes())).write(&mut out);
        made.program.write(&taxonomy, &mut out);
        let body = out.finish();

        let mut file = Writer::default();
        file.bytes(MAGIC);
        FORM.write(&mut file);
        SEMANTICS.write(&mut file);
        UNICODE_VERSION.to_owned().write(&mut file);
        file.bytes(made.taxonomy_digest.as_bytes());
        checksum(&body, &made.taxonomy_digest).write(&mut file);
        file.bytes(&body);
        Ok(file.finish())
    }

    /// Reads a compiled pack: bytes of the executable, or of a file. Most of them are read where they lie, when they are first needed, and
    /// stay as long as engines of them do.
    ///
    /// The file is believed: it says what its sources were, and an engine of it has their digest. Compile packs of others yourself.
    ///
    /// # Errors
    /// When the bytes are no compiled pack, are damaged, or were compiled by another version of piepowder.
    ///
    /// ```
    /// use piepowder::{Engine, Taxonomy};
    /// let taxonomy = piepowder_packs::taxonomy();
    /// let compiled = Taxonomy::from_compiled(taxonomy.to_compiled()?)?;
    /// assert_eq!(compiled.digest(), taxonomy.digest());
    /// # Ok::<(), piepowder::Error>(())
    /// ```
    pub fn from_compiled(bytes: impl Into<Cow<'static, [u8]>>) -> Result<Taxonomy, Error> {
        Taxonomy::of_compiled(&Bytes::from(bytes.into()))
    }

    fn of_compiled(bytes: &Bytes) -> Result<Taxonomy, Error> {
        let error = |message: &str| Error::new(ErrorKind::Compiled, message);
        let damaged = |_: Damaged| error("the compiled pack is damaged; compile it again");
        let mut head = Reader::new(bytes);
        if head.array().ok() != Some(*MAGIC) {
            return Err(error("this is no compiled pack"));
        }
        let same_version = |head: &mut Reader<'_>| Ok(u32::read(head)? == FORM && i64::read(head)? == SEMANTICS && head.text()? == UNICODE_VERSION);
        if !same_version(&mut head).map_err(damaged)? {
            return Err(error("the pack was compiled by another version of piepowder; compile it again with this one"));
        }
        read(&mut head).map_err(damaged)
    }
}

fn read(head: &mut Reader<'_>) -> Result<Taxonomy, Damaged> {
    let digest = Digest::new(head.array()?);
    let stated = u64::read(head)?;
    let body = head.remaining();
    sound(checksum(&body, &digest) == stated)?;
    let mut from = Reader::new(&body);
    let mut taxonomy = Taxonomy::read(&mut from)?;
    sound(taxonomy.released().is_some())?;
    let warnings = Diagnostics::read(&mut from)?;
    let form = from.part()?;
    let known = Option::<([u8; 32], [u8; 32])>::read(&mut from)?.map(|(settings, engine)| (Digest::new(settings), Digest::new(engine)));
    let program = Program::read(&taxonomy, &mut from)?;
    from.end()?;
    taxonomy.ready = Some(Arc::new(Ready { digest, form, known, warnings, program: Arc::new(program) }));
    Ok(taxonomy)
}

/// What says whether bytes are those that were written. It is no defense against made ones, and a tenth of what a digest would cost.
/// Each step is one to one in what it takes and in what it gives on, so that no damage of eight bytes or less goes unseen.
fn checksum(body: &[u8], digest: &Digest) -> u64 {
    const ODD: u64 = 0x9E37_79B9_7F4A_7C15;
    let step = |state: u64, word: u64| (state ^ word).wrapping_mul(ODD).rotate_left(29);
    // Four at once, each of which waits for its own last product alone.
    let mut states = [1, 2, 3, 4];
    let mut take = |block: &[u8; 32]| {
        if let ([a, b, c, d], _) = block.as_chunks::<8>() {
            let [s, t, u, v] = states;
            let word = |bytes: &[u8; 8]| u64::from_le_bytes(*bytes);
            states = [step(s, word(a)), step(t, word(b)), step(u, word(c)), step(v, word(d))];
        }
    };
    let (blocks, rest) = body.as_chunks();
    blocks.iter().for_each(&mut take);
    let mut last = [0; 32];
    last[..rest.len()].copy_from_slice(rest);
    take(&last);
    take(digest.as_bytes());
    states.into_iter().fold(body.len() as u64, step)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Source;
    use crate::{Date, Engine, Field, Listing};
    use proptest::prelude::*;
    use std::sync::OnceLock;

    const PACK: &str = "format = 1\nname = 'shop'\nversion = '1.0.0'\nreleased = 2026-02-01\nlicense = 'CC0-1.0'\nowner = 'o'\n\
        [[offense]]\nkey = 'wands'\nrank = 1\ntitle = 'Wands'\nproposition = 'The text offers a wand.'\ncodes = { misp = ['x'] }\n\
        [[field]]\nname = 'wood'\ntype = 'text'\n\
        [[language]]\ncode = 'en'\nscripts = ['Latn']\nread = true\nwords = ['the', 'and']\n\
        [[change]]\nrule = 'wands.staff'\nowner = 'o'\nreason = 'r'\nexpires = 2027-01-01\nweights = { wands = 90 }\n";
    const RULES: &str = "[defaults]\nelement = 'object'\nnature = 'criminal'\nlanguage = 'en'\nwarrant = { kind = 'expert', source = 's' }\n\
        [[group]]\nkey = 'wands'\nreason.en = 'R.'\n[[group]]\nkey = 'pay'\nkind = 'signal'\nreason.en = 'R.'\n\
        [[group]]\nkey = 'toy'\nkind = 'excuse'\nreason.en = 'R.'\n\
        [[rule]]\nkey = 'wands.wand'\ngroup = 'wands'\ntitle = 't'\nweights = { wands = 300 }\n\
        terms = ['magic wand', 'wand', 'wand', 'elderberry', 'pal\u{f3}', '\u{6749}\u{6756}']\nsubstrings = ['wandmaker']\n\
        [[rule]]\nkey = 'wands.staff'\ngroup = 'wands'\ntitle = 't'\nweights = { wands = 100 }\nterms = ['staff']\n\
        near = { any = ['wands.wand', 'pay'], within = 9, scope = 'listing' }\nquantities = [{ dimension = 'mass', min = '1 g' }]\n\
        [[rule]]\nkey = 'wands.core'\ngroup = 'wands'\ntitle = 't'\nweights = { wands = 50 }\n\
        patterns = [{ regex = 'core(?: of)? [a-z]{3,9}', triggers = ['core'] }, { regex = '[0-9]{2} ?in', triggers = ['#digit'] }]\n\
        [[rule]]\nkey = 'pay.gold'\ngroup = 'pay'\ntitle = 't'\nweights = { '*' = 60 }\nelement = 'payment'\nentities = ['btc']\n\
        money = [{ currencies = ['EUR'], min = '5' }]\n\
        [[rule]]\nkey = 'pay.hidden'\ngroup = 'pay'\ntitle = 't'\nweights = { '*' = 20 }\ndisguise = ['leet', 'edit']\n\
        [[rule]]\nkey = 'wands.wood'\ngroup = 'wands'\ntitle = 't'\nweights = { wands = 10 }\nwhere = [{ field = 'price', above = '3' }, { field = 'brand', any_of = ['Oak'] }]\n\
        [[rule]]\nkey = 'toy.toy'\ngroup = 'toy'\ntitle = 't'\nweights = { wands = -200 }\nterms = ['toy']\nexcuses = { groups = ['wands'] }\n";

    fn taxonomy() -> Taxonomy {
        let examples = "['wands.wand']\nmatch = ['Wand']\n";
        let sources = [("shop/pack.toml", PACK), ("shop/rules.toml", RULES), ("shop/shop.examples.toml", examples)];
        Taxonomy::from_sources(sources.map(|(name, text)| Source::new(name, text))).unwrap_or_else(|p| panic!("{p}"))
    }

    fn compiled() -> &'static [u8] {
        static COMPILED: OnceLock<Vec<u8>> = OnceLock::new();
        COMPILED.get_or_init(|| taxonomy().to_compiled().unwrap_or_else(|error| panic!("{error}")))
    }

    fn engine(taxonomy: &Taxonomy) -> Engine {
        Engine::builder().taxonomy(taxonomy).build().unwrap_or_else(|error| panic!("{error}"))
    }

    const TITLES: [&str; 6] = [
        "Magic wand with a staff, 20 g, core of unicorn, 12 in",
        "m4gic w4nd, elderbery, wandmakers, 10 EUR",
        "A toy wand, and the staff",
        "\u{6749}\u{6756} pal\u{f3} 1BoatSLRHtKNngkdXEeobR76b53LETtpyT",
        "Oak desk",
        "",
    ];

    fn listings() -> impl Iterator<Item = Listing<'static>> {
        TITLES.into_iter().map(|title| Listing::new().with(Field::Title, title.as_bytes()).with(Field::Brand, b"OAK").with(Field::Price, b"4"))
    }

    #[test]
    fn an_engine_of_a_compiled_pack_is_that_of_its_sources() {
        let (source, read) = (taxonomy(), Taxonomy::from_compiled(compiled()).unwrap_or_else(|error| panic!("{error}")));
        assert_eq!((read.digest(), read.sources(), read.changes().len()), (source.digest(), source.sources(), 1));
        assert_eq!(read.warnings(), source.warnings());
        let dates = ["2026-02-01", "2026-03-01", "2028-01-01"].map(|day| Date::parse(day).unwrap_or_else(|| panic!("{day}")));
        let settings = dates.into_iter().flat_map(|day| [(day, None), (day, Some("EU"))]);
        for (day, jurisdiction) in settings {
            let [a, b] = [&source, &read].map(|t| {
                let mut builder = Engine::builder();
                builder.taxonomy(t).as_of(day).jurisdictions(jurisdiction);
                builder.build().unwrap_or_else(|error| panic!("{error}"))
            });
            assert_eq!((a.digest(), a.taxonomy_digest(), a.warnings()), (b.digest(), b.taxonomy_digest(), b.warnings()));
            listings().for_each(|listing| assert_eq!(a.assess(&listing), b.assess(&listing)));
        }
        assert_eq!(read.to_compiled().ok().as_deref(), Some(compiled()));
        let over = "format = 1\nname = 'over'\nversion = '1.0.0'\nreleased = 2026-03-01\nlicense = 'CC0-1.0'\nowner = 'o'\nextends = ['shop']\n\
            [[change]]\nrule = 'wands.wand'\nowner = 'o'\nreason = 'r'\nexpires = 2028-01-01\nstatus = 'shadow'\n";
        let over = Taxonomy::from_sources([Source::new("over/pack.toml", over)]).unwrap_or_else(|p| panic!("{p}"));
        let laid = |below: Taxonomy| engine(&below.overlay(over.clone()).unwrap_or_else(|p| panic!("{p}"))).digest();
        assert_eq!(laid(source), laid(read));
    }

    #[test]
    fn damaged_files_are_refused() {
        let kind = |bytes: &[u8]| Taxonomy::from_compiled(bytes.to_vec()).err().map(|error| error.kind());
        let mut bytes = compiled().to_vec();
        for at in 0..bytes.len() {
            assert_eq!(kind(&bytes[..at]), Some(ErrorKind::Compiled), "cut at {at}");
            bytes[at] ^= 0x41;
            assert_eq!(kind(&bytes), Some(ErrorKind::Compiled), "damaged at {at}");
            bytes[at] ^= 0x41;
        }
        bytes.push(0);
        assert_eq!(kind(&bytes), Some(ErrorKind::Compiled));
    }

    /// What the checks of ids and ranges are for: bytes whose checksum is right.
    fn with_body(change: impl FnOnce(&mut Vec<u8>)) {
        let head = MAGIC.len() + 4 + 8 + 8 + UNICODE_VERSION.len();
        let mut bytes = compiled().to_vec();
        let mut body = bytes.split_off(head + 40);
        change(&mut body);
        let digest: [u8; 32] = bytes[head..head + 32].try_into().unwrap_or_default();
        bytes[head + 32..].copy_from_slice(&checksum(&body, &Digest::new(digest)).to_le_bytes());
        bytes.extend(body);
        if let Ok(read) = Taxonomy::from_compiled(bytes)
            && let Ok(engine) = Engine::builder().taxonomy(&read).build()
        {
            listings().for_each(|listing| drop(engine.assess(&listing)));
            let _ = engine.explain(&Listing::new().with(Field::Title, b"wand"));
        }
    }

    #[test]
    fn no_byte_makes_it_panic() {
        let length = compiled().len();
        for (at, value) in (0..length).step_by(5).zip([0, 1, 0x7F, 0xFF].into_iter().cycle()) {
            with_body(|body| {
                if let Some(byte) = body.get_mut(at) {
                    *byte = value;
                }
            });
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(at in any::<prop::sample::Index>(), new in prop::collection::vec(any::<u8>(), 0..12), cut in 0usize..12) {
            with_body(|body| {
                let at = at.index(body.len());
                drop(body.splice(at..(at + cut).min(body.len()), new));
            });
        }

        #[test]
        fn garbage_is_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            prop_assert!(Taxonomy::from_compiled([MAGIC, &bytes[..]].concat()).is_err());
            prop_assert!(Taxonomy::from_compiled(bytes).is_err());
        }
    }
}
