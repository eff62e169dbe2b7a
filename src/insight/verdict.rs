//! One plain sentence of what happened and why, made from the measured numbers alone.
//!
//! Each part of it must be true whatever the numbers are: where they settle nothing, it says less. Who waited for what is
//! in [`waits`].

use super::{Caveat, Pace, Shape, Summary};
use crate::clock::seconds;
use crate::runner::Machine;
use crate::trace::{State, StateTotals, SwitchSource, Trace, WaitSource};

mod waits;

/// What happened and why, in one plain sentence, with what to keep in mind.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Verdict {
    /// What happened and why; empty where nothing can be said.
    pub sentence: String,
    /// Caveats, the most important first.
    pub caveats: Vec<Caveat>,
}

/// What a verdict needs to know beside the trace.
#[derive(Debug, Clone, Copy, Default)]
pub struct Context<'a> {
    /// The name of the program that the speed-up is measured against.
    pub baseline: Option<&'a str>,
    /// Whether the runtime has a GIL.
    pub has_gil: bool,
    /// What the machine can give.
    pub machine: Machine,
}

/// What the sentence is made from.
#[derive(Debug, Clone, Copy)]
struct Facts<'a> {
    shape: &'a Shape,
    summary: &'a Summary,
    has_gil: bool,
    switches: SwitchSource,
    /// Whether both who was on a core and who waited for the GIL were measured, not sampled.
    exact: bool,
}

/// Above this parallelism, threads have really run at the same time.
const PARALLEL: f64 = 1.2;
/// Above this share of the wanted time, waiting for the GIL explains the run.
const GIL_EXPLAINS: f64 = 0.15;
/// Above this share of the run with two threads on cores at once, they did not just take turns.
const OVERLAPS: f64 = 0.03;
/// Above this share of the on-CPU time, native code explains what ran at the same time.
const NATIVE_EXPLAINS: f64 = 0.15;
/// Where threads wanted to run for less than this share of the run, the program mostly waits.
const MOSTLY_WAITS: f64 = 0.5;
/// A smaller share of the time is not worth a word.
const WORTH_SAYING: f64 = 0.1;
/// With less than this share of all on-CPU time, one thread did not do the computing by itself.
const BY_ITSELF: f64 = 0.9;
/// Runs shorter than this many seconds are mostly start-up and noise.
const SHORT: f64 = 0.02;

impl Verdict {
    /// Judges a finished run.
    #[must_use]
    pub fn of(trace: &Trace, summary: &Summary, context: Context<'_>) -> Verdict {
        let shape = Shape::of(trace);
        let sources = trace.sources;
        let exact = sources.switches == SwitchSource::Perf && sources.waits == WaitSource::Preload;
        let facts = Facts { shape: &shape, summary, has_gil: context.has_gil, switches: sources.switches, exact };
        let mut sentence = facts.what_happened();
        sentence.push_str(&facts.kept_while_waiting());
        // The baseline itself has a speed-up of 1, which says nothing.
        if let (Some(speedup), Some(baseline)) = (summary.speedup, context.baseline) {
            sentence.push_str(&compared(speedup, baseline));
        }
        Verdict { sentence, caveats: Caveat::of(trace, summary, context.machine) }
    }

    /// What made the machine too busy for the run's numbers to settle anything, where something did.
    #[must_use]
    pub fn disturbance(&self) -> Option<&Caveat> {
        let busy = |caveat: &&Caveat| matches!(caveat, Caveat::OneUsableCore { .. } | Caveat::BusyMachine { .. });
        self.caveats.iter().find(busy)
    }
}

