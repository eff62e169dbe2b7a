//! What holds of every comparison, and what is said.

use super::*;
use crate::clock::MILLISECOND;
use crate::lesson::Program;
use crate::runner::{End, EndedBy, Status};
use crate::trace::{CoreSample, CoreTrack, Lane, LaneKind, Span, Spans, State, SwitchSource, Trace};
use proptest::prelude::*;

const PROGRAMS: [&str; 4] = ["sequential", "threads", "processes", "other"];

/// Four programs; the first is the baseline, and the last does another work.
fn lesson() -> Lesson {
    let program = |name: &&str| Program {
        name: (*name).to_owned(),
        baseline: *name == "sequential",
        apart: *name == "other",
        ..Program::default()
    };
    Lesson { id: "02-gil".into(), programs: PROGRAMS.iter().map(program).collect(), ..Lesson::default() }
}

fn run(ms: u64, end: End) -> Outcome {
    let zero = 7_000 * MILLISECOND;
    let trace = Trace { launched_at: zero, ended_at: Some(zero + ms * MILLISECOND), ..Trace::default() };
    Outcome { end, trace, ..Outcome::default() }
}

fn runs(walls: &[u64]) -> Vec<Outcome> {
    walls.iter().map(|ms| run(*ms, End::Exited(0))).collect()
}

