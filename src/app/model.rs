//! What the app knows: plain data, changed by `update` alone and drawn by `screens` alone.

use crate::app::appearance::{Appearance, Assumed, Outright};
use crate::app::engine::RunId;
use crate::app::keymap::{self, Id};
use crate::app::screens::compare::Comparing;
use crate::app::screens::desk::{Desk, DeskKind, Run};
use crate::app::screens::findings::Visit;
use crate::app::screens::interview::{Interview, Proving};
use crate::app::screens::overlay::finding::Finding;
use crate::app::screens::overlay::search::Search;
use crate::app::screens::review::state::Sitting;
use crate::learner::progress::Progress;
use crate::learner::settings::Settings;
use crate::lesson::{Lesson, Outline, SharedLesson, parts::Part};
use crate::runner::{Machine, RunSpec, plan};
use crate::runtime::{Found, Runtime};
use crate::trace::Trace;
use crate::view::Theme;
use chrono::{NaiveDate, NaiveDateTime};
use std::collections::VecDeque;

pub use crate::app::screens::Screen;

/// Lessons whose laid-out pages and sources are kept.
const TYPESET_KEPT: usize = 4;

/// Everything that the app knows.
#[derive(Debug, Clone)]
pub struct Model {
    /// Columns and rows of the terminal.
    pub size: (u16, u16),
    /// What is open.
    pub screen: Screen,
    /// What lies over it.
    pub overlay: Option<Overlay>,
    /// One desk a lesson, in the order of the course; the learner's own script is the only one in `watch`.
    pub desks: Vec<Desk>,
    /// The headings over the lessons.
    pub parts: Vec<Part>,
    /// The day where the learner is.
    pub today: NaiveDate,
    /// The day and the time there.
    pub now: NaiveDateTime,
    /// The review that is open, or was left.
    pub sitting: Option<Sitting>,
    /// The interview that is open, or was left.
    pub interview: Option<Interview>,
    /// The gallery of findings, as it was left.
    pub gallery: Visit,
    /// The proof of an interview's answer that is shown on a desk.
    pub proving: Option<Proving>,
    /// The runs that stand side by side, while they do.
    pub comparing: Option<Box<Comparing>>,
    /// Who can run programs here.
    pub runtimes: Runtimes,
    /// The cores that the tutor may use.
    pub cores: u32,
    /// What this machine can give, once it has been measured.
    pub machine: Option<Machine>,
    /// Whether it is being measured now.
    pub measuring: bool,
    /// The run in progress.
    pub active: Option<Active>,
    /// One line for the learner, until the next key.
    pub notice: Option<Notice>,
    /// The number of a row that is being typed, where another digit can follow.
    pub number: Option<usize>,
    /// What is typed to find an action, while they are listed.
    pub commands: Finding,
    /// What is looked for in the lessons, and where it is.
    pub search: Search,
    /// What the learner has done.
    pub progress: Progress,
    /// What the terminal says of itself, and what was said of it outright.
    pub assumed: Assumed,
    /// How the learner wants things drawn, where that counts at this start.
    pub chosen: Settings,
    /// How the model is shown.
    pub voice: Voice,
    /// How things look: what is assumed, as the learner wants it.
    pub appearance: Appearance,
    /// How things are drawn: made from `appearance`.
    pub theme: Theme,
    /// The desks whose lessons are being typeset, or are, and kept, the oldest first.
    pub typeset_kept: VecDeque<usize>,
    /// Whether the learner's run waits for discovery or the calibration.
    pub run_held: bool,
    /// Whether the progress file has been read: before that nothing is written over it.
    pub progress_known: bool,
    /// The number of the next run.
    pub next_run: u64,
    /// The desk of a lesson's tasks, while it is open.
    pub task: Option<Box<Desk>>,
    /// Counts what has changed anything but the picture of the run in progress.
    pub epoch: u64,
}

/// How the model is shown. What is known and done is the same; a few words are not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Voice {
    /// As frames on a terminal.
    Screen,
    /// As lines that stay as they are.
    Lines,
}

