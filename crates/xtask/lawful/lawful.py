#!/usr/bin/env python3
"""Write four sets of LAWFUL marketplace listings for counting false alarms.

What it does: from the plain lists in lists/ it builds pharmacy.jsonl (1,000
pharmacy goods), garden-food.jsonl (300), titles.jsonl (500 films, books, games
and albums) and luxury.jsonl (300 resale listings).  Each line is one JSON
object: {"id", "title", "description", "note"}.  The note says why the row is
harmless and which title layout made it; it is for readers, not for scoring.

What it does not: it does not know or use any word list of a scoring library,
it does not claim that a given maker sells a given generic in a given country,
and its prices are rounded guesses.  It needs no network.

Invariant: every row is lawful, titles within a set are unique (ignoring case),
no row holds a name from lists/never_*.txt for its set, and the same seed gives
the same bytes.  The program stops with an error before it writes anything if
one of these fails.

Usage: lawful.py --out DIR [--seed N]
"""

import argparse
import json
import random
import re
from pathlib import Path

LISTS = Path(__file__).resolve().parent / "lists"

SIZES = {"pharmacy": 1000, "garden-food": 300, "titles": 500, "luxury": 300}

# Forms to swallow, and forms to put on the skin: some sentences fit only one.
ORAL = ("tab", "ftab", "gtab", "mtab", "pill", "cap", "gcap", "mcap", "softcap")
SKIN = ("cream", "gel", "oint", "lotion", "sol")

AS_NEEDED = ("men's health medicine", "migraine medicine", "anti-sickness medicine")

# Short nouns for "28 tablets"; the long form is already in the title.
NOUNS = ("tablets", "capsules", "sachets", "suppositories", "lozenges", "patches",
         "plasters", "pessaries", "pens", "pipettes", "pieces")

LANGS = ("de", "fr", "es", "it", "pl")


def load(name):
    """Rows of one list file; the first lines are comments."""
    rows = []
    for line in (LISTS / (name + ".txt")).read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            rows.append([cell.strip() for cell in line.split("|")])
    return rows


def load_layouts(name, columns):
    """Layout files: the template is the last column and may hold a bar itself."""
    rows = []
    for line in (LISTS / (name + ".txt")).read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            rows.append(line.split("|", columns - 1))
    return rows


def pick(rng, seq):
    # randrange only, since its stream is the same in all Python 3.9+ versions.
    return seq[rng.randrange(len(seq))]


def mix(rng, seq):
    """A shuffled copy (own Fisher-Yates, for the same reason)."""
    out = list(seq)
    for i in range(len(out) - 1, 0, -1):
        j = rng.randrange(i + 1)
        out[i], out[j] = out[j], out[i]
    return out


def chance(rng, percent):
    return rng.randrange(100) < percent


def cap(text):
    return text[:1].upper() + text[1:]


def tidy(text):
    return re.sub(r"\s+", " ", text).strip(" ,-|")


def matches(tags, wanted):
    """True if one of the comma separated entries fits; a+b needs both tags."""
    return any(all(t in tags for t in entry.split("+")) for entry in wanted.split(","))


class Layouts:
    """Hands out the least used layout that fits, so that all of them occur."""

    def __init__(self, rows):
        self.rows = rows
        self.used = {row[0]: 0 for row in rows}

    def take(self, rng, fits):
        able = [row for row in self.rows if fits(row)]
        low = min(self.used[row[0]] for row in able)
        return pick(rng, [row for row in able if self.used[row[0]] <= low + 1])

    def count(self, row):
        self.used[row[0]] += 1


class Rows:
    """Collects rows of one set and keeps titles unique."""

    def __init__(self):
        self.rows = []
        self.seen = set()

    def add(self, title, description, note):
        key = title.casefold()
        if key in self.seen:
            return False
        self.seen.add(key)
        self.rows.append((title, description, note))
        return True


# --- pharmacy ---------------------------------------------------------------

def tight(dose):
    """'10 mg' -> '10mg', but leave units that read badly when glued."""
    return dose if re.search(r"unit|IU|/24 h|drop|day", dose) else dose.replace(" ", "")


def local_dose(dose, market):
    if market not in LANGS:
        return dose
    return dose.replace(".", ",").replace("mcg", "µg")


