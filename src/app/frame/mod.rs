//! Screens: a model becomes the cells of a frame. Pure, and made of the pictures in `view`; one file a screen or a
//! part of one. [`layout`] says where the parts are and [`hit`] what lies under the mouse.

pub mod chrome;
pub mod hit;
pub mod layout;

use crate::app::engine::Live;
use crate::app::model::{Model, Screen};
use crate::app::screens::desk::Pane;
use crate::app::screens::desk::paint::{self as desk_paint, page, proof, watch};
use crate::app::screens::{desk, interview, map, overlay, review};
use crate::app::shell::terminal;
use crate::trace::Trace;
use crate::view::{Output, Timeline, TooSmall};
use crossterm::execute;
use crossterm::terminal::{BeginSynchronizedUpdate, EndSynchronizedUpdate};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;
use std::io;

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

/// Draws one frame on the terminal: of the live run where there is one, else of the last run of the tab.
///
/// # Errors
/// If the terminal cannot be written to.
pub fn paint(
    model: &Model,
    live: Option<&dyn Live>,
    still: &mut Still,
    screen: &mut terminal::Screen,
) -> io::Result<()> {
    execute!(screen.backend_mut(), BeginSynchronizedUpdate)?;
    let mut frame = |shown: &Shown<'_>| screen.draw(|f| still.draw(model, shown, f.area(), f.buffer_mut())).map(drop);
    match (live, model.live(), model.shown_run().and_then(|run| run.outcome.as_deref())) {
        (Some(live), ..) => {
            let (stdout, stderr) = live.output();
            let (url, mut drawn) = (live.url(), None);
            live.snapshot(&mut |trace| {
                let url = url.as_deref();
                drawn = Some(frame(&Shown { trace: Some(trace), stdout: &stdout, stderr: &stderr, url }));
            });
            // Before the launch and just after the end there is no trace to look at.
            drawn.unwrap_or_else(|| frame(&Shown::default()))?;
        }
        (None, None, Some(outcome)) => {
            let url = outcome.url.as_deref();
            frame(&Shown { trace: Some(&outcome.trace), stdout: &outcome.stdout, stderr: &outcome.stderr, url })?;
        }
        (None, ..) => frame(&Shown::default())?,
    }
    execute!(screen.backend_mut(), EndSynchronizedUpdate)
}

/// The last frame. While a run streams, nothing but its picture changes: the rest is taken from here, which keeps the
/// tutor's own share of a core small.
#[derive(Debug, Default)]
pub struct Still {
    epoch: u64,
    /// Whether there was a trace, and the address of the run's server: both show outside of the picture too.
    shown: (bool, Option<String>),
    frame: Buffer,
    watch: Rect,
}

impl Still {
    /// Draws the model on an empty buffer, and only the picture of the live run where the rest stands as it was.
    pub fn draw(&mut self, model: &Model, shown: &Shown<'_>, area: Rect, buf: &mut Buffer) {
        let same = self.epoch == model.epoch
            && self.frame.area == area
            && (self.shown.0, self.shown.1.as_deref()) == (shown.trace.is_some(), shown.url);
        if let (true, Some(desk), Some(_), None) = (same, model.desk(), model.live(), model.overlay)
            && !self.watch.is_empty()
            && desk.pane != Pane::Output
        {
            self.copy_around_picture(buf);
            watch::draw(model, desk, shown, self.watch, buf);
            // What is to be said lies over the picture's last row.
            chrome::footer(model, layout::bottom(area, 1).1, buf);
            if !model.theme.glyphs.unicode {
                to_ascii(area, buf);
            }
            return;
        }
        draw(model, shown, area, buf);
        self.watch = if TooSmall::applies(area) { Rect::default() } else { parts(model).watch };
        self.epoch = model.epoch;
        self.shown = (shown.trace.is_some(), shown.url.map(str::to_owned));
        self.frame.clone_from(buf);
    }

    /// Takes over everything but the picture.
    fn copy_around_picture(&self, buf: &mut Buffer) {
        let area = self.frame.area;
        for y in area.top()..area.bottom() {
            let beside = (self.watch.top()..self.watch.bottom()).contains(&y);
            let (left, right) =
                if beside { (self.watch.left(), self.watch.right()) } else { (area.left(), area.left()) };
            for (from, to) in [(area.left(), left), (right, area.right())].into_iter().filter(|(from, to)| from < to) {
                let start = self.frame.index_of(from, y);
                let cells = start..start + usize::from(to - from);
                buf.content[cells.clone()].clone_from_slice(&self.frame.content[cells]);
            }
        }
    }
}

