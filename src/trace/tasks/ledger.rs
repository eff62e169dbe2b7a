//! From marks to tasks: which number stands for which task now, and what was said last.

use super::mark::{AwaitMark, MarkedAwait, StepEnd, TaskMark};
use super::{Await, Awaited, Census, Function, LONG_STEP, Step, TaskLoop, TaskTrack, Tasks};
use crate::clock::Nanos;
use crate::trace::record::{Pid, Tid};
use crate::trace::{GilTrack, Span, Spans, State};
use std::collections::HashMap;

/// What the numbers of the marks stand for.
#[derive(Debug, Clone, Default)]
pub(super) struct Ledger {
    threads: HashMap<(Pid, Tid), Thread>,
    /// Tasks by process and number: one that a thread awaits is the thread's own, but for programs gone wrong.
    tasks: HashMap<(Pid, u64), usize>,
}

/// What a thread has said.
#[derive(Debug, Clone, Default)]
struct Thread {
    functions: HashMap<u32, usize>,
    /// The task that was born last, until something else is said.
    born: Option<usize>,
    /// The task whose step ended last, and when, until something else is said.
    stepped: Option<(usize, Nanos)>,
}

impl Tasks {
    /// Takes in what a thread says at `at`. Marks of one thread come in order.
    pub(in crate::trace) fn take(&mut self, thread: (Pid, Tid), at: Nanos, mark: TaskMark) {
        let said = self.ledger.threads.entry(thread).or_default();
        let (born, stepped) = (said.born.take(), said.stepped.take());
        match mark {
            TaskMark::Told => self.told = true,
            TaskMark::Function { number, name, line, file } => {
                said.functions.insert(number, self.functions.len());
                // It may be told between a step and what is awaited after it.
                (said.born, said.stepped) = (born, stepped);
                self.functions.push(Function { name, line, file });
            }
            TaskMark::Born { task, function } => {
                let function = said.functions.get(&function).copied();
                said.born = Some(self.tracks.len());
                self.ledger.tasks.insert((thread.0, task), self.tracks.len());
                self.tracks.push(TaskTrack::new(thread, function, at));
            }
            TaskMark::Named(name) => {
                if let Some(track) = born.and_then(|born| self.tracks.get_mut(born)) {
                    track.name = name;
                }
            }
            TaskMark::Step { task, since, how } => self.step(thread, task, (since, at), how),
            TaskMark::Awaits(mark) => {
                let function = |number: u32| said.functions.get(&number).copied();
                let called = function(mark.first).zip(function(mark.last));
                let function = function(mark.function);
                if let Some((task, at)) = stepped {
                    let on = self.awaited(thread.0, mark);
                    let found = Await { at, function, line: mark.line, called, on };
                    self.tracks[task].awaits.push(found);
                    self.waits(task, at, self.state(&found));
                }
            }
            TaskMark::Going { task, since } => {
                if let Some(task) = self.ledger.tasks.get(&(thread.0, task)).copied() {
                    let place = self.loop_at(thread);
                    self.loops[place].going = Some((task, since));
                }
            }
        }
    }

    fn awaited(&self, pid: Pid, mark: AwaitMark) -> Awaited {
        match mark.on {
            MarkedAwait::Nothing => Awaited::Nothing,
            MarkedAwait::Future => Awaited::Future,
            MarkedAwait::Gather => Awaited::Gather,
            MarkedAwait::Other => Awaited::Other,
            MarkedAwait::Task(task) => Awaited::Task(self.ledger.tasks.get(&(pid, task)).copied()),
        }
    }

    /// A step of a task. Of one that was never born, because that was lost, nothing is known: its steps are left out.
    fn step(&mut self, thread: (Pid, Tid), task: u64, (start, end): (Nanos, Nanos), how: StepEnd) {
        let Some(place) = self.ledger.tasks.get(&(thread.0, task)).copied() else { return };
        let track = &mut self.tracks[place];
        let before = track.on_loop();
        let start = track.steps.last().map_or(start, |last| start.max(last.end));
        if track.thread != thread || end < start {
            return;
        }
        if track.steps.is_empty() {
            track.born = start; // what it took to ask who it is was nobody's
        }
        track.steps.push(Step { start, end, before });
        track.turns += usize::from(how != StepEnd::Interrupted);
        let after = match how {
            StepEnd::Suspended => Some(State::Unknown),
            StepEnd::Interrupted => Some(State::Ready),
            StepEnd::Finished => None,
        };
        if how == StepEnd::Finished {
            track.end = Some(end);
            self.ledger.tasks.remove(&(thread.0, task));
        }
        self.draw(place, (start, end), after);
        if how == StepEnd::Suspended
            && let Some(said) = self.ledger.threads.get_mut(&thread)
        {
            said.stepped = Some((place, end));
        }
    }

