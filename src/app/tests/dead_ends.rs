//! Whatever is clicked, pressed, pasted or told, in whatever order: the app goes on drawing, every click target is on the
//! screen, one run goes on at a time, and there is a way out of everything: a few times `esc` to the map, and out of
//! the tutor at once.

use super::clicks::{click, in_short, mouse, painted};
use super::states::{self, Course, FEW_SIZES, SIZES};
use super::{Bench, found, key};
use crate::app::effect::Effect;
use crate::app::engine::{Engine, RunId};
use crate::app::frame::FramePlan;
use crate::app::keymap;
use crate::app::message::{CopyRead, Message};
use crate::app::model::{Model, Screen, times_of};
use crate::app::screens::desk::Desk;
use crate::app::screens::{field, plan};
use crate::app::update::update;
use crate::learner::progress::Progress;
use crate::learner::runs::KeptRun;
use crate::learner::store::Loaded;
use crate::lesson::search::Index;
use crate::runner::{End, EndedBy, Machine, Outcome, Status};
use crate::runtime::Found;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEventKind};
use proptest::collection::vec;
use proptest::prelude::*;
use ratatui::layout::{Position, Rect};
use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

/// How many times `esc` is pressed at most until nothing is open: help, a cursor, a run, an answer and its field, a
/// question of the interview and its list, the interview's lesson.
const STEPS_OUT: usize = 8;

/// Every how many cells of a screen are tried where the tests are not optimised; all of them where they are.
const STRIDE: usize = if cfg!(debug_assertions) { 307 } else { 1 };

/// What the mouse can do at a cell, a click apart.
const OTHER: [MouseEventKind; 5] = [
    MouseEventKind::Drag(MouseButton::Left),
    MouseEventKind::ScrollDown,
    MouseEventKind::ScrollUp,
    MouseEventKind::Down(MouseButton::Right),
    MouseEventKind::Moved,
];

/// Whether nothing is open any more that `esc` could leave.
fn is_out(model: &Model) -> bool {
    let script = model.desks.first().is_some_and(Desk::is_alone);
    let bare = |desk: &Desk| desk.gate.is_none() && desk.view.cursor.is_none();
    let at_rest = match model.screen {
        Screen::List(_) => true,
        Screen::Desk(_) => script && model.active.is_none() && model.desk().is_some_and(bare),
        Screen::Compare | Screen::Task | Screen::Review | Screen::Interview | Screen::Findings => false,
    };
    at_rest && model.overlay.is_none()
}

/// Presses `esc` until nothing is open; a run that is stopped ends.
fn go_out(mut model: Model, plan_of: &dyn Fn(&Model) -> FramePlan) -> Result<(), String> {
    for _ in 0..STEPS_OUT {
        if is_out(&model) {
            return Ok(());
        }
        let mut messages = VecDeque::from([Message::Key(key("esc"))]);
        while let Some(message) = messages.pop_front() {
            let plan = plan_of(&model);
            for effect in update(&mut model, &plan, message) {
                if let Effect::Cancel(id) = effect {
                    let spec = model.active.as_ref().map(|active| active.spec.clone()).unwrap_or_default();
                    let end = End::Ended(EndedBy::Cancelled, Status::Signal(15));
                    let outcome = Outcome { spec, end, ..Outcome::default() };
                    messages.push_back(Message::RunEnded(id, Arc::new(outcome)));
                }
            }
        }
    }
    if is_out(&model) { Ok(()) } else { Err(format!("no way out of {}", in_short(&model))) }
}

/// Whether the key that quits does.
fn quits(model: &Model, plan: &FramePlan) -> bool {
    let control = KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL);
    let quits = |event| {
        let effects = update(&mut model.clone(), plan, Message::Key(event));
        effects.into_iter().any(|effect| matches!(effect, Effect::Quit(None)))
    };
    quits(control) && (field(model).is_some() || quits(key("q")))
}

fn plan_of(bench: &Bench, model: &Model) -> FramePlan {
    let area = Rect::new(0, 0, model.size.0, model.size.1);
    bench.with_shown_of(model, |shown| plan(model, shown, area))
}

