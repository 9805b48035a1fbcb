//! Changes rows at random and checks each: `piepowder-fuzz FILE SEED ROUNDS`, with a file of JSON Lines to begin with. The same seed gives
//! the same inputs. A failure prints the input before it ends the program.

#![forbid(unsafe_code)]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

/// Bytes that mean something to a reader of JSON.
const BYTES: &[u8] = b"\"\\{}[],: 0-.eEtnu\t\r\n\x00\x1f\x7f\x80\xc3\xed\xff";

/// A generator of numbers: xorshift.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit.max(1) as u64) as usize
    }
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [file, seed, rounds] = &arguments[..] else {
        eprintln!("usage: piepowder-fuzz FILE SEED ROUNDS");
        return ExitCode::from(2);
    };
    let (Ok(text), Ok(seed), Ok(rounds)) = (std::fs::read(file), seed.parse::<u64>(), rounds.parse::<u64>()) else {
        eprintln!("a readable file and two numbers were expected");
        return ExitCode::from(2);
    };
    let rows: Vec<&[u8]> = text.split(|byte| *byte == b'\n').filter(|row| !row.is_empty()).collect();
    let mut random = Random(seed | 1);
    for round in 0..rounds {
        let input = changed(&rows, &mut random);
        if catch_unwind(AssertUnwindSafe(|| piepowder_fuzz::check(&input))).is_err() {
            eprintln!("round {round}: {}", input.escape_ascii());
            return ExitCode::FAILURE;
        }
    }
    println!("{rounds} inputs, all as their oracles say");
    ExitCode::SUCCESS
}

/// One to three rows, with up to four changes.
fn changed(rows: &[&[u8]], random: &mut Random) -> Vec<u8> {
    let mut input = Vec::new();
    for _ in 0..1 + random.below(3) {
        if let Some(row) = rows.get(random.below(rows.len())) {
            input.extend_from_slice(row);
            input.push(b'\n');
        }
    }
    for _ in 0..random.below(5) {
        let (at, byte) = (random.below(input.len()), BYTES[random.below(BYTES.len())]);
        match random.below(5) {
            0 => input.insert(at, byte),
            1 if !input.is_empty() => drop(input.remove(at)),
            2 if !input.is_empty() => input[at] = byte,
            3 => {
                let piece = input[at..input.len().min(at + random.below(40))].to_vec();
                let to = random.below(input.len());
                input.splice(to..to, piece);
            }
            _ => {
                let end = input.len().min(at + 1 + random.below(20));
                input.splice(at..end, std::iter::repeat_n(byte, random.below(200)));
            }
        }
    }
    input
}
