//! How much memory the processes of a run hold, sampled through `/proc`. Linux only: elsewhere nothing is known.
//!
//! What is resident is cheap to ask for and counts what processes share once for each. Where that is much, it is asked more exactly
//! and less often (`smaps_rollup`), which has the kernel walk the process's pages. Both wait as long as they took, many times over.

use crate::clock::{self, MILLISECOND, Nanos, SECOND};
use crate::trace::memory::Memory as Seen;
use crate::trace::{Lane, Pid, Trace};

/// How often processes are looked at, and how often exactly, at most.
const EVERY: Nanos = 100 * MILLISECOND;
const EXACTLY_EVERY: Nanos = SECOND / 2;
/// A look is followed by a pause of so many times its own length.
const PAUSE: Nanos = 100;
/// Processes that hold less are not asked exactly.
const LARGE: u64 = 64 << 20;

/// The memory of one run.
#[derive(Debug)]
pub struct Memory {
    next: Nanos,
    next_exact: Nanos,
    total: Option<u64>,
    swapped: Option<u64>,
}

impl Default for Memory {
    fn default() -> Memory {
        let total = kibibytes_of("/proc/meminfo", "MemTotal:").map(|all| all.min(limit_of_group().unwrap_or(u64::MAX)));
        Memory { next: 0, next_exact: 0, total, swapped: swapped() }
    }
}

impl Memory {
    /// Looks at the run's processes, if it is time.
    pub fn sample(&mut self, now: Nanos, trace: &mut Trace) {
        if now < self.next {
            return;
        }
        let begin = clock::now();
        let mut seen = std::mem::take(&mut trace.memory);
        seen.total = self.total;
        let alive = processes_of(trace).filter_map(|pid| Some((pid, resident_bytes(pid)?)));
        let alive: Vec<(Pid, u64)> = alive.collect();
        for (pid, bytes) in &alive {
            let most = seen.resident.entry(*pid).or_default();
            *most = (*most).max(*bytes);
        }
        self.next = now + EVERY.max(PAUSE * (clock::now() - begin));
        let all: u64 = alive.iter().map(|(_, bytes)| bytes).sum();
        // What they share is divided: it can only be less.
        if all > seen.peak && now >= self.next_exact {
            let begin = clock::now();
            seen.peak = self.exactly(&alive, &mut seen).max(seen.peak);
            self.next_exact = now + EXACTLY_EVERY.max(PAUSE * (clock::now() - begin));
        }
        trace.memory = seen;
    }

    /// What processes hold together; what each large one has to itself is kept, where they hold more than ever.
    fn exactly(&self, alive: &[(Pid, u64)], seen: &mut Seen) -> u64 {
        let (mut all, mut own) = (0, Vec::new());
        for (pid, resident) in alive {
            match Rollup::of(*pid).filter(|_| *resident >= LARGE) {
                Some(exact) => {
                    all += exact.proportional;
                    own.push((*pid, exact.own));
                }
                None => all += resident,
            }
        }
        if all > seen.peak {
            seen.own = own.into_iter().collect();
        }
        seen.swapped = self.swapped.and_then(|before| Some(swapped()?.saturating_sub(before)));
        all
    }
}

/// The living processes of a run.
pub fn processes_of(trace: &Trace) -> impl Iterator<Item = Pid> {
    let is_one = |lane: &&Lane| lane.pid == lane.tid && lane.end.is_none() && lane.is_workload();
    trace.lanes.iter().filter(is_one).map(|lane| lane.pid)
}

/// Bytes of a process that are in memory.
#[must_use]
pub fn resident_bytes(pid: Pid) -> Option<u64> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/statm")).ok()?;
    let pages: u64 = text.split_ascii_whitespace().nth(1)?.parse().ok()?;
    Some(pages * page_size())
}

/// What a process holds exactly. Bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rollup {
    /// What it has in memory, where what several processes share is divided among them.
    pub proportional: u64,
    /// What it shares with nobody.
    pub own: u64,
}

impl Rollup {
    /// Of a process.
    #[must_use]
    pub fn of(pid: Pid) -> Option<Rollup> {
        let text = std::fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).ok()?;
        let own = kibibytes(&text, "Private_Clean:")? + kibibytes(&text, "Private_Dirty:")?;
        Some(Rollup { proportional: kibibytes(&text, "Pss:")?, own })
    }
}

fn page_size() -> u64 {
    // SAFETY: a question without side effects.
    u64::try_from(unsafe { libc::sysconf(libc::_SC_PAGESIZE) }).unwrap_or(4096)
}

/// What the machine has moved to and from its swap since it was started, in bytes.
fn swapped() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/vmstat").ok()?;
    let pages = |name: &str| text.lines().find_map(|line| line.strip_prefix(name))?.trim().parse::<u64>().ok();
    Some((pages("pswpin ")? + pages("pswpout ")?) * page_size())
}

/// Of a file with lines such as `Pss:  123 kB`, the value of this name, in bytes.
#[must_use]
pub fn kibibytes_of(file: &str, name: &str) -> Option<u64> {
    kibibytes(&std::fs::read_to_string(file).ok()?, name)
}

fn kibibytes(text: &str, name: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_ascii_whitespace().next()?.parse::<u64>().ok().map(|n| n << 10)
}

/// What the control groups of the tutor allow and have, in bytes: one further up binds as well.
fn groups() -> Vec<(u64, u64)> {
    let groups = std::fs::read_to_string("/proc/self/cgroup").unwrap_or_default();
    let Some(path) = groups.lines().find_map(|line| line.strip_prefix("0::")) else { return Vec::new() };
    let read = |dir: &str, name: &str| -> Option<u64> {
        std::fs::read_to_string(format!("/sys/fs/cgroup{dir}/{name}")).ok()?.trim().parse().ok()
    };
    // `max` is no number and so no limit.
    let mut dirs: Vec<&str> =
        path.match_indices('/').map(|(at, _)| &path[..at]).chain([path.trim_end_matches('/')]).collect();
    dirs.dedup();
    let one = |dir: &str| Some((read(dir, "memory.max")?, read(dir, "memory.current")?));
    dirs.into_iter().filter_map(one).collect()
}

/// What the control group still allows, where there is one with a limit.
#[must_use]
pub fn left_in_group() -> Option<u64> {
    groups().into_iter().map(|(most, now)| most.saturating_sub(now)).min()
}

fn limit_of_group() -> Option<u64> {
    groups().into_iter().map(|(most, _)| most).min()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::LaneKind;

    #[test]
    fn sizes_are_read_from_their_lines() {
        assert_eq!(kibibytes("Rss: 8 kB\nPss:      3 kB\n", "Pss:"), Some(3072));
        assert_eq!(kibibytes("", "Pss:"), None);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn what_a_process_holds_is_seen() {
        let pid = std::process::id();
        let mut trace = Trace::default();
        trace.add_lane(Lane { pid, tid: pid, kind: LaneKind::Main, ..Lane::default() });
        let mut memory = Memory::default();
        memory.sample(1, &mut trace);
        let before = trace.memory.clone();
        assert!(before.total > Some(1 << 20) && before.resident[&pid] > 1 << 20 && before.peak > 1 << 20, "{before:?}");
        let held = vec![1_u8; 200 << 20];
        memory.sample(1, &mut trace);
        assert_eq!(trace.memory, before, "it is looked at again after a pause");
        memory.sample(Nanos::MAX / 2, &mut trace);
        let after = &trace.memory;
        assert!(after.peak >= before.peak + (150 << 20) && after.own[&pid] >= 200 << 20, "{before:?} {after:?}");
        drop(held);
    }
}
