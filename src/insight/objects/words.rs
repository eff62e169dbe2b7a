//! Objects in words: the same on the screen, in lines and in reports.

use super::{Kind, Moment, Object, Objects, Owner, Since, Stand, Waited};
use crate::clock::{MILLISECOND, Nanos, SECOND, seconds};
use crate::insight::words::grouped_whole;
use crate::trace::locks::HeldBy;
use crate::trace::{Lane, Tid, Trace, WaitSource};

/// Holders that are named.
const NAMED: usize = 2;

/// A length of time: `3.1 ms`, `412 ms`, `1.20 s`.
#[must_use]
pub fn time(length: Nanos) -> String {
    match length {
        length if length < 10 * MILLISECOND => format!("{:.1} ms", seconds(length) * 1e3),
        length if length < SECOND => format!("{:.0} ms", seconds(length) * 1e3),
        length => format!("{:.2} s", seconds(length)),
    }
}

fn counted(count: usize, what: &str) -> String {
    format!("{} {what}{}", grouped_whole(count), if count == 1 { "" } else { "s" })
}

/// What became of the waits for an object over the whole run.
#[must_use]
pub fn told(trace: &Trace, object: &Object) -> String {
    let mut parts = vec![format!(
        "{} of {}, {}",
        counted(object.waits.len(), "wait"),
        counted(object.lanes.len(), "thread"),
        time(object.waited)
    )];
    if let Some(harm) = object.harm.filter(|harm| *harm > 0) {
        parts.push(format!("{} of it while a core had nothing else to run", time(harm)));
    }
    let holders = &object.holders;
    let at = object.waits.first().map_or(0, |wait| wait.from);
    let holder = |(tid, count): &(Tid, usize)| {
        let name = super::name(&trace.lanes, object.pid, *tid, at).map_or("a thread", |lane| lane.name.as_str());
        format!("{name} ({} of {})", grouped_whole(*count), grouped_whole(object.waits.len()))
    };
    if !holders.is_empty() {
        let named: Vec<String> = holders.iter().take(NAMED).map(holder).collect();
        let more = if holders.len() > NAMED { " and others" } else { "" };
        parts.push(format!("held as a wait began: {}{more}", named.join(", ")));
    }
    parts.join("; ")
}

/// Who held an object at an instant.
#[must_use]
pub fn owner(trace: &Trace, object: &Object, owner: Owner) -> String {
    let name = |lane: usize| trace.lanes.get(lane).map_or("a thread", |lane| lane.name.as_str());
    match owner {
        Owner::NotKnown if matches!(object.kind, Kind::Lock | Kind::NativeLock | Kind::Sampled) => {
            "who holds it is not known".to_owned()
        }
        Owner::NotKnown if object.is_one() => String::new(),
        Owner::NotKnown => format!("which {} is not known, only the line", noun(object.kind)),
        Owner::Nobody(before) => format!("nobody held it {} before", time(before)),
        Owner::Thread { lane, before: 0, stands } => format!("held by {}{}", name(lane), standing(stands)),
        Owner::Thread { lane, before, stands } => {
            format!("held by {} {} before, it has run since{}", name(lane), time(before), standing(stands))
        }
    }
}

fn standing(stands: Stand) -> String {
    match stands {
        Stand::Line(line) => format!(", which waits in line {line}"),
        Stand::Somewhere => String::new(),
    }
}

/// What a kind's objects are called in a sentence.
const fn noun(kind: Kind) -> &'static str {
    match kind {
        Kind::QueueGet | Kind::QueuePut | Kind::QueueJoin => "queue",
        Kind::Join => "thread",
        Kind::Import => "module",
        kind => kind.label(),
    }
}

/// One that waits at an instant: its name, since when and in which line.
#[must_use]
pub fn waiter(lane: &Lane, wait: &Waited, at: Nanos) -> String {
    let known = wait.told.and_then(|told| told.spot).filter(|spot| spot.own != 0 && spot.line > 0);
    let place = known.map_or_else(String::new, |spot| format!(", line {}", spot.line));
    format!("{} for {}{place}", lane.name, time(at.saturating_sub(wait.from)))
}

/// How many wait at an instant, and for how many objects.
#[must_use]
pub fn moment(moments: &[Moment<'_>]) -> String {
    let waiting: usize = moments.iter().map(|moment| moment.waiting.len()).sum();
    match (waiting, moments.len()) {
        (0, _) => "no thread waits for another".to_owned(),
        (1, _) => "one thread waits".to_owned(),
        (waiting, 1) => format!("{} wait for one thing", counted(waiting, "thread")),
        (waiting, things) => format!("{} wait for {things} things", counted(waiting, "thread")),
    }
}

/// What all of this rests on.
#[must_use]
pub fn source(trace: &Trace, objects: &Objects) -> Vec<String> {
    let only = |words: &str| vec![words.to_owned()];
    match (objects.source, objects.since) {
        (WaitSource::None, _) => return only("Why threads waited was not measured."),
        (_, Since::Never) => {
            return only(
                "This run was kept with less detail than it was measured with: for what each thread waited is not in it.",
            );
        }
        (WaitSource::Procfs, _) => {
            return only("Sampled: that a thread waited for a lock or its kin is known, and for which is not.");
        }
        (WaitSource::Preload, _) => {}
    }
    let locks = || objects.all.iter().filter(|object| object.kind == Kind::Lock).flat_map(|object| &object.waits);
    let python = locks().filter(|wait| wait.told.is_some());
    let (known, unknown): (Vec<&Waited>, Vec<&Waited>) = python.partition(|wait| wait.holder() != HeldBy::Unknown);
    let mut out = Vec::new();
    if let Since::At(from) = objects.since {
        let from = seconds(from.saturating_sub(trace.zero()));
        out.push(format!("Of the time before {from:.1} s only totals are kept: nothing of it is here."));
    }
    out.push("Each wait is exact, from the preloaded library or the native model.".to_owned());
    if trace.lost.events > 0 {
        out.push(format!(
            "{} were lost: waits may be missing.",
            counted(usize::try_from(trace.lost.events).unwrap_or(usize::MAX), "record")
        ));
    }
    if !known.is_empty() {
        out.push("Who holds a lock is noted in the lock itself; it is told as it was when a wait began.".to_owned());
    }
    if !unknown.is_empty() || locks().any(|wait| wait.told.is_none()) {
        out.push("Who holds a lock is not known: --objects is off, or locks are no semaphores, as on CPython from 3.14 on, without a GIL and on native.".to_owned());
    }
    let by_line = |kind: Kind| !matches!(kind, Kind::Lock | Kind::NativeLock);
    if objects.all.iter().any(|object| by_line(object.kind) && !object.is_one()) {
        out.push(
            "Conditions, events, queues and their kin are told apart by the line that waits, not one by one."
                .to_owned(),
        );
    }
    out
}
