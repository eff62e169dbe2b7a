//! A desk: where one lesson stands, from the open page to the runs so far. The learner's own script has one too.

use crate::app::engine::{Request, RunId};
use crate::app::ink;
use crate::app::model::language;
use crate::insight::{Summary, Verdict};
use crate::lesson::types::Knobs;
use crate::lesson::{Check, Knob, Lesson, Page, Prediction, Program, knobs};
use crate::runner::Outcome;
use crate::runtime::Runtime;
use crate::view::Viewport;
use std::sync::Arc;

/// How many runs the comparison table remembers.
const REMEMBERED: usize = 40;

/// Where one lesson stands.
#[derive(Debug, Clone)]
pub struct Desk {
    /// The lesson, or the learner's own script dressed as one.
    pub lesson: Arc<Lesson>,
    /// Whether this is the learner's own script: there are no pages to read.
    pub script: bool,
    /// The open page.
    pub page: usize,
    /// The selected program.
    pub tab: usize,
    /// The part that is open where only one fits, and beside the picture where two do.
    pub pane: Pane,
    /// Rows scrolled, by pane.
    pub scroll: [u16; Pane::COUNT],
    /// The knobs' values now.
    pub knobs: Knobs,
    /// The selected knob.
    pub knob: usize,
    /// The prediction that waits for an answer before its program runs.
    pub gate: Option<Gate>,
    /// The runs of this session, oldest first.
    pub runs: Vec<Run>,
    /// The part of the time axis on screen.
    pub view: Viewport,
}

/// A prediction that waits for its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gate {
    /// Its place in the lesson.
    pub prediction: usize,
    /// The choice that the learner is on.
    pub selected: usize,
}

/// A part of the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Pane {
    /// The page's text.
    #[default]
    Text,
    /// The program's source.
    Source,
    /// The cores and the timeline, with the results below where there is room.
    Watch,
    /// The results, where they have no room below the picture.
    Results,
    /// What the program wrote.
    Output,
}

impl Pane {
    /// How many panes there are.
    pub const COUNT: usize = 5;
    /// Every pane, in the order of the key that goes through them.
    pub const ALL: [Pane; Self::COUNT] = [Pane::Text, Pane::Source, Pane::Watch, Pane::Results, Pane::Output];

    /// The pane's name on screen.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Pane::Text => "Text",
            Pane::Source => "Source",
            Pane::Watch => "Picture",
            Pane::Results => "Results",
            Pane::Output => "Output",
        }
    }
}

/// A run that has ended.
#[derive(Debug, Clone)]
pub struct Run {
    /// Its number.
    pub id: RunId,
    /// The program's place in the lesson.
    pub program: usize,
    /// Who ran it.
    pub runtime: Runtime,
    /// With which knobs: those that its source has.
    pub knobs: Knobs,
    /// What the learner had said it would show, where this is the run that was predicted.
    pub said: Option<String>,
    /// Its numbers.
    pub summary: Summary,
    /// What happened, in a sentence.
    pub verdict: Verdict,
    /// Whether the program succeeded: only then its numbers count.
    pub ok: bool,
    /// What was measured; kept for the last run of each tab.
    pub outcome: Option<Arc<Outcome>>,
}

impl Run {
    /// Whether the program came to its own end, well or not.
    #[must_use]
    pub fn ended_itself(&self) -> bool {
        self.outcome
            .as_deref()
            .is_some_and(|outcome| !outcome.cancelled && outcome.exit.ended_by.is_none() && outcome.exit.code.is_some())
    }
}

impl Desk {
    /// A fresh desk for this lesson.
    #[must_use]
    pub fn new(lesson: Arc<Lesson>) -> Desk {
        let knobs = lesson.default_knobs();
        let mut desk = Desk {
            lesson,
            script: false,
            page: 0,
            tab: 0,
            pane: Pane::Text,
            scroll: [0; Pane::COUNT],
            knobs,
            knob: 0,
            gate: None,
            runs: Vec::new(),
            view: Viewport::default(),
        };
        desk.select_page_program();
        desk
    }

    /// The open page.
    #[must_use]
    pub fn current_page(&self) -> Option<&Page> {
        self.lesson.pages.get(self.page)
    }

    /// The selected program.
    #[must_use]
    pub fn current_program(&self) -> &Program {
        &self.lesson.programs[self.tab]
    }

    /// The selected knob.
    #[must_use]
    pub fn current_knob(&self) -> Option<&Knob> {
        self.lesson.knobs.get(self.knob)
    }

    /// The checks of the open page, in its order.
    pub fn page_checks(&self) -> impl Iterator<Item = &Check> {
        let ids = self.current_page().map_or(&[][..], |page| &page.checks);
        ids.iter().filter_map(|id| self.lesson.checks.iter().find(|check| check.id == *id))
    }

    /// Turning to a page selects the program that it is about.
    pub fn select_page_program(&mut self) {
        let Some(name) = self.current_page().and_then(|page| page.program.as_deref()) else { return };
        if let Some(tab) = self.lesson.programs.iter().position(|p| p.name == name) {
            self.tab = tab;
        }
    }

    /// The prediction that gates this program's first run.
    #[must_use]
    pub fn prediction_for(&self, program: usize) -> Option<(usize, &Prediction)> {
        let name = &self.lesson.programs.get(program)?.name;
        self.lesson.predictions.iter().enumerate().find(|(_, p)| p.program == *name && !p.choices().is_empty())
    }

    /// The last run of a tab, whose picture it keeps.
    #[must_use]
    pub fn last_run(&self, program: usize) -> Option<&Run> {
        self.runs.iter().rev().find(|run| run.program == program)
    }

    /// The place of the program that this one's speed-up is measured against; itself, where it is that one.
    #[must_use]
    pub fn baseline(&self, program: usize) -> Option<usize> {
        let programs = &self.lesson.programs;
        if programs[program].apart { None } else { programs.iter().position(|p| p.baseline) }
    }

    /// The knobs that this program has on this runtime, with their values now: the others make no difference to it.
    #[must_use]
    pub fn used_knobs(&self, program: usize, runtime: &Runtime, values: &Knobs) -> Knobs {
        let language = language(runtime);
        ink::text(&self.lesson, program, language).map_or_else(Knobs::new, |text| knobs::used(text, language, values))
    }

    /// The last successful run of a program under these conditions.
    #[must_use]
    pub fn same_run(&self, program: usize, runtime: &Runtime, values: &Knobs) -> Option<&Run> {
        let used = self.used_knobs(program, runtime, values);
        let mut runs = self.runs.iter().rev().filter(|run| run.ok && run.program == program);
        runs.find(|run| run.runtime == *runtime && run.knobs == used)
    }

    /// Remembers a run. Only the last run of each program keeps its trace.
    pub fn remember(&mut self, run: Run) {
        for old in &mut self.runs {
            if old.program == run.program {
                old.outcome = None;
            }
        }
        self.runs.push(run);
        let excess = self.runs.len().saturating_sub(REMEMBERED);
        self.runs.drain(..excess);
    }

    /// What to run for this program now.
    #[must_use]
    pub fn request(&self, program: usize, runtime: &Runtime) -> Request {
        Request { lesson: Arc::clone(&self.lesson), program, runtime: runtime.clone(), knobs: self.knobs.clone() }
    }
}
