//! The engine against the suites and the oracle; the attacker; honest listings.

mod attack;
mod generated;
mod honest;
mod suites;
