//! Real runs of the shipped lessons through the real binary: on native, and on each CPython that is installed within a few days.
//!
//! Nothing here asserts an absolute time: sums are held against sums of the same run, and executors are compared within
//! one run of this test, on a machine that may be busy.

#[path = "whole/mod.rs"]
mod whole;

use assert_cmd::Command;
use concur_tutor::inside::lesson::{Course, Knob, Lesson};
use serde_json::Value;
use std::time::Duration;
use whole::{Patience, alone, is_quiet, tell, today};

/// How long the whole course may take on a busy machine; on a quiet one it takes what it takes.
const WHILE_BUSY: Duration = Duration::from_mins(5);

fn tutor() -> Command {
    Command::new(env!("CARGO_BIN_EXE_concur-tutor"))
}

fn json(args: &[&str]) -> Value {
    let output = tutor().args(args).args(["--format", "json"]).output().unwrap();
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The arguments that choose the runtimes of this machine: native, the oldest CPython and the newest, those without a GIL, and in turns
/// one of the others every day.
fn runtimes() -> Vec<Vec<String>> {
    let listing = json(&["list"]);
    let mut out = vec![
        vec!["--runtime".into(), "native".into(), "--gil".into(), "on".into()],
        vec!["--runtime".into(), "native".into(), "--gil".into(), "off".into()],
    ];
    let usable = |r: &&Value| r["kind"] == "cpython" && r["usable"] == true;
    let mut pythons: Vec<&Value> = listing["runtimes"].as_array().unwrap().iter().filter(usable).collect();
    pythons.sort_by_cached_key(|r| (r["gil"] != true, version(r)));
    pythons.dedup_by_key(|r| r["label"].clone());
    if pythons.is_empty() {
        println!("no CPython is installed here: native only");
    }
    let newest = pythons.iter().rposition(|r| r["gil"] == true).unwrap_or(0);
    let between = today() % newest.max(2).saturating_sub(1) + 1;
    for (place, python) in pythons.iter().enumerate() {
        if place == 0 || place >= newest || place == between {
            out.push(vec!["--python".into(), python["path"].as_str().unwrap().into()]);
        }
    }
    out
}

/// Of a runtime.
fn version(runtime: &Value) -> Vec<u32> {
    let version = runtime["version"].as_str().unwrap_or_default();
    version.split('.').map(|part| part.parse().unwrap_or(0)).collect()
}

fn run(lesson: &str, program: &str, runtime: &[String], settings: &[&str]) -> Value {
    try_run(lesson, program, runtime, settings)
        .unwrap_or_else(|| panic!("{lesson} {program} cannot run on {runtime:?}"))
}

/// A run's report. `None` where the runtime lacks what the program needs, a version, a package, a twin: the tutor says so.
fn try_run(lesson: &str, program: &str, runtime: &[String], settings: &[&str]) -> Option<Value> {
    let mut args = vec!["run", lesson, program, "--timeout", "120", "--format", "json"];
    args.extend(runtime.iter().map(String::as_str));
    for setting in settings {
        args.extend(["--set", setting]);
    }
    let output = tutor().args(&args).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    let lacks = said.contains("needs ") || said.contains("has no native twin");
    if output.status.code() == Some(2) && lacks {
        return None;
    }
    // A program that ends as a deadlock, as its lesson says, has a report and exit status 1.
    assert!(matches!(output.status.code(), Some(0 | 1)), "{args:?}: {said}");
    Some(serde_json::from_slice(&output.stdout).unwrap())
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("not a number: {value}"))
}

fn lanes(report: &Value) -> &Vec<Value> {
    report["lanes"].as_array().unwrap()
}

fn on_cpu(lane: &Value) -> f64 {
    number(&lane["states"]["running"]) + number(&lane["states"]["native"])
}

