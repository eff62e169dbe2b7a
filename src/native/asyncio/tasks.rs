//! Several coroutines at the same time, in one thread: tasks, `gather` and `TaskGroup`.

use super::steps::{Pause, Stepped, awaits};
use crate::eventlog::writer::TaskAwaits;
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use std::future::{Future, poll_fn};
use std::panic::Location;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::task::{JoinError, JoinHandle, JoinSet};

/// A coroutine that the loop runs on its own; awaiting it gives what it returned. It goes on when it is dropped.
#[derive(Debug)]
pub struct Task<T> {
    id: u64,
    handle: JoinHandle<T>,
}

/// Makes a task of a coroutine. It begins when whoever called this gives way, not before.
pub fn create_task<T: 'static>(coroutine: impl Future<Output = T> + 'static) -> Task<T> {
    let task = Stepped::new(coroutine);
    Task { id: task.id(), handle: tokio::task::spawn_local(task) }
}

impl<T> Future for Task<T> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        let result = Pin::new(&mut self.handle).poll(context).map(returned);
        if result.is_pending() {
            awaits(None, None, TaskAwaits::Task(self.id));
        }
        result
    }
}

/// What a task returned; its panic goes on here.
fn returned<T>(outcome: Result<T, JoinError>) -> T {
    outcome.unwrap_or_else(|error| match error.try_into_panic() {
        Ok(panic) => std::panic::resume_unwind(panic),
        Err(error) => panic!("a task that was cancelled has no result: {error}"),
    })
}

/// `asyncio.gather` of coroutines that do not fail: makes tasks of them, runs them together and gives what they returned, in
/// their order. They may borrow, as they are over when this is.
#[track_caller]
pub fn gather<F: Future>(coroutines: impl IntoIterator<Item = F>) -> impl Future<Output = Vec<F::Output>> {
    let from = Location::caller();
    async move {
        // Made when whoever awaits this comes to it, as `gather` does when it is called.
        let tasks: Vec<_> = coroutines.into_iter().map(Stepped::new).collect();
        let fallible = tasks.into_iter().map(|task| async { Ok(task.await) });
        let outcome: Result<_, std::convert::Infallible> = all(fallible, from).await;
        match outcome {
            Ok(results) => results,
            Err(never) => match never {},
        }
    }
}

/// `asyncio.gather` of tasks that may fail.
///
/// # Errors
/// The first error, as soon as there is one. The other tasks go on: nobody has cancelled them.
#[track_caller]
pub fn gather_tasks<T, E>(
    tasks: impl IntoIterator<Item = Task<Result<T, E>>>,
) -> impl Future<Output = Result<Vec<T>, E>> {
    all(tasks, Location::caller())
}

/// Whether one that gathers was polled before.
#[derive(Debug, Default)]
pub struct Gathered(bool);

impl Gathered {
    /// It is polled, and says whether for the first time.
    pub const fn polls(&mut self) -> bool {
        !std::mem::replace(&mut self.0, true)
    }
}

/// Runs those that can go on, in the order in which they were woken, until all have returned or one has failed.
async fn all<T, E>(
    futures: impl IntoIterator<Item = impl Future<Output = Result<T, E>>>,
    from: &'static Location<'static>,
) -> Result<Vec<T>, E> {
    let numbered = |(index, future)| async move { (index, future.await) };
    let mut running: FuturesUnordered<_> = futures.into_iter().enumerate().map(numbered).collect();
    let (mut results, mut gathered) = (Vec::new(), Gathered::default());
    let outcome = poll_fn(|context| {
        let pause = Pause::begin(&mut gathered, || awaits(None, Some(from), TaskAwaits::Gather));
        loop {
            let outcome = match running.poll_next_unpin(context) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(None) => Ok(()),
                Poll::Ready(Some((_, Err(error)))) => Err(error),
                Poll::Ready(Some((index, Ok(result)))) => {
                    results.push((index, result));
                    continue;
                }
            };
            pause.over();
            return Poll::Ready(outcome);
        }
    });
    outcome.await?;
    results.sort_by_key(|(index, _)| *index);
    Ok(results.into_iter().map(|(_, result)| result).collect())
}

