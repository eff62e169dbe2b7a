//! What observing costs: programs alone against the same under all probes, and the tutor's own CPU time. One computes in two
//! threads; one has 10,000 asyncio tasks that sleep, as those of servers do; in one these do nothing but let each other
//! run, which is the worst that tasks can do to whoever observes them.
//!
//! Each program times itself, so the interpreter's start-up and the report stay out of it. Each measurement is a pair, one
//! run right after the other and in turns first, so that what else the machine does falls on both; what counts is the
//! median of the pairs' ratios. Not a criterion benchmark: that would measure all of one, then all of the other.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// How many pairs are run.
const PAIRS: usize = 25;

/// Two threads that compute and hand the GIL to each other. Prints the time and the CPU time that it took.
const THREADS: &str = r"
import threading, time
def work(n):
    total = 0
    for i in range(n):
        total += i * i
    return total
begin = time.perf_counter(), time.process_time()
threads = [threading.Thread(target=work, args=(3_000_000,)) for _ in range(2)]
for t in threads: t.start()
for t in threads: t.join()
print(time.perf_counter() - begin[0], time.process_time() - begin[1])
";

/// 10,000 tasks on a loop, each of five short steps between which it awaits what stands for `AWAITED`.
const TASKS: &str = r"
import asyncio, time
async def work(n):
    for i in range(5):
        await asyncio.sleep(AWAITED)
async def main():
    begin = time.perf_counter(), time.process_time()
    await asyncio.gather(*[work(n) for n in range(10_000)])
    return begin
begin = asyncio.run(main())
print(time.perf_counter() - begin[0], time.process_time() - begin[1])
";

fn main() {
    let pythons = pythons();
    if pythons.is_empty() {
        println!("skipped: no python3 on PATH");
    }
    let dir = tempfile::tempdir().expect("a temporary directory");
    let programs = [
        ("two threads", THREADS.to_owned()),
        ("10,000 tasks that sleep", TASKS.replace("AWAITED", "0.001 + (n + i) % 100 / 1000")),
        ("10,000 tasks that let each other run", TASKS.replace("AWAITED", "0")),
    ];
    for (name, text) in programs {
        let script = dir.path().join("program.py");
        std::fs::write(&script, text).expect("a temporary file");
        for python in &pythons {
            println!("{name} on {}, under all probes against alone, {PAIRS} pairs:", python.display());
            compare(python, &script);
            share(python, &script);
        }
    }
}

/// Runs the pairs, and tells their ratios.
fn compare(python: &Path, script: &Path) {
    let alone = || timed(Command::new(python).arg(script));
    let watched = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_concur-tutor"));
        command.args(["watch", "--out", "/dev/null", "--python"]).arg(python).arg(script);
        timed(&mut command)
    };
    let (mut elapsed, mut cpu) = (Vec::new(), Vec::new());
    for pair in 0..PAIRS {
        let (alone, watched) = if pair % 2 == 0 {
            let alone = alone();
            (alone, watched())
        } else {
            let watched = watched();
            (alone(), watched)
        };
        elapsed.push(watched.0 / alone.0);
        cpu.push(watched.1 / alone.1);
    }
    tell("time", &mut elapsed);
    tell("CPU time", &mut cpu);
}

/// The middle of the ratios and between what half of them lie.
fn tell(what: &str, ratios: &mut [f64]) {
    ratios.sort_by(f64::total_cmp);
    let at = |quarter: usize| ratios[(ratios.len() - 1) * quarter / 4];
    println!("  {what}: {:.4} (half of them from {:.4} to {:.4})", at(2), at(1), at(3));
}

/// The tutor's CPU time while it observes, as a share of one core.
fn share(python: &Path, script: &Path) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_concur-tutor"));
    let output =
        command.args(["watch", "--format", "json", "--python"]).arg(python).arg(script).output().expect("a run");
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("a report");
    let (cost, wall) = (report["observer_cpu_s"].as_f64().unwrap_or(0.0), report["wall_s"].as_f64().unwrap_or(0.0));
    println!("  observing cost {:.1} ms of CPU in {wall:.2} s: {:.2} % of one core", cost * 1e3, 100.0 * cost / wall);
}

/// What the program says it took: seconds, and seconds of CPU.
fn timed(command: &mut Command) -> (f64, f64) {
    let output = command.stdin(Stdio::null()).output().expect("the program runs");
    let text = String::from_utf8_lossy(&output.stdout);
    let mut numbers = text.split_whitespace().map(|word| word.parse().expect("the program prints its times"));
    (numbers.next().expect("its time"), numbers.next().expect("its CPU time"))
}

/// Those that `CONCUR_TUTOR_PYTHONS` names, or else the one on `PATH`.
fn pythons() -> Vec<PathBuf> {
    let named = std::env::var_os("CONCUR_TUTOR_PYTHONS");
    named.map_or_else(|| first_python().into_iter().collect(), |named| std::env::split_paths(&named).collect())
}

fn first_python() -> Option<PathBuf> {
    let output = Command::new("python3").args(["-c", "import sys; print(sys.executable)"]).output().ok()?;
    output.status.success().then(|| PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()))
}
