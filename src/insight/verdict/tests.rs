use super::*;
use crate::clock::SECOND;
use crate::lesson::Better;
use crate::trace::{Sources, State, StateTotals, SwitchSource, WaitSource};

fn shape(threads: usize, processes: usize, busy: f64) -> Shape {
    let (computing_threads, computing_processes) = (threads, processes);
    Shape { computing_threads, computing_processes, computing_part: 1.0, busy, wanted: busy, ..Shape::default() }
}

fn summary(parallelism: f64, gil_wait: f64) -> Summary {
    Summary { parallelism, gil_wait: Some(gil_wait), wall_s: 1.0, cpu_s: parallelism, ..Summary::default() }
}

fn facts<'a>(shape: &'a Shape, summary: &'a Summary, has_gil: bool) -> Facts<'a> {
    Facts { shape, summary, has_gil, sources: sources(SwitchSource::Perf), counts: false, explained: false }
}

fn sources(switches: SwitchSource) -> Sources {
    Sources { switches, waits: WaitSource::Preload, ..Sources::default() }
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
    let turns = Shape { gil_shares: (0.48, 0.5), ..shape(2, 1, 0.98) };
    let gil = say(&turns, &summary(0.98, 0.49), true);
    assert_eq!(gil, "Two threads, one GIL: each spent about half its time waiting for it.");
    let uneven = Shape { gil_shares: (0.2, 0.6), ..turns };
    let gil = say(&uneven, &summary(0.98, 0.49), true);
    assert_eq!(gil, "Two threads, one GIL: they spent 20 % to 60 % of their time waiting for it.");
    let processes = Shape { own_gils: true, overlap: 0.9, computing_overlap: 0.9, ..shape(2, 2, 1.0) };
    let said = say(&processes, &summary(1.9, 0.0), true);
    let told =
        "Two processes computed, each with a GIL of its own. For 90 % of the run both were on a core at the same time.";
    assert_eq!(said, told);
    let programs = Shape { own_gils: false, ..processes };
    let said = say(&programs, &summary(1.9, 0.0), true);
    assert!(said.starts_with("Two processes computed. For"), "no GIL was seen in them: {said}");
    let free = say(&shape(2, 1, 1.0), &summary(1.9, 0.0), false);
    assert!(free.starts_with("Two threads computed, and there was no GIL. No two"), "{free}");
    let hashing = Shape { native: 0.9, overlap: 0.8, computing_overlap: 0.8, ..shape(3, 1, 1.0) };
    let native = say(&hashing, &summary(1.8, 0.0), true);
    assert!(native.contains("90 % of it in native code without the GIL. For 80 % of the run at least two"), "{native}");
    let interpreters = Shape { overlap: 0.9, running_overlap: 0.9, ..shape(2, 1, 1.0) };
    let own = say(&interpreters, &summary(1.8, 0.0), true);
    assert!(own.starts_with("Two threads of one process computed, each with a GIL of its own"), "{own}");
    let handed_out = Shape { gil_shares: (0.0, 0.01), own_gils: true, ..shape(3, 3, 1.0) };
    let pool = say(&handed_out, &summary(0.9, 0.3), true);
    assert!(pool.starts_with("Three processes computed"), "only who hands out the work waited: {pool}");
    let both = say(&Shape { gil_shares: (0.4, 0.4), ..shape(4, 2, 1.0) }, &summary(1.0, 0.4), true);
    assert!(both.starts_with("Four threads in 2 processes, one GIL in each process:"), "{both}");
}

#[test]
fn who_is_late_for_the_gil_is_named() {
    let convoy = Shape { late: Some(("MainThread".into(), 0.62)), ..shape(1, 1, 0.98) };
    let said = say(&convoy, &summary(0.98, 0.4), true);
    assert!(said.ends_with(" Meanwhile MainThread waited for the GIL for 62 % of the run."), "{said}");
    assert!(!say(&convoy, &summary(0.98, 0.4), false).contains("MainThread"), "there is no GIL");
}

#[test]
fn a_gil_that_is_kept_while_its_holder_waits_is_named() {
    let kept = Shape { gil_kept: 0.31, ..shape(0, 0, 0.06) };
    let summary = summary(0.06, 0.9);
    let said = facts(&kept, &summary, true).kept_while_waiting();
    assert!(said.starts_with(" For 31 % of the run, threads waited for the GIL while the one"), "{said}");
    let sampled = Facts { sources: Sources::default(), ..facts(&kept, &summary, true) };
    assert!(sampled.kept_while_waiting().is_empty(), "samples do not tell who held it");
    assert!(facts(&shape(2, 1, 1.0), &summary, true).kept_while_waiting().is_empty());
}

