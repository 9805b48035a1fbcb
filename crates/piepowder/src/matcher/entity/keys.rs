//! Keys and key-like names in a surface: onion services, Session IDs, PGP blocks and fingerprints. It opens no block and checks no key.
//! Invariant: a block is searched for its end up to the next block alone, so many beginnings cost no more than one.

use super::{labels, sums};
use crate::span::Span;
use memchr::memmem::find as position;

/// Onion service addresses, version 3, among the runs.
pub(super) fn onions(text: &[u8], runs: &[Span], out: &mut Vec<Span>) {
    for run in runs {
        if run.len() == 56 && text[run.end as usize..].starts_with(b".onion") && sums::is_onion(&text[run.range()]) {
            out.push(Span::new(run.start, run.end + 6));
        }
    }
}

/// Session IDs among the runs: 05 and 64 more hexadecimal digits.
pub(super) fn sessions(text: &[u8], runs: &[Span], out: &mut Vec<Span>) {
    let is_id = |id: &[u8]| id.len() == 66 && id.starts_with(b"05") && id.iter().all(u8::is_ascii_hexdigit);
    out.extend(runs.iter().filter(|run| is_id(&text[run.range()])));
}

/// How far behind its first line a block may end.
const BLOCK: usize = 16_384;

const BEGIN: &[u8] = b"-----begin pgp ";

/// What a block may be: the rest of its first line, and its last.
const BLOCKS: [(&[u8], &[u8]); 2] =
    [(b"public key block-----", b"-----end pgp public key block-----"), (b"message-----", b"-----end pgp message-----")];

/// The start and the end of a PGP block whose first line has its `pgp` at `at`: to its last line, or the first line alone.
pub(super) fn block(text: &[u8], at: usize) -> Option<(usize, usize)> {
    let start = at.checked_sub(BEGIN.len() - 4)?;
    let rest = text[start..].strip_prefix(BEGIN)?;
    let (first, last) = BLOCKS.iter().find(|(first, _)| rest.starts_with(first))?;
    let from = start + BEGIN.len() + first.len();
    let inside = &text[from..text.len().min(from + BLOCK)];
    let inside = &inside[..position(inside, BEGIN).unwrap_or(inside.len())];
    Some((start, position(inside, last).map_or(from, |end| from + end + last.len())))
}

/// The end of the fingerprint that begins here: 40 hexadecimal digits, together or in ten groups of four with one or two spaces.
pub(super) fn fingerprint_end(text: &[u8], start: usize) -> Option<usize> {
    let digits = |from: usize, most: usize| text[from..].iter().take(most).take_while(|b| b.is_ascii_hexdigit()).count();
    let mut end = start + digits(start, 41);
    if end - start == 4 {
        for _ in 1..10 {
            let gap = text[end..].iter().take(3).take_while(|b| **b == b' ').count();
            if !(1..=2).contains(&gap) || digits(end + gap, 5) != 4 {
                return None;
            }
            end += gap + 4;
        }
    } else if end - start != 40 {
        return None;
    }
    (!labels::continues(text, end)).then_some(end)
}

#[cfg(test)]
mod tests {
    use super::super::tests::all;
    use crate::taxonomy::EntityKind;

    #[test]
    fn onion_vector() {
        let onions = |text: &str| all(EntityKind::Onion, text);
        // The specification's own example address.
        let address = "pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd.onion";
        assert_eq!(onions(&format!("http://{address}/x")), [address]);
        assert!(onions(&address.replace("pg6", "pg7")).is_empty());
        assert!(onions(&format!("a{address}")).is_empty());
    }

    #[test]
    fn sessions_are_hexadecimal() {
        let sessions = |text: &str| all(EntityKind::Session, text);
        let id = "05c0ffee11c0ffee22c0ffee33c0ffee44c0ffee55c0ffee66c0ffee77c0ffee88";
        assert_eq!(sessions(&format!("session:{id}.")), [id]);
        for not in [id.replacen("05", "04", 1), id.replacen('e', "g", 1), format!("{id}0"), id[..65].to_string()] {
            assert!(sessions(&not).is_empty(), "{not}");
        }
    }

    #[test]
    fn blocks_end_at_their_last_line() {
        let keys = |text: &str| all(EntityKind::Pgp, text);
        let (first, last) = ("-----begin pgp public key block-----", "-----end pgp public key block-----");
        let block = format!("{first}\n\nabcd\n=efgh\n{last}");
        assert_eq!(keys(&format!("my key\n{block}\nthanks")), [&block[..]]);
        assert_eq!(keys(&format!("{first}\nabcd")), [first]);
        assert_eq!(keys(&format!("{first}\n{}{last}", "a".repeat(16_384))), [first]);
        assert_eq!(keys(&format!("{first}{block}")), [first, &block[..]]);
        assert_eq!(keys("-----begin pgp message-----\n-----end pgp public key block-----"), ["-----begin pgp message-----"]);
        assert!(keys("----begin pgp message-----").is_empty());
        assert!(keys("begin pgp signature").is_empty());
    }

    #[test]
    fn fingerprints_stand_behind_a_word() {
        let keys = |text: &str| all(EntityKind::Pgp, text);
        let (whole, groups) = ("0123456789abcdef0123456789abcdef01234567", "0123 4567 89ab cdef 0123  4567 89ab cdef 0123 4567");
        for text in [format!("pgp: {whole}"), format!("pgp key fingerprint is {groups}"), format!("fingerprint = {whole}"), format!("gpg {groups}")] {
            assert_eq!(keys(&format!("a {text}, b")), [&text[..]]);
        }
        for not in [
            whole.to_string(),
            format!("sha1 {whole}"),
            format!("pgp: {whole}0"),
            format!("pgp: {groups}x"),
            format!("xpgp: {whole}"),
            format!("pgp: {}", &whole[1..]),
        ] {
            assert!(keys(&not).is_empty(), "{not}");
        }
    }
}
