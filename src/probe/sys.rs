//! Small questions to the system that several probes ask.

use crate::clock::Nanos;

/// The cores that are switched on, by number.
#[must_use]
#[cfg(target_os = "linux")]
pub fn online_cores() -> Vec<u32> {
    let listed = std::fs::read_to_string("/sys/devices/system/cpu/online").ok();
    listed
        .map(|text| core_list(&text))
        .filter(|cores| !cores.is_empty())
        .unwrap_or_else(|| (0..u32::try_from(shown_cores()).unwrap_or(1)).collect())
}

/// Parses the kernel's way to list cores, such as `0-3,8`. What cannot be read is left out.
#[must_use]
#[cfg(target_os = "linux")]
pub fn core_list(text: &str) -> Vec<u32> {
    let mut cores = Vec::new();
    for part in text.trim().split(',') {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        if let (Ok(first), Ok(last)) = (first.trim().parse::<u32>(), last.trim().parse::<u32>()) {
            cores.extend(first..=last);
        }
    }
    cores
}

/// How many cores this process may use: what its affinity leaves. A quota is another matter.
#[must_use]
pub fn allowed_cores() -> usize {
    affinity().filter(|count| *count > 0).unwrap_or_else(shown_cores)
}

/// How many cores the standard library would use: it counts a quota too.
fn shown_cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

#[cfg(target_os = "linux")]
fn affinity() -> Option<usize> {
    use nix::sched::{CpuSet, sched_getaffinity};
    let set = sched_getaffinity(nix::unistd::Pid::from_raw(0)).ok()?;
    Some((0..CpuSet::count()).filter(|core| set.is_set(*core).unwrap_or(false)).count())
}

#[cfg(not(target_os = "linux"))]
const fn affinity() -> Option<usize> {
    None
}

/// The CPU time that the calling thread has used: what a probe costs is the difference of two readings on the thread
/// that drains it. 0 where the system does not tell.
#[must_use]
pub fn thread_cpu() -> Nanos {
    clocks::of_thread()
}

#[cfg(unix)]
mod clocks {
    use crate::clock::{Nanos, SECOND};
    use nix::time::{ClockId, clock_gettime};

    pub fn of_thread() -> Nanos {
        clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID)
            .map_or(0, |t| t.tv_sec().unsigned_abs() * SECOND + t.tv_nsec().unsigned_abs())
    }
}

#[cfg(not(unix))]
mod clocks {
    use crate::clock::Nanos;

    pub const fn of_thread() -> Nanos {
        0
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn core_lists_are_ranges_and_single_numbers() {
        assert_eq!(core_list("0-1\n"), [0, 1]);
        assert_eq!(core_list("0,2-4,7"), [0, 2, 3, 4, 7]);
        assert_eq!(core_list("\n"), [] as [u32; 0]);
        assert_eq!(core_list("0-x,3"), [3]);
    }

    #[test]
    fn there_is_a_core_and_cpu_time_only_grows() {
        assert!(!online_cores().is_empty());
        let before = thread_cpu();
        std::hint::black_box((0..100_000u64).map(std::hint::black_box).sum::<u64>());
        assert!(thread_cpu() > before);
    }
}
