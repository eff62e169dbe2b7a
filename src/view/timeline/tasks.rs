//! asyncio's tasks: a row for each below the thread of its loop, one row for many, and their colours in the thread's lane.

use super::area;
use super::bar::Paint;
use super::column::{self, Column};
use super::described;
use super::frame::Frame;
use super::gil::Owned;
use super::{Timeline, Window};
use crate::clock::{MILLISECOND, Nanos, seconds};
use crate::insight::words::grouped_whole;
use crate::insight::{awaits, lag};
use crate::trace::tasks::{Census, Step};
use crate::trace::{Lane, State, Trace};
use crate::view::draw;
use crate::view::lanes::{self, Pointed};
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
    let mut style = theme.thread(Some(color));
    if view.selected == Some(Pointed::Task(task)) {
        let names = Rect { width: frame.names, ..area };
        draw::text(buf, names, area.x, area.y, theme.glyphs.pointer, theme.palette.accent);
        style = Style { fg: style.fg, ..style.patch(theme.palette.heading) };
    }
    draw_name(timeline, buf, frame, area, &label(timeline.trace, task), style);
    let columns = column::columns(&track.spans, timeline.window(frame), timeline.trace.until());
    let bar = Rect { x: frame.bars.x, width: frame.bars.width, height: frame.bar_rows(), ..area };
    Paint { theme, color: Some(color) }.bar(buf, bar.intersection(area), &columns);
    mark_blocks(timeline, buf, bar.intersection(area), (task, color));
    if frame.words > 0 {
        let totals = track.spans.totals_in(view.from, view.to.min(timeline.trace.until()));
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
    for (start, end) in lag::times_of(timeline.trace, task) {
        if end <= view.from || start >= view.to {
            continue;
        }
        let (first, last) = (window.column(start.max(view.from)), window.column(end.min(view.to) - 1));
        // The cells at the edges belong to others too.
        let room = Rect { x: bar.x.saturating_add(first + 1), width: (last - first).saturating_sub(1), ..bar };
        let all = format!("{} {}", theme.glyphs.warn, draw::duration(end - start, theme));
        let words = if draw::width(&all) <= room.width { all.as_str() } else { theme.glyphs.warn };
        let style = theme.thread(Some(color)).add_modifier(Modifier::REVERSED | Modifier::BOLD);
        draw::text(buf, room.intersection(bar), room.x, bar.y + bar.height / 2, words, style);
    }
}

/// What is to be said of a run's tasks: the longest step that held a loop up, and what is not known.
pub fn caveats(trace: &Trace, theme: &Theme) -> Vec<String> {
    let (tasks, mut out) = (&trace.tasks, Vec::new());
    out.extend(held_up(trace, theme));
    if lag::tasks_are_missing(trace) {
        out.push("asyncio tasks: not measured".to_owned());
    } else if !tasks.tracks.is_empty() && !tasks.ready_told {
        out.push("when tasks were ready: not known".to_owned());
    }
    if trace.lost.tasks > 0 {
        out.push(format!("tasks: {} records lost, steps are missing", trace.lost.tasks));
    }
    out
}

/// The longest step that held a loop up, in words: how long, what it did and where, and who wanted to run; `None` where none
/// did.
fn held_up(trace: &Trace, theme: &Theme) -> Option<String> {
    let (block, count) = lag::longest(trace)?;
    let what = Some(block.what()).filter(|what| !what.is_empty()).map(|what| format!(": {what}")).unwrap_or_default();
    let (others, s) = (grouped_whole(block.late), if block.late == 1 { "" } else { "s" });
    let more = if count > 1 { format!(" ({} such steps)", grouped_whole(count)) } else { String::new() };
    let (task, long) = (label(trace, block.task), draw::duration(block.duration(), theme));
    Some(format!("{task} blocked its loop for {long}{what}, while {others} other task{s} could run{more}"))
}

/// A delay below this is nothing to tell of.
const DELAY: Nanos = MILLISECOND;

