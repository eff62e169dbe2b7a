//! What stands for a pool of processes: a rayon pool whose workers share no GIL.
//!
//! A process has an interpreter of its own, and so a GIL of its own. That is all that matters for the picture, and all
//! that is modelled: the workers are threads of one process, nothing is pickled, and starting them is far cheaper.

use crate::eventlog::writer as marks;
use crate::native::{Interpreter, Py};
use crate::trace::{Call, Wait, WaitKind, WaitObject};
use rayon::prelude::*;
use std::sync::Arc;
use std::vec;

/// A rayon pool in which every job runs under an interpreter of the worker's own.
#[derive(Debug)]
pub struct ProcessPool {
    pool: rayon::ThreadPool,
    interpreters: Arc<[Interpreter]>,
}

/// An idle worker: it waits for a job.
const IDLE: Wait = Wait { kind: WaitKind::Idle, call: Call::WorkGet, object: WaitObject::Nothing };

impl ProcessPool {
    /// Starts as many workers.
    ///
    /// # Panics
    /// If the system has no more threads to give.
    #[must_use]
    pub fn new(py: &Py, workers: usize) -> Self {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(workers)
            .thread_name(|i| format!("process-{i}"))
            .start_handler(|i| {
                marks::thread_name(&format!("process-{i}"));
                marks::wait_begin(IDLE);
            })
            .exit_handler(|_| marks::wait_end())
            .build()
            .unwrap_or_else(|error| panic!("cannot start {workers} workers: {error}; lower WORKERS"));
        Self { pool, interpreters: (0..workers).map(|_| py.new_interpreter()).collect() }
    }

    /// Runs `work` on every item, each in the worker that is free first, and gives the results in the items' order, as
    /// `pool.map` does.
    pub fn map<T: Send, R: Send>(
        &self,
        py: &Py,
        items: impl IntoIterator<Item = T>,
        work: impl Fn(&Py, T) -> R + Sync,
    ) -> vec::IntoIter<R> {
        let items: Vec<T> = items.into_iter().collect();
        let all =
            || items.into_par_iter().with_max_len(1).map(|item| job(&self.interpreters, |py| work(py, item))).collect();
        let results: Vec<R> = py.wait(Call::RayonWait, WaitObject::Nothing, || self.pool.install(all));
        results.into_iter()
    }

    /// Calls `work` in the worker that is free first, and does not wait for it.
    pub(crate) fn spawn(&self, work: impl FnOnce(&Py) + Send + 'static) {
        let interpreters = Arc::clone(&self.interpreters);
        self.pool.spawn(move || job(&interpreters, work));
    }
}

/// Does `work` in the worker that calls this, under the interpreter of its own.
fn job<R>(interpreters: &[Interpreter], work: impl FnOnce(&Py) -> R) -> R {
    let worker = rayon::current_thread_index().expect("the pool's own threads work");
    marks::wait_end();
    let result = interpreters[worker].run(work);
    marks::wait_begin(IDLE);
    result
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Barrier;

    #[test]
    fn workers_hold_their_own_gils_at_the_same_time() {
        // Each job waits, with its GIL held, until the other one holds its own.
        let both = Barrier::new(2);
        let results = Interpreter::new(true).run(|py| {
            ProcessPool::new(py, 2).map(py, vec![1, 2], |_, item| {
                both.wait();
                item * 10
            })
        });
        assert!(results.eq([10, 20]));
    }
}
