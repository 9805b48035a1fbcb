//! Bytes that tables are read from where they lie: a part of the executable, of a compiled pack that was read, or of what was compiled here.
//! It knows no format. Invariants: the bytes never change; what is asked for beyond them is not there, and nothing panics.

use core::fmt;
use core::marker::PhantomData;
use core::ops::{Deref, Range};
use std::borrow::Cow;
use std::sync::Arc;

/// Shared bytes. A part of them is as cheap as a clone.
#[derive(Clone)]
pub(crate) enum Bytes {
    Static(&'static [u8]),
    Shared(Arc<Vec<u8>>, Range<usize>),
}

impl Bytes {
    /// Some of them; none when there are not so many.
    pub(crate) fn part(&self, range: Range<usize>) -> Option<Bytes> {
        self.get(range.clone())?;
        Some(match self {
            Bytes::Static(bytes) => Bytes::Static(bytes.get(range)?),
            Bytes::Shared(all, own) => Bytes::Shared(Arc::clone(all), own.start + range.start..own.start + range.end),
        })
    }
}

impl Deref for Bytes {
    type Target = [u8];

    #[inline]
    fn deref(&self) -> &[u8] {
        match self {
            Bytes::Static(bytes) => bytes,
            Bytes::Shared(all, own) => all.get(own.clone()).unwrap_or_default(),
        }
    }
}

impl Default for Bytes {
    fn default() -> Self {
        Bytes::Static(&[])
    }
}

impl From<Vec<u8>> for Bytes {
    fn from(bytes: Vec<u8>) -> Self {
        let own = 0..bytes.len();
        Bytes::Shared(Arc::new(bytes), own)
    }
}

impl From<Cow<'static, [u8]>> for Bytes {
    fn from(bytes: Cow<'static, [u8]>) -> Self {
        match bytes {
            Cow::Borrowed(bytes) => Bytes::Static(bytes),
            Cow::Owned(bytes) => bytes.into(),
        }
    }
}

impl fmt::Debug for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.len())
    }
}

/// A value of `N` bytes. All bytes are some value.
pub(crate) trait Fixed<const N: usize>: Copy {
    fn to_bytes(self) -> [u8; N];
    fn of_bytes(bytes: &[u8; N]) -> Self;
}

macro_rules! fixed {
    ($($name:ty = $size:literal),+) => { $(
        impl Fixed<$size> for $name {
            #[inline]
            fn to_bytes(self) -> [u8; $size] {
                self.to_le_bytes()
            }
            #[inline]
            fn of_bytes(bytes: &[u8; $size]) -> Self {
                <$name>::from_le_bytes(*bytes)
            }
        }
    )+ };
}

fixed!(u8 = 1, u16 = 2, u32 = 4, u64 = 8);

/// Two values side by side, which take `N` bytes together.
macro_rules! fixed_pair {
    ($first:ty = $one:literal, $second:ty = $two:literal) => {
        impl $crate::bytes::Fixed<{ $one + $two }> for ($first, $second) {
            #[inline]
            fn to_bytes(self) -> [u8; $one + $two] {
                let mut bytes = [0; $one + $two];
                let (first, second) = bytes.split_at_mut($one);
                first.copy_from_slice(&$crate::bytes::Fixed::<$one>::to_bytes(self.0));
                second.copy_from_slice(&$crate::bytes::Fixed::<$two>::to_bytes(self.1));
                bytes
            }
            #[inline]
            fn of_bytes(bytes: &[u8; $one + $two]) -> Self {
                let (first, second) = (bytes.first_chunk::<$one>(), bytes.last_chunk::<$two>());
                let (first, second) = (first.unwrap_or(&[0; $one]), second.unwrap_or(&[0; $two]));
                ($crate::bytes::Fixed::of_bytes(first), $crate::bytes::Fixed::of_bytes(second))
            }
        }
    };
}

pub(crate) use fixed_pair;

fixed_pair!(u32 = 4, u16 = 2);
fixed_pair!(u32 = 4, u32 = 4);

/// Values of `N` bytes each, one after another.
#[derive(Clone)]
pub(crate) struct List<T, const N: usize> {
    bytes: Bytes,
    of: PhantomData<T>,
}

impl<T: Fixed<N>, const N: usize> List<T, N> {
    pub(crate) fn new(items: &[T]) -> Self {
        items.iter().copied().collect()
    }

    /// The values that bytes are. What is left over at the end is none.
    pub(crate) fn of(bytes: Bytes) -> Self {
        List { bytes, of: PhantomData }
    }

    /// The values that were written to bytes one by one.
    pub(crate) fn of_rows(rows: Vec<[u8; N]>) -> Self {
        List::of(rows.into_flattened().into())
    }

    /// The values as bytes.
    #[inline]
    pub(crate) fn rows(&self) -> &[[u8; N]] {
        self.bytes.as_chunks().0
    }

    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.rows().len()
    }

    #[inline]
    pub(crate) fn get(&self, at: usize) -> Option<T> {
        self.rows().get(at).map(T::of_bytes)
    }

    /// Those of a range; none when it is not within the list.
    #[inline]
    pub(crate) fn part(&self, range: Range<usize>) -> impl ExactSizeIterator<Item = T> + Clone {
        self.rows().get(range).unwrap_or_default().iter().map(T::of_bytes)
    }

    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = T> {
        self.rows().iter().map(T::of_bytes)
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

impl<T: Fixed<N>, const N: usize> FromIterator<T> for List<T, N> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        List::of_rows(items.into_iter().map(T::to_bytes).collect())
    }
}

impl<T, const N: usize> Default for List<T, N> {
    fn default() -> Self {
        List { bytes: Bytes::default(), of: PhantomData }
    }
}

impl<T, const N: usize> fmt::Debug for List<T, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} of {N} each", self.bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::{Bytes, List};

    #[test]
    fn parts_are_within_the_whole() {
        static ALL: [u8; 4] = [1, 2, 3, 4];
        for all in [Bytes::Static(&ALL), Bytes::from(ALL.to_vec())] {
            let part = |all: &Bytes, range| all.part(range).map(|part| part.to_vec());
            assert_eq!(part(&all, 1..3), Some(vec![2, 3]));
            assert_eq!(all.part(1..4).and_then(|inner| part(&inner, 1..3)), Some(vec![3, 4]));
            assert_eq!(
                [part(&all, 3..5), all.part(1..3).and_then(|inner| part(&inner, 0..3)), part(&all, usize::MAX..usize::MAX)],
                [None, None, None]
            );
        }
    }

    #[test]
    fn a_list_gives_what_was_put_in() {
        let list = List::new(&[7u32, u32::MAX, 9]);
        assert_eq!((list.len(), list.get(1), list.get(3)), (3, Some(u32::MAX), None));
        assert_eq!((list.part(1..3).collect::<Vec<_>>(), list.part(2..4).len()), (vec![u32::MAX, 9], 0));
    }
}
