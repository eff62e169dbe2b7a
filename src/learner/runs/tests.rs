//! What is kept comes back as it was, and what cannot be read is told.

use super::packed::{Extent, pack, pack_lanes};
use super::shelf::Shelf;
use super::stored::{self, ON_SHELF, StoredRun, Unread};
use super::thin::thinned;
use super::*;
use crate::clock::Nanos;
use crate::lesson::KnobValue;
use crate::runner::EndedBy;
use crate::runner::Status;
use crate::runtime::{Python, Runtime};
use crate::trace::crossing::Took;
use crate::trace::locks::kept::Kept;
use crate::trace::locks::lock_order::{self, Taking};
use crate::trace::locks::{self, HeldBy, LockWait, Spot};
use crate::trace::standstill::{HeldUp, Holder, Kind, Place};
use crate::trace::stop::{AtStop, Seen};
use crate::trace::tasks::{Await, Awaited, Function, KeptStep, TaskTrack};
use crate::trace::{
    Call, CoreSample, CoreTrack, Crossing, Detail, GilTrack, Lane, LaneKind, Locks, Span, Spans, Standstill, State,
    Tasks, Told, Trace, Wait, WaitKind, WaitObject,
};
use proptest::prelude::*;
use std::time::Duration;

const LAUNCH: Nanos = 7_000_000;

fn unpack(bytes: &[u8]) -> Result<Trace, bytes::Garbled> {
    packed::unpack(bytes, Extent::Whole)
}

/// Two threads and a GIL: each step is a state, a core and a length.
fn trace(steps: &[[(u8, u16, u64); 2]]) -> Trace {
    let lane = |n: usize| {
        let mut spans = Spans::default();
        let mut at = LAUNCH + 100;
        for (state, core, length) in steps.iter().map(|both| both[n]) {
            let state = State::ALL[usize::from(state) % State::COUNT];
            let wait =
                Wait { kind: WaitKind::Lock, call: Call::SemWait, object: WaitObject::Lock(u64::from(core) + 1) };
            let (core, wait) = if state.on_cpu() { (Some(core % 4), None) } else { (None, Some(wait)) };
            spans.push(Span { start: at, end: at + length, state, core, wait });
            at += length;
        }
        Lane {
            pid: 10,
            tid: 10 + u32::try_from(n).unwrap(),
            parent: 1,
            name: format!("wörker-{n}"),
            kind: if n == 0 { LaneKind::Main } else { LaneKind::Thread },
            start: LAUNCH + 100,
            end: Some(at),
            spans,
            by_core: vec![3, 4],
            gil_holds: 5,
            switches: 6,
            told: Told { pieces: 2, pickled: 30, moved: 40, began: Some(LAUNCH + 60), killed: Some(9) },
        }
    };
    let lanes: Vec<Lane> = (0..2).map(lane).collect();
    let mut gil = GilTrack::new(10, 0x55d0);
    for (at, both) in (LAUNCH + 200..).step_by(40).zip(steps) {
        gil.push(usize::from(both[0].0 % 2), at, at + 1 + both[0].2 % 39);
    }
    let end = lanes.iter().filter_map(|lane| lane.end).max();
    let samples = steps.iter().enumerate().map(|(n, both)| {
        let since = LAUNCH + n as u64 * 10;
        CoreSample { since, at: since + 10, busy: both[0].2 % 10, tutor: both[1].2 % 3 }
    });
    Trace {
        lanes,
        gils: vec![gil],
        tasks: tasks(steps),
        cores: vec![CoreTrack { id: 1, samples: samples.collect() }],
        launched_at: LAUNCH,
        program_at: Some(LAUNCH + 50),
        ended_at: end,
        known_until: end.unwrap_or(LAUNCH),
        observer_cpu: 9,
        locks: locks(steps),
        standstill: Some(standstill()),
        crossings: vec![Crossing { takes: vec![took(10, 7), took(11, 9)] }],
        at_stop: Some(AtStop {
            at: LAUNCH + 70,
            seen: vec![Seen { pid: 10, tid: 11, since: LAUNCH + 5, forever: true, within: false }],
        }),
        ..Trace::default()
    }
}

fn place(line: u32) -> Place {
    Place { file: "a.py".into(), line, code: "with größe:".into(), function: "work".into() }
}

