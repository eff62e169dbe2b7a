//! Programs as a learner may break them: each is ended cleanly, what happened is said, and no process is left.
#![cfg(target_os = "linux")]

use concur_tutor::inside::runner::{Conditions, EndedBy, Limits, LiveRun, Outcome, how_it_ended, script};
use concur_tutor::inside::runtime::{Python, cpython};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::Duration;

/// The oldest and the newest Python with a GIL, and one without where there is one.
static PYTHONS: LazyLock<Vec<Python>> = LazyLock::new(|| {
    let mut found = cpython::discover().pythons;
    found.sort_by_key(|p| (p.gil, p.version));
    let mut some: Vec<Python> = found.iter().filter(|p| p.gil).take(1).cloned().collect();
    some.extend(found.iter().rfind(|p| p.gil).filter(|p| Some(p.version) != some.first().map(|s| s.version)).cloned());
    some.extend(found.into_iter().rfind(|p| !p.gil));
    if some.is_empty() {
        println!("skipped: no CPython is installed here");
    }
    some
});

/// One at a time: several that eat all they can get would be measured for each other's appetite.
static ALONE: Mutex<()> = Mutex::new(());

/// A bound that only a broken tutor needs: the bounds under test are much nearer.
const LONG: Duration = Duration::from_mins(5);

/// Runs a program on each Python as a lesson's program is run, with other limits where that makes the test smaller.
fn each(source: &str, timeout: Duration, limits: Limits, check: impl Fn(&Outcome, &str)) {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let dir = tempfile::tempdir().unwrap();
    // Its path is what is looked for on command lines afterwards.
    let path = dir.path().join("program.py");
    std::fs::write(&path, source).unwrap();
    for python in PYTHONS.iter() {
        let conditions = Conditions { limits, ..Conditions::default() };
        let plan = script(python, &path, &[], Some(timeout), conditions);
        let asked = plan.spec.clone();
        let outcome: Arc<Outcome> = LiveRun::start(plan, || {}).unwrap().wait().unwrap();
        assert_eq!(outcome.spec, asked);
        let said = how_it_ended(&outcome).unwrap_or_default();
        check(&outcome, &said);
        assert_eq!(living(path.to_str().unwrap()), 0, "on {} a process is left: {said}", python.path.display());
    }
}

/// Processes with this word on their command line.
fn living(word: &str) -> usize {
    let entries = std::fs::read_dir("/proc").unwrap().flatten();
    let lines = entries.filter_map(|e| std::fs::read(e.path().join("cmdline")).ok());
    lines.filter(|line| String::from_utf8_lossy(line).contains(word)).count()
}

#[test]
fn a_loop_without_an_end_is_ended_after_its_time() {
    let second = Duration::from_secs(1);
    each("while True: pass", second, Limits::default(), |outcome, said| {
        assert_eq!(outcome.end.ended_by(), Some(EndedBy::Timeout(second)), "{said}");
        assert!(outcome.end.timed_out() && said.starts_with("was ended after 1 s"), "{said}");
    });
    // One that does not want to end either.
    let deaf = "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nwhile True: time.sleep(1)";
    each(deaf, second, Limits::default(), |outcome, said| {
        assert_eq!((outcome.end.ended_by(), outcome.end.signal()), (Some(EndedBy::Timeout(second)), Some(9)), "{said}");
    });
}

#[test]
fn a_fork_bomb_is_ended_before_it_hurts() {
    // Should the tutor fail, these stop by themselves at a size that a machine can bear.
    let bomb = "import os, time\nfor _ in range(9): os.fork()\ntime.sleep(60)";
    let limits = Limits { processes: Some(64), ..Limits::default() };
    each(bomb, LONG, limits, |outcome, said| {
        let Some(EndedBy::Processes(count)) = outcome.end.ended_by() else { panic!("{:?}: {said}", outcome.end) };
        assert!((65..=512).contains(&count), "{said}");
        assert!(said.starts_with(&format!("was ended after starting {count} processes")), "{said}");
    });
    // One that leaves its session and its group.
    let hidden = "import os, time\nos.setsid() if os.fork() == 0 else time.sleep(60)\nfor _ in range(9): os.fork()\ntime.sleep(60)";
    each(hidden, LONG, limits, |outcome, said| {
        assert!(matches!(outcome.end.ended_by(), Some(EndedBy::Processes(65..=512))), "{:?}: {said}", outcome.end);
    });
}