#[test]
fn no_click_panics_or_leads_where_there_is_no_way_out() {
    for &size in FEW_SIZES {
        for (name, bench) in states::all(size) {
            let plan = bench.plan();
            let centre = |area: Rect| Position::new(area.x + area.width / 2, area.y + area.height / 2);
            let targets = plan.targets().map(|placed| centre(placed.area));
            let cells = plan.area.positions().step_by(STRIDE).chain(targets);
            let mut known = HashSet::new();
            for at in cells {
                let events = OTHER.map(|kind| mouse(kind, at)).into_iter().chain([click(at)]);
                for message in events {
                    let mut model = bench.model.clone();
                    let _ = update(&mut model, &plan, message.clone()).into_iter().count();
                    if let Some(desk) = model.desk_mut() {
                        // Each cell of a timeline is another instant: one of them is enough.
                        desk.view.cursor = desk.view.cursor.map(|_| desk.view.from);
                    }
                    if !known.insert(in_short(&model)) {
                        continue;
                    }
                    let what = format!("{name} at {size:?}, after {message:?}");
                    let _ = painted(&bench, &model);
                    assert!(quits(&model, &plan_of(&bench, &model)), "{what}");
                    if let Err(why) = go_out(model, &|model| plan_of(&bench, model)) {
                        panic!("{what}: {why}");
                    }
                }
            }
        }
    }
}

#[test]
fn every_state_has_a_way_out_on_a_screen_that_is_too_small() {
    for (name, mut bench) in states::all((80, 24)) {
        bench.tell(Message::Resize(20, 5));
        assert!(quits(&bench.model, &bench.plan()), "{name}");
        if let Err(why) = go_out(bench.model.clone(), &|model| plan_of(&bench, model)) {
            panic!("{name}: {why}");
        }
    }
}

/// One thing that happens.
#[derive(Debug, Clone)]
enum Step {
    /// A key of the table, by its place.
    Bound(usize),
    /// Any key.
    Key(KeyCode),
    /// Letters that are pasted.
    Paste(&'static str),
    /// The mouse does something at this share of the screen.
    Mouse(MouseEventKind, f64, f64),
    /// A target is clicked, by its place in the plan.
    Target(usize),
    /// The terminal has another size.
    Resize(u16, u16),
    /// The frame on the screen is the one before these things happened, as when several come at once.
    Unpainted,
    /// The run in progress has recorded more.
    Moves,
    /// It ends well.
    Ends,
    /// It ends badly.
    Fails,
    /// It could not be started.
    NotStarted,
    /// What was asked for is there.
    Answered,
    /// Something is told that nobody waits for.
    Told(Told),
}

/// What may arrive at any time.
#[derive(Debug, Clone, Copy)]
enum Told {
    Progress,
    CaughtUp,
    Runtimes(bool),
    NoRuntimes,
    Calibrated,
    NotCalibrated,
    NotSaved,
    Forgotten,
    LightTerminal,
    Continued,
    OldRunEnded,
}

/// Every key of the table.
fn bound() -> Vec<KeyEvent> {
    let keys = keymap::all().flat_map(|row| row.binds);
    keys.map(|(key, _)| KeyEvent::new(key.0, key.1)).collect()
}

fn step() -> impl Strategy<Value = Step> {
    let kinds = [OTHER.as_slice(), &[MouseEventKind::Down(MouseButton::Left)]].concat();
    let sizes = [SIZES.as_slice(), &[(0, 0), (1, 1), (79, 24), (80, 23), (500, 3), (300, 120)]].concat();
    let told = vec![
        Told::Progress,
        Told::CaughtUp,
        Told::Runtimes(true),
        Told::Runtimes(false),
        Told::NoRuntimes,
        Told::Calibrated,
        Told::NotCalibrated,
        Told::NotSaved,
        Told::Forgotten,
        Told::LightTerminal,
        Told::Continued,
        Told::OldRunEnded,
    ];
    let codes = vec![KeyCode::Enter, KeyCode::Char(' '), KeyCode::Esc, KeyCode::Tab, KeyCode::Delete, KeyCode::F(5)];
    let pasted = vec!["", "a", "5 ms\nq\n", "\u{1b}[A\u{0}\u{fffd}", "世界 ä \u{200d}👩‍🚀"];
    prop_oneof![
        30 => (0..bound().len()).prop_map(Step::Bound),
        12 => prop::sample::select(codes).prop_map(Step::Key),
        2 => any::<char>().prop_map(|c| Step::Key(KeyCode::Char(c))),
        2 => prop::sample::select(pasted).prop_map(Step::Paste),
        6 => (prop::sample::select(kinds), 0.0..1.01, 0.0..1.01).prop_map(|(kind, x, y)| Step::Mouse(kind, x, y)),
        10 => (0usize..64).prop_map(Step::Target),
        2 => prop::sample::select(sizes).prop_map(|(columns, rows)| Step::Resize(columns, rows)),
        3 => Just(Step::Unpainted),
        3 => Just(Step::Moves),
        4 => Just(Step::Ends),
        1 => Just(Step::Fails),
        1 => Just(Step::NotStarted),
        5 => Just(Step::Answered),
        4 => prop::sample::select(told).prop_map(Step::Told),
    ]
}

/// A bench whose frames may be older than its model, and that answers what is asked for when it is told to.
struct World {
    bench: Bench,
    /// The plan of the frame that is on the screen.
    seen: FramePlan,
    /// Whether the next message meets the frame of before.
    unpainted: bool,
    /// What was asked for and not answered yet.
    asked: VecDeque<Message>,
    /// What was to be kept for the next time.
    kept: Vec<(String, KeptRun)>,
}

impl World {
    fn new(course: Course, size: (u16, u16)) -> World {
        let bench = states::bench(course, size);
        World { seen: bench.plan(), bench, unpainted: false, asked: VecDeque::new(), kept: Vec::new() }
    }

