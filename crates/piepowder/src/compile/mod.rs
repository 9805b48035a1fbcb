//! From a taxonomy to a `Program`: flat tables that the matcher walks. Terms pass through the same views as listings, patterns become
//! automata, references become dense ids. Nothing here sees a listing. Invariant: every rule of a program has a trigger, and every term
//! is what the views make of it.

mod catalog;
mod dfa;
mod entry;
mod gate;
mod lexicon;
mod lint;
mod near;
mod pattern;
mod plain;
mod steps;
mod stored;
mod term;

pub(crate) use catalog::Catalog;
pub(crate) use entry::Entry;
pub(crate) use gate::{Read, Triggered};
pub(crate) use lint::{Lints, lint};
pub(crate) use pattern::Automaton;
pub(crate) use term::{Accents, InDisguise, Phrase, TermPiece};

use crate::bytes::{Bytes, List};
use crate::decimal;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::error::{Error, ErrorKind};
use crate::id::{Date, FieldId, GroupId, RuleId};
use crate::limits::MAX_OFFENSES;
use crate::listing::Field;
use crate::taxonomy::format::MOST_LETTERS;
use crate::taxonomy::{Boundary, EntityKind, GroupKind, MoneyRange, NearScope, QuantityRange, Scope, Status, Taxonomy, Test, Trigger};
use crate::text::{self, Lexicon, Table, Transforms};
use aho_corasick::{AhoCorasick, MatchKind};
use near::RuleSet;
use std::sync::Arc;

/// Most fields, fixed and declared: fields of a rule are a set of 64 bits.
const MAX_FIELDS: usize = 64;

/// Scripts that there are ids for.
const SCRIPTS: usize = 256;

/// How much of a typed field is compared: as much as the view's offsets can count. No record that is read is as long.
const TYPED_BYTES: usize = 1 << 24;

/// A rule as the matcher and the algebra see it.
#[derive(Debug)]
pub(crate) struct RuleCode {
    pub(crate) group: GroupId,
    pub(crate) kind: GroupKind,
    pub(crate) shadow: bool,
    /// Whether words of it may be looked for in disguise at all.
    pub(crate) hides: bool,
    /// Bit set of the fields where it looks.
    pub(crate) fields: u64,
    pub(crate) weights: [i32; MAX_OFFENSES],
    pub(crate) near: Option<NearCode>,
    pub(crate) conditions: Vec<ConditionCode>,
    pub(crate) reads_text: bool,
    pub(crate) excuse: Option<ExcuseCode>,
}

/// What must be near: rules, and a distance in pieces; with `elsewhere`, or in another field.
#[derive(Debug)]
pub(crate) struct NearCode {
    pub(crate) rules: RuleSet,
    pub(crate) within: u32,
    pub(crate) elsewhere: bool,
}

/// What an excuse takes back: groups, sorted; `within` is none when it reaches over the whole field, and with `elsewhere` over the others,
/// too.
#[derive(Debug)]
pub(crate) struct ExcuseCode {
    pub(crate) groups: Vec<GroupId>,
    pub(crate) within: Option<u32>,
    pub(crate) elsewhere: bool,
}

/// A condition on a typed field, with texts folded.
#[derive(Debug)]
pub(crate) struct ConditionCode {
    pub(crate) field: FieldId,
    pub(crate) test: Test,
}

/// A text that is looked for inside words, too.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Substring {
    pub(crate) rule: RuleId,
    pub(crate) boundary: Boundary,
    pub(crate) in_disguise: InDisguise,
}

/// Substrings of the surface, in one automaton.
#[derive(Debug)]
pub(crate) struct Substrings {
    pub(crate) automaton: AhoCorasick,
    /// By pattern of the automaton.
    pub(crate) list: Vec<Substring>,
    /// The texts themselves, which the automaton does not tell.
    texts: Vec<String>,
}