def pharmacy_title(rng, layout, market, row, form):
    """Fill one layout. row: dict with name, dose, maker, brand, group, packs."""
    measure = form["shape"] == "measure"
    packs = row["packs"] or form["packs"][{"in": "in", "us": "us"}.get(market, "eu")]
    pack = pick(rng, packs)
    many = form["many"]
    noun = next((n for n in NOUNS if n in many.split()), "pack")
    countable = not measure and pack.isdigit()
    if countable and pack == "1":
        noun = {"patches": "patch", "suppositories": "suppository",
                "pessaries": "pessary"}.get(noun, noun.rstrip("s"))
    qty = pack + " " + noun if countable else pack
    cont = form["cont"]
    if countable:
        pack_in = pick(rng, [pack + "'s", "{} of {} {}".format(cont, pack, noun), "1x" + pack])
        pack_us = pick(rng, [pack + " ct", qty, "pack of " + pack])
    else:
        pack_in = pick(rng, ["{} of {}".format(cont, pack), pack])
        pack_us = pack
    name, dose = row["name"], local_dose(row["dose"], market)
    label, use = row["label"], row["use"]
    fields = {
        "name": name, "Name": cap(name), "NAME": name.upper(),
        "dose": dose, "dosen": tight(dose), "DOSE": dose.upper(),
        "form": form["one"], "Form": form["one"].title(), "FORM": form["one"].upper(),
        "forms": many, "Forms": many.title(),
        "FormUS": form["us"].title(), "FORM_US": form["us"].upper(),
        "lform": form.get(market, many),
        "pack": pack, "qty": qty, "pack_in": pack_in, "pack_us": pack_us,
        "cont": cont, "Cont": cap(cont), "multi": str(2 + rng.randrange(9)),
        "maker": row["maker"], "MAKER": row["maker"].upper(),
        "brand": row["brand"], "BRAND": row["brand"].upper(),
        "label": label, "Label": cap(label), "use": use,
    }
    # str.title() spoils this one short form.
    title = layout[4].format_map(fields).replace("Hfa", "HFA")
    if row["brand"]:
        number = re.match(r"[\d.]+", dose)
        # "Dolo 650 650mg" is not how a shop would write it.
        if number and number.group() in row["brand"].split():
            for d in (dose, tight(dose)):
                title = title.replace(row["brand"] + " " + d, row["brand"])
    return tidy(title), fields


def pharmacy_text(rng, sentences, market, row, form, fields):
    """Two to four sentences, each on another topic."""
    vet = row["status"] == "vet"
    if market == "de":
        tags = {"de", "derx"} if row["status"] == "rx" else {"de"}
    else:
        tags = {"any", row["status"], "eu" if market in LANGS else market}
        if not vet:
            tags.add("human")
        # Only for trade names is the over-the-counter status certain enough.
        if row["status"] == "otc" and row["brand"] and market in ("uk", "us"):
            tags.add("otcbrand")
    code = form["code"]
    if market != "de":
        if code in ORAL:
            tags.add("oral")
            # Advice on regular doses would be wrong for things taken when needed.
            if row["status"] == "rx" and row["label"] not in AS_NEEDED:
                tags.add("daily")
        if code in SKIN:
            tags.add("skin")
        if code == "eye":
            tags.add("eye")
        if code == "pen":
            tags.add("fridge")
    topics = {}
    for tag, topic, text in sentences:
        if tag not in tags:
            continue
        # A pen that must be kept cold gets no room temperature advice.
        if "fridge" in tags and topic == "storage" and tag != "fridge":
            continue
        topics.setdefault(topic, []).append((tag, text))
    n = 2 + rng.randrange(3)
    chosen = []
    if chance(rng, 80):
        chosen.append("what")
    if row["status"] == "rx" and chance(rng, 70):
        chosen.append("supply")
    rest = mix(rng, sorted(t for t in topics if t not in chosen and t != "what"))
    chosen = (chosen + rest)[:n]
    out = []
    for topic in chosen:
        pool = topics[topic]
        # A prescription medicine should get the prescription line, not a post line.
        if topic == "supply" and row["status"] == "rx":
            pool = [p for p in pool if p[0] in ("rx", "derx")] or pool
        out.append(pick(rng, pool)[1].format_map(fields))
    return " ".join(cap(s) for s in out)


