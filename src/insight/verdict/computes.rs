//! The sentence of a run whose threads compute: who did, and what let them or kept them from it.

use super::waits;
use super::{WORTH_SAYING, percent};
use crate::clock::seconds;
use crate::insight::words::{count, turns};
use crate::insight::{Shape, Summary};
use crate::trace::{Sources, State, StateTotals, SwitchSource, WaitSource};

/// What the sentence is made from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Facts<'a> {
    pub shape: &'a Shape,
    pub summary: &'a Summary,
    pub has_gil: bool,
    /// How it was measured.
    pub sources: Sources,
    /// Whether the run is about what the program counted, and not about times: overlapping waits are no merit then.
    pub counts: bool,
    /// Whether a caveat says for how long threads had no core.
    pub explained: bool,
}

/// Above this parallelism, threads have really run at the same time.
const PARALLEL: f64 = 1.2;
/// Above this share of the wanted time, waiting for the GIL explains the run.
const GIL_EXPLAINS: f64 = 0.15;
/// A thread that waited for the GIL for less than this share of its time hardly missed it.
const MISSED: f64 = 0.05;
/// Above this share of the run with two threads on cores at once, they did not just take turns.
pub(super) const OVERLAPS: f64 = 0.03;
/// Above this share of the on-CPU time, native code explains what ran at the same time.
const NATIVE_EXPLAINS: f64 = 0.15;
/// Where threads wanted to run for less than this share of the run, the program mostly waits.
const MOSTLY_WAITS: f64 = 0.5;
/// With less than this share of all on-CPU time, one thread did not do the computing by itself.
const BY_ITSELF: f64 = 0.9;
/// Runs shorter than this many seconds are mostly start-up and noise.
const SHORT: f64 = 0.02;

