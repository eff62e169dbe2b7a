use super::*;
use crate::clock::SECOND;

fn shape(threads: usize, processes: usize, busy: f64) -> Shape {
    let (computing_threads, computing_processes) = (threads, processes);
    Shape { computing_threads, computing_processes, computing_part: 1.0, busy, wanted: busy, ..Shape::default() }
}

fn summary(parallelism: f64, gil_wait: f64) -> Summary {
    Summary { parallelism, gil_wait: Some(gil_wait), wall_s: 1.0, cpu_s: parallelism, ..Summary::default() }
}

fn facts<'a>(shape: &'a Shape, summary: &'a Summary, has_gil: bool) -> Facts<'a> {
    Facts { shape, summary, has_gil, switches: SwitchSource::Perf, exact: true }
}

fn say(shape: &Shape, summary: &Summary, has_gil: bool) -> String {
    facts(shape, summary, has_gil).what_happened()
}

fn totals(parts: &[(State, u64)]) -> StateTotals {
    let mut totals = StateTotals::default();
    for (state, percent) in parts {
        totals.add(*state, percent * SECOND / 100);
    }
    totals
}

#[test]
fn threads_under_the_gil_are_told_from_processes() {
    let gil = say(&shape(2, 1, 0.98), &summary(0.98, 0.49), true);
    assert!(gil.starts_with("2 threads wanted to run") && gil.contains("49 %") && !gil.contains("for a core"), "{gil}");
    let processes = Shape { own_gils: true, overlap: 0.9, ..shape(2, 2, 1.0) };
    let said = say(&processes, &summary(1.9, 0.0), true);
    assert!(said.starts_with("2 processes, each with a GIL of its own, computed; for 90 %"), "{said}");
    let programs = Shape { own_gils: false, ..processes };
    let said = say(&programs, &summary(1.9, 0.0), true);
    assert!(said.starts_with("2 processes computed"), "no GIL was seen in them: {said}");
    let free = say(&shape(2, 1, 1.0), &summary(1.9, 0.0), false);
    assert!(free.starts_with("Without a GIL, 2 threads"), "{free}");
    let hashing = Shape { native: 0.9, overlap: 0.8, ..shape(2, 1, 1.0) };
    let native = say(&hashing, &summary(1.8, 0.0), true);
    assert!(native.contains("90 % of it in native code without the GIL; for 80 %"), "{native}");
    let interpreters = Shape { overlap: 0.9, running_overlap: 0.9, ..shape(2, 1, 1.0) };
    let own = say(&interpreters, &summary(1.8, 0.0), true);
    assert!(own.starts_with("2 threads of one process, each with a GIL of its own"), "{own}");
    let both = say(&shape(4, 2, 1.0), &summary(1.0, 0.4), true);
    assert!(both.contains("in each process only the one that held the GIL"), "{both}");
}

#[test]
fn a_gil_that_is_kept_while_its_holder_waits_is_named() {
    let kept = Shape { gil_kept: 0.31, ..shape(0, 0, 0.06) };
    let summary = summary(0.06, 0.9);
    let said = facts(&kept, &summary, true).kept_while_waiting();
    assert!(said.starts_with(" For 31 % of the run, threads waited for the GIL while the one"), "{said}");
    let sampled = Facts { exact: false, ..facts(&kept, &summary, true) };
    assert!(sampled.kept_while_waiting().is_empty(), "samples do not tell who held it");
    assert!(facts(&shape(2, 1, 1.0), &summary, true).kept_while_waiting().is_empty());
}

