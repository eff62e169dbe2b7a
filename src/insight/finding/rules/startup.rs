//! A program that took less time than its interpreter's start.

use super::{Finding, Rule, Times, took, words};

pub(super) const RULE: Rule = Rule {
    id: "startup",
    name: "Start-up dominates",
    says: "the interpreter's start took longer than the program",
    help: "nothing in the program itself: run it longer, or start it less often",
    find,
};

/// The start took this share of all the time at least.
const WORTH: f64 = 0.4;
/// Where threads had no core for more than this share of the run, the machine was what took the time.
const LACKED: f64 = 0.2;

fn find(times: &Times) -> Option<Finding> {
    let startup = times.startup?;
    let share = startup / (startup + times.wall).max(f64::MIN_POSITIVE);
    if share < WORTH || times.share(times.all.lacking) > LACKED {
        return None;
    }
    let sentence = format!(
        "Python needed {} to start, and the program itself took {}: starting was {} of it all",
        took(startup),
        took(times.wall),
        words::percent(share)
    );
    Some(Finding::new(0.5 * share, &sentence).with("startup_s", startup).with("program_s", times.wall))
}
