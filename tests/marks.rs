//! The event log against every CPython here: who held the GIL when, who waited for what, under which name; and that programs
//! see and do what they see and do alone.
#![cfg(target_os = "linux")]

#[path = "marks/run.rs"]
mod run;

use concur_tutor::trace::{WaitKind, What};
use run::{Run, With, on_every_python};
use std::collections::{BTreeMap, BTreeSet};
use std::os::unix::process::ExitStatusExt;

const TWO_SPINNERS: &str = r#"
import threading, time
def work():
    while time.process_time() < 0.4:
        sum(i * i for i in range(1000))
threads = [threading.Thread(target=work, name=f"spinner-{n}") for n in range(2)]
for t in threads: t.start()
for t in threads: t.join()
"#;

#[test]
fn no_two_threads_hold_the_gil_at_once() {
    on_every_python(|python| {
        let run = Run::of(python, TWO_SPINNERS);
        run.assert_succeeded();
        let holds = run.holds();
        if python.free_threaded {
            assert!(holds.is_empty(), "{python}: there is no GIL to hold");
            return;
        }
        assert!(holds.iter().all(|h| h.gil == holds[0].gil && h.pid == run.pid), "{python}: one interpreter, one GIL");
        assert!(run.overlapping_holds().is_empty(), "{python}: {:?}", run.overlapping_holds());
        let spinners: Vec<u32> =
            run.names().into_iter().filter(|(_, n)| n.starts_with("spinner")).map(|(t, _)| t).collect();
        assert_eq!(spinners.len(), 2, "{python}: {:?}", run.names());
        for tid in spinners {
            let count = holds.iter().filter(|h| h.tid == tid).count();
            let waits = run.waits().into_iter().filter(|w| w.tid == tid && w.wait.kind == WaitKind::Gil).count();
            assert!(count >= 10, "{python}: {count} holds of a thread that shares the GIL for 400 ms");
            assert!(waits >= 10, "{python}: {waits} waits of a thread that shares the GIL for 400 ms");
        }
    });
}

#[test]
fn a_free_threaded_build_with_the_gil_on_has_holds() {
    on_every_python(|python| {
        if python.free_threaded {
            let run = Run::with(python, TWO_SPINNERS, With::Everything, &[("PYTHON_GIL", "1")]);
            run.assert_succeeded();
            assert!(run.holds().len() > 20, "{python}: {:?}", run.holds().len());
        }
    });
}

#[test]
fn waits_are_told_for_what_they_are() {
    const PROGRAM: &str = r#"
import os, select, socket, threading, time
def sleeper(): time.sleep(0.05)
def locked(lock):
    with lock: pass
def reader(fd): os.read(fd, 1)
def receiver(sock): sock.recv(1)
lock = threading.Lock(); lock.acquire()
r, w = os.pipe()
a, b = socket.socketpair()
threads = [threading.Thread(target=f, args=args, name=f.__name__)
           for f, *args in [(sleeper,), (locked, lock), (reader, r), (receiver, a)]]
for t in threads: t.start()
select.select([], [], [], 0.05)
lock.release(); os.write(w, b"x"); b.send(b"x")
for t in threads: t.join()
os.waitpid(os.posix_spawn("/bin/sh", ["sh", "-c", "sleep 0.05"], os.environ), 0)
"#;
    on_every_python(|python| {
        let run = Run::of(python, PROGRAM);
        run.assert_succeeded();
        let names = run.names();
        let seen = |name: &str, kind: WaitKind| {
            let waits = run.waits();
            let mut of_thread = waits.iter().filter(|w| names.get(&w.tid).is_some_and(|n| n == name));
            assert!(
                of_thread.any(|w| w.wait.kind == kind && w.to - w.from > 30_000_000),
                "{python}: no long {kind:?} of {name}"
            );
        };
        seen("sleeper", WaitKind::Sleep);
        seen("locked", WaitKind::Lock);
        seen("reader", WaitKind::Io);
        seen("receiver", WaitKind::Io);
        seen("MainThread", WaitKind::Sleep);
        seen("MainThread", WaitKind::Io);
    });
}

#[test]
fn a_wait_that_never_ends_is_told() {
    const PROGRAM: &str = "
import os, signal, threading
threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGKILL)).start()
lock = threading.Lock()
lock.acquire()
lock.acquire()
";
    on_every_python(|python| {
        let run = Run::of(python, PROGRAM);
        assert_eq!(run.status.signal(), Some(9), "{python}: {}", run.stderr);
        let last =
            run.records.iter().rfind(|r| r.tid == run.pid && matches!(r.what, What::WaitBegin(_) | What::WaitEnd));
        let told = matches!(last.map(|r| &r.what), Some(What::WaitBegin(wait)) if wait.kind == WaitKind::Lock);
        assert!(told, "{python}: {last:?}");
    });
}

const POOLS: &str = r#"
import multiprocessing as mp, sys, threading, concurrent.futures as cf
def task(n): return n
def child(): threading.Thread(target=task, args=(1,), name="inner").start()
if __name__ == "__main__":
    context = mp.get_context(sys.argv[1] if len(sys.argv) > 1 else "@METHOD@")
    p = context.Process(target=child, name="named child"); p.start(); p.join(); assert p.exitcode == 0
    with context.Pool(2) as pool: assert pool.map(task, range(10)) == list(range(10))
    with cf.ProcessPoolExecutor(2, mp_context=context) as pool: assert list(pool.map(task, range(10))) == list(range(10))
    with cf.ThreadPoolExecutor(2, thread_name_prefix="tp") as pool: assert list(pool.map(task, range(10))) == list(range(10))
    queue = context.Queue(); queue.put(1); assert queue.get() == 1; queue.close(); queue.join_thread()
    t = threading.Thread(target=task, args=(1,), name="before"); t.name = "renamed before"; t.start(); t.join()
    threading.main_thread().name = "Hauptf\u00e4dchen \u00fc\u00fc\u00fc \U0001f9f5 and a good deal more than sixteen bytes"
