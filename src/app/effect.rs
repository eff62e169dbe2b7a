//! What `update` wants done in the outside world. The shell does it.

use crate::app::engine::RunId;
use crate::learner::runs::KeptRun;
use crate::lesson::SharedLesson;
use crate::runner::RunSpec;

/// The learner's copy of the program that a task is about.
#[derive(Debug, Clone)]
pub struct TaskCopy {
    /// The lesson that the task belongs to.
    pub lesson: SharedLesson,
    /// The task's place in it.
    pub task: usize,
    /// Whether it runs once it has been read.
    pub run: bool,
}

/// One thing to do outside.
#[derive(Debug, Clone)]
pub enum Effect {
    /// Start this run of a program of this lesson; its messages carry this id.
    Start(RunId, SharedLesson, Box<RunSpec>),
    /// Stop the run.
    Cancel(RunId),
    /// Read the learner's copy of a program; it is made where there is none yet. The answer comes as a message.
    ReadCopy(TaskCopy),
    /// Write the program as the lesson has it over the learner's copy, and read it.
    ResetCopy(TaskCopy),
    /// Have the learner change the copy in an editor, and read it.
    EditCopy(TaskCopy),
    /// Have `concur-tutor setup` install the packages that lessons need, where it asks first; then look for Pythons anew.
    Install,
    /// Lay out and highlight the lesson of this desk.
    Prepare(usize, SharedLesson),
    /// Read these lessons, to find words in them.
    ReadLessons(Vec<SharedLesson>),
    /// Highlight a lesson that the tutor has made of a copy.
    TypesetCopy(SharedLesson),
    /// Write the progress.
    Save,
    /// Keep a copy of the progress file; then forget in it the progress of this lesson, or of all.
    Forget(Option<String>),
    /// Read what was kept of the runs of this desk's lesson, which has this id.
    ReadRuns(usize, String),
    /// Keep a run of the lesson with this id for the next time.
    KeepRun(String, Box<KeptRun>),
    /// Put this text into the clipboard of the learner's terminal.
    Copy(String),
    /// Measure what this machine can give.
    Calibrate,
    /// Give the terminal back and stop until `fg`.
    Suspend,
    /// The terminal was somebody else's meanwhile: take it again and draw everything.
    Repaint,
    /// Leave; `Some` signal where one asked for it.
    Quit(Option<i32>),
}

/// What is to be done outside, in order. Whoever gets them passes them on or does them: dropped effects would be a run
/// that never starts, or progress that is never saved.
#[must_use = "effects that nobody does are lost"]
#[derive(Debug, Default)]
pub struct Effects(Vec<Effect>);

impl Effects {
    /// Nothing to do.
    pub const fn none() -> Effects {
        Effects(Vec::new())
    }

    /// One thing to do.
    pub fn one(effect: Effect) -> Effects {
        Effects(vec![effect])
    }

    /// The same, and this after it.
    pub fn and(mut self, effect: Effect) -> Effects {
        self.0.push(effect);
        self
    }

    /// The same, and these after it.
    pub fn then(mut self, more: impl IntoIterator<Item = Effect>) -> Effects {
        self.0.extend(more);
        self
    }

    /// Whether progress is to be written.
    #[must_use]
    pub fn save(&self) -> bool {
        self.0.iter().any(|effect| matches!(effect, Effect::Save))
    }
}

impl IntoIterator for Effects {
    type Item = Effect;
    type IntoIter = std::vec::IntoIter<Effect>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl FromIterator<Effect> for Effects {
    fn from_iter<T: IntoIterator<Item = Effect>>(effects: T) -> Effects {
        Effects(effects.into_iter().collect())
    }
}
