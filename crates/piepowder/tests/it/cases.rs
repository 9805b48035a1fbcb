//! One small bad pack for each code of a diagnostic. The golden files in `tests/golden` hold what is said about it.

use piepowder::Source;

/// What brings the problem about.
pub(crate) enum Given {
    /// Loading these sources.
    Load(Vec<Source>),
    /// Laying the second taxonomy over the first.
    Overlay(Vec<Source>, Vec<Source>),
    /// Reading the examples among these sources, and comparing them with the packs.
    Examples(Vec<Source>),
    /// Building an engine of these sources.
    Build(Vec<Source>),
    /// Running the examples among these sources.
    Check(Vec<Source>),
    /// Looking closer at the rules of these sources, pedantically.
    Lint(Vec<Source>),
    /// Loading this policy.
    Policy(Source),
}

pub(crate) const PACK: &str = r#"format = 1
name = "shop"
version = "1.0.0"
released = 2026-01-01
license = "CC0-1.0"
owner = "shop.example"

[[offense]]
key = "narcotics"
rank = 1
title = "Narcotics"
proposition = "The text offers narcotics."
"#;

const RULES: &str = r#"[defaults]
element = "object"
nature = "criminal"
language = "en"
warrant = { kind = "expert", source = "Written for a test." }

[[group]]
key = "narcotics.alpha"
reason.en = "It names alpha."

[[group]]
key = "signals.pay"
kind = "signal"
reason.en = "It asks for an odd payment."

[[group]]
key = "excuses.book"
kind = "excuse"
reason.en = "It is a book."

[[rule]]
key = "narcotics.alpha.name"
group = "narcotics.alpha"
title = "names alpha"
weights = { narcotics = 100 }
terms = ["alpha"]

[[rule]]
key = "signals.pay.coin"
group = "signals.pay"
title = "asks for coins"
weights = { "*" = 40 }
terms = ["coins only"]

[[rule]]
key = "excuses.book.form"
group = "excuses.book"
title = "is a book"
weights = { narcotics = -100 }
terms = ["paperback"]
excuses = { groups = ["narcotics.*"] }
"#;

pub(crate) fn source(name: &str, text: &str) -> Source {
    Source::new(name, text)
}

/// The good pack.
pub(crate) fn good() -> Vec<Source> {
    vec![source("shop/pack.toml", PACK), source("shop/rules.toml", RULES)]
}

/// The good pack and one more file of rules.
pub(crate) fn with(text: &str) -> Vec<Source> {
    let mut sources = good();
    sources.push(source("shop/z.toml", text));
    sources
}

/// The good pack and a rule of `narcotics.alpha` with these keys.
pub(crate) fn rule(keys: &str) -> Vec<Source> {
    let head = "[defaults]\nelement = \"object\"\nnature = \"criminal\"\nlanguage = \"en\"\nwarrant = { kind = \"expert\", source = \"Written for a test.\" }\n\n";
    with(&format!("{head}[[rule]]\nkey = \"narcotics.alpha.z\"\ngroup = \"narcotics.alpha\"\ntitle = \"a rule\"\n{keys}"))
}

/// A rule that needs only matchers.
fn looks(keys: &str) -> Vec<Source> {
    rule(&format!("weights = {{ narcotics = 50 }}\n{keys}"))
}

fn pack(name: &str, more: &str) -> Source {
    let head = PACK.split("[[offense]]").next().unwrap_or_default().replace("\"shop\"", &format!("\"{name}\""));
    Source::new(format!("{name}/pack.toml"), format!("{head}{more}"))
}

fn change(keys: &str) -> String {
    format!("\n[[change]]\nrule = \"narcotics.alpha.name\"\nowner = \"shop.example\"\nreason = \"Sold under licence.\"\n{keys}")
}

fn replaced(from: &str, to: &str) -> Vec<Source> {
    vec![source("shop/pack.toml", &PACK.replace(from, to))]
}

