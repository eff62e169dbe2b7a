//! A finished run as text and as JSON, from the same trace and the same insight as the screen.
//!
//! Owns the report's shape, which scripts rely on, and that of the [`comparison`]. May import everything up to `view`. A
//! new form of it is one file and its line in [`EXPORTERS`].

mod asyncio;
pub mod comparison;
pub mod json;
pub mod prediction;
pub mod task;
pub mod text;

pub use prediction::Predicted;
pub use task::{Expected, TaskResult};

use crate::insight::{Context, Summary, Verdict};
use crate::lesson::Lesson;
use crate::runner::{Machine, Outcome};

/// A form of the report.
#[derive(Debug, Clone, Copy)]
pub struct Exporter {
    /// Its name, as `--format` takes it.
    pub name: &'static str,
    /// Writes the report.
    pub write: fn(&Report<'_>) -> String,
}

/// Every form; the first is what is written where none is named.
pub const EXPORTERS: [Exporter; 2] = [text::EXPORTER, json::EXPORTER];

/// The form of this name.
#[must_use]
pub fn exporter(name: &str) -> Option<Exporter> {
    EXPORTERS.into_iter().find(|exporter| exporter.name == name)
}

/// A finished run with what is known about it.
pub struct Report<'a> {
    /// What was run, and how it went.
    pub outcome: &'a Outcome,
    /// On which machine.
    pub machine: Machine,
    /// The numbers.
    pub summary: Summary,
    /// The sentence.
    pub verdict: Verdict,
    /// What it says of the predictions of its program.
    pub predictions: Vec<Predicted>,
    /// The task that it was judged by, where it was a task's.
    pub task: Option<TaskResult>,
}

impl<'a> Report<'a> {
    /// Puts a finished run into numbers and words.
    #[must_use]
    pub fn new(outcome: &'a Outcome, machine: Machine) -> Self {
        let summary = Summary::of_outcome(outcome);
        let context = Context { baseline: None, has_gil: outcome.spec.runtime.has_gil(), machine };
        let verdict = Verdict::of(&outcome.trace, &summary, context);
        Report { outcome, machine, summary, verdict, predictions: Vec::new(), task: None }
    }

    /// The same, with what it says of the lesson's predictions of its program.
    #[must_use]
    pub fn of_lesson(mut self, lesson: &Lesson) -> Self {
        let program = &self.outcome.spec.program;
        let mine = lesson.predictions.iter().filter(|prediction| prediction.program == *program);
        self.predictions = mine.map(|prediction| Predicted::of(prediction, &self)).collect();
        self
    }
}
