//! Beside the map: what the selected lesson shows and how long it takes, the learner's last runs of it in small, and what is
//! left to do.

use crate::app::model::Model;
use crate::app::screens::compare::{Comparing, runs};
use crate::app::screens::desk::{Desk, end};
use crate::learner::course::Entry;
use crate::learner::review::calendar;
use crate::lesson::Outline;
use crate::view::{Stack, draw, reading};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

/// The part of the pane's height that the last runs may take.
const MOST_OF: u16 = 2;
/// The fewest rows of the runs in small: the axis, and two runs.
const LEAST: u16 = 3;
/// From this height on, lanes are two rows high.
const TALL: u16 = 44;
/// Between two programs of a row.
const GAP: &str = "   ";

/// Draws what there is to say of the selected lesson.
pub fn draw(model: &Model, place: usize, standing: &Entry, area: Rect, buf: &mut Buffer) {
    let Some(desk) = model.desks.get(place) else { return };
    let lesson = desk.lesson.outline();
    let below = |area: Rect, rows: u16| {
        let rows = rows.min(area.height);
        Rect { y: area.y + rows, height: area.height - rows, ..area }
    };
    let rest = below(area, draw::lines(buf, area, &head(model, desk, standing, area.width)));
    let rest = below(rest, last_runs(model, place, desk, rest, buf));
    draw::lines(buf, rest, &left(model, lesson, standing, area.width));
}

/// What it is about: before it is passed what it shows and what one can say afterwards, then what the learner says now.
fn head(model: &Model, desk: &Desk, standing: &Entry, cells: u16) -> Vec<Line<'static>> {
    let (palette, lesson) = (&model.theme.palette, desk.lesson.outline());
    let mut lines = draw::wrap_text(&lesson.title, cells, palette.heading);
    let mut facts = format!("about {} minutes", lesson.minutes);
    if standing.passed {
        facts.push_str(", passed");
    }
    lines.push(Line::styled(facts, palette.dim));
    lines.push(Line::default());
    let taken = if standing.passed { end::taken(model, desk) } else { String::new() };
    let words = if taken.is_empty() { &lesson.summary } else { &taken };
    lines.extend((!taken.is_empty()).then(|| Line::styled("What you can say now", palette.dim)));
    lines.extend(reading::sentences(words, palette.text, cells, &model.theme));
    lines.push(Line::default());
    if taken.is_empty() && !lesson.able.is_empty() {
        lines.push(Line::styled("Afterwards you can say", palette.dim));
        lines.extend(lesson.able.iter().flat_map(|words| draw::wrap_text(words, cells, palette.text)));
        lines.push(Line::default());
    }
    lines
}

/// The learner's last runs on one axis, and what the latest of them says; the rows that they take.
fn last_runs(model: &Model, place: usize, desk: &Desk, area: Rect, buf: &mut Buffer) -> u16 {
    let Some(last) = desk.runs.iter().rev().find(|run| run.outcome.is_some() && !run.edited) else { return 0 };
    let (palette, all) = (&model.theme.palette, (0..desk.lesson.programs.len()).collect());
    let mut of = Comparing::new(place, all, last.spec.runtime.clone(), last.spec.knobs.clone(), false);
    of.programs = of.programs.iter().copied().filter(|program| of.run(desk, *program).is_some()).collect();
    of.ended = of.endings(desk);
    let rows = runs::rows(model, &of, None);
    let most = (area.height / MOST_OF).saturating_sub(1);
    if rows.is_empty() || most < LEAST {
        return 0;
    }
    let name = format!("Your last runs, on {}", last.spec.runtime.full_name());
    draw::text(buf, area, area.x, area.y, &draw::cut(&name, area.width, model.theme.glyphs.more), palette.dim);
    let tallest = if area.height >= TALL { 2 } else { 1 };
    let stack = Stack { tallest, ..Stack::new(&rows, &model.theme) };
    let high = stack.height(area.width, most);
    // A stack leaves a blank at its left, which the pane has already.
    let picture = Rect { x: area.x.saturating_sub(1), y: area.y + 1, width: area.width + 1, height: high };
    stack.render(picture, buf);
    let below = Rect { y: picture.bottom() + 1, height: area.bottom().saturating_sub(picture.bottom() + 1), ..area };
    let says = last.verdict.whole();
    let said =
        if says.is_empty() { Vec::new() } else { reading::sentences(&says, palette.text, area.width, &model.theme) };
    high + 2 + draw::lines(buf, below, &said) + u16::from(!said.is_empty())
}

/// Its pages, its programs, its questions and its task: what is done, and what is not.
fn left(model: &Model, lesson: &Outline, standing: &Entry, cells: u16) -> Vec<Line<'static>> {
    let (palette, glyphs) = (&model.theme.palette, &model.theme.glyphs);
    let marked = |done: bool, words: &str| {
        let (mark, style) = if done { (glyphs.page_done, palette.good) } else { (glyphs.page_open, palette.faint) };
        let text = Span::styled(words.to_owned(), if done { palette.text } else { palette.dim });
        [Span::styled(format!("{mark} "), style), text]
    };
    let mut lines = vec![Line::styled("Its programs", palette.dim)];
    let programs = lesson.programs.iter().map(|name| marked(standing.programs_run.contains(name), name));
    lines.extend(side_by_side(programs, cells));
    lines.push(Line::default());
    lines.push(Line::styled("Its pages", palette.dim));
    let read = model.progress.lessons.get(&lesson.id);
    let page = |title: &String| {
        let done = read.is_some_and(|done| done.pages.contains(title));
        draw::cut_line(Line::from(marked(done, title).to_vec()), cells, glyphs.more)
    };
    lines.extend(lesson.pages.iter().map(page));
    lines.push(Line::default());
    if standing.checks > 0 {
        let words = format!("{} of {} questions right", standing.checks_right, standing.checks);
        lines.push(Line::styled(words, palette.dim));
    }
    let task: Option<(&str, Style)> = match standing.task_passed {
        Some(true) => Some(("task done", palette.good)),
        Some(false) => Some(("task open", palette.dim)),
        None => None,
    };
    lines.extend(task.map(|(words, style)| Line::styled(words, style)));
    if let Some(due) = standing.due {
        let now = due <= model.today;
        let words = format!("comes back {}", calendar::relative(due, model.today));
        lines.push(Line::styled(words, if now { palette.accent } else { palette.dim }));
    }
    lines
}

/// As many of them in a row as there is room for.
fn side_by_side(all: impl Iterator<Item = [Span<'static>; 2]>, cells: u16) -> Vec<Line<'static>> {
    let mut lines: Vec<Line<'static>> = Vec::new();
    for one in all {
        let wide = one.iter().map(Span::width).sum::<usize>();
        match lines.last_mut().filter(|line| line.width() + GAP.len() + wide <= usize::from(cells)) {
            Some(line) => line.spans.extend([Span::raw(GAP)].into_iter().chain(one)),
            None => lines.push(Line::from(one.to_vec())),
        }
    }
    lines
}
