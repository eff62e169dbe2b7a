//! What was asked to run, and how.

use crate::lesson::Lesson;
use crate::lesson::types::Knobs;
use crate::runtime::Runtime;
use crate::runtime::cpython::started::{Reason, Subject};
use std::ffi::OsString;
use std::time::Duration;

/// What was asked to run, and how. It is made once, by who asks for the run; the [`Plan`](super::Plan) holds it and the
/// [`Outcome`](super::Outcome) brings it back, so that who reads an outcome needs nothing else to say what it is of.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RunSpec {
    /// The lesson's id; `None` for the learner's own script.
    pub lesson: Option<String>,
    /// The program's name, the script's path, or what else Python was asked to run, such as `-m pkg`.
    pub program: String,
    /// The script's arguments. A lesson's program has knobs instead.
    pub args: Vec<OsString>,
    /// Who runs it.
    pub runtime: Runtime,
    /// What the learner started; `None` for a lesson's program.
    pub own: Option<Own>,
    /// The knobs' values.
    pub knobs: Knobs,
    /// When it is given up.
    pub timeout: Option<Duration>,
}

/// A program of the learner's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Own {
    /// What Python was asked to run.
    pub subject: Subject,
    /// Why this Python, where that was a choice.
    pub chosen: Option<Reason>,
}

impl RunSpec {
    /// A program of a lesson.
    #[must_use]
    pub fn program(
        lesson: &Lesson,
        program: &str,
        runtime: &Runtime,
        knobs: &Knobs,
        timeout: Option<Duration>,
    ) -> RunSpec {
        RunSpec {
            lesson: Some(lesson.id.clone()),
            program: program.to_owned(),
            args: Vec::new(),
            runtime: runtime.clone(),
            own: None,
            knobs: knobs.clone(),
            timeout,
        }
    }
}
