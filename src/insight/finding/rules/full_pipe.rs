//! A process that waits to write, and its parent that waits for its end instead of reading.

use super::{Finding, Role, Rule, Times};
use crate::insight::finding::times::Doing;

pub(super) const RULE: Rule = Rule {
    id: "full-pipe",
    name: "A full pipe that nobody reads",
    says: "a process waits to write, and its parent waits for its end instead of reading",
    help: "read first, then wait for the end",
    find,
};

/// It waited for so many seconds at once at least, and for this share of the run.
const LONG: f64 = 0.3;
const WORTH: f64 = 0.3;

fn find(times: &Times) -> Option<Finding> {
    let wrote = |role: &Role| role.longest(Doing::Write);
    let is_stuck = |role: &&Role| wrote(role) >= LONG.max(WORTH * times.wall) && role.pid != times.launched;
    let stuck = times.roles.iter().chain(&times.helpers).filter(is_stuck);
    let writer = stuck.max_by(|a, b| wrote(a).total_cmp(&wrote(b)))?;
    let process = times.of_process(writer.pid).find(|role| role.tid == role.pid)?;
    let waits = |role: &&Role| role.pid == process.parent && role.longest(Doing::Child) >= 0.9 * wrote(writer);
    let parent = times.roles.iter().find(waits)?;
    let sentence = format!(
        "{} waited for {} to end, and {} all the while to write to a full pipe: nobody read it. Read first (communicate, or get \
         from the queue), then wait for the end.",
        parent.named(),
        process.named(),
        if writer.id == process.id { "that process".to_owned() } else { format!("its {}", writer.named()) },
    );
    let found = Finding::new(1.0, &sentence)
        .with("write_wait_s", wrote(writer))
        .with("parent_wait_s", parent.time(Doing::Child));
    Some(found.because([parent.id, writer.id]))
}
