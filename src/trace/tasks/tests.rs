use super::mark::MarkedAwait;
use super::*;
use proptest::prelude::*;

const THREAD: (Pid, Tid) = (10, 10);

fn told(marks: &[(Nanos, TaskMark)]) -> Tasks {
    let mut tasks = Tasks::default();
    for (at, mark) in marks {
        tasks.take(THREAD, *at, mark.clone());
    }
    tasks
}

fn function(number: u32, name: &str, line: u32) -> TaskMark {
    TaskMark::Function { number, name: name.into(), line, file: "a.py".into() }
}

const fn born(task: u64, function: u32) -> TaskMark {
    TaskMark::Born { task, object: task << 8, function, made: false, number: None }
}

const fn step(task: u64, since: Nanos, how: StepEnd) -> TaskMark {
    TaskMark::Step { task, since, how, thing: 0 }
}

#[test]
fn a_task_has_its_name_its_steps_and_what_it_awaits() {
    let sleeps = AwaitMark { function: 1, line: 7, first: 2, last: 2, on: MarkedAwait::Future };
    let tasks = told(&[
        (100, function(1, "work", 5)),
        (101, born(77, 1)),
        (102, TaskMark::Named("worker-1".into())),
        (150, step(77, 110, StepEnd::Suspended)),
        (151, function(2, "sleep", 600)),
        (152, TaskMark::Awaits(sleeps)),
        (300, step(77, 280, StepEnd::Finished)),
    ]);
    let track = &tasks.tracks[0];
    assert_eq!((track.name.as_str(), track.turns, track.on_loop(), track.end), ("worker-1", 2, 60, Some(300)));
    assert_eq!(tasks.function_of(track).map(|f| f.name.as_str()), Some("work"));
    let found = track.awaited_at(200).expect("it was asked");
    assert_eq!((found.line, found.called, found.on), (7, Some((1, 1)), Awaited::Future));
    assert_eq!((track.awaited_at(120), track.awaited_at(301)), (None, None), "it runs; it has finished");
    let states: Vec<_> = track.spans.as_slice().iter().map(|span| (span.state, span.duration())).collect();
    assert_eq!(states, [(State::Running, 40), (State::Sleep, 130), (State::Running, 20)]);
    let counts =
        |at| (tasks.loops[0].census.at(at)[State::Sleep.index()], tasks.loops[0].census.at(at).iter().sum::<u32>());
    assert_eq!([counts(100), counts(120), counts(200), counts(300)], [(0, 0), (0, 1), (1, 1), (0, 0)]);
    assert!(track.step_at(149).is_some() && track.step_at(150).is_none());
    assert!(track.lives_at(200) && !track.lives_at(300) && !track.lives_at(100));
    assert_eq!(tasks.loops[0].turns.holder(290), Some(0));
}

#[test]
fn a_number_stands_for_another_task_once_its_own_is_born() {
    let tasks = told(&[
        (10, born(7, 0)),
        (11, TaskMark::Named("a".into())),
        (20, step(7, 12, StepEnd::Finished)),
        (25, step(7, 21, StepEnd::Suspended)),
        (30, born(7, 0)),
        (31, TaskMark::Named("b".into())),
        (40, step(7, 32, StepEnd::Suspended)),
    ]);
    let steps: Vec<_> = tasks.tracks.iter().map(|track| (track.name.as_str(), track.steps().len())).collect();
    assert_eq!(steps, [("a", 1), ("b", 1)], "what nobody's task did is nobody's");
}

#[test]
fn an_eager_task_runs_inside_the_step_of_another() {
    let tasks = told(&[
        (10, born(1, 0)),
        (20, born(2, 0)),
        (21, step(1, 11, StepEnd::Interrupted)),
        (30, step(2, 21, StepEnd::Suspended)),
        (40, step(1, 31, StepEnd::Suspended)),
    ]);
    let holds: Vec<_> = tasks.loops[0].turns.holds().iter().map(|hold| (hold.lane, hold.start, hold.end)).collect();
    assert_eq!(holds, [(0, 11, 21), (1, 21, 30), (0, 31, 40)]);
    assert_eq!((tasks.tracks[0].turns, tasks.tracks[0].on_loop()), (1, 19), "one turn, in two pieces");
}

