//! The findings of `watch`, each on a small program that shows it and on one in which it must be silent. Real binary, real
//! CPython; skipped where there is none.

use assert_cmd::Command;
use concur_tutor::inside::insight::RULES;
use serde_json::Value;
use std::path::{Path, PathBuf};

/// A run that others disturbed is made again so often.
const TRIES: usize = 5;

fn tutor() -> Command {
    Command::new(env!("CARGO_BIN_EXE_concur-tutor"))
}

/// The Pythons with a GIL that the tutor finds, with their minor versions, the preferred one first.
fn pythons() -> Vec<(u32, PathBuf)> {
    let output = tutor().args(["list", "--format", "json"]).output().unwrap();
    let listing: Value = serde_json::from_slice(&output.stdout).unwrap();
    let fits = |r: &&Value| r["kind"] == "cpython" && r["usable"] == true && r["gil"] == true;
    let minor = |r: &Value| r["version"].as_str()?.split('.').nth(1)?.parse().ok();
    let found = listing["runtimes"].as_array().unwrap().iter().filter(fits);
    found.filter_map(|r| Some((minor(r)?, r["path"].as_str()?.into()))).collect()
}

fn programs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/findings")
}

/// The report on a program; `None` where no Python that it asks for is installed. A line of its first words may say how long it may
/// take, up to which Python it shows what it shows, and which package that needs.
fn watch(pythons: &[(u32, PathBuf)], program: &Path) -> Option<Value> {
    watch_with(pythons, program, |_| {})
}

/// The same, with more on the command line.
fn watch_with(pythons: &[(u32, PathBuf)], program: &Path, with: impl FnOnce(&mut Command)) -> Option<Value> {
    let source = std::fs::read_to_string(program).unwrap_or_else(|e| panic!("{}: {e}", program.display()));
    let says = |what| source.lines().find_map(|line| line.strip_prefix(what));
    let limit = says("timeout ").unwrap_or("60");
    let newest = says("python up to 3.").and_then(|rest| rest.split(':').next()?.parse().ok()).unwrap_or(u32::MAX);
    let has = |python: &Path| {
        let Some(package) = says("needs ") else { return true };
        let found = std::process::Command::new(python).args(["-c", &format!("import {package}")]).output();
        found.is_ok_and(|output| output.status.success())
    };
    let (_, python) = pythons.iter().find(|(minor, python)| *minor <= newest && has(python))?;
    let mut command = tutor();
    command.arg("watch");
    with(&mut command);
    command.args(["--format", "json", "--timeout", limit, "--python"]).arg(python).arg(program);
    let output = command.output().unwrap();
    Some(
        serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|e| panic!("{}: {e}: {}", program.display(), String::from_utf8_lossy(&output.stderr))),
    )
}

/// The ids of what was found, the first one first.
fn ids(report: &Value) -> Vec<&str> {
    report["findings"].as_array().into_iter().flatten().map(|found| found["id"].as_str().unwrap()).collect()
}

#[test]
fn every_rule_finds_its_pattern_first_and_is_silent_where_it_is_not() {
    let pythons = pythons();
    for rule in RULES {
        let Some(silent) = watch(&pythons, &programs().join(format!("{}.silent.py", rule.id))) else {
            println!("skipped: {}, for no CPython with a GIL is installed here", rule.id);
            continue;
        };
        assert!(!ids(&silent).contains(&rule.id), "{}: {}", rule.id, silent["findings"]);
        let program = programs().join(format!("{}.py", rule.id));
        let mut missed = Vec::new();
        let shown = (0..TRIES).any(|_| {
            let Some(report) = watch(&pythons, &program) else { return false };
            let found = ids(&report).first() == Some(&rule.id);
            if found {
                agrees(&report);
            } else if report["caveats"].as_array().unwrap().is_empty() {
                missed.push(format!("{}: {} {}", rule.id, report["findings"], report["verdict"]));
            }
            found
        });
        // What disturbed a run is said: then nothing is known, and only then.
        assert!(shown || missed.len() < TRIES, "{}", missed.join("\n"));
        if !shown {
            println!("not shown: {}, for this machine was too busy or has no Python for it", rule.id);
        }
    }
}

/// The first finding is the sentence, and its lanes are those of the report.
fn agrees(report: &Value) {
    let finding = &report["finding"];
    assert_eq!(finding, &report["findings"][0]);
    assert_eq!(finding["sentence"], report["verdict"]);
    assert!(finding["evidence"].as_object().unwrap().values().all(Value::is_number), "{finding}");
    let lanes: Vec<&Value> = report["lanes"].as_array().unwrap().iter().map(|lane| &lane["id"]).collect();
    assert!(finding["because"].as_array().unwrap().iter().all(|lane| lanes.contains(&lane)), "{finding}");
}

/// The runs that the gallery shows: `scripts/gallery` has them made.
#[test]
#[ignore = "it records: it changes what is in assets/findings"]
fn record_the_gallery() {
    let asked = std::env::var("GALLERY").unwrap_or_default();
    let asked: Vec<&str> = asked.split_whitespace().collect();
    let (pythons, folder) = (pythons(), Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/findings"));
    let mut missed = Vec::new();
    for rule in RULES.iter().filter(|rule| asked.is_empty() || asked.contains(&rule.id)) {
        let (program, kept) = (programs().join(format!("{}.py", rule.id)), folder.join(rule.id).with_extension("run"));
        let made = folder.join("made");
        let record = |command: &mut Command| {
            command.arg("--record").arg(&made);
        };
        // A start-up that takes longer than the program is that of a short one.
        let own = |caveat: &Value| rule.id == "startup" && caveat.as_str().unwrap().ends_with("too short to compare");
        let mut possible = true;
        let shown = (0..3 * TRIES).any(|_| {
            let report = possible.then(|| watch_with(&pythons, &program, record)).flatten();
            possible = report.is_some();
            let of_it = |report: &Value| {
                ids(report).first() == Some(&rule.id) && report["caveats"].as_array().unwrap().iter().all(own)
            };
            report.as_ref().is_some_and(of_it)
        });
        if !possible {
            println!("{}: kept as it was, for no Python here has what its program needs", rule.id);
            continue;
        }
        if shown {
            std::fs::rename(&made, &kept).unwrap();
            println!("{}: {} bytes", rule.id, kept.metadata().unwrap().len());
        } else {
            missed.push(rule.id);
        }
        let _ = std::fs::remove_file(&made);
    }
    assert!(missed.is_empty(), "not recorded, for it was not found first or other programs were busy: {missed:?}");
}

#[test]
fn every_program_belongs_to_a_rule() {
    for entry in std::fs::read_dir(programs()).unwrap().flatten() {
        let name = entry.file_name().into_string().unwrap();
        let id = name.trim_end_matches(".py").trim_end_matches(".silent");
        assert!(RULES.iter().any(|rule| rule.id == id), "{name} shows no rule");
    }
}
