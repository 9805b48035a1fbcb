//! Loading of packs: what loads, what does not, what is said about it, and what holds on a day.

use crate::cases::{self, Given, PACK, good, rule, source, with};
use crate::golden;
use piepowder::{Date, Diagnostic, Diagnostics, Engine, Examples, Policy, Source, Taxonomy};
use std::collections::BTreeMap;
use std::fmt::Write;

fn load(sources: Vec<Source>) -> Diagnostics {
    match Taxonomy::from_sources(sources) {
        Ok(taxonomy) => taxonomy.warnings().clone(),
        Err(problems) => {
            assert!(problems.has_errors());
            problems
        }
    }
}

fn taxonomy(sources: Vec<Source>) -> Taxonomy {
    Taxonomy::from_sources(sources).unwrap_or_else(|problems| panic!("{problems}"))
}

fn problems(given: Given) -> Diagnostics {
    match given {
        Given::Load(sources) => load(sources),
        Given::Overlay(below, above) => match taxonomy(below).overlay(taxonomy(above)) {
            Ok(taxonomy) => taxonomy.warnings().clone(),
            Err(problems) => problems,
        },
        Given::Build(sources) => match Engine::builder().taxonomy(&taxonomy(sources)).build() {
            Ok(engine) => engine.warnings().clone(),
            Err(error) => error.diagnostics().cloned().unwrap_or_default(),
        },
        Given::Check(sources) => {
            let examples = Examples::from_sources(sources.clone()).unwrap_or_else(|problems| panic!("{problems}"));
            let engine = Engine::builder().taxonomy(&taxonomy(sources)).build().unwrap_or_else(|error| panic!("{error}"));
            engine.check(&examples)
        }
        Given::Lint(sources) => {
            let engine = Engine::builder().taxonomy(&taxonomy(sources)).build().unwrap_or_else(|error| panic!("{error}"));
            engine.lint_pedantically()
        }
        Given::Policy(source) => Policy::from_source(source).err().unwrap_or_default(),
        Given::Examples(sources) => match Examples::from_sources(sources.clone()) {
            Ok(examples) => examples.missing(&taxonomy(sources)),
            Err(problems) => problems,
        },
    }
}

fn codes(problems: &Diagnostics) -> Vec<&str> {
    problems.iter().map(Diagnostic::code).collect()
}

#[test]
fn every_code_has_a_golden_case_and_a_page() {
    let mut golden: BTreeMap<&str, String> = BTreeMap::new();
    for (code, given) in cases::cases() {
        let problems = problems(given);
        assert!(codes(&problems).iter().all(|c| *c == code), "the case of {code} says also:\n{problems}");
        assert!(!problems.is_empty(), "the case of {code} says nothing");
        let warning = code >= "P101";
        assert!(problems.iter().all(|d| d.is_error() != warning), "{code}");
        golden.entry(code).or_default().push_str(&problems.to_string());
    }
    let mut wrong = Vec::new();
    let mut index = String::from(
        "# Diagnostics\n\nWhat `piepowder check` and loading say about packs. Codes keep their meaning.\n\n| code | meaning |\n|---|---|\n",
    );
    for (code, title) in Diagnostic::codes() {
        let Some(text) = golden.get(code) else {
            wrong.push(format!("{code} has no case"));
            continue;
        };
        wrong.extend(golden::compare(&format!("crates/piepowder/tests/golden/{code}.txt"), text));
        let explanation = Diagnostic::explanation(code).unwrap_or_default();
        let page = format!("# {code}: {title}\n\n{explanation}\n\n```text\n{}\n```\n", text.trim_end());
        wrong.extend(golden::compare(&format!("docs/diagnostics/{code}.md"), &page));
        writeln!(index, "| [{code}]({code}.md) | {title} |").expect("a string");
    }
    wrong.extend(golden::compare("docs/diagnostics/README.md", &index));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(golden.keys().all(|code| Diagnostic::explanation(code).is_some()));
}