fn took(tid: u32, line: u32) -> Took {
    Took { pid: 10, tid, name: format!("wörker-{tid}"), place: place(line) }
}

fn standstill() -> Standstill {
    let thread = |tid: u32, holder| HeldUp { pid: 10, tid, lock: Some(1), holder, ..HeldUp::default() };
    let named = HeldUp {
        name: "one".into(),
        place: Some(place(7)),
        called: Some("Queue.get".into()),
        ..thread(12, Holder::Unknown)
    };
    let threads = vec![thread(10, Holder::Thread(11)), thread(11, Holder::Ended(9)), named];
    Standstill { since: LAUNCH + 80, kind: Kind::HolderEnded, open: true, threads }
}

/// Two threads that wait for locks now and then, each of a few places.
fn locks(steps: &[[(u8, u16, u64); 2]]) -> Locks {
    let wait = |n: usize, (holder, place, _): (u8, u16, u64)| LockWait {
        at: LAUNCH + 9 * n as u64,
        lock: 0x7f00_0000_1000 + u64::from(place % 3),
        serial: u64::from(place) / 2,
        holder: match holder % 3 {
            0 => HeldBy::Unknown,
            1 => HeldBy::Nobody,
            _ => HeldBy::Thread(11),
        },
        spot: (place > 1).then_some(Spot { own: place, called: 0, line: 7 }),
    };
    let of = |n: usize| steps.iter().enumerate().map(|(at, both)| wait(at, both[n])).collect::<Vec<_>>();
    let waits = if steps.is_empty() { Vec::new() } else { vec![((10, 10), of(0)), ((10, 11), of(1))] };
    let taking = |at: Nanos| Taking { pid: 10, tid: 11, at: LAUNCH + at, lock: 4, spot: None, held: vec![1, 2, 3] };
    Locks::of_kept(Kept {
        functions: vec![((10, 2), locks::Function { name: "wörk".into(), file: "a.py".into() })],
        waits,
        left: vec![((10, 0x7f00_0000_1000), 12)],
        numbered: vec![(10, 0x7f00_0000_1001, 1), (10, 0x7f00_0000_1000, 7)],
        told: Some(lock_order::Told::Some),
        takings: vec![taking(3), taking(1)],
        passed: vec![(10, 4)],
        joins: vec![((10, 10), vec![LAUNCH + 9, LAUNCH + 4])],
    })
}

/// Two tasks on a loop that take turns, one of which is awaited.
fn tasks(steps: &[[(u8, u16, u64); 2]]) -> Tasks {
    let functions = vec![Function { name: "work".into(), line: 3, file: "a.py".into() }];
    let mut tracks = Vec::new();
    let mut each: [Vec<KeptStep>; 2] = [Vec::new(), Vec::new()];
    let mut at = LAUNCH + 300;
    for (n, both) in steps.iter().enumerate() {
        let end = at + 1 + both[0].2 % 50;
        let last = each[n % 2].last().map_or(LAUNCH + 290, |last| last.2);
        each[n % 2].push(((n % 3 == 0).then_some(last.midpoint(at)), at, end));
        at = end + both[1].2 % 7;
    }
    for own in each {
        let awaited = |(_, _, end): &KeptStep| Await {
            at: *end,
            function: Some(0),
            line: 4,
            called: (*end % 2 == 0).then_some((0, 0)),
            on: if *end % 3 == 0 { Awaited::Task(Some(1)) } else { Awaited::Future },
        };
        let awaits = own.iter().map(awaited).collect();
        let mut track = TaskTrack::kept(((10, 10), LAUNCH + 290), &own, awaits);
        (track.name, track.function, track.turns) = ("Task-1".into(), Some(0), own.len());
        track.end = own.last().map(|last| last.2);
        tracks.push(track);
    }
    Tasks::kept((true, true), functions, tracks, at)
}

fn steps() -> impl Strategy<Value = Vec<[(u8, u16, u64); 2]>> {
    let one = || (0u8..8, 0u16..6, 0u64..200_000);
    prop::collection::vec((one(), one()).prop_map(|(a, b)| [a, b]), 0..300)
}

