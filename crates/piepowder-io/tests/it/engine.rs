//! A small engine of invented offenses.

use piepowder::{Engine, Source, Taxonomy};

const PACK: &str = r#"
format = 1
name = "demo"
version = "1.0.0"
released = 2026-11-21
license = "CC0-1.0"
owner = "tests"
[[offense]]
key = "wands"
rank = 1
title = "Unlicensed wands"
proposition = "The text offers a wand without a licence."
[[offense]]
key = "brooms"
rank = 2
title = "Unlicensed brooms"
proposition = "The text offers a racing broom without a licence."
[[field]]
name = "material"
type = "text"
[[field]]
name = "twigs"
type = "number"
"#;

const RULES: &str = r#"
[defaults]
element = "object"
nature = "regulatory"
language = "en"
warrant = { kind = "expert", source = "Invented for tests." }
[[group]]
key = "wands.name"
reason.en = "The text names a wand."
[[group]]
key = "wands.core"
reason.en = "The text names a core."
[[group]]
key = "brooms.name"
reason.en = "The text names a racing broom."
[[group]]
key = "brooms.size"
reason.en = "The broom has many twigs."
[[rule]]
key = "wands.name.wand"
group = "wands.name"
title = "names a wand"
weights = { wands = 320 }
terms = ["wand", "magic wand"]
[[rule]]
key = "wands.core.feather"
group = "wands.core"
title = "names a feather core"
weights = { wands = 90 }
terms = ["feather core"]
[[rule]]
key = "wands.core.hair"
group = "wands.core"
title = "names a hair core"
weights = { wands = 90 }
status = "shadow"
terms = ["hair core"]
[[rule]]
key = "brooms.name.racing"
group = "brooms.name"
title = "names a racing broom"
weights = { brooms = 300 }
terms = ["racing broom"]
[[rule]]
key = "brooms.size.twigs"
group = "brooms.size"
title = "has many twigs"
weights = { brooms = 260 }
where = [{ field = "twigs", above = "100" }]
"#;

pub(crate) fn taxonomy() -> Taxonomy {
    Taxonomy::from_sources([Source::new("demo/pack.toml", PACK), Source::new("demo/rules.toml", RULES)]).expect("the pack is right")
}

pub(crate) fn engine() -> Engine {
    Engine::builder().taxonomy(&taxonomy()).build().expect("the engine builds")
}
