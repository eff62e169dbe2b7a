//! A desk: where one lesson stands, from the open page to the runs so far. The learner's own script has one too.

use crate::app::engine::RunId;
use crate::app::screens::ask::Asking;
use crate::app::screens::desk::kind::DeskKind;
use crate::app::screens::desk::{Found, Pane};
use crate::app::typeset::{self, Typeset};
use crate::insight::{Objects, Summary, Verdict, predicted};
use crate::lesson::types::Knobs;
use crate::lesson::{Check, Drawing, Metric, Outline, Page, Prediction, Program, SharedLesson, knobs};
use crate::runner::{End, Outcome, Raised, RunSpec};
use crate::runtime::Runtime;
use crate::view::Viewport;
use chrono::NaiveDateTime;
use std::collections::BTreeSet;
use std::sync::Arc;

/// How many runs the comparison table remembers.
const REMEMBERED: usize = 40;

/// Where one lesson stands.
#[derive(Debug, Clone)]
pub struct Desk {
    /// The lesson, or the learner's own script dressed as one.
    pub lesson: SharedLesson,
    /// What it is for.
    pub kind: DeskKind,
    /// Its pages and sources ready to draw; `None` until they are.
    pub typeset: Option<Arc<Typeset>>,
    /// The open page.
    pub page: usize,
    /// The selected program.
    pub tab: usize,
    /// The part that is open where only one fits, and beside the picture where two do.
    pub pane: Pane,
    /// How far each pane is scrolled.
    pub scroll: [Scroll; Pane::COUNT],
    /// The knobs' values now.
    pub knobs: Knobs,
    /// The selected knob.
    pub knob: usize,
    /// The prediction that waits for an answer before its program runs.
    pub gate: Option<Gate>,
    /// The predictions that were skipped since the tutor was started, by id: they are asked again the next time.
    pub skipped: BTreeSet<String>,
    /// What was looked for and found here.
    pub found: Option<Found>,
    /// The answer that is being given to the page's open question.
    pub answering: Option<Answering>,
    /// The last runs, oldest first: of this session and of earlier ones.
    pub runs: Vec<Run>,
    /// Whether the runs of earlier sessions were asked for.
    pub kept_asked: bool,
    /// The part of the time axis on screen.
    pub view: Viewport,
    /// What threads waited for in the run on the screen, once that was asked for.
    pub objects: Option<Listed>,
}

/// What threads waited for in a run.
#[derive(Debug, Clone)]
pub struct Listed {
    /// The run.
    pub run: RunId,
    /// All of it.
    pub all: Arc<Objects>,
    /// That whose waits are marked.
    pub chosen: Option<usize>,
}

/// A prediction that waits for its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gate {
    /// Its place in the lesson.
    pub prediction: usize,
    /// The choice, or the bar, that the learner is on.
    pub selected: usize,
    /// The bars as they are drawn so far, in percent; empty where the learner chooses.
    pub bars: Vec<u16>,
}

/// The longest bar of a prediction that is drawn, in percent.
#[must_use]
pub const fn longest(drawing: Drawing) -> u16 {
    match drawing {
        Drawing::Cores => 100,
        Drawing::Wall => 300,
    }
}

/// How far a pane is scrolled, as the learner left it; the plan of a frame says how far that goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scroll {
    /// At the start; on a page so far down that all of the open question is in sight.
    #[default]
    Start,
    /// So many rows.
    Rows(u16),
    /// So that this line of the source, from 1, is in sight.
    Line(usize),
    /// To the end of the open question.
    Asked,
    /// To the end of the open question, but not past this one: what there is to say about an answer is to be read first.
    Told(usize),
}

/// An answer on its way.
#[derive(Debug, Clone)]
pub struct Answering {
    /// The check's id.
    pub check: String,
    /// How far it has come.
    pub asking: Asking,
}

/// A run that has ended.
#[derive(Debug, Clone)]
pub struct Run {
    /// Its number.
    pub id: RunId,
    /// The program's place in the lesson.
    pub program: usize,
    /// What was run.
    pub spec: RunSpec,
    /// The knobs of it that its source has: the others make no difference, and do not make it another run.
    pub used: Knobs,
    /// What the learner had said it would show, where this is the run that was predicted.
    pub said: Option<String>,
    /// Its numbers.
    pub summary: Summary,
    /// What happened, in a sentence.
    pub verdict: Verdict,
    /// How it ended.
    pub end: End,
    /// The exception that its program told of last, where it did.
    pub raised: Option<Raised>,
    /// Whether its program was changed since.
    pub edited: bool,
    /// When it ended, where the learner was.
    pub at: NaiveDateTime,
    /// Whether it was kept from an earlier session.
    pub kept: bool,
    /// What was measured; kept for the last run of each tab.
    pub outcome: Option<Arc<Outcome>>,
}

