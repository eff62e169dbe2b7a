//! The numbers of one run.

use crate::clock::seconds;
use crate::lesson::Metric;
use crate::trace::{State, StateTotals, Trace, WaitSource};

/// The numbers of one run. Times are seconds.
#[derive(Debug, Clone, Default, PartialEq)]
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
        Summary { startup_s, wall_s, cpu_s, parallelism, speedup: None, gil_wait, totals }
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

    /// The value of a metric, where this run has it.
    #[must_use]
    pub fn metric(&self, metric: &Metric) -> Option<f64> {
        match metric {
            Metric::Speedup => self.speedup,
            Metric::Parallelism => Some(self.parallelism),
            Metric::GilWait => self.gil_wait,
            Metric::Wall => Some(self.wall_s),
            Metric::LockWait => self.lock_wait(),
            // The machine's, and what the program's exit and output say: not in a trace.
            Metric::UsableCores | Metric::Hung | Metric::Printed(_) => None,
        }
    }
}
