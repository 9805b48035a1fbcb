//! Letters set apart by spaces, signs or line feeds. Invariant: taking out what was put in gives the word.

use crate::generate::Random;

/// Puts the separator between all letters.
pub(super) fn with(word: &mut [String], separator: &str) {
    let gaps = word.len().saturating_sub(1);
    word[..gaps].iter_mut().for_each(|letter| letter.push_str(separator));
}

/// One line feed somewhere inside.
pub(super) fn split(word: &mut [String], random: &mut Random) {
    let gaps = word.len().saturating_sub(1);
    if gaps > 0 {
        word[random.below(gaps)].push('\n');
    }
}

/// A gap with its outer space made three, on the sides where a word was set apart.
pub(super) fn widened(gap: &str, before: bool, after: bool) -> String {
    const WIDE: &str = "   ";
    if gap == " " {
        return if before || after { WIDE.to_string() } else { gap.to_string() };
    }
    let lone = |edge: Option<char>, next: Option<char>| edge == Some(' ') && next.is_some_and(|c| c != ' ');
    let left = before && lone(gap.chars().next(), gap.chars().nth(1));
    let right = after && lone(gap.chars().next_back(), gap.chars().nth_back(1));
    let middle = &gap[usize::from(left)..gap.len() - usize::from(right)];
    format!("{}{middle}{}", if left { WIDE } else { "" }, if right { WIDE } else { "" })
}

#[cfg(test)]
mod tests {
    use super::widened;

    #[test]
    fn only_single_spaces_beside_words_grow() {
        assert_eq!(widened(" ", true, true), "   ");
        assert_eq!(widened(" of ", true, true), "   of   ");
        assert_eq!(widened(" of ", false, true), " of   ");
        assert_eq!(widened("  ,", true, true), "  ,");
        assert_eq!(widened(", ", true, true), ",   ");
    }
}
