//! What is clicked is what was seen: in every state and at every size, each target of the plan is where something is
//! painted that says what a click there does, and a click does that.

use super::flow::click_on;
use super::states::{self, FEW_SIZES, SIZES};
use super::{Bench, key};
use crate::app::effect::Effect;
use crate::app::frame::{FramePlan, Placed, Target, chrome};
use crate::app::keymap::{self, Action, Row};
use crate::app::message::Message;
use crate::app::model::{Model, Overlay, Screen};
use crate::app::screens::ask::Asking;
use crate::app::screens::desk::{self, Desk};
use crate::app::screens::overlay::commands;
use crate::app::screens::{interview, plan, review, scopes};
use crate::app::update::update;
use crate::view::ask::SURE;
use crate::view::lanes::Pointed;
use crate::view::timeline::Window;
use crossterm::event::{KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use std::fmt::Debug;

/// The message of a mouse that does this here.
pub fn mouse(kind: MouseEventKind, at: Position) -> Message {
    Message::Mouse(MouseEvent { kind, column: at.x, row: at.y, modifiers: KeyModifiers::NONE })
}

/// The message of a click here.
pub fn click(at: Position) -> Message {
    mouse(MouseEventKind::Down(MouseButton::Left), at)
}

/// What messages can change, in a form that can be compared; the traces of runs stand still.
pub fn in_short(model: &Model) -> String {
    let desk = model.desk().map(|desk| {
        let opened = (desk.page, desk.tab, desk.pane, desk.scroll, desk.knob, &desk.knobs);
        let chosen = desk.objects.as_ref().map(|listed| listed.chosen);
        (opened, &desk.gate, &desk.skipped, &desk.view, &desk.answering, desk.runs.len(), chosen)
    });
    let looked_for = (model.commands.field.text(), model.commands.field.cursor(), model.commands.row);
    let found = (model.search.finding.field.text(), model.search.finding.row, model.search.index.is_some());
    let looked_for = (looked_for, found, model.desk().map(|desk| &desk.found));
    let on =
        (model.screen, model.overlay, &model.notice, model.number, model.appearance, &model.sitting, &model.interview);
    let on = (on, model.gallery);
    let chosen = (model.runtimes.selected, model.runtimes.chosen, model.measuring, model.run_held, &model.progress);
    let run = model.active.as_ref().map(|active| (active.id, active.cancelled));
    let beside = model.comparing.as_ref().map(|comparing| {
        (comparing.lesson, &comparing.programs, comparing.window, comparing.cursor, comparing.first, &comparing.said)
    });
    let hints: Vec<bool> =
        model.desk().and_then(Desk::tasks).iter().flat_map(|tasks| &tasks.each).map(|task| task.hint).collect();
    format!("{desk:?} {on:?} {looked_for:?} {chosen:?} {run:?} {beside:?} {hints:?}")
}

/// What a message does to the model, and the names of what it wants done.
pub fn after(model: &Model, plan: &FramePlan, message: Message) -> (Model, Vec<String>) {
    let mut after = model.clone();
    let effects = update(&mut after, plan, message);
    let name = |effect: &Effect| match effect {
        Effect::Start(_, _, spec) => format!("start {}", spec.program),
        Effect::Prepare(place, _) => format!("prepare {place}"),
        effect => named(effect),
    };
    let names = effects.into_iter().map(|effect| name(&effect)).collect();
    (after, names)
}

/// The name of a variant.
fn named(value: &impl Debug) -> String {
    format!("{value:?}").split(['(', ' ']).next().unwrap_or_default().to_owned()
}

/// The frame of a model in which the bench's run goes on.
pub fn painted(bench: &Bench, model: &Model) -> Buffer {
    let area = Rect::new(0, 0, model.size.0, model.size.1);
    let mut buf = Buffer::empty(area);
    bench.with_shown_of(model, |shown| plan(model, shown, area).paint(model, shown, &mut buf));
    buf
}

/// The words in an area, row by row.
fn words_in(buf: &Buffer, area: Rect) -> String {
    let row = |y| (area.left()..area.right()).map(|x| buf[(x, y)].symbol()).collect::<String>();
    (area.top()..area.bottom()).map(|y| row(y).trim().to_owned()).collect::<Vec<_>>().join(" ")
}

/// The columns of a row that show this sign.
fn columns_of(buf: &Buffer, row: Rect, sign: &str) -> Vec<u16> {
    (row.left()..row.right()).filter(|x| buf[(*x, row.y)].symbol() == sign).collect()
}

/// Whether the words say this text, as far as there was room for it.
fn say(words: &str, text: &str) -> bool {
    let words = words.trim();
    let cut = words.char_indices().filter(|(_, c)| *c == '…').map(|(at, _)| &words[..at]);
    let starts = |shown: &str| {
        let last: String = shown.chars().rev().take(8).collect::<Vec<_>>().into_iter().rev().collect();
        !last.is_empty() && text.contains(last.as_str())
    };
    words.contains(text) || cut.into_iter().any(starts)
}

/// A cell of a target where nothing lies over it, at its corners, its centre, or wherever there is one.
fn cells(plan: &FramePlan, placed: &Placed) -> Vec<Position> {
    let Rect { x, y, width, height } = placed.area;
    let (right, bottom) = (x + width - 1, y + height - 1);
    let corners = [(x, y), (right, y), (x, bottom), (right, bottom), (x + width / 2, y + height / 2)];
    let free = |at: &Position| plan.at(*at).is_some_and(|top| top == placed);
    let mut cells: Vec<Position> = corners.into_iter().map(Position::from).filter(free).collect();
    if cells.is_empty() {
        cells.extend(placed.area.positions().find(free));
    }
    cells.dedup();
    cells
}

/// One click, and what is known before and after it.
struct Click<'a> {
    bench: &'a Bench,
    plan: &'a FramePlan,
    /// What was painted before.
    seen: &'a Buffer,
    placed: &'a Placed,
    at: Position,
    after: Model,
    effects: Vec<String>,
    /// The state, the size and the target, in words.
    what: String,
}

