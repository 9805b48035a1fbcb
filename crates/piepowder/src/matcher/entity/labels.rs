//! Words behind which a name stands: the word, what usually comes between, and where the name begins. What a name may look like is said
//! elsewhere. Invariant: at most 64 bytes behind a label are looked at.

/// Where a name behind a label would begin.
#[derive(Clone, Copy, Debug)]
pub(super) struct Label {
    pub(super) name: usize,
    /// Whether the gap before it says that a name follows.
    pub(super) marked: bool,
    /// Whether an `@` is directly before it.
    pub(super) at_sign: bool,
}

/// Words that may stand between a label and its name, each behind one space.
const FILLS: [&[u8]; 15] = [
    b"bot",
    b"channel",
    b"chat",
    b"fingerprint",
    b"group",
    b"handle",
    b"id",
    b"is",
    b"key",
    b"me",
    b"name",
    b"number",
    b"public",
    b"user",
    b"username",
];

/// An ASCII letter or digit, or `_`.
pub(super) fn is_word(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b == b'_'
}

/// Whether a word goes on at this place.
pub(super) fn continues(text: &[u8], at: usize) -> bool {
    text.get(at).copied().is_some_and(is_word)
}

/// Whether a word that begins here begins inside another.
pub(super) fn is_inside(text: &[u8], at: usize) -> bool {
    at > 0 && is_word(text[at - 1])
}

/// Reads one of these labels, up to three fills, and a gap of one to six characters.
pub(super) fn read(text: &[u8], at: usize, labels: &[&[u8]]) -> Option<Label> {
    let label = labels.iter().find(|label| text[at..].starts_with(label) && !continues(text, at + label.len()))?;
    let mut from = at + label.len();
    for _ in 0..3 {
        let Some(rest) = text[from..].strip_prefix(b" ") else { break };
        let Some(fill) = FILLS.iter().find(|fill| rest.starts_with(fill) && !continues(rest, fill.len())) else { break };
        from += 1 + fill.len();
    }
    let gap = text[from..].iter().take(7).take_while(|b| b" :=>@(/-".contains(b)).count();
    let name = from + gap;
    let marked = text[from..name].iter().any(|b| b":=>@".contains(b));
    (1..=6).contains(&gap).then(|| Label { name, marked, at_sign: text[name - 1] == b'@' })
}
