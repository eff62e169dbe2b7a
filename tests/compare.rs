//! `compare` with the real binary: what it prints, what it leaves where something fails, and how it ends.
#![cfg(target_os = "linux")]

use serde_json::Value;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Output, Stdio};

fn tutor(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_concur-tutor"));
    command.args(args).stdin(Stdio::null());
    command
}

/// A comparison of short programs on the runtime that is everywhere.
fn native(more: &[&str]) -> Command {
    let mut command = tutor(&["compare", "gil", "--runtime", "native", "--set", "N=1000"]);
    command.args(more);
    command
}

/// Exit status, standard output, standard error.
fn run(command: &mut Command) -> (Option<i32>, String, String) {
    let Output { status, stdout, stderr } = command.output().unwrap();
    (status.code(), String::from_utf8_lossy(&stdout).into_owned(), String::from_utf8_lossy(&stderr).into_owned())
}

fn json(command: &mut Command) -> (Option<i32>, Value) {
    let (code, out, err) = run(command);
    (code, serde_json::from_str(&out).unwrap_or_else(|e| panic!("{e}: {out} {err}")))
}

fn programs(comparison: &Value) -> Vec<&str> {
    comparison["runs"].as_array().unwrap().iter().map(|run| run["program"].as_str().unwrap()).collect()
}

/// The names and types of an object, the lists and objects in it by their first entries.
fn shape(value: &Value) -> Value {
    match value {
        Value::Object(fields) => fields.iter().map(|(name, field)| (name.clone(), shape(field))).collect(),
        Value::Array(items) => items.first().map(|first| vec![shape(first)]).into(),
        Value::String(_) => "text".into(),
        Value::Number(_) => "number".into(),
        Value::Bool(_) => "bool".into(),
        Value::Null => "null".into(),
    }
}

#[test]
fn the_object_has_the_shape_that_scripts_rely_on() {
    let (code, mut comparison) = json(&mut native(&["--format", "json", "--repeat", "3"]));
    assert_eq!(code, Some(0));
    assert_eq!(programs(&comparison), ["sequential", "threads", "processes", "interpreters"]);
    let number = |value: &Value| value.as_f64().unwrap();
    let runs = comparison["runs"].as_array().unwrap();
    let base = number(&runs[0]["wall_s"]);
    for run in runs {
        assert_eq!((&run["repeats"], number(&run["report"]["wall_s"])), (&3.into(), number(&run["wall_s"])));
        assert!((number(&run["speedup"]) * number(&run["wall_s"]) - base).abs() < 1e-9, "one baseline for all");
        assert!(number(&comparison["axis_s"]) >= number(&run["wall_s"]));
        for owner in run["gil_owners"].as_array().unwrap() {
            assert!(number(&owner[0]) <= number(&owner[1]) && owner[2].is_string(), "{owner}");
        }
    }
    // What `run` prints has its own test.
    for run in comparison["runs"].as_array_mut().unwrap() {
        run["report"] = Value::Null;
    }
    let threads = comparison["runs"][1].clone();
    comparison["runs"] = vec![threads].into();
    comparison["caveat"] = Value::Null;
    let expected: Value = serde_json::from_str(include_str!("fixtures/comparison.json")).unwrap();
    assert_eq!(shape(&comparison), shape(&expected), "tests/fixtures/comparison.json shows the shape");
}

#[test]
fn the_baseline_is_always_among_them_and_the_report_is_that_of_run() {
    let (_, comparison) = json(&mut native(&["threads", "--format", "json", "--set", "WORKERS=3"]));
    assert_eq!(programs(&comparison), ["sequential", "threads"]);
    assert_eq!(comparison["verdict"], Value::Null, "one run of each shows no more than a difference");
    let alone = ["run", "gil", "threads", "--runtime", "native", "--set", "N=1000", "--set", "WORKERS=3", "--format"];
    let (_, report) = json(tutor(&alone).arg("json"));
    let names = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&comparison["runs"][1]["report"]), names(&report));
    assert_eq!(comparison["runs"][1]["report"]["knobs"], report["knobs"]);
}

#[test]
fn bad_words_are_named_before_anything_is_run() {
    for (words, hint) in [
        (&["compare", "gli"][..], "did you mean `gil`?"),
        (&["compare", "gil", "thread"], "did you mean `threads`?"),
        (&["compare", "gil", "--set", "WORKRS=2"], "did you mean WORKERS?"),
        (&["compare", "gil", "--repeat", "0"], "0 is not in 1..=25"),
        (&["compare", "gil", "--python", "python3.0"], "no such program on PATH"),
        (&["compare", "sharing", "value", "--runtime", "native"], "value has no native twin"),
        (&["compare", "gil", "--out", "/no/such/folder/report"], "nothing was run"),
    ] {
        let (code, out, err) = run(&mut tutor(words));
        assert_eq!((code, out.as_str()), (Some(2), ""), "{words:?}: {err}");
        assert!(err.contains(hint), "{words:?}: {err}");
    }
}

