//! What the lessons say, held against real runs on this machine: the quick form of `check --run`.
//!
//! Everything that a lesson claims stands in its front matter. This runs it on native and on a CPython, the oldest and the
//! newest installed one in turns, and prints the table: every third lesson today, the others on the next two days. `check --run` without more
//! runs every lesson on all of them. What this machine cannot show is no failure.

#[path = "whole/mod.rs"]
mod whole;

use concur_tutor::inside::lesson::Course;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;
use whole::{Patience, alone, tell, today};

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

/// The oldest and the newest CPython with a GIL that are installed here: their paths.
fn oldest_and_newest() -> Vec<String> {
    let (_, listing) = tutor(&["list", "--format", "json"]);
    let listing: serde_json::Value = serde_json::from_str(&listing).unwrap();
    let usable = |r: &&serde_json::Value| r["kind"] == "cpython" && r["usable"] == true && r["gil"] == true;
    let version = |r: &&serde_json::Value| -> Vec<u32> {
        r["version"].as_str().unwrap().split('.').map(|part| part.parse().unwrap_or(0)).collect()
    };
    let mut pythons: Vec<_> = listing["runtimes"].as_array().unwrap().iter().filter(usable).collect();
    pythons.sort_by_key(version);
    let ends = [pythons.first(), pythons.last()];
    ends.into_iter().flatten().map(|python| python["path"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_course_is_true_on_this_machine() {
    let _alone = alone();
    let (course, patience) = (Course::embedded().unwrap(), Patience::of(WHILE_BUSY));
    let (mut left_out, mut false_ones) = (Vec::new(), Vec::new());
    let pythons = oldest_and_newest();
    let mut turns = pythons.iter().cycle();
    // Every third lesson: all of them take longer than a check may. Tasks have a check of their own.
    let of_today = course.lessons().iter().zip(today()..).filter(|(_, place)| place.is_multiple_of(3));
    for (lesson, _) in of_today {
        if patience.is_over() {
            left_out.push(lesson.id.as_str());
            continue;
        }
        let mut args = vec!["check", "--run", "--quick", "--lesson", &lesson.id];
        args.extend(turns.next().into_iter().flat_map(|path| ["--python", path]));
        let (ok, table) = tutor(&args);
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
    let text = format!(
        "+++\n{front}[[claim]]\nsays = \"It is so.\"\nbacks = \"It counts.\"\n{claim}\n+++\n\n# Count\n\nIt counts.\n"
    );
    std::fs::write(own.join("lesson.md"), text).unwrap();
    std::fs::write(own.join("count.py"), "print(\"counted\", sum(1 for _ in range(1000)))\n").unwrap();
}

/// How the only claim of a pack went on each CPython that there is, with the reason.
fn outcomes(claim: &str) -> Vec<(String, String)> {
    let dir = tempfile::tempdir().unwrap();
    pack(dir.path(), claim);
    let (ok, json) = tutor(&["check", "--run", "--quick", "--format", "json", dir.path().to_str().unwrap()]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let outcomes = json["rows"][0]["outcomes"].as_array().unwrap();
    let native = outcomes.iter().find(|outcome| outcome["runtime"] == "native").unwrap();
    assert_eq!(native["outcome"], "not_said", "there is no twin: {native}");
    let word = |outcome: &serde_json::Value, key: &str| outcome[key].as_str().unwrap_or_default().to_owned();
    let told: Vec<_> = outcomes.iter().filter(|outcome| outcome["outcome"] != "not_said").collect();
    if told.is_empty() {
        println!("not shown here: there is no CPython");
    }
    let told: Vec<_> = told.into_iter().map(|outcome| (word(outcome, "outcome"), word(outcome, "reason"))).collect();
    assert_eq!(ok, told.iter().all(|(outcome, _)| outcome != "fails"), "the exit status says it: {told:?}");
    told
}

#[test]
fn a_true_claim_holds() {
    let _alone = alone();
    for (outcome, why) in outcomes("that = \"count.printed('counted') == 1000.0\"") {
        assert_eq!((outcome.as_str(), why.as_str()), ("holds", ""));
    }
}

#[test]
fn a_false_claim_fails_with_its_values() {
    let _alone = alone();
    let values = "`count.printed('counted') == 999.0`: count.printed('counted') is 1000";
    for (outcome, why) in outcomes("that = \"count.printed('counted') == 999.0\"") {
        let busy = outcome == "not_shown" && why.starts_with("other programs are busy") && why.ends_with(values);
        if busy {
            tell("truth: other programs are busy, so that a false claim is not judged");
        } else {
            assert_eq!((outcome.as_str(), why.as_str()), ("fails", values));
        }
    }
}

#[test]
fn a_claim_that_cannot_be_evaluated_fails_on_a_busy_machine_too() {
    let _alone = alone();
    for (outcome, why) in outcomes("that = \"count.wall > 0.0\"") {
        assert_eq!(outcome, "fails", "{why}");
        assert!(why.contains("cannot be evaluated: there is no field `wall`"), "{why}");
    }
}

#[test]
fn a_claim_that_needs_64_cores_is_not_shown_here() {
    let _alone = alone();
    let few = std::thread::available_parallelism().is_ok_and(|cores| cores.get() < 64);
    for (outcome, why) in outcomes("that = \"count.wall_s > 0.0\"\ncores = 64.5") {
        if few {
            assert_eq!(outcome, "not_shown", "{why}");
            assert!(why.starts_with("needs 64.5 usable cores"), "{why}");
        }
    }
}