"#;

#[test]
fn names_and_helpers_are_told_under_every_start_method() {
    on_every_python(|python| {
        for method in ["fork", "spawn", "forkserver"] {
            let run = Run::of(python, &POOLS.replace("@METHOD@", method));
            run.assert_succeeded();
            let processes = run.process_names();
            let prefix = BTreeMap::from([("fork", "Fork"), ("spawn", "Spawn"), ("forkserver", "ForkServer")])[method];
            for name in ["named child", &format!("{prefix}PoolWorker-"), &format!("{prefix}Process-")] {
                let found = processes.iter().any(|process| process.starts_with(name));
                assert!(found, "{python} {method}: no {name} in {processes:?}");
            }
            let names = run.names();
            let all: BTreeSet<&str> = run.all_names();
            for name in ["inner", "tp_0", "renamed before", "QueueFeederThread"] {
                assert!(all.contains(name), "{python} {method}: no {name} in {all:?}");
            }
            assert_eq!(
                names[&run.pid],
                "Hauptf\u{e4}dchen \u{fc}\u{fc}\u{fc} \u{1f9f5} and a good deal more than sixteen bytes"
            );
            let helpers = run.helpers();
            let helping = |name: &str| names.iter().any(|(tid, n)| n.starts_with(name) && helpers.contains(tid));
            assert!(helping("QueueFeederThread"), "{python} {method}: {names:?} {helpers:?}");
            assert!(!helping("tp_") && !helping("inner") && !helpers.contains(&run.pid), "{python} {method}");
            assert_eq!(processes.contains("forkserver"), method == "forkserver", "{python} {method}: {processes:?}");
            assert!(run.records.iter().any(|r| r.pid == run.pid && r.what == What::ProgramStart));
            assert!(run.records.iter().any(|r| r.pid == run.pid && r.what == What::ProgramEnd));
        }
    });
}

/// What a program can see of the world around it.
const SEEN: &str = r#"
import json, os, subprocess, sys, ctypes
def env(text): return sorted(l for l in text.splitlines() if not l.startswith(("_=", "SHLVL=")))
getenv = ctypes.CDLL(None).getenv; getenv.restype = ctypes.c_char_p
child = "import os; print('\\n'.join(k + '=' + v for k, v in os.environ.items()))"
run = lambda *a, **k: env(subprocess.run(a, capture_output=True, text=True, check=True, **k).stdout)
print(json.dumps({
    "environ": list(os.environ.items()), "environb": len(os.environb), "path": sys.path[1:], "argv": sys.argv[1:],
    "getenv": [repr(getenv(n.encode())) for n in ("LD_PRELOAD", "PYTHONPATH", "CONCUR_TUTOR_LOG", "CONCUR_TUTOR_STARTUP")],
    "fds": sorted(os.listdir("/proc/self/fd")), "sitecustomize": getattr(sys.modules.get("sitecustomize"), "WHO", None),
    "loaded": "sitecustomize" in sys.modules, "meta_path": [getattr(f, "__name__", type(f).__name__) for f in sys.meta_path],
    "hooks": len(sys.path_hooks), "cache": [p for p in sys.path_importer_cache if "/proc/" in p],
    "threading": [m for m in ("threading", "multiprocessing", "struct", "mmap") if m in sys.modules and m in @UNLOADED@],
    "sh": run("sh", "-c", "env"), "python": run(sys.executable, "-c", child),
    "given": run(sys.executable, "-c", child, env={"A": "1", "PYTHONPATH": "q"}), "empty": run("/usr/bin/env", env={}),
}, indent=1))
"#;

#[test]
fn a_program_sees_what_it_sees_alone() {
    let folder = tempfile::tempdir().expect("a temporary directory");
    let inside = |name: &str| folder.path().join(name).to_str().expect("UTF-8").to_owned();
    std::fs::create_dir(inside("site")).expect("a writable temporary directory");
    std::fs::write(inside("site/sitecustomize.py"), "WHO = 'the user'").expect("a writable temporary directory");
    let path = format!("{}:{}", inside("site"), inside("nowhere"));
    let program = SEEN.replace("@UNLOADED@", "()");
    on_every_python(|python| {
        for env in [&[][..], &[("PYTHONPATH", path.as_str()), ("ODD", "a=b:c")], &[("LD_PRELOAD", "libm.so.6")]] {
            let alone = Run::with(python, &program, With::Nothing, env);
            for with in [With::Everything, With::StartupOnly] {
                if with == With::StartupOnly && program.contains("getenv") {
                    continue; // without the library the variables stay where C can see them, for descendants
                }
                let run = Run::with(python, &program, with, env);
                run.assert_succeeded();
                for (ours, theirs) in run.stdout.lines().zip(alone.stdout.lines()) {
                    assert_eq!(ours, theirs, "{python} with {env:?}");
                }
                assert_eq!(run.stdout.lines().count(), alone.stdout.lines().count(), "{python} with {env:?}");
                assert_eq!(run.stderr, alone.stderr, "{python} with {env:?}");
            }
        }
    });
}