impl Click<'_> {
    fn says(&self, text: &str) {
        let words = words_in(self.seen, self.placed.area);
        assert!(say(&words, text), "{}: {words:?} does not say {text:?}", self.what);
    }

    /// The click does what this key does.
    fn is_key(&self, event: KeyEvent) {
        let (pressed, effects) = after(&self.bench.model, self.plan, Message::Key(event));
        assert_eq!(in_short(&self.after), in_short(&pressed), "{}: not as {event:?}", self.what);
        assert_eq!(self.effects, effects, "{}: not as {event:?}", self.what);
    }

    fn is_nothing(&self) {
        let before = Model { notice: None, ..self.bench.model.clone() };
        let after = Model { notice: None, ..self.after.clone() };
        assert_eq!(in_short(&after), in_short(&before), "{}", self.what);
    }

    /// The row of the key table whose hint stands here.
    fn hint(&self) -> Option<&'static Row> {
        let (model, words) = (&self.bench.model, words_in(self.seen, self.placed.area));
        keymap::all().filter(|row| scopes(model).contains(&row.scope)).find(|row| {
            let (keys, short) = chrome::words(row, model);
            words == format!("{keys} {short}")
        })
    }

    fn check(&self) {
        let (before, front) = (&self.bench.model, &self.after);
        match self.placed.target {
            Target::Key(action) => self.key(action),
            Target::Executor(tab) => {
                self.says(&before.desk().expect("a desk").lesson.programs[tab].name);
                assert_eq!(front.desk().map(|desk| desk.tab), Some(tab), "{}", self.what);
            }
            Target::Runtime(row) => self.runtime(row),
            Target::Pane(pane) => {
                self.says(pane.kind().label());
                assert_eq!(front.desk().map(|desk| desk.pane), Some(pane), "{}", self.what);
            }
            Target::Knob(knob) => {
                self.says(&before.desk().expect("a desk").lesson.knobs[knob].name);
                assert_eq!(front.desk().map(|desk| desk.knob), Some(knob), "{}", self.what);
            }
            Target::Object(place) => {
                let chosen = |model: &Model| model.desk().and_then(|desk| desk.objects.as_ref()?.chosen);
                assert_eq!(chosen(front), Some(place), "{}", self.what);
            }
            Target::Choice(number) => {
                self.choice(number);
                self.is_key(key(&(number + 1).to_string()));
            }
            Target::Item(row) => self.item(row),
            Target::Bar(bar, most) => self.bar(bar, most),
            Target::Moment(..) if before.screen == Screen::Compare => self.instant(),
            Target::Moment(window, lane) => self.moment(window, lane),
            Target::Lens(window, lens) => self.lens(window, lens),
            Target::Part(_) => self.is_nothing(),
            Target::Percent(..) => panic!("{}: a bar is drawn where it is clicked", self.what),
        }
    }

    fn key(&self, action: Action) {
        let model = &self.bench.model;
        if self.placed.area.y + 1 == model.size.1 && self.placed.area.height == 1 {
            let row = self.hint();
            let row = row.unwrap_or_else(|| panic!("{}: {:?}", self.what, words_in(self.seen, self.placed.area)));
            let (key, does) = row.binds[0];
            assert_eq!(does, action, "{}", self.what);
            return self.is_key(KeyEvent::new(key.0, key.1));
        }
        let open = scopes(model);
        let binds = keymap::rows(&open).flat_map(|row| row.binds).filter(|(_, does)| *does == action);
        let mut events = binds.map(|(key, _)| KeyEvent::new(key.0, key.1));
        match events.find(|event| keymap::lookup(*event, &open) == Some(action)) {
            Some(event) => self.is_key(event),
            None => panic!("{}: no key does {action:?} here", self.what),
        }
        match action {
            // Around what lies over the screen.
            Action::Back => assert!(model.overlay.is_some(), "{}", self.what),
            Action::Run if model.active.is_none() && !words_in(self.seen, self.placed.area).contains("cannot run") => {
                self.says("space");
            }
            _ => {}
        }
    }

    fn runtime(&self, row: usize) {
        let (before, front) = (&self.bench.model, &self.after);
        let usable = before.runtimes.usable.get(row);
        if let Some(Overlay::Runtimes(_)) = before.overlay {
            let label = usable.map(crate::runtime::Runtime::label);
            let label = label.unwrap_or_else(|| before.runtimes.unusable[row - before.runtimes.usable.len()].1.clone());
            self.says(&label);
        } else {
            let label = usable.expect("it is usable").label();
            let numbers = words_in(self.seen, self.placed.area);
            let numbers = numbers.trim_matches(['[', ']', ' ']);
            assert!(label.starts_with(numbers), "{}: {numbers:?} is not {label:?}", self.what);
        }
        if usable.is_some() {
            assert_eq!((front.runtimes.selected, front.overlay), (row, None), "{}", self.what);
        } else {
            let path = &before.runtimes.unusable[row - before.runtimes.usable.len()].0;
            assert!(front.notice.as_ref().is_some_and(|notice| notice.text.contains(path)), "{}", self.what);
        }
    }

    /// A choice: the words that stand there are its own.
    fn choice(&self, number: usize) {
        let model = &self.bench.model;
        let text = match (model.screen, model.desk()) {
            (_, Some(desk)) if self.in_gate() => {
                let gate = desk.gate.as_ref().expect("there is a gate");
                desk.lesson.predictions[gate.prediction].choices()[number].label.clone()
            }
            (_, Some(desk)) => match &desk.answering {
                Some(answering) if answering.asking.given().is_some() => SURE[number].to_owned(),
                _ => model.open_check(desk).expect("a question is open").choices()[number].text.clone(),
            },
            // Whether it is the right one of a review is told by what is noted of the answer.
            (Screen::Review, _) => match self.after.sitting.as_ref().map(|sitting| &sitting.stage) {
                Some(review::state::ReviewStage::Asking(Asking::Sure(answer))) => answer.clone(),
                _ => SURE[number].to_owned(),
            },
            _ => SURE[number].to_owned(),
        };
        let words = words_in(self.seen, self.placed.area);
        let own = words.split_whitespace().filter(|word| word.chars().all(char::is_alphabetic));
        let own: Vec<&str> = own.collect();
        assert!(!own.is_empty(), "{}: nothing is said there", self.what);
        assert!(own.iter().all(|word| text.contains(word)), "{}: {words:?} is not {text:?}", self.what);
    }

    fn in_gate(&self) -> bool {
        let frame = self.plan.of::<desk::Plan>();
        frame.is_some_and(|plan| {
            plan.watch.parts.gate.contains(self.at) && plan.parts.of(desk::Pane::Watch).contains(self.at)
        })
    }

    fn item(&self, row: usize) {
        let before = &self.bench.model;
        if before.overlay == Some(Overlay::Search) {
            return self.hit(row);
        }
        if before.overlay == Some(Overlay::Commands) {
            return self.command(row);
        }
        match (before.screen, before.interview.as_ref().map(|interview| &interview.stage)) {
            (Screen::List(_), _) => {
                self.says(&before.desks[row].lesson.title);
                assert_eq!(self.after.screen, Screen::Desk(row), "{}", self.what);
            }
            (Screen::Findings, _) => {
                self.says(crate::insight::finding::RULES[row].name);
                assert_eq!((self.after.screen, self.after.gallery.row), (Screen::Findings, row), "{}", self.what);
            }
            (_, Some(interview::InterviewStage::Choosing)) => {
                let question = &before.desks[2].lesson.interview[row].question;
                self.says(question);
                assert_eq!(self.after.interview.as_ref().map(|open| open.question), Some(row), "{}", self.what);
                assert!(words_in(&painted(self.bench, &self.after), self.plan.area).contains(&question[..20]));
            }
            (_, Some(interview::InterviewStage::Judging(judging))) => {
                let words = words_in(self.seen, self.placed.area);
                let point = &before.desks[2].lesson.interview[0].points[row];
                assert!(words.contains(&point[..10]), "{}: {words:?}", self.what);
                let Some(interview::InterviewStage::Judging(after)) =
                    self.after.interview.as_ref().map(|open| &open.stage)
                else {
                    panic!("{}", self.what)
                };
                assert_eq!(after.here, row, "{}", self.what);
                assert_ne!(after.named.contains(&row), judging.named.contains(&row), "{}", self.what);
            }
            other => panic!("{}: no rows in {other:?}", self.what),
        }
    }

    /// A hit is opened: what was looked for is marked on the screen.
    fn hit(&self, row: usize) {
        let typed = self.bench.model.search.finding.field.text();
        assert!(words_in(self.seen, self.placed.area).to_lowercase().contains(&typed), "{}", self.what);
        assert_eq!(self.after.search.finding.row, row, "{}", self.what);
        assert!(self.after.overlay.is_none() && self.after.desk().is_some(), "{}", self.what);
        let now = painted(self.bench, &self.after);
        let marked = |at: &Position| now[*at].modifier.contains(ratatui::style::Modifier::REVERSED);
        let marked: String = now.area.positions().filter(marked).map(|at| now[at].symbol().to_owned()).collect();
        let place = self.after.desk().and_then(|desk| desk.found.as_ref()).map(|found| found.place);
        let title = matches!(place, Some(crate::lesson::search::Place::Title));
        assert!(title || marked.to_lowercase().contains(&typed), "{}: {marked:?}", self.what);
    }

    /// A command does what its key does on the screen below; one that works elsewhere says where.
    fn command(&self, row: usize) {
        let command = commands::found(&self.bench.model)[row].clone();
        self.says(&command.keys);
        self.says(&command.words[..command.words.len().min(20)]);
        match command.does {
            Ok(action) => {
                let event = commands::event_of(&self.bench.model, action).expect("a key does it");
                let below = Model { overlay: None, ..self.bench.model.clone() };
                let (pressed, effects) = after(&below, self.plan, Message::Key(event));
                let same = |model: &Model| in_short(&Model { commands: pressed.commands.clone(), ..model.clone() });
                assert_eq!(same(&self.after), same(&pressed), "{}: not as {event:?}", self.what);
                assert_eq!(self.effects, effects, "{}: not as {event:?}", self.what);
            }
            Err(scope) => {
                let notice = self.after.notice.as_ref().map(|notice| notice.text.as_str());
                assert!(notice.is_some_and(|text| text.contains(scope.title())), "{}", self.what);
            }
        }
    }

    /// A bar ends where it was clicked, as nearly as its steps allow.
    fn bar(&self, bar: usize, most: f64) {
        let Placed { area, .. } = *self.placed;
        let gate = &self.after.desk().and_then(|desk| desk.gate.as_ref()).expect("the gate is open");
        assert_eq!(gate.selected, bar, "{}", self.what);
        let steps = most * 100.0 / 5.0;
        let step = (f64::from(area.width - 1) / steps).ceil().max(1.0);
        let ends = columns_of(&painted(self.bench, &self.after), area, self.after.theme.glyphs.drawn_end);
        let near = |x: &u16| f64::from(x.abs_diff(self.at.x)) <= step;
        assert!(ends.len() == 1 && ends.iter().all(near), "{}: it ends at {ends:?}, not {}", self.what, self.at.x);
    }

    /// The cursor stands in the column that was clicked, in every run that was recorded.
    fn instant(&self) {
        let now = painted(self.bench, &self.after);
        let area = self.placed.area;
        let row = |y| columns_of(&now, Rect { y, height: 1, ..area }, self.after.theme.glyphs.cursor);
        // A run's length, which is written behind it, may cover a part of it.
        let mut columns: Vec<u16> = (area.top()..area.bottom()).flat_map(row).collect();
        columns.dedup();
        assert_eq!(columns, [self.at.x], "{}: the cursor", self.what);
        let words = words_in(&now, self.plan.area);
        assert!(words.contains("after the start of each"), "{}: {words}", self.what);
    }

    /// The cursor stands in the column that was clicked, and the lane whose row that is is selected.
    fn moment(&self, window: Window, lane: Option<Pointed>) {
        let (model, front) = (&self.bench.model, &self.after);
        let desk = front.desk().expect("a desk");
        assert!(desk.view.cursor.is_some() && !desk.view.follow, "{}", self.what);
        let selected = model.desk().and_then(|desk| desk.view.selected);
        assert_eq!(desk.view.selected, lane.or(selected), "{}", self.what);
        let places = &self.plan.of::<desk::Plan>().expect("a desk").watch.timeline;
        let now = painted(self.bench, &self.after);
        let in_lens = places.lens.as_ref().filter(|lens| lens.window == window);
        let bars = in_lens.map_or(places.bars, |lens| lens.bars);
        let row = Rect { height: 1, ..bars };
        let cursor = columns_of(&now, row, front.theme.glyphs.cursor);
        assert_eq!(cursor, [self.at.x], "{}: the cursor", self.what);
        let name = match lane {
            Some(Pointed::Lane(lane)) => {
                self.bench.with_shown(|shown| shown.trace.expect("a run").lanes[lane].name.clone())
            }
            Some(Pointed::Gil(_)) => "GIL".to_owned(),
            Some(Pointed::Task(task)) => self.bench.with_shown(|shown| {
                let tasks = &shown.trace.expect("a run").tasks;
                tasks.label(&tasks.tracks[task])
            }),
            None => return,
        };
        for (buf, when) in [(self.seen, "before"), (&now, "after")] {
            let (x, width) = (places.all.x, places.bars.x - places.all.x);
            let words = words_in(buf, Rect { x, width, height: 1, y: self.placed.area.y });
            assert!(say(&words, &name), "{}: {when}, {words:?} is not {name:?}", self.what);
        }
    }
}

