//! Integration tests: the table of JSON Lines cases, framing under every split, the pipeline.

mod framing;
mod table;
mod table_run;
