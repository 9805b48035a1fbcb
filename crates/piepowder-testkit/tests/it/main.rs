//! The engine against the suites and the oracle.

mod generated;
mod suites;