impl Click<'_> {
    /// The lens stands where was clicked, or at the nearest end.
    fn lens(&self, window: Window, lens: Window) {
        let at = window.instant(self.at.x - self.placed.area.x);
        let length = lens.to - lens.from;
        let from = self.after.desk().and_then(|desk| desk.view.lens).expect("the lens was put");
        let wanted = at.saturating_sub(length / 2).clamp(window.from, window.to - length);
        assert!(from.abs_diff(wanted) <= length, "{}: {from}, not {wanted}", self.what);
        assert!(!painted(self.bench, &self.after).content.is_empty());
    }
}

#[test]
fn what_is_clicked_is_what_was_seen() {
    for &size in FEW_SIZES {
        for (name, bench) in states::all(size) {
            let plan = bench.plan();
            let seen = painted(&bench, &bench.model);
            assert!(plan.targets().count() > 0, "{name} at {size:?} has no target");
            for placed in plan.targets() {
                let what = format!("{name} at {size:?}, {placed:?}");
                assert!(!placed.area.is_empty(), "{what} is nowhere");
                assert_eq!(plan.area.intersection(placed.area), placed.area, "{what} is not on the screen");
                for at in cells(&plan, placed) {
                    let (after, effects) = after(&bench.model, &plan, click(at));
                    let (what, bench, plan, seen) = (what.clone(), &bench, &plan, &seen);
                    Click { bench, plan, seen, placed, at, after, effects, what }.check();
                }
            }
        }
    }
}