def make_pharmacy(rng):
    forms = {}
    for r in load("forms"):
        forms[r[0]] = {
            "code": r[0], "one": r[1], "many": r[2], "us": r[3], "de": r[4], "fr": r[5],
            "es": r[6], "it": r[7], "pl": r[8], "shape": r[9], "cont": r[13],
            "packs": {"eu": r[10].split(","), "in": r[11].split(","), "us": r[12].split(",")},
        }
    groups = {r[0]: (r[1], r[2]) for r in load("groups")}
    makers = {}
    for market, maker in load("makers"):
        makers.setdefault(market, []).append(maker)
    local = {r[0]: dict(zip(LANGS, r[1:])) for r in load("local_names")}
    sentences = load("pharmacy_sentences")
    layouts = Layouts(load_layouts("pharmacy_layouts", 5))
    substances, brands = load("substances"), load("brands")
    out = Rows()

    def finish(row, market, form, kind):
        layout = layouts.take(rng, lambda r: r[1] == market and r[2] == kind
                              and r[3] in ("any", form["shape"]))
        title, fields = pharmacy_title(rng, layout, market, row, form)
        if title.casefold() in out.seen:
            return False
        layouts.count(layout)
        # Half of the rows have a text; decided by position, so it is exact.
        text = ""
        if len(out.rows) % 2:
            text = pharmacy_text(rng, sentences, market, row, form, fields)
        kind_of = {"rx": "prescription medicine", "otc": "over-the-counter product",
                   "vet": "animal medicine"}[row["status"]]
        note = "{}; {}; {}, not a controlled drug; layout {}".format(
            row["inn"], row["label"], kind_of, layout[0])
        return out.add(title, text, note)

    def generic(r, lang=None):
        inn, us, group, status, where, packed = r
        open_to = ["in", "uk", "us", "eu"] if where == "all" else where.split(",")
        # Indian and US shops are weighted a little higher, they list most generics.
        market = pick(rng, [m for m in ("in", "in", "in", "uk", "uk", "us", "us", "us", "eu", "eu")
                            if m in open_to])
        code, doses = pick(rng, packed.split(";")).split(":", 1)
        name = us if market == "us" and us != "=" else inn
        source = "vet" if status == "vet" else market
        if lang:
            market, name, source = lang, local[inn][lang], "eu"
        row = {"inn": inn, "name": name, "dose": pick(rng, doses.split(",")), "brand": "",
               "maker": pick(rng, makers[source]), "status": status,
               # Small packs only here: big ones are what shady shops push.
               "packs": ["4", "8"] if group == "men" else None,
               "label": groups[group][0], "use": groups[group][1]}
        return finish(row, market, forms[code], "generic")

    def branded(r):
        brand, inn, maker, dose, code, packs, market, status, group = r
        row = {"inn": inn, "name": inn, "dose": dose, "brand": brand, "maker": maker,
               "packs": packs.split(","), "status": status,
               "label": groups[group][0], "use": groups[group][1]}
        form = forms[code]
        # Languages with one brand layout show it in two pack sizes at most.
        if market in ("fr", "es", "it", "pl") and form["shape"] == "measure":
            return False
        return finish(row, market, form, "brand")

    # Every substance and every trade name comes up once before any comes twice.
    # Shops in five languages come next; creams and syrups are few, so those
    # get all five languages and each layout for them is met.
    first = [(generic, (r,)) for r in substances] + [(branded, (r,)) for r in brands]
    foreign = []
    for r in substances:
        if r[0] in local and r[3] != "vet":
            codes = [part.split(":")[0] for part in r[5].split(";")]
            measured = all(forms[c]["shape"] == "measure" for c in codes)
            for lang in (LANGS if measured else mix(rng, LANGS)[:2]):
                foreign.append((generic, (r, lang)))
    for make, args in mix(rng, first) + mix(rng, foreign) + mix(rng, first) + mix(rng, first):
        if len(out.rows) == SIZES["pharmacy"]:
            break
        for _ in range(20):
            if make(*args):
                break
    return mix(rng, out.rows)


# --- garden and food ----------------------------------------------------------

