//! Integration tests: the table of JSON Lines cases, framing under every split, the pipeline.

mod engine;
mod framing;
mod pipeline;
mod table;
mod table_run;