/// Everything that matching, weighing and deciding read of a taxonomy, for one day and one set of jurisdictions.
#[derive(Debug)]
pub(crate) struct Program {
    pub(crate) catalog: Arc<Catalog>,
    pub(crate) rules: Vec<RuleCode>,
    /// Kind and whether excuses reach it, by group.
    pub(crate) groups: Vec<(GroupKind, bool)>,
    /// Fields that some rule reads, or coverage does.
    pub(crate) text_fields: Vec<FieldId>,
    /// Terms, trigger words and function words, by pieces, pairs of pieces and joined texts.
    pub(crate) entries: Table<Entry, 16>,
    pub(crate) phrases: List<Phrase, 16>,
    pub(crate) phrase_pieces: List<term::TermPiece, 16>,
    pub(crate) bytes: Bytes,
    pub(crate) ascii_substrings: Option<Substrings>,
    pub(crate) other_substrings: Option<Substrings>,
    /// Words that are read in disguise.
    pub(crate) lexicon: Lexicon,
    /// Rules that match where others were found in disguise, with the transforms that they look for.
    pub(crate) disguises: Vec<(RuleId, Transforms)>,
    pub(crate) patterns: Vec<Automaton>,
    /// Patterns by trigger word.
    pub(crate) triggers: Vec<Triggered>,
    /// Patterns by shape: digit, digits12, base58, hex, at, currency.
    pub(crate) shapes: [Triggered; 6],
    pub(crate) quantities: Vec<(RuleId, QuantityRange)>,
    pub(crate) money: Vec<(RuleId, MoneyRange)>,
    pub(crate) entities: Vec<(EntityKind, Vec<RuleId>)>,
    /// Rules that are conditions on fields alone.
    pub(crate) condition_rules: Vec<RuleId>,
    pub(crate) languages: Languages,
}

/// What coverage needs: scripts and function words, by language.
#[derive(Debug, Default)]
pub(crate) struct Languages {
    /// Codes and whether packs read them, by language index.
    pub(crate) languages: Vec<(String, bool)>,
    /// Whether a script is read, by script id.
    pub(crate) scripts_read: Vec<bool>,
}

/// Compiles the rules in force on a day.
///
/// # Errors
/// With diagnostics when a term, a substring or a pattern cannot be compiled; when the taxonomy has more offenses or fields than fit.
pub(crate) fn compile(taxonomy: &Taxonomy, as_of: Date, jurisdictions: &[String]) -> Result<(Program, Diagnostics), Error> {
    let catalog = Catalog::new(taxonomy, as_of, jurisdictions);
    if catalog.offenses.len() > MAX_OFFENSES {
        return Err(Error::new(ErrorKind::TooLarge, format!("{} offenses; an engine holds at most {MAX_OFFENSES}", catalog.offenses.len())));
    }
    if catalog.fields.len() > MAX_FIELDS {
        return Err(Error::new(ErrorKind::TooLarge, format!("{} fields; an engine holds at most {MAX_FIELDS}", catalog.fields.len())));
    }
    let mut build = Build::new(catalog);
    for index in 0..build.catalog.rules.len() {
        build.rule(RuleId::new(index));
    }
    build.languages(taxonomy);
    build.finish()
}

/// Tables under construction.
struct Build {
    catalog: Catalog,
    /// Rules by group.
    members: Vec<Vec<RuleId>>,
    problems: Diagnostics,
    rules: Vec<RuleCode>,
    terms: term::TermTables,
    substrings: Vec<(String, Substring)>,
    words: text::Words,
    disguises: Vec<(RuleId, Transforms)>,
    patterns: Vec<Automaton>,
    shapes: [Vec<u32>; 6],
    quantities: Vec<(RuleId, QuantityRange)>,
    money: Vec<(RuleId, MoneyRange)>,
    entities: Vec<(EntityKind, Vec<RuleId>)>,
    languages: Languages,
}

