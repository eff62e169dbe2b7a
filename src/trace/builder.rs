//! Records in, trace out: the merge of three sources that know nothing of each other.
//!
//! The probes tell when a thread was on a core, what it waited in and who held the GIL, each with exact stamps of one
//! clock but with different delays: a context switch is readable at once, while a mark may be published late, when its
//! writer was preempted between reading the clock and publishing. So records settle only when they are [`LAG`] old.
//! What is younger is drawn provisionally, from a copy of the state, and drawn anew with the next records. Nothing
//! drawn older than the lag changes any more, and the finished trace has no provisional part.

use crate::clock::{MILLISECOND, Nanos};
use crate::trace::bound::MOST;
use crate::trace::record::{Pid, Record, Tid, What};
use crate::trace::world::World;
use crate::trace::{Call, Census, CoreCensus, SwitchSource, Trace, Wait};
use std::collections::HashMap;

/// How old a record must be before it settles. Far above a scheduler's time slice and the slowest sampling interval.
const LAG: Nanos = 150 * MILLISECOND;

/// One thing that happened to one thread, as the merge sees it.
#[derive(Debug, Clone)]
pub(super) struct Event {
    pub at: Nanos,
    pub pid: Pid,
    pub tid: Tid,
    pub what: What,
    /// It was made of a sample: nobody saw it happen.
    pub sampled: bool,
}

/// Builds a [`Trace`] from records while the run goes on.
#[derive(Debug, Default)]
pub struct Builder {
    trace: Trace,
    world: World,
    /// Events not yet settled, in time order after `sort`.
    pending: Vec<Event>,
    /// Everything before this has been fed.
    until: Nanos,
    /// CPU time of sampled threads that did not fit into the interval it was read in.
    carry: HashMap<Tid, Nanos>,
    /// Whether the trace holds a provisional part.
    provisional: bool,
    /// How many spans and holds are kept, before what is old is folded.
    most: usize,
}

impl Builder {
    /// A builder for a run whose launched process is `main`, created at `at`.
    #[must_use]
    pub fn new(main: Pid, at: Nanos) -> Self {
        let mut builder = Builder::default();
        builder.trace.launched_at = at;
        (builder.trace.census, builder.trace.on_cores) = (Census::new(at), CoreCensus::new(at));
        builder.until = at;
        builder.world.main = main;
        builder.most = MOST;
        builder
    }

    /// Keeps so many spans and holds.
    #[cfg(test)]
    pub(super) const fn keep(&mut self, most: usize) {
        self.most = most;
    }

    /// What the runner knows itself: sources, losses, cores, its own cost.
    pub const fn facts(&mut self) -> &mut Trace {
        &mut self.trace
    }

    /// Takes in one drain of records: everything before `until` is now known, but for late marks.
    pub fn feed(&mut self, records: impl IntoIterator<Item = Record>, until: Nanos) {
        for record in records {
            self.add(record);
        }
        self.until = self.until.max(until);
        self.settle(self.until.saturating_sub(LAG));
    }

    /// The trace so far, its last [`LAG`] provisional.
    pub fn trace(&mut self) -> &Trace {
        if !self.provisional {
            self.provisional = true;
            self.sort();
            self.world.provisionally(&self.trace);
            for event in &self.pending {
                self.world.apply(&mut self.trace, event);
            }
            self.trace.known_until = self.until;
        }
        &self.trace
    }

    /// The run is over: settles everything and closes what is open. The run ended when its launched process did, by
    /// the probes' word, or else at `ended_at`.
    #[must_use]
    pub fn finish(mut self, ended_at: Nanos) -> Trace {
        self.until = self.until.max(ended_at);
        self.settle(Nanos::MAX);
        self.trace.tasks.close(self.trace.ended_at.unwrap_or(ended_at));
        self.trace.known_until = self.until;
        self.world.close(&mut self.trace, self.until);
        self.trace.ended_at.get_or_insert(ended_at);
        self.trace
    }

    fn settle(&mut self, before: Nanos) {
        if std::mem::take(&mut self.provisional) {
            self.world.take_back(&mut self.trace);
        }
        self.sort();
        let count = self.pending.partition_point(|e| e.at < before);
        for event in self.pending.drain(..count) {
            self.world.apply(&mut self.trace, &event);
        }
        self.world.settled(&mut self.trace);
        if before <= self.until {
            self.trace.bound(before, self.most);
        }
    }

