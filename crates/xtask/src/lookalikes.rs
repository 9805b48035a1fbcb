//! Look-alikes that the confusables of UTS #39 do not lead to an ASCII letter: small capitals, turned letters, capitals of other scripts by
//! their shape, signs of currencies, and the alphabets of "fancy text" generators. Chosen by eye; no code.
//! Invariant: each character stands once.

/// A letter, and the characters that are read as it (docs/SEMANTICS.md, section 4a).
pub(crate) const LOOKALIKES: [(char, &str); 26] = [
    ('a', "ᴀɐΛΔ∆₳ค卂"),
    ('b', "ʙβ₿฿ъь乃"),
    ('c', "ɔς©₵¢匚"),
    ('d', "ᴅδ∂₫刀"),
    ('e', "ᴇəǝεΣ∑Ξξэ€乇"),
    ('f', "ꜰɟ下"),
    ('g', "ɢƃ₲厶"),
    ('h', "ʜɥ卄"),
    ('i', "ɪᴉเ工丨"),
    ('j', "ᴊ丿"),
    ('k', "ᴋʞκ₭长"),
    ('l', "ʟ£乚"),
    ('m', "ᴍɯ₥从"),
    ('n', "ɴηπΠпи∏₦หภ几"),
    ('o', "θΘφΦΩф°¤◊○●◯⊕⊗∅๏ㄖ口"),
    ('p', "ᴘ₱₽尸卩"),
    ('q', "ꞯ"),
    ('r', "ʀɹя®₹尺"),
    ('s', "§₴ร丂"),
    ('t', "ᴛʇτ†‡₮丁ㄒ"),
    ('u', "ᴜμυцย凵"),
    ('v', "ʌ√"),
    ('w', "ʍωψΨшщ₩ฬ山"),
    ('x', "χ乂"),
    ('y', "ʏʎ¥丫"),
    ('z', "ζ乙"),
];
