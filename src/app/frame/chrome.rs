//! What frames every screen: the header, the rules, the footer.

use crate::app::frame::plan::{Placed, Target};
use crate::app::keymap::{self, Action, Id, Row, Scope};
use crate::app::model::{Model, Tone};
use crate::app::screens;
use crate::app::screens::desk::Desk;
use crate::runner::Machine;
use crate::runtime::Runtime;
use crate::view::{self, Header, KeyRow, draw};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::widgets::{Clear, Widget};

/// Where a page is in the course.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The lesson, counted from 0.
    pub lesson: usize,
    /// The page, counted from 0, and how many there are.
    pub page: (usize, usize),
}

/// The machine as far as it is known: its cores at once, what they give after the calibration.
fn machine(model: &Model) -> Machine {
    model.machine.unwrap_or(Machine { cores: model.cores, usable_cores: 0.0 })
}

/// Draws the header: the screen's title, and of a lesson its number and its page.
pub fn header(model: &Model, title: &str, of: Option<Place>, area: Rect, buf: &mut Buffer) {
    let runtime = match model.runtimes.current() {
        runtime @ Runtime::CPython(_) => format!("CPython {}", runtime.label()),
        runtime @ Runtime::Native { .. } => runtime.label(),
    };
    let runtime = match (model.runtimes.looking, model.measuring) {
        (true, _) => "looking for Pythons".to_owned(),
        (false, true) => format!("{runtime} {} measuring the cores", model.theme.glyphs.dot),
        (false, false) => runtime,
    };
    let header = Header {
        title,
        number: of.map(|place| place.lesson + 1),
        page: of.map(|place| place.page),
        runtime: &runtime,
        machine: machine(model),
        theme: &model.theme,
    };
    (&header).render(area, buf);
}

/// A rule with a word in it, so that every part has its name.
pub fn titled_rule(model: &Model, area: Rect, title: &str, buf: &mut Buffer) {
    marked_rule(model, area, ("", title), buf);
}

/// The same with a mark before the word: what must be read before anything below it.
pub fn marked_rule(model: &Model, area: Rect, (mark, title): (&str, &str), buf: &mut Buffer) {
    draw::rule(buf, area, area.y, &model.theme);
    let mut area = area;
    if !mark.is_empty() {
        let mark = draw::cut(&format!(" {mark} "), area.width.saturating_sub(1), model.theme.glyphs.more);
        let x = draw::text(buf, area, area.x.saturating_add(1), area.y, &mark, model.theme.palette.accent);
        area = Rect { x, width: area.right().saturating_sub(x), ..area };
    }
    if !title.is_empty() {
        let x = draw::text(buf, area, area.x.saturating_add(1), area.y, " ", model.theme.palette.dim);
        let title = draw::cut(title, area.right().saturating_sub(x + 1), model.theme.glyphs.more);
        let x = draw::text(buf, area, x, area.y, &title, model.theme.palette.dim);
        draw::text(buf, area, x, area.y, " ", model.theme.palette.dim);
    }
}

/// A row of the key table, as the footer and the help show it.
fn shown(row: &'static Row, unicode: bool) -> KeyRow<'static> {
    KeyRow {
        keys: row.keys(unicode),
        action: row.short,
        description: row.long,
        group: row.scope.title(),
        footer: Some(row.footer),
    }
}

/// A row's keys and its two words as they are now: as many numbers as there are choices, what esc does.
#[must_use]
pub fn words(row: &'static Row, model: &Model) -> (&'static str, &'static str) {
    let keys = match row.id {
        Id::Predict | Id::Answer | Id::GoToRow => screens::numbered(model).map(keymap::numbers),
        _ => None,
    };
    let short = if row.id == Id::Back { screens::back_word(model) } else { row.short };
    (keys.unwrap_or_else(|| row.keys(model.theme.glyphs.unicode)), short)
}

/// A row of the key table, as the footer shows it now.
fn shown_now(row: &'static Row, model: &Model) -> KeyRow<'static> {
    let (keys, action) = words(row, model);
    // What stops a run stands where what starts one stood.
    let place = if row.id == Id::Back && model.active.is_some() { keymap::row(Id::Run).footer } else { row.footer };
    KeyRow { keys, action, footer: Some(place), ..shown(row, model.theme.glyphs.unicode) }
}

/// The rows of the key table for the help.
#[must_use]
pub fn help_rows(unicode: bool) -> Vec<KeyRow<'static>> {
    keymap::rows(Scope::ALL).map(|row| shown(row, unicode)).collect()
}

/// The keys that work in these scopes: a row whose first key means something else at the moment is left out, and so is
/// the one that runs while a run goes on.
#[must_use]
pub fn open_rows(scopes: &[Scope], model: &Model) -> Vec<&'static Row> {
    let mut rows: Vec<&Row> = keymap::rows(scopes).filter(|row| keymap::is_open(row, scopes)).collect();
    // The map is where all ways back end.
    rows.retain(|row| row.id != Id::Back || !scopes.contains(&Scope::Map));
    let recorded = model.desk().is_some_and(Desk::is_recorded);
    rows.retain(|row| row.id != Id::Run || model.active.is_none() && !recorded);
    rows.retain(|row| row.id != Id::Measure || !recorded);
    rows
}

