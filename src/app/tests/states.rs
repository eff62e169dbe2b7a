//! A table of the states that a learner gets to: every screen, before, during and after runs, and whatever may lie over
//! it. Whoever claims something of every state takes them from here.

use super::{Bench, compare, gate, lesson, make, play, review, screens};
use crate::app::message::Message;
use crate::app::model::Model;
use crate::app::screens::desk::{Desk, Pane, recorded, script};
use crate::insight::objects::tests::{TEXT, at_a_lock};
use crate::learner::runs::KeptRun;
use crate::learner::runs::recording::Recording;
use crate::lesson::types::Knobs;
use crate::runner::{End, Machine, Outcome, RunSpec};
use crate::runtime::Runtime;
use crate::trace::Trace;
use crate::view::fixtures::two_threads_under_the_gil;
use chrono::{Days, NaiveDateTime};
use std::path::Path;
use std::sync::Arc;

/// The sizes that the states are looked at: the smallest, one pane at a time, the smallest with two, a terminal panel of an
/// editor, and more.
pub const SIZES: [(u16, u16); 6] = [(60, 15), (80, 24), (96, 30), (120, 15), (120, 40), (200, 60)];

/// The sizes for what is tried all over the screen, which takes minutes where nothing is optimised: all of them where it is.
pub const FEW_SIZES: &[(u16, u16)] = if cfg!(debug_assertions) { &[(60, 15), (80, 24), (120, 40)] } else { &SIZES };

/// Where the keys of a state begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Course {
    /// Two lessons: predictions and answers are chosen.
    Plain,
    /// The same, where predictions are drawn and answers typed.
    Rich,
    /// The desk of a lesson with two tasks.
    Tasks,
    /// Three lessons, the last one an interview; answers of the first are due today.
    Due,
    /// A lesson whose program has twelve workers on eight cores.
    Workers,
    /// A lesson whose program has two threads that take turns under a GIL for seconds.
    Turns,
    /// A lesson whose program has a hundred threads.
    Hundred,
    /// A lesson whose program has eighty threads that live and five hundred that come and go.
    Brief,
    /// A course that is longer than the screen.
    Long,
    /// A newcomer: nothing has run, and the first lesson has what can be put side by side.
    Newcomer,
    /// The same, with more programs than a screen has room for.
    Crowd,
    /// The learner's own script, which runs at once.
    Script,
    /// A recorded run.
    Recorded,
    /// A recorded run whose threads wait for locks.
    Locked,
}

impl Course {
    /// Every course.
    pub const ALL: [Course; 14] =
        [Plain, Rich, Tasks, Due, Workers, Turns, Hundred, Brief, Long, Newcomer, Crowd, Script, Recorded, Locked];
}

use Course::{
    Brief, Crowd, Due, Hundred, Locked, Long, Newcomer, Plain, Recorded, Rich, Script, Tasks, Turns, Workers,
};

