//! Whether a `style` hides its element (docs/SEMANTICS.md, section 2a, *hidden elements*). It knows no tags.
//! Invariant: what is not understood does not hide.

/// What a `style` says of its element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    Silent,
    Hides,
    Shows,
}

const TELLING: [&str; 6] = ["display", "visibility", "opacity", "font-size", "font", "all"];
const LENGTHS: [&str; 13] = ["%", "px", "pt", "pc", "em", "rem", "ex", "ch", "in", "cm", "mm", "vw", "vh"];
const SPACES: [char; 5] = ['\t', '\n', '\u{c}', '\r', ' '];

/// What the value of a `style` says.
pub(super) fn style(value: &[u8]) -> Style {
    let known = |b: &u8| b.is_ascii_alphanumeric() || SPACES.contains(&(*b as char)) || b":;.,%#!-".contains(b);
    if !value.iter().all(known) {
        return Style::Shows;
    }
    let text = core::str::from_utf8(value).expect("ASCII").to_ascii_lowercase();
    let declarations: Vec<(&str, &str)> =
        text.split(';').filter_map(|d| d.split_once(':')).map(|(p, v)| (trim(p), without_important(trim(v)))).collect();
    if declarations.iter().any(|(property, value)| TELLING.contains(property) && !hides(property, value)) {
        Style::Shows
    } else if declarations.iter().any(|(property, value)| hides(property, value)) {
        Style::Hides
    } else {
        Style::Silent
    }
}

fn trim(text: &str) -> &str {
    text.trim_matches(SPACES)
}

fn without_important(value: &str) -> &str {
    match value.split_once('!') {
        Some((before, after)) if trim(after) == "important" => trim(before),
        _ => value,
    }
}

fn hides(property: &str, value: &str) -> bool {
    match property {
        "display" => value == "none",
        "visibility" => value == "hidden",
        "opacity" => is_zero(value) || value.strip_suffix('%').is_some_and(is_zero),
        "font-size" => is_zero(value) || LENGTHS.iter().any(|unit| value.strip_suffix(unit).is_some_and(is_zero)),
        _ => false,
    }
}

fn is_zero(text: &str) -> bool {
    let zeros = |t: &str| !t.is_empty() && t.bytes().all(|b| b == b'0');
    match text.split_once('.') {
        Some((before, after)) => (before.is_empty() || zeros(before)) && zeros(after),
        None => zeros(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn styles() {
        let table = [
            ("", Style::Silent),
            ("color: red", Style::Silent),
            ("display:none", Style::Hides),
            (" DISPLAY : None ! Important ;", Style::Hides),
            ("display: none !important x", Style::Shows),
            ("display:block", Style::Shows),
            ("display:none; display:block", Style::Shows),
            ("visibility:hidden;color:#fff", Style::Hides),
            ("opacity: .00", Style::Hides),
            ("opacity:0%", Style::Hides),
            ("opacity:0.", Style::Shows),
            ("font-size:0.0px", Style::Hides),
            ("font-size:0 px", Style::Shows),
            ("font-size:10px", Style::Shows),
            ("font: 0", Style::Shows),
            ("display:none /* */", Style::Shows),
            ("none", Style::Silent),
        ];
        for (value, expected) in table {
            assert_eq!(style(value.as_bytes()), expected, "{value:?}");
        }
    }
}
