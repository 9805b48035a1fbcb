//! The algebra: evidence and weights to scores. It sees rules, groups and distances, never text. Integers only.
//! Invariant: prior + the weights shown = the score, for every offense (docs/SEMANTICS.md, section 7).

mod flood;
pub(crate) mod prior;
mod weigh;

pub(crate) use weigh::{Weighing, weigh};

use crate::evidence::Weight;
use crate::id::{GroupId, OffenseId};

/// The sum for one offense, in centibans.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Score {
    prior: Weight,
    total: Weight,
}

impl Score {
    /// A score from its prior and its total.
    pub const fn new(prior: Weight, total: Weight) -> Self {
        Score { prior, total }
    }

    /// Where the sum starts.
    pub const fn prior(self) -> Weight {
        self.prior
    }

    /// Prior plus all evidence.
    pub const fn total(self) -> Weight {
        self.total
    }

    /// The evidence alone: total less prior.
    pub const fn evidence(self) -> Weight {
        self.total - self.prior
    }
}

/// What a group of rules came to for one offense, excuses taken off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct GroupNet {
    group: GroupId,
    offense: OffenseId,
    net: Weight,
}

impl GroupNet {
    /// The net of a group for an offense.
    pub const fn new(group: GroupId, offense: OffenseId, net: Weight) -> Self {
        GroupNet { group, offense, net }
    }

    /// The group.
    pub const fn group(self) -> GroupId {
        self.group
    }

    /// The offense.
    pub const fn offense(self) -> OffenseId {
        self.offense
    }

    /// Centibans, never negative.
    pub const fn net(self) -> Weight {
        self.net
    }
}
