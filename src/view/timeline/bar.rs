//! Paints a lane's columns into cells. A cell that stands for many turns is woven: it shows how much of it was on a core
//! as a texture, in quarters, so that turns too short to be seen do not look like running without a break.

use super::column::Column;
use crate::trace::State;
use crate::view::draw;
use crate::view::theme::Theme;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};

/// How a lane is painted.
#[derive(Debug, Clone, Copy)]
pub struct Paint<'a> {
    /// How it looks.
    pub theme: &'a Theme,
    /// The lane's place among the workload's threads.
    pub color: Option<usize>,
}

/// How far apart a state's sign is repeated: a hatch fills, a word does not shout.
const fn period(state: State) -> usize {
    match state {
        State::Running | State::Native | State::GilWait | State::IoWait | State::Ready => 1,
        State::LockWait | State::Sleep | State::Idle => 3,
        State::Unknown => 4,
    }
}

/// A smaller share of a cell on a core.
const SLIVER: f64 = 0.2;

/// Whether a state's sign fills every row of a bar; the others stand on the middle one.
const fn fills(state: State) -> bool {
    matches!(state, State::Running | State::Native | State::GilWait)
}

impl Paint<'_> {
    /// Paints `columns` from the left edge of `area` on, over all of its rows.
    pub fn bar(&self, buf: &mut Buffer, area: Rect, columns: &[Column]) {
        let mut since = 0;
        for (i, (column, x)) in columns.iter().zip(area.left()..area.right()).enumerate() {
            if i == 0 || columns[i - 1] != *column {
                since = i;
            }
            for y in area.top()..area.bottom() {
                let above = area.bottom() - 1 - y;
                let (glyph, style) = self.cell(*column, i - since, above, area.height);
                draw::text(buf, area, x, y, glyph, style);
            }
        }
    }

    /// One cell: `nth` in a row of equal ones, `above` rows above the lowest of `rows`.
    fn cell(&self, column: Column, nth: usize, above: u16, rows: u16) -> (&'static str, Style) {
        match column {
            Column::Blank => (" ", Style::new()),
            Column::Pure(state) => {
                let here = nth.is_multiple_of(period(state)) && (fills(state) || above == rows / 2);
                let glyph = if here { self.theme.glyphs.state(state) } else { " " };
                (glyph, self.grounded(self.style(state), Some(state)))
            }
            Column::Edge { left, right, at } => self.edge(left, right, at),
            // Without a ground of its own colour, a wait needs its sign: a sliver of running would hide it.
            Column::Share { on, rest: Some(wait), .. } if on < SLIVER && self.tint(Some(wait)).is_none() => {
                self.cell(Column::Pure(wait), nth, above, rows)
            }
            // A level would look like a thread that runs all the time, at half its speed.
            Column::Share { on, state, rest } => (self.theme.glyphs.woven(on), self.grounded(self.style(state), rest)),
        }
    }

    /// A cell whose left part is one thing and whose right part another, one of them on a core.
    fn edge(&self, left: Option<State>, right: Option<State>, at: f64) -> (&'static str, Style) {
        let left_on = left.filter(|s| s.on_cpu());
        let Some(glyph) = self.theme.glyphs.left(eighths(at)) else {
            let longer = if at >= 0.5 { left } else { right };
            return longer.map_or((" ", Style::new()), |s| (self.theme.glyphs.state(s), self.style(s)));
        };
        if let Some(state) = left_on {
            return (glyph, self.grounded(self.style(state), right));
        }
        let on = right.map_or(Style::new(), |s| self.style(s));
        match (self.tint(left), on.fg) {
            (Some(tint), Some(color)) => (glyph, Style::new().fg(tint).bg(color)),
            // Reversed, the empty part shows the terminal's own background.
            _ => (glyph, on.add_modifier(Modifier::REVERSED)),
        }
    }

    fn style(&self, state: State) -> Style {
        self.theme.state(state, self.color)
    }

    fn tint(&self, state: Option<State>) -> Option<Color> {
        self.theme.palette.tints[state?.index()]
    }

    /// A style on the ground of a waiting state.
    fn grounded(&self, style: Style, wait: Option<State>) -> Style {
        self.tint(wait).map_or(style, |t| style.bg(t))
    }
}

/// A part of a cell in eighths, never none and never all.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 1 and 7")]
pub fn eighths(part: f64) -> usize {
    (part * 8.0).round().clamp(1.0, 7.0) as usize
}
