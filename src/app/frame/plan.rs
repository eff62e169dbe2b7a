//! The plan of a frame: where everything is, what can be clicked, how far things scroll. It is worked out once, from the
//! model and the trace that is shown; painting and the mouse read the same one, so that what is clicked is what was seen.

use crate::app::frame::{Shown, chrome};
use crate::app::keymap::Action;
use crate::app::model::{Model, Overlay, Screen};
use crate::app::screens::desk::Pane;
use crate::view::lanes::Pointed;
use crate::view::timeline::Window;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use std::any::Any;
use std::fmt::Debug;

/// Something that can be clicked. What a click does is the screen's affair.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Target {
    /// A key hint, or words that stand for a key: the same as pressing it.
    Key(Action),
    /// A row of a list, counted from 0: a lesson, a question, a point of a rubric.
    Item(usize),
    /// A choice of the open question, or how sure the learner is of it.
    Choice(usize),
    /// An executor's tab.
    Executor(usize),
    /// A runtime, by its row in the list of runtimes.
    Runtime(usize),
    /// A pane's name.
    Pane(Pane),
    /// A bar that is drawn; its longest share of 1.
    Bar(usize, f64),
    /// A bar that is drawn, and the percent to set it to.
    Percent(usize, u16),
    /// A knob's line in the source.
    Knob(usize),
    /// What threads waited for, by its place.
    Object(usize),
    /// The timeline, in the columns of this window; the lane drawn there.
    Moment(Window, Option<Pointed>),
    /// The axis of the timeline, in the columns of this window; the window that the lens shows.
    Lens(Window, Window),
    /// Somewhere in a part.
    Part(Pane),
}

/// A target, and where it is on the screen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Placed {
    /// Its cells.
    pub area: Rect,
    /// What it is.
    pub target: Target,
}

impl Placed {
    /// A target in these cells.
    #[must_use]
    pub const fn new(area: Rect, target: Target) -> Placed {
        Placed { area, target }
    }
}

/// How far something is scrolled, and how far it can be: rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Scrolled {
    /// The first row shown.
    pub at: u16,
    /// The largest that this can be.
    pub most: u16,
}

impl Scrolled {
    /// So many rows of which `height` fit, scrolled to `at` as far as that goes.
    #[must_use]
    pub fn new(at: u16, rows: u16, height: u16) -> Scrolled {
        let most = rows.saturating_sub(height);
        Scrolled { at: at.min(most), most }
    }

    /// The first row shown after scrolling by so many rows.
    #[must_use]
    pub fn by(self, rows: i32) -> u16 {
        let to = i32::from(self.at).saturating_add(rows).clamp(0, i32::from(self.most));
        u16::try_from(to).unwrap_or(self.most)
    }
}

/// The planned part of a frame that belongs to one screen, or lies over it: it knows how to paint itself.
pub trait Body: Any + Debug {
    /// What can be clicked; where two overlap, the later one is on top.
    fn targets(&self) -> &[Placed];

    /// Paints it.
    fn paint(&self, model: &Model, shown: &Shown<'_>, buf: &mut Buffer);

    /// Whether there is text to read that the screen has no room for.
    fn overflows(&self) -> bool {
        false
    }

    /// Whether a question waits for a number, and what can be chosen is out of sight.
    fn unseen(&self) -> bool {
        false
    }

    /// The picture of a run in it, which changes while the run streams and everything else stands still; empty where
    /// there is none.
    fn picture(&self) -> Rect {
        Rect::default()
    }

    /// Plans the picture anew, for what is shown now.
    fn replan_picture(&mut self, _model: &Model, _shown: &Shown<'_>) {}

    /// Paints the picture alone.
    fn paint_picture(&self, _model: &Model, _shown: &Shown<'_>, _buf: &mut Buffer) {}
}

/// The plan of a whole frame.
#[derive(Debug, Default)]
pub struct FramePlan {
    /// The terminal's cells.
    pub area: Rect,
    /// The screen that was planned, and what lies over it; `None` before the first frame, and where the terminal is too
    /// small for any.
    pub screen: Option<(Screen, Option<Overlay>)>,
    /// The screen's own part.
    pub body: Option<Box<dyn Body>>,
    /// What lies over it.
    pub over: Option<Box<dyn Body>>,
    /// The keys in the last row.
    pub footer: chrome::Footer,
}

impl FramePlan {
    /// What is at this cell: of what overlaps, the uppermost.
    #[must_use]
    pub fn at(&self, at: Position) -> Option<&Placed> {
        let of = |targets: &'_ [Placed]| targets.iter().rposition(|placed| placed.area.contains(at));
        if let Some(place) = of(self.footer.targets()) {
            return Some(&self.footer.targets()[place]);
        }
        if self.footer.covers(at) {
            return None;
        }
        if let Some(over) = &self.over {
            return of(over.targets()).map(|place| &over.targets()[place]);
        }
        let body = self.body.as_ref()?;
        of(body.targets()).map(|place| &body.targets()[place])
    }

    /// Everything that can be clicked now, the uppermost last.
    #[cfg(test)]
    pub fn targets(&self) -> impl Iterator<Item = &Placed> {
        let on_top = self.over.as_ref().or(self.body.as_ref());
        on_top.into_iter().flat_map(|body| body.targets()).chain(self.footer.targets())
    }

    /// The screen's own plan, where it is of this kind.
    #[must_use]
    pub fn of<T: Body>(&self) -> Option<&T> {
        let body: &dyn Any = self.body.as_deref()?;
        body.downcast_ref()
    }

    /// The plan of what lies over the screen, where it is of this kind.
    #[must_use]
    pub fn over<T: Body>(&self) -> Option<&T> {
        let over: &dyn Any = self.over.as_deref()?;
        over.downcast_ref()
    }
}
