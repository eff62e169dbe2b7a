//! Who is in a trace, in the order in which pictures show them: kept as the trace grows, so that a picture of ten thousand
//! lanes asks for those alone that it shows.
//!
//! Processes stand in the order of their first lanes, each with its main thread first; below its threads are the GILs that
//! passed between them. Of the threads and processes that have ended, the short-lived ones fold: they are counted all
//! together. What is short depends on how long the run is: as it goes on more of them fold, and none unfolds.

use crate::clock::Nanos;
use crate::trace::census::Census;
use crate::trace::lane::Lane;
use crate::trace::record::{LaneKind, Pid};
use crate::trace::tally::Tally;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

/// A lane that lived for no more than this part of the run is short-lived.
const SHORT: Nanos = 20;
/// Fewer lanes than this are not worth a row of their own.
const WORTH: usize = 8;

/// Which lanes a list has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// The workload's threads and processes, without those that fold.
    Shown,
    /// All of the workload's lanes, helpers too.
    All,
}

/// What stands at a place in a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// A lane, and whether it stands below its process's main thread.
    Lane {
        /// Its index in the trace.
        lane: usize,
        /// Whether it is another than its process's main thread.
        child: bool,
    },
    /// A GIL that passes from thread to thread: its index in the trace.
    Gil(usize),
}

/// The lanes of a process in one list, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Members {
    mains: Vec<usize>,
    others: Vec<usize>,
}

impl Members {
    const fn part(&mut self, main: bool) -> &mut Vec<usize> {
        if main { &mut self.mains } else { &mut self.others }
    }

    fn insert(&mut self, main: bool, lane: usize) {
        let part = self.part(main);
        let at = part.partition_point(|other| *other < lane);
        part.insert(at, lane);
    }

    /// False where it was not there.
    fn remove(&mut self, main: bool, lane: usize) -> bool {
        let part = self.part(main);
        part.binary_search(&lane).map(|at| part.remove(at)).is_ok()
    }

    const fn len(&self) -> usize {
        self.mains.len() + self.others.len()
    }

    fn at(&self, n: usize) -> Option<(usize, bool)> {
        let others = || self.others.get(n - self.mains.len()).map(|lane| (*lane, true));
        self.mains.get(n).map(|lane| (*lane, false)).or_else(others)
    }

    fn place(&self, main: bool, lane: usize) -> Option<usize> {
        if main {
            self.mains.binary_search(&lane).ok()
        } else {
            self.others.binary_search(&lane).ok().map(|at| at + self.mains.len())
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Process {
    pid: Pid,
    /// By [`Which`].
    lists: [Members; 2],
}

/// A lane, as far as lists need to know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Entry {
    /// The place of its process; `None` for the lesson's server.
    process: Option<usize>,
    main: bool,
    kind: LaneKind,
    color: Option<usize>,
    folded: bool,
}

/// The lanes that fold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Folded {
    /// How many there are.
    pub lanes: usize,
    /// How many of them are processes.
    pub processes: usize,
    /// None of them lived longer.
    pub longest: Nanos,
    /// What they did.
    pub census: Census,
}

/// Who is in a trace.
#[derive(Debug, Clone, Default)]
pub struct Roll {
    entries: Vec<Entry>,
    /// How many lanes have a colour.
    colored: usize,
    processes: Vec<Process>,
    by_pid: HashMap<Pid, usize>,
    /// Rows by process, by [`Which`].
    rows: [Tally; 2],
    helpers: Vec<usize>,
    servers: Vec<usize>,
    /// The tracks of each process's GILs, and those of them that passed on.
    tracks: HashMap<Pid, (Vec<usize>, Vec<usize>)>,
    /// All tracks that passed on.
    passed_on: Vec<usize>,
    folded: Folded,
    /// Threads that have ended and do not fold yet, the shortest first.
    ended: BinaryHeap<Reverse<(Nanos, usize)>>,
}

impl Roll {
    /// How many lanes are threads or processes of the workload, helpers left out: each has a colour.
    #[must_use]
    pub const fn colored(&self) -> usize {
        self.colored
    }

    /// A lane's place among the workload's threads, in order of creation: a thread keeps its colour while the run grows and
    /// in every picture. `None` for helpers and the server.
    #[must_use]
    pub fn color(&self, lane: usize) -> Option<usize> {
        self.entries.get(lane)?.color
    }

    /// How many processes of the workload there are.
    #[must_use]
    pub const fn processes(&self) -> usize {
        self.processes.len()
    }

    /// The helper lanes.
    #[must_use]
    pub fn helpers(&self) -> &[usize] {
        &self.helpers
    }

    /// The lanes of the lesson's server.
    #[must_use]
    pub fn servers(&self) -> &[usize] {
        &self.servers
    }

    /// Whether a lane folds.
    #[cfg(test)]
    pub fn is_folded(&self, lane: usize) -> bool {
        self.entries.get(lane).is_some_and(|entry| entry.folded)
    }