#[test]
fn a_survivor_is_found_though_nothing_marks_it_any_more() {
    // It leaves its session, and writes over the environment that it was started with; nobody waits for it.
    let hidden = "import ctypes, os, time
fields = open('/proc/self/stat').read().rpartition(')')[2].split()
start, end = int(fields[47]), int(fields[48])
reading, writing = os.pipe()
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        ctypes.memset(start, 0, end - start)
        assert not open('/proc/self/environ').read().strip(chr(0))
        os.write(writing, b'.')
        time.sleep(600)
    os._exit(0)
os.wait()
os.read(reading, 1)
";
    each(hidden, LONG, Limits::default(), |outcome, said| {
        assert!(outcome.end.success(), "{said} {}", String::from_utf8_lossy(&outcome.stderr));
        assert_eq!(outcome.notes, ["1 process of the program outlived it and had to be ended"]);
    });
}

#[test]
fn threads_without_end_are_ended() {
    let bomb =
        "import threading, time\nwhile True: threading.Thread(target=time.sleep, args=(60,), daemon=True).start()";
    each(bomb, LONG, Limits { threads: Some(200), ..Limits::default() }, |outcome, said| {
        assert!(matches!(outcome.end.ended_by(), Some(EndedBy::Threads(201..))), "{:?}: {said}", outcome.end);
        assert!(said.contains("threads alive"), "{said}");
    });
}

#[test]
fn a_pool_as_large_as_the_limit_is_no_bomb() {
    let pool = "import multiprocessing as m, time\nif __name__ == '__main__':\n ps = [m.get_context('fork').Process(target=time.sleep, args=(0.1,)) for _ in range(40)]\n [p.start() for p in ps]; [p.join() for p in ps]; print('done')";
    each(pool, LONG, Limits { processes: Some(64), ..Limits::default() }, |outcome, said| {
        assert_eq!((outcome.end.code(), outcome.end.ended_by()), (Some(0), None), "{said}");
    });
}

#[test]
fn megabytes_of_output_end_the_run_and_their_ends_are_kept() {
    let loud = "import sys\nprint('first')\nwhile True: sys.stdout.write('x' * 100_000)";
    each(loud, LONG, Limits::default(), |outcome, said| {
        assert_eq!(outcome.end.ended_by(), Some(EndedBy::Output(Limits::OUTPUT)), "{said}");
        assert!(said.contains("8 MiB") && outcome.stdout.starts_with(b"first\n"), "{said}");
        assert!(outcome.stdout.len() < 1 << 20, "{} bytes are kept", outcome.stdout.len());
    });
    each("print('y' * 1_000_000)", LONG, Limits::default(), |outcome, said| {
        assert_eq!(outcome.end.code(), Some(0), "{said}");
    });
}

#[test]
fn standard_input_is_at_its_end_at_once() {
    each("import sys\nprint(repr(sys.stdin.read()))", LONG, Limits::default(), |outcome, _| {
        assert_eq!((outcome.end.code(), outcome.stdout.as_slice()), (Some(0), &b"''\n"[..]));
    });
    each("name = input('Your name? ')", LONG, Limits::default(), |outcome, said| {
        assert_eq!((outcome.end.code(), outcome.end.ended_by()), (Some(1), None));
        assert!(said.starts_with("asked for input"), "{said}");
    });
}

#[test]
fn any_exception_and_any_status_is_the_programs_own() {
    each("raise ValueError('no such colour')", LONG, Limits::default(), |outcome, said| {
        assert_eq!((outcome.end.code(), outcome.end.ended_by()), (Some(1), None));
        assert_eq!(said, "failed with ValueError: no such colour in line 1, raise ValueError('no such colour')");
    });
    each("import sys\nsys.exit(3)", LONG, Limits::default(), |outcome, said| {
        assert_eq!((outcome.end.code(), said), (Some(3), "failed with exit status 3"));
    });
    each("def broken(:", LONG, Limits::default(), |outcome, said| {
        assert_eq!(outcome.end.code(), Some(1), "{said}");
        assert!(said.starts_with("failed with SyntaxError: invalid syntax in line 1, def broken(:"), "{said}");
    });
    each("import os\nos.abort()", LONG, Limits::default(), |outcome, said| {
        assert_eq!((outcome.end.signal(), said), (Some(6), "was killed by signal 6"));
    });
}

