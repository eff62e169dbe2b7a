//! The sentence of a run that mostly waits: how many waits overlapped is what counts.

use super::computes::OVERLAPS;
use super::{WORTH_SAYING, percent};
use crate::insight::{Shape, words};

/// Fewer threads waiting for something known, on average, explain nothing.
const KNOWN_WAITS: f64 = 0.2;
/// So many threads that wait for a lock, on average, belong into the picture.
const MANY_LOCK_WAITS: f64 = 0.5;
/// From this mean number of waiting threads on, most of the waiting overlapped.
const OVERLAPPED: f64 = 1.5;

/// What the threads of a run waited for that wanted a core for less than half of it. `merit` says whether waits that
/// overlap save time here.
pub(super) fn sentence(shape: &Shape, merit: bool) -> String {
    let ready = if shape.starved >= WORTH_SAYING {
        format!(", and for {} it was ready without one", percent(shape.starved))
    } else {
        String::new()
    };
    format!(
        "{}. The program was on a core for {} of the run{ready}.",
        capital(&reason(shape, merit)),
        percent(shape.busy)
    )
}

fn capital(words: &str) -> String {
    words::sentence(words).trim_end_matches('.').to_owned()
}

fn reason(shape: &Shape, merit: bool) -> String {
    let (waits, overlap, what) = if shape.io_waiting.max(shape.multiplexed) >= shape.sleeping {
        (shape.io_waiting, shape.io_overlap, "waited for I/O")
    } else {
        (shape.sleeping, shape.sleep_overlap, "slept")
    };
    let rest = 1.0 - shape.wanted;
    if (KNOWN_WAITS..=1.0).contains(&shape.multiplexed) && shape.multiplexed > 0.5 * waits {
        let part = percent(shape.multiplexed);
        return format!("for {part} of the run, one thread waited in one call for all of its I/O and timers together");
    }
    if shape.lock_waiting > 2.0 * waits.max(0.5 * KNOWN_WAITS) {
        let others = if waits >= KNOWN_WAITS { format!(", while {waits:.1} {what}") } else { String::new() };
        return format!("on average {:.1} threads waited for a lock{others}", shape.lock_waiting);
    }
    if waits < KNOWN_WAITS && shape.unknown >= 0.5 * rest {
        return "why the program was off the cores was not measured".to_owned();
    }
    let processes = shape.waiting_processes > 1 && shape.waiting_processes == shape.waiting_threads;
    let who = if processes { "processes" } else { "threads" };
    if waits >= OVERLAPPED {
        return overlapped(shape, merit, (waits, who, what));
    }
    if waits < KNOWN_WAITS {
        return "the program's threads waited most of the time".to_owned();
    }
    if overlap < OVERLAPS {
        // Beside threads that wait for a lock, the other waits do not simply follow each other.
        let rest = match shape.lock_waiting {
            locked if locked >= KNOWN_WAITS => format!(", while on average {locked:.1} waited for a lock"),
            _ if merit => ": the waits added up".to_owned(),
            _ => String::new(),
        };
        return format!("for {} of the run, one thread at a time {what}{rest}", percent(waits));
    }
    format!("on average {waits:.1} {who} {what}, and for {} of the run at least two at the same time", percent(overlap))
}

/// Waits that overlapped most of the time.
fn overlapped(shape: &Shape, merit: bool, (waits, who, what): (f64, &str, &str)) -> String {
    let of = if whole(shape.waiting_threads) >= waits {
        format!(" of {}", words::grouped_whole(shape.waiting_threads))
    } else {
        String::new()
    };
    let so = if merit { ": their waits overlapped" } else { "" };
    let locks = match shape.lock_waiting {
        locked if locked >= MANY_LOCK_WAITS => format!(", while {locked:.1} waited for a lock"),
        _ => String::new(),
    };
    // Of hundreds, tenths say nothing.
    let waits = if waits < 100.0 { format!("{waits:.1}") } else { words::grouped(waits.round()) };
    format!("on average {waits}{of} {who} {what} at the same time{locks}{so}")
}

#[expect(clippy::cast_precision_loss, reason = "a program has far fewer threads than 2^52")]
fn whole(count: usize) -> f64 {
    count as f64
}
