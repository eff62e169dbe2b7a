//! What the lessons claim, held against real runs: on the oldest and the newest CPython with a GIL that is installed here,
//! on a free-threaded one, and on native with and without its GIL. That the same claims hold on native is how its twins
//! agree with their Python programs.
//!
//! Every bound comes from the same run: its wall time, its knobs. A busy machine may spoil a run, so a claim has three
//! tries. What this machine cannot show or measure is printed as "not shown here".

use assert_cmd::Command;
use serde_json::Value;
use std::sync::{Mutex, PoisonError};

/// Held while a claim is measured: two at once would spoil each other.
static MEASURING: Mutex<()> = Mutex::new(());

type Claim = Result<(), String>;

struct Runtime {
    what: String,
    args: Vec<String>,
    gil: bool,
    version: Option<(u64, u64)>,
}

fn json(args: &[&str]) -> Value {
    let mut tutor = Command::new(env!("CARGO_BIN_EXE_concur-tutor"));
    let output = tutor.args(args).args(["--format", "json"]).output().unwrap();
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Native twice, and of the installed Pythons the oldest, the newest and a free-threaded one.
fn runtimes() -> Vec<Runtime> {
    let listing = json(&["list"]);
    let mut pythons: Vec<Runtime> = Vec::new();
    for found in listing["runtimes"].as_array().unwrap() {
        if found["kind"] != "cpython" || found["usable"] != true {
            continue;
        }
        let what = found["label"].as_str().unwrap_or_default().to_owned();
        let mut numbers = what.split(|c: char| !c.is_ascii_digit()).filter_map(|n| n.parse().ok());
        let version = numbers.next().zip(numbers.next());
        let args = vec!["--python".into(), found["path"].as_str().unwrap().into()];
        pythons.push(Runtime { what, args, gil: found["gil"] == true, version });
    }
    pythons.sort_by_key(|p| (p.gil, p.version));
    let native = |gil: &str| Runtime {
        what: format!("native, GIL {gil}"),
        args: ["--runtime", "native", "--gil", gil].map(String::from).to_vec(),
        gil: gil == "on",
        version: None,
    };
    let mut out = vec![native("on"), native("off")];
    let with_gil = pythons.iter().filter(|p| p.gil).count();
    let newest = pythons.len().saturating_sub(1);
    let oldest = pythons.len() - with_gil;
    let free = oldest.checked_sub(1);
    let wanted = |place: usize| (place == oldest && with_gil > 0) || place == newest || Some(place) == free;
    out.extend(pythons.into_iter().enumerate().filter(|(place, _)| wanted(*place)).map(|(_, python)| python));
    out
}

fn run(runtime: &Runtime, lesson: &str, program: &str, settings: &[&str]) -> Value {
    let mut args = vec!["run", lesson, program, "--timeout", "60"];
    args.extend(runtime.args.iter().map(String::as_str));
    args.extend(settings.iter().flat_map(|setting| ["--set", setting]));
    json(&args)
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("not a number: {value}"))
}

fn lanes<'a>(report: &'a Value, kinds: &[&str]) -> Vec<&'a Value> {
    let all = report["lanes"].as_array().unwrap().iter();
    all.filter(|lane| kinds.contains(&lane["kind"].as_str().unwrap())).collect()
}

/// The lanes that do the work where the main thread only hands it out.
fn workers(report: &Value) -> Vec<&Value> {
    lanes(report, &["thread", "process"])
}

fn state(lanes: &[&Value], state: &str) -> f64 {
    lanes.iter().map(|lane| number(&lane["states"][state])).sum()
}

/// From the first start to the last end, in seconds.
fn span(lanes: &[&Value]) -> f64 {
    let start = lanes.iter().map(|lane| number(&lane["start_s"])).fold(f64::INFINITY, f64::min);
    lanes.iter().map(|lane| number(&lane["end_s"])).fold(0.0, f64::max) - start
}

