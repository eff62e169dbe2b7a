//! Finds locks that a run's threads took in crossed orders.
//!
//! A taking leads from each lock that was held to the one that was taken. A way that comes back to where it began is crossed, if
//! each of its takings is another thread's, no two of the threads held a lock in common (that one lets only one of them come so
//! far), and none of the threads had ended, as a join has told, before another one began.

use super::places::place_of;
use crate::clock::{MILLISECOND, Nanos};
use crate::trace::crossing::{Crossing, Took};
use crate::trace::locks::Function;
use crate::trace::locks::lock_order::Taking;
use crate::trace::{Lane, Locks, Pid, Trace};
use std::collections::{BTreeSet, HashMap};

/// The most threads of a crossing that is looked for.
const LONGEST: usize = 6;
/// So many steps are looked at.
const STEPS: usize = 20_000;
/// So many crossings are told.
const MOST: usize = 8;
/// A thread's end is seen by whoever joins it a little before the kernel has ended it.
const SEEN_BEFORE: Nanos = 20 * MILLISECOND;

/// The crossings of a run, the shortest alone; of those in the same lines one.
pub(super) fn crossings(trace: &Trace) -> Vec<Crossing> {
    let takings: Vec<&Taking> = trace.locks.orders.takings().filter(|t| is_programs(&trace.locks, t)).collect();
    let mut seen = BTreeSet::new();
    let crossing = |cycle: Vec<usize>| {
        let takes: Option<Vec<Took>> = cycle.iter().map(|at| took(trace, takings[*at])).collect();
        takes.map(|takes| Crossing { takes })
    };
    let lines = |crossing: &Crossing| {
        let mut lines: Vec<_> = crossing.takes.iter().map(|took| (took.place.file.clone(), took.place.line)).collect();
        lines.sort_unstable();
        lines
    };
    let cycles = cycles(&takings, |one, other| apart(trace, one, other));
    cycles.into_iter().filter_map(crossing).filter(|crossing| seen.insert(lines(crossing))).take(MOST).collect()
}

/// Whether the program takes the lock, itself or by a method that stands for it: who calls other functions of the library does not
/// choose in which order they take what they need.
fn is_programs(locks: &Locks, taking: &Taking) -> bool {
    let Some(spot) = taking.spot.filter(|spot| spot.own != 0 && spot.line > 0) else { return false };
    let called = (spot.called != 0).then(|| locks.function(taking.pid, spot.called));
    called.is_none_or(|called| called.is_some_and(Function::takes_lock))
}

fn took(trace: &Trace, taking: &Taking) -> Option<Took> {
    let Taking { pid, tid, .. } = *taking;
    let name = lane(trace, taking).map(|lane| lane.name.clone()).unwrap_or_default();
    Some(Took { pid, tid, name, place: place_of(&trace.locks, pid, taking.spot?)? })
}

/// The thread that took the lock.
fn lane<'t>(trace: &'t Trace, taking: &Taking) -> Option<&'t Lane> {
    let same = |lane: &&Lane| lane.pid == taking.pid && lane.tid == taking.tid;
    let alive = trace.lanes.iter().rfind(|lane| same(lane) && lane.start <= taking.at);
    alive.or_else(|| trace.lanes.iter().find(same))
}

/// Whether one of them was over before the other could come.
fn apart(trace: &Trace, one: &Taking, other: &Taking) -> bool {
    before(trace, one, other) || before(trace, other, one)
}

fn before(trace: &Trace, first: &Taking, second: &Taking) -> bool {
    let (Some(earlier), Some(later)) = (lane(trace, first), lane(trace, second)) else { return true };
    // The main thread has started all others, itself or by others.
    let (pid, main) = (first.pid, first.pid);
    if first.tid == main && first.at <= later.start {
        return true;
    }
    let orders = &trace.locks.orders;
    earlier.end.is_some_and(|end| {
        let end = end.saturating_sub(SEEN_BEFORE);
        orders.joined(pid, second.tid, end, second.at) || orders.joined(pid, main, end, later.start)
    })
}

/// The shortest ways that come back: of takings by their places, each way beginning with the smallest.
fn cycles(takings: &[&Taking], apart: impl Fn(&Taking, &Taking) -> bool) -> Vec<Vec<usize>> {
    let mut holding: HashMap<(Pid, u64), Vec<usize>> = HashMap::new();
    for (at, taking) in takings.iter().enumerate() {
        for held in &taking.held {
            holding.entry((taking.pid, *held)).or_default().push(at);
        }
    }
    let mut walk = Walk { takings, holding, apart, steps: 0, found: Vec::new() };
    for length in 2..=LONGEST {
        for start in 0..takings.len() {
            walk.go_on(&mut vec![start], length);
        }
        if !walk.found.is_empty() || walk.steps > STEPS {
            break;
        }
    }
    walk.found
}

struct Walk<'t, F> {
    takings: &'t [&'t Taking],
    /// Which of them held a lock.
    holding: HashMap<(Pid, u64), Vec<usize>>,
    apart: F,
    steps: usize,
    found: Vec<Vec<usize>>,
}

