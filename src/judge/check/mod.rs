//! A whole check: every claim, task, printed answer and twin of some lessons, on some runtimes.
//!
//! Runs are done one at a time, for two at once would spoil each other, and one run serves everything that asks for it:
//! the same program with the same knobs on the same runtime. What a busy machine may spoil is tried five times, each
//! time with runs of its own; while other programs are busy, `load` gives runs more time, tries less often and lets no
//! failure count. A new kind of item is one file here and an arm of [`Item`].

mod claims;
mod corners;
mod lab;
mod load;
mod prints;
mod runs;
mod tasks;
#[cfg(test)]
mod tests;
mod twins;

pub use corners::Choice;
pub use lab::{Lab, Trouble};

use crate::lesson::types::{Claim, Task, Typed};
use crate::lesson::{Check, CheckKind, Lesson, Program, SharedLesson};
use crate::runtime::Runtime;
use load::Load;
use runs::Runs;

/// How one item went on one runtime.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It is so.
    Holds,
    /// It is not so; why.
    Fails(String),
    /// It can be neither true nor false, on no machine: the lesson names what is not there, or mixes its kinds; why.
    Mistaken(String),
    /// This machine cannot show it: a core, a probe, a package or a version is missing; which.
    NotShown(String),
    /// The lesson does not say it of this runtime.
    NotSaid,
}

impl Outcome {
    /// Why the lesson has to be changed, where it has to.
    #[must_use]
    pub fn fault(&self) -> Option<&str> {
        match self {
            Outcome::Fails(why) | Outcome::Mistaken(why) => Some(why),
            Outcome::Holds | Outcome::NotShown(_) | Outcome::NotSaid => None,
        }
    }
}

/// What a row is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A claim of the lesson.
    Claim,
    /// A task accepts a right solution, or rejects a wrong one.
    Task,
    /// "What does this print?": the code prints what the right answer says.
    Prints,
    /// A Rust twin and its Python program have one shape.
    Twin,
    /// A program ends as it should at the corners of its knobs, or a claim holds there.
    Corners,
}

/// One item on every runtime.
#[derive(Debug, Clone)]
pub struct Row {
    /// The lesson's id.
    pub lesson: String,
    /// The kind of item.
    pub kind: Kind,
    /// What it says.
    pub says: String,
    /// The line of `lesson.md` where it is said, from 1, where that is known.
    pub line: Option<usize>,
    /// How it went, runtime by runtime.
    pub outcomes: Vec<Outcome>,
}

impl Row {
    /// Whether it failed on any runtime.
    #[must_use]
    pub fn failed(&self) -> bool {
        self.outcomes.iter().any(|outcome| outcome.fault().is_some())
    }
}

/// Where a check stands: told before each item.
#[derive(Debug, Clone, Copy)]
pub struct Progress<'p> {
    /// Items done, of all on all runtimes.
    pub done: usize,
    /// Items in all.
    pub total: usize,
    /// The lesson's id.
    pub lesson: &'p str,
    /// Who runs it.
    pub runtime: &'p Runtime,
    /// What the item says.
    pub says: &'p str,
}