fn offenses(count: usize) -> Vec<Source> {
    let more: String =
        (0..count).map(|i| format!("[[offense]]\nkey = \"o{i:02}\"\nrank = {i}\ntitle = \"O\"\nproposition = \"The text offers it.\"\n")).collect();
    vec![pack("shop", &more)]
}

/// Examples of all rules, and of one that is not there; one with a field that is not there.
const UNFIT: &str = r#"["narcotics.alpha.name"]
match = ["Alpha, fresh", { titel = "Alpha" }]
pass = ["Alphabet blocks"]

["signals.pay.coin"]
match = ["Coins only"]
pass = ["Coin album"]

["excuses.book.form"]
match = ["A paperback"]
pass = ["A paper bag"]

["excuses.book.from"]
match = ["A paperback"]
"#;

/// Code and case, in the order of codes; several cases of one code stand in one golden file.
pub(crate) fn cases() -> Vec<(&'static str, Given)> {
    use Given::{Build, Check, Examples, Lint, Load, Overlay, Policy};
    let examples = |text: &str| {
        let mut sources = good();
        sources.push(source("shop/shop.examples.toml", text));
        Examples(sources)
    };
    let over = |text: &str| vec![pack("mine", &format!("extends = [\"shop\"]\n{text}"))];
    vec![
        ("P001", Load(looks("terms = [\"beta\"\n"))),
        ("P001", Load(looks("terms = [\"beta\"]\nterms = [\"gamma\"]\n"))),
        ("P002", Load([good(), vec![source("shop/notes.md", "Hello")]].concat())),
        ("P002", Load([good(), vec![source("rules.toml", "")]].concat())),
        ("P002", Load([good(), good()].concat())),
        ("P003", Load(with("\u{feff}[[group]]\nkey = \"narcotics.beta\"\nreason.en = \"It names beta.\"\n"))),
        ("P004", Load(offenses(17))),
        ("P005", Load(vec![source("shop/rules.toml", RULES)])),
        ("P006", Load(replaced("format = 1", "format = 2"))),
        ("P007", Load(replaced("name = \"shop\"", "name = \"store\""))),
        ("P008", Load(looks("terms = [\"beta\"]\njurisdiction = [\"EU\"]\n"))),
        ("P008", Load(vec![source("shop/pack.toml", &format!("{PACK}\n[[rule]]\nkey = \"a.b\"\n"))])),
        ("P009", Load(rule("terms = [\"beta\"]\n"))),
        ("P009", Load(with("[[rule]]\nkey = \"narcotics.alpha.z\"\ngroup = \"narcotics.alpha\"\ntitle = \"a rule\"\nweights = { narcotics = 5 }\nterms = [\"beta\"]\n"))),
        ("P010", Load(looks("terms = \"beta\"\n"))),
        ("P010", Load(looks("money = [{ min = 12.5 }]\n"))),
        ("P010", Load(with("[group]\nkey = \"narcotics.beta\"\nreason.en = \"It names beta.\"\n"))),
        ("P011", Load(looks("terms = [\"beta\"]\nstatus = \"shadw\"\n"))),
        ("P012", Load(with("[[group]]\nkey = \"Narcotics.Beta\"\nreason.en = \"It names beta.\"\n"))),
        ("P013", Load(with("[[group]]\nkey = \"narcotics.alpha\"\nreason.en = \"It names alpha again.\"\n"))),
        ("P014", Load(rule("weights = { narcotic = 50 }\nterms = [\"beta\"]\n"))),
        ("P015", Load(looks("terms = [\"beta\"]\nnear = { any = [\"signals.pya\"] }\n"))),
        ("P015", Load([good(), vec![pack("mine", ""), source("mine/a.toml", RULES.split("[[group]]").next().unwrap_or_default()), source("mine/b.toml", "[[rule]]\nkey = \"mine.a\"\ngroup = \"narcotics.alpha\"\ntitle = \"a rule\"\nweights = { narcotics = 5 }\nelement = \"object\"\nnature = \"criminal\"\nlanguage = \"en\"\nwarrant = { kind = \"expert\", source = \"A test.\" }\nterms = [\"mine\"]\n")]].concat())),
        ("P016", Load([looks("terms_from = [\"strain.txt\"]\n"), vec![source("shop/strains.txt", "beta\n")]].concat())),
        ("P017", Load(rule("weights = { narcotics = 1001 }\nterms = [\"beta\"]\n"))),
        ("P017", Load(rule("weights = { narcotics = 0 }\nterms = [\"beta\"]\n"))),
        ("P018", Load(rule("weights = { narcotics = -50 }\nterms = [\"beta\"]\n"))),
        ("P019", Load(rule("weights = { \"*\" = 50 }\nterms = [\"beta\"]\n"))),
        ("P020", Load(with(&excuse("signals.pay")))),
        ("P020", Load(with(&excuse("signals.*")))),
        ("P021", Load(looks("terms = [\"beta\"]\nexcuses = { groups = [\"narcotics.alpha\"] }\n"))),
        ("P021", Load(with(&excuse("narcotics.*").replace("excuses =", "# excuses =")))),
        ("P022", Load(looks("terms = []\n"))),
        ("P023", Load(looks("terms = [\"beta\"]\nsunset = 2025-12-31\n"))),
        ("P023", Load(with(&change("effective = 2026-06-01\nexpires = 2026-06-01\nstatus = \"retired\"\n")))),
        ("P024", Load(looks("terms = [\"beta\"]\nsunset = \"2027-01-01\"\n"))),
        ("P024", Load(looks("terms = [\"beta\"]\nsunset = 2027-01-01T00:00:00Z\n"))),
        ("P025", Load(looks("money = [{ min = \"1,000\" }]\n"))),
        ("P025", Load(looks("quantities = [{ dimension = \"mass\", min = \"many g\" }]\n"))),
        ("P026", Load(looks("quantities = [{ dimension = \"mass\", min = \"3 stones\" }]\n"))),
        ("P026", Load(looks("quantities = [{ dimension = \"mass\", units = [\"g\", \"liter\"] }]\n"))),
        ("P027", Load(looks("money = [{ currencies = [\"btc\"] }]\n"))),
        ("P028", Load(looks("patterns = [{ regex = 'b[0-9]+', triggers = [\"#digits\", \"two words\"] }]\n"))),
        ("P029", Load(looks("patterns = [{ regex = 'b[0-9]+' }]\n"))),
        ("P030", Load(looks("terms = [\"beta\"]\nfields = [\"titel\"]\n"))),
        ("P031", Load(looks("where = [{ field = \"price\", any_of = [\"5\"] }]\n"))),
        ("P031", Load(looks("where = [{ field = \"brand\", below = \"5\" }]\n"))),
        ("P031", Load(looks("where = [{ field = \"price\", below = \"5\", above = \"1\" }]\n"))),
        ("P031", Load(looks("terms = [\"beta\"]\nfields = [\"price\"]\n"))),
        ("P032", Load(looks("terms = [\"beta\"]\nnear = { any = [\"narcotics.alpha.z\"] }\n"))),
        ("P033", Load(replaced("rank = 1", "rank = 70000"))),
        ("P033", Load(looks("money = [{ min = \"10\", max = \"5\" }]\n"))),
        ("P033", Load(looks("terms = [\"beta\"]\nrate = \"1.5\"\n"))),
        ("P034", Load(with("[[group]]\nkey = \"narcotics.beta\"\nreason.de = \"Es nennt Beta.\"\n"))),
        (
            "P035",
            Load(with(&[change("expires = 2027-01-01\nstatus = \"retired\"\n"), change("effective = 2026-12-31\nexpires = 2028-01-01\nweights = { narcotics = 20 }\n")].concat())),
        ),
        ("P036", Overlay(good(), over("[[offense]]\nkey = \"narcotics\"\nrank = 2\ntitle = \"Drugs\"\nproposition = \"The text offers drugs.\"\n"))),
        ("P037", Load(replaced("1.0.0", "1.0"))),
        ("P037", Load(looks("terms = [\" \"]\n"))),
        ("P038", Load(with("[[group]]\nkey = \"signals.beta\"\nkind = \"signal\"\nexcusable = true\nreason.en = \"It hides.\"\n"))),
        ("P039", Load(with(&change("expires = 2027-01-01\n")))),
        ("P040", Build(looks("terms = [\"beta\", \"\u{200b}\"]\n"))),
        ("P041", Build(looks("terms = [\"beta? gamma\"]\n"))),
        ("P041", Build(looks("terms = [\"no. 1 brand\"]\n"))),
        ("P042", Build(looks("substrings = [\"bet\"]\n"))),
        ("P043", Build(looks("patterns = [{ regex = 'b[0-9', triggers = [\"b\"] }]\n"))),
        ("P044", Build(looks("patterns = [{ regex = 'B[0-9]', triggers = [\"b\"] }]\n"))),
        ("P045", Build(looks("patterns = [{ regex = 'b?[0-9]*', triggers = [\"b\"] }]\n"))),
        ("P046", Check(looks("patterns = [{ regex = 'b.{0,40}a.{0,40}c.{0,40}', triggers = [\"b\"] }]\n"))),
        ("P050", Policy(policy("0.01", "1.5"))),
        ("P051", Policy(policy("truncated = \"review\"", "truncated = \"revue\""))),
        ("P052", Policy(policy("[[tier]]\nname = \"review\"\nthreshold = 100\n\n[floor]\ntruncated = \"review\"\n", ""))),
        ("P053", Policy(policy("name = \"clear\"", "name = \"review\""))),
        ("P054", Policy(policy("[floor]", "[[tier]]\nname = \"urgent\"\nthreshold = 50\n\n[floor]"))),
        ("P054", Policy(policy("threshold = 100", "threshold = 100\n\n[[tier]]\nname = \"urgent\"\nthreshold = 200\nthresholds = { arms = 50 }"))),
        ("P055", Policy(policy("name = \"clear\"", "name = \"clear\"\ngroups = 2"))),
        ("P060", Check([good(), vec![source("shop/a.examples.toml", "[\"narcotics.alpha.name\"]\nmatch = [\"Alpha\", \"Alphas\"]\n")]].concat())),
        ("P061", Check(flagged())),
        ("P101", Load([looks("terms = [\"beta\", \"gamma\"]\nterms_from = [\"more.txt\"]\n"), vec![source("shop/more.txt", "# more\nbeta\n")]].concat())),
        ("P102", examples("[\"narcotics.alpha.name\"]\nmatch = [\"Alpha, fresh\"]\npass = [\"Alphabet blocks\"]\n\n[\"signals.pay.coin\"]\nmatch = [\"Coins only\"]\n")),
        ("P103", examples(UNFIT)),
        ("P104", Load(with("[[group]]\nkey = \"narcotics.beta\"\nreason.en = \"It names beta.\"\n"))),
        ("P105", Load([good(), vec![source("shop/strains.txt", "beta\n")]].concat())),
        ("P106", Lint(looks("terms = [\"alpha\"]\nfields = [\"title\"]\n"))),
        ("P106", Lint(looks("terms = [\"alpha\"]\nnear = { any = [\"signals.pay\"] }\nwhere = [{ field = \"price\", above = \"5\" }]\n"))),
        ("P107", Lint([looks("terms = [\"beta\"]\nnear = { any = [\"narcotics.alpha.old\"] }\n"), vec![source("shop/old.toml", &old("status = \"retired\""))]].concat())),
        ("P107", Lint([looks("terms = [\"beta\"]\nnear = { any = [\"narcotics.alpha.old\"] }\n"), vec![source("shop/old.toml", &old("fields = [\"brand\"]"))]].concat())),
        ("P107", Lint(without_company())),
        ("P108", Lint(rule("weights = { narcotics = 150 }\nterms = [\"tables\", \"table top\"]\n"))),
        ("P109", Lint(with(&old("").replace("narcotics.alpha", "narcotics.beta").replace("gamma", "alpha").replace("[[rule]]", "[[group]]\nkey = \"narcotics.beta\"\nreason.en = \"It names beta.\"\n\n[[rule]]")))),
        ("P110", Lint(in_line("1000"))),
        ("P110", Lint(in_line("11"))),
        ("P111", Lint(looks("patterns = [{ regex = 'b.{0,11}a.{0,11}c', triggers = [\"b\"] }]\n"))),
        ("P111", Lint(looks("patterns = [{ regex = 'b(?:a?){1000}c', triggers = [\"b\"] }]\n"))),
    ]
}

