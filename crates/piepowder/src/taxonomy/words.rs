//! The words of the pack format that stand for one of a few things: each is a list of values with their words, in one order. Invariant: a
//! word and its value are written once, here; the reader, the schema and the binary form take both from here.

macro_rules! words {
    ($(#[$doc:meta])* $vis:vis $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        $vis enum $name { $($(#[$vdoc])* $variant),+ }

        impl $name {
            /// All values, in order.
            $vis const ALL: &'static [$name] = &[$($name::$variant),+];

            /// The words in pack files, in the same order.
            pub(crate) const WORDS: &'static [&'static str] = &[$($word),+];

            /// The word in pack files.
            $vis const fn word(self) -> &'static str {
                match self { $($name::$variant => $word),+ }
            }

            /// The value of that word.
            $vis fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|v| v.word() == word)
            }
        }
    };
}

words! {
    /// What a group is for.
    pub GroupKind {
        /// Speaks for an offense by itself.
        Specific = "specific",
        /// Counts only beside a specific group.
        Signal = "signal",
        /// Takes back what other groups contributed near it.
        Excuse = "excuse",
    }
}
words! {
    /// Which element of an offer a rule speaks of.
    pub Element {
        /// The goods.
        Object = "object",
        /// That they are offered.
        Offer = "offer",
        /// That something is hidden.
        Concealment = "concealment",
        /// How it is paid.
        Payment = "payment",
        /// How it is sent.
        Logistics = "logistics",
        /// What surrounds it.
        Context = "context",
    }
}
words! {
    /// What a breach would be.
    pub Nature {
        /// A crime in most places.
        Criminal = "criminal",
        /// Restricted, licensed or age-limited goods.
        Regulatory = "regulatory",
        /// Against a platform's terms.
        HouseRule = "house-rule",
    }
}
words! {
    /// Whether a rule counts.
    pub Status {
        /// Counts.
        Active = "active",
        /// Cited with its would-be weight, contributes nothing.
        Shadow = "shadow",
        /// Explains old decisions, makes no new ones.
        Retired = "retired",
    }
}
words! {
    /// What a weight rests on.
    pub(crate) WarrantKind {
        /// A published standard, list or study.
        Published = "published",
        /// The reasoning of people who know the field.
        Expert = "expert",
        /// Counted in labelled listings.
        Counted = "counted",
    }
}
words! {
    /// Where a pattern is matched.
    pub(crate) View {
        /// Folded text.
        Surface = "surface",
        /// Bytes as handed in.
        Original = "original",
    }
}
words! {
    /// Where in the text a term may begin and end.
    pub(crate) Boundary {
        /// Whole words.
        Word = "word",
        /// At the beginning of a word, with more behind it.
        Prefix = "prefix",
        /// At the beginning or at the end of a word: a part of a compound.
        Compound = "compound",
        /// Anywhere.
        Substring = "substring",
    }
}
words! {
    /// How far an excuse reaches.
    pub(crate) Scope {
        /// Within a number of tokens in the same field.
        Near = "near",
        /// The whole field where it stands.
        Field = "field",
        /// All fields of the listing.
        Listing = "listing",
    }
}
words! {
    /// Where what must be near may stand.
    pub(crate) NearScope {
        /// Within a number of tokens in the same field.
        Field = "field",
        /// There, or anywhere in another field.
        Listing = "listing",
    }
}
words! {
    /// Dimension of a quantity.
    pub Dimension {
        /// In micrograms.
        Mass = "mass",
        /// In microliters.
        Volume = "volume",
        /// In millionths of one piece.
        Count = "count",
        /// In millionths of a percent.
        Percent = "percent",
    }
}
words! {
    /// An entity that its checksum, its shape or the label before it proves.
    pub EntityKind {
        /// A payment card number (Luhn).
        Card = "card",
        /// An e-mail address.
        Email = "email",
        /// A Bitcoin address (base58check, bech32, bech32m).
        Btc = "btc",
        /// An onion service address, version 3.
        Onion = "onion",
        /// An international bank account number (ISO 13616).
        Iban = "iban",
        /// An Ethereum address (EIP-55, or letters of one case).
        Eth = "eth",
        /// A Monero address of the main network: standard, subaddress, integrated.
        Xmr = "xmr",
        /// A Litecoin address (base58check, bech32, bech32m).
        Ltc = "ltc",
        /// A Tron address (base58check).
        Trx = "trx",
        /// A Dogecoin address (base58check).
        Doge = "doge",
        /// A PGP key or message, or a fingerprint behind the word for it.
        Pgp = "pgp",
        /// A Session ID.
        Session = "session",
        /// A Telegram link, or a name behind the word for it.
        Telegram = "telegram",
        /// A Threema link, or an ID behind the word for it.
        Threema = "threema",
        /// A name behind the word for Wickr.
        Wickr = "wickr",
        /// A Signal link, or a number or a username behind the word for it.
        Signal = "signal",
        /// A telephone number in the international form (E.164).
        Phone = "phone",
        /// A login with a password.
        Pair = "pair",
        /// A row of logins with passwords.
        Pairs = "pairs",
    }
}
