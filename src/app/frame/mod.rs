//! What all frames have in common: the plan of one ([`plan`]), the header and the footer ([`chrome`]), how areas are
//! divided ([`layout`]), and the last frame that was drawn ([`last`]). Knows no screen by name: [`crate::app::screens`]
//! plans them.

pub mod chrome;
pub mod last;
pub mod layout;
pub mod paper;
pub mod plan;

pub use last::LastFrame;
pub use plan::{Body, FramePlan, Placed, Scrolled, Target};

use crate::app::keymap::{self, Id};
use crate::app::model::Model;
use crate::trace::Trace;
use crate::view::TooSmall;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

/// What a frame shows beside the model: the run's trace, which a live run keeps under its own lock, and its output.
#[derive(Debug, Clone, Copy, Default)]
pub struct Shown<'a> {
    /// The trace, if there is a run to show.
    pub trace: Option<&'a Trace>,
    /// What the program wrote to standard output.
    pub stdout: &'a [u8],
    /// What it wrote to standard error.
    pub stderr: &'a [u8],
    /// The address of the run's server, if it had one: what its source really said.
    pub url: Option<&'a str>,
}

impl FramePlan {
    /// Paints the frame that was planned.
    pub fn paint(&self, model: &Model, shown: &Shown<'_>, buf: &mut Buffer) {
        if TooSmall::applies(self.area) {
            TooSmall { quit: keymap::name(Id::Quit), theme: &model.theme }.render(self.area, buf);
            return;
        }
        if let Some(body) = &self.body {
            body.paint(model, shown, buf);
        }
        self.finish(model, shown, buf);
    }

    /// Paints what lies over the screen's own part.
    fn finish(&self, model: &Model, shown: &Shown<'_>, buf: &mut Buffer) {
        if let Some(over) = &self.over {
            over.paint(model, shown, buf);
        }
        self.footer.paint(model, buf);
        if !model.theme.glyphs.unicode {
            cells_to_ascii(self.area, buf);
        }
    }
}

/// Words come from lessons, programs and measurements too: what a terminal without Unicode cannot show is replaced.
fn cells_to_ascii(area: Rect, buf: &mut Buffer) {
    for position in area.intersection(buf.area).positions() {
        let Some(cell) = buf.cell_mut(position).filter(|cell| !cell.symbol().is_ascii()) else { continue };
        let plain = cell.symbol().chars().next().map_or('?', to_ascii);
        cell.set_char(plain);
    }
}

/// A letter as a terminal without Unicode can show it.
#[must_use]
pub const fn to_ascii(letter: char) -> char {
    match letter {
        '×' => 'x',
        '–' | '—' => '-',
        '“' | '”' => '"',
        '’' | '‘' => '\'',
        '·' | '…' | '•' => '.',
        'µ' => 'u',
        ascii if ascii.is_ascii() => ascii,
        _ => '?',
    }
}
