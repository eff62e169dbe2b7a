//! Looking for words in all lessons: as they are typed, where they are, with the line around them; enter goes there.

use crate::app::effect::{Effect, Effects};
use crate::app::frame::Shown;
use crate::app::keymap::Action;
use crate::app::model::{Model, Overlay, Screen};
use crate::app::screens::desk::update::{choosing, reading};
use crate::app::screens::desk::{self, Found, Pane, Scroll};
use crate::app::screens::list;
use crate::app::screens::overlay::finding::Finding;
use crate::lesson::search::{Hit, Index, Place};
use crate::view::finder::MARGIN;
use crate::view::{FinderRow, draw};
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use std::sync::Arc;

/// Hits that are listed at most.
const MOST: usize = 400;
/// Columns of where a hit is, at most.
const WHERE: u16 = 26;

/// What is looked for, and what was found.
#[derive(Debug, Clone, Default)]
pub struct Search {
    /// What is typed, and the selected hit.
    pub finding: Finding,
    /// The lessons' texts; `None` until they have been read.
    pub index: Option<Arc<Index>>,
    /// Where it is.
    hits: Vec<Hit>,
    /// How many there are in all.
    all: usize,
}

impl Search {
    /// Whether it is open and waits for the lessons, in which what was typed is to be found.
    #[must_use]
    pub fn is_reading(&self, overlay: Option<Overlay>) -> bool {
        overlay == Some(Overlay::Search) && self.index.is_none() && !self.finding.field.text().is_empty()
    }
}

/// Opens it, with what was looked for before; the lessons are read where they were not yet.
pub fn open(model: &mut Model) -> Effects {
    model.search.finding.open_again();
    model.overlay = Some(Overlay::Search);
    look(model);
    if model.search.index.is_some() {
        return Effects::none();
    }
    Effects::one(Effect::ReadLessons(model.desks.iter().map(|desk| desk.lesson.clone()).collect()))
}

/// The lessons have been read.
pub fn read(model: &mut Model, index: Arc<Index>) {
    model.search.index = Some(index);
    look(model);
}

/// Looks for what is typed now.
pub fn look(model: &mut Model) {
    let language = model.runtimes.current().language();
    let search = &mut model.search;
    let typed = search.finding.field.text();
    let found = search.index.as_ref().map(|index| index.find(&typed, language, MOST));
    (search.hits, search.all) = found.unwrap_or_default();
    search.finding.row = search.finding.row.min(search.hits.len().saturating_sub(1));
}

/// What there is to say about what was found.
#[must_use]
pub fn words(model: &Model) -> String {
    let search = &model.search;
    match (search.index.is_none(), search.finding.field.text().is_empty(), search.all) {
        (true, ..) => "reading the lessons ...".to_owned(),
        (_, true, _) => "titles, pages and programs of all lessons".to_owned(),
        (.., 0) => "not found".to_owned(),
        (.., 1) => "found once".to_owned(),
        (.., all) if all > search.hits.len() => {
            format!("found {all} times; the first {} are listed", search.hits.len())
        }
        (.., all) => format!("found {all} times"),
    }
}

/// Does what a key asks for.
pub fn act(model: &mut Model, action: Action) -> Effects {
    if action == Action::Open {
        let row = model.search.finding.row;
        return choose(model, row);
    }
    let (row, count) = (model.search.finding.row, model.search.hits.len());
    if let Some(row) = list::row_after(model, row, count, action) {
        model.search.finding.row = row;
    }
    Effects::none()
}

/// Goes where the hit in this row is.
pub fn choose(model: &mut Model, row: usize) -> Effects {
    let Some(hit) = model.search.hits.get(row).cloned() else { return Effects::none() };
    if model.screen == Screen::Task && model.active.is_some() {
        model.say_busy();
        return Effects::none();
    }
    model.search.finding.row = row;
    (model.overlay, model.task) = (None, None);
    let Some(desk) = model.desks.get_mut(hit.lesson) else { return Effects::none() };
    let before = desk.tab;
    match hit.place {
        Place::Title => {}
        Place::PageTitle(page) | Place::Page(page) => {
            (desk.page, desk.pane, desk.gate, desk.answering) = (page, Pane::Text, None, None);
            desk.scroll[Pane::Text as usize] = Scroll::Rows(0);
            desk.select_page_program();
        }
        Place::Program(program, _, line) => {
            (desk.tab, desk.pane) = (program, Pane::Source);
            desk.scroll[Pane::Source as usize] = Scroll::Line(line + 1);
        }
    }
    // A script is open all the time, and no lesson of the course.
    let effects = if desk.is_alone() { Effects::none() } else { reading::open(model, hit.lesson) };
    if model.desk().is_some_and(|desk| desk.tab != before) {
        choosing::tab_changed(model);
    }
    if let Some(desk) = model.desk_mut() {
        desk.found = Some(Found { place: hit.place, needle: model_needle(&hit) });
    }
    if matches!(hit.place, Place::Page(_)) {
        show(model, &hit);
    }
    effects
}

