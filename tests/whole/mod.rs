//! What the tests that run the whole course share: they say where they are, and they know a busy machine.

use concur_tutor::inside::probe::share_of_a_core;
use std::io::Write;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Below this share of a core for one thread, other programs are busy.
const QUIET: f64 = 0.8;

/// Says something on the terminal at once. The test harness keeps what `println!` says until a test has failed.
pub fn tell(line: &str) {
    // Where nobody can be told, the tests go on.
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// Held by the test that runs programs: two at once would make the machine busy for each other.
pub fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The number of today: what takes too long for one day is tried in turns, a part of it every day.
pub fn today() -> usize {
    let days = std::time::UNIX_EPOCH.elapsed().map_or(0, |since| since.as_secs() / (24 * 60 * 60));
    usize::try_from(days).unwrap_or_default()
}

/// Whether no other program wants this thread's core now.
pub fn is_quiet() -> bool {
    share_of_a_core() >= QUIET
}

/// The time that a part of the tests may take while other programs are busy. On a quiet machine it has no end.
pub struct Patience {
    since: Instant,
    limit: Duration,
}

impl Patience {
    pub fn of(limit: Duration) -> Patience {
        Patience { since: Instant::now(), limit }
    }

    /// Whether the rest is left out: the time is up, and the machine is busy.
    pub fn is_over(&self) -> bool {
        self.since.elapsed() > self.limit && !is_quiet()
    }
}