impl<F: Fn(&Taking, &Taking) -> bool> Walk<'_, F> {
    fn go_on(&mut self, way: &mut Vec<usize>, length: usize) {
        let (first, last) = (self.takings[way[0]], self.takings[way[way.len() - 1]]);
        if way.len() == length {
            if first.held.contains(&last.lock) {
                self.found.push(way.clone());
            }
            return;
        }
        let start = way[0];
        let next = self.holding.get(&(last.pid, last.lock)).cloned().unwrap_or_default();
        for at in next.into_iter().filter(|at| *at > start) {
            self.steps += 1;
            if self.steps > STEPS {
                return;
            }
            if way.iter().all(|on| self.may_meet(self.takings[*on], self.takings[at])) {
                way.push(at);
                self.go_on(way, length);
                way.pop();
            }
        }
    }

    /// Whether two threads may have come so far at the same time.
    fn may_meet(&self, one: &Taking, other: &Taking) -> bool {
        one.tid != other.tid && one.held.iter().all(|lock| !other.held.contains(lock)) && !(self.apart)(one, other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::Tid;
    use proptest::prelude::*;

    fn taking(tid: Tid, held: &[u64], lock: u64) -> Taking {
        Taking { pid: 1, tid, at: 5, lock, spot: None, held: held.to_vec() }
    }

    fn found(takings: &[Taking]) -> Vec<Vec<usize>> {
        cycles(&takings.iter().collect::<Vec<_>>(), |_, _| false)
    }

    #[test]
    fn orders_that_cross_are_found() {
        assert_eq!(found(&[taking(11, &[1], 2), taking(12, &[2], 1)]), [[0, 1]]);
        assert_eq!(found(&[taking(11, &[1], 2), taking(11, &[2], 1)]), Vec::<Vec<usize>>::new(), "one thread");
        assert!(found(&[taking(11, &[1, 9], 2), taking(12, &[9, 2], 1)]).is_empty(), "a lock around both");
        assert!(found(&[taking(11, &[1], 2), taking(12, &[1], 2)]).is_empty(), "one order");
        assert!(found(&[taking(11, &[1], 2), taking(12, &[3], 1)]).is_empty(), "a line");
        let apart = [taking(11, &[1], 2), taking(12, &[2], 1)];
        assert!(
            cycles(&apart.iter().collect::<Vec<_>>(), |_, _| true).is_empty(),
            "one was over before the other began"
        );
        let elsewhere = Taking { pid: 2, ..taking(12, &[2], 1) };
        assert!(found(&[taking(11, &[1], 2), elsewhere]).is_empty(), "another process's locks");
    }

    #[test]
    fn philosophers_that_sit_around_a_table_cross() {
        let seats = |count: u64, last_is_polite: bool| -> Vec<Taking> {
            (0..count)
                .map(|n| {
                    let (left, right) = (n, (n + 1) % count);
                    let (first, second) = if last_is_polite && right < left { (right, left) } else { (left, right) };
                    taking(100 + u32::try_from(n).unwrap(), &[first + 1], second + 1)
                })
                .collect()
        };
        for count in 3..=LONGEST as u64 {
            assert_eq!(found(&seats(count, false)), [(0..usize::try_from(count).unwrap()).collect::<Vec<_>>()]);
            assert!(found(&seats(count, true)).is_empty());
        }
    }

    proptest! {
        /// Whoever takes locks in the order of their numbers never crosses another.
        #[test]
        fn one_order_never_crosses(taken in prop::collection::vec((10u32..20, prop::collection::btree_set(1u64..9, 2..5)), 0..60)) {
            let takings: Vec<Taking> = taken.iter().map(|(tid, locks)| {
                let mut held: Vec<u64> = locks.iter().copied().collect();
                let last = held.pop().unwrap();
                taking(*tid, &held, last)
            }).collect();
            prop_assert!(found(&takings).is_empty());
        }

        /// What is found is crossed indeed: each holds what the one before it took, and two have nothing in common.
        #[test]
        fn what_is_found_crosses(taken in prop::collection::vec((10u32..14, prop::collection::btree_set(1u64..6, 1..3), 1u64..6), 0..25)) {
            let takings: Vec<Taking> = taken.iter().map(|(tid, held, lock)| {
                taking(*tid, &held.iter().copied().filter(|held| held != lock).collect::<Vec<_>>(), *lock)
            }).collect();
            for cycle in found(&takings) {
                for (place, at) in cycle.iter().enumerate() {
                    let before = cycle[(place + cycle.len() - 1) % cycle.len()];
                    prop_assert!(takings[*at].held.contains(&takings[before].lock));
                    for other in cycle.iter().filter(|other| *other != at) {
                        prop_assert!(takings[*at].tid != takings[*other].tid);
                        prop_assert!(takings[*at].held.iter().all(|lock| !takings[*other].held.contains(lock)));
                    }
                }
            }
        }
    }
}
