#!/usr/bin/env python3
"""Writes generated honest listings: plain words of a language, with numbers, units, prices and model names, as JSON Lines.

What a disguise detector finds in them is a false alarm: nobody wrote them to hide anything. They read as nonsense, because
words are drawn one by one; they show how often ordinary words, sizes and Latin names beside another script look like disguise,
not how often real offers do. For that, `testdata/honest` has listings written by people. The words are drawn without regard to
their meaning, so a few name drugs or arms; count the undone disguises on the matches, not the scores.

    python3 honest.py --seed S --out DIR [--count N]

writes DIR/<language>.jsonl with N listings (default 900) for each of ru, ar, el, zh, ja, th, hi, tr, vi, in the format of
`testdata/honest`: {"id", "title", "description", "language"}. A title has 4 to 8 words, a description 20 to 80; a number, price
or model name counts as one. Each language draws from its own random sequence, seeded with S and the language, over a sorted
word list: the same seed and the same versions of the packages give the same bytes.

The words and their frequencies come from two packages of PyPI, which must be installed; the generated files are not committed
(the word lists have share-alike terms of their own):

- wordfreq 3.1.1 (code Apache-2.0; word lists CC BY-SA 4.0, its README names their sources): ru, ar, el, zh, ja, hi, tr, vi.
  The lists are read whole, so neither jieba nor MeCab is needed. It folds traditional Chinese to simplified, and lower-cases:
  the final sigma of Greek is restored here. Vietnamese words are syllables, and some are foreign.
- pythainlp 5.4.0 (code Apache-2.0; `tnc_freq.txt`, frequencies of the Thai National Corpus, CC0 1.0): th, which wordfreq lacks.

Other versions work and give other listings; a warning on standard error says so.
"""

import argparse
import json
import random
import sys
import unicodedata
from importlib import metadata
from itertools import accumulate
from pathlib import Path

VERSIONS = {"wordfreq": "3.1.1", "pythainlp": "5.4.0"}

# Words a language is drawn from: the most frequent ones. Beyond these, the lists are mostly names and misspellings.
MOST_WORDS = 20_000

# A word of the Thai list must have been seen this often; rarer ones are mostly errors of its word splitter.
LEAST_SEEN = 5

# Frequency is raised to this power before drawing: 1 would make a listing of little but particles, 0 of rare words.
# Titles name things, so they lean further to the rare words.
POWER = {"title": 0.5, "description": 0.75}

# What a slot of the text holds, when it is not a word: out of a thousand slots.
PER_MILLE = {"model": 60, "measure": 50, "price": 25, "number": 25}

# Beginnings of the Unicode names of the letters and marks that a word may consist of.
# The prolonged sound mark of Japanese is shared by its two syllabaries and has a name of its own.
SCRIPTS = {
    "ru": ("CYRILLIC",),
    "ar": ("ARABIC",),
    "el": ("GREEK",),
    "zh": ("CJK UNIFIED",),
    "ja": ("CJK UNIFIED", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "IDEOGRAPHIC ITERATION"),
    "th": ("THAI CHARACTER",),
    "hi": ("DEVANAGARI",),
    "tr": ("LATIN",),
    "vi": ("LATIN", "COMBINING"),
}

# Written without spaces between words.
UNSPACED = {"zh", "ja", "th"}

# What ends a sentence; Thai has only a space.
STOPS = {"zh": "。", "ja": "。", "th": " ", "hi": "। "}
COMMAS = {"zh": "，", "ja": "、", "th": " ", "ar": "، "}

UNITS = {
    "ru": ["см", "мм", "кг", "г", "мл", "л", "шт.", "Вт", "В", "ГБ", "м²", "°C"],
    "ar": ["سم", "مم", "كجم", "جم", "مل", "لتر", "قطعة", "واط", "فولت", "GB"],
    "el": ["cm", "εκ.", "mm", "kg", "κιλά", "γρ.", "ml", "λίτρα", "τεμ.", "W", "GB", "τ.μ."],
    "zh": ["厘米", "毫米", "cm", "kg", "公斤", "克", "毫升", "ml", "升", "件", "瓦", "GB", "寸"],
    "ja": ["cm", "㎝", "mm", "kg", "㎏", "g", "ml", "リットル", "個", "枚", "W", "GB", "インチ", "畳"],
    "th": ["ซม.", "มม.", "กก.", "กรัม", "มล.", "ลิตร", "ชิ้น", "วัตต์", "GB", "นิ้ว", "เมตร"],
    "hi": ["सेमी", "मिमी", "किलो", "ग्राम", "मिली", "लीटर", "पीस", "वाट", "GB", "इंच", "मीटर"],
    "tr": ["cm", "mm", "kg", "gr", "ml", "lt", "adet", "W", "GB", "inç", "m²", "°C"],
    "vi": ["cm", "mm", "kg", "g", "ml", "lít", "cái", "chiếc", "W", "GB", "inch", "m²"],
}

