//! What the program wrote.

use crate::view::draw;
use crate::view::theme::Theme;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::widgets::Widget;

/// The program's standard output, then its standard error.
#[derive(Debug, Clone, Copy)]
pub struct Output<'a> {
    /// What it wrote to standard output.
    pub stdout: &'a [u8],
    /// What it wrote to standard error.
    pub stderr: &'a [u8],
    /// How many lines up from the last one the view ends.
    pub scroll: usize,
    /// How it looks.
    pub theme: &'a Theme,
}

impl Output<'_> {
    /// How many lines there are.
    #[must_use]
    pub fn height(&self) -> usize {
        let count = |bytes: &[u8]| String::from_utf8_lossy(bytes).lines().count();
        count(self.stdout) + count(self.stderr)
    }
}

impl Widget for &Output<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let palette = &self.theme.palette;
        let (out, err) = (String::from_utf8_lossy(self.stdout), String::from_utf8_lossy(self.stderr));
        let all: Vec<(&str, Style)> =
            out.lines().map(|l| (l, palette.text)).chain(err.lines().map(|l| (l, palette.bad))).collect();
        if all.is_empty() {
            draw::text(buf, area, area.x.saturating_add(1), area.y, "no output yet", palette.dim);
            return;
        }
        let end = all.len().saturating_sub(self.scroll).max(1);
        let start = end.saturating_sub(usize::from(area.height));
        for ((words, style), y) in all[start..end].iter().zip(area.top()..area.bottom()) {
            draw::text(buf, area, area.x.saturating_add(1), y, &printable(words), *style);
        }
    }
}

/// A line without control characters, so that a program's output cannot move the screen.
fn printable(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    for c in line.chars() {
        match c {
            '\t' => out.push_str("    "),
            c if c.is_control() => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}
