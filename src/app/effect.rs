//! What `update` wants done in the outside world. The shell does it.

use crate::app::engine::{Request, RunId};
use crate::lesson::Lesson;
use std::sync::Arc;

/// The learner's copy of the program that a task is about.
#[derive(Debug, Clone)]
pub struct Copy {
    /// The lesson.
    pub lesson: Arc<Lesson>,
    /// The task's place in it.
    pub task: usize,
    /// Whether it runs once it has been read.
    pub run: bool,
}

/// One thing to do outside.
#[derive(Debug, Clone)]
pub enum Effect {
    /// Start a run; its messages carry this id.
    Start(RunId, Box<Request>),
    /// Stop the run.
    Cancel(RunId),
    /// Read the learner's copy of a program; it is made where there is none yet. The answer comes as a message.
    ReadCopy(Copy),
    /// Write the program as the lesson has it over the learner's copy, and read it.
    ResetCopy(Copy),
    /// Have the learner change the copy in an editor, and read it.
    EditCopy(Copy),
    /// Lay out and highlight the lesson of this desk.
    Prepare(usize, Arc<Lesson>),
    /// Highlight a lesson that the tutor has made of a copy.
    Ink(Arc<Lesson>),
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
