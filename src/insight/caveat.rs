//! What to keep in mind about a run: each a type with its advice, found in one place.

use super::Summary;
use super::words::percent;
use crate::clock::seconds;
use crate::runner::Machine;
use crate::trace::{State, SwitchSource, Trace, WaitSource};

/// Below this many usable cores a machine cannot show parallelism.
const SHOWS_PARALLELISM: f64 = 1.25;
/// Above this parallelism, threads did run at the same time.
const SHOWN: f64 = 1.15;
/// Above this share of all cores, other programs matter.
const OTHERS_MATTER: f64 = 0.15;
/// Where threads that wanted a core had none for less than this share of that time, they got the cores that they needed.
const GOT_THEM: f64 = 0.05;
/// Runs shorter than this many seconds are mostly start-up and noise.
const SHORT: f64 = 0.05;

/// Something that weakens what a run shows.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub enum Caveat {
    /// The machine cannot give more than about one core now.
    OneUsableCore {
        /// Cores that it can give.
        usable: f64,
        /// Of the time that threads wanted a core, the share that they had none, 0 to 1; `None` where that was not measured.
        lacked: Option<f64>,
    },
    /// Other programs kept the cores busy.
    BusyMachine {
        /// Their share of all cores, 0 to 1.
        others: f64,
        /// Of the time that threads wanted a core, the share that they had none, 0 to 1; `None` where that was not measured.
        lacked: Option<f64>,
    },
    /// Probes lost records.
    Lost {
        /// Context switches.
        switches: u64,
        /// Marks.
        events: u64,
    },
    /// Steps of asyncio's tasks are missing.
    TasksLost {
        /// Records.
        records: u64,
    },
    /// On-CPU intervals were sampled, not traced.
    SampledSwitches,
    /// On-CPU intervals were not measured at all.
    NoSwitches,
    /// Why threads waited was sampled or not measured.
    WaitsNotExact,
    /// The run was too short to compare.
    TooShort {
        /// Wall seconds.
        wall_s: f64,
    },
}

impl Caveat {
    /// What weakens what this run shows, the most important first. `timed` says whether the run is about times or cores:
    /// what a program counts is the same on a busy machine.
    #[must_use]
    pub fn of(trace: &Trace, summary: &Summary, machine: Machine, timed: bool) -> Vec<Caveat> {
        let mut out = Vec::new();
        out.extend(Caveat::lack_of_cores(trace, summary, machine).filter(|_| timed));
        if trace.lost.switches + trace.lost.events > 0 {
            out.push(Caveat::Lost { switches: trace.lost.switches, events: trace.lost.events });
        }
        if trace.lost.tasks > 0 {
            out.push(Caveat::TasksLost { records: trace.lost.tasks });
        }
        match trace.sources.switches {
            SwitchSource::Perf => {}
            SwitchSource::Schedstat => out.push(Caveat::SampledSwitches),
            SwitchSource::None => out.push(Caveat::NoSwitches),
        }
        if matches!(trace.sources.waits, WaitSource::Procfs | WaitSource::None) {
            out.push(Caveat::WaitsNotExact);
        }
        if timed && summary.wall_s > 0.0 && summary.wall_s < SHORT {
            out.push(Caveat::TooShort { wall_s: summary.wall_s });
        }
        out
    }

    /// Why the run did not get the cores that it wanted, where it did not.
    fn lack_of_cores(trace: &Trace, summary: &Summary, machine: Machine) -> Option<Caveat> {
        let exact = trace.sources.switches == SwitchSource::Perf;
        let lacked = exact.then(|| summary.lacked());
        // A program that mostly waits wants a core for moments: to wait for one then costs it next to nothing.
        let ready = seconds(summary.totals.get(State::Ready));
        if lacked.is_some_and(|share| share < GOT_THEM || ready < GOT_THEM * summary.wall_s) {
            return None;
        }
        if let Some(others) = crowded(trace) {
            return Some(Caveat::BusyMachine { others, lacked });
        }
        let usable = machine.usable_cores;
        let narrow = usable > 0.0 && usable < SHOWS_PARALLELISM && summary.parallelism < SHOWN;
        narrow.then_some(Caveat::OneUsableCore { usable, lacked })
    }

    /// Whether it says why threads had no core.
    #[must_use]
    pub const fn lacks_cores(&self) -> bool {
        matches!(self, Caveat::OneUsableCore { .. } | Caveat::BusyMachine { .. })
    }
}

/// The share of all cores that others used, 0 to 1, where it is so much that it matters.
#[must_use]
pub fn crowded(trace: &Trace) -> Option<f64> {
    others_share(trace).filter(|others| *others > OTHERS_MATTER)
}

/// The share of all cores that neither the workload nor the tutor used but somebody did; `None` where the cores, or what ran
/// on them, were not measured.
#[must_use]
pub fn others_share(trace: &Trace) -> Option<f64> {
    if trace.sources.switches == SwitchSource::None {
        return None; // what the workload used is not known, so neither is what others did
    }
    let (from, to) = (trace.zero(), trace.until());
    let busy: Vec<_> = trace.cores.iter().filter_map(|core| core.busy_in(from, to)).collect();
    if busy.is_empty() || to <= from {
        return None;
    }
    let (all, tutor) = busy.iter().fold((0, 0), |sum, b| (sum.0 + b.0, sum.1 + b.1));
    let ours: u64 = trace.lanes.iter().map(|l| l.spans.totals_in(from, to).on_cpu()).sum();
    let others = seconds(all.saturating_sub(ours + tutor));
    #[expect(clippy::cast_precision_loss, reason = "a machine has far fewer cores than 2^52")]
    let capacity = seconds(to - from) * busy.len() as f64;
    Some(others / capacity)
}

impl std::fmt::Display for Caveat {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Caveat::OneUsableCore { usable, lacked } => {
                write!(f, "this machine gave about {usable:.2} cores when it was measured{}", without(*lacked))
            }
            Caveat::BusyMachine { others, lacked } => {
                write!(f, "other programs used {:.0} % of the cores meanwhile{}", others * 100.0, without(*lacked))
            }
            Caveat::Lost { switches, events } => {
                write!(f, "the probes lost {switches} switches and {events} marks: the lanes have gaps")
            }
            Caveat::TasksLost { records } => {
                write!(f, "{records} records of asyncio's tasks were lost: some of their steps are missing")
            }
            Caveat::SampledSwitches => {
                write!(f, "on-CPU time was sampled: totals hold, the order inside a sample does not")
            }
            Caveat::NoSwitches => write!(f, "on-CPU time was not measured on this machine"),
            Caveat::WaitsNotExact => write!(f, "why threads waited was not measured exactly"),
            Caveat::TooShort { wall_s } => write!(f, "the run took {:.0} ms: too short to compare", wall_s * 1e3),
        }
    }
}

/// For how long threads had no core.
fn without(lacked: Option<f64>) -> String {
    let words = |share| format!(": for {} of the time that threads wanted a core, none was free", percent(share));
    lacked.map(words).unwrap_or_default()
}
