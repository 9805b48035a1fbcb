//! Compiled packs: a taxonomy with its sources, and the program that it makes for its default settings, in one file that an engine takes its
//! tables from without compiling. With other settings, or with packs laid over it, the sources are loaded and compiled as ever. Nothing in
//! it depends on the machine. Invariants: an engine of a compiled pack has the digest of one from its sources, and gives the same
//! assessments; a file that is damaged, or of another version, is refused, and whatever a file holds, nothing panics.

use super::SEMANTICS;
use super::builder::Made;
use crate::compile::Program;
use crate::diagnostic::Diagnostics;
use crate::error::{Error, ErrorKind};
use crate::id::{Canon, Digest};
use crate::stored::{Damaged, Reader, Stored, Writer, sound};
use crate::taxonomy::{Ready, Taxonomy};
use crate::text::UNICODE_VERSION;
use std::sync::Arc;

/// What a file begins with.
const MAGIC: &[u8; 8] = b"piepack\x1a";

/// The version of the form. Whatever changes a table's form raises it.
const FORM: u32 = 1;

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
        out.list(made.form.fed(), |byte| [byte]);
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

    /// Reads a compiled pack.
    ///
    /// The file is believed: it says what its sources were, and an engine of it has their digest. Compile packs of others yourself.
    ///
    /// # Errors
    /// When the bytes are no compiled pack, are damaged, or were compiled by another version of piepowder.
    ///
    /// ```
    /// use piepowder::{Engine, Taxonomy};
    /// let taxonomy = piepowder_packs::taxonomy();
    /// let compiled = Taxonomy::from_compiled(&taxonomy.to_compiled()?)?;
    /// assert_eq!(compiled.digest(), taxonomy.digest());
    /// # Ok::<(), piepowder::Error>(())
    /// ```
    pub fn from_compiled(bytes: &[u8]) -> Result<Taxonomy, Error> {
        let error = |message: &str| Error::new(ErrorKind::Compiled, message);
        let damaged = |_: Damaged| error("the compiled pack is damaged; compile it again");
        let Some(rest) = bytes.strip_prefix(MAGIC) else { return Err(error("this is no compiled pack")) };
        let mut head = Reader::new(rest);
        let same_version = |head: &mut Reader<'_>| {
            Ok(u32::read(head)? == FORM && i64::read(head)? == SEMANTICS && head.text()? == UNICODE_VERSION)
        };
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
    sound(checksum(body, &digest) == stated)?;
    let mut from = Reader::new(body);
    let mut taxonomy = Taxonomy::read(&mut from)?;
    sound(taxonomy.released().is_some())?;
    let warnings = Diagnostics::read(&mut from)?;
    let length = usize::read(&mut from)?;
    let form = Arc::new(Canon::of_fed(from.bytes(length)?));
    let program = Program::read(&taxonomy, &mut from)?;
    from.end()?;
    taxonomy.ready = Some(Arc::new(Ready { digest, form, warnings, program: Arc::new(program) }));
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
