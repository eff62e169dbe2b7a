//! Frames on the terminal: what is shown of the run, planned, painted, written at once.

use crate::app::engine::Live;
use crate::app::frame::{FramePlan, LastFrame, Shown};
use crate::app::model::Model;
use crate::app::screens;
use crate::app::shell::stalled;
use crate::app::shell::terminal::Screen;
use crossterm::execute;
use crossterm::terminal::{BeginSynchronizedUpdate, EndSynchronizedUpdate};
use ratatui::layout::Rect;
use std::io;

/// Calls with what a frame shows: of the live run where there is one, else of the last run of the tab.
pub fn with_shown<T>(model: &Model, live: Option<&dyn Live>, then: impl FnOnce(&Shown<'_>) -> T) -> T {
    match (live, model.live(), model.shown_run().and_then(|run| run.outcome.as_deref())) {
        (Some(live), ..) => {
            let (stdout, stderr) = live.output();
            let (url, mut then, mut out) = (live.url(), Some(then), None);
            live.snapshot(&mut |trace| {
                let shown = Shown { trace: Some(trace), stdout: &stdout, stderr: &stderr, url: url.as_deref() };
                out = then.take().map(|then| then(&shown));
            });
            // Before the launch and just after the end there is no trace to look at.
            match (out, then) {
                (Some(out), _) => out,
                (None, then) => then.expect("it was not called")(&Shown::default()),
            }
        }
        (None, None, Some(outcome)) => then(&Shown {
            trace: Some(&outcome.trace),
            stdout: &outcome.stdout,
            stderr: &outcome.stderr,
            url: outcome.url.as_deref(),
        }),
        (None, ..) => then(&Shown::default()),
    }
}

/// Draws one frame on the terminal.
///
/// # Errors
/// If the terminal cannot be written to.
pub fn paint(model: &Model, live: Option<&dyn Live>, last: &mut LastFrame, screen: &mut Screen) -> io::Result<()> {
    stalled::writing(|| frame(model, live, last, screen))
}

fn frame(model: &Model, live: Option<&dyn Live>, last: &mut LastFrame, screen: &mut Screen) -> io::Result<()> {
    execute!(screen.backend_mut(), BeginSynchronizedUpdate)?;
    with_shown(model, live, |shown| {
        screen.draw(|f| last.draw((model, shown), f.area(), f.buffer_mut(), screens::plan)).map(drop)
    })?;
    execute!(screen.backend_mut(), EndSynchronizedUpdate)
}

/// The plan of the frame that would be drawn now.
#[must_use]
pub fn plan(model: &Model, live: Option<&dyn Live>) -> FramePlan {
    let area = Rect::new(0, 0, model.size.0, model.size.1);
    with_shown(model, live, |shown| screens::plan(model, shown, area))
}
