//! What is known of locks, as lists in one order: to be kept for another day, and taken up again.

use super::lock_order::{Orders, Taking, Told};
use super::{Function, LockWait, Locks};
use crate::clock::Nanos;
use crate::trace::record::{Pid, Tid};
use std::collections::HashMap;

/// All that is known of locks, as lists.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Kept {
    /// What functions' numbers stand for, by process and number.
    pub functions: Vec<((Pid, u16), Function)>,
    /// The waits of each thread, oldest first.
    pub waits: Vec<((Pid, Tid), Vec<LockWait>)>,
    /// Who held a lock when it ended.
    pub left: Vec<((Pid, u64), Tid)>,
    /// The locks that have numbers, from 1: their addresses and serials.
    pub numbered: Vec<(Pid, u64, u64)>,
    /// Whether the orders were told in which locks were taken.
    pub told: Option<Told>,
    /// Those orders.
    pub takings: Vec<Taking>,
    /// Locks that another thread than their taker gave back, by their numbers in the process.
    pub passed: Vec<(Pid, u64)>,
    /// When threads saw others end.
    pub joins: Vec<((Pid, Tid), Vec<Nanos>)>,
}

impl Kept {
    /// How many waits there are.
    #[must_use]
    pub fn waits(&self) -> usize {
        self.waits.iter().map(|(_, waits)| waits.len()).sum()
    }

    /// Forgets the orders: what was found in them is in the trace. That they were told is still known.
    pub fn forget_orders(&mut self) {
        (self.takings, self.passed, self.joins) = (Vec::new(), Vec::new(), Vec::new());
        self.told = self.told.map(|told| told.max(Told::Some));
    }

    /// Forgets the older half of each thread's waits.
    pub fn halve(&mut self) {
        for (_, waits) in &mut self.waits {
            let gone = waits.len().div_ceil(2);
            waits.drain(..gone);
        }
        self.waits.retain(|(_, waits)| !waits.is_empty());
    }
}

impl Locks {
    /// All of it, in one order.
    #[must_use]
    pub fn to_kept(&self) -> Kept {
        let mut kept = Kept {
            functions: self.functions.iter().map(|(number, function)| (*number, function.clone())).collect(),
            waits: self.waits.iter().map(|(thread, waits)| (*thread, waits.clone())).collect(),
            left: self.left.iter().map(|(lock, thread)| (*lock, *thread)).collect(),
            numbered: self.numbers.keys().copied().collect(),
            told: self.orders.told,
            takings: self.orders.takings.clone(),
            passed: self.orders.passed.iter().copied().collect(),
            joins: self.orders.joins.iter().map(|(thread, joins)| (*thread, joins.clone())).collect(),
        };
        kept.functions.sort_unstable_by_key(|(number, _)| *number);
        kept.waits.sort_unstable_by_key(|(thread, _)| *thread);
        kept.waits.iter_mut().for_each(|(_, waits)| waits.sort_by_key(|wait| wait.at));
        kept.left.sort_unstable();
        kept.numbered.sort_unstable_by_key(|lock| self.numbers.get(lock));
        kept.passed.sort_unstable();
        kept.joins.sort_unstable_by_key(|(thread, _)| *thread);
        kept
    }

    /// Takes up what was kept.
    #[must_use]
    pub fn of_kept(kept: Kept) -> Locks {
        let count = kept.waits();
        let orders = Orders {
            told: kept.told,
            takings: kept.takings,
            open: HashMap::new(),
            passed: kept.passed.into_iter().collect(),
            joins: kept.joins.into_iter().collect(),
        };
        Locks {
            functions: kept.functions.into_iter().collect(),
            waits: kept.waits.into_iter().collect(),
            kept: count,
            left: kept.left.into_iter().collect(),
            numbers: kept.numbered.into_iter().zip(1..).collect(),
            orders,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::locks::lock_order::OrderMark;
    use crate::trace::locks::{HeldBy, LockMark, Spot};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_kept_is_taken_up_again(
            marks in prop::collection::vec((10u32..13, 1u64..6, 0u16..4), 0..60), at in 0u64..400,
        ) {
            let mut locks = Locks::default();
            for (n, (tid, lock, own)) in (1u64..).zip(&marks) {
                let spot = (*own > 0).then_some(Spot { own: *own, called: 0, line: 7 });
                let holder = if lock % 2 == 0 { HeldBy::Thread(11) } else { HeldBy::Unknown };
                locks.take((9, *tid), n * 5, LockMark::Waits { lock: *lock, serial: lock / 3, holder, spot });
                locks.take((9, *tid), n * 5, LockMark::Order(OrderMark::Takes { lock: *lock, others: 1, spot }));
                locks.take((9, *tid), n * 5, LockMark::Order(OrderMark::Holding([9, 0])));
            }
            let kept = locks.to_kept();
            let again = Locks::of_kept(kept.clone());
            prop_assert_eq!(&again.to_kept(), &kept);
            prop_assert_eq!(kept.waits(), marks.len());
            for tid in 10..13 {
                prop_assert_eq!(again.wait_at(9, tid, at), locks.wait_at(9, tid, at));
            }
            for wait in kept.waits.iter().flat_map(|(_, waits)| waits) {
                prop_assert_eq!(again.number(9, wait), locks.number(9, wait));
            }
            prop_assert_eq!(again.orders.takings().count(), locks.orders.takings().count());
        }
    }

    #[test]
    fn the_newest_waits_are_forgotten_last() {
        let mut locks = Locks::default();
        for at in 1..=9 {
            locks.take((9, 10), at, LockMark::Waits { lock: 1, serial: 0, holder: HeldBy::Nobody, spot: None });
        }
        let mut kept = locks.to_kept();
        let mut left = Vec::new();
        while kept.waits() > 0 {
            kept.halve();
            left.push(kept.waits.first().map(|(_, waits)| waits.iter().map(|wait| wait.at).collect::<Vec<_>>()));
        }
        assert_eq!(left, [Some(vec![6, 7, 8, 9]), Some(vec![8, 9]), Some(vec![9]), None]);
    }
}