impl Run {
    /// The value of a metric, where the run counts.
    #[must_use]
    pub fn metric(&self, metric: &Metric, usable_cores: Option<f64>) -> Option<f64> {
        predicted::counted(metric, &self.summary, self.end, usable_cores)
    }

    /// The value of a metric for a sentence that says what became of the run: how long it lasted counts, even where it
    /// had to be ended.
    #[must_use]
    pub fn metric_for_words(&self, metric: &Metric, usable_cores: Option<f64>) -> Option<f64> {
        let lasted = (self.summary.hung && *metric == Metric::Wall).then_some(self.summary.wall_s);
        self.metric(metric, usable_cores).or(lasted)
    }
}

impl Desk {
    /// A fresh desk for this lesson.
    #[must_use]
    pub fn new(lesson: SharedLesson, kind: DeskKind) -> Desk {
        let Outline { knobs, first_program, .. } = lesson.outline();
        let (knobs, tab) = (knobs.clone(), *first_program);
        Desk {
            lesson,
            kind,
            typeset: None,
            page: 0,
            tab,
            pane: Pane::Text,
            scroll: [Scroll::default(); Pane::COUNT],
            knobs,
            knob: 0,
            gate: None,
            skipped: BTreeSet::new(),
            found: None,
            answering: None,
            runs: Vec::new(),
            kept_asked: false,
            view: Viewport::default(),
            objects: None,
        }
    }

    /// Closes what is open on it: a prediction that waits, or the timeline's cursor.
    pub fn close(&mut self) {
        if self.gate.take().is_none() {
            self.view.cursor = None;
        }
        self.view.selected = None;
        self.objects.iter_mut().for_each(|listed| listed.chosen = None);
    }

    /// Whether nothing was done on it yet.
    #[must_use]
    pub fn is_untouched(&self) -> bool {
        let Outline { knobs, first_program, .. } = self.lesson.outline();
        let opened = (self.page, self.tab) == (0, *first_program) && self.knobs == *knobs;
        opened && self.gate.is_none() && self.answering.is_none() && self.runs.iter().all(|run| run.kept)
    }

    /// How many places there are to turn to: a lesson's end follows its pages.
    #[must_use]
    pub fn page_count(&self) -> usize {
        self.lesson.pages.len() + usize::from(self.counts())
    }

    /// Whether the lesson's end is open.
    #[must_use]
    pub fn on_end(&self) -> bool {
        self.counts() && self.page >= self.lesson.pages.len()
    }

    /// The open page; `None` at the lesson's end.
    #[must_use]
    pub fn current_page(&self) -> Option<&Page> {
        self.lesson.pages.get(self.page)
    }

    /// The selected program.
    #[must_use]
    pub fn current_program(&self) -> &Program {
        &self.lesson.programs[self.tab]
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

    /// The predictions that gate this program's first run, by place in the lesson.
    pub fn predictions_for(&self, program: usize) -> impl Iterator<Item = (usize, &Prediction)> {
        let name = self.lesson.programs.get(program).map(|program| program.name.as_str());
        self.lesson.predictions.iter().enumerate().filter(move |(_, p)| Some(p.program.as_str()) == name)
    }

    /// The knobs that stand elsewhere than the predictions of this program were written for, with the values that they
    /// were written for.
    #[must_use]
    pub fn written_for(&self, program: usize, runtime: &Runtime) -> Knobs {
        let Some((_, prediction)) = self.predictions_for(program).next() else { return Knobs::new() };
        let turned = prediction.turned(&self.lesson, runtime.language(), &self.knobs);
        let mut written = prediction.setting(&self.lesson.default_knobs());
        written.retain(|name, _| turned.contains_key(name));
        written
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
        let language = runtime.language();
        typeset::text(&self.lesson, program, language)
            .map_or_else(Knobs::new, |text| knobs::used(text, language, values))
    }

    /// The last successful run of a program under these conditions.
    #[must_use]
    pub fn same_run(&self, program: usize, runtime: &Runtime, values: &Knobs) -> Option<&Run> {
        let used = self.used_knobs(program, runtime, values);
        let counts = |run: &&Run| run.end.success() && run.program == program && !run.edited;
        let mut runs = self.runs.iter().rev().filter(counts);
        runs.find(|run| run.spec.runtime == *runtime && run.used == used)
    }

    /// What the last run of a program on this runtime yields, of those that yield it.
    #[must_use]
    pub fn latest<T>(&self, program: &str, runtime: &Runtime, of_run: impl Fn(&Run) -> Option<T>) -> Option<T> {
        let of = |run: &&Run| self.lesson.programs[run.program].name == program && run.spec.runtime == *runtime;
        self.runs.iter().rev().filter(of).find_map(of_run)
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
}
