//! What the cores' time went for, run by run: one stacked bar each, as long as its run took.

use crate::clock::Nanos;
use crate::insight::words::percent;
use crate::insight::{Ledger, Part};
use crate::trace::State;
use crate::view::draw;
use crate::view::theme::Theme;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::widgets::Widget;
use std::cmp::Reverse;

/// The longest name of a program.
const LONGEST: u16 = 16;
/// Cells for the words behind the bars, and how many parts they name.
const WORDS: u16 = 46;
const NAMED: usize = 2;
/// With fewer cells than these for the bars there are no words.
const LEAST: u16 = 20;

/// A bar for each run.
#[derive(Debug, Clone, Copy)]
pub struct Spent<'a> {
    /// The programs' names and what became of the cores' time in their runs, top to bottom.
    pub runs: &'a [(&'a str, &'a Ledger)],
    /// Cells of the names at least.
    pub names: u16,
    /// How it looks.
    pub theme: &'a Theme,
}

/// The parts of a bar that is this long, in the order of reports, each with its cells: they sum to the bar.
#[must_use]
pub fn cells(ledger: &Ledger, length: u32) -> Vec<(Part, u32)> {
    let whole = u128::from(ledger.whole().max(1));
    let (mut sum, mut end, mut out) = (0u128, 0, Vec::new());
    for part in Part::ALL {
        sum += u128::from(ledger.get(part));
        let next = u32::try_from((sum * u128::from(length) + whole / 2) / whole).unwrap_or(length).min(length);
        if next > end {
            out.push((part, next - end));
        }
        end = next.max(end);
    }
    out
}

/// How long a bar is beside the longest, which takes `most`: no run is nothing.
#[must_use]
pub fn length(wall: Nanos, longest: Nanos, most: u32) -> u32 {
    let share = u128::from(wall) * u128::from(most) / u128::from(longest.max(1));
    u32::try_from(share).unwrap_or(most).max(u32::from(wall > 0)).min(most)
}

/// The state that a part is drawn as; `None` for the interpreter's start-up, which is none.
#[must_use]
pub const fn state(part: Part) -> Option<State> {
    Some(match part {
        Part::Compute => State::Running,
        Part::Startup => return None,
        Part::Ready => State::Ready,
        Part::GilWait => State::GilWait,
        Part::LockWait => State::LockWait,
        Part::IoWait => State::IoWait,
        Part::Sleep => State::Sleep,
        Part::Unknown => State::Unknown,
        Part::Idle => State::Idle,
    })
}

impl Spent<'_> {
    /// Rows that it takes for so many runs: a line that says what it is, and one each.
    #[must_use]
    pub fn rows(runs: usize) -> u16 {
        if runs == 0 { 0 } else { u16::try_from(runs + 1).unwrap_or(u16::MAX) }
    }

    /// Rows that it takes.
    #[must_use]
    pub fn height(&self) -> u16 {
        Spent::rows(self.runs.len())
    }

    /// Cells of the names, of the bars and of the words behind them, in so many columns.
    fn columns(&self, width: u16) -> (u16, u16, u16) {
        let wide = self.runs.iter().map(|(name, _)| draw::width(name)).max().unwrap_or(0).min(LONGEST) + 3;
        let names = wide.max(self.names).min(width);
        let words = if width - names >= LEAST + WORDS { WORDS } else { 0 };
        (names, width - names - words, words)
    }

    /// The parts of each run's bar in so many columns, with their cells.
    #[must_use]
    pub fn parts(&self, width: u16) -> Vec<Vec<(Part, u32)>> {
        let (_, bars, _) = self.columns(width);
        let longest = self.runs.iter().map(|(_, ledger)| ledger.wall).max().unwrap_or(0);
        let parts = |(_, ledger): &(&str, &Ledger)| cells(ledger, length(ledger.wall, longest, u32::from(bars)));
        self.runs.iter().map(parts).collect()
    }

    /// What it is.
    fn title(&self) -> String {
        let cores = self.runs.iter().map(|(_, ledger)| ledger.cores).max().unwrap_or(0);
        let of = if cores == 1 { "the one core".to_owned() } else { format!("the {cores} cores") };
        let (startup, idle) = (self.theme.glyphs.tutor, self.theme.glyphs.state(State::Idle));
        format!("what the time of {of} went for; {startup} start-up, {idle} nothing to do")
    }

    fn ink(&self, part: Part) -> (&'static str, Style) {
        let Some(state) = state(part) else { return (self.theme.glyphs.tutor, self.theme.palette.neutral) };
        let style = self.theme.state(state, Some(0).filter(|_| state == State::Running));
        let style = self.theme.palette.tints[state.index()].map_or(style, |tint| style.bg(tint));
        (self.theme.glyphs.state(state), style)
    }

    /// A run in words: its largest parts.
    #[must_use]
    pub fn words(ledger: &Ledger, most: usize) -> String {
        let mut parts: Vec<Part> = Part::ALL.into_iter().filter(|part| ledger.get(*part) > 0).collect();
        parts.sort_by_key(|part| Reverse(ledger.get(*part)));
        let share = |part: &Part| percent(draw::share(ledger.get(*part), ledger.whole()));
        let told: Vec<String> =
            parts.iter().take(most).map(|part| format!("{} {}", share(part), part.label())).collect();
        told.join(", ")
    }
}