/// A run's tasks in words: how many there were, which step stood in line longest, and what held a loop up longest.
pub fn in_words(trace: &Trace, theme: &Theme) -> Vec<String> {
    let tasks = &trace.tasks;
    let loops = match tasks.loops.len() {
        0 | 1 => "the loop".to_owned(),
        loops => format!("{loops} loops"),
    };
    let steps = grouped_whole(tasks.tracks.iter().map(|track| track.turns).sum());
    let mut out = match tasks.tracks.len() {
        0 => Vec::new(),
        1 => vec![format!("One asyncio task ran on {loops}, in {steps} steps.")],
        count => vec![format!("{} asyncio tasks took turns on {loops}, in {steps} steps.", grouped_whole(count))],
    };
    let steps = tasks.tracks.iter().enumerate().flat_map(|(task, track)| track.steps().iter().map(move |s| (task, s)));
    let delay = |step: &Step| step.ready().map_or(0, |ready| step.start.saturating_sub(ready));
    if let Some((task, step)) = steps.max_by_key(|(_, step)| delay(step)).filter(|(_, step)| delay(step) >= DELAY) {
        let from =
            from_line(trace, task, step.start).map_or_else(String::new, |line| format!(" (on from line {line})"));
        out.push(format!(
            "The step that was most delayed: {}{from} was ready at {:.3} s and stood in line for {}.",
            label(trace, task),
            seconds((step.start - delay(step)).saturating_sub(trace.zero())),
            draw::duration(delay(step), theme)
        ));
    }
    out.extend(caveats(trace, theme).into_iter().map(|caveat| format!("{caveat}.")));
    out
}

/// What a task did at an instant.
pub fn task_at(trace: &Trace, task: usize, at: Nanos, theme: &Theme) -> Option<(String, String)> {
    let tasks = &trace.tasks;
    let own = tasks.tracks.get(task)?;
    let long = |length: Nanos| draw::duration(length, theme);
    let step = own.steps().partition_point(|step| step.end <= at);
    let next = own.steps().get(step);
    let in_line = next.and_then(Step::ready).filter(|ready| *ready <= at);
    let what = if let Some(step) = own.step_at(at) {
        let place = from_line(trace, task, step.start).map_or_else(String::new, |line| format!(" from line {line} on"));
        let waited = step.ready().map(|ready| format!(", {} in line before it", long(step.start - ready)));
        format!("step {}{place}{}", long(step.duration()), waited.unwrap_or_default())
    } else if at < own.born {
        "not made yet".to_owned()
    } else if !own.lives_at(at) {
        "finished".to_owned()
    } else if let (Some(ready), Some(next)) = (in_line, next) {
        format!("ready: in line for the loop {}", long(next.start - ready))
    } else {
        match own.awaited_at(at) {
            Some(found) => format!("awaits {}{}", awaits::words(tasks, found), in_line_of(found.line)),
            None => "awaits something that was not asked".to_owned(),
        }
    };
    Some((label(trace, task), what))
}

/// The line that a step went on from.
fn from_line(trace: &Trace, task: usize, start: Nanos) -> Option<u32> {
    let before = trace.tasks.tracks[task].awaited_at(start.checked_sub(1)?)?;
    Some(before.line).filter(|line| *line > 0)
}

fn in_line_of(line: u32) -> String {
    if line > 0 { format!(" in line {line}") } else { String::new() }
}

/// Whose step it was on a lane's loop, or what its tasks awaited.
pub fn told_at(trace: &Trace, lane: &Lane, at: Nanos, theme: &Theme) -> Option<String> {
    let tasks = &trace.tasks;
    let own = &tasks.loops[tasks.loop_of((lane.pid, lane.tid))?];
    if let Some(hold) = own.turns.between(at, at + 1).holds.first() {
        let place = from_line(trace, hold.lane, hold.start).map(|line| format!(" from line {line} on"));
        let length = draw::duration(hold.end - hold.start, theme);
        return Some(format!("step of {} {length}{}", label(trace, hold.lane), place.unwrap_or_default()));
    }
    let many = own.census.living(at) as usize;
    if many > FEW {
        return Some(format!("{} tasks wait", grouped_whole(many)));
    }
    let waiting = own.tasks.iter().filter(|task| tasks.tracks[**task].lives_at(at));
    let count = waiting.clone().count();
    let one = |task: &usize| {
        let found = tasks.tracks[*task].awaited_at(at);
        let what = found.map_or_else(|| "something that was not asked".to_owned(), |found| awaits::words(tasks, found));
        let place = found.map_or_else(String::new, |found| in_line_of(found.line));
        format!("{} awaits {what}{place}", label(trace, *task))
    };
    (count > 0).then(|| waiting.map(one).collect::<Vec<_>>().join(", "))
}

