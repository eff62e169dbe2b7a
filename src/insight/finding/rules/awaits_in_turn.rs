//! A task that awaits one thing after the other, while no other task has anything to do.

use super::{Finding, Rule, Times, took, whole, words};
use crate::insight::finding::times::{Doing, InTurn};

pub(super) const RULE: Rule = Rule {
    id: "awaits-in-sequence",
    name: "Awaits one after the other",
    says: "awaits one after the other, while nothing else is there to do",
    help: "`gather` or a `TaskGroup` for those that do not need each other",
    find,
};

/// One task at a time awaited something from outside for this share of the run at least, and so often.
const WORTH: f64 = 0.5;
const OFTEN: usize = 3;
/// Two did at once, or it is not known, for no more than this share of that time.
const AT_ONCE: f64 = 0.1;
/// One task did this share of it.
const ITS_OWN: f64 = 0.8;
/// Many short sleeps are looks whether something has happened: another rule's.
const LOOKS: usize = 20;
const SHORT: f64 = 0.1;

fn find(times: &Times) -> Option<Finding> {
    let in_turn = times.in_turn.iter().max_by(|a, b| a.one.total_cmp(&b.one))?;
    let share = times.share(in_turn.one);
    let InTurn { many, unclear, alone, waits, slept, median, .. } = *in_turn;
    let looks = slept && waits >= LOOKS && median <= SHORT;
    // What other threads and processes of the program do meanwhile may be what is awaited.
    let lane = in_turn.lane?;
    let others = times.roles.iter().filter(|role| role.id != lane).map(|role| role.time(Doing::Core)).sum::<f64>();
    let blocked: f64 = times.blocked.iter().map(|blocked| blocked.total).sum();
    if share < WORTH
        || many + unclear > AT_ONCE * in_turn.one
        || alone < ITS_OWN * in_turn.one
        || waits < OFTEN
        || looks
        || others > AT_ONCE * in_turn.one
        || blocked > AT_ONCE * in_turn.one
    {
        return None;
    }
    let place = if in_turn.place.is_empty() { String::new() } else { format!(", in {}", in_turn.place) };
    let what = if slept { "slept" } else { "awaited I/O" };
    let sentence = format!(
        "task {} {what} {} times for {} on average, one await after the other{place}: they added up to {} of the run, and no other \
         task waited meanwhile. Those that do not need each other's results would overlap in a gather or a TaskGroup.",
        in_turn.task,
        words::grouped_whole(waits),
        took(alone / whole(waits)),
        words::percent(share),
    );
    let found = Finding::new(share, &sentence)
        .with("waits", whole(waits))
        .with("waited_s", in_turn.one)
        .with("each_s", alone / whole(waits));
    Some(found.because([lane]))
}