#[test]
fn a_lack_of_cores_is_not_called_taking_turns() {
    let busy_machine = Summary { totals: totals(&[(State::Running, 50), (State::Ready, 50)]), ..summary(0.5, 0.0) };
    let starved = Shape { overlap: 0.004, computing_overlap: 0.004, ..shape(2, 2, 0.5) };
    let said = say(&starved, &busy_machine, true);
    assert!(said.contains("at the same time. For 50 % of the time that they wanted a core, none was free."), "{said}");
    let explained = Facts { explained: true, ..facts(&starved, &busy_machine, true) };
    assert!(!explained.what_happened().contains("none was free"), "a caveat says it");
    let crowded = Summary {
        totals: totals(&[(State::Running, 40), (State::GilWait, 40), (State::Ready, 20)]),
        ..summary(0.4, 0.4)
    };
    let said = say(&Shape { gil_shares: (0.4, 0.4), ..shape(2, 1, 0.6) }, &crowded, true);
    assert!(said.contains("waiting for it. For 20 % of the time that they wanted a core"), "{said}");
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
    assert!(said.contains("For 90 % of the run, one thread at a time waited"), "{said}");
    let said = waits(Shape { sleeping: 0.9, lock_waiting: 1.0, waiting_threads: 1, ..Shape::default() });
    assert!(said.contains("one thread at a time slept, while on average 1.0 waited for a lock"), "{said}");
    let said = waits(Shape { sleeping: 0.8, sleep_overlap: 0.2, waiting_threads: 2, ..Shape::default() });
    assert!(said.contains("On average 0.8 threads slept, and for 20 % of the run at least two"), "{said}");
    assert!(waits(Shape { unknown: 0.9, ..Shape::default() }).contains("not measured"));
    assert!(!waits(Shape::default()).contains("not measured"), "what was measured is not called unmeasured");
    let said = waits(Shape { io_waiting: 0.9, multiplexed: 0.9, ..Shape::default() });
    assert!(said.contains("For 90 % of the run, one thread waited in one call"), "{said}");
    let crowded = Shape { io_waiting: 13.0, waiting_threads: 16, busy: 0.2, wanted: 0.8, ..Shape::default() };
    let said = say(&crowded, &summary(0.2, 0.0), true);
    assert!(said.contains("13.0 of 16 threads waited for I/O"), "the waits tell more than the lack of a core: {said}");
    let said = waits(Shape { starved: 0.3, io_waiting: 0.6, ..Shape::default() });
    assert!(said.contains("for 30 % it was ready without one"), "{said}");
}

#[test]
fn what_was_not_measured_is_not_put_in_numbers() {
    let shape = Shape { overlap: 0.5, computing_overlap: 0.5, ..shape(2, 2, 1.0) };
    let summary = summary(1.9, 0.0);
    let facts = Facts { sources: sources(SwitchSource::None), ..facts(&shape, &summary, true) };
    assert!(facts.what_happened().contains("not measured"));
    let sampled = Facts { sources: sources(SwitchSource::Schedstat), ..facts }.what_happened();
    assert!(!sampled.contains("50 %") && sampled.contains("1.90 cores"), "{sampled}");
}

#[test]
fn overlapping_waits_are_no_merit_where_something_is_counted() {
    let desks =
        Shape { sleeping: 3.9, sleep_overlap: 0.9, waiting_threads: 4, busy: 0.1, wanted: 0.1, ..Shape::default() };
    let summary = summary(0.1, 0.0);
    let timed = say(&desks, &summary, true);
    assert!(
        timed
            .starts_with("On average 3.9 of 4 threads slept at the same time: their waits overlapped. The program was"),
        "{timed}"
    );
    let counted = Facts { counts: true, ..facts(&desks, &summary, true) }.what_happened();
    assert!(!counted.contains("overlapped"), "{counted}");
}

/// What is said where the lesson says why, of a run that printed this.
fn told(headline: &Headline, shape: &Shape, printed: &str) -> String {
    let summary = Summary { stdout: printed.into(), ..summary(0.98, 0.49) };
    let facts = Facts { counts: headline.counts(), ..facts(shape, &summary, true) };
    why(reason(headline, &summary), facts, Some(headline))
}

#[test]
fn the_sentence_is_about_the_headline() {
    let lost = Headline {
        better: Better::Less,
        some: Some("another thread stored in between".into()),
        none: Some("this time nobody came in between".into()),
        ..Headline::measured(Metric::Printed("lost".into()))
    };
    let turns = Shape { gil_shares: (0.48, 0.5), ..shape(2, 1, 0.98) };
    let said = told(&lost, &turns, "lost 12");
    let both = "Another thread stored in between. Two threads, one GIL: each spent about half its time waiting for it.";
    assert_eq!(said, both);
    assert!(told(&lost, &turns, "lost 0").starts_with("This time nobody came in between. Two threads"));
    let asleep = Shape { sleeping: 3.9, waiting_threads: 4, busy: 0.1, wanted: 0.1, ..Shape::default() };
    assert_eq!(told(&lost, &asleep, "lost 30"), "Another thread stored in between.", "naps are beside the point");
    assert!(told(&lost, &asleep, "no number").contains("slept"), "without its number there is no reason");
    let plain = Headline::measured(Metric::Speedup);
    assert!(told(&plain, &turns, "").starts_with("Two threads, one GIL"));
    let summary = summary(0.98, 0.49);
    let script = why(None, facts(&turns, &summary, true), None);
    assert!(script.ends_with(" Together they used 0.98 cores."), "nothing else says it: {script}");
}
