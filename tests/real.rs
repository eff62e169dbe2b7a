//! Real runs of the shipped lessons through the real binary, on every CPython that is installed and on native.
//!
//! Nothing here asserts an absolute time: sums are held against sums of the same run, and executors are compared within
//! one run of this test, on a machine that may be busy.

use assert_cmd::Command;
use serde_json::Value;

fn tutor() -> Command {
    Command::new(env!("CARGO_BIN_EXE_concur-tutor"))
}

fn json(args: &[&str]) -> Value {
    let output = tutor().args(args).args(["--format", "json"]).output().unwrap();
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The arguments that choose each runtime of this machine.
fn runtimes() -> Vec<Vec<String>> {
    let listing = json(&["list"]);
    let mut out = vec![
        vec!["--runtime".into(), "native".into(), "--gil".into(), "on".into()],
        vec!["--runtime".into(), "native".into(), "--gil".into(), "off".into()],
    ];
    let mut seen = Vec::new();
    for runtime in listing["runtimes"].as_array().unwrap() {
        let version = runtime["label"].as_str().unwrap_or_default().to_owned();
        if runtime["kind"] == "cpython" && runtime["usable"] == true && !seen.contains(&version) {
            out.push(vec!["--python".into(), runtime["path"].as_str().unwrap().into()]);
            seen.push(version);
        }
    }
    if seen.is_empty() {
        println!("no CPython is installed here: native only");
    }
    out
}

fn run(lesson: &str, program: &str, runtime: &[String], settings: &[&str]) -> Value {
    let mut args = vec!["run", lesson, program, "--timeout", "120"];
    args.extend(runtime.iter().map(String::as_str));
    for setting in settings {
        args.extend(["--set", setting]);
    }
    json(&args)
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
    assert_eq!(report["exit"]["code"], 0, "{what}: {report}");
    for lane in lanes(report) {
        let sum: f64 = lane["states"].as_object().unwrap().values().map(number).sum();
        let life = number(&lane["end_s"]) - number(&lane["start_s"]);
        assert!((sum - life).abs() <= f64::max(0.002, 0.01 * life), "{what}: {sum} of {life} s in {lane}");
    }
    let (lost, sources) = (&report["lost"], &report["sources"]);
    assert_eq!((&lost["switches"], &lost["events"]), (&0.into(), &0.into()), "{what}: lost {lost} {sources}");
}

/// The lanes' CPU time against the kernel's own count, and whether they agree.
///
/// The kernel counts the time before the first exec and after the last record as well: a few milliseconds of fork and
/// exec for each process, and more of them where the machine is busy. So one run of several has to agree, not each.
fn agrees_with_the_kernel(report: &Value) -> Result<(), String> {
    if report["sources"]["switches"] != "perf" {
        return Ok(());
    }
    let measured: f64 = lanes(report).iter().filter(|l| l["kind"] != "server").map(on_cpu).sum();
    let kernel = number(&report["rusage_cpu_s"]);
    let processes = lanes(report).iter().filter(|l| l["pid"] == l["tid"]).count();
    let allowed = 0.02 * kernel + 0.004 * f64::from(u32::try_from(processes).unwrap());
    if (measured - kernel).abs() <= allowed { Ok(()) } else { Err(format!("lanes {measured} s, kernel {kernel} s")) }
}

/// A run that keeps the invariants; of eight tries, one agrees with the kernel's count of its CPU time.
fn run_and_check(lesson: &str, program: &str, runtime: &[String], settings: &[&str]) {
    let what = format!("{lesson} {program} {runtime:?}");
    let mut disagreed = Vec::new();
    while disagreed.len() < 8 {
        let report = run(lesson, program, runtime, settings);
        check_invariants(&report, &what);
        match agrees_with_the_kernel(&report) {
            Ok(()) => return,
            Err(why) => disagreed.push(why),
        }
    }
    panic!("{what}: {disagreed:#?}");
}

#[test]
fn every_lesson_keeps_the_invariants_on_every_runtime() {
    let listing = json(&["list"]);
    let small: &[(&str, &str)] = &[("N", "300000"), ("REQUESTS", "8"), ("THINK_TIME", "0.01")];
    for runtime in runtimes() {
        for lesson in listing["lessons"].as_array().unwrap() {
            let settings: Vec<String> = small
                .iter()
                .filter(|(name, _)| lesson["knobs"].get(name).is_some())
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            let settings: Vec<&str> = settings.iter().map(String::as_str).collect();
            for program in lesson["programs"].as_array().unwrap() {
                let (id, program) = (lesson["id"].as_str().unwrap(), program.as_str().unwrap());
                if program == "interpreters" && !has_interpreters(&runtime) {
                    continue;
                }
                run_and_check(id, program, &runtime, &settings);
            }
        }
    }
}

/// Whether the runtime has `InterpreterPoolExecutor`: CPython 3.14 and later, and native where it has a twin.
fn has_interpreters(runtime: &[String]) -> bool {
    let mut args = vec!["run", "02-gil", "interpreters", "--set", "N=1000", "--timeout", "60"];
    args.extend(runtime.iter().map(String::as_str));
    let output = tutor().args(args).output().unwrap();
    if output.status.code() == Some(2) {
        let why = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(why.contains("needs CPython 3.14") || why.contains("no native twin"), "{why}");
        return false;
    }
    true
}

#[test]
fn the_gil_serializes_threads_and_nothing_else_does() {
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
