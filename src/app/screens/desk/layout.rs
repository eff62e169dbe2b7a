//! Where the parts of a desk are.

use crate::app::frame::layout::{bottom, stacked, top};
use crate::app::screens::desk::Pane;
use ratatui::layout::Rect;

/// The widest reading column: 80 columns of code, its line numbers and margins.
const WIDEST_READING: u16 = 86;

/// Rows that the source keeps below a long text, the rule above it counted.
const LEAST_SOURCE: u16 = 11;

/// The parts of a desk. A part that is not open has no area.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Parts {
    /// Title, page, runtime, machine.
    pub header: Rect,
    /// The names of the panes, where only one is open at a time.
    pub names: Rect,
    /// The tabs, one a program.
    pub executors: Rect,
    /// Who runs it: every CPython that was found, and native.
    pub runtimes: Rect,
    /// The panes.
    panes: [Rect; Pane::COUNT],
    /// The keys, or what is to be said.
    pub footer: Rect,
    /// Whether only one pane is open at a time.
    pub stacked: bool,
}

impl Parts {
    /// The place of a pane.
    #[must_use]
    pub const fn of(&self, pane: Pane) -> Rect {
        self.panes[pane as usize]
    }

    const fn put(&mut self, pane: Pane, area: Rect) {
        self.panes[pane as usize] = area;
    }
}

/// What the layout depends on.
#[derive(Debug, Clone, Copy)]
pub struct Needs {
    /// The pane that is open.
    pub pane: Pane,
    /// Whether there are pages to read.
    pub pages: bool,
    /// Rows that the text would take at its width, if they were there.
    pub text_rows: u16,
}

/// The panes that the key goes through: side by side, the text and the picture are open all the time.
#[must_use]
pub fn panes(size: (u16, u16), pages: bool) -> Vec<Pane> {
    let mut open = Vec::new();
    if stacked(size) {
        open.extend(pages.then_some(Pane::Text));
        open.extend([Pane::Source, Pane::Watch, Pane::Results, Pane::Output]);
    } else {
        open.extend([Pane::Source, Pane::Output]);
    }
    open
}

/// The width of the reading column where both stand side by side.
#[must_use]
pub fn reading_width(columns: u16) -> u16 {
    (columns * 3 / 7).clamp(44, WIDEST_READING)
}

/// Divides a terminal of this size.
#[must_use]
pub fn parts(size: (u16, u16), needs: Needs) -> Parts {
    let all = Rect::new(0, 0, size.0, size.1);
    let (header, rest) = top(all, 1);
    let (rest, footer) = bottom(rest, 1);
    let mut parts = Parts { header, footer, stacked: stacked(size), ..Parts::default() };
    if parts.stacked {
        stack(&mut parts, rest, needs);
    } else {
        side_by_side(&mut parts, rest, needs);
    }
    parts
}

fn stack(parts: &mut Parts, rest: Rect, needs: Needs) {
    let (panes, rest) = top(rest, 1);
    let (executors, rest) = top(rest, 1);
    let (runtimes, rest) = top(rest, 1);
    (parts.names, parts.executors, parts.runtimes) = (panes, executors, runtimes);
    let (_, body) = top(rest, 1);
    parts.put(if needs.pane == Pane::Text && !needs.pages { Pane::Source } else { needs.pane }, body);
}

fn side_by_side(parts: &mut Parts, rest: Rect, needs: Needs) {
    let (_, rest) = top(rest, 1);
    let wide = reading_width(rest.width);
    let left = Rect { width: wide.saturating_sub(1), ..rest };
    let right = Rect { x: rest.x + wide, width: rest.width - wide, ..rest };
    let (executors, right) = top(right, 1);
    let (runtimes, right) = top(right, 1);
    let (_, watch) = top(right, 1);
    (parts.executors, parts.runtimes) = (executors, runtimes);
    parts.put(Pane::Watch, watch);
    let below = if needs.pages {
        // Text comes first, but the source keeps room for its constants, which are the knobs.
        let most = (left.height * 3 / 5).max(left.height.saturating_sub(LEAST_SOURCE));
        let (text, below) = top(left, needs.text_rows.clamp(left.height / 3, most.max(left.height / 3)));
        parts.put(Pane::Text, text);
        top(below, 1).1
    } else {
        left
    };
    parts.put(if needs.pane == Pane::Output { Pane::Output } else { Pane::Source }, below);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn parts_stay_inside_and_apart(
            columns in 0u16..400, rows in 0u16..200, pane in 0usize..5, pages: bool, text_rows in 0u16..400,
        ) {
            let needs = Needs { pane: Pane::ALL[pane], pages, text_rows };
            let p = parts((columns, rows), needs);
            let all = Rect::new(0, 0, columns, rows);
            let mut list = vec![p.header, p.names, p.executors, p.runtimes, p.footer];
            list.extend(Pane::ALL.map(|pane| p.of(pane)));
            for (i, a) in list.iter().enumerate() {
                prop_assert_eq!(all.intersection(*a).area(), a.area());
                for b in &list[..i] {
                    prop_assert_eq!(a.intersection(*b).area(), 0, "{:?} and {:?} overlap", a, b);
                }
            }
        }
    }

    #[test]
    fn a_classic_terminal_shows_one_pane() {
        let needs = Needs { pane: Pane::Watch, pages: true, text_rows: 20 };
        let p = parts((80, 24), needs);
        assert!(
            p.stacked && p.of(Pane::Watch).height >= 18 && p.of(Pane::Text).is_empty() && p.of(Pane::Source).is_empty()
        );
        let wide = parts((120, 40), needs);
        assert!(
            !wide.stacked
                && !wide.of(Pane::Watch).is_empty()
                && !wide.of(Pane::Text).is_empty()
                && !wide.of(Pane::Source).is_empty()
        );
    }
}
