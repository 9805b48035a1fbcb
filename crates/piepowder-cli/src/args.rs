//! The command line as clap reads it: one definition, from which help, completions and the manual page are made. It decides nothing;
//! `options` lays flags over environment and file. Invariant: a flag that is also a setting of `piepowder.toml` has the same name there.

use clap::builder::styling::{AnsiColor, Styles};
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

/// Scores marketplace listings for risk of illegal trade, with the reasons on the table.
///
/// Every score is a sum of cited pieces of evidence, in centibans: +100 makes a proposition ten times likelier, -100 ten times less.
/// piepowder recommends what a person should look at first; it decides nothing.
#[derive(Debug, Parser)]
#[command(name = "piepowder", version, styles = STYLES, max_term_width = 100, after_long_help = MAIN_EXAMPLES)]
pub(crate) struct Cli {
    /// What to do
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Score listings: JSON Lines in, one JSON object a line out, in input order
    #[command(after_long_help = SCORE_EXAMPLES)]
    Score(Score),
    /// Explain one listing: its text with the evidence marked, the sum, what would change the outcome
    #[command(after_long_help = EXPLAIN_EXAMPLES)]
    Explain(Explain),
    /// Check packs: every problem with file:line:column, and every example and counter-example run
    #[command(after_long_help = CHECK_EXAMPLES)]
    Check(Check),
    /// List and search rules, or show one in full
    #[command(after_long_help = RULES_EXAMPLES)]
    Rules(Rules),
    /// Compare two sets of packs: their rules, and what changes over listings
    #[command(after_long_help = DIFF_EXAMPLES)]
    Diff(Diff),
    /// Compile packs to one file that starts in milliseconds and is taken wherever a pack is
    #[command(after_long_help = COMPILE_EXAMPLES)]
    Compile(Compile),
    /// Say what a score here depends on: packs, policy, priors, limits, digests
    About(About),
    /// Print the JSON Schema of the output, of packs or of policies
    Schema(Schema),
    /// Print completions for a shell
    #[command(hide = true)]
    Completions {
        /// bash, elvish, fish, powershell or zsh
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    #[command(hide = true)]
    Man,
}

/// What an engine is made of. Flags go before environment, environment before file, file before defaults.
#[derive(Args, Debug, Default)]
pub(crate) struct EngineArgs {
    /// Lay a pack over the embedded ones: a folder with a pack.toml, a folder of such folders, or a file that compile wrote
    /// (repeatable)
    #[arg(long, value_name = "PACK", help_heading = ENGINE)]
    pub(crate) pack: Vec<PathBuf>,
    /// Start without the embedded packs
    #[arg(long, help_heading = ENGINE)]
    pub(crate) no_embedded: bool,
    /// Tiers, thresholds, floors and priors [default: the standard policy]
    #[arg(long, value_name = "FILE", help_heading = ENGINE)]
    pub(crate) policy: Option<PathBuf>,
    /// Base rate of an offense where this is used, such as narcotics=0.0001 (repeatable)
    #[arg(long, value_name = "OFFENSE=P", value_delimiter = ',', help_heading = ENGINE)]
    pub(crate) prior: Vec<String>,
    /// Day for which rules are in force [default: the newest release day of the packs; never the clock]
    #[arg(long, value_name = "DATE", help_heading = ENGINE)]
    pub(crate) as_of: Option<String>,
    /// Apply only rules of these jurisdictions and those of none, such as EU,US [default: all]
    #[arg(long, value_name = "CODES", value_delimiter = ',', help_heading = ENGINE)]
    pub(crate) jurisdiction: Vec<String>,
    /// Read settings from this file [default: ./piepowder.toml, if there is one]
    #[arg(long, value_name = "FILE", help_heading = ENGINE)]
    pub(crate) config: Option<PathBuf>,
}

const ENGINE: &str = "Engine";
const RECORDS: &str = "Records";

/// How records are read.
#[derive(Args, Debug, Default)]
pub(crate) struct RecordArgs {
    /// Read a field from another column, such as title=name (repeatable)
    #[arg(long, value_name = "FIELD=COLUMN", value_delimiter = ',', help_heading = RECORDS)]
    pub(crate) field: Vec<String>,
    /// Read the id from this column [default: id; without one, the line number]
    #[arg(long, value_name = "COLUMN", help_heading = RECORDS)]
    pub(crate) id_field: Option<String>,
    /// Read these fields alone, such as title,description
    #[arg(long, value_name = "FIELDS", value_delimiter = ',', help_heading = RECORDS)]
    pub(crate) only: Vec<String>,
    /// Refuse longer records; bytes, or with K, M or G [default: 1M, at most 1G]
    #[arg(long, value_name = "SIZE", help_heading = RECORDS)]
    pub(crate) max_record: Option<String>,
}

#[derive(Args, Debug)]
pub(crate) struct Score {
    /// Files of JSON Lines, one listing a line; - or nothing for standard input
    pub(crate) input: Vec<PathBuf>,
    /// Write to this file instead of standard output; it must not be an input
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// How much evidence a line shows [default: brief]
    #[arg(long, value_name = "DETAIL")]
    pub(crate) evidence: Option<EvidenceArg>,
    /// Write only listings of this tier or a higher one, such as review; all are counted
    #[arg(long, value_name = "TIER")]
    pub(crate) min_tier: Option<String>,
    /// Write counts of the run as JSON to this file; - for a table on standard error
    #[arg(long, value_name = "FILE")]
    pub(crate) summary: Option<PathBuf>,
    /// Write what each rule did as JSON to this file: rows that it matched, rows that it counted in, its sums, rows whose tier
    /// rests on it alone, alerts; - for a table on standard error
    #[arg(long, value_name = "FILE")]
    pub(crate) profile: Option<PathBuf>,
    /// Show card numbers, addresses and the like as they are; every line then says so. A flag only, never a setting
    #[arg(long)]
    pub(crate) reveal: bool,
    /// Threads that score [default: one for each core]; the output is the same for any number
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<usize>,
    /// Map input files instead of reading them. Only for files that nobody changes meanwhile: a truncated one kills the process
    #[arg(long)]
    pub(crate) mmap: bool,
    /// Say on standard error what is used and how long it took
    #[arg(short, long)]
    pub(crate) verbose: bool,
    #[command(flatten)]
    pub(crate) records: RecordArgs,
    #[command(flatten)]
    pub(crate) engine: EngineArgs,
}

#[derive(Args, Debug)]
pub(crate) struct Explain {
    /// A file of JSON Lines; - for standard input
    #[arg(conflicts_with_all = ["title", "description", "set"])]
    pub(crate) input: Option<PathBuf>,
    /// The listing with this id [default: the first one]
    #[arg(long, value_name = "ID", conflicts_with_all = ["title", "description", "set"])]
    pub(crate) id: Option<String>,
    /// Explain a listing with this title
    #[arg(short, long, value_name = "TEXT")]
    pub(crate) title: Option<String>,
    /// and this description
    #[arg(short, long, value_name = "TEXT")]
    pub(crate) description: Option<String>,
    /// and other fields, such as price=12.50 (repeatable)
    #[arg(long, value_name = "FIELD=TEXT")]
    pub(crate) set: Vec<String>,
    /// Text for people, or JSON for machines
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
    /// Whether the text is colored; auto does it on a terminal unless NO_COLOR is set
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = Color::Auto)]
    pub(crate) color: Color,
    /// Show card numbers, addresses and the like as they are
    #[arg(long)]
    pub(crate) reveal: bool,
    #[command(flatten)]
    pub(crate) records: RecordArgs,
    #[command(flatten)]
    pub(crate) engine: EngineArgs,
}

