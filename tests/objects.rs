//! What threads waited for, on real Pythons: which lock, who held it, and nothing that is not known.
#![cfg(target_os = "linux")]

use assert_cmd::Command;
use serde_json::Value;
use std::path::{Path, PathBuf};

#[path = "support/pythons.rs"]
mod pythons;

/// Three locks, one after the other: where one is gone, the next may lie at its address. And a queue that is empty.
const PROGRAM: &str = "
import queue, threading, time
def take(lock):
    with lock:
        pass
for n in range(3):
    lock = threading.Lock()
    lock.acquire()
    thread = threading.Thread(target=take, args=(lock,), name='taker')
    thread.start()
    time.sleep(0.05)
    lock.release()
    thread.join()
    del lock, thread
full = queue.Queue()
getter = threading.Thread(target=full.get)
getter.start()
time.sleep(0.05)
full.put(1)
getter.join()
";

fn watched(python: &Path, more: &[&str]) -> Value {
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("program.py");
    std::fs::write(&script, PROGRAM).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_concur-tutor"))
        .args(["watch", "--timeout", "60", "--format", "json"])
        .args(more)
        .arg("--python")
        .arg(python)
        .arg(&script)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {said}"))
}

/// The objects that the line `with lock:` waited for.
fn locks(report: &Value) -> Vec<&Value> {
    let all = report["objects"].as_array().expect("objects");
    all.iter().filter(|object| object["kind"] == "lock" && object["line"] == 4).collect()
}

#[test]
fn each_lock_is_told_with_who_held_it_or_it_is_said_that_nobody_knows() {
    let all: Vec<PathBuf> = pythons::all();
    pythons::each(&all, |python| {
        let report = watched(python, &[]);
        let (locks, name) = (locks(&report), python.display());
        let waits: u64 = locks.iter().filter_map(|lock| lock["waits"].as_u64()).sum();
        assert_eq!(waits, 3, "{name}: {locks:?}");
        assert!(locks.iter().all(|lock| lock["name"] == "lock" && lock["function"] == "take"), "{name}: {locks:?}");
        if pythons::notes_holders(python) == Some([true; 2]) {
            let numbers: Vec<_> = locks.iter().map(|lock| lock["number"].as_u64()).collect();
            assert!(locks.len() == 3 && numbers.iter().all(Option::is_some), "{name}: {locks:?}");
            assert!(locks.iter().all(|lock| lock["holders"][0]["name"] == "MainThread"), "{name}: {locks:?}");
        } else {
            assert!(locks.len() == 1 && locks[0]["is_one"] == false, "{name}: {locks:?}");
            assert!(locks[0]["number"].is_null() && locks[0]["holders"].is_null(), "{name}: {locks:?}");
        }
        let queues: Vec<_> = report["objects"].as_array().into_iter().flatten().collect();
        let get = queues.iter().find(|object| object["kind"] == "queue-get");
        assert!(get.is_some_and(|get| get["is_one"] == false && get["holders"].is_null()), "{name}: {queues:?}");
    });
}

#[test]
fn locks_that_are_left_alone_are_not_told_apart() {
    let Some(python) = pythons::all().into_iter().next() else { return };
    let report = watched(&python, &["--objects", "off"]);
    let known = |object: &&Value| !object["holders"].is_null() || !object["line"].is_null();
    let all: Vec<&Value> = report["objects"].as_array().expect("objects").iter().collect();
    assert!(!all.is_empty() && !all.iter().any(known), "{all:?}");
    assert!(report["could_deadlock"].is_null());
}