#[test]
fn good_rules_are_not_blamed() {
    let found = |keys: &str, lint: fn(&Engine) -> Diagnostics| {
        let text = format!("weights = {{ narcotics = 50 }}\n{keys}");
        let engine = Engine::builder().taxonomy(&taxonomy(rule(&text))).build().unwrap_or_else(|error| panic!("{error}"));
        codes(&lint(&engine)).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    // The same term elsewhere, with a term more, as a part of words, looked for in more disguise.
    for keys in [
        "terms = [\"alpha\"]\nfields = [\"title\", \"brand\"]",
        "terms = [\"alpha\", \"alpha beta\"]",
        "terms = [\"alpha\"]\nboundary = \"prefix\"",
        "terms = [\"alpha\"]\ndisguised_from = 3",
    ] {
        assert_eq!(found(keys, Engine::lint), [""; 0], "{keys}");
    }
    assert_eq!(found("terms = [\"alpha\"]", Engine::lint), ["P106"]);
    // What is retired, or a shadow, is in nobody's way.
    assert_eq!(found("terms = [\"alpha\"]\nstatus = \"shadow\"", Engine::lint), [""; 0]);
    // A shadow can be near, and so can a group of which one rule is in force.
    assert_eq!(found("terms = [\"beta\"]\nnear = { any = [\"narcotics.alpha\"] }", Engine::lint), [""; 0]);
    // A common word below 100 centibans.
    assert_eq!(found("terms = [\"table\"]", Engine::lint_pedantically), [""; 0]);
}

#[test]
fn the_schema_is_the_published_one() {
    let schema = Taxonomy::schema();
    let wrong = golden::compare("docs/schema/pack.schema.json", &schema);
    assert!(wrong.is_none(), "{}", wrong.unwrap_or_default());
    let wrong = golden::compare("docs/schema/policy.schema.json", &Policy::schema());
    assert!(wrong.is_none(), "{}", wrong.unwrap_or_default());
    let parsed: serde_json::Value = serde_json::from_str(&schema).expect("JSON");
    let defs = parsed["$defs"].as_object().expect("definitions");
    for reference in schema.split("\"#/$defs/").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(defs.contains_key(reference), "{reference}");
    }
}

#[test]
fn order_and_layout_change_nothing() {
    let sources = [good(), rule("weights = { narcotics = 50 }\nterms = [\"beta\", \"gamma\"]\nfields = [\"title\", \"brand\"]\n")].concat();
    let sources: Vec<Source> = sources.into_iter().skip(2).collect();
    let one = taxonomy(sources.clone());
    let two = taxonomy(sources.iter().rev().cloned().collect());
    assert_eq!(one.digest(), two.digest());
    assert!(one.rules().map(|r| r.key()).eq(two.rules().map(|r| r.key())));
    // The same rule with its terms in a list, in another order, in a file of another name.
    let moved = [
        good(),
        vec![
            Source::new(
                "shop/a.toml",
                sources[2]
                    .text()
                    .replace("terms = [\"beta\", \"gamma\"]", "terms_from = [\"t.txt\"]")
                    .replace("[\"title\", \"brand\"]", "[\"brand\", \"title\"]"),
            ),
            source("shop/t.txt", "# two terms\r\ngamma\r\nbeta\r\n"),
        ],
    ];
    assert_eq!(one.digest(), taxonomy(moved.concat()).digest());
    for (from, to) in
        [("beta", "betas"), ("50", "51"), ("a rule", "the rule"), ("\"brand\"", "\"seller\""), ("\"en\"", "\"de\""), ("criminal", "regulatory")]
    {
        let changed = [good(), vec![Source::new("shop/z.toml", sources[2].text().replace(from, to))]].concat();
        assert_ne!(one.digest(), taxonomy(changed).digest(), "{from}");
    }
}

