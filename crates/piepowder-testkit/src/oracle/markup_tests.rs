//! Tables of texts with markup, and what a reader sees of them.

use super::markup::undone;
use super::tags::MOST;

fn seen(text: &str) -> String {
    undone(text.as_bytes()).map_or(text.to_string(), |undone| String::from_utf8(undone.text).expect("UTF-8 stays UTF-8"))
}

#[test]
fn texts_are_read_as_they_are_shown() {
    let long = format!("<b {}<i>x</i>", "y".repeat(MOST));
    let long_shown = format!("<b {}x", "y".repeat(MOST));
    let table = [
        ("2 < 3 & 4 > 1", "2 < 3 & 4 > 1"),
        ("co<b>ca</b>ine", "cocaine"),
        ("co<!-- x > y -->ca<!-->ine<!--->!", "cocaine!"),
        ("a<!-- b --!>c-->d", "ac-->d"),
        ("a<!-- b", "a<!-- b"),
        ("a<!DOCTYPE x>b<?php c>d</>e", "abde"),
        ("a<br>b<br/>\nc</br>\r\nd", "a\nb\nc\r\nd"),
        ("a<p>b</p>c<img src=x>d", "a\n\nb\n\nc\n\nd"),
        ("a<script>b<i>c</script >d", "ad"),
        ("a<script>b</script x>c", "abc"),
        ("&amp;lt;b&gt; &lt;b>", "&lt;b> <b>"),
        ("a<span style='display:none'>b<i>c</span>d</i>e", "ade"),
        ("a<span hidden>b", "ab"),
        ("a<span hidden>b<p>c</span>d", "ab\n\ncd"),
        ("a<div hidden>b<i>c</i></div>d", "ad"),
        ("a<div hidden>b<div>c</div>d", "a\n\nb\n\nc\n\nd"),
        ("a<span hidden>b<font size=3>c</font></span>d", "abcd"),
        ("a<a hidden>b<a>c</a>d", "abcd"),
        ("<x-y hidden>a</z-z>b", "b"),
        ("<cocoa> <joe@example.org> </3", "<cocoa> <joe@example.org> </3"),
        ("<b <i>x</i>", "x"),
        (&long, &long_shown),
    ];
    for (text, expected) in table {
        assert_eq!(seen(text), expected, "{text}");
    }
}

#[test]
fn words_go_with_all_but_bare_tags_and_references() {
    let hides = |text: &str| undone(text.as_bytes()).is_some_and(|undone| undone.hides_words);
    for text in ["<!-- -->", "<!x>", "</>", "<b x>", "</b x>", "<ak-47>", "<script></script>", "<span hidden>x</span>"] {
        assert!(hides(text), "{text}");
    }
    for text in ["x", "&amp;", "<b>x</b >", "<p/>", "<script>x", "</script>", "<!-- x"] {
        assert!(!hides(text), "{text}");
    }
}
