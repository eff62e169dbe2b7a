//! The one reader of time.
//!
//! Every record in a trace is stamped with `CLOCK_MONOTONIC` nanoseconds: the clock that `perf_event_open` is told to
//! use, that the event log is written with and that Python's `time.perf_counter_ns` reads on Linux. Nothing outside
//! this file asks the system for the time: what needs it is told, so that tests choose it.

/// Nanoseconds of `CLOCK_MONOTONIC`, or a difference of two such readings.
pub type Nanos = u64;

/// One second in [`Nanos`].
pub const SECOND: Nanos = 1_000_000_000;
/// One millisecond in [`Nanos`].
pub const MILLISECOND: Nanos = 1_000_000;

/// Reads the system's monotonic clock.
#[must_use]
#[cfg(unix)]
pub fn now() -> Nanos {
    let mut spec = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `spec` is a valid place for the answer, and CLOCK_MONOTONIC exists on every Unix that we build for.
    unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC, &raw mut spec) };
    spec.tv_sec.unsigned_abs() * SECOND + spec.tv_nsec.unsigned_abs()
}

/// Reads a monotonic clock that starts at zero with the first call.
#[must_use]
#[cfg(not(unix))]
pub fn now() -> Nanos {
    use std::sync::OnceLock;
    use std::time::Instant;
    static START: OnceLock<Instant> = OnceLock::new();
    u64::try_from(START.get_or_init(Instant::now).elapsed().as_nanos()).unwrap_or(u64::MAX)
}

/// The day where the learner is: reviews are due on days.
#[must_use]
pub fn today() -> chrono::NaiveDate {
    chrono::Local::now().date_naive()
}

/// The day and the time where the learner is.
#[must_use]
pub fn moment() -> chrono::NaiveDateTime {
    chrono::Local::now().naive_local()
}

/// Nanoseconds as seconds.
#[must_use]
#[expect(
    clippy::cast_precision_loss,
    reason = "a run lasts far less than the 104 days that f64 counts in exact nanoseconds"
)]
pub fn seconds(nanos: Nanos) -> f64 {
    nanos as f64 / 1e9
}
