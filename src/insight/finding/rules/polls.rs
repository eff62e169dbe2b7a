//! A thread that sleeps a little, looks, and sleeps again.

use super::{Finding, Rule, Times, took, whole, words};
use crate::insight::finding::times::{Doing, Role};

pub(super) const RULE: Rule = Rule {
    id: "sleeping-polls",
    name: "Sleeping polls",
    says: "a thread that sleeps, looks, and sleeps again",
    help: "wait for what is meant: an event, a queue, a join",
    find,
};

/// So many sleeps at least, each of no more than so many seconds.
const OFTEN: usize = 20;
const SHORT: f64 = 0.1;
/// Below this many seconds it hardly sleeps: another rule's.
const HARDLY: f64 = 0.0005;
/// It slept for this share of its life at least, and worked for no more than this one.
const SLEPT: f64 = 0.7;
const WORKED: f64 = 0.1;
/// It lived for this share of the run at least.
const LIVED: f64 = 0.3;

/// Of a thread with no other beside it, the sleeps are as short as that, and so many: longer ones may be what it is there for.
const ALONE: (f64, usize) = (0.02, 50);

/// Whether a thread does.
pub(super) fn polls(times: &Times, role: &Role) -> bool {
    let naps = role.naps;
    is_like_it(times, role)
        && role.pieces < naps.count as u64 / 2
        && (times.roles.iter().any(|other| is_looked_at(role, other))
            || times.roles.len() == 1 && naps.median <= ALONE.0 && naps.count >= ALONE.1)
}

fn is_like_it(times: &Times, role: &Role) -> bool {
    let naps = role.naps;
    naps.count >= OFTEN
        && (HARDLY..=SHORT).contains(&naps.median)
        && role.time(Doing::Sleep) >= SLEPT * role.life()
        && role.wanted() <= WORKED * role.life()
        && times.share(role.life()) >= LIVED
}

/// Whether another thread may be what one looks at between its sleeps: it lives as long, does something else than wait for the one,
/// and does not wait once for each of its sleeps, as if they brought something.
fn is_looked_at(role: &Role, other: &Role) -> bool {
    /// It does that for so much of the other's time.
    const LONG: f64 = 0.5;
    let waits = [Doing::Io, Doing::Sleep, Doing::Lock, Doing::Child, Doing::Events];
    let does = other.wanted() + waits.iter().map(|doing| other.time(*doing)).sum::<f64>();
    let often: usize = waits.iter().map(|doing| other.count(*doing)).sum();
    other.id != role.id && does >= LONG * role.time(Doing::Sleep) && often <= role.naps.count / 4
}

fn find(times: &Times) -> Option<Finding> {
    of_threads(times).or_else(|| of_tasks(times)).or_else(|| of_gets(times))
}

/// A thread that asks a queue with a time limit, again and again, and gets nothing.
fn of_gets(times: &Times) -> Option<Finding> {
    let asks = |role: &&Role| {
        let gets = role.timed_gets;
        gets.count >= OFTEN
            && (HARDLY..=SHORT).contains(&gets.median)
            && role.gets.0 >= SLEPT * role.life()
            && role.wanted() <= WORKED * role.life()
            && times.share(role.life()) >= LIVED
            // Somebody who fills the queue as regularly has it wait as long each time.
            && times.roles.iter().all(|other| other.id == role.id || !is_as_often(other, gets.count))
    };
    let role = times.roles.iter().filter(asks).max_by(|a, b| a.gets.0.total_cmp(&b.gets.0))?;
    let place = times.queues.get.as_ref().map(|place| format!(" in {place}")).unwrap_or_default();
    let sentence = format!(
        "{} asked a queue{place} {} times, and waited about {} each time as if for nothing. A get without a time limit ends as soon as there          is something, and a last item that says so ends the loop.",
        role.named(),
        words::grouped_whole(role.timed_gets.count),
        took(role.timed_gets.median),
    );
    let found = Finding::new(times.share(role.gets.0), &sentence)
        .with("gets", whole(role.timed_gets.count))
        .with("median_s", role.timed_gets.median)
        .with("waited_s", role.gets.0);
    Some(found.because([role.id]))
}

/// Whether a thread waited for anything about so often.
fn is_as_often(role: &Role, count: usize) -> bool {
    let waits = [Doing::Io, Doing::Sleep, Doing::Lock, Doing::Idle];
    waits.iter().any(|doing| (count / 3..=count * 3).contains(&role.count(*doing)))
}

/// A task that does so, beside others of its loop.
fn of_tasks(times: &Times) -> Option<Finding> {
    let (lane, looks) = times.in_turn.iter().find_map(|own| Some((own.lane?, own.looks.as_ref()?)))?;
    if times.share(looks.slept) < LIVED {
        return None;
    }
    let place = if looks.place.is_empty() { String::new() } else { format!(", in {}", looks.place) };
    let sentence = format!(
        "task {} slept {} times for about {}{place}, and hardly worked in between. If it only looks whether something has \
         happened, an await of that itself (an Event, a Queue, the task) ends as soon as it does.",
        looks.task,
        words::grouped_whole(looks.sleeps),
        took(looks.median),
    );
    let found = Finding::new(times.share(looks.slept), &sentence)
        .with("sleeps", whole(looks.sleeps))
        .with("median_s", looks.median)
        .with("slept_s", looks.slept);
    Some(found.because([lane]))
}

fn of_threads(times: &Times) -> Option<Finding> {
    let mut found: Vec<&Role> = times.roles.iter().filter(|role| polls(times, role)).collect();
    found.sort_by_key(|role| std::cmp::Reverse(role.naps.count));
    let first = *found.first()?;
    let others = match found.len() - 1 {
        0 => String::new(),
        1 => ", and one more thread did so".to_owned(),
        more => format!(", and {} more threads did so", words::grouped_whole(more)),
    };
    let sentence = format!(
        "{} slept {} times for about {} and hardly worked in between{others}. If it only looks whether something has happened, \
         waiting for that itself (an Event, a Queue, a join) ends as soon as it does.",
        first.named(),
        words::grouped_whole(first.naps.count),
        took(first.naps.median),
    );
    let weight = times.share(first.time(Doing::Sleep));
    let found_it = Finding::new(weight, &sentence)
        .with("sleeps", whole(first.naps.count))
        .with("median_s", first.naps.median)
        .with("slept_s", first.time(Doing::Sleep))
        .with("threads", whole(found.len()));
    Some(found_it.because(found.iter().map(|role| role.id)))
}