impl Build {
    fn new(catalog: Catalog) -> Self {
        let mut members = vec![Vec::new(); catalog.groups.len()];
        for (index, rule) in catalog.rules.iter().enumerate() {
            if let Some(group) = catalog.group_id(&rule.body().group) {
                members[group.index()].push(RuleId::new(index));
            }
        }
        Build {
            catalog,
            members,
            problems: Diagnostics::default(),
            rules: Vec::new(),
            terms: term::TermTables::default(),
            substrings: Vec::new(),
            words: lexicon::measures(),
            disguises: Vec::new(),
            patterns: Vec::new(),
            shapes: Default::default(),
            quantities: Vec::new(),
            money: Vec::new(),
            entities: EntityKind::ALL.iter().map(|k| (*k, Vec::new())).collect(),
            languages: Languages::default(),
        }
    }

    fn rule(&mut self, id: RuleId) {
        let rule = Arc::clone(&self.catalog.rules[id.index()]);
        let code = self.code(id);
        self.rules.push(code);
        let in_disguise = |folded: &str| InDisguise::of(folded, rule.body().disguised_from);
        for t in rule.terms.iter() {
            match term::prepare(t, &rule, &mut self.terms.tokens) {
                Ok((folded, Boundary::Word)) => {
                    let disguise = in_disguise(&folded);
                    self.terms.add(id, (t.value, &folded), disguise);
                    if disguise == InDisguise::Too {
                        lexicon::of_term(&folded, &self.terms.tokens, &mut self.words);
                    }
                }
                Ok((folded, boundary)) => {
                    let in_disguise = in_disguise(&folded);
                    self.substrings.push((folded, Substring { rule: id, boundary, in_disguise }));
                }
                Err(problem) => self.problems.push(*problem),
            }
        }
        for t in rule.substrings.iter() {
            match term::prepare_substring(t) {
                Ok(folded) => self.substrings.push((folded, Substring { rule: id, boundary: Boundary::Substring, in_disguise: InDisguise::Too })),
                Err(problem) => self.problems.push(*problem),
            }
        }
        if !rule.body().disguise.is_empty() {
            let named = rule.body().disguise.iter().filter_map(|name| Transforms::from_name(name));
            self.disguises.push((id, named.fold(Transforms::NONE, Transforms::union)));
        }
        for (number, p) in (0..).zip(rule.patterns()) {
            lexicon::of_pattern(&p.regex, &mut self.words);
            let index = self.patterns.len() as u32;
            match pattern::compile(p).map(|()| Automaton::new(&rule, number, id, p.view)) {
                Ok(automaton) => {
                    self.patterns.push(automaton);
                    self.triggers(&p.triggers, index);
                }
                Err(problem) => self.problems.push(*problem),
            }
        }
        self.quantities.extend(rule.body().quantities.iter().map(|q| (id, q.clone())));
        self.money.extend(rule.body().money.iter().map(|m| (id, m.clone())));
        for (kind, rules) in &mut self.entities {
            if rule.body().entities.contains(kind) {
                rules.push(id);
            }
        }
    }

    fn triggers(&mut self, triggers: &[Trigger], pattern: u32) {
        for trigger in triggers {
            let shape = match trigger {
                Trigger::Word(word) => {
                    self.terms.add_trigger(&text::fold(word), pattern);
                    continue;
                }
                Trigger::Digit => 0,
                Trigger::Digits12 => 1,
                Trigger::Base58 => 2,
                Trigger::Hex => 3,
                Trigger::At => 4,
                Trigger::Currency => 5,
            };
            self.shapes[shape].push(pattern);
        }
    }

