//! The list of lessons: what each is about and how far the learner has come.

use crate::app::desk::Desk;
use crate::app::model::Model;
use crate::app::screens::{chrome, layout};
use crate::view::draw;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// Rows above the first lesson: the header, a rule, a greeting and a blank.
const ABOVE: u16 = 6;
/// Rows of one lesson, with the blank below it.
const EACH: u16 = 3;

/// The lesson drawn at this row of the screen.
#[must_use]
pub fn lesson_at(model: &Model, selected: usize, y: u16) -> Option<usize> {
    let row = usize::from(y.checked_sub(ABOVE)? / EACH) + first(model, selected);
    (row < model.desks.len()).then_some(row)
}

/// The first lesson shown, so that the selected one is.
fn first(model: &Model, selected: usize) -> usize {
    let fit = usize::from(model.size.1.saturating_sub(ABOVE + 1) / EACH).max(1);
    (selected + 1).saturating_sub(fit)
}

/// Draws the list.
pub fn draw(model: &Model, selected: usize, area: Rect, buf: &mut Buffer) {
    let palette = &model.theme.palette;
    let (head, rest) = layout::top(area, 1);
    let (rest, foot) = layout::bottom(rest, 1);
    let (rule, body) = layout::top(rest, 1);
    chrome::header(model, head, buf);
    draw::rule(buf, rule, rule.y, &model.theme);
    let x = body.x + 3;
    draw::text(
        buf,
        body,
        x,
        body.y + 1,
        "See Python's concurrency: live runs, every core and every thread.",
        palette.heading,
    );
    draw::text(
        buf,
        body,
        x,
        body.y + 2,
        "Choose a lesson and press enter. New here? Begin with the first.",
        palette.dim,
    );
    for (index, desk) in model.desks.iter().enumerate().skip(first(model, selected)) {
        let row = u16::try_from(index - first(model, selected)).unwrap_or(u16::MAX);
        let y = ABOVE.saturating_add(row.saturating_mul(EACH));
        if y + 1 >= body.bottom() {
            break;
        }
        lesson(model, desk, index, selected, Rect { y, height: 2, ..body }, buf);
    }
    chrome::footer(model, foot, buf);
}

fn lesson(model: &Model, desk: &Desk, index: usize, selected: usize, area: Rect, buf: &mut Buffer) {
    let (palette, glyphs) = (&model.theme.palette, &model.theme.glyphs);
    let here = index == selected;
    if here {
        draw::text(buf, area, area.x + 3, area.y, glyphs.pointer, palette.accent);
    }
    let style = if here { palette.selected } else { palette.heading };
    let x = draw::text(buf, area, area.x + 5, area.y, &format!("{}  {}", index + 1, desk.lesson.title), style);
    let (read, pages) = (pages_read(model, desk), desk.lesson.pages.len());
    let done = read == pages && checks_right(model, desk) == desk.lesson.checks.len();
    let dots: String = (0..pages.min(16)).map(|p| if p < read { glyphs.page_done } else { glyphs.page_open }).collect();
    let x = draw::text(buf, area, x + 3, area.y, &dots, if done { palette.good } else { palette.accent });
    let words = match (read, done) {
        (0, _) => format!("{pages} pages"),
        (_, true) => format!("{} done", glyphs.yes),
        (read, false) => format!("{read} of {pages} read{}", questions(model, desk)),
    };
    draw::text(buf, area, x + 2, area.y, &words, if done { palette.good } else { palette.dim });
    let room = area.width.saturating_sub(9);
    let summary = draw::cut(&desk.lesson.summary, room, glyphs.more);
    draw::text(buf, area, area.x + 8, area.y + 1, &summary, if here { palette.text } else { palette.dim });
}

fn questions(model: &Model, desk: &Desk) -> String {
    let all = desk.lesson.checks.len();
    if all == 0 { String::new() } else { format!(", {} of {all} questions", checks_right(model, desk)) }
}

fn pages_read(model: &Model, desk: &Desk) -> usize {
    let Some(done) = model.progress.lessons.get(&desk.lesson.id) else { return 0 };
    desk.lesson.pages.iter().filter(|page| done.pages.contains(&page.title)).count()
}

fn checks_right(model: &Model, desk: &Desk) -> usize {
    let Some(done) = model.progress.lessons.get(&desk.lesson.id) else { return 0 };
    desk.lesson.checks.iter().filter(|check| done.checks.get(&check.id).is_some_and(|a| a.right)).count()
}
