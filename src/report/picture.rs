//! The report as a picture in text: the lanes as the screen draws them, those that the sentence is about marked, and the sentence.

use super::{Exporter, Report};
use crate::clock::seconds;
use crate::trace::{Trace, plain_lines};
use crate::view::{Legend, Theme, Timeline, Viewport};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;
use std::fmt::Write as _;

/// The lanes as text.
pub const EXPORTER: Exporter = Exporter {
    name: "picture",
    binary: false,
    write: |report| plain_lines(&picture(report)).into_owned().into_bytes(),
};

/// How wide it is, in cells, and how many rows of lanes it has at most.
pub const WIDTH: u16 = 96;
const MOST: u16 = 24;

/// The lanes of a run, those of them that are meant marked, with the legend in the last row: cells that are as wide as the theme has
/// them.
#[must_use]
pub fn drawn(trace: &Trace, meant: &[usize], theme: &Theme) -> Buffer {
    let viewport = Viewport::fit(trace);
    let timeline = Timeline { trace, viewport: &viewport, theme };
    let height = timeline.rows_wanted(WIDTH).0.clamp(3, MOST);
    let lanes = Rect { width: WIDTH, height, ..Rect::default() };
    let mut buf = Buffer::empty(Rect { height: height + 1, ..lanes });
    timeline.render(lanes, &mut buf);
    timeline.places(lanes).mark(meant, theme, &mut buf);
    Legend { trace: Some(trace), meant: !meant.is_empty(), theme }
        .render(Rect { y: height, height: 1, ..lanes }, &mut buf);
    buf
}

/// The same as lines of text.
#[must_use]
pub fn lines(trace: &Trace, meant: &[usize]) -> Vec<String> {
    let buf = drawn(trace, meant, &Theme::plain());
    let row = |y| {
        let row: String = (0..WIDTH).filter_map(|x| buf.cell((x, y))).map(ratatui::buffer::Cell::symbol).collect();
        row.trim_end().to_owned()
    };
    (0..buf.area.height).map(row).collect()
}

fn picture(report: &Report<'_>) -> String {
    let trace = &report.outcome.trace;
    let findings = &report.verdict.findings;
    let meant = findings.first().map(|found| found.because.as_slice()).unwrap_or_default();
    let mut out = lines(trace, meant).join("\n");
    let spec = &report.outcome.spec;
    let wall = seconds(trace.until().saturating_sub(trace.zero()));
    let _ = writeln!(out, "\n\n{} on {}, {wall:.2} s", spec.program, spec.runtime.label());
    let _ = writeln!(out, "\n{}", report.verdict.whole());
    for found in findings {
        let _ = writeln!(out, "  finding: {}", found.id);
    }
    for caveat in &report.verdict.caveats {
        let _ = writeln!(out, "  note: {caveat}");
    }
    out
}
