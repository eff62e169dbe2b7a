//! Tasks that stand in line for a lock or a semaphore of their loop, while few go on.

use super::{Finding, Rule, Times, words};

pub(super) const RULE: Rule = Rule {
    id: "tasks-in-line",
    name: "Tasks in line",
    says: "tasks stand in line for a lock or a semaphore",
    help: "hold it for less, or let more of them in (a larger semaphore)",
    find,
};

/// Tasks stood in line for this share of the run at least, so many of them on average meanwhile.
const WORTH: f64 = 0.3;
const MANY: f64 = 1.0;

fn find(times: &Times) -> Option<Finding> {
    let own = times.in_turn.iter().max_by(|a, b| a.line.time.total_cmp(&b.line.time))?;
    let (line, thread) = (&own.line, own.lane?);
    let share = times.share(line.time);
    let (many, beside) = (line.all / line.time.max(f64::MIN_POSITIVE), line.outside / line.time.max(f64::MIN_POSITIVE));
    if share < WORTH || many < MANY || times.halted.is_some() {
        return None;
    }
    let place = if line.place.is_empty() { String::new() } else { format!(", in {}", line.place) };
    let help = if line.what.contains("Semaphore") {
        "A higher limit would let more of them go on at once."
    } else {
        "Less awaited while it is held would shorten the line."
    };
    let sentence = format!(
        "for {} of the run {many:.1} tasks on average stood in line for {}{place}, while {beside:.1} at a time waited for \
         something else. {help}",
        words::percent(share),
        line.what,
    );
    let found = Finding::new(share, &sentence)
        .with("in_line_mean", many)
        .with("beside_mean", beside)
        .with("in_line_s", line.time);
    Some(found.because([thread]))
}
