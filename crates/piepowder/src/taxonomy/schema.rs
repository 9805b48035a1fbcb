//! The registry of the format as a JSON Schema (draft 2020-12), for editors: `pack.toml`, files of rules and files of examples in one.
//! It says what the registry can say: keys, types, shapes, bounds. References and signs are the loader's. Invariant: the same text on
//! every machine; `docs/schema/pack.schema.json` is this text.

use super::format::{self, Need, Table, Type};
use super::{Taxonomy, units};
use core::fmt::Write;

/// A JSON value with keys in the order given.
enum Json {
    Text(String),
    Int(i64),
    Bool(bool),
    List(Vec<Json>),
    Object(Vec<(&'static str, Json)>),
}

use Json::{Bool, Int, List, Object};

fn text(text: impl Into<String>) -> Json {
    Json::Text(text.into())
}

fn texts<'a>(items: impl IntoIterator<Item = &'a str>) -> Json {
    List(items.into_iter().map(text).collect())
}

impl Json {
    fn write(&self, out: &mut String, depth: usize) {
        let line = |out: &mut String, depth: usize| {
            out.push('\n');
            out.extend(core::iter::repeat_n("  ", depth));
        };
        match self {
            Json::Text(text) => quote(text, out),
            Int(value) => out.push_str(&value.to_string()),
            Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            List(items) => {
                out.push('[');
                for (i, item) in items.iter().enumerate() {
                    out.push_str(if i == 0 { "" } else { ", " });
                    item.write(out, depth);
                }
                out.push(']');
            }
            Object(entries) => {
                out.push('{');
                for (i, (key, value)) in entries.iter().enumerate() {
                    out.push_str(if i == 0 { "" } else { "," });
                    line(out, depth + 1);
                    quote(key, out);
                    out.push_str(": ");
                    value.write(out, depth + 1);
                }
                line(out, depth);
                out.push('}');
            }
        }
    }
}

fn quote(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            // The registry's own texts hold no others; a schema must be right all the same.
            c if c.is_control() => write!(out, "\\u{:04x}", u32::from(c)).unwrap_or_default(),
            c => out.push(c),
        }
    }
    out.push('"');
}

const KEY: &str = "[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*";

fn pattern(pattern: impl Into<String>) -> Json {
    Object(vec![("type", text("string")), ("pattern", text(pattern))])
}

fn reference(table: &Table) -> Json {
    Object(vec![("$ref", text(format!("#/$defs/{}", table.id)))])
}

/// The expression that the names or values of this type match.
fn shape(kind: &Type) -> String {
    let decimal = "[0-9]+(\\.[0-9]+)?";
    match kind {
        Type::Name => "^[a-z0-9]([a-z0-9-]*[a-z0-9])?$".into(),
        Type::Key => format!("^{KEY}$"),
        Type::FieldName => "^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?$".into(),
        Type::KeyOrPrefix => format!("^{KEY}(\\.\\*)?$"),
        Type::KeyOrAll => format!("^(\\*|{KEY})$"),
        Type::Version => "^(0|[1-9][0-9]*)\\.(0|[1-9][0-9]*)\\.(0|[1-9][0-9]*)$".into(),
        Type::Language => "^([a-z]{2})$|^und$".into(),
        Type::Script => "^[A-Z][a-z]{3}$".into(),
        Type::Decimal => format!("^{decimal}$"),
        Type::Amount => format!("^{decimal} ?[^0-9. ]+$"),
        Type::Trigger => "^(#(digit|digits12|base58|hex|at|currency)|[^#\\s]\\S*)$".into(),
        Type::TermList => "^[^/]+\\.txt$".into(),
        _ => "\\S".into(),
    }
}