/// Every state: its name, its course, and the keys that lead there, in the language of [`play`].
const STATES: [(&str, Course, &str); 113] = [
    ("map", Plain, "down"),
    ("map's help", Plain, "?"),
    ("forget", Plain, "X"),
    ("long map", Long, "down down down"),
    ("long map's end", Long, "up pgdn down down down down down down down down down down down down down down down"),
    ("long map, half a number", Long, "1"),
    ("commands on the map", Plain, ":"),
    ("commands", Plain, "enter :"),
    ("commands, filtered", Plain, "enter space END : \"zoom down"),
    ("commands, from elsewhere", Plain, ": \"run down down down down"),
    ("commands, none", Plain, "enter : \"xyzzy"),
    ("commands at a gate", Plain, "enter tab space : pgdn"),
    ("findings", Plain, "F"),
    ("findings, one further", Plain, "F down down"),
    ("findings, scrolled", Plain, "F pgdn"),
    ("findings, the last", Plain, "enter F G"),
    ("search", Plain, "/"),
    ("search, found", Plain, "/ \"gil down down"),
    ("search, many", Long, "/ \"thread pgdn"),
    ("search, nothing", Plain, "enter / \"xyzzy"),
    ("found on a page", Plain, "/ \"holds down enter"),
    ("found in a program", Plain, "/ \"print enter"),
    ("search again", Plain, "/ \"holds enter / down"),
    ("search a script", Script, "/ \"print"),
    ("page", Plain, "enter"),
    ("page two", Plain, "enter right"),
    ("page with a knob turned", Plain, "enter ]"),
    ("on native", Plain, "enter r"),
    ("cannot run here", Plain, "enter tab tab"),
    ("help", Plain, "enter ?"),
    ("help scrolled", Plain, "enter ? down down down"),
    ("runtimes", Plain, "enter R"),
    ("runtimes, one unusable", Plain, "enter R down down down enter"),
    ("gate", Plain, "enter tab space"),
    ("gate beside a question", Plain, "enter right right space"),
    ("gate's last choice", Plain, "enter tab space down"),
    ("baseline live", Plain, "enter tab space 2"),
    ("live", Plain, "enter tab space 2 END"),
    ("live, the source beside", Plain, "enter tab space 2 END v"),
    ("live, the output beside", Plain, "enter tab space 2 END v v"),
    ("live, held", Plain, "enter tab space 2 END f"),
    ("live, another tab", Plain, "enter space tab"),
    ("stopping", Plain, "enter tab space 2 esc"),
    ("ended", Plain, "enter tab space 2 END END"),
    ("ended, results", Plain, "enter tab space 2 END END v"),
    ("ended, output", Plain, "enter tab space 2 END END v v"),
    ("ended, text", Plain, "enter tab space 2 END END v v v"),
    ("ended, zoomed", Plain, "enter tab space 2 END END + + h"),
    ("cursor", Plain, "enter tab space 2 END END t right down"),
    ("live cursor", Plain, "enter tab space 2 END t down"),
    ("question", Plain, "enter right right"),
    ("sure", Plain, "enter right right 1"),
    ("told", Plain, "enter right right 1 3"),
    ("drawing cores", Rich, "enter tab space right right right down right"),
    ("drawing time", Rich, "enter tab space right enter right right right"),
    ("drawn", Rich, "enter tab space right right enter right right right enter END END"),
    ("to be typed", Rich, "enter right right"),
    ("typing", Rich, "enter right right a \"5ms"),
    ("typing at a fresh tab", Rich, "enter right right tab tab a \"5ms"),
    ("left half typed", Rich, "enter right right a \"5ms esc"),
    ("typed, sure", Rich, "enter right right a \"5ms enter"),
    ("typed, wrong", Rich, "enter right right a \"100 enter 3"),
    ("typing lines", Rich, "enter right right a \"5ms enter 2 a \"0 down \"1"),
    ("take-away", Rich, "enter right right right"),
    ("lesson's end", Plain, "enter tab space 2 END END right right right"),
    ("lesson with a task", Tasks, "]"),
    ("task, not read yet", Tasks, "e"),
    ("task", Tasks, "e COPY"),
    ("task with its hint", Tasks, "e COPY i"),
    ("task, asking", Tasks, "e COPY x"),
    ("task, live", Tasks, "e COPY space COPY"),
    ("task, judged", Tasks, "e COPY space COPY END"),
    ("task two", Tasks, "e COPY right COPY"),
    ("task, help", Tasks, "e COPY ?"),
    ("task, runtimes", Tasks, "e COPY R"),
    ("task, cursor", Tasks, "e COPY space COPY END t right"),
    ("review", Due, "r"),
    ("review, asked", Due, "r enter"),
    ("review, sure", Due, "r enter 1"),
    ("review, told", Due, "r enter 1 1"),
    ("interview's page", Due, "down down enter"),
    ("interview", Due, "down down enter i"),
    ("interview, typing", Due, "down down enter i enter \"because"),
    ("interview, sure", Due, "down down enter i enter \"because enter"),
    ("interview, rubric", Due, "down down enter i enter \"because enter 2 down space"),
    ("interview, answers scrolled", Due, "down down enter i down enter \"because enter 2 pgdn"),
    ("proof, live", Due, "down down enter i enter \"because enter 2 enter"),
    ("proved", Due, "down down enter i enter \"because enter 2 enter END END"),
    ("workers live", Workers, "enter space"),
    ("workers live, one selected", Workers, "enter space t down down down"),
    ("turns live", Turns, "enter space"),
    ("turns", Turns, "enter space END"),
    ("turns, cursor", Turns, "enter space END t down"),
    ("newcomer's map", Newcomer, "down"),
    ("first runs live", Newcomer, "space END"),
    ("first runs", Newcomer, "space END END END"),
    ("first runs, an instant", Newcomer, "space END END END + right right"),
    ("comparison live", Newcomer, "enter c END"),
    ("comparison stopping", Newcomer, "enter c END esc"),
    ("comparison", Newcomer, "enter c END END END -"),
    ("comparison zoomed", Newcomer, "enter c END END END left + +"),
    ("comparison scrolled", Crowd, "enter c END END END down down"),
    ("crowd", Hundred, "enter space END"),
    ("crowd, opened", Hundred, "enter space END o"),
    ("crowd live, cursor", Hundred, "enter space t"),
    ("short-lived, opened", Brief, "enter space END o"),
    ("short-lived, all", Brief, "enter space END o o t pgdn"),
    ("a GIL's row", Turns, "enter space END t down down down"),
    ("script live", Script, "f"),
    ("recording", Recorded, "v v"),
    ("recording, inspected", Recorded, "t left down"),
    ("locks", Locked, "b"),
    ("locks of a moment", Locked, "t left left b b"),
];

