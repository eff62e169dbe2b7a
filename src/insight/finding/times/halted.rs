//! An event loop none of whose tasks can go on: each awaits what only another of them could do.

use super::doing::Doing;
use crate::clock::{Nanos, seconds};
use crate::insight::awaits;
use crate::trace::tasks::TaskLoop;
use crate::trace::{Lane, Trace};

/// Tasks of one loop that wait for each other.
#[derive(Debug, Clone, PartialEq)]
pub struct Halted {
    /// The loop's thread: its place among the lanes.
    pub lane: usize,
    /// Since when, in seconds from the program's start on.
    pub since: f64,
    /// Until when it is known.
    pub until: f64,
    /// Whether nobody but a task could bring it to an end; else a callback or another thread could, and neither did.
    pub certain: bool,
    /// Who awaits what, and in which line of the program, in words; the line is empty where it is not known.
    pub tasks: Vec<(String, String, String)>,
}

/// What nobody but a task brings to an end.
const SURE: [&str; 5] = ["Lock.acquire", "Semaphore.acquire", "BoundedSemaphore.acquire", "Queue.join", "Barrier.wait"];
/// What a task may wait in meanwhile: others of the loop bring that to an end, most often.
const PASSIVE: [&str; 7] =
    ["Queue.get", "Queue.put", "Condition.wait", "Event.wait", "gather", "the tasks of its group", FUTURE];
/// A future that the program itself awaits: what else would set it is a callback or another thread, and neither ran any more.
const FUTURE: &str = "a future";

/// Of the loops of a trace, in the window `[from, to)`: the one with the most tasks.
pub(super) fn of(trace: &Trace, lanes: &[(usize, &Lane)], window: (Nanos, Nanos)) -> Option<Halted> {
    let found = trace.tasks.loops.iter().filter_map(|own| of_loop(trace, own, lanes, window));
    found.max_by_key(|halted| halted.tasks.len())
}

fn of_loop(trace: &Trace, own: &TaskLoop, lanes: &[(usize, &Lane)], (from, to): (Nanos, Nanos)) -> Option<Halted> {
    let (lane, thread) = lanes.iter().find(|(_, lane)| (lane.pid, lane.tid) == own.thread)?;
    let living = own.tasks.iter().map(|place| &trace.tasks.tracks[*place]).filter(|track| track.end.is_none());
    let (mut since, mut tasks, mut sure, mut certain) = (from, Vec::new(), false, false);
    let (mut served, mut waited_for, mut event) = (false, false, false);
    for track in living {
        let last = track.steps().last()?;
        since = since.max(last.end);
        let awaits = track.awaited_at(last.end)?;
        let what = awaits::words(&trace.tasks, awaits);
        let is_sure = SURE.contains(&what.as_str());
        if !is_sure && !PASSIVE.contains(&what.as_str()) && !what.starts_with("task ") {
            return None;
        }
        certain |= is_sure;
        sure |= is_sure || what == FUTURE && awaits.function.is_some();
        // What serves waits for an event or at a queue, too: only where another task waits for the one that does, it is no service.
        served |= what == "Queue.get";
        waited_for |= what == "gather" || what == "the tasks of its group" || what.starts_with("task ");
        event |= what == "Event.wait";
        let function = awaits.function.and_then(|at| trace.tasks.functions.get(at)).map_or("", |f| f.name.as_str());
        let place = if awaits.line > 0 { format!("line {} ({function})", awaits.line) } else { String::new() };
        tasks.push((trace.tasks.label(track), what, place));
    }
    let sure = certain || !served && (sure || event && waited_for);
    // Its thread waits for events from then on, and no other thread of the program does anything that could bring one.
    let rests = |at: Nanos| {
        thread.spans.at(at).is_some_and(|span| Doing::of(span) == Doing::Events && span.start <= since.midpoint(to))
    };
    let waits = rests(since.midpoint(to)) && rests(to.saturating_sub((to - since) / 4));
    let busy = |lane: &Lane| {
        let does = |span: &crate::trace::Span| matches!(Doing::of(span), Doing::Core | Doing::Io | Doing::Sleep);
        lane.tid != thread.tid && lane.spans.at(since.midpoint(to)).is_some_and(does)
    };
    let alone = lanes.iter().all(|(_, lane)| !busy(lane));
    let at = |at: Nanos| seconds(at.saturating_sub(from));
    (sure && waits && alone).then(|| Halted { lane: *lane, since: at(since), until: at(to), certain, tasks })
}
