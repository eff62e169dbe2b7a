//! The kernel's events of all cores, in the order of time, become well-formed records.
//!
//! Pure: no file and no clock, so that any sequence of events can be tested.

use crate::clock::Nanos;
use crate::trace::{Pid, Record, Tid, What};
use std::collections::{HashMap, HashSet};

/// One event as the kernel wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// When.
    pub at: Nanos,
    /// The process.
    pub pid: Pid,
    /// The thread.
    pub tid: Tid,
    /// The core that wrote it.
    pub core: u32,
    /// What the kernel wrote of it.
    pub what: Seen,
}

/// What the kernel saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// The thread got the core.
    In,
    /// The thread left the core.
    Out {
        /// It wanted to go on.
        preempted: bool,
    },
    /// The thread was created by a thread of process `parent`.
    Fork {
        /// The creator's process.
        parent: Pid,
    },
    /// The thread ended.
    Exit,
    /// The kernel's name of the thread changed.
    Comm {
        /// The new name.
        name: String,
        /// Because the process replaced its program.
        exec: bool,
    },
}

/// A thread that lives.
#[derive(Debug, Clone, Copy)]
struct Live {
    pid: Pid,
    core: Option<u32>,
    /// When something was last heard of it.
    seen: Nanos,
}

/// Orders events and turns them into records.
#[derive(Debug)]
pub struct Merge {
    /// The process that launches: never part of the picture.
    launcher: Pid,
    /// Processes that it has forked and that still run its code.
    forked: HashSet<Pid>,
    /// Events that are newer than the last drain's limit.
    held: Vec<Event>,
    /// Every thread that is alive.
    live: HashMap<Tid, Live>,
    /// Who is on which core.
    on: HashMap<u32, Tid>,
    /// Threads that were gone when it was last asked: where they are still not known to have ended, that was lost.
    missing: HashSet<Tid>,
}

impl Merge {
    /// A merge that leaves out what process `launcher` does, and its children until they exec.
    #[must_use]
    pub fn new(launcher: Pid) -> Self {
        Self {
            launcher,
            forked: HashSet::new(),
            held: Vec::new(),
            live: HashMap::new(),
            on: HashMap::new(),
            missing: HashSet::new(),
        }
    }

    /// Takes an event in, in any order.
    pub fn push(&mut self, event: Event) {
        if event.pid != self.launcher {
            self.held.push(event);
        }
    }

    /// Appends the records of all events before `until`.
    pub fn drain(&mut self, until: Nanos, out: &mut Vec<Record>) {
        // Each core's events are in order already, so a stable sort keeps the order of those with the same time.
        self.held.sort_by_key(|e| e.at);
        let ready = self.held.partition_point(|e| e.at < until);
        let later = self.held.split_off(ready);
        for event in std::mem::replace(&mut self.held, later) {
            if !self.is_launchers(&event) {
                self.apply(event, out);
            }
        }
    }

    /// Whether a thread was gone when it was last asked who is there.
    #[must_use]
    pub fn is_missing_any(&self) -> bool {
        !self.missing.is_empty()
    }

    /// Records were lost: a thread whose end was among them lives no longer than it was last heard of. `threads` says which
    /// ones a process has. Who is gone may still be heard of, so that its end is told when it is gone the next time too, or
    /// where this is the `last` time.
    pub fn bury(&mut self, threads: impl Fn(Pid) -> HashSet<Tid>, last: bool, out: &mut Vec<Record>) {
        let mut there: HashMap<Pid, HashSet<Tid>> = HashMap::new();
        let mut missing = HashSet::new();
        for (tid, live) in &self.live {
            if !there.entry(live.pid).or_insert_with(|| threads(live.pid)).contains(tid) {
                missing.insert(*tid);
            }
        }
        let before = std::mem::replace(&mut self.missing, missing);
        let gone: Vec<Tid> = self.missing.iter().copied().filter(|tid| last || before.contains(tid)).collect();
        for tid in gone {
            self.missing.remove(&tid);
            self.leave(tid);
            if let Some(Live { pid, seen, .. }) = self.live.remove(&tid) {
                out.push(Record { at: seen, pid, tid, what: What::End });
            }
        }
    }

    /// Whether the event is still the launcher's own code, in a child that has not exec'ed.
    fn is_launchers(&mut self, event: &Event) -> bool {
        match &event.what {
            Seen::Fork { parent } if *parent == self.launcher => {
                self.forked.insert(event.pid);
                true
            }
            Seen::Comm { exec: true, .. } => {
                self.forked.remove(&event.pid);
                false
            }
            Seen::Exit => self.forked.remove(&event.pid),
            _ => self.forked.contains(&event.pid),
        }
    }

