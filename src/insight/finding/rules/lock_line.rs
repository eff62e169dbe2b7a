//! Threads that stand in line for one lock, so that they go on one after the other.

use super::{Finding, Rule, Times, listed, native_threads, whole, words};
use crate::insight::finding::times::{Doing, Line, Role};

pub(super) const RULE: Rule = Rule {
    id: "lock-serialized",
    name: "Serialized by a lock",
    says: "threads stand in line for one lock",
    help: "hold it for less, or split what it guards",
    find,
};

/// At least two stood in line at once for this share of the run.
const WORTH: f64 = 0.3;
/// So many threads stood in line at least, and each so often on average: what is waited for once is a start or an end.
const THREADS: usize = 3;
const OFTEN: usize = 2;
/// Of two threads one always has the lock: the other stood in line for this share of the run, each for this share of its life, and
/// so often.
const ONE: f64 = 0.3;
const EACH: f64 = 0.1;
const BY_TURNS: usize = 2;

fn find(times: &Times) -> Option<Finding> {
    let (line, at_once) = longest(times)?;
    // A library's lock is a part of what its own threads do.
    if line.native && native_threads::RULE.holds(times) {
        return None;
    }
    let roles: Vec<_> = times.roles.iter().filter(|role| line.threads.contains(&role.id)).collect();
    let (whose, help) = if line.native {
        (" of a native library", "")
    } else {
        ("", " Less work while it is held, or a lock for each part of the data, would shorten the line.")
    };
    let which = match &line.place {
        Some(place) => format!(", in {place}"),
        None if line.lock != 0 => format!(" ({:#x})", line.lock),
        None => String::new(),
    };
    let how = if at_once {
        format!(
            "at least two at a time for {} of the run: while one has it, the others wait",
            words::percent(times.share(line.two))
        )
    } else {
        format!(
            "one of them for {} of the run: while one has it, the other waits",
            words::percent(times.share(line.one))
        )
    };
    let sentence = format!("{} stood in line for one lock{whose}{which}, {how}.{help}", listed(&roles));
    let found = Finding::new(times.share(line.one), &sentence)
        .with("threads", whole(line.threads.len()))
        .with("waits", whole(line.waits))
        .with("two_in_line_s", line.two)
        .with("one_in_line_s", line.one);
    Some(found.because(line.threads.iter().copied()))
}

/// The line that counts, and whether several stood in it at once.
fn longest(times: &Times) -> Option<(&Line, bool)> {
    let many = |line: &&Line| {
        times.share(line.two) >= WORTH && line.threads.len() >= THREADS && line.waits >= OFTEN * line.threads.len()
    };
    let by_turns = |line: &&Line| {
        let missed = |role: &&Role| role.time(Doing::Lock) >= EACH * role.life();
        line.python
            && line.threads.len() == 2
            && line.waits >= BY_TURNS
            && times.share(line.one) >= ONE
            && times.roles.iter().filter(|role| line.threads.contains(&role.id)).all(|role| missed(&role))
    };
    let found = times.lines.iter().find(many).map(|line| (line, true));
    found.or_else(|| times.lines.iter().find(by_turns).map(|line| (line, false)))
}
