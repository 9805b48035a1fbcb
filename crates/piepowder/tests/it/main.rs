//! Integration tests of the core: one binary, a module for each part.

mod cases;
mod explain;
mod golden;
mod laws;
mod shipped;
mod taxonomy;
