//! From marks to tasks: which number stands for which task now, and what was said last.

use super::mark::{AwaitMark, MarkedAwait, StepEnd, TaskMark};
use super::{Await, Awaited, Function, Step, TaskLoop, TaskTrack, Tasks};
use crate::clock::Nanos;
use crate::trace::GilTrack;
use crate::trace::record::{Pid, Tid};
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
                    self.tracks[task].awaits.push(Await { at, function, line: mark.line, called, on });
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
        track.steps.push(Step { start, end, before });
        if how != StepEnd::Interrupted {
            track.turns += 1;
        }
        if how == StepEnd::Finished {
            track.end = Some(end);
            self.ledger.tasks.remove(&(thread.0, task));
        }
        let own = self.loop_at(thread);
        self.loops[own].turns.push(place, start, end);
        self.loops[own].going = None;
        if how == StepEnd::Suspended
            && let Some(said) = self.ledger.threads.get_mut(&thread)
        {
            said.stepped = Some((place, end));
        }
    }

    fn loop_at(&mut self, thread: (Pid, Tid)) -> usize {
        self.loop_of(thread).unwrap_or_else(|| {
            let turns = GilTrack::new(thread.0, u64::from(thread.1));
            self.loops.push(TaskLoop { thread, turns, going: None });
            self.loops.len() - 1
        })
    }
}

impl TaskTrack {
    pub(super) const fn new(thread: (Pid, Tid), function: Option<usize>, born: Nanos) -> TaskTrack {
        TaskTrack {
            thread,
            name: String::new(),
            function,
            born,
            end: None,
            turns: 0,
            steps: Vec::new(),
            awaits: Vec::new(),
        }
    }
}