#[test]
fn every_value_of_a_rule_is_in_the_digest() {
    let keys = [
        ("weights", "{ narcotics = 50 }", "{ narcotics = 49 }"),
        ("element", "\"object\"", "\"offer\""),
        ("nature", "\"criminal\"", "\"house-rule\""),
        ("language", "\"en\"", "\"und\""),
        ("warrant", "{ kind = \"expert\", source = \"s\" }", "{ kind = \"expert\", source = \"s\", url = \"https://example.org\" }"),
        ("owner", "\"a.example\"", "\"b.example\""),
        ("effective", "2026-02-01", "2026-02-02"),
        ("sunset", "2027-02-01", "2027-02-02"),
        ("jurisdictions", "[\"EU\", \"US\"]", "[\"EU\"]"),
        ("status", "\"active\"", "\"shadow\""),
        ("rate", "\"0.001\"", "\"0.002\""),
        ("codes", "{ iccs = [\"0601\"] }", "{ iccs = [\"0602\"] }"),
        ("fields", "[\"title\"]", "[\"brand\"]"),
        ("terms", "[\"beta\"]", "[\"beta\", \"gamma\"]"),
        ("substrings", "[\"betabeta\"]", "[\"gammagamma\"]"),
        ("patterns", "[{ regex = 'b', triggers = [\"#digit\"] }]", "[{ regex = 'b', triggers = [\"#digits12\"] }]"),
        ("quantities", "[{ dimension = \"mass\", max = \"5 g\" }]", "[{ dimension = \"mass\", max = \"5 mg\" }]"),
        ("money", "[{}]", "[{ currencies = [\"BTC\"] }]"),
        ("entities", "[\"card\"]", "[\"card\", \"btc\"]"),
        ("near", "{ any = [\"signals.pay\"] }", "{ any = [\"signals.pay\"], within = 7 }"),
        ("where", "[{ field = \"brand\", present = true }]", "[{ field = \"brand\", present = false }]"),
    ];
    let digest = |changed: Option<usize>| {
        let lines: String =
            keys.iter().enumerate().map(|(i, (key, one, two))| format!("{key} = {}\n", if changed == Some(i) { two } else { one })).collect();
        let text = format!("[[rule]]\nkey = \"narcotics.alpha.z\"\ngroup = \"narcotics.alpha\"\ntitle = \"a rule\"\n{lines}");
        taxonomy(with(&text)).digest()
    };
    let mut seen: Vec<_> = (0..keys.len()).map(|i| digest(Some(i))).chain([digest(None)]).collect();
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), keys.len() + 1);
    // An excuse's reach, a group's kind, a pack's version, an offense's rank.
    let base = taxonomy(good()).digest();
    for (from, to) in [
        ("rank = 1", "rank = 2"),
        ("1.0.0", "1.0.1"),
        ("offers narcotics", "offers drugs"),
        ("[[offense]]", "[[field]]\nname = \"grade\"\ntype = \"text\"\n[[offense]]"),
    ] {
        assert_ne!(base, taxonomy(vec![Source::new("shop/pack.toml", PACK.replace(from, to)), good().remove(1)]).digest(), "{from}");
    }
    for (from, to) in [
        ("[\"narcotics.*\"]", "[\"narcotics.alpha\"]"),
        ("odd payment", "strange payment"),
        ("reason.en = \"It names alpha.\"", "reason.en = \"It names alpha.\"\ncodes.iccs = [\"0601\"]"),
        ("[\"narcotics.*\"]", "[\"narcotics.*\"], scope = \"field\""),
        ("[\"narcotics.*\"]", "[\"narcotics.*\"], scope = \"listing\""),
    ] {
        let rules = good().remove(1);
        assert_ne!(base, taxonomy(vec![good().remove(0), Source::new("shop/rules.toml", rules.text().replace(from, to))]).digest(), "{from}");
    }
}

