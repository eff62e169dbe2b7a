//! A thread that gives its core away for no time at all, again and again.

use super::{Finding, Rule, Times, took, whole, words};
use crate::insight::finding::times::{Doing, Nap, Role};

pub(super) const RULE: Rule = Rule {
    id: "busy-waiting",
    name: "Busy waiting",
    says: "a thread that gives its core away for no time, again and again",
    help: "wait for what is meant: a condition, an event, a queue",
    find,
};

/// So many sleeps a second at least, half of them of no more than so many seconds.
const A_SECOND: f64 = 1000.0;
const INSTANT: f64 = 0.0005;
/// It worked for this share of its life at least, and lived for this share of the run.
const WORKED: f64 = 0.05;
const LIVED: f64 = 0.3;

/// Whether a thread does.
pub(super) fn spins(times: &Times, role: &Role) -> bool {
    is_short(role, role.naps) && is_worth(times, role)
}

/// Whether it asks for what another thread does, with hardly any time for that to come: nobody answers as often as it asks.
fn asks(times: &Times, role: &Role) -> bool {
    if !is_short(role, role.asks) || !is_worth(times, role) {
        return false;
    }
    let often = |other: &Role| other.asks.count + other.naps.count + other.count(Doing::Io);
    // Many that each answer a few times answer as well: the threads that it starts, for one.
    let others = times.of_process(role.pid).filter(|other| other.id != role.id);
    others.map(|other| 1 + often(other)).sum::<usize>() <= role.asks.count / 4
}

fn is_short(role: &Role, waits: Nap) -> bool {
    whole(waits.count) >= A_SECOND * role.life() && waits.median <= INSTANT
}

fn is_worth(times: &Times, role: &Role) -> bool {
    role.worked() >= WORKED * role.life() && times.share(role.life()) >= LIVED
}

fn find(times: &Times) -> Option<Finding> {
    of_threads(times).or_else(|| of_tasks(times))
}

/// A task that only lets others run, again and again.
fn of_tasks(times: &Times) -> Option<Finding> {
    let (lane, spins) = times.in_turn.iter().find_map(|own| Some((own.lane?, own.spins.as_ref()?)))?;
    if times.share(spins.slept) < LIVED {
        return None;
    }
    let place = if spins.place.is_empty() { String::new() } else { format!(", in {}", spins.place) };
    let sentence = format!(
        "task {} gave its turn away {} times for nothing{place}, and kept a core busy with that: it looks instead of waiting. An await \
         of what it waits for (an Event, a Queue, the task) ends as soon as it has come.",
        spins.task,
        words::grouped_whole(spins.sleeps),
    );
    let found = Finding::new(times.share(spins.slept), &sentence)
        .with("turns", whole(spins.sleeps))
        .with("lived_s", spins.slept);
    Some(found.because([lane]))
}

fn of_threads(times: &Times) -> Option<Finding> {
    let mut found: Vec<(&Role, Nap, &str)> = Vec::new();
    for role in &times.roles {
        if spins(times, role) {
            found.push((role, role.naps, "asked to sleep"));
        } else if asks(times, role) {
            found.push((role, role.asks, "asked for a lock, a queue or an event"));
        }
    }
    found.sort_by(|a, b| b.0.worked().total_cmp(&a.0.worked()));
    let (first, waits, what) = *found.first()?;
    let sentence = format!(
        "{} {what} {} times, for {} at a time, and was on a core for {} of its time in between: it looks instead of \
         waiting. An Event, a Condition or a Queue would leave the core to others.",
        first.named(),
        words::grouped_whole(waits.count),
        took(waits.median),
        words::percent(first.time(Doing::Core) / first.life().max(f64::MIN_POSITIVE)),
    );
    let found_it = Finding::new(times.share(first.worked() + whole(waits.count) * waits.median), &sentence)
        .with("sleeps", whole(waits.count))
        .with("median_s", waits.median)
        .with("worked_s", first.worked())
        .with("threads", whole(found.len()));
    Some(found_it.because(found.iter().map(|(role, ..)| role.id)))
}