/// Every state at this size, with its name.
pub fn all(size: (u16, u16)) -> impl Iterator<Item = (&'static str, Bench)> {
    STATES.into_iter().map(move |(name, course, keys)| (name, play(bench(course, size), keys)))
}

/// The state with this name.
pub fn named(name: &str, size: (u16, u16)) -> Bench {
    let (_, course, keys) = STATES.into_iter().find(|(other, ..)| *other == name).expect("the state is in the table");
    play(bench(course, size), keys)
}

/// A course, with nothing done in it yet.
pub fn bench(course: Course, size: (u16, u16)) -> Bench {
    match course {
        Plain => Bench::at_list(size),
        Rich => gate::enrich(Bench::at_list(size)),
        Tasks => make::bench(size),
        Due => {
            let mut bench = review::bench(size, &[("who-ran", true, 2), ("why", false, 3)]);
            bench.model.today = bench.model.today + Days::new(1);
            bench
        }
        Workers => {
            with_model(Bench::at_list(size), |size, model| Model::new(vec![alone("workers")], size, model.appearance))
        }
        Turns => {
            with_model(Bench::at_list(size), |size, model| Model::new(vec![alone("turns")], size, model.appearance))
        }
        Hundred => {
            with_model(Bench::at_list(size), |size, model| Model::new(vec![alone("crowd")], size, model.appearance))
        }
        Brief => {
            with_model(Bench::at_list(size), |size, model| Model::new(vec![alone("brief")], size, model.appearance))
        }
        Long => screens::mid_course(size),
        Newcomer => compare::newcomer(size),
        Crowd => compare::crowd(size),
        Script => {
            let mut bench = with_model(Bench::at_list(size), |size, model| {
                let lesson = script::lesson(Path::new("/home/me/threads"), "print(2)\n");
                let (program, runtime) = (lesson.id.clone(), model.runtimes.current().clone());
                script::model(lesson, &RunSpec { program, runtime, ..RunSpec::default() }, size, model.appearance)
            });
            bench.model.runtimes.looking = false;
            bench.tell(Message::Calibrated(Ok(Machine { cores: 2, usable_cores: 1.97 })));
            bench
        }
        Recorded => opened(size, two_threads_under_the_gil().ended(), "WORKERS = 3\nprint(WORKERS)\n"),
        Locked => opened(size, at_a_lock(), TEXT.text),
    }
}

