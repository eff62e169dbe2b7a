//! What works here, named for those who write words: made of the key table's rows, like the footer.

use super::asked;
use crate::app::frame::chrome;
use crate::app::keymap::{self, Action, Id, Row, Scope};
use crate::app::model::Model;
use crate::app::screens;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// Rows that are for a drawn screen: they move a picture or the sight of a text, or choose what numbers choose here.
const FOR_EYES: [Id; 28] = [
    Id::ScrollHelp,
    Id::CloseHelp,
    Id::ChooseFound,
    Id::ChooseRow,
    Id::RowEnds,
    Id::ManyRows,
    Id::ChoosePoint,
    Id::ScrollAnswers,
    Id::ChoosePrediction,
    Id::SetBar,
    Id::ChooseBar,
    Id::NextLine,
    Id::ShowQuestion,
    Id::MoveCursor,
    Id::ManyLanes,
    Id::Instant,
    Id::ZoomRuns,
    Id::ScrollRuns,
    Id::Scroll,
    Id::ScrollLower,
    Id::Zoom,
    Id::Pan,
    Id::Lens,
    Id::Unfold,
    Id::Inspect,
    Id::Follow,
    Id::Copy,
    Id::Theme,
];

/// How many rows are told without being asked for.
const FIRST: usize = 6;

/// Whether a row is for a drawn screen alone.
#[must_use]
pub fn is_for_eyes(row: &Row) -> bool {
    FOR_EYES.contains(&row.id)
}

/// The rows that work where these scopes are open, as the footer has them, but those for the eyes.
fn rows_of(model: &Model, open: &[Scope]) -> Vec<&'static Row> {
    let mut rows = chrome::open_rows(open, model);
    rows.retain(|row| !is_for_eyes(row));
    rows.sort_by_key(|row| row.footer);
    rows
}

/// What one writes for a row: numbers, or the name of a key for each of its actions.
fn written(model: &Model, row: &'static Row, open: &[Scope]) -> String {
    match row.id {
        Id::Predict | Id::Answer | Id::Sure | Id::SetTenths => return chrome::words(row, model).0.to_owned(),
        // There is no limit to the digits of a line.
        Id::GoToRow => return format!("1-{}", screens::numbered(model).unwrap_or(1)),
        Id::Quit => return keymap::name(Id::Quit).to_owned(),
        _ => {}
    }
    let mut done: Vec<Action> = Vec::new();
    let mut names: Vec<String> = Vec::new();
    for (_, action) in row.binds {
        if !done.contains(action)
            && let Some(name) = easiest(row, *action, open)
        {
            done.push(*action);
            names.push(name);
        }
    }
    names.join(" ")
}

/// What a row is called here.
fn name(model: &Model, row: &'static Row) -> &'static str {
    if row.id == Id::GoToRow { "choose" } else { chrome::words(row, model).1 }
}

/// The key that is easiest to write among those that do this: a letter, then a word.
fn easiest(row: &Row, action: Action, open: &[Scope]) -> Option<String> {
    let events = row.binds.iter().filter(|(_, does)| *does == action).map(|(key, _)| KeyEvent::new(key.0, key.1));
    let works = events.filter(|event| keymap::lookup(*event, open) == Some(action));
    let by_ease = |event: &KeyEvent| match (event.code, event.modifiers) {
        (KeyCode::Char(c), KeyModifiers::NONE) if c != ' ' => 0,
        (_, KeyModifiers::NONE) => 1,
        _ => 2,
    };
    keymap::spelled(works.min_by_key(by_ease)?, false)
}

/// The first things that one can do here, in one line.
#[must_use]
pub fn first(model: &Model) -> String {
    let open = screens::scopes(model);
    let words = |row: &&'static Row| format!("{} {}", written(model, row, &open), name(model, row));
    let rows = rows_of(model, &open).into_iter().filter(|row| row.id != Id::Help);
    let first: Vec<String> = rows.take(FIRST).map(|row| words(&row)).collect();
    format!("[{}, ? lists all]", first.join(", "))
}

/// Everything that one can do here.
#[must_use]
pub fn all(model: &Model) -> Vec<String> {
    listed(model, &screens::scopes(model))
}

/// Everything that one can do on the screen, below what lies over it.
#[must_use]
pub fn below(model: &Model) -> Vec<String> {
    listed(model, &screens::below(model))
}

fn listed(model: &Model, open: &[Scope]) -> Vec<String> {
    let line =
        |row: &&'static Row| format!("{}: {} - {}", written(model, row, open), chrome::words(row, model).1, row.long);
    let mut out = vec!["What works here: what you write, its name, what it does.".to_owned()];
    out.extend(rows_of(model, open).iter().map(line));
    out.extend(asked::ways(model));
    let enter = keymap::name(Id::OpenRow);
    out.push(format!("An empty line is {enter}. Names can be written too. again: all of this screen once more."));
    out
}

/// The key that a word stands for here: the name of a row, or its beginning where that is one row's alone.
#[must_use]
pub fn named(model: &Model, word: &str) -> Option<KeyEvent> {
    let word = word.to_lowercase();
    let open = screens::scopes(model);
    let rows = rows_of(model, &open);
    let name = |row: &&&'static Row| name(model, row).trim_end_matches('?').to_lowercase();
    let exact = rows.iter().find(|row| name(row) == word);
    let mut starting = rows.iter().filter(|row| name(row).starts_with(&word));
    let ((Some(row), ..) | (None, Some(row), None)) = (exact, starting.next(), starting.next()) else { return None };
    let mut events = row.binds.iter().map(|(key, action)| (KeyEvent::new(key.0, key.1), *action));
    events.find(|(event, action)| keymap::lookup(*event, &open) == Some(*action)).map(|(event, _)| event)
}