/// Draws the tasks of a loop in one row: how many lived, in the looks of what most of them did.
pub fn draw_all(timeline: &Timeline<'_>, buf: &mut Buffer, frame: &Frame, area: Rect, own: usize) {
    let theme = timeline.theme;
    let Some(own) = timeline.trace.tasks.loops.get(own) else { return };
    let palette = &theme.palette;
    draw_name(timeline, buf, frame, area, &format!("{} tasks", grouped_whole(own.tasks.len())), palette.text);
    let rows = area.height.saturating_sub(u16::from(frame.height > 1)).max(1);
    let bar = Rect { x: frame.bars.x, width: frame.bars.width, height: rows, ..area };
    let columns = means(&own.census, timeline.window(frame), timeline.trace.until());
    let most = area::paint_means(theme, &columns, bar.intersection(area), buf);
    if area.height > 1 {
        // What the height stands for: the most in any column.
        let names = Rect { width: frame.names, ..area };
        let most = area::height(most, frame.names.saturating_sub(4));
        draw::text(buf, names, area.x.saturating_add(3), area.y + 1, &most, palette.dim);
    }
    if frame.words > 0 {
        let room = words_room(frame, area);
        let shown = columns.len().max(1);
        let mean = |state: State| {
            let sum: f64 = columns.iter().map(|counts| counts[state.index()]).sum();
            sum / f64::from(u32::try_from(shown).unwrap_or(u32::MAX))
        };
        draw::lines(buf, room, &area::means_in_words(mean, rows.max(frame.word_rows()), theme));
    }
}

/// Instants of a column at which tasks are counted.
const LOOKS: u64 = 4;

/// How many tasks were in each state in each column, on the mean of some instants.
fn means(census: &Census, window: Window, until: Nanos) -> Vec<[f64; State::COUNT]> {
    let column = |column: u16| {
        let (from, to) = (window.instant(column), window.instant(column + 1));
        let mut sums = [0.0; State::COUNT];
        for look in 0..LOOKS {
            let at = from.saturating_add((to - from).saturating_mul(2 * look + 1) / (2 * LOOKS));
            let counts = if at < until { census.at(at) } else { [0; State::COUNT] };
            sums.iter_mut().zip(counts).for_each(|(sum, count)| *sum += f64::from(count));
        }
        sums.map(|sum| sum / 4.0)
    };
    (0..window.columns).map(column).collect()
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
    use crate::trace::tasks::{StepEnd, TaskMark};
    use crate::trace::{Builder, Record, What};
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
    fn tasks_are_told_in_words() {
        let theme = Theme::dark();
        let told = in_words(&three_tasks_on_a_loop().ended(), &theme);
        assert_eq!(
            told,
            [
                "3 asyncio tasks took turns on the loop, in 15 steps.",
                "work 4 blocked its loop for 80.0 ms: it computed from line 18 to its end, while 2 other tasks could run."
            ]
        );
        assert_eq!(in_words(&crate::view::fixtures::io_fan_out().ended(), &theme), Vec::<String>::new());
        let mut marks: Vec<Record> = Vec::new();
        let mut say = |at, mark| marks.push(Record { at, pid: 10, tid: 10, what: What::Task(mark) });
        let step = |task, since, how| TaskMark::Step { task, since, how, thing: 0 };
        for number in [1, 2] {
            let (task, number) = (16 * u64::from(number), Some(number));
            say(ZERO, TaskMark::Born { task, object: 0, function: 0, made: true, number });
        }
        say(ZERO + 30_000_000, step(16, ZERO + 1_000_000, StepEnd::Finished));
        say(ZERO + 40_000_000, step(32, ZERO + 30_000_000, StepEnd::Finished));
        let mut builder = Builder::new(10, ZERO);
        builder.feed(marks, ZERO);
        let told = in_words(&builder.finish(ZERO + 50_000_000), &theme);
        let delayed = "The step that was most delayed: Task-2 was ready at 0.000 s and stood in line for 30.0 ms.";
        assert_eq!(told[1], delayed, "{told:?}");
    }

    #[test]
    fn what_held_a_loop_up_is_told_with_its_lines() {
        let theme = Theme::dark();
        let told = held_up(&three_tasks_on_a_loop().ended(), &theme);
        assert_eq!(
            told.as_deref(),
            Some(
                "work 4 blocked its loop for 80.0 ms: it computed from line 18 to its end, while 2 other tasks could run"
            )
        );
        assert_eq!(held_up(&a_thousand_tasks().ended(), &theme), None, "none was long");
    }
}
