//! What happened: lanes of spans, cores, and where the knowledge came from.
//!
//! Owns the types that every other module speaks in: [`Record`] (what a probe says), [`Trace`] (what came of it) and
//! [`Sources`] (how it was measured). May import `clock` alone. A new kind of observation is a new [`What`] and an arm
//! in the state machine behind the lanes, `world.rs`.

mod bound;
mod buckets;
pub mod builder;
pub mod call;
pub mod census;
pub mod crossing;
pub mod gil;
pub mod lane;
pub mod locks;
pub mod machine;
pub mod memory;
mod plain;
pub mod record;
pub mod roll;
pub mod span;
pub mod standstill;
pub mod state;
pub mod stop;
mod tally;
pub mod tasks;
pub mod thin;
mod world;

pub use bound::Detail;
pub use builder::Builder;
pub use call::Call;
pub use census::{Census, CoreCensus};
pub use crossing::Crossing;
pub use gil::{GilTrack, Held, Hold};
pub use lane::{Lane, Told};
pub use locks::Locks;
pub use machine::{CoreSample, CoreTrack, Lost, Sources, SwitchSource, WaitSource};
pub use memory::Memory;
#[cfg(test)]
pub use plain::commands;
pub use plain::{plain, plain_lines};
pub use record::{LaneKind, Pid, Record, Tid, Wait, WaitKind, WaitObject, What};
pub use roll::Roll;
pub use span::{Mark, Span, Spans, StateTotals};
pub use standstill::Standstill;
pub use state::State;
pub use tasks::{TaskMark, Tasks};

use crate::clock::Nanos;
use gil::TrackEnd;

/// Everything that is known of one run. While the run lasts, the end of it is provisional.
#[derive(Debug, Clone, Default)]
pub struct Trace {
    /// One lane a thread, in order of creation, so that an index stays valid while the run grows.
    pub lanes: Vec<Lane>,
    /// How many of the workload's lanes, helpers left out, were in which state.
    pub census: Census,
    /// How much of each core the lanes had.
    pub on_cores: CoreCensus,
    /// Who is in it, in the order of pictures.
    pub roll: Roll,
    /// One track a GIL, in the order in which they were first taken.
    pub gils: Vec<GilTrack>,
    /// The asyncio tasks, and whose turn it was on their loops.
    pub tasks: Tasks,
    /// Who waited for which lock, where in the program, and who held it then.
    pub locks: Locks,
    /// Threads that wait for each other now, or for what never comes; in a finished run, to its end.
    pub standstill: Option<Standstill>,
    /// Where threads took locks in crossed orders, and it went well; known at a run's end.
    pub crossings: Vec<Crossing>,
    /// What its threads waited for when it was about to be stopped, where it was.
    pub at_stop: Option<stop::AtStop>,
    /// How much memory its processes held.
    pub memory: Memory,
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
    /// From when on it is known to that. What happened long before, in a long run, is kept in coarser cells.
    pub detail: Detail,
}

impl Trace {
    /// Grains that a column on the screen covers at least: then nothing is drawn finer than it is known.
    pub const GRAINS: Nanos = 8;

    /// The shortest window around an instant that so many columns may show: no finer than it is known when something
    /// happened.
    #[must_use]
    pub const fn finest(&self, at: Nanos, columns: u16) -> Nanos {
        let folded = at < self.detail.from && self.detail.grain > self.grain;
        let grain = if folded { self.detail.grain } else { self.grain };
        grain.saturating_mul(Self::GRAINS * columns as Nanos)
    }

    /// The zero of the screen's time axis and of `start_s`/`end_s`: the program's start, or the launch where the
    /// start-up was not seen.
    #[must_use]
    pub fn zero(&self) -> Nanos {
        self.program_at.unwrap_or(self.launched_at)
    }

    /// Adds a lane, and counts it where it counts.
    pub fn add_lane(&mut self, lane: Lane) {
        self.roll.add(&lane);
        if lane.is_counted() {
            self.census.enter(lane.spans.as_slice());
        }
        self.count_cores(&lane, 1);
        self.lanes.push(lane);
    }

    /// Counts the lanes and the GILs anew: of a trace that was not built step by step.
    pub fn recount(&mut self) {
        (self.census, self.on_cores) = (Census::new(self.launched_at), CoreCensus::new(self.launched_at));
        self.roll = Roll::default();
        for lane in std::mem::take(&mut self.lanes) {
            self.add_lane(lane);
        }
        self.enroll(0..self.lanes.len());
    }

    /// Lists what stands beside the lanes, and folds those of them that have ended.
    fn enroll(&mut self, ended: impl IntoIterator<Item = usize>) {
        for (track, gil) in self.gils.iter().enumerate() {
            self.roll.add_gil(gil.pid, track);
            self.roll.set_passed_on(gil.pid, track, gil.turns() > 0);
        }
        self.settle(ended);
    }

    /// These lanes have ended for good, and what is known is settled.
    pub(super) fn settle(&mut self, ended: impl IntoIterator<Item = usize>) {
        for index in ended {
            self.roll.ended(index, &self.lanes[index]);
        }
        self.fold();
    }

    /// Folds what is short beside the run so far.
    fn fold(&mut self) {
        let (from, until) = (self.launched_at, self.known_until);
        self.roll.fold((from, until), &self.lanes);
    }