/// What must hold of every run.
fn check_invariants(report: &Value, what: &str) {
    let ended = report["exit"]["code"] == 0 || report["exit"]["ended_by"] == "deadlock";
    assert!(ended, "{what}: {report}");
    for lane in lanes(report) {
        let sum: f64 = lane["states"].as_object().unwrap().values().map(number).sum();
        let life = number(&lane["end_s"]) - number(&lane["start_s"]);
        assert!((sum - life).abs() <= f64::max(0.002, 0.01 * life), "{what}: {sum} of {life} s in {lane}");
    }
}

/// Whether nothing of a run was lost. Where other programs are busy the tutor may come too late to read what the kernel has
/// kept for it, and says so: a run in which that happened is made again.
fn is_whole(report: &Value, what: &str) -> bool {
    let (lost, sources) = (&report["lost"], &report["sources"]);
    let whole = (&lost["switches"], &lost["events"]) == (&0.into(), &0.into());
    if !whole {
        tell(&format!("real: {what}: lost {lost} {sources}"));
    }
    whole
}

/// The lanes' CPU time against the kernel's own count, and whether they agree.
///
/// The kernel counts the time before the first exec and after the last record as well: a few milliseconds of fork and
/// exec for each process, and more of them where the machine is busy. So most runs have to agree, not each. It
/// counts a part of each switch as well, between its own accounting and the record: microseconds, and more in a virtual
/// machine, which add up where threads hand a lock to and fro ten thousand times a second. Lanes have more than the
/// kernel counted only where a virtual machine's host took the core away meanwhile: the kernel takes such time off a
/// thread, while the switches, which are stamped by the clock, know nothing of it.
fn agrees_with_the_kernel(report: &Value, stolen_s: f64) -> Result<(), String> {
    if report["sources"]["switches"] != "perf" || report["exit"]["code"] != 0 {
        return Ok(());
    }
    let measured: f64 = lanes(report).iter().filter(|l| l["kind"] != "server").map(on_cpu).sum();
    let kernel = number(&report["rusage_cpu_s"]);
    let processes = lanes(report).iter().filter(|l| l["pid"] == l["tid"]).count();
    let switches: f64 = lanes(report).iter().map(|l| number(&l["switches"])).sum();
    let tolerance = 0.02 * kernel + 0.004 * f64::from(u32::try_from(processes).unwrap());
    let missing = kernel - measured;
    if (-tolerance - stolen_s..=tolerance + SWITCH_COST_S * switches).contains(&missing) {
        return Ok(());
    }
    let words = format!("{switches} switches, {processes} processes, stolen {stolen_s} s");
    Err(format!("lanes {measured} s, kernel {kernel} s, {words}"))
}

/// Seconds that the host has taken from this machine's cores, by the kernel's count (`steal` in `proc_stat(5)`, in
/// hundredths).
fn stolen_s() -> f64 {
    let stat = std::fs::read_to_string("/proc/stat").unwrap_or_default();
    let ticks = stat.lines().next().and_then(|cpu| cpu.split_whitespace().nth(8)?.parse::<f64>().ok());
    ticks.map_or(0.0, |ticks| ticks / 100.0)
}

/// Seconds of a context switch that the kernel counts and the records leave out, at most. Measured: 2 to 5 µs on one
/// machine, about 7 µs on another.
const SWITCH_COST_S: f64 = 20e-6;

/// How many runs agreed with the kernel's count of their CPU time.
#[derive(Default)]
struct Agreement {
    agreed: usize,
    disagreed: Vec<String>,
    /// Whether no other program was busy, as far as was looked.
    quiet: bool,
}

impl Agreement {
    fn runs(&self) -> usize {
        self.agreed + self.disagreed.len()
    }

    fn most(&self) -> bool {
        self.agreed > self.disagreed.len()
    }

    /// Most runs on a quiet machine; one on a busy one.
    fn suffices(&self) -> bool {
        self.most() || (!self.quiet && self.agreed > 0)
    }
}

