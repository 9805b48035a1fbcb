//! Which words packs look for: the pieces of terms, the words of patterns, units and currencies (`docs/SEMANTICS.md`, section 4a). It reads
//! no listing. Invariant: a word is folded, and has at least three characters.

use crate::taxonomy::units::{CURRENCIES, UNITS};
use crate::text::{Compound, Tokens, Words};

/// Least characters of a word.
const SHORTEST: usize = 3;
/// Most texts that a word of a pattern may stand for.
const CHOICES: usize = 16;

/// Spellings of units and currencies.
pub(super) fn measures() -> Words {
    let units = UNITS.iter().flat_map(|u| u.spellings).chain(CURRENCIES.iter().flat_map(|c| c.words));
    units.filter(|w| w.chars().count() >= SHORTEST).map(|w| (*w, Compound::No)).collect()
}

/// The pieces of a folded term, and its joined text.
pub(super) fn of_term(folded: &str, tokens: &Tokens, words: &mut Words) {
    for piece in tokens.pieces() {
        let text = &folded[piece.range()];
        if !piece.number && text.chars().count() >= SHORTEST {
            words.add(text, Compound::No);
        }
    }
    if tokens.pieces().len() > 1 && tokens.pieces().iter().any(|p| !p.number) {
        let joined: String = tokens.pieces().iter().map(|piece| &folded[piece.range()]).collect();
        if joined.chars().count() >= SHORTEST {
            words.add(&joined, Compound::Yes);
        }
    }
}

/// One place of a word of a pattern: letters to choose from, and whether it may be left out.
struct Place<'r> {
    letters: &'r str,
    optional: bool,
}

/// The words of a pattern, read from its text: letters, small classes of letters, and what of these is optional; all else breaks.
pub(super) fn of_pattern(regex: &str, words: &mut Words) {
    let mut places: Vec<Place<'_>> = Vec::new();
    let mut rest = regex;
    while let Some(c) = rest.chars().next() {
        let (place, len) = match c {
            'a'..='z' => (Some(&rest[..1]), 1),
            '\\' => (None, 1 + rest.chars().nth(1).map_or(0, char::len_utf8) + if rest.starts_with("\\x") { 2 } else { 0 }),
            '(' if rest.starts_with("(?:") => (None, 3),
            '{' => (None, rest.find('}').map_or(rest.len(), |end| end + 1)),
            '[' => class(rest),
            other => (None, other.len_utf8()),
        };
        rest = rest.get(len..).unwrap_or_default();
        match place {
            Some(letters) => {
                let optional = rest.starts_with('?');
                rest = &rest[usize::from(optional)..];
                places.push(Place { letters, optional });
            }
            None => flush(&mut places, words),
        }
    }
    flush(&mut places, words);
}

/// A class: its letters when it is a choice of at most three, and its length.
fn class(rest: &str) -> (Option<&str>, usize) {
    // A `]` that stands first, or is escaped, does not end it.
    let mut end = None;
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        if c == ']' && !escaped && at > 1 {
            end = Some(at);
            break;
        }
        escaped = !escaped && c == '\\';
    }
    let Some(end) = end else { return (None, rest.len()) };
    let letters = &rest[1..end];
    let plain = (1..=3).contains(&letters.len()) && letters.bytes().all(|b| b.is_ascii_lowercase());
    (plain.then_some(letters), end + 1)
}

/// Adds all texts that a sequence stands for, if they are few.
fn flush(places: &mut Vec<Place<'_>>, words: &mut Words) {
    if places.len() < SHORTEST {
        return places.clear();
    }
    let choices = places.iter().fold(1usize, |n, p| n.saturating_mul(p.letters.len() + usize::from(p.optional)));
    if choices <= CHOICES {
        // One text, as long as every place is one letter.
        let mut texts = vec![String::with_capacity(places.len())];
        for place in places.iter() {
            if place.letters.len() == 1 && !place.optional {
                texts.iter_mut().for_each(|t| t.push_str(place.letters));
                continue;
            }
            let longer = texts.iter().flat_map(|t| place.letters.chars().map(move |c| format!("{t}{c}")));
            let mut next: Vec<String> = longer.collect();
            if place.optional {
                next.append(&mut texts);
            }
            texts = next;
        }
        texts.iter().filter(|t| t.len() >= SHORTEST).for_each(|t| words.add(t, Compound::No));
    }
    places.clear();
}

#[cfg(test)]
mod tests {
    use super::{Words, of_pattern};

    #[test]
    fn words_of_patterns() {
        let cases = [
            (r"(?:accounts?|accs) ?(?:with|w/?)\b[^.]{0,24}?\bcards?", "account accounts accs card cards with"),
            (r"licen[cs]es?\b", "licence licences license licenses"),
            (r"e-?mail[a-z ]{0,8}x\x27y", "mail"),
            (r"[0-9]{1,4} ?(?:rounds?|rds?)", "rds round rounds"),
            (r"[]abc]def[", "def"),
        ];
        for (regex, expected) in cases {
            let mut words = Words::default();
            of_pattern(regex, &mut words);
            assert_eq!(words.sorted().map(|(word, _)| word).collect::<Vec<_>>().join(" "), expected, "{regex}");
        }
    }
}
