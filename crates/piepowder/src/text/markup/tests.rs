//! Tests of markup: a table of cases, the laws of the map on any bytes, hostile texts, references against an independent decoder.

use super::element::ELEMENTS;
use super::*;
use crate::text::entities::{LEGACY, LONGEST, NAMED};
use crate::text::map::Shape;
use proptest::prelude::*;
use std::time::{Duration, Instant};

fn read(original: &[u8]) -> (Markup, bool) {
    let mut markup = Markup::default();
    let undone = markup.read(original);
    (markup, undone)
}

fn shown(original: &str) -> String {
    String::from_utf8(read(original.as_bytes()).0.text).unwrap()
}

/// What is undone, and what is shown. `|` stands for a break.
const SHOWN: &[(&str, &str)] = &[
    // References.
    ("co&#99;oa", "cocoa"),
    ("co&#99oa", "cocoa"),
    ("co&#x63;oa", "cocoa"),
    ("co&#X63oa &#xc0ffee", "cocoa \u{FFFD}"),
    ("co&#0000000000000099;oa", "cocoa"),
    ("&#0;&#x0;&#xD800;&#x110000;&#99999999999999999999;", "\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}"),
    ("&#128;5 &#150; &#x99; &#129;", "€5 – ™ \u{81}"),
    ("a&#10;b&#13;c", "a\nb\rc"),
    ("rock &amp; roll", "rock & roll"),
    ("rock &amp roll", "rock & roll"),
    ("&lt;b&gt;", "<b>"),
    ("&amp;lt;", "&lt;"),
    ("&amp;#99;", "&#99;"),
    ("&amp&amp;&ampamp", "&&&ampamp"),
    ("&AMP;&AMP &Amp;", "&& &Amp;"),
    ("caf&eacute;&nbsp;&euro;5", "café\u{a0}€5"),
    ("&nGt;&NotEqualTilde;", "\u{226B}\u{20D2}\u{2242}\u{338}"),
    ("&CounterClockwiseContourIntegral;", "\u{2233}"),
    ("&frac12; &there4; &sup2;", "½ ∴ ²"),
    ("&copy", "©"),
    ("&copy&reg.", "©®."),
    // Inline tags.
    ("co<b>co</b>a", "cocoa"),
    ("co<B>co</B >a", "cocoa"),
    ("co<span class=\"x\">co</span>a", "cocoa"),
    ("co<span/>coa", "cocoa"),
    ("<i>c</i><i>o</i><u>c</u><font color=red>oa</font>", "cocoa"),
    ("co<wbr>coa", "cocoa"),
    ("co<x-y>co</x-y>a", "cocoa"),
    ("co<a title='a > b' href=\"/?x>y\">co</a>a", "cocoa"),
    ("co<a href=x/y>co</a>a", "cocoa"),
    ("co<a b = 'c'd e=>co</a>a", "cocoa"),
    ("co<a =\"b>coa", "cocoa"),
    ("co<a \"b>coa", "cocoa"),
    ("co<a\n\thref=x\r\n>coa", "cocoa"),
    ("H<sub>2</sub>O", "H2O"),
    ("</b>x</>y", "xy"),
    ("a <b or c>d", "a d"),
    ("<b <i>x", "x"),
    // Breaks.
    ("a<br>b<br/>c<BR />d", "a\nb\nc\nd"),
    ("a<br>\nb<br />\r\nc<br>\rd", "a\nb\r\nc\n\rd"),
    ("<p>a</p><p>b", "|a||b"),
    ("<ul><li>a<li>b</ul>", "||a|b|"),
    ("<td>5</td><td>g</td>", "|5||g|"),
    ("a<img src=x alt=\"secret\">b<input value=c>d", "a|b|d"),
    ("<select><option>a<option>b</select>", "||a|b|"),
    ("<h1>a</h1>b<hr>c", "|a|b|c"),
    ("<title>cocoa</title><textarea>x</textarea>", "|cocoa||x|"),
    // Comments and declarations.
    ("co<!-- no -->coa", "cocoa"),
    ("co<!---->c<!-->o<!--->a", "cocoa"),
    ("co<!-- a --!>co<!--!> -->a", "cocoa"),
    ("co<!-- <b> -- > -->coa", "cocoa"),
    ("co<!---!> -->coa<!----!>", "cocoa"),
    ("<!DOCTYPE html>co<!x>co<![CDATA[a", "coco<![CDATA[a"),
    ("co<?php echo ?>coa", "cocoa"),
    ("a<!-->b-->c", "ab-->c"),
    // Raw elements.
    ("co<script>var x = '<b>';</script>coa", "cocoa"),
    ("co<style>b{}</STYLE >co<template>x</template>a", "cocoa"),
    ("<noscript>a</noscript><noembed>a</noembed><noframes>a</noframes>b", "b"),
    ("<script>a</scripts></script>b", "b"),
    ("<script>a</script x>b</script>c", "abc"),
    ("<script>a<b>b</b>", "ab"),
    ("a</script>b", "ab"),
    ("<script>a<style>b</script>c</style>d", "cd"),
    // Hidden elements.
    ("co<span hidden>no</span>coa", "cocoa"),
    ("co<span HIDDEN=\"\">no</span>coa", "cocoa"),
    ("co<span style=\"display:none\">no</span>coa", "cocoa"),
    ("co<span style='color:red; DISPLAY : None !important;'>no</span>coa", "cocoa"),
    ("co<b style=visibility:hidden>no</b>coa", "cocoa"),
    ("co<b style=font-size:0px>no</b>coa", "cocoa"),
    ("co<b style='font-size:.0em'>no</b>coa", "cocoa"),
    ("co<b style='opacity: 0.00'>no</b>coa", "cocoa"),
    ("co<b hidden style=color:red>no</b>coa", "cocoa"),
    ("co<span hidden>a<span>b</span>c</span>coa", "cocoa"),
    ("co<span hidden>a<b>b<br>c</b><img>d<!-- e --></span>coa", "cocoa"),
    ("co<div hidden>a<b>b</b></div>coa", "cocoa"),
    ("co<p hidden>no</p>coa", "cocoa"),
    ("co<x-y hidden>no</x-y>coa", "cocoa"),
    ("co<i hidden>a<i hidden>b</i></i>coa", "cocoa"),
    ("co<i hidden>a<u hidden>b</u>c", "coac"),
    ("a<b><i hidden>b</i>c</b>", "ac"),
    // What is not hidden.
    ("<span hidden>a", "a"),
    ("<span hidden>a<div>b</div></span>", "a|b|"),
    ("<div hidden>a<div>b</div></div>c", "|a|b||c"),
    ("<p hidden>a<p>b</p>c", "|a|b|c"),
    ("<b>a<span hidden>b</b>c</span>", "abc"),
    ("<td hidden>a</td>", "|a|"),
    ("<a hidden>a<a>b</a></a>", "ab"),
    ("<span style=\"display:none;display:inline\">a</span>", "a"),
    ("<span style=\"display:inline\" hidden>a</span>", "a"),
    ("<span style=\"x:(;display:none\">a</span>", "a"),
    ("<span style=a:b style=display:none>a</span>", "a"),
    ("<span style=\"dis play:none\">a</span>", "a"),
    ("<span style=\"font-size:0;font:9px x\">a</span>", "a"),
    ("<span style=\"font-size:0.5em\">a</span><b style='opacity:0.'>b</b>", "ab"),
    ("<span style=visibility:hidden><b style=visibility:visible>a</b></span>", "a"),
    ("<span style=font-size:0><font size=7>a</font></span>", "a"),
    ("<span title=hidden>a</span></b hidden>b</b>", "ab"),
];