#[test]
fn all_problems_of_all_files_are_reported_at_once() {
    let sources = vec![
        Source::new("shop/pack.toml", PACK.replace("rank = 1", "rank = \"1\"").replace("1.0.0", "one").replace("owner", "ownr")),
        source("shop/a.toml", "[[group]]\nkey = \"narcotics.alpha\"\nkind = \"signl\"\n\n[[rule]]\nkey = \"X\"\nweights = { arms = 5000 }\n"),
        source("shop/b.toml", "[[rule]]\nterms = [\"a\", 7, \"\"]\nbroken = = 1\n"),
        source("shop/c.txt", "alpha\nbe\u{7}ta\n"),
        source("other/x.toml", ""),
    ];
    let problems = load(sources);
    let by_file = |name: &str| -> Vec<&str> { problems.iter().filter(|d| d.source_name() == name).map(Diagnostic::code).collect() };
    assert_eq!(by_file("other/x.toml"), ["P005"]);
    assert_eq!(by_file("shop/pack.toml"), ["P009", "P037", "P008", "P010"]);
    let a = by_file("shop/a.toml");
    for code in ["P009", "P011", "P012", "P017", "P022"] {
        assert!(a.contains(&code), "{code} in {a:?}\n{problems}");
    }
    let b = by_file("shop/b.toml");
    assert!(b.contains(&"P001") && b.contains(&"P010") && b.contains(&"P037") && !b.contains(&"P009"), "{b:?}");
    assert_eq!(by_file("shop/c.txt"), ["P037"]);
    let order: Vec<(&str, usize)> = problems.iter().map(|d| (d.source_name(), d.byte_range().start)).collect();
    assert!(order.is_sorted());
    for d in problems.iter() {
        assert!(Diagnostic::explanation(d.code()).is_some(), "{}", d.code());
    }
}

#[test]
fn a_syntax_error_does_not_make_its_keys_unknown() {
    // The group stands in a file that does not parse: rules of other files that name it are not blamed.
    let broken = "[[group]]\nkey = \"narcotics.beta\"\nreason.en = \"It names beta.\nkind = \"specific\"\n";
    let mut sources = rule("weights = { narcotics = 50 }\nterms = [\"beta\"]\nnear = { any = [\"narcotics.beta\", \"narcotics.omega\"] }\n");
    sources.push(source("shop/broken.toml", broken));
    let problems = load(sources);
    assert!(problems.iter().all(|d| d.code() == "P001" || d.message().contains("omega")), "{problems}");
    assert!(problems.iter().any(|d| d.message().contains("omega")));
}

fn change(keys: &str) -> Vec<Source> {
    let head = PACK.split("[[offense]]").next().unwrap_or_default().replace("\"shop\"", "\"mine\"");
    let text =
        format!("{head}extends = [\"shop\"]\n[[change]]\nrule = \"narcotics.alpha.name\"\nowner = \"mine.example\"\nreason = \"A test.\"\n{keys}");
    vec![Source::new("mine/pack.toml", text)]
}

#[test]
fn overlays_refer_to_what_they_are_laid_over() {
    let over = change("expires = 2027-01-01\nstatus = \"retired\"\n");
    let alone = taxonomy(over.clone());
    let together = taxonomy([good(), over.clone()].concat());
    let laid = taxonomy(good()).overlay(alone.clone()).unwrap_or_else(|p| panic!("{p}"));
    let other_way = alone.overlay(taxonomy(good())).unwrap_or_else(|p| panic!("{p}"));
    assert_eq!(laid.digest(), together.digest());
    assert_eq!(laid.digest(), other_way.digest());
    assert_ne!(laid.digest(), taxonomy(good()).digest());
    assert_eq!(laid.changes()[0].expires(), Date::new(2027, 1, 1).expect("a day"));

    let wrong = change("expires = 2027-01-01\nweights = { narcotics = -5, arms = 5 }\n");
    let problems = taxonomy(good()).overlay(taxonomy(wrong)).expect_err("a wrong sign and an unknown offense");
    assert_eq!(codes(&problems), ["P018", "P014"]);
    let unknown = Source::new("mine/pack.toml", over[0].text().replace("alpha.name", "alpha.gone"));
    let problems = taxonomy(good()).overlay(taxonomy(vec![unknown])).expect_err("an unknown rule");
    assert_eq!(codes(&problems), ["P015"]);
    let problems = taxonomy(good()).overlay(taxonomy(good())).expect_err("everything twice");
    assert!(codes(&problems).iter().all(|c| *c == "P036") && problems.len() == 8, "{problems}");
}

