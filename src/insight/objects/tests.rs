//! Objects of runs that are told of by hand.

use super::*;
use crate::trace::locks::LockMark;
use crate::trace::{Builder, Record, WaitKind, What};

const MS: Nanos = 1_000_000;
/// The text of that program.
pub(crate) const TEXT: Text<'static> =
    Text { program: "work.py", text: "import threading\nlock = threading.Lock()\nwith lock:\n    pass\n" };

/// What happens to a thread.
fn record(at: Nanos, tid: Tid, what: What) -> Record {
    Record { at: at * MS, pid: 10, tid, what }
}

/// A thread tells that it waits from here on, and leaves its core.
fn waits(at: Nanos, tid: Tid, call: Call, (lock, serial): (u64, u64), holder: HeldBy, spot: Spot) -> [Record; 3] {
    let wait = Wait { kind: WaitKind::Lock, call, object: WaitObject::Lock(lock) };
    let told = LockMark::Waits { lock, serial, holder, spot: Some(spot) };
    [
        record(at, tid, What::Lock(told)),
        record(at, tid, What::WaitBegin(wait)),
        record(at, tid, What::Off { preempted: false }),
    ]
}

/// The wait is over, and the thread runs on.
fn goes_on(at: Nanos, tid: Tid) -> [Record; 2] {
    [record(at, tid, What::On { core: 0 }), record(at, tid, What::WaitEnd)]
}

fn line(line: u32) -> Spot {
    Spot { own: 1, called: 0, line }
}

/// A run of a main thread and three others, of which this is told.
fn run(records: impl IntoIterator<Item = Record>) -> Trace {
    let mut builder = Builder::new(10, 0);
    builder.facts().sources.waits = WaitSource::Preload;
    let function = |number, name: &str, file: &str| LockMark::Function { number, name: name.into(), file: file.into() };
    builder.feed(
        [
            record(0, 10, What::Lock(function(1, "work", "/home/me/work.py"))),
            record(0, 10, What::Lock(function(2, "get", "/usr/lib/python3.11/queue.py"))),
            record(0, 10, What::On { core: 0 }),
        ],
        0,
    );
    let others =
        [11, 12, 13].map(|tid| [record(0, tid, What::Start { parent: 10 }), record(0, tid, What::On { core: 1 })]);
    builder.feed(others.into_iter().flatten().chain(records), 100 * MS);
    builder.finish(100 * MS)
}

/// A run in which two workers wait for a lock that the main thread holds, while a consumer waits for a queue.
pub(crate) fn at_a_lock() -> Trace {
    let get = Spot { own: 1, called: 2, line: 9 };
    let name = |tid, name: &str| record(1, tid, What::ThreadName(name.into()));
    run([
        &[name(10, "MainThread"), name(11, "worker-1"), name(12, "worker-2"), name(13, "consumer")][..],
        &waits(5, 13, Call::PyQueueGet, (0x70, 9), HeldBy::Thread(13), get),
        &waits(10, 11, Call::PyLock, (0x50, 1), HeldBy::Thread(10), line(3)),
        &waits(20, 12, Call::PyLock, (0x50, 1), HeldBy::Thread(10), line(3)),
        &goes_on(50, 11),
        &waits(60, 11, Call::PyLock, (0x60, 2), HeldBy::Nobody, line(7)),
        &goes_on(62, 11),
        &goes_on(70, 12),
        &goes_on(90, 13),
    ]
    .concat())
}

#[test]
fn a_lock_has_its_waiters_in_order_and_who_held_it() {
    let trace = run([
        &waits(10, 11, Call::PyLock, (0x50, 1), HeldBy::Thread(10), line(3))[..],
        &waits(20, 12, Call::PyLock, (0x50, 1), HeldBy::Thread(10), line(3)),
        &goes_on(30, 11),
        &waits(40, 13, Call::PyLock, (0x50, 1), HeldBy::Thread(11), line(3)),
    ]
    .concat());
    let objects = Objects::of(&trace, 2, Some(TEXT));
    let lock = &objects.all[0];
    assert_eq!((objects.all.len(), lock.title(), lock.is_one()), (1, "lock #1 `lock`".to_owned(), true));
    assert_eq!((lock.lanes.clone(), lock.holders.clone()), (vec![1, 2, 3], vec![(10, 2), (11, 1)]));
    let at = |ms: Nanos| {
        let moments = objects.at(&trace, ms * MS);
        moments.first().map(|moment| (moment.waiting.iter().map(|wait| wait.lane).collect::<Vec<_>>(), moment.owner))
    };
    let held = |lane, before: Nanos| Owner::Thread { lane, before: before * MS, stands: Stand::Somewhere };
    assert_eq!(at(5), None);
    assert_eq!(at(12), Some((vec![1], held(0, 2))), "it may have given it back since");
    assert_eq!(at(25), Some((vec![1, 2], held(0, 5))));
    assert_eq!(at(45), Some((vec![2, 3], held(1, 5))), "the last that came knows best");
}

