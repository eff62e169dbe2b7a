//! The event log against every CPython here: who held the GIL when, who waited for what, under which name; and that programs
//! see and do what they see and do alone. And the preloaded library alone, under valgrind.
#![cfg(target_os = "linux")]

#[path = "marks/idle.rs"]
mod idle;
#[path = "marks/names.rs"]
mod names;
#[path = "marks/run.rs"]
mod run;
#[path = "marks/tasks.rs"]
mod tasks;
#[path = "marks/valgrind.rs"]
mod valgrind;

use concur_tutor::inside::trace::{WaitKind, WaitObject, What};
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
os.dup2(r, 0)
a, b = socket.socketpair()
print(a.fileno())
threads = [threading.Thread(target=f, args=args, name=f.__name__)
           for f, *args in [(sleeper,), (locked, lock), (reader, 0), (receiver, a)]]
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
        let seen = |name: &str, kind: WaitKind, is_it: &dyn Fn(WaitObject) -> bool| {
            let waits = run.waits();
            let of_thread = waits.iter().filter(|w| names.get(&w.tid).is_some_and(|n| n == name));
            let long: Vec<_> =
                of_thread.filter(|w| w.wait.kind == kind && w.to - w.from > 30_000_000).map(|w| w.wait).collect();
            assert!(long.iter().any(|w| is_it(w.object)), "{python}: no such long {kind:?} of {name} in {long:?}");
        };
        let nothing = |object| object == WaitObject::Nothing;
        let socket = run.stdout.trim().parse().expect("a descriptor");
        seen("sleeper", WaitKind::Sleep, &nothing);
        seen("locked", WaitKind::Lock, &|object| matches!(object, WaitObject::Lock(_)));
        seen("reader", WaitKind::Io, &|object| object == WaitObject::Descriptor(0));
        seen("receiver", WaitKind::Io, &|object| object == WaitObject::Descriptor(socket));
        seen("MainThread", WaitKind::Sleep, &nothing);
        seen("MainThread", WaitKind::Io, &nothing);
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
    on_every_python(|python| {
        for env in [&[][..], &[("PYTHONPATH", path.as_str()), ("ODD", "a=b:c")], &[("LD_PRELOAD", "libm.so.6")]] {
            let alone = Run::with(python, SEEN, With::Nothing, env);
            let run = Run::with(python, SEEN, With::Everything, env);
            run.assert_succeeded();
            run.assert_same(&alone, &format!("{python} with {env:?}"));
        }
    });
}

#[test]
fn names_come_without_the_library_too() {
    // Without it the variables stay where C can see them, for descendants; Python's own view is clean.
    const PYTHONS_VIEW: &str =
        "import os, sys; print(*os.environ.items(), *sys.path[1:], sorted(sys.modules), sep='\\n')";
    on_every_python(|python| {
        for method in ["fork", "spawn", "forkserver"] {
            let run = Run::with(python, &POOLS.replace("@METHOD@", method), With::StartupOnly, &[]);
            run.assert_succeeded();
            assert!(run.process_names().contains("named child"), "{python} {method}: {:?}", run.process_names());
            for name in ["inner", "tp_0", "renamed before", "QueueFeederThread"] {
                assert!(run.all_names().contains(name), "{python} {method}: no {name} in {:?}", run.all_names());
            }
            assert!(run.names()[&run.pid].starts_with("Hauptf\u{e4}dchen \u{fc}\u{fc}\u{fc} \u{1f9f5} and"));
            assert!(run.holds().is_empty() && run.waits().is_empty());
        }
        for env in [&[][..], &[("PYTHONPATH", "/nowhere:/nor here")]] {
            let alone = Run::with(python, PYTHONS_VIEW, With::Nothing, env);
            let run = Run::with(python, PYTHONS_VIEW, With::StartupOnly, env);
            let without =
                |text: &str| text.replace("'_posixsubprocess', ", "").replace("'mmap', ", "").replace("'atexit', ", "");
            assert_eq!(without(&run.stdout), without(&alone.stdout), "{python} with {env:?}");
        }
    });
}

#[test]
fn each_interpreter_has_a_gil_of_its_own() {
    const PROGRAM: &str = "
from concurrent.futures import InterpreterPoolExecutor
from time import process_time
def work(seconds):
    end = process_time() + seconds
    while process_time() < end: sum(i * i for i in range(1000))
if __name__ == '__main__':
    with InterpreterPoolExecutor(2) as pool: list(pool.map(work, [0.1, 0.1]))
";
    on_every_python(|python| {
        if python.version < (3, 14) || python.free_threaded {
            return;
        }
        let run = Run::of(python, PROGRAM);
        run.assert_succeeded();
        let gils: BTreeSet<u64> = run.holds().iter().map(|hold| hold.gil).collect();
        assert_eq!(gils.len(), 3, "{python}: the main interpreter's and the workers'");
        assert!(run.overlapping_holds().is_empty(), "{python}");
        let starts = run.records.iter().filter(|r| r.what == What::ProgramStart).count();
        assert_eq!(starts, 1, "{python}: a program starts once, however many interpreters it has");
        assert_eq!(run.names()[&run.pid], "MainThread", "{python}");
    });
}

