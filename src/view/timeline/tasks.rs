//! asyncio's tasks: a row for each below the thread of its loop, one row for many, and their colours in the thread's lane.

use super::bar::Paint;
use super::column::{self, Column};
use super::described;
use super::frame::Frame;
use super::gil::Owned;
use super::{Timeline, Window};
use crate::clock::Nanos;
use crate::insight::words::grouped_whole;
use crate::insight::{awaits, lag};
use crate::trace::tasks::Counts;
use crate::trace::{Lane, State, Trace};
use crate::view::draw;
use crate::view::lanes;
use crate::view::theme::Theme;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::text::Line;

/// More tasks than these are counted, not told one by one.
const FEW: usize = 4;

/// What a task is called.
fn label(trace: &Trace, task: usize) -> String {
    trace.tasks.tracks.get(task).map(|track| trace.tasks.label(track)).unwrap_or_default()
}

/// Cells that a task's name needs, with the mark that it stands below its thread.
pub fn name_width(trace: &Trace, task: usize) -> u16 {
    draw::width(&label(trace, task)).saturating_add(2)
}

/// Draws the name of a row that stands below its thread's.
fn draw_name(timeline: &Timeline<'_>, buf: &mut Buffer, frame: &Frame, area: Rect, name: &str, style: Style) {
    let glyphs = &timeline.theme.glyphs;
    let names = Rect { width: frame.names, ..area };
    let x = area.x.saturating_add(1);
    let x = draw::text(buf, names, x, area.y, glyphs.child, timeline.theme.palette.faint).saturating_add(1);
    let room = names.right().saturating_sub(x + 1);
    draw::text(buf, names, x, area.y, &draw::cut_middle(name, room, glyphs.more), style);
}

/// The room for words at the right.
fn words_room(frame: &Frame, area: Rect) -> Rect {
    Rect { x: frame.bars.right().saturating_add(1), width: frame.words.saturating_sub(1), ..area }
}

/// Draws one task: its steps, and what it awaits in between.
pub fn draw(timeline: &Timeline<'_>, buf: &mut Buffer, frame: &Frame, area: Rect, (task, color): (usize, usize)) {
    let (theme, view) = (timeline.theme, timeline.viewport);
    let Some(track) = timeline.trace.tasks.tracks.get(task) else { return };
    draw_name(timeline, buf, frame, area, &label(timeline.trace, task), theme.thread(Some(color)));
    let columns = column::columns(&track.spans, timeline.window(frame), Nanos::MAX);
    let bar = Rect { x: frame.bars.x, width: frame.bars.width, height: frame.bar_rows(), ..area };
    Paint { theme, color: Some(color) }.bar(buf, bar.intersection(area), &columns);
    mark_blocks(timeline, buf, bar.intersection(area), (task, color));
    if frame.words > 0 {
        let totals = track.spans.totals_in(view.from, view.to);
        let shares = if frame.narrow() {
            described::narrow_shares(&totals, frame.word_rows() == 1, theme)
        } else {
            described::shares(&totals, theme)
        };
        let lines: Vec<Line<'_>> = shares.into_iter().take(usize::from(frame.word_rows())).collect();
        draw::lines(buf, words_room(frame, area), &lines);
    }
}

/// Marks the steps of a task that held its loop up: how long, where there is room.
fn mark_blocks(timeline: &Timeline<'_>, buf: &mut Buffer, bar: Rect, (task, color): (usize, usize)) {
    let (view, theme) = (timeline.viewport, timeline.theme);
    let window = Window { from: view.from, to: view.to, columns: bar.width };
    for block in lag::blocks(&timeline.trace.tasks).iter().filter(|block| block.task == task) {
        if block.end <= view.from || block.start >= view.to {
            continue;
        }
        let (first, last) = (window.column(block.start.max(view.from)), window.column(block.end.min(view.to) - 1));
        // The cells at the edges belong to others too.
        let room = Rect { x: bar.x.saturating_add(first + 1), width: (last - first).saturating_sub(1), ..bar };
        let all = format!("{} {}", theme.glyphs.warn, draw::duration(block.duration(), theme));
        let words = if draw::width(&all) <= room.width { all.as_str() } else { theme.glyphs.warn };
        let style = theme.thread(Some(color)).add_modifier(Modifier::REVERSED | Modifier::BOLD);
        draw::text(buf, room.intersection(bar), room.x, bar.y + bar.height / 2, words, style);
    }
}