#[test]
fn every_kind_of_target_is_in_the_table_of_states() {
    let mut kinds = std::collections::BTreeSet::new();
    for size in [SIZES[1], SIZES[4]] {
        for (_, bench) in states::all(size) {
            kinds.extend(bench.plan().targets().map(|placed| named(&placed.target)));
        }
    }
    let all =
        ["Bar", "Choice", "Executor", "Item", "Key", "Knob", "Lens", "Moment", "Object", "Pane", "Part", "Runtime"];
    assert_eq!(kinds.iter().map(String::as_str).collect::<Vec<_>>(), all);
}

#[test]
fn a_live_click_selects_the_lane_under_it() {
    for size in [(120, 40), (200, 60)] {
        let mut bench = states::named("workers live", size);
        let screen = bench.screen();
        let row = screen.lines().position(|line| line.contains("w05")).expect("the lane is on the screen");
        let bars = bench.plan().of::<desk::Plan>().expect("a desk").watch.timeline.bars;
        bench.tell(click(Position::new(bars.x + bars.width / 2, u16::try_from(row).expect("a row"))));
        let Some(Pointed::Lane(selected)) = bench.desk().view.selected else { panic!("a lane is selected") };
        let name = bench.with_shown(|shown| shown.trace.expect("a run").lanes[selected].name.clone());
        assert_eq!(name, "w05", "at {size:?}: {screen}");
        assert!(bench.screen().lines().any(|line| line.contains("w05  ")), "its words stand below the lanes");
    }
}

