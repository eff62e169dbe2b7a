//! In which orders threads took locks, each lock while they held others.

use super::Spot;
use crate::clock::Nanos;
use crate::trace::record::{Pid, Tid};
use std::collections::{HashMap, HashSet};

/// The most orders that are kept of all threads together.
const MOST: usize = 50_000;

/// What is known of the orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Told {
    /// All of them.
    All,
    /// Those that are kept, and there were others.
    Some,
    /// None: what locks are made of in this Python cannot be looked into.
    Nothing,
}

/// What a thread says of the orders in which locks are taken. Locks are known by numbers, which no two of a process share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderMark {
    /// The thread has taken a lock while it held others, which follow.
    Takes {
        /// The lock.
        lock: u64,
        /// How many others.
        others: usize,
        /// Where in the program.
        spot: Option<Spot>,
    },
    /// Two of the others; 0 is none.
    Holding([u64; 2]),
    /// The thread has given back a lock that another one had taken.
    Passed(u64),
    /// The thread has seen another one end.
    Joined,
    /// Whether its process tells of all this.
    Told(Told),
}

/// A lock that a thread took while it held others: of each such order the first time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taking {
    /// The process.
    pub pid: Pid,
    /// The thread.
    pub tid: Tid,
    /// When.
    pub at: Nanos,
    /// The lock, by its number.
    pub lock: u64,
    /// Where in the program.
    pub spot: Option<Spot>,
    /// The others, by their numbers.
    pub held: Vec<u64>,
}

/// All that is known of the orders.
#[derive(Debug, Clone, Default)]
pub struct Orders {
    pub(super) told: Option<Told>,
    pub(super) takings: Vec<Taking>,
    /// Those whose others are still to come, and how many.
    pub(super) open: HashMap<(Pid, Tid), (Taking, usize)>,
    pub(super) passed: HashSet<(Pid, u64)>,
    pub(super) joins: HashMap<(Pid, Tid), Vec<Nanos>>,
}

impl Orders {
    /// Takes in what a thread says.
    pub(super) fn take(&mut self, (pid, tid): (Pid, Tid), at: Nanos, mark: OrderMark) {
        match mark {
            OrderMark::Takes { lock, others, spot } => {
                let taking = Taking { pid, tid, at, lock, spot, held: Vec::new() };
                self.open.insert((pid, tid), (taking, others));
            }
            OrderMark::Holding(two) => {
                let Some((taking, others)) = self.open.get_mut(&(pid, tid)) else { return };
                taking.held.extend(two.into_iter().filter(|lock| *lock != 0));
                if taking.held.len() == *others
                    && let Some((taking, _)) = self.open.remove(&(pid, tid))
                {
                    self.keep(taking);
                }
            }
            OrderMark::Passed(lock) => drop(self.passed.insert((pid, lock))),
            OrderMark::Joined => self.joins.entry((pid, tid)).or_default().push(at),
            OrderMark::Told(told) => self.told = self.told.max(Some(told)),
        }
    }

    fn keep(&mut self, taking: Taking) {
        if self.takings.len() < MOST {
            self.takings.push(taking);
        } else {
            self.told = self.told.max(Some(Told::Some));
        }
    }

    /// What is known of them; `None` where no process has said anything, since none was asked, or is a Python.
    #[must_use]
    pub const fn told(&self) -> Option<Told> {
        self.told
    }

    /// Those of which something is known, by locks that are given back by whoever took them: of others nobody can say in which
    /// order they are held.
    pub fn takings(&self) -> impl Iterator<Item = &Taking> {
        let passed = |pid, lock| self.passed.contains(&(pid, lock));
        self.takings.iter().filter(move |taking| !passed(taking.pid, taking.lock))
    }

    /// Whether a lock of a process is given back by whoever took it.
    #[must_use]
    pub fn is_kept(&self, pid: Pid, lock: u64) -> bool {
        !self.passed.contains(&(pid, lock))
    }

    /// Whether a thread has seen another one end between two instants.
    #[must_use]
    pub fn joined(&self, pid: Pid, tid: Tid, from: Nanos, to: Nanos) -> bool {
        self.joins.get(&(pid, tid)).is_some_and(|joins| joins.iter().any(|at| (from..=to).contains(at)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(marks: &[OrderMark]) -> Orders {
        let mut orders = Orders::default();
        for mark in marks {
            orders.take((10, 11), 5, *mark);
        }
        orders
    }

    #[test]
    fn an_order_is_known_once_all_that_was_held_is() {
        let takes = OrderMark::Takes { lock: 4, others: 3, spot: None };
        let half = told(&[takes, OrderMark::Holding([1, 2])]);
        assert_eq!(half.takings().count(), 0);
        let whole = told(&[takes, OrderMark::Holding([1, 2]), OrderMark::Holding([3, 0])]);
        assert_eq!(whole.takings().map(|taking| taking.held.clone()).collect::<Vec<_>>(), [[1, 2, 3]]);
        let lost = told(&[takes, OrderMark::Holding([1, 2]), takes, OrderMark::Holding([3, 0])]);
        assert_eq!(lost.takings().count(), 0, "some of it is lost");
    }

    #[test]
    fn a_lock_that_another_thread_gives_back_is_a_token() {
        let takes = OrderMark::Takes { lock: 4, others: 1, spot: None };
        let orders = told(&[takes, OrderMark::Holding([1, 0]), OrderMark::Passed(4)]);
        assert_eq!((orders.takings().count(), orders.is_kept(10, 4), orders.is_kept(10, 1)), (0, false, true));
    }

    #[test]
    fn it_is_known_whether_all_are_told() {
        assert_eq!(told(&[]).told(), None);
        let all = [OrderMark::Told(Told::All), OrderMark::Told(Told::Some), OrderMark::Told(Told::All)];
        assert_eq!((told(&all[..1]).told(), told(&all).told()), (Some(Told::All), Some(Told::Some)));
        let mut orders = told(&all[..1]);
        let taking = Taking { pid: 10, tid: 11, at: 5, lock: 1, spot: None, held: vec![2] };
        for _ in 0..=MOST {
            orders.keep(taking.clone());
        }
        assert_eq!((orders.takings().count(), orders.told()), (MOST, Some(Told::Some)));
    }
}
