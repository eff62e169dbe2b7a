//! What lies under the mouse.

use crate::app::frame::{chrome, parts};
use crate::app::keymap::{self, Action};
use crate::app::model::{Model, Overlay, Screen};
use crate::app::screens::desk::paint as desk_screen;
use crate::app::screens::desk::paint::{gate, page, watch};
use crate::app::screens::desk::{Desk, Pane};
use crate::app::screens::interview::paint as interview;
use crate::app::screens::map::paint as list;
use crate::app::screens::overlay::paint as overlay;
use crate::app::screens::review::paint as review;
use crate::clock::Nanos;
use crate::view::ask::Part;
use crate::view::{Footer, Timeline};
use ratatui::layout::{Position, Rect};

/// Something that can be clicked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Target {
    /// A key hint in the footer.
    Key(Action),
    /// A lesson of the list.
    Lesson(usize),
    /// An executor's tab.
    Executor(usize),
    /// A runtime, by its row in the picker.
    Runtime(usize),
    /// A pane's name.
    Pane(Pane),
    /// A choice of the open question, or how sure the learner is of it.
    Choice(usize),
    /// A question of the interview.
    Question(usize),
    /// A point of the open interview question's rubric.
    Point(usize),
    /// A bar that is drawn, at this share of 1.
    Bar(usize, f64),
    /// A knob's line in the source.
    Knob(usize),
    /// A point of the timeline.
    Moment {
        /// When.
        at: Nanos,
        /// Whose lane.
        lane: Option<usize>,
    },
    /// Somewhere in a part.
    Part(Pane),
}

/// What lies at this cell.
#[must_use]
pub fn target(model: &Model, at: Position) -> Option<Target> {
    let screen = Rect::new(0, 0, model.size.0, model.size.1);
    if let Some(open) = model.overlay {
        return in_overlay(model, open, overlay::inside(overlay::frame(model, open, screen)), at);
    }
    let foot = Rect { y: screen.bottom().saturating_sub(1), height: 1, ..screen };
    if foot.contains(at) {
        return in_footer(model, foot, at);
    }
    match model.screen {
        Screen::List(row) => list::lesson_at(model, row, at).map(Target::Lesson),
        Screen::Desk(_) => on_desk(model, model.desk()?, at),
        Screen::Review => match review::part_at(model, screen, at.y)? {
            Part::Number(number) => Some(Target::Choice(number)),
            Part::Field => None,
        },
        Screen::Interview => interview::hit(model, screen, at.y).map(|hit| match hit {
            interview::Hit::Question(place) => Target::Question(place),
            interview::Hit::Point(place) => Target::Point(place),
            interview::Hit::Sure(number) => Target::Choice(number),
        }),
    }
}

fn in_overlay(model: &Model, open: Overlay, inside: Rect, at: Position) -> Option<Target> {
    match open {
        Overlay::Runtimes(row) if inside.contains(at) => {
            overlay::with_picker(model, row, |picker| picker.item_at(inside, at.y)).map(Target::Runtime)
        }
        _ if inside.contains(at) => None,
        _ => Some(Target::Key(Action::Back)),
    }
}

fn in_footer(model: &Model, foot: Rect, at: Position) -> Option<Target> {
    let rows = chrome::open_keys(model);
    let footer = Footer { keys: &rows, message: None, theme: &model.theme };
    let description = footer.key_at(foot, at.x)?.description;
    let row = keymap::rows(&model.scopes()).find(|row| row.long == description)?;
    row.binds.first().map(|(_, action)| Target::Key(*action))
}

fn on_desk(model: &Model, desk: &Desk, at: Position) -> Option<Target> {
    let parts = parts(model);
    if let Some(tab) = chrome::with_executors(model, desk, |tabs| tabs.tab_at(parts.executors, at.x, at.y)) {
        return Some(Target::Executor(tab));
    }
    if let Some(place) = chrome::with_runtimes(model, |tabs| tabs.tab_at(parts.runtimes, at.x, at.y)) {
        return Some(Target::Runtime(place));
    }
    let pane = chrome::with_panes(model, desk, |tabs, panes| {
        tabs.tab_at(parts.panes, at.x, at.y).and_then(|place| panes.get(place).copied())
    });
    if let Some(pane) = pane {
        return Some(Target::Pane(pane));
    }
    if parts.text.contains(at) {
        return Some(match page::part_at(model, desk, parts.text, at.y) {
            Some(Part::Number(number)) => Target::Choice(number),
            Some(Part::Field) => Target::Key(Action::Type),
            None => Target::Part(Pane::Text),
        });
    }
    if parts.source.contains(at) {
        let knob = desk_screen::with_source(model, desk, None, |source| source.knob_at(parts.source, at.y));
        let knob = knob.filter(|place| *place < desk.lesson.knobs.len());
        return Some(knob.map_or(Target::Part(Pane::Source), Target::Knob));
    }
    if parts.output.contains(at) {
        return Some(Target::Part(Pane::Output));
    }
    if parts.results.contains(at) {
        return Some(Target::Part(Pane::Results));
    }
    parts.watch.contains(at).then(|| in_watch(model, desk, parts.watch, at)).flatten()
}

fn in_watch(model: &Model, desk: &Desk, area: Rect, at: Position) -> Option<Target> {
    let trace = model.shown_times();
    let parts = watch::parts(model, desk, trace, area);
    if desk.gate.is_some() {
        return gate::at(model, desk, parts.gate, at).map(|hit| match hit {
            gate::Hit::Choice(choice) => Target::Choice(choice),
            gate::Hit::Bar(bar, share) => Target::Bar(bar, share),
        });
    }
    let Some(trace) = trace else {
        return parts.gate.contains(at).then_some(Target::Key(Action::Run));
    };
    if !parts.timeline.contains(at) {
        return Some(Target::Part(Pane::Watch));
    }
    let timeline = Timeline { trace, viewport: &desk.view, theme: &model.theme };
    let moment = timeline.time_at(parts.timeline, at.x)?;
    Some(Target::Moment { at: moment, lane: timeline.lane_at(parts.timeline, at.y) })
}
