//! Who used each core in a window of time.

use crate::clock::Nanos;
use crate::trace::Trace;
use crate::view::draw::share;
use std::collections::HashMap;

/// Whom a part of a core's time went to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Who {
    /// A thread of the workload, by its place among them.
    Thread(usize),
    /// The lesson's server, or a helper thread.
    Unnamed,
    /// The tutor itself.
    Tutor,
    /// Everybody else.
    Others,
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
pub fn usage(trace: &Trace, colors: &[Option<usize>], from: Nanos, to: Nanos) -> Vec<CoreUsage> {
    let to = to.min(trace.until()).max(from);
    let by_lane = on_cores(trace, from, to);
    let core = |(n, track): (usize, &crate::trace::CoreTrack)| {
        let mut parts: Vec<(Nanos, Who)> = Vec::new();
        for (lane, nanos) in &by_lane[n] {
            let who = colors.get(*lane).copied().flatten().map_or(Who::Unnamed, Who::Thread);
            match parts.iter_mut().find(|(_, w)| *w == who) {
                Some((sum, _)) => *sum += nanos,
                None => parts.push((*nanos, who)),
            }
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

/// On-CPU nanoseconds by core and lane.
fn on_cores(trace: &Trace, from: Nanos, to: Nanos) -> Vec<Vec<(usize, Nanos)>> {
    let mut out = vec![Vec::new(); trace.cores.len()];
    let place: HashMap<u32, usize> = trace.cores.iter().enumerate().map(|(n, track)| (track.id, n)).collect();
    for (index, lane) in trace.lanes.iter().enumerate() {
        let mut mine = vec![0; trace.cores.len()];
        let mut add = |core: u32, nanos: Nanos| {
            if let Some(sum) = place.get(&core).and_then(|p| mine.get_mut(*p)) {
                *sum += nanos;
            }
        };
        (0u32..).zip(lane.spans.by_core_in(from, to)).for_each(|(core, nanos)| add(core, nanos));
        for (n, nanos) in mine.into_iter().enumerate().filter(|(_, nanos)| *nanos > 0) {
            out[n].push((index, nanos));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::MILLISECOND as MS;
    use crate::view::{fixtures, lanes};

    #[test]
    fn parts_agree_with_the_trace() {
        for (name, trace) in fixtures::all() {
            let colors = lanes::colors(&trace);
            for (from, to) in [(0, u64::MAX), (fixtures::ZERO + 7 * MS, fixtures::ZERO + 61 * MS)] {
                for (core, used) in trace.cores.iter().zip(usage(&trace, &colors, from, to)) {
                    let slow: Nanos = trace.core_use(core.id, from, to).iter().map(|(_, n)| *n).sum();
                    let fast: Nanos = used
                        .parts
                        .iter()
                        .filter(|(_, w)| matches!(w, Who::Thread(_) | Who::Unnamed))
                        .map(|(n, _)| *n)
                        .sum();
                    assert_eq!(fast, slow, "{name}, core {}", core.id);
                }
            }
        }
    }

    #[test]
    fn a_core_without_samples_is_not_idle_but_unknown() {
        let trace = fixtures::nothing_yet().live();
        let used = usage(&trace, &[], fixtures::ZERO, fixtures::ZERO + MS);
        assert!(used.iter().all(|c| !c.known()));
    }
}