#[test]
fn changes_that_follow_each_other_do_not_conflict() {
    let two = |first: &str, second: &str| {
        let text = change(first)[0].text().to_owned();
        let more = change(second)[0].text().split("[[change]]").nth(1).map(|c| format!("\n[[change]]{c}")).unwrap_or_default();
        load([good(), vec![Source::new("mine/pack.toml", text + &more)]].concat())
    };
    let none: [&str; 0] = [];
    assert_eq!(
        codes(&two("expires = 2026-03-01\nstatus = \"shadow\"\n", "effective = 2026-03-01\nexpires = 2026-04-01\nstatus = \"retired\"\n")),
        none
    );
    assert_eq!(
        codes(&two("expires = 2026-03-02\nstatus = \"shadow\"\n", "effective = 2026-03-01\nexpires = 2026-04-01\nstatus = \"retired\"\n")),
        ["P035"]
    );
    assert_eq!(
        codes(&two("effective = 2026-03-01\nexpires = 2026-04-01\nstatus = \"retired\"\n", "expires = 2026-03-02\nstatus = \"shadow\"\n")),
        ["P035"]
    );
}

#[test]
fn examples_are_read_with_their_places() {
    let text =
        "[\"narcotics.alpha.name\"]\nmatch = [\"Alpha, fresh\", { title = \"Offer\", description = \"alpha\" }]\npass = [\"Alphabet blocks\"]\n";
    let examples = Examples::from_sources([source("shop/shop.examples.toml", text), source("shop/pack.toml", PACK)]).expect("reads");
    let all: Vec<_> = examples.iter().map(|e| (e.rule(), e.must_match(), e.fields().collect::<Vec<_>>(), e.line_column())).collect();
    assert_eq!(
        all,
        [
            ("narcotics.alpha.name", true, vec![("title", "Alpha, fresh")], (2, 10)),
            ("narcotics.alpha.name", true, vec![("description", "alpha"), ("title", "Offer")], (2, 26)),
            ("narcotics.alpha.name", false, vec![("title", "Alphabet blocks")], (3, 9)),
        ]
    );
    let wrong = "[narcotics.alpha.name]\nmatch = [\"a\"]\n[\"x.y\"]\nmacth = [\"a\"]\n[\"x.z\"]\nmatch = [7, { title = 7 }]\n";
    let problems = Examples::from_sources([source("shop/shop.examples.toml", wrong)]).expect_err("four problems");
    assert_eq!(codes(&problems), ["P012", "P009", "P008", "P010", "P010"]);
}

