//! A Rust twin and its Python program have one shape: the same waits, the same overlap, under a GIL.

use super::runs::{Measured, Runs};
use super::{Outcome, Stopped};
use crate::clock::{Nanos, seconds};
use crate::insight;
use crate::lesson::types::{Claim, Knobs};
use crate::lesson::{Lesson, Program};
use crate::runtime::Runtime;
use crate::trace::{Lane, LaneKind, State, StateTotals, Trace};

/// Seconds that a run may take.
const TIMEOUT_S: f64 = 30.0;
/// A wait belongs to the shape above this share of the workers' time.
const IS: f64 = 0.15;
/// A wait does not belong to it below this share. Between the two lies what may count as either.
const IS_NOT: f64 = 0.03;
/// Workers overlap above this share of the run.
const OVERLAPS: f64 = 0.2;
/// Below this many usable cores two workers cannot be on cores at once for long.
const CORES: f64 = 1.5;

/// The waits that a shape is made of.
const WAITS: [State; 4] = [State::GilWait, State::LockWait, State::IoWait, State::Sleep];

/// The shape of a run: what its workers waited for, and whether they overlapped.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Shape {
    /// Shares of the workers' time, in the order of [`WAITS`].
    waits: [f64; WAITS.len()],
    /// The share of the run in which two lanes or more were on cores.
    overlap: f64,
}

impl Shape {
    /// The shape of a run's workers: its threads and processes beside the main one, or the main one alone.
    pub(super) fn of(trace: &Trace) -> Shape {
        let (from, to) = (trace.zero(), trace.until());
        let is_worker = |lane: &&Lane| matches!(lane.kind, LaneKind::Thread | LaneKind::Process);
        let others = trace.lanes.iter().any(|lane| is_worker(&lane));
        let mut totals = StateTotals::default();
        for lane in trace.lanes.iter().filter(|l| if others { is_worker(l) } else { l.kind == LaneKind::Main }) {
            totals.merge(&lane.spans.totals_in(from, to));
        }
        let all: Nanos = State::ALL.iter().map(|state| totals.get(*state)).sum();
        let share = |state| if all == 0 { 0.0 } else { seconds(totals.get(state)) / seconds(all) };
        Shape { waits: WAITS.map(share), overlap: insight::Shape::of(trace).overlap }
    }

    /// In what two shapes differ, in words; `None` where they agree.
    fn differs(&self, twin: &Shape, overlap_shows: bool) -> Option<String> {
        let percent = |share: f64| 100.0 * share;
        let apart = |a: f64, b: f64, is: f64| (a > is && b < IS_NOT) || (b > is && a < IS_NOT);
        for (state, (own, twins)) in WAITS.iter().zip(self.waits.iter().zip(&twin.waits)) {
            if apart(*own, *twins, IS) {
                let (own, twins, what) = (percent(*own), percent(*twins), state.label());
                return Some(format!("{what}: {own:.0} % of the workers' time in Python, {twins:.0} % in the twin"));
            }
        }
        (overlap_shows && apart(self.overlap, twin.overlap, OVERLAPS)).then(|| {
            let (own, twins) = (percent(self.overlap), percent(twin.overlap));
            format!("on cores at once: {own:.0} % of the run in Python, {twins:.0} % in the twin")
        })
    }
}

/// Checks a twin in the column of native with its GIL, against the newest CPython that has one.
pub(super) fn check(
    runs: &mut Runs<'_, '_>,
    program: &Program,
    runtime: &Runtime,
    runtimes: &[Runtime],
) -> Result<Outcome, Stopped> {
    if *runtime != (Runtime::Native { gil: true }) {
        return Ok(Outcome::NotSaid);
    }
    let Some(python) = newest(program, runtimes) else {
        return Ok(Outcome::NotShown("there is no CPython with a GIL to compare with".to_owned()));
    };
    let (set, timeout_s) = settings(runs.lesson, &program.name);
    let mut attempt = 1;
    loop {
        let own = match runs.of(&program.name, python, &set, timeout_s, attempt)? {
            Ok(run) => run,
            Err(why) => return Ok(why),
        };
        let twin = match runs.of(&program.name, runtime, &set, timeout_s, attempt)? {
            Ok(run) => run,
            Err(why) => return Ok(why),
        };
        let outcome = compare(&own, &twin, runs.machine().usable_cores);
        if !matches!(outcome, Outcome::Fails(_)) || !runs.try_again(attempt) {
            return Ok(outcome);
        }
        attempt += 1;
    }
}

fn compare(own: &Measured, twin: &Measured, usable: f64) -> Outcome {
    if !(own.exact && twin.exact) {
        return Outcome::NotShown("needs exact probes: perf and the preloaded library".to_owned());
    }
    own.shape.differs(&twin.shape, usable >= CORES).map_or(Outcome::Holds, Outcome::Fails)
}

/// The newest CPython with a GIL that can run the program.
fn newest<'r>(program: &Program, runtimes: &'r [Runtime]) -> Option<&'r Runtime> {
    let version = |runtime: &&Runtime| match runtime {
        Runtime::CPython(python) if python.gil => Some(python.version),
        _ => None,
    };
    let fits = |runtime: &&Runtime| {
        version(runtime).is_some_and(|v| program.requires.is_none_or(|needed| (v.0, v.1) >= needed))
    };
    runtimes.iter().filter(fits).max_by_key(version)
}

/// The knobs and the seconds of a claim about the program, so that its runs serve here as well; the defaults where there
/// is none.
fn settings(lesson: &Lesson, program: &str) -> (Knobs, f64) {
    let speaks = |claim: &&Claim| claim.programs.iter().any(|name| name == program);
    let mut claims = lesson.claims.iter().filter(speaks).map(|claim| (claim.set.clone(), claim.timeout_s));
    let turned = claims.clone().find(|(set, _)| !set.is_empty());
    turned.or_else(|| claims.next()).unwrap_or((Knobs::new(), TIMEOUT_S))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(gil: f64, lock: f64, overlap: f64) -> Shape {
        Shape { waits: [gil, lock, 0.0, 0.0], overlap }
    }

    #[test]
    fn shapes_differ_where_one_waits_and_the_other_does_not() {
        let own = shape(0.45, 0.05, 0.02);
        assert_eq!(own.differs(&shape(0.3, 0.14, 0.1), true), None, "a little more or less is the same shape");
        let other = own.differs(&shape(0.01, 0.05, 0.02), true);
        let expected = "waiting for the GIL: 45 % of the workers' time in Python, 1 % in the twin";
        assert_eq!(other.as_deref(), Some(expected));
        let at_once = shape(0.45, 0.05, 0.9);
        assert!(own.differs(&at_once, true).is_some_and(|why| why.contains("on cores at once: 2 %")));
        assert_eq!(own.differs(&at_once, false), None, "one usable core shows no overlap");
    }
}