fn claim(holds: bool, what: impl FnOnce() -> String) -> Claim {
    if holds { Ok(()) } else { Err(what()) }
}

fn measured(report: &Value) -> bool {
    let exact = report["sources"]["switches"] == "perf" && report["sources"]["waits"] == "preload";
    if !exact {
        println!("not shown here: {}", report["sources"]);
    }
    exact
}

/// Whether this machine can show parallelism now; says so where it cannot.
fn has_cores(report: &Value) -> bool {
    let usable = number(&report["machine"]["usable_cores"]);
    if usable <= 1.5 {
        println!("parallelism is not shown here: {usable:.2} usable cores");
    }
    usable > 1.5
}

/// On every chosen runtime; three tries each.
fn on_every_runtime(check: impl Fn(&Runtime) -> Claim) {
    let _one_at_a_time = MEASURING.lock().unwrap_or_else(PoisonError::into_inner);
    for runtime in runtimes() {
        for attempt in 1..=3 {
            match check(&runtime) {
                Ok(()) => break,
                Err(why) if attempt < 3 => println!("{}: {why}: once more", runtime.what),
                Err(why) => panic!("{}: {why}", runtime.what),
            }
        }
    }
}

#[test]
fn threads_take_turns_under_a_gil_and_only_there() {
    on_every_runtime(|runtime| {
        let report = run(runtime, "02-gil", "threads", &["N=4000000", "WORKERS=2"]);
        let (wall, cores, gil_wait) =
            (number(&report["wall_s"]), number(&report["parallelism"]), state(&workers(&report), "gil_wait"));
        // A pool starts no second thread where the first is idle again before it gets its second share.
        let most = if runtime.gil { 2..=2 } else { 1..=2 };
        claim(most.contains(&workers(&report).len()), || format!("not a thread for each worker: {}", report["lanes"]))?;
        if !runtime.gil {
            claim(gil_wait <= 0.0, || format!("waited {gil_wait} s for a GIL that is not there"))?;
            return claim(!has_cores(&report) || cores > 1.2, || format!("no parallelism without a GIL: {cores}"));
        }
        claim(cores <= 1.1, || format!("{cores} cores under one GIL"))?;
        if !measured(&report) {
            return Ok(());
        }
        let running = state(&lanes(&report, &["main", "thread"]), "running");
        let main_start = number(&lanes(&report, &["main"])[0]["start_s"]).min(0.0);
        claim(running <= 1.02 * (wall - main_start), || format!("{running} s running with the GIL in {wall} s"))?;
        for worker in workers(&report) {
            let waited = number(&worker["states"]["gil_wait"]);
            let life = span(&[worker]);
            claim(waited > 0.05 * life, || format!("{worker} waited only {waited} s of {life} s for the GIL"))?;
        }
        Ok(())
    });
}

#[test]
fn processes_and_interpreters_wait_for_no_one_elses_gil() {
    on_every_runtime(|runtime| {
        let mut programs = vec!["processes"];
        if runtime.version.is_none_or(|version| version >= (3, 14)) {
            programs.push("interpreters");
        }
        for program in programs {
            let report = run(runtime, "02-gil", program, &["N=4000000", "WORKERS=2"]);
            let (wall, workers) = (number(&report["wall_s"]), workers(&report));
            // A pool starts no second worker where the first is idle again before there is more to do.
            claim((1..=2).contains(&workers.len()), || {
                format!("{program}: not one lane for each worker: {}", report["lanes"])
            })?;
            let waited = state(&workers, "gil_wait");
            claim(waited <= 0.05 * wall, || format!("{program}: waited {waited} s of {wall} s for the GIL"))?;
            let own = workers.iter().filter(|lane| lane["kind"] == "process" && lane["pid"] == lane["tid"]).count();
            let processes = if program == "processes" && runtime.version.is_some() { workers.len() } else { 0 };
            claim(own == processes, || format!("{program}: {own} further processes: {}", report["lanes"]))?;
            claim(program == "processes" || workers.iter().all(|lane| is_worker(lane)), || {
                format!("the interpreters' threads have other names: {}", report["lanes"])
            })?;
        }
        Ok(())
    });
}

