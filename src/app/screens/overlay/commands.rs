//! Every action that works here, with its key, filtered by what is typed: made of the key table's rows. What works
//! elsewhere alone is shown below, once something is typed, and says where.

use crate::app::aloud::ways;
use crate::app::effect::Effects;
use crate::app::frame::FramePlan;
use crate::app::keymap::{self, Action, Id, Key, Row, Scope};
use crate::app::model::{Model, Overlay, Voice};
use crate::app::screens::overlay::finding::Finding;
use crate::app::screens::{self, list};
use crate::app::update::act as press;
use crate::view::finder::MARGIN;
use crate::view::{FinderRow, draw};
use crossterm::event::KeyEvent;
use ratatui::text::{Line, Span};

/// Columns of the keys.
const KEYS: u16 = 9;

/// Scopes in which a key means no more than what stands in the box it belongs to.
const IN_A_BOX: [Scope; 6] = [Scope::Help, Scope::Finding, Scope::Forget, Scope::Reset, Scope::Typing, Scope::Lines];

/// One action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// Its keys, as the screen says them.
    pub keys: String,
    /// What it does.
    pub words: &'static str,
    /// What that is; where it does not work here, the scope in which it does.
    pub does: Result<Action, Scope>,
}

/// Opens the list of what works here.
pub fn open(model: &mut Model) {
    model.commands = Finding::default();
    model.overlay = Some(Overlay::Commands);
}

/// The actions that what was typed leaves: those that work here first.
#[must_use]
pub fn found(model: &Model) -> Vec<Command> {
    let typed = model.commands.field.text().to_lowercase();
    let open = screens::below(model);
    let mut rows: Vec<&'static Row> = keymap::rows(&open).filter(|row| row.id != Id::Commands).collect();
    // The map is where all ways back end.
    rows.retain(|row| row.id != Id::Back || !open.contains(&Scope::Map));
    rows.retain(|row| model.voice == Voice::Screen || !ways::is_for_eyes(row));
    rows.sort_by_key(|row| row.footer);
    let here = rows.iter().flat_map(|row| of_row(model, row, &open));
    let closed: Vec<Scope> =
        Scope::ALL.iter().copied().filter(|scope| !open.contains(scope) && !IN_A_BOX.contains(scope)).collect();
    let there = keymap::rows(&closed).filter(|_| !typed.is_empty()).map(|row| {
        let keys = row.keys(model.theme.glyphs.unicode).to_owned();
        (row, Command { keys, words: row.long, does: Err(row.scope) })
    });
    let fits = |row: &Row, command: &Command| {
        let all =
            [command.keys.as_str(), command.words, row.short, row.long, row.scope.title()].join(" ").to_lowercase();
        typed.split_whitespace().all(|word| all.contains(word))
    };
    here.chain(there).filter(|(row, command)| fits(row, command)).map(|(_, command)| command).collect()
}

/// What a row's keys do here, each action once, by its first key.
fn of_row(model: &Model, row: &'static Row, open: &[Scope]) -> Vec<(&'static Row, Command)> {
    let mut out: Vec<(&'static Row, Command)> = Vec::new();
    for (Key(code, modifiers), action) in row.binds {
        let event = KeyEvent::new(*code, *modifiers);
        let known = out.iter().any(|(_, command)| command.does == Ok(*action));
        if known || keymap::lookup(event, open) != Some(*action) || !is_one(model, *action) {
            continue;
        }
        let keys = keymap::spelled(event, model.theme.glyphs.unicode).unwrap_or_default();
        out.push((row, Command { keys, words: row.long, does: Ok(*action) }));
    }
    // Two keys of a row do two things: each is named by what it alone does.
    if out.len() > 1 {
        for (_, command) in &mut out {
            command.words = command.does.ok().and_then(Action::alone).unwrap_or(command.words);
        }
    }
    out
}

/// Whether an action is one to be chosen: a digit is a part of a number, and there are no more choices than are shown.
fn is_one(model: &Model, action: Action) -> bool {
    let choices = screens::kind(model.screen).numbered(model).unwrap_or(usize::MAX);
    match action {
        Action::Digit(_) | Action::Tenths(_) => false,
        Action::Predict(number) | Action::Answer(number) => usize::from(number) < choices,
        _ => true,
    }
}

/// The rows on the screen, in so many columns.
#[must_use]
pub fn rows(model: &Model, columns: u16) -> Vec<FinderRow<'static>> {
    let (palette, glyphs) = (&model.theme.palette, &model.theme.glyphs);
    let room = columns.saturating_sub(MARGIN + 2 + KEYS + 2);
    let line = |(place, command): (usize, Command)| {
        let keys = draw::cut(&command.keys, KEYS, glyphs.more);
        let keys = format!("{}{keys}  ", " ".repeat(usize::from(KEYS.saturating_sub(draw::width(&keys)))));
        match command.does {
            Ok(_) => {
                let style = if place == model.commands.row { palette.selected } else { palette.text };
                let words = draw::cut(command.words, room, glyphs.more);
                Line::from(vec![Span::styled(keys, palette.accent), Span::styled(words, style)])
            }
            Err(scope) => {
                let title = format!(" {} {}", glyphs.dot, scope.title());
                let words = draw::cut(command.words, room.saturating_sub(draw::width(&title)), glyphs.more);
                let (words, title) = (Span::styled(words, palette.dim), Span::styled(title, palette.dim));
                Line::from(vec![Span::styled(keys, palette.dim), words, title])
            }
        }
    };
    found(model).into_iter().enumerate().map(|row| FinderRow { heading: None, line: line(row) }).collect()
}

/// Does what a key asks for.
pub fn act(model: &mut Model, plan: &FramePlan, action: Action) -> Effects {
    if action == Action::Open {
        let row = model.commands.row;
        return choose(model, plan, row);
    }
    let (row, count) = (model.commands.row, found(model).len());
    if let Some(row) = list::row_after(model, row, count, action) {
        model.commands.row = row;
    }
    Effects::none()
}

/// Does what the action in this row does, or says where it works.
pub fn choose(model: &mut Model, plan: &FramePlan, row: usize) -> Effects {
    let Some(command) = found(model).into_iter().nth(row) else {
        model.whisper("No action has these words.");
        return Effects::none();
    };
    match command.does {
        Ok(action) => {
            model.overlay = None;
            press(model, plan, action)
        }
        Err(scope) => {
            model.commands.row = row;
            model.whisper(format!("{} works elsewhere. {}.", command.keys, scope.title()));
            Effects::none()
        }
    }
}

/// The key that does this here, as if it were pressed.
#[cfg(test)]
#[must_use]
pub fn event_of(model: &Model, action: Action) -> Option<KeyEvent> {
    let open = screens::below(model);
    let binds = keymap::rows(&open).flat_map(|row| row.binds).filter(|(_, does)| *does == action);
    binds.map(|(key, _)| KeyEvent::new(key.0, key.1)).find(|event| keymap::lookup(*event, &open) == Some(action))
}
