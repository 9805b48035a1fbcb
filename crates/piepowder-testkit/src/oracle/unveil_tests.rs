//! Tables of texts, what is unveiled in them, and where their blocks begin.

use super::lexicon::Lexicon;
use super::map::locate;
use super::surface::surface;
use super::unveil::{Unveiled, unveiled};
use piepowder::Transforms;
use std::collections::BTreeSet;

const WORDS: &str = "cocaine fullz ketamine heroin oxycontin 2cb mdma xanax кокаин हिंदी moss мефедрон pills coke kilo cocainehcl log book keg";

/// The words, and a term of two.
fn lexicon() -> Lexicon {
    Lexicon::of_words(WORDS.split(' ').map(str::to_string).collect(), ["cokekilo".to_string()].into())
}

/// The unveiled text, and the transforms of what was replaced.
fn unveil(text: &str) -> (String, String) {
    let lexicon = lexicon();
    let Some(Unveiled { made, places, .. }) = unveiled(text, &surface(text), &lexicon) else { return (String::new(), String::new()) };
    let all = places.into_iter().fold(Transforms::NONE, |all, place| all.union(locate(&made.segments, place).1));
    (made.text, all.names().collect::<Vec<_>>().join(" "))
}

#[test]
fn hidden_words_are_shown() {
    let table = [
        ("pure c0caine", "pure cocaine", "leet"),
        ("C0CA1NE!", "cocaine!", "leet"),
        ("!!c0caine!!", "!!cocaine!!", "leet"),
        ("cocaine!", "", ""),
        ("сосаine now", "cocaine now", "confusable mixed"),
        ("🅲🅾🅲🅰🅸🅽🅴", "cocaine", "confusable"),
        ("ҝετα๓ine", "", ""),
        ("co\u{93c}caine", "cocaine", "confusable mixed"),
        ("हिंदी", "", ""),
        ("हिxxxंदी", "", ""),
        ("coooocaine", "cocaine", "repeated"),
        ("mmmossss", "moss", "repeated"),
        ("mosss", "moss", "repeated"),
        ("moss", "", ""),
        ("k e t a m i n e", "ketamine", "spaced"),
        ("k.3.t.4.m.1.n.e", "ketamine", "leet spaced"),
        ("1 h e r o i n 2", "1 heroin 2", "spaced"),
        ("a h e r o i n b", "", ""),
        ("k+e+t+a+m+i+n+e", "ketamine", "spaced"),
        ("c|oke", "", ""),
        ("c|o k|e", "co ke", "spaced"),
        ("p u r e   c o k e", "pure coke", "spaced"),
        ("i n   c o k e   n o w", "in coke now", "spaced"),
        ("i n - c o k e", "", ""),
        ("c o ke   k i l o  c0ke", "c o ke kilo coke", "leet spaced"),
        ("c o c a i n e h c l", "cocainehcl", "spaced"),
        ("c o k e k i l o", "coke kilo", "spaced"),
        ("k - - - - e t a m i n e", "", ""),
        ("oxy-\ncontin 80", "oxycontin 80", "spaced"),
        ("oxy\u{ad}\r\ncontin", "oxycontin", "invisible spaced"),
        ("oxy- \ncontin", "", ""),
        ("co\nke", "coke", "spaced"),
        ("k e t a   m i n e", "keta mine", "spaced"),
        ("c o k e   k i l o", "coke kilo", "spaced"),
        ("10g 600k k9 b00k", "10g 600k k9 book", "leet"),
        ("1og l0g l06", "1og log l06", "leet"),
        ("кокaин", "кокаин", "confusable mixed"),
        ("кокаин", "", ""),
        ("2cb", "", ""),
        ("2сb", "", ""),
        ("zcb", "", ""),
        ("pïl|s", "pills", "accent leet"),
        ("p\u{200b}1lls", "pills", "invisible leet"),
        ("50$ p!lls 10", "50$ pills 10", "leet"),
        ("111", "", ""),
    ];
    for (text, expected, transforms) in table {
        assert_eq!(unveil(text), (expected.to_string(), transforms.to_string()), "{text}");
    }
}

#[test]
fn the_rest_stays_in_its_segments() {
    let lexicon = Lexicon::of_words(["pills".to_string()].into(), BTreeSet::new());
    let text = "é p1lls ½";
    let Unveiled { made, places, .. } = unveiled(text, &surface(text), &lexicon).expect("a word is hidden");
    assert_eq!(made.text, "e pills  1/2");
    assert_eq!((places.len(), places[0].clone()), (1, 2..7));
    assert_eq!(locate(&made.segments, 0..1), (0..2, Transforms::ACCENT));
    assert_eq!(locate(&made.segments, 4..5), (3..8, Transforms::LEET));
    assert_eq!(locate(&made.segments, 9..10), (9..11, Transforms::COMPATIBILITY));
}

#[test]
fn letters_that_were_parted_are_one_block() {
    let blocks = |text: &str| {
        let lexicon = lexicon();
        unveiled(text, &surface(text), &lexicon).expect("a word is hidden").blocks
    };
    assert_eq!(blocks("pure c0caine 10mg-a"), [0, 5, 13, 18]);
    assert_eq!(blocks("x a h e r o i n b c d e f g h c0caine"), [4, 14, 24, 30]);
    assert_eq!(blocks("w h e r o i n 2 3 4 5 c0caine"), [2, 18, 22]);
    assert_eq!(blocks("oxy-\ncontin a\nb\nc"), [0, 12, 16]);
    assert_eq!(blocks("c0caine a\nb"), [0, 8, 10]);
}