    /// Orders what is pending by time. Where one sample ends and the next begins, the old wait ends first.
    fn sort(&mut self) {
        self.pending.sort_by_key(|e| (e.at, !(e.sampled && matches!(e.what, What::WaitEnd))));
    }

    /// Turns a record into events.
    fn add(&mut self, record: Record) {
        let Record { at, pid, tid, what } = record;
        self.world.no_switches = self.trace.sources.switches == SwitchSource::None;
        match what {
            What::Ran { since, cpu, ready, core } => self.take_sample(pid, tid, (since, at), (cpu, ready), core),
            What::SeenWaiting { since, wait } => {
                self.note_loop(pid, wait);
                self.push_sampled(since, (pid, tid), What::WaitBegin(wait));
                self.push_sampled(at, (pid, tid), What::WaitEnd);
            }
            // These are whole when they come, and nothing else bears on them.
            What::Task(mark) => self.trace.tasks.take((pid, tid), at, mark),
            What::Lock(mark) => self.trace.locks.take((pid, tid), at, mark),
            what => {
                if let What::WaitBegin(wait) = what {
                    self.note_loop(pid, wait);
                }
                self.pending.push(Event { at, pid, tid, what, sampled: false });
            }
        }
    }

    /// Remembers who waits for events as an asyncio loop does.
    fn note_loop(&mut self, pid: Pid, wait: Wait) {
        if matches!(wait.call, Call::EpollWait | Call::EpollPwait) {
            self.trace.tasks.polled.insert(pid);
        }
    }

    fn push_sampled(&mut self, at: Nanos, (pid, tid): (Pid, Tid), what: What) {
        self.pending.push(Event { at, pid, tid, what, sampled: true });
    }