def make_garden(rng):
    items = load("garden_items")
    extras, sentences = load("garden_extras"), load("garden_sentences")
    shops = [r[0] for r in load("garden_shops")]
    real = tuple(r[0] for r in load("real_brands"))
    layouts = Layouts(load_layouts("garden_layouts", 3))
    out = Rows()

    def one(r):
        kind, item, homonym, sizes = r
        tags = {"all", kind} | {h.strip() for h in homonym.split(",")}
        branded = item.startswith(real)
        layout = layouts.take(rng, lambda l: matches(tags, l[1])
                              and not (branded and "{shop}" in l[2]))
        year = 2025 + rng.randrange(2)
        fields = {
            "item": item, "ITEM": item.upper(), "size": pick(rng, sizes.split(";")),
            "shop": pick(rng, shops),
            "extra": pick(rng, [t for k, t in extras if matches(tags, k)]),
            "year": str(year), "month": pick(rng, ["March", "April", "May", "September"]),
            "bbmonth": pick(rng, ["June", "August", "October", "December"]),
        }
        title = tidy(layout[2].format_map(fields))
        if title.casefold() in out.seen:
            return False
        layouts.count(layout)
        text = ""
        if chance(rng, 40):
            # Half of the kind itself, half general, so texts differ but fit.
            own = [s for k, s in sentences if k != "all" and matches(tags, k)]
            common = [s for k, s in sentences if k == "all"]
            picked = mix(rng, own)[:1 + rng.randrange(2)] + [pick(rng, common)]
            text = " ".join(picked)
        note = "{} goods; word with a second sense: {}; lawful; layout {}".format(
            kind, homonym, layout[0])
        return out.add(title, text, note)

    for r in mix(rng, items) + mix(rng, items):
        if len(out.rows) == SIZES["garden-food"]:
            break
        for _ in range(20):
            if one(r):
                break
    return mix(rng, out.rows)


# --- films, books, games, music ------------------------------------------------

def make_titles(rng):
    words = {}
    for kind, text in load("media_words"):
        words.setdefault(kind, []).append(text)
    sentences = load("title_sentences")
    layouts = Layouts(load_layouts("title_layouts", 3))
    works = []
    for medium, name in (("film", "films"), ("book", "books"), ("game", "games"), ("music", "music")):
        works += [(medium, r) for r in load(name)]
    out = Rows()

    def one(medium, r):
        title, year, who, premise = r[0], r[1], r[2], r[-1]
        layout = layouts.take(rng, lambda l: l[1] == medium)
        fields = {"t": title, "T": title.upper(), "y": year, "who": who, "pub": "", "plat": ""}
        for kind, pool in sorted(words.items()):
            # Tapes were no longer made for later films.
            if kind == "fmt" and int(year) > 2004:
                pool = [p for p in pool if "VHS" not in p]
            fields[kind] = pick(rng, pool)
        if medium == "book":
            fields["pub"] = r[3]
        if medium == "game":
            fields["pub"] = r[2]
            fields["plat"] = pick(rng, r[3].split(","))
            if fields["plat"] == "PC":
                fields["pal"] = "EU version"
        line = tidy(layout[2].format_map(fields))
        if line.casefold() in out.seen:
            return False
        layouts.count(layout)
        text = ""
        if chance(rng, 42):
            state = {"film": "cond", "book": "bcond", "game": "gcond", "music": "mcond"}[medium]
            poster = "{poster}" in layout[2]
            new = any(w in fields[state].split() for w in ("new", "sealed"))
            spoken = medium == "book" and "audiobook" in fields["bfmt"]
            # Wear is told only of things that are used and of the right shape.
            if poster:
                tags = {"all", "poster"}
            elif new or spoken:
                tags = {"all"}
            else:
                tags = {"all", medium}
            text = premise + " " + pick(rng, [s for k, s in sentences if k in tags])
        note = "{}; published work by {}; lawful; layout {}".format(medium, who, layout[0])
        return out.add(line, text, note)

    for medium, r in mix(rng, works) + mix(rng, works):
        if len(out.rows) == SIZES["titles"]:
            break
        for _ in range(20):
            if one(medium, r):
                break
    return mix(rng, out.rows)


# --- luxury resale --------------------------------------------------------------

def money(rng, low, high):
    """A price as people write it; whole numbers only."""
    sign, num = pick(rng, [("£", 100), ("£", 100), ("€", 116), ("$", 127)])
    value = (low + rng.randrange(high - low + 1)) * num // 100
    step = 5 if value < 400 else 10 if value < 2000 else 50
    value = value // step * step
    text = "{:,}".format(value) if chance(rng, 60) else str(value)
    return sign + text


