//! The probes on real child processes. Linux only; where the system refuses a probe, its tests say so and pass.
#![cfg(target_os = "linux")]

use concur_tutor::inside::clock::{self, Nanos, SECOND};
use concur_tutor::inside::probe::{self, Probe};
use concur_tutor::inside::trace::{Pid, Record, Tid, WaitKind, What};
use std::collections::HashMap;
use std::process::{Child, Command, ExitStatus, Stdio};

/// How long a child may take; only a hang gets there.
const DEADLINE: Nanos = 60 * SECOND;

/// What a probe saw of a child.
struct Seen {
    pid: Pid,
    status: ExitStatus,
    records: Vec<Record>,
    lost: u64,
    /// The kernel's accounting of the child and its descendants.
    rusage: Nanos,
}

/// Runs commands one after another under one probe, all launched from this thread. `None`, with a note, where the
/// probe is refused.
fn observe(mut probe: Box<dyn Probe>, commands: &mut [Command]) -> Option<Vec<Seen>> {
    if let Err(refused) = probe.attach() {
        println!("skipped: {refused}");
        return None;
    }
    let mut seen = Vec::new();
    for command in commands {
        let mut records = Vec::new();
        let before = children_cpu();
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn().expect("spawn");
        probe.launched(child.id());
        let status = drain_until_exit(&mut *probe, &mut child, &mut records);
        probe.drain(clock::now(), &mut records);
        seen.push(Seen { pid: child.id(), status, records, lost: 0, rusage: children_cpu() - before });
    }
    let last = seen.last_mut().expect("at least one command");
    last.lost = probe.finish(clock::now(), &mut last.records);
    Some(seen)
}

fn drain_until_exit(probe: &mut dyn Probe, child: &mut Child, records: &mut Vec<Record>) -> ExitStatus {
    let deadline = clock::now() + DEADLINE;
    loop {
        std::thread::park_timeout(probe.interval());
        probe.drain(clock::now(), records);
        if let Some(status) = child.try_wait().expect("wait") {
            return status;
        }
        if clock::now() > deadline {
            child.kill().expect("kill");
            panic!("the child hangs");
        }
    }
}

/// CPU time of this process's children that have ended. Tests run in parallel, so each test's children must be its
/// own: the harness gives every test of this file a process of its own, see `alone`.
fn children_cpu() -> Nanos {
    use nix::sys::resource::{UsageWho, getrusage};
    use nix::sys::time::TimeValLike;
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).expect("getrusage");
    (usage.user_time().num_nanoseconds() + usage.system_time().num_nanoseconds()).unsigned_abs()
}

