//! Steps of a task that kept its loop from all the others that were ready.

use super::{Finding, Rule, Times, took, whole, words};

pub(super) const RULE: Rule = Rule {
    id: "loop-blocked",
    name: "A blocked event loop",
    says: "one task's step kept its loop from the others",
    help: "await what it waits for; put what it computes into `asyncio.to_thread` or a process",
    find,
};

/// The loop was held up for this share of the run at least, or for so many seconds at once.
const WORTH: f64 = 0.1;
const LONG: f64 = 0.1;
/// Waits for more than this share of the time are what held it up, not computing.
const WAITED: f64 = 0.5;

fn find(times: &Times) -> Option<Finding> {
    let total: f64 = times.blocked.iter().map(|blocked| blocked.total).sum();
    let worst = times.blocked.first()?;
    if times.share(total) < WORTH && worst.longest < LONG {
        return None;
    }
    let steps: usize = times.blocked.iter().map(|blocked| blocked.times).sum();
    let lines = if worst.lines.is_empty() { String::new() } else { format!(" ({})", worst.lines) };
    let often = match worst.times {
        1 => took(worst.longest),
        many => format!("{} at a time, {} times", took(worst.longest), words::grouped_whole(many)),
    };
    let others = match times.blocked.len() - 1 {
        0 => String::new(),
        1 => ", and another task did".to_owned(),
        more => format!(", and {} more tasks did", words::grouped_whole(more)),
    };
    let often = if worst.times > 1 { format!("up to {often}") } else { often };
    let waited = worst.waited >= WAITED * worst.total;
    let help = if waited {
        "It waited there itself: an await of what it waits for, or asyncio.to_thread, would leave the loop to them."
    } else {
        "It computed: in a process pool, or in pieces with an await between them, it would leave the loop to them."
    };
    let sentence = format!(
        "task {}{lines} held the event loop up for {often}{others}: {} of the run, while other tasks were ready. {help}",
        worst.task,
        words::percent(times.share(total)),
    );
    let found = Finding::new(times.share(total), &sentence)
        .with("blocked_s", total)
        .with("longest_s", worst.longest)
        .with("steps", whole(steps))
        .with("tasks", whole(times.blocked.len()))
        .with("waited_s", worst.waited);
    Some(
        found.because(
            times.blocked.iter().filter_map(|blocked| blocked.lane).collect::<std::collections::BTreeSet<_>>(),
        ),
    )
}
