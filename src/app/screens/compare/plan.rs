//! Where everything in a comparison is.

use super::{paint, runs, state};
use crate::app::frame::{Body, Placed, Shown, Target, layout};
use crate::app::model::Model;
use crate::app::screens::compare::Comparing;
use crate::clock::Nanos;
use crate::view::stack::{Places, axis_length};
use crate::view::{Stack, StackRun};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// From this height of the body on, lanes may be three rows high.
const TALL: u16 = 44;

/// The parts of the screen, some of them empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Parts {
    /// Title, runtime, machine.
    pub header: Rect,
    /// The rule below it.
    pub rule: Rect,
    /// What is compared, and how far it has come.
    pub head: Rect,
    /// The runs on one axis.
    pub stack: Rect,
    /// What the signs mean, where there is room to say so.
    pub legend: Rect,
    /// What is said of them.
    pub said: Rect,
    /// What the cores' time went for, a bar each run.
    pub spent: Rect,
    /// The rule above the close-up, with its name.
    pub title: Rect,
    /// A stretch of each at full resolution.
    pub close: Rect,
}

/// Where everything in a comparison is.
#[derive(Debug, Default)]
pub struct Plan {
    /// The parts of the screen.
    pub parts: Parts,
    /// The columns and the rows of the stack.
    pub stack: Places,
    /// The first run shown.
    pub first: usize,
    /// The length of the axis.
    pub axis: Nanos,
    targets: Vec<Placed>,
    area: Rect,
}

impl Plan {
    /// The comparison on a screen of this size.
    #[must_use]
    pub fn new(model: &Model, shown: &Shown<'_>, area: Rect) -> Plan {
        let Some(comparing) = model.comparing.as_deref() else { return Plan::default() };
        let rows = runs::rows(model, comparing, shown.trace);
        let close = runs::close(&rows);
        let axis = axis_length(&rows);
        let stack = stack(model, comparing, &rows, (axis, area));
        let parts = parts(model, comparing, &stack, &close, area);
        let places = Stack { marked: !parts.close.is_empty(), ..stack }.places(parts.stack);
        let mut plan = Plan { parts, first: comparing.first.min(places.most), axis, area, ..Plan::default() };
        let bars = |(place, _): &(Rect, usize)| Rect { x: places.bars.x, width: places.bars.width, ..*place };
        let recorded = places.runs.iter().filter(|(_, run)| rows[*run].trace.is_some());
        let moment = |place| Placed::new(bars(place), Target::Moment(places.window, None));
        plan.targets = recorded.map(moment).filter(|placed| !placed.area.is_empty()).collect();
        plan.targets.extend(paint::said_targets(model, comparing, parts.said));
        plan.stack = places;
        plan
    }

    /// What changes while a run streams: all but header and footer.
    fn body(&self) -> Rect {
        let top = self.parts.rule.bottom();
        Rect { y: top, height: self.area.bottom().saturating_sub(top + 1), ..self.area }
    }
}

/// The stack of these rows; its axis is so long.
pub fn stack<'a>(
    model: &'a Model,
    comparing: &Comparing,
    rows: &'a [StackRun<'a>],
    (axis, area): (Nanos, Rect),
) -> Stack<'a> {
    let (from, to) = comparing.shown(axis);
    let tallest = if area.height >= TALL { 3 } else { 2 };
    Stack { from, to, cursor: comparing.cursor, first: comparing.first, tallest, ..Stack::new(rows, &model.theme) }
}

/// The close-up of these rows, its bars below those of the stack.
pub fn close_up<'a>(model: &'a Model, rows: &'a [StackRun<'a>], over: &Stack<'_>) -> Stack<'a> {
    let left = over.left();
    Stack { to: state::CLOSE_UP, close_up: true, left, tallest: over.tallest, ..Stack::new(rows, &model.theme) }
}

/// Divides the screen. The stack comes first, then what is said of it, then the close-up, where there is room for all of it.
fn parts(model: &Model, comparing: &Comparing, stack: &Stack<'_>, close: &[StackRun<'_>], area: Rect) -> Parts {
    let (header, rest) = layout::top(area, 1);
    let (rest, _) = layout::bottom(rest, 1);
    let (rule, rest) = layout::top(rest, 1);
    let (head, rest) = layout::top(rest, 1);
    let airy = rest.height >= 30;
    let (_, rest) = layout::top(rest, u16::from(airy));
    let near = close_up(model, close, stack);
    let said = paint::said_rows(model, comparing, rest.width).min(rest.height / 2);
    let (least, least_near) = (stack.least(), near.least() + 1);
    // A stretch that is about as long as what is shown anyway would say nothing new.
    let closer = stack.to - stack.from > 2 * state::CLOSE_UP && !close.is_empty();
    let needed = least.saturating_add(said).saturating_add(least_near);
    let near_rows = match rest.height.checked_sub(needed).filter(|_| closer) {
        Some(spare) => near.height(area.width.saturating_sub(1), least_near - 1 + spare.saturating_sub(2) / 2) + 1,
        None => 0,
    };
    let stack = Stack { marked: near_rows > 0, ..*stack };
    // What the cores' time went for has room where all else has.
    let spent = paint::spent_rows(model, comparing);
    let free = rest.height.saturating_sub(least.saturating_add(said).saturating_add(near_rows));
    let spent = if spent > 0 && free > spent.saturating_add(4) { spent + 1 } else { 0 };
    // What is left over keeps the parts apart, the first two before the others.
    let others = said.saturating_add(near_rows).saturating_add(spent);
    let spare = rest.height.saturating_sub(others.saturating_add(least)).min(2);
    let room = rest.height.saturating_sub(others.saturating_add(spare)).max(2).min(rest.height);
    let (stacked, rest) = layout::top(rest, stack.height(area.width.saturating_sub(1), room));
    let free = rest.height.saturating_sub(others.saturating_add(spare));
    let (_, rest) = layout::top(rest, u16::from(free > 3));
    let (legend, rest) = layout::top(rest, u16::from(free > 2));
    let (_, rest) = layout::top(rest, spare.min(1));
    let (said, rest) = layout::top(rest, said);
    let (spent, rest) = layout::top(rest, spent);
    let spent = layout::bottom(spent, spent.height.saturating_sub(1)).1;
    let (_, rest) = layout::top(rest, u16::from(spare > 1));
    let (title, rest) = layout::top(rest, u16::from(near_rows > 0));
    let (close, _) = layout::top(rest, near_rows.saturating_sub(1));
    let inside = |area: Rect| Rect { width: area.width.saturating_sub(1), ..area };
    Parts {
        header,
        rule,
        head,
        stack: inside(stacked),
        legend,
        said,
        spent: inside(spent),
        title,
        close: inside(close),
    }
}

impl Body for Plan {
    fn targets(&self) -> &[Placed] {
        &self.targets
    }

    fn paint(&self, model: &Model, shown: &Shown<'_>, buf: &mut Buffer) {
        paint::frame(model, self, buf);
        paint::body(model, shown, self, buf);
    }

    fn overflows(&self) -> bool {
        self.stack.most > 0
    }

    fn picture(&self) -> Rect {
        self.body()
    }

    fn replan_picture(&mut self, model: &Model, shown: &Shown<'_>) {
        *self = Plan::new(model, shown, self.area);
    }

    fn paint_picture(&self, model: &Model, shown: &Shown<'_>, buf: &mut Buffer) {
        paint::body(model, shown, self, buf);
    }
}
