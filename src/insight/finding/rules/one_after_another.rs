//! Waits that follow each other, so that they add up.

use super::{Finding, Rule, Times, lock_line, polls, queue_empty, queue_full, spins, took, whole, words};
use crate::insight::finding::times::{Alone, Doing, Partition, Role};
use crate::trace::LaneKind;

pub(super) const RULE: Rule = Rule {
    id: "one-after-another",
    name: "Waits one after the other",
    says: "waits that follow each other, and so add up",
    help: "threads, or asyncio: then the waits overlap",
    find,
};

/// One thread at a time waited for this share of the run at least, and so often.
const WORTH: f64 = 0.5;
const OFTEN: usize = 3;
/// Two waited at once for no more than this share of that time.
const AT_ONCE: f64 = 0.1;
/// A thread that did less than this share of the waiting is not named for it.
const PART: f64 = 0.02;

/// From this mean number of threads that waited for others on, these belong into the picture.
const LOCKED: f64 = 0.5;

fn find(times: &Times) -> Option<Finding> {
    if [lock_line::RULE, queue_empty::RULE, queue_full::RULE].iter().any(|rule| rule.holds(times)) {
        return None;
    }
    // A process that only waits for others says nothing: then all of them are looked at together.
    let own = times.launched().filter(|own| times.share(own.one_waits) >= WORTH);
    let partition = own.unwrap_or(&times.all);
    let share = times.share(partition.one_waits);
    if share < WORTH || partition.many_wait > AT_ONCE * partition.one_waits {
        return None;
    }
    let others: f64 =
        times.processes().filter(|(pid, _)| own.is_some() && *pid != times.launched).map(|(_, p)| p.works).sum();
    let waiters = waiters(times, partition);
    let waits: usize = waiters.iter().map(|(role, _)| role.waits).sum();
    // What others of its processes compute is what it waits for; who listens waits for whoever comes.
    let mine = |role: &&Role| own.is_none() || role.pid == times.launched;
    let serves = times.roles.iter().filter(mine).any(|role| times.share(role.time(Doing::Events)) >= WORTH);
    // Sleeps between two looks are a rule of their own, and so is what holds a loop up.
    let looks = waiters.iter().any(|(role, _)| polls::polls(times, role) || spins::spins(times, role));
    let blocked: f64 = times.blocked.iter().map(|blocked| blocked.waited).sum();
    if others > AT_ONCE * partition.one_waits
        || looks
        || blocked > AT_ONCE * partition.one_waits
        || serves
        || waits < OFTEN
    {
        return None;
    }
    let slept: f64 = waiters.iter().map(|(_, alone)| alone.sleeps).sum();
    let what = if slept >= 0.5 * partition.one_waits { "slept" } else { "waited for I/O" };
    let who = match waiters.as_slice() {
        [(only, _)] => format!("{} {what}", only.named()),
        many if many.iter().all(|(role, _)| role.kind == LaneKind::Process) => format!("one process at a time {what}"),
        _ => format!("one thread at a time {what}"),
    };
    // A worker that waits for each of its pieces gets the next one when the one before has been collected.
    let in_turn =
        |(role, _): &(&Role, Alone)| role.pieces >= OFTEN as u64 && role.count(Doing::Idle) as u64 >= role.pieces / 2;
    let handed_in_turn = !waiters.is_empty() && waiters.iter().all(in_turn);
    let idle = (partition.idle / partition.one_waits).round();
    let locked = partition.locked / partition.one_waits;
    let (idle_words, help) = match idle {
        // Who stands in line for a lock is in threads already.
        _ if locked >= LOCKED => {
            (format!(", while on average {locked:.1} threads waited for a lock, a queue or an event"), "")
        }
        i if i < 1.0 && handed_in_turn => (
            String::new(),
            "Each piece of work was handed out when the one before was done: all submits before the first result, they would overlap.",
        ),
        i if i < 1.0 => {
            (String::new(), "Those that do not need each other's results could overlap, in threads or with asyncio.")
        }
        i => {
            let workers = if i < 1.5 { "worker was" } else { "workers were" };
            let words = format!(", while on average {} {workers} idle", words::grouped(i));
            (words, "Handed out together, those that do not need each other's results would overlap.")
        }
    };
    let sentence = format!(
        "{who}, {} times for {} on average, one after the other: the waits added up to {} of the run{idle_words}. {help}",
        words::grouped_whole(waits),
        took(partition.one_waits / whole(waits)),
        words::percent(share),
    );
    let found = Finding::new(share, sentence.trim_end())
        .with("waits", whole(waits))
        .with("waited_s", partition.one_waits)
        .with("each_s", partition.one_waits / whole(waits))
        .with("idle_workers", idle)
        .with("in_line_mean", locked)
        .with("threads", whole(waiters.len()));
    Some(found.because(waiters.iter().map(|(role, _)| role.id)))
}

/// Who did a good part of the waiting.
fn waiters<'t>(times: &'t Times, partition: &Partition) -> Vec<(&'t Role, Alone)> {
    let alone = |role: &'t Role| partition.alone.get(&role.id).map(|alone| (role, *alone));
    let all = times.roles.iter().filter_map(alone);
    all.filter(|(_, alone)| alone.waits >= PART * partition.one_waits).collect()
}
