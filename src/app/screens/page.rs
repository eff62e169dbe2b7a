//! A page to read: its text, then its questions, scrolled as one.

use crate::app::desk::Desk;
use crate::app::ink;
use crate::app::model::Model;
use crate::lesson::{Check, Choice};
use crate::view::{Ask, Choosable, Document, Mark, Reading, Told, draw};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;
use std::borrow::Cow;

/// The open page, with its code highlighted once that is ready.
fn document<'a>(model: &'a Model, desk: &Desk) -> Option<Cow<'a, Document>> {
    let page = desk.current_page()?;
    let ready = model.desk_index().and_then(|i| model.inks.get(i)?.as_ref()?.pages.get(desk.page));
    Some(ready.map_or_else(|| Cow::Owned(ink::plain_page(&page.title, &page.markdown)), Cow::Borrowed))
}

/// The questions of the open page that are shown: those answered, and the one that is open now.
fn checks<'a>(model: &'a Model, desk: &'a Desk) -> Vec<(&'a Check, Ask<'a>)> {
    let open = model.open_check(desk).map(|check| check.id.as_str());
    let until = desk.page_checks().position(|check| Some(check.id.as_str()) == open).map_or(usize::MAX, |p| p + 1);
    desk.page_checks().take(until).map(|check| (check, ask(model, desk, check))).collect()
}

/// A question with the answer that was given last.
fn ask<'a>(model: &'a Model, desk: &'a Desk, check: &'a Check) -> Ask<'a> {
    let answer = model.progress.lessons.get(&desk.lesson.id).and_then(|done| done.checks.get(&check.id));
    let choices = check.choices();
    let chosen = answer.and_then(|a| choices.iter().find(|c| c.text == a.last));
    let mark = |choice: &Choice| match chosen {
        Some(c) if c.text == choice.text && c.right => Mark::Right,
        Some(c) if c.text == choice.text => Mark::Wrong,
        Some(_) => Mark::Past,
        None => Mark::Open,
    };
    Ask {
        question: &check.question,
        choices: choices.iter().map(|choice| Choosable { text: &choice.text, mark: mark(choice) }).collect(),
        told: chosen.map(|choice| Told { right: choice.right, explain: &choice.explain }),
        theme: &model.theme,
    }
}

/// Rows that the page takes at this width.
#[must_use]
pub fn height(model: &Model, desk: &Desk, columns: u16) -> u16 {
    let Some(document) = document(model, desk) else { return 0 };
    let text = Reading { document: &document, scroll: 0, theme: &model.theme }.height(columns);
    checks(model, desk).iter().fold(text, |sum, (_, ask)| sum.saturating_add(2).saturating_add(ask.height(columns)))
}

/// The question and the choice at a row of the page, for the mouse: only the open question can be answered.
#[must_use]
pub fn choice_at(model: &Model, desk: &Desk, area: Rect, y: u16) -> Option<usize> {
    let document = document(model, desk)?;
    let open = model.open_check(desk)?;
    let row = y.checked_sub(area.y)?.saturating_add(desk.scroll[0]);
    let mut top = Reading { document: &document, scroll: 0, theme: &model.theme }.height(area.width);
    for (check, ask) in checks(model, desk) {
        top = top.saturating_add(2);
        let height = ask.height(area.width);
        if check.id == open.id {
            return ask.choice_at(Rect { x: 0, y: top, width: area.width, height }, row);
        }
        top = top.saturating_add(height);
    }
    None
}

/// Draws the page. It is drawn in full beside the screen and the visible rows are taken over, so that text and
/// questions scroll as one.
pub fn draw(model: &Model, desk: &Desk, area: Rect, buf: &mut Buffer) {
    let Some(document) = document(model, desk) else { return };
    let rows = height(model, desk, area.width);
    let scroll = desk.scroll[0].min(rows.saturating_sub(area.height));
    let whole = Rect::new(0, 0, area.width, rows.max(area.height));
    let mut paper = Buffer::empty(whole);
    let reading = Reading { document: &document, scroll: 0, theme: &model.theme };
    let text = reading.height(area.width);
    (&reading).render(Rect { height: text.min(whole.height), ..whole }, &mut paper);
    let mut top = text;
    for (_, ask) in checks(model, desk) {
        draw::rule(&mut paper, Rect { x: 1, width: area.width.saturating_sub(2), ..whole }, top + 1, &model.theme);
        top += 2;
        let height = ask.height(area.width);
        (&ask).render(Rect { y: top, height, ..whole }.intersection(whole), &mut paper);
        top += height;
    }
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