/// What stays as it is.
const TEXT: &[&str] = &[
    "",
    "plain",
    "<3 <$20> < b> <> <<>> a<b",
    "<joe@example.org> <https://example.com/a> <unknown> </unknown> <bb> </3 </ b>",
    "a <b c",
    "<!-- a b",
    "<!-- a --! > b -- >",
    "<!doctype",
    "<?php",
    "<!--",
    "<a href=\"x>y",
    "<b",
    "</b",
    "<",
    "&",
    "& &; &# &#; &#x; &#xg; &#g;",
    "AT&T Q&A &unknown; &notit; &notin &nosuch",
    "?a=1&copy=2&region=3&amp=4 &copyright",
    "&CounterClockwiseContourIntegra; &CounterClockwiseContourIntegrals;",
    "<a-\u{e9}>",
    "<b\u{a0}>",
];

#[test]
fn shows_what_a_browser_shows() {
    for (original, expected) in SHOWN {
        assert!(may_have_markup(original.as_bytes()), "{original}");
        let (markup, undone) = read(original.as_bytes());
        assert!(undone, "{original}");
        assert_eq!(String::from_utf8_lossy(markup.text()), expected.replace('|', "\n\n"), "{original}");
        check_map(original.as_bytes(), &markup, undone);
    }
    assert!(SHOWN.len() > 60);
}