    fn tell(&mut self, message: Message) -> Result<(), TestCaseError> {
        // Only the mouse means what was seen: for all else the shell plans anew.
        let stale = self.unpainted && matches!(message, Message::Mouse(_));
        let plan = if stale { std::mem::take(&mut self.seen) } else { self.bench.plan() };
        for effect in update(&mut self.bench.model, &plan, message) {
            self.perform(effect)?;
        }
        if stale {
            self.seen = plan;
        }
        Ok(())
    }

    fn perform(&mut self, effect: Effect) -> Result<(), TestCaseError> {
        match effect {
            Effect::Start(id, lesson, spec) => {
                prop_assert!(self.bench.live.is_none(), "a second run beside the first");
                match self.bench.engine.start(&lesson, &spec, Box::new(|| {})) {
                    Ok(live) => self.bench.live = Some((id, live)),
                    Err(why) => self.asked.push_back(Message::RunFailed(id, why)),
                }
            }
            Effect::Cancel(id) => {
                if let Some((_, live)) = self.bench.live.as_ref().filter(|(other, _)| *other == id) {
                    live.cancel();
                }
            }
            Effect::ReadCopy(copy) | Effect::ResetCopy(copy) | Effect::EditCopy(copy) => {
                let text = Ok("print('mine')\n".to_owned());
                let path = "/home/me/task.py".into();
                self.asked.push_back(Message::Copy(CopyRead {
                    task: copy.task,
                    path,
                    text,
                    notice: None,
                    run: copy.run,
                }));
            }
            Effect::Forget(lesson) => self.asked.push_back(Message::Forgotten(lesson, Ok(None))),
            Effect::Calibrate => self.asked.push_back(Message::Calibrated(Err("busy".into()))),
            Effect::KeepRun(lesson, run) => self.kept.push((lesson, *run)),
            Effect::ReadRuns(place, lesson) => {
                let of = self.kept.iter().filter(|(other, _)| *other == lesson).map(|(_, run)| run.clone());
                self.asked.push_back(Message::RunsRead(place, Ok(of.collect())));
            }
            Effect::Prepare(place, _) => self.bench.model.preparing(place),
            Effect::ReadLessons(lessons) => {
                let index = Index::of(lessons.iter().map(|lesson| &**lesson));
                self.asked.push_back(Message::LessonsRead(Arc::new(index)));
            }
            Effect::TypesetCopy(..)
            | Effect::Copy(_)
            | Effect::Save
            | Effect::Suspend
            | Effect::Repaint
            | Effect::Install
            | Effect::Quit(_) => {}
        }
        Ok(())
    }

    fn happens(&mut self, step: &Step) -> Result<(), TestCaseError> {
        let size = &self.bench.model.size;
        let message = match step {
            Step::Unpainted => {
                self.unpainted = true;
                return Ok(());
            }
            Step::Bound(place) => Message::Key(bound()[*place]),
            Step::Key(code) => Message::Key(KeyEvent::new(*code, KeyModifiers::NONE)),
            Step::Paste(text) => Message::Paste((*text).to_owned()),
            Step::Mouse(kind, x, y) => mouse(*kind, Position::new(share(*x, size.0), share(*y, size.1))),
            Step::Target(place) => {
                let all: Vec<Rect> = self.seen.targets().map(|placed| placed.area).collect();
                let Some(area) = all.get(place % all.len().max(1)) else { return Ok(()) };
                click(Position::new(area.x + area.width / 2, area.y + area.height / 2))
            }
            Step::Resize(columns, rows) => Message::Resize(*columns, *rows),
            Step::Moves => match &self.bench.live {
                Some((id, live)) => {
                    let mut times = None;
                    live.snapshot(&mut |trace| times = Some(Box::new(times_of(trace))));
                    let Some(times) = times else { return Ok(()) };
                    Message::RunMoved(*id, times)
                }
                None => return Ok(()),
            },
            Step::Ends | Step::Fails | Step::NotStarted => {
                let Some((id, live)) = self.bench.live.take() else { return Ok(()) };
                match (step, live.finished()) {
                    (Step::Ends, Some(Ok(outcome))) => Message::RunEnded(id, outcome),
                    (Step::Fails, Some(Ok(outcome))) => {
                        let (spec, end) = (outcome.spec.clone(), End::Exited(1));
                        Message::RunEnded(id, Arc::new(Outcome { spec, end, ..Outcome::default() }))
                    }
                    _ => Message::RunFailed(id, "there is no memory left".into()),
                }
            }
            Step::Answered => match self.asked.pop_front() {
                Some(message) => message,
                None => return Ok(()),
            },
            Step::Told(told) => told.message(),
        };
        self.tell(message)?;
        if self.unpainted {
            self.unpainted = false;
            return Ok(());
        }
        self.paints()
    }

