//! What must not be shown: stretches of a field that identify or give access to somebody or something. All entities are hidden, of every
//! kind and whether or not a rule asks for them, and beside them what only looks like one: phone numbers without a plus sign, long runs that
//! may be wallets or keys, names behind more labels, looser credential pairs. Hiding errs on the side of hiding; it is not evidence and
//! weighs nothing.
//! Invariant: spans are sorted, do not overlap, and lie on character boundaries.

use crate::matcher::{char_end, entity, entity::Entities};
use crate::span::Span;
use crate::taxonomy::EntityKind;
use crate::text::{Surface, cut};

/// Finds what to mask in a field, in bytes of the original.
pub(crate) fn sensitive(original: &[u8]) -> Vec<Span> {
    let original_cut = cut(original, u32::MAX as usize);
    let mut surface = Surface::default();
    let mut spans = Vec::new();
    // As it stands too: what markup hides is in the bytes that are quoted.
    surface.read_verbatim(original_cut);
    sensitive_in(&surface, &mut spans);
    surface.read(original_cut);
    if surface.is_decoded() {
        sensitive_in(&surface, &mut spans);
    }
    wallets(original, &mut spans);
    let mut entities = Entities::default();
    for kind in EntityKind::ALL.iter().filter(|kind| entity::reads_original(**kind)) {
        spans.extend(entities.find(*kind, original));
    }
    spans.sort_unstable();
    spans.dedup_by(|next, kept| {
        let merge = next.start <= kept.end;
        if merge {
            kept.end = kept.end.max(next.end);
        }
        merge
    });
    spans
}

fn sensitive_in(surface: &Surface, spans: &mut Vec<Span>) {
    let text = surface.text();
    let mut found = Vec::new();
    let mut entities = Entities::default();
    for kind in EntityKind::ALL.iter().filter(|kind| !entity::reads_original(**kind)) {
        found.extend(entities.find(*kind, text).iter().map(|whole| match kind {
            EntityKind::Card => Span::new(whole.start, after_card(text, whole.end as usize) as u32),
            _ => entity::secret(*kind, text, *whole),
        }));
    }
    phones(text, &mut found);
    for at in 0..text.len() {
        after_label(text, at, &mut found);
    }
    secrets_after_mail(text, entities.find(EntityKind::Email, text), &mut found);
    pairs(text, &mut found);
    spans.extend(found.iter().map(|s| surface.view().span(s.start..s.end)));
}

/// End of what follows a card number: up to four groups of one to four digits behind separators, such as its expiry and security code.
fn after_card(text: &[u8], mut end: usize) -> usize {
    for _ in 0..4 {
        let gap = text[end..].iter().take(3).take_while(|b| b" |:;/,.-".contains(b)).count();
        let digits = text[end + gap..].iter().take(5).take_while(|b| b.is_ascii_digit()).count();
        if gap == 0 || !(1..=4).contains(&digits) {
            break;
        }
        end += gap + digits;
    }
    end
}

/// Eight or more digits with spaces, dots, hyphens, parentheses between, at least one of them or a leading plus; or seven as `ddd-dddd`.
fn phones(text: &[u8], out: &mut Vec<Span>) {
    let mut at = 0;
    while at < text.len() {
        if !(text[at].is_ascii_digit() || text[at] == b'+' || text[at] == b'(') {
            at += 1;
            continue;
        }
        let (mut end, mut digits, mut last, mut gap) = (at, 0, at, 0);
        while let Some(b) = text.get(end) {
            match b {
                b'0'..=b'9' => {
                    digits += 1;
                    last = end + 1;
                    gap = 0;
                }
                b'+' if end == at => {}
                b' ' | b'.' | b'-' | b'(' | b')' | b'/' if gap < 2 => gap += 1,
                _ => break,
            }
            end += 1;
        }
        let shown = &text[at..last.max(at)];
        let separated = shown.iter().any(|b| !b.is_ascii_digit());
        let short = shown.len() == 8 && shown[3] == b'-' && digits == 7;
        if short || (digits >= 8 && separated) || digits >= 9 {
            out.push(Span::new(at as u32, last as u32));
        }
        at = end.max(at + 1);
    }
}

