//! E-mail addresses in a surface. It knows the shape that docs/SEMANTICS.md, section 6, gives and asks nobody whether a mailbox is there.
//! Invariant: each `@` looks at no more than the longest address.

use crate::span::Span;

fn is_local(b: u8) -> bool {
    b.is_ascii_lowercase() || b.is_ascii_digit() || b"._%+-".contains(&b)
}

/// E-mail addresses, left to right.
pub(super) fn find(text: &[u8], out: &mut Vec<Span>) {
    let mut free = 0;
    let mut from = 0;
    while let Some(offset) = memchr::memchr(b'@', &text[from..]) {
        let at = from + offset;
        from = at + 1;
        let local = text[free..at].iter().rev().take(65).take_while(|b| is_local(**b)).count();
        // Not preceded by a character of the class: the run is bounded, at 64, by the text or by the address before it.
        let bounded = local <= 64 && (at == local || !is_local(text[at - local - 1]));
        if local == 0 || !bounded {
            continue;
        }
        if let Some(end) = domain_end(text, at + 1) {
            out.push(Span::new((at - local) as u32, end as u32));
            free = end;
            from = end;
        }
    }
}

/// Whether a short text, taken by itself, holds an address.
pub(super) fn is_in(text: &[u8]) -> bool {
    (1..text.len()).any(|at| text[at] == b'@' && is_local(text[at - 1]) && domain_end(text, at + 1).is_some())
}

/// End of the longest `([a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}` at `start` that no letter, digit or hyphen follows.
fn domain_end(text: &[u8], start: usize) -> Option<usize> {
    let (mut from, mut best) = (start, None);
    for label in 0..9 {
        let run = text[from..].iter().take(64).take_while(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || **b == b'-').count();
        let end = from + run;
        if label > 0 && (2..=24).contains(&run) && text[from..end].iter().all(u8::is_ascii_lowercase) {
            best = Some(end);
        }
        if run == 0 || run > 63 || text.get(end) != Some(&b'.') {
            break;
        }
        from = end + 1;
    }
    best
}

#[cfg(test)]
mod tests {
    use super::super::tests::all;
    use crate::taxonomy::EntityKind;

    #[test]
    fn emails_are_bounded() {
        let emails = |text: &str| all(EntityKind::Email, text);
        assert_eq!(emails("write to a.b+c@mail.example.com, now"), ["a.b+c@mail.example.com"]);
        assert_eq!(emails("a@b.example. next"), ["a@b.example"]);
        assert_eq!(emails("x@y.example@z.example"), ["x@y.example"]);
        assert_eq!(emails("a@example.com1 b@-.c2 @x.org a@b"), Vec::<String>::new());
        assert_eq!(emails("a@b.co.5x"), ["a@b.co"]);
    }
}