/// Runs that keep the invariants, where the program can run: until most of them agree with the kernel, or eight.
fn run_and_check(lesson: &str, program: &str, runtime: &[String], settings: &[&str]) -> Agreement {
    let what = format!("{lesson} {program} {runtime:?}");
    let mut found = Agreement { quiet: true, ..Agreement::default() };
    let mut losses = 0;
    while !found.most() && found.runs() < 8 {
        let before = stolen_s();
        let Some(report) = try_run(lesson, program, runtime, settings) else { return found };
        check_invariants(&report, &what);
        if !is_whole(&report, &what) {
            losses += 1;
            assert!(losses < 5, "{what}: records were lost in {losses} runs");
            continue;
        }
        match agrees_with_the_kernel(&report, stolen_s() - before) {
            Ok(()) => found.agreed += 1,
            Err(why) => found.disagreed.push(why),
        }
        found.quiet &= found.disagreed.is_empty() || is_quiet();
        if found.agreed > 0 && !found.quiet {
            break;
        }
    }
    if !found.disagreed.is_empty() {
        let load = if found.quiet { "" } else { " (other programs are busy: one is enough)" };
        tell(&format!("real: {what}: {} of {} runs agreed with the kernel{load}", found.agreed, found.runs()));
    }
    assert!(found.suffices(), "{what}: {} of {} runs agreed: {:#?}", found.agreed, found.runs(), found.disagreed);
    found
}

/// The lessons whose every program runs on every runtime here; of the others, those of every second one run on native, the rest
/// tomorrow, and `tests/whole_truth.rs` runs what they claim on CPython.
const EVERYWHERE: [&str; 3] = ["01-welcome", "02-gil", "03-io"];

#[test]
fn every_lesson_keeps_the_invariants_on_every_runtime() {
    let _alone = alone();
    let (course, patience) = (Course::embedded().unwrap(), Patience::of(WHILE_BUSY));
    let runtimes = runtimes();
    let (mut agreed, mut runs, mut left_out) = (0, 0, Vec::new());
    for (place, lesson) in course.lessons().iter().enumerate() {
        if patience.is_over() {
            left_out.push(lesson.id.as_str());
            continue;
        }
        let everywhere = EVERYWHERE.contains(&lesson.id.as_str());
        if !everywhere && !(place + today()).is_multiple_of(2) {
            continue;
        }
        tell(&format!("real: {} ({} of {})", lesson.id, place + 1, course.lessons().len()));
        let settings = small_knobs(lesson);
        let settings: Vec<&str> = settings.iter().map(String::as_str).collect();
        let chosen = if everywhere { &runtimes[..] } else { &runtimes[..1] };
        for (program, runtime) in lesson.programs.iter().flat_map(|p| chosen.iter().map(move |r| (p, r))) {
            let found = run_and_check(&lesson.id, &program.name, runtime, &settings);
            agreed += found.agreed;
            runs += found.runs();
        }
    }
    tell(&format!("real: {agreed} of {runs} runs agreed with the kernel's count of their CPU time"));
    if !left_out.is_empty() {
        tell(&format!("real: not run, because other programs are busy and the time is up: {}", left_out.join(", ")));
    }
}

/// Little work: what a run measures is held against itself, however short it is.
fn small_knobs(lesson: &Lesson) -> Vec<String> {
    let small = |knob: &Knob| match knob.name.as_str() {
        "N" => {
            let first = knob.steps.first().map_or(f64::MAX, |step| step.as_f64());
            Some(format!("{:.0}", first.min(300_000.0)))
        }
        "THINK_TIME" => Some("0.01".to_owned()),
        "SECONDS" => Some("0.1".to_owned()),
        "REQUESTS" => Some(if lesson.id == "03-io" { "8" } else { "100" }.to_owned()),
        "MESSAGES" | "BLOCKS" | "ITEMS" | "COST" => knob.steps.first().map(ToString::to_string),
        _ => None,
    };
    let fits = |knob: &Knob, value: &String| {
        value.parse::<f64>().is_ok_and(|v| (knob.min.as_f64()..=knob.max.as_f64()).contains(&v))
    };
    let settings = lesson.knobs.iter().filter_map(|k| Some((k, small(k).filter(|v| fits(k, v))?)));
    settings.map(|(knob, value)| format!("{}={value}", knob.name)).collect()
}

