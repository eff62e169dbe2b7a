//! Programs whose threads wait for each other for ever are told as such while they run, with names, lines and locks; those
//! whose threads only wait are not.
#![cfg(target_os = "linux")]

use assert_cmd::Command;
use serde_json::Value;
use std::path::PathBuf;

#[path = "support/pythons.rs"]
mod pythons;

use pythons::notes_holders;

/// What the program was told to be stuck in while it ran, and what the report says of its end.
fn watched(python: &PathBuf, program: &str, timeout: &str) -> (String, Value) {
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("program.py");
    std::fs::write(&script, program).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_concur-tutor"))
        .args(["watch", "--timeout", timeout, "--format", "json", "--python"])
        .arg(python)
        .arg(&script)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {said}"));
    (said, report)
}

const OPPOSITE: &str = "
import threading
A, B = threading.LOCK(), threading.LOCK()
both = threading.Barrier(2)
def one():
    with A:
        both.wait()
        with B:
            print('never')
def two():
    with B:
        both.wait()
        with A:
            print('never')
threads = [threading.Thread(target=f, name=f.__name__) for f in (one, two)]
for t in threads: t.start()
REST
for t in threads: t.join()
";

#[test]
fn a_cycle_of_locks_is_told_with_its_threads_and_lines() {
    pythons::each(&pythons::all(), |python| {
        // While all else waits, and while the main thread works on.
        let cases = [("Lock", "pass"), ("RLock", "import time\nwhile True: time.sleep(0.01)")];
        for ((kind, rest), noted) in cases.into_iter().zip(notes_holders(python).unwrap()) {
            let program = OPPOSITE.replace("LOCK", kind).replace("REST", rest);
            let (said, report) = watched(python, &program, "8");
            let stuck = &report["stuck"];
            if !noted {
                // Who holds a lock is not known there, and so it is not said.
                assert_ne!(stuck["kind"], "lock-cycle", "{}: {report}", python.display());
                continue;
            }
            assert!(said.contains("stuck: "), "{}: {said}", python.display());
            assert_eq!(stuck["kind"], "lock-cycle", "{}: {report}", python.display());
            assert_eq!(report["finding"]["id"], "stuck");
            let told: Vec<_> = stuck["threads"].as_array().unwrap().iter().map(line_of).collect();
            let one = ("one".into(), 8, "with B:".into(), "B".into(), "two".into(), 13);
            let two = ("two".into(), 13, "with A:".into(), "A".into(), "one".into(), 8);
            let expected: [Told; 2] = [one, two];
            assert!(expected.iter().all(|told_of| told.contains(told_of)) && told.len() == 2, "{stuck}");
        }
    });
}

/// A thread's name, line and code, the lock that it waits for, and who holds that in which line.
type Told = (String, i64, String, String, String, i64);

fn line_of(thread: &Value) -> Told {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let held_by = &thread["held_by"];
    (
        text(&thread["name"]),
        thread["line"].as_i64().unwrap_or(0),
        text(&thread["code"]),
        text(&thread["waits_for"]["name"]),
        text(&held_by["name"]),
        held_by["line"].as_i64().unwrap_or(0),
    )
}

#[test]
fn other_ways_to_wait_for_ever_are_told_as_what_they_are() {
    let twice = "
import threading, time
lock = threading.Lock()
def work():
    with lock:
        with lock:
            print('never')
threading.Thread(target=work, name='worker', daemon=True).start()
while True: time.sleep(0.01)
";
    let ended = "
import threading
lock = threading.Lock()
t = threading.Thread(target=lock.acquire, name='grabber'); t.start(); t.join()
with lock:
    print('never')
";
    let queue = "
import queue, threading
q = queue.Queue()
def work():
    while True:
        q.get()
t = threading.Thread(target=work, name='consumer'); t.start()
q.put(1)
t.join()
";
    pythons::each(&pythons::all(), |python| {
        let [noted, _] = notes_holders(python).unwrap();
        let cases = [
            (twice, if noted { Some("lock-twice") } else { None }, 6),
            (ended, Some(if noted { "holder-ended" } else { "nobody-left" }), 5),
            (queue, Some("nobody-left"), 6),
        ];
        for (program, kind, line) in cases {
            let (said, report) = watched(python, program, "8");
            let stuck = &report["stuck"];
            assert_eq!(stuck["kind"].as_str(), kind, "{}: {report}", python.display());
            assert_eq!(said.contains("stuck: "), kind.is_some(), "{}: {said}", python.display());
            let lines: Vec<_> = stuck["threads"].as_array().into_iter().flatten().map(|t| t["line"].as_i64()).collect();
            assert!(kind.is_none() || lines.contains(&Some(line)), "{}: {stuck}", python.display());
        }
    });
}

