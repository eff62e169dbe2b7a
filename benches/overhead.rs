//! What observing costs: a CPU-bound program alone against the same under all probes, and the tutor's own CPU time.
//!
//! The program times itself, so the interpreter's start-up and the report stay out of it. Compare the two medians of one
//! run: absolute times are this machine's.

use criterion::{Criterion, criterion_group, criterion_main};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

/// Two threads that compute and hand the GIL to each other, timed by the program itself.
const PROGRAM: &str = r"
import threading, time
def work(n):
    total = 0
    for i in range(n):
        total += i * i
    return total
begin = time.perf_counter()
threads = [threading.Thread(target=work, args=(2_000_000,)) for _ in range(2)]
for t in threads: t.start()
for t in threads: t.join()
print(time.perf_counter() - begin)
";

fn overhead(criterion: &mut Criterion) {
    let Some(python) = first_python() else {
        println!("skipped: no python3 on PATH");
        return;
    };
    let dir = tempfile::tempdir().expect("a temporary directory");
    let script = dir.path().join("program.py");
    std::fs::write(&script, PROGRAM).expect("a temporary file");
    let mut group = criterion.benchmark_group("a CPU-bound program");
    group.sample_size(10);
    let alone = || timed(Command::new(&python).arg(&script));
    let watched = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_concur-tutor"));
        command.args(["watch", "--out", "/dev/null", "--python"]).arg(&python).arg(&script);
        timed(&mut command)
    };
    group.bench_function("alone", |b| b.iter_custom(|n| (0..n).map(|_| alone()).sum()));
    group.bench_function("under all probes", |b| b.iter_custom(|n| (0..n).map(|_| watched()).sum()));
    group.finish();
    share(&python, &script);
}

/// The tutor's CPU time while it observes, as a share of one core.
fn share(python: &Path, script: &Path) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_concur-tutor"));
    let output =
        command.args(["watch", "--format", "json", "--python"]).arg(python).arg(script).output().expect("a run");
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("a report");
    let (cost, wall) = (report["observer_cpu_s"].as_f64().unwrap_or(0.0), report["wall_s"].as_f64().unwrap_or(0.0));
    println!("observing cost {:.1} ms of CPU in {wall:.2} s: {:.2} % of one core", cost * 1e3, 100.0 * cost / wall);
}

/// What the program says it took.
fn timed(command: &mut Command) -> Duration {
    let output = command.stdin(Stdio::null()).output().expect("the program runs");
    let seconds: f64 = String::from_utf8_lossy(&output.stdout).trim().parse().expect("the program prints its time");
    Duration::from_secs_f64(seconds)
}

fn first_python() -> Option<PathBuf> {
    let output = Command::new("python3").args(["-c", "import sys; print(sys.executable)"]).output().ok()?;
    output.status.success().then(|| PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()))
}

criterion_group!(benches, overhead);
criterion_main!(benches);
