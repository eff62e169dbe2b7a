//! Programs that went well but took locks in crossed orders are told so, with both lines; those whose orders cannot cross are not.
#![cfg(target_os = "linux")]

use assert_cmd::Command;
use serde_json::Value;
use std::path::PathBuf;

#[path = "support/pythons.rs"]
mod pythons;

/// What the report says of a program's orders, and its notes.
fn watched(python: &PathBuf, program: &str) -> (Value, String) {
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("program.py");
    std::fs::write(&script, program).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_concur-tutor"))
        .args(["watch", "--timeout", "60", "--format", "json", "--python"])
        .arg(python)
        .arg(&script)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {said}"));
    assert_eq!(report["exit"]["code"], 0, "{}: {}{program}", python.display(), report["stderr"]);
    (report["could_deadlock"].clone(), report["notes"].to_string())
}

/// Pythons whose locks can be looked into, and others.
fn sorted() -> (Vec<PathBuf>, Vec<PathBuf>) {
    pythons::all().into_iter().partition(|python| pythons::notes_holders(python) == Some([true; 2]))
}

const OPPOSITE: &str = "
import threading
A, B = threading.LOCK(), threading.LOCK()
def one():
    with A:
        with B:
            pass
def two():
    B.acquire()
    A.acquire()
    A.release(); B.release()
threads = [threading.Thread(target=f, name=f.__name__) for f in (one, two)]
for t in threads: t.start(); PAUSE
for t in threads: t.join()
";

/// That it is told with the threads, the lines and the locks' names.
fn assert_told(python: &PathBuf, program: &str) {
    let (could, notes) = watched(python, program);
    assert_eq!(could["known"], "all", "{}", python.display());
    let takes = could["cycles"][0]["takes"].as_array().unwrap_or_else(|| panic!("{}: {could}", python.display()));
    let text = |took: &Value, key: &str| took[key].as_str().unwrap_or_default().to_owned();
    let mut told: Vec<_> = takes
        .iter()
        .map(|took| (text(took, "name"), took["line"].as_i64(), text(took, "lock"), text(took, "holding")))
        .collect();
    told.sort();
    let expected = [("one", 6, "B", "A"), ("two", 10, "A", "B")];
    let expected = expected.map(|(name, line, lock, held)| (name.into(), Some(line), lock.into(), held.into()));
    assert_eq!(told, expected, "{}", python.display());
    assert!(notes.contains("could deadlock: "), "{notes}");
}

#[test]
fn opposite_orders_are_told_in_every_run() {
    let (looked_into, others) = sorted();
    pythons::each(&looked_into, |python| {
        for kind in ["Lock", "RLock"] {
            assert_told(python, &OPPOSITE.replace("LOCK", kind).replace("PAUSE", "pass"));
        }
    });
    for _ in 0..20 {
        // One thread may be over before the other begins: nothing in the program sees to it.
        looked_into.first().inspect(|python| {
            assert_told(python, &OPPOSITE.replace("LOCK", "Lock").replace("PAUSE", "__import__('time').sleep(0.01)"));
        });
    }
    for python in others {
        let (could, notes) = watched(&python, &OPPOSITE.replace("LOCK", "Lock").replace("PAUSE", "pass"));
        assert_eq!((&could["known"], &could["cycles"]), (&"nothing".into(), &Value::Array(Vec::new())), "{notes}");
    }
}

#[test]
fn three_that_sit_around_a_table_are_told() {
    let table = "
import threading
forks = [threading.Lock() for _ in range(3)]
def eat(n):
    with forks[n]:
        with forks[(n + 1) % 3]:
            pass
ts = [threading.Thread(target=eat, args=(n,)) for n in range(3)]
for t in ts: t.start()
for t in ts: t.join()
";
    for python in sorted().0 {
        let (could, _) = watched(&python, table);
        assert_eq!(could["cycles"][0]["takes"].as_array().map(Vec::len), Some(3), "{}: {could}", python.display());
        // One line takes them all: its name for them is none.
        let said = could["cycles"][0]["sentence"].as_str().unwrap_or_default();
        assert!(said.contains("took lock #1 in line 6 while it held #3"), "{said}");
    }
}

/// Locks, and threads that use them.
const START: &str = "
import threading
A, B, gate = threading.Lock(), threading.Lock(), threading.Lock()
def together(*functions):
    ts = [threading.Thread(target=f) for f in functions]
    for t in ts: t.start()
    for t in ts: t.join()
";

/// That nothing is told of these programs, on any Python.
fn assert_silent(programs: &[&str]) {
    pythons::each(&sorted().0, |python| {
        for program in programs {
            let (could, _) = watched(python, &format!("{START}{program}"));
            assert_eq!(could["known"], "all", "{}: {program}", python.display());
            assert_eq!(could["cycles"], Value::Array(Vec::new()), "{}: {program}", python.display());
        }
    });
}

#[test]
fn orders_that_cannot_cross_are_not_told() {
    let one_thread = "
def work():
    with A:
        with B: pass
    with B:
        with A: pass
together(work)
";
    let common_gate = "
def one():
    with gate:
        with A:
            with B: pass
def two():
    with gate:
        with B:
            with A: pass
together(one, two)
";
    let again = "
A = threading.RLock()
def one():
    with A:
        with B:
            with A: pass
together(one, one)
";
    let by_number = "
locks = [threading.Lock() for _ in range(6)]
def move(a, b):
    first, second = sorted((a, b))
    with locks[first]:
        with locks[second]: pass
together(*[lambda a=a, b=b: move(a, b) for a in range(6) for b in range(6) if a != b])
";
    let new_ones = "
def work():
    for n in range(300):
        # Their addresses come again, in any order.
        pair = [threading.Lock(), threading.Lock()]
        if n % 3: pair.append(threading.Lock())
        with pair[0]:
            with pair[1]: pass
        if n % 2: pair.reverse()
together(work, work)
";
    assert_silent(&[one_thread, common_gate, again, by_number, new_ones]);
}

#[test]
fn what_something_else_keeps_apart_is_not_told() {
    let one_after_the_other = "
def one():
    with A:
        with B: pass
def two():
    with B:
        with A: pass
together(one)
together(two)
";
    let before_they_begin = "
with B:
    with A: pass
def one():
    with A:
        with B: pass
together(one)
";
    let tries = "
def one():
    with A:
        if B.acquire(timeout=1): B.release()
def two():
    with B:
        if A.acquire(blocking=False): A.release()
together(one, two)
";
    let tokens = "
ping, pong = threading.Lock(), threading.Lock()
pong.acquire()
def one():
    for _ in range(20): ping.acquire(); pong.release()
def two():
    for _ in range(20): pong.acquire(); ping.release()
together(one, two)
";
    let library = "
import queue, logging, concurrent.futures, time
q = queue.Queue(2)
def put():
    for n in range(50):
        with A: q.put(n)
def get():
    for n in range(50): q.get(); logging.warning('%d', n)
together(put, get)
event, condition = threading.Event(), threading.Condition()
def wait():
    with condition:
        while not event.is_set(): condition.wait()
def wake():
    time.sleep(0.01)
    event.set()
    with condition: condition.notify_all()
together(wait, wait, wake)
with concurrent.futures.ThreadPoolExecutor(4) as pool: list(pool.map(lambda n: n, range(100)))
";
    assert_silent(&[one_after_the_other, before_they_begin, tries, tokens, library]);
}