#[test]
fn one_task_awaits_another_by_its_place() {
    let awaits = |task| AwaitMark { function: 0, line: 0, first: 0, last: 0, on: MarkedAwait::Task(task) };
    let tasks = told(&[
        (10, born(1, 0)),
        (20, step(1, 11, StepEnd::Suspended)),
        (20, TaskMark::Awaits(awaits(2))),
        (30, born(2, 0)),
        (40, step(2, 31, StepEnd::Suspended)),
        (40, TaskMark::Awaits(awaits(1))),
    ]);
    assert_eq!(tasks.tracks[0].awaits()[0].on, Awaited::Task(None), "it has not run yet");
    assert_eq!(tasks.tracks[1].awaits()[0].on, Awaited::Task(Some(0)));
}

#[test]
fn from_when_on_a_task_could_go_on_is_told_by_what_it_awaited() {
    let awaits = |task, since, thing| TaskMark::Step { task, since, how: StepEnd::Suspended, thing };
    let tasks = told(&[
        (5, TaskMark::ReadyTold(true)),
        (10, TaskMark::Born { task: 1, object: 0x100, function: 0, made: true, number: None }),
        (12, TaskMark::Born { task: 2, object: 0x200, function: 0, made: true, number: None }),
        (14, TaskMark::Born { task: 1, object: 0x100, function: 0, made: false, number: None }),
        (14, TaskMark::Named("first".into())),
        (20, awaits(1, 15, 0x900)),
        (40, awaits(2, 20, 0x100)),
        (50, TaskMark::Ready(0x900)),
        (70, step(1, 60, StepEnd::Finished)),
        (90, awaits(2, 80, NOTHING)),
        (99, step(2, 95, StepEnd::Finished)),
    ]);
    let states = |task: usize| {
        let spans = tasks.tracks[task].spans.as_slice();
        spans.iter().map(|span| (span.state, span.duration())).collect::<Vec<_>>()
    };
    let (run, line, not_asked) = (State::Running, State::Ready, State::Unknown);
    assert_eq!(states(0), [(line, 5), (run, 5), (not_asked, 30), (line, 10), (run, 10)]);
    assert_eq!(
        states(1),
        [(line, 8), (run, 20), (not_asked, 30), (line, 10), (run, 10), (line, 5), (run, 4)],
        "it awaits the other task, and then lets others go first"
    );
    assert_eq!((tasks.tracks[0].in_line(), tasks.tracks[1].in_line()), ((15, 2), (23, 3)));
    assert_eq!(tasks.loops[0].census.at(13)[State::Ready.index()], 2, "both stand in line for their first step");
    assert!(tasks.ready_told && tasks.tracks.len() == 2 && tasks.tracks[0].name == "first");
}

#[test]
fn where_one_process_does_not_tell_it_it_is_not_known() {
    let tasks = told(&[(4, TaskMark::Told), (5, TaskMark::ReadyTold(false)), (6, TaskMark::ReadyTold(true))]);
    assert!(tasks.told && !tasks.ready_told);
}

proptest! {
    #[test]
    fn no_order_of_marks_panics_and_windows_add_up(
        marks in prop::collection::vec((0u64..50, 0u64..3, 0u8..10, 0u64..60), 0..80), from in 0u64..900, width in 1u64..200,
    ) {
        let mut tasks = Tasks::default();
        let mut at = 100;
        for (gap, task, what, length) in marks {
            at += gap;
            let mark = match what {
                0 => born(task, 1),
                1 => step(task, at - length, StepEnd::Suspended),
                2 => step(task, at - length, StepEnd::Finished),
                3 => step(task, at - length, StepEnd::Interrupted),
                4 => TaskMark::Going { task, since: at },
                5 => TaskMark::Born { task, object: 0, function: 1, made: true, number: None },
                6 => TaskMark::Ready(task << 8),
                7 => TaskMark::Step { task, since: at - length, how: StepEnd::Suspended, thing: 1 << 8 },
                8 => TaskMark::Step { task, since: at - length, how: StepEnd::Suspended, thing: NOTHING },
                _ => TaskMark::Awaits(AwaitMark { function: 1, line: 2, first: 0, last: 0, on: MarkedAwait::Nothing }),
            };
            tasks.take(THREAD, at, mark);
        }
        let to = from + width;
        for track in &tasks.tracks {
            let slow: u64 = track.steps().iter().map(|s| s.end.min(to).saturating_sub(s.start.max(from))).sum();
            prop_assert_eq!(track.between(from, to).1, slow);
            prop_assert!(track.steps().windows(2).all(|two| two[0].end <= two[1].start));
            prop_assert!(track.steps().iter().all(|step| step.ready().is_none_or(|ready| ready <= step.start)));
        }
    }
}