impl Facts<'_> {
    /// All that the measured numbers say of the run.
    pub fn all(self) -> String {
        format!("{}{}", self.what_happened(), self.kept_while_waiting())
    }

    /// Whether several threads computed, so that they could meet.
    pub fn together(self) -> bool {
        let measured = self.sources.switches != SwitchSource::None && self.summary.wall_s >= SHORT;
        measured && !self.mostly_waits() && self.shape.computing_threads > 1
    }

    /// How many cores the run used, for where no other part says it.
    pub fn cores(self) -> String {
        if self.together() {
            format!(" Together they used {:.2} cores.", self.summary.parallelism)
        } else {
            String::new()
        }
    }

    pub fn what_happened(self) -> String {
        let Facts { shape, summary, .. } = self;
        if self.sources.switches == SwitchSource::None {
            return "When threads were on a core was not measured on this machine.".to_owned();
        }
        if summary.wall_s < SHORT {
            return format!("The run took {:.0} ms, too short to say more.", summary.wall_s * 1e3);
        }
        if self.mostly_waits() {
            return waits::sentence(shape, !self.counts);
        }
        match shape.computing_threads {
            0 => waits::sentence(shape, !self.counts),
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
            && (shape.wanted < MOSTLY_WAITS
                || (shape.busy < MOSTLY_WAITS && waits * summary.wall_s > summary.wanted_s()))
    }

    fn gil_explains(self) -> bool {
        let turns = self.shape.overlap < 2.0 * OVERLAPS || self.sources.switches != SwitchSource::Perf;
        // Threads that only hand out the work may wait for a GIL that none of those that compute ever misses.
        let missed = self.gil_wait() >= GIL_EXPLAINS && self.shape.gil_shares.1 >= MISSED;
        self.has_gil && self.summary.parallelism < PARALLEL && missed && turns
    }

    /// A GIL that was held by a thread that waited: nobody could run, though nobody was on a core.
    pub fn kept_while_waiting(self) -> String {
        let kept = self.shape.gil_kept;
        if !self.has_gil || !self.exact() || kept < WORTH_SAYING {
            return String::new();
        }
        format!(
            " For {} of the run, threads waited for the GIL while the one that held it was waiting itself.",
            percent(kept)
        )
    }

    /// Whether both who was on a core and who waited for the GIL were measured, not sampled.
    fn exact(self) -> bool {
        self.sources.switches == SwitchSource::Perf && self.sources.waits == WaitSource::Preload
    }

    fn gil_wait(self) -> f64 {
        self.summary.gil_wait.unwrap_or(0.0)
    }

    /// A run in which one thread computed: what it did, as shares of the run, and who was late for it.
    fn one_thread(self) -> String {
        let Facts { shape, summary, .. } = self;
        if shape.computing_part < 0.5 {
            let who = if shape.processes == shape.threads { "processes" } else { "threads" };
            return format!("Many {who} computed a little each: {:.2} cores on average.", summary.parallelism);
        }
        let part = if shape.computing_part < BY_ITSELF { "most of the computing" } else { "the computing" };
        let others = match &shape.late {
            Some((name, share)) if self.has_gil && *share >= WORTH_SAYING => {
                format!(" Meanwhile {name} waited for the GIL for {} of the run.", percent(*share))
            }
            _ => String::new(),
        };
        format!("One thread did {part}: {}.{others}", shares(&shape.computing, summary.wall_s, self.explained))
    }

    /// Several threads under one GIL.
    fn taking_turns(self, threads: usize) -> String {
        let turns = turns(threads, self.shape.computing_processes, self.shape.gil_shares);
        format!("{turns}{}", self.lacking_a_core())
    }

    /// Who computed, and what let them.
    fn who(self) -> String {
        let Shape { computing_processes: p, computing_threads: t, .. } = *self.shape;
        let own = if self.has_gil && self.shape.own_gils { ", each with a GIL of its own" } else { "" };
        let threads = count(t, "thread");
        match (p, t) {
            (p, t) if p > 1 && t > p => format!("{threads} computed in {p} processes{own}"),
            (p, _) if p > 1 => format!("{} computed{own}", count(p, "process")),
            (_, _) if !self.has_gil && self.gil_wait() < 0.01 => format!("{threads} computed, and there was no GIL"),
            (_, _) if self.has_gil && self.shape.running_overlap >= OVERLAPS => {
                format!("{threads} of one process computed, each with a GIL of its own")
            }
            (_, _) if self.has_gil && self.shape.native >= NATIVE_EXPLAINS => {
                format!("{threads} computed, {} of it in native code without the GIL", percent(self.shape.native))
            }
            (_, _) => format!("{threads} computed"),
        }
    }

    fn at_once(self) -> String {
        if self.sources.switches != SwitchSource::Perf {
            return format!(": {:.2} cores on average.", self.summary.parallelism);
        }
        let who = if self.shape.computing_threads == 2 { "both" } else { "at least two" };
        match self.shape.computing_overlap {
            o if o <= 0.0 => ". No two of them were ever on a core at the same time.".to_owned(),
            o => format!(". For {} of the run {who} were on a core at the same time.", percent(o)),
        }
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

    /// For how long they had no core, where no caveat says it.
    fn lacking_a_core(self) -> String {
        let lacked = self.summary.lacked();
        if lacked < WORTH_SAYING || self.explained || self.counts {
            return String::new();
        }
        format!(" For {} of the time that they wanted a core, none was free.", percent(lacked))
    }
}

/// What a thread did, as shares of the run: on a core first, then what else counts, the most first; `explained` where a caveat
/// says for how long it had no core.
fn shares(totals: &StateTotals, wall_s: f64, explained: bool) -> String {
    let share = |nanos| if wall_s > 0.0 { seconds(nanos) / wall_s } else { 0.0 };
    let mut rest: Vec<(f64, &str)> = State::ALL
        .into_iter()
        .filter(|state| !explained || *state != State::Ready)
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
        State::Idle => Some("was idle for"),
        State::Ready => Some("was ready but had no core for"),
        State::Unknown => Some("was off the cores, why was not measured, for"),
    }
}
