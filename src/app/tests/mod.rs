//! The app on a scripted engine: keys in, recorded traces played, screens out.

mod aloud;
mod clicks;
mod compare;
mod dead_ends;
mod end;
mod flow;
mod gate;
mod keys;
mod make;
mod objects;
mod opening;
mod questions;
mod reach;
mod review;
mod screens;
mod scripted;
mod stale;
mod states;
mod ways;

use crate::app::appearance::Appearance;
use crate::app::effect::Effect;
use crate::app::engine::{Engine, Live, RunId};
use crate::app::frame::{FramePlan, Shown};
use crate::app::message::Message;
use crate::app::model::{Model, times_of};
use crate::app::screens::ask::Field;
use crate::app::screens::desk::Desk;
use crate::app::screens::desk::{self, Pane};
use crate::app::screens::{field, plan};
use crate::app::shell::painter;
use crate::app::update::update;
use crate::lesson::search::Index;
use crate::lesson::{
    Check, CheckKind, Choice, Headline, Knob, KnobValue, Lesson, Metric, Page, Prediction, PredictionAsk,
    PredictionChoice, Program,
};
use crate::runner::{Machine, Outcome};
use crate::runtime::{Found, Python, Unusable};
use crate::view::theme::{Background, ColorDepth};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use scripted::Scripted;
use std::sync::Arc;

const SIZES: [(u16, u16); 6] = [(60, 15), (80, 24), (96, 30), (120, 15), (120, 40), (200, 60)];

/// A model, the engine behind it, and every effect so far.
struct Bench {
    model: Model,
    engine: Scripted,
    live: Option<(RunId, Box<dyn Live>)>,
    effects: Vec<Effect>,
}

impl Bench {
    /// A desk of the test lesson on CPython 3.13 and a machine with two free cores.
    fn at_desk(size: (u16, u16)) -> Bench {
        let mut bench = Bench::at_list(size);
        bench.press("enter");
        bench
    }

    fn at_list(size: (u16, u16)) -> Bench {
        Bench::with_appearance(
            size,
            Appearance { background: Background::Dark, depth: ColorDepth::True, contrast: false, unicode: true },
        )
    }

    fn with_appearance(size: (u16, u16), appearance: Appearance) -> Bench {
        let mut model = Model::new(vec![lesson("02-gil", "The GIL"), lesson("03-io", "Waiting")], size, appearance);
        model.today = chrono::NaiveDate::from_ymd_opt(2026, 11, 22).expect("a day");
        let mut bench = Bench { model, engine: Scripted, live: None, effects: Vec::new() };
        bench.tell(Message::Calibrated(Ok(Machine { cores: 2, usable_cores: 1.97 })));
        bench.tell(Message::Runtimes(found(), true));
        bench
    }

    fn tell(&mut self, message: Message) {
        let plan = self.plan();
        for effect in update(&mut self.model, &plan, message) {
            if let Effect::Start(id, lesson, spec) = &effect {
                let live = self.engine.start(lesson, spec, Box::new(|| {})).expect("the script knows every program");
                self.live = Some((*id, live));
            }
            let lessons = if let Effect::ReadLessons(lessons) = &effect { lessons.clone() } else { Vec::new() };
            self.effects.push(effect);
            if !lessons.is_empty() {
                let index = Index::of(lessons.iter().map(|lesson| &**lesson));
                self.tell(Message::LessonsRead(Arc::new(index)));
            }
        }
    }

    /// Presses keys by name, blanks between them.
    fn press(&mut self, keys: &str) {
        for name in keys.split(' ') {
            self.tell(Message::Key(key(name)));
        }
    }

    /// Has another lesson on a desk: the same, with a change.
    fn change_lesson(&mut self, place: usize, change: impl FnOnce(&mut Lesson)) {
        let mut lesson = Lesson::clone(&self.model.desks[place].lesson);
        change(&mut lesson);
        self.model.desks[place].lesson = lesson.into();
    }

