//! Which lanes a timeline shows, in which order and under which name: processes with their threads below them, helpers
//! folded into one row, the server apart.
//!
//! A list of many rows is not made: the trace's roll says what stands at a place of it, so that a frame costs what it shows.

mod opened;

use crate::trace::roll::{Place, Which};
use crate::trace::{GilTrack, LaneKind, Pid, Trace};
use opened::Opened;
use std::collections::HashMap;

/// One row of a timeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Row {
    /// A lane.
    Lane {
        /// Its index in the trace.
        lane: usize,
        /// Its place among the workload's threads, which gives it its colour; `None` for server and helpers.
        color: Option<usize>,
        /// Whether it stands below its process's main thread.
        child: bool,
    },
    /// A GIL that passes from thread to thread: who holds it.
    Gil {
        /// Its index in the trace.
        track: usize,
        /// Whether it stands below its process's lanes.
        child: bool,
    },
    /// An asyncio task, below the thread of its loop.
    Task {
        /// Its place among the run's.
        task: usize,
        /// Its colour: those of tasks follow those of threads.
        color: usize,
    },
    /// The tasks of a loop in one row: how many did what.
    Tasks(usize),
    /// So many lanes as one area: how many are in which state.
    Crowd(usize),
    /// So many short-lived lanes that have ended: how many were in which state.
    Ended(usize),
    /// So many helper lanes that are not drawn.
    Helpers(usize),
}

/// A row that can be asked what happened at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pointed {
    /// A lane: its index in the trace.
    Lane(usize),
    /// A GIL: its index in the trace.
    Gil(usize),
    /// An asyncio task: its place among the run's.
    Task(usize),
}

/// How much of what folds is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Open {
    /// Helpers are one row, and lanes or tasks that are too many to be looked at one area.
    #[default]
    Folded,
    /// The area is open: it has lanes. Helpers and the short-lived ones that have ended are one row each.
    Lanes,
    /// Every lane is there.
    All,
}

impl Row {
    /// The lane's index in the trace.
    #[must_use]
    pub const fn lane(&self) -> Option<usize> {
        match self {
            Row::Lane { lane, .. } => Some(*lane),
            _ => None,
        }
    }

    /// What can be pointed at.
    #[must_use]
    pub const fn pointed(&self) -> Option<Pointed> {
        match self {
            Row::Lane { lane, .. } => Some(Pointed::Lane(*lane)),
            Row::Gil { track, .. } => Some(Pointed::Gil(*track)),
            Row::Task { task, .. } => Some(Pointed::Task(*task)),
            Row::Crowd(_) | Row::Tasks(_) | Row::Ended(_) | Row::Helpers(_) => None,
        }
    }

    /// Whether it stands for lanes or tasks that can be opened.
    #[must_use]
    pub const fn folds(&self) -> bool {
        matches!(self, Row::Crowd(_) | Row::Ended(_) | Row::Helpers(_) | Row::Tasks(_))
    }
}

/// More tasks than these on a loop are one row until they are opened.
const FEW_TASKS: usize = 12;
/// More tasks than these on a loop are not listed when they are opened: a frame asks for those that it shows.
const LISTED: usize = 64;

/// The colour of a run's task.
#[must_use]
pub const fn task_color(trace: &Trace, task: usize) -> usize {
    trace.roll.colored() + task
}

/// The rows of the tasks on a lane's loop; one for all of them where they are folded, or too many to be listed.
fn tasks(trace: &Trace, lane: usize, open: Open) -> Vec<Row> {
    let lane = &trace.lanes[lane];
    let Some(own) = trace.tasks.loop_of((lane.pid, lane.tid)) else { return Vec::new() };
    let tasks = &trace.tasks.loops[own].tasks;
    if tasks.len() > if open == Open::All { LISTED } else { FEW_TASKS } {
        return vec![Row::Tasks(own)];
    }
    tasks.iter().map(|task| self::task(trace, *task)).collect()
}

/// The row of a task.
const fn task(trace: &Trace, task: usize) -> Row {
    Row::Task { task, color: task_color(trace, task) }
}

/// More lanes than these are one area until they are opened.
const MANY: usize = 64;
/// More lanes than these, helpers included, are not walked through.
const WALKED: usize = 256;