#[test]
fn what_eats_memory_is_ended_alone_and_as_a_family() {
    // Should the tutor fail, these stop by themselves at 2 GiB.
    let limits = Limits { memory: Some(200 << 20), ..Limits::default() };
    let eater = "kept = []\nfor _ in range(2048): kept.append(b'x' * (1 << 20))\nimport time; time.sleep(60)";
    each(eater, LONG, limits, |outcome, said| {
        assert!(matches!(outcome.end.ended_by(), Some(EndedBy::Memory(209_715_201..))), "{:?}: {said}", outcome.end);
        assert!(said.contains("of memory"), "{said}");
    });
    let family = "import os, time\nfor _ in range(3): os.fork()\nkept = b'x' * (60 << 20)\ntime.sleep(60)";
    each(family, LONG, limits, |outcome, said| {
        assert!(matches!(outcome.end.ended_by(), Some(EndedBy::Memory(_))), "{:?}: {said}", outcome.end);
    });
    // What eight processes share is there once.
    let shared = "import os, time\nkept = b'x' * (60 << 20)\npids = []\nfor _ in range(7):\n pid = os.fork()\n if pid == 0: time.sleep(0.5); os._exit(0)\n pids.append(pid)\nfor pid in pids: os.waitpid(pid, 0)";
    each(shared, LONG, limits, |outcome, said| assert_eq!(outcome.end.code(), Some(0), "{:?}: {said}", outcome.end));
}

#[test]
fn numpy_sized_reservations_are_no_memory() {
    let reserves = "import mmap\nroom = mmap.mmap(-1, 64 << 30) if hasattr(mmap, 'mmap') else None\nprint('done')";
    each(reserves, LONG, Limits { memory: Some(200 << 20), ..Limits::default() }, |outcome, said| {
        // Where the system does not lend that much, the program says so; the tutor does not end it.
        assert_eq!(outcome.end.ended_by(), None, "{said}");
    });
}

/// Two threads that take two locks in opposite order, and wait with the first until both have one.
const OPPOSITE: &str = r#"
import threading
one, other, both = threading.Lock(), threading.Lock(), threading.Barrier(2)
def take(first, second):
    with first:
        both.wait()
        with second:
            pass
pairs = {"left": (one, other), "right": (other, one)}
threads = [threading.Thread(target=take, args=pair, name=name) for name, pair in pairs.items()]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
"#;

#[test]
fn a_deadlock_is_ended_and_says_who_waits_where() {
    each(OPPOSITE, LONG, Limits::default(), |outcome, said| {
        assert_eq!(outcome.end.ended_by(), Some(EndedBy::Deadlock), "{said}");
        assert!(outcome.end.deadlock() && !outcome.end.timed_out());
        let stands: Vec<_> = outcome.stuck.iter().map(|s| (s.name.as_str(), s.line, s.code.as_str())).collect();
        let expected = [("left", 7, "with second:"), ("right", 7, "with second:"), ("MainThread", 14, "thread.join()")];
        assert_eq!(stands, expected, "{said}");
        assert!(said.contains("right waits in line 7, with second;"), "{said}");
    });
}

#[test]
fn a_thread_that_waits_for_itself_and_a_pool_that_does_are_deadlocks_too() {
    let alone = "import threading\nlock = threading.Lock()\nlock.acquire()\nlock.acquire()\n";
    each(alone, LONG, Limits::default(), |outcome, said| {
        assert_eq!(outcome.end.ended_by(), Some(EndedBy::Deadlock), "{said}");
        assert!(said.contains("it waits for itself") && said.contains("line 4, lock.acquire()"), "{said}");
    });
    let nested = "from concurrent.futures import ThreadPoolExecutor\npool = ThreadPoolExecutor(1)\n\
                  pool.submit(lambda: pool.submit(int).result()).result()\n";
    each(nested, LONG, Limits::default(), |outcome, said| {
        assert_eq!(outcome.end.ended_by(), Some(EndedBy::Deadlock), "{said}");
    });
}

/// Each of these waits for longer than a deadlock is given, and then goes on.
#[test]
fn a_wait_that_will_end_is_no_deadlock() {
    let limits = Limits { stall: Some(Duration::from_millis(50)), ..Limits::default() };
    for wait in [
        "threading.Event().wait(1)",
        "threading.Lock().acquire() or time.sleep(1)",
        "os.read(subprocess.Popen(['sleep', '1'], stdout=-1).stdout.fileno(), 1)",
        "subprocess.run(['sleep', '1'])",
        "t = threading.Thread(target=time.sleep, args=(1,)); t.start(); t.join()",
        "queue.Queue().get(timeout=1) if 0 else asyncio.run(asyncio.sleep(1))",
    ] {
        let source = format!("import asyncio, os, queue, subprocess, threading, time\n{wait}\nprint('went on')\n");
        each(&source, LONG, limits, |outcome, said| {
            assert!(outcome.end.success(), "{wait}: {said}");
            assert_eq!(outcome.stdout, b"went on\n", "{wait}");
        });
    }
}