    /// The lanes that fold.
    #[must_use]
    pub const fn folded(&self) -> &Folded {
        &self.folded
    }

    /// The tracks of the GILs that passed from thread to thread.
    #[must_use]
    pub fn passed_on(&self) -> &[usize] {
        &self.passed_on
    }

    /// The tracks of a process's GILs.
    #[must_use]
    pub fn gils_of(&self, pid: Pid) -> &[usize] {
        self.tracks.get(&pid).map_or(&[], |(all, _)| all)
    }

    /// The main thread of a process.
    #[must_use]
    pub fn main_of(&self, pid: Pid) -> Option<usize> {
        self.processes[*self.by_pid.get(&pid)?].lists[Which::All as usize].mains.first().copied()
    }

    /// How long a list is.
    #[must_use]
    pub fn len(&self, which: Which) -> usize {
        self.rows[which as usize].sum()
    }

    /// What stands at a place of a list.
    #[must_use]
    pub fn at(&self, which: Which, n: usize) -> Option<Place> {
        let (process, n) = self.rows[which as usize].find(n)?;
        let process = &self.processes[process];
        let members = &process.lists[which as usize];
        match members.at(n) {
            Some((lane, other)) => Some(Place::Lane { lane, child: other && self.processes.len() > 1 }),
            None => self.passed(process.pid).get(n - members.len()).map(|track| Place::Gil(*track)),
        }
    }

    /// Where a lane stands in a list; `None` where it is not in it.
    #[must_use]
    pub fn place_of(&self, which: Which, lane: usize) -> Option<usize> {
        let Entry { process, main, .. } = self.entries.get(lane)?;
        let process = (*process)?;
        let inside = self.processes[process].lists[which as usize].place(*main, lane)?;
        Some(self.rows[which as usize].before(process) + inside)
    }

    /// Where a GIL stands in a list; `None` where it never passed on.
    #[must_use]
    pub fn place_of_gil(&self, which: Which, pid: Pid, track: usize) -> Option<usize> {
        let inside = self.passed(pid).iter().position(|own| *own == track)?;
        let process = *self.by_pid.get(&pid)?;
        let lanes = self.processes[process].lists[which as usize].len();
        Some(self.rows[which as usize].before(process) + lanes + inside)
    }

    fn passed(&self, pid: Pid) -> &[usize] {
        self.tracks.get(&pid).map_or(&[], |(_, passed)| passed)
    }

    fn count(&mut self, process: usize, which: Which, by: isize) {
        self.rows[which as usize].change(process, by);
    }

    /// A lane was added to the trace.
    pub(super) fn add(&mut self, lane: &Lane) {
        let index = self.entries.len();
        let color = lane.is_counted().then_some(self.colored);
        self.colored += usize::from(lane.is_counted());
        let main = lane.tid == lane.pid;
        let process = lane.is_workload().then(|| self.process(lane.pid));
        self.entries.push(Entry { process, main, kind: lane.kind, color, folded: false });
        self.list(index);
    }

    /// The place of a process, which is new where it was not known.
    fn process(&mut self, pid: Pid) -> usize {
        if let Some(place) = self.by_pid.get(&pid) {
            return *place;
        }
        let place = self.processes.len();
        self.processes.push(Process { pid, lists: Default::default() });
        self.by_pid.insert(pid, place);
        let gils = isize::try_from(self.passed(pid).len()).unwrap_or(0);
        for which in [Which::Shown, Which::All] {
            self.rows[which as usize].push();
            self.count(place, which, gils);
        }
        place
    }

    /// Puts a lane into its lists.
    fn list(&mut self, lane: usize) {
        let Entry { process, main, kind, folded, .. } = self.entries[lane];
        let Some(process) = process else {
            insert(&mut self.servers, lane);
            return;
        };
        if kind == LaneKind::Helper {
            insert(&mut self.helpers, lane);
        } else if !folded {
            self.processes[process].lists[Which::Shown as usize].insert(main, lane);
            self.count(process, Which::Shown, 1);
        }
        self.processes[process].lists[Which::All as usize].insert(main, lane);
        self.count(process, Which::All, 1);
    }

    /// Takes a lane from its lists.
    fn unlist(&mut self, lane: usize) {
        let Entry { process, main, .. } = self.entries[lane];
        let Some(process) = process else {
            remove(&mut self.servers, lane);
            return;
        };
        remove(&mut self.helpers, lane);
        for which in [Which::Shown, Which::All] {
            if self.processes[process].lists[which as usize].remove(main, lane) {
                self.count(process, which, -1);
            }
        }
    }

