//! asyncio's tasks: when each ran on its loop, and what it awaited in between.
//!
//! A task lives on the loop of one thread, and of a loop's tasks one at most runs at any instant. So each task has its steps,
//! and each loop the row of all of them. Both answer for a window by binary search.

mod census;
mod kept;
mod ledger;
mod mark;
mod waits;

pub use census::Census;
#[cfg(test)]
pub use mark::NOTHING;
pub use mark::{AwaitMark, MarkedAwait, StepEnd, TaskMark};

use crate::clock::{MILLISECOND, Nanos};
use crate::trace::record::{Pid, Tid};
use crate::trace::{GilTrack, Spans, State};
use std::collections::BTreeSet;
use std::num::NonZero;

/// A step as long as this holds its loop up where others are ready: asyncio's own debug mode warns from 100 ms on, a person
/// notices half of that.
pub const LONG_STEP: Nanos = 50 * MILLISECOND;

/// The tasks of a run.
#[derive(Debug, Clone, Default)]
pub struct Tasks {
    /// Whether a process has said that it tells of its tasks: without that there may be some that nobody saw.
    pub told: bool,
    /// Whether all that tell of tasks tell when these can go on, too.
    pub ready_told: bool,
    /// Processes that waited for events as an asyncio loop does.
    pub polled: BTreeSet<Pid>,
    /// Every task, in the order in which they ran first.
    pub tracks: Vec<TaskTrack>,
    /// Every loop on which a task has run, in the same order.
    pub loops: Vec<TaskLoop>,
    /// The functions that tasks run and await.
    pub functions: Vec<Function>,
    ledger: ledger::Ledger,
}

/// A function, as far as it matters here.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Function {
    /// Its name with those that it stands in: `Queue.get`.
    pub name: String,
    /// Its first line.
    pub line: u32,
    /// Its file; of a very long path the end.
    pub file: String,
}

/// One step of a task on its loop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// When it began.
    pub start: Nanos,
    /// When it ended.
    pub end: Nanos,
    /// How long the task had run before.
    before: Nanos,
    /// Since when it could have run, where that is known.
    ready: Option<NonZero<Nanos>>,
}

impl Step {
    /// How long it took.
    #[must_use]
    pub const fn duration(&self) -> Nanos {
        self.end - self.start
    }

    /// Since when it stood in line for the loop; `None` where that is not known.
    #[must_use]
    pub fn ready(&self) -> Option<Nanos> {
        self.ready.map(NonZero::get)
    }
}

/// A step that was kept: since when it could have begun where that is known, its begin and its end.
pub type KeptStep = (Option<Nanos>, Nanos, Nanos);

/// What a task awaited after a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Await {
    /// When the step ended.
    pub at: Nanos,
    /// The innermost of the program's own functions: its place among the run's functions.
    pub function: Option<usize>,
    /// The line in it; 0 where it is not known.
    pub line: u32,
    /// The first of the library's functions that it awaits, and the last.
    pub called: Option<(usize, usize)>,
    /// What it waits for in the end.
    pub on: Awaited,
}

/// What a task waits for in the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Awaited {
    /// Nothing: it only lets others run.
    Nothing,
    /// A future.
    Future,
    /// Another task: its place among the run's tasks, where it has run before.
    Task(Option<usize>),
    /// Several at once: `gather`.
    Gather,
    /// Something else.
    Other,
}

/// Everything that is known of one task.
#[derive(Debug, Clone)]
pub struct TaskTrack {
    /// Its process and the thread of its loop.
    pub thread: (Pid, Tid),
    /// Its name.
    pub name: String,
    /// The function that it runs: its place among the run's functions.
    pub function: Option<usize>,
    /// When it was made, where that was seen, else when it ran first.
    pub born: Nanos,
    /// When it finished; `None` while it lives.
    pub end: Option<Nanos>,
    /// How often it was given the loop.
    pub turns: usize,
    /// What it did from its first step on: running on the loop, or waiting for what it awaits. Of a task that lives, the last
    /// goes on as long as the run is known.
    pub spans: Spans,
    /// What it does between its steps, as far as it is known.
    waits: State,
    /// Since when it stands in line for its next step, where that is known.
    ready: Option<NonZero<Nanos>>,
    /// The thing that it awaits, and it itself as a thing that others await: numbers of the program's, 0 for none.
    thing: u64,
    object: u64,
    /// Whether its loop counts it.
    counted: bool,
    steps: Vec<Step>,
    awaits: Vec<Await>,
}

