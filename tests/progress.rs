//! Progress on the command line: what `list` and `review` say about it, and what `reset` forgets and keeps.
#![cfg(unix)]

#[path = "progress/saves.rs"]
mod saves;

use serde_json::{Value, json};
use std::path::Path;
use std::process::{Command, Output};

/// Two lessons begun; one of them has been due for a long time, the other one will not be for as long.
const PROGRESS: &str = r#"{"version": 1, "lessons": {
    "02-gil": {"pages": ["The same work, again"], "runs": ["threads", "gone"],
        "checks": {"why-no-gain": {"first": "x", "last": "x", "right": false, "confidence": 3}}},
    "03-io": {"pages": [], "checks": {"why-threads-help-here": {"first": "x", "last": "x", "right": true}}}},
    "review": {"topics": {
        "02-gil": {"due": "2020-01-02", "last": "2020-01-01", "stability": 1.0, "difficulty": 5.0, "reviews": 1,
            "counted": ["why-no-gain"]},
        "03-io": {"due": "2999-01-02", "last": "2020-01-01", "stability": 1.0, "difficulty": 5.0, "reviews": 1,
            "counted": ["why-threads-help-here"]}}}}"#;

fn tutor(home: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_concur-tutor"))
        .args(arguments)
        .env("XDG_STATE_HOME", home)
        .env("XDG_DATA_HOME", home)
        .stdin(std::process::Stdio::null())
        .output()
        .expect("the tutor starts")
}

fn home(progress: &str) -> tempfile::TempDir {
    let home = tempfile::tempdir().unwrap();
    std::fs::create_dir(home.path().join("concur-tutor")).unwrap();
    std::fs::write(home.path().join("concur-tutor/progress.json"), progress).unwrap();
    home
}

