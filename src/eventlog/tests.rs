//! What is written is read: in order, lane by lane, whole or counted as lost.

use super::layout::{CAPACITY, SHORTEST_WAIT, THREAD_LANES, Word, tag, wait_object};
use super::log::Log;
use super::writer::{Lane, Writer};
use crate::clock::{self, Nanos};
use crate::trace::{Call, Record, Wait, WaitKind, WaitObject, What};
use proptest::prelude::*;

const LOCK: Wait = Wait { kind: WaitKind::Lock, call: Call::LockAcquire, object: WaitObject::Lock(7) };

fn log_and_lane() -> (Log, Lane) {
    let log = Log::create().expect("a memory file");
    let lane = Writer::open(log.path().as_os_str()).expect("the log that was just made").lane();
    (log, lane)
}

fn drain(log: &mut Log) -> Vec<Record> {
    let mut out = Vec::new();
    log.drain(clock::now(), &mut out);
    out
}

fn whats(log: &mut Log) -> Vec<What> {
    drain(log).into_iter().map(|record| record.what).collect()
}

/// Lets time pass without giving the core away.
fn spin(nanos: Nanos) {
    let end = clock::now() + nanos;
    while clock::now() < end {
        std::hint::spin_loop();
    }
}

#[derive(Debug, Clone)]
enum Step {
    Marks(u64),
    Name(String),
    Drain,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        3 => (0..CAPACITY / 2).prop_map(Step::Marks),
        2 => ".{0,80}".prop_map(Step::Name),
        2 => Just(Step::Drain),
    ];
    proptest::collection::vec(step, 0..40)
}

/// Every wait that a program can say: each kind with what it can be for.
fn waits() -> impl Strategy<Value = Wait> {
    let what = prop_oneof![
        any::<u64>().prop_map(|gil| (WaitKind::Gil, WaitObject::Gil(gil))),
        (1..=u64::MAX).prop_map(|lock| (WaitKind::Lock, WaitObject::Lock(lock))),
        (-2..3).prop_map(|fd| (WaitKind::Io, WaitObject::Descriptor(fd))),
        any::<i32>().prop_map(|fd| (WaitKind::Io, WaitObject::Descriptor(fd))),
        proptest::sample::select(vec![WaitKind::Lock, WaitKind::Io, WaitKind::Sleep])
            .prop_map(|kind| (kind, WaitObject::Nothing)),
    ];
    (what, any::<u8>()).prop_map(|((kind, object), call)| Wait { kind, call: Call::from_number(call), object })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_wait_is_read_as_it_was_written(wait in waits()) {
        let (mut log, lane) = log_and_lane();
        lane.wait_begin(wait);
        spin(2 * SHORTEST_WAIT);
        lane.wait_end();
        prop_assert_eq!(whats(&mut log), [What::WaitBegin(wait), What::WaitEnd]);
    }

    #[test]
    fn a_wait_that_makes_no_sense_is_for_nothing(object in (1u64 << 32) + 1..) {
        prop_assert_eq!(wait_object::descriptor(object), None);
    }

    #[test]
    fn what_fits_is_read_in_order_and_the_rest_is_counted(steps in steps()) {
        let (mut log, lane) = log_and_lane();
        let (mut used, mut dropped, mut number) = (0, 0, 0);
        let (mut expected, mut got) = (Vec::new(), Vec::new());
        for step in steps {
            match step {
                Step::Marks(count) => for _ in 0..count {
                    number += 1;
                    lane.mark(Word::of(tag::GIL_TAKEN), number);
                    if used < CAPACITY { used += 1; expected.push(What::GilTaken { gil: number }) } else { dropped += 1 }
                },
                Step::Name(name) => {
                    lane.text(tag::THREAD_NAME, &name);
                    let bytes = &name.as_bytes()[..name.len().min(255)];
                    let parts = bytes.len().div_ceil(16).max(1) as u64;
                    if used + parts <= CAPACITY {
                        used += parts;
                        expected.push(What::ThreadName(String::from_utf8_lossy(bytes).into_owned()));
                    } else { dropped += parts }
                }
                Step::Drain => { got.extend(whats(&mut log)); used = 0 }
            }
        }
        got.extend(whats(&mut log));
        prop_assert_eq!(got, expected);
        prop_assert_eq!(log.lost(), dropped);
    }

    #[test]
    fn scribbling_never_panics(words in proptest::collection::vec(any::<[u64; 4]>(), 0..50), head in any::<u64>()) {
        let (mut log, lane) = log_and_lane();
        for [at, word, first, second] in words {
            lane.raw(if at % 3 == 0 { at } else { clock::now() }, word, first, second);
        }
        drain(&mut log);
        lane.scribble_head(head);
        drain(&mut log);
        lane.mark(Word::of(tag::GIL_TAKEN), 1);
        log.drain(Nanos::MAX, &mut Vec::new());
    }
}

