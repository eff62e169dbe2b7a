//! The table of rules, and the words that they share.

mod awaits_in_turn;
mod children_in_turn;
mod convoy;
mod executor_full;
mod full_pipe;
mod gil_serialized;
mod handed_out;
mod healthy;
mod kept_alive;
mod killed;
mod listens;
mod lock_line;
mod loop_blocked;
mod main_alone;
mod native_threads;
mod not_enough_cores;
mod one_after_another;
mod one_core;
mod pickling;
mod polls;
mod pool_large;
mod pool_small;
mod pool_turns;
mod process_starts;
mod queue_empty;
mod queue_full;
mod spins;
mod sqlite_locked;
mod startup;
mod stuck;
mod tasks_line;
mod tasks_stuck;
mod thread_starts;
mod waits_overlap;

use super::times::{Role, Times};
use super::{Finding, Rule, words};
use crate::trace::LaneKind;

/// Every rule. Of two that weigh the same, the earlier one stands first.
pub static RULES: [Rule; 35] = [
    killed::RULE,
    full_pipe::RULE,
    stuck::RULE,
    tasks_stuck::RULE,
    loop_blocked::RULE,
    executor_full::RULE,
    convoy::RULE,
    native_threads::RULE,
    gil_serialized::RULE,
    lock_line::RULE,
    sqlite_locked::RULE,
    tasks_line::RULE,
    pickling::RULE,
    handed_out::RULE,
    pool_turns::UNEVEN,
    pool_turns::IN_TURN,
    main_alone::RULE,
    kept_alive::RULE,
    process_starts::RULE,
    thread_starts::RULE,
    children_in_turn::RULE,
    queue_full::RULE,
    queue_empty::RULE,
    spins::RULE,
    polls::RULE,
    awaits_in_turn::RULE,
    pool_small::RULE,
    pool_large::RULE,
    one_after_another::RULE,
    not_enough_cores::RULE,
    startup::RULE,
    waits_overlap::RULE,
    listens::RULE,
    one_core::RULE,
    healthy::RULE,
];

/// What is found where threads stand still.
pub(super) const STUCK: &str = stuck::RULE.id;
/// What is found where a process was killed.
pub(super) const KILLED: &str = killed::RULE.id;

/// A time in seconds as people say it.
fn took(seconds: f64) -> String {
    match seconds {
        s if s >= 0.9995 => format!("{s:.1} s"),
        s if s >= 0.0095 => format!("{:.0} ms", s * 1e3),
        s => format!("{:.1} ms", s * 1e3),
    }
}

/// A time in seconds as a share of the run, in words.
fn percent_of(times: &Times, seconds: f64) -> String {
    words::percent(times.share(seconds).min(1.0))
}

/// So many names at most stand in a list.
const NAMED: usize = 4;

/// These threads in a list: `the main thread and threads a, b and c`.
fn listed(roles: &[&Role]) -> String {
    let of = |kind: fn(&Role) -> bool, what: &str| {
        let names: Vec<String> = roles.iter().filter(|role| kind(role)).map(|role| role.short()).collect();
        let what = if names.len() == 1 { what.to_owned() } else { words::plural(what) };
        (!names.is_empty()).then(|| format!("{what} {}", joined(&names)))
    };
    let main = roles.iter().find(|role| role.is_main()).map(|role| role.named());
    let threads = of(|role| !role.is_main() && role.kind != LaneKind::Process, "thread");
    let processes = of(|role| role.kind == LaneKind::Process, "process");
    let parts: Vec<String> = [main, threads, processes].into_iter().flatten().collect();
    joined(&parts)
}

fn joined(names: &[String]) -> String {
    let more = names.len().saturating_sub(NAMED);
    let mut parts: Vec<String> = names.iter().take(NAMED).cloned().collect();
    if more > 0 {
        parts.push(format!("{} more", words::grouped_whole(more)));
    }
    match parts.pop() {
        Some(last) if !parts.is_empty() => format!("{} and {last}", parts.join(", ")),
        last => last.unwrap_or_default(),
    }
}

#[expect(clippy::cast_precision_loss, reason = "a program has far fewer threads than 2^52")]
const fn whole(count: usize) -> f64 {
    count as f64
}