/// Words after which a name, an address or a secret stands.
const LABELS: [&[u8]; 27] = [
    b"t.me/",
    b"telegram",
    b"wickr",
    b"session",
    b"threema",
    b"signal",
    b"whatsapp",
    b"whats app",
    b"icq",
    b"jabber",
    b"xmpp",
    b"discord",
    b"kik",
    b"snapchat",
    b"snap",
    b"instagram",
    b"insta",
    b"skype",
    b"viber",
    b"wechat",
    b"line id",
    b"username",
    b"user",
    b"login",
    b"password",
    b"passwd",
    b"pass",
];

/// At a label that begins a word: masks the word after `:`, `=`, `@`, `/` (or after "id" or "me" and one of these), and `@handle` anywhere.
fn after_label(text: &[u8], at: usize, out: &mut Vec<Span>) {
    let word = |b: &u8| b.is_ascii_alphanumeric() || *b >= 0x80;
    if at > 0 && word(&text[at - 1]) {
        return;
    }
    if text[at] == b'@' {
        let len = name_length(&text[at + 1..]);
        if len >= 3 {
            out.push(Span::new(at as u32, (at + 1 + len) as u32));
        }
        return;
    }
    let Some(label) = LABELS.iter().find(|l| text[at..].starts_with(l)) else { return };
    let mut from = at + label.len();
    let slash = label.ends_with(b"/");
    let mut marked = slash;
    // At most twelve bytes between label and name: " id", " me", spaces and one of the marks.
    for _ in 0..12 {
        match text.get(from) {
            Some(b' ') => from += 1,
            Some(b':' | b'=' | b'@' | b'/' | b'-' | b'>') => {
                marked = true;
                from += 1;
            }
            _ if text[from..].starts_with(b"id") && !text.get(from + 2).is_some_and(word) => from += 2,
            _ if text[from..].starts_with(b"me") && !text.get(from + 2).is_some_and(word) => from += 2,
            _ => break,
        }
    }
    let len = text[from..].iter().take(128).take_while(|b| !b.is_ascii_whitespace() && !b",;|\"'<>)".contains(b)).count();
    if marked && len >= 3 {
        out.push(Span::new(from as u32, char_end(text, from + len) as u32));
    }
}

fn name_length(text: &[u8]) -> usize {
    text.iter().take(64).take_while(|b| b.is_ascii_alphanumeric() || b"_.".contains(b)).count()
}

/// `mail:secret`, `mail|secret`, `mail;secret`: the word after the mark.
fn secrets_after_mail(text: &[u8], mails: &[Span], out: &mut Vec<Span>) {
    for mail in mails {
        let mut from = mail.end as usize;
        while text.get(from) == Some(&b' ') && from < mail.end as usize + 2 {
            from += 1;
        }
        if !matches!(text.get(from), Some(b':' | b'|' | b';' | b'/')) {
            continue;
        }
        from += 1;
        from += usize::from(text.get(from) == Some(&b' '));
        let len = text[from..].iter().take(128).take_while(|b| !b.is_ascii_whitespace()).count();
        if len > 0 {
            out.push(Span::new(mail.start, char_end(text, from + len) as u32));
        }
    }
}

/// `name:secret` without spaces: a name of four or more that begins with a letter, a secret of eight or more with letters and digits.
fn pairs(text: &[u8], out: &mut Vec<Span>) {
    for colon in text.iter().enumerate().filter(|(_, b)| **b == b':').map(|(at, _)| at) {
        let is_name = |b: &u8| b.is_ascii_alphanumeric() || b"._-".contains(b);
        let name = text[..colon].iter().rev().take(64).take_while(|b| is_name(b)).count();
        let secret = text[colon + 1..].iter().take(128).take_while(|b| b.is_ascii_graphic() && !b"/,;|<>()\"".contains(b)).count();
        let (start, end) = (colon - name, colon + 1 + secret);
        let mixed = text[colon + 1..end].iter().any(u8::is_ascii_alphabetic) && text[colon + 1..end].iter().any(u8::is_ascii_digit);
        if name >= 4 && text[start].is_ascii_alphabetic() && secret >= 8 && mixed {
            out.push(Span::new(start as u32, end as u32));
        }
    }
}

