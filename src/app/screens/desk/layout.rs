//! Where the parts of a desk are.

use crate::app::frame::layout::{bottom, low, stacked, top};
use crate::app::screens::desk::Pane;
use crate::view::draw::{below, row};
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
    /// The rule below the header.
    pub rule: Rect,
    /// The names of the panes, where only one of them is open at a time.
    pub names: Rect,
    /// The tabs, one a program.
    pub executors: Rect,
    /// Who runs it: every CPython that was found, and native.
    pub runtimes: Rect,
    /// The rule above the picture.
    pub cores: Rect,
    /// The line between reading and watching.
    pub between: Rect,
    /// The rule above the source or the output, where the text stands over it; with nothing below it, what was there is
    /// folded.
    pub fold: Rect,
    /// The panes.
    panes: [Rect; Pane::COUNT],
    /// The keys, or what is to be said.
    pub footer: Rect,
    /// How it is divided.
    form: Form,
}

/// How a desk is divided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Form {
    /// One pane at a time.
    #[default]
    Stacked,
    /// The picture on the right, one pane at a time on the left.
    Low,
    /// The picture on the right; on the left the text over the source or the output.
    Split {
        /// Whether a question needs so much room that the source gives way to it.
        tight: bool,
    },
}

impl Parts {
    /// The place of a pane.
    #[must_use]
    pub const fn of(&self, pane: Pane) -> Rect {
        self.panes[pane as usize]
    }

    /// The panes that the key goes through: side by side, the text and the picture are open all the time.
    #[must_use]
    pub const fn choices(&self, pages: bool) -> &'static [Pane] {
        const STACKED: &[Pane] = &[Pane::Text, Pane::Source, Pane::Watch, Pane::Results, Pane::Output, Pane::Objects];
        const LOW: &[Pane] = &[Pane::Text, Pane::Source, Pane::Results, Pane::Output, Pane::Objects];
        const TIGHT: &[Pane] = &[Pane::Text, Pane::Source, Pane::Output];
        // Where there are no names to choose by, a key of its own shows what threads waited for.
        let all = match self.form {
            Form::Stacked => STACKED,
            Form::Low => LOW,
            Form::Split { tight: true } => TIGHT,
            // Below the text: the rest is open.
            Form::Split { tight: false } => return TIGHT.split_at(1).1,
        };
        if pages { all } else { all.split_at(1).1 }
    }

    /// The pane that the arrow keys scroll, and the one that the page keys scroll.
    #[must_use]
    pub const fn scrolled(&self, pane: Pane, pages: bool) -> (Pane, Pane) {
        match (self.form, pane) {
            (Form::Stacked, pane) => (pane, pane),
            (_, Pane::Output) => (Pane::Output, Pane::Output),
            (_, Pane::Objects) => (Pane::Objects, Pane::Objects),
            (Form::Low, pane) => {
                let pane = read(pane, pages);
                (pane, pane)
            }
            (Form::Split { .. }, _) => (if pages { Pane::Text } else { Pane::Source }, Pane::Source),
        }
    }

    const fn put(&mut self, pane: Pane, area: Rect) {
        self.panes[pane as usize] = area;
    }
}

