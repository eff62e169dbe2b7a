//! An event loop that was stopped when none of its tasks could go on.

use super::{Finding, Rule, Times, took, whole};

pub(super) const RULE: Rule = Rule {
    id: "tasks-stuck",
    name: "Stuck tasks",
    says: "a loop was stopped when none of its tasks could go on",
    help: "look at what each of them awaits, and who is to end that",
    find,
};

/// It lasted for so many seconds at least.
const LASTED: f64 = 0.3;
/// So many tasks are told of one by one.
const NAMED: usize = 5;

fn find(times: &Times) -> Option<Finding> {
    let halted =
        times.halted.as_ref().filter(|halted| times.conditions.stopped && halted.until - halted.since >= LASTED)?;
    let one = |(task, what, place): &(String, String, String)| {
        let place = if place.is_empty() { String::new() } else { format!(", in {place}") };
        format!("task {task} awaits {what}{place}")
    };
    // Those that wait for others as such come last.
    let mut tasks: Vec<_> = halted.tasks.iter().collect();
    tasks.sort_by_key(|(_, what, _)| what == "gather" || what.starts_with("task ") || what.starts_with("the tasks"));
    let more = tasks.len().saturating_sub(NAMED);
    let mut parts: Vec<String> = tasks.into_iter().take(NAMED).map(one).collect();
    if more > 0 {
        parts.push(format!("{more} more wait as well"));
    }
    let (since, parts) = (took(halted.since), parts.join("; "));
    let sentence = if halted.certain {
        format!("no task can go on any more, since {since} after the start: {parts}")
    } else {
        format!(
            "no task went on any more, since {since} after the start: {parts}. No task is left to bring that: only a callback or another \
             thread could, and none did"
        )
    };
    let found = Finding::new(1.0, &sentence).with("since_s", halted.since).with("tasks", whole(halted.tasks.len()));
    Some(found.because([halted.lane]))
}
