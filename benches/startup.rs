//! From exec to the first full frame, beside btop where it is installed; from a key to the frame that shows it, beside a
//! program that only echoes; and the memory of the map at rest.
//!
//! Not a criterion benchmark: the programs take turns, so that what else the machine does meets all of them alike.

mod terminal;

use std::process::{Command, Stdio};
use std::time::Duration;
use terminal::{FRAME_END, Terminal};

const SIZE: (u16, u16) = (120, 40);
/// How often each program is started.
const ROUNDS: usize = 41;
/// How many keys are pressed.
const KEYS: usize = 400;

fn main() {
    first_frames();
    keys();
    memory();
}

/// A program that is timed.
struct Entrant {
    name: &'static str,
    program: &'static str,
    arguments: &'static [&'static str],
    times: Vec<Duration>,
}

fn first_frames() {
    let tutor = env!("CARGO_BIN_EXE_concur-tutor");
    let entrant = |name, program, arguments| Entrant { name, program, arguments, times: Vec::new() };
    let mut all = vec![
        entrant("the map", tutor, &[]),
        entrant("learn gil", tutor, &["learn", "gil"]),
        entrant("btop", "btop", &[]),
    ];
    if !installed("btop") {
        println!("btop is not installed: nothing to compare with");
        all.pop();
    }
    for _ in 0..ROUNDS {
        for entrant in &mut all {
            let terminal = Terminal::open(entrant.program, entrant.arguments, SIZE);
            let (_, at) = terminal.until(|drawn| drawn.frames > 0);
            entrant.times.push(at - terminal.began);
        }
    }
    let btop = all.get(2).map(|btop| median(&btop.times));
    println!("exec to the first full frame, medians of {ROUNDS} starts each, in turns:");
    for entrant in &all {
        let time = median(&entrant.times);
        let share =
            btop.map_or_else(String::new, |btop| format!(", {:.2} of btop's", time.as_secs_f64() / btop.as_secs_f64()));
        println!("  {:<10} {time:>8.1?}{share}", entrant.name);
    }
}

/// Opens and closes the help, again and again. Most of what a key takes is the way through the terminal, which a program
/// that echoes takes too.
fn keys() {
    let mut tutor = Terminal::tutor(&["learn", "gil"], SIZE);
    tutor.until_text("usable");
    let before = tutor.cpu();
    let mut times: Vec<Duration> = (0..KEYS).map(|_| painted(&mut tutor, "?")).collect();
    let cpu = tutor.cpu().saturating_sub(before) / u32::try_from(KEYS).unwrap_or(u32::MAX);
    times.sort_unstable();
    println!("a key is painted after {:.2?} (median), {:.2?} (p99)", times[KEYS / 2], times[KEYS * 99 / 100]);
    println!("  of which the tutor computes {cpu:.2?}");
    let end = std::str::from_utf8(FRAME_END).expect("it is ASCII");
    let mut echo = Terminal::open("sh", &["-c", "stty raw -echo; echo ready; exec cat"], SIZE);
    echo.until_text("ready");
    let times: Vec<Duration> = (0..KEYS).map(|_| painted(&mut echo, end)).collect();
    println!("  a program that only echoes: {:.2?} (median)", median(&times));
}

fn painted(program: &mut Terminal, key: &str) -> Duration {
    let before = program.frames();
    let pressed = program.press(key);
    let (_, at) = program.until(|drawn| drawn.frames > before);
    at - pressed
}

/// The map and a lesson, once the Pythons have been found and the machine was measured.
fn memory() {
    for (name, arguments) in [("the map", &[][..]), ("a lesson", &["learn", "gil"])] {
        let tutor = Terminal::tutor(arguments, SIZE);
        tutor.until_text("usable");
        let mib = |field| f64::from(u32::try_from(tutor.status_kib(field)).unwrap_or(u32::MAX)) / 1024.0;
        println!("{name} at rest: {:.1} MiB resident, {:.1} at most", mib("VmRSS"), mib("VmHWM"));
    }
}

fn median(times: &[Duration]) -> Duration {
    let mut sorted = times.to_vec();
    sorted.sort_unstable();
    sorted[sorted.len() / 2]
}

fn installed(program: &str) -> bool {
    let output = Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    output.is_ok_and(|status| status.success())
}
