//! The registry of codes of diagnostics: title and explanation of each, as `docs/diagnostics` shows them. A code that was published keeps
//! its meaning for ever; a check that goes away leaves a gap. P001-P039 are errors of single sources and references, P040-P049 are found
//! when terms and patterns are compiled, P050-P059 in policies, P060 and P061 by running examples, P101 and above are warnings.
//! Invariant: sorted by code; every code that the crate emits is here.

use crate::diagnostic::Diagnostic;

/// One code.
pub(crate) struct Code {
    pub(crate) code: &'static str,
    pub(crate) title: &'static str,
    pub(crate) explanation: &'static str,
}

const fn code(code: &'static str, title: &'static str, explanation: &'static str) -> Code {
    Code { code, title, explanation }
}

pub(crate) static CODES: &[Code] = &[
    code(
        "P001",
        "not TOML",
        "The file breaks the TOML syntax at the place shown, or defines a key twice in one table. The rest of the file is still read as far as it can be; what only follows from the broken place is not reported.",
    ),
    code(
        "P002",
        "unknown file",
        "A pack holds `pack.toml`, other `*.toml` files of rules, `*.examples.toml` and `*.txt` term lists, in one folder. A source is named `PACK/FILE` and loaded once. Any other file is refused, so that a mistyped name cannot leave rules out in silence.",
    ),
    code(
        "P003",
        "byte order mark",
        "Files are UTF-8 without a byte order mark. Save the file without it; some editors call that \"UTF-8\", as against \"UTF-8 with BOM\".",
    ),
    code(
        "P004",
        "too large",
        "A taxonomy has at most 65,535 rules, 16 offenses and 1,000,000 terms, a source at most 16 MiB. Of one source at most 1,000 problems are shown.",
    ),
    code(
        "P005",
        "no pack.toml",
        "Every folder that is loaded needs a `pack.toml` that says what the pack is, who answers for it and when it was released.",
    ),
    code(
        "P006",
        "unsupported format",
        "`format` names the version of the pack format. This version of piepowder reads format 1. A newer format needs a newer piepowder; the files of the pack are not read further.",
    ),
    code("P007", "wrong pack name", "`name` in `pack.toml` must be the name of the folder, so that a citation of the pack leads to its files."),
    code(
        "P008",
        "unknown key",
        "The table has no such key. Keys are refused rather than ignored: a mistyped `jurisdictions` must not make a rule hold everywhere. `docs/TAXONOMY.md` and the schema list the keys of each table.",
    ),
    code("P009", "missing key", "The table lacks a key that it must have. Some keys of rules can be given for a whole file in `[defaults]`."),
    code(
        "P010",
        "wrong type",
        "The value is of another type than the key takes: text in quotes, whole numbers, true or false, dates without quotes, lists in brackets, tables in braces. Decimal numbers are written as text, because binary floating point cannot hold them exactly.",
    ),
    code(
        "P011",
        "unknown word",
        "The key takes one of a few words, and this is none of them. Words are written in lower case, as `docs/TAXONOMY.md` has them.",
    ),
    code(
        "P012",
        "malformed key",
        "Keys are lower-case words of letters, digits and `-`, joined by dots: `narcotics.cocaine.name`. Names of packs have no dots; names of fields may have `_`. Keys are cited in reports and must survive being typed, sorted and used in file names.",
    ),
    code(
        "P013",
        "defined twice",
        "A pack, offense, field, language, group or rule is defined a second time. Keys are shared by all packs that are loaded together. To change a rule of another pack, write a `[[change]]`.",
    ),
    code(
        "P014",
        "unknown offense",
        "A weight names an offense that no loaded pack defines. When the offense is defined in another pack, that pack must be loaded, or be named by `extends` to be loaded later.",
    ),
    code(
        "P015",
        "unknown group or rule",
        "A key names a group or rule that is not there. A rule's group must be in its own pack or in one that its pack extends; an excuse, `near` and a change may name what any loaded pack defines.",
    ),
    code("P016", "unknown term list", "`terms_from` names files of the same pack that end in `.txt`."),
    code(
        "P017",
        "weight out of range",
        "Weights are whole centibans from 1 to 1,000, or from -1 to -1,000 for excuses. Ten bans are a factor of ten thousand million: no word says more. A weight of zero says nothing; leave the offense out, or give the rule the status `shadow`.",
    ),
    code(
        "P018",
        "wrong sign",
        "Rules of specific and signal groups speak for an offense: their weights are positive. Rules of excuse groups take back: theirs are negative. So all members of a group have one sign.",
    ),
    code(
        "P019",
        "`*` outside a signal group",
        "`*` stands for every offense not named. A signal (how it is paid, how it is sent) says the same of every offense; a specific rule or an excuse must name its offenses.",
    ),
    code(
        "P020",
        "nothing to excuse",
        "An excuse names a group that cannot be excused (a signal group, an excuse group, or one that says `excusable = false`), or a prefix under which no group can be. Signals fall by themselves when no specific group stands.",
    ),
    code(
        "P021",
        "`excuses` missing or out of place",
        "A rule of an excuse group says in `excuses` what it takes back and where. Rules of other groups take nothing back and may not have the table.",
    ),
    code(
        "P022",
        "nothing to look for",
        "A rule needs at least one of `terms`, `terms_from`, `substrings`, `patterns`, `quantities`, `money`, `entities`, `disguise` or `where`, and it must not be empty.",
    ),
    code(
        "P023",
        "ends before it begins",
        "`sunset` and `expires` are the first day on which a rule or change does not hold any more; they come after `effective`, or after the pack's day of release where `effective` is left out.",
    ),
    code("P024", "not a day", "A day is a TOML date without quotes and without a time of day: `2026-11-01`."),
    code(
        "P025",
        "malformed number or amount",
        "Decimal numbers are text of digits with at most one decimal point: `\"12.50\"`, not negative. An amount is a decimal and a unit: `\"3.5 g\"`, `\"80 %\"`.",
    ),
    code(
        "P026",
        "unknown unit",
        "The unit is not one that the number grammar knows, or it measures another dimension. `units` takes the canonical names, such as `gram`; amounts take the usual signs too, such as `g`.",
    ),
    code("P027", "unknown currency", "The code is not one that the number grammar knows. Codes are in capitals: `EUR`, `BTC`."),
    code(
        "P028",
        "malformed trigger",
        "A trigger is one word without spaces, or one of the shapes `#digit`, `#digits12`, `#base58`, `#hex`, `#at`, `#currency`.",
    ),
    code(
        "P029",
        "pattern without a trigger",
        "Every rule has a trigger, so that a scan costs the same with one pattern and with a thousand. Give the words with which a match begins, or a shape.",
    ),
    code("P030", "unknown field", "The field is neither one of the twelve fixed fields of a listing nor declared by a `[[field]]` of a loaded pack."),
    code(
        "P031",
        "test does not fit the field",
        "A condition makes one test. Texts and codes are compared with `any_of`, numbers with `below` and `above`; `present` fits every field. Rules look for words in text fields alone. `currency` goes with `below` and `above`.",
    ),
    code(
        "P032",
        "near itself",
        "A rule is never near itself, so `near` must name another rule, or a group with another rule in it; this rule could never match.",
    ),
    code("P033", "number out of range", "The number is smaller or larger than the key allows, or `min` is larger than `max`."),
    code("P034", "no English reason", "Every group says in one English sentence why it counts: `reason.en`. Other languages can stand beside it."),
    code(
        "P035",
        "conflicting changes",
        "Two changes of one rule are in force on the same day. Which one holds would depend on the order of the packs; end the first before the second begins, or write one change.",
    ),
    code(
        "P036",
        "overlay defines again",
        "A taxonomy that is laid over another defines a key that the other has. An overlay adds keys of its own, and changes others by `[[change]]`, so that a reader of either sees what holds.",
    ),
    code(
        "P037",
        "malformed text",
        "The text is blank, holds control characters, is an empty list where a value is needed, or lacks the shape the key asks for: a version is `1.0.0`, a language is `en`, a script is `Latn`.",
    ),
    code(
        "P038",
        "key out of place",
        "The key has no meaning here. `excusable` belongs to specific groups: signals and excuses can never be excused. `disguise` belongs to rules of signal groups: hiding a word is no offense.",
    ),
    code(
        "P039",
        "change without effect",
        "A change gives a new `status`, new `weights`, or both; this one gives neither, so that it says nothing but who wrote it.",
    ),
    code(
        "P040",
        "term that vanishes",
        "After folding nothing is left of the term: it holds only marks, invisible characters or punctuation. It could never match, so it is refused.",
    ),
    code(
        "P041",
        "term across a break",
        "Terms match words in a row. Between them may stand spaces, hyphens, dots, slashes, apostrophes, colons, underscores, `&` and `+`, and no sentence end; this term holds something else and could never match. Use a pattern.",
    ),
    code(
        "P042",
        "substring too short",
        "A substring is found inside words too. Below four letters it would be found in words that have nothing to do with it. In scripts without spaces one letter is enough.",
    ),
    code(
        "P043",
        "pattern that does not parse",
        "The regular expression has a syntax error, or uses what patterns do not have: look-around other than `\\b`, back-references, Unicode classes.",
    ),
    code(
        "P044",
        "pattern for another view",
        "Patterns on the surface see folded text as bytes: lower case, ASCII classes. A capital letter or a letter outside ASCII could never match there. Write it folded, use terms, or set `view = \"original\"`.",
    ),
    code(
        "P045",
        "pattern that matches nothing",
        "The pattern matches the empty string, so it would match at every trigger without looking at the text.",
    ),
    code(
        "P046",
        "pattern that costs too much",
        "The automaton of the pattern would be larger than 4 MiB. `piepowder check` builds all automata and refuses such a pattern; an engine that is built all the same would run it by simulation, hundreds of times slower. Bound the repetitions, list fewer alternatives behind a long gap, or split the pattern.",
    ),
    code(
        "P050",
        "prior out of range",
        "A prior is a probability between 0 and 1, both excluded, as decimal text with at most 18 decimals: \"0.01\" is one listing in a hundred.",
    ),
    code("P051", "unknown tier", "A floor of the policy names a tier that the policy does not have."),
    code("P052", "too few tiers", "A policy needs the floor, which every listing has, and at least one tier above it."),
    code("P053", "tier given twice", "Two tiers of a policy have the same name, so that nobody could tell them apart in a result."),
    code(
        "P054",
        "tiers out of order",
        "Tiers go from low to high: a tier that is reached at a lower score than the one before it would make that one unreachable.",
    ),
    code(
        "P055",
        "condition on the floor",
        "The first tier of a policy is the floor: every listing has it, so a threshold, a number of groups or elements would say nothing there.",
    ),
    code(
        "P060",
        "example that does not match",
        "A pack says that its rule matches this text, and it does not: a condition fails, a trigger is missing, or the term is written otherwise.",
    ),
    code(
        "P061",
        "lawful text that is flagged",
        "A pack says that this text is lawful and must pass. Its rule matches it, and an offense reaches `review` all the same: an excuse is missing, or a weight is too high.",
    ),
    code(
        "P101",
        "term given twice",
        "The same term stands twice in one rule, counting its term lists. It counts once; remove one, so that the next editor does not change half of it.",
    ),
    code(
        "P102",
        "rule without examples",
        "Every rule needs at least one text that it matches and one lawful text that must pass. Without them nobody sees when a change breaks it.",
    ),
    code(
        "P103",
        "examples that do not fit",
        "A file of examples names a rule that the taxonomy does not have, or a field that listings do not have. Examples that test nothing look like a safety net.",
    ),
    code(
        "P104",
        "group without rules",
        "No loaded rule belongs to the group, so it can never count. Remove it, or look for the rule that names another group by mistake.",
    ),
    code("P105", "unused term list", "No rule of the pack reads this term list with `terms_from`, so none of its terms is looked for."),
    code(
        "P106",
        "rule in another's shadow",
        "Another rule of the group looks for everything that this one looks for, in the same or more fields, under the same or fewer conditions, and weighs as much or more for every offense. In a group the strongest counts in full and the second a quarter, so this rule adds a quarter of its weight for words that counted already, or nothing; it never counts for itself.",
    ),
    code(
        "P107",
        "rule that can never count",
        "The rule needs what cannot be there: something near that no rule in force finds in a text, or finds only in fields where this rule does not look; for a signal, a specific group of an offense that it names, of which no rule in force weighs for that offense; for an excuse, groups whose rules in force weigh for its offenses.",
    ),
    code(
        "P108",
        "common word that counts alone",
        "A term is one common English word, its group is specific, and it counts 100 centibans or more with nothing needed beside it. Common words stand in lawful text: titles of films, names of colors, second meanings. Some words are common and still say what is offered, so only `check --pedantic` warns of this.",
    ),
    code(
        "P109",
        "term in several groups",
        "Rules of two specific groups look for the same term and weigh for the same offense, with nothing needed near. Groups count as independent evidence, and the rule that the second counts a quarter holds within one group, so one phrase counts twice in full. Where a phrase really says two things (a maker and a model), that may be meant, so only `check --pedantic` warns of this.",
    ),
    code(
        "P110",
        "weight out of line",
        "In a group of four or more rules that weigh for an offense, this one weighs more than three times the median, or less than a tenth of it, and is at least 100 centibans from it. Rules of a group say the same thing at strengths that are alike; a digit too many or too few looks like this. A light rule that others name in `near` is left alone.",
    ),
    code(
        "P111",
        "pattern that costs much",
        "The automaton of the pattern takes more than 262,144 bytes, or more than 2,000,000 steps to build (its states, times those of the nondeterministic automaton that it is made from). It works, but every engine pays for it. Above 4 MiB it is refused (P046).",
    ),
];

/// The entry of a code.
pub(crate) fn find(code: &str) -> Option<&'static Code> {
    CODES.binary_search_by(|c| c.code.cmp(code)).ok().map(|i| &CODES[i])
}

impl Diagnostic {
    /// Every code with its title, in order.
    pub fn codes() -> impl Iterator<Item = (&'static str, &'static str)> {
        CODES.iter().map(|c| (c.code, c.title))
    }

    /// The paragraph that explains a code, if there is such a code.
    pub fn explanation(code: &str) -> Option<&'static str> {
        find(code).map(|c| c.explanation)
    }
}

#[cfg(test)]
mod tests {
    use super::CODES;

    #[test]
    fn codes_are_sorted_and_explained() {
        assert!(CODES.is_sorted_by(|a, b| a.code < b.code));
        for c in CODES {
            assert!(c.code.len() == 4 && c.code.starts_with('P'), "{}", c.code);
            assert!(c.explanation.ends_with('.') && c.explanation.len() > 60, "{}", c.code);
            assert!(!c.title.ends_with('.'), "{}", c.code);
        }
    }
}
