//! What one character becomes in the surface (docs/SEMANTICS.md, section 2, rules 1 and 2), and folded strings of packs. It knows nothing of
//! offsets. Invariant: the image of a character depends on that character alone.

use super::surface;
use super::ucd;
use piepowder::Transforms;
use std::cell::RefCell;
use std::collections::HashMap;

const YPOGEGRAMMENI: char = '\u{345}';

thread_local! {
    // Listings repeat few characters many times; order is never asked of it.
    static IMAGES: RefCell<HashMap<char, (String, Transforms)>> = RefCell::new(HashMap::new());
}

/// What a character becomes, and what had to be undone for that.
pub(super) fn image(c: char) -> (String, Transforms) {
    IMAGES.with_borrow_mut(|known| known.entry(c).or_insert_with(|| make_image(c)).clone())
}

fn make_image(c: char) -> (String, Transforms) {
    if matches!(c, '\u{2120}' | '\u{2122}') {
        return (" ".into(), Transforms::COMPATIBILITY);
    }
    let mut transforms = Transforms::NONE;
    let mut text = c.to_string();
    if ucd::nfkd(&text) != ucd::nfd(&text) {
        transforms = transforms.union(Transforms::COMPATIBILITY);
    }
    let fraction = c != '\u{2044}' && ucd::nfkd(&text).contains('\u{2044}');
    loop {
        let mut decomposed = ucd::nfkd(&text);
        // Case folding would make a letter of it.
        if decomposed.contains(YPOGEGRAMMENI) {
            transforms = transforms.union(Transforms::ACCENT);
            decomposed = decomposed.replace(YPOGEGRAMMENI, "");
        }
        let next = ucd::fold_case(&decomposed);
        if next == text {
            break;
        }
        text = next;
    }
    let mut kept = String::new();
    for c in text.chars() {
        // U+034F is both.
        let (invisible, accent) = (ucd::is_default_ignorable(c), is_accent(c));
        if invisible {
            transforms = transforms.union(Transforms::INVISIBLE);
        }
        if accent {
            transforms = transforms.union(Transforms::ACCENT);
        }
        if !invisible && !accent {
            let (replaced, transform) = plainer(c);
            kept.extend(replaced);
            transforms = transforms.union(transform);
        }
    }
    (if fraction { format!(" {kept}") } else { kept }, transforms)
}

/// Rule 1 for what is left after decomposition and case folding; capitals are small by then.
fn plainer(c: char) -> (Option<char>, Transforms) {
    match c {
        '\u{2044}' => (Some('/'), Transforms::COMPATIBILITY),
        '\u{d7}' => (Some('x'), Transforms::COMPATIBILITY),
        '\u{640}' => (None, Transforms::COMPATIBILITY),
        '\u{111}' => (Some('d'), Transforms::ACCENT),
        '\u{127}' => (Some('h'), Transforms::ACCENT),
        '\u{131}' => (Some('i'), Transforms::ACCENT),
        '\u{142}' => (Some('l'), Transforms::ACCENT),
        '\u{f8}' => (Some('o'), Transforms::ACCENT),
        '\u{167}' => (Some('t'), Transforms::ACCENT),
        _ => (Some(c), Transforms::NONE),
    }
}

fn is_accent(c: char) -> bool {
    let latin =
        matches!(c, '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}');
    let hebrew_or_arabic = matches!(c, '\u{591}'..='\u{5c7}' | '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{6d6}'..='\u{6ed}');
    (latin || hebrew_or_arabic) && ucd::is_mark(c)
}

/// The surface of a string of a pack, such as a term. Nothing is decoded in it.
pub(super) fn fold(text: &str) -> String {
    surface::surface(text).text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strokes_dots_signs_and_marks() {
        let table = [
            ("Øre ø", "ore o", "accent"),
            ("ǾŁĐĦŦı", "oldhti", "accent"),
            ("İ", "i", "accent"),
            ("3×5", "3x5", "compatibility"),
            ("كـتـاب", "كتاب", "compatibility"),
            ("\u{fe71}", "", "accent compatibility"),
            ("1½", "1 1/2", "compatibility"),
            ("1\u{2044}2", "1/2", "compatibility"),
            ("\u{215f}3", " 1/3", "compatibility"),
            ("שָׁלוֹם", "שלום", "accent"),
            ("آكَل", "اكل", "accent"),
            ("\u{1fb3}\u{1f88}\u{345}", "αα", "accent"),
            ("Bar™", "bar ", "compatibility"),
        ];
        for (text, folded, names) in table {
            assert_eq!(fold(text), folded, "{text}");
            let all = text.chars().fold(Transforms::NONE, |all, c| all.union(image(c).1));
            assert_eq!(all.names().collect::<Vec<_>>().join(" "), names, "{text}");
        }
    }
}