#[test]
fn odd_ways_of_a_program_stay_as_they_are() {
    // Each prints what happened; alone and observed must agree.
    const PROGRAMS: &[&str] = &[
        // errno of failed and interrupted calls, and of calls with a time-out
        "
import errno, os, select, signal, socket, time, threading
def tried(f, *a):
    try: return f(*a)
    except OSError as e: return errno.errorcode[e.errno]
r, w = os.pipe(); os.set_blocking(r, False)
print(tried(os.read, r, 1), tried(os.read, 99, 1), tried(os.write, 99, b'x'), tried(os.waitpid, -1, os.WNOHANG), tried(os.wait))
s = socket.socket(); s.settimeout(0.01); s.bind(('127.0.0.1', 0)); s.listen()
try: s.accept()
except TimeoutError as e: print(repr(e))
except socket.timeout as e: print(repr(e))
print(tried(socket.create_connection, ('127.0.0.1', 1)), select.select([r], [], [], 0), threading.Lock().acquire(timeout=0.01))
signal.signal(signal.SIGALRM, lambda *a: print('alarm')); signal.setitimer(signal.ITIMER_REAL, 0.02); time.sleep(0.05)
def raising(*a):
    signal.setitimer(signal.ITIMER_REAL, 0)
    raise KeyError('from a handler')
signal.signal(signal.SIGALRM, raising)
lock = threading.Lock(); lock.acquire()
for blocked in (lambda: os.read(os.pipe()[0], 1)), lock.acquire, (lambda: time.sleep(60)):
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.02, 0.02)
        blocked()
    except KeyError as e: print(repr(e))
",
        // exit statuses, handlers at exit, output of threads that raise
        "
import atexit, sys, threading
atexit.register(print, 'atexit'); t = threading.Thread(target=lambda: 1 / 0, name='t'); t.start(); t.join(); sys.exit(7)
",
        "import os, signal; os.kill(os.getpid(), signal.SIGTERM)",
        "import os; os.abort()",
        "raise SystemExit('gone')",
        // fork from threads, by hand, and through others
        "
import os, subprocess, sys, threading
def child(n):
    pid = os.fork()
    if not pid:
        t = threading.Thread(target=lambda: None); t.start(); t.join(); os._exit(n)
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
for n in (3, 4):
    t = threading.Thread(target=child, args=(n,)); t.start(); t.join()
print(os.system('exit 5') >> 8, os.system('env | grep -c -e CONCUR_TUTOR_R -e LD_PRE') >> 8, os.system(''), os.system('kill -2 $$'), subprocess.run(['sh', '-c', 'kill -9 $$']).returncode, flush=True)
print(subprocess.run([sys.executable, '-I', '-c', 'print(1)'], close_fds=True, stdout=subprocess.PIPE).stdout)
os.execv(sys.executable, [sys.executable, '-c', 'import os, threading; print(sorted(os.environ) == [\"A\"], threading.main_thread().name)'] if 0 else [sys.executable, '-c', 'print(2)'])
",
        // a program that closes and counts what it has, limits itself, and calls itself a daemon
        "
import os, resource, threading, warnings
# 3.12 warns of a fork beside threads, joined ones too while the system still counts them.
warnings.simplefilter('ignore', DeprecationWarning)
resource.setrlimit(resource.RLIMIT_AS, (1 << 31, 1 << 31))
os.closerange(3, 256)
ts = [threading.Thread(target=bytearray, args=(1 << 20,)) for _ in range(4)]
for t in ts: t.start()
for t in ts: t.join()
if os.fork() == 0:
    os.setsid(); os.chdir('/'); os._exit(0)
print(os.wait()[1], len(os.listdir('/proc/self/fd')))
",
        // asyncio: its loop, its subprocesses, its threads
        "
import asyncio, sys
async def main():
    p = await asyncio.create_subprocess_exec(sys.executable, '-c', 'print(6)', stdout=asyncio.subprocess.PIPE)
    out, _ = await p.communicate()
    print(out, p.returncode, await asyncio.to_thread(sum, [1, 2]))
    await asyncio.gather(*(asyncio.sleep(0.01) for _ in range(50)))
asyncio.run(main())
",
    ];
    on_every_python(|python| {
        // Whether CPython warns of a fork beside other threads depends on whether the last one is quite gone.
        let quiet = &[("PYTHONWARNINGS", "ignore")];
        for program in PROGRAMS {
            let alone = Run::with(python, program, With::Nothing, quiet);
            let run = Run::with(python, program, With::Everything, quiet);
            run.assert_same(&alone, &format!("{python}: {program}"));
            assert_eq!(run.lost, 0, "{python}: {program}");
        }
    });
}

#[test]
fn every_way_to_start_a_process_is_seen() {
    const PROGRAM: &str = r#"
import os, subprocess, sys
name = "import threading; threading.current_thread().name = '%s'"
run = lambda n: [sys.executable, "-c", name % n]
subprocess.run(run("subprocess"), check=True)
subprocess.run(run("emptied"), check=True, env={})
subprocess.run(run("unforked"), check=True, close_fds=False)
os.waitpid(os.posix_spawn(sys.executable, run("posix_spawn"), {}), 0)
assert os.system(sys.executable + ' -c "' + name % "system" + '"') == 0
subprocess.run(["sh", "-c", '"$0" "$@"'] + run("through a shell"), check=True)
subprocess.run(["env", "-i"] + run("through env -i"), check=True)
os.execv(sys.executable, run("execv"))
"#;
    on_every_python(|python| {
        let run = Run::of(python, PROGRAM);
        run.assert_succeeded();
        for name in
            ["subprocess", "emptied", "unforked", "posix_spawn", "system", "through a shell", "through env -i", "execv"]
        {
            assert!(run.all_names().contains(name), "{python}: no {name} in {:?}", run.all_names());
        }
    });
}