#[test]
fn text_stays_as_it_is() {
    for original in TEXT {
        let (markup, undone) = read(original.as_bytes());
        assert_eq!((String::from_utf8_lossy(markup.text()).as_ref(), undone), (*original, false));
        check_map(original.as_bytes(), &markup, undone);
    }
    assert!(!may_have_markup(b"a < b & c, <3, R&, a<"));
}

#[test]
fn says_whether_words_may_have_gone() {
    for (original, hides) in [
        ("a<b>b</b >c<br/><p>&amp;", false),
        ("a<b x>", true),
        ("a</b x>", true),
        ("a<!-- -->", true),
        ("a<?x>", true),
        ("<a-b>", true),
        ("<script></script>", true),
        ("<script>a", false),
        ("<!-- a", false),
        ("<i hidden>a</i>", true),
    ] {
        assert_eq!(read(original.as_bytes()).0.hides(), hides, "{original}");
    }
}

#[test]
fn a_tag_ends_within_its_bound() {
    let tag = |len: usize| format!("a<b {}>c", "x".repeat(len - 4));
    assert_eq!(shown(&tag(TAG_BYTES)), "ac");
    let long = tag(TAG_BYTES + 1);
    assert_eq!(shown(&long), long);
    // In the bytes of a tag without end no other begins, but references are read; behind them all is as ever.
    let start = "<b \"<i>=\"<i>&amp;";
    let unclosed = format!("<b x=\"<i>&amp;{}<i>c", "x".repeat(TAG_BYTES - 14));
    assert_eq!(shown(&unclosed), unclosed.replace("&amp;", "&").replace("x<i>c", "xc"));
    assert_eq!(shown(start), "=\"&");
    let declaration = format!("<!{}<i>c<i>", "x".repeat(TAG_BYTES - 5));
    assert_eq!(shown(&declaration), "c");
    let declaration = format!("<!{}<i>c<i>", "x".repeat(TAG_BYTES - 2));
    assert_eq!(shown(&declaration), declaration.replace("<i>", ""));
}

#[test]
fn follows_a_bounded_number_of_elements() {
    let nested = |n: usize| format!("<u hidden>a{}b{}c</u>d", "<i>".repeat(n), "</i>".repeat(n));
    assert_eq!(shown(&nested(OPEN - 1)), "d");
    assert_eq!(shown(&nested(OPEN)), "abcd");
}

#[test]
fn transforms_and_spans_of_what_was_undone() {
    let original = b"co&#99;<b>o</b>a<p>x";
    let (markup, _) = read(original);
    assert_eq!(markup.text(), b"cocoa\n\nx");
    let shapes: Vec<_> = markup.map().segments().iter().map(|s| (s.view, s.original, s.shape, s.transforms == Transforms::MARKUP)).collect();
    let expected = [
        (0, 0, Shape::Linear, false),
        (2, 2, Shape::Whole, true),
        (3, 7, Shape::Dropped, true),
        (3, 10, Shape::Linear, false),
        (4, 11, Shape::Dropped, true),
        (4, 15, Shape::Linear, false),
        (5, 16, Shape::Whole, true),
        (7, 19, Shape::Linear, false),
    ];
    assert_eq!(shapes, expected);
    assert_eq!((markup.map().start(0), markup.map().end(5)), (0, 16));
    assert_eq!((markup.map().start(2), markup.map().end(3)), (2, 7));
    assert_eq!(Transforms::MARKUP.names().collect::<Vec<_>>(), ["markup"]);
}