    /// The last lane was taken from the trace.
    pub(super) fn drop_last(&mut self) {
        let Some(last) = self.entries.len().checked_sub(1) else { return };
        self.unlist(last);
        let Entry { process, color, .. } = self.entries[last];
        self.entries.pop();
        self.colored -= usize::from(color.is_some());
        let empty = |process: &usize| self.processes[*process].lists[Which::All as usize].len() == 0;
        if process.filter(empty).is_some_and(|process| process + 1 == self.processes.len())
            && let Some(gone) = self.processes.pop()
        {
            self.by_pid.remove(&gone.pid);
            self.rows.iter_mut().for_each(Tally::pop);
        }
    }

    /// A lane of the workload turned out to be of another kind, also of the workload.
    pub(super) fn set_kind(&mut self, lane: usize, kind: LaneKind, lanes: &[Lane]) {
        self.unlist(lane);
        self.unfold(lane, lanes);
        self.entries[lane].kind = kind;
        let counted = kind != LaneKind::Helper;
        if counted != self.entries[lane].color.is_some() {
            let mut next = self.entries[..lane].iter().rev().find_map(|entry| entry.color).map_or(0, |color| color + 1);
            self.entries[lane].color = counted.then_some(next);
            for entry in &mut self.entries[lane..] {
                if let Some(color) = &mut entry.color {
                    *color = next;
                    next += 1;
                }
            }
            self.colored = next;
        }
        self.list(lane);
    }

    /// A GIL was added to the trace.
    pub(super) fn add_gil(&mut self, pid: Pid, track: usize) {
        self.tracks.entry(pid).or_default().0.push(track);
    }

    /// The last GIL was taken from the trace.
    pub(super) fn drop_gil(&mut self, pid: Pid, track: usize) {
        self.set_passed_on(pid, track, false);
        if let Some((all, _)) = self.tracks.get_mut(&pid) {
            remove(all, track);
        }
    }

    /// Whether a GIL has passed from thread to thread.
    pub(super) fn set_passed_on(&mut self, pid: Pid, track: usize, passed: bool) {
        let Some((_, own)) = self.tracks.get_mut(&pid) else { return };
        if own.binary_search(&track).is_ok() == passed {
            return;
        }
        let by = if passed {
            insert(own, track);
            insert(&mut self.passed_on, track);
            1
        } else {
            remove(own, track);
            remove(&mut self.passed_on, track);
            -1
        };
        if let Some(process) = self.by_pid.get(&pid).copied() {
            self.count(process, Which::Shown, by);
            self.count(process, Which::All, by);
        }
    }

    /// The lanes that have ended for good.
    pub(super) fn all_ended(self) -> Vec<usize> {
        let folded = self.entries.iter().enumerate().filter(|(_, entry)| entry.folded).map(|(index, _)| index);
        folded.chain(self.ended.iter().map(|Reverse((_, index))| *index)).collect()
    }

    /// A lane has ended for good.
    pub(super) fn ended(&mut self, index: usize, lane: &Lane) {
        if matches!(lane.kind, LaneKind::Thread | LaneKind::Process)
            && let Some(end) = lane.end
        {
            self.ended.push(Reverse((end.saturating_sub(lane.start), index)));
        }
    }

    /// The run has lasted from one instant to another: folds what is short beside that.
    pub(super) fn fold(&mut self, (from, until): (Nanos, Nanos), lanes: &[Lane]) {
        let length = until.saturating_sub(from);
        let short = |(life, _): &(Nanos, usize)| life.saturating_mul(SHORT) <= length;
        let mut folding = Vec::new();
        while let Some(Reverse(next)) = self.ended.peek().copied().filter(|Reverse(next)| short(next)) {
            folding.push(next);
            self.ended.pop();
        }
        if self.folded.lanes + folding.len() < WORTH {
            self.ended.extend(folding.into_iter().map(Reverse));
            return;
        }
        for (life, index) in folding {
            let (entry, lane) = (self.entries[index], &lanes[index]);
            if entry.folded || !matches!(lane.kind, LaneKind::Thread | LaneKind::Process) {
                continue;
            }
            if self.folded.lanes == 0 {
                self.folded.census = Census::new(from);
            }
            self.unlist(index);
            self.entries[index].folded = true;
            self.list(index);
            self.folded.lanes += 1;
            self.folded.processes += usize::from(entry.main);
            self.folded.longest = self.folded.longest.max(life);
            self.folded.census.enter(lane.spans.as_slice());
        }
    }

    fn unfold(&mut self, lane: usize, lanes: &[Lane]) {
        if std::mem::take(&mut self.entries[lane].folded) {
            self.folded.lanes -= 1;
            self.folded.processes -= usize::from(self.entries[lane].main);
            self.folded.census.leave(lanes[lane].spans.as_slice());
        }
    }
}

fn insert(sorted: &mut Vec<usize>, value: usize) {
    let at = sorted.partition_point(|other| *other < value);
    sorted.insert(at, value);
}

fn remove(sorted: &mut Vec<usize>, value: usize) {
    if let Ok(at) = sorted.binary_search(&value) {
        sorted.remove(at);
    }
}
