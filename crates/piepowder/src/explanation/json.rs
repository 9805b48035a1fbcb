//! An explanation as JSON: the assessment's line at full detail inside, near misses and what-ifs beside it. One object, no line feed,
//! field order fixed, integers only. Invariant: what it shows of the listing is masked like the assessment's line.

use super::{Explanation, whatif};
use crate::assessment::{Detail, JsonOptions, Reveal, masked_text, string};
use crate::evidence::mask;
use crate::listing::Listing;
use std::io::Write;

impl Explanation {
    /// Appends the explanation as one JSON object without a line feed. `id` is JSON text and is copied as it is; `listing` must be the
    /// one that was explained. Evidence is always at full detail.
    pub fn write_json(&self, id: &[u8], listing: &Listing<'_>, options: &JsonOptions, out: &mut Vec<u8>) {
        out.extend_from_slice(b"{\"v\":1,\"assessment\":");
        self.assessment.write_json(id, listing, &options.with_detail(Detail::Full), out);
        out.extend_from_slice(b",\"near_misses\":[");
        self.write_misses(listing, options.reveal(), out);
        out.extend_from_slice(b"],\"what_if\":");
        self.write_what_if(out);
        out.push(b'}');
    }

    fn write_misses(&self, listing: &Listing<'_>, reveal: Reveal, out: &mut Vec<u8>) {
        let catalog = &*self.assessment.catalog;
        // Misses come in field order, so each field is searched for sensitive stretches once.
        let mut masks = (None, Vec::new());
        for (i, miss) in self.misses.iter().enumerate() {
            let rule = &catalog.rules[miss.rule.index()];
            for (key, value) in [("rule", rule.key()), ("group", rule.group()), ("reason", miss.reason.word())] {
                out.extend_from_slice(if key == "rule" { if i == 0 { b"{" } else { b",{" } } else { b"," });
                string(key, out);
                out.push(b':');
                string(value, out);
            }
            out.extend_from_slice(b",\"field\":");
            string(&catalog.fields[miss.field.index()].0, out);
            if let Some(span) = miss.span {
                let bytes = listing.bytes(miss.field);
                if masks.0 != Some(miss.field) {
                    masks = (Some(miss.field), if reveal == Reveal::Masked { mask::sensitive(bytes) } else { Vec::new() });
                }
                print(out, format_args!(",\"span\":[{},{}],\"text\":", span.start, span.end));
                string(&masked_text(bytes, span, &masks.1), out);
            }
            out.push(b'}');
        }
    }

    fn write_what_if(&self, out: &mut Vec<u8>) {
        let a = &self.assessment;
        let group = |id: crate::id::GroupId| a.catalog.groups[id.index()].key();
        let tier = |index: usize| a.policy.tiers()[index].name();
        out.extend_from_slice(b"{\"deciding\":[");
        for (i, id) in a.decision.deciding().iter().enumerate() {
            out.extend_from_slice(if i == 0 { b"" } else { b"," });
            string(group(*id), out);
        }
        out.extend_from_slice(b"],\"tier_without\":");
        string(tier(whatif::listing_without(a, a.decision.deciding())), out);
        out.extend_from_slice(b",\"floor\":");
        string(tier(whatif::floor(a)), out);
        out.extend_from_slice(b",\"offenses\":[");
        for (i, offense) in whatif::told(a).into_iter().enumerate() {
            out.extend_from_slice(if i == 0 { b"{\"offense\":" } else { b",{\"offense\":" });
            string(a.catalog.offenses[offense.index()].key(), out);
            out.extend_from_slice(b",\"tier\":");
            string(a.tier_of(offense), out);
            out.extend_from_slice(b",\"nature\":");
            match a.nature(offense) {
                None => out.extend_from_slice(b"null"),
                Some(nature) => string(nature.word(), out),
            }
            out.extend_from_slice(b",\"without\":[");
            for (i, net) in whatif::nets(a, offense).into_iter().enumerate() {
                let outcome = whatif::without(a, offense, &[net.group()]);
                out.extend_from_slice(if i == 0 { b"{\"group\":" } else { b",{\"group\":" });
                string(group(net.group()), out);
                print(out, format_args!(",\"net\":{},\"score\":{},\"tier\":", net.net(), outcome.score));
                string(tier(outcome.tier), out);
                out.push(b'}');
            }
            out.extend_from_slice(b"],\"next\":");
            match whatif::next(a, offense) {
                None => out.extend_from_slice(b"null"),
                Some(lack) => {
                    out.extend_from_slice(b"{\"tier\":");
                    string(tier(lack.tier), out);
                    print(out, format_args!(",\"centibans\":{},\"groups\":{},\"elements\":[", lack.centibans, lack.groups));
                    for (i, any) in lack.elements.iter().enumerate() {
                        out.extend_from_slice(if i == 0 { b"[" } else { b",[" });
                        for (j, element) in any.iter().enumerate() {
                            out.extend_from_slice(if j == 0 { b"" } else { b"," });
                            string(element.word(), out);
                        }
                        out.push(b']');
                    }
                    out.extend_from_slice(b"]}");
                }
            }
            out.push(b'}');
        }
        out.extend_from_slice(b"]}");
    }
}

fn print(out: &mut Vec<u8>, text: core::fmt::Arguments<'_>) {
    out.write_fmt(text).expect("writing to memory does not fail");
}
