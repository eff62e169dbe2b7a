//! Steps that held a loop up: long, while other tasks wanted to run.

use crate::clock::{MILLISECOND, Nanos};
use crate::trace::tasks::{LONG_STEP, TaskLoop};
use crate::trace::{Lane, State, Trace};
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
    /// The line in which it let go; `None` where it finished there, or was not asked.
    pub to_line: Option<u32>,
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

    /// Where it came from, or else where it went, in words.
    #[must_use]
    pub fn lines(&self) -> String {
        match (self.from, self.to_line) {
            (From::Entered(from), _) => format!("entered at line {from}"),
            (From::Awaited(from), _) => format!("on from line {from}"),
            (From::Unknown, Some(to)) => format!("up to line {to}"),
            (From::Unknown, None) => String::new(),
        }
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
    trace.tasks.loops.iter().flat_map(|own| of_loop(trace, own, |_| true)).collect()
}

/// The steps of a task that held its loop up.
#[must_use]
pub fn blocks_of(trace: &Trace, task: usize) -> Vec<Block> {
    let own = trace.tasks.tracks.get(task).and_then(|track| trace.tasks.loop_of(track.thread));
    own.map_or_else(Vec::new, |own| of_loop(trace, &trace.tasks.loops[own], |of| of == task))
}

/// The long steps of a loop's tasks, of those that are `wanted`. What the thread waited for a core was not the task's doing.
fn of_loop(trace: &Trace, own: &TaskLoop, wanted: impl Fn(usize) -> bool) -> Vec<Block> {
    let tasks = &trace.tasks;
    let thread = trace.lanes.iter().find(|lane| (lane.pid, lane.tid) == own.thread);
    let no_core = |from, to| thread.map_or(0, |lane| lane.spans.totals_in(from, to).get(State::Ready));
    let holds = own.turns.holds();
    let long = own.long.iter().filter_map(|at| Some((*at, holds.get(*at)?))).filter(|(_, hold)| {
        wanted(hold.lane) && (hold.end - hold.start).saturating_sub(no_core(hold.start, hold.end)) >= LONG_STEP
    });
    let block = |(at, hold): (usize, &crate::trace::Hold)| {
        let mut late = HashSet::new();
        let mut end = hold.end;
        for next in holds[at + 1..].iter().take(NEXT).take_while(|next| {
            let soon = next.start.saturating_sub(end) <= AT_ONCE;
            end = next.end;
            soon
        }) {
            if next.lane != hold.lane {
                late.insert(next.lane);
            }
        }
        let own = &tasks.tracks[hold.lane];
        let before = hold.start.checked_sub(1).and_then(|at| own.awaited_at(at));
        let entered = tasks.function_of(own).map_or(0, |function| function.line);
        let is_first = own.steps().first().is_some_and(|step| step.start == hold.start);
        let from = match before.map(|before| before.line) {
            Some(line) if line > 0 => From::Awaited(line),
            None if is_first && entered > 0 => From::Entered(entered),
            _ => From::Unknown,
        };
        let to_line = own.awaited_at(hold.end).map(|found| found.line).filter(|line| *line > 0);
        Block { task: hold.lane, start: hold.start, end: hold.end, from, to_line, late: late.len() }
    };
    long.map(block).filter(|block| block.late > 0).collect()
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
        assert_eq!(found[0].lines(), "entered at line 22");
        assert_eq!((blocks_of(&trace, 0), blocks_of(&trace, 1)), (found, Vec::new()));
        // Of the 100 ms the thread had no core for 60.
        let mut spans = Spans::default();
        for (start, end, state) in [(0, 20, State::Running), (20, 80, State::Ready), (80, 101, State::Running)] {
            let (start, end) = (start * MILLISECOND, end * MILLISECOND);
            spans.push(Span { start, end, state, core: None, wait: None });
        }
        let (name, by_core) = (String::new(), Vec::new());
        let (kind, end) = (LaneKind::Main, None);
        let of_process =
            Lane { pid: 10, tid: 10, parent: 1, name, kind, start: 0, end, spans, by_core, gil_holds: 0, switches: 0 };
        trace.lanes.push(of_process);
        assert_eq!(blocks(&trace), [], "that was the machine's doing");
    }
}
