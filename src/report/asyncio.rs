//! asyncio's tasks in a report.

use crate::clock::{Nanos, seconds};
use crate::insight::{awaits, lag};
use crate::trace::tasks::{Step, TaskTrack, Tasks};
use crate::trace::{State, Trace};
use serde::Serialize;
use std::collections::HashMap;
use std::fmt::{self, Display, Formatter};

/// So many tasks are told one by one in JSON, those that ran longest.
pub const TASKS: usize = 200;
/// So many things that a task awaited, and so many steps that held a loop up.
const FEW: usize = 20;

/// One task.
#[derive(Debug, Serialize)]
pub struct TaskJson {
    name: String,
    /// The function that it runs, with its first line.
    function: Option<String>,
    line: Option<u32>,
    pid: u32,
    tid: u32,
    start_s: f64,
    end_s: Option<f64>,
    steps: usize,
    on_loop_s: f64,
    longest_step_s: f64,
    /// How long it could have run and was not given the loop, over the steps for which that is known, and how many these are.
    in_line_s: f64,
    in_line_steps: usize,
    awaits: Vec<AwaitJson>,
}

/// What a task awaited, added up.
#[derive(Debug, Serialize)]
struct AwaitJson {
    /// In words; `null` where it was not asked.
    what: Option<String>,
    line: Option<u32>,
    times: usize,
    s: f64,
}

/// A step that held a loop up.
#[derive(Debug, Serialize)]
pub struct BlockJson {
    task: String,
    /// The lines between which it ran, in words.
    lines: String,
    /// What it did and where, in words.
    #[serde(skip)]
    what: String,
    start_s: f64,
    blocked_s: f64,
    line: u32,
    to_line: Option<u32>,
    /// What the loop's thread did meanwhile, most of the time; `null` where that was not measured.
    did: Option<&'static str>,
    /// How many other tasks ran right after it.
    late: usize,
}

impl Display for TaskJson {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let s = if self.steps == 1 { " " } else { "s" };
        write!(f, "{:20}  {:>5} step{s}  {:8.3} s on the loop", self.name, self.steps, self.on_loop_s)?;
        let Some(most) = self.awaits.first() else { return Ok(()) };
        let what = most.what.as_deref().unwrap_or("something that was not asked");
        write!(f, "  awaited {what} {:.3} s", most.s)?;
        most.line.map_or(Ok(()), |line| write!(f, " (line {line})"))
    }
}

impl Display for BlockJson {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "at {:.3} s {} blocked its loop for {:.0} ms", self.start_s, self.task, self.blocked_s * 1e3)?;
        if !self.what.is_empty() {
            write!(f, ": {}", self.what)?;
        }
        write!(f, "; {} other{} ready", self.late, if self.late == 1 { " was" } else { "s were" })
    }
}

/// The tasks that ran longest, in the order in which they ran first.
pub fn tasks(trace: &Trace, most: usize) -> Vec<TaskJson> {
    let tracks = &trace.tasks.tracks;
    let mut order: Vec<usize> = (0..tracks.len()).collect();
    order.sort_by_key(|at| std::cmp::Reverse(tracks[*at].on_loop()));
    order.truncate(most);
    order.sort_unstable();
    order.into_iter().map(|at| task(trace, &tracks[at])).collect()
}

fn task(trace: &Trace, own: &TaskTrack) -> TaskJson {
    let since = |at: Nanos| super::json::since(trace.zero(), at);
    let function = trace.tasks.function_of(own);
    TaskJson {
        name: own.name.clone(),
        function: function.map(|function| function.name.clone()),
        line: function.map(|function| function.line),
        pid: own.thread.0,
        tid: own.thread.1,
        start_s: since(own.born),
        end_s: own.end.map(since),
        steps: own.turns,
        on_loop_s: seconds(own.on_loop()),
        longest_step_s: seconds(own.steps().iter().map(Step::duration).max().unwrap_or(0)),
        in_line_s: seconds(own.in_line().0),
        in_line_steps: own.in_line().1,
        awaits: awaited(&trace.tasks, own),
    }
}

/// What a task awaited between its steps, what it awaited longest first.
fn awaited(tasks: &Tasks, track: &TaskTrack) -> Vec<AwaitJson> {
    let mut sums: HashMap<(Option<String>, Option<u32>), (usize, Nanos)> = HashMap::new();
    for two in track.steps().windows(2).filter(|two| two[1].start > two[0].end) {
        let found = track.awaited_at(two[0].end);
        let key = (found.map(|found| awaits::words(tasks, found)), found.map(|found| found.line).filter(|l| *l > 0));
        let sum = sums.entry(key).or_default();
        *sum = (sum.0 + 1, sum.1 + (two[1].start - two[0].end));
    }
    let one = |((what, line), (times, nanos))| AwaitJson { what, line, times, s: seconds(nanos) };
    let mut out: Vec<AwaitJson> = sums.into_iter().map(one).collect();
    out.sort_by(|a, b| b.s.total_cmp(&a.s).then_with(|| a.what.cmp(&b.what)));
    out.truncate(FEW);
    out
}

/// The longest steps that held a loop up, in order of time.
pub fn blocks(trace: &Trace) -> Vec<BlockJson> {
    let mut found = lag::blocks(trace);
    found.sort_by_key(|block| std::cmp::Reverse(block.duration()));
    found.truncate(FEW);
    found.sort_by_key(|block| block.start);
    let one = |block: lag::Block| BlockJson {
        task: trace.tasks.tracks[block.task].name.clone(),
        lines: block.lines(),
        what: block.what(),
        start_s: super::json::since(trace.zero(), block.start),
        blocked_s: seconds(block.duration()),
        line: block.first_line(),
        to_line: block.to_line(),
        did: block.did.map(State::key),
        late: block.late,
    };
    found.into_iter().map(one).collect()
}