def make_luxury(rng):
    items, sentences = load("luxury_items"), load("luxury_sentences")
    words = {}
    for kind, text in load("luxury_words"):
        words.setdefault(kind, []).append(text)
    layouts = Layouts(load_layouts("luxury_layouts", 3))
    out = Rows()

    def one(r):
        brand, model, kind, low, high, details = r
        tags = {"all", kind}
        layout = layouts.take(rng, lambda l: matches(tags, l[1]))
        detail = pick(rng, details.split(";"))
        dated = re.fullmatch(r"20\d\d", detail) is not None
        fields = {
            "brand": brand, "BRAND": brand.upper(), "model": model, "detail": detail,
            "price": money(rng, int(low), int(high)),
            # A watch of 2018 cannot have been bought in 2016.
            "byear": detail if dated else str(2021 + rng.randrange(4)),
            "place": "store" if brand in ("Nike", "Adidas", "Ray-Ban", "Oakley") else "boutique",
        }
        for key, pool in sorted(words.items()):
            # Dust bags come with bags, shoes and small goods, papers with watches.
            if key == "set" and (kind not in ("bag", "small", "shoe")
                                 or brand in ("Nike", "Adidas")):
                pool = [p for p in pool if "dust bag" not in p]
            if key == "set" and kind not in ("watch", "jewel"):
                pool = [p for p in pool if p not in ("full set", "box and papers")]
            if key == "proof" and kind != "watch":
                pool = [p for p in pool if p != "warranty card"]
            # Bags and wallets are carried, so "worn twice" would read oddly.
            if key == "cond" and kind in ("bag", "glasses", "small"):
                pool = [p for p in pool if p != "worn twice"]
            fields[key] = pick(rng, pool)
        title = tidy(layout[2].format_map(fields))
        if title.casefold() in out.seen:
            return False
        layouts.count(layout)
        text = ""
        if chance(rng, 75):
            parts = []
            for part in ("buy", "state", "reason", "end"):
                pool = [s for k, p, s in sentences if p == part and matches(tags, k)]
                own = [s for k, p, s in sentences if p == part and k == kind]
                # Half of the time a line that only fits this kind of thing.
                if len(own) > 2 and chance(rng, 60):
                    pool = own
                parts.append(pick(rng, pool))
            keep = 2 + rng.randrange(3)
            drop = mix(rng, [1, 2, 3])[:4 - keep]
            text = " ".join(cap(s.format_map(fields)) for i, s in enumerate(parts) if i not in drop)
        note = "honest second-hand {} of {}; lawful; layout {}".format(kind, brand, layout[0])
        return out.add(title, text, note)

    for r in (mix(rng, items) + mix(rng, items) + mix(rng, items)):
        if len(out.rows) == SIZES["luxury"]:
            break
        for _ in range(20):
            if one(r):
                break
    return mix(rng, out.rows)


# --- checks and output ------------------------------------------------------------

MAKERS = {"pharmacy": ("lawful-pharmacy", make_pharmacy), "garden-food": ("lawful-garden", make_garden),
          "titles": ("lawful-title", make_titles), "luxury": ("lawful-luxury", make_luxury)}

# Contact details would make a row look like a real person's.
CONTACT = re.compile(r"@\w|https?:|www\.|\+\d{6,}|\bwhatsapp\b|\btelegram\b", re.I)


def check(name, rows):
    if len(rows) != SIZES[name]:
        raise SystemExit("{}: {} rows instead of {}".format(name, len(rows), SIZES[name]))
    if len({t.casefold() for t, _, _ in rows}) != len(rows):
        raise SystemExit(name + ": a title occurs twice")
    never = []
    if (LISTS / ("never_" + name + ".txt")).exists():
        never = [r[0] for r in load("never_" + name)]
    for title, text, note in rows:
        whole = " ".join((title, text, note)).lower()
        for word in never:
            found = re.search(r"\b" + re.escape(word[1:]), whole) if word[0] == "^" else word in whole
            if found:
                raise SystemExit("{}: '{}' in: {}".format(name, word, title))
        if "{" in whole or CONTACT.search(title + " " + text):
            raise SystemExit("{}: bad row: {}".format(name, title))


def main():
    parser = argparse.ArgumentParser(description="Write four sets of lawful listings.")
    parser.add_argument("--out", required=True, help="directory for the four .jsonl files")
    parser.add_argument("--seed", type=int, default=2024)
    args = parser.parse_args()
    files = {}
    for name, (prefix, make) in MAKERS.items():
        # One stream per set, so a change in one list leaves the other sets alone.
        rows = make(random.Random("{}/{}".format(args.seed, name)))
        check(name, rows)
        lines = []
        for i, (title, text, note) in enumerate(rows, 1):
            lines.append(json.dumps({"id": "{}-{:04d}".format(prefix, i), "title": title,
                                     "description": text, "note": note}, ensure_ascii=False))
        files[name] = "\n".join(lines) + "\n"
    out = Path(args.out)
    out.mkdir(parents=True, exist_ok=True)
    for name, body in files.items():
        (out / (name + ".jsonl")).write_bytes(body.encode("utf-8"))


if __name__ == "__main__":
    main()
