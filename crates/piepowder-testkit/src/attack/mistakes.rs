//! Letters said several times, and misspellings. Invariant: a word is never left as it was.

use crate::generate::Random;

/// A letter or two, each said three to six times in all.
pub(super) fn repeats(word: &mut [String], random: &mut Random) {
    let one = random.below(word.len());
    let other = if random.chance(50) { random.below(word.len()) } else { one };
    let mut places = vec![one];
    if other != one {
        places.push(other);
    }
    for place in places {
        word[place] = word[place].repeat(3 + random.below(4));
    }
}

/// One letter dropped, two neighbors swapped, or a neighboring key pressed.
pub(super) fn edit(word: &mut Vec<String>, random: &mut Random) {
    let at = random.below(word.len());
    match random.below(3) {
        0 => drop(word.remove(at)),
        1 => {
            let unequal: Vec<usize> = (1..word.len()).filter(|i| word[i - 1] != word[*i]).collect();
            if unequal.is_empty() {
                word.remove(at);
            } else {
                let i = unequal[random.below(unequal.len())];
                word.swap(i - 1, i);
            }
        }
        _ => {
            let letter = word[at].clone();
            let capital = letter.chars().any(|c| c.is_ascii_uppercase());
            let beside = letter.chars().next().map_or("", |c| neighbors(c.to_ascii_lowercase()));
            let keys: Vec<char> = beside.chars().collect();
            if keys.is_empty() {
                word.remove(at);
            } else {
                let key = keys[random.below(keys.len())];
                word[at] = if capital { key.to_ascii_uppercase() } else { key }.to_string();
            }
        }
    }
}

/// The letters around a key of the QWERTY layout.
fn neighbors(key: char) -> &'static str {
    match key {
        'q' => "wa",
        'w' => "qeas",
        'e' => "wrsd",
        'r' => "etdf",
        't' => "ryfg",
        'y' => "tugh",
        'u' => "yihj",
        'i' => "uojk",
        'o' => "ipkl",
        'p' => "ol",
        'a' => "qwsz",
        's' => "weadzx",
        'd' => "ersfxc",
        'f' => "rtdgcv",
        'g' => "tyfhvb",
        'h' => "yugjbn",
        'j' => "uihknm",
        'k' => "iojlm",
        'l' => "opk",
        'z' => "asx",
        'x' => "sdzc",
        'c' => "dfxv",
        'v' => "fgcb",
        'b' => "ghvn",
        'n' => "hjbm",
        'm' => "jkn",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::neighbors;

    #[test]
    fn keys_are_neighbors_of_their_neighbors() {
        for key in 'a'..='z' {
            assert!(!neighbors(key).is_empty());
            assert!(neighbors(key).chars().all(|n| n != key && neighbors(n).contains(key)), "{key}");
        }
    }
}
