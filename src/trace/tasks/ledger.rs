//! From marks to tasks: which number stands for which task now, and what was said last.

use super::mark::{AwaitMark, MarkedAwait, NOTHING, StepEnd, TaskMark};
use super::{Await, Awaited, Census, Function, LONG_STEP, Step, TaskLoop, TaskTrack, Tasks};
use crate::clock::Nanos;
use crate::trace::record::{Pid, Tid};
use crate::trace::{GilTrack, Span, Spans, State};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::num::NonZero;

/// What the numbers of the marks stand for.
#[derive(Debug, Clone, Default)]
pub(super) struct Ledger {
    threads: HashMap<(Pid, Tid), Thread>,
    /// Tasks by process and number: one that a thread awaits is the thread's own, but for programs gone wrong.
    tasks: HashMap<(Pid, u64), usize>,
    /// Who awaits a thing, by process and number.
    awaited: HashMap<(Pid, u64), Vec<usize>>,
    /// Whether a process does not tell when its tasks can go on.
    ready_not_told: bool,
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
            TaskMark::ReadyTold(ready) => {
                self.ledger.ready_not_told |= !ready;
                self.ready_told = !self.ledger.ready_not_told;
            }
            TaskMark::Function { number, name, line, file } => {
                said.functions.insert(number, self.functions.len());
                // It may be told between a step and what is awaited after it.
                (said.born, said.stepped) = (born, stepped);
                self.functions.push(Function { name, line, file });
            }
            TaskMark::Born { task, object, function, made, number } => {
                let function = said.functions.get(&function).copied();
                let known = self.ledger.tasks.get(&(thread.0, task)).copied();
                let known = known.filter(|place| self.tracks[*place].is_new((thread, object)));
                let place = known.unwrap_or(self.tracks.len());
                said.born = Some(place);
                if known.is_none() {
                    let name = number.map_or_else(String::new, |number| format!("Task-{number}"));
                    self.tracks.push(TaskTrack { name, object, ..TaskTrack::new(thread, function, at) });
                    self.list(place);
                }
                self.ledger.tasks.insert((thread.0, task), place);
                if made {
                    self.can_go_on(place, at);
                }
            }
            TaskMark::Renamed(task) => said.born = self.ledger.tasks.get(&(thread.0, task)).copied(),
            TaskMark::Named(name) => {
                if let Some(track) = born.and_then(|born| self.tracks.get_mut(born)) {
                    track.name = name;
                }
            }
            TaskMark::Step { task, since, how, thing } => self.step(thread, task, (since, at), (how, thing)),
            TaskMark::Ready(thing) => self.has_come((thread.0, thing), at),
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
                    self.runs(thread, task, since);
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
    fn step(&mut self, thread: (Pid, Tid), task: u64, (start, end): (Nanos, Nanos), (how, thing): (StepEnd, u64)) {
        let Some(place) = self.ledger.tasks.get(&(thread.0, task)).copied() else { return };
        let track = &mut self.tracks[place];
        let before = track.on_loop();
        let start = start.max(track.settled());
        if track.thread != thread || end < start {
            return;
        }
        if !track.counted {
            track.born = start; // what it took to ask who it is was nobody's
        }
        let ready = track.ready.take();
        track.steps.push(Step { start, end, before, ready });
        track.turns += usize::from(how != StepEnd::Interrupted);
        let after = match how {
            StepEnd::Suspended => Some(State::Unknown),
            StepEnd::Interrupted => Some(State::Ready),
            StepEnd::Finished => None,
        };
        let (awaited, object) = (std::mem::replace(&mut track.thing, thing), track.object);
        self.awaits_no_more((thread.0, awaited), place);
        if how == StepEnd::Finished {
            self.tracks[place].end = Some(end);
            self.ledger.tasks.remove(&(thread.0, task));
        }
        self.draw(place, (start, end), after);
        match how {
            StepEnd::Suspended => {
                if thing == NOTHING {
                    self.can_go_on(place, end);
                } else if thing != 0 {
                    self.ledger.awaited.entry((thread.0, thing)).or_default().push(place);
                }
                if let Some(said) = self.ledger.threads.get_mut(&thread) {
                    said.stepped = Some((place, end));
                }
            }
            // Who awaits a task goes on when that has finished.
            StepEnd::Finished => self.has_come((thread.0, object), end),
            StepEnd::Interrupted => {}
        }
    }

    fn awaits_no_more(&mut self, thing: (Pid, u64), place: usize) {
        if let Entry::Occupied(mut tasks) = self.ledger.awaited.entry(thing) {
            tasks.get_mut().retain(|task| *task != place);
            if tasks.get().is_empty() {
                tasks.remove();
            }
        }
    }

