//! What this machine can give now, in cores: advertised cores are not given cores.
//!
//! One thread alone sets the pace: work done for each second of CPU time, the best of a few short rounds, so that
//! being interrupted does not count against it. Then one thread a core works for long enough to meet a container's
//! quota (its period is 100 ms as a rule). Usable cores are what all did together in units of that pace. As a check,
//! no more can be usable than the CPU time that all got, divided by the time that passed.
//!
//! Run it in a process of its own, so that the tutor's threads are not part of it.

use crate::clock::{MILLISECOND, Nanos, now};
use crate::probe::sys::{allowed_cores, thread_cpu};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

/// How often one thread works alone, and for how long.
const ALONE: (usize, Nanos) = (3, 25 * MILLISECOND);
/// How long all work together.
const TOGETHER: Nanos = 200 * MILLISECOND;
/// How long one thread asks for a core, to see how much of it it gets: several turns of the scheduler.
const ASKING: Nanos = 40 * MILLISECOND;
/// How often progress is told.
const STEP: Duration = Duration::from_millis(20);

/// What the machine gave.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Calibration {
    /// Cores that this process may use.
    pub cores: u32,
    /// What they amounted to, at most `cores`.
    pub usable_cores: f64,
}

/// One step of a calibration that goes on.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Progress {
    /// Nanoseconds since all threads began together; 0 while one works alone.
    pub elapsed: Nanos,
    /// How long all will work together, in nanoseconds.
    pub of: Nanos,
    /// Pieces of work done so far, thread by thread.
    pub done: Vec<u64>,
    /// Usable cores so far; 0 while one works alone.
    pub usable_cores: f64,
}

/// Measures for about 0.3 s and tells its progress about every 20 ms.
pub fn calibrate_with(mut progress: impl FnMut(&Progress)) -> Calibration {
    let cores = allowed_cores();
    let (rounds, length) = ALONE;
    let pace = (0..rounds).map(|_| alone(length)).fold(0.0, f64::max);
    progress(&Progress { elapsed: 0, of: TOGETHER, done: vec![0; cores], usable_cores: 0.0 });
    let usable_cores = together(cores, pace, &mut progress);
    Calibration { cores: u32::try_from(cores).unwrap_or(u32::MAX), usable_cores }
}

/// The share of a core that one thread gets now which always wants one: 1 where no other program wants it. 40 ms.
#[must_use]
pub fn share_of_a_core() -> f64 {
    let (start, cpu) = (now(), CpuTime::start());
    let mut seed = 1;
    while now() < start + ASKING {
        seed = piece(seed);
    }
    let wall = now() - start;
    std::hint::black_box(seed);
    (float(cpu.used_or(wall)) / float(wall)).min(1.0)
}

/// One piece of work: a chain of multiplications that no compiler can shorten, about 20 us long.
fn piece(seed: u64) -> u64 {
    (0..8_000u64).fold(seed, |x, i| std::hint::black_box(x.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(i)))
}

/// Pieces for each nanosecond of CPU time, by one thread.
fn alone(length: Nanos) -> f64 {
    let (start, cpu) = (now(), CpuTime::start());
    let mut done = 0u32;
    while now() < start + length {
        std::hint::black_box(piece(u64::from(done)));
        done += 1;
    }
    f64::from(done) / float(cpu.used_or(now() - start))
}

/// Usable cores, by `threads` threads at once.
fn together(threads: usize, pace: f64, progress: &mut impl FnMut(&Progress)) -> f64 {
    let counts: Vec<AtomicU64> = (0..threads).map(|_| AtomicU64::new(0)).collect();
    let stop = &AtomicBool::new(false);
    std::thread::scope(|scope| {
        // A thread that the system does not give is not waited for: it could not be used either.
        let worker = |count| std::thread::Builder::new().spawn_scoped(scope, move || work(count, stop));
        let workers: Vec<_> = counts.iter().flat_map(worker).collect();
        let start = now();
        let mut usable = 0.0;
        let mut elapsed = 0;
        while elapsed < TOGETHER {
            std::thread::park_timeout(STEP);
            elapsed = now() - start;
            let done: Vec<u64> = counts.iter().map(|c| c.load(Ordering::Relaxed)).collect();
            usable = bounded(float(done.iter().sum()) / float(elapsed) / pace, threads);
            progress(&Progress { elapsed, of: TOGETHER, done, usable_cores: usable });
        }
        stop.store(true, Ordering::Relaxed);
        let cpu: Nanos = workers.into_iter().filter_map(|w| w.join().ok()).sum();
        let wall = now() - start;
        if cpu == 0 { usable } else { usable.min(float(cpu) / float(wall)) }
    })
}

/// Works until told to stop; the CPU time that it took.
fn work(count: &AtomicU64, stop: &AtomicBool) -> Nanos {
    let cpu = CpuTime::start();
    let mut seed = 1;
    while !stop.load(Ordering::Relaxed) {
        seed = piece(seed);
        count.fetch_add(1, Ordering::Relaxed);
    }
    cpu.used_or(0)
}

#[expect(clippy::cast_precision_loss, reason = "counts and durations far below 2^52")]
const fn float(number: u64) -> f64 {
    number as f64
}

fn bounded(cores: f64, most: usize) -> f64 {
    cores.min(float(most as u64))
}

/// The calling thread's CPU time from one point on.
struct CpuTime(Nanos);

impl CpuTime {
    fn start() -> Self {
        Self(thread_cpu())
    }

    /// What was used, or `otherwise` where the system does not tell.
    fn used_or(&self, otherwise: Nanos) -> Nanos {
        match thread_cpu() - self.0 {
            0 => otherwise.max(1),
            used => used,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_gets_some_of_a_core_and_never_more_than_one() {
        let share = share_of_a_core();
        assert!(share > 0.0 && share <= 1.0, "{share}");
    }

    #[test]
    fn something_is_usable_and_never_more_than_there_is() {
        let mut steps = Vec::new();
        let found = calibrate_with(|step| steps.push(step.clone()));
        assert!(found.usable_cores > 0.0 && found.usable_cores <= f64::from(found.cores), "{found:?}");
        assert!(steps.is_sorted_by_key(|s| s.elapsed));
        let last = steps.last().unwrap();
        assert!(last.elapsed >= last.of && last.done.len() == usize::try_from(found.cores).unwrap());
    }
}