/// The longest step that held a loop up, in words; `None` where none did.
pub fn held_up(trace: &Trace, theme: &Theme) -> Option<String> {
    let block = lag::blocks(&trace.tasks).into_iter().max_by_key(lag::Block::duration)?;
    let lines = Some(block.lines()).filter(|lines| !lines.is_empty()).map(|lines| format!(", {lines}"));
    let task = label(trace, block.task);
    Some(format!(
        "{task} held its loop up for {}{}",
        draw::duration(block.duration(), theme),
        lines.unwrap_or_default()
    ))
}

/// Whose step it was on a lane's loop, or what its tasks awaited.
pub fn told_at(trace: &Trace, lane: &Lane, at: Nanos, theme: &Theme) -> Option<String> {
    let tasks = &trace.tasks;
    let own = &tasks.loops[tasks.loop_of((lane.pid, lane.tid))?];
    if let Some(hold) = own.turns.between(at, at + 1).holds.first() {
        let before = tasks.tracks[hold.lane].awaited_at(hold.start.saturating_sub(1));
        let place = before.filter(|before| before.line > 0).map(|before| format!(" from line {} on", before.line));
        let length = draw::duration(hold.end - hold.start, theme);
        return Some(format!("step of {} {length}{}", label(trace, hold.lane), place.unwrap_or_default()));
    }
    let waiting = own.tasks.iter().filter(|task| tasks.tracks[**task].lives_at(at));
    let count = waiting.clone().count();
    let one = |task: &usize| {
        let found = tasks.tracks[*task].awaited_at(at);
        let what = found.map_or_else(|| "something that was not asked".to_owned(), |found| awaits::words(tasks, found));
        let place = found.filter(|found| found.line > 0).map(|found| format!(" in line {}", found.line));
        format!("{} awaits {what}{}", label(trace, *task), place.unwrap_or_default())
    };
    match count {
        0 => None,
        1..=FEW => Some(waiting.map(one).collect::<Vec<_>>().join(", ")),
        _ => Some(format!("{} tasks wait", grouped_whole(count))),
    }
}

/// Draws the tasks of a loop in one row: how many lived, in the looks of what most of them did.
pub fn draw_all(timeline: &Timeline<'_>, buf: &mut Buffer, frame: &Frame, area: Rect, own: usize) {
    let theme = timeline.theme;
    let Some(own) = timeline.trace.tasks.loops.get(own) else { return };
    let palette = &theme.palette;
    draw_name(timeline, buf, frame, area, &format!("{} tasks", grouped_whole(own.tasks.len())), palette.text);
    let most = f64::from(own.census.most().max(1));
    let bar = Rect { x: frame.bars.x, width: frame.bars.width, height: frame.bar_rows(), ..area };
    let window = timeline.window(frame);
    for (column, x) in (0..window.columns).zip(bar.left()..bar.right()) {
        // In the middle of the cell: a count is of an instant.
        let at = window.instant(column).midpoint(window.instant(column + 1));
        let counts = own.census.at(at);
        let alive: u32 = counts.iter().sum();
        let height = f64::from(alive) / most * f64::from(bar.height);
        for (row, y) in (bar.top()..bar.bottom()).rev().enumerate() {
            let below = f64::from(u32::try_from(row).unwrap_or(u32::MAX));
            let share = (height - below).min(1.0);
            if share > 0.0 {
                let middle = (below + share / 2.0) / height * f64::from(alive);
                let style = theme.state(stacked(&counts, middle), None);
                // However few there are, they are seen.
                draw::text(buf, bar, x, y, theme.glyphs.height(share.max(0.05)), style);
            }
        }
    }
    if frame.words > 0 {
        let words = format!("at most {}", grouped_whole(own.census.most() as usize));
        let room = words_room(frame, area);
        draw::text(buf, room, room.x, room.y, &draw::cut(&words, room.width, theme.glyphs.more), palette.dim);
    }
}