    fn count_cores(&mut self, lane: &Lane, by: i64) {
        let counted = lane.is_counted();
        lane.spans.as_slice().iter().for_each(|span| self.on_cores.change(span, counted, by));
    }

    /// Adds what a lane did next, up to where it is known.
    pub(super) fn push_span(&mut self, lane: usize, span: Span) {
        self.stop(lane);
        self.count(lane, &span, 1);
        self.lanes[lane].spans.push(span);
    }

    /// Says what a lane does from here on, until it is known what it does next.
    pub(super) fn go_on(&mut self, lane: usize, span: Span) {
        self.stop(lane);
        let span = Span { end: Span::GOES_ON, ..span };
        self.count(lane, &span, 1);
        self.lanes[lane].spans.go_on(span);
    }

    /// Forgets what a lane does from where it is known on.
    pub(super) fn stop(&mut self, lane: usize) {
        if let Some(span) = self.lanes[lane].spans.going_on() {
            self.count(lane, &span, -1);
            self.lanes[lane].spans.stop();
        }
    }

    fn count(&mut self, lane: usize, span: &Span, by: i64) {
        let counted = self.lanes[lane].is_counted();
        if counted && by > 0 {
            self.census.add(span);
        } else if counted {
            self.census.remove(span);
        }
        self.on_cores.change(span, counted, by);
    }

    /// Forgets what a lane did from an instant on.
    pub(super) fn cut_lane(&mut self, lane: usize, at: Nanos) {
        self.stop(lane);
        let spans = self.lanes[lane].spans.as_slice().iter().rev();
        let gone: Vec<Span> = spans.take_while(|span| span.end > at).copied().collect();
        for span in gone {
            self.count(lane, &Span { start: span.start.max(at), ..span }, -1);
        }
        self.lanes[lane].spans.truncate_at(at);
    }

    /// Keeps the first `count` lanes.
    pub(super) fn truncate_lanes(&mut self, count: usize) {
        while self.lanes.len() > count
            && let Some(lane) = self.lanes.pop()
        {
            if lane.is_counted() {
                self.census.leave(lane.spans.as_slice());
            }
            self.count_cores(&lane, -1);
            self.roll.drop_last();
        }
    }

    /// Says what a lane is.
    pub(super) fn set_kind(&mut self, index: usize, kind: LaneKind) {
        let before = self.lanes[index].kind;
        if before == kind {
            return;
        }
        let (was, lane) = (self.lanes[index].clone(), &mut self.lanes[index]);
        lane.kind = kind;
        let is = lane.is_counted();
        match (was.is_counted(), is) {
            (true, false) => self.census.leave(lane.spans.as_slice()),
            (false, true) => self.census.enter(lane.spans.as_slice()),
            _ => {}
        }
        if was.is_counted() != is {
            self.count_cores(&was, -1);
            let spans = was.spans.as_slice().iter();
            spans.for_each(|span| self.on_cores.change(span, is, 1));
        }
        let server = |kind| kind == LaneKind::Server;
        match server(before) != server(kind) {
            false => self.roll.set_kind(index, kind, &self.lanes),
            true if index + 1 == self.lanes.len() => {
                self.roll.drop_last();
                self.roll.add(&self.lanes[index]);
            }
            // The order of processes is another then.
            true => {
                let before = std::mem::take(&mut self.roll);
                self.lanes.iter().for_each(|lane| self.roll.add(lane));
                self.enroll(before.all_ended());
            }
        }
    }

    /// Adds a GIL that nobody has held yet; its place.
    pub(super) fn add_gil(&mut self, pid: Pid, gil: u64) -> usize {
        self.gils.push(GilTrack::new(pid, gil));
        self.roll.add_gil(pid, self.gils.len() - 1);
        self.gils.len() - 1
    }

    /// A lane takes a GIL, and has it until it is known how that ends.
    pub(super) fn take_gil(&mut self, track: usize, lane: usize, at: Nanos) {
        self.change_gil(track, |gil| gil.push(lane, at, Span::GOES_ON));
    }

    /// Nobody has a GIL any more.
    pub(super) fn drop_gil(&mut self, track: usize, at: Nanos) {
        self.change_gil(track, |gil| gil.close(at));
    }

    /// Goes back to where a GIL's track ended.
    fn rewind_gil(&mut self, track: usize, end: TrackEnd) {
        self.change_gil(track, |gil| gil.back_to(end));
    }

    fn change_gil(&mut self, track: usize, change: impl FnOnce(&mut GilTrack)) {
        let gil = &mut self.gils[track];
        change(gil);
        self.roll.set_passed_on(gil.pid, track, gil.turns() > 0);
    }

    /// Keeps the first `count` GILs.
    pub(super) fn truncate_gils(&mut self, count: usize) {
        while self.gils.len() > count
            && let Some(gone) = self.gils.pop()
        {
            self.roll.drop_gil(gone.pid, self.gils.len());
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
        let own = self.roll.gils_of(self.lanes.get(lane)?.pid).iter();
        let held = |place: &usize| self.gils[*place].held_by(lane);
        own.map(|place| (held(place), *place)).filter(|(held, _)| *held > 0).max().map(|(_, place)| place)
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