impl Widget for &Spent<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let area = area.intersection(buf.area);
        let palette = &self.theme.palette;
        let (names, _, words) = self.columns(area.width);
        if !area.is_empty() && !self.runs.is_empty() {
            let title = draw::cut(&self.title(), area.width.saturating_sub(2), self.theme.glyphs.more);
            draw::text(buf, area, area.x.saturating_add(1), area.y, &title, palette.dim);
        }
        let rows = self.runs.iter().zip(self.parts(area.width)).zip(area.top().saturating_add(1)..area.bottom());
        for (((name, ledger), parts), y) in rows {
            let name = draw::cut_middle(name, names.saturating_sub(2), self.theme.glyphs.more);
            draw::text(buf, area, area.x.saturating_add(1), y, &name, palette.heading);
            let mut x = area.x.saturating_add(names);
            for (part, count) in parts {
                let (sign, style) = self.ink(part);
                let count = u16::try_from(count).unwrap_or(u16::MAX);
                x = draw::text(buf, area, x, y, &sign.repeat(usize::from(count)), style);
            }
            if words > 0 {
                let at = area.right().saturating_sub(words).saturating_add(2);
                let told = draw::cut(&Spent::words(ledger, NAMED), words - 2, self.theme.glyphs.more);
                draw::text(buf, area, at, y, &told, palette.text);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::fixtures;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_cells_of_a_bar_sum_to_its_length_and_none_is_far_from_its_share(cores in 1u64..9, most in 1u32..400) {
            for (_, trace) in fixtures::all() {
                let ledger = Ledger::of(&trace, cores);
                if ledger.whole() == 0 {
                    continue;
                }
                let all = cells(&ledger, most);
                prop_assert_eq!(all.iter().map(|(_, count)| count).sum::<u32>(), most);
                for part in Part::ALL {
                    let drawn = all.iter().find(|(other, _)| *other == part).map_or(0, |(_, count)| *count);
                    let share = draw::share(ledger.get(part), ledger.whole()) * f64::from(most);
                    prop_assert!((f64::from(drawn) - share).abs() <= 1.0, "{part:?}: {drawn} of {share}");
                }
            }
        }
    }

    #[test]
    fn who_was_faster_is_shorter() {
        assert_eq!([length(10, 10, 40), length(5, 10, 40), length(1, 1000, 40), length(0, 10, 40)], [40, 20, 1, 0]);
        assert_eq!(length(10, 10, 0), 0, "there is no room for it");
    }

    #[test]
    fn three_runs_on_two_cores() {
        let ledgers = [
            fixtures::one_after_the_other().ended(),
            fixtures::two_threads_under_the_gil().ended(),
            fixtures::two_processes_in_parallel().ended(),
        ]
        .map(|trace| Ledger::of(&trace, 2));
        let names = ["sequential", "threads", "processes"];
        let runs: Vec<(&str, &Ledger)> = names.into_iter().zip(&ledgers).collect();
        let theme = Theme::plain();
        let spent = Spent { runs: &runs, names: 0, theme: &theme };
        let area = Rect::new(0, 0, 100, spent.height());
        let mut buf = Buffer::empty(area);
        (&spent).render(area, &mut buf);
        let row = |y| (0..100).map(|x| buf[(x, y)].symbol()).collect::<String>().trim_end().to_owned();
        insta::assert_snapshot!((0..area.height).map(row).collect::<Vec<_>>().join("\n"));
        for (columns, rows) in [(0, 0), (1, 1), (20, 2), (60, 9)] {
            let area = Rect::new(0, 0, columns, rows);
            (&spent).render(area, &mut Buffer::empty(area));
        }
    }
}
