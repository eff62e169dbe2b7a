//! What else the machine does while an item is checked, and what that changes.
//!
//! Measured as the share of a core that one thread gets, for that is what a program feels: a container that may use half
//! of the cores is slow but not busy. Deadlines count a quiet machine's seconds, so they stretch with the load.

use super::Outcome;
use std::time::Duration;

/// Below this share of a core, other programs are busy.
const QUIET: f64 = 0.8;
/// How often something is tried that a busy machine may spoil.
const TRIES: u32 = 5;
/// How often while it is busy: a failure does not count then, so that more tries would only take time.
const TRIES_WHEN_BUSY: u32 = 2;
/// How much longer than its share of a core says a run may take: what threads hand to each other waits for each of them.
const MARGIN: f64 = 2.0;
/// The least share that deadlines are stretched for; what hangs has to end as well.
const LEAST: f64 = 0.2;

/// The least share of a core that a thread got since an item's check began.
#[derive(Debug, Clone, Copy)]
pub(super) struct Load(f64);

impl Default for Load {
    fn default() -> Self {
        Load(1.0)
    }
}

impl Load {
    /// Takes in a share measured now.
    pub(super) fn note(&mut self, share: f64) {
        self.0 = self.0.min(share);
    }

    fn is_busy(self) -> bool {
        self.0 < QUIET
    }

    /// The deadline for this load.
    pub(super) fn stretched(self, timeout: Duration) -> Duration {
        if self.is_busy() { timeout.mul_f64(MARGIN / self.0.max(LEAST)) } else { timeout }
    }

    /// Whether to try once more after this many attempts.
    pub(super) fn try_again(self, attempts: u32) -> bool {
        attempts < if self.is_busy() { TRIES_WHEN_BUSY } else { TRIES }
    }

    /// What a failure under this load says of the lesson.
    pub(super) fn excuse(self, why: String) -> Outcome {
        if self.is_busy() {
            let share = self.0;
            return Outcome::NotShown(format!("other programs are busy, a thread gets {share:.2} of a core; {why}"));
        }
        Outcome::Fails(why)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(share: f64) -> Load {
        let mut load = Load::default();
        load.note(share);
        load
    }

    #[test]
    fn a_deadline_counts_the_seconds_of_a_quiet_machine() {
        let thirty = Duration::from_secs(30);
        assert_eq!(load(1.0).stretched(thirty), thirty);
        assert_eq!(load(0.5).stretched(thirty), Duration::from_mins(2));
        assert_eq!(load(0.0).stretched(thirty), Duration::from_mins(5), "what hangs ends");
    }

    #[test]
    fn the_busiest_moment_counts() {
        let mut load = load(0.3);
        load.note(1.0);
        assert!(load.is_busy());
        assert!(load.try_again(1) && !load.try_again(2));
        assert!(matches!(load.excuse("it is 7".to_owned()), Outcome::NotShown(why) if why.ends_with("; it is 7")));
    }
}