/// Draws the model.
pub fn draw(model: &Model, shown: &Shown<'_>, area: Rect, buf: &mut Buffer) {
    let model = model.front();
    if (area.width, area.height) != model.size {
        // Resized between the last message and now: the next frame, a moment later, is drawn for the new size.
        return;
    }
    if TooSmall::applies(area) {
        TooSmall { theme: &model.theme }.render(area, buf);
        return;
    }
    match model.screen {
        Screen::List(row) => map::paint::draw(model, row, area, buf),
        Screen::Desk(_) => desk::paint::draw(model, shown, area, buf),
        Screen::Review => review::paint::draw(model, area, buf),
        Screen::Interview => interview::paint::draw(model, area, buf),
    }
    overlay::paint::draw(model, area, buf);
    if !model.theme.glyphs.unicode {
        to_ascii(area, buf);
    }
}

/// Words come from lessons, programs and measurements too: what a terminal without Unicode cannot show is replaced.
fn to_ascii(area: Rect, buf: &mut Buffer) {
    for position in area.intersection(buf.area).positions() {
        let Some(cell) = buf.cell_mut(position).filter(|cell| !cell.symbol().is_ascii()) else { continue };
        let plain = match cell.symbol() {
            "×" => "x",
            "–" | "—" => "-",
            "“" | "”" => "\"",
            "’" | "‘" => "'",
            "·" | "…" | "•" => ".",
            "µ" => "u",
            _ => "?",
        };
        cell.set_symbol(plain);
    }
}

/// The parts of the open desk on this terminal.
#[must_use]
pub fn parts(model: &Model) -> layout::Parts {
    let Some(desk) = model.desk() else { return layout::Parts::default() };
    let columns = if layout::stacked(model.size) { model.size.0 } else { layout::reading_width(model.size.0) - 1 };
    let text_rows = if desk.script { 0 } else { page::height(model, desk, columns) };
    let (columns, rows) = model.size;
    let banner = proof::rows(model).min(rows);
    let needs = layout::Needs { pane: desk.pane, pages: !desk.script, text_rows };
    let mut parts = layout::parts((columns, rows - banner), needs);
    parts.footer.y += banner;
    parts
}

/// The pane that the arrow keys scroll: the one that is open, or the text where it is always open.
#[must_use]
pub fn scrolled_pane(model: &Model) -> Pane {
    let Some(desk) = model.desk() else { return Pane::Text };
    match desk.pane {
        Pane::Output => Pane::Output,
        pane if layout::stacked(model.size) => pane,
        _ if desk.script => Pane::Source,
        _ => Pane::Text,
    }
}

/// How far a pane can be scrolled.
#[must_use]
pub fn most_scroll(model: &Model, pane: Pane) -> u16 {
    let Some(desk) = model.desk() else { return 0 };
    let parts = parts(model);
    match pane {
        Pane::Text => page::height(model, desk, parts.text.width).saturating_sub(parts.text.height),
        Pane::Source => desk_paint::source_height(model, desk, parts.source.width).saturating_sub(parts.source.height),
        Pane::Output => {
            let height = model.shown_run().and_then(|run| run.outcome.as_deref()).map_or(0, |outcome| {
                Output { stdout: &outcome.stdout, stderr: &outcome.stderr, scroll: 0, theme: &model.theme }.height()
            });
            u16::try_from(height).unwrap_or(u16::MAX).saturating_sub(parts.output.height)
        }
        Pane::Watch | Pane::Results => 0,
    }
}

/// Columns of the timeline, for keys that move by one of them.
#[must_use]
pub fn timeline_columns(model: &Model) -> u16 {
    let (Some(desk), Some(trace)) = (model.desk(), model.shown_times()) else { return 0 };
    let area = watch::parts(model, desk, Some(trace), parts(model).watch).timeline;
    Timeline { trace, viewport: &desk.view, theme: &model.theme }.columns(area)
}

/// The first lane to show so that this one, an index into the trace's lanes, is on the screen.
#[must_use]
pub fn first_lane_for(model: &Model, lane: usize) -> usize {
    let (Some(desk), Some(trace)) = (model.desk(), model.shown_times()) else { return 0 };
    let area = watch::parts(model, desk, Some(trace), parts(model).watch).timeline;
    Timeline { trace, viewport: &desk.view, theme: &model.theme }.first_lane_for(area, lane)
}
