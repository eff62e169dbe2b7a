//! `asyncio.run` on a current-thread tokio runtime: one thread, one event loop.
//!
//! The loop's thread holds the GIL while it runs tasks and drops it while it waits in the selector for the next event,
//! as asyncio does around `epoll_wait`. A Rust future is Python's coroutine: nothing of it runs until it is awaited, or
//! made a task. What several of them do together is in [`tasks`]; work for other threads and for processes in [`executors`];
//! connections and what limits their number in [`streams`]. Each task's steps are told to the event log ([`steps`]).

pub mod executors;
mod steps;
pub mod streams;
pub mod tasks;

pub use executors::{run_in_executor, to_thread};
pub use streams::{Semaphore, open_connection};
pub use tasks::{TaskGroup, create_task, gather, gather_tasks};

use crate::eventlog::writer::{self, TaskAwaits};
use crate::native::Py;
use std::future::{Future, poll_fn};
use std::panic::Location;
use std::pin::pin;
use std::task::{Context, Poll};
use std::time::Duration;
use steps::{Stepped, awaits};
use tokio::task::LocalSet;

/// Runs a coroutine, and the tasks that it spawns, to its end. What is still running then is cancelled.
///
/// # Panics
/// If the system has no file descriptor left for the event loop.
pub fn run<F: Future>(py: &Py, main: F) -> F::Output {
    let (gil, me) = py.parts();
    let mut builder = tokio::runtime::Builder::new_current_thread();
    builder.enable_all();
    if let Some(gil) = gil {
        let again = gil.clone();
        builder.on_thread_park(move || gil.release(me)).on_thread_unpark(move || again.take(me));
    }
    let event_loop = builder.build().expect("cannot open the event loop's file descriptors; close some programs");
    writer::tasks_told();
    event_loop.block_on(LocalSet::new().run_until(Stepped::named("main", main)))
}

/// `asyncio.sleep`, in seconds: the other tasks go on meanwhile. With 0 they have a turn, and that is all.
///
/// # Panics
/// If the time is negative or not a number.
#[track_caller]
pub fn sleep(seconds: f64) -> impl Future<Output = ()> {
    let from = Location::caller();
    async move {
        let duration = Duration::try_from_secs_f64(seconds).expect("the time to sleep must be a positive number");
        if duration.is_zero() {
            waiting(("sleep", from, TaskAwaits::Nothing), give_way()).await;
        } else {
            waiting(("sleep", from, TaskAwaits::Future), tokio::time::sleep(duration)).await;
        }
    }
}

/// Lets the tasks that can go on have their turns first. (tokio's `yield_now` would let the last in line go on first.)
async fn give_way() {
    let mut has_given_way = false;
    poll_fn(|context| {
        if std::mem::replace(&mut has_given_way, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// Awaits a future, and where it must wait says for what: by the name in Python's library, and from where in the program.
async fn waiting<F: Future>(
    (called, from, on): (&'static str, &'static Location<'static>, TaskAwaits),
    future: F,
) -> F::Output {
    let mut future = pin!(future);
    let poll = |context: &mut Context<'_>| {
        let result = future.as_mut().poll(context);
        if result.is_pending() {
            awaits(Some(called), Some(from), on);
        }
        result
    };
    poll_fn(poll).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::native::{Event, Interpreter, Thread};
    use std::sync::Arc;
    use std::time::Duration;

    #[test]
    fn while_the_loop_waits_other_threads_have_the_gil() {
        let (done, told) = tokio::sync::oneshot::channel();
        let ready = Arc::new(Event::default());
        let value = Interpreter::new(true).run(|py| {
            // No drop request comes within an hour: the thread runs only because the loop lets go of the GIL.
            py.set_switch_interval(3600.0);
            let thread = Thread::start(py, "other", {
                let ready = Arc::clone(&ready);
                move |py| {
                    ready.wait(py);
                    done.send(42)
                }
            });
            ready.set();
            let value = run(py, told);
            thread.join(py).expect("somebody listens");
            value
        });
        assert_eq!(value, Ok(42));
    }

    #[test]
    fn tasks_wait_at_the_same_time() {
        Interpreter::new(true).run(|py| {
            let answers = run(py, async {
                let barrier = Arc::new(tokio::sync::Barrier::new(3));
                let mut tasks = tokio::task::JoinSet::new();
                for i in 0..3 {
                    let barrier = Arc::clone(&barrier);
                    tasks.spawn(async move {
                        tokio::time::sleep(Duration::from_millis(1)).await;
                        barrier.wait().await;
                        i
                    });
                }
                tasks.join_all().await
            });
            assert_eq!(answers.into_iter().sum::<i32>(), 3);
        });
    }
}
