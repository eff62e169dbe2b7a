//! How long each thread was on a core, sampled: the fallback where `perf_event_open` is refused. Linux only.
//!
//! `/proc/PID/task/TID/schedstat` holds exact totals, so what is not known is only where inside an interval a thread
//! ran. Two threads are never called parallel because both were seen runnable.

use crate::clock::Nanos;
use crate::probe::procstat::Schedstat;
use crate::probe::sys::thread_cpu;
use crate::probe::tree::{Sighting, Tree};
use crate::probe::{Probe, Unavailable};
use crate::trace::{Pid, Record, What};
use std::time::Duration;

/// How often to sample at best: 200 times a second.
const FASTEST: Duration = Duration::from_millis(5);
/// How seldom to sample at worst.
const SLOWEST: Duration = Duration::from_millis(100);
/// A sample may cost at most one part in so many of the interval.
const SHARE: u32 = 40;

/// The probe.
#[derive(Default)]
pub struct SchedstatProbe {
    tree: Tree,
    sightings: Vec<Sighting>,
    pace: Pace,
}

/// The sampling interval that keeps the probe's own cost bounded however many threads there are.
#[derive(Debug, Default)]
pub struct Pace {
    /// What a sample costs, in CPU nanoseconds, smoothed.
    cost: Nanos,
    /// When the last one was taken.
    last: Nanos,
}

impl Pace {
    /// Runs one sample and takes its cost in.
    pub fn measure<T>(&mut self, now: Nanos, sample: impl FnOnce() -> T) -> T {
        self.last = now;
        let before = thread_cpu();
        let result = sample();
        let cost = thread_cpu().saturating_sub(before);
        self.cost = (self.cost * 7 + cost) / 8;
        result
    }

    /// Whether it is time for a sample: another probe may ask to be drained more often.
    #[must_use]
    pub fn is_due(&self, now: Nanos) -> bool {
        let interval = u64::try_from(self.interval().as_nanos()).unwrap_or(u64::MAX);
        now.saturating_sub(self.last) >= interval / 2
    }

    /// How long to wait for the next sample.
    #[must_use]
    pub fn interval(&self) -> Duration {
        (Duration::from_nanos(self.cost) * SHARE).clamp(FASTEST, SLOWEST)
    }
}

impl Probe for SchedstatProbe {
    fn attach(&mut self) -> Result<(), Unavailable> {
        usable().map_err(|reason| Unavailable { probe: "schedstat", reason, remedy: None })
    }

    fn launched(&mut self, child: Pid) {
        self.tree.follow(child, std::process::id(), crate::clock::now());
    }

    fn interval(&self) -> Duration {
        self.pace.interval()
    }

    fn drain(&mut self, now: Nanos, out: &mut Vec<Record>) {
        if self.pace.is_due(now) {
            self.sample(now, out);
        }
    }

    fn finish(&mut self, now: Nanos, out: &mut Vec<Record>) -> u64 {
        self.sample(now, out);
        0
    }
}

impl SchedstatProbe {
    fn sample(&mut self, now: Nanos, out: &mut Vec<Record>) {
        let Self { tree, sightings, pace } = self;
        pace.measure(now, || {
            tree.sweep(now, sightings);
            for seen in sightings.drain(..) {
                tell(seen, now, out);
            }
        });
    }
}

/// Whether this kernel keeps the totals.
///
/// # Errors
/// Why they cannot be read.
pub fn usable() -> Result<(), String> {
    let text = std::fs::read("/proc/self/schedstat").map_err(|e| format!("/proc/self/schedstat: {e}"))?;
    // A process this young may not have been charged for a nanosecond yet, but it has been put on a core once.
    let counts = text.split(u8::is_ascii_whitespace).any(|number| !matches!(number, b"" | b"0"));
    match Schedstat::parse(&text) {
        Some(_) if counts => Ok(()),
        Some(_) => Err("this kernel counts no scheduler statistics (CONFIG_SCHED_INFO)".into()),
        None => Err("/proc/self/schedstat is not understood".into()),
    }
}

/// A sighting as records, in the order of time.
fn tell(seen: Sighting, now: Nanos, out: &mut Vec<Record>) {
    let Sighting { pid, tid, since, cpu, ready, core, .. } = seen;
    let mut say = |at, what| out.push(Record { at, pid, tid, what });
    if let Some(parent) = seen.new {
        say(since, What::Start { parent });
    }
    if let Some(comm) = seen.comm {
        say(since, What::Comm(comm));
    }
    if cpu > 0 || ready > 0 {
        say(now, What::Ran { since, cpu, ready, core });
    }
    if seen.ended {
        say(now, What::End);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_costly_sample_slows_the_pace_and_a_cheap_one_lets_it_recover() {
        let mut pace = Pace { cost: 1_000_000, last: 0 };
        assert_eq!(pace.interval(), Duration::from_millis(40));
        for _ in 0..64 {
            pace.measure(5, || ());
        }
        assert_eq!(pace.interval(), FASTEST);
        assert!(!pace.is_due(6) && pace.is_due(5 + 5_000_000));
        assert_eq!(Pace { cost: 1_000_000_000, last: 0 }.interval(), SLOWEST);
    }

    #[test]
    fn a_sighting_is_told_in_the_order_of_time() {
        let seen = Sighting {
            pid: 1,
            tid: 2,
            new: Some(1),
            since: 10,
            cpu: 5,
            ready: 0,
            ran: true,
            core: 3,
            comm: Some("w".into()),
            ended: true,
        };
        let mut out = Vec::new();
        tell(seen, 20, &mut out);
        let told: Vec<_> = out.into_iter().map(|r| (r.at, r.what)).collect();
        assert_eq!(
            told,
            [
                (10, What::Start { parent: 1 }),
                (10, What::Comm("w".into())),
                (20, What::Ran { since: 10, cpu: 5, ready: 0, core: 3 }),
                (20, What::End),
            ]
        );
    }
}
