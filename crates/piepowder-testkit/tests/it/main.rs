//! The engine against the suites and the oracle; the attacker.

mod attack;
mod generated;
mod suites;
