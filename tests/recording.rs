//! A run is recorded, and opened again: as a report, and where it cannot be, with words and an exit status.

#![cfg(target_os = "linux")]

use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output};

fn tutor(dir: &Path, words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_concur-tutor"));
    command.args(words).current_dir(dir).env("XDG_STATE_HOME", dir.join("state")).output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Records a lesson's run on the native runtime, which is always there.
fn record(dir: &Path, out: &str) -> Output {
    let words = ["run", "gil", "threads", "--runtime", "native", "--set", "N=200_000", "--format", "recording"];
    tutor(dir, &[&words[..], &["--out", out]].concat())
}

fn json(dir: &Path) -> Value {
    let output = tutor(dir, &["open", "a.ctrec", "--format", "json"]);
    assert!(output.status.success(), "{}", said(&output));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn a_recorded_run_is_opened_elsewhere_and_says_the_same_each_time() {
    let (dir, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let output = record(dir.path(), "a.ctrec");
    assert!(output.status.success() && output.stdout.is_empty(), "{}", said(&output));
    let first = json(dir.path());
    assert_eq!((&first["program"], &first["lesson"]), (&"threads".into(), &"02-gil".into()));
    assert_eq!(first["knobs"]["N"], 200_000);
    assert!(first["wall_s"].as_f64().unwrap() > 0.0 && first["lanes"].as_array().unwrap().len() > 1, "{first}");
    std::fs::copy(dir.path().join("a.ctrec"), other.path().join("a.ctrec")).unwrap();
    assert_eq!(json(other.path()), first);
    // A recording of a recording is the same run.
    let again = tutor(other.path(), &["open", "a.ctrec", "--format", "recording", "--out", "b.ctrec"]);
    assert!(again.status.success(), "{}", said(&again));
    std::fs::rename(other.path().join("b.ctrec"), other.path().join("a.ctrec")).unwrap();
    assert_eq!(json(other.path()), first);
    // Without a terminal it says how it can be read; line by line it needs none.
    let bare = tutor(dir.path(), &["open", "a.ctrec"]);
    assert_eq!(bare.status.code(), Some(2));
    assert!(said(&bare).contains("open FILE --format text"), "{}", said(&bare));
    let lines = tutor(dir.path(), &["open", "a.ctrec", "--inline"]);
    let told = String::from_utf8_lossy(&lines.stdout).into_owned();
    assert!(lines.status.success() && told.contains("threads on native"), "{told}{}", said(&lines));
}

#[test]
fn what_cannot_be_opened_or_written_is_told_with_its_exit_status() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path();
    assert!(record(path, "a.ctrec").status.success());
    let whole = std::fs::read(path.join("a.ctrec")).unwrap();
    std::fs::write(path.join("cut.ctrec"), &whole[..whole.len() / 2]).unwrap();
    std::fs::write(path.join("foreign.ctrec"), "not ours\n").unwrap();
    let mut newer = whole.clone();
    newer[8] = 200;
    std::fs::write(path.join("newer.ctrec"), newer).unwrap();
    for (file, why) in [
        ("cut.ctrec", "cut off"),
        ("foreign.ctrec", "is no recording of concur-tutor"),
        ("newer.ctrec", "layout version 200"),
        ("none.ctrec", "there is no such file"),
        (".", "is a folder"),
    ] {
        let output = tutor(path, &["open", file, "--format", "text"]);
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{file}");
        assert!(said(&output).contains(why), "{file}: {}", said(&output));
    }
    let itself = tutor(path, &["open", "a.ctrec", "--out", "a.ctrec"]);
    assert_eq!(itself.status.code(), Some(2));
    assert!(said(&itself).contains("that is the recording itself"), "{}", said(&itself));
    assert_eq!(std::fs::read(path.join("a.ctrec")).unwrap(), whole);
    let full = record(path, "/dev/full");
    assert_eq!(full.status.code(), Some(1));
    assert!(said(&full).contains("could not write the report to /dev/full"), "{}", said(&full));
    assert!(said(&full).contains("threads"), "what was measured is said in words: {}", said(&full));
    let nowhere = record(path, "no/such/folder/a.ctrec");
    assert_eq!(nowhere.status.code(), Some(2));
    assert!(said(&nowhere).contains("nothing was run"), "{}", said(&nowhere));
}
