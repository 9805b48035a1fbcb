//! The words that a pattern's regular expression can hold (docs/SEMANTICS.md, section 4a, *lexicon*): the expression scanned as text.
//! It understands no more of regular expressions than that page says. Invariant: what it gives is lower-case ASCII letters.

use std::collections::BTreeSet;

const MOST: usize = 16;

/// An element of the expression.
enum Element {
    /// One of these, or nothing where the text is empty.
    Choice(Vec<String>),
    Break,
}

/// All texts that the sequences between breaks stand for.
pub(super) fn words(regex: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut open: Option<BTreeSet<String>> = None;
    for element in elements(regex).into_iter().chain([Element::Break]) {
        match element {
            // What has too many texts already cannot get fewer.
            Element::Choice(choices) => {
                let before = open.take().unwrap_or_else(|| BTreeSet::from([String::new()]));
                open = Some(match before.len() > MOST {
                    true => before,
                    false => before.iter().flat_map(|text| choices.iter().map(move |c| format!("{text}{c}"))).collect(),
                });
            }
            Element::Break => found.extend(open.take().filter(|texts| texts.len() <= MOST).into_iter().flatten()),
        }
    }
    found
}

fn elements(regex: &str) -> Vec<Element> {
    let chars: Vec<char> = regex.chars().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let rest = &chars[at..];
        let (length, letters) = match rest {
            ['\\', 'x', ..] => (4, Vec::new()),
            ['\\', ..] => (2, Vec::new()),
            ['(', '?', ':', ..] => (3, Vec::new()),
            ['{', ..] => (up_to(rest, '}'), Vec::new()),
            ['[', ..] => {
                let length = up_to(rest, ']');
                let inside = &rest[1..(length - 1).max(1)];
                let choice = !inside.is_empty() && inside.len() <= 3 && inside.iter().all(char::is_ascii_lowercase);
                (length, if choice { inside.to_vec() } else { Vec::new() })
            }
            [c, ..] if c.is_ascii_lowercase() => (1, vec![*c]),
            _ => (1, Vec::new()),
        };
        at += length;
        if letters.is_empty() {
            found.push(Element::Break);
            continue;
        }
        let mut choices: Vec<String> = letters.iter().map(char::to_string).collect();
        if chars.get(at) == Some(&'?') {
            choices.push(String::new());
            at += 1;
        }
        found.push(Element::Choice(choices));
    }
    found
}

/// The length up to and with the first closing character that no backslash takes; all when there is none.
fn up_to(rest: &[char], closing: char) -> usize {
    let mut at = 1;
    while at < rest.len() && rest[at] != closing {
        at += if rest[at] == '\\' { 2 } else { 1 };
    }
    rest.len().min(at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_scanned_as_text() {
        let table: [(&str, &[&str]); 12] = [
            ("fullz", &["fullz"]),
            (r"cvv2?\b", &["cvv"]),
            ("colou?r", &["color", "colour"]),
            ("gr[ae]y(?:ish)?", &["gray", "grey", "ish"]),
            ("gr[a-z]y", &["gr", "y"]),
            ("[abcd]x", &["x"]),
            (r"[^\]ab]no", &["no"]),
            (r"\x41bc\dde", &["bc", "de"]),
            ("a{2,3}b|cd+e", &["a", "b", "cd", "e"]),
            ("[ab]?c", &["ac", "bc", "c"]),
            ("[ab][ab][ab][ab][ab]x y", &["y"]),
            ("[ab][ab][ab][ab]z??y", &["y"]),
        ];
        for (regex, expected) in table {
            let expected: BTreeSet<String> = expected.iter().map(|w| w.to_string()).collect();
            assert_eq!(words(regex), expected, "{regex}");
        }
    }
}