fn value(kind: &Type) -> Json {
    match kind {
        Type::Integer(i64::MIN, _) => Object(vec![("const", Int(format::FORMAT))]),
        Type::Integer(least, most) => Object(vec![("type", text("integer")), ("minimum", Int(*least)), ("maximum", Int(*most))]),
        Type::Weight => Object(vec![
            ("type", text("integer")),
            ("minimum", Int(-format::MAX_WEIGHT)),
            ("maximum", Int(format::MAX_WEIGHT)),
            ("not", Object(vec![("const", Int(0))])),
        ]),
        Type::Boolean => Object(vec![("type", text("boolean"))]),
        Type::Date => Object(vec![("type", text("string")), ("format", text("date"))]),
        Type::Word(words) => Object(vec![("enum", texts(words.iter().copied()))]),
        Type::Unit => Object(vec![("enum", texts(units::UNITS.iter().map(|u| u.name)))]),
        Type::Currency => Object(vec![("enum", texts(units::CURRENCIES.iter().map(|c| c.code)))]),
        Type::List(item, least) => {
            let mut list = vec![("type", text("array")), ("items", value(item))];
            if *least > 0 {
                list.push(("minItems", Int(*least as i64)));
            }
            Object(list)
        }
        Type::Map(name, item) => Object(vec![
            ("type", text("object")),
            ("propertyNames", Object(vec![("pattern", text(shape(name)))])),
            ("additionalProperties", value(item)),
        ]),
        Type::Entries => {
            let fields = value(&Type::Map(&Type::FieldName, &Type::Text));
            let entry = Object(vec![("anyOf", List(vec![pattern(shape(&Type::Text)), fields]))]);
            Object(vec![("type", text("array")), ("items", entry)])
        }
        Type::Table(table) => reference(table),
        Type::Tables(table) => Object(vec![("type", text("array")), ("items", reference(table))]),
        kind => pattern(shape(kind)),
    }
}

fn table(table: &'static Table) -> Json {
    let mut properties = Vec::new();
    for key in table.keys {
        let doc = match key.need {
            Need::Inherited => format!("{} Required here or in [defaults].", key.doc),
            _ => key.doc.to_owned(),
        };
        let mut schema = vec![("description", text(doc))];
        if let Object(entries) = value(&key.kind) {
            schema.extend(entries);
        }
        properties.push((key.name, Object(schema)));
    }
    let mut out = vec![("description", text(table.doc)), ("type", text("object"))];
    let required: Vec<&str> = table.keys.iter().filter(|k| k.need == Need::Required).map(|k| k.name).collect();
    if !required.is_empty() {
        out.push(("required", texts(required)));
    }
    out.push(("properties", Object(properties)));
    out.push(("additionalProperties", Bool(false)));
    Object(out)
}

impl Taxonomy {
    /// The JSON Schema (draft 2020-12) of `pack.toml`, of files of rules and of files of examples, for editors. TOML dates are read as text.
    pub fn schema() -> String {
        let mut defs: Vec<(&'static str, Json)> = format::TABLES.iter().map(|t| (t.id, table(t))).collect();
        let examples = Object(vec![
            ("description", text("Examples of rules, by key of the rule.")),
            ("type", text("object")),
            ("propertyNames", Object(vec![("pattern", text(shape(&Type::Key)))])),
            ("additionalProperties", reference(&format::EXAMPLE)),
        ]);
        defs.push(("examples", examples));
        let roots = ["pack", "rules", "examples"].map(|id| Object(vec![("$ref", text(format!("#/$defs/{id}")))]));
        let mut entries = header(format!("piepowder pack, format {}", format::FORMAT));
        entries.extend([("anyOf", List(roots.into())), ("$defs", Object(defs))]);
        written(&Object(entries))
    }
}

/// The schema of a file that is one table, with the tables below it.
pub(crate) fn of_table(title: &str, root: &'static Table, below: &[&'static Table]) -> String {
    let mut entries = header(format!("{title}, format {}", format::FORMAT));
    if let Object(whole) = table(root) {
        entries.extend(whole);
    }
    entries.push(("$defs", Object(below.iter().map(|t| (t.id, table(t))).collect())));
    written(&Object(entries))
}

fn header(title: String) -> Vec<(&'static str, Json)> {
    vec![("$schema", text("https://json-schema.org/draft/2020-12/schema")), ("title", text(title))]
}

fn written(schema: &Json) -> String {
    let mut out = String::new();
    schema.write(&mut out, 0);
    out.push('\n');
    out
}