/// Which desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Of the lesson at this place in the course, or the script's.
    Lesson(usize),
    /// Of the tasks that are open.
    Task,
}

/// What lies over a screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overlay {
    /// The keys, scrolled by this many rows.
    Help(u16),
    /// The runtimes, with the selected row.
    Runtimes(usize),
    /// Whether to forget the progress of the lesson at this place, or of all.
    Forget(usize),
    /// Whether to throw the learner's copy of the open task away.
    Reset,
    /// Every action that works here.
    Commands,
    /// Words that are looked for in all lessons.
    Search,
}

/// One line for the learner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The words.
    pub text: String,
    /// How it is said.
    pub tone: Tone,
}

/// How something is said to the learner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// In passing.
    Quiet,
    /// As what matters now.
    Plain,
    /// Something went wrong.
    Bad,
}

/// The runtimes, as the learner sees them.
#[derive(Debug, Clone)]
pub struct Runtimes {
    /// Those that can run programs: each CPython found, then native.
    pub usable: Vec<Runtime>,
    /// What discovery said about the rest: path and reason.
    pub unusable: Vec<(String, String)>,
    /// The place of the selected one in `usable`.
    pub selected: usize,
    /// Whether the learner has chosen it.
    pub chosen: bool,
    /// Whether discovery is still looking.
    pub looking: bool,
}

/// The run in progress.
#[derive(Debug, Clone)]
pub struct Active {
    /// Its number.
    pub id: RunId,
    /// Whose run it is.
    pub desk: Place,
    /// The program's place on that desk.
    pub program: usize,
    /// What runs.
    pub spec: RunSpec,
    /// Programs that run after it, by place in the lesson.
    pub then: VecDeque<usize>,
    /// Whether it is made for a comparison: then what follows is run however this one ends.
    pub comparing: bool,
    /// Whether the learner has asked to stop it.
    pub cancelled: bool,
    /// Its times so far, without its lanes' spans; `None` until it has recorded something.
    pub times: Option<Box<Trace>>,
}

impl Default for Runtimes {
    fn default() -> Self {
        Runtimes {
            usable: vec![Runtime::Native { gil: true }, Runtime::Native { gil: false }],
            unusable: Vec::new(),
            selected: 0,
            chosen: false,
            looking: true,
        }
    }
}

impl Runtimes {
    /// The selected runtime.
    #[must_use]
    pub fn current(&self) -> &Runtime {
        &self.usable[self.selected.min(self.usable.len() - 1)]
    }

    /// Selects a runtime as the learner does: what discovery finds later does not change it.
    pub fn choose(&mut self, runtime: &Runtime) {
        if let Some(place) = self.usable.iter().position(|r| r == runtime) {
            self.selected = place;
            self.chosen = true;
        }
    }

    /// Takes in what discovery found. CPython runs first, unless the learner has chosen something else.
    pub fn absorb(&mut self, found: Found, all: bool) {
        let before = self.current().clone();
        self.usable.retain(|runtime| matches!(runtime, Runtime::Native { .. }));
        self.usable.splice(0..0, found.pythons.into_iter().map(Runtime::CPython));
        if self.usable.is_empty() {
            // The learner's own script runs on the one that it was started with.
            self.usable.push(before.clone());
        }
        self.unusable = found.unusable.into_iter().map(|u| (u.path.display().to_string(), u.reason)).collect();
        self.looking = !all;
        self.selected = match self.usable.iter().position(|r| *r == before) {
            Some(place) if self.chosen => place,
            _ => 0,
        };
    }
}