    /// The rule with its references as ids.
    fn code(&self, id: RuleId) -> RuleCode {
        let catalog = &self.catalog;
        let rule = &catalog.rules[id.index()];
        let group = catalog.group_id(&rule.body().group).expect("references were checked before compiling");
        let mut weights = [0; MAX_OFFENSES];
        for (slot, offense) in weights.iter_mut().zip(&catalog.offenses) {
            *slot = rule.weight(&offense.key);
        }
        let fields = if rule.body().fields.is_empty() {
            catalog.default_fields()
        } else {
            rule.body().fields.iter().filter_map(|f| catalog.field_id(f)).fold(0, |set, f| set | 1 << f.index())
        };
        RuleCode {
            group,
            kind: catalog.groups[group.index()].kind,
            shadow: rule.body().status == Status::Shadow,
            hides: rule.body().disguised_from < MOST_LETTERS,
            fields,
            weights,
            near: rule.body().near.as_ref().map(|near| NearCode {
                rules: RuleSet::new(self.near(id, &near.any)),
                within: near.within,
                elsewhere: near.scope == NearScope::Listing,
            }),
            conditions: rule
                .body()
                .conditions
                .iter()
                .filter_map(|c| Some(ConditionCode { field: catalog.field_id(&c.field)?, test: fold_test(&c.test) }))
                .collect(),
            reads_text: rule.reads_text(),
            excuse: rule.body().excuse.as_ref().map(|excuse| ExcuseCode {
                groups: (0..catalog.groups.len())
                    .filter(|i| catalog.groups[*i].excusable && excuse.names(&catalog.groups[*i].key))
                    .map(GroupId::new)
                    .collect(),
                within: (excuse.scope == Scope::Near).then_some(excuse.within),
                elsewhere: excuse.scope == Scope::Listing,
            }),
        }
    }

    /// The rules of some keys, and of groups of some keys, but the rule itself.
    fn near(&self, id: RuleId, keys: &[String]) -> Vec<RuleId> {
        let catalog = &self.catalog;
        let mut rules: Vec<RuleId> = keys.iter().filter_map(|key| catalog.rule_id(key)).collect();
        let groups = keys.iter().filter_map(|key| catalog.group_id(key));
        rules.extend(groups.flat_map(|group| &self.members[group.index()]));
        rules.sort_unstable();
        rules.dedup();
        rules.retain(|rule| *rule != id);
        rules
    }

    fn languages(&mut self, taxonomy: &Taxonomy) {
        self.languages.scripts_read = vec![false; SCRIPTS];
        for (index, language) in taxonomy.languages.values().enumerate() {
            self.languages.languages.push((language.code.clone(), language.read));
            for script in language.scripts.iter().filter_map(|code| text::script_id(code)).filter(|_| language.read) {
                self.languages.scripts_read[script as usize] = true;
            }
            for word in &language.words {
                self.terms.add_language_word(&text::fold(word), index as u16);
            }
        }
    }

    fn finish(self) -> Result<(Program, Diagnostics), Error> {
        if self.problems.has_errors() {
            return Err(self.problems.into());
        }
        let (ascii, other): (Vec<_>, Vec<_>) = self.substrings.into_iter().partition(|(s, _)| s.is_ascii());
        let groups = self.catalog.groups.iter().map(|g| (g.kind, g.excusable)).collect();
        let read = self.rules.iter().fold(1 | 1 << Field::Description as u64, |set, r| set | r.fields);
        let text_fields = (0..self.catalog.fields.len()).filter(|i| read >> i & 1 == 1 && self.catalog.is_text(*i)).map(FieldId::new).collect();
        let condition_rules = (0..self.rules.len()).filter(|i| !self.rules[*i].reads_text).map(RuleId::new).collect();
        let terms = self.terms;
        let program = Program {
            catalog: Arc::new(self.catalog),
            rules: self.rules,
            groups,
            text_fields,
            entries: Table::new(&terms.entries),
            phrases: List::of_rows(terms.phrases),
            phrase_pieces: List::of_rows(terms.pieces),
            bytes: terms.bytes.into(),
            lexicon: Lexicon::new(self.words),
            disguises: self.disguises,
            ascii_substrings: substrings(ascii)?,
            other_substrings: substrings(other)?,
            patterns: self.patterns,
            triggers: terms.triggered.into_iter().map(Triggered::new).collect(),
            shapes: self.shapes.map(Triggered::new),
            quantities: self.quantities,
            money: self.money,
            entities: self.entities.into_iter().filter(|(_, rules)| !rules.is_empty()).collect(),
            condition_rules,
            languages: self.languages,
        };
        Ok((program, self.problems))
    }
}

