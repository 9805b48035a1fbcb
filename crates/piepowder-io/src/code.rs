//! The registry of row error codes: each with its word in files and one line of documentation.
//! Invariant: words never change their meaning; a case of `testdata/bad-input` reaches each of them.

macro_rules! codes {
    ($($name:ident $word:literal $doc:literal;)*) => {
        /// Why a row could not be scored.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Code {
            $(#[doc = $doc] $name,)*
        }

        impl Code {
            /// All codes, in the order of their words.
            pub const ALL: &'static [Code] = &[$(Code::$name,)*];

            /// The word in files, such as `json.syntax`.
            pub const fn word(self) -> &'static str {
                match self {
                    $(Code::$name => $word,)*
                }
            }

            /// One sentence on what is wrong with such a row.
            pub const fn doc(self) -> &'static str {
                match self {
                    $(Code::$name => $doc,)*
                }
            }
        }
    };
}

codes! {
    Depth "json.depth" "Arrays and objects are nested more than 128 deep, in a known or an ignored field.";
    DuplicateKey "json.duplicate_key" "A key of the object occurs twice; another parser may see the other value.";
    KeyCase "json.key_case" "A key differs from a known one in letter case alone; another parser may take it for that one.";
    NotObject "json.not_object" "The line is valid JSON, but not an object.";
    Syntax "json.syntax" "The line is not valid JSON.";
    Trailing "json.trailing" "Something follows the object on its line.";
    Type "json.type" "A known field holds a value of another type than it should.";
    TooLong "record.too_long" "The record is longer than the limit and was skipped to the next line feed.";
}