/// Long runs of letters and digits that look like an address or a key: base58 or hexadecimal with at least one digit.
fn wallets(original: &[u8], out: &mut Vec<Span>) {
    let mut at = 0;
    while at < original.len() {
        let run = original[at..].iter().take_while(|b| b.is_ascii_alphanumeric()).count();
        let text = &original[at..at + run];
        if run >= 25 && text.iter().any(u8::is_ascii_digit) && text.iter().any(u8::is_ascii_alphabetic) {
            out.push(Span::new(at as u32, (at + run) as u32));
        }
        at += run.max(1);
    }
}

#[cfg(test)]
mod tests {
    use super::sensitive;

    fn masked(text: &str) -> String {
        let mut out = text.as_bytes().to_vec();
        for span in sensitive(text.as_bytes()) {
            out[span.range()].fill(b'#');
        }
        String::from_utf8_lossy(&out).into_owned()
    }

    #[test]
    fn hides_what_gives_somebody_away() {
        let cases = [
            ("card 4111 1111 1111 1111 ok", "card ################### ok"),
            ("4111111111111111|08|28|737 fresh", "########################## fresh"),
            ("4111-1111-1111-1111 exp 08/28", "################### exp 08/28"),
            ("mail joe@example.org now", "mail ############### now"),
            ("joe@example.org:hunter2 rest", "####################### rest"),
            ("user/pass lanternbay:Fjord-Moss12 with", "user/#### ####################### with"),
            ("size:xl, color:blue, ratio 1:1, 12:30", "size:xl, color:blue, ratio 1:1, 12:30"),
            ("call +1 555-0100 now", "call ########### now"),
            ("telegram: @somebody_x end", "telegram: ########### end"),
            ("t.me/somebody end", "t.me/######## end"),
            ("wickr me: somebody", "wickr me: ########"),
            ("pay 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "pay ##################################"),
            ("user: bob pass: s3cret!", "user: ### pass: #######"),
            ("3.5g of tea, 10 x 200 mg, 1000 pcs", "3.5g of tea, 10 x 200 mg, 1000 pcs"),
            ("a signal to the line", "a signal to the line"),
            ("to DE89 3704 0044 0532 0130 00 now", "to ########################### now"),
            ("telegram @somebody_x, tg channel (@somebody_y)", "telegram ###########, tg channel (###########)"),
            ("Threema *SOMEBDY or Threema ABCD1234", "Threema ######## or Threema ########"),
            ("signal @example.42 and signal.me/#eu/abcd", "signal ########### and signal.me/########"),
            (
                "PGP fingerprint 0123 4567 89AB CDEF 0123  4567 89AB CDEF 0123 4567.",
                "PGP fingerprint ##################################################.",
            ),
            ("-----BEGIN PGP MESSAGE-----\nab\n-----END PGP MESSAGE----- end", "######################################################## end"),
            ("call +44 20 7946 0958 now", "call ################ now"),
            ("joe:w1nter!x and more", "joe:w1nter!x and more"),
            ("joel:w1nter!x9 and more", "############## and more"),
        ];
        for (text, expected) in cases {
            assert_eq!(masked(text), expected);
        }
    }

    #[test]
    fn sees_through_full_width_digits() {
        let text = "４１１１ １１１１ １１１１ １１１１";
        assert_eq!(sensitive(text.as_bytes()).len(), 1);
        assert_eq!(sensitive(text.as_bytes())[0].range(), 0..text.len());
    }
}
