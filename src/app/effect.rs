//! What `update` wants done in the outside world. The shell does it.

use crate::app::engine::{Request, RunId};

/// One thing to do outside.
#[derive(Debug, Clone)]
pub enum Effect {
    /// Start a run; its messages carry this id.
    Start(RunId, Box<Request>),
    /// Stop the run.
    Cancel(RunId),
    /// Write the progress.
    Save,
    /// Keep a copy of the progress file; then the progress of this lesson, or of all, is to be forgotten.
    BackUp(Option<String>),
    /// Measure what this machine can give.
    Calibrate,
    /// Give the terminal back and stop until `fg`.
    Suspend,
    /// The terminal was somebody else's meanwhile: take it again and draw everything.
    Repaint,
    /// Leave; `Some` signal where one asked for it.
    Quit(Option<i32>),
}