#[test]
fn every_element_is_found_and_shown_as_its_kind_says() {
    assert!(ELEMENTS.is_sorted_by(|a, b| a.0 < b.0));
    let mut raw = Vec::new();
    for (name, kind) in ELEMENTS {
        // In the middle of a word, with something in it, in another letter case.
        let original = format!("co<{name}>x</{}>coa", name.to_uppercase());
        let expected = match kind {
            Kind::Inline | Kind::Single | Kind::Nothing => "coxcoa",
            Kind::Line => "co\nx\ncoa",
            Kind::Void | Kind::Block | Kind::Structure => "co\n\nx\n\ncoa",
            Kind::Raw(number) => {
                raw.push(number);
                "cocoa"
            }
        };
        assert_eq!(shown(&original), expected, "{name}");
        let hidden = format!("co<{name} hidden>x</{name}>coa");
        assert_eq!(shown(&hidden) == "cocoa", matches!(kind, Kind::Inline | Kind::Single | Kind::Block | Kind::Raw(_)), "{name}");
    }
    assert_eq!(raw, (0..RAW).collect::<Vec<_>>());
}

#[test]
fn references_agree_with_another_decoder() {
    let mut worst = (0, 1);
    let mut buffer = [0; 4];
    for (name, characters) in NAMED {
        let text = format!("&{name};");
        assert_eq!(shown(&text), *characters, "{name}");
        assert_eq!(htmlize::unescape(&text), *characters, "{name}");
        let ratio = (characters.len(), text.len());
        if ratio.0 * worst.1 > worst.0 * ratio.1 {
            worst = ratio;
        }
        let open = format!("&{name} ");
        let legacy = LEGACY.contains(&name);
        assert_eq!(shown(&open) != open, legacy, "{name}");
        assert!(name.len() <= LONGEST);
        if legacy {
            assert_eq!(shown(&open), htmlize::unescape(&open));
            // Without a semicolon there is one byte less.
            assert!(characters.len() * GROWTH.1 <= (text.len() - 1) * GROWTH.0, "{name}");
        }
    }
    assert_eq!(worst, GROWTH);
    for number in (0..0x500).chain([0xD7FF, 0xD800, 0xDFFF, 0xE000, 0xFFFE, 0x1F600, 0x10_FFFF, 0x11_0000, 0x7FFF_FFFF]) {
        for text in [format!("&#{number};"), format!("&#x{number:x};"), format!("&#X{number:X} ")] {
            assert_eq!(shown(&text), htmlize::unescape(&text), "{text}");
            let (len, characters) = reference::read(text.as_bytes()).unwrap();
            assert!(characters.text(&mut buffer).len() <= len, "{text}");
        }
    }
}

/// The map tiles both texts, and every segment is what its shape says.
fn check_map(original: &[u8], markup: &Markup, undone: bool) {
    let (text, segments) = (markup.text(), markup.map().segments());
    assert!(text.len() * GROWTH.1 <= original.len() * GROWTH.0);
    let ends = segments.iter().skip(1).map(|s| (s.view as usize, s.original as usize)).chain([(text.len(), original.len())]);
    assert_eq!(segments.is_empty(), original.is_empty());
    let mut last = (0, 0);
    for (segment, (view_end, original_end)) in segments.iter().zip(ends) {
        let (view, start) = (segment.view as usize, segment.original as usize);
        assert_eq!((view, start), last);
        assert!(start < original_end && view <= view_end);
        match segment.shape {
            Shape::Linear => assert_eq!(text[view..view_end], original[start..original_end]),
            Shape::Whole => assert!(view < view_end),
            Shape::Dropped => assert_eq!(view, view_end),
        }
        assert_eq!(segment.transforms, if segment.shape == Shape::Linear { Transforms::NONE } else { Transforms::MARKUP });
        last = (view_end, original_end);
    }
    for view in 0..text.len() as u32 {
        let (start, end) = (markup.map().start(view), markup.map().end(view + 1));
        assert!(start < end && end as usize <= original.len());
    }
    assert_eq!(undone, segments.iter().any(|s| s.shape != Shape::Linear));
    assert!(!undone || may_have_markup(original));
}

