//! Notices that threads wait for each other for ever, and says which for which: while the run goes on, and without its help.
//!
//! The preloaded library notes which locks each thread holds and which it waits for, so who waits for whom is a graph in which
//! each thread points at one other at most. A cycle in it that stands, all of whose waits have no time limit as the kernel
//! knows it, is a deadlock. Where nothing of the run can run any more without a cycle, what each waits for is told.
//! A run may wait for a signal: that it waits for what never comes is said only of one that listens to none.

use super::places::place_of;
use super::stall;
use crate::clock::{MILLISECOND, Nanos};
#[cfg(target_os = "linux")]
use crate::probe::stuck::{Forever, waits_forever};
use crate::trace::locks::JOIN;
use crate::trace::locks::{Function, Standing};
use crate::trace::standstill::{HeldUp, Holder, Kind, Standstill};
use crate::trace::{Builder, Call, LaneKind, Locks, Pid, Tid, Trace, Wait, WaitKind, WaitObject};
use std::collections::HashMap;

/// How often is looked.
const EVERY: Nanos = 75 * MILLISECOND;
/// How long threads must have stood still.
const STILL: Nanos = 100 * MILLISECOND;

/// The lookout over one run.
#[derive(Default)]
pub(super) struct Lookout {
    next: Nanos,
    /// What was seen at the last look: the threads, and since when each waits.
    seen: Vec<(Tid, Nanos)>,
}

impl Lookout {
    /// Looks, now and then, and says in the trace what it has found, as long as it stands.
    pub(super) fn look(&mut self, now: Nanos, standings: impl FnOnce() -> Vec<Standing>, builder: &mut Builder) {
        if now < self.next {
            return;
        }
        self.next = now + EVERY;
        let standings = standings();
        let (shape, who) = shape(&standings, &builder.facts().locks, now);
        let seen: Vec<(Tid, Nanos)> = who.iter().filter_map(|s| Some((s.tid, s.wait?.0))).collect();
        let stood = !seen.is_empty() && seen == self.seen;
        self.seen = seen;
        if !stood {
            builder.facts().standstill = None;
        } else if builder.facts().standstill.is_none() {
            // The trace up to now costs a copy of what is provisional: it is asked for only where there may be something.
            let found = find(shape, (&who, &standings), now, builder.trace());
            builder.facts().standstill = found;
        }
    }
}

/// What threads that stand still look like at first sight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// A cycle of two and more.
    Cycle,
    /// Each of them waits for its own lock, as far as one can see.
    Own,
    /// All there are.
    Everybody,
}

/// Which threads may stand still for ever; none where there is no sign of that.
fn shape<'s>(standings: &'s [Standing], locks: &Locks, now: Nanos) -> (Shape, Vec<&'s Standing>) {
    let cycle = smallest_cycle(standings);
    if !cycle.is_empty() {
        return (Shape::Cycle, cycle);
    }
    if all_wait(standings, now) {
        return (Shape::Everybody, standings.iter().collect());
    }
    let own = standings.iter().filter(|s| awaited(s).is_some_and(|lock| s.held.contains(&lock)));
    (Shape::Own, own.filter(|standing| takes_itself(standing, locks)).collect())
}

/// Whether the program takes the lock itself, and no function of the library for it: a thread that waits to be woken holds the
/// lock that it waits for.
fn takes_itself(standing: &Standing, locks: &Locks) -> bool {
    let told = standing.wait.and_then(|(since, _)| locks.wait_at(standing.pid, standing.tid, since));
    told.and_then(|told| told.spot).is_some_and(|spot| spot.called == 0)
}

/// Whether each thread waits and has for a while, one of them for a lock, and none for time or the GIL.
fn all_wait(standings: &[Standing], now: Nanos) -> bool {
    let waits = |standing: &Standing| {
        let kind = standing.wait.filter(|(since, _)| since.saturating_add(STILL) <= now).map(|(_, wait)| wait.kind);
        matches!(kind, Some(WaitKind::Lock | WaitKind::Idle | WaitKind::Io))
    };
    let for_lock = |standing: &Standing| standing.wait.is_some_and(|(_, wait)| wait.kind == WaitKind::Lock);
    standings.iter().all(waits) && standings.iter().any(for_lock)
}

/// The lock that a thread waits for.
fn awaited(standing: &Standing) -> Option<u64> {
    match standing.wait?.1.object {
        WaitObject::Lock(lock) => Some(lock),
        _ => None,
    }
}