fn compare<T>(all: &[(usize, Vec<Outcome>)], then: impl FnOnce(&Comparison<'_>) -> T) -> T {
    let (lesson, runtime) = (lesson(), Runtime::default());
    let attempts = all.iter().map(|(program, outcomes)| Attempts {
        program: PROGRAMS[*program],
        runtime: &runtime,
        outcomes: outcomes.iter().collect(),
        missing: outcomes.is_empty().then_some("needs CPython 3.14 or later"),
    });
    then(&Comparison::of(&lesson, attempts.collect(), Machine::default()))
}

proptest! {
    #[test]
    fn the_axis_holds_all_and_what_is_saved_adds_up(
        walls in prop::collection::vec(prop::collection::vec(1u64..5000, 1..6), 4), order in Just([0, 1, 2, 3]).prop_shuffle(),
    ) {
        let all: Vec<_> = order.iter().map(|place| (*place, runs(&walls[*place]))).collect();
        compare(&all, |comparison| {
            let names: Vec<&str> = comparison.runs.iter().map(|run| run.program).collect();
            prop_assert_eq!(names, PROGRAMS, "the lesson's order, however they come");
            let base = comparison.runs[0].summary.wall_s;
            let longest = comparison.runs.iter().map(|run| run.summary.wall_s).fold(0.0, f64::max);
            prop_assert!((comparison.axis_s - longest).abs() < 1e-12);
            for (run, walls) in comparison.runs.iter().zip(&walls) {
                let mut sorted = walls.clone();
                sorted.sort_unstable();
                let middle = sorted[(sorted.len() - 1) / 2];
                prop_assert!((run.summary.wall_s * 1e3 - f64::from(u32::try_from(middle).unwrap())).abs() < 1e-6);
                let compared = matches!(run.program, "threads" | "processes");
                prop_assert_eq!(run.saved_s.is_some(), compared);
                prop_assert_eq!(run.summary.speedup.is_some(), compared || run.program == "sequential");
                if let (Some(saved), Some(speedup)) = (run.saved_s, run.summary.speedup) {
                    prop_assert!((saved + run.summary.wall_s - base).abs() < 1e-9);
                    prop_assert!((speedup * run.summary.wall_s - base).abs() < 1e-9);
                }
            }
            Ok(())
        })?;
    }

    #[test]
    fn a_verdict_needs_three_runs_of_each_that_do_not_mix(
        base in prop::collection::vec(1u64..300, 1..6), other in prop::collection::vec(1u64..300, 1..6),
    ) {
        let all = [(0, runs(&base)), (1, runs(&other))];
        compare(&all, |comparison| {
            let run = &comparison.runs[1];
            let enough = base.len() >= 3 && other.len() >= 3;
            prop_assert_eq!((run.standing.is_some(), run.verdict.is_some()), (enough, enough));
            prop_assert_eq!(comparison.verdicts.len(), usize::from(enough));
            let (least, most) = (other.iter().min(), other.iter().max());
            match run.standing {
                Some(Standing::Faster) => prop_assert!(most < base.iter().min()),
                Some(Standing::Slower) => prop_assert!(least > base.iter().max()),
                Some(Standing::Undecided) | None => {}
            }
            Ok(())
        })?;
    }
}

#[test]
fn what_differs_is_said_in_words_that_need_no_turning_over() {
    let said = |walls: &[&[u64]]| {
        let all: Vec<_> = walls.iter().enumerate().map(|(place, walls)| (place, runs(walls))).collect();
        compare(&all, |comparison| [comparison.sentences.join(" "), comparison.verdicts.join(" ")])
    };
    assert_eq!(
        said(&[&[2080], &[2090], &[1290]]),
        ["Threads took about as long as sequential. Processes saved 0.79 s.", ""]
    );
    assert_eq!(
        said(&[&[3], &[9], &[400]])[0],
        "Threads took 9 ms, too short to compare. Processes lost 0.40 s, 133 times slower than sequential."
    );
    assert_eq!(
        said(&[&[100], &[5000], &[40]]),
        [
            "Threads lost 4.90 s, 50 times slower than sequential. Processes saved 60 ms, 2.5 times as fast as sequential.",
            ""
        ]
    );
    assert_eq!(
        said(&[&[200, 210, 190], &[205, 260, 300], &[100, 101, 104]]),
        [
            "Threads took 0.20 s to 0.30 s, no clear difference from sequential. Processes saved 99 ms.",
            "3 runs of each show, beyond the noise: less time than sequential for processes; no difference for threads."
        ]
    );
}

#[test]
fn what_failed_is_on_the_axis_and_compared_with_nothing() {
    let hung = run(9000, End::Ended(EndedBy::Deadlock, Status::Signal(9)));
    let all = [(0, runs(&[100])), (1, vec![hung.clone()]), (2, vec![])];
    compare(&all, |comparison| {
        assert!((comparison.axis_s - 0.1).abs() < 1e-9, "a run that hangs does not set the scale");
        let [_, threads, processes] = &comparison.runs[..] else { panic!("three runs") };
        assert_eq!((threads.summary.speedup, threads.saved_s, threads.repeats.walls.len()), (None, None, 0));
        assert_eq!(threads.note(), "deadlock");
        assert!(threads.sentence.starts_with("Threads was ended: its threads waited for each other"));
        assert_eq!(processes.note(), "needs CPython 3.14 or later");
        assert!(processes.outcome.is_none());
    });
    compare(&[(0, vec![hung]), (1, runs(&[50]))], |comparison| {
        assert_eq!(comparison.runs[1].saved_s, None, "there is no baseline to hold it against");
        assert!((comparison.axis_s - 0.05).abs() < 1e-9);
    });
    let flaky = vec![runs(&[100]).remove(0), run(20, End::Exited(1))];
    compare(&[(0, runs(&[100])), (1, flaky)], |comparison| {
        let sentence = &comparison.runs[1].sentence;
        assert_eq!(sentence, "Threads took about as long as sequential. 1 of 2 runs did not succeed.");
    });
}

#[test]
fn what_a_machine_without_a_second_core_cannot_show_is_said() {
    let busy = Caveat::BusyMachine { others: 0.5, lacked: None };
    let meanwhile = "other programs used 50 % of the cores meanwhile";
    assert_eq!(wording::caveat(&busy, false, true), meanwhile);
    assert_eq!(wording::caveat(&busy, false, false), format!("{meanwhile}. What differs may come from that alone."));
    let narrow = Caveat::OneUsableCore { usable: 0.98, lacked: None };
    assert_eq!(
        wording::caveat(&narrow, true, true),
        "this machine gave about 0.98 cores when it was measured. What would run at once cannot be seen here."
    );
}

#[test]
fn a_difference_that_busy_cores_may_have_made_is_none() {
    let run = |ready: u64, others: u64| {
        let (zero, ends) = (1_000 * MILLISECOND, [600, 600 + ready].map(|ms| (1_000 + ms) * MILLISECOND));
        let mut spans = Spans::default();
        spans.push(Span { start: zero, end: ends[0], state: State::Running, core: Some(0), wait: None });
        spans.push(Span { start: ends[0], end: ends[1], state: State::Ready, core: None, wait: None });
        let lane =
            Lane { pid: 1, tid: 1, kind: LaneKind::Main, start: zero, end: Some(ends[1]), spans, ..Lane::default() };
        // What the program did not use of the core, others did by so many percent of it.
        let busy = (600 * MILLISECOND + (ends[1] - zero) * others / 100).min(ends[1] - zero);
        let samples = vec![CoreSample { since: zero, at: ends[1], busy, tutor: 0 }];
        let (launched_at, ended_at) = (zero, Some(ends[1]));
        let (lanes, cores) = (vec![lane], vec![CoreTrack { id: 0, samples }]);
        let mut trace = Trace { launched_at, ended_at, lanes, cores, known_until: ends[1], ..Trace::default() };
        trace.sources.switches = SwitchSource::Perf;
        Outcome { end: End::Exited(0), trace, ..Outcome::default() }
    };
    let said = |base: Outcome, one: Outcome| {
        compare(&[(0, vec![base]), (1, vec![one])], |comparison| {
            (comparison.runs[1].unclear(), comparison.sentences.join(" "))
        })
    };
    let (unclear, sentence) = said(run(400, 50), run(100, 50));
    assert!(unclear && sentence.starts_with("Threads took 0.70 s beside 1.00 s, unclear on busy cores."), "{sentence}");
    let (unclear, sentence) = said(run(400, 0), run(100, 0));
    assert!(!unclear && sentence.starts_with("Threads saved 0.30 s"), "nobody else took the cores: {sentence}");
    let (unclear, sentence) = said(run(1_900, 50), run(100, 50));
    assert!(unclear, "{sentence}");
    let (unclear, sentence) = said(run(20, 50), run(400, 50));
    assert!(
        unclear && sentence.contains("beside 0.62 s"),
        "waiting for a core is not what the program did: {sentence}"
    );
}
