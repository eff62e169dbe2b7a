//! What is marked on a stack: that a run goes on beyond the axis, and where the close-up below it looks.

use super::frame::Frame;
use super::{Stack, StackRun, Standing};
use crate::clock::Nanos;
use crate::view::draw;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

/// A run that hung until it was ended is longer than the axis: it is broken off at its end.
pub(super) fn goes_on(stack: &Stack<'_>, run: &StackRun<'_>, frame: &Frame, place: Rect, buf: &mut Buffer) {
    let beyond = matches!(run.standing, Standing::Unjudged(_)) && run.wall().is_some_and(|wall| wall > stack.to);
    if !beyond || frame.bars.is_empty() {
        return;
    }
    let (x, style) = (frame.bars.right() - 1, stack.theme.palette.bad.remove_modifier(Modifier::REVERSED));
    for y in place.top()..place.bottom() {
        draw::text(buf, frame.bars, x, y, stack.theme.glyphs.goes_on, style);
    }
}

/// Brackets the stretch of a run that the close-up shows: in the row below the run, else by a line under its last row.
pub(super) fn stretch(stack: &Stack<'_>, run: &StackRun<'_>, frame: &Frame, place: Rect, buf: &mut Buffer) {
    let Some((left, right)) = run.stretch.filter(|_| stack.marked).and_then(|at| columns(stack, frame, at)) else {
        return;
    };
    let bars = frame.bars;
    if !frame.marks {
        let row = Rect { x: bars.x + left, y: place.bottom().saturating_sub(1), width: right - left + 1, height: 1 };
        buf.set_style(row.intersection(bars), Style::new().add_modifier(Modifier::UNDERLINED));
        return;
    }
    let [begin, middle, end, alone] = stack.theme.glyphs.bracket;
    for column in left..=right {
        let sign = match column {
            _ if left == right => alone,
            at if at == left => begin,
            at if at == right => end,
            _ => middle,
        };
        draw::text(buf, bars, bars.x + column, place.bottom(), sign, stack.theme.palette.accent);
    }
}

/// The first and the last column of what is shown of a stretch.
fn columns(stack: &Stack<'_>, frame: &Frame, (from, to): (Nanos, Nanos)) -> Option<(u16, u16)> {
    let (from, to) = (from.max(stack.from), to.min(stack.to));
    let window = stack.window(frame);
    (from < to && window.columns > 0).then(|| (window.column(from), window.column(to - 1)))
}
