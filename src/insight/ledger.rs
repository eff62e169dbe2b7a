//! What became of the time that the cores had: all of it, by what it went for.
//!
//! At each instant of a run so many cores may work. Those on which its threads are compute. For each of the others the first of
//! these reasons is told that a thread gives: it wants a core and has none (others have it), it waits for the GIL, for a lock, for
//! I/O, for time; one thread stands for one core. Where no thread gives a reason, there was nothing to do: who waits for its own
//! workers has nothing to do either. So the parts always sum to the time of all cores.

use crate::clock::{Nanos, seconds};
use crate::trace::{Lane, Span, State, Trace};
use std::collections::BTreeMap;

/// What the time of a core went for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The program's threads ran.
    Compute,
    /// The interpreter started up.
    Startup,
    /// A thread wanted a core and had none.
    Ready,
    /// A thread waited for the GIL.
    GilWait,
    /// A thread waited for a lock.
    LockWait,
    /// A thread waited for I/O.
    IoWait,
    /// A thread slept.
    Sleep,
    /// A thread waited, and it was not measured for what.
    Unknown,
    /// There was nothing to do for it.
    Idle,
}

impl Part {
    /// All, in the order of reports.
    pub const ALL: [Part; 9] = [
        Part::Compute,
        Part::Startup,
        Part::Ready,
        Part::GilWait,
        Part::LockWait,
        Part::IoWait,
        Part::Sleep,
        Part::Unknown,
        Part::Idle,
    ];

    /// Reasons for which a core is left alone, the first one that holds first.
    const REASONS: [Part; 6] = [Part::Ready, Part::GilWait, Part::LockWait, Part::IoWait, Part::Sleep, Part::Unknown];

    /// The name in JSON.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Part::Compute => "compute",
            Part::Startup => "startup",
            Part::Ready => "ready",
            Part::GilWait => "gil_wait",
            Part::LockWait => "lock_wait",
            Part::IoWait => "io_wait",
            Part::Sleep => "sleep",
            Part::Unknown => "unknown",
            Part::Idle => "idle",
        }
    }

    /// The name in words.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Part::Compute => "computing",
            Part::Startup => "start-up",
            Part::Ready => "taken by others",
            Part::GilWait => "waiting for the GIL",
            Part::LockWait => "waiting for locks",
            Part::IoWait => "waiting for I/O",
            Part::Sleep => "sleeping",
            Part::Unknown => "waiting, reason not measured",
            Part::Idle => "nothing to do",
        }
    }

    /// What a lane's span is a reason for; `None` where it gives none.
    fn of(lane: &Lane, span: &Span) -> Option<Part> {
        if span.state.on_cpu() {
            return Some(Part::Compute);
        }
        // What a library has started for itself waits for what its users do.
        if !lane.is_counted() || span.for_workers() {
            return None;
        }
        match span.state {
            State::Ready => Some(Part::Ready),
            State::GilWait => Some(Part::GilWait),
            State::LockWait => Some(Part::LockWait),
            State::IoWait => Some(Part::IoWait),
            State::Sleep => Some(Part::Sleep),
            State::Unknown => Some(Part::Unknown),
            State::Idle | State::Running | State::Native => None,
        }
    }
}

/// What became of the time of a run's cores, from its launch to its end.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ledger {
    /// The cores that it may use.
    pub cores: u64,
    /// How long it took, start-up included.
    pub wall: Nanos,
    parts: [Nanos; Part::ALL.len()],
}

impl Ledger {
    /// The ledger of a run on so many cores.
    #[must_use]
    pub fn of(trace: &Trace, cores: u64) -> Ledger {
        let (from, to) = (trace.launched_at, trace.until());
        let mut ledger = Ledger { cores, wall: to.saturating_sub(from), parts: [0; Part::ALL.len()] };
        let (mut counts, mut at) = ([0_i64; Part::ALL.len()], from);
        for (next, part, by) in changes(trace, from, to) {
            ledger.add(trace, &counts, (at, next));
            counts[part as usize] += by;
            at = next;
        }
        ledger.add(trace, &counts, (at, to));
        ledger
    }

    /// A stretch in which nothing changes.
    fn add(&mut self, trace: &Trace, counts: &[i64; Part::ALL.len()], (from, to): (Nanos, Nanos)) {
        let started = trace.program_at.unwrap_or(trace.launched_at).clamp(from, to.max(from));
        self.parts[Part::Startup as usize] += self.cores * (started - from);
        let length = to.saturating_sub(started);
        let mut left = self.cores;
        for part in std::iter::once(Part::Compute).chain(Part::REASONS) {
            let count = left.min(u64::try_from(counts[part as usize]).unwrap_or(0));
            self.parts[part as usize] += count * length;
            left -= count;
        }
        self.parts[Part::Idle as usize] += left * length;
    }

    /// How much of all cores' time went for this, in nanoseconds.
    #[must_use]
    pub const fn get(&self, part: Part) -> Nanos {
        self.parts[part as usize]
    }

    /// The time that all cores had.
    #[must_use]
    pub const fn whole(&self) -> Nanos {
        self.cores * self.wall
    }

