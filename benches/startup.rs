//! From exec to the first full frame, beside btop where it is installed; and from a key to the frame that shows it.

mod terminal;

use criterion::{Criterion, criterion_group, criterion_main};
use std::process::{Command, Stdio};
use std::time::Duration;
use terminal::Terminal;

const SIZE: (u16, u16) = (120, 40);
/// How many keys are pressed.
const KEYS: usize = 400;

fn startup(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("exec to the first full frame");
    group.sample_size(30);
    let first_frame = |program: &str, arguments: &[&str]| {
        let terminal = Terminal::open(program, arguments, SIZE);
        let (_, at) = terminal.until(|drawn| drawn.frames > 0);
        at - terminal.began
    };
    let tutor = env!("CARGO_BIN_EXE_concur-tutor");
    group.bench_function("concur-tutor", |b| b.iter_custom(|n| (0..n).map(|_| first_frame(tutor, &[])).sum()));
    group.bench_function("concur-tutor learn gil", |b| {
        b.iter_custom(|n| (0..n).map(|_| first_frame(tutor, &["learn", "gil"])).sum());
    });
    if installed("btop") {
        group.bench_function("btop", |b| b.iter_custom(|n| (0..n).map(|_| first_frame("btop", &[])).sum()));
    } else {
        println!("btop is not installed: nothing to compare with");
    }
    group.finish();
    keys();
}

/// Opens and closes the help, again and again.
fn keys() {
    let mut tutor = Terminal::tutor(&["learn", "gil"], SIZE);
    tutor.until_text("usable");
    let mut times: Vec<Duration> = (0..KEYS).map(|_| painted(&mut tutor)).collect();
    times.sort_unstable();
    println!("a key is painted after {:?} (median), {:?} (p99)", times[KEYS / 2], times[KEYS * 99 / 100]);
}

fn painted(tutor: &mut Terminal) -> Duration {
    let before = tutor.frames();
    let pressed = tutor.press("?");
    let (_, at) = tutor.until(|drawn| drawn.frames > before);
    at - pressed
}

fn installed(program: &str) -> bool {
    let output = Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    output.is_ok_and(|status| status.success())
}

criterion_group!(benches, startup);
criterion_main!(benches);
