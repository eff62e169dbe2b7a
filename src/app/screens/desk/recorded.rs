//! A recorded run, dressed as a lesson of one program and no pages: its desk shows the run, and starts none.

use crate::app::appearance::Appearance;
use crate::app::conclusion::conclude;
use crate::app::engine::{Engine, Live, Notify, RunId};
use crate::app::model::{Model, Screen};
use crate::app::screens::desk::{Desk, DeskKind, Pane, Run, script};
use crate::insight::{Summary, Verdict};
use crate::learner::runs::recording::Recording;
use crate::lesson::{Language, Lesson, Program};
use crate::runner::{Machine, Raised, RunSpec};
use crate::runtime::{Found, Runtime};
use crate::view::Viewport;

/// What is said where somebody would run it.
pub const NOTHING_RUNS: &str = "This is a recording: nothing runs here.";

/// The recorded program as a lesson: its text is the one that ran.
#[must_use]
fn lesson(recording: &Recording) -> Lesson {
    let spec = &recording.run.spec;
    let text = recording.text.clone().unwrap_or_else(|| "# not shown: the recording has no text of it\n".to_owned());
    if let Some(own) = &spec.own {
        return script::dressed(&own.subject, &text);
    }
    let (python, rust) = match spec.runtime.language() {
        Language::Python => (Some(text), None),
        Language::Rust => (None, Some(text)),
    };
    let name = spec.program.clone();
    let title = spec.lesson.as_ref().map_or_else(|| name.clone(), |lesson| format!("{lesson} {name}"));
    let program = Program { name: name.clone(), stem: name, python, rust, ..Program::default() };
    Lesson { id: title.clone(), title, programs: vec![program], ..Lesson::default() }
}

/// A model that shows the recorded run.
#[must_use]
pub fn model(recording: Recording, size: (u16, u16), appearance: Appearance) -> Model {
    let mut model = Model::new(vec![lesson(&recording)], size, appearance);
    let Recording { machine, run, .. } = recording;
    let measured = (machine.usable_cores > 0.0).then_some(machine);
    model.screen = Screen::Desk(0);
    (model.machine, model.cores) = (measured, machine.cores);
    (model.runtimes.usable, model.runtimes.chosen) = (vec![run.spec.runtime.clone()], true);
    model.next_run = 2;
    let stacked = crate::app::frame::layout::stacked(size);
    let Some(desk) = model.desks.first_mut() else { return model };
    desk.kind = DeskKind::Recorded(Box::new(run.spec.clone()));
    let as_it_was: Option<(Summary, Verdict)> = rmp_serde::from_slice(&run.conclusion).ok();
    let outcome = run.outcome.unwrap_or_default();
    let (summary, verdict) = as_it_was.unwrap_or_else(|| conclude(&outcome, 0, desk, measured));
    desk.view = Viewport::fit(&outcome.trace);
    desk.pane = if stacked { Pane::Watch } else { Pane::Text };
    desk.remember(Run {
        id: RunId(1),
        program: 0,
        used: run.used,
        said: None,
        summary,
        verdict,
        end: run.end,
        raised: Raised::in_run(&outcome),
        edited: false,
        at: run.at,
        kept: true,
        spec: run.spec,
        outcome: Some(outcome),
    });
    model
}

impl Desk {
    /// Whether it shows a recording.
    #[must_use]
    pub const fn is_recorded(&self) -> bool {
        matches!(self.kind, DeskKind::Recorded(_))
    }
}

/// Runs nothing, and knows the machine that was recorded.
pub struct NoEngine {
    /// Who ran the program.
    pub runtime: Runtime,
    /// On which machine.
    pub machine: Machine,
}

impl Engine for NoEngine {
    fn start(&self, _lesson: &Lesson, _spec: &RunSpec, _notify: Notify) -> Result<Box<dyn Live>, String> {
        Err(NOTHING_RUNS.to_owned())
    }

    fn discover(&self, _tell: &mut dyn FnMut(Found)) -> Found {
        let pythons = match &self.runtime {
            Runtime::CPython(python) => vec![python.clone()],
            Runtime::Native { .. } => Vec::new(),
        };
        Found { pythons, unusable: Vec::new() }
    }

    fn calibrate(&self) -> Result<Machine, String> {
        Ok(self.machine)
    }
}
