//! Cuts a text into the words that are disguised and what stands between them. Invariant: the pieces, one after another, are the text.

use icu_properties::CodePointMapData;
use icu_properties::props::{GeneralCategory, GeneralCategoryGroup};

/// Which characters are letters of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Letters {
    /// `a` to `z` and `A` to `Z`.
    Ascii,
    /// The letters of all scripts, with the marks that follow them.
    All,
}

/// A stretch of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// A maximal run of enough letters.
    Word(&'a str),
    /// What is left as it is.
    Between(&'a str),
}

fn is_mark(c: char) -> bool {
    !c.is_ascii() && GeneralCategoryGroup::Mark.contains(CodePointMapData::<GeneralCategory>::new().get(c))
}

fn is_letter(c: char, letters: Letters) -> bool {
    c.is_ascii_alphabetic()
        || letters == Letters::All && !c.is_ascii() && GeneralCategoryGroup::Letter.contains(CodePointMapData::<GeneralCategory>::new().get(c))
}

/// The words of at least so many letters, and what stands between them.
pub(super) fn pieces(text: &str, letters: Letters, least: usize) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let (mut open, mut run, mut count) = (0, 0, 0);
    let ends = text.char_indices().map(Some).chain([None]);
    for end in ends {
        let at = end.map_or(text.len(), |(at, _)| at);
        match end {
            Some((_, c)) if is_letter(c, letters) => {
                if count == 0 {
                    run = at;
                }
                count += 1;
            }
            Some((_, c)) if count > 0 && letters == Letters::All && is_mark(c) => {}
            _ => {
                if count >= least {
                    if open < run {
                        pieces.push(Piece::Between(&text[open..run]));
                    }
                    pieces.push(Piece::Word(&text[run..at]));
                    open = at;
                }
                count = 0;
            }
        }
    }
    if open < text.len() {
        pieces.push(Piece::Between(&text[open..]));
    }
    pieces
}

/// The letters of a word, each with the marks that follow it.
pub(super) fn letters(word: &str) -> Vec<String> {
    let mut letters: Vec<String> = Vec::new();
    for c in word.chars() {
        match letters.last_mut() {
            Some(last) if is_mark(c) => last.push(c),
            _ => letters.push(c.to_string()),
        }
    }
    letters
}

#[cfg(test)]
mod tests {
    use super::{Letters, Piece, letters, pieces};

    #[test]
    fn words_are_maximal_runs_and_pieces_are_the_text() {
        use Piece::{Between, Word};
        let text = "pure LSD, caf\u{e9} tabs4you";
        assert_eq!(pieces(text, Letters::Ascii, 4), [Word("pure"), Between(" LSD, caf\u{e9} "), Word("tabs"), Between("4you")]);
        assert_eq!(pieces(text, Letters::All, 4), [Word("pure"), Between(" LSD, "), Word("caf\u{e9}"), Between(" "), Word("tabs"), Between("4you")]);
        assert_eq!(pieces("", Letters::All, 4), []);
        assert_eq!(pieces("abcd", Letters::Ascii, 5), [Between("abcd")]);
    }

    #[test]
    fn marks_stay_with_their_letter() {
        assert_eq!(letters("e\u{301}te"), ["e\u{301}", "t", "e"]);
        assert_eq!(pieces("e\u{301}te", Letters::All, 3), [Piece::Word("e\u{301}te")]);
        assert_eq!(pieces("e\u{301}te", Letters::All, 4), [Piece::Between("e\u{301}te")]);
    }
}