#[test]
fn the_gil_serializes_threads_and_nothing_else_does() {
    let _alone = alone();
    for runtime in runtimes() {
        let settings = ["N=1500000", "WORKERS=2"];
        let threads = run("02-gil", "threads", &runtime, &settings);
        let processes = run("02-gil", "processes", &runtime, &settings);
        let what = format!("{runtime:?}: {} and {}", threads["parallelism"], processes["parallelism"]);
        if threads["runtime"]["gil"] == true {
            // One thread at a time runs Python; a little of each runs without the GIL, at start and end.
            assert!(number(&threads["parallelism"]) < 1.15, "{what}");
            let holds: Vec<u64> = lanes(&threads).iter().filter_map(|l| l["gil_holds"].as_u64()).collect();
            assert!(
                threads["sources"]["waits"] == "none" || holds.iter().filter(|h| **h > 0).count() >= 2,
                "{what}: {holds:?}"
            );
            if number(&threads["machine"]["usable_cores"]) > 1.5 {
                assert!(number(&processes["parallelism"]) > number(&threads["parallelism"]), "{what}");
            }
        } else if number(&threads["machine"]["usable_cores"]) > 1.5 {
            assert!(number(&threads["gil_wait"]) < 0.01, "{what}: nobody waits for a GIL that is not there");
        }
    }
}

#[test]
fn the_server_is_a_lane_and_not_workload() {
    let _alone = alone();
    for runtime in runtimes() {
        let report = run("03-io", "sequential", &runtime, &["REQUESTS=4", "THINK_TIME=0.02"]);
        let servers: Vec<&Value> = lanes(&report).iter().filter(|l| l["kind"] == "server").collect();
        assert_eq!(servers.len(), 1, "{runtime:?}: {report}");
        let workload: f64 = lanes(&report).iter().filter(|l| l["kind"] != "server").map(on_cpu).sum();
        assert!(number(&report["cpu_s"]) <= workload + 1e-6, "{runtime:?}");
    }
}

#[test]
fn fallbacks_can_be_forced_and_say_so() {
    let _alone = alone();
    for (flags, switches, waits) in [
        (["--switches", "schedstat", "--waits", "preload"], "schedstat", "preload"),
        (["--switches", "auto", "--waits", "none"], "", "none"),
        (["--switches", "schedstat", "--waits", "procfs"], "schedstat", "procfs"),
    ] {
        for runtime in runtimes() {
            let mut args = vec!["run", "02-gil", "threads", "--set", "N=1000000"];
            args.extend(flags);
            args.extend(runtime.iter().map(String::as_str));
            let report = json(&args);
            assert!(
                switches.is_empty() || report["sources"]["switches"] == switches,
                "{flags:?}: {}",
                report["sources"]
            );
            assert_eq!(report["sources"]["waits"], waits, "{flags:?}");
            if waits == "none" {
                assert!(report["gil_wait"].is_null(), "not measured is not zero");
            }
            // Sampled totals agree with the kernel's, loosely: a sample may be late on a busy machine, and what a thread
            // used after its last one is taken from its process's clock, which runs ahead of the other threads' samples.
            let measured: f64 = lanes(&report).iter().map(on_cpu).sum();
            let kernel = number(&report["rusage_cpu_s"]);
            assert!(
                measured > 0.4 * kernel && measured < 2.0 * kernel + 0.05,
                "{flags:?} {runtime:?}: {measured} of {kernel}"
            );
        }
    }
}
