//! An interpreter, with a GIL of its own or none, and what a thread that runs in it may do.

use crate::eventlog::writer as marks;
use crate::native::gil::{DEFAULT_INTERVAL, Gil, Holder};
use crate::trace::{Call, Wait, WaitKind, WaitObject};
use std::sync::Arc;
use std::time::Duration;

/// A Python interpreter: the threads that share one GIL, or, on a free-threaded build, have none.
#[derive(Debug, Clone)]
pub struct Interpreter {
    /// `None` on a free-threaded build.
    gil: Option<Arc<Gil>>,
}

/// The right to run Python in this thread. On a build with the GIL, who has it holds the GIL.
///
/// It stays in its thread, as a thread state does.
#[derive(Debug)]
pub struct Py {
    interpreter: Interpreter,
    me: Holder,
    stays_here: std::marker::PhantomData<*const ()>,
}

impl Interpreter {
    /// An interpreter with a GIL, or one without, as a free-threaded build has.
    #[must_use]
    pub fn new(gil: bool) -> Self {
        Self { gil: gil.then(|| Arc::new(Gil::new(DEFAULT_INTERVAL))) }
    }

    /// Runs `f` in this thread as a thread of this interpreter: waits for the GIL, and drops it at the end.
    pub fn run<R>(&self, f: impl FnOnce(&Py) -> R) -> R {
        let py = Py { interpreter: self.clone(), me: Holder::unique(), stays_here: std::marker::PhantomData };
        py.take();
        let drop_at_end = Released(&py);
        let result = f(&py);
        drop(drop_at_end);
        result
    }

    /// As [`Interpreter::run`], for the program's main thread: marks where the learner's program begins and ends.
    pub fn run_main<R>(&self, main: impl FnOnce(&Py) -> R) -> R {
        self.run(|py| {
            marks::thread_name("MainThread");
            marks::program_start();
            let result = main(py);
            marks::program_end();
            result
        })
    }

    /// The GIL, where there is one.
    #[must_use]
    pub fn gil(&self) -> Option<&Gil> {
        self.gil.as_deref()
    }
}

/// Drops the GIL when it goes out of scope, in a panic too.
struct Released<'py>(&'py Py);

impl Drop for Released<'_> {
    fn drop(&mut self) {
        self.0.release();
    }
}

/// Takes the GIL again when it goes out of scope, in a panic too.
struct Retaken<'py>(&'py Py);

impl Drop for Retaken<'_> {
    fn drop(&mut self) {
        self.0.take();
    }
}

/// Marks the end of a wait when it goes out of scope, in a panic too.
struct WaitEnd;

impl Drop for WaitEnd {
    fn drop(&mut self) {
        marks::wait_end();
    }
}

impl Py {
    /// The check on the back edge of a loop and after a call: the one place where a thread that computes hands over the
    /// GIL, and only if another thread has asked for it. Says whether it did.
    #[inline]
    pub fn tick(&self) -> bool {
        match &self.interpreter.gil {
            Some(gil) if gil.requested() => {
                self.hand_over();
                true
            }
            _ => false,
        }
    }

    #[cold]
    fn hand_over(&self) {
        self.release();
        self.take();
    }

    /// Drops the GIL around something that does not run Python: a wait, or a long computation in C.
    /// `Py_BEGIN_ALLOW_THREADS` ... `Py_END_ALLOW_THREADS`.
    pub fn allow_threads<R>(&self, f: impl FnOnce() -> R) -> R {
        self.release();
        let _take_at_end = Retaken(self);
        f()
    }

    /// As [`Py::allow_threads`], around a wait for `object` in a call of the model that waits for a lock, or for work, which the
    /// event log shall show.
    pub(crate) fn wait<R>(&self, call: Call, object: WaitObject, f: impl FnOnce() -> R) -> R {
        let kind = if call == Call::WorkGet { WaitKind::Idle } else { WaitKind::Lock };
        self.wait_marked(Wait { kind, call, object }, f)
    }

    fn wait_marked<R>(&self, wait: Wait, f: impl FnOnce() -> R) -> R {
        self.allow_threads(|| {
            marks::wait_begin(wait);
            let _end_at_end = WaitEnd;
            f()
        })
    }

    /// `time.sleep`, in seconds.
    ///
    /// # Panics
    /// If the time is negative or not a number, as Python raises `ValueError`.
    pub fn sleep(&self, seconds: f64) {
        let duration = Duration::try_from_secs_f64(seconds).expect("the time to sleep must be a positive number");
        let wait = Wait { kind: WaitKind::Sleep, call: Call::Sleep, object: WaitObject::Nothing };
        self.wait_marked(wait, || std::thread::sleep(duration));
    }

    /// `sys.setswitchinterval`. Without a GIL it has no effect, as on a free-threaded build.
    pub fn set_switch_interval(&self, seconds: f64) {
        if let (Some(gil), Ok(interval)) = (&self.interpreter.gil, Duration::try_from_secs_f64(seconds)) {
            gil.set_interval(interval);
        }
    }

    /// The interpreter that this thread runs in.
    #[must_use]
    pub const fn interpreter(&self) -> &Interpreter {
        &self.interpreter
    }