fn is_worker(lane: &Value) -> bool {
    lane["name"].as_str().is_some_and(|name| name.starts_with("worker"))
}

#[test]
fn processes_use_more_cores_than_threads_under_a_gil() {
    on_every_runtime(|runtime| {
        let settings = ["N=4000000", "WORKERS=2"];
        let processes = run(runtime, "02-gil", "processes", &settings);
        if !runtime.gil || !has_cores(&processes) {
            return Ok(());
        }
        let threads = run(runtime, "02-gil", "threads", &settings);
        let (many, one) = (number(&processes["parallelism"]), number(&threads["parallelism"]));
        claim(many > 1.1 * one, || format!("processes {many}, threads {one}"))
    });
}

#[test]
fn waits_for_answers_overlap_in_threads_tasks_and_processes() {
    let settings = ["REQUESTS=12", "THINK_TIME=0.1", "WORKERS=4"];
    let one_by_one = 12.0 * 0.1;
    on_every_runtime(|runtime| {
        let sequential = run(runtime, "03-io", "sequential", &settings[..2]);
        let wall = number(&sequential["wall_s"]);
        claim(wall >= one_by_one, || format!("12 answers one by one in {wall} s"))?;
        for program in ["threads", "asyncio"] {
            let report = run(runtime, "03-io", program, &settings);
            let asyncio = program == "asyncio";
            let others = lanes(&report, &["thread", "process", "helper"]).len();
            let expected = if asyncio { 0..=0 } else { 2..=4 };
            claim(expected.contains(&others), || format!("{program}: {others} more lanes: {}", report["lanes"]))?;
            let waiters = if asyncio { lanes(&report, &["main"]) } else { workers(&report) };
            let (took, waited) = (span(&waiters), state(&waiters, "io_wait"));
            claim(number(&report["wall_s"]) >= one_by_one / 4.0, || format!("{program}: over 4 in flight: {report}"))?;
            if !measured(&report) {
                continue;
            }
            if asyncio {
                let enough = one_by_one / 4.0 * 0.9..0.75 * one_by_one;
                claim(enough.contains(&waited), || format!("one thread waited {waited} s for {one_by_one} s"))?;
            } else {
                claim(took <= 0.75 * one_by_one, || format!("{program}: {took} s, one by one {one_by_one} s"))?;
                claim(waited >= 0.9 * one_by_one, || format!("{program}: waited only {waited} s for answers"))?;
            }
        }
        Ok(())
    });
}

#[test]
fn every_worker_sleeps_as_long_as_it_says() {
    let settings = ["N=20000", "ROUNDS=4", "PAUSE=0.03", "WORKERS=3"];
    let pauses = 4.0 * 0.03;
    on_every_runtime(|runtime| {
        let sequential = run(runtime, "01-welcome", "sequential", &settings);
        if !measured(&sequential) {
            return Ok(());
        }
        let slept = state(&lanes(&sequential, &["main"]), "sleep");
        claim(slept >= 0.95 * 3.0 * pauses, || format!("sequential slept {slept} s"))?;
        claim(number(&sequential["wall_s"]) >= 3.0 * pauses, || "sequential slept at the same time".to_owned())?;
        for program in ["threads", "processes"] {
            let report = run(runtime, "01-welcome", program, &settings);
            let workers = workers(&report);
            claim(workers.len() == 3, || format!("{program}: not one lane for each worker: {}", report["lanes"]))?;
            for lane in workers {
                let slept = number(&lane["states"]["sleep"]);
                claim(slept >= 0.95 * pauses, || format!("{program}: {} slept {slept} s", lane["name"]))?;
            }
            let main = state(&lanes(&report, &["main"]), "sleep");
            claim(main < 0.01, || format!("{program}: the main thread waits for the others, it slept {main} s"))?;
        }
        Ok(())
    });
}
