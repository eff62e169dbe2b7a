//! A finished run as text, as JSON, as a page of HTML, as a Perfetto trace and as a recording, from the same trace and the same insight as the screen.
//!
//! Owns the report's shape, which scripts rely on, and those of the [`comparison`] and of a [`class`]. May import everything up to `view`. A
//! new form of it is one file and its line in [`EXPORTERS`].

mod asyncio;
pub mod class;
pub mod comparison;
mod crossing;
pub mod gallery;
mod html;
pub mod json;
mod objects;
mod page;
pub mod perfetto;
pub mod picture;
pub mod prediction;
mod recording;
mod standstill;
pub mod task;
pub mod text;

pub use prediction::Predicted;
pub use task::{Expected, TaskResult};

use crate::clock::moment;
use crate::insight::{Context, Ledger, Summary, Verdict};
use crate::lesson::{Headline, Lesson};
use crate::runner::{Machine, Outcome};
use chrono::NaiveDateTime;

/// A form of the report.
#[derive(Debug, Clone, Copy)]
pub struct Exporter {
    /// Its name, as `--format` takes it.
    pub name: &'static str,
    /// Whether it is no text, and nothing for a terminal.
    pub binary: bool,
    /// Writes the report.
    pub write: fn(&Report<'_>) -> Vec<u8>,
}

/// Every form; the first is what is written where none is named.
pub const EXPORTERS: [Exporter; 6] =
    [text::EXPORTER, json::EXPORTER, picture::EXPORTER, html::EXPORTER, perfetto::EXPORTER, recording::EXPORTER];

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
    /// The program's text as it ran, where that is at hand.
    pub text: Option<String>,
    /// When it ended, where the learner was.
    pub at: NaiveDateTime,
}

impl<'a> Report<'a> {
    /// Puts a finished run into numbers and words.
    #[must_use]
    pub fn new(outcome: &'a Outcome, machine: Machine) -> Self {
        let summary = Summary::of_outcome(outcome);
        let verdict = Verdict::of(&outcome.trace, &summary, context(outcome, machine, None));
        Report { outcome, machine, summary, verdict, predictions: Vec::new(), task: None, text: None, at: moment() }
    }

    /// The same with the program's text as it ran.
    #[must_use]
    pub fn with_text(self, text: Option<String>) -> Self {
        Report { text, ..self }
    }

    /// What became of the time of the cores; `None` where how many there are is not known.
    #[must_use]
    pub fn ledger(&self) -> Option<Ledger> {
        let cores = u64::from(self.machine.cores);
        (cores > 0).then(|| Ledger::of(&self.outcome.trace, cores))
    }

    /// The same for a program of this lesson as it stands there: with what it is about, and what the run says of the lesson's
    /// predictions of it.
    #[must_use]
    pub fn of_lesson(mut self, lesson: &Lesson) -> Self {
        let name = &self.outcome.spec.program;
        let headline = lesson.program(name).map(|program| &program.headline);
        let context = Context { as_it_stands: true, ..context(self.outcome, self.machine, headline) };
        self.verdict = Verdict::of(&self.outcome.trace, &self.summary, context);
        let mine = lesson.predictions.iter().filter(|prediction| prediction.program == *name);
        self.predictions = mine.map(|prediction| Predicted::of(prediction, lesson, &self)).collect();
        self
    }
}

/// What a verdict needs to know; what had to end badly is about nothing that its program counts.
fn context<'a>(outcome: &Outcome, machine: Machine, headline: Option<&'a Headline>) -> Context<'a> {
    let counts = outcome.end.success() || outcome.end.hung();
    let headline = headline.filter(|_| counts);
    let has_gil = outcome.spec.runtime.has_gil();
    let own = outcome.spec.own.as_ref().map(|_| outcome.end);
    Context { headline, own, has_gil, machine, ..Context::default() }
}
