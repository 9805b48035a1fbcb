//! One listing, explained. Invariant: what is explained is the assessment that `pp_assess` gives.

use crate::given::{PP_EXPLAIN_COLOR, PP_EXPLAIN_JSON, PP_EXPLAIN_TEXT, options, place, pp_explain_options, pp_listing, pp_text};
use crate::guard::report;
use crate::object::{pp_engine, pp_error, pp_scratch};
use crate::scratch::{Kept, Ready};
use crate::status::{Fault, PP_ARGUMENT, PP_NULL, pp_status};
use crate::worker::reveal;
use piepowder::{Explanation, JsonOptions, Listing, Reveal, Style};
use std::mem::MaybeUninit;

/// Assesses a listing and says what that rests on, what nearly counted, and what would change the outcome. The result is row 0 of the
/// scratch; `text`, UTF-8 without a NUL at its end, stays until the scratch is given to another call that
/// assesses, or freed. Null for `given` is text without colors.
///
/// # Errors
/// Those of `pp_assess`.
///
/// # Safety
/// As the header says under "Pointers".
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pp_explain(
    engine: pp_engine,
    scratch: pp_scratch,
    listing: Option<&pp_listing>,
    given: *const pp_explain_options,
    text: Option<&mut MaybeUninit<pp_text>>,
    error: Option<&mut MaybeUninit<pp_error>>,
) -> pp_status {
    report(error, || {
        scratch.renewing(|context| {
            // SAFETY: the caller's promise.
            let given = unsafe { options(given) }?;
            let form = Form::of(given.form)?;
            let reveal = reveal(given.reveal)?;
            let listing = listing.ok_or_else(|| Fault::from(PP_NULL))?;
            let text = place(text)?;
            let Ready { engine, workers, kept, part, explanation, .. } = context.begin(engine)?;
            let explained = workers[0].with(engine, listing, 0, |_, listing, id| {
                let explained = engine.explain(listing);
                form.write(&explained, listing, id, reveal, explanation);
                explained.assessment().clone()
            })?;
            part.rows.push(explained);
            *kept = Kept::Rows;
            text.write(pp_text::of(explanation.as_bytes()));
            Ok(())
        })
    })
}

#[derive(Clone, Copy)]
enum Form {
    Text(Style),
    Json,
}

impl Form {
    fn of(number: u32) -> Result<Form, Fault> {
        match number {
            PP_EXPLAIN_TEXT => Ok(Form::Text(Style::Plain)),
            PP_EXPLAIN_COLOR => Ok(Form::Text(Style::Ansi)),
            PP_EXPLAIN_JSON => Ok(Form::Json),
            other => Err(Fault::new(PP_ARGUMENT, format!("form is {other}, which has no meaning"))),
        }
    }

    fn write(self, explained: &Explanation, listing: &Listing<'_>, id: &[u8], reveal: Reveal, out: &mut String) {
        match self {
            Form::Text(style) => explained.write_text(listing, style, reveal, out),
            Form::Json => {
                let mut bytes = Vec::new();
                explained.write_json(id, listing, &JsonOptions::new().with_reveal(reveal), &mut bytes);
                out.push_str(&String::from_utf8_lossy(&bytes));
            }
        }
    }
}
