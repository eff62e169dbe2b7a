//! Who used each core in a window of time.

use crate::clock::Nanos;
use crate::trace::Trace;
use crate::view::draw::share;
use crate::view::lanes;
use std::collections::HashMap;

/// Whom a part of a core's time went to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Who {
    /// The workload's threads, where they are too many to be told apart.
    Crowd,
    /// A thread of the workload, by its place among them.
    Thread(usize),
    /// The lesson's server, or a helper thread.
    Unnamed,
    /// The tutor itself.
    Tutor,
    /// Everybody else.
    Others,
}

impl Who {
    /// Whether it is drawn as an area with an edge, not as a texture.
    #[must_use]
    pub const fn is_solid(self) -> bool {
        matches!(self, Who::Crowd | Who::Thread(_) | Who::Unnamed)
    }
}

/// Who used one core.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CoreUsage {
    /// Nanoseconds by user, in the order of [`Who`].
    pub parts: Vec<(Nanos, Who)>,
    /// The length of the window, as far as the run had got.
    pub width: Nanos,
    /// Whether the core itself was sampled in the window: otherwise the tutor and others are not known.
    pub sampled: bool,
}

impl CoreUsage {
    /// Whether anything is known of the core.
    #[must_use]
    pub fn known(&self) -> bool {
        self.sampled || !self.parts.is_empty()
    }

    /// The share of the window in which the core was busy.
    #[must_use]
    pub fn busy_share(&self) -> f64 {
        share(self.parts.iter().map(|(n, _)| *n).sum(), self.width).min(1.0)
    }

    /// Where each part ends on a bar from 0 to 1.
    #[must_use]
    pub fn ends(&self) -> Vec<(f64, Who)> {
        let mut sum = 0;
        let end = |(nanos, who): &(Nanos, Who)| {
            sum += nanos;
            (share(sum, self.width).min(1.0), *who)
        };
        self.parts.iter().map(end).collect()
    }
}

/// Who used each core of the trace in `[from, to)`. The window is cut at what is known, so that a run's unknown end does
/// not count as idle.
#[must_use]
pub fn usage(trace: &Trace, from: Nanos, to: Nanos) -> Vec<CoreUsage> {
    let to = to.min(trace.until()).max(from);
    let crowd = lanes::is_crowd(trace);
    let mut by_lane = if crowd { Vec::new() } else { on_cores(trace, from, to) };
    let core = |(n, track): (usize, &crate::trace::CoreTrack)| {
        let mut parts: Vec<(Nanos, Who)> = by_lane.get_mut(n).map(std::mem::take).unwrap_or_default();
        if crowd {
            let [workload, others] = trace.on_cores.between(track.id, from, to);
            parts.extend([(workload, Who::Crowd), (others, Who::Unnamed)].into_iter().filter(|(n, _)| *n > 0));
        }
        let ours: Nanos = parts.iter().map(|(n, _)| *n).sum();
        let sample = track.busy_in(from, to);
        if let Some((busy, tutor)) = sample {
            let others = busy.saturating_sub(ours).saturating_sub(tutor);
            parts.extend([(tutor, Who::Tutor), (others, Who::Others)].into_iter().filter(|(n, _)| *n > 0));
        }
        parts.sort_by_key(|(_, who)| *who);
        CoreUsage { parts, width: to - from, sampled: sample.is_some() }
    };
    trace.cores.iter().enumerate().map(core).collect()
}

/// Who was on each core for how long, of few lanes.
fn on_cores(trace: &Trace, from: Nanos, to: Nanos) -> Vec<Vec<(Nanos, Who)>> {
    let mut out: Vec<Vec<(Nanos, Who)>> = vec![Vec::new(); trace.cores.len()];
    let place: HashMap<u32, usize> = trace.cores.iter().enumerate().map(|(n, track)| (track.id, n)).collect();
    for (index, lane) in trace.lanes.iter().enumerate() {
        let who = trace.roll.color(index).map_or(Who::Unnamed, Who::Thread);
        for (core, nanos) in (0u32..).zip(lane.spans.by_core_in(from, to)).filter(|(_, nanos)| *nanos > 0) {
            let Some(parts) = place.get(&core).and_then(|place| out.get_mut(*place)) else { continue };
            match parts.iter_mut().find(|(_, w)| *w == who) {
                Some((sum, _)) => *sum += nanos,
                None => parts.push((nanos, who)),
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::MILLISECOND as MS;
    use crate::view::fixtures;

    #[test]
    fn parts_agree_with_the_trace() {
        for (name, trace) in fixtures::all() {
            for (from, to) in [(0, u64::MAX), (fixtures::ZERO + 7 * MS, fixtures::ZERO + 61 * MS)] {
                for (core, used) in trace.cores.iter().zip(usage(&trace, from, to)) {
                    let slow: Nanos = trace.core_use(core.id, from, to).iter().map(|(_, n)| *n).sum();
                    let fast: Nanos = used
                        .parts
                        .iter()
                        .filter(|(_, w)| matches!(w, Who::Crowd | Who::Thread(_) | Who::Unnamed))
                        .map(|(n, _)| *n)
                        .sum();
                    // Of a crowd it is exact between buckets of a fraction of a millisecond.
                    let off = if lanes::is_crowd(&trace) { MS } else { 0 };
                    assert!(fast.abs_diff(slow) <= off, "{name}, core {}: {fast}, {slow}", core.id);
                }
            }
        }
    }

    #[test]
    fn a_core_without_samples_is_not_idle_but_unknown() {
        let trace = fixtures::nothing_yet().live();
        let used = usage(&trace, fixtures::ZERO, fixtures::ZERO + MS);
        assert!(used.iter().all(|c| !c.known()));
    }
}