    fn apply(&mut self, event: Event, out: &mut Vec<Record>) {
        let Event { at, pid, tid, core, what } = event;
        if let Some(live) = self.live.get_mut(&tid) {
            live.seen = at;
        }
        let mut say = |what| out.push(Record { at, pid, tid, what });
        match what {
            Seen::Fork { parent } => {
                // Only where the end of a thread with this id was lost.
                if self.leave(tid) {
                    say(What::Off { preempted: false });
                }
                self.live.insert(tid, Live { pid, core: None, seen: at });
                say(What::Start { parent });
            }
            Seen::In => self.enter(at, pid, tid, core, out),
            Seen::Out { preempted } => {
                if self.leave(tid) {
                    say(What::Off { preempted });
                }
            }
            Seen::Exit => {
                if self.leave(tid) {
                    say(What::Off { preempted: false });
                }
                if self.live.remove(&tid).is_some() {
                    say(What::End);
                }
            }
            Seen::Comm { name, exec: false } => say(What::Comm(name)),
            Seen::Comm { name, exec: true } => self.exec(at, pid, tid, core, name, out),
        }
    }

    /// A process replaced its program. Of its threads one is left, with the process's own id; it is on this core.
    fn exec(&mut self, at: Nanos, pid: Pid, tid: Tid, core: u32, comm: String, out: &mut Vec<Record>) {
        let others: Vec<Tid> = self.live.iter().filter(|(t, l)| l.pid == pid && **t != tid).map(|(t, _)| *t).collect();
        for other in others {
            if self.leave(other) {
                out.push(Record { at, pid, tid: other, what: What::Off { preempted: false } });
            }
            self.live.remove(&other);
            out.push(Record { at, pid, tid: other, what: What::End });
        }
        if !self.live.contains_key(&tid) {
            // Observation begins with the exec of what the launching thread spawned.
            out.push(Record { at, pid, tid, what: What::Start { parent: self.launcher } });
        }
        out.push(Record { at, pid, tid, what: What::Exec { comm } });
        if self.live.get(&tid).and_then(|l| l.core) != Some(core) {
            self.enter(at, pid, tid, core, out);
        }
    }

    /// A thread gets a core. Where records were lost, whoever seemed to be there, or the thread itself elsewhere, has
    /// left at the latest now: slices never overlap.
    fn enter(&mut self, at: Nanos, pid: Pid, tid: Tid, core: u32, out: &mut Vec<Record>) {
        if let Some(stale) = self.on.get(&core).copied() {
            let pid = self.live.get(&stale).map_or(pid, |l| l.pid);
            if self.leave(stale) {
                out.push(Record { at, pid, tid: stale, what: What::Off { preempted: true } });
            }
        }
        if self.leave(tid) {
            out.push(Record { at, pid, tid, what: What::Off { preempted: true } });
        }
        self.live.insert(tid, Live { pid, core: Some(core), seen: at });
        self.on.insert(core, tid);
        out.push(Record { at, pid, tid, what: What::On { core } });
    }