/// The smallest cycle of threads each of which waits for a lock that the next one holds, beginning with the thread whose number
/// is smallest; nothing where there is none. One that waits for its own lock alone is none.
fn smallest_cycle(standings: &[Standing]) -> Vec<&Standing> {
    let holders: HashMap<(Pid, u64), usize> = standings
        .iter()
        .enumerate()
        .flat_map(|(index, standing)| standing.held.iter().map(move |lock| ((standing.pid, *lock), index)))
        .collect();
    let next: Vec<Option<usize>> = standings
        .iter()
        .map(|standing| awaited(standing).and_then(|lock| holders.get(&(standing.pid, lock)).copied()))
        .enumerate()
        .map(|(index, next)| next.filter(|next| *next != index))
        .collect();
    let mut visited = vec![0; standings.len()];
    let mut best: Vec<usize> = Vec::new();
    for start in 0..standings.len() {
        let (mut path, mut at) = (Vec::new(), Some(start));
        while let Some(index) = at.filter(|index| visited[*index] == 0) {
            visited[index] = start + 1;
            path.push(index);
            at = next[index];
        }
        let Some(from) = at.filter(|index| visited[*index] == start + 1) else { continue };
        let cycle = path.split_off(path.iter().position(|index| *index == from).unwrap_or(0));
        if best.is_empty() || cycle.len() < best.len() {
            best = cycle;
        }
    }
    let first = (0..best.len()).min_by_key(|at| standings[best[*at]].tid).unwrap_or(0);
    best.rotate_left(first);
    best.into_iter().map(|index| &standings[index]).collect()
}

/// What it is that stands still, if that is for ever.
#[cfg(target_os = "linux")]
fn find(shape: Shape, (who, all): (&[&Standing], &[Standing]), now: Nanos, trace: &Trace) -> Option<Standstill> {
    let mut threads: Vec<HeldUp> = who.iter().map(|standing| held_up(standing, who, trace)).collect();
    let kind = match shape {
        Shape::Everybody => {
            if !stall::is_stuck(trace, now, STILL) || who.iter().any(|s| hears_signals(s.pid)) {
                return None;
            }
            let own = |thread: &HeldUp| thread.called.is_none() && thread.holder == Holder::Thread(thread.tid);
            let ended = |thread: &HeldUp| matches!(thread.holder, Holder::Ended(_));
            if threads.iter().any(own) {
                threads.retain(own);
                Kind::LockTwice
            } else if threads.iter().any(ended) {
                threads.retain(ended);
                Kind::HolderEnded
            } else {
                Kind::NobodyLeft
            }
        }
        Shape::Cycle if threads.iter().any(|thread| thread.called.as_deref() == Some(JOIN)) => Kind::JoinCycle,
        Shape::Cycle => Kind::LockCycle,
        // Another thread may give back a lock that was taken as one takes a token, but not one that a block gives back.
        Shape::Own => {
            threads.retain(takes_in_block);
            Kind::LockTwice
        }
    };
    let members = || who.iter().filter(|s| threads.iter().any(|thread| thread.tid == s.tid));
    if shape != Shape::Everybody && !members().all(|s| waits_forever(s.pid, s.tid) == Some(Forever::Lock)) {
        return None;
    }
    let since = members().filter_map(|standing| Some(standing.wait?.0)).max()?;
    // A lock may be given back by a thread that has not taken it, but for one that blocks take and give back.
    let open = kind == Kind::LockCycle && !threads.iter().all(takes_in_block) && {
        let pid = threads.first()?.pid;
        let others = all.iter().filter(|s| s.pid == pid && threads.iter().all(|thread| thread.tid != s.tid));
        others.into_iter().any(|s| waits_forever(s.pid, s.tid) != Some(Forever::Lock))
    };
    Some(Standstill { since, kind, open, threads })
}

/// Whether a thread waits in a line that gives the lock back itself.
fn takes_in_block(thread: &HeldUp) -> bool {
    thread.place.as_ref().is_some_and(|place| place.code.trim_start().starts_with("with "))
}

#[cfg(not(target_os = "linux"))]
const fn find(_: Shape, _: (&[&Standing], &[Standing]), _: Nanos, _: &Trace) -> Option<Standstill> {
    None
}

/// Whether a process has a handler for a signal that somebody might send it, other than an interrupt from the keyboard.
#[cfg(target_os = "linux")]
fn hears_signals(pid: Pid) -> bool {
    const FAULTS: [i32; 6] = [libc::SIGINT, libc::SIGSEGV, libc::SIGFPE, libc::SIGABRT, libc::SIGBUS, libc::SIGILL];
    let Ok(status) = std::fs::read_to_string(format!("/proc/{pid}/status")) else { return true };
    let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:"));
    let Some(caught) = caught.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()) else { return true };
    // glibc keeps the first two of the real-time signals for itself, and the start-up file may listen to one.
    let harmless = FAULTS.iter().chain(&[32, 33, libc::SIGURG]).fold(0, |mask: u64, signal| mask | 1 << (signal - 1));
    caught & !harmless != 0
}

