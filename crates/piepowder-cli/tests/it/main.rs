//! The binary, run as a person would run it: what it prints, and how it ends.

mod compile;
mod config;
mod corpus;
mod diff;
mod faults;
mod golden;
mod overlay;
mod run;
mod schema;
mod score;
mod secrets;