    /// Each part in seconds, by its name.
    #[must_use]
    pub fn by_key(&self) -> BTreeMap<&'static str, f64> {
        Part::ALL.iter().map(|part| (part.key(), seconds(self.get(*part)))).collect()
    }
}

/// How many cores had nothing to do but for what came after the first reasons: nobody ran on them, wanted one, or waited for the
/// GIL. Stretches from the program's start on, one after the other.
pub(super) fn left_alone(trace: &Trace, cores: u64) -> Vec<(Nanos, Nanos, u64)> {
    let (from, to) = (trace.program_at.unwrap_or(trace.launched_at), trace.until());
    let (mut counts, mut at, mut out) = ([0_i64; Part::ALL.len()], from, Vec::new());
    let before = [Part::Compute, Part::Ready, Part::GilWait];
    let left = |counts: &[i64; Part::ALL.len()]| {
        let busy = before.iter().map(|part| u64::try_from(counts[*part as usize]).unwrap_or(0)).sum();
        cores.saturating_sub(busy)
    };
    for (next, part, by) in changes(trace, from, to).into_iter().filter(|(_, part, _)| before.contains(part)) {
        if next > at && left(&counts) > 0 {
            out.push((at, next, left(&counts)));
        }
        counts[part as usize] += by;
        at = next.max(at);
    }
    out.extend((to > at && left(&counts) > 0).then(|| (at, to, left(&counts))));
    out
}

/// When threads begin and end to give a reason, in order of time.
fn changes(trace: &Trace, from: Nanos, to: Nanos) -> Vec<(Nanos, Part, i64)> {
    let lanes = trace.lanes.iter().filter(|lane| lane.is_workload());
    let spans = lanes.flat_map(|lane| lane.spans.as_slice().iter().map(move |span| (lane, span)));
    let mut changes: Vec<(Nanos, Part, i64)> = spans
        .filter_map(|(lane, span)| {
            let (begin, end) = (span.start.clamp(from, to), span.end.clamp(from, to));
            Part::of(lane, span).filter(|_| begin < end).map(|part| [(begin, part, 1), (end, part, -1)])
        })
        .flatten()
        .collect();
    changes.sort_unstable_by_key(|(at, ..)| *at);
    changes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::{Builder, Call, Record, Wait, WaitKind, WaitObject, What};
    use proptest::prelude::*;

    fn record(at: Nanos, tid: u32, what: What) -> Record {
        Record { at, pid: 10, tid, what }
    }

    fn wait(kind: WaitKind, call: Call) -> What {
        What::WaitBegin(Wait { kind, call, object: WaitObject::Nothing })
    }

    #[test]
    fn each_core_goes_for_one_thing_at_a_time() {
        let mut builder = Builder::new(10, 0);
        builder.feed(
            [
                record(0, 10, What::On { core: 0 }),
                record(10, 10, What::ProgramStart),
                record(20, 11, What::Start { parent: 10 }),
                record(20, 11, What::On { core: 1 }),
                record(30, 10, wait(WaitKind::Lock, Call::PyThreadJoin)),
                record(30, 10, What::Off { preempted: false }),
                record(50, 11, wait(WaitKind::Sleep, Call::Sleep)),
                record(50, 11, What::Off { preempted: false }),
                record(70, 11, What::WaitEnd),
                record(70, 11, What::On { core: 1 }),
            ],
            100,
        );
        let ledger = Ledger::of(&builder.finish(100), 2);
        let parts: Vec<(&str, Nanos)> =
            Part::ALL.iter().map(|part| (part.key(), ledger.get(*part))).filter(|(_, time)| *time > 0).collect();
        // The one that joins has nothing to do; the one that sleeps keeps one core from work.
        assert_eq!(
            parts,
            [("compute", 10 + 20 + 20 + 30), ("startup", 20), ("sleep", 20), ("idle", 10 + 20 + 20 + 30)]
        );
    }

    proptest! {
        #[test]
        fn the_parts_sum_to_the_time_of_all_cores(
            steps in prop::collection::vec((0u64..9, 10u32..15, 0u8..7), 0..80), cores in 1u64..6, started in 0u64..200,
        ) {
            let (mut builder, mut at) = (Builder::new(10, 5), 5);
            builder.feed([record(5 + started, 10, What::ProgramStart)], 5);
            for (gap, tid, what) in steps {
                at += gap;
                let what = match what {
                    0 => What::Start { parent: 10 },
                    1 => What::On { core: 0 },
                    2 => What::Off { preempted: false },
                    3 => What::Off { preempted: true },
                    4 => wait(WaitKind::Lock, Call::SemWait),
                    5 => What::WaitEnd,
                    _ => What::End,
                };
                builder.feed([record(at, tid, what)], at);
            }
            let trace = builder.finish(at + 3);
            let ledger = Ledger::of(&trace, cores);
            let sum: Nanos = Part::ALL.iter().map(|part| ledger.get(*part)).sum();
            prop_assert_eq!(sum, ledger.whole());
            prop_assert_eq!(ledger.whole(), cores * (trace.until() - trace.launched_at));
            let ran: Nanos = trace.lanes.iter().map(|lane| lane.totals().on_cpu()).sum();
            prop_assert!(ledger.get(Part::Compute) <= ran);
        }
    }
}
