//! A run that goes on: started, watched, cancelled, finished.

use super::output::Captured;
use super::{Outcome, Plan, RunError, session};
use crate::trace::{Builder, Standstill, Trace};
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

/// A run on a thread of its own. Dropped, it is cancelled.
pub struct LiveRun {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

/// What the run's thread and its watchers share.
#[derive(Default)]
pub(super) struct Shared {
    pub builder: Mutex<Option<Builder>>,
    pub outcome: Mutex<Option<Result<Arc<Outcome>, Arc<RunError>>>>,
    pub stdout: Captured,
    pub stderr: Captured,
    /// The address of the server, once it listens.
    pub url: Mutex<Option<String>>,
    pub cancel: AtomicBool,
    /// A signal to pass on to the program, 0 for none.
    pub signal: AtomicI32,
}

impl Shared {
    pub(super) fn builder(&self) -> MutexGuard<'_, Option<Builder>> {
        self.builder.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl LiveRun {
    /// Starts a run; `on_end` is called on the run's thread when it has ended.
    ///
    /// # Errors
    /// [`RunError::Prepare`] where the system gives no thread. Everything else shows in [`LiveRun::outcome`].
    pub fn start(plan: Plan, on_end: impl FnOnce() + Send + 'static) -> Result<LiveRun, RunError> {
        let shared = Arc::new(Shared::default());
        let theirs = Arc::clone(&shared);
        let thread = std::thread::Builder::new()
            .name("runner".into())
            .spawn(move || {
                let result = session::run(&plan, &theirs).map(Arc::new).map_err(Arc::new);
                *theirs.outcome.lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
                on_end();
            })
            .map_err(|e| RunError::Prepare(format!("no thread for the run: {e}; allow more processes (ulimit -u)")))?;
        Ok(LiveRun { shared, thread: Some(thread) })
    }

    /// Looks at the trace so far. `None` before the program was launched and after the run has ended: then the
    /// outcome holds the trace.
    pub fn with_trace<R>(&self, look: impl FnOnce(&Trace) -> R) -> Option<R> {
        self.shared.builder().as_mut().map(|b| look(b.trace()))
    }

    /// Threads of it that wait for each other now, or for what never comes.
    #[must_use]
    pub fn standstill(&self) -> Option<Standstill> {
        self.with_trace(|trace| trace.standstill.clone()).flatten()
    }

    /// What the program has written so far: standard output, standard error.
    #[must_use]
    pub fn output(&self) -> (Vec<u8>, Vec<u8>) {
        (self.shared.stdout.bytes(), self.shared.stderr.bytes())
    }

    /// The address that the lesson's server listens at (`http://127.0.0.1:PORT`), once it does.
    #[must_use]
    pub fn url(&self) -> Option<String> {
        self.shared.url.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How it ended, once it has.
    #[must_use]
    pub fn outcome(&self) -> Option<Result<Arc<Outcome>, Arc<RunError>>> {
        self.shared.outcome.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Asks the run to end now. Returns at once.
    pub fn cancel(&self) {
        self.shared.cancel.store(true, Ordering::Release);
    }

    /// Passes a signal on to the program.
    pub fn signal(&self, signal: i32) {
        self.shared.signal.store(signal, Ordering::Release);
    }

    /// Waits for the end.
    ///
    /// # Errors
    /// Why the run could not be done.
    pub fn wait(mut self) -> Result<Arc<Outcome>, Arc<RunError>> {
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
        self.outcome().unwrap_or_else(|| Err(Arc::new(RunError::Prepare("the run's thread panicked".into()))))
    }
}

impl Drop for LiveRun {
    fn drop(&mut self) {
        self.cancel();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
