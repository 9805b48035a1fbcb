//! The look-alikes of docs/SEMANTICS.md, section 4a, of which the page names the one table, and the blocks of pictured letters. No code
//! but the lookup.
//! Invariant: each character stands once.

#[path = "../../../xtask/src/lookalikes.rs"]
mod table;

use table::LOOKALIKES;

/// First characters of blocks of 26, A to Z: parenthesized (small, capital), squared, negative circled, negative squared, regional indicators.
const PICTURED: [u32; 6] = [0x249c, 0x1f110, 0x1f130, 0x1f150, 0x1f170, 0x1f1e6];

/// The letter that a character looks like.
pub(super) fn letter_like(c: char) -> Option<char> {
    LOOKALIKES.iter().find(|(_, alike)| alike.contains(c)).map(|(letter, _)| *letter)
}

/// The letter that a character is a picture of.
pub(super) fn pictured(c: char) -> Option<char> {
    let place = PICTURED.iter().map(|first| (c as u32).wrapping_sub(*first)).find(|place| *place < 26)?;
    Some((b'a' + place as u8) as char)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn each_look_alike_stands_once() {
        let all: Vec<char> = LOOKALIKES.iter().flat_map(|(_, alike)| alike.chars()).collect();
        let distinct: BTreeSet<char> = all.iter().copied().collect();
        assert_eq!(all.len(), distinct.len());
        assert!(all.iter().all(|c| !c.is_ascii()));
    }

    #[test]
    fn blocks_run_from_a_to_z() {
        for (first, last) in [('⒜', '⒵'), ('🄐', '🄩'), ('🄰', '🅉'), ('🅐', '🅩'), ('🅰', '🆉'), ('🇦', '🇿')] {
            assert_eq!((pictured(first), pictured(last)), (Some('a'), Some('z')));
        }
        assert_eq!(pictured('\u{249b}'), None);
        assert_eq!(pictured('\u{1f12a}'), None);
    }
}