/// The states of tasks in the order in which an area stacks them, the busiest lowest.
const STACK: [State; 6] = [State::Running, State::Ready, State::LockWait, State::IoWait, State::Sleep, State::Unknown];

/// The state that so many tasks from below are in.
fn stacked(counts: &Counts, tasks: f64) -> State {
    let mut below = 0.0;
    let holds = |state: &State| {
        below += f64::from(counts[state.index()]);
        below >= tasks
    };
    STACK.into_iter().find(holds).unwrap_or(State::Unknown)
}

/// Gives what a loop's thread ran the colour of the task that it ran for.
pub fn tint(timeline: &Timeline<'_>, buf: &mut Buffer, bar: Rect, lane: usize, columns: &[Column]) {
    let (trace, view, theme) = (timeline.trace, timeline.viewport, timeline.theme);
    let thread = (trace.lanes[lane].pid, trace.lanes[lane].tid);
    let Some(own) = trace.tasks.loop_of(thread).and_then(|own| trace.tasks.loops.get(own)) else { return };
    if own.tasks.len() < 2 || !theme.palette.colored {
        return; // one task is the program, and has the thread's own colour
    }
    let color = |task: usize| theme.thread(Some(lanes::task_color(trace, task)));
    let window = Window { from: view.from, to: view.to, columns: bar.width };
    for ((column, x), cells) in (0..window.columns).zip(bar.left()..bar.right()).zip(columns) {
        let solid = matches!(cells, Column::Pure(state) if state.on_cpu());
        if !solid && !matches!(cells, Column::Share { .. } | Column::Edge { .. }) {
            continue;
        }
        let (glyph, style) = match Owned::of(&own.turns, window.instant(column), window.instant(column + 1)) {
            Owned::Nobody => continue,
            Owned::One(task, _) => (None, color(task)),
            Owned::Passed(left, right, at) if solid => {
                let glyph = theme.glyphs.left(super::bar::eighths(at));
                (glyph, super::gil::two(color(left), color(right)))
            }
            Owned::Passed(left, right, at) => (None, color(if at >= 0.5 { left } else { right })),
            Owned::Turns(a, b) if solid => (Some(theme.glyphs.turns), super::gil::two(color(a), color(b))),
            Owned::Turns(a, _) => (None, color(a)),
        };
        for y in bar.top()..bar.bottom() {
            let Some(cell) = buf.cell_mut((x, y)) else { continue };
            if let Some(glyph) = glyph {
                cell.set_symbol(glyph).set_style(style);
            } else if matches!(cells, Column::Edge { left, .. } if !left.is_some_and(State::on_cpu)) {
                cell.set_style(style.fg.map_or(Style::new(), |color| Style::new().bg(color)));
            } else if let Some(color) = style.fg {
                cell.set_fg(color);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::fixtures::{ZERO, a_thousand_tasks, three_tasks_on_a_loop};

    #[test]
    fn an_instant_tells_whose_step_it_was_or_what_was_awaited() {
        let (trace, theme) = (three_tasks_on_a_loop().ended(), Theme::dark());
        let told = |ms: u64| told_at(&trace, &trace.lanes[0], ZERO + ms * 1_000_000, &theme);
        assert_eq!(told(55).as_deref(), Some("step of work 2 10.0 ms from line 18 on"));
        assert_eq!(
            told(85).as_deref(),
            Some(
                "work 2 awaits sleep in line 18, work 3 awaits Lock.acquire in line 18, work 4 awaits sleep in line 18"
            )
        );
        assert_eq!(told(283), None, "all have finished");
        let many = a_thousand_tasks().ended();
        let told = told_at(&many, &many.lanes[0], ZERO + 90_000_000, &theme);
        assert_eq!(told.as_deref(), Some("1,000 tasks wait"));
    }

    #[test]
    fn what_held_a_loop_up_is_told_with_its_lines() {
        let theme = Theme::dark();
        let told = held_up(&three_tasks_on_a_loop().ended(), &theme);
        assert_eq!(told.as_deref(), Some("work 4 held its loop up for 80.0 ms, line 18"));
        assert_eq!(held_up(&a_thousand_tasks().ended(), &theme), None, "none was long");
    }
}
