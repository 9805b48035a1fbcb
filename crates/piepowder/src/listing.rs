//! A listing as the engine takes it: borrowed bytes in named fields. It owns nothing, checks nothing and copies like a number.
//! Invariant: an absent field and an empty one are the same.

use crate::id::FieldId;

/// The fixed fields of a listing, in field order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
#[repr(u8)]
pub enum Field {
    /// The title.
    Title,
    /// The description.
    Description,
    /// The brand, when the marketplace has a slot for it.
    Brand,
    /// The marketplace's own category.
    Category,
    /// Free attributes, as one text.
    Attributes,
    /// The seller's name.
    Seller,
    /// Where the goods ship from.
    ShipsFrom,
    /// Where the goods ship to.
    ShipsTo,
    /// The price, as decimal text such as `12.50`.
    Price,
    /// The price's currency, an ISO 4217 code or the name of a coin.
    Currency,
    /// The language the seller declared, an ISO 639-1 code.
    Language,
    /// When it was listed.
    ListedAt,
}

impl Field {
    /// All fixed fields, in field order.
    pub const ALL: [Field; 12] = [
        Field::Title,
        Field::Description,
        Field::Brand,
        Field::Category,
        Field::Attributes,
        Field::Seller,
        Field::ShipsFrom,
        Field::ShipsTo,
        Field::Price,
        Field::Currency,
        Field::Language,
        Field::ListedAt,
    ];

    /// The name in files, `ships_from`.
    pub const fn name(self) -> &'static str {
        match self {
            Field::Title => "title",
            Field::Description => "description",
            Field::Brand => "brand",
            Field::Category => "category",
            Field::Attributes => "attributes",
            Field::Seller => "seller",
            Field::ShipsFrom => "ships_from",
            Field::ShipsTo => "ships_to",
            Field::Price => "price",
            Field::Currency => "currency",
            Field::Language => "language",
            Field::ListedAt => "listed_at",
        }
    }

    /// The field of that name.
    pub fn from_name(name: &str) -> Option<Field> {
        Field::ALL.into_iter().find(|f| f.name() == name)
    }

    /// The field's id, the same in every engine.
    pub const fn id(self) -> FieldId {
        FieldId::new(self as usize)
    }

    /// Whether rules can look for words in it; the others are read by conditions.
    pub const fn is_text(self) -> bool {
        (self as u8) < Field::Price as u8
    }
}

/// What a declared field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Value<'a> {
    /// A text, or the decimal text of a number: the pack's declaration says which.
    Text(&'a [u8]),
}

impl<'a> Value<'a> {
    /// The bytes of the value.
    pub const fn bytes(self) -> &'a [u8] {
        match self {
            Value::Text(bytes) => bytes,
        }
    }
}

/// One listing: fixed fields and, borrowed, those that packs declare.
///
/// ```
/// use piepowder::{Field, Listing};
/// let listing = Listing::new().with(Field::Title, b"Oak desk").with(Field::Price, b"120.00");
/// assert_eq!(listing.get(Field::Title), b"Oak desk");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Listing<'a> {
    fixed: [&'a [u8]; Field::ALL.len()],
    declared: &'a [(FieldId, Value<'a>)],
}

impl<'a> Listing<'a> {
    /// A listing without any field.
    pub fn new() -> Self {
        Self::default()
    }

    /// The listing with this field set. Any bytes are allowed.
    pub fn with(mut self, field: Field, text: &'a [u8]) -> Self {
        self.fixed[field as usize] = text;
        self
    }

    /// The listing with these declared fields; ids come from `Engine::field`. Of several values of one field the first counts.
    pub fn with_declared(mut self, declared: &'a [(FieldId, Value<'a>)]) -> Self {
        self.declared = declared;
        self
    }

    /// A fixed field's bytes; empty when absent.
    pub fn get(&self, field: Field) -> &'a [u8] {
        self.fixed[field as usize]
    }

    /// Any field's bytes, fixed or declared; empty when absent.
    pub fn bytes(&self, field: FieldId) -> &'a [u8] {
        match self.fixed.get(field.index()) {
            Some(bytes) => bytes,
            None => self.declared.iter().find(|(id, _)| *id == field).map_or(&[], |(_, v)| v.bytes()),
        }
    }
}
