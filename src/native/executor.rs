//! `ThreadPoolExecutor` with `submit`: threads that stay, a line of jobs, and a `Future` for what each job gives.
//!
//! For jobs that all are known at the start, [`ThreadPool`](crate::native::ThreadPool) is enough. Here the jobs may come
//! from anywhere, from a job of the same executor too: then its worker may wait for ever, as in Python.

use crate::native::{Event, Lock, Py, Queue, Semaphore, Thread};
use crate::trace::Call;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

type Job = Box<dyn FnOnce(&Py) + Send>;

/// A few threads of one interpreter that work off a line of jobs. A clone is the same executor.
#[derive(Clone)]
pub struct Executor(Arc<Shared>);

struct Shared {
    workers: usize,
    /// The line of jobs; `None` sends one worker home.
    jobs: Arc<Queue<Option<Job>>>,
    /// How many workers wait for a job: while there are some, no thread is started (CPython 3.8).
    idle: Arc<Semaphore>,
    threads: Mutex<Vec<Thread<()>>>,
    /// One `submit` at a time. It gives up the GIL while it waits, so the mutex above is never held for long.
    submitting: Lock,
}

impl Executor {
    /// An executor of at most as many threads. They are started when there is work, and stay.
    #[must_use]
    pub fn new(workers: usize) -> Self {
        Self(Arc::new(Shared {
            workers,
            jobs: Arc::new(Queue::new(0)),
            idle: Arc::new(Semaphore::new(0)),
            threads: Mutex::default(),
            submitting: Lock::default(),
        }))
    }

    /// Puts a job at the end of the line and returns at once; starts a thread for it if none is idle and one may be.
    pub fn submit<T, F>(&self, py: &Py, work: F) -> Future<T>
    where
        T: Send + 'static,
        F: FnOnce(&Py) -> T + Send + 'static,
    {
        let future = Future::new();
        let own = future.clone();
        let job: Job = Box::new(move |py| own.complete(py, catch_unwind(AssertUnwindSafe(|| work(py))).ok()));
        self.0.submitting.with(py, || {
            self.0.jobs.put(py, Some(job));
            let started = self.0.threads().len();
            if !self.0.idle.try_acquire() && started < self.0.workers {
                let (jobs, idle) = (Arc::clone(&self.0.jobs), Arc::clone(&self.0.idle));
                let thread = Thread::start(py, &format!("worker_{started}"), move |py| work_off(py, &jobs, &idle));
                self.0.threads().push(thread);
            }
        });
        future
    }

    /// The end of `with executor:`: waits, without the GIL, until all jobs are done and the threads have ended.
    pub fn shutdown(&self, py: &Py) {
        let threads = std::mem::take(&mut *self.0.threads());
        for _ in &threads {
            self.0.jobs.put(py, None);
        }
        for thread in threads {
            thread.join(py);
        }
    }
}

impl Shared {
    fn threads(&self) -> MutexGuard<'_, Vec<Thread<()>>> {
        self.threads.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Executor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Executor").field("workers", &self.0.workers).finish_non_exhaustive()
    }
}

/// A worker's life.
fn work_off(py: &Py, jobs: &Queue<Option<Job>>, idle: &Semaphore) {
    loop {
        if jobs.is_empty() {
            idle.release().expect("it has no bound");
        }
        let Some(job) = jobs.get_in(py, Call::WorkGet) else { break };
        job(py);
    }
}

/// The result of a job, now or later. A clone is the same future. An exception is the `Err` of a job that gives a `Result`.
pub struct Future<T>(Arc<Promise<T>>);

struct Promise<T> {
    state: Mutex<State<T>>,
    done: Event,
}

enum State<T> {
    /// Not done; who is to be told.
    Pending(Vec<Job>),
    /// Done; `None` where the job panicked.
    Done(Option<T>),
}

impl<T> Future<T> {
    fn new() -> Self {
        Self(Arc::new(Promise { state: Mutex::new(State::Pending(Vec::new())), done: Event::default() }))
    }

    /// Waits, without the GIL, until the job is done, and gives what it gave. It can be asked again.
    ///
    /// # Panics
    /// If the job panicked.
    pub fn result(&self, py: &Py) -> T
    where
        T: Clone,
    {
        self.0.done.wait_in(py, Call::FutureResult);
        match &*self.state() {
            State::Done(Some(value)) => value.clone(),
            State::Done(None) | State::Pending(_) => panic!("the job panicked"),
        }
    }

    /// `add_done_callback`: calls `tell` in the worker once the job is done, or here and now if it is.
    fn when_done(&self, py: &Py, tell: Job) {
        if let State::Pending(waiters) = &mut *self.state() {
            waiters.push(tell);
            return;
        }
        tell(py);
    }

    fn complete(&self, py: &Py, value: Option<T>) {
        let before = std::mem::replace(&mut *self.state(), State::Done(value));
        self.0.done.set();
        if let State::Pending(waiters) = before {
            for tell in waiters {
                tell(py);
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State<T>> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Clone for Future<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> fmt::Debug for Future<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Future").field("done", &self.0.done.is_set()).finish_non_exhaustive()
    }
}

/// `as_completed`: the futures in the order in which they are done; waits, without the GIL, for each.
pub fn as_completed<T: Send + 'static>(py: &Py, futures: &[Future<T>]) -> impl Iterator<Item = Future<T>> {
    let finished = Arc::new(Queue::new(0));
    for future in futures {
        let (own, finished) = (future.clone(), Arc::clone(&finished));
        future.when_done(py, Box::new(move |py| finished.put(py, own)));
    }
    (0..futures.len()).map(move |_| finished.get_in(py, Call::FutureResult))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::native::Interpreter;

    #[test]
    fn every_job_is_done_once_and_its_future_keeps_the_result() {
        for gil in [true, false] {
            Interpreter::new(gil).run(|py| {
                let executor = Executor::new(3);
                let futures: Vec<_> = (0..500_u64).map(|n| executor.submit(py, move |_| n * n)).collect();
                let results = |futures: &[Future<u64>]| futures.iter().map(|future| future.result(py)).sum::<u64>();
                let sum: u64 = as_completed(py, &futures).map(|future| future.result(py)).sum();
                executor.shutdown(py);
                assert_eq!(sum, results(&futures), "asked again, GIL {gil}");
                assert_eq!(as_completed(py, &futures).count(), 500, "done before it was asked");
            });
        }
    }

    #[test]
    fn results_come_as_they_are_done() {
        let first = Arc::new(Event::default());
        Interpreter::new(true).run(|py| {
            let executor = Executor::new(2);
            let waits = Arc::clone(&first);
            let slow = executor.submit(py, move |py| {
                waits.wait(py);
                "slow"
            });
            let quick = executor.submit(py, |_| "quick");
            let futures = [slow, quick];
            let mut done = as_completed(py, &futures).map(|future| future.result(py));
            assert_eq!(done.next(), Some("quick"));
            first.set();
            assert_eq!(done.next(), Some("slow"));
            executor.shutdown(py);
        });
    }

    #[test]
    fn a_job_that_panics_takes_neither_its_worker_nor_the_others_along() {
        Interpreter::new(true).run(|py| {
            let executor = Executor::new(1);
            let bad: Future<u8> = executor.submit(py, |_| panic!("on purpose"));
            assert_eq!(executor.submit(py, |_| 7).result(py), 7);
            assert!(catch_unwind(AssertUnwindSafe(|| bad.result(py))).is_err());
            executor.shutdown(py);
        });
    }
}