/// Whether a run has more lanes than can be looked at.
#[must_use]
pub const fn is_crowd(trace: &Trace) -> bool {
    trace.roll.colored() > MANY || trace.lanes.len() > WALKED
}

/// The rows of a timeline, top to bottom.
#[derive(Debug, Clone)]
pub struct Rows<'t> {
    trace: &'t Trace,
    open: Open,
    list: List,
}

#[derive(Debug, Clone)]
enum List {
    /// One area.
    Crowd(usize),
    /// Each of them.
    Few(Vec<Row>),
    /// Few of them but for the tasks of a loop, which are open.
    Opened(Opened),
    /// Those that the trace's roll lists, and what stands below them. Of so many lanes, tasks have no rows of their own.
    Many(Which),
}

impl List {
    /// These rows: one of tasks stands for each of them where all is open.
    fn of(trace: &Trace, rows: Vec<Row>, open: Open) -> List {
        let long = open == Open::All && rows.iter().any(|row| matches!(row, Row::Tasks(_)));
        if long { List::Opened(Opened::new(trace, rows)) } else { List::Few(rows) }
    }
}

impl<'t> Rows<'t> {
    /// The rows of a trace.
    #[must_use]
    pub fn new(trace: &'t Trace, open: Open) -> Rows<'t> {
        let counted = trace.roll.colored();
        let list = match open {
            Open::Folded if counted > MANY => List::Crowd(counted),
            Open::All if is_crowd(trace) => List::Many(Which::All),
            Open::Folded | Open::Lanes if is_crowd(trace) => List::Many(Which::Shown),
            _ => List::of(trace, walked(trace, open), open),
        };
        Rows { trace, open, list }
    }

    /// These rows of a trace.
    #[must_use]
    pub const fn of(trace: &'t Trace, rows: Vec<Row>) -> Rows<'t> {
        Rows { trace, open: Open::Folded, list: List::Few(rows) }
    }

    /// All of them, where they are few.
    #[must_use]
    pub fn few(&self) -> Option<&[Row]> {
        match &self.list {
            List::Few(rows) => Some(rows),
            List::Crowd(_) | List::Opened(_) | List::Many(_) => None,
        }
    }

    /// Whether they are one area.
    #[must_use]
    pub const fn is_area(&self) -> bool {
        matches!(self.list, List::Crowd(_))
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        match &self.list {
            List::Crowd(_) => 1,
            List::Few(rows) => rows.len(),
            List::Opened(rows) => rows.len(),
            List::Many(which) => self.trace.roll.len(*which) + self.below(*which).count(),
        }
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The row at a place.
    #[must_use]
    pub fn get(&self, n: usize) -> Option<Row> {
        let roll = &self.trace.roll;
        match &self.list {
            List::Crowd(count) => (n == 0).then_some(Row::Crowd(*count)),
            List::Few(rows) => rows.get(n).copied(),
            List::Opened(rows) => rows.get(self.trace, n),
            List::Many(which) => match roll.at(*which, n) {
                Some(Place::Lane { lane, child }) => Some(Row::Lane { lane, color: roll.color(lane), child }),
                Some(Place::Gil(track)) => Some(Row::Gil { track, child: roll.processes() > 1 }),
                None => self.below(*which).nth(n - roll.len(*which)),
            },
        }
    }

    /// So many rows from a place on.
    #[must_use]
    pub fn slice(&self, first: usize, count: usize) -> Vec<Row> {
        (first..first.saturating_add(count)).map_while(|n| self.get(n)).collect()
    }

    /// What stands below the workload's lanes.
    fn below(&self, which: Which) -> impl Iterator<Item = Row> {
        let roll = &self.trace.roll;
        let shown = which == Which::Shown;
        let row = |count: usize, row: fn(usize) -> Row| Some(row(count)).filter(|_| shown && count > 0);
        let folded = row(roll.folded().lanes, Row::Ended).into_iter().chain(row(roll.helpers().len(), Row::Helpers));
        folded.chain(roll.servers().iter().map(|lane| Row::Lane { lane: *lane, color: None, child: false }))
    }

    /// Where something stands that can be pointed at.
    #[must_use]
    pub fn place_of(&self, pointed: Pointed) -> Option<usize> {
        let which = match &self.list {
            List::Crowd(_) => return None,
            List::Few(rows) => return rows.iter().position(|row| row.pointed() == Some(pointed)),
            List::Opened(rows) => return rows.place_of(self.trace, pointed),
            List::Many(which) => *which,
        };
        let roll = &self.trace.roll;
        let listed = match pointed {
            Pointed::Lane(lane) => roll.place_of(which, lane),
            Pointed::Gil(track) => roll.place_of_gil(which, self.trace.gils.get(track)?.pid, track),
            Pointed::Task(_) => return None,
        };
        let below = || self.below(which).position(|row| row.pointed() == Some(pointed));
        listed.or_else(|| Some(roll.len(which) + below()?))
    }

    /// What can be pointed at `by` rows below something (above, where negative), or nearest to there; the first of all where
    /// nothing is pointed at.
    #[must_use]
    pub fn step(&self, from: Option<Pointed>, by: isize) -> Option<Pointed> {
        let at = |n: usize| self.get(n).and_then(|row| row.pointed());
        let last = self.len().checked_sub(1)?;
        let Some(place) = from.and_then(|from| self.place_of(from)) else { return (0..=last).find_map(at) };
        let to = place.saturating_add_signed(by).min(last);
        if by < 0 { (0..=to).rev().find_map(at) } else { (to..=last).find_map(at) }
            .or_else(|| if by < 0 { (to..=place).find_map(at) } else { (place..=to).rev().find_map(at) })
    }

    /// What the next step of opening shows: less at last; `None` where nothing folds.
    #[must_use]
    pub fn next(&self) -> Option<Open> {
        let roll = &self.trace.roll;
        let folded = if is_crowd(self.trace) {
            roll.folded().lanes > 0
        } else {
            self.trace.tasks.loops.iter().any(|own| own.tasks.len() > FEW_TASKS)
        };
        let folds = folded || !roll.helpers().is_empty();
        match (&self.list, self.open) {
            (List::Crowd(_), _) => Some(Open::Lanes),
            (_, Open::Folded) if folds => Some(Open::All),
            (_, Open::Lanes) if folds && is_crowd(self.trace) => Some(Open::All),
            (_, Open::Lanes | Open::All) if folds || is_crowd(self.trace) => Some(Open::Folded),
            _ => None,
        }
    }
}

/// The rows of a trace that has few.
fn walked(trace: &Trace, open: Open) -> Vec<Row> {
    let mut first: HashMap<Pid, usize> = HashMap::new();
    let mut order: Vec<usize> = Vec::new();
    for (index, lane) in trace.lanes.iter().enumerate().filter(|(_, l)| l.is_workload()) {
        first.entry(lane.pid).or_insert(index);
        order.push(index);
    }
    order.sort_by_key(|i| {
        let lane = &trace.lanes[*i];
        (first[&lane.pid], lane.tid != lane.pid, *i)
    });
    let several = first.len() > 1;
    let child = |i: usize| several && trace.lanes[i].tid != trace.lanes[i].pid;
    let row = |i: usize| Row::Lane { lane: i, color: trace.roll.color(i), child: child(i) };
    let is_helper = |i: &usize| trace.lanes[*i].kind == LaneKind::Helper;
    let drawn: Vec<usize> = order.iter().copied().filter(|i| open == Open::All || !is_helper(i)).collect();
    let helpers = order.len() - drawn.len();
    let mut out = Vec::new();
    for lanes in drawn.chunk_by(|a, b| trace.lanes[*a].pid == trace.lanes[*b].pid) {
        for lane in lanes {
            out.push(row(*lane));
            out.extend(tasks(trace, *lane, open));
        }
        // Below the threads of a process, who of them holds its GIL: where it never passes on, the lane says it.
        let pid = lanes.first().map(|i| trace.lanes[*i].pid);
        let own = |(_, gil): &(usize, &GilTrack)| Some(gil.pid) == pid && gil.turns() > 0;
        let gils = trace.gils.iter().enumerate().filter(own);
        out.extend(gils.map(|(track, _)| Row::Gil { track, child: several }));
    }
    if helpers > 0 {
        out.push(Row::Helpers(helpers));
    }
    let servers = trace.lanes.iter().enumerate().filter(|(_, l)| !l.is_workload());
    out.extend(servers.map(|(lane, _)| Row::Lane { lane, color: None, child: false }));
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::fixtures;

    #[test]
    fn the_selection_stops_at_the_first_lane_and_at_the_last() {
        let trace = fixtures::forty_eight_lanes().ended();
        let rows = Rows::new(&trace, Open::Folded);
        let go = |from, by| rows.step(from, by);
        let (first, last) = (go(None, 0), go(go(None, 0), isize::MAX));
        assert_ne!(first, last);
        assert_eq!(go(go(first, 20), -20), first);
        assert_eq!((go(go(last, -3), 20), go(last, isize::MIN)), (last, first));
    }

    #[test]
    fn tasks_are_pointed_at_among_the_lanes_and_many_can_be_opened() {
        let trace = fixtures::three_tasks_on_a_loop().ended();
        let rows = Rows::new(&trace, Open::Folded);
        let thread = rows.step(None, 0);
        assert_eq!((thread, rows.step(thread, 2)), (Some(Pointed::Lane(0)), Some(Pointed::Task(1))));
        assert_eq!((rows.step(rows.step(thread, 9), -9), rows.next()), (thread, None));
        let many = fixtures::a_thousand_tasks().ended();
        let rows = |open| Rows::new(&many, open);
        assert_eq!((rows(Open::Folded).len(), rows(Open::Folded).next()), (2, Some(Open::All)));
        let all = rows(Open::All);
        assert_eq!((all.len(), all.next()), (1001, Some(Open::Folded)));
        assert!(all.few().is_none(), "a thousand rows are not made for the sixty of a screen");
        assert_eq!(all.step(thread, 1000), Some(Pointed::Task(999)));
        assert_eq!(
            (all.step(Some(Pointed::Task(999)), -1000), all.step(all.step(None, 0), 9999)),
            (thread, Some(Pointed::Task(999)))
        );
        for n in [0, 1, 500, 1000] {
            assert_eq!(all.get(n).and_then(|row| all.place_of(row.pointed()?)), Some(n));
        }
        assert_eq!((all.get(1001), all.place_of(Pointed::Task(1000)), all.slice(999, 9).len()), (None, None, 2));
    }

    #[test]
    fn what_is_folded_can_be_opened_step_by_step_and_folded_again() {
        let crowd = fixtures::a_crowd(100).ended();
        let rows = |open| Rows::new(&crowd, open);
        assert_eq!(rows(Open::Folded).slice(0, 9), [Row::Crowd(100)]);
        assert_eq!((rows(Open::Folded).next(), rows(Open::Lanes).len()), (Some(Open::Lanes), 100));
        assert_eq!(rows(Open::Lanes).next(), Some(Open::Folded), "nothing is left to be opened");
        let helpers = fixtures::two_processes_in_parallel().ended();
        let rows = |open| Rows::new(&helpers, open);
        assert!(rows(Open::Folded).slice(0, 9).contains(&Row::Helpers(2)));
        assert_eq!((rows(Open::Folded).next(), rows(Open::All).next()), (Some(Open::All), Some(Open::Folded)));
        assert_eq!(rows(Open::All).slice(0, 9).iter().filter_map(Row::lane).count(), 6);
        let plain = fixtures::forty_eight_lanes().ended();
        assert_eq!(Rows::new(&plain, Open::Folded).next(), None);
    }

    #[test]
    fn the_short_lived_that_have_ended_are_one_row_until_they_are_opened() {
        let trace = fixtures::short_lived(500).ended();
        let rows = |open| Rows::new(&trace, open);
        let lanes = rows(Open::Lanes);
        assert_eq!((lanes.len(), lanes.get(80)), (81, Some(Row::Ended(500))));
        assert_eq!((lanes.next(), rows(Open::All).next()), (Some(Open::All), Some(Open::Folded)));
        assert_eq!(rows(Open::All).len(), lanes.len() - 1 + 500);
        assert!(trace.roll.folded().longest <= 4 * crate::clock::MILLISECOND);
    }
}
