//! The panes of a desk: what can be read, watched or looked up there. A new pane is its file in [`super::paint`], its lines
//! here, and its place in [`super::layout`].

use crate::app::frame::{Placed, Shown};
use crate::app::model::Model;
use crate::app::screens::desk::paint::{objects, output, page, results, source, watch};
use crate::app::screens::desk::{Desk, Plan};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// A part of the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Pane {
    /// The page's text.
    #[default]
    Text,
    /// The program's source.
    Source,
    /// The cores and the timeline, with the results below where there is room.
    Watch,
    /// The results, where they have no room below the picture.
    Results,
    /// What the program wrote.
    Output,
    /// What its threads waited for.
    Objects,
}

impl Pane {
    /// How many panes there are.
    pub const COUNT: usize = 6;
    /// Every pane, in the order of the key that goes through them.
    pub const ALL: [Pane; Self::COUNT] =
        [Pane::Text, Pane::Source, Pane::Watch, Pane::Results, Pane::Output, Pane::Objects];

    /// What is asked of it.
    #[must_use]
    pub fn kind(self) -> &'static dyn PaneKind {
        match self {
            Pane::Text => &page::Text,
            Pane::Source => &source::Listing,
            Pane::Watch => &watch::Picture,
            Pane::Results => &results::Table,
            Pane::Output => &output::Written,
            Pane::Objects => &objects::Listed,
        }
    }
}

/// What a pane shows: the desk, and the run that is on the screen.
#[derive(Clone, Copy)]
pub struct Seen<'a> {
    /// What the app knows.
    pub model: &'a Model,
    /// The desk whose panes they are.
    pub desk: &'a Desk,
    /// The run's trace and output.
    pub shown: &'a Shown<'a>,
}

/// What the desk asks of a pane.
pub trait PaneKind {
    /// Its name on the screen.
    fn label(&self) -> &'static str;

    /// Rows of all that it has to show, in this area; 0 where it does not scroll.
    fn rows(&self, _seen: Seen<'_>, _page: &page::Plan, _area: Rect) -> u16 {
        0
    }

    /// What can be clicked in it, beside the pane itself. The picture's are planned with every frame of a run.
    fn targets(&self, _seen: Seen<'_>, _plan: &Plan, _area: Rect) -> Vec<Placed> {
        Vec::new()
    }

    /// Draws it.
    fn draw(&self, seen: Seen<'_>, plan: &Plan, area: Rect, buf: &mut Buffer);
}
