//! Tells the event log of the tasks on this thread's loop: when each was made, each of its steps, what it awaits then, and from
//! when on it could go on.
//!
//! A task's future is polled for its own sake alone ([`Stepped`]): tokio, and `gather`, also poll who contains what was woken,
//! and such a poll is no step. What a task awaits is said by the innermost future as it finds that it must wait ([`awaits`]).

use super::tasks::Gathered;
use crate::clock::{self, Nanos};
use crate::eventlog::writer::{self, TaskAwait, TaskEnd};
use std::cell::RefCell;
use std::collections::HashMap;
use std::future::Future;
use std::panic::Location;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::task::{Context, Poll, Wake, Waker};

/// Tasks have numbers that are addresses as far as the log goes.
const APART: u64 = 16;

thread_local! {
    static LOOP: RefCell<Loop> = RefCell::default();
}

/// What a thread knows of the tasks on its loop.
#[derive(Default)]
struct Loop {
    /// Whose step goes on, and since when.
    running: Option<(Arc<Own>, Nanos)>,
    /// What that task awaits, as far as it was said in this step.
    awaits: Option<TaskAwait>,
    /// The numbers of the functions that were told.
    codes: HashMap<&'static str, u16>,
}

/// A task as its wakers know it.
pub struct Own {
    id: u64,
    function: u16,
    thread: std::thread::ThreadId,
    /// Whether it was woken since it was polled last.
    woken: AtomicBool,
    /// When it was woken, where the log has not been told yet; else 0.
    since: AtomicU64,
    /// Whether it awaits others that it polls itself: they are woken through it.
    relays: AtomicBool,
    outer: futures_util::task::AtomicWaker,
}

impl Wake for Own {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        let at = clock::now();
        if !self.woken.swap(true, Ordering::AcqRel) && !self.relays.load(Ordering::Acquire) {
            let here = std::thread::current().id() == self.thread;
            let is_running = |own: &Loop| own.running.as_ref().is_some_and(|(task, _)| task.id == self.id);
            // Another thread's mark would not come in order: the loop's thread tells of it when it comes to that.
            if here && !LOOP.try_with(|own| own.try_borrow().is_ok_and(|own| is_running(&own))).unwrap_or(true) {
                writer::task_ready(at, self.id);
            } else {
                self.since.store(at, Ordering::Release);
            }
        }
        self.outer.wake();
    }
}

impl Own {
    /// A new task that runs the function of this name.
    fn new(function: &'static str) -> Arc<Own> {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let (id, function) = (number * APART + APART, code(function));
        writer::task_made(id, function, &format!("Task-{number}"));
        Arc::new(Own {
            id,
            function,
            thread: std::thread::current().id(),
            woken: AtomicBool::new(true),
            since: AtomicU64::new(0),
            relays: AtomicBool::new(false),
            outer: futures_util::task::AtomicWaker::new(),
        })
    }

    /// Tells of a wake that was not told yet.
    fn catch_up(&self) {
        let at = self.since.swap(0, Ordering::AcqRel);
        if at != 0 {
            writer::task_ready(at, self.id);
        }
    }

    fn begin(self: &Arc<Self>) {
        self.catch_up();
        let at = clock::now();
        LOOP.with_borrow_mut(|own| (own.running, own.awaits) = (Some((Arc::clone(self), at)), None));
        writer::task_goes_on(at, self.id);
    }

    /// The step that goes on is over, if it is this task's.
    fn end(&self, finished: bool) {
        let (running, awaits) = LOOP.with_borrow_mut(|own| (own.running.take(), own.awaits.take()));
        let Some((_, since)) = running.filter(|(task, _)| task.id == self.id) else { return };
        let how = if finished { TaskEnd::Finished } else { TaskEnd::Suspended };
        writer::task_step(self.id, since, how);
        if let Some(awaits) = awaits.filter(|_| !finished) {
            writer::task_awaits(TaskAwait { function: self.function, ..awaits });
        }
        self.catch_up(); // it woke itself: it only lets the others go first
    }
}