fn substrings(list: Vec<(String, Substring)>) -> Result<Option<Substrings>, Error> {
    if list.is_empty() {
        return Ok(None);
    }
    let automaton = AhoCorasick::builder()
        .match_kind(MatchKind::Standard)
        .build(list.iter().map(|(s, _)| s))
        .map_err(|e| Error::new(ErrorKind::TooLarge, format!("substrings do not fit one automaton: {e}")))?;
    let (texts, list) = list.into_iter().unzip();
    Ok(Some(Substrings { automaton, list, texts }))
}

fn fold_test(test: &Test) -> Test {
    match test {
        Test::AnyOf(texts) => Test::AnyOf(texts.iter().map(|t| text::fold(t)).collect()),
        Test::Below(value, currency) => Test::Below(*value, currency.as_deref().map(text::fold)),
        Test::Above(value, currency) => Test::Above(*value, currency.as_deref().map(text::fold)),
        Test::Present(present) => Test::Present(*present),
    }
}

impl Program {
    /// Patterns that are in force and need too large an automaton. Builds those of all that were not tried yet, which takes a while.
    pub(crate) fn too_large(&self) -> impl Iterator<Item = Diagnostic> + '_ {
        self.patterns.chunk_by(|a, b| a.rule == b.rule).flat_map(|own| {
            let written = self.catalog.rules[own[0].rule.index()].patterns();
            own.iter().zip(written).filter(|(automaton, _)| automaton.is_too_large()).map(|(_, pattern)| pattern::too_large(pattern))
        })
    }

    /// About how many bytes the program takes on the heap.
    pub(crate) fn memory_usage(&self) -> usize {
        let automata = [&self.ascii_substrings, &self.other_substrings].into_iter().flatten().map(|s| s.automaton.memory_usage()).sum::<usize>();
        self.entries.memory_usage()
            + self.phrases.bytes().len()
            + self.phrase_pieces.bytes().len()
            + self.bytes.len()
            + automata
            + self.lexicon.memory_usage()
            + self.patterns.iter().map(Automaton::memory_usage).sum::<usize>()
            + self.triggers.iter().chain(&self.shapes).map(Triggered::memory_usage).sum::<usize>()
            + self.rules.len() * size_of::<RuleCode>()
            + self.catalog.memory_usage()
    }

    /// Bytes of terms and words.
    #[inline]
    pub(crate) fn text(&self, start: u32, len: u32) -> Option<&[u8]> {
        self.bytes.get(start as usize..start as usize + len as usize)
    }

    /// Whether a match of the rule is evidence of an offense: the rule is of a specific group, and no shadow.
    pub(crate) fn is_evidence(&self, rule: RuleId) -> bool {
        let code = &self.rules[rule.index()];
        code.kind == GroupKind::Specific && !code.shadow
    }

    /// Whether words with a mistake are read beside a match of the rule: it is evidence, and not of what nobody hides.
    pub(crate) fn opens_edits(&self, rule: RuleId) -> bool {
        self.is_evidence(rule) && self.rules[rule.index()].hides
    }

    /// Whether a listing's typed fields meet a condition.
    pub(crate) fn holds(&self, condition: &ConditionCode, listing: &crate::listing::Listing<'_>, surface: &mut text::Surface) -> bool {
        let bytes = listing.bytes(condition.field);
        let currency_is = |wanted: &Option<String>, surface: &mut text::Surface| match wanted {
            None => true,
            Some(code) => {
                surface.read_verbatim(text::cut(listing.get(Field::Currency), TYPED_BYTES));
                surface.text() == code.as_bytes()
            }
        };
        match &condition.test {
            Test::Present(present) => bytes.is_empty() != *present,
            Test::AnyOf(texts) => {
                surface.read_verbatim(text::cut(bytes, TYPED_BYTES));
                texts.iter().any(|t| t.as_bytes() == surface.text())
            }
            Test::Below(value, currency) => decimal::parse(bytes).is_some_and(|v| v < *value) && currency_is(currency, surface),
            Test::Above(value, currency) => decimal::parse(bytes).is_some_and(|v| v > *value) && currency_is(currency, surface),
        }
    }
}