#[test]
fn a_lack_of_cores_is_not_called_taking_turns() {
    let busy_machine = Summary { totals: totals(&[(State::Running, 50), (State::Ready, 50)]), ..summary(0.5, 0.0) };
    let starved = Shape { overlap: 0.004, ..shape(2, 2, 0.5) };
    let said = say(&starved, &busy_machine, true);
    assert!(said.contains("for less than 1 % of the run") && said.contains("waited for a core 50 %"), "{said}");
    let crowded = Summary {
        totals: totals(&[(State::Running, 40), (State::GilWait, 40), (State::Ready, 20)]),
        ..summary(0.4, 0.4)
    };
    let said = say(&shape(2, 1, 0.6), &crowded, true);
    assert!(said.contains("waited for it 40 % and for a core 20 %"), "{said}");
    let parts = totals(&[(State::Running, 25), (State::Ready, 58), (State::Sleep, 17)]);
    let alone = Shape { computing: parts, wanted: 0.83, ..shape(1, 1, 0.25) };
    let said = say(&alone, &summary(0.25, 0.0), true);
    let told = "One thread did the computing: it was on a core for 25 % of the run, was ready but had no core for 58 % and \
                slept for 17 %.";
    assert_eq!(said, told);
}

#[test]
fn waits_that_overlap_are_told_from_waits_in_turn() {
    let waits = |shape: Shape| say(&Shape { busy: 0.1, wanted: 0.1, ..shape }, &summary(0.1, 0.0), true);
    let said = waits(Shape { io_waiting: 7.6, io_overlap: 0.9, waiting_threads: 8, ..Shape::default() });
    assert!(said.contains("7.6 of 8 threads waited for I/O"), "{said}");
    let said = waits(Shape { sleeping: 5.0, sleep_overlap: 0.9, waiting_threads: 0, ..Shape::default() });
    assert!(said.contains("5.0 threads slept at the same time"), "many that slept briefly: {said}");
    let said = waits(Shape { io_waiting: 0.9, waiting_threads: 1, ..Shape::default() });
    assert!(said.contains("for 90 % of it, one thread at a time waited"), "{said}");
    let said = waits(Shape { sleeping: 0.9, lock_waiting: 1.0, waiting_threads: 1, ..Shape::default() });
    assert!(said.contains("one thread at a time slept, while on average 1.0 waited for a lock"), "{said}");
    let said = waits(Shape { sleeping: 0.8, sleep_overlap: 0.2, waiting_threads: 2, ..Shape::default() });
    assert!(said.contains("on average 0.8 threads slept, and for 20 % of it at least two"), "{said}");
    assert!(waits(Shape { unknown: 0.9, ..Shape::default() }).contains("not measured"));
    assert!(!waits(Shape::default()).contains("not measured"), "what was measured is not called unmeasured");
    let said = waits(Shape { io_waiting: 0.9, multiplexed: 0.9, ..Shape::default() });
    assert!(said.contains("for 90 % of it, one thread waited in one call"), "{said}");
    let crowded = Shape { io_waiting: 13.0, waiting_threads: 16, busy: 0.2, wanted: 0.8, ..Shape::default() };
    let said = say(&crowded, &summary(0.2, 0.0), true);
    assert!(said.contains("13.0 of 16 threads waited for I/O"), "the waits tell more than the lack of a core: {said}");
    let said = waits(Shape { starved: 0.3, io_waiting: 0.6, ..Shape::default() });
    assert!(said.contains("ready without one for 30 %"), "{said}");
}

#[test]
fn what_was_not_measured_is_not_put_in_numbers() {
    let shape = Shape { overlap: 0.5, ..shape(2, 2, 1.0) };
    let summary = summary(1.9, 0.0);
    let facts = Facts { shape: &shape, summary: &summary, has_gil: true, switches: SwitchSource::None, exact: false };
    assert!(facts.what_happened().contains("not measured"));
    let sampled = Facts { switches: SwitchSource::Schedstat, ..facts }.what_happened();
    assert!(!sampled.contains("50 %") && sampled.contains("1.90 cores"), "{sampled}");
}

#[test]
fn shares_are_not_rounded_to_nothing_or_all() {
    assert_eq!((percent(0.004).as_str(), percent(0.998).as_str()), ("less than 1 %", "99 %"));
    assert_eq!((percent(0.0).as_str(), percent(1.0).as_str()), ("0 %", "100 %"));
}

#[test]
fn small_differences_are_none() {
    assert!(compared(1.04, "sequential").contains("about as fast as sequential"));
    assert!(compared(1.83, "sequential").contains("1.8 times as fast"));
    assert!(compared(0.5, "sequential").contains("2.0 times slower"));
}