fn json(output: &Output) -> Value {
    assert!(output.status.success(), "{output:?}");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn list_says_where_the_learner_stands() {
    let home = home(PROGRESS);
    let listing = json(&tutor(home.path(), &["list", "--format", "json"]));
    let of = |id: &str| {
        let lessons = listing["lessons"].as_array().unwrap();
        lessons.iter().find(|lesson| lesson["id"] == id).unwrap()["progress"].clone()
    };
    let gil = of("02-gil");
    assert_eq!(gil["programs_run"], json!(["threads"]), "what the lesson no longer has is not listed");
    assert_eq!((&gil["passed"], &gil["due"], &gil["checks_right"]), (&json!(false), &json!("2020-01-02"), &json!(0)));
    assert_eq!(of("03-io")["checks_right"], json!(1));
    assert_eq!(of("01-welcome")["due"], Value::Null);
    let keys = ["pages_read", "pages", "programs_run", "checks_right", "checks", "task_passed", "passed", "due"];
    assert!(keys.iter().all(|key| gil.get(key).is_some()), "{gil}");
}

#[test]
fn review_without_a_terminal_says_what_is_due_and_when_the_rest_comes_back() {
    let home = home(PROGRESS);
    let agenda = json(&tutor(home.path(), &["review", "--format", "json"]));
    assert_eq!(agenda["due"][0]["lesson"], "02-gil");
    assert_eq!(agenda["due"][0]["questions"], json!(["why-no-gain"]));
    assert_eq!(agenda["calendar"][0]["date"], agenda["today"], "what is overdue is due today");
    assert_eq!(agenda["next"], "2999-01-02");
    let said = text(&tutor(home.path(), &["review"]).stdout);
    assert!(said.contains("due today\n  02-gil") && said.contains("2999-01-02  03-io"), "{said}");
}

#[test]
fn nothing_is_forgotten_without_a_yes() {
    let home = home(PROGRESS);
    let refused = tutor(home.path(), &["reset", "gil"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(text(&refused.stderr).contains("--yes"));
    assert_eq!(std::fs::read_to_string(home.path().join("concur-tutor/progress.json")).unwrap(), PROGRESS);
    assert_eq!(tutor(home.path(), &["reset", "gill", "--yes"]).status.code(), Some(2));
}

#[test]
fn a_reset_forgets_one_lesson_or_all_and_keeps_a_copy_each_time() {
    let home = home(PROGRESS);
    let dir = home.path().join("concur-tutor");
    let progress = || -> Value { serde_json::from_slice(&std::fs::read(dir.join("progress.json")).unwrap()).unwrap() };
    let said = text(&tutor(home.path(), &["reset", "gil", "--yes"]).stdout);
    assert!(said.contains("progress.json.before-reset-1"), "{said}");
    assert_eq!(std::fs::read_to_string(dir.join("progress.json.before-reset-1")).unwrap(), PROGRESS);
    assert!(progress()["lessons"].get("02-gil").is_none() && progress()["lessons"].get("03-io").is_some());
    assert!(progress()["review"]["topics"].get("02-gil").is_none());
    let said = text(&tutor(home.path(), &["reset", "--yes"]).stdout);
    assert!(said.contains("every lesson") && said.contains("before-reset-2"), "{said}");
    assert_eq!(progress()["lessons"], json!({}));
    assert_eq!(std::fs::read_dir(&dir).unwrap().count(), 4, "the file, its lock and two copies");
}

#[test]
fn a_damaged_file_is_left_alone_by_whoever_only_looks() {
    let home = home("{\"version\": 1, \"les");
    for words in [&["review"][..], &["list"], &["reset", "--yes"]] {
        let output = tutor(home.path(), words);
        assert!(text(&output.stderr).contains("is damaged"), "{words:?}: {output:?}");
    }
    let dir = home.path().join("concur-tutor");
    assert_eq!(std::fs::read_to_string(dir.join("progress.json")).unwrap(), "{\"version\": 1, \"les");
    assert_eq!(std::fs::read_dir(dir).unwrap().count(), 1);
}

#[test]
fn a_task_judged_on_the_command_line_counts_but_a_file_from_elsewhere_does_not() {
    let home = home(PROGRESS);
    let listing = json(&tutor(home.path(), &["list", "--format", "json"]));
    let pythons =
        listing["runtimes"].as_array().unwrap().iter().filter(|r| r["kind"] == "cpython" && r["usable"] == true);
    if pythons.count() == 0 {
        println!("not shown here: there is no CPython");
        return;
    }
    let kept = || -> Value {
        let text = std::fs::read_to_string(home.path().join("concur-tutor/progress.json")).unwrap();
        serde_json::from_str::<Value>(&text).unwrap()["lessons"]["06-threads"].clone()
    };
    let solution =
        concat!(env!("CARGO_MANIFEST_DIR"), "/lessons/06-threads/solutions/tell-the-caller/right-raise-in-main.py");
    let judged =
        |more: &[&str]| tutor(home.path(), &[&["run", "06-threads", "--task", "tell-the-caller"], more].concat());
    assert!(judged(&["--file", solution]).status.success());
    assert_eq!(kept(), Value::Null, "the solution was not made by the learner");
    assert_eq!(judged(&[]).status.code(), Some(1), "the program as the lesson has it");
    assert_eq!((&kept()["attempts"]["tell-the-caller"], &kept()["tasks"]), (&json!(1), &Value::Null));
    std::fs::copy(solution, home.path().join("concur-tutor/tasks/06-threads/exception.py")).unwrap();
    assert!(judged(&[]).status.success());
    assert_eq!((&kept()["attempts"]["tell-the-caller"], &kept()["tasks"]), (&json!(2), &json!(["tell-the-caller"])));
}

#[test]
fn a_file_that_is_none_or_of_a_newer_version_is_said_and_left_alone() {
    let newer = "{\"version\": 7}";
    for (what, why) in [("pipe", "is a pipe"), ("folder", "is a folder"), ("newer", "a newer concur-tutor")] {
        let home = home(newer);
        let path = home.path().join("concur-tutor/progress.json");
        if what != "newer" {
            std::fs::remove_file(&path).unwrap();
        }
        match what {
            "pipe" => nix::unistd::mkfifo(&path, nix::sys::stat::Mode::S_IRWXU).unwrap(),
            "folder" => std::fs::create_dir(&path).unwrap(),
            _ => {}
        }
        for words in [&["review"][..], &["list"], &["reset", "--yes"]] {
            let output = tutor(home.path(), words);
            assert!(text(&output.stderr).contains(why), "{words:?}: {output:?}");
        }
        assert_eq!(std::fs::read_dir(home.path().join("concur-tutor")).unwrap().count(), 1, "{what}");
        assert!(what != "newer" || std::fs::read_to_string(&path).unwrap() == newer);
    }
}

#[test]
fn nothing_is_forgotten_where_no_copy_can_be_written() {
    // A limit on files stands in for a full disk, which root would not meet either.
    let home = home(PROGRESS);
    let output = Command::new("sh")
        .args(["-c", "ulimit -f 0; exec \"$0\" reset gil --yes", env!("CARGO_BIN_EXE_concur-tutor")])
        .env("XDG_STATE_HOME", home.path())
        .env("XDG_DATA_HOME", home.path())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said = text(&output.stderr);
    assert!(said.contains("File too large") && said.contains("before-reset-1; nothing was forgotten"), "{said}");
    let dir = home.path().join("concur-tutor");
    assert_eq!(std::fs::read_to_string(dir.join("progress.json")).unwrap(), PROGRESS);
    assert_eq!(std::fs::read_dir(dir).unwrap().count(), 2, "the file and its lock: no half of a copy");
}

/// Runs the tutor as somebody to whom permissions apply: they do not apply to root.
fn tutor_of_another(home: &Path, arguments: &[&str]) -> Output {
    use std::os::unix::process::CommandExt;
    let mut command = Command::new(env!("CARGO_BIN_EXE_concur-tutor"));
    command.args(arguments).env("XDG_STATE_HOME", home).env("XDG_DATA_HOME", home).env("HOME", home);
    if nix::unistd::geteuid().is_root() {
        command.uid(65534).gid(65534);
    }
    command.stdin(std::process::Stdio::null()).output().expect("the tutor starts")
}

#[test]
fn where_the_learner_may_not_write_or_read_nothing_is_changed_and_it_is_said() {
    use std::os::unix::fs::PermissionsExt;
    let home = home(PROGRESS);
    let dir = home.path().join("concur-tutor");
    let permit = |path: &Path, mode| std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    permit(home.path(), 0o755);
    permit(&dir, 0o555);
    permit(&dir.join("progress.json"), 0o444);
    assert!(text(&tutor_of_another(home.path(), &["review"]).stdout).contains("02-gil"), "it can be read");
    let refused = tutor_of_another(home.path(), &["reset", "--yes"]);
    assert_eq!(refused.status.code(), Some(1));
    let said = text(&refused.stderr);
    assert!(said.contains("Permission denied") && said.contains("nothing was forgotten"), "{said}");
    permit(&dir.join("progress.json"), 0);
    let said = text(&tutor_of_another(home.path(), &["review"]).stderr);
    assert!(said.contains("your progress file cannot be read (Permission denied"), "{said}");
    permit(&dir, 0o755);
    permit(&dir.join("progress.json"), 0o644);
    assert_eq!(std::fs::read_to_string(dir.join("progress.json")).unwrap(), PROGRESS);
    assert_eq!(std::fs::read_dir(dir).unwrap().count(), 1);
}
