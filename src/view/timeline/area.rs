//! The area picture: how many lanes are in which state, over time, where there are more lanes than can be looked at.
//!
//! States stand on each other, those on a core below; the whole height is the greatest number of lanes at one time. A state
//! that is there at all has an eighth of a cell at least: one that runs among a thousand that wait is what it is about. A
//! frame asks the trace's census once a column, however many lanes there are.

use super::Window;
use crate::clock::Nanos;
use crate::insight::words::grouped;
use crate::trace::{Census, State, StateTotals};
use crate::view::draw;
use crate::view::legend;
use crate::view::theme::Theme;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Style};
use ratatui::text::{Line, Span};

/// Eighths of a cell that each state takes in a column, bottom to top.
type Stack = [u16; State::COUNT];

/// Fewer lanes than this on the mean are none.
const NONE: f64 = 0.01;

/// How many lanes are in each state in each column, as far as is known.
#[must_use]
pub fn means(census: &Census, window: Window, known: Nanos) -> Vec<[f64; State::COUNT]> {
    let mut before = census.before(window.from.min(known));
    let mut mean = |column: u16| {
        let (from, to) = (window.instant(column), window.instant(column + 1));
        let until = census.before(to.min(known));
        let spent =
            State::ALL.map(|state| draw::share(until.get(state) - before.get(state).min(until.get(state)), to - from));
        before = until;
        spent
    };
    (0..window.columns).map(&mut mean).collect()
}

/// A column's states as eighths of cells, where `most` lanes take `eighths` of them.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and the rows of a screen")]
fn stack(means: &[f64; State::COUNT], most: f64, eighths: u16) -> Stack {
    let mut out = [0; State::COUNT];
    let mut left = eighths;
    for (state, mean) in means.iter().enumerate().filter(|(_, mean)| **mean >= NONE) {
        let part = (mean / most * f64::from(eighths)).round().max(1.0) as u16;
        out[state] = part.min(left);
        left -= out[state];
    }
    out
}

/// Draws the lanes of a window over all of `area`; how many fill its height.
pub fn paint(theme: &Theme, census: &Census, (window, known): (Window, Nanos), area: Rect, buf: &mut Buffer) -> f64 {
    paint_means(theme, &means(census, window, known), area, buf)
}

/// Draws columns over all of `area`, of each how many are in each state on the mean; how many fill its height.
pub fn paint_means(theme: &Theme, means: &[[f64; State::COUNT]], area: Rect, buf: &mut Buffer) -> f64 {
    let most = means.iter().map(|mean| mean.iter().sum::<f64>()).fold(0.0, f64::max);
    if most < NONE {
        return 0.0;
    }
    for (mean, x) in means.iter().zip(area.left()..area.right()) {
        let stack = stack(mean, most, area.height.saturating_mul(8));
        for above in 0..area.height {
            let (glyph, style) = cell(theme, &parts(&stack, above * 8));
            draw::text(buf, area, x, area.bottom() - 1 - above, glyph, style);
        }
    }
    most
}

/// How many lanes an area's height stands for, in at most so many cells: as many words as fit, and never a part of a number.
#[must_use]
pub fn height(most: f64, room: u16) -> String {
    let count = match most {
        most if most < NONE => return String::new(),
        most if most < 9.95 => format!("{most:.1}"),
        most => grouped(most.round()),
    };
    let told = [format!("{count} at once"), format!("up to {count}"), count];
    told.into_iter().find(|told| draw::width(told) <= room).unwrap_or_default()
}

/// Cells that such words take.
pub const HEIGHT: u16 = 14;

/// What a cell shows, bottom to top: the states in its eighths, of which the first is `from`.
fn parts(stack: &Stack, from: u16) -> Vec<(State, u16)> {
    let (mut bottom, mut out) = (0u16, Vec::new());
    for (state, length) in State::ALL.into_iter().zip(stack) {
        let top = bottom + length;
        let inside = top.min(from + 8).saturating_sub(bottom.max(from));
        if inside > 0 {
            out.push((state, inside));
        }
        bottom = top;
    }
    out
}

/// A cell of these parts: the lowest one is cut at its eighth, on the ground of what is above it.
fn cell(theme: &Theme, parts: &[(State, u16)]) -> (&'static str, Style) {
    let Some((lowest, eighths)) = parts.first().copied() else { return (" ", Style::new()) };
    let above = parts[1..].iter().max_by_key(|(_, length)| *length).map(|(state, _)| *state);
    let largest = above.filter(|_| eighths < 4).unwrap_or(lowest);
    match (fill(theme, lowest), above.map(|state| fill(theme, state))) {
        _ if eighths == 8 => whole(theme, lowest),
        // Without colours a cell is of one state.
        (Some(color), Some(Some(ground))) => (theme.glyphs.height(part(eighths)), Style::new().fg(color).bg(ground)),
        (Some(color), None) => (theme.glyphs.height(part(eighths)), Style::new().fg(color)),
        _ => whole(theme, largest),
    }
}

fn part(eighths: u16) -> f64 {
    f64::from(eighths) / 8.0
}

/// A cell that one state fills, as lanes show it.
fn whole(theme: &Theme, state: State) -> (&'static str, Style) {
    let style = theme.state(state, None);
    let style = theme.palette.tints[state.index()].map_or(style, |tint| style.bg(tint));
    (theme.glyphs.state(state), style)
}

/// The colour of a state's area: a wait's is its ground.
fn fill(theme: &Theme, state: State) -> Option<Color> {
    if state.on_cpu() { theme.state(state, None).fg } else { theme.palette.tints[state.index()] }
}

/// How many lanes were in each state on the mean: those with the most first, in so many rows.
#[must_use]
pub fn words(totals: &StateTotals, length: u64, rows: u16, theme: &Theme) -> Vec<Line<'static>> {
    means_in_words(|state| draw::share(totals.get(state), length), rows, theme)
}

/// The same of means.
#[must_use]
pub fn means_in_words(mean: impl Fn(State) -> f64, rows: u16, theme: &Theme) -> Vec<Line<'static>> {
    let mean = |state: &State| mean(*state);
    let mut states: Vec<State> = State::ALL.into_iter().filter(|state| mean(state) >= NONE).collect();
    // Who runs is told first, however few they are, but where there is one row for all.
    let first = |state: &State| rows > 1 && state.on_cpu();
    states.sort_by(|a, b| first(b).cmp(&first(a)).then(mean(b).total_cmp(&mean(a))));
    let line = |state: State| {
        let count = mean(&state);
        let count = match count {
            count if count < 0.05 => "<0.1".to_owned(),
            count if count < 9.95 => format!("{count:4.1}"),
            count => format!("{count:4.0}"),
        };
        let style = if state.on_cpu() { theme.palette.text } else { theme.palette.states[state.index()] };
        let name = if state == State::Unknown { "?" } else { legend::short(state) };
        Line::from(vec![Span::styled(count, style), Span::styled(format!(" {name}"), theme.palette.dim)])
    };
    states.into_iter().take(usize::from(rows)).map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_that_runs_among_a_thousand_is_seen() {
        let mut means = [0.0; State::COUNT];
        means[State::Running.index()] = 1.0;
        means[State::GilWait.index()] = 999.0;
        let stack = stack(&means, 1_000.0, 48);
        assert_eq!((stack[State::Running.index()], stack[State::GilWait.index()]), (1, 47));
        assert_eq!(parts(&stack, 0), [(State::Running, 1), (State::GilWait, 7)]);
        assert_eq!(parts(&stack, 40), [(State::GilWait, 8)]);
        assert_eq!(parts(&stack, 48), []);
    }
}
