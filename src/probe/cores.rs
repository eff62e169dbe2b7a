//! How busy every core of the machine is, and how much of that is the tutor itself.
//!
//! `sysinfo` reads what the system counts; on Linux it counts in ticks of 10 ms, so a sample of 200 ms is exact to
//! about 5 %. The tutor's own share is each own thread's CPU time, exact, put to the core that it was last seen on.

use crate::clock::{self, MILLISECOND, Nanos};
use crate::trace::{CoreSample, CoreTrack};
use std::collections::HashMap;
use sysinfo::{CpuRefreshKind, RefreshKind, System};

/// Samples closer than this would say nothing: the system's own counters are too coarse.
pub const INTERVAL: Nanos = 200 * MILLISECOND;

/// The machine's cores.
pub struct Cores {
    /// `None` where the system does not tell: then there are no samples.
    system: Option<System>,
    /// When the last sample was taken, or observation began.
    since: Nanos,
    /// When `system` was last read: it silently keeps its old answer when asked again too soon.
    read: Nanos,
    own: OwnThreads,
}

impl Default for Cores {
    fn default() -> Self {
        Self::new()
    }
}

impl Cores {
    /// Begins to observe: the first sample covers the time from now.
    #[must_use]
    pub fn new() -> Self {
        let since = clock::now();
        let refresh = RefreshKind::nothing().with_cpu(CpuRefreshKind::nothing().with_usage());
        let system = System::new_with_specifics(refresh).ok();
        let mut own = OwnThreads::default();
        own.since_last();
        Self { system, since, read: clock::now(), own }
    }

    /// Appends one sample a core to `tracks`, if the last one is [`INTERVAL`] old; says whether it did.
    ///
    /// The cores themselves are in `tracks` from the first call on: what threads did on them is known without a sample.
    pub fn sample(&mut self, now: Nanos, tracks: &mut Vec<CoreTrack>) -> bool {
        if let Some(system) = self.system.as_ref().filter(|_| tracks.is_empty()) {
            for (index, cpu) in system.cpus().iter().enumerate() {
                track(tracks, core_id(index, cpu.name()));
            }
        }
        if now < self.since + INTERVAL || clock::now() < self.read + INTERVAL {
            return false;
        }
        let Some(system) = &mut self.system else { return false };
        system.refresh_cpu_usage();
        self.read = clock::now();
        let own = self.own.since_last();
        let since = std::mem::replace(&mut self.since, now);
        for (index, cpu) in system.cpus().iter().enumerate() {
            let id = core_id(index, cpu.name());
            let busy = share(cpu.usage(), now - since);
            let tutor = own.get(&id).copied().unwrap_or(0).min(busy);
            track(tracks, id).samples.push(CoreSample { since, at: now, busy, tutor });
        }
        true
    }
}

/// The track of core `id`, in order of the numbers.
fn track(tracks: &mut Vec<CoreTrack>, id: u32) -> &mut CoreTrack {
    let place = tracks.binary_search_by_key(&id, |t| t.id).unwrap_or_else(|place| {
        tracks.insert(place, CoreTrack { id, samples: Vec::new() });
        place
    });
    &mut tracks[place]
}

/// The core's number: the one in its name, else its place.
fn core_id(index: usize, name: &str) -> u32 {
    number(name).unwrap_or_else(|| u32::try_from(index).unwrap_or(u32::MAX))
}

/// The number at the end of a core's name, such as 3 of `cpu3`.
fn number(name: &str) -> Option<u32> {
    let digits = name.trim_start_matches(|c: char| !c.is_ascii_digit());
    digits.parse().ok()
}

/// A percentage of a duration.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a share between 0 and 1 of a duration far below 2^52 ns"
)]
fn share(percent: f32, of: Nanos) -> Nanos {
    (f64::from(percent.clamp(0.0, 100.0)) / 100.0 * of as f64) as Nanos
}

/// The CPU time of this process's threads.
#[derive(Default)]
struct OwnThreads {
    before: HashMap<u32, Nanos>,
}

impl OwnThreads {
    /// CPU time since the last call, by core.
    #[cfg(target_os = "linux")]
    fn since_last(&mut self) -> HashMap<u32, Nanos> {
        use crate::probe::procstat::{Schedstat, Stat};
        let mut by_core = HashMap::new();
        let mut now = HashMap::new();
        let Ok(tasks) = std::fs::read_dir("/proc/self/task") else { return by_core };
        for task in tasks.flatten() {
            let Some(tid) = task.file_name().to_str().and_then(|name| name.parse().ok()) else { continue };
            let read = |file| std::fs::read_to_string(task.path().join(file)).ok();
            let Some(used) = read("schedstat").and_then(|text| Schedstat::parse(text.as_bytes())) else { continue };
            let Some(core) = read("stat").and_then(|text| Some(Stat::parse(text.as_bytes())?.core)) else { continue };
            // A thread that was not there the last time is new, so all it used is since then.
            let before = self.before.get(&tid).copied().unwrap_or(0);
            *by_core.entry(core).or_default() += used.cpu.saturating_sub(before);
            now.insert(tid, used.cpu);
        }
        self.before = now;
        by_core
    }

    /// Not told here: the tutor's share counts as everybody's.
    #[cfg(not(target_os = "linux"))]
    fn since_last(&mut self) -> HashMap<u32, Nanos> {
        self.before.clear();
        HashMap::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::now;

    #[test]
    fn a_sample_covers_the_time_since_the_last_and_holds_no_more_than_it() {
        let mut tracks = Vec::new();
        let before = now();
        let mut cores = Cores::new();
        assert!(!cores.sample(before + INTERVAL - 1, &mut tracks));
        while !cores.sample(now(), &mut tracks) {
            std::hint::spin_loop();
        }
        assert!(!tracks.is_empty() && tracks.is_sorted_by_key(|t| t.id));
        for sample in tracks.iter().flat_map(|t| &t.samples) {
            assert!(sample.since >= before && sample.at - sample.since >= INTERVAL);
            assert!(sample.tutor <= sample.busy && sample.busy <= sample.at - sample.since);
        }
        #[cfg(target_os = "linux")]
        assert!(tracks.iter().flat_map(|t| &t.samples).any(|s| s.tutor > 0), "this test spun: {tracks:?}");
    }

    #[test]
    fn names_end_in_numbers() {
        assert_eq!(number("cpu13"), Some(13));
        assert_eq!(number("CPU 2"), Some(2));
        assert_eq!(number("cpu"), None);
    }
}