fn soup() -> impl Strategy<Value = Vec<u8>> {
    let parts: Vec<&[u8]> = vec![
        b"<b>",
        b"</b>",
        b"<span hidden>",
        b"<i style=display:none>",
        b"</i>",
        b"</span>",
        b"<p>",
        b"<p hidden>",
        b"</p>",
        b"<br>",
        b"<a href='",
        b"'>",
        b"</a>",
        b"<!--",
        b"-->",
        b"--!>",
        b"<script>",
        b"</script>",
        b"</script",
        b"<",
        b">",
        b"&",
        b"&amp",
        b";",
        b"#",
        b"&#",
        b"x",
        b"99",
        b"=",
        b"\"",
        b"'",
        b" ",
        b"\n",
        b"-",
        b"/",
        b"!",
        b"?",
        b"<?",
        b"<!",
        b"</",
        b"word",
        b"\xE2",
        b"\x82\xAC",
        b"\xFF",
        b"<x-y>",
        b"<font size=2>",
        b"<img",
        b"&nGt;",
    ];
    proptest::collection::vec(
        prop_oneof![8 => proptest::sample::select(parts).prop_map(<[u8]>::to_vec), 1 => proptest::collection::vec(any::<u8>(), 0..4)],
        0..40,
    )
    .prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, ..ProptestConfig::default() })]

    #[test]
    fn maps_of_markup_obey_the_laws(original in soup()) {
        let (markup, undone) = read(&original);
        check_map(&original, &markup, undone);
        // Buffers that were used give the same.
        let mut again = Markup::default();
        again.read(b"<b>x<i hidden>&amp;<!-- <script>");
        prop_assert_eq!(again.read(&original), undone);
        prop_assert_eq!((again.text(), again.map().segments(), again.hides()), (markup.text(), markup.map().segments(), markup.hides()));
    }

    #[test]
    fn any_bytes_can_be_read(original in proptest::collection::vec(any::<u8>(), 0..200)) {
        let (markup, undone) = read(&original);
        check_map(&original, &markup, undone);
    }
}

#[test]
fn hostile_texts_take_linear_time() {
    // A scan from every bracket to the end would take hours on a megabyte; a pass takes milliseconds.
    const SIZE: usize = 1 << 20;
    const TIME: Duration = Duration::from_secs(5);
    for unit in [
        "<",
        "<a",
        "<a ",
        "<a b='",
        "<a b=\"'",
        "<a/b=",
        "<a b=\"<a b='",
        "</a",
        "<!",
        "<!-",
        "<!--",
        "<!-- --",
        "<!-- -->",
        "<!----!",
        "<?",
        "&",
        "&#",
        "&#1",
        "&#x",
        "&a",
        "&amp",
        "&amp;",
        "<b>",
        "</b>",
        "<span hidden>",
        "<span hidden></b>",
        "<span hidden><b></span>",
        "<p hidden>",
        "<p hidden></p>",
        "<i hidden><u hidden><s hidden>",
        "<script>",
        "<script></",
        "<script></script x",
        "<script></script ",
        "<style><script></style>",
        "<x-y hidden>",
        "<b style=display:none;",
        "<b style='display:none;opacity:0'>",
        "<a hidden>",
        "<br>\n",
        "<!-->",
        "<![CDATA[",
        "</script ",
        "<b=",
        "<script><style>",
    ] {
        for end in ["", ">", "-->", "</script x>", "\">", "</span>"] {
            let text = unit.repeat(SIZE / unit.len()) + end;
            let start = Instant::now();
            let (markup, _) = read(text.as_bytes());
            assert!(start.elapsed() < TIME, "{unit:?} {end:?}");
            assert!(markup.text().len() <= text.len());
        }
    }
}

#[test]
fn reads_a_whole_page() {
    let page = "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=utf-8><title>Stall 7 &ndash; cocoa</title>\n<style>b > i { color: red }</style>\
        <script>if (a < b && c > d) { document.write(\"<p>not shown</p>\"); }</script></head>\n<body class=\"x\" onload='f(\"a>b\")'>\
        <!-- menu --><ul><li><a href=\"/?a=1&amp;b=2\">Home</a></li><li hidden>ghost</li></ul>\
        <h1>Fine co<span style=\"display: none\">xx</span>coa</h1><table><tr><td>5&nbsp;g</td><td>&pound;4</td></tr></table>\
        <p>Write to &lt;joe@example.org&gt;<br />\nor call +1&#160;555&#8209;0100.</p><noscript>no script</noscript></body></html>\n";
    let shown = shown(page);
    let lines: Vec<&str> = shown.lines().map(str::trim).filter(|l| !l.is_empty()).collect();
    let expected = ["Stall 7 – cocoa", "Home", "Fine cocoa", "5\u{a0}g", "£4", "Write to <joe@example.org>", "or call +1\u{a0}555\u{2011}0100."];
    assert_eq!(lines, expected);
}
