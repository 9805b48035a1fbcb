//! Unicode as ICU4X tells it: classes, scripts, normal forms. It knows nothing of listings. Invariant: every answer comes from the ICU
//! crates' compiled data, never from the engine's tables.

use icu_casemap::CaseMapper;
use icu_normalizer::properties::{CanonicalDecompositionBorrowed, Decomposed};
use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};
use icu_properties::props::{CanonicalCombiningClass, DefaultIgnorableCodePoint, GeneralCategory, GeneralCategoryGroup, Script, WhiteSpace};
use icu_properties::{CodePointMapData, CodePointSetData, PropertyNamesShort};
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// The class of a character of the surface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    Letter,
    Digit,
    Joiner,
    Space,
    Soft,
    Stop,
}

pub(super) fn class(c: char) -> Class {
    let category = CodePointMapData::<GeneralCategory>::new().get(c);
    let joiner = matches!(c, '-' | '.' | '/' | '\'' | '_' | ':' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{2018}' | '\u{2019}')
        || matches!(c, '\u{2bc}' | '\u{b7}');
    if joiner {
        Class::Joiner
    } else if c == '&' || c == '+' {
        Class::Soft
    } else if CodePointSetData::new::<WhiteSpace>().contains(c) {
        Class::Space
    } else if GeneralCategoryGroup::Letter.contains(category)
        || GeneralCategoryGroup::Mark.contains(category)
        || category == GeneralCategory::LetterNumber
    {
        Class::Letter
    } else if category == GeneralCategory::DecimalNumber || category == GeneralCategory::OtherNumber {
        Class::Digit
    } else {
        Class::Stop
    }
}

pub(super) fn is_currency_sign(c: char) -> bool {
    CodePointMapData::<GeneralCategory>::new().get(c) == GeneralCategory::CurrencySymbol
}

pub(super) fn is_mark(c: char) -> bool {
    GeneralCategoryGroup::Mark.contains(CodePointMapData::<GeneralCategory>::new().get(c))
}

pub(super) fn is_default_ignorable(c: char) -> bool {
    CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c)
}

/// Whether the character is a letter of a script that is written from right to left.
pub(super) fn is_right_to_left_letter(c: char) -> bool {
    let letter = GeneralCategoryGroup::Letter.contains(CodePointMapData::<GeneralCategory>::new().get(c));
    letter && matches!(script_code(c), Some("Hebr" | "Arab" | "Syrc" | "Thaa" | "Nkoo" | "Samr" | "Mand" | "Adlm"))
}

/// What UTS #39 says that the character can be mistaken for, or the character.
pub(super) fn prototype(c: char) -> String {
    // The skeleton of one character is its prototype as long as nothing decomposes before.
    let one = c.to_string();
    if nfd(&one) == one { unicode_security::confusable_detection::skeleton(&one).collect() } else { one }
}

/// The ISO 15924 code of a character's script, also of Common and Inherited.
pub(super) fn script_code(c: char) -> Option<&'static str> {
    PropertyNamesShort::<Script>::new().get(CodePointMapData::<Script>::new().get(c))
}

/// The ISO 15924 code of a character's script; `None` for Common and Inherited.
pub(super) fn script(c: char) -> Option<&'static str> {
    script_code(c).filter(|code| !matches!(*code, "Zyyy" | "Zinh"))
}

/// Whether the character is of a script that is written without spaces.
pub(super) fn is_spaceless(c: char) -> bool {
    matches!(script(c), Some("Hani" | "Hira" | "Kana" | "Bopo" | "Thai" | "Laoo" | "Khmr" | "Mymr" | "Tibt"))
}

pub(super) fn nfc(text: &str) -> String {
    ComposingNormalizerBorrowed::new_nfc().normalize(text).into_owned()
}

pub(super) fn nfd(text: &str) -> String {
    DecomposingNormalizerBorrowed::new_nfd().normalize(text).into_owned()
}

pub(super) fn nfkd(text: &str) -> String {
    DecomposingNormalizerBorrowed::new_nfkd().normalize(text).into_owned()
}

pub(super) fn fold_case(text: &str) -> String {
    CaseMapper::new().fold_string(text).into_owned()
}

/// Whether the character has a combining class other than zero, or is the second half of a primary composite.
pub(super) fn hangs_on_what_precedes(c: char) -> bool {
    let class = CodePointMapData::<CanonicalCombiningClass>::new().get(c);
    class != CanonicalCombiningClass::NotReordered || SECOND_HALVES.contains(&c)
}

/// Every character that ends a canonical composition: what Unicode calls NFC quick check *maybe*.
static SECOND_HALVES: LazyLock<BTreeSet<char>> = LazyLock::new(|| {
    let decomposition = CanonicalDecompositionBorrowed::new();
    let mut found = BTreeSet::new();
    for c in '\0'..=char::MAX {
        if let Decomposed::Expansion(_, second) = decomposition.decompose(c)
            && nfc(&nfd(&c.to_string())) == c.to_string()
        {
            found.insert(second);
        }
    }
    found
});