impl Facts<'_> {
    fn what_happened(self) -> String {
        let Facts { shape, summary, .. } = self;
        if self.switches == SwitchSource::None {
            return "When threads were on a core was not measured on this machine.".to_owned();
        }
        if summary.wall_s < SHORT {
            return format!("The run took {:.0} ms, too short to say more.", summary.wall_s * 1e3);
        }
        if self.mostly_waits() {
            return waits::sentence(shape);
        }
        match shape.computing_threads {
            0 => waits::sentence(shape),
            1 => self.one_thread(),
            n if self.gil_explains() => self.taking_turns(n),
            _ => format!("{}{}{}{}", self.who(), self.at_once(), self.locked(), self.lacking_a_core()),
        }
    }

    /// Whether nobody wanted a core for most of the run, or more threads waited for something else than wanted one.
    fn mostly_waits(self) -> bool {
        let Facts { shape, summary, .. } = self;
        let waits = shape.io_waiting + shape.sleeping;
        summary.parallelism < PARALLEL
            && (shape.wanted < MOSTLY_WAITS || (shape.busy < MOSTLY_WAITS && waits * summary.wall_s > self.wanted_s()))
    }

    fn gil_explains(self) -> bool {
        let turns = self.shape.overlap < 2.0 * OVERLAPS || self.switches != SwitchSource::Perf;
        self.has_gil && self.summary.parallelism < PARALLEL && self.gil_wait() >= GIL_EXPLAINS && turns
    }

    /// A GIL that was held by a thread that waited: nobody could run, though nobody was on a core.
    fn kept_while_waiting(self) -> String {
        let kept = self.shape.gil_kept;
        if !self.has_gil || !self.exact || kept < WORTH_SAYING {
            return String::new();
        }
        format!(
            " For {} of the run, threads waited for the GIL while the one that held it was waiting itself.",
            percent(kept)
        )
    }

    fn gil_wait(self) -> f64 {
        self.summary.gil_wait.unwrap_or(0.0)
    }

    /// A run in which one thread computed: what it did, as shares of the run.
    fn one_thread(self) -> String {
        let Facts { shape, summary, .. } = self;
        if shape.computing_part < 0.5 {
            return format!("Many threads computed a little each: {:.2} cores on average.", summary.parallelism);
        }
        let part = if shape.computing_part < BY_ITSELF { "most of the computing" } else { "the computing" };
        let others = if self.gil_wait() >= GIL_EXPLAINS {
            let waited = percent(self.gil_wait());
            format!(" Of the time in which threads wanted to run, they waited for the GIL {waited}.")
        } else {
            String::new()
        };
        format!("One thread did {part}: {}.{others}", shares(&shape.computing, summary.wall_s))
    }

    /// Several threads under one GIL.
    fn taking_turns(self, threads: usize) -> String {
        let among = if self.shape.computing_processes > 1 {
            format!("{threads} threads wanted to run, but in each process only the one that held the GIL could")
        } else {
            format!("{threads} threads wanted to run, but only the one that held the GIL could")
        };
        let lacked = self.lacked();
        let core = if lacked >= WORTH_SAYING { format!(" and for a core {}", percent(lacked)) } else { String::new() };
        format!(
            "{among}: of that time they waited for it {}{core}, and together they used {:.2} cores.",
            percent(self.gil_wait()),
            self.summary.parallelism
        )
    }

    /// Who computed, and what let them.
    fn who(self) -> String {
        let Shape { computing_processes: p, computing_threads: t, .. } = *self.shape;
        let own = if self.has_gil && self.shape.own_gils { ", each with a GIL of its own," } else { "" };
        match (p, t) {
            (p, t) if p > 1 && t > p => format!("{t} threads in {p} processes{own} computed"),
            (p, _) if p > 1 => format!("{p} processes{own} computed"),
            (_, t) if !self.has_gil && self.gil_wait() < 0.01 => format!("Without a GIL, {t} threads computed"),
            (_, t) if self.has_gil && self.shape.running_overlap >= OVERLAPS => {
                format!("{t} threads of one process, each with a GIL of its own, computed")
            }
            (_, t) if self.has_gil && self.shape.native >= NATIVE_EXPLAINS => {
                format!("{t} threads computed, {} of it in native code without the GIL", percent(self.shape.native))
            }
            (_, t) => format!("{t} threads computed"),
        }
    }

    fn at_once(self) -> String {
        let cores = format!("{:.2} cores on average.", self.summary.parallelism);
        if self.switches != SwitchSource::Perf {
            return format!(": {cores}");
        }
        if self.shape.overlap <= 0.0 {
            return format!("; no two were on a core at the same time: {cores}");
        }
        let part = percent(self.shape.overlap);
        format!("; for {part} of the run at least two were on a core at the same time: {cores}")
    }

    /// How much of their time the computing threads waited for a lock.
    fn locked(self) -> String {
        let totals = &self.shape.computing;
        let all = seconds(totals.sum());
        let share = if all > 0.0 { seconds(totals.get(State::LockWait)) / all } else { 0.0 };
        if share < WORTH_SAYING {
            return String::new();
        }
        format!(" They waited for a lock for {} of their time.", percent(share))
    }

    fn lacking_a_core(self) -> String {
        let lacked = self.lacked();
        if lacked < WORTH_SAYING {
            return String::new();
        }
        format!(" Of the time in which threads wanted to run, they waited for a core {}.", percent(lacked))
    }

    /// Of the time that the workload's threads wanted to run, the share that they were ready and had no core.
    fn lacked(self) -> f64 {
        let wanted = self.wanted_s();
        if wanted > 0.0 { seconds(self.summary.totals.get(State::Ready)) / wanted } else { 0.0 }
    }

    /// The time that the workload's threads wanted to run, in seconds.
    fn wanted_s(self) -> f64 {
        let totals = &self.summary.totals;
        seconds(totals.get(State::Ready) + totals.on_cpu() + totals.get(State::GilWait))
    }
}

/// What a thread did, as shares of the run: on a core first, then what else counts, the most first.
fn shares(totals: &StateTotals, wall_s: f64) -> String {
    let share = |nanos| if wall_s > 0.0 { seconds(nanos) / wall_s } else { 0.0 };
    let mut rest: Vec<(f64, &str)> = State::ALL
        .into_iter()
        .filter_map(|state| doing(state).map(|words| (share(totals.get(state)), words)))
        .filter(|(part, _)| *part >= WORTH_SAYING)
        .collect();
    rest.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut parts = vec![format!("it was on a core for {} of the run", percent(share(totals.on_cpu())))];
    parts.extend(rest.into_iter().map(|(part, words)| format!("{words} {}", percent(part))));
    match parts.pop() {
        Some(last) if !parts.is_empty() => format!("{} and {last}", parts.join(", ")),
        last => last.unwrap_or_default(),
    }
}

/// What a thread does in a state off the cores, in words before a share.
const fn doing(state: State) -> Option<&'static str> {
    match state {
        State::Running | State::Native => None,
        State::GilWait => Some("waited for the GIL for"),
        State::LockWait => Some("waited for a lock for"),
        State::IoWait => Some("waited for I/O for"),
        State::Sleep => Some("slept for"),
        State::Ready => Some("was ready but had no core for"),
        State::Unknown => Some("was off the cores, why was not measured, for"),
    }
}

/// A share in whole percent; a small one is not rounded to nothing, nor a large one to all.
fn percent(share: f64) -> String {
    match share {
        s if s > 0.0 && s < 0.01 => "less than 1 %".to_owned(),
        s if s < 1.0 => format!("{:.0} %", (s * 100.0).min(99.0)),
        _ => "100 %".to_owned(),
    }
}

/// The speed-up in words; empty where it is no number.
fn compared(speedup: f64, baseline: &str) -> String {
    Pace::of(speedup).map(|pace| format!(" It was {}.", pace.beside(baseline))).unwrap_or_default()
}

#[cfg(test)]
mod tests;
