//! What the tutor itself costs while a program streams onto the screen, probes included: its CPU time as a share of
//! one core, its frames a second, and its resident memory.
//!
//! The program is the lesson's own: two threads that share the GIL, with more work. Not a criterion benchmark: what is
//! measured is a share, over seconds, of the real binary in a terminal.

mod terminal;

use std::time::{Duration, Instant};
use terminal::Terminal;

/// How long the run is looked at.
const WINDOW: Duration = Duration::from_secs(8);

fn main() {
    let program = concat!(env!("CARGO_MANIFEST_DIR"), "/lessons/02-gil/threads.py");
    let source = std::fs::read_to_string(program).expect("the lesson's program");
    let longer = source.replace("N = 20_000_000", "N = 2_000_000_000");
    assert_ne!(source, longer, "the lesson's program has another N now");
    let dir = tempfile::tempdir().expect("a temporary directory");
    let script = dir.path().join("threads.py");
    std::fs::write(&script, longer).expect("a temporary file");
    for size in [(120, 40), (200, 60)] {
        stream(&script.to_string_lossy(), size);
    }
    memory();
}

/// One long run, from when its threads are on screen.
fn stream(script: &str, size: (u16, u16)) {
    let tutor = Terminal::tutor(&["watch", script], size);
    let (begun, _) = tutor.until_text("worker_1");
    tutor.until(|drawn| drawn.frames > begun + 10);
    let (at, cpu, frames) = (Instant::now(), tutor.cpu(), tutor.frames());
    std::thread::sleep(WINDOW); // the window of the measurement
    let (at, cpu, frames) = (at.elapsed(), tutor.cpu().saturating_sub(cpu), tutor.frames() - frames);
    let share = 100.0 * cpu.as_secs_f64() / at.as_secs_f64();
    let rate = f64::from(u32::try_from(frames).unwrap_or(u32::MAX)) / at.as_secs_f64();
    let (columns, rows) = size;
    println!(
        "{columns}x{rows}: {share:.2} % of one core at {rate:.1} frames a second; {:.1} MiB resident",
        mib(tutor.status_kib("VmRSS"))
    );
}

/// The app at rest in a lesson, and after ten runs.
fn memory() {
    let mut tutor = Terminal::tutor(&["learn", "gil"], (120, 40));
    tutor.until_text("usable");
    println!("in a lesson: {:.1} MiB resident", mib(tutor.status_kib("VmRSS")));
    for n in 1..=10 {
        tutor.press(" s"); // runs; where a question stands before it, that is skipped
        tutor.until_text("esc stops");
        tutor.until(|drawn| !drawn.shows("esc stops"));
        if n == 1 || n == 10 {
            println!("after {n} runs: {:.1} MiB resident", mib(tutor.status_kib("VmRSS")));
        }
    }
    println!("at most: {:.1} MiB", mib(tutor.status_kib("VmHWM")));
}

fn mib(kib: u64) -> f64 {
    f64::from(u32::try_from(kib).unwrap_or(u32::MAX)) / 1024.0
}
