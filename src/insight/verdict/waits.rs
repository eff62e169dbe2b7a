//! The sentence of a run that mostly waits: how many waits overlapped is what counts.

use super::{OVERLAPS, WORTH_SAYING, percent};
use crate::insight::Shape;

/// Fewer threads waiting for something known, on average, explain nothing.
const KNOWN_WAITS: f64 = 0.2;
/// So many threads that wait for a lock, on average, belong into the picture.
const MANY_LOCK_WAITS: f64 = 0.5;
/// From this mean number of waiting threads on, most of the waiting overlapped.
const OVERLAPPED: f64 = 1.5;

/// What the threads of a run waited for that wanted a core for less than half of it.
pub(super) fn sentence(shape: &Shape) -> String {
    let ready = if shape.starved >= WORTH_SAYING {
        format!(", and ready without one for {}", percent(shape.starved))
    } else {
        String::new()
    };
    format!("The program was on a core for {} of the run{ready}; {}.", percent(shape.busy), reason(shape))
}

fn reason(shape: &Shape) -> String {
    let (waits, overlap, what) = if shape.io_waiting.max(shape.multiplexed) >= shape.sleeping {
        (shape.io_waiting, shape.io_overlap, "waited for I/O")
    } else {
        (shape.sleeping, shape.sleep_overlap, "slept")
    };
    let rest = 1.0 - shape.wanted;
    if (KNOWN_WAITS..=1.0).contains(&shape.multiplexed) && shape.multiplexed > 0.5 * waits {
        let part = percent(shape.multiplexed);
        return format!("for {part} of it, one thread waited in one call for all of its I/O and timers together");
    }
    if shape.lock_waiting > 2.0 * waits.max(0.5 * KNOWN_WAITS) {
        let others = if waits >= KNOWN_WAITS { format!(", while {waits:.1} {what}") } else { String::new() };
        return format!("on average {:.1} threads waited for a lock{others}", shape.lock_waiting);
    }
    if waits < KNOWN_WAITS && shape.unknown >= 0.5 * rest {
        return "why it was off the cores for the rest was not measured".to_owned();
    }
    let processes = shape.waiting_processes > 1 && shape.waiting_processes == shape.waiting_threads;
    let who = if processes { "processes" } else { "threads" };
    if waits >= OVERLAPPED {
        let of = if whole(shape.waiting_threads) >= waits {
            format!(" of {}", shape.waiting_threads)
        } else {
            String::new()
        };
        let locks = if shape.lock_waiting >= MANY_LOCK_WAITS {
            format!(", while {:.1} waited for a lock", shape.lock_waiting)
        } else {
            String::new()
        };
        return format!("on average {waits:.1}{of} {who} {what} at the same time, so their waits overlapped{locks}");
    }
    if waits < KNOWN_WAITS {
        return "its threads waited for the rest".to_owned();
    }
    if overlap < OVERLAPS {
        // Beside threads that wait for a lock, the other waits do not simply follow each other.
        let rest = if shape.lock_waiting >= KNOWN_WAITS {
            format!("while on average {:.1} waited for a lock", shape.lock_waiting)
        } else {
            "so the waits added up".to_owned()
        };
        return format!("for {} of it, one thread at a time {what}, {rest}", percent(waits));
    }
    format!("on average {waits:.1} {who} {what}, and for {} of it at least two at the same time", percent(overlap))
}

#[expect(clippy::cast_precision_loss, reason = "a program has far fewer threads than 2^52")]
fn whole(count: usize) -> f64 {
    count as f64
}