    /// Another interpreter of the same build, with a GIL of its own where this one has one, and the same switch interval.
    #[must_use]
    pub fn new_interpreter(&self) -> Interpreter {
        let gil = self.interpreter.gil().map(|gil| Arc::new(Gil::new(gil.interval())));
        Interpreter { gil }
    }

    /// Who this thread is among all threads.
    pub(crate) const fn holder(&self) -> Holder {
        self.me
    }

    /// What an event loop needs to drop the GIL where it waits and to take it again.
    pub(crate) fn parts(&self) -> (Option<Arc<Gil>>, Holder) {
        (self.interpreter.gil.clone(), self.me)
    }

    fn take(&self) {
        if let Some(gil) = &self.interpreter.gil {
            gil.take(self.me);
        }
    }

    fn release(&self) {
        if let Some(gil) = &self.interpreter.gil {
            gil.release(self.me);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock;
    use crate::native::Thread;
    use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

    /// What two threads that compute under one GIL did.
    #[derive(Default)]
    struct Seen {
        inside: AtomicBool,
        overlaps: AtomicU64,
        counter: AtomicU64,
    }

    /// Counts to `n` with a load and a store that are not one operation: safe only if nobody else is inside.
    fn count(py: &Py, seen: &Seen, n: u64) {
        for _ in 0..n {
            if seen.inside.swap(true, Ordering::Relaxed) {
                seen.overlaps.fetch_add(1, Ordering::Relaxed);
            }
            seen.counter.store(seen.counter.load(Ordering::Relaxed) + 1, Ordering::Relaxed);
            seen.inside.store(false, Ordering::Relaxed);
            py.tick();
        }
    }

    fn two_threads(interval: f64, n: u64) -> Arc<Seen> {
        let seen = Arc::new(Seen::default());
        Interpreter::new(true).run(|py| {
            py.set_switch_interval(interval);
            let threads: Vec<_> = (0..2)
                .map(|i| {
                    let seen = Arc::clone(&seen);
                    Thread::start(py, &format!("worker-{i}"), move |py| count(py, &seen, n))
                })
                .collect();
            for thread in threads {
                thread.join(py);
            }
        });
        seen
    }

    #[test]
    fn the_gil_has_one_holder_and_no_increment_is_lost() {
        for interval in [1e-6, 1e-4, 5e-3] {
            let seen = two_threads(interval, 200_000);
            assert_eq!(seen.overlaps.load(Ordering::Relaxed), 0);
            assert_eq!(seen.counter.load(Ordering::Relaxed), 400_000);
        }
    }

    #[test]
    fn a_lone_thread_never_hands_over() {
        Interpreter::new(true).run(|py| {
            py.set_switch_interval(1e-6);
            assert!((0..100_000).all(|_| !py.tick()));
        });
    }

    #[test]
    fn a_waiter_that_has_not_waited_a_whole_interval_is_not_heard() {
        Interpreter::new(true).run(|py| {
            let gil = py.interpreter().gil().expect("has a GIL");
            py.set_switch_interval(3600.0);
            let other = Thread::start(py, "waiter", |py| py.sleep(0.0));
            assert!((0..100_000).all(|_| !py.tick()), "an hour has not passed");
            assert!(!gil.requested());
            other.join(py);
        });
    }

    #[test]
    fn both_threads_get_on_and_each_keeps_the_gil_for_an_interval_at_least() {
        let interval = Duration::from_millis(2);
        let holds = |py: &Py| {
            let (mut holds, mut taken) = (Vec::new(), clock::now());
            while holds.len() < 11 {
                let before = clock::now();
                if py.tick() {
                    holds.push(Duration::from_nanos(before - taken));
                    taken = clock::now();
                }
            }
            holds.sort();
            holds
        };
        let holds = Interpreter::new(true).run(|py| {
            py.set_switch_interval(interval.as_secs_f64());
            let stop = Arc::new(AtomicBool::new(false));
            let other = Thread::start(py, "other", {
                let stop = Arc::clone(&stop);
                move |py| {
                    let mut turns = 0;
                    while !stop.load(Ordering::Relaxed) {
                        turns += u64::from(py.tick());
                    }
                    turns
                }
            });
            let mine = holds(py);
            stop.store(true, Ordering::Relaxed);
            assert!(other.join(py) >= 10, "the other had a turn between any two of mine");
            mine
        });
        // The median, as a thread may lose its core between taking the GIL and reading the clock.
        assert!(holds[5] >= interval * 9 / 10, "holds shorter than the interval: {holds:?}");
    }

    #[test]
    fn without_a_gil_nothing_is_ever_asked_for() {
        Interpreter::new(false).run(|py| {
            let inside = Arc::new(AtomicBool::new(false));
            let other = Thread::start(py, "other", {
                let inside = Arc::clone(&inside);
                move |py| {
                    inside.store(true, Ordering::Release);
                    py.tick()
                }
            });
            // This thread never lets go, and still the other one runs.
            while !inside.load(Ordering::Acquire) {
                assert!(!py.tick());
                std::thread::yield_now();
            }
            assert!(!other.join(py));
        });
    }
}