# The amount stands at the braces.
PRICES = {
    "ru": ["{} ₽", "{} руб.", "{} р."],
    "ar": ["{} ريال", "{} درهم", "{} ج.م", "${}"],
    "el": ["{} €", "{}€", "{} ευρώ"],
    "zh": ["¥{}", "￥{}", "{}元", "{}块"],
    "ja": ["¥{}", "￥{}", "{}円", "税込{}円"],
    "th": ["{} บาท", "฿{}", "{}.-", "{}฿"],
    "hi": ["₹{}", "₹ {}", "{} रुपये", "Rs. {}"],
    "tr": ["{} TL", "₺{}", "{}₺"],
    "vi": ["{}đ", "{} ₫", "{}k", "{} VNĐ"],
}

# Thousands are grouped with these.
GROUPING = {"ru": " ", "el": ".", "tr": ".", "vi": "."}

# The first character of the digits that the language also writes numbers with.
DIGITS = {"ar": "٠", "hi": "०", "th": "๐", "zh": "０", "ja": "０"}

# One number in this many is in those digits.
NATIVE_DIGITS = 5

MODELS = [
    "iPhone 13", "iPhone 15 Pro Max", "Galaxy A54", "Galaxy S23 Ultra", "Redmi Note 12", "Pixel 7a", "ThinkPad T480",
    "MacBook Air M1", "iPad mini 6", "AirPods Pro", "WH-1000XM4", "JBL Flip 6", "PS5", "Xbox Series S", "Nintendo Switch",
    "RTX 3060", "DDR4", "SSD", "USB-C", "Type-C", "HDMI 2.1", "Wi-Fi 6", "Bluetooth 5.3", "Canon EOS 250D", "Nikon Z50",
    "GoPro HERO11", "Kindle Paperwhite", "Casio F-91W", "G-SHOCK", "Bosch GSR 120-LI", "Makita DF333D", "Philips HD9252",
    "Dyson V8", "De'Longhi EC685", "LEGO 42143", "Yamaha P-45", "Fender CD-60", "Shimano 105", "Nike Air Max 90",
    "adidas Samba", "Levi's 501", "Michelin 205/55R16", "Toyota Corolla", "IKEA", "LED", "Full HD", "4K", "XL", "Lego Technic",
]


def native(text, language, draw):
    """The digits of `text` in the language's own, for one number in NATIVE_DIGITS."""
    if language not in DIGITS or draw.randrange(NATIVE_DIGITS):
        return text
    zero = ord(DIGITS[language])
    return "".join(chr(zero + int(c)) if c in "0123456789" else c for c in text)


def number(language, draw):
    """A count, a size in two or three dimensions, a year, a fraction or a range."""
    shape = draw.randrange(5)
    if shape == 0:
        text = str(draw.randint(2, 500))
    elif shape == 1:
        text = draw.choice("x×*").join(str(draw.randint(2, 250)) for _ in range(draw.randint(2, 3)))
    elif shape == 2:
        text = str(draw.randint(1960, 2026))
    elif shape == 3:
        text = f"{draw.randint(1, 30)}{',' if language in ('ru', 'el', 'tr', 'vi') else '.'}{draw.randint(1, 9)}"
    else:
        low = draw.randint(1, 60)
        text = f"{low}-{low + draw.randint(1, 40)}"
    return native(text, language, draw)


def measure(language, draw):
    """A number with a unit, with or without a space."""
    return number(language, draw) + draw.choice(["", " "]) + draw.choice(UNITS[language])


def price(language, draw):
    """An amount with its currency."""
    amount = draw.choice([1, 5, 10, 50, 100, 1000]) * draw.randint(1, 99)
    text = f"{amount:,}".replace(",", GROUPING.get(language, ",")) if draw.randrange(2) else str(amount)
    return draw.choice(PRICES[language]).format(native(text, language, draw))


def model(draw):
    """The name of a product, or a model number in the shape of one."""
    if draw.randrange(3):
        return draw.choice(MODELS)
    letters = "".join(draw.choice("ABCDEFGHKLMNPRSTVXZ") for _ in range(draw.randint(1, 3)))
    return f"{letters}{draw.choice(['', '-', ' '])}{draw.randint(10, 9999)}{draw.choice(['', '', 'A', 'B', 'X', ' Pro', '-S'])}"


def belongs(word, language):
    """Whether every character of `word` is a letter or mark of the language's script."""
    return all(
        unicodedata.category(c)[0] in "LM" and unicodedata.name(c, "").startswith(SCRIPTS[language]) for c in word
    )


