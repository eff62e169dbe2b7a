//! A trace becomes numbers, verdicts and caveats in plain words.
//!
//! Owns [`Summary`] (the numbers), [`Verdict`] (the sentence) and [`Caveat`] (what to keep in mind). May import
//! everything up to `runner`. A new metric is a field of [`Summary`]; a new caveat is a variant of [`Caveat`].

use crate::lesson::Metric;
use crate::trace::StateTotals;

/// The numbers of one run. Times are seconds.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Summary {
    /// From the program's start to its end.
    pub wall_s: f64,
    /// On-CPU time of the workload in that window.
    pub cpu_s: f64,
    /// `cpu_s / wall_s`.
    pub parallelism: f64,
    /// Baseline wall time / `wall_s`, where a baseline ran on the same runtime and knobs.
    pub speedup: Option<f64>,
    /// Share of the workload threads' life spent waiting for the GIL; `None` where it was not measured.
    pub gil_wait: Option<f64>,
    /// Time by state over all workload lanes, in nanoseconds.
    pub totals: StateTotals,
}

impl Summary {
    /// The value of a metric, where this run has it.
    #[must_use]
    pub fn metric(&self, metric: Metric) -> Option<f64> {
        match metric {
            Metric::Speedup => self.speedup,
            Metric::Parallelism => Some(self.parallelism),
            Metric::GilWait => self.gil_wait,
            Metric::Wall => Some(self.wall_s),
            Metric::UsableCores => None,
        }
    }
}

/// What happened and why, in one plain sentence, with what to keep in mind.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Verdict {
    /// The sentence.
    pub sentence: String,
    /// Caveats, the most important first.
    pub caveats: Vec<Caveat>,
}

/// Something that weakens what a run shows.
#[derive(Debug, Clone, PartialEq)]
pub enum Caveat {
    /// The machine cannot give more than about one core now.
    OneUsableCore {
        /// Cores that it can give.
        usable: f64,
    },
    /// Other programs kept the cores busy.
    BusyMachine {
        /// Their share of all cores, 0 to 1.
        others: f64,
    },
    /// Probes lost records.
    Lost {
        /// Context switches.
        switches: u64,
        /// Marks.
        events: u64,
    },
    /// On-CPU intervals were sampled, not traced.
    SampledSwitches,
    /// Why threads waited was sampled or not measured.
    WaitsNotExact,
    /// The run was too short to compare.
    TooShort {
        /// Wall seconds.
        wall_s: f64,
    },
}

impl std::fmt::Display for Caveat {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Caveat::OneUsableCore { usable } => {
                write!(f, "this machine can give about {usable:.2} cores now: it cannot show parallelism")
            }
            Caveat::BusyMachine { others } => {
                write!(f, "other programs used {:.0} % of the cores meanwhile", others * 100.0)
            }
            Caveat::Lost { switches, events } => {
                write!(f, "the probes lost {switches} switches and {events} marks: the lanes have gaps")
            }
            Caveat::SampledSwitches => {
                write!(f, "on-CPU time was sampled: totals hold, the order inside a sample does not")
            }
            Caveat::WaitsNotExact => write!(f, "why threads waited was not measured exactly"),
            Caveat::TooShort { wall_s } => write!(f, "the run took {:.0} ms: too short to compare", wall_s * 1e3),
        }
    }
}
