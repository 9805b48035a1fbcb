//! Credential pairs in a surface: a mail address or a login, a mark, and what looks like a password; and rows of such pairs. It tries no
//! password, and an address with a telephone number, a link or another address behind it is no pair.
//! Invariant: each mark looks at most 65 bytes to either side, and what a pair covers is not looked at again.

use super::mail;
use crate::span::Span;

/// Longest stretch between the pairs of a row.
const GAP: u32 = 64;

/// Pairs, left to right; `mails` are the mail addresses of the text.
pub(super) fn find(text: &[u8], mails: &[Span], out: &mut Vec<Span>) {
    let mut free = 0;
    let mut mails = mails.iter().peekable();
    for mark in memchr::memchr3_iter(b':', b'|', b';', text) {
        if mark < free {
            continue;
        }
        while mails.next_if(|mail| (mail.end as usize) < mark).is_some() {}
        let mail = mails.peek().filter(|mail| mail.end as usize == mark);
        let start = match mail {
            Some(mail) => Some(mail.start as usize),
            None => login_start(text, mark),
        };
        let Some(start) = start.filter(|start| *start >= free) else { continue };
        let len = text[mark + 1..].iter().take(65).take_while(|b| is_secret(**b)).count();
        let secret = &text[mark + 1..mark + 1 + len];
        let like_password = if mail.is_some() { beside_mail(secret) } else { beside_login(secret) };
        if len <= 64 && like_password && !is_link(secret) && !mail::is_in(secret) {
            free = mark + 1 + len;
            out.push(Span::new(start as u32, free as u32));
        }
    }
}

/// Makes rows of pairs: two or more, each at most [`GAP`] bytes behind the one before.
pub(super) fn rows(pairs: &mut Vec<Span>) {
    let (mut kept, mut i) = (0, 0);
    while i < pairs.len() {
        let mut row = pairs[i];
        let from = i;
        i += 1;
        while i < pairs.len() && pairs[i].start - row.end <= GAP {
            row.end = pairs[i].end;
            i += 1;
        }
        if i - from >= 2 {
            pairs[kept] = row;
            kept += 1;
        }
    }
    pairs.truncate(kept);
}

/// The start of the login that ends here: `[a-z][a-z0-9._-]{3,31}`, and nothing before it that would make it a part of something else.
fn login_start(text: &[u8], end: usize) -> Option<usize> {
    let is_login = |b: &u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-".contains(b);
    let len = text[..end].iter().rev().take(33).take_while(|b| is_login(b)).count();
    let start = end - len;
    let bounded = start == 0 || !b"@:/|;+%".contains(&text[start - 1]);
    ((4..=32).contains(&len) && text[start].is_ascii_lowercase() && bounded).then_some(start)
}

/// What passwords are made of here: visible ASCII without what parts the fields of a row.
fn is_secret(b: u8) -> bool {
    b.is_ascii_graphic() && !b",;|<>\"'()`".contains(&b)
}

/// Six characters with a letter, and with a digit or a symbol.
fn beside_mail(secret: &[u8]) -> bool {
    secret.len() >= 6 && secret.iter().any(u8::is_ascii_alphabetic) && secret.iter().any(|b| b.is_ascii_digit() || b"!$#%&*?@^~_+=-".contains(b))
}

/// Eight characters with a letter, a digit, and a symbol between letters or digits that neither words nor measures have inside.
fn beside_login(secret: &[u8]) -> bool {
    secret.len() >= 8
        && secret.iter().any(u8::is_ascii_alphabetic)
        && secret.iter().any(u8::is_ascii_digit)
        && secret.windows(3).any(|w| w[0].is_ascii_alphanumeric() && b"!?@^~".contains(&w[1]) && w[2].is_ascii_alphanumeric())
}

fn is_link(secret: &[u8]) -> bool {
    secret.starts_with(b"www.") || secret.windows(3).any(|w| w == b"://")
}

#[cfg(test)]
mod tests {
    use super::super::tests::all;
    use crate::taxonomy::EntityKind;

    fn pairs(text: &str) -> Vec<String> {
        all(EntityKind::Pair, text)
    }

    #[test]
    fn pairs_have_a_login_and_a_password() {
        for pair in [
            "marlow.finch@example.com:copper-kettle9",
            "b.tamsin@example.org|w1nterlamp",
            "a@example.org;pa$$word",
            "quillworth_77:t1mber?fox",
            "velvet.otter:gr8@harbor",
        ] {
            assert_eq!(pairs(&format!("x {pair} y")), [pair]);
        }
        assert_eq!(pairs("https://shop.example/login:joe@example.org:pass-12"), ["joe@example.org:pass-12"]);
        assert_eq!(pairs("joe@example.org:pass-12|us|2024"), ["joe@example.org:pass-12"]);
    }

    #[test]
    fn what_looks_like_a_pair_is_none() {
        for not in [
            "support: name@example.com; phone",
            "name@example.com: see below",
            "name@example.com:hello",
            "name@example.com:+1-212-555-0123",
            "name@example.com;other2@example.com",
            "name@example.com|https://shop24.example",
            "name@example.com|www.shop24.example",
            "mailto:name2@example.com",
            "size:xl-2000b, model:dx-1200b, sku:ab12-3456",
            "price:20%off-all4 save:$20usd-now",
            "open:mon-fri9-17h",
            "https://user@example24.org/a?b",
            "12:30, 1:72, a:b",
        ] {
            assert!(pairs(not).is_empty(), "{not}");
        }
    }

    #[test]
    fn rows_have_two_pairs() {
        let rows = |text: &str| all(EntityKind::Pairs, text);
        let (one, two, three) = ("a@example.com:pass-12", "b@example.com:pass-34", "c@example.com:pass-56");
        assert_eq!(rows(one), Vec::<String>::new());
        assert_eq!(rows(&format!("list\n{one}\n{two} | us\n{three}\nend")), [format!("{one}\n{two} | us\n{three}")]);
        assert_eq!(rows(&format!("{one}{}{two}", " ".repeat(64))).len(), 1);
        assert_eq!(rows(&format!("{one}{}{two}", " ".repeat(65))).len(), 0);
        assert_eq!(rows(&format!("{one} {two}{}{three} {one}", " ".repeat(65))).len(), 2);
    }
}