#[test]
fn the_keys_below_a_box_can_be_clicked() {
    for size in SIZES {
        let mut bench = states::named("runtimes", size);
        click_on(&mut bench, "? help", "q quit");
        assert!(matches!(bench.effects.last(), Some(Effect::Quit(None))), "at {size:?}");
    }
}

#[test]
fn a_hint_of_several_numbers_chooses_none() {
    for name in ["gate", "question", "sure"] {
        let mut bench = states::named(name, (120, 40));
        let before = in_short(&bench.model);
        let row = bench.model.size.1 - 1;
        let line = bench.screen().lines().last().expect("a footer").to_owned();
        let at = line.find("1-").expect("the numbers are in the footer");
        bench.tell(click(Position::new(u16::try_from(at).expect("a column"), row)));
        assert_eq!(in_short(&bench.model), before, "{name}: {line}");
    }
}

#[test]
fn a_question_beside_an_open_gate_is_not_the_gate() {
    let mut bench = states::named("gate beside a question", (120, 40));
    click_on(&mut bench, "both at once", "both at once");
    assert!(bench.desk().gate.is_some() && bench.started().is_empty(), "{}", bench.screen());
}

#[test]
fn what_invites_to_run_does_not_hand_in_an_answer() {
    let mut bench = states::named("typing at a fresh tab", (120, 40));
    click_on(&mut bench, "runs sequential", "runs sequential");
    assert!(bench.typing().is_some(), "{}", bench.screen());
}

#[test]
fn the_hint_that_names_moving_and_choosing_chooses_nothing() {
    let mut bench = states::named("gate beside a question", (120, 40));
    let row = bench.model.size.1 - 1;
    let footer = bench.screen().lines().last().expect("a footer").to_owned();
    let before = footer.find("choose").map(|at| footer[..at].chars().count()).expect("the hint is there");
    bench.tell(click(Position::new(u16::try_from(before).expect("a column"), row)));
    assert_eq!(bench.desk().gate.as_ref().map(|gate| gate.selected), Some(1), "{footer}");
    assert!(bench.started().is_empty());
}
