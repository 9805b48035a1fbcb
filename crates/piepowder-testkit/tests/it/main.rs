//! The engine against the suites and the oracle; the attacker; honest listings; the written suite.

mod attack;
mod generated;
mod honest;
mod suites;
mod written;