#[test]
fn a_wait_is_told_while_it_lasts_and_ended_once() {
    let (mut log, lane) = log_and_lane();
    lane.wait_begin(LOCK);
    spin(10 * SHORTEST_WAIT);
    assert_eq!(whats(&mut log), [What::WaitBegin(LOCK)]);
    assert_eq!(whats(&mut log), [], "told once");
    lane.wait_end();
    assert_eq!(whats(&mut log), [What::WaitEnd]);
    lane.wait_begin(LOCK);
    spin(2 * SHORTEST_WAIT);
    lane.wait_end();
    assert_eq!(whats(&mut log), [What::WaitBegin(LOCK), What::WaitEnd]);
    assert_eq!(log.lost(), 0);
}

#[test]
fn a_wait_that_left_no_record_still_ends() {
    let (mut log, lane) = log_and_lane();
    lane.wait_begin(LOCK);
    spin(2 * SHORTEST_WAIT);
    assert_eq!(whats(&mut log), [What::WaitBegin(LOCK)]);
    drop(lane); // the thread ended inside it
    assert_eq!(whats(&mut log), [What::WaitEnd]);
}

#[test]
fn nothing_later_than_asked_for_is_told() {
    let (mut log, lane) = log_and_lane();
    lane.mark(Word::of(tag::GIL_TAKEN), 1);
    spin(1_000);
    let between = clock::now();
    lane.mark(Word::of(tag::GIL_DROPPED), 1);
    let mut out = Vec::new();
    log.drain(between, &mut out);
    assert_eq!(out.len(), 1);
    assert_eq!(whats(&mut log), [What::GilDropped { gil: 1 }]);
}

#[test]
fn lanes_are_used_again_and_every_thread_is_told_as_itself() {
    let mut log = Log::create().expect("a memory file");
    let writer = Writer::open(log.path().as_os_str()).expect("the log that was just made");
    let mut told = 0;
    for _ in 0..THREAD_LANES + 100 {
        let lane = writer.lane();
        lane.mark(Word::of(tag::GIL_TAKEN), 1);
        drop(lane);
        told += drain(&mut log).len() as u64;
    }
    assert_eq!((told, log.lost()), (THREAD_LANES + 100, 0));
    let tids: Vec<_> = (0..4)
        .map(|_| {
            std::thread::scope(|scope| {
                scope.spawn(|| writer.lane().mark(Word::of(tag::GIL_TAKEN), 1)).join().expect("the thread");
            });
            drain(&mut log)[0].tid
        })
        .collect();
    assert!(tids.iter().all(|tid| *tid != std::process::id()), "{tids:?}");
}

#[test]
fn many_threads_lose_nothing_to_each_other() {
    let mut log = Log::create().expect("a memory file");
    let writer = Writer::open(log.path().as_os_str()).expect("the log that was just made");
    let mut out = Vec::new();
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|_| {
                scope.spawn(|| {
                    let lane = writer.lane();
                    for n in 0..CAPACITY / 2 {
                        lane.mark(Word::of(tag::GIL_TAKEN), n);
                    }
                })
            })
            .collect();
        while threads.iter().any(|t| !t.is_finished()) {
            log.drain(clock::now(), &mut out);
            std::thread::yield_now();
        }
    });
    log.drain(clock::now(), &mut out);
    assert_eq!((out.len() as u64, log.lost()), (8 * (CAPACITY / 2), 0));
    let mut next = std::collections::HashMap::new();
    for record in out {
        let expected = next.entry(record.tid).or_insert(0);
        assert_eq!(record.what, What::GilTaken { gil: *expected });
        *expected += 1;
    }
}

#[test]
fn without_a_lane_marks_are_counted_as_lost() {
    let log = Log::create().expect("a memory file");
    let writer = Writer::open(log.path().as_os_str()).expect("the log that was just made");
    let lanes: Vec<Lane> = (0..=THREAD_LANES).map(|_| writer.lane()).collect();
    for lane in &lanes {
        lane.mark(Word::of(tag::GIL_TAKEN), 1);
    }
    assert_eq!(log.lost(), 1);
}

#[test]
fn a_path_that_is_no_log_is_refused() {
    let file = tempfile::NamedTempFile::new().expect("a temporary file");
    file.as_file().set_len(super::layout::FILE_BYTES).expect("a sparse file");
    assert!(Writer::open(file.path().as_os_str()).is_none());
    assert!(Writer::open("/nonexistent".as_ref()).is_none());
}
