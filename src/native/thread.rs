//! `threading.Thread` on a real thread of the operating system.

use crate::eventlog::writer as marks;
use crate::native::{Event, Interpreter, Py};
use crate::trace::Call;
use std::sync::Arc;
use std::thread::JoinHandle;

/// A thread of an interpreter that was started and not yet joined.
#[derive(Debug)]
pub struct Thread<T> {
    handle: JoinHandle<T>,
    life: Arc<Life>,
}

/// What others wait for in a thread's life.
#[derive(Debug, Default)]
struct Life {
    started: Event,
    ended: Event,
}

/// Sets the event when it goes out of scope, in a panic too.
struct SetAtEnd<'event>(&'event Event);

impl Drop for SetAtEnd<'_> {
    fn drop(&mut self) {
        self.0.set();
    }
}

impl<T: Send + 'static> Thread<T> {
    /// Starts a thread in the interpreter of `py` and, as Python does, waits until it runs.
    ///
    /// # Panics
    /// If the system has no more threads to give.
    pub fn start(py: &Py, name: &str, target: impl FnOnce(&Py) -> T + Send + 'static) -> Self {
        Self::start_in(py, py.interpreter(), name, target)
    }

    /// As [`Thread::start`], in another interpreter.
    pub(crate) fn start_in(
        py: &Py,
        interpreter: &Interpreter,
        name: &str,
        target: impl FnOnce(&Py) -> T + Send + 'static,
    ) -> Self {
        let life = Arc::new(Life::default());
        let (interpreter, own_name, own_life) = (interpreter.clone(), name.to_owned(), Arc::clone(&life));
        let handle = std::thread::Builder::new()
            .name(name.to_owned())
            .spawn(move || {
                marks::thread_name(&own_name);
                let _ended = SetAtEnd(&own_life.ended);
                interpreter.run(|py| {
                    own_life.started.set();
                    target(py)
                })
            })
            .unwrap_or_else(|error| panic!("cannot start the thread {name}: {error}; lower WORKERS"));
        life.started.wait(py);
        Self { handle, life }
    }

    /// Waits, without the GIL, until the thread has ended, and gives what it returned.
    ///
    /// # Panics
    /// With the thread's own panic, if it panicked.
    pub fn join(self, py: &Py) -> T {
        self.life.ended.wait_in(py, Call::ThreadJoin);
        self.handle.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_gives_back_what_its_target_returned() {
        let sum: u64 = Interpreter::new(true).run(|py| {
            let threads: Vec<_> = (0..8).map(|i| Thread::start(py, &format!("worker-{i}"), move |_| i)).collect();
            threads.into_iter().map(|thread| thread.join(py)).sum()
        });
        assert_eq!(sum, 28);
    }

    #[test]
    fn a_panic_in_a_thread_leaves_the_gil_free_and_reaches_who_joins() {
        let interpreter = Interpreter::new(true);
        let outcome = std::panic::catch_unwind(|| {
            interpreter.run(|py| Thread::start(py, "worker", |_| panic!("on purpose")).join(py));
        });
        assert!(outcome.is_err());
        assert_eq!(interpreter.run(|_| 1), 1);
    }
}