/// What is known of a thread that waits.
fn held_up(standing: &Standing, others: &[&Standing], trace: &Trace) -> HeldUp {
    let Standing { pid, tid, .. } = *standing;
    let lane = trace.lanes.iter().rfind(|lane| lane.tid == tid);
    let name = lane.map(|lane| lane.name.clone()).unwrap_or_default();
    let of_child = lane.is_some_and(|lane| lane.kind == LaneKind::Process);
    let locks = &trace.locks;
    let lock = awaited(standing);
    // What it told last is of another wait where this one is for no lock.
    let told = standing.wait.and_then(|(since, _)| locks.wait_at(pid, tid, since));
    let told = told.filter(|told| lock == Some(told.lock));
    let spot = told.and_then(|told| told.spot);
    let function = |number: u16| locks.function(pid, number);
    let place = spot.and_then(|spot| place_of(locks, pid, spot));
    let holds = |other: &&&Standing| other.pid == pid && lock.is_some_and(|lock| other.held.contains(&lock));
    let holder = match others.iter().find(holds) {
        Some(other) => Holder::Thread(other.tid),
        None => lock.and_then(|lock| locks.left_by(pid, lock)).map_or(Holder::Unknown, Holder::Ended),
    };
    // The call tells an event from a condition, and is known where no line of the program's own is.
    let called = other_than_lock(standing.wait.map(|(_, wait)| wait)).map(str::to_owned);
    let of_library =
        || spot.filter(|spot| spot.called != 0).and_then(|spot| function(spot.called)).map(Function::awaited);
    let called = called.or_else(of_library);
    HeldUp { pid, tid, name, of_child, place, called, lock: told.and_then(|told| locks.number(pid, told)), holder }
}

/// What is waited for that is no lock, in words.
fn other_than_lock(wait: Option<Wait>) -> Option<&'static str> {
    let wait = wait?;
    match (wait.kind, wait.call) {
        (_, Call::PyThreadJoin) => Some(JOIN),
        (_, Call::PyCondition) => Some("a condition"),
        (_, Call::PyEvent) => Some("an event"),
        (_, Call::PySemaphore) => Some("a semaphore"),
        (_, Call::PyBarrier) => Some("a barrier"),
        (_, Call::PyQueueGet) => Some("a queue to have something"),
        (_, Call::PyQueuePut) => Some("a queue to have room"),
        (_, Call::PyQueueJoin) => Some("a queue's work to be done"),
        (_, Call::PyImport) => Some("an import that another thread has begun"),
        (_, Call::PyFuture) => Some("a future's result"),
        (_, Call::PyPool) => Some("a pool's result"),
        (_, Call::Waitpid | Call::Wait4 | Call::Waitid | Call::PyProcessJoin) => Some("a process to end"),
        (WaitKind::Io, Call::Write | Call::Writev | Call::Send | Call::Sendto | Call::Sendmsg) => {
            Some("somebody to read what it writes")
        }
        (WaitKind::Io, _) => Some("something to read"),
        (WaitKind::Idle, _) => Some("work"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A thread that waits for a lock, and holds others.
    fn standing(tid: Tid, awaits: Option<u64>, held: &[u64]) -> Standing {
        let wait = |lock| Wait { kind: WaitKind::Lock, call: Call::SemWait, object: WaitObject::Lock(lock) };
        Standing { pid: 1, tid, wait: awaits.map(|lock| (5, wait(lock))), held: held.to_vec() }
    }

    fn cycle(standings: &[Standing]) -> Vec<Tid> {
        smallest_cycle(standings).iter().map(|standing| standing.tid).collect()
    }

    #[test]
    fn who_waits_for_whom_is_found() {
        let one_line = [standing(1, Some(20), &[10]), standing(2, Some(30), &[20]), standing(3, None, &[30])];
        assert!(cycle(&one_line).is_empty(), "the last one can go on");
        let cross = [standing(7, Some(20), &[10]), standing(3, Some(10), &[20]), standing(1, Some(10), &[])];
        assert_eq!(cycle(&cross), [3, 7], "who only waits for one of them is in no cycle");
        assert!(cycle(&[standing(4, Some(10), &[10])]).is_empty(), "its own alone");
        let mut elsewhere = cross;
        elsewhere[1].pid = 2;
        assert!(cycle(&elsewhere).is_empty(), "another process's memory");
    }

    proptest! {
        /// Thread `n` holds lock `n` and waits for `awaits[n]`: a cycle is what comes back to where it began.
        #[test]
        fn the_smallest_cycle_is_as_walking_finds_it(awaits in prop::collection::vec(prop::option::of(0usize..12), 1..12)) {
            let count = awaits.len();
            let standings: Vec<Standing> = (0..).zip(&awaits)
                .map(|(n, awaits)| standing(100 + n, awaits.map(|lock| lock as u64), &[u64::from(n)]))
                .collect();
            let next = |at: usize| awaits[at].filter(|next| *next < count && *next != at);
            let length = |from: usize| {
                let mut at = from;
                (1..=count).find(|_| {
                    at = next(at).unwrap_or(at);
                    at == from && next(from).is_some()
                })
            };
            let least = (0..count).filter_map(length).min();
            let found = cycle(&standings);
            prop_assert_eq!((!found.is_empty()).then_some(found.len()), least);
            for (tid, next) in found.iter().zip(found.iter().cycle().skip(1)) {
                prop_assert_eq!(awaits[*tid as usize - 100], Some(*next as usize - 100));
            }
        }
    }
}
