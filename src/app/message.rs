//! Everything that the outside world can say to the app, in the one order in which it arrives.

use crate::app::engine::RunId;
use crate::app::frame::Target;
use crate::app::typeset::Typeset;
use crate::learner::progress::Progress;
use crate::learner::runs::KeptRun;
use crate::learner::store::Loaded;
use crate::lesson::SharedLesson;
use crate::lesson::search::Index;
use crate::runner::{Machine, Outcome};
use crate::runtime::Found;
use crate::trace::Trace;
use crossterm::event::{KeyEvent, MouseEvent};
use std::path::PathBuf;
use std::sync::Arc;

/// What was read of a learner's copy.
#[derive(Debug, Clone)]
pub struct CopyRead {
    /// The task's place in its lesson.
    pub task: usize,
    /// Where the copy is.
    pub path: PathBuf,
    /// Its text; or what stands in the way, in words for the learner.
    pub text: Result<String, String>,
    /// What else there is to say, such as that the editor did not end well.
    pub notice: Option<String>,
    /// Whether it shall run now.
    pub run: bool,
}

/// One thing that happened outside.
#[derive(Debug, Clone)]
pub enum Message {
    /// A key was pressed.
    Key(KeyEvent),
    /// Text was pasted: a line break in it is no key.
    Paste(String),
    /// A line was written, where lines are read and no keys. The front says what it means.
    Line(String),
    /// There is nothing more to read: no further line comes.
    NoMoreLines,
    /// Something that can be clicked was chosen by its number or its name.
    Choose(Target),
    /// A line takes the place of what was typed in the open field.
    Typed(String),
    /// The learner asks to stop what goes on: a run, or else the tutor.
    Interrupt,
    /// The mouse did something.
    Mouse(MouseEvent),
    /// The terminal has this many columns and rows now.
    Resize(u16, u16),
    /// The terminal turned out to have a light background.
    LightTerminal,
    /// Discovery has found these so far; whether that is all.
    Runtimes(Found, bool),
    /// A lesson's pages and sources are ready to draw; its place in the course.
    Typeset(usize, Arc<Typeset>),
    /// The lessons have been read, to find words in them.
    LessonsRead(Arc<Index>),
    /// The learner's copy of a program was read, or could not be.
    Copy(CopyRead),
    /// The sources of a lesson that was made of a copy are ready to draw; the lesson.
    CopyTypeset(SharedLesson, Arc<Typeset>),
    /// The progress file has been read.
    Progress(Loaded),
    /// Progress was saved, and other programs have changed it meanwhile; the shell looks how and tells that.
    Saved,
    /// The progress as it is with what other programs have done.
    CaughtUp(Box<Progress>),
    /// Progress could not be saved, and why.
    NotSaved(String),
    /// What was kept of the runs of this desk's lesson was read, or why it cannot be.
    RunsRead(usize, Result<Vec<KeptRun>, String>),
    /// A run could not be kept for the next time, or not be forgotten; what and why.
    NotKept(String),
    /// The file's progress in this lesson, or all of it, is forgotten, and a copy is kept (where there was a file); or
    /// why nothing was forgotten.
    Forgotten(Option<String>, Result<Option<PathBuf>, String>),
    /// The calibration has ended: what this machine can give, or why that is not known.
    Calibrated(Result<Machine, String>),
    /// A run has recorded more: its times, see `times_of`.
    RunMoved(RunId, Box<Trace>),
    /// A run is over; the shell looks how it ended and tells that.
    RunOver(RunId),
    /// A run has ended.
    RunEnded(RunId, Arc<Outcome>),
    /// A run could not be started, and why.
    RunFailed(RunId, String),
    /// A signal asks the tutor to end; its number.
    Terminate(i32),
    /// A signal asks the tutor to stop until `fg`.
    Suspend,
    /// The tutor goes on after it was stopped.
    Continued,
}
