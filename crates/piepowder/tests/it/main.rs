//! Integration tests of the core: one binary, a module for each part.

mod taxonomy;
