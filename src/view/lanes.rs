//! Which lanes a timeline shows, in which order and under which name: processes with their threads below them, helpers
//! folded into one row, the server apart.

use crate::trace::{GilTrack, Lane, LaneKind, Pid, Trace};
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
    /// So many helper lanes that are not drawn.
    Helpers(usize),
}

impl Row {
    /// The lane's index in the trace.
    #[must_use]
    pub const fn lane(&self) -> Option<usize> {
        match self {
            Row::Lane { lane, .. } => Some(*lane),
            Row::Gil { .. } | Row::Crowd(_) | Row::Task { .. } | Row::Tasks(_) | Row::Helpers(_) => None,
        }
    }
}

/// Whether a lane is a thread of the workload with a colour of its own.
const fn is_colored(lane: &Lane) -> bool {
    matches!(lane.kind, LaneKind::Main | LaneKind::Thread | LaneKind::Process)
}

/// Every lane's place among the workload's threads, in order of creation: a thread keeps its colour while the run grows
/// and in every picture.
#[must_use]
pub fn colors(trace: &Trace) -> Vec<Option<usize>> {
    let mut next = 0;
    let mut color = |lane: &Lane| {
        is_colored(lane).then(|| {
            next += 1;
            next - 1
        })
    };
    trace.lanes.iter().map(&mut color).collect()
}

/// More tasks than these on a loop are one row.
const FEW_TASKS: usize = 12;

/// The colour of a run's task.
#[must_use]
pub fn task_color(colors: &[Option<usize>], task: usize) -> usize {
    colors.iter().flatten().count() + task
}

/// The rows of the tasks on a lane's loop.
fn tasks(trace: &Trace, colors: &[Option<usize>], lane: usize) -> Vec<Row> {
    let lane = &trace.lanes[lane];
    let Some(own) = trace.tasks.loop_of((lane.pid, lane.tid)) else { return Vec::new() };
    let tasks = &trace.tasks.loops[own].tasks;
    if tasks.len() > FEW_TASKS {
        return vec![Row::Tasks(own)];
    }
    tasks.iter().map(|task| Row::Task { task: *task, color: task_color(colors, *task) }).collect()
}

/// More lanes than these are one area until they are opened.
pub const MANY: usize = 64;

/// The rows of a timeline, top to bottom. `open` has lanes of their own for what is folded otherwise: helpers, and lanes
/// that are too many to be looked at.
#[must_use]
pub fn rows(trace: &Trace, open: bool) -> Vec<Row> {
    if !open && trace.census.lanes() > MANY {
        return vec![Row::Crowd(trace.census.lanes())];
    }
    let colors = colors(trace);
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
    let row =
        |i: usize| Row::Lane { lane: i, color: colors[i], child: several && trace.lanes[i].tid != trace.lanes[i].pid };
    let is_helper = |i: &usize| trace.lanes[*i].kind == LaneKind::Helper;
    let drawn: Vec<usize> = order.iter().copied().filter(|i| open || !is_helper(i)).collect();
    let helpers = order.len() - drawn.len();
    let mut out = Vec::new();
    for lanes in drawn.chunk_by(|a, b| trace.lanes[*a].pid == trace.lanes[*b].pid) {
        for lane in lanes {
            out.push(row(*lane));
            out.extend(tasks(trace, &colors, *lane));
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

/// The lane `by` rows below (above, where negative) the selected one; the first where none is.
#[must_use]
pub fn neighbour(trace: &Trace, open: bool, selected: Option<usize>, by: isize) -> Option<usize> {
    let lanes: Vec<usize> = rows(trace, open).iter().filter_map(Row::lane).collect();
    let Some(at) = selected.and_then(|s| lanes.iter().position(|l| *l == s)) else { return lanes.first().copied() };
    let last = lanes.len().saturating_sub(1);
    lanes.get(at.saturating_add_signed(by).min(last)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::fixtures;

    #[test]
    fn the_selection_stops_at_the_first_lane_and_at_the_last() {
        let trace = fixtures::forty_eight_lanes().ended();
        let go = |from, by| neighbour(&trace, false, from, by);
        let (first, last) = (go(None, 0), go(go(None, 0), isize::MAX));
        assert_ne!(first, last);
        assert_eq!(go(go(first, 20), -20), first);
        assert_eq!((go(go(last, -3), 20), go(last, isize::MIN)), (last, first));
    }

    #[test]
    fn what_is_folded_can_be_opened() {
        let crowd = fixtures::a_crowd(100).ended();
        assert_eq!(rows(&crowd, false), [Row::Crowd(100)]);
        assert_eq!(rows(&crowd, true).len(), 100);
        let helpers = fixtures::two_processes_in_parallel().ended();
        assert!(rows(&helpers, false).contains(&Row::Helpers(2)));
        let open = rows(&helpers, true);
        assert_eq!((open.len(), open.iter().filter_map(Row::lane).count()), (6, 6));
    }
}