/// Something that a lesson says.
enum Item<'l> {
    Claim(&'l Claim),
    Task(&'l Task, tasks::Tried<'l>),
    Prints(&'l Check, &'l Typed, &'l str),
    Twin(&'l Program),
    AtCorners(&'l Program, Choice),
    ClaimAtCorners(&'l Claim, Choice),
}

/// The lesson was not checked to its end, because somebody stopped it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the check was stopped before its end")]
pub struct Stopped;

/// Checks what lessons say on runtimes; their tasks as well where they are wanted.
///
/// # Errors
/// [`Stopped`] where the lab says that somebody stopped it.
pub fn check(
    lessons: &[SharedLesson],
    runtimes: &[Runtime],
    lab: &mut dyn Lab,
    with_tasks: bool,
    tell: impl FnMut(Progress<'_>),
) -> Result<Vec<Row>, Stopped> {
    check_items(lessons, runtimes, lab, |lesson| items(lesson, with_tasks), tell)
}

/// Runs the programs of lessons at the corners of their knobs.
///
/// # Errors
/// [`Stopped`] where the lab says that somebody stopped it.
pub fn check_corners(
    lessons: &[SharedLesson],
    runtimes: &[Runtime],
    lab: &mut dyn Lab,
    choice: Choice,
    tell: impl FnMut(Progress<'_>),
) -> Result<Vec<Row>, Stopped> {
    check_items(lessons, runtimes, lab, |lesson| at_corners(lesson, choice), tell)
}

/// Tries the tasks of lessons alone, with their right and their wrong solutions.
///
/// # Errors
/// [`Stopped`] where the lab says that somebody stopped it.
pub fn check_tasks(
    lessons: &[SharedLesson],
    runtimes: &[Runtime],
    lab: &mut dyn Lab,
    tell: impl FnMut(Progress<'_>),
) -> Result<Vec<Row>, Stopped> {
    check_items(lessons, runtimes, lab, of_tasks, tell)
}

fn check_items(
    lessons: &[SharedLesson],
    runtimes: &[Runtime],
    lab: &mut dyn Lab,
    items: impl Fn(&Lesson) -> Vec<Item<'_>>,
    mut tell: impl FnMut(Progress<'_>),
) -> Result<Vec<Row>, Stopped> {
    let total = lessons.iter().map(|lesson| items(lesson).len()).sum::<usize>() * runtimes.len();
    let (mut rows, mut done) = (Vec::new(), 0);
    for lesson in lessons {
        let items = items(lesson);
        let mut fresh: Vec<Row> = items.iter().map(|item| item.row(lesson)).collect();
        let mut runs = Runs::new(lesson, lab);
        for (place, runtime) in runtimes.iter().enumerate() {
            for (item, row) in items.iter().zip(&mut fresh) {
                tell(Progress { done, total, lesson: &lesson.id, runtime, says: &row.says });
                row.outcomes.push(runs.judged(|runs| item.check(runs, runtimes, place))?);
                done += 1;
            }
        }
        rows.extend(fresh);
    }
    Ok(rows)
}

/// The oldest and the newest CPython with a GIL (or without one, where none has it), and native with its GIL.
#[must_use]
pub fn quick(runtimes: &[Runtime]) -> Vec<Runtime> {
    let version = |runtime: &&Runtime| match runtime {
        Runtime::CPython(python) => Some((python.gil, python.version)),
        Runtime::Native { .. } => None,
    };
    let with_gil = |runtime: &&Runtime| version(runtime).is_some_and(|(gil, _)| gil);
    let any_gil = runtimes.iter().any(|runtime| with_gil(&runtime));
    let pythons = || runtimes.iter().filter(|r| version(r).is_some() && (!any_gil || with_gil(r)));
    let (oldest, newest) = (pythons().min_by_key(version), pythons().max_by_key(version));
    let two = oldest.into_iter().chain(newest.filter(|newest| Some(*newest) != oldest));
    two.chain(runtimes.iter().filter(|r| matches!(r, Runtime::Native { gil: true }))).cloned().collect()
}

/// All that a lesson says; its tasks as well where they are wanted.
fn items(lesson: &Lesson, with_tasks: bool) -> Vec<Item<'_>> {
    let claims = lesson.claims.iter().map(Item::Claim);
    let tasks = if with_tasks { of_tasks(lesson) } else { Vec::new() };
    let prints = lesson.checks.iter().filter_map(|check| match &check.kind {
        CheckKind::Typed(typed) => Some(Item::Prints(check, typed, typed.code.as_deref()?)),
        CheckKind::Choice(_) => None,
    });
    let both =
        |program: &&Program| program.python.is_some() && program.rust.is_some() && program.twin_differs.is_none();
    claims.chain(tasks).chain(prints).chain(lesson.programs.iter().filter(both).map(Item::Twin)).collect()
}

/// Everything that the lesson's tasks are tried with.
fn of_tasks(lesson: &Lesson) -> Vec<Item<'_>> {
    lesson.tasks.iter().flat_map(|task| tasks::tried(task).map(move |tried| Item::Task(task, tried))).collect()
}

/// The programs of a lesson, and its claims that say where they are made. In turns, a program at a time.
fn at_corners(lesson: &Lesson, choice: Choice) -> Vec<Item<'_>> {
    let claims = lesson.claims.iter().filter(|claim| claim.everywhere.is_some());
    let claims = claims.map(|claim| Item::ClaimAtCorners(claim, choice));
    let programs = lesson.programs.iter().map(|program| Item::AtCorners(program, choice));
    match choice {
        Choice::All => programs.chain(claims).collect(),
        Choice::Turn(turn) => programs.skip(turn % lesson.programs.len().max(1)).take(1).collect(),
    }
}

impl Item<'_> {
    fn row(&self, lesson: &Lesson) -> Row {
        let (kind, says, line) = match self {
            Item::Claim(claim) => (Kind::Claim, claim.says.clone(), Some(claim.that.line)),
            Item::Task(task, tried) => {
                (Kind::Task, tried.says(task), task.expects.first().map(|expect| expect.that.line))
            }
            Item::AtCorners(program, _) => (Kind::Corners, format!("{} ends as it should", program.name), None),
            Item::ClaimAtCorners(claim, _) => (Kind::Corners, claim.says.clone(), Some(claim.that.line)),
            Item::Prints(check, ..) => {
                (Kind::Prints, format!("check {}: the code prints the right answer", check.id), None)
            }
            Item::Twin(program) => {
                (Kind::Twin, format!("{}: the twin agrees in who waits for what, and who overlaps", program.name), None)
            }
        };
        let says = if kind == Kind::Corners {
            format!("{}, at the corners of the knobs", says.trim_end_matches('.'))
        } else {
            says
        };
        Row { lesson: lesson.id.clone(), kind, says, line, outcomes: Vec::new() }
    }

    /// Checks it on the runtime at a place of the list.
    fn check(&self, runs: &mut Runs<'_, '_>, runtimes: &[Runtime], place: usize) -> Result<Outcome, Stopped> {
        let runtime = &runtimes[place];
        match self {
            Item::Claim(claim) => claims::check(runs, claim, runtime),
            Item::Task(task, tried) => tasks::check(runs, task, *tried, runtime),
            Item::Prints(_, typed, code) => prints::check(runs, typed, code, runtime),
            Item::Twin(program) => twins::check(runs, program, runtime, runtimes),
            Item::AtCorners(program, choice) => corners::of_program(runs, program, runtime, *choice),
            Item::ClaimAtCorners(claim, choice) => corners::of_claim(runs, claim, runtime, *choice),
        }
    }
}
