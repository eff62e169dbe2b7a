//! A class: what learners export comes together again.

#![cfg(unix)]

use serde_json::{Value, json};
use std::path::Path;
use std::process::{Command, Output};

fn tutor(home: &Path, words: &[&str]) -> Output {
    let mut tutor = Command::new(env!("CARGO_BIN_EXE_concur-tutor"));
    tutor.args(words).env("HOME", home).env_remove("XDG_STATE_HOME").env_remove("XDG_DATA_HOME").current_dir(home);
    tutor.output().expect("it starts")
}

/// A home in which the question `id` of the GIL's lesson was first answered with this.
fn home_with(id: &str, first: &str) -> tempfile::TempDir {
    let home = tempfile::tempdir().expect("a folder");
    let state = home.path().join(".local/state/concur-tutor");
    std::fs::create_dir_all(&state).expect("a folder");
    let answer = json!({"first": first, "last": first, "right": false, "confidence": 3});
    let progress = json!({"version": 1, "lessons": {"02-gil": {"checks": {id: answer}}}});
    std::fs::write(state.join("progress.json"), progress.to_string()).expect("progress");
    home
}

/// A question of the GIL's lesson with choices, and one that is wrong, as its `lesson.md` has them.
fn question() -> (String, String) {
    let lesson = include_str!("../lessons/02-gil/lesson.md");
    let front = lesson.split("+++").nth(1).expect("a front");
    let front: toml::Table = toml::from_str(front).expect("TOML");
    let checks = front["check"].as_array().expect("questions");
    let check = checks.iter().find(|check| check.get("choice").is_some()).expect("one with choices");
    let choices = check["choice"].as_array().expect("choices");
    let wrong = choices.iter().find(|choice| choice.get("misconception").is_some()).expect("a wrong one");
    (check["id"].as_str().expect("an id").to_owned(), wrong["text"].as_str().expect("text").to_owned())
}

#[test]
fn what_learners_export_comes_together_and_what_is_damaged_or_doubled_is_named() {
    let (id, wrong) = question();
    let teacher = tempfile::tempdir().expect("a folder");
    let at = |name: &str| teacher.path().join(name);
    let homes = [home_with(&id, &wrong), home_with(&id, &wrong)];
    for (number, home) in homes.iter().enumerate() {
        let file = at(&format!("{number}.json"));
        let said = tutor(home.path(), &["class", "export", "--out", file.to_str().expect("UTF-8")]);
        assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    }
    let again = tutor(homes[0].path(), &["class", "export"]).stdout;
    assert_eq!(again, std::fs::read(at("0.json")).expect("the first"), "the same learner exports the same");
    std::fs::write(at("again.json"), again).expect("a copy");
    std::fs::write(at("torn.json"), &std::fs::read(at("1.json")).expect("the second")[..40]).expect("a torn file");
    let newer = json!({"version": 99, "learner": "x", "lessons": []}).to_string();
    std::fs::write(at("newer.json"), newer).expect("a newer file");
    let files = ["0.json", "1.json", "again.json", "torn.json", "newer.json", "missing.json", "."];
    let merge = |form: &str| tutor(teacher.path(), &[&["class", "merge", "--format", form], &files[..]].concat());
    let merged = merge("json");
    assert_eq!(merged.status.code(), Some(1), "some files are damaged");
    let class: Value = serde_json::from_slice(&merged.stdout).expect("JSON all the same");
    assert_eq!(class["learners"], 2);
    let item = &class["items"][0];
    assert_eq!((&item["id"], &item["difficulty"], &item["sure_and_wrong"]), (&json!(id), &json!(1.0), &json!(2)));
    assert_eq!((&item["wrong"][0]["answer"], &item["wrong"][0]["learners"]), (&json!(wrong), &json!(2)));
    assert_eq!(class["misconceptions"][0]["learners"], 2);
    let left_out = class["left_out"].as_array().expect("a list");
    let names: Vec<(&str, bool)> = left_out
        .iter()
        .map(|file| (file["file"].as_str().unwrap_or_default(), file["damaged"].as_bool().unwrap_or_default()))
        .collect();
    let damaged = ["torn.json", "newer.json", "missing.json", "."].map(|name| (name, true));
    assert_eq!(names, [&[("0.json", false)], &damaged[..]].concat(), "of two of a learner the later one counts");
    let said = String::from_utf8_lossy(&merged.stderr).into_owned();
    assert!(files[3..].iter().all(|name| said.contains(&format!("left out {name}: "))), "{said}");
    for form in ["text", "html"] {
        let written = String::from_utf8(merge(form).stdout).expect("UTF-8");
        assert!(written.contains("2 learners") && written.contains("torn.json"), "{form}: {written}");
    }
}

#[test]
fn a_class_of_a_hundred_is_merged_and_every_learner_counts_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let checks: serde_json::Map<String, Value> = (0..60)
        .map(|n| {
            (
                format!("q-{n}"),
                json!({"first": "x", "first_right": n % 3 > 0, "right": true, "sure": 2, "misconception": null}),
            )
        })
        .collect();
    let names: Vec<String> = (0..100).map(|n| format!("{n}.json")).collect();
    for (n, name) in names.iter().enumerate() {
        let lessons = json!({"02-gil": {"checks": checks, "predictions": {}, "tasks": {}}});
        let sheet = json!({"version": 1, "learner": format!("{n:016x}"), "lessons": lessons});
        std::fs::write(folder.path().join(name), sheet.to_string()).expect("a sheet");
    }
    let mut words = vec!["class", "merge", "--format", "json"];
    words.extend(names.iter().map(String::as_str));
    let merged = tutor(folder.path(), &words);
    assert!(merged.status.success(), "{}", String::from_utf8_lossy(&merged.stderr));
    let class: Value = serde_json::from_slice(&merged.stdout).expect("JSON");
    assert_eq!((class["learners"].as_u64(), class["items"].as_array().map(Vec::len)), (Some(100), Some(60)));
    assert!(class["items"].as_array().expect("items").iter().all(|item| item["answered"] == 100));
}

#[test]
fn what_cannot_be_read_is_not_exported_as_nothing() {
    let home = home_with("x", "y");
    std::fs::write(home.path().join(".local/state/concur-tutor/progress.json"), "{").expect("damage");
    let said = tutor(home.path(), &["class", "export"]);
    assert_eq!((said.status.code(), said.stdout.as_slice()), (Some(1), b"".as_slice()));
    assert!(String::from_utf8_lossy(&said.stderr).contains("nothing was exported"));
}