/// A loop: whose turn it was, and when.
#[derive(Debug, Clone)]
pub struct TaskLoop {
    /// Its process and thread.
    pub thread: (Pid, Tid),
    /// Who ran when. It passes from task to task as a GIL does from thread to thread: a hold's lane is a task's place
    /// among the run's.
    pub turns: GilTrack,
    /// Which of its turns were as long as [`LONG_STEP`].
    pub long: Vec<usize>,
    /// Its tasks, in the order in which they ran first, but for those that it runs for itself when it ends.
    pub tasks: Vec<usize>,
    /// How many tasks did what, over time.
    pub census: Census,
    /// The step that went on when it was last looked at, and since when.
    pub going: Option<(usize, Nanos)>,
}

impl TaskTrack {
    /// A task of which this was kept: when it was born on its thread, its steps in order with when it could have run them, and
    /// what it awaited.
    #[must_use]
    pub fn kept((thread, born): ((Pid, Tid), Nanos), steps: &[KeptStep], awaits: Vec<Await>) -> TaskTrack {
        let mut track = TaskTrack { awaits, ..TaskTrack::new(thread, None, born) };
        for &(ready, start, end) in steps {
            let (before, ready) = (track.on_loop(), ready.and_then(NonZero::new));
            track.steps.push(Step { start, end, before, ready });
        }
        track
    }

    /// Forgets what it awaited.
    pub fn forget_awaits(&mut self) {
        self.awaits = Vec::new();
    }

    /// How long it stood in line for its steps, and for how many of them that is known.
    #[must_use]
    pub fn in_line(&self) -> (Nanos, usize) {
        let waited = self.steps.iter().filter_map(|step| Some(step.start - step.ready()?));
        waited.fold((0, 0), |(sum, count), waited| (sum + waited, count + 1))
    }

    /// Its steps, in order.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// What it awaited, in order, as far as it was asked.
    #[must_use]
    pub fn awaits(&self) -> &[Await] {
        &self.awaits
    }

    /// How long it has run in all.
    #[must_use]
    pub fn on_loop(&self) -> Nanos {
        self.steps.last().map_or(0, |last| last.before + last.duration())
    }

    /// The steps that touch the window `[from, to)`, and how long it ran in the window.
    #[must_use]
    pub fn between(&self, from: Nanos, to: Nanos) -> (&[Step], Nanos) {
        let first = self.steps.partition_point(|step| step.end <= from);
        let past = self.steps.partition_point(|step| step.start < to).max(first);
        let steps = &self.steps[first..past];
        let (Some(one), Some(last)) = (steps.first(), steps.last()) else { return (steps, 0) };
        let until = last.before + (last.end.min(to) - last.start);
        (steps, until - one.before - from.saturating_sub(one.start))
    }

    /// The step that it ran at an instant.
    #[must_use]
    pub fn step_at(&self, at: Nanos) -> Option<&Step> {
        self.between(at, at + 1).0.first()
    }

    /// What it awaited at an instant between two steps, where it was asked: what it was asked after the last step.
    #[must_use]
    pub fn awaited_at(&self, at: Nanos) -> Option<&Await> {
        let ended = self.steps.partition_point(|step| step.end <= at).checked_sub(1)?;
        let end = self.steps[ended].end;
        self.awaits.get(self.awaits.partition_point(|found| found.at < end)).filter(|found| found.at == end)
    }

    /// Whether it lived at an instant.
    #[must_use]
    pub fn lives_at(&self, at: Nanos) -> bool {
        self.born <= at && self.end.is_none_or(|end| at < end)
    }
}

impl Tasks {
    /// The loop of a thread: its place.
    #[must_use]
    pub fn loop_of(&self, thread: (Pid, Tid)) -> Option<usize> {
        self.loops.iter().position(|one| one.thread == thread)
    }

    /// Whether the loop runs it for itself, when it ends.
    fn is_housekeeping(&self, track: &TaskTrack) -> bool {
        self.function_of(track).is_some_and(|function| function.name.contains("Loop.shutdown_"))
    }

    /// What to call a task: its own name where the program gave it one, else its function with the number that asyncio gave.
    #[must_use]
    pub fn label(&self, track: &TaskTrack) -> String {
        match (track.name.strip_prefix("Task-"), self.function_of(track)) {
            (Some(number), Some(function)) => format!("{} {number}", function.name),
            (None, Some(function)) if track.name.is_empty() => function.name.clone(),
            _ => track.name.clone(),
        }
    }

    /// The function that a task runs.
    #[must_use]
    pub fn function_of(&self, track: &TaskTrack) -> Option<&Function> {
        track.function.and_then(|at| self.functions.get(at))
    }
}

#[cfg(test)]
mod tests;