/// Everything of a trace, as text.
fn all(trace: &Trace) -> String {
    let spans: Vec<_> = trace.lanes.iter().map(|lane| (lane.spans.as_slice(), lane.spans.totals())).collect();
    let lanes: Vec<_> = trace.lanes.iter().map(|l| (l.pid, l.tid, l.parent, &l.name, l.kind, l.start, l.end)).collect();
    let counts: Vec<_> = trace.lanes.iter().map(|l| (&l.by_core, l.gil_holds, l.switches)).collect();
    let times =
        (trace.launched_at, trace.program_at, trace.ended_at, trace.known_until, trace.observer_cpu, trace.grain);
    let tasks = (trace.tasks.told, &trace.tasks.tracks, &trace.tasks.loops, &trace.tasks.functions);
    let told: Vec<_> = trace.lanes.iter().map(|lane| lane.told).collect();
    let found = (&trace.standstill, &trace.crossings, &trace.at_stop, trace.locks.to_kept(), trace.detail);
    format!(
        "{tasks:?} {spans:?} {lanes:?} {counts:?} {:?} {:?} {times:?} {:?} {:?} {told:?} {found:?}",
        trace.gils, trace.cores, trace.sources, trace.lost
    )
}

fn run(program: &str, knob: i64, trace: Trace) -> KeptRun {
    let python = Python {
        path: "/usr/bin/python3".into(),
        version: (3, 13, 0),
        version_text: "3.13.0".into(),
        gil: true,
        ..Python::default()
    };
    let knobs =
        Knobs::from([("WORKERS".to_owned(), KnobValue::Int(knob)), ("PAUSE".to_owned(), KnobValue::Float(0.1))]);
    let spec = RunSpec {
        lesson: Some("02-gil".into()),
        program: program.into(),
        runtime: Runtime::CPython(python),
        knobs: knobs.clone(),
        timeout: Some(Duration::from_mins(2)),
        ..RunSpec::default()
    };
    let end = End::Ended(EndedBy::Deadlock, Status::Signal(9));
    let outcome = Outcome {
        spec: spec.clone(),
        end,
        stdout: b"2\n".to_vec(),
        trace,
        notes: vec!["a note".into()],
        ..Outcome::default()
    };
    KeptRun {
        at: NaiveDateTime::default(),
        spec,
        used: knobs,
        source: fingerprint("x"),
        said: Some("twice".into()),
        end,
        conclusion: vec![1, 2, 3],
        outcome: Some(Arc::new(outcome)),
    }
}

proptest! {
    #[test]
    fn a_trace_comes_back_as_it_was(steps in steps(), grain in 1u64..99) {
        let trace = Trace { detail: Detail::kept(LAUNCH + 64, grain), ..trace(&steps) };
        prop_assert_eq!(all(&unpack(&pack(&trace)).unwrap()), all(&trace));
    }

    /// What is lost is when inside of a grain, and nothing else.
    #[test]
    fn a_thinned_trace_has_the_same_totals_in_every_window_of_whole_grains(
        steps in steps(), most in 100usize..400, from in 0u64..64, length in 1u64..64,
    ) {
        let trace = trace(&steps);
        let Some(thin) = thinned(&trace, most) else { return Ok(()) };
        prop_assert!(all(&unpack(&pack(&thin)).unwrap()) == all(&thin));
        let grain = thin.grain.max(1);
        let first = trace.launched_at / grain * grain;
        let part = (trace.until().saturating_sub(first) / grain / 64).max(1) * grain;
        let (from, to) = (first + from * part, first + (from + length) * part);
        for (thin, lane) in thin.lanes.iter().zip(&trace.lanes) {
            prop_assert_eq!(thin.spans.totals_in(from, to), lane.spans.totals_in(from, to));
            prop_assert_eq!(thin.spans.by_core_in(from, to), lane.spans.by_core_in(from, to));
            prop_assert!(thin.spans.as_slice().windows(2).all(|two| two[0].end == two[1].start));
        }
        for (thin, gil) in thin.gils.iter().zip(&trace.gils) {
            prop_assert_eq!(thin.turns(), gil.turns());
            prop_assert_eq!(thin.between(0, u64::MAX).total, gil.between(0, u64::MAX).total);
        }
        let busy = |trace: &Trace| trace.cores[0].samples.iter().map(|sample| sample.busy).sum::<u64>();
        prop_assert_eq!(busy(&thin), busy(&trace));
    }

    #[test]
    fn bytes_of_no_trace_are_refused(steps in steps(), at: prop::sample::Index, to: u8, cut: prop::sample::Index) {
        let mut bytes = pack(&trace(&steps));
        let (place, length) = (at.index(bytes.len()), cut.index(bytes.len()));
        bytes[place] = to;
        // Whatever it says then, it is a trace that views can draw, or none.
        if let Ok(trace) = unpack(&bytes) {
            let _ = (trace.zero(), trace.until(), trace.core_use(0, 0, u64::MAX));
            let _: u64 = trace.lanes.iter().map(|lane| lane.spans.totals_in(0, u64::MAX).sum()).fold(0, u64::wrapping_add);
        }
        prop_assert!(unpack(&bytes[..length.min(bytes.len() - 1)]).is_err());
    }

    #[test]
    fn a_file_that_is_not_whole_is_told(at: prop::sample::Index, to in 1u8.., cut: prop::sample::Index, noise: Vec<u8>) {
        let file = stored::write(&[StoredRun::of(&run("threads", 2, trace(&[[(0, 1, 50), (2, 0, 60)]])), &ON_SHELF)]).unwrap();
        prop_assert!(stored::read(&file[..cut.index(file.len())]).is_err());
        prop_assert!(stored::read(&noise).is_err());
        let mut other = file.clone();
        other[at.index(file.len())] ^= to;
        prop_assert!(stored::read(&other).is_err());
    }
}

