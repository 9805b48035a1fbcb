//! What must hold of any bytes: every reader and kernel says of them what its oracle says. Each function panics where one does not.
//! It makes no inputs; a fuzzer or the program beside it does.

#![forbid(unsafe_code)]

use piepowder::Field;
use piepowder_bytes::{Classes, Kernels, Link, PLANES, Pieces, Quotes};
use piepowder_io::{Chunk, Code, Columns, Frame, Framer, Record};

/// All checks.
pub fn check(bytes: &[u8]) {
    kernels(bytes);
    reader(bytes);
}

/// All sets of kernels give the same.
fn kernels(bytes: &[u8]) {
    let all = Kernels::all();
    let found: Vec<_> = all.iter().map(|kernels| quotes(*kernels, bytes)).collect();
    let lowered: Vec<_> = all
        .iter()
        .map(|kernels| {
            let mut out = Vec::new();
            (kernels.lower(bytes, &mut out), out)
        })
        .collect();
    let pieces: Vec<_> = all.iter().map(|kernels| (pieces(*kernels, bytes), kernels.repeats(bytes))).collect();
    assert!(pieces.windows(2).all(|two| two[0] == two[1]), "pieces");
    assert!(found.windows(2).all(|two| two[0] == two[1]), "quotes");
    assert!(lowered.windows(2).all(|two| two[0] == two[1]), "lower");
}

/// The blocks and the pieces of a text whose own bytes say where letters are parted.
fn pieces(kernels: Kernels, bytes: &[u8]) -> (Vec<[u64; PLANES]>, Pieces) {
    let sets = core::array::from_fn(|byte| match byte as u8 {
        b'a'..=b'o' => 1,
        b'p'..=b'z' => 1 << 1,
        b'0'..=b'9' => 1 << 2,
        b'.' | b',' => 1 << 3,
        0x80.. => 1 << 4,
        b'$' => 1 << 5,
        _ => 0,
    });
    let classes = Classes::new(&sets).expect("two tables tell these sets apart");
    let gaps = core::array::from_fn(|byte| [Link::Joined, Link::Spaced, Link::Broken][byte % 3]);
    let parted: Vec<u64> = bytes.chunks(64).map(|chunk| chunk.iter().fold(0u64, |mask, byte| mask.rotate_left(7) ^ u64::from(*byte))).collect();
    let (mut blocks, mut found) = (Vec::new(), Pieces::default());
    kernels.classes(&classes, bytes, &mut blocks);
    kernels.pieces(bytes, &mut blocks, &parted, &gaps, &mut found);
    for piece in &found.list {
        assert_eq!(piece.hash, piepowder_bytes::hash(&bytes[piece.range()]), "hash");
    }
    (blocks, found)
}

fn quotes(kernels: Kernels, bytes: &[u8]) -> [Vec<u32>; 2] {
    let (mut index, mut found) = (Quotes::default(), [Vec::new(), Vec::new()]);
    while index.until() < bytes.len() {
        kernels.quotes(bytes, bytes.len(), &mut index);
        found[0].extend((0..).map(|number| index.quote(number)).take_while(|at| *at != u32::MAX));
        found[1].extend((0..).map(|number| index.escape(number)).take_while(|at| *at != u32::MAX));
    }
    found
}

/// A row is scored exactly when `serde_json` takes it for an object that no rule of ours refuses, with the same title; and a second
/// reading, by the reader that knows the keys, says what the first one said.
fn reader(bytes: &[u8]) {
    let columns = Columns::standard();
    let mut record = Record::new(&columns);
    let mut framer = Framer::new("fuzz", bytes, 1 << 20);
    let mut chunk = Chunk::default();
    while framer.next_chunk(&mut chunk).unwrap_or(false) {
        for frame in chunk.frames() {
            let Frame::Record(line) = frame else { continue };
            let mut passes = Vec::new();
            for _ in 0..2 {
                let outcome = record.read(&line);
                let mut declared = Vec::new();
                let title = outcome.is_ok().then(|| record.listing(&line, &mut declared).get(Field::Title).to_vec());
                passes.push((outcome, record.id().to_vec(), record.flags(), title));
            }
            assert!(passes[0] == passes[1], "two readings of one row differ");
            let (outcome, _, _, title) = &passes[0];
            // The parser wants Unicode and no raw control characters, which we keep.
            let Ok(text) = str::from_utf8(line.bytes()) else { continue };
            if text.contains(|c: char| c < ' ') {
                continue;
            }
            match (serde_json::from_str::<serde_json::Value>(text), outcome) {
                (Ok(value), Ok(())) => {
                    let want = value["title"].as_str().unwrap_or_default();
                    assert_eq!(title.as_deref(), Some(want.as_bytes()), "{text}");
                }
                (Ok(_), Err(error)) => assert!(!matches!(error.code(), Code::Syntax | Code::Trailing), "{error} {text}"),
                // Lone surrogates are kept, numbers never computed, and nesting is counted by us.
                (Err(error), Ok(())) => {
                    let error = error.to_string();
                    assert!(["surrogate", "unexpected end of hex", "number out of range"].iter().any(|e| error.contains(e)), "{error} {text}");
                }
                (Err(_), Err(_)) => {}
            }
        }
    }
}