impl Model {
    /// A model with these lessons, on a screen of this size, before anything else is known.
    #[must_use]
    pub fn new(
        lessons: impl IntoIterator<Item = impl Into<SharedLesson>>,
        size: (u16, u16),
        appearance: Appearance,
    ) -> Model {
        Model {
            size,
            screen: Screen::List(0),
            overlay: None,
            desks: lessons.into_iter().map(|lesson| Desk::new(lesson.into(), DeskKind::Lesson)).collect(),
            parts: Vec::new(),
            today: NaiveDate::default(),
            now: NaiveDateTime::default(),
            sitting: None,
            interview: None,
            gallery: Visit::default(),
            proving: None,
            comparing: None,
            runtimes: Runtimes::default(),
            cores: 1,
            machine: None,
            measuring: false,
            active: None,
            notice: None,
            number: None,
            commands: Finding::default(),
            search: Search::default(),
            progress: Progress::default(),
            assumed: Assumed {
                appearance,
                ask: false,
                colors: appearance.depth,
                outright: Outright::default(),
                tmux: false,
            },
            chosen: Settings::default(),
            voice: Voice::Screen,
            appearance,
            theme: appearance.theme(),
            typeset_kept: VecDeque::new(),
            run_held: false,
            progress_known: false,
            next_run: 1,
            task: None,
            epoch: 0,
        }
    }

    /// Has things drawn as is assumed of the terminal and as the learner wants them.
    pub fn dress(&mut self) {
        self.appearance = self.assumed.appearance.with(self.chosen, self.assumed.colors);
        self.theme = self.appearance.theme();
        if self.voice == Voice::Lines {
            self.theme = self.theme.clone().spoken();
        }
    }

    /// What is known of each lesson without looking into it, in the order of the course.
    pub fn outlines(&self) -> impl Iterator<Item = &Outline> {
        self.desks.iter().map(|desk| desk.lesson.outline())
    }

    /// The pages and sources of this desk's lesson are being made ready to draw. Those of a few lessons are kept: all
    /// would fill the memory.
    pub fn preparing(&mut self, place: usize) {
        self.typeset_kept.push_back(place);
        if self.typeset_kept.len() > TYPESET_KEPT
            && let Some(oldest) = self.typeset_kept.pop_front()
        {
            self.desks[oldest].typeset = None;
        }
    }

    /// Selects the runtime that the open lesson begins with, unless the learner has chosen one: where a program needs
    /// packages, the first Python that has them.
    pub fn prefer_runtime(&mut self) {
        if self.runtimes.chosen {
            return;
        }
        let programs = self.desk().map_or(&[][..], |desk| &desk.lesson.programs);
        let packages: Vec<String> = programs.iter().flat_map(|program| program.packages.clone()).collect();
        let has = |runtime: &Runtime| matches!(runtime, Runtime::CPython(p) if p.missing(&packages).is_empty());
        self.runtimes.selected = self.runtimes.usable.iter().position(has).unwrap_or(0);
    }

    /// The next runtime, by place, on which the selected program can run.
    #[must_use]
    pub fn able_runtime(&self) -> Option<usize> {
        let desk = self.desk()?;
        let count = self.runtimes.usable.len();
        let mut order = (1..=count).map(|step| (self.runtimes.selected + step) % count);
        order.find(|place| unavailable(&desk.lesson, desk.tab, &self.runtimes.usable[*place]).is_none())
    }

    /// Whether nothing is missing but packages: with them, a Python that is here could run the selected program.
    #[must_use]
    pub fn lacks_packages(&self) -> bool {
        let Some(desk) = self.desk().filter(|_| self.able_runtime().is_none()) else { return false };
        let program = &desk.lesson.programs[desk.tab];
        self.runtimes.usable.iter().any(|runtime| match runtime {
            Runtime::CPython(python) => python.gil && plan::lacks_packages_alone(program, python),
            Runtime::Native { .. } => false,
        })
    }

    /// Which desk is open.
    #[must_use]
    pub const fn place(&self) -> Option<Place> {
        match self.screen {
            Screen::Desk(index) => Some(Place::Lesson(index)),
            Screen::Task => Some(Place::Task),
            Screen::List(_) | Screen::Compare | Screen::Review | Screen::Interview | Screen::Findings => None,
        }
    }

    /// The place in the course of the open desk; `None` on a task.
    #[must_use]
    pub const fn desk_index(&self) -> Option<usize> {
        if let Screen::Desk(index) = self.screen { Some(index) } else { None }
    }