#[test]
fn a_run_comes_back_as_it_was() {
    let dir = tempfile::tempdir().unwrap();
    let shelf = Shelf::in_dir(dir.path());
    assert!(shelf.read("02-gil").unwrap().is_empty());
    let kept = run("threads", 2, trace(&[[(0, 1, 50), (2, 0, 60)], [(2, 0, 40), (0, 1, 30)]]));
    shelf.keep("02-gil", &kept).unwrap();
    let back = shelf.read("02-gil").unwrap().remove(0);
    let (outcome, was) = (back.outcome.as_ref().unwrap(), kept.outcome.as_ref().unwrap());
    assert_eq!(all(&outcome.trace), all(&was.trace));
    assert_eq!((&outcome.stdout, &outcome.notes, outcome.end), (&was.stdout, &was.notes, was.end));
    assert_eq!(
        (&back.spec, &back.used, &back.said, &back.conclusion),
        (&kept.spec, &kept.used, &kept.said, &kept.conclusion)
    );
    assert_eq!((back.source, back.end, back.at), (kept.source, kept.end, kept.at));
    assert!(shelf.read("03-io").unwrap().is_empty(), "each lesson has its own");
}

#[test]
fn runs_of_an_older_layout_are_read_and_kept_on() {
    let dir = tempfile::tempdir().unwrap();
    let shelf = Shelf::in_dir(dir.path());
    let path = dir.path().join("runs/02-gil.runs");
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let old = run("threads", 2, trace(&[[(0, 1, 50), (2, 0, 60)], [(2, 0, 40), (0, 1, 30)]]));
    std::fs::write(&path, stored::write_as_before(std::slice::from_ref(&old))).unwrap();
    let lanes = |run: &KeptRun| pack_lanes(&run.outcome.as_ref().unwrap().trace);
    let known = |run: &KeptRun| run.outcome.as_ref().unwrap().trace.locks.to_kept().waits();
    shelf.keep("02-gil", &run("threads", 4, trace(&[[(0, 1, 50), (2, 0, 60)]]))).unwrap();
    let back = shelf.read("02-gil").unwrap();
    assert_eq!((back.len(), lanes(&back[0])), (2, lanes(&old)));
    assert_eq!((known(&back[0]), known(&back[1])), (0, 2), "of the older one nobody kept who waited for which lock");
}

