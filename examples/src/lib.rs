//! The programs beside this file are the content; run one with `cargo run -p piepowder-examples --example assess`.
//! The library holds nothing but the README, whose example is compiled and run as a test.

#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