    /// What holds of every frame.
    fn paints(&mut self) -> Result<(), TestCaseError> {
        let buf = painted(&self.bench, &self.bench.model);
        self.seen = self.bench.plan();
        let wrong = self
            .seen
            .targets()
            .find(|placed| placed.area.is_empty() || self.seen.area.intersection(placed.area) != placed.area);
        prop_assert!(wrong.is_none(), "{:?} is not on the screen of {:?}", wrong, buf.area);
        let model = &self.bench.model;
        prop_assert_eq!(
            model.active.as_ref().map(|active| active.id).filter(|_| self.bench.live.is_some()),
            self.bench.live.as_ref().map(|(id, _)| *id),
            "the run that goes on is the one that is known"
        );
        Ok(())
    }

    fn ends(&self) -> Result<(), TestCaseError> {
        prop_assert!(quits(&self.bench.model, &self.bench.plan()), "no key quits");
        go_out(self.bench.model.clone(), &|model| plan_of(&self.bench, model)).map_err(TestCaseError::fail)
    }
}

impl Told {
    fn message(self) -> Message {
        match self {
            Told::Progress => {
                let mut progress = Progress::default();
                progress.lesson_mut("02-gil").pages.extend(["One after the other".into(), "Two threads".into()]);
                Message::Progress(Loaded { progress, message: None })
            }
            Told::CaughtUp => Message::CaughtUp(Box::default()),
            Told::Runtimes(all) => Message::Runtimes(found(), all),
            Told::NoRuntimes => Message::Runtimes(Found::default(), true),
            Told::Calibrated => Message::Calibrated(Ok(Machine { cores: 16, usable_cores: 15.5 })),
            Told::NotCalibrated => Message::Calibrated(Err("it is too busy".into())),
            Told::NotSaved => Message::NotSaved("the disk is full".into()),
            Told::Forgotten => Message::Forgotten(None, Ok(Some("/x/progress.json.before-reset-1".into()))),
            Told::LightTerminal => Message::LightTerminal,
            Told::Continued => Message::Continued,
            Told::OldRunEnded => Message::RunEnded(RunId(0), Arc::default()),
        }
    }
}

/// The cell at this share of so many.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share of at most all of a screen, and a bit"
)]
fn share(of: f64, cells: u16) -> u16 {
    (of * f64::from(cells)) as u16
}

/// Plays these steps in this course, and looks at every frame.
fn play(course: Course, size: (u16, u16), steps: &[Step]) -> Result<(), TestCaseError> {
    let mut world = World::new(course, size);
    for step in steps {
        world.happens(step)?;
    }
    world.unpainted = false;
    world.paints()?;
    world.ends()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn nothing_that_happens_panics_or_leads_where_there_is_no_way_out(
        course in prop::sample::select(Course::ALL.to_vec()),
        size in prop::sample::select(SIZES.to_vec()),
        steps in vec(step(), 1..60),
    ) {
        play(course, size, &steps)?;
    }
}

/// Whoever is asked to zoom is told with which key: it may not be in the footer.
#[test]
fn a_page_that_says_zoom_names_its_key() {
    let key = format!("`{}`", keymap::names(keymap::Id::Zoom, true).split(' ').next().unwrap());
    let course = crate::lesson::Course::embedded().expect("the course can be read");
    let pages = course.lessons().iter().flat_map(|lesson| lesson.pages.iter().map(move |page| (lesson, page)));
    let zooms: Vec<_> = pages.filter(|(_, page)| page.markdown.to_lowercase().contains("zoom")).collect();
    assert!(!zooms.is_empty(), "some page does");
    for (lesson, page) in zooms {
        assert!(page.markdown.contains(&key), "{} {}", lesson.id, page.title);
    }
}