/// In each, a thread `w` waits in the library alone: no line of the program's own is on its stack.
#[test]
fn what_is_waited_for_has_its_name_without_a_line_of_the_program() {
    let cases = [
        ("threading.Event().wait", "an event"),
        ("threading.Barrier(2).wait", "a barrier"),
        ("queue.Queue().get", "a queue to have something"),
        ("concurrent.futures.Future().result", "a future's result"),
    ];
    let program = |target: &str| {
        let start = format!("t = threading.Thread(target={target}, name='w')");
        format!("import concurrent.futures, queue, threading\n{start}\nt.start(); t.join()\n")
    };
    pythons::each(&pythons::all(), |python| {
        for (target, words) in cases {
            let (_, report) = watched(python, &program(target), "8");
            let threads = report["stuck"]["threads"].as_array().unwrap_or_else(|| panic!("{target}: {report}"));
            let waits = threads.iter().find(|t| t["name"].as_str().is_some_and(|name| name.starts_with('w')));
            let kind = waits.map(|thread| &thread["waits_for"]["kind"]);
            assert_eq!(kind, Some(&words.into()), "{}: {target}: {threads:?}", python.display());
        }
    });
}

#[test]
fn threads_that_only_wait_are_not_said_to_be_stuck() {
    // Each waits long enough to be looked at several times.
    let idle_pool = "
import concurrent.futures, time
with concurrent.futures.ThreadPoolExecutor(3) as pool:
    list(pool.map(time.sleep, [0.01] * 3))
    time.sleep(0.6)
";
    let slow_producer = "
import queue, threading, time
q = queue.Queue()
def produce():
    time.sleep(0.6)
    q.put(1)
threading.Thread(target=produce).start()
q.get()
";
    let tokens = "
import threading, time
ping, pong = threading.Lock(), threading.Lock()
pong.acquire()
def other():
    for _ in range(3):
        pong.acquire(); time.sleep(0.3); ping.release()
t = threading.Thread(target=other); t.start()
for _ in range(3):
    ping.acquire(); pong.release()
t.join()
";
    let with_a_limit = "
import threading
A, B, both = threading.Lock(), threading.Lock(), threading.Barrier(2)
def take(first, second):
    with first:
        both.wait()
        second.acquire(timeout=0.6)
ts = [threading.Thread(target=take, args=a) for a in ((A, B), (B, A))]
for t in ts: t.start()
for t in ts: t.join()
";
    let until_a_signal = "
import signal, threading
done = threading.Event()
signal.signal(signal.SIGALRM, lambda *_: done.set())
signal.setitimer(signal.ITIMER_REAL, 0.6)
done.wait()
";
    let child = "
import subprocess, sys, threading
t = threading.Thread(target=subprocess.run, args=([sys.executable, '-c', 'import time; time.sleep(0.6)'],))
t.start(); t.join()
";
    let processes = "
import multiprocessing, time
if __name__ == '__main__':
    with multiprocessing.get_context('fork').Pool(2) as pool:
        pool.map(time.sleep, [0.3] * 4)
";
    let released_by_another = "
import threading, time
lock = threading.Lock()
lock.acquire()
threading.Timer(0.6, lock.release).start()
lock.acquire()
";
    pythons::each(&pythons::all(), |python| {
        let programs =
            [idle_pool, slow_producer, tokens, with_a_limit, until_a_signal, child, processes, released_by_another];
        for program in programs {
            let (said, report) = watched(python, program, "60");
            assert!(!said.contains("stuck"), "{}: {said}{program}", python.display());
            assert!(report["stuck"].is_null(), "{}: {}{program}", python.display(), report["stuck"]);
            assert_eq!(report["exit"]["code"], 0, "{}: {report}{program}", python.display());
        }
    });
}
