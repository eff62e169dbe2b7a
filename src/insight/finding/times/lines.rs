//! Locks, told apart by their addresses, and the lines for them.

use super::doing::Doing;
use crate::clock::{Nanos, seconds};
use crate::trace::locks::Locks;
use crate::trace::{Call, Lane, Pid, WaitObject};
use std::collections::{BTreeMap, BTreeSet};

/// A lock that several threads stood in line for at once. Times are seconds.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Its address in its process; 0 where only its place tells it from others: Python from 3.13 on waits for each thread's own
    /// semaphore, and processes have a lock at different addresses.
    pub lock: u64,
    /// Whether it is a native library's own: Python's are semaphores.
    pub native: bool,
    /// Whether it is one of Python's, and asked for as a lock.
    pub python: bool,
    /// The line of the program in which most of the time was waited for it, where that is known.
    pub place: Option<String>,
    /// Who ever stood in line for it: places among the lanes.
    pub threads: Vec<usize>,
    /// How long at least two stood in line at once. What only one waits for may be anything: a condition makes a lock for each
    /// wait, and its address is soon another's.
    pub two: f64,
    /// How long at least one did.
    pub one: f64,
    /// How often one did.
    pub waits: usize,
}

/// When how many stood in line for one lock, and who.
#[derive(Default)]
struct Edges {
    steps: Vec<(Nanos, i32)>,
    threads: BTreeSet<usize>,
    native: bool,
    python: bool,
    places: BTreeMap<String, Nanos>,
}

/// The lines of some lanes in the window `[from, to)`, the longest first.
pub(super) fn of(lanes: &[(usize, &Lane)], (from, to): (Nanos, Nanos), places: &Locks) -> Vec<Line> {
    let mut locks: BTreeMap<(Pid, u64, String), Edges> = BTreeMap::new();
    for (id, lane) in lanes {
        for span in lane.spans.window(from, to).iter().filter(|span| Doing::of(span) == Doing::Lock) {
            let Some(wait) = span.wait.filter(|wait| !wait.call.is_for_news()) else { continue };
            let WaitObject::Lock(address) = wait.object else { continue };
            let by_place = places.lock_taken_in(lane, span);
            let is_by_place = by_place.is_some();
            let key = by_place.map_or_else(|| (lane.pid, address, String::new()), |place| (0, 0, place));
            let place = places.line_of(lane, span).or_else(|| is_by_place.then(|| key.2.clone()));
            let lock = locks.entry(key).or_default();
            lock.steps.extend([(span.start.max(from), 1), (span.end.min(to), -1)]);
            lock.threads.insert(*id);
            lock.native |= wait.call == Call::MutexLock;
            lock.python |= matches!(wait.call, Call::PyLock) || is_by_place;
            if let Some(place) = place {
                *lock.places.entry(place).or_default() += span.end.min(to) - span.start.max(from);
            }
        }
    }
    let mut out: Vec<Line> = locks.into_iter().map(|((_, lock, _), edges)| line(lock, edges)).collect();
    out.retain(|line| line.threads.len() > 1);
    out.sort_by(|a, b| b.two.total_cmp(&a.two).then(b.one.total_cmp(&a.one)));
    out
}

fn line(lock: u64, Edges { steps: mut edges, threads, native, python, places }: Edges) -> Line {
    edges.sort_unstable();
    let place = places.into_iter().max_by_key(|(_, time)| *time).map(|(place, _)| place);
    let (mut at_once, mut since, mut sums) = (0, 0, [0; 2]);
    for (at, step) in &edges {
        for (least, sum) in (1..).zip(&mut sums) {
            *sum += if at_once >= least { at - since } else { 0 };
        }
        at_once += step;
        since = *at;
    }
    let [one, two] = sums.map(seconds);
    let threads = threads.into_iter().collect();
    Line { lock, native, python, place, threads, two, one, waits: edges.len() / 2 }
}
