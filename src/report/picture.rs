//! The report as a picture in text: the lanes as the screen draws them, those that the sentence is about marked, and the sentence.

use super::{Exporter, Report};
use crate::clock::seconds;
use crate::trace::plain_lines;
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
const WIDTH: u16 = 96;
const MOST: u16 = 24;

fn picture(report: &Report<'_>) -> String {
    let trace = &report.outcome.trace;
    let theme = Theme::plain();
    let viewport = Viewport::fit(trace);
    let timeline = Timeline { trace, viewport: &viewport, theme: &theme };
    let height = timeline.rows_wanted(WIDTH).0.clamp(3, MOST);
    let lanes = Rect { width: WIDTH, height, ..Rect::default() };
    let mut buf = Buffer::empty(Rect { height: height + 1, ..lanes });
    timeline.render(lanes, &mut buf);
    let findings = &report.verdict.findings;
    let meant = findings.first().map(|found| found.because.as_slice()).unwrap_or_default();
    timeline.places(lanes).mark(meant, &theme, &mut buf);
    Legend { trace: Some(trace), theme: &theme }.render(Rect { y: height, height: 1, ..lanes }, &mut buf);
    let mut out = String::new();
    for y in 0..=height {
        let row: String = (0..WIDTH).filter_map(|x| buf.cell((x, y))).map(ratatui::buffer::Cell::symbol).collect();
        let _ = writeln!(out, "{}", row.trim_end());
    }
    let spec = &report.outcome.spec;
    let wall = seconds(trace.until().saturating_sub(trace.zero()));
    let _ = writeln!(out, "\n{} on {}, {wall:.2} s", spec.program, spec.runtime.label());
    let _ = writeln!(out, "\n{}", report.verdict.whole());
    for found in findings {
        let _ = writeln!(out, "  finding: {}", found.id);
    }
    for caveat in &report.verdict.caveats {
        let _ = writeln!(out, "  note: {caveat}");
    }
    out
}
