//! The numbers of one run.

use super::printed;
use crate::clock::seconds;
use crate::lesson::Metric;
use crate::runner::Outcome;
use crate::trace::{State, StateTotals, Trace, WaitSource};

/// How much of the output is kept for the numbers in it, in bytes.
const PRINTED: usize = 16 * 1024;

/// The numbers of one run. Times are seconds.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Summary {
    /// From the launch to the program's start: the interpreter's start-up. `None` where it was not seen.
    pub startup_s: Option<f64>,
    /// From the program's start to its end.
    pub wall_s: f64,
    /// On-CPU time of the workload in that window.
    pub cpu_s: f64,
    /// `cpu_s / wall_s`.
    pub parallelism: f64,
    /// Baseline wall time / `wall_s`, where a baseline ran on the same runtime and knobs.
    pub speedup: Option<f64>,
    /// Of the time that the workload's threads wanted to run Python (were running, ready, or waiting for the GIL), the
    /// share that they waited for the GIL, 0 to 1; `None` where it was not measured.
    pub gil_wait: Option<f64>,
    /// Time by state over all workload lanes, in nanoseconds.
    pub totals: StateTotals,
    /// Whether it did not come to its end by itself: it took too long, or its threads waited for each other for ever.
    pub hung: bool,
    /// Whether it was ended because its threads waited for each other for ever.
    pub deadlock: bool,
    /// The beginning of what it printed, for the numbers in it.
    pub stdout: String,
}

impl Summary {
    /// The numbers of a trace, finished or still growing.
    #[must_use]
    pub fn of(trace: &Trace) -> Summary {
        let (from, to) = (trace.zero(), trace.until());
        let mut totals = StateTotals::default();
        for lane in trace.lanes.iter().filter(|l| l.is_workload()) {
            totals.merge(&lane.spans.totals_in(from, to));
        }
        let wall_s = seconds(to.saturating_sub(from));
        let cpu_s = seconds(totals.on_cpu());
        let parallelism = if wall_s > 0.0 { cpu_s / wall_s } else { 0.0 };
        let gil_wait = (trace.sources.waits != WaitSource::None).then(|| {
            let for_gil = totals.get(State::GilWait);
            let eager = for_gil + totals.on_cpu() + totals.get(State::Ready);
            if eager == 0 { 0.0 } else { seconds(for_gil) / seconds(eager) }
        });
        let startup_s = trace.program_at.map(|at| seconds(at.saturating_sub(trace.launched_at)));
        Summary { startup_s, wall_s, cpu_s, parallelism, gil_wait, totals, ..Summary::default() }
    }

    /// The numbers of a finished run: its end and what it printed are known as well.
    #[must_use]
    pub fn of_outcome(outcome: &Outcome) -> Summary {
        let printed = &outcome.stdout[..outcome.stdout.len().min(PRINTED)];
        let stdout = String::from_utf8_lossy(printed).into_owned();
        let (hung, deadlock) = (outcome.end.hung(), outcome.end.deadlock());
        Summary { hung, deadlock, stdout, ..Summary::of(&outcome.trace) }
    }

    /// The same, compared with the baseline's run.
    #[must_use]
    pub fn against(mut self, baseline: &Summary) -> Summary {
        self.speedup = (self.wall_s > 0.0).then(|| baseline.wall_s / self.wall_s);
        self
    }

    /// Of the time of the workload's threads, the share that they waited for locks; `None` where it was not measured.
    fn lock_wait(&self) -> Option<f64> {
        let all: u64 = State::ALL.iter().map(|state| self.totals.get(*state)).sum();
        self.gil_wait.map(|_| if all == 0 { 0.0 } else { seconds(self.totals.get(State::LockWait)) / seconds(all) })
    }

    /// The time that the workload's threads wanted to run, in seconds.
    #[must_use]
    pub fn wanted_s(&self) -> f64 {
        let totals = &self.totals;
        seconds(totals.get(State::Ready) + totals.on_cpu() + totals.get(State::GilWait))
    }

    /// Of the time that the workload's threads wanted to run, the share that they were ready and had no core, 0 to 1.
    #[must_use]
    pub fn lacked(&self) -> f64 {
        let wanted = self.wanted_s();
        if wanted > 0.0 { seconds(self.totals.get(State::Ready)) / wanted } else { 0.0 }
    }

    /// The value of a metric, where this run has it; `usable_cores` is the machine's, where it was measured.
    #[must_use]
    pub fn metric(&self, metric: &Metric, usable_cores: Option<f64>) -> Option<f64> {
        match metric {
            Metric::Speedup => self.speedup,
            Metric::Parallelism => Some(self.parallelism),
            Metric::GilWait => self.gil_wait,
            Metric::Wall => Some(self.wall_s),
            Metric::LockWait => self.lock_wait(),
            Metric::UsableCores => usable_cores,
            Metric::Hung => Some(if self.hung { 1.0 } else { 0.0 }),
            Metric::Printed(label) => printed(&self.stdout, label),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runner::{End, EndedBy, Status};

    #[test]
    fn what_a_program_printed_and_how_it_ended_are_metrics() {
        let end = End::Ended(EndedBy::Deadlock, Status::Signal(9));
        let outcome = Outcome { end, stdout: b"expected 2,000, lost 12\n".to_vec(), ..Outcome::default() };
        let summary = Summary::of_outcome(&outcome);
        assert_eq!(summary.metric(&Metric::Hung, None), Some(1.0));
        assert_eq!(summary.metric(&Metric::Printed("lost".into()), None), Some(12.0));
        assert_eq!(summary.metric(&Metric::Printed("found".into()), None), None);
        assert_eq!(summary.metric(&Metric::UsableCores, Some(1.5)), Some(1.5));
    }
}