/// The pane that is read beside the picture, where this one was asked for.
const fn read(pane: Pane, pages: bool) -> Pane {
    match pane {
        Pane::Source | Pane::Results | Pane::Output | Pane::Objects => pane,
        Pane::Text | Pane::Watch => {
            if pages {
                Pane::Text
            } else {
                Pane::Source
            }
        }
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
    /// Rows of it that are needed for all choices of the open question to be in sight; 0 where none is open.
    pub question: u16,
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
    let parts = Parts { header, footer, ..Parts::default() };
    match (stacked(size), low(size)) {
        (true, low) => stack(parts, rest, needs, low),
        (false, true) => panel(parts, rest, needs),
        (false, false) => side_by_side(parts, rest, needs),
    }
}

/// One pane at a time: tabs give way where there are few rows, or where a question needs them.
fn stack(mut parts: Parts, rest: Rect, needs: Needs, low: bool) -> Parts {
    let pane = if needs.pane == Pane::Text && !needs.pages { Pane::Source } else { needs.pane };
    let (names, rest) = top(rest, 1);
    parts.names = names;
    let folded = low || pane == Pane::Text && needs.question > rest.height.saturating_sub(3);
    let mut body = rest;
    if !folded {
        (parts.executors, body) = top(body, 1);
        (parts.runtimes, body) = top(body, 1);
        (parts.cores, body) = top(body, 1);
    } else if matches!(pane, Pane::Source | Pane::Watch) {
        (parts.executors, body) = top(body, 1);
    }
    parts.put(pane, body);
    parts
}

/// Both side by side in few rows.
fn panel(mut parts: Parts, rest: Rect, needs: Needs) -> Parts {
    parts.form = Form::Low;
    let (left, right) = columns(&mut parts, rest);
    (parts.names, _) = top(left, 1);
    parts.put(read(needs.pane, needs.pages), top(left, 1).1);
    let (executors, watch) = top(right, 1);
    parts.executors = executors;
    parts.put(Pane::Watch, watch);
    parts
}

/// The two columns, with the line between them.
fn columns(parts: &mut Parts, rest: Rect) -> (Rect, Rect) {
    let wide = reading_width(rest.width);
    parts.between = Rect { x: rest.x + wide - 1, width: 1, ..rest };
    (Rect { width: wide - 1, ..rest }, Rect { x: rest.x + wide, width: rest.width - wide, ..rest })
}

fn side_by_side(mut parts: Parts, rest: Rect, needs: Needs) -> Parts {
    let (rule, rest) = top(rest, 1);
    parts.rule = rule;
    let (left, right) = columns(&mut parts, rest);
    (parts.executors, parts.runtimes, parts.cores) = (row(right, 0), row(right, 1), row(right, 2));
    parts.put(Pane::Watch, below(right, 3));
    let lower = match needs.pane {
        pane @ (Pane::Output | Pane::Objects) => pane,
        _ => Pane::Source,
    };
    if !needs.pages {
        parts.form = Form::Split { tight: false };
        parts.put(lower, left);
        return parts;
    }
    // Text comes first, but the source keeps room for its constants, which are the knobs.
    let most = (left.height * 3 / 5).max(left.height.saturating_sub(LEAST_SOURCE));
    let tight = needs.question > most;
    parts.form = Form::Split { tight };
    let rows = if tight && needs.pane == Pane::Text {
        left.height.saturating_sub(u16::from(needs.question < left.height))
    } else {
        needs.text_rows.max(needs.question).clamp(left.height / 3, most.max(left.height / 3))
    };
    let (text, rest) = top(left, rows);
    parts.put(Pane::Text, text);
    (parts.fold, _) = top(rest, 1);
    parts.put(lower, top(rest, 1).1);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn parts_stay_inside_and_apart(
            columns in 0u16..400, rows in 0u16..200, pane in 0usize..Pane::COUNT, pages: bool, text_rows in 0u16..400,
            question in 0u16..60,
        ) {
            let needs = Needs { pane: Pane::ALL[pane], pages, text_rows, question };
            let p = parts((columns, rows), needs);
            let all = Rect::new(0, 0, columns, rows);
            let mut list = vec![p.header, p.rule, p.names, p.executors, p.runtimes, p.cores, p.between, p.fold, p.footer];
            list.extend(Pane::ALL.map(|pane| p.of(pane)));
            for (i, a) in list.iter().enumerate() {
                prop_assert_eq!(all.intersection(*a).area(), a.area());
                for b in &list[..i] {
                    prop_assert_eq!(a.intersection(*b).area(), 0, "{:?} and {:?} overlap", a, b);
                }
            }
            // Whatever pane is asked for next, there is one.
            prop_assert!(!p.choices(pages).is_empty());
        }
    }

    const NEEDS: Needs = Needs { pane: Pane::Watch, pages: true, text_rows: 20, question: 0 };

    /// The panes that are open.
    fn open(size: (u16, u16), needs: Needs) -> Vec<Pane> {
        let parts = parts(size, needs);
        Pane::ALL.into_iter().filter(|pane| !parts.of(*pane).is_empty()).collect()
    }

    #[test]
    fn each_size_opens_what_it_has_room_for() {
        for (size, panes) in [
            ((60, 15), &[Pane::Watch][..]),
            ((80, 24), &[Pane::Watch]),
            ((96, 30), &[Pane::Text, Pane::Source, Pane::Watch]),
            ((120, 15), &[Pane::Text, Pane::Watch]),
            ((120, 40), &[Pane::Text, Pane::Source, Pane::Watch]),
        ] {
            assert_eq!(open(size, NEEDS), panes, "{size:?}");
        }
        assert!(parts((80, 24), NEEDS).of(Pane::Watch).height >= 18);
        assert!(parts((60, 15), NEEDS).of(Pane::Watch).height >= 11);
    }

    #[test]
    fn a_question_makes_the_source_give_way_until_that_is_asked_for() {
        let asked = Needs { pane: Pane::Text, question: 24, ..NEEDS };
        assert_eq!(open((96, 30), asked), [Pane::Text, Pane::Watch]);
        assert!(parts((96, 30), asked).of(Pane::Text).height >= 24);
        assert_eq!(open((96, 30), Needs { pane: Pane::Source, ..asked }), [Pane::Text, Pane::Source, Pane::Watch]);
        assert_eq!(open((120, 60), asked), [Pane::Text, Pane::Source, Pane::Watch], "there is room for both");
        assert!(parts((80, 24), asked).executors.is_empty(), "the tabs give way too");
    }
}
