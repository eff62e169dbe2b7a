//! `ThreadPoolExecutor` and `InterpreterPoolExecutor`: a few threads that work off many jobs.

use crate::native::{Interpreter, Py, Thread};
use std::sync::{Arc, Mutex, PoisonError};
use std::vec;

/// Threads of one interpreter: they share its GIL.
#[derive(Debug)]
pub struct ThreadPool {
    workers: usize,
}

/// Threads of one process, each in an interpreter, and so with a GIL, of its own (CPython 3.14).
#[derive(Debug)]
pub struct InterpreterPool {
    workers: usize,
}

impl ThreadPool {
    /// A pool of at most as many threads. They are started when there is work.
    #[must_use]
    pub const fn new(workers: usize) -> Self {
        Self { workers }
    }

    /// Runs `work` on every item, each in the thread that is free first, and gives the results in the items' order, as
    /// `pool.map` does.
    pub fn map<T, R, F>(&self, py: &Py, items: impl IntoIterator<Item = T>, work: F) -> vec::IntoIter<R>
    where
        T: Send + 'static,
        R: Send + 'static,
        F: Fn(&Py, T) -> R + Send + Sync + 'static,
    {
        map(py, self.workers, || py.interpreter().clone(), items, work)
    }
}

impl InterpreterPool {
    /// A pool of at most as many interpreters. They are started when there is work.
    #[must_use]
    pub const fn new(workers: usize) -> Self {
        Self { workers }
    }

    /// Runs `work` on every item, each in the interpreter that is free first, and gives the results in the items' order, as
    /// `pool.map` does.
    pub fn map<T, R, F>(&self, py: &Py, items: impl IntoIterator<Item = T>, work: F) -> vec::IntoIter<R>
    where
        T: Send + 'static,
        R: Send + 'static,
        F: Fn(&Py, T) -> R + Send + Sync + 'static,
    {
        map(py, self.workers, || py.new_interpreter(), items, work)
    }
}

fn map<T, R, F>(
    py: &Py,
    workers: usize,
    place: impl Fn() -> Interpreter,
    items: impl IntoIterator<Item = T>,
    work: F,
) -> vec::IntoIter<R>
where
    T: Send + 'static,
    R: Send + 'static,
    F: Fn(&Py, T) -> R + Send + Sync + 'static,
{
    let items: Vec<T> = items.into_iter().collect();
    let workers = workers.min(items.len());
    let jobs = Arc::new((Mutex::new(items.into_iter().enumerate()), work));
    let threads: Vec<_> = (0..workers)
        .map(|i| {
            let jobs = Arc::clone(&jobs);
            Thread::start_in(py, &place(), &format!("worker_{i}"), move |py| {
                let (items, work) = &*jobs;
                let next = || items.lock().unwrap_or_else(PoisonError::into_inner).next();
                let mut done = Vec::new();
                while let Some((index, item)) = next() {
                    done.push((index, work(py, item)));
                }
                done
            })
        })
        .collect();
    let mut done: Vec<_> = threads.into_iter().flat_map(|thread| thread.join(py)).collect();
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect::<Vec<_>>().into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Barrier;

    #[test]
    fn results_come_in_the_order_of_the_items() {
        Interpreter::new(true).run(|py| {
            let squares: Vec<u64> = (0..50).map(|i| i * i).collect();
            assert!(ThreadPool::new(4).map(py, 0..50, |_, i: u64| i * i).eq(squares.clone()));
            assert!(InterpreterPool::new(4).map(py, 0..50, |_, i: u64| i * i).eq(squares));
            assert_eq!(ThreadPool::new(4).map(py, Vec::<u64>::new(), |_, i| i).next(), None);
        });
    }

    #[test]
    fn interpreters_hold_their_own_gils_at_the_same_time() {
        // Each job waits, with its GIL held, until the other one holds its own.
        let both = Arc::new(Barrier::new(2));
        Interpreter::new(true).run(|py| {
            let leaders = InterpreterPool::new(2).map(py, [0, 1], move |_, _| both.wait().is_leader());
            assert_eq!(leaders.filter(|leader| *leader).count(), 1);
        });
    }
}
