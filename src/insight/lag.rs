//! Steps that held a loop up: long, while other tasks wanted to run.

use crate::clock::{MILLISECOND, Nanos};
use crate::trace::tasks::{LONG_STEP, TaskLoop};
use crate::trace::{Hold, Lane, State, StateTotals, Trace};
use std::collections::HashSet;

/// Who runs within this time after another task was ready while that ran: the loop has not waited in between.
const AT_ONCE: Nanos = MILLISECOND;
/// So many turns after it are looked at.
const NEXT: usize = 4096;

/// The line that a step began from. The line that took so long is another matter, and not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum From {
    /// The first line of the task's function: it is its first step.
    Entered(u32),
    /// The line of the `await` that was over.
    Awaited(u32),
    /// It is not known.
    Unknown,
}

/// Where a step ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum To {
    /// At the `await` in this line: there the task let go of the loop.
    Await(u32),
    /// The task finished.
    Finished,
    /// It is not known.
    Unknown,
}

/// A step that held a loop up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// The task: its place among the run's.
    pub task: usize,
    /// When the step began.
    pub start: Nanos,
    /// When it ended.
    pub end: Nanos,
    /// Where it came from.
    pub from: From,
    /// Where it ended.
    pub to: To,
    /// What the loop's thread did meanwhile, most of the time; `None` where that was not measured.
    pub did: Option<State>,
    /// How many other tasks ran right after it: they were ready.
    pub late: usize,
}

impl Block {
    /// How long the loop was held up.
    #[must_use]
    pub const fn duration(&self) -> Nanos {
        self.end - self.start
    }

    /// The line that it began from; 0 where that is not known.
    #[must_use]
    pub const fn first_line(&self) -> u32 {
        match self.from {
            From::Entered(line) | From::Awaited(line) => line,
            From::Unknown => 0,
        }
    }

    /// The line in which it let go of the loop; `None` where it finished, or was not asked.
    #[must_use]
    pub const fn to_line(&self) -> Option<u32> {
        match self.to {
            To::Await(line) => Some(line),
            To::Finished | To::Unknown => None,
        }
    }

    /// From where to where it ran, as far as that is known, in words; empty where nothing is.
    #[must_use]
    pub fn lines(&self) -> String {
        match (self.from, self.to) {
            (From::Entered(from) | From::Awaited(from), To::Await(to)) => format!("from line {from} to line {to}"),
            (From::Entered(from) | From::Awaited(from), To::Finished) => format!("from line {from} to its end"),
            (From::Entered(from) | From::Awaited(from), To::Unknown) => format!("from line {from} on"),
            (From::Unknown, To::Await(to)) => format!("up to line {to}"),
            (From::Unknown, To::Finished | To::Unknown) => String::new(),
        }
    }

    /// What it did instead of letting go, in words.
    #[must_use]
    pub fn doing(&self) -> Option<&'static str> {
        Some(match self.did? {
            State::Running | State::Native => "it computed",
            State::Sleep => "it slept",
            State::IoWait => "it waited for I/O",
            State::LockWait => "it waited for a lock",
            State::GilWait => "its thread waited for the GIL",
            State::Idle | State::Ready | State::Unknown => return None,
        })
    }

    /// What it did and where, in words; empty where neither is known.
    #[must_use]
    pub fn what(&self) -> String {
        let parts = [self.doing().unwrap_or_default().to_owned(), self.lines()];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    }
}

/// Whether the run has a loop whose tasks nobody told of: a program that waits for events as asyncio's loop does, on a Python in
/// which tasks cannot be seen.
#[must_use]
pub fn tasks_are_missing(trace: &Trace) -> bool {
    let waits_for_events = |lane: &Lane| lane.is_workload() && trace.tasks.polled.contains(&lane.pid);
    !trace.tasks.told && trace.lanes.iter().any(waits_for_events)
}

/// Every step that held a loop up, in order of time for each loop.
#[must_use]
pub fn blocks(trace: &Trace) -> Vec<Block> {
    let all = |own| of_loop(trace, own, |_| true).map(|at| block(trace, own, at));
    trace.tasks.loops.iter().flat_map(all).collect()
}

/// The longest step that held a loop up, and how many there were.
#[must_use]
pub fn longest(trace: &Trace) -> Option<(Block, usize)> {
    let own = |own| of_loop(trace, own, |_| true).map(move |at| (own, at));
    let all: Vec<(&TaskLoop, usize)> = trace.tasks.loops.iter().flat_map(own).collect();
    let length = |(own, at): &(&TaskLoop, usize)| own.turns.holds()[*at].end - own.turns.holds()[*at].start;
    let (own, at) = *all.iter().max_by_key(|one| length(one))?;
    Some((block(trace, own, at), all.len()))
}

/// When the steps of a task held its loop up: from when to when.
#[must_use]
pub fn times_of(trace: &Trace, task: usize) -> Vec<(Nanos, Nanos)> {
    let own = trace.tasks.tracks.get(task).and_then(|track| trace.tasks.loop_of(track.thread));
    let Some(own) = own.and_then(|own| trace.tasks.loops.get(own)) else { return Vec::new() };
    let times = |at: usize| (own.turns.holds()[at].start, own.turns.holds()[at].end);
    of_loop(trace, own, move |of| of == task).map(times).collect()
}