    /// Takes the thread from its core; false where it had none.
    fn leave(&mut self, tid: Tid) -> bool {
        let Some(core) = self.live.get_mut(&tid).and_then(|l| l.core.take()) else { return false };
        self.on.remove(&core);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn event(at: Nanos, tid: Tid, core: u32, what: Seen) -> Event {
        Event { at, pid: 10, tid, core, what }
    }

    fn drain(merge: &mut Merge, until: Nanos) -> Vec<(Nanos, Tid, What)> {
        let mut out = Vec::new();
        merge.drain(until, &mut out);
        out.into_iter().map(|r| (r.at, r.tid, r.what)).collect()
    }

    #[test]
    fn who_is_gone_and_whose_end_was_lost_ended_when_last_heard_of() {
        let mut merge = Merge::new(1);
        merge.push(event(5, 10, 1, Seen::Comm { name: "python3".into(), exec: true }));
        for tid in [11, 12, 13] {
            merge.push(event(u64::from(tid), tid, 0, Seen::Fork { parent: 10 }));
            merge.push(event(10 + u64::from(tid), tid, 0, Seen::In));
        }
        drain(&mut merge, 100);
        let there = |_| HashSet::from([10, 12]);
        let mut out = Vec::new();
        merge.bury(there, false, &mut out);
        assert!(out.is_empty() && merge.is_missing_any(), "their ends may still be read");
        merge.push(event(50, 13, 0, Seen::Exit));
        drain(&mut merge, 100);
        merge.bury(there, false, &mut out);
        assert_eq!(out, [Record { at: 21, pid: 10, tid: 11, what: What::End }]);
        merge.bury(|_| HashSet::new(), true, &mut out);
        out.sort_by_key(|record| record.tid);
        assert_eq!(out.iter().map(|record| record.tid).collect::<Vec<_>>(), [10, 11, 12], "each once");
    }

    #[test]
    fn a_launched_process_starts_on_its_core_at_exec_and_leaves_at_exit() {
        let mut merge = Merge::new(1);
        merge.push(event(5, 10, 1, Seen::Comm { name: "python3".into(), exec: true }));
        merge.push(event(9, 10, 1, Seen::Exit));
        assert_eq!(
            drain(&mut merge, 100),
            [
                (5, 10, What::Start { parent: 1 }),
                (5, 10, What::Exec { comm: "python3".into() }),
                (5, 10, What::On { core: 1 }),
                (9, 10, What::Off { preempted: false }),
                (9, 10, What::End),
            ]
        );
    }

    #[test]
    fn events_of_several_cores_come_out_in_the_order_of_time_and_the_newest_wait() {
        let mut merge = Merge::new(1);
        merge.push(event(30, 11, 0, Seen::Out { preempted: true }));
        merge.push(event(50, 11, 0, Seen::In));
        merge.push(event(10, 11, 1, Seen::Fork { parent: 10 }));
        merge.push(event(20, 11, 0, Seen::In));
        merge.push(Event { pid: 1, ..event(25, 2, 0, Seen::In) });
        assert_eq!(
            drain(&mut merge, 40),
            [
                (10, 11, What::Start { parent: 10 }),
                (20, 11, What::On { core: 0 }),
                (30, 11, What::Off { preempted: true }),
            ]
        );
        assert_eq!(drain(&mut merge, 60), [(50, 11, What::On { core: 0 })]);
    }

    #[test]
    fn a_forked_child_runs_the_launchers_code_until_it_execs() {
        let mut merge = Merge::new(1);
        merge.push(event(1, 10, 0, Seen::Fork { parent: 1 }));
        merge.push(event(2, 10, 0, Seen::In));
        merge.push(event(3, 10, 0, Seen::Out { preempted: false }));
        merge.push(event(4, 10, 1, Seen::In));
        merge.push(event(5, 10, 1, Seen::Comm { name: "sh".into(), exec: true }));
        merge.push(event(6, 10, 1, Seen::Out { preempted: true }));
        let times: Vec<_> = drain(&mut merge, 100).into_iter().map(|(at, ..)| at).collect();
        assert_eq!(times, [5, 5, 5, 6]);
        merge.push(Event { pid: 20, ..event(7, 20, 0, Seen::Fork { parent: 1 }) });
        merge.push(Event { pid: 20, ..event(8, 20, 0, Seen::Exit) });
        assert_eq!(drain(&mut merge, 100), [], "it could not exec");
    }

    #[test]
    fn an_exec_ends_the_other_threads_of_its_process() {
        let mut merge = Merge::new(1);
        merge.push(event(10, 11, 1, Seen::Fork { parent: 10 }));
        merge.push(event(20, 11, 1, Seen::In));
        merge.push(event(30, 10, 1, Seen::Comm { name: "true".into(), exec: true }));
        let out = drain(&mut merge, 100);
        assert!(out.contains(&(30, 11, What::End)), "{out:?}");
        assert_eq!(out.last(), Some(&(30, 10, What::On { core: 1 })));
    }

    fn any_seen() -> impl Strategy<Value = Seen> {
        prop_oneof![
            4 => Just(Seen::In),
            4 => any::<bool>().prop_map(|preempted| Seen::Out { preempted }),
            1 => Just(Seen::Fork { parent: 10 }),
            1 => Just(Seen::Exit),
            1 => any::<bool>().prop_map(|exec| Seen::Comm { name: "x".into(), exec }),
        ]
    }

    proptest! {
        /// Whatever was lost: a core has one thread at a time, and a thread one core.
        #[test]
        fn slices_never_overlap(
            events in prop::collection::vec((0u64..500, 10u32..14, 0u32..3, any_seen()), 0..200),
        ) {
            let mut merge = Merge::new(1);
            for (at, tid, core, what) in events {
                merge.push(event(at, tid, core, what));
            }
            let mut on: HashMap<Tid, u32> = HashMap::new();
            let mut last = 0;
            for (at, tid, what) in drain(&mut merge, 1000) {
                prop_assert!(at >= last);
                last = at;
                match what {
                    What::On { core } => {
                        prop_assert!(on.values().all(|c| *c != core));
                        prop_assert!(on.insert(tid, core).is_none());
                    }
                    What::Off { .. } => prop_assert!(on.remove(&tid).is_some()),
                    What::End => prop_assert!(!on.contains_key(&tid)),
                    _ => {}
                }
            }
        }
    }
}
