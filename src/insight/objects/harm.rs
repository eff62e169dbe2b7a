//! Which objects did harm: threads waited for them while cores had nothing to do.
//!
//! A core counts as left alone as in the ledger: nobody ran on it, wanted it, or waited for the GIL. As many of those as threads
//! waited for the object are told for it; where threads waited for several objects at once, each of them could have given the core
//! something to do, and is told so. So what one is told is no more than the ledger tells for locks, and the sum may be.

use super::{Object, Waited};
use crate::clock::Nanos;
use crate::insight::ledger::left_alone;
use crate::trace::Trace;
use std::cmp::Reverse;

/// So many objects are weighed, those that were waited for longest: harm is no more than that.
const MOST: usize = 64;

/// Weighs the objects, and orders them: locks before others, then by harm, then by how long they were waited for.
pub(super) fn weigh(trace: &Trace, cores: u64, all: &mut [Object]) {
    all.sort_by_cached_key(|object| Reverse(object.waited));
    if cores > 0 {
        let left = left_alone(trace, cores);
        for object in all.iter_mut().take(MOST) {
            object.harm = Some(harm(trace, &object.waits, &left));
        }
    }
    all.sort_by_cached_key(|object| {
        (object.kind != super::Kind::Lock, Reverse(object.harm), Reverse(object.waited), object.number, object.which)
    });
}

/// Whether the ledger takes such a wait for a reason.
fn counts(trace: &Trace, wait: &Waited) -> bool {
    let lane = &trace.lanes[wait.lane];
    lane.is_counted() && lane.spans.at(wait.from).is_some_and(|span| !span.for_workers())
}

fn harm(trace: &Trace, waits: &[Waited], left: &[(Nanos, Nanos, u64)]) -> Nanos {
    let mut edges: Vec<(Nanos, i64)> = waits
        .iter()
        .filter(|wait| wait.from < wait.to && counts(trace, wait))
        .flat_map(|wait| [(wait.from, 1), (wait.to, -1)])
        .collect();
    edges.sort_unstable();
    let (mut waiting, mut since, mut next, mut sum) = (0_i64, 0, 0, 0);
    for (at, by) in edges {
        if let Some(waiting) = u64::try_from(waiting).ok().filter(|count| *count > 0) {
            while left.get(next).is_some_and(|(_, to, _)| *to <= since) {
                next += 1;
            }
            for (from, to, cores) in left[next..].iter().take_while(|(from, ..)| *from < at) {
                sum += (*to).min(at).saturating_sub((*from).max(since)) * waiting.min(*cores);
            }
        }
        waiting += by;
        since = at;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::super::{Objects, Which};
    use super::*;
    use crate::insight::{Ledger, Part};
    use crate::trace::{Builder, Call, Record, Span, State, Wait, WaitKind, WaitObject, What};
    use proptest::prelude::*;

    fn wait(lock: u64) -> What {
        let object = WaitObject::Lock(lock);
        What::WaitBegin(Wait { kind: WaitKind::Lock, call: Call::LockAcquire, object })
    }

    proptest! {
        /// A lock did no more harm than the ledger tells for all, nor more than it was waited for; and of two that are waited for
        /// alike each did as much as the other.
        #[test]
        fn harm_is_no_more_than_the_ledger_tells(
            steps in prop::collection::vec((0u64..9, 10u32..15, 0u8..7, 1u64..4), 0..80), cores in 1u64..6,
        ) {
            let (mut builder, mut at) = (Builder::new(10, 5), 5);
            builder.facts().sources.waits = crate::trace::WaitSource::Preload;
            for (gap, tid, what, lock) in steps {
                at += gap;
                let what = match what {
                    0 => What::Start { parent: 10 },
                    1 => What::On { core: 0 },
                    2 => What::Off { preempted: false },
                    3 => What::Off { preempted: true },
                    4 => wait(lock),
                    5 => What::WaitEnd,
                    _ => What::End,
                };
                builder.feed([Record { at, pid: 10, tid, what }], at);
            }
            let trace = builder.finish(at + 3);
            let objects = Objects::of(&trace, cores, None);
            let told = Ledger::of(&trace, cores).get(Part::LockWait);
            for object in &objects.all {
                let harm = object.harm.unwrap_or(Nanos::MAX);
                prop_assert!(harm <= told && harm <= object.waited, "{} of {told}", harm);
            }
            let sum: Nanos = objects.all.iter().filter_map(|object| object.harm).sum();
            prop_assert!(sum >= told, "what the ledger tells is somebody's: {sum} of {told}");
            let waited: Nanos = objects.all.iter().map(|object| object.waited).sum();
            let spans = trace.lanes.iter().flat_map(|lane| lane.spans.as_slice());
            let all: Nanos = spans.filter(|span| span.state == State::LockWait).map(Span::duration).sum();
            prop_assert_eq!(waited, all);
            prop_assert!(objects.all.iter().all(|object| matches!(object.which, Which::Address(..)) == object.number.is_some()));
        }
    }

    #[test]
    fn only_cores_that_have_nothing_else_to_do_count() {
        let mut builder = Builder::new(10, 0);
        builder.facts().sources.waits = crate::trace::WaitSource::Preload;
        let record = |at, tid, what| Record { at, pid: 10, tid, what };
        builder.feed(
            [
                record(0, 10, What::On { core: 0 }),
                record(0, 11, What::Start { parent: 10 }),
                record(0, 11, What::On { core: 1 }),
                record(0, 11, wait(7)),
                record(0, 11, What::Off { preempted: false }),
                record(0, 12, What::Start { parent: 10 }),
                record(0, 12, What::On { core: 1 }),
                record(0, 12, wait(7)),
                record(0, 12, What::Off { preempted: false }),
                // Both wait while one of two cores works; then one waits while none does.
                record(100, 10, What::Off { preempted: false }),
                record(100, 12, What::WaitEnd),
                record(150, 11, What::WaitEnd),
            ],
            200,
        );
        let objects = Objects::of(&builder.finish(200), 2, None);
        let lock = &objects.all[0];
        assert_eq!((objects.all.len(), lock.waited, lock.harm), (1, 100 + 150, Some(100 + 50)));
        assert_eq!((lock.number, lock.lanes.clone(), lock.title()), (Some(1), vec![1, 2], "lock #1".to_owned()));
    }
}
