//! What the app asks of the machinery that runs programs. The product's engine is the runner; tests play recorded
//! traces through a scripted one.

use crate::lesson::Lesson;
use crate::runner::{Machine, Outcome, RunSpec};
use crate::runtime::Found;
use crate::trace::Trace;
use std::sync::Arc;

/// A run's number in this session, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct RunId(pub u64);

/// Called once, from any thread, when a run has ended.
pub type Notify = Box<dyn FnOnce() + Send>;

/// Runs programs and knows the machine.
pub trait Engine: Send + Sync {
    /// Starts a run on threads of its own. The lesson has the program as it stands on the desk: of a task, that is the
    /// learner's copy.
    ///
    /// # Errors
    /// What stands in the way, in words for the learner.
    fn start(&self, lesson: &Lesson, spec: &RunSpec, notify: Notify) -> Result<Box<dyn Live>, String>;

    /// Looks for runtimes, and tells what is known so far. Takes its time: called on a thread of its own.
    fn discover(&self, tell: &mut dyn FnMut(Found)) -> Found;

    /// Measures what this machine can give now. Takes its time.
    ///
    /// # Errors
    /// Why it is not known.
    fn calibrate(&self) -> Result<Machine, String>;
}

/// A run in progress.
pub trait Live: Send {
    /// Shows the trace so far.
    fn snapshot(&self, see: &mut dyn FnMut(&Trace));
    /// What the program has written so far: standard output, standard error.
    fn output(&self) -> (Vec<u8>, Vec<u8>);
    /// The address of the lesson's server, once it listens.
    fn url(&self) -> Option<String>;
    /// How it ended, once it has; `Err` where it could not be done, in words for the learner.
    fn finished(&self) -> Option<Result<Arc<Outcome>, String>>;
    /// Stops it. It still ends with an outcome.
    fn cancel(&self);
}

/// Ends every process that a run has started: the last thing before the tutor itself goes.
pub fn kill_all() {
    crate::runner::kill_all();
}
