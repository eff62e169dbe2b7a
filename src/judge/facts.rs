//! Facts of a run that no limit of time is needed for: how many did something at one instant, and whose wait had a limit. A
//! busy machine makes a run longer, and none of these false.

use crate::clock::Nanos;
use crate::report::Report;
use crate::trace::{Call, Lane, LaneKind, Span, State, Trace};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Adds them to the report's object, and to each of its lanes.
pub(super) fn add(object: &mut Value, report: &Report<'_>) {
    let trace = &report.outcome.trace;
    if let Some(lanes) = object["lanes"].as_array_mut() {
        for (told, lane) in lanes.iter_mut().zip(&trace.lanes) {
            told["lock_waits"] = json!(lock_waits(lane).count());
            told["timed_waits"] = json!(timed_waits(lane));
        }
    }
    object["at_once"] = json!(lanes_at_once(trace));
    object["tasks_at_once"] = json!(tasks_at_once(trace));
    object["together"] = json!(together(trace));
}

/// The thread's waits for locks.
fn lock_waits(lane: &Lane) -> impl Iterator<Item = &Span> {
    lane.spans.as_slice().iter().filter(|span| span.state == State::LockWait)
}

/// How often a thread waited for a lock no longer than a limit that it had set.
fn timed_waits(lane: &Lane) -> usize {
    let limited = |call: Call| {
        matches!(call, Call::CondTimedwait | Call::CondClockwait | Call::SemTimedwait | Call::SemClockwait)
    };
    lock_waits(lane).filter(|span| span.wait.is_some_and(|wait| limited(wait.call))).count()
}

/// For each state, the most threads that were in it at one instant.
fn lanes_at_once(trace: &Trace) -> BTreeMap<&'static str, usize> {
    let lanes: Vec<&Lane> = trace.lanes.iter().filter(|lane| lane.is_counted()).collect();
    let most = |state: State| {
        let spans = lanes.iter().flat_map(|lane| lane.spans.as_slice()).filter(|span| span.state == state);
        most_at_once(spans.map(|span| (span.start, span.end)))
    };
    State::ALL.iter().map(|state| (state.key(), most(*state))).collect()
}

/// For each state, the most asyncio tasks of one loop that were in it at one instant.
fn tasks_at_once(trace: &Trace) -> BTreeMap<&'static str, u32> {
    let most = |state: &State| trace.tasks.loops.iter().map(|on| on.census.most_in(*state)).max().unwrap_or(0);
    State::ALL.iter().map(|state| (state.key(), most(state))).collect()
}

/// The most of these stretches that there were at one instant. Where one ends as another begins, they do not meet.
fn most_at_once(stretches: impl Iterator<Item = (Nanos, Nanos)>) -> usize {
    let mut edges: Vec<(Nanos, bool)> = Vec::new();
    for (start, end) in stretches.filter(|(start, end)| start < end) {
        edges.extend([(start, true), (end, false)]);
    }
    edges.sort_unstable();
    let (mut now, mut most) = (0_usize, 0);
    for (_, begins) in edges {
        now = if begins { now + 1 } else { now.saturating_sub(1) };
        most = most.max(now);
    }
    most
}

/// Of the time in which the second busiest of the workers wanted a core, the share in which another one did, too, from 0 to
/// 1. Whoever wants a core is on one or ready for one: it counts alike whether the machine has a core for each or not.
fn together(trace: &Trace) -> f64 {
    let workers = trace.lanes.iter().filter(|lane| matches!(lane.kind, LaneKind::Thread | LaneKind::Process));
    let wants = |state: State| state.on_cpu() || state == State::Ready;
    let mut edges: Vec<(Nanos, i32)> = Vec::new();
    let mut times: Vec<Nanos> = Vec::new();
    for lane in workers {
        let spans = lane.spans.as_slice().iter().filter(|span| wants(span.state));
        times.push(spans.clone().map(|span| span.end - span.start).sum());
        edges.extend(spans.flat_map(|span| [(span.start, 1), (span.end, -1)]));
    }
    times.sort_unstable_by(|a, b| b.cmp(a));
    let Some(second) = times.get(1).filter(|second| **second > 0) else { return 0.0 };
    edges.sort_unstable();
    let (mut now, mut since, mut shared) = (0, 0, 0);
    for (at, step) in edges {
        if now >= 2 {
            shared += at - since;
        }
        (now, since) = (now + step, at);
    }
    #[expect(clippy::cast_precision_loss, reason = "a run is far shorter than 2^53 nanoseconds")]
    let share = shared as f64 / *second as f64;
    share.min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::Spans;

    fn lane(parts: &[(Nanos, Nanos, State)]) -> Lane {
        let mut spans = Spans::default();
        let mut at = 0;
        for (start, end, state) in parts {
            spans.push(Span { start: at, end: *start, state: State::LockWait, core: None, wait: None });
            spans.push(Span { start: *start, end: *end, state: *state, core: None, wait: None });
            at = *end;
        }
        Lane { pid: 1, tid: 1, parent: 1, end: Some(at), spans, ..Lane::default() }
    }

    #[test]
    fn those_count_who_were_in_a_state_at_the_same_instant() {
        let lanes =
            vec![lane(&[(0, 10, State::Sleep)]), lane(&[(10, 20, State::Sleep)]), lane(&[(5, 12, State::Sleep)])];
        let trace = Trace { lanes, ..Trace::default() };
        let found = lanes_at_once(&trace);
        assert_eq!((found["sleep"], found["running"]), (2, 0));
    }

    #[test]
    fn workers_are_together_while_two_want_a_core_even_if_there_is_one_core() {
        let of = |lanes: Vec<Lane>| together(&Trace { lanes, ..Trace::default() });
        let takes_turns = vec![lane(&[(0, 10, State::Running)]), lane(&[(10, 20, State::Running)])];
        assert!(of(takes_turns).abs() < 1e-12);
        let parts = [(0, 5, State::Running), (5, 10, State::Ready)];
        let one_core = vec![lane(&parts), lane(&[(0, 5, State::Ready), (5, 10, State::Native)])];
        assert!((of(one_core) - 1.0).abs() < 1e-12);
        let half = vec![lane(&[(0, 10, State::Running)]), lane(&[(5, 15, State::Running)])];
        assert!((of(half) - 0.5).abs() < 1e-12);
        assert!(of(vec![lane(&[(0, 10, State::Running)])]).abs() < 1e-12, "one alone");
    }
}