/// The last row: the keys that work now, and what clicking one of them does.
#[derive(Debug, Default)]
pub struct Footer {
    area: Rect,
    /// The row of what is to be said.
    covered: Rect,
    keys: Vec<KeyRow<'static>>,
    targets: Vec<Placed>,
}

impl Footer {
    /// The footer of a screen where these scopes are open; `overflows` where there is more to read, `unseen` where a
    /// question's choices are out of sight.
    #[must_use]
    pub fn plan(scopes: &[Scope], (overflows, unseen): (bool, bool), model: &Model, area: Rect) -> Footer {
        let (theme, area) = (&model.theme, draw::row(area, area.height.saturating_sub(1)));
        let mut rows = open_rows(scopes, model);
        // Either the choices can be given, or they are to be shown first.
        rows.retain(|row| if unseen { !matches!(row.id, Id::Answer | Id::Sure) } else { row.id != Id::ShowQuestion });
        rows.retain(|row| overflows || !matches!(row.id, Id::Scroll | Id::ScrollRuns));
        let mut keys: Vec<KeyRow<'static>> = rows.iter().map(|row| shown_now(row, model)).collect();
        // What cannot be seen must be brought into sight before anything else is pressed.
        for id in
            [(Id::Scroll, overflows), (Id::ShowQuestion, unseen)].into_iter().filter_map(|(id, now)| now.then_some(id))
        {
            if let Some(row) = rows.iter().position(|row| row.id == id) {
                keys[row].footer = Some(0);
            }
        }
        let placed = view::Footer { keys: &keys, message: None, theme }.placed(area);
        // A row of numbers does not say which one of them is meant.
        let one = |action: &Action| {
            use Action::{Answer, Digit, Predict, Sure, Tenths};
            !matches!(action, Predict(_) | Answer(_) | Sure(_) | Digit(_) | Tenths(_))
        };
        let action = |row: usize| rows[row].binds.first().map(|(_, action)| *action).filter(one).map(Target::Key);
        let targets = placed.into_iter().filter_map(|(area, row)| Some(Placed::new(area, action(row)?))).collect();
        let covered = if model.notice.is_some() { above(area) } else { Rect::default() };
        Footer { area, covered, keys, targets }
    }

    /// Whether what is to be said covers this cell.
    #[must_use]
    pub fn covers(&self, at: Position) -> bool {
        self.covered.contains(at)
    }

    /// The hints that can be clicked.
    #[must_use]
    pub fn targets(&self) -> &[Placed] {
        &self.targets
    }

    /// Draws the keys; what is to be said stands in the row above, so that the keys stay in sight.
    pub fn paint(&self, model: &Model, buf: &mut Buffer) {
        (&view::Footer { keys: &self.keys, message: None, theme: &model.theme }).render(self.area, buf);
        let Some(notice) = &model.notice else { return };
        let (palette, glyphs) = (&model.theme.palette, &model.theme.glyphs);
        let row = above(self.area);
        Clear.render(row, buf);
        let (mark, style) = match notice.tone {
            Tone::Bad => (glyphs.warn, palette.bad),
            Tone::Plain => (glyphs.pointer, palette.accent),
            Tone::Quiet => (glyphs.dot, palette.dim),
        };
        let x = draw::text(buf, row, row.x.saturating_add(1), row.y, mark, style);
        let room = row.right().saturating_sub(x.saturating_add(2));
        draw::text(buf, row, x.saturating_add(1), row.y, &draw::cut(&notice.text, room, glyphs.more), style);
    }
}

/// The row above this one.
const fn above(area: Rect) -> Rect {
    Rect { y: area.y.saturating_sub(1), ..area }
}