#[test]
fn waits_for_locks_that_are_too_many_are_left_out_and_that_is_said() {
    let dir = tempfile::tempdir().unwrap();
    let shelf = Shelf::in_dir(dir.path());
    let steps = |count: u64| (0..count).map(|n| [(2, 2, n), (0, 3, n)]).collect::<Vec<_>>();
    let keep = |knob, count| {
        let many = Trace { locks: locks(&steps(count)), ..trace(&[]) };
        shelf.keep("09-locks", &run("many", knob, many)).unwrap();
        let last = shelf.read("09-locks").unwrap().pop().unwrap().outcome.unwrap();
        (last.trace.locks.to_kept(), last.notes[0].clone())
    };
    let (few, note) = keep(1, 1000);
    assert_eq!((few.waits(), few.takings.len(), note.as_str()), (2000, 2, "a note"));
    let (many, note) = keep(2, 100_000);
    assert!((1..200_000).contains(&many.waits()) && many.takings.is_empty(), "{}", many.waits());
    assert_eq!(note, "Its earlier waits for locks were too many to be kept.");
    let last = |kept: &Kept| kept.waits.iter().filter_map(|(_, waits)| waits.last()).map(|wait| wait.at).max();
    assert_eq!(last(&many), Some(LAUNCH + 9 * 99_999), "the last are kept");
}

#[test]
fn a_later_run_of_the_same_takes_the_place_of_the_earlier_one() {
    let dir = tempfile::tempdir().unwrap();
    let shelf = Shelf::in_dir(dir.path());
    for (program, knob) in [("sequential", 2), ("threads", 2), ("threads", 4), ("sequential", 2)] {
        shelf.keep("02-gil", &run(program, knob, Trace::default())).unwrap();
    }
    let back = shelf.read("02-gil").unwrap();
    let names: Vec<_> = back.iter().map(|run| (run.spec.program.as_str(), run.used["WORKERS"])).collect();
    assert_eq!(
        names,
        [("threads", KnobValue::Int(2)), ("threads", KnobValue::Int(4)), ("sequential", KnobValue::Int(2))]
    );
}

#[test]
fn what_is_kept_is_bounded_and_pictures_give_way_before_numbers() {
    let dir = tempfile::tempdir().unwrap();
    let shelf = Shelf::in_dir(dir.path());
    let long: Vec<_> = (0..40_000u64)
        .map(|n| [(u8::from(n % 2 == 0), 1, 90_000_000 + n), (2, u16::from(n % 2 == 0), 90_000_001)])
        .collect();
    let large = trace(&long);
    assert!(large.lanes[0].spans.as_slice().len() > 30_000);
    for knob in 1..=12 {
        shelf.keep("02-gil", &run("threads", knob, large.clone())).unwrap();
    }
    let back = shelf.read("02-gil").unwrap();
    let pictures: Vec<bool> = back.iter().map(|run| run.outcome.is_some()).collect();
    assert_eq!(back.len(), 12);
    assert!(!pictures[0] && pictures[11], "{pictures:?}");
    assert!(back[11].outcome.as_ref().unwrap().trace.grain > 0, "so large a trace is thinned");
    let size = std::fs::metadata(dir.path().join("runs/02-gil.runs")).unwrap().len();
    assert!(size < 2 << 20, "{size}");
}

#[test]
fn tasks_that_are_too_many_are_left_out_and_that_is_said() {
    let dir = tempfile::tempdir().unwrap();
    let shelf = Shelf::in_dir(dir.path());
    let note = |count: u64| {
        let mut many = trace(&[]);
        for n in 0..count {
            let awaited = |at| Await { at, function: None, line: 1, called: None, on: Awaited::Future };
            let (start, end) = (LAUNCH + n * 9, LAUNCH + n * 9 + 5);
            let awaits = (0..10).map(|n| awaited(end + n)).collect();
            let own = TaskTrack::kept(((10, 10), start), &[(None, start, end)], awaits);
            many.tasks.tracks.push(own);
        }
        shelf.keep("18-tasks", &run("many", i64::try_from(count).unwrap(), many)).unwrap();
        let last = shelf.read("18-tasks").unwrap().pop().unwrap().outcome.unwrap();
        (last.trace.tasks.tracks.len(), last.notes[0].clone())
    };
    assert_eq!(note(1000), (1002, "a note".to_owned()));
    assert_eq!(note(9000), (9002, "What its asyncio tasks awaited was too much to be kept.".to_owned()));
    assert_eq!(note(60_000), (0, "Its asyncio tasks were too many to be kept.".to_owned()));
}