#[test]
fn hostile_files_give_problems_and_nothing_worse() {
    let deep = format!("x = {}{}", "[".repeat(200_000), "]".repeat(200_000));
    let tables = format!("x = {}", "{ a = ".repeat(100_000));
    let dotted = format!("{} = 1", vec!["a"; 100_000].join("."));
    let header = format!("[{}]", vec!["a"; 100_000].join("."));
    let keys: String = (0..100_000).map(|i| format!("k{i} = {i}\n")).collect();
    let same: String = (0..100_000).map(|_| "k = 1\n").collect();
    let garbage: String = (0..100_000).map(|_| "= \u{1} \"\n").collect();
    let one_line = "]".repeat(1_000_000);
    let long = format!("{} = 1\n", "k".repeat(1_000_000));
    let rules: String = (0..20_000).map(|_| "[[rule]]\n").collect();
    for text in [
        deep,
        tables,
        dotted,
        header,
        keys,
        same,
        garbage,
        one_line,
        long,
        rules,
        "\0".to_owned(),
        "a = \"\0\"\n".to_owned(),
        "[[rule]]\nkey = '\u{202e}'".to_owned(),
    ] {
        for name in ["shop/pack.toml", "shop/z.toml", "shop/z.examples.toml"] {
            let start: String = text.chars().take(20).collect();
            let problems = if name.ends_with("examples.toml") {
                Examples::from_sources([Source::new(name, text.as_str())]).expect_err("a hostile file")
            } else {
                let mut sources = good();
                sources.retain(|s| s.name() != name);
                sources.push(Source::new(name, text.as_str()));
                Taxonomy::from_sources(sources).expect_err("a hostile file")
            };
            assert!(problems.iter().filter(|d| d.source_name() == name).count() <= 1_000, "{start}");
            let shown = problems.iter().map(|d| d.to_string()).find(|d| d.chars().any(|c| c.is_control() && c != '\n'));
            assert_eq!(shown, None, "{start}");
            assert!(problems.iter().all(|d| d.message().len() < 1_000), "{start}");
        }
    }
    // Problems that are found between files are capped as well, and warnings alone do not fail.
    let many: String = (0..3_000)
        .map(|i| format!("[[change]]\nrule = \"no.rule{i}\"\nowner = \"o\"\nreason = \"r\"\nexpires = 2027-01-01\nstatus = \"shadow\"\n"))
        .collect();
    let problems = load(with(&many));
    assert_eq!(problems.len(), 1_000);
    assert!(problems.iter().any(|d| d.help_text() == "2000 more of this file are not shown"), "{:?}", problems.iter().last());
    let terms = "\"beta\", ".repeat(3_000);
    let warned = taxonomy(rule(&format!("weights = {{ narcotics = 50 }}\nterms = [{terms}]\n")));
    assert_eq!(warned.warnings().len(), 1_000);
    assert_eq!(warned.rules().find(|r| r.key().ends_with(".z")).map(|r| r.terms().len()), Some(1));
    let huge = format!("# {}\n", "x".repeat(16 << 20));
    assert_eq!(codes(&load(with(&huge))), ["P004"]);
}

proptest::proptest! {
    /// Any text gives problems in its own bounds, on character boundaries, whatever the parser recovers from it.
    #[test]
    fn mutated_packs_never_panic(cut in 0usize..2_000, take in 0usize..80, insert in "[\\[\\]{}=\"'.,#a-z0-9é\u{0}\n -]{0,12}") {
        let sources = rule("weights = { narcotics = 50 }\nterms = [\"béta\"]\nnear = { any = [\"signals.pay\"], within = 3 }\n");
        for which in 0..sources.len() {
            let text = sources[which].text();
            let floor = |at: usize| (0..=at.min(text.len())).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0);
            let start = floor(cut);
            let end = floor(start + take).max(start);
            let changed = format!("{}{insert}{}", &text[..start], &text[end..]);
            let mut mutated = sources.clone();
            mutated[which] = Source::new(sources[which].name(), changed.as_str());
            if let Err(problems) = Taxonomy::from_sources(mutated.clone()) {
                for d in problems.iter() {
                    let text = mutated.iter().find(|s| s.name() == d.source_name()).map(Source::text).unwrap_or_default();
                    let range = d.byte_range();
                    assert!(range.start <= range.end && range.end <= text.len() && text.is_char_boundary(range.start), "{d}");
                    assert!(!d.to_string().is_empty());
                }
            }
        }
    }
}

#[test]
fn every_code_that_the_sources_name_is_registered() {
    let mut folders = vec![golden::root("crates/piepowder/src")];
    let mut seen = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("the sources") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).expect("a source file");
            for literal in text.split('"').filter(|l| l.len() == 4 && l.starts_with('P') && l[1..].bytes().all(|b| b.is_ascii_digit())) {
                seen += 1;
                assert!(Diagnostic::explanation(literal).is_some(), "{literal} in {}", path.display());
            }
        }
    }
    assert!(seen > 80);
}