    /// A sample says how long a thread ran, not when: it is drawn at the start of the interval, running first, then
    /// ready, then off. The kernel accounts a running thread only at its tick, so a sample may hold time of the one
    /// before: what does not fit is carried over.
    fn take_sample(
        &mut self,
        pid: Pid,
        tid: Tid,
        (since, at): (Nanos, Nanos),
        (cpu, ready): (Nanos, Nanos),
        core: u32,
    ) {
        let carry = self.carry.entry(tid).or_default();
        let length = at.saturating_sub(since);
        let on = (cpu + *carry).min(length);
        *carry = cpu + *carry - on;
        let ready = ready.min(length - on);
        if on > 0 {
            self.push_sampled(since, (pid, tid), What::On { core });
        }
        if ready > 0 {
            self.push_sampled(since + on, (pid, tid), What::Off { preempted: true });
        }
        if on + ready < length {
            self.push_sampled(since + on + ready, (pid, tid), What::Off { preempted: false });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::call::Call;
    use crate::trace::record::{LaneKind, Wait, WaitKind, WaitObject};
    use crate::trace::roll::{Place, Which};
    use crate::trace::{GilTrack, Lane, State};
    use proptest::prelude::*;

    fn record(at: Nanos, tid: Tid, what: What) -> Record {
        Record { at, pid: 10, tid, what }
    }

    fn wait(kind: WaitKind) -> Wait {
        Wait { kind, call: Call::CondTimedwait, object: WaitObject::Nothing }
    }

    fn states(trace: &Trace, lane: usize) -> Vec<(State, Nanos)> {
        trace.lanes[lane].spans.as_slice().iter().map(|s| (s.state, s.duration())).collect()
    }

    #[test]
    fn the_gil_decides_between_running_and_native() {
        let mut b = Builder::new(10, 0);
        b.feed(
            [
                record(0, 10, What::Exec { comm: "python".into() }),
                record(0, 10, What::On { core: 1 }),
                record(10, 10, What::GilTaken { gil: 7 }),
                record(30, 10, What::GilDropped { gil: 7 }),
                record(35, 10, What::WaitBegin(wait(WaitKind::Gil))),
                record(40, 10, What::Off { preempted: false }),
                record(90, 10, What::On { core: 0 }),
                record(91, 10, What::WaitEnd),
                record(92, 10, What::GilTaken { gil: 7 }),
                record(100, 10, What::Off { preempted: true }),
            ],
            100,
        );
        let trace = b.finish(120);
        assert_eq!(
            states(&trace, 0),
            [
                (State::Running, 30),
                (State::Native, 10),
                (State::GilWait, 50),
                (State::Native, 2),
                (State::Running, 8),
                (State::Ready, 20)
            ]
        );
        let lane = &trace.lanes[0];
        assert_eq!((lane.kind, lane.name.as_str(), lane.gil_holds, lane.switches), (LaneKind::Main, "python", 2, 2));
        assert_eq!(lane.by_core, [10, 40]);
    }

    #[test]
    fn without_a_gil_all_cpu_is_running() {
        let mut b = Builder::new(10, 0);
        b.feed([record(5, 10, What::On { core: 0 }), record(25, 10, What::Off { preempted: false })], 30);
        assert_eq!(states(&b.finish(30), 0), [(State::Running, 20), (State::Unknown, 5)]);
    }

    fn holds(track: &GilTrack) -> Vec<(usize, Nanos, Nanos)> {
        track.holds().iter().map(|hold| (hold.lane, hold.start, hold.end)).collect()
    }

    #[test]
    fn a_gil_has_one_holder_at_a_time() {
        let mut b = Builder::new(10, 0);
        let lines = [
            record(0, 10, What::On { core: 0 }),
            record(1, 11, What::Start { parent: 10 }),
            record(2, 11, What::On { core: 1 }),
            record(5, 10, What::GilTaken { gil: 7 }),
            record(20, 10, What::GilDropped { gil: 7 }),
            record(22, 11, What::GilTaken { gil: 7 }),
            // Its end was lost.
            record(40, 10, What::GilTaken { gil: 7 }),
            record(45, 11, What::GilTaken { gil: 8 }),
        ];
        b.feed(lines, 60);
        assert_eq!(b.trace().gils.iter().map(holds).collect::<Vec<_>>().len(), 2, "drawn while it goes on");
        let trace = b.finish(60);
        let found: Vec<_> = trace.gils.iter().map(|track| (track.gil, holds(track))).collect();
        assert_eq!(found, [(7, vec![(0, 5, 20), (1, 22, 40), (0, 40, 60)]), (8, vec![(1, 45, 60)])]);
    }

    #[test]
    fn a_forked_child_inherits_the_gil_until_it_execs() {
        let mut b = Builder::new(10, 0);
        let child = |at, what| Record { at, pid: 11, tid: 11, what };
        b.feed(
            [
                record(0, 10, What::On { core: 0 }),
                record(1, 10, What::GilTaken { gil: 7 }),
                child(10, What::Start { parent: 10 }),
                child(12, What::On { core: 1 }),
                child(20, What::GilTaken { gil: 7 }),
                child(30, What::GilDropped { gil: 7 }),
                child(40, What::Exec { comm: "ls".into() }),
            ],
            50,
        );
        let trace = b.finish(50);
        assert_eq!(
            states(&trace, 1),
            [(State::Ready, 2), (State::Running, 18), (State::Native, 10), (State::Running, 10)]
        );
        assert_eq!((trace.lanes[1].kind, trace.lanes[1].name.as_str()), (LaneKind::Process, "ls"));
        let held = |pid| trace.gils.iter().find(|track| track.pid == pid).map(holds);
        assert_eq!(held(10), Some(vec![(0, 1, 50)]));
        assert_eq!(held(11), Some(vec![(1, 10, 30)]), "from the fork on, under the name that the child gave it");
    }

    #[test]
    fn samples_are_drawn_inside_their_interval_and_keep_their_sum() {
        let mut b = Builder::new(10, 0);
        b.feed(
            [
                record(0, 10, What::Start { parent: 1 }),
                record(10, 10, What::Ran { since: 0, cpu: 12, ready: 0, core: 0 }),
                record(20, 10, What::Ran { since: 10, cpu: 3, ready: 2, core: 1 }),
                record(20, 10, What::SeenWaiting { since: 10, wait: wait(WaitKind::Sleep) }),
            ],
            20,
        );
        let trace = b.finish(20);
        assert_eq!(
            states(&trace, 0),
            [(State::Running, 10), (State::Running, 5), (State::Ready, 2), (State::Sleep, 3)]
        );
        assert_eq!(trace.lanes[0].switches, 0, "samples are not switches");
    }

    #[test]
    fn names_prefer_what_the_program_said() {
        let mut b = Builder::new(10, 0);
        let child = |tid, what| Record { at: 5, pid: 20, tid, what };
        b.feed(
            [
                record(0, 10, What::Exec { comm: "python3".into() }),
                record(1, 11, What::Start { parent: 10 }),
                record(2, 11, What::ThreadName("worker-0".into())),
                record(3, 12, What::Start { parent: 10 }),
                record(3, 12, What::Kind(LaneKind::Helper)),
                child(20, What::Start { parent: 10 }),
                child(20, What::ThreadName("MainThread".into())),
                child(20, What::ProcessName("Process-1".into())),
            ],
            9,
        );
        let trace = b.finish(9);
        let named: Vec<_> = trace.lanes.iter().map(|l| (l.name.as_str(), l.kind)).collect();
        assert_eq!(
            named,
            [
                ("python3", LaneKind::Main),
                ("worker-0", LaneKind::Thread),
                ("python3", LaneKind::Helper),
                ("Process-1", LaneKind::Process)
            ]
        );
    }

    fn any_what() -> impl Strategy<Value = What> {
        prop_oneof![
            (0u32..3).prop_map(|core| What::On { core }),
            any::<bool>().prop_map(|preempted| What::Off { preempted }),
            Just(What::WaitBegin(wait(WaitKind::Lock))),
            Just(What::WaitEnd),
            Just(What::GilTaken { gil: 1 }),
            Just(What::GilDropped { gil: 1 }),
            Just(What::Start { parent: 10 }),
            Just(What::End),
            Just(What::Exec { comm: "x".into() }),
            (0u64..40, 0u64..60, 0u64..20).prop_map(|(since, cpu, ready)| What::Ran { since, cpu, ready, core: 0 }),
        ]
    }

    fn any_records() -> impl Strategy<Value = Vec<Record>> {
        prop::collection::vec((1u64..40, 10u32..14, any_what()), 0..120).prop_map(|steps| {
            let mut at = 100;
            steps
                .into_iter()
                .map(|(gap, tid, what)| {
                    at += gap * MILLISECOND;
                    let what = match what {
                        What::Ran { since, cpu, ready, core } => {
                            What::Ran { since: at - since.min(at), cpu, ready, core }
                        }
                        other => other,
                    };
                    record(at, tid, what)
                })
                .collect()
        })
    }

    /// Records of three processes with several threads each, many of them short-lived.
    fn any_family() -> impl Strategy<Value = Vec<Record>> {
        let what = prop_oneof![
            3 => Just(What::Start { parent: 10 }),
            3 => Just(What::End),
            2 => any_what(),
            1 => Just(What::Kind(LaneKind::Helper)),
            1 => Just(What::Kind(LaneKind::Server)),
            1 => Just(What::Kind(LaneKind::Thread)),
        ];
        prop::collection::vec((0u64..9, 0u32..3, 0u32..4, what), 0..200).prop_map(|steps| {
            let mut at = 100;
            let step = |(gap, pid, tid, what): (u64, u32, u32, What)| {
                at += gap * MILLISECOND;
                let pid = 10 + 10 * pid;
                Record { at, pid, tid: pid + tid, what }
            };
            let sampled = |record: &Record| matches!(record.what, What::Ran { .. });
            steps.into_iter().map(step).filter(|record| !sampled(record)).collect()
        })
    }

    fn listed(trace: &Trace, which: Which) -> Vec<Place> {
        let places: Vec<Place> = (0..trace.roll.len(which)).map_while(|n| trace.roll.at(which, n)).collect();
        assert_eq!((places.len(), trace.roll.at(which, places.len())), (trace.roll.len(which), None));
        for (n, place) in places.iter().enumerate() {
            let found = match place {
                Place::Lane { lane, .. } => trace.roll.place_of(which, *lane),
                Place::Gil(gil) => trace.roll.place_of_gil(which, trace.gils[*gil].pid, *gil),
            };
            assert_eq!(found, Some(n));
        }
        places
    }

    fn walked(trace: &Trace, which: Which) -> Vec<Place> {
        let workload = || trace.lanes.iter().enumerate().filter(|(_, lane)| lane.is_workload());
        let mut pids: Vec<Pid> = Vec::new();
        workload().for_each(|(_, lane)| pids.extend(Some(lane.pid).filter(|pid| !pids.contains(pid))));
        let hidden =
            |index: usize| which == Which::Shown && (!trace.lanes[index].is_counted() || trace.roll.is_folded(index));
        let mut out = Vec::new();
        for pid in &pids {
            let own = || workload().filter(|(index, lane)| lane.pid == *pid && !hidden(*index));
            let place = |(lane, own): (usize, &Lane)| Place::Lane { lane, child: pids.len() > 1 && own.tid != own.pid };
            out.extend(own().filter(|(_, lane)| lane.tid == lane.pid).map(place));
            out.extend(own().filter(|(_, lane)| lane.tid != lane.pid).map(place));
            let gils = trace.gils.iter().enumerate().filter(|(_, gil)| gil.pid == *pid && gil.turns() > 0);
            out.extend(gils.map(|(index, _)| Place::Gil(index)));
        }
        out
    }

    proptest! {
        #[test]
        fn a_lanes_states_sum_to_its_lifetime(records in any_records()) {
            let end = records.last().map_or(100, |r| r.at) + 5;
            let mut b = Builder::new(10, 0);
            b.feed(records, end);
            for lane in b.finish(end).lanes {
                let life = lane.end.unwrap() - lane.start;
                prop_assert_eq!(lane.totals().sum(), life);
                prop_assert_eq!(lane.by_core.iter().sum::<Nanos>(), lane.totals().on_cpu());
            }
        }

        #[test]
        fn what_is_listed_is_what_one_walks_to(records in any_family(), chunk in 1usize..20) {
            let end = records.last().map_or(100, |r| r.at) + 5;
            let mut live = Builder::new(10, 0);
            for part in records.chunks(chunk) {
                live.feed(part.to_vec(), part.last().map_or(0, |r| r.at + 1));
                let trace = live.trace();
                prop_assert_eq!(listed(trace, Which::All), walked(trace, Which::All));
                prop_assert_eq!(listed(trace, Which::Shown), walked(trace, Which::Shown));
            }
            let trace = live.finish(end);
            let mut counted = trace.clone();
            counted.recount();
            for which in [Which::All, Which::Shown] {
                prop_assert_eq!(listed(&trace, which), walked(&trace, which));
                prop_assert_eq!(listed(&trace, which), listed(&counted, which));
            }
            prop_assert_eq!(trace.roll.folded(), counted.roll.folded());
            let counted = trace.lanes.iter().enumerate().filter(|(_, lane)| lane.is_counted());
            let colors: Vec<_> = counted.map(|(index, _)| trace.roll.color(index)).collect();
            prop_assert_eq!(colors, (0..trace.roll.colored()).map(Some).collect::<Vec<_>>());
        }

        #[test]
        fn looking_at_a_live_run_does_not_change_how_it_ends(records in any_records(), chunk in 1usize..20) {
            let end = records.last().map_or(100, |r| r.at) + 5;
            let mut once = Builder::new(10, 0);
            once.feed(records.clone(), end);
            let mut live = Builder::new(10, 0);
            for part in records.chunks(chunk) {
                live.feed(part.to_vec(), part.last().map_or(0, |r| r.at + 1));
                let _ = live.trace().lanes.len();
            }
            let (once, live) = (once.finish(end), live.finish(end));
            prop_assert!(live.lanes.iter().flat_map(|lane| lane.spans.as_slice()).all(|span| !span.goes_on()));
            prop_assert!(live.gils.iter().flat_map(GilTrack::holds).all(|hold| hold.end <= end));
            let mut counted = live.clone();
            counted.recount();
            prop_assert_eq!(counted.census.before(end), live.census.before(end), "what was provisional is not counted");
            prop_assert_eq!(counted.census.lanes(), live.census.lanes());
            for core in 0..3 {
                let used = |trace: &Trace| trace.on_cores.between(core, 0, Nanos::MAX / 2);
                prop_assert_eq!(used(&counted), used(&live));
                prop_assert_eq!(used(&live)[0] + used(&live)[1], live.core_use(core, 0, end).iter().map(|(_, n)| n).sum::<Nanos>());
            }
            prop_assert_eq!(once.lanes.len(), live.lanes.len());
            prop_assert_eq!(&once.gils, &live.gils);
            for (a, b) in once.lanes.iter().zip(&live.lanes) {
                prop_assert_eq!(a.spans.as_slice(), b.spans.as_slice());
                prop_assert_eq!((a.start, a.end, a.gil_holds, a.switches), (b.start, b.end, b.gil_holds, b.switches));
            }
        }
    }
}
