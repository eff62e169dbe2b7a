//! Workers of Python's pools: idle where they wait for work, and only there.

use crate::run::{Run, on_every_python};
use concur_tutor::inside::trace::{Call, Tid, WaitKind};
use std::collections::BTreeMap;

/// How long each thread waited so far, for work and for a lock, in nanoseconds.
#[derive(Debug, Default, Clone, Copy)]
struct Waited {
    idle: u64,
    lock: u64,
    io: u64,
}

fn waited(run: &Run) -> BTreeMap<Tid, Waited> {
    let mut out: BTreeMap<Tid, Waited> = BTreeMap::new();
    for wait in run.waits() {
        let sums = out.entry(wait.tid).or_default();
        let length = wait.to.saturating_sub(wait.from);
        match wait.wait.kind {
            WaitKind::Idle => sums.idle += length,
            WaitKind::Lock => sums.lock += length,
            WaitKind::Io => sums.io += length,
            WaitKind::Gil | WaitKind::Sleep => {}
        }
    }
    out
}

/// The threads that say in a line of their output that they are workers: of which process, and which thread.
fn workers(run: &Run) -> Vec<Tid> {
    let mut out: Vec<Tid> = run.stdout.lines().map(|line| line.parse().expect("a thread's number")).collect();
    out.sort_unstable();
    out.dedup();
    assert_eq!(out.len(), 2, "{}: {}", run.stdout, run.stderr);
    out
}

/// The program in which `pool` is a pool of two workers: both are in a call at once, then both have nothing to do.
fn program(pool: &str, work: &str) -> String {
    format!(
        "
import os, threading, time, multiprocessing
from concurrent.futures import ThreadPoolExecutor, ProcessPoolExecutor
from multiprocessing.pool import Pool, ThreadPool
def main():
    context = multiprocessing.get_context('fork')
{work}
    with {pool} as pool:
        for tid in list(pool.map(work, [0, 1])): print(tid)
        time.sleep(0.25)
main()
"
    )
}

/// What a worker does in its thread: both wait for a lock, which a timer's thread lets go of.
const FOR_A_LOCK: &str = "
    lock = threading.Lock()
    lock.acquire()
    both = threading.Barrier(2, lambda: threading.Timer(0.2, lock.release).start())
    def work(_):
        both.wait()
        with lock: return threading.get_native_id()
";

/// What a worker does in its process: both wait for a pipe, into which a timer's thread writes.
const FOR_A_PIPE: &str = "
    r, w = os.pipe()
    global work, write
    def write(): threading.Timer(0.2, os.write, (w, b'xx')).start()
    both = context.Barrier(2, write)
    def work(_):
        both.wait()
        os.read(r, 1)
        return threading.get_native_id()
";

#[test]
fn a_thread_of_a_pool_is_idle_without_work_and_waits_for_a_lock_at_work() {
    for pool in ["ThreadPoolExecutor(2)", "ThreadPool(2)"] {
        on_every_python(|python| {
            let run = Run::of(python, &program(pool, FOR_A_LOCK));
            run.assert_succeeded();
            let waited = waited(&run);
            for worker in workers(&run) {
                let of = waited[&worker];
                assert!(of.idle > 0 && of.lock > 0, "{python}, {pool}: {of:?}");
            }
            let idle = waited.values().filter(|of| of.idle > 0).count();
            assert_eq!(idle, 2, "{python}, {pool}: nobody else is a worker, {waited:?}");
        });
    }
}

#[test]
fn a_process_of_a_pool_is_idle_without_work_and_waits_for_a_pipe_at_work() {
    for pool in ["ProcessPoolExecutor(2, mp_context=context)", "context.Pool(2)"] {
        on_every_python(|python| {
            let run = Run::of(python, &program(pool, FOR_A_PIPE));
            run.assert_succeeded();
            let waited = waited(&run);
            for worker in workers(&run) {
                let of = waited[&worker];
                assert!(of.idle > 0 && of.io > 0, "{python}, {pool}: {of:?}");
            }
            let idle = waited.values().filter(|of| of.idle > 0).count();
            assert_eq!(idle, 2, "{python}, {pool}: nobody else is a worker, {waited:?}");
        });
    }
}

#[test]
fn a_thread_that_gets_from_a_queue_of_its_own_waits_for_a_lock() {
    const PROGRAM: &str = "
import queue, threading, time
from concurrent.futures import ThreadPoolExecutor
own = queue.SimpleQueue()
def wait_for_it(): own.get()
thread = threading.Thread(target=wait_for_it, name='own')
thread.start()
with ThreadPoolExecutor(1, 'pool') as pool:
    future = pool.submit(own.get)
    time.sleep(0.3)
    own.put(None); own.put(None)
    future.result()
thread.join()
";
    on_every_python(|python| {
        let run = Run::of(python, PROGRAM);
        run.assert_succeeded();
        let (names, waited) = (run.names(), waited(&run));
        for name in ["own", "pool_0"] {
            let tid = names.iter().find(|(_, n)| *n == name).map(|(tid, _)| *tid).expect("told");
            let of = waited[&tid];
            assert!(of.lock > 0, "{python}, {name}: {of:?}");
        }
    });
}

#[test]
fn a_wait_for_workers_is_told_as_one_and_a_wait_for_an_event_is_not() {
    const PROGRAM: &str = "
import threading
from concurrent.futures import ThreadPoolExecutor, as_completed, wait
from multiprocessing.pool import ThreadPool
def main():
    mine, pause = threading.Event(), threading.Event()
    def until_main_waits(line):
        while not line(): pause.wait(0.001)
        pause.wait(0.05)
    thread = threading.Thread(target=mine.wait, args=(0.1,))
    thread.start(); thread.join()
    with ThreadPoolExecutor(1) as pool:
        for collect, line in [
            (lambda future: future.result(), lambda future: future._condition._waiters),
            (lambda future: wait([future]), lambda future: future._waiters),
            (lambda future: list(as_completed([future])), lambda future: future._waiters),
        ]:
            cell = []
            cell.append(pool.submit(until_main_waits, lambda: cell and line(cell[0])))
            collect(cell[0])
    with ThreadPool(1) as pool:
        cell = []
        line = lambda: cell and cell[0]._event._cond._waiters
        cell.append(pool.apply_async(until_main_waits, (line,)))
        cell[0].get()
    threading.Thread(target=lambda: (until_main_waits(lambda: mine._cond._waiters), mine.set())).start()
    mine.wait()
main()
";
    on_every_python(|python| {
        let run = Run::of(python, PROGRAM);
        run.assert_succeeded();
        let waits = run.waits();
        let of_main = |call: Call| waits.iter().filter(|w| w.tid == run.pid && w.wait.call == call).count();
        assert!(of_main(Call::PyThreadJoin) >= 1, "{python}: {waits:?}");
        assert!(of_main(Call::PyFuture) >= 1, "{python}: {waits:?}");
        assert!(of_main(Call::PyPool) >= 1, "{python}: {waits:?}");
        let locks = waits.iter().filter(|w| w.tid == run.pid && w.wait.kind == WaitKind::Lock);
        assert!(locks.filter(|w| !w.wait.call.is_for_workers()).count() >= 1, "{python}: the event, {waits:?}");
    });
}