/// What was found, as it is looked for on the screen.
fn model_needle(hit: &Hit) -> String {
    hit.line[hit.found.clone()].to_owned()
}

/// Scrolls the page so that the hit is in sight, a third from the top.
fn show(model: &mut Model, hit: &Hit) {
    let Some(desk) = model.desk() else { return };
    let area = Rect::new(0, 0, model.size.0, model.size.1);
    let plan = desk::Plan::new(model, desk, &Shown::default(), area);
    let text = plan.parts.of(Pane::Text);
    let row = desk::found::row_on_page(model, desk, &plan.page, text.width, hit);
    if let (Some(row), Some(desk)) = (row, model.desk_mut()) {
        desk.scroll[Pane::Text as usize] = Scroll::Rows(row.saturating_sub(text.height / 3));
    }
}

/// The rows on the screen, in so many columns.
#[must_use]
pub fn rows(model: &Model, columns: u16) -> Vec<FinderRow<'_>> {
    let search = &model.search;
    let places: Vec<String> = search.hits.iter().map(|hit| place(model, hit)).collect();
    let wide = places.iter().map(|place| draw::width(place)).max().unwrap_or(0).min(WHERE.min(columns / 3));
    let row = |(n, hit): (usize, &Hit)| {
        let new = n.checked_sub(1).and_then(|before| search.hits.get(before)).is_none_or(|b| b.lesson != hit.lesson);
        let heading = model.desks.get(hit.lesson).filter(|_| new).map(|desk| desk.lesson.outline().title.as_str());
        let room = columns.saturating_sub(MARGIN + 2 + wide + 2);
        FinderRow { heading, line: line(model, (&places[n], hit), n == search.finding.row, (wide, room)) }
    };
    search.hits.iter().enumerate().map(row).collect()
}

/// Each hit in words: where it is, and the line around it.
pub fn lines(model: &Model) -> Vec<String> {
    model.search.hits.iter().map(|hit| format!("{}: {}", place(model, hit), hit.line.trim())).collect()
}

/// Where a hit is, in words.
fn place(model: &Model, hit: &Hit) -> String {
    let Some(desk) = model.desks.get(hit.lesson) else { return String::new() };
    let outline = desk.lesson.outline();
    match hit.place {
        Place::Title => format!("lesson {}", hit.lesson + 1),
        Place::PageTitle(page) | Place::Page(page) => {
            format!("{} {}", page + 1, outline.pages.get(page).map_or("", String::as_str))
        }
        Place::Program(program, _, line) => {
            format!("{}:{}", outline.programs.get(program).map_or("", String::as_str), line + 1)
        }
    }
}

/// A hit: where it is, and the line around it.
fn line(model: &Model, (place, hit): (&str, &Hit), here: bool, (wide, room): (u16, u16)) -> Line<'static> {
    let (palette, glyphs) = (&model.theme.palette, &model.theme.glyphs);
    let place = draw::cut(place, wide, glyphs.more);
    let gap = " ".repeat(usize::from(wide.saturating_sub(draw::width(&place)) + 2));
    let (before, rest) = hit.line.split_at(hit.found.start);
    let (found, after) = rest.split_at(hit.found.len());
    let before = if glyphs.unicode { before.to_owned() } else { before.replace('…', glyphs.more) };
    let after = draw::cut(after, room.saturating_sub(draw::width(&before) + draw::width(found)), glyphs.more);
    Line::from(vec![
        Span::styled(place, if here { palette.selected } else { palette.dim }),
        Span::raw(gap),
        Span::styled(before, palette.text),
        Span::styled(found.to_owned(), palette.accent.reversed()),
        Span::styled(after, palette.text),
    ])
}
