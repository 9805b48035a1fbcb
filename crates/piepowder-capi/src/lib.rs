//! libpiepowder: piepowder for C. Each exported function takes what C gives apart (`given`), asks the core, and hands back numbers, borrowed
//! text and handles; it holds no logic of its own. `docs/FFI.md` says who owns what, for how long, and what may run beside what;
//! `include/piepowder.h` is generated from here.
//!
//! - `status`: what a call answers, and a fault with its message
//! - `given`: C structures and pointers; nearly all `unsafe` of the crate
//! - `slot`: one place for an object, made of `sync`; `table`: handles; `object`: what they stand for
//! - `guard`: the one way in
//! - `worker`: a listing of C becomes one of the core, and its line
//! - `engine`, `scratch`, `batch`, `explain`, `result`, `error`, `version`: the exported functions
//!
//! Invariants: nothing unwinds into C; no pointer of the caller's is kept when a call returns; what is freed is told from what is live;
//! nothing is printed, installed or left running.

#![allow(non_camel_case_types, reason = "the names of the C interface")]
#![allow(unreachable_pub, reason = "what C calls is reached by its symbol")]
#![allow(unsafe_code, reason = "pointers from C; every block says why it holds")]

mod batch;
mod engine;
mod error;
mod explain;
mod given;
mod guard;
mod object;
mod result;
mod scratch;
mod slot;
mod status;
mod sync;
mod table;
mod version;
mod worker;