/// The long steps of a loop's tasks, of those that are `wanted`, which held it up: their places among its turns. What the
/// thread waited for a core was not the task's doing.
fn of_loop(trace: &Trace, own: &TaskLoop, wanted: impl Fn(usize) -> bool) -> impl Iterator<Item = usize> {
    let thread = thread_of(trace, own);
    let no_core = move |hold: &Hold| thread.map_or(0, |lane| totals(lane, hold).get(State::Ready));
    let long = move |hold: &Hold| (hold.end - hold.start).saturating_sub(no_core(hold)) >= LONG_STEP;
    let held_up = move |at: &usize| {
        let hold = own.turns.holds().get(*at);
        hold.is_some_and(|hold| wanted(hold.lane) && long(hold)) && late(own, *at).next().is_some()
    };
    own.long.iter().copied().filter(held_up)
}

fn thread_of<'t>(trace: &'t Trace, own: &TaskLoop) -> Option<&'t Lane> {
    trace.lanes.iter().find(|lane| (lane.pid, lane.tid) == own.thread)
}

fn totals(lane: &Lane, hold: &Hold) -> StateTotals {
    lane.spans.totals_in(hold.start, hold.end)
}

/// The others that ran right after a turn, as often as they did.
fn late(own: &TaskLoop, at: usize) -> impl Iterator<Item = usize> {
    let holds = own.turns.holds();
    let (of, mut end) = (holds[at].lane, holds[at].end);
    let soon = move |next: &&Hold| {
        let soon = next.start.saturating_sub(end) <= AT_ONCE;
        end = next.end;
        soon
    };
    let next = holds[at + 1..].iter().take(NEXT).take_while(soon);
    next.map(|next| next.lane).filter(move |lane| *lane != of)
}

/// All that is known of a turn that held its loop up.
fn block(trace: &Trace, own: &TaskLoop, at: usize) -> Block {
    let run = &trace.tasks;
    let hold = own.turns.holds()[at];
    let whose = &run.tracks[hold.lane];
    let before = hold.start.checked_sub(1).and_then(|at| whose.awaited_at(at));
    let entered = run.function_of(whose).map_or(0, |function| function.line);
    let is_first = whose.steps().first().is_some_and(|step| step.start == hold.start);
    let from = match before.map(|before| before.line) {
        Some(line) if line > 0 => From::Awaited(line),
        None if is_first && entered > 0 => From::Entered(entered),
        _ => From::Unknown,
    };
    let to = match whose.awaited_at(hold.end).map(|found| found.line).filter(|line| *line > 0) {
        Some(line) => To::Await(line),
        None if whose.end == Some(hold.end) => To::Finished,
        None => To::Unknown,
    };
    let did = thread_of(trace, own).and_then(|lane| {
        let totals = totals(lane, &hold);
        // That it had no core for a while is not what it did.
        let did = State::ALL.into_iter().filter(|state| !matches!(state, State::Ready | State::Unknown));
        did.max_by_key(|state| totals.get(*state)).filter(|state| totals.get(*state) > 0)
    });
    let late = late(own, at).collect::<HashSet<_>>().len();
    Block { task: hold.lane, start: hold.start, end: hold.end, from, to, did, late }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SECOND;
    use crate::trace::tasks::{StepEnd, TaskMark};
    use crate::trace::{Builder, LaneKind, Record, Span, Spans, What};

    fn trace(marks: &[(Nanos, TaskMark)]) -> Trace {
        let mut builder = Builder::new(10, 0);
        let record =
            |(at, mark): &(Nanos, TaskMark)| Record { at: *at, pid: 10, tid: 10, what: What::Task(mark.clone()) };
        builder.feed(marks.iter().map(record), SECOND);
        builder.finish(SECOND)
    }

    fn run(step: (u64, Nanos, Nanos)) -> (Nanos, TaskMark) {
        let (task, from, to) = step;
        (to * MILLISECOND, TaskMark::Step { task, since: from * MILLISECOND, how: StepEnd::Suspended, thing: 0 })
    }

    #[test]
    fn a_long_step_counts_where_others_were_ready() {
        let function = TaskMark::Function { number: 1, name: "crunch".into(), line: 22, file: "a.py".into() };
        let born = |task| (0, TaskMark::Born { task, object: 0, function: 1, made: false, number: None });
        let mut trace = trace(&[
            (0, function),
            born(1),
            born(2),
            born(3),
            run((1, 1, 101)),
            run((2, 101, 102)),
            run((3, 102, 103)),
            run((2, 103, 104)),
            run((1, 300, 400)),
            run((2, 500, 501)),
        ]);
        let found = blocks(&trace);
        assert_eq!(found.len(), 1, "after the second long step the loop waited: nobody was held up");
        assert_eq!((found[0].duration(), found[0].late), (100 * MILLISECOND, 2));
        assert_eq!(found[0].what(), "from line 22 on", "what its thread did was not measured");
        assert_eq!((times_of(&trace, 0), times_of(&trace, 1)), (vec![(MILLISECOND, 101 * MILLISECOND)], Vec::new()));
        assert_eq!(longest(&trace), Some((found[0].clone(), 1)));
        // Of the 100 ms the thread had no core for 60.
        let mut spans = Spans::default();
        for (start, end, state) in [(0, 20, State::Running), (20, 80, State::Ready), (80, 101, State::Running)] {
            let (start, end) = (start * MILLISECOND, end * MILLISECOND);
            spans.push(Span { start, end, state, core: None, wait: None });
        }
        let of_process = Lane { pid: 10, tid: 10, parent: 1, kind: LaneKind::Main, spans, ..Lane::default() };
        trace.lanes.push(of_process);
        assert_eq!((blocks(&trace), longest(&trace)), (Vec::new(), None), "that was the machine's doing");
    }
}