/// A recording that is open.
fn opened(size: (u16, u16), trace: Trace, text: &str) -> Bench {
    let mut bench = with_model(Bench::at_list(size), |size, model| {
        let runtime = model.runtimes.current().clone();
        recorded::model(recording(runtime, trace, text), size, model.appearance)
    });
    bench.model.runtimes.looking = false;
    bench
}

/// A run that was recorded.
fn recording(runtime: Runtime, trace: Trace, text: &str) -> Recording {
    let program = Path::new(TEXT.program).file_stem().expect("a name").to_string_lossy().into_owned();
    let spec = RunSpec { lesson: Some("02-gil".into()), program, runtime, ..RunSpec::default() };
    let outcome = Outcome { spec: spec.clone(), stdout: b"2\n".to_vec(), trace, ..Outcome::default() };
    let run = KeptRun {
        at: NaiveDateTime::default(),
        spec,
        used: Knobs::default(),
        source: 1,
        said: None,
        end: outcome.end,
        conclusion: Vec::new(),
        outcome: Some(Arc::new(outcome)),
    };
    Recording { by: "0.1.0".into(), machine: Machine { cores: 2, usable_cores: 1.97 }, text: Some(text.into()), run }
}

/// The bench with another model, on the same machine and the same day.
fn with_model(mut bench: Bench, make: impl FnOnce((u16, u16), &Model) -> Model) -> Bench {
    let mut model = make(bench.model.size, &bench.model);
    (model.today, model.machine) = (bench.model.today, bench.model.machine);
    if !model.run_held && !model.desks.first().is_some_and(Desk::is_recorded) {
        model.runtimes = bench.model.runtimes.clone();
    }
    bench.model = model;
    bench
}

/// A lesson whose first program has this name, and no gate before it.
fn alone(program: &str) -> crate::lesson::Lesson {
    let mut lesson = lesson("05-pool", "A pool of workers");
    lesson.programs[0].name = program.into();
    lesson.pages[0].program = Some(program.into());
    lesson
}

#[test]
fn a_terminal_that_becomes_narrow_keeps_in_sight_what_is_inspected() {
    for (inspected, pane) in [(false, Pane::Text), (true, Pane::Watch)] {
        let mut bench = Bench::at_desk((120, 40));
        bench.press("space");
        bench.end_run();
        if inspected {
            bench.press("t");
        }
        assert_eq!(bench.desk().pane, Pane::Text);
        bench.tell(Message::Resize(80, 24));
        assert_eq!(bench.desk().pane, pane, "inspected: {inspected}");
        bench.tell(Message::Resize(60, 15));
        assert_eq!(bench.desk().pane, pane, "it was narrow already");
    }
}

#[test]
fn of_a_script_that_raises_the_exception_is_told_first_and_once() {
    let raised =
        "Traceback (most recent call last):\n  File \"/home/me/threads\", line 1, in <module>\nNameError: no\n";
    let mut bench = bench(Script, (120, 40));
    bench.end_as(Outcome { end: End::Exited(1), stderr: raised.into(), ..Outcome::default() });
    let screen = bench.screen();
    let told = screen.matches("failed with NameError: no").count();
    assert_eq!(told, 2, "in the sentence, and in what is said in passing:\n{screen}");
    assert!(!screen.contains("too short"), "{screen}");
}

#[test]
fn a_recording_shows_its_run_and_runs_nothing() {
    let mut bench = bench(Recorded, (120, 40));
    let screen = bench.screen();
    for part in ["02-gil work", "WORKERS = 3", ", of today", "worker-1"] {
        assert!(screen.contains(part), "{part}:\n{screen}");
    }
    assert!(
        !screen.contains("space run") && !screen.contains("measure"),
        "what cannot be done is not offered:\n{screen}"
    );
    for (key, said) in [("space", "nothing runs here"), ("m", "its machine was measured")] {
        bench.press(key);
        assert!(bench.model.active.is_none() && bench.started().is_empty());
        assert!(bench.screen().contains(said), "{key}:\n{}", bench.screen());
    }
    bench.press("t");
    assert!(bench.desk().view.cursor.is_some(), "it is scrubbed as after a run");
}
