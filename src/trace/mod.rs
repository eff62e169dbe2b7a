//! What happened: lanes of spans, cores, and where the knowledge came from.
//!
//! Owns the types that every other module speaks in: [`Record`] (what a probe says), [`Trace`] (what came of it) and
//! [`Sources`] (how it was measured). May import `clock` alone. A new kind of observation is a new [`What`] and an arm
//! in the state machine behind the lanes, `world.rs`.

pub mod builder;
pub mod call;
pub mod census;
pub mod gil;
pub mod lane;
pub mod machine;
pub mod record;
pub mod span;
pub mod state;
pub mod tasks;
mod world;

pub use builder::Builder;
pub use call::Call;
pub use census::Census;
pub use gil::{GilTrack, Held, Hold};
pub use lane::Lane;
pub use machine::{CoreSample, CoreTrack, Lost, Sources, SwitchSource, WaitSource};
pub use record::{LaneKind, Pid, Record, Tid, Wait, WaitKind, WaitObject, What};
pub use span::{Mark, Span, Spans, StateTotals};
pub use state::State;
pub use tasks::{TaskMark, Tasks};

use crate::clock::Nanos;

/// Everything that is known of one run. While the run lasts, the end of it is provisional.
#[derive(Debug, Clone, Default)]
pub struct Trace {
    /// One lane a thread, in order of creation, so that an index stays valid while the run grows.
    pub lanes: Vec<Lane>,
    /// How many of the workload's lanes, helpers left out, were in which state.
    pub census: Census,
    /// One track a GIL, in the order in which they were first taken.
    pub gils: Vec<GilTrack>,
    /// The asyncio tasks, and whose turn it was on their loops.
    pub tasks: Tasks,
    /// One track a core of the machine, by core number.
    pub cores: Vec<CoreTrack>,
    /// When the launched process was created or exec'ed: the zero of `startup_s`.
    pub launched_at: Nanos,
    /// When the learner's program began, after the interpreter had started. `None` until it is known.
    pub program_at: Option<Nanos>,
    /// When the launched process ended.
    pub ended_at: Option<Nanos>,
    /// Everything before this instant is known.
    pub known_until: Nanos,
    /// How it was measured.
    pub sources: Sources,
    /// What the probes know they missed.
    pub lost: Lost,
    /// CPU time of the tutor's probes and of reading them, in nanoseconds.
    pub observer_cpu: Nanos,
    /// The shortest stretch in which it is known when something happened: below it only how long. 0 where everything is as
    /// it was measured; more where a run was kept for another day and had too much in it.
    pub grain: Nanos,
}

impl Trace {
    /// Grains that a column on the screen covers at least: then nothing is drawn finer than it is known.
    pub const GRAINS: Nanos = 8;

    /// The shortest window that so many columns may show: no finer than it is known when something happened.
    #[must_use]
    pub const fn finest(&self, columns: u16) -> Nanos {
        self.grain.saturating_mul(Self::GRAINS * columns as Nanos)
    }

    /// The zero of the screen's time axis and of `start_s`/`end_s`: the program's start, or the launch where the
    /// start-up was not seen.
    #[must_use]
    pub fn zero(&self) -> Nanos {
        self.program_at.unwrap_or(self.launched_at)
    }

    /// Adds a lane, and counts it where it counts.
    pub fn add_lane(&mut self, lane: Lane) {
        if lane.is_counted() {
            self.census.enter(lane.spans.as_slice());
        }
        self.lanes.push(lane);
    }

    /// Counts the lanes anew.
    pub fn recount(&mut self) {
        self.census = Census::new(self.launched_at);
        let counted = self.lanes.iter().filter(|lane| lane.is_counted());
        counted.for_each(|lane| self.census.enter(lane.spans.as_slice()));
    }

    /// Adds what a lane did next.
    pub(super) fn push_span(&mut self, lane: usize, span: Span) {
        let lane = &mut self.lanes[lane];
        if lane.is_counted() {
            self.census.add(span.state, span.start, span.end);
        }
        lane.spans.push(span);
    }

    /// Forgets what a lane did from an instant on.
    pub(super) fn cut_lane(&mut self, lane: usize, at: Nanos) {
        let lane = &mut self.lanes[lane];
        if lane.is_counted() {
            let gone = lane.spans.as_slice().iter().rev().take_while(|span| span.end > at);
            gone.for_each(|span| self.census.remove(span.state, span.start.max(at), span.end));
        }
        lane.spans.truncate_at(at);
    }

    /// Keeps the first `count` lanes.
    pub(super) fn truncate_lanes(&mut self, count: usize) {
        let gone = self.lanes.drain(count.min(self.lanes.len())..).filter(Lane::is_counted);
        gone.for_each(|lane| self.census.leave(lane.spans.as_slice()));
    }

    /// Says what a lane is.
    pub(super) fn set_kind(&mut self, lane: usize, kind: LaneKind) {
        let lane = &mut self.lanes[lane];
        let before = lane.is_counted();
        lane.kind = kind;
        match (before, lane.is_counted()) {
            (true, false) => self.census.leave(lane.spans.as_slice()),
            (false, true) => self.census.enter(lane.spans.as_slice()),
            _ => {}
        }
    }

    /// The last instant on the time axis.
    #[must_use]
    pub fn until(&self) -> Nanos {
        self.ended_at.unwrap_or(self.known_until).max(self.zero())
    }

    /// The GIL that a lane held longest, by its place among the tracks. A thread that runs in an interpreter of its own holds
    /// its process's first GIL for moments as well.
    #[must_use]
    pub fn home_gil(&self, lane: usize) -> Option<usize> {
        let pid = self.lanes.get(lane)?.pid;
        let of_process = |(place, track): (usize, &GilTrack)| (track.pid == pid).then_some(place);
        let own: Vec<usize> = self.gils.iter().enumerate().filter_map(of_process).collect();
        let holds = |place: usize| self.gils[place].holds().iter().filter(move |hold| hold.lane == lane);
        if let [only] = own[..] {
            return holds(only).next().map(|_| only);
        }
        let held = |place: usize| holds(place).map(|hold| hold.end - hold.start).sum::<Nanos>();
        own.into_iter().map(|place| (held(place), place)).filter(|(held, _)| *held > 0).max().map(|(_, place)| place)
    }

    /// On-CPU nanoseconds in the window `[from, to)` on one core, by lane index, workload and server alike.
    #[must_use]
    pub fn core_use(&self, core: u32, from: Nanos, to: Nanos) -> Vec<(usize, Nanos)> {
        let mut out = Vec::new();
        for (index, lane) in self.lanes.iter().enumerate() {
            let mut sum = 0;
            for span in lane.spans.window(from, to) {
                if span.core.map(u32::from) == Some(core) && span.state.on_cpu() {
                    sum += span.end.min(to) - span.start.max(from);
                }
            }
            if sum > 0 {
                out.push((index, sum));
            }
        }
        out
    }
}
