//! What to keep in mind about a run: each a type with its advice, found in one place.

use super::Summary;
use crate::clock::seconds;
use crate::runner::Machine;
use crate::trace::{SwitchSource, Trace, WaitSource};

/// Below this many usable cores a machine cannot show parallelism.
const SHOWS_PARALLELISM: f64 = 1.25;
/// Below this parallelism a program mostly waits.
const COMPUTES: f64 = 0.5;
/// Above this share of all cores, other programs matter.
const OTHERS_MATTER: f64 = 0.15;
/// Runs shorter than this many seconds are mostly start-up and noise.
const SHORT: f64 = 0.05;

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
    /// Everything that weakens this run, the most important first.
    #[must_use]
    pub fn of(trace: &Trace, summary: &Summary, machine: Machine) -> Vec<Caveat> {
        let mut out = Vec::new();
        // A run that had more of it shows that it was so only then; one that mostly waits has no use for a second core.
        let wanted = (COMPUTES..SHOWS_PARALLELISM).contains(&summary.parallelism);
        if wanted && machine.usable_cores > 0.0 && machine.usable_cores < SHOWS_PARALLELISM {
            out.push(Caveat::OneUsableCore { usable: machine.usable_cores });
        }
        if let Some(others) = others_share(trace).filter(|o| *o > OTHERS_MATTER) {
            out.push(Caveat::BusyMachine { others });
        }
        if trace.lost.switches + trace.lost.events > 0 {
            out.push(Caveat::Lost { switches: trace.lost.switches, events: trace.lost.events });
        }
        match trace.sources.switches {
            SwitchSource::Perf => {}
            SwitchSource::Schedstat => out.push(Caveat::SampledSwitches),
            SwitchSource::None => out.push(Caveat::NoSwitches),
        }
        if matches!(trace.sources.waits, WaitSource::Procfs | WaitSource::None) {
            out.push(Caveat::WaitsNotExact);
        }
        if summary.wall_s > 0.0 && summary.wall_s < SHORT {
            out.push(Caveat::TooShort { wall_s: summary.wall_s });
        }
        out
    }
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
            Caveat::OneUsableCore { usable } => {
                write!(f, "this machine gave about {usable:.2} cores when it was measured: too few to show parallelism")
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
            Caveat::NoSwitches => write!(f, "on-CPU time was not measured on this machine"),
            Caveat::WaitsNotExact => write!(f, "why threads waited was not measured exactly"),
            Caveat::TooShort { wall_s } => write!(f, "the run took {:.0} ms: too short to compare", wall_s * 1e3),
        }
    }
}
