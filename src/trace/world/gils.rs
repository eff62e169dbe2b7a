//! Who holds which GIL now, and the tracks that this leaves in the trace: the one place that is asked.

use super::put_back;
use crate::clock::Nanos;
use crate::trace::Trace;
use crate::trace::gil::TrackEnd;
use crate::trace::record::{Pid, Tid};
use std::collections::HashMap;

/// The GIL that a forked child inherited and has not named yet.
pub(super) const INHERITED: u64 = 0;

/// A GIL that is held.
#[derive(Debug, Clone, Copy)]
struct Held {
    gil: u64,
    tid: Tid,
    since: Nanos,
    /// The thread's lane, once it has one: from then on it is in the track.
    lane: Option<usize>,
}

/// The GILs that are held.
#[derive(Debug, Default)]
pub(super) struct Gils {
    /// By process, which has one for each of its interpreters: few.
    held: HashMap<Pid, Vec<Held>>,
    /// The place of a GIL's track in the trace.
    tracks: HashMap<(Pid, u64), usize>,
    /// How things were before what is provisional.
    before: Option<Before>,
}

#[derive(Debug, Default)]
struct Before {
    tracks: usize,
    held: HashMap<Pid, Option<Vec<Held>>>,
    ends: HashMap<usize, TrackEnd>,
}

impl Gils {
    /// Whether a thread holds one.
    pub fn holds(&self, pid: Pid, tid: Tid) -> bool {
        self.held.get(&pid).is_some_and(|held| held.iter().any(|held| held.tid == tid))
    }

    /// A thread takes a GIL; whoever held it has dropped it by then, seen or not.
    pub fn taken(&mut self, trace: &mut Trace, (pid, gil): (Pid, u64), tid: Tid, lane: Option<usize>, at: Nanos) {
        // What a forked child inherited has its name now.
        if gil != INHERITED && self.name(trace, (pid, gil), tid) {
            return;
        }
        self.release(trace, pid, at, |held| held.gil == gil);
        self.hold(trace, pid, Held { gil, tid, since: at, lane });
    }

    /// A thread drops a GIL, where it has it.
    pub fn dropped(&mut self, trace: &mut Trace, (pid, gil): (Pid, u64), tid: Tid, at: Nanos) {
        self.name(trace, (pid, gil), tid);
        self.release(trace, pid, at, |held| held.gil == gil && held.tid == tid);
    }

    /// Everything that this thread holds, or the process where none is named, is dropped.
    pub fn ended(&mut self, trace: &mut Trace, pid: Pid, tid: Option<Tid>, at: Nanos) {
        self.release(trace, pid, at, |held| tid.is_none_or(|tid| tid == held.tid));
    }

    /// A thread has a lane now: what it holds is in the track from when it took it.
    pub fn seen(&mut self, trace: &mut Trace, pid: Pid, tid: Tid, lane: usize) {
        if self.holds(pid, tid) {
            self.take_out(pid, |held| held.tid == tid && held.lane.is_none())
                .into_iter()
                .for_each(|held| self.hold(trace, pid, Held { lane: Some(lane), ..held }));
        }
    }

    /// The run is over: nobody has a GIL any more.
    pub fn close(&mut self, trace: &mut Trace, at: Nanos) {
        for pid in self.held.keys().copied().collect::<Vec<_>>() {
            self.ended(trace, pid, None, at);
        }
    }

    /// Gives the inherited GIL of a process, which this thread holds, its address; false where it does not.
    fn name(&mut self, trace: &mut Trace, (pid, gil): (Pid, u64), tid: Tid) -> bool {
        let inherits = |held: &Held| held.gil == INHERITED && held.tid == tid;
        if !self.held.get(&pid).is_some_and(|held| held.iter().any(inherits)) {
            return false;
        }
        for held in self.take_out(pid, inherits) {
            self.hold(trace, pid, Held { gil, ..held });
        }
        true
    }

    fn hold(&mut self, trace: &mut Trace, pid: Pid, held: Held) {
        self.write_down(pid);
        self.held.entry(pid).or_default().push(held);
        // Of a GIL that is not named yet nothing is told.
        if let Some(lane) = held.lane.filter(|_| held.gil != INHERITED) {
            let place = *self.tracks.entry((pid, held.gil)).or_insert_with(|| trace.add_gil(pid, held.gil));
            self.write_down_end(trace, place);
            trace.take_gil(place, lane, held.since);
        }
    }

    fn release(&mut self, trace: &mut Trace, pid: Pid, at: Nanos, which: impl Fn(&Held) -> bool) {
        for held in self.take_out(pid, which) {
            if let Some(place) = self.tracks.get(&(pid, held.gil)).copied().filter(|_| held.lane.is_some()) {
                self.write_down_end(trace, place);
                trace.drop_gil(place, at);
            }
        }
    }

    fn take_out(&mut self, pid: Pid, which: impl Fn(&Held) -> bool) -> Vec<Held> {
        if !self.held.get(&pid).is_some_and(|held| held.iter().any(&which)) {
            return Vec::new();
        }
        self.write_down(pid);
        let Some(all) = self.held.get_mut(&pid) else { return Vec::new() };
        let (out, rest): (Vec<Held>, Vec<Held>) = all.iter().partition(|held| which(held));
        if rest.is_empty() {
            self.held.remove(&pid);
        } else {
            *all = rest;
        }
        out
    }

    fn write_down(&mut self, pid: Pid) {
        if let Some(before) = &mut self.before {
            before.held.entry(pid).or_insert_with(|| self.held.get(&pid).cloned());
        }
    }

    fn write_down_end(&mut self, trace: &Trace, place: usize) {
        if let Some(before) = &mut self.before {
            before.ends.entry(place).or_insert_with(|| trace.gils[place].end());
        }
    }

    /// What comes now is provisional.
    pub fn provisionally(&mut self, trace: &Trace) {
        self.before = Some(Before { tracks: trace.gils.len(), ..Before::default() });
    }

    /// Takes back what was provisional.
    pub fn take_back(&mut self, trace: &mut Trace) {
        let Some(before) = self.before.take() else { return };
        for gone in trace.gils.iter().skip(before.tracks) {
            self.tracks.remove(&(gone.pid, gone.gil));
        }
        trace.truncate_gils(before.tracks);
        for (place, end) in before.ends.into_iter().filter(|(place, _)| *place < before.tracks) {
            trace.rewind_gil(place, end);
        }
        for (pid, held) in before.held {
            put_back(&mut self.held, pid, held);
        }
    }
}
