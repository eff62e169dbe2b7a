//! `queue.Queue`: a line of items between threads that put and threads that get.

use crate::native::{Condition, Lock, Py};
use crate::trace::Call;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// A first-in, first-out queue, as Python builds it: one lock, and two conditions beside it.
#[derive(Debug)]
pub struct Queue<T> {
    lock: Arc<Lock>,
    not_empty: Condition,
    not_full: Condition,
    items: Mutex<VecDeque<T>>,
    /// The most items it holds; `None` for any number.
    limit: Option<usize>,
    /// Whether it was shut down. Written under `lock`.
    shut: AtomicBool,
}

/// Nothing more can be put into the queue, or got out of it: it was shut down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the queue was shut down")]
pub struct ShutDown;

impl<T> Queue<T> {
    /// A queue of at most `limit` items, or without limit where it is 0, as in Python.
    #[must_use]
    pub fn new(limit: usize) -> Self {
        let lock = Arc::new(Lock::default());
        Self {
            not_empty: Condition::new(Arc::clone(&lock)),
            not_full: Condition::new(Arc::clone(&lock)),
            lock,
            items: Mutex::default(),
            limit: (limit > 0).then_some(limit),
            shut: AtomicBool::new(false),
        }
    }

    /// Puts an item at the end; waits, without the GIL, while the queue is full.
    ///
    /// # Panics
    /// If the queue is shut down, before or meanwhile, as Python raises `ShutDown`.
    pub fn put(&self, py: &Py, item: T) {
        self.put_or_shut_down(py, item).unwrap_or_else(|error| panic!("{error}"));
    }

    /// As [`Queue::put`], for a queue that somebody shuts down.
    ///
    /// # Errors
    /// [`ShutDown`] where it was shut down, also while this waited for room.
    pub fn put_or_shut_down(&self, py: &Py, item: T) -> Result<(), ShutDown> {
        self.lock.acquire(py);
        while !self.is_shut() && self.limit.is_some_and(|limit| self.len() >= limit) {
            self.not_full.wait_in(py, Call::QueuePut).expect("the lock is held here");
        }
        let put = if self.is_shut() {
            Err(ShutDown)
        } else {
            self.with(|items| items.push_back(item));
            self.not_empty.notify(1).expect("the lock is held here");
            Ok(())
        };
        self.lock.release().expect("the lock is held here");
        put
    }

    /// Gets the first item; waits, without the GIL, while the queue is empty.
    ///
    /// # Panics
    /// If the queue was shut down and is empty, as Python raises `ShutDown`.
    pub fn get(&self, py: &Py) -> T {
        self.get_in(py, Call::QueueGet)
    }

    /// As [`Queue::get`], under the name of the call that is built on it.
    pub(crate) fn get_in(&self, py: &Py, call: Call) -> T {
        self.get_unless_shut_down(py, call).unwrap_or_else(|error| panic!("{error}"))
    }

    /// As [`Queue::get`], for a queue that somebody shuts down.
    ///
    /// # Errors
    /// [`ShutDown`] where it was shut down and all that was put before has been got.
    pub fn get_or_shut_down(&self, py: &Py) -> Result<T, ShutDown> {
        self.get_unless_shut_down(py, Call::QueueGet)
    }

    fn get_unless_shut_down(&self, py: &Py, call: Call) -> Result<T, ShutDown> {
        self.lock.acquire(py);
        let item = loop {
            if let Some(item) = self.with(VecDeque::pop_front) {
                break Ok(item);
            }
            if self.is_shut() {
                break Err(ShutDown);
            }
            self.not_empty.wait_in(py, call).expect("the lock is held here");
        };
        self.not_full.notify(1).expect("the lock is held here");
        self.lock.release().expect("the lock is held here");
        item
    }