def frequencies(language):
    """The words of a language with their frequencies, as the package has them."""
    if language == "th":
        from pythainlp.corpus.tnc import unigram_word_freqs

        return {word: seen for word, seen in unigram_word_freqs().items() if seen >= LEAST_SEEN}
    from wordfreq import get_frequency_dict

    return get_frequency_dict(language)


def vocabulary(language):
    """The MOST_WORDS most frequent words in the language's script, most frequent first, and their frequencies.

    Ties are sorted by the word, since the packages promise no order.
    """
    known = [(word, share) for word, share in frequencies(language).items() if word and belongs(word, language)]
    known.sort(key=lambda pair: (-pair[1], pair[0]))
    known = known[:MOST_WORDS]
    if len(known) < 1000:
        sys.exit(f"honest.py: only {len(known)} words of {language}; is the package whole?")
    words = [word for word, _ in known]
    if language == "el":
        words = [word[:-1] + "ς" if len(word) > 1 and word.endswith("σ") else word for word in words]
    return words, [share for _, share in known]


def capitalized(text, language):
    """`text` with a capital first letter; scripts without case are unchanged."""
    first = "İ" if language == "tr" and text[0] == "i" else text[0].upper()
    return first + text[1:]


class Writer:
    """Draws the listings of one language."""

    def __init__(self, language, seed):
        self.language = language
        self.draw = random.Random(f"{seed}/{language}")
        self.words, shares = vocabulary(language)
        self.cumulative = {part: list(accumulate(share**power for share in shares)) for part, power in POWER.items()}

    def word(self, part, before):
        """One word. Two words of one letter do not follow each other where words are spaced:
        drawing word by word would make runs of single letters that no language has."""
        while True:
            word = self.draw.choices(self.words, cum_weights=self.cumulative[part])[0]
            if self.language in UNSPACED or len(word) > 1 or len(before) > 1:
                return word

    def slot(self, part, before):
        """One word, or what stands in the place of one, and whether it is a word."""
        at = self.draw.randrange(1000)
        for kind, per_mille in PER_MILLE.items():
            if at < per_mille:
                if kind == "model":
                    return model(self.draw), False
                return {"measure": measure, "price": price, "number": number}[kind](self.language, self.draw), False
            at -= per_mille
        return self.word(part, before), True

    def phrase(self, part, count):
        """`count` slots. Words of unspaced languages touch; what is not a word may stand apart."""
        text, before, was_word = "", "..", True
        for _ in range(count):
            slot, is_word = self.slot(part, before)
            touching = self.language in UNSPACED and (was_word and is_word or was_word != is_word and self.draw.randrange(2))
            text += slot if not text or touching else " " + slot
            before, was_word = slot, is_word
        return text

    def description(self, count):
        """`count` slots in sentences of 4 to 14, some with a comma."""
        stop = STOPS.get(self.language, ". ")
        comma = COMMAS.get(self.language, ", ")
        text = ""
        while count:
            # A sentence of fewer than four slots would be left over: it joins the last one.
            length = self.draw.randint(4, 14)
            length = count if count - length < 4 else length
            cut = self.draw.randint(2, length - 2) if length > 6 else length
            sentence = capitalized(self.phrase("description", cut), self.language)
            if cut < length:
                sentence += comma + self.phrase("description", length - cut)
            text += sentence + stop
            count -= length
        return text.strip()

    def listing(self, index):
        """The listing of this number, from 1."""
        return {
            "id": f"{self.language}-g{index:05}",
            "title": capitalized(self.phrase("title", self.draw.randint(4, 8)), self.language),
            "description": self.description(self.draw.randint(20, 80)),
            "language": self.language,
        }


def main():
    """Reads the arguments and writes a file a language."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--seed", type=int, required=True, help="number that the random sequences start from")
    parser.add_argument("--out", type=Path, required=True, help="directory for the files, made when missing")
    parser.add_argument("--count", type=int, default=900, help="listings a language (default 900)")
    arguments = parser.parse_args()
    if arguments.count < 1:
        parser.error("--count must be at least 1")
    for package, version in VERSIONS.items():
        try:
            installed = metadata.version(package)
        except metadata.PackageNotFoundError:
            sys.exit(f"honest.py: {package} {version} is not installed")
        if installed != version:
            print(f"honest.py: {package} is {installed}, not {version}: other listings", file=sys.stderr)
    arguments.out.mkdir(parents=True, exist_ok=True)
    for language in SCRIPTS:
        writer = Writer(language, arguments.seed)
        path = arguments.out / f"{language}.jsonl"
        with open(path, "w", encoding="utf-8", newline="\n") as file:
            for index in range(1, arguments.count + 1):
                file.write(json.dumps(writer.listing(index), ensure_ascii=False, separators=(",", ":")) + "\n")
        print(f"{path}: {arguments.count} listings, {len(writer.words)} words known")


if __name__ == "__main__":
    main()
