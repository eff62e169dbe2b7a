//! One plain sentence of what happened and why, made from the measured numbers alone.

use super::{Caveat, Shape, Summary};
use crate::clock::seconds;
use crate::runner::Machine;
use crate::trace::{State, Trace};

/// What happened and why, in one plain sentence, with what to keep in mind.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Verdict {
    /// The sentence.
    pub sentence: String,
    /// Caveats, the most important first.
    pub caveats: Vec<Caveat>,
}

/// What a verdict needs to know beside the trace.
#[derive(Debug, Clone, Copy, Default)]
pub struct Context<'a> {
    /// The name of the program that the speed-up is measured against.
    pub baseline: Option<&'a str>,
    /// Whether the runtime has a GIL.
    pub has_gil: bool,
    /// What the machine can give.
    pub machine: Machine,
}

/// Above this parallelism, threads have really run at the same time.
const PARALLEL: f64 = 1.2;
/// Above this share of the wanted time, waiting for the GIL explains the run.
const GIL_EXPLAINS: f64 = 0.15;
/// Above this share of the run with two threads on cores at once, they did not just take turns.
const OVERLAPS: f64 = 0.03;
/// Above this share of the on-CPU time, native code explains what ran at the same time.
const NATIVE_EXPLAINS: f64 = 0.15;
/// Below this share of the run on a core, a program mostly waits.
const MOSTLY_WAITS: f64 = 0.5;
/// Fewer threads waiting for something known, on average, explain nothing.
const KNOWN_WAITS: f64 = 0.2;
/// Speed-ups inside this band are no difference.
const SAME: std::ops::RangeInclusive<f64> = 0.9..=1.1;

impl Verdict {
    /// Judges a finished run.
    #[must_use]
    pub fn of(trace: &Trace, summary: &Summary, context: Context<'_>) -> Verdict {
        let shape = Shape::of(trace);
        let mut sentence = what_happened(&shape, summary, context.has_gil);
        // The baseline itself has a speed-up of 1, which says nothing.
        if let (Some(speedup), Some(baseline)) = (summary.speedup, context.baseline) {
            sentence.push(' ');
            sentence.push_str(&compared(speedup, baseline));
        }
        Verdict { sentence, caveats: Caveat::of(trace, summary, context.machine) }
    }
}

fn what_happened(shape: &Shape, summary: &Summary, has_gil: bool) -> String {
    let gil_wait = summary.gil_wait.unwrap_or(0.0);
    if summary.parallelism >= PARALLEL {
        return format!("{}: {:.2} cores at work on average.", parallel(shape, has_gil), summary.parallelism);
    }
    if shape.busy < MOSTLY_WAITS {
        return starved(shape, summary).unwrap_or_else(|| waiting(shape));
    }
    let cores = format!("{:.2} cores", summary.parallelism);
    match shape.computing_threads {
        0 | 1 => format!("One thread did the computing, so one core at a time was at work: {cores} on average."),
        n if gil_wait >= GIL_EXPLAINS && shape.overlap < 2.0 * OVERLAPS => format!(
            "{n} threads wanted to run, but only the one that held the GIL could: of that time they waited for it {:.0} %, \
             so together they used {cores}.",
            gil_wait * 100.0
        ),
        n if shape.overlap >= OVERLAPS => {
            let why = if has_gil && shape.native >= NATIVE_EXPLAINS {
                ", some of them in native code without the GIL"
            } else {
                ""
            };
            let part = shape.overlap * 100.0;
            let (n, who) = match shape.computing_processes {
                0 | 1 => (n, "threads"),
                processes => (processes, "processes"),
            };
            format!(
                "{n} {who} computed, and for {part:.0} % of the run at least two at the same time{why}: {cores} on average."
            )
        }
        n => format!("{n} threads took turns rather than running at the same time: {cores} at work on average."),
    }
}

/// Who ran at the same time, and what made that possible.
fn parallel(shape: &Shape, has_gil: bool) -> String {
    let (processes, threads) = (shape.computing_processes, shape.computing_threads);
    match (processes, threads) {
        (p, _) if p > 1 && has_gil => format!("{p} processes, each with a GIL of its own, ran at the same time"),
        (p, _) if p > 1 => format!("{p} processes ran at the same time"),
        (_, t) if !has_gil => format!("Without a GIL, {t} threads ran at the same time"),
        (_, t) if shape.running_overlap >= OVERLAPS => {
            format!("{t} threads, each with a GIL of its own, ran at the same time in one process")
        }
        (_, t) if shape.native >= NATIVE_EXPLAINS => {
            format!(
                "{t} threads ran at the same time, because {:.0} % of their work was native code without the GIL",
                shape.native * 100.0
            )
        }
        (_, t) => format!("{t} threads ran at the same time"),
    }
}

/// A run that mostly lacked a core: the machine was busy with something else.
fn starved(shape: &Shape, summary: &Summary) -> Option<String> {
    let ready = seconds(summary.totals.get(State::Ready)) / summary.wall_s.max(f64::EPSILON);
    (ready >= KNOWN_WAITS && ready > shape.io_waiting.max(shape.sleeping)).then(|| {
        let busy = shape.busy * 100.0;
        format!(
            "The program was on a core for {busy:.0} % of the run; for most of the rest it was ready, and no core was free \
             for it."
        )
    })
}

