//! What the lessons say, held against real runs on this machine: the quick form of `check --run`.
//!
//! Everything that a lesson claims stands in its front matter. This runs it on the oldest and the newest installed CPython
//! and on native, and prints the table. What this machine cannot show is no failure.

#[path = "whole/mod.rs"]
mod whole;

use concur_tutor::lesson::Course;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;
use whole::{Patience, tell};

/// How long the course may take on a busy machine; on a quiet one it takes what it takes.
const WHILE_BUSY: Duration = Duration::from_mins(8);

/// Runs the tutor; what it says on standard error is its progress, and is told at once.
fn tutor(args: &[&str]) -> (bool, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_concur-tutor"));
    let mut child = command.args(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stdout = child.stdout.take().unwrap();
    let table = std::thread::spawn(move || {
        let mut table = Vec::new();
        stdout.read_to_end(&mut table).unwrap();
        String::from_utf8_lossy(&table).into_owned()
    });
    for line in BufReader::new(child.stderr.take().unwrap()).lines() {
        tell(&format!("truth: {}", line.unwrap()));
    }
    (child.wait().unwrap().success(), table.join().unwrap())
}

#[test]
fn the_course_is_true_on_this_machine() {
    let (course, patience) = (Course::embedded().unwrap(), Patience::of(WHILE_BUSY));
    let (mut left_out, mut false_ones) = (Vec::new(), Vec::new());
    for lesson in course.lessons() {
        if patience.is_over() {
            left_out.push(lesson.id.as_str());
            continue;
        }
        let (ok, table) = tutor(&["check", "--run", "--quick", "--lesson", &lesson.id]);
        println!("{table}");
        if !ok {
            false_ones.push(table);
        }
    }
    if !left_out.is_empty() {
        tell(&format!("truth: not run, because other programs are busy and the time is up: {}", left_out.join(", ")));
    }
    assert!(false_ones.is_empty(), "{}", false_ones.join("\n"));
}

/// A pack with one lesson, whose only claim is given.
fn pack(dir: &Path, claim: &str) {
    let own = dir.join("01-count");
    std::fs::create_dir(&own).unwrap();
    let front = "title = \"Count\"\nsummary = \"Counting.\"\n[[program]]\nname = \"count\"\n";
    let text = format!("+++\n{front}[[claim]]\nsays = \"It is so.\"\n{claim}\n+++\n\n# Count\n\nIt counts.\n");
    std::fs::write(own.join("lesson.md"), text).unwrap();
    std::fs::write(own.join("count.py"), "print(\"counted\", sum(1 for _ in range(1000)))\n").unwrap();
}

/// The only claim of a pack that is checked on native and on whatever CPython there is.
fn outcome(claim: &str) -> Option<(bool, String)> {
    let dir = tempfile::tempdir().unwrap();
    pack(dir.path(), claim);
    let (ok, json) = tutor(&["check", "--run", "--quick", "--format", "json", dir.path().to_str().unwrap()]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let outcomes = json["rows"][0]["outcomes"].as_array().unwrap();
    let python = outcomes.iter().find(|outcome| !outcome["runtime"].as_str().unwrap().starts_with("native"));
    let Some(python) = python else {
        println!("not shown here: there is no CPython");
        return None;
    };
    let native = outcomes.iter().find(|outcome| outcome["runtime"] == "native").unwrap();
    assert_eq!(native["outcome"], "not_said", "there is no twin: {native}");
    Some((ok, format!("{}: {}", python["outcome"].as_str().unwrap(), python["reason"].as_str().unwrap_or_default())))
}

#[test]
fn a_true_claim_holds_and_a_false_one_fails_with_its_values() {
    if let Some(held) = outcome("that = \"count.printed('counted') == 1000.0\"") {
        assert_eq!(held, (true, "holds: ".to_owned()));
    }
    if let Some((ok, told)) = outcome("that = \"count.printed('counted') == 999.0\"") {
        let why = "`count.printed('counted') == 999.0`: count.printed('counted') is 1000";
        let judged = !ok && told == format!("fails: {why}");
        let busy = ok && told.starts_with("not_shown: other programs are busy") && told.ends_with(why);
        assert!(judged || busy, "{told}");
        if busy {
            tell("truth: other programs are busy, so that a false claim is not judged");
        }
    }
}

#[test]
fn a_claim_that_needs_64_cores_is_not_shown_here() {
    let Some((ok, why)) = outcome("that = \"count.wall_s > 0.0\"\ncores = 64.5") else { return };
    if std::thread::available_parallelism().is_ok_and(|cores| cores.get() < 64) {
        assert!(ok && why.starts_with("not_shown: needs 64.5 usable cores"), "{why}");
    }
}
