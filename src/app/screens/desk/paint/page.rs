//! A page to read: its text, then its questions, scrolled as one.

use crate::app::ink;
use crate::app::model::Model;
use crate::app::screens::desk::Desk;
use crate::app::screens::desk::paint::question;
use crate::app::screens::desk::takeaway;
use crate::view::ask::Part;
use crate::view::{Document, Reading, draw};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;
use std::borrow::Cow;

/// The open page, with its code highlighted once that is ready.
fn document<'a>(model: &'a Model, desk: &Desk) -> Option<Cow<'a, Document>> {
    if desk.on_takeaway() {
        let text = takeaway::markdown(model, desk);
        return Some(Cow::Owned(ink::plain_page(takeaway::TITLE, &text)));
    }
    let page = desk.current_page()?;
    let ready = model.desk_index().and_then(|i| model.inks.get(i)?.as_ref()?.pages.get(desk.page));
    Some(ready.map_or_else(|| Cow::Owned(ink::plain_page(&page.title, &page.markdown)), Cow::Borrowed))
}

/// Rows that the page takes at this width.
#[must_use]
pub fn height(model: &Model, desk: &Desk, columns: u16) -> u16 {
    let Some(document) = document(model, desk) else { return 0 };
    let text = Reading { document: &document, scroll: 0, theme: &model.theme }.height(columns);
    let questions = question::shown(model, desk);
    let rows = questions.iter().map(|question| question.ask(model, desk).height(columns).saturating_add(2));
    rows.fold(text, u16::saturating_add)
}

/// The first row of a question that is shown, the rule above it not counted.
#[must_use]
pub fn top_of(model: &Model, desk: &Desk, columns: u16, check: &str) -> Option<u16> {
    let document = document(model, desk)?;
    let mut top = Reading { document: &document, scroll: 0, theme: &model.theme }.height(columns).saturating_add(2);
    for question in question::shown(model, desk) {
        if question.check.id == check {
            return Some(top);
        }
        top = top.saturating_add(question.ask(model, desk).height(columns)).saturating_add(2);
    }
    None
}

/// What is at a row of the page, for the mouse: only the open question can be answered.
#[must_use]
pub fn part_at(model: &Model, desk: &Desk, area: Rect, y: u16) -> Option<Part> {
    let open = model.open_check(desk)?;
    let row = y.checked_sub(area.y)?.saturating_add(desk.scroll[0]);
    let y = top_of(model, desk, area.width, &open.id)?;
    let question = question::shown(model, desk).into_iter().find(|question| question.check.id == open.id)?;
    let ask = question.ask(model, desk);
    let height = ask.height(area.width);
    ask.part_at(Rect { x: 0, y, width: area.width, height }, row)
}

/// Draws the page. It is drawn in full beside the screen and the visible rows are taken over, so that text and
/// questions scroll as one.
pub fn draw(model: &Model, desk: &Desk, area: Rect, buf: &mut Buffer) {
    let Some(document) = document(model, desk) else { return };
    let rows = height(model, desk, area.width);
    let scroll = desk.scroll[0];
    scrolled(model, (rows, scroll), area, buf, |whole, paper| {
        let reading = Reading { document: &document, scroll: 0, theme: &model.theme };
        let text = reading.height(area.width);
        (&reading).render(Rect { height: text.min(whole.height), ..whole }, paper);
        let mut top = text;
        for question in question::shown(model, desk) {
            let ask = question.ask(model, desk);
            draw::rule(paper, Rect { x: 1, width: area.width.saturating_sub(2), ..whole }, top + 1, &model.theme);
            top += 2;
            let height = ask.height(area.width);
            (&ask).render(Rect { y: top, height, ..whole }.intersection(whole), paper);
            top += height;
        }
    });
}

/// Draws something of so many rows on paper and takes over what is visible of it, so many rows further down; signs
/// say that there is more.
pub fn scrolled(
    model: &Model,
    (rows, scroll): (u16, u16),
    area: Rect,
    buf: &mut Buffer,
    draw_on: impl FnOnce(Rect, &mut Buffer),
) {
    let scroll = scroll.min(rows.saturating_sub(area.height));
    let whole = Rect::new(0, 0, area.width, rows.max(area.height));
    let mut paper = Buffer::empty(whole);
    draw_on(whole, &mut paper);
    take_over(&paper, scroll, area, buf);
    let (palette, glyphs) = (&model.theme.palette, &model.theme.glyphs);
    if scroll > 0 {
        draw::text_right(buf, area, area.y, glyphs.up, palette.accent);
    }
    if rows - scroll > area.height {
        draw::text_right(buf, area, area.bottom().saturating_sub(1), glyphs.down, palette.accent);
    }
}

fn take_over(paper: &Buffer, scroll: u16, area: Rect, buf: &mut Buffer) {
    for y in 0..area.height {
        for x in 0..area.width {
            if let (Some(from), Some(to)) = (paper.cell((x, y + scroll)), buf.cell_mut((area.x + x, area.y + y))) {
                *to = from.clone();
            }
        }
    }
}
