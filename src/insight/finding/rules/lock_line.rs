//! Threads that stand in line for one lock, so that they go on one after the other.

use super::{Finding, Rule, Times, listed, whole, words};

pub(super) const RULE: Rule = Rule { id: "lock-serialized", find };

/// At least two stood in line at once for this share of the run.
const WORTH: f64 = 0.3;
/// So many threads stood in line at least, and each so often on average: what is waited for once is a start or an end.
const THREADS: usize = 3;
const OFTEN: usize = 2;

fn find(times: &Times) -> Option<Finding> {
    let line = times.lines.first()?;
    let share = times.share(line.two);
    if share < WORTH || line.threads.len() < THREADS || line.waits < OFTEN * line.threads.len() {
        return None;
    }
    let roles: Vec<_> = times.roles.iter().filter(|role| line.threads.contains(&role.id)).collect();
    let (whose, help) = if line.native {
        (" of a native library", "")
    } else {
        ("", " Less work while it is held, or a lock for each part of the data, would shorten the line.")
    };
    let sentence = format!(
        "{} stood in line for one lock{whose} ({:#x}), at least two at a time for {} of the run: while one has it, the others \
         wait.{help}",
        listed(&roles),
        line.lock,
        words::percent(share),
    );
    let found = Finding::new(times.share(line.one), &sentence)
        .with("threads", whole(line.threads.len()))
        .with("waits", whole(line.waits))
        .with("two_in_line_s", line.two)
        .with("one_in_line_s", line.one);
    Some(found.because(line.threads.iter().copied()))
}