/// A run that mostly waits: how many waits overlapped is what counts.
fn waiting(shape: &Shape) -> String {
    let on_core = format!("The program was on a core for {:.0} % of the run", shape.busy * 100.0);
    if shape.multiplexed > 0.5 * shape.io_waiting.max(shape.sleeping).max(0.1) {
        return format!("{on_core}; the rest of it, one thread waited in one call for all of its I/O together.");
    }
    let (waits, what) = if shape.io_waiting >= shape.sleeping {
        (shape.io_waiting, "waited for I/O")
    } else {
        (shape.sleeping, "slept")
    };
    if waits < KNOWN_WAITS && shape.lock_waiting < KNOWN_WAITS {
        return format!("{on_core}; why it was off the cores for the rest was not measured.");
    }
    if shape.lock_waiting > 2.0 * waits {
        return format!("{on_core}; on average {:.1} threads waited for a lock.", shape.lock_waiting);
    }
    let who = if shape.processes > 1 { "processes" } else { "threads" };
    match shape.waiting_threads {
        0 | 1 => format!("{on_core}; the rest of it, one thread at a time {what}, so the waits added up."),
        n if waits >= 1.5 => {
            format!("{on_core}; on average {waits:.1} of {n} {who} {what} at the same time, so their waits overlapped.")
        }
        n => format!("{on_core}; {n} {who} {what} in between, on average {waits:.1} at one time."),
    }
}

fn compared(speedup: f64, baseline: &str) -> String {
    if SAME.contains(&speedup) {
        format!("It took as long as {baseline} ({speedup:.2}×).")
    } else if speedup > 1.0 {
        format!("It was {speedup:.2}× as fast as {baseline}.")
    } else {
        format!("It was slower than {baseline} ({speedup:.2}×).")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(threads: usize, processes: usize, busy: f64) -> Shape {
        Shape { computing_threads: threads, computing_processes: processes, busy, ..Shape::default() }
    }

    fn summary(parallelism: f64, gil_wait: f64) -> Summary {
        Summary { parallelism, gil_wait: Some(gil_wait), wall_s: 1.0, cpu_s: parallelism, ..Summary::default() }
    }

    #[test]
    fn threads_under_the_gil_are_told_from_processes() {
        let gil = what_happened(&shape(2, 1, 0.98), &summary(0.98, 0.49), true);
        assert!(gil.starts_with("2 threads wanted to run") && gil.contains("49 %"), "{gil}");
        let processes = what_happened(&shape(2, 2, 1.0), &summary(1.9, 0.0), true);
        assert!(processes.starts_with("2 processes, each with a GIL"), "{processes}");
        let free = what_happened(&shape(2, 1, 1.0), &summary(1.9, 0.0), false);
        assert!(free.starts_with("Without a GIL, 2 threads"), "{free}");
        let hashing = Shape { native: 0.9, overlap: 0.8, ..shape(2, 1, 1.0) };
        let native = what_happened(&hashing, &summary(1.8, 0.0), true);
        assert!(native.contains("90 % of their work was native code"), "{native}");
        let interpreters = Shape { overlap: 0.9, running_overlap: 0.9, ..shape(2, 1, 1.0) };
        let own = what_happened(&interpreters, &summary(1.8, 0.0), true);
        assert!(own.starts_with("2 threads, each with a GIL of its own"), "{own}");
        let mixed = Shape { native: 0.4, overlap: 0.3, ..shape(2, 1, 0.8) };
        let mixed = what_happened(&mixed, &summary(0.8, 0.1), true);
        assert!(mixed.contains("for 30 % of the run at least two") && mixed.contains("native code"), "{mixed}");
    }

    #[test]
    fn waits_that_overlap_are_told_from_waits_in_turn() {
        let overlapping = Shape { io_waiting: 7.6, waiting_threads: 8, busy: 0.1, ..Shape::default() };
        assert!(what_happened(&overlapping, &summary(0.1, 0.0), true).contains("7.6 of 8 threads waited for I/O"));
        let in_turn = Shape { io_waiting: 0.9, waiting_threads: 1, busy: 0.1, ..Shape::default() };
        assert!(what_happened(&in_turn, &summary(0.1, 0.0), true).contains("one thread at a time waited"));
        let unmeasured = Shape { busy: 0.1, ..Shape::default() };
        assert!(what_happened(&unmeasured, &summary(0.1, 0.0), true).contains("not measured"));
        let event_loop = Shape { io_waiting: 0.9, multiplexed: 0.9, busy: 0.1, ..Shape::default() };
        assert!(what_happened(&event_loop, &summary(0.1, 0.0), true).contains("all of its I/O together"));
    }

    #[test]
    fn a_program_without_a_core_is_told_so() {
        let mut starved = Summary { wall_s: 2e-6, ..summary(0.3, 0.0) };
        starved.totals.add(State::Ready, 1_300);
        let words = what_happened(&shape(1, 1, 0.3), &starved, true);
        assert!(words.contains("30 % of the run") && words.contains("no core was free"), "{words}");
    }

    #[test]
    fn small_differences_are_none() {
        assert!(compared(1.04, "sequential").contains("as long as sequential"));
        assert!(compared(1.83, "sequential").contains("1.83×"));
        assert!(compared(0.5, "sequential").contains("slower"));
    }
}