#[test]
fn who_has_not_run_since_it_was_seen_to_hold_a_lock_holds_it() {
    let trace = run([
        &waits(10, 10, Call::PyLock, (0x60, 2), HeldBy::Nobody, line(7))[..],
        &waits(20, 11, Call::PyLock, (0x50, 1), HeldBy::Thread(10), line(3)),
        &goes_on(60, 10),
    ]
    .concat());
    let objects = Objects::of(&trace, 2, None);
    let owner = |ms: Nanos, lock: u64| {
        let place = objects.all.iter().position(|object| matches!(object.which, Which::Address(at, _) if at == lock));
        let moments = objects.at(&trace, ms * MS);
        moments.into_iter().find(|moment| Some(moment.object) == place).map(|moment| moment.owner)
    };
    assert_eq!(owner(40, 0x50), Some(Owner::Thread { lane: 0, before: 0, stands: Stand::Line(7) }));
    let ran = Some(Owner::Thread { lane: 0, before: 50 * MS, stands: Stand::Somewhere });
    assert_eq!(owner(70, 0x50), ran, "it has run since");
    assert_eq!(owner(40, 0x60), Some(Owner::Nobody(30 * MS)));
}

#[test]
fn locks_at_one_address_are_two_and_what_cannot_be_told_apart_is_said_so() {
    let get = Spot { own: 1, called: 2, line: 9 };
    let trace = run([
        &waits(10, 11, Call::PyLock, (0x50, 1), HeldBy::Nobody, line(3))[..],
        &goes_on(20, 11),
        &waits(30, 11, Call::PyLock, (0x50, 2), HeldBy::Nobody, line(4)),
        &waits(10, 12, Call::PyQueueGet, (0x70, 3), HeldBy::Thread(12), get),
        &goes_on(20, 12),
        &waits(30, 12, Call::PyQueueGet, (0x80, 4), HeldBy::Thread(12), get),
        // As from 3.14 on: nobody notes who holds it.
        &waits(10, 13, Call::PyLock, (0x90, 0), HeldBy::Unknown, line(3)),
    ]
    .concat());
    let objects = Objects::of(&trace, 2, Some(TEXT));
    let titles: Vec<(String, usize)> = objects.all.iter().map(|object| (object.title(), object.waits.len())).collect();
    let mut sorted = titles.clone();
    sorted.sort();
    let expected = [("lock #1 `lock`", 1), ("lock #2", 1), ("lock `lock`, line 3", 1), ("queue get, line 9", 2)];
    assert_eq!(sorted, expected.map(|(title, waits)| (title.to_owned(), waits)));
    assert_eq!(titles.last().map(|(title, _)| title.as_str()), Some("queue get, line 9"), "locks come first");
    let owners: Vec<Owner> = objects.at(&trace, 40 * MS).iter().map(|moment| moment.owner).collect();
    assert!(owners.iter().all(|owner| matches!(owner, Owner::NotKnown | Owner::Nobody(_))), "{owners:?}");
}

#[test]
fn what_is_sampled_is_one_kind_and_no_lock_of_its_own() {
    let wait = |lock| Wait { kind: WaitKind::Lock, call: Call::Futex, object: WaitObject::Lock(lock) };
    let mut builder = Builder::new(10, 0);
    builder.facts().sources.waits = WaitSource::Procfs;
    builder.feed(
        [
            record(0, 10, What::Start { parent: 1 }),
            record(1, 10, What::On { core: 0 }),
            record(2, 10, What::Off { preempted: false }),
            record(20, 10, What::SeenWaiting { since: 10 * MS, wait: wait(0x50) }),
            record(40, 10, What::SeenWaiting { since: 30 * MS, wait: wait(0x60) }),
        ],
        50 * MS,
    );
    let objects = Objects::of(&builder.finish(50 * MS), 2, Some(TEXT));
    assert_eq!(
        objects.all.iter().map(|object| (object.title(), object.waits.len())).collect::<Vec<_>>(),
        [("a lock or its kin".to_owned(), 2)]
    );
    assert_eq!(objects.source, WaitSource::Procfs);
}

#[test]
fn what_was_folded_together_is_not_told_apart() {
    let trace = at_a_lock();
    let thin = Objects::of(&Trace { grain: 5, ..trace.clone() }, 2, Some(TEXT));
    assert_eq!((thin.all.len(), thin.since), (0, Since::Never));
    let late = Objects::of(&Trace { detail: crate::trace::Detail::kept(15 * MS, 5), ..trace }, 2, Some(TEXT));
    let waits: usize = late.all.iter().map(|object| object.waits.len()).sum();
    assert_eq!((waits, late.since), (2, Since::At(15 * MS)), "of four, two began before");
}