#[test]
fn a_comparison_that_cannot_be_put_where_it_belongs_is_not_lost() {
    for form in FORMS {
        let (code, out, err) = run(&mut native(&["--format", form, "--out", "/dev/full"]));
        assert_eq!((code, out.as_str()), (Some(1), ""), "{err}");
        assert!(err.contains("could not write the report to /dev/full") && err.contains("Threads "), "{err}");
    }
}

const FORMS: [&str; 3] = ["text", "json", "html"];

#[test]
fn a_run_that_takes_too_long_leaves_the_others() {
    let words = ["compare", "deadlock", "ordered", "opposite", "--runtime", "native", "--format", "json"];
    let (code, comparison) = json(&mut tutor(&words));
    assert_eq!((code, programs(&comparison)), (Some(1), vec!["opposite", "ordered"]));
    let [opposite, ordered] = [0, 1].map(|place| &comparison["runs"][place]);
    assert_eq!((&opposite["report"]["exit"]["ended_by"], &opposite["repeats"]), (&"deadlock".into(), &0.into()));
    assert!(opposite["trouble"].is_string() && ordered["trouble"].is_null());
    assert_eq!(comparison["axis_s"], ordered["wall_s"]);
}

#[test]
fn ctrl_c_ends_it_and_what_was_measured_stays() {
    let words = ["compare", "deadlock", "ordered", "numbered", "--runtime", "native", "--format", "json"];
    let slow = ["--set", "TRANSFERS=1", "--set", "MEALS=50", "--set", "PAUSE=0.02"];
    let mut child = tutor(&words).args(slow).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut progress = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
    assert!(progress.any(|line| line.starts_with("2 of 2: numbered on native")));
    let pid = i32::try_from(child.id()).unwrap();
    // SAFETY: a signal to a child that has not been waited for.
    assert_eq!(unsafe { libc::kill(pid, libc::SIGINT) }, 0);
    let mut out = String::new();
    child.stdout.take().unwrap().read_to_string(&mut out).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130));
    let comparison: Value = serde_json::from_str(&out).unwrap();
    assert!(comparison["runs"][0]["wall_s"].is_number());
    assert_eq!(comparison["runs"][1]["trouble"], "was not run: the comparison was stopped");
    assert_eq!(comparison["runs"][1]["report"], Value::Null);
}

#[test]
fn ctrl_c_before_a_run_is_complete_leaves_nothing_to_compare() {
    let words = ["compare", "deadlock", "numbered", "--runtime", "native"];
    let slow = ["--set", "MEALS=50", "--set", "PAUSE=0.02"];
    let mut child = tutor(&words).args(slow).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut said = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
    assert!(said.any(|line| line.starts_with("1 of 1: numbered on native")));
    // SAFETY: a signal to a child that has not been waited for.
    assert_eq!(unsafe { libc::kill(i32::try_from(child.id()).unwrap(), libc::SIGINT) }, 0);
    assert!(said.any(|line| line.contains("stopped before a run was complete")));
    let Output { status, stdout, .. } = child.wait_with_output().unwrap();
    assert_eq!((status.code(), stdout.as_slice()), (Some(130), &b""[..]));
}

#[test]
fn a_python_that_disappears_between_runs_is_named_and_the_rest_stays() {
    let (_, listing) = json(&mut tutor(&["list", "--format", "json"]));
    let usable = listing["runtimes"].as_array().unwrap().iter().find(|r| r["kind"] == "cpython" && r["usable"] == true);
    let Some(python) = usable.and_then(|r| r["path"].as_str()) else {
        println!("skipped: no CPython is installed here");
        return;
    };
    // The first program takes away the name by which its Python was started.
    let dir = tempfile::tempdir().unwrap();
    let name = dir.path().join("python3");
    std::os::unix::fs::symlink(python, &name).unwrap();
    let lines = [
        "import os",
        &format!("if b'sequential' in open('/proc/self/cmdline', 'rb').read() and os.path.lexists({name:?}):"),
        &format!("    os.unlink({name:?})"),
    ];
    fs::write(dir.path().join("sitecustomize.py"), lines.join("\n")).unwrap();
    let words = ["compare", "gil", "threads", "--set", "N=1000", "--format", "json", "--runtime", "native", "--python"];
    let (code, comparison) = json(tutor(&words).arg(&name).env("PYTHONPATH", dir.path()));
    assert_eq!(code, Some(1));
    assert_eq!(programs(&comparison), ["sequential", "threads", "sequential", "threads"]);
    let [_, gone, _, twin] = &comparison["runs"].as_array().unwrap()[..] else { panic!("two runtimes") };
    assert!(gone["trouble"].as_str().unwrap().contains("could not be run"), "{gone}");
    assert_eq!((&gone["wall_s"], &twin["runtime"]["kind"]), (&Value::Null, &"native".into()));
    assert!(twin["saved_s"].is_number());
}