/// `asyncio.TaskGroup` (CPython 3.11): tasks that are over when the group is. One that fails cancels the others.
#[derive(Debug, Default)]
pub struct TaskGroup<E: 'static> {
    tasks: JoinSet<Result<(), E>>,
}

impl<E: 'static> TaskGroup<E> {
    /// Starts a task in the group.
    pub fn create_task(&mut self, coroutine: impl Future<Output = Result<(), E>> + 'static) {
        self.tasks.spawn_local(Stepped::new(coroutine));
    }

    /// What the next of its tasks to finish returned.
    async fn next(&mut self) -> Option<Result<Result<(), E>, JoinError>> {
        let next = |context: &mut Context<'_>| {
            let next = self.tasks.poll_join_next(context);
            if next.is_pending() {
                awaits(Some("TaskGroup.__aexit__"), None, TaskAwaits::Future);
            }
            next
        };
        poll_fn(next).await
    }

    /// The end of `async with`: waits until all tasks are over.
    ///
    /// # Errors
    /// The errors of those that failed, Python's `ExceptionGroup`. The first one has cancelled the tasks that still ran.
    pub async fn end(mut self) -> Result<(), Vec<E>> {
        let mut errors = Vec::new();
        while let Some(outcome) = self.next().await {
            match outcome {
                Err(error) if error.is_cancelled() => {}
                outcome => {
                    if let Err(error) = returned(outcome) {
                        errors.push(error);
                        self.tasks.abort_all();
                    }
                }
            }
        }
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::native::asyncio::{run, sleep};
    use crate::native::{Interpreter, Py};
    use std::cell::RefCell;
    use std::rc::Rc;

    type Turns = Rc<RefCell<String>>;

    /// Three turns, in each of which it leaves its name; `b` fails in its second.
    async fn work(name: char, turns: Turns) -> Result<(), char> {
        for number in 0..3 {
            turns.borrow_mut().push(name);
            if name == 'b' && number == 1 {
                return Err(name);
            }
            sleep(0.001).await;
        }
        Ok(())
    }

    fn in_a_loop<F: Future>(main: impl FnOnce(&Py) -> F) -> F::Output {
        Interpreter::new(true).run(|py| run(py, main(py)))
    }

    #[test]
    fn coroutines_take_turns_where_they_give_way_and_nowhere_else() {
        let turns = RefCell::new(String::new());
        let results = in_a_loop(|_| {
            gather(['a', 'b'].map(|name| {
                let turns = &turns;
                async move {
                    for _ in 0..2 {
                        turns.borrow_mut().push(name);
                        std::future::ready(()).await;
                        turns.borrow_mut().push(name);
                        sleep(0.0).await;
                    }
                    name
                }
            }))
        });
        assert_eq!((turns.into_inner().as_str(), results), ("aabbaabb", vec!['a', 'b']));
    }

    #[test]
    fn gather_tells_the_first_error_and_the_others_go_on() {
        let turns = Turns::default();
        let until_then = in_a_loop(|_| async {
            let tasks = ['a', 'b', 'c'].map(|name| create_task(work(name, Rc::clone(&turns))));
            assert_eq!(gather_tasks(tasks).await, Err('b'));
            let until_then = turns.borrow().matches(['a', 'c']).count();
            while turns.borrow().matches(['a', 'c']).count() < 6 {
                sleep(0.001).await;
            }
            until_then
        });
        assert!(until_then < 6, "{turns:?}");
    }

    #[test]
    fn a_group_cancels_the_others_and_is_over_only_then() {
        let turns = Turns::default();
        in_a_loop(|_| async {
            let mut group = TaskGroup::default();
            for name in ['a', 'b', 'c'] {
                group.create_task(work(name, Rc::clone(&turns)));
            }
            assert_eq!(group.end().await, Err(vec!['b']));
            let until_then = turns.borrow().len();
            sleep(0.005).await;
            assert_eq!(until_then, turns.borrow().len(), "nobody goes on");
        });
        assert!(turns.borrow().matches(['a', 'c']).count() < 6, "{turns:?}");
    }
}
