//! The legend: what the glyphs and colours of a timeline mean.

use crate::clock::Nanos;
use crate::trace::{State, Trace};
use crate::view::draw;
use crate::view::theme::Theme;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::widgets::Widget;

/// One line of glyphs and their meaning; with a trace, only of the states that occur in it.
#[derive(Debug, Clone, Copy)]
pub struct Legend<'a> {
    /// The trace that it is for.
    pub trace: Option<&'a Trace>,
    /// Whether lanes are marked that a sentence is about.
    pub meant: bool,
    /// How it looks.
    pub theme: &'a Theme,
}

/// Of fewer lanes than these, those that the census leaves out are asked too.
const FEW: usize = 256;

/// What the mark of a lane stands for.
const MEANT: &str = "in the sentence";

/// What a cell of many turns stands for.
const TURNS: &str = "turns";

/// A state's name in the fewest words.
#[must_use]
pub const fn short(state: State) -> &'static str {
    match state {
        State::Running => "running",
        State::Native => "native",
        State::GilWait => "GIL",
        State::LockWait => "lock",
        State::IoWait => "I/O",
        State::Sleep => "sleep",
        State::Idle => "idle",
        State::Ready => "ready",
        State::Unknown => "not measured",
    }
}

impl Legend<'_> {
    /// The states to explain.
    #[must_use]
    pub fn states(&self) -> Vec<State> {
        let Some(trace) = self.trace else { return State::ALL.to_vec() };
        let mut totals = trace.census.before(Nanos::MAX);
        if trace.lanes.len() < FEW {
            let until = trace.known_until;
            trace.lanes.iter().for_each(|lane| totals.merge(&lane.spans.totals_in(0, until)));
        }
        let in_tasks = |state: State| trace.tasks.loops.iter().any(|own| own.census.has_seen(state));
        State::ALL.into_iter().filter(|state| totals.get(*state) > 0 || in_tasks(*state)).collect()
    }
}

impl Widget for &Legend<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let (palette, glyphs) = (&self.theme.palette, &self.theme.glyphs);
        let mut x = area.x.saturating_add(1);
        for state in self.states() {
            let words = short(state);
            if x.saturating_add(2).saturating_add(draw::width(words)) > area.right() {
                break;
            }
            let style = if state.on_cpu() { palette.text } else { self.sample(state) };
            x = draw::text(buf, area, x, area.y, glyphs.state(state), style);
            x = draw::text(buf, area, x + 1, area.y, words, palette.dim).saturating_add(3);
        }
        let turns = self.trace.is_some_and(|trace| !trace.roll.passed_on().is_empty());
        if turns && x.saturating_add(2).saturating_add(draw::width(TURNS)) <= area.right() {
            x = draw::text(buf, area, x, area.y, glyphs.turns, palette.text);
            x = draw::text(buf, area, x + 1, area.y, TURNS, palette.dim).saturating_add(3);
        }
        if self.meant && x.saturating_add(2).saturating_add(draw::width(MEANT)) <= area.right() {
            x = draw::text(buf, area, x, area.y, glyphs.meant, palette.accent);
            draw::text(buf, area, x + 1, area.y, MEANT, palette.dim);
        }
    }
}

impl Legend<'_> {
    /// A state's glyph as lanes show it.
    fn sample(&self, state: State) -> Style {
        let style = self.theme.state(state, None);
        self.theme.palette.tints[state.index()].map_or(style, |t| style.bg(t))
    }
}