    /// Draws a step of a task, which is in this state after it, into its spans and its loop.
    pub(super) fn draw(&mut self, place: usize, (start, end): (Nanos, Nanos), after: Option<State>) {
        let track = &mut self.tracks[place];
        let (thread, waited) = (track.thread, track.wait(start));
        track.span(end, State::Running);
        track.waits = after.unwrap_or(State::Unknown);
        let is_shown = waited.is_none() && !self.is_housekeeping(&self.tracks[place]);
        let own = self.loop_at(thread);
        let own = &mut self.loops[own];
        if is_shown {
            own.tasks.push(place);
        }
        own.turns.push(place, start, end);
        if end - start >= LONG_STEP {
            own.long.push(own.turns.holds().len() - 1);
        }
        own.census.change(start, waited, Some(State::Running));
        own.census.change(end, Some(State::Running), after);
        own.going = None;
    }

    /// What a task does after its step was asked.
    fn waits(&mut self, task: usize, at: Nanos, state: State) {
        let track = &mut self.tracks[task];
        let before = std::mem::replace(&mut track.waits, state);
        if let Some(own) = self.loop_of(self.tracks[task].thread) {
            self.loops[own].census.change(at, Some(before), Some(state));
        }
    }

    /// Draws every task that lives up to `until`, until [`Tasks::undo`].
    pub(in crate::trace) fn extend(&mut self, until: Nanos) {
        let going: Vec<usize> = self.loops.iter().filter_map(|own| own.going).map(|(task, _)| task).collect();
        for (at, track) in self.tracks.iter_mut().enumerate().filter(|(_, track)| track.end.is_none()) {
            if going.contains(&at) {
                let since = self.loops.iter().find_map(|own| own.going.filter(|(task, _)| *task == at));
                let _ = track.wait(since.map_or(until, |(_, since)| since));
                track.span(until, State::Running);
            } else if !track.steps.is_empty() {
                let _ = track.wait(until);
            }
        }
    }

    /// Takes back what [`Tasks::extend`] drew.
    pub(in crate::trace) fn undo(&mut self) {
        for track in self.tracks.iter_mut().filter(|track| track.end.is_none()) {
            track.spans.truncate_at(track.steps.last().map_or(track.born, |last| last.end));
        }
    }

    fn loop_at(&mut self, thread: (Pid, Tid)) -> usize {
        self.loop_of(thread).unwrap_or_else(|| {
            let turns = GilTrack::new(thread.0, u64::from(thread.1));
            self.loops.push(TaskLoop {
                thread,
                turns,
                long: Vec::new(),
                tasks: Vec::new(),
                census: Census::default(),
                going: None,
            });
            self.loops.len() - 1
        })
    }
}

impl TaskTrack {
    pub(super) fn new(thread: (Pid, Tid), function: Option<usize>, born: Nanos) -> TaskTrack {
        TaskTrack {
            thread,
            name: String::new(),
            function,
            born,
            end: None,
            turns: 0,
            spans: Spans::default(),
            waits: State::Unknown,
            steps: Vec::new(),
            awaits: Vec::new(),
        }
    }

    /// Waits up to `at`, and says in which state; `None` before its first step.
    fn wait(&mut self, at: Nanos) -> Option<State> {
        let began = !self.spans.as_slice().is_empty();
        self.span(at, self.waits);
        began.then_some(self.waits)
    }

    /// Is in a state up to `end`.
    fn span(&mut self, end: Nanos, state: State) {
        let start = self.spans.as_slice().last().map_or(self.born, |last| last.end);
        if end > start {
            let core = None;
            self.spans.push(Span { start, end, state, core, wait: None });
        }
    }
}