/// The number of a function's name, told when it comes up first.
fn code(name: &'static str) -> u16 {
    let (number, is_new) = LOOP.with_borrow_mut(|own| {
        let next = u16::try_from(own.codes.len() + 1).unwrap_or(0);
        let known = own.codes.get(name).copied();
        (*own.codes.entry(name).or_insert(next), known.is_none())
    });
    if is_new {
        writer::function(number, name);
    }
    number
}

/// Who waits says what for, by the name that Python's library has for it, and from where in the program; of these the last
/// word counts. In the end it waits for `on`.
pub fn awaits(called: Option<&'static str>, from: Option<&'static Location<'static>>, on: writer::TaskAwaits) {
    let called = called.map_or(0, code);
    let line = from.map_or(0, Location::line);
    LOOP.with_borrow_mut(|own| own.awaits = Some(TaskAwait { function: 0, line, called, on }));
}

/// The name of the function that a future comes from: `handle` of `concur_tutor::a::handle::{{closure}}`.
pub fn function_of<F>() -> &'static str {
    let path = std::any::type_name::<F>();
    let path = path.split('<').next().unwrap_or(path);
    path.rsplit("::").find(|part| !part.starts_with('{')).unwrap_or(path)
}

/// A task's future, of which each step is told.
pub struct Stepped<F> {
    own: Arc<Own>,
    waker: Waker,
    /// `None` once it has finished.
    future: Option<Pin<Box<F>>>,
}

impl<F: Future> Stepped<F> {
    /// A new task.
    pub fn new(future: F) -> Self {
        Self::named(function_of::<F>(), future)
    }

    /// A new task that runs the function of this name.
    pub fn named(function: &'static str, future: F) -> Self {
        let own = Own::new(function);
        let waker = Waker::from(Arc::clone(&own));
        Stepped { own, waker, future: Some(Box::pin(future)) }
    }

    /// Its number in the log.
    pub fn id(&self) -> u64 {
        self.own.id
    }
}

impl<F: Future> Future for Stepped<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = &mut *self;
        this.own.outer.register(context.waker());
        let woken = this.own.woken.swap(false, Ordering::AcqRel);
        let Some(future) = this.future.as_mut().filter(|_| woken) else { return Poll::Pending };
        this.own.begin();
        let result = future.as_mut().poll(&mut Context::from_waker(&this.waker));
        if result.is_ready() {
            this.future = None; // what it holds is dropped in its step
        }
        this.own.end(result.is_ready());
        result
    }
}

impl<F> Drop for Stepped<F> {
    /// One that has not finished is cancelled, or has panicked: dropping what it holds is its last step.
    fn drop(&mut self) {
        if let Some(future) = self.future.take() {
            let outer = LOOP.with_borrow_mut(|own| own.running.take());
            self.own.begin();
            drop(future);
            self.own.end(true);
            LOOP.with_borrow_mut(|own| own.running = outer);
        }
    }
}

/// A task that awaits others which it polls itself: while they have their steps it has none.
pub struct Pause {
    own: Option<Arc<Own>>,
}

impl Pause {
    /// The step that goes on ends here, with what `said` says that is awaited now; where the task awaited that before, it was
    /// polled for the sake of the others, and there was no step.
    pub fn begin(gathered: &mut Gathered, said: impl FnOnce()) -> Pause {
        let is_first = gathered.polls();
        if is_first {
            said();
        }
        let own = LOOP.with_borrow_mut(|own| if is_first { own.running.clone() } else { own.running.take() });
        let own = own.map(|(own, _)| own);
        if let Some(own) = &own {
            own.relays.store(true, Ordering::Release);
            own.since.store(0, Ordering::Release);
            if is_first {
                own.end(false);
            } else {
                writer::task_rests();
            }
        }
        Pause { own }
    }

    /// What was awaited has come: the task goes on.
    pub fn over(self) {
        if let Some(own) = self.own {
            own.relays.store(false, Ordering::Release);
            own.begin();
        }
    }
}
