//! The engine against the suites and the oracle; the attacker; honest listings; sets of kernels; the written suite.

mod attack;
mod generated;
mod honest;
mod kernels;
mod suites;
mod written;