#[test]
fn the_oldest_lesson_gives_way_where_all_together_are_too_large() {
    let dir = tempfile::tempdir().unwrap();
    let shelf = Shelf::in_dir(dir.path());
    shelf.keep("01-old", &run("threads", 1, Trace::default())).unwrap();
    let old = std::fs::File::options().write(true).open(dir.path().join("runs/01-old.runs")).unwrap();
    old.set_modified(std::time::SystemTime::UNIX_EPOCH).unwrap();
    old.set_len(9 << 20).unwrap();
    shelf.keep("02-new", &run("threads", 1, Trace::default())).unwrap();
    assert!(!dir.path().join("runs/01-old.runs").exists());
    assert_eq!(shelf.read("02-new").unwrap().len(), 1);
}

#[test]
fn a_damaged_file_is_put_aside_and_the_next_run_is_kept() {
    let dir = tempfile::tempdir().unwrap();
    let shelf = Shelf::in_dir(dir.path());
    let path = dir.path().join("runs/02-gil.runs");
    shelf.keep("02-gil", &run("threads", 2, Trace::default())).unwrap();
    let whole = std::fs::read(&path).unwrap();
    std::fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    let why = shelf.read("02-gil").unwrap_err().to_string();
    assert!(why.starts_with("their file is cut off or garbled, and put aside as"), "{why}");
    assert!(shelf.read("02-gil").unwrap().is_empty());
    std::fs::write(&path, b"other").unwrap();
    shelf.keep("02-gil", &run("threads", 4, Trace::default())).unwrap();
    assert_eq!(shelf.read("02-gil").unwrap().len(), 1);
}

#[test]
fn a_file_of_another_version_stays_as_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let shelf = Shelf::in_dir(dir.path());
    let path = dir.path().join("runs/02-gil.runs");
    shelf.keep("02-gil", &run("threads", 2, Trace::default())).unwrap();
    let mut newer = std::fs::read(&path).unwrap();
    newer[8] = 9;
    std::fs::write(&path, &newer).unwrap();
    assert_eq!(stored::read(&newer).err(), Some(Unread::Version(9)));
    for why in [shelf.read("02-gil").err(), shelf.keep("02-gil", &run("threads", 4, Trace::default())).err()] {
        let why = why.unwrap().to_string();
        assert!(why.contains("another version of concur-tutor") && why.contains("layout version 9"), "{why}");
    }
    assert_eq!(std::fs::read(&path).unwrap(), newer);
}

#[test]
fn what_is_no_file_is_not_read_and_what_cannot_be_written_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let shelf = Shelf::in_dir(dir.path());
    std::fs::create_dir_all(dir.path().join("runs")).unwrap();
    nix::unistd::mkfifo(&dir.path().join("runs/02-gil.runs"), nix::sys::stat::Mode::S_IRWXU).unwrap();
    assert!(shelf.read("02-gil").unwrap_err().to_string().contains("is a pipe, not a file"));
    assert!(shelf.keep("02-gil", &run("threads", 2, Trace::default())).is_err());
    // A folder in the place of the file that is written first stands for a disk that is full.
    shelf.keep("03-io", &run("threads", 2, Trace::default())).unwrap();
    std::fs::create_dir(dir.path().join("runs/03-io.runs.new")).unwrap();
    let why = shelf.keep("03-io", &run("threads", 4, Trace::default())).unwrap_err().to_string();
    assert!(why.contains("03-io.runs"), "{why}");
    assert_eq!(shelf.read("03-io").unwrap().len(), 1, "what was kept before is there");
}

#[test]
fn a_reset_forgets_a_lesson_or_all() {
    let dir = tempfile::tempdir().unwrap();
    let shelf = Shelf::in_dir(dir.path());
    shelf.forget(None).unwrap();
    for lesson in ["01-a", "02-b", "03-c"] {
        shelf.keep(lesson, &run("threads", 2, Trace::default())).unwrap();
    }
    shelf.forget(Some("02-b")).unwrap();
    let kept = |lesson| shelf.read(lesson).unwrap().len();
    assert_eq!([kept("01-a"), kept("02-b"), kept("03-c")], [1, 0, 1]);
    shelf.forget(None).unwrap();
    assert_eq!([kept("01-a"), kept("03-c")], [0, 0]);
}

