//! Names on messengers, in a surface: links, and names behind the word for the messenger. A name alone, without the word, is none, and a
//! name before the word is not looked for. Invariant: what is found begins with the label or the link, so that a reader sees why.

use super::labels::{self, Label, is_word};
use super::{keys, phones};
use crate::span::Span;
use crate::taxonomy::EntityKind;
use memchr::memmem::Finder;
use once_cell::race::OnceBox;

/// How a kind of name is told.
struct Scheme {
    kind: EntityKind,
    /// One of these is in every label and link, at its start.
    anchors: Vec<Finder<'static>>,
    labels: &'static [&'static [u8]],
    links: &'static [&'static [u8]],
}

fn scheme(kind: EntityKind, anchors: &[&'static [u8]], labels: &'static [&'static [u8]], links: &'static [&'static [u8]]) -> Scheme {
    Scheme { kind, anchors: anchors.iter().map(|a| Finder::new(*a)).collect(), labels, links }
}

/// All schemes. Whoever comes first makes them, and nobody waits: a child of a process that forked meanwhile would wait for good.
fn schemes() -> &'static [Scheme; 5] {
    static SCHEMES: OnceBox<[Scheme; 5]> = OnceBox::new();
    SCHEMES.get_or_init(|| Box::new(all()))
}

fn all() -> [Scheme; 5] {
    [
        scheme(EntityKind::Pgp, &[b"pgp", b"gpg", b"fingerprint"], &[b"fingerprint", b"gpg", b"pgp"], &[]),
        scheme(EntityKind::Telegram, &[b"tele", b"tg", b"t.me/"], &[b"tele", b"telega", b"telegram", b"tg"], &[b"t.me/", b"telegram.me/", b"tg://"]),
        scheme(EntityKind::Threema, &[b"threema"], &[b"threema"], &[b"threema.id/"]),
        scheme(EntityKind::Wickr, &[b"wickr"], &[b"wickr", b"wickrme"], &[]),
        scheme(EntityKind::Signal, &[b"signal"], &[b"signal"], &[b"signal.group/#", b"signal.me/#"]),
    ]
}

/// All names of a kind, left to right; `out` is empty.
pub(super) fn find(kind: EntityKind, text: &[u8], out: &mut Vec<Span>) {
    let Some(scheme) = schemes().iter().find(|s| s.kind == kind) else { return };
    for anchor in &scheme.anchors {
        out.extend(anchor.find_iter(text).filter_map(|at| scheme.at(text, at)).map(|found| found.whole));
    }
    // Anchors were looked for one after another; one may stand inside of what another found.
    out.sort_unstable();
    let mut free = 0;
    out.retain(|span| {
        let keep = span.start >= free;
        free = if keep { span.end } else { free };
        keep
    });
}

/// The part of what was found that tells one holder from another.
pub(super) fn name(kind: EntityKind, text: &[u8], whole: Span) -> Span {
    let scheme = schemes().iter().find(|scheme| scheme.kind == kind);
    // A block begins before its anchor, and is hidden as a whole.
    scheme.and_then(|s| s.at(text, whole.start as usize)).map_or(whole, |found| Span::new(found.name as u32, whole.end))
}

/// A label or link with its name.
struct Found {
    whole: Span,
    name: usize,
}

impl Scheme {
    fn at(&self, text: &[u8], at: usize) -> Option<Found> {
        if self.kind == EntityKind::Pgp
            && let Some((start, end)) = keys::block(text, at)
        {
            return Some(Found { whole: Span::new(start as u32, end as u32), name: start });
        }
        if labels::is_inside(text, at) {
            return None;
        }
        let (name, end) = self.link(text, at).or_else(|| {
            let label = labels::read(text, at, self.labels)?;
            let end = self.name_end(text, &label)?;
            Some((label.name, end))
        })?;
        Some(Found { whole: Span::new(at as u32, end as u32), name })
    }

    /// A link: its fixed part, and 4 to 128 characters of what links are made of.
    fn link(&self, text: &[u8], at: usize) -> Option<(usize, usize)> {
        let link = self.links.iter().find(|link| text[at..].starts_with(link))?;
        let name = at + link.len();
        let len = text[name..].iter().take(128).take_while(|b| is_word(**b) || b"/+=?&@*-".contains(b)).count();
        (len >= 4).then_some((name, name + len))
    }

    /// The end of the name behind a label.
    fn name_end(&self, text: &[u8], label: &Label) -> Option<usize> {
        let start = label.name;
        let word = text[start..].iter().take(33).take_while(|b| is_word(**b)).count();
        let name = &text[start..start + word];
        let mixed = name.iter().any(u8::is_ascii_digit) && name.iter().any(u8::is_ascii_alphabetic);
        let ends = |holds: bool| holds.then_some(start + word);
        match self.kind {
            EntityKind::Pgp => keys::fingerprint_end(text, start),
            EntityKind::Telegram => ends(label.at_sign && (4..=32).contains(&word)),
            EntityKind::Threema if text.get(start) == Some(&b'*') => threema_end(text, start),
            EntityKind::Threema => threema_end(text, start).filter(|_| mixed),
            EntityKind::Wickr => ends((label.marked || mixed) && (4..=32).contains(&word)),
            EntityKind::Signal => phones::end_at(text, start).or_else(|| signal_end(text, start, word).filter(|_| label.marked)),
            _ => None,
        }
    }
}

/// Eight letters and digits, of which the first may be a `*` instead.
fn threema_end(text: &[u8], start: usize) -> Option<usize> {
    let star = usize::from(text.get(start) == Some(&b'*'));
    let len = text[start + star..].iter().take(9).take_while(|b| b.is_ascii_alphanumeric()).count();
    (star + len == 8 && !labels::continues(text, start + 8)).then_some(start + 8)
}

/// A nickname of 3 to 32 characters that begins with no digit, a dot, and 2 to 9 digits.
fn signal_end(text: &[u8], start: usize, word: usize) -> Option<usize> {
    let dot = start + word;
    if !(3..=32).contains(&word) || text[start].is_ascii_digit() || text.get(dot) != Some(&b'.') {
        return None;
    }
    let digits = text[dot + 1..].iter().take(10).take_while(|b| b.is_ascii_digit()).count();
    let end = dot + 1 + digits;
    ((2..=9).contains(&digits) && !labels::continues(text, end)).then_some(end)
}

#[cfg(test)]
mod tests {
    use super::super::tests::all;
    use crate::taxonomy::EntityKind::{self, *};

    fn found(kind: EntityKind, text: &str, expected: &[&str]) {
        assert_eq!(all(kind, text), expected, "{kind:?} in {text}");
    }

    #[test]
    fn telegram_needs_a_link_or_the_word_and_a_sign() {
        found(Telegram, "https://t.me/example_shop9, now", &["t.me/example_shop9"]);
        found(Telegram, "telegram.me/+abcd1234 tg://resolve?domain=example", &["telegram.me/+abcd1234", "tg://resolve?domain=example"]);
        found(
            Telegram,
            "telegram: @example_shop9. tg channel (@shop) telega @four",
            &["telegram: @example_shop9", "tg channel (@shop", "telega @four"],
        );
        found(Telegram, "telegram telegram @shop", &["telegram @shop"]);
        for not in [
            "@example_shop9",
            "telegram @abc",
            "telegram example_shop9",
            "at.me/example",
            "t.me/abc",
            "xtelegram @shop",
            "telegrams @shop",
            "telegram, @shop",
            "stg @shop",
        ] {
            found(Telegram, not, &[]);
        }
    }

    #[test]
    fn threema_ids_have_eight_characters() {
        found(Threema, "threema id: abcd1234, threema (0example", &["threema id: abcd1234", "threema (0example"]);
        found(Threema, "threema *example", &["threema *example"]);
        found(Threema, "threema.id/abcd1234", &["threema.id/abcd1234"]);
        for not in
            ["threema messages", "threema: messages", "threema abcd123", "threema abcd12345", "threema *example1", "abcd1234", "threema 12345678"]
        {
            found(Threema, not, &[]);
        }
    }

    #[test]
    fn wickr_names_are_marked_or_mixed() {
        found(Wickr, "wickr me: example and wickrme shop9, wickr id = some_body", &["wickr me: example", "wickrme shop9", "wickr id = some_body"]);
        for not in ["wickr only", "wickr - order now", "wickr: abc", "wickr", "bickr: example"] {
            found(Wickr, not, &[]);
        }
    }

    #[test]
    fn signal_needs_a_number_a_tagged_name_or_a_link() {
        found(Signal, "signal: +1 212-555-0123 or signal @example.42", &["signal: +1 212-555-0123", "signal @example.42"]);
        found(Signal, "signal.me/#eu/abcd-1234 signal.group/#abcd", &["signal.me/#eu/abcd-1234", "signal.group/#abcd"]);
        for not in [
            "signal 5.25",
            "signal example.42",
            "signal: example",
            "signal: ab.42",
            "signal: example.4",
            "signal +999 212-555-0123",
            "signal.me/example",
        ] {
            found(Signal, not, &[]);
        }
    }
}
