//! Automata over at most 64 classes of bytes, as nodes that say where most classes lead and, apart, where the others do: nearly all classes
//! lead from a node to the same place, mostly to where nothing matches any more. A dense table of the same would be ten times as large. It
//! knows neither patterns nor bytes. Invariant: the ways of a node that do not lead where most do are in the order of their classes.

use crate::stored::{Damaged, Reader, Writer, sound};

/// Most classes of bytes.
pub(super) const CLASSES: usize = 64;

/// Where a node leads, and what it is marked with.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node {
    /// Classes that lead elsewhere than most.
    own: u64,
    /// Where in `next` their places begin.
    first: u32,
    most: u16,
    pub(super) mark: u16,
}

/// Nodes, which are numbered. A number beyond them is for whoever made them to understand.
#[derive(Debug, Default)]
pub(super) struct Steps {
    nodes: Vec<Node>,
    next: Vec<u16>,
}

impl Steps {
    /// Adds a node that leads to these places, by class.
    pub(super) fn push(&mut self, places: &[u16], mark: u16) {
        let count = |place: u16| places.iter().filter(|other| **other == place).count();
        let most = places.iter().copied().max_by_key(|place| (count(*place), core::cmp::Reverse(*place))).unwrap_or(0);
        let (mut own, first) = (0, self.next.len() as u32);
        for (class, place) in places.iter().enumerate().filter(|(_, place)| **place != most) {
            own |= 1 << class;
            self.next.push(*place);
        }
        self.nodes.push(Node { own, first, most, mark });
    }

    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// What the nodes are marked with.
    pub(super) fn marks(&self) -> impl Iterator<Item = u16> {
        self.nodes.iter().map(|node| node.mark)
    }

    #[inline]
    pub(super) fn node(&self, at: usize) -> Option<&Node> {
        self.nodes.get(at)
    }

    /// Where a node leads by a class.
    #[inline]
    pub(super) fn next(&self, node: &Node, class: u8) -> usize {
        let own = node.own >> (class & 63);
        if own & 1 == 0 {
            return node.most.into();
        }
        // Those of lower classes are before it.
        let before = (node.own & !(u64::MAX << (class & 63))).count_ones();
        self.next[node.first as usize + before as usize].into()
    }

    pub(super) fn write(&self, out: &mut Writer) {
        let bytes = |n: Node| u128::from(n.own) | u128::from(n.first) << 64 | u128::from(n.most) << 96 | u128::from(n.mark) << 112;
        out.list(&self.nodes, |node| bytes(node).to_le_bytes());
        out.list(&self.next, u16::to_le_bytes);
    }

    /// Reads what `write` wrote, where there are so many places beyond the nodes.
    pub(super) fn read(from: &mut Reader<'_>, beyond: usize) -> Result<Steps, Damaged> {
        let node = |bytes: &[u8; 16]| {
            let all = u128::from_le_bytes(*bytes);
            Node { own: all as u64, first: (all >> 64) as u32, most: (all >> 96) as u16, mark: (all >> 112) as u16 }
        };
        let steps = Steps { nodes: from.list(node)?, next: from.list(|place| u16::from_le_bytes(*place))? };
        let is_place = |place: &u16| usize::from(*place) < steps.nodes.len() + beyond;
        let fits = |node: &Node| is_place(&node.most) && node.first as usize + node.own.count_ones() as usize <= steps.next.len();
        sound(steps.nodes.iter().all(fits) && steps.next.iter().all(is_place))?;
        Ok(steps)
    }

    pub(super) fn memory_usage(&self) -> usize {
        self.nodes.len() * size_of::<Node>() + self.next.len() * size_of::<u16>()
    }
}
