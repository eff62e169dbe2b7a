//! Steps that held a loop up: long, while other tasks wanted to run.

use crate::clock::{MILLISECOND, Nanos};
use crate::trace::tasks::{TaskLoop, Tasks};
use std::collections::HashSet;

/// Who runs within this time after another task was ready while that ran: the loop has not waited in between.
const AT_ONCE: Nanos = MILLISECOND;
/// So many turns after it are looked at.
const NEXT: usize = 4096;

/// A step that held a loop up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// The task: its place among the run's.
    pub task: usize,
    /// When the step began.
    pub start: Nanos,
    /// When it ended.
    pub end: Nanos,
    /// The line that it went on from, or that its function begins in.
    pub from_line: u32,
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

    /// The lines between which it ran, in words.
    #[must_use]
    pub fn lines(&self) -> String {
        match (self.from_line, self.to_line) {
            (0, None) => String::new(),
            (0, Some(to)) => format!("before line {to}"),
            (from, Some(to)) if to > from => format!("lines {from} to {to}"),
            (from, _) => format!("line {from}"),
        }
    }
}

/// Every step that held a loop up, in order of time for each loop.
#[must_use]
pub fn blocks(tasks: &Tasks) -> Vec<Block> {
    tasks.loops.iter().flat_map(|own| of_loop(tasks, own)).collect()
}

fn of_loop(tasks: &Tasks, own: &TaskLoop) -> Vec<Block> {
    let holds = own.turns.holds();
    let long = own.long.iter().filter_map(|at| Some((*at, holds.get(*at)?)));
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
        let track = &tasks.tracks[hold.lane];
        let before = hold.start.checked_sub(1).and_then(|at| track.awaited_at(at));
        let first_line = tasks.function_of(track).map_or(0, |function| function.line);
        let from_line = before
            .map_or(if track.steps().first().is_some_and(|s| s.start == hold.start) { first_line } else { 0 }, |b| {
                b.line
            });
        let to_line = track.awaited_at(hold.end).map(|found| found.line).filter(|line| *line > 0);
        Block { task: hold.lane, start: hold.start, end: hold.end, from_line, to_line, late: late.len() }
    };
    long.map(block).filter(|block| block.late > 0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SECOND;
    use crate::trace::tasks::{StepEnd, TaskMark};
    use crate::trace::{Builder, Record, What};

    fn tasks(marks: &[(Nanos, TaskMark)]) -> Tasks {
        let mut builder = Builder::new(10, 0);
        let record =
            |(at, mark): &(Nanos, TaskMark)| Record { at: *at, pid: 10, tid: 10, what: What::Task(mark.clone()) };
        builder.feed(marks.iter().map(record), SECOND);
        builder.finish(SECOND).tasks
    }

    fn run(step: (u64, Nanos, Nanos)) -> (Nanos, TaskMark) {
        let (task, from, to) = step;
        (to * MILLISECOND, TaskMark::Step { task, since: from * MILLISECOND, how: StepEnd::Suspended })
    }

    #[test]
    fn a_long_step_counts_where_others_were_ready() {
        let function = TaskMark::Function { number: 1, name: "crunch".into(), line: 22, file: "a.py".into() };
        let born = |task| (0, TaskMark::Born { task, function: 1 });
        let tasks = tasks(&[
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
        let found = blocks(&tasks);
        assert_eq!(found.len(), 1, "after the second long step the loop waited: nobody was held up");
        assert_eq!((found[0].duration(), found[0].late), (100 * MILLISECOND, 2));
        assert_eq!(found[0].lines(), "line 22");
    }
}