    /// Shuts the queue down (CPython 3.13): what is in it can still be got. Then whoever gets is told [`ShutDown`], and who puts, at once.
    ///
    /// # Panics
    /// Never: the lock is held where it is needed.
    pub fn shutdown(&self, py: &Py) {
        self.lock.acquire(py);
        self.shut.store(true, Ordering::Relaxed);
        self.not_empty.notify_all().expect("the lock is held here");
        self.not_full.notify_all().expect("the lock is held here");
        self.lock.release().expect("the lock is held here");
    }

    /// How many items it holds now; a moment later it may be another number.
    #[must_use]
    pub fn len(&self) -> usize {
        self.with(|items| items.len())
    }

    /// Whether it is empty now.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn is_shut(&self) -> bool {
        self.shut.load(Ordering::Relaxed)
    }

    fn with<R>(&self, f: impl FnOnce(&mut VecDeque<T>) -> R) -> R {
        f(&mut self.items.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::native::{Interpreter, Thread};

    #[test]
    fn every_item_arrives_once_and_in_order_and_the_limit_holds() {
        for (gil, limit) in [(true, 1), (true, 3), (false, 2), (true, 0)] {
            let queue = Arc::new(Queue::new(limit));
            Interpreter::new(gil).run(|py| {
                py.set_switch_interval(1e-5);
                let producer = Thread::start(py, "producer", {
                    let queue = Arc::clone(&queue);
                    move |py| {
                        (0..2000).for_each(|i| queue.put(py, i));
                        assert!(limit == 0 || queue.len() <= limit);
                    }
                });
                let got: Vec<u32> = (0..2000).map(|_| queue.get(py)).collect();
                producer.join(py);
                assert!(got.into_iter().eq(0..2000), "GIL {gil}, limit {limit}");
                assert!(queue.is_empty());
            });
        }
    }

    #[test]
    fn a_queue_that_is_shut_down_gives_what_it_has_and_wakes_all_who_wait() {
        let queue = Arc::new(Queue::new(0));
        Interpreter::new(true).run(|py| {
            let consumers = [0, 1].map(|i| {
                let queue = Arc::clone(&queue);
                Thread::start(py, &format!("consumer-{i}"), move |py| {
                    std::iter::from_fn(|| queue.get_or_shut_down(py).ok()).sum::<u32>()
                })
            });
            (1..=10).for_each(|item| queue.put(py, item));
            queue.shutdown(py);
            assert_eq!(consumers.map(|consumer| consumer.join(py)).iter().sum::<u32>(), 55);
            assert_eq!(queue.get_or_shut_down(py), Err(ShutDown));
            assert_eq!(queue.put_or_shut_down(py, 11), Err(ShutDown));
            assert!(queue.is_empty());
        });
    }

    #[test]
    fn who_waits_for_room_is_told_that_the_queue_was_shut_down() {
        let queue = Arc::new(Queue::new(1));
        Interpreter::new(true).run(|py| {
            queue.put(py, 1);
            let producer = Thread::start(py, "producer", {
                let queue = Arc::clone(&queue);
                move |py| queue.put_or_shut_down(py, 2)
            });
            queue.shutdown(py);
            assert_eq!(producer.join(py), Err(ShutDown), "it came too late, or was woken");
            assert_eq!(queue.get_or_shut_down(py), Ok(1));
        });
    }

    #[test]
    fn many_consumers_share_the_items() {
        let queue = Arc::new(Queue::new(2));
        Interpreter::new(true).run(|py| {
            let consumers = [0, 1, 2].map(|i| {
                let queue = Arc::clone(&queue);
                Thread::start(py, &format!("consumer-{i}"), move |py| std::iter::from_fn(|| queue.get(py)).sum::<u64>())
            });
            for item in (1..=1000_u64).map(Some).chain([None, None, None]) {
                queue.put(py, item);
            }
            let total: u64 = consumers.into_iter().map(|consumer| consumer.join(py)).sum();
            assert_eq!(total, 500_500);
        });
    }
}