#[test]
fn no_name_of_a_lesson_leads_out_of_the_folder() {
    let dir = tempfile::tempdir().unwrap();
    let shelf = Shelf::in_dir(&dir.path().join("state"));
    shelf.keep("../../x", &run("threads", 2, Trace::default())).unwrap();
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
    assert_eq!(shelf.read("../../x").unwrap().len(), 1);
}

fn recording(trace: Trace) -> recording::Recording {
    recording::Recording {
        by: "0.1.0".into(),
        machine: crate::runner::Machine { cores: 2, usable_cores: 1.9 },
        text: Some("WORKERS = 2\n".into()),
        run: run("threads", 2, trace),
    }
}

/// Everything of a recording, as text.
fn whole(recording: &recording::Recording) -> String {
    let run = &recording.run;
    let outcome = run.outcome.as_ref().unwrap();
    let about = (&recording.by, recording.machine, &recording.text);
    let kept = (&run.spec, &run.used, &run.said, &run.conclusion, run.source, run.end, run.at);
    let rest = (&outcome.stdout, &outcome.stderr, &outcome.notes, &outcome.served, &outcome.outlived, &outcome.stuck);
    format!("{about:?} {kept:?} {rest:?} {}", all(&outcome.trace))
}

fn opened(bytes: &[u8]) -> Result<recording::Recording, String> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x.ctrec");
    std::fs::write(&path, bytes).unwrap();
    recording::Recording::open(&path).map_err(|why| why.to_string().replace(&path.display().to_string(), "FILE"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_recording_comes_back_as_it_was(steps in steps(), grain in 1u64..99, name: Vec<u8>) {
        use std::os::unix::ffi::OsStringExt;
        let mut recording = recording(Trace { detail: Detail::kept(LAUNCH + 64, grain), ..trace(&steps) });
        let name = std::ffi::OsString::from_vec(name);
        // A script's name need be no text.
        recording.run.spec.own = Some(crate::runner::Own {
            subject: crate::runtime::cpython::started::Subject::Script(name.clone().into()),
            chosen: Some(crate::runtime::cpython::started::Reason::FirstLine(name.clone().into())),
        });
        recording.run.spec.args = vec![name, "-x".into()];
        let mut outcome = Outcome::clone(recording.run.outcome.as_ref().unwrap());
        outcome.spec = recording.run.spec.clone();
        outcome.outlived = vec![crate::runner::Survivor { pid: 7, command: "sleep 9".into() }];
        recording.run.outcome = Some(Arc::new(outcome));
        prop_assert_eq!(whole(&opened(&recording.to_bytes()).unwrap()), whole(&recording));
    }

    #[test]
    fn what_is_no_whole_recording_is_told(at: prop::sample::Index, to in 1u8.., cut: prop::sample::Index, noise: Vec<u8>) {
        let file = recording(trace(&[[(0, 1, 50), (2, 0, 60)]])).to_bytes();
        prop_assert!(opened(&file[..cut.index(file.len())]).is_err());
        prop_assert!(opened(&noise).is_err());
        let mut other = file.clone();
        other[at.index(file.len())] ^= to;
        prop_assert!(opened(&other).is_err());
    }
}

#[test]
fn why_a_recording_cannot_be_opened_is_said_in_words() {
    let file = recording(trace(&[])).to_bytes();
    let mut newer = file.clone();
    newer[8] = 9;
    let mut changed = file.clone();
    changed.push(0);
    for (bytes, said) in [
        (&b"{\"version\":1}"[..], "FILE is no recording of concur-tutor: `run` and `watch` make one"),
        (b"", "FILE is no recording of concur-tutor"),
        (&file[..5], "FILE cannot be opened: it is cut off"),
        (&file[..20], "FILE cannot be opened: it is cut off"),
        (&file[..file.len() - 1], "FILE cannot be opened: it is cut off, or was changed after it was written"),
        (&changed, "FILE cannot be opened: it is cut off, or was changed after it was written"),
        (&newer, "FILE has layout version 9; this concur-tutor reads version 1"),
    ] {
        let why = opened(bytes).unwrap_err();
        assert!(why.starts_with(said), "{why}");
    }
    let dir = tempfile::tempdir().unwrap();
    let why = |path: &std::path::Path| recording::Recording::open(path).unwrap_err().to_string();
    assert!(why(&dir.path().join("none")).starts_with("there is no such file: "));
    assert!(why(dir.path()).ends_with("is a folder, not a file"));
}
