//! Calls that tasks make in an executor's threads, and which of them stand in line.

use super::doing::Doing;
use crate::clock::{Nanos, seconds};
use crate::trace::tasks::TaskTrack;
use crate::trace::{Lane, Trace};

/// What runs a call in the default executor's threads, by asyncio's own names.
const CALLS: [&str; 3] = ["to_thread", "BaseEventLoop.getaddrinfo", "BaseEventLoop.getnameinfo"];

/// Whether this library's function runs a call in threads.
pub(super) fn in_threads(called: &str) -> bool {
    CALLS.contains(&called) || called.ends_with("run_in_executor")
}

/// Calls that tasks made in the default executor's threads.
#[derive(Debug, Clone, PartialEq)]
pub struct Calls {
    /// Its threads: their places among the lanes.
    pub workers: Vec<usize>,
    /// Seconds in which each of them was busy, and more calls were waited for than they are.
    pub full: f64,
    /// The most that stood in line for at least [`WHILE`] at one time.
    pub in_line: usize,
}

/// A shorter time in line is not told: a call's thread may just be on its way to take it.
const WHILE: Nanos = 20_000_000;

impl Calls {
    /// Of the calls in a run's window; `None` where there are none, or it is not known who runs them.
    pub fn of(trace: &Trace, lanes: &[(usize, &Lane)], (from, to): (Nanos, Nanos)) -> Option<Calls> {
        let mut edges: Vec<(Nanos, i8, bool)> = Vec::new();
        let mut thread = None;
        for track in &trace.tasks.tracks {
            for (start, end) in waits(trace, track) {
                thread.get_or_insert(track.thread);
                edges.push((start.max(from), 1, true));
                edges.push((end.min(to).max(from), -1, true));
            }
        }
        let (pid, _) = thread?;
        let workers = workers(lanes.iter().filter(|(_, lane)| lane.pid == pid).copied())?;
        for (_, lane) in &workers {
            for span in lane.spans.window(from, to).iter().filter(|span| Doing::of(span) != Doing::Idle) {
                edges.push((span.start.max(from), 1, false));
                edges.push((span.end.min(to), -1, false));
            }
        }
        edges.sort_unstable();
        let (mut open, mut busy, mut since) = (0_i64, 0_i64, from);
        let many = i64::try_from(workers.len()).unwrap_or(i64::MAX);
        let (mut full, mut longest): (Nanos, Vec<(i64, Nanos)>) = (0, Vec::new());
        for (at, step, is_call) in edges {
            let line = open - busy;
            if at > since && busy >= many && line > 0 {
                full += at - since;
                longest.push((line, at - since));
            }
            since = since.max(at);
            *(if is_call { &mut open } else { &mut busy }) += i64::from(step);
        }
        longest.sort_unstable_by(|a, b| b.cmp(a));
        let mut sum = 0;
        let in_line = longest.iter().find(|(_, time)| {
            sum += time;
            sum >= WHILE
        });
        let in_line = in_line.and_then(|(line, _)| usize::try_from(*line).ok())?;
        Some(Calls { workers: workers.iter().map(|(id, _)| *id).collect(), full: seconds(full), in_line })
    }
}

/// When a task waited for a call in a thread.
fn waits<'t>(all: &'t Trace, track: &'t TaskTrack) -> impl Iterator<Item = (Nanos, Nanos)> {
    let steps = track.steps();
    let ends = steps.iter().skip(1).map(|next| next.start).chain([track.end.unwrap_or(Nanos::MAX)]);
    steps.iter().zip(ends).filter_map(|(step, end)| {
        let (first, _) = track.awaited_at(step.end)?.called?;
        let name = &all.tasks.functions.get(first)?.name;
        CALLS.contains(&name.as_str()).then_some((step.end, end))
    })
}

/// The threads of the default executor: asyncio names its own, and another one is known where there is only one in the process.
fn workers<'l>(lanes: impl Iterator<Item = (usize, &'l Lane)>) -> Option<Vec<(usize, &'l Lane)>> {
    let (mut own, mut others): (Vec<_>, Vec<_>) = (Vec::new(), Vec::new());
    for (id, lane) in lanes {
        match lane.name.rsplit_once('_').filter(|(_, number)| number.parse::<u32>().is_ok()) {
            Some(("asyncio", _)) => own.push((id, lane)),
            Some((pool, _)) if pool.starts_with("ThreadPoolExecutor-") => others.push((pool, id, lane)),
            _ => {}
        }
    }
    if !own.is_empty() {
        return Some(own);
    }
    let first = others.first()?.0;
    others.iter().all(|(pool, ..)| *pool == first).then(|| others.iter().map(|(_, id, lane)| (*id, *lane)).collect())
}