    /// A thing has come that tasks may await.
    fn has_come(&mut self, thing: (Pid, u64), at: Nanos) {
        for place in self.ledger.awaited.remove(&thing).unwrap_or_default() {
            self.tracks[place].thing = 0;
            self.can_go_on(place, at);
        }
    }

    /// From `at` on a task stands in line for its next step, its first where it has run none.
    fn can_go_on(&mut self, place: usize, at: Nanos) {
        let track = &mut self.tracks[place];
        let at = at.max(track.settled());
        if track.end.is_none() {
            track.ready = track.ready.or(NonZero::new(at));
            self.lines_up(place, at);
        }
    }

    /// Draws that a task stands in line from `at` on.
    pub(super) fn lines_up(&mut self, place: usize, at: Nanos) {
        let track = &mut self.tracks[place];
        if !track.counted {
            track.born = at;
        }
        track.span(at, track.waits);
        let before = track.counted.then_some(track.waits);
        track.waits = State::Ready;
        track.goes_on(State::Ready);
        let own = self.counted(place);
        self.loops[own].census.change(at, before, Some(State::Ready));
    }

    /// The loop of a task, which counts it from now on.
    fn counted(&mut self, place: usize) -> usize {
        self.tracks[place].counted = true;
        self.loop_at(self.tracks[place].thread)
    }

    /// A new task is one of its loop's, but for those that it runs for itself.
    pub(super) fn list(&mut self, place: usize) {
        let own = self.loop_at(self.tracks[place].thread);
        if !self.is_housekeeping(&self.tracks[place]) {
            self.loops[own].tasks.push(place);
        }
    }

    /// Draws a step of a task, which is in this state after it, into its spans and its loop.
    pub(super) fn draw(&mut self, place: usize, (start, end): (Nanos, Nanos), after: Option<State>) {
        let track = &mut self.tracks[place];
        let waited = track.counted.then_some(track.waits);
        track.span(start, track.waits);
        track.span(end, State::Running);
        track.waits = after.unwrap_or(State::Unknown);
        if let Some(after) = after {
            track.goes_on(after);
        }
        let own = self.counted(place);
        let own = &mut self.loops[own];
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
        if state == State::Ready {
            return self.can_go_on(task, at);
        }
        let track = &mut self.tracks[task];
        let before = std::mem::replace(&mut track.waits, state);
        track.goes_on(state);
        if let Some(own) = self.loop_of(self.tracks[task].thread) {
            self.loops[own].census.change(at, Some(before), Some(state));
        }
    }

    /// A task has run since then, and runs on.
    fn runs(&mut self, thread: (Pid, Tid), place: usize, since: Nanos) {
        let own = self.loop_at(thread);
        if self.loops[own].going.replace((place, since)) == Some((place, since)) {
            return;
        }
        let track = &mut self.tracks[place];
        if !track.counted {
            track.born = since;
        }
        track.span(since, track.waits);
        track.goes_on(State::Running);
    }

    /// The run was over at `until`: so is what tasks did then.
    pub(in crate::trace) fn close(&mut self, until: Nanos) {
        for track in &mut self.tracks {
            if let Some(going) = track.spans.going_on() {
                track.span(until, going.state);
            }
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
            ready: None,
            thing: 0,
            object: 0,
            counted: false,
            steps: Vec::new(),
            awaits: Vec::new(),
        }
    }

    /// Whether it is this one, and has not run yet.
    fn is_new(&self, own: ((Pid, Tid), u64)) -> bool {
        self.counted && self.steps.is_empty() && own == (self.thread, self.object)
    }

    /// Up to when it is known for good what it did.
    fn settled(&self) -> Nanos {
        let stepped = self.steps.last().map_or(if self.counted { self.born } else { 0 }, |last| last.end);
        self.ready.map_or(stepped, |ready| stepped.max(ready.get()))
    }

    /// Is in a state up to `end`, where that is later than what is known.
    fn span(&mut self, end: Nanos, state: State) {
        self.spans.stop();
        let start = self.known();
        if end > start {
            let core = None;
            self.spans.push(Span { start, end, state, core, wait: None });
        }
    }

    /// Is in a state from here on, until it is known what it does next.
    fn goes_on(&mut self, state: State) {
        self.spans.stop();
        let start = self.known();
        self.spans.go_on(Span { start, end: Span::GOES_ON, state, core: None, wait: None });
    }

    /// Up to when its spans go.
    fn known(&self) -> Nanos {
        self.spans.as_slice().last().map_or(self.born, |last| last.end)
    }
}
