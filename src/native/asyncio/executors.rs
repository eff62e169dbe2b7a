//! Work that the loop hands to threads and processes, so that it can go on itself.

use super::waiting;
use crate::eventlog::writer::TaskAwaits;
use crate::native::{ProcessPool, Py, Thread};
use std::future::Future;
use std::panic::Location;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::{Semaphore, oneshot};

/// How many threads `to_thread` uses at most: as many as CPython's default executor.
static THREADS: LazyLock<Semaphore> = LazyLock::new(|| {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    Semaphore::new((cores + 4).min(32))
});

/// `asyncio.to_thread` (CPython 3.9): calls `work` in another thread, while this loop goes on. The thread needs the same GIL.
///
/// # Panics
/// With the work's own panic, or if the system has no more threads to give.
#[track_caller]
pub fn to_thread<T: Send + 'static>(py: &Py, work: impl FnOnce(&Py) -> T + Send + 'static) -> impl Future<Output = T> {
    let from = Location::caller();
    waiting(("to_thread", from, TaskAwaits::Future), in_thread(py, work))
}

async fn in_thread<T: Send + 'static>(py: &Py, work: impl FnOnce(&Py) -> T + Send + 'static) -> T {
    static STARTED: AtomicUsize = AtomicUsize::new(0);
    let _slot = THREADS.acquire().await;
    let name = format!("asyncio_{}", STARTED.fetch_add(1, Ordering::Relaxed));
    let (done, told) = oneshot::channel();
    let thread = Thread::start(py, &name, move |py| drop(done.send(work(py))));
    if let Ok(result) = told.await {
        return result;
    }
    thread.join(py);
    unreachable!("a thread that gives no result has panicked, and joining it goes on with the panic")
}

/// `loop.run_in_executor` with a pool of processes: calls `work` in one of them, while this loop goes on.
///
/// # Panics
/// If the work panics.
#[track_caller]
pub fn run_in_executor<T, W>(pool: &ProcessPool, work: W) -> impl Future<Output = T> + use<T, W>
where
    T: Send + 'static,
    W: FnOnce(&Py) -> T + Send + 'static,
{
    let (done, told) = oneshot::channel();
    pool.spawn(move |py| drop(done.send(work(py))));
    let from = Location::caller();
    let told = async { told.await.expect("the work in a process has failed") };
    waiting(("run_in_executor", from, TaskAwaits::Future), told)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::native::Interpreter;
    use crate::native::asyncio::{gather, run};
    use std::sync::{Arc, Barrier};

    #[test]
    fn the_loop_goes_on_while_threads_and_processes_work() {
        // Each work is over only when the loop has gone on, and all of them run at the same time.
        let all = Arc::new(Barrier::new(2));
        let results = Interpreter::new(true).run(|py| {
            let pool = ProcessPool::new(py, 2);
            run(py, async {
                let threads = gather([1, 2].map(|number| {
                    let all = Arc::clone(&all);
                    to_thread(py, move |py| {
                        py.allow_threads(|| all.wait());
                        number
                    })
                }));
                let processes = gather([3, 4].map(|number| {
                    let all = Arc::clone(&all);
                    run_in_executor(&pool, move |_| {
                        all.wait();
                        number
                    })
                }));
                [threads.await, processes.await].concat()
            })
        });
        assert_eq!(results, [1, 2, 3, 4]);
    }

    #[test]
    fn a_panic_in_a_thread_reaches_who_awaits_it() {
        let outcome = std::panic::catch_unwind(|| {
            Interpreter::new(true).run(|py| run(py, to_thread(py, |_| panic!("on purpose"))));
        });
        assert!(outcome.is_err());
    }
}