#[derive(Args, Debug)]
pub(crate) struct Check {
    /// Packs: folders with a pack.toml, or folders of such folders [default: the embedded packs]
    ///
    /// They are checked together with the embedded packs, so that they can extend them; a pack of the name of an embedded one
    /// takes its place.
    #[arg(value_name = "PACK")]
    pub(crate) pack: Vec<PathBuf>,
    /// Check without the embedded packs
    #[arg(long)]
    pub(crate) no_embedded: bool,
    /// Warn also of what has good reasons sometimes: common words that count alone (P108), terms that count in several groups (P109)
    #[arg(long)]
    pub(crate) pedantic: bool,
    /// Measure the weights of rules in these labelled listings, too: files of JSON Lines, - for standard input (repeatable)
    ///
    /// A row's label is the key of an offense, or benign; others are left out. Title and description alone are read unless --only
    /// names other fields. A weight that lies outside of the 95 % interval is called contradicted by data, which is no error.
    #[arg(long, value_name = "FILE")]
    pub(crate) corpus: Vec<PathBuf>,
    /// The column of labels
    #[arg(long, value_name = "COLUMN", default_value = "label", requires = "corpus")]
    pub(crate) label_field: String,
    /// The column of markets or shops: intervals then say how markets differ
    #[arg(long, value_name = "COLUMN", requires = "corpus")]
    pub(crate) market_field: Option<String>,
    /// Explain a code, such as P009, and stop
    #[arg(long, value_name = "CODE", conflicts_with = "pack")]
    pub(crate) explain: Option<String>,
    /// Text for people, or one JSON object a line
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
    /// Whether the text is colored; auto does it on a terminal unless NO_COLOR is set
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = Color::Auto)]
    pub(crate) color: Color,
    #[command(flatten)]
    pub(crate) records: RecordArgs,
}