    /// The desk at a place. A task's is there while it is open.
    #[must_use]
    pub fn desk_at(&self, place: Place) -> Option<&Desk> {
        match place {
            Place::Lesson(index) => self.desks.get(index),
            Place::Task => self.task.as_deref(),
        }
    }

    /// The desk at a place, to be changed.
    pub fn desk_at_mut(&mut self, place: Place) -> Option<&mut Desk> {
        match place {
            Place::Lesson(index) => self.desks.get_mut(index),
            Place::Task => self.task.as_deref_mut(),
        }
    }

    /// The open desk.
    #[must_use]
    pub fn desk(&self) -> Option<&Desk> {
        self.desk_at(self.place()?)
    }

    /// The open desk, to be changed.
    pub fn desk_mut(&mut self) -> Option<&mut Desk> {
        self.desk_at_mut(self.place()?)
    }

    /// The run in progress, where the screen shows its picture: in a comparison, or on the open desk, where its own tab is
    /// open, or one that waits for it.
    #[must_use]
    pub fn live(&self) -> Option<&Active> {
        let active = self.active.as_ref()?;
        if self.screen == Screen::Compare {
            return Some(active).filter(|active| active.comparing);
        }
        let desk = self.desk()?;
        let ours = Some(active.desk) == self.place();
        (ours && (active.program == desk.tab || active.then.contains(&desk.tab))).then_some(active)
    }

    /// The times of the run that the open desk shows: of the live one, or of the last one of its tab.
    #[must_use]
    pub fn shown_times(&self) -> Option<&Trace> {
        match self.live() {
            Some(active) => active.times.as_deref(),
            None => self.shown_run()?.outcome.as_ref().map(|outcome| &outcome.trace),
        }
    }

    /// The ended run whose picture the open desk shows.
    #[must_use]
    pub fn shown_run(&self) -> Option<&Run> {
        let desk = self.desk()?;
        desk.last_run(desk.tab)
    }

    /// The check that a number answers now: the first of the page that has not been answered rightly.
    #[must_use]
    pub fn open_check<'a>(&self, desk: &'a Desk) -> Option<&'a crate::lesson::Check> {
        let done = self.progress.lessons.get(&desk.lesson.id);
        let right = |id: &str| done.and_then(|d| d.checks.get(id)).is_some_and(|a| a.right);
        desk.page_checks().find(|check| !right(&check.id))
    }

    /// The keys of a row of the key table, as this terminal can show them.
    #[must_use]
    pub fn keys(&self, id: Id) -> &'static str {
        keymap::row(id).keys(self.theme.glyphs.unicode)
    }

    /// Says that a run is in the way.
    pub fn say_busy(&mut self) {
        self.say(format!("A run is going on. {} stops it.", keymap::name(Id::Back)));
    }

    /// Says something to the learner.
    pub fn say(&mut self, text: impl Into<String>) {
        self.notice = Some(Notice { text: text.into(), tone: Tone::Plain });
    }

    /// Says something to the learner in passing.
    pub fn whisper(&mut self, text: impl Into<String>) {
        self.notice = Some(Notice { text: text.into(), tone: Tone::Quiet });
    }

    /// Says that something went wrong.
    pub fn complain(&mut self, text: impl Into<String>) {
        self.notice = Some(Notice { text: text.into(), tone: Tone::Bad });
    }
}

/// Why a lesson's program cannot run on this runtime; `None` where it can.
#[must_use]
pub fn unavailable(lesson: &Lesson, program: usize, runtime: &Runtime) -> Option<String> {
    plan::runnable(lesson, lesson.programs.get(program)?, runtime).err()
}

/// What the window on time needs of a trace: its times, without what happened. Who its lanes are, the plan of a frame knows.
#[must_use]
pub fn times_of(trace: &Trace) -> Trace {
    let Trace { launched_at, program_at, ended_at, known_until, grain, detail, .. } = *trace;
    Trace { launched_at, program_at, ended_at, known_until, grain, detail, ..Trace::default() }
}