/// A file with one more rule of `narcotics.alpha`.
fn old(keys: &str) -> String {
    format!(
        "[[rule]]\nkey = \"narcotics.alpha.old\"\ngroup = \"narcotics.alpha\"\ntitle = \"names gamma\"\nweights = {{ narcotics = 100 }}\nelement = \"object\"\nnature = \"criminal\"\nlanguage = \"en\"\nwarrant = {{ kind = \"expert\", source = \"Written for a test.\" }}\nterms = [\"gamma\"]\n{keys}\n"
    )
}

/// The good pack, with a signal and an excuse for an offense that no specific rule weighs for.
fn without_company() -> Vec<Source> {
    let arms = "\n[[offense]]\nkey = \"arms\"\nrank = 2\ntitle = \"Arms\"\nproposition = \"The text offers arms.\"\n";
    let signal = old("").replace("narcotics.alpha", "signals.pay").replace("narcotics = 100", "arms = 40");
    let excuse = excuse("narcotics.alpha").replace("narcotics = -50", "arms = -50");
    [with(&[signal, excuse].concat())[1..].to_vec(), vec![source("shop/pack.toml", &format!("{PACK}{arms}"))]].concat()
}

/// The good pack with three rules that weigh as its own does, and one that weighs this.
fn in_line(weight: &str) -> Vec<Source> {
    let rules = ["a", "b", "c", "z"].map(|name| {
        let rule = old("").replace("alpha.old", &format!("alpha.{name}")).replace("gamma", &format!("gamma{name}"));
        rule.replace("narcotics = 100", &format!("narcotics = {}", if name == "z" { weight } else { "120" }))
    });
    with(&rules.concat())
}