#[derive(Args, Debug)]
pub(crate) struct Rules {
    /// The key of a rule, to show it in full; or a text that key, title or a term contains
    pub(crate) pattern: Option<String>,
    /// Only rules that weigh for this offense
    #[arg(long, value_name = "KEY")]
    pub(crate) offense: Option<String>,
    /// Only rules of this group, or of groups below it
    #[arg(long, value_name = "KEY")]
    pub(crate) group: Option<String>,
    /// Only rules of this element: object, offer, concealment, payment, logistics or context
    #[arg(long, value_name = "ELEMENT", value_parser = element)]
    pub(crate) element: Option<piepowder::Element>,
    /// Only rules that look into this field
    #[arg(long, value_name = "FIELD")]
    pub(crate) field: Option<String>,
    /// Only rules with this term, letter case aside
    #[arg(long, value_name = "TERM")]
    pub(crate) term: Option<String>,
    /// Only rules of this status: active, shadow or retired [default: active and shadow rules in force]
    #[arg(long, value_name = "STATUS", value_parser = status)]
    pub(crate) status: Option<piepowder::Status>,
    /// A table for people, or one JSON object a line
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
    #[command(flatten)]
    pub(crate) engine: EngineArgs,
}

#[derive(Args, Debug)]
pub(crate) struct Diff {
    /// The packs as they were: a folder with a pack.toml, or a folder of such folders; or the word embedded
    ///
    /// They are loaded with the embedded packs; a pack of the name of an embedded one takes its place.
    pub(crate) a: PathBuf,
    /// The packs as they are
    pub(crate) b: PathBuf,
    /// Files of JSON Lines to score with both; - for standard input
    pub(crate) corpus: Vec<PathBuf>,
    /// Compare without the embedded packs around
    #[arg(long)]
    pub(crate) no_embedded: bool,
    /// Fail (exit 3) when the listings at a tier or above become more, or fewer, than so, such as review=+5% or urgent=-0 (repeatable)
    #[arg(long, value_name = "TIER=CHANGE")]
    pub(crate) gate: Vec<String>,
    /// Show so many of the listings with another tier
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub(crate) rows: usize,
    /// Text for people, or one JSON object
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
    #[command(flatten)]
    pub(crate) records: RecordArgs,
    #[command(flatten)]
    pub(crate) engine: OtherEngineArgs,
}

/// What an engine is made of beside packs.
#[derive(Args, Debug)]
pub(crate) struct OtherEngineArgs {
    /// Tiers, thresholds, floors and priors [default: the standard policy]
    #[arg(long, value_name = "FILE", help_heading = ENGINE)]
    policy: Option<PathBuf>,
    /// Base rate of an offense where this is used, such as narcotics=0.0001 (repeatable)
    #[arg(long, value_name = "OFFENSE=P", value_delimiter = ',', help_heading = ENGINE)]
    prior: Vec<String>,
    /// Day for which rules are in force [default: of each side, the newest release day of its packs]
    #[arg(long, value_name = "DATE", help_heading = ENGINE)]
    as_of: Option<String>,
}

impl OtherEngineArgs {
    pub(crate) fn all(self) -> EngineArgs {
        EngineArgs { policy: self.policy, prior: self.prior, as_of: self.as_of, ..EngineArgs::default() }
    }
}

#[derive(Args, Debug)]
pub(crate) struct Compile {
    /// Packs, all that belong together: folders with a pack.toml, folders of such folders, files that compile wrote; or the word
    /// embedded
    #[arg(value_name = "PACK", required = true)]
    pub(crate) pack: Vec<PathBuf>,
    /// Write to this file
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: PathBuf,
}

#[derive(Args, Debug)]
pub(crate) struct About {
    /// Text for people, or JSON for machines
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
    #[command(flatten)]
    pub(crate) engine: EngineArgs,
}