    /// Types letters.
    fn type_in(&mut self, text: &str) {
        for c in text.chars() {
            self.tell(Message::Key(KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE)));
        }
    }

    /// The run in progress has recorded more.
    fn advance(&mut self) {
        let (id, live) = self.live.as_ref().expect("a run goes on");
        let mut times = None;
        live.snapshot(&mut |trace| times = Some(Box::new(times_of(trace))));
        let message = Message::RunMoved(*id, times.expect("the script has a trace"));
        self.tell(message);
    }

    /// The run in progress ends.
    fn end_run(&mut self) {
        let (id, live) = self.live.take().expect("a run goes on");
        let outcome = live.finished().expect("the script ends").expect("the script succeeds");
        self.tell(Message::RunEnded(id, outcome));
    }

    /// The run in progress ends otherwise than the script has it.
    fn end_as(&mut self, outcome: Outcome) {
        let (id, live) = self.live.take().expect("a run goes on");
        let spec = live.finished().expect("the script ends").expect("the script succeeds").spec.clone();
        self.tell(Message::RunEnded(id, Arc::new(Outcome { spec, ..outcome })));
    }

    fn desk(&self) -> &Desk {
        self.model.desk().expect("a desk is open")
    }

    /// The screen's text, row by row.
    fn screen(&self) -> String {
        let area = Rect::new(0, 0, self.model.size.0, self.model.size.1);
        let mut buf = Buffer::empty(area);
        self.draw(area, &mut buf);
        let row = |y| (0..area.width).map(|x| buf[(x, y)].symbol()).collect::<String>();
        (0..area.height).map(|y| row(y).trim_end().to_owned() + "\n").collect()
    }

    fn draw(&self, area: Rect, buf: &mut Buffer) {
        let model = &self.model;
        if (area.width, area.height) == model.size {
            self.with_shown(|shown| plan(model, shown, area).paint(model, shown, buf));
        }
    }

    /// The field in which the learner types.
    fn typing(&self) -> Option<&Field> {
        field(&self.model)
    }

    /// How far a pane is scrolled on the screen.
    fn scroll(&self, pane: Pane) -> u16 {
        self.plan().of::<desk::Plan>().expect("a desk is on the screen").scrolled(pane).at
    }

    /// The plan of the frame that is on the screen.
    fn plan(&self) -> FramePlan {
        let model = &self.model;
        self.with_shown(|shown| plan(model, shown, Rect::new(0, 0, model.size.0, model.size.1)))
    }

    fn with_shown<T>(&self, then: impl FnOnce(&Shown<'_>) -> T) -> T {
        self.with_shown_of(&self.model, then)
    }

    /// Calls with what a frame of this model shows, where that shows a run that this bench has started.
    fn with_shown_of<T>(&self, model: &Model, then: impl FnOnce(&Shown<'_>) -> T) -> T {
        let shown = model.live().map(|active| active.id);
        let live = self.live.as_ref().filter(|(id, _)| Some(*id) == shown);
        painter::with_shown(model, live.map(|(_, live)| live.as_ref()), then)
    }

    fn started(&self) -> Vec<String> {
        let name = |effect: &Effect| match effect {
            Effect::Start(_, _, spec) => Some(spec.program.clone()),
            _ => None,
        };
        self.effects.iter().filter_map(name).collect()
    }
}

/// Presses keys; `END` ends the run in progress, `COPY` is the learner's copy as it was read, and what begins with a
/// quotation mark is typed.
fn play(mut bench: Bench, keys: &str) -> Bench {
    for name in keys.split(' ') {
        match name.strip_prefix('"') {
            Some(text) => bench.type_in(text),
            None if name == "END" => bench.end_run(),
            None if name == "COPY" => make::read(&mut bench, make::MINE),
            None => bench.press(name),
        }
    }
    if bench.live.is_some() {
        bench.advance();
    }
    bench
}

/// The look of a terminal that has nothing but letters.
const fn ascii() -> Appearance {
    Appearance { background: Background::Dark, depth: ColorDepth::None, contrast: false, unicode: false }
}

fn no_panic_at_any_size(mut bench: Bench) {
    for size in [(0, 0), (1, 1), (20, 5), (59, 15), (60, 14), (60, 15), (95, 21), (96, 21), (96, 22), (400, 150)] {
        bench.tell(Message::Resize(size.0, size.1));
        let _ = bench.screen();
        bench.press("down up right");
    }
}

fn key(name: &str) -> KeyEvent {
    let code = match name {
        "enter" => KeyCode::Enter,
        "space" => KeyCode::Char(' '),
        "tab" => KeyCode::Tab,
        "esc" => KeyCode::Esc,
        "left" => KeyCode::Left,
        "right" => KeyCode::Right,
        "up" => KeyCode::Up,
        "down" => KeyCode::Down,
        "pgdn" => KeyCode::PageDown,
        "pgup" => KeyCode::PageUp,
        "home" => KeyCode::Home,
        "end" => KeyCode::End,
        one => KeyCode::Char(one.chars().next().expect("a key has a name")),
    };
    KeyEvent::new(code, KeyModifiers::NONE)
}

fn found() -> Found {
    let python = Python {
        path: "/usr/bin/python3".into(),
        version: (3, 13, 0),
        version_text: "3.13.0".into(),
        gil: true,
        free_threaded: false,
        ..Python::default()
    };
    let reason = "CPython 3.6.15 is too old: 3.9 or later is needed".to_owned();
    Found { pythons: vec![python], unusable: vec![Unusable { path: "/opt/old/bin/python3".into(), reason }] }
}

pub(in crate::app) fn lesson(id: &str, title: &str) -> Lesson {
    let program = |name: &str, baseline, requires| Program {
        name: name.into(),
        stem: name.into(),
        python: Some(format!("\"\"\"Sum, by {name}.\"\"\"\n\nWORKERS = 2\n\n\ndef main():\n    print(WORKERS)\n")),
        requires,
        baseline,
        headline: Headline::measured(Metric::Speedup),
        ..Program::default()
    };
    let page = |title: &str, program: Option<&str>, checks: &[&str]| Page {
        title: title.into(),
        markdown: "Both threads are ready to compute, yet only the one that holds the GIL may run.".into(),
        program: program.map(str::to_owned),
        checks: checks.iter().map(|c| (*c).to_owned()).collect(),
    };
    Lesson {
        id: id.into(),
        title: title.into(),
        summary: "Why two threads need as long as one.".into(),
        pages: vec![
            page("One after the other", Some("sequential"), &[]),
            page("Two threads", Some("threads"), &[]),
            page("What did you see?", None, &["who-ran", "why"]),
        ],
        programs: vec![
            program("sequential", true, None),
            program("threads", false, None),
            program("interpreters", false, Some((3, 14))),
        ],
        knobs: vec![Knob {
            name: "WORKERS".into(),
            label: "shares of the work".into(),
            default: KnobValue::Int(2),
            min: KnobValue::Int(1),
            max: KnobValue::Int(8),
            steps: [1, 2, 4, 8].map(KnobValue::Int).to_vec(),
        }],
        predictions: vec![Prediction {
            id: "threads-speedup".into(),
            program: "threads".into(),
            question: "How long will two threads take?".into(),
            ask: PredictionAsk::Choice {
                metric: Metric::Speedup,
                choices: vec![
                    PredictionChoice { id: "half".into(), label: "half as long".into(), from: 1.6, to: 100.0 },
                    PredictionChoice { id: "same".into(), label: "about as long".into(), from: 0.0, to: 1.6 },
                ],
            },
            set: std::collections::BTreeMap::new(),
            unit: None,
            explain: "With a GIL, one thread at a time runs Python bytecode.".into(),
        }],
        checks: vec![check("who-ran"), check("why")],
        ..Lesson::default()
    }
}

fn check(id: &str) -> Check {
    let choice = |text: &str, right: bool| Choice {
        text: text.into(),
        right,
        explain: format!("Because {text}."),
        misconception: (!right).then(|| text.replace(' ', "-")),
    };
    let choices = vec![choice("both at once", false), choice("one at a time", true)];
    Check { id: id.into(), question: format!("Who ran ({id})?"), kind: CheckKind::Choice(choices) }
}