/// Runs the body in a fresh process of this test binary.
fn alone(test: &str, body: impl FnOnce()) {
    const MARK: &str = "CONCUR_TUTOR_PROBES_ALONE";
    if std::env::var_os(MARK).is_some_and(|name| name == test) {
        return body();
    }
    let output = Command::new(std::env::current_exe().expect("own path"))
        .args(["--exact", test, "--nocapture", "--test-threads=1"])
        .env(MARK, test)
        .output()
        .expect("run this test binary");
    print!("{}", String::from_utf8_lossy(&output.stdout));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// The interpreter itself: `python3` may be a script that finds it, which would be seen too.
fn python() -> Option<String> {
    let asked = Command::new("python3").args(["-c", "import sys; print(sys.executable)"]).output();
    let path = asked.ok().filter(|o| o.status.success()).map(|o| String::from_utf8_lossy(&o.stdout).trim().to_string());
    if path.is_none() {
        println!("skipped: no python3");
    }
    path
}

fn script(code: &str) -> Option<Command> {
    let mut command = Command::new(python()?);
    command.args(["-I", "-S", "-c", code]);
    Some(command)
}

/// One slice: from, to, core.
type Slice = (Nanos, Nanos, u32);

/// The slices of every thread; checks on the way that every `On` has its `Off`.
fn slices(records: &[Record]) -> HashMap<Tid, Vec<Slice>> {
    let mut open: HashMap<Tid, (Nanos, u32)> = HashMap::new();
    let mut slices: HashMap<Tid, Vec<Slice>> = HashMap::new();
    for record in records {
        match record.what {
            What::On { core } => {
                assert!(open.insert(record.tid, (record.at, core)).is_none(), "on twice: {record:?}");
            }
            What::Off { .. } => {
                let (from, core) = open.remove(&record.tid).unwrap_or_else(|| panic!("off without on: {record:?}"));
                slices.entry(record.tid).or_default().push((from, record.at, core));
            }
            _ => {}
        }
    }
    assert!(open.is_empty(), "left on a core at the end: {open:?}");
    slices
}

fn on_cpu(slices: &HashMap<Tid, Vec<Slice>>) -> Nanos {
    slices.values().flatten().map(|(from, to, _)| to - from).sum()
}

fn sampled_cpu(records: &[Record]) -> Nanos {
    records.iter().map(|r| if let What::Ran { cpu, .. } = r.what { cpu } else { 0 }).sum()
}

fn started(records: &[Record]) -> Vec<(Pid, Tid)> {
    records.iter().filter(|r| matches!(r.what, What::Start { .. })).map(|r| (r.pid, r.tid)).collect()
}

/// Asserts that two durations agree within `percent`, or within a few clock ticks.
#[track_caller]
fn assert_close(left: Nanos, right: Nanos, percent: u64) {
    let allowed = (left.max(right) * percent / 100).max(12_000_000);
    assert!(left.abs_diff(right) <= allowed, "{left} ns and {right} ns differ by more than {allowed} ns");
}

const SPIN: &str = "
import time
while time.process_time() < 0.5: sum(range(1000))
";

#[test]
fn perf_slices_match_the_kernels_accounting() {
    alone("perf_slices_match_the_kernels_accounting", || {
        let Some(command) = script(SPIN) else { return };
        let Some(seen) = observe(probe::perf(), &mut [command]) else { return };
        let seen = &seen[0];
        assert!(seen.status.success());
        assert_eq!(seen.lost, 0);
        assert_eq!(started(&seen.records), [(seen.pid, seen.pid)]);
        assert!(matches!(seen.records.last().map(|r| &r.what), Some(What::End)));
        assert_close(on_cpu(&slices(&seen.records)), seen.rusage, 2);
    });
}

#[test]
fn perf_sees_threads_and_descendants_and_slices_never_overlap() {
    alone("perf_sees_threads_and_descendants_and_slices_never_overlap", || {
        let Some(command) = script(
            "
import os, threading, time
def spin():
    until = time.perf_counter() + 0.1
    while time.perf_counter() < until: pass
threads = [threading.Thread(target=spin) for _ in range(3)]
for t in threads: t.start()
children = []
for _ in range(2):
    pid = os.fork()
    if pid == 0:
        spin()
        os._exit(0)
    children.append(pid)
for t in threads: t.join()
for c in children: os.waitpid(c, 0)
",
        ) else {
            return;
        };
        let Some(seen) = observe(probe::perf(), &mut [command]) else { return };
        let Seen { pid, records, lost, rusage, .. } = &seen[0];
        assert_eq!(*lost, 0);
        let started = started(records);
        assert_eq!(started.len(), 6, "main, 3 threads, 2 children: {started:?}");
        assert_eq!(started.iter().filter(|(p, _)| p == pid).count(), 4);
        for record in records {
            if let What::Start { parent } = record.what {
                assert_eq!(parent, if record.tid == *pid { std::process::id() } else { *pid }, "{record:?}");
            }
        }
        let slices = slices(records);
        assert_close(on_cpu(&slices), *rusage, 2);
        let mut by_core: HashMap<u32, Vec<(Nanos, Nanos)>> = HashMap::new();
        for (from, to, core) in slices.values().flatten() {
            by_core.entry(*core).or_default().push((*from, *to));
        }
        for list in by_core.values_mut() {
            list.sort_unstable();
            assert!(list.windows(2).all(|w| w[0].1 <= w[1].0), "two threads on one core at once");
        }
    });
}

#[test]
fn perf_follows_several_children_and_never_the_launcher() {
    alone("perf_follows_several_children_and_never_the_launcher", || {
        let spin = || {
            let mut command = Command::new("sh");
            command.args(["-c", "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done"]);
            command
        };
        let Some(seen) = observe(probe::perf(), &mut [spin(), spin()]) else { return };
        for one in &seen {
            assert!(one.records.iter().all(|r| r.pid == one.pid && r.tid == one.pid), "only the child itself");
            assert!(matches!(&one.records[1].what, What::Exec { comm } if comm == "sh"), "{:?}", one.records);
            assert!(on_cpu(&slices(&one.records)) > 0);
        }
    });
}

const FAMILY: &str = "
import os, threading, time
def spin(seconds):
    until = time.thread_time() + seconds
    while time.thread_time() < until: pass
threads = [threading.Thread(target=spin, args=(0.15,)) for _ in range(2)]
for t in threads: t.start()
child = os.fork()
if child == 0:
    spin(0.3)
    os._exit(0)
for t in threads: t.join()
os.waitpid(child, 0)
";

#[test]
fn schedstat_follows_the_family_and_agrees_with_the_kernels_accounting() {
    alone("schedstat_follows_the_family_and_agrees_with_the_kernels_accounting", || {
        let Some(command) = script(FAMILY) else { return };
        let Some(seen) = observe(probe::schedstat(), &mut [command]) else { return };
        let Seen { pid, records, rusage, .. } = &seen[0];
        let started = started(records);
        assert_eq!(started.len(), 4, "main, 2 threads, 1 child: {started:?}");
        assert_eq!(started.iter().filter(|(p, _)| p == pid).count(), 3);
        // What a process uses after the last sample is gone with it, more of it on a busy machine.
        assert_close(sampled_cpu(records), *rusage, 10);
        for record in records {
            if let What::Ran { since, .. } = record.what {
                assert!(since < record.at, "{record:?}");
            }
        }
        let ended: Vec<Tid> = records.iter().filter(|r| r.what == What::End).map(|r| r.tid).collect();
        assert_eq!(ended.len(), 4, "{ended:?}");
    });
}

#[test]
fn perf_and_schedstat_agree() {
    alone("perf_and_schedstat_agree", || {
        let (Some(first), Some(second)) = (script(FAMILY), script(FAMILY)) else { return };
        let Some(exact) = observe(probe::perf(), &mut [first]) else { return };
        let Some(sampled) = observe(probe::schedstat(), &mut [second]) else { return };
        // Two runs: compared by what each saw of its own accounting, in parts per thousand.
        let share = |seen: Nanos, of: Nanos| seen * 1000 / of;
        let exact = share(on_cpu(&slices(&exact[0].records)), exact[0].rusage);
        let sampled = share(sampled_cpu(&sampled[0].records), sampled[0].rusage);
        assert!(exact.abs_diff(sampled) <= 100, "{exact} and {sampled} parts of 1000");
    });
}

const WAITS: &str = "
import os, sys, threading, time
def spin():
    both.wait()
    while time.thread_time() < 0.2: pass
def locked():
    with lock: pass
both = threading.Barrier(2)
lock = threading.Lock()
lock.acquire()
inlet, outlet = os.pipe()
threads = [
    threading.Thread(target=locked),
    threading.Thread(target=time.sleep, args=(0.3,)),
    threading.Thread(target=os.read, args=(inlet, 1)),
    threading.Thread(target=spin),
    threading.Thread(target=spin),
]
for t in threads: t.start()
for t in threads[3:]: t.join()
lock.release()
os.write(outlet, b'x')
for t in threads: t.join()
has_gil = getattr(sys, '_is_gil_enabled', lambda: True)()
sys.exit(0 if has_gil else 7)
";

/// Nanoseconds by kind of wait, of one thread.
fn waits(records: &[Record], tid: Tid) -> HashMap<WaitKind, Nanos> {
    let mut sums = HashMap::new();
    for record in records.iter().filter(|r| r.tid == tid) {
        if let What::SeenWaiting { since, wait } = record.what {
            *sums.entry(wait.kind).or_default() += record.at - since;
        }
    }
    sums
}

#[test]
fn procfs_tells_the_gil_from_a_lock_and_sleep_from_input() {
    alone("procfs_tells_the_gil_from_a_lock_and_sleep_from_input", || {
        let Some(mut command) = script(WAITS) else { return };
        if let Some(path) = std::env::var_os("CONCUR_TUTOR_TEST_PYTHON") {
            command = Command::new(path);
            command.args(["-I", "-S", "-c", WAITS]);
        }
        let Some(seen) = observe(probe::procfs(), &mut [command]) else { return };
        let Seen { pid, records, status, .. } = &seen[0];
        let mut tids: Vec<Tid> = records.iter().map(|r| r.tid).filter(|tid| tid != pid).collect();
        tids.sort_unstable();
        tids.dedup();
        let most = |tid: &Tid| waits(records, *tid).into_iter().max_by_key(|(_, time)| *time);
        let kinds: Vec<_> = tids.iter().map(|tid| most(tid).map(|(kind, _)| kind)).collect();
        println!("{status} {:?}", tids.iter().map(|tid| waits(records, *tid)).collect::<Vec<_>>());
        let count = |kind| kinds.iter().filter(|k| **k == Some(kind)).count();
        let has_gil = status.code() == Some(0);
        assert_eq!(count(WaitKind::Gil), if has_gil { 2 } else { 0 }, "{kinds:?}");
        assert_eq!((count(WaitKind::Sleep), count(WaitKind::Io)), (1, 1), "{kinds:?}");
        assert!(count(WaitKind::Lock) >= 1, "{kinds:?}");
    });
}