#[derive(Args, Debug)]
pub(crate) struct Schema {
    /// Which schema
    #[arg(value_enum)]
    pub(crate) of: SchemaOf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Text,
    /// For machines
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum EvidenceArg {
    /// Neither priors nor evidence
    None,
    /// What contributes less than 10 centibans folded into one line
    Brief,
    /// Everything
    Full,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemaOf {
    /// A line that `score` writes
    Output,
    /// Files of a pack
    Pack,
    /// A policy file
    Policy,
}

fn one_of<T: Copy>(all: &[T], word: fn(T) -> &'static str, text: &str) -> Result<T, String> {
    let words = || all.iter().map(|v| word(*v)).collect::<Vec<_>>().join(", ");
    all.iter().copied().find(|v| word(*v) == text).ok_or_else(|| format!("expected one of {}", words()))
}

fn element(text: &str) -> Result<piepowder::Element, String> {
    one_of(piepowder::Element::ALL, piepowder::Element::word, text)
}

fn status(text: &str) -> Result<piepowder::Status, String> {
    one_of(piepowder::Status::ALL, piepowder::Status::word, text)
}

const MAIN_EXAMPLES: &str = "\
Examples:
  piepowder explain --title \"Pure cocaine 3.5 g, stealth shipping\"
  piepowder score listings.jsonl --min-tier review --summary - -o scored.jsonl
  piepowder check my-pack
  piepowder rules --offense arms

Settings:
  Flags go before environment variables (PIEPOWDER_THREADS, PIEPOWDER_PRIOR, ...), these before
  ./piepowder.toml or --config FILE, that before defaults. Keys of the file are the names of the
  flags; an unknown one is refused.

Exit status: 0 all well, 1 some rows rejected or problems found, 2 could not run, 130 interrupted.";

const SCORE_EXAMPLES: &str = "\
Examples:
  piepowder score listings.jsonl > scored.jsonl
  zcat crawl.jsonl.gz | piepowder score --min-tier review --evidence full
  piepowder score shop.jsonl --field title=name,description=body --id-field sku --prior narcotics=0.0001
  piepowder score listings.jsonl --only title --summary summary.json -o titles.jsonl
  piepowder score listings.jsonl --profile rules.json -o scored.jsonl

Input is one JSON object a line. Known keys are title, description, brand, category, attributes,
seller, ships_from, ships_to, price, currency, language, listed_at, id, and fields that packs
declare; others are ignored. A row that cannot be read gives an error line in its place, and a
message with file, line and column on standard error (the first 20).

Exit status: 0 all rows scored, 1 some rows rejected or an input cut short, 2 could not run, 130 interrupted.";

const EXPLAIN_EXAMPLES: &str = "\
Examples:
  piepowder explain --title \"Replica watch, 1:1 quality\" --description \"Ships without logo.\"
  piepowder explain --title \"Gift card\" --set price=5.00 --set currency=USD
  piepowder explain listings.jsonl --id 4711
  head -1 listings.jsonl | piepowder explain - --format json";

const CHECK_EXAMPLES: &str = "\
Examples:
  piepowder check
  piepowder check my-pack
  piepowder check my-pack --pedantic
  piepowder check --corpus labelled.jsonl --market-field shop
  piepowder check --explain P029

Exit status: 0 no errors (warnings, and weights that data contradict, are no errors), 1 errors, or rows
of a corpus rejected, 2 could not run.";

const RULES_EXAMPLES: &str = "\
Examples:
  piepowder rules --offense arms --element object
  piepowder rules escrow
  piepowder rules narcotics.cocaine.name
  piepowder rules --format json | jq -r .key";

const COMPILE_EXAMPLES: &str = "\
Examples:
  piepowder compile my-pack -o my-pack.compiled
  piepowder compile embedded my-pack -o all.compiled
  piepowder score --no-embedded --pack all.compiled listings.jsonl

The file holds the packs' sources and the tables that they make for the newest release day and all
jurisdictions. Alone with --no-embedded it is ready when it is read; with other packs, another day
or jurisdictions its sources are compiled as ever. The scores are the same. It is believed as packs
are: take none from where you would take no packs. Another version of piepowder may refuse it.";

const DIFF_EXAMPLES: &str = "\
Examples:
  piepowder diff embedded my-checkout/packs
  piepowder diff embedded new-arms listings.jsonl --gate review=+5% --gate urgent=-0
  piepowder diff old new - --only title,description --format json < shop.jsonl

Exit status: 0 all gates hold, 1 some rows rejected, 2 could not run, 3 a gate failed.";