fn excuse(group: &str) -> String {
    format!(
        "[[rule]]\nkey = \"excuses.book.z\"\ngroup = \"excuses.book\"\ntitle = \"is a novel\"\nweights = {{ narcotics = -50 }}\nelement = \"context\"\nnature = \"criminal\"\nlanguage = \"en\"\nwarrant = {{ kind = \"expert\", source = \"Written for a test.\" }}\nterms = [\"novel\"]\nexcuses = {{ groups = [\"{group}\"] }}\n"
    )
}

const POLICY: &str = r#"format = 1
name = "shop"
version = "1.0.0"

[prior]
default = "0.01"

[[tier]]
name = "clear"

[[tier]]
name = "review"
threshold = 100

[floor]
truncated = "review"
"#;

fn policy(from: &str, to: &str) -> Source {
    assert!(POLICY.contains(from));
    source("shop.policy.toml", &POLICY.replace(from, to))
}

fn flagged() -> Vec<Source> {
    let heavy = RULES.replace("weights = { narcotics = 100 }", "weights = { narcotics = 400 }");
    let lawful = "[\"narcotics.alpha.name\"]\npass = [\"Alpha, a paperback about nothing\", \"Alpha Centauri, a map of the sky, and much more\"]\n";
    vec![source("shop/pack.toml", PACK), source("shop/rules.toml", &heavy), source("shop/a.examples.toml", lawful)]
}
