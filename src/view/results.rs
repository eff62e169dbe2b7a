//! The results: this run beside the earlier ones, then what it means.

use crate::insight::{Summary, Verdict};
use crate::view::draw;
use crate::view::theme::Theme;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

/// One run.
#[derive(Debug, Clone, Copy)]
pub struct ResultRow<'a> {
    /// The executor.
    pub program: &'a str,
    /// The runtime.
    pub runtime: &'a str,
    /// Its numbers; `None` where it failed.
    pub summary: Option<&'a Summary>,
    /// What the learner had said.
    pub said: Option<&'a str>,
    /// What went wrong, or something else to say instead of numbers.
    pub note: Option<&'a str>,
    /// Whether it is the run on screen.
    pub current: bool,
}

/// The table of runs, the verdict on the current one and its caveats.
#[derive(Debug, Clone, Copy)]
pub struct Results<'a> {
    /// The runs, oldest first.
    pub rows: &'a [ResultRow<'a>],
    /// What the current one means.
    pub verdict: Option<&'a Verdict>,
    /// How it looks.
    pub theme: &'a Theme,
}

/// Width of a column of numbers, its gap included.
const COLUMN: u16 = 10;

impl Results<'_> {
    /// The lines of verdict and caveats.
    fn verdict_lines(&self, cells: u16) -> Vec<Line<'static>> {
        let Some(verdict) = self.verdict else { return Vec::new() };
        let (palette, glyphs) = (&self.theme.palette, &self.theme.glyphs);
        let mut out = draw::wrap_text(&verdict.sentence, cells, palette.heading);
        for caveat in &verdict.caveats {
            let spans =
                [Span::styled(format!("{} ", glyphs.warn), palette.bad), Span::styled(caveat.to_string(), palette.dim)];
            out.extend(draw::wrap(&spans, cells, 2));
        }
        out
    }

    /// How many rows it takes at this width to show all.
    #[must_use]
    pub fn height(&self, width: u16) -> u16 {
        let rows = self.rows.len() + 1 + self.verdict_lines(width.saturating_sub(2)).len();
        u16::try_from(rows).unwrap_or(u16::MAX)
    }

    /// A row's numbers as words, by column.
    fn cells(&self, summary: &Summary) -> [String; 5] {
        let (times, dash) = (self.theme.glyphs.times, self.theme.glyphs.dash);
        let or_dash = |v: Option<String>| v.unwrap_or_else(|| dash.to_owned());
        [
            format!("{:.2} s", summary.wall_s),
            format!("{:.2} s", summary.cpu_s),
            format!("{:.2}{times}", summary.parallelism),
            or_dash(summary.speedup.map(|s| format!("{s:.2}{times}"))),
            or_dash(summary.gil_wait.map(|g| draw::percent(g).trim().to_owned())),
        ]
    }

    fn draw_row(&self, buf: &mut Buffer, area: Rect, columns: &Columns, row: &ResultRow<'_>) {
        let (palette, glyphs) = (&self.theme.palette, &self.theme.glyphs);
        let style = if row.current { palette.text } else { palette.dim };
        let name = if row.current { palette.selected } else { style };
        if row.current {
            draw::text(buf, area, area.x, area.y, glyphs.pointer, palette.accent);
        }
        draw::text(
            buf,
            area,
            area.x.saturating_add(2),
            area.y,
            &draw::cut(row.program, columns.program, glyphs.more),
            name,
        );
        let x = area.x.saturating_add(2 + columns.program + 2);
        if columns.runtime > 0 {
            draw::text(buf, area, x, area.y, &draw::cut(row.runtime, columns.runtime, glyphs.more), palette.dim);
        }
        if let Some(summary) = row.summary {
            for ((words, right), column) in self.cells(summary).iter().zip(&columns.right).zip(0..) {
                let bold = if row.current && column == columns.accent { palette.selected } else { style };
                number(buf, area, *right, words, bold);
            }
        }
        if let Some(words) = row.note.or(row.said) {
            let x = if row.summary.is_some() { columns.end().saturating_add(3) } else { columns.numbers };
            let room = area.right().saturating_sub(x);
            let style = if row.note.is_some() { palette.bad } else { style };
            draw::text(buf, area, x, area.y, &draw::cut(words, room, glyphs.more), style);
        }
    }
}

/// Where the columns stand.
struct Columns {
    program: u16,
    runtime: u16,
    /// The first cell after the names.
    numbers: u16,
    /// The last cell after each column of numbers.
    right: Vec<u16>,
    /// Which column of numbers says what matters.
    accent: usize,
}

impl Columns {
    fn fit(area: Rect, rows: &[ResultRow<'_>]) -> Self {
        let widest = |f: fn(&ResultRow<'_>) -> u16, most: u16| rows.iter().map(f).max().unwrap_or(0).min(most);
        let program = widest(|r| draw::width(r.program), 16).max(10);
        let wanted = widest(|r| draw::width(r.runtime), 18);
        let several = area.width >= 2 + program + 2 + wanted + 1 + 5 * COLUMN;
        let runtime = if several { wanted } else { 0 };
        let numbers = area.x.saturating_add(2 + program + if runtime > 0 { 2 + runtime } else { 0 });
        let width = if area.right().saturating_sub(numbers) >= 5 * COLUMN { COLUMN } else { COLUMN - 1 };
        let right = (1..=5).map(|n| numbers.saturating_add(n * width)).filter(|r| *r <= area.right()).collect();
        Columns { program, runtime, numbers, right, accent: 2 }
    }

    fn end(&self) -> u16 {
        self.right.last().copied().unwrap_or(self.numbers)
    }
}

/// Writes a number that ends before `right`.
fn number(buf: &mut Buffer, area: Rect, right: u16, words: &str, style: Style) {
    draw::text(buf, area, right.saturating_sub(draw::width(words)), area.y, words, style);
}

impl Widget for &Results<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let palette = &self.theme.palette;
        if self.rows.is_empty() {
            draw::text(buf, area, area.x.saturating_add(1), area.y, "no run yet", palette.dim);
            return;
        }
        let verdict = self.verdict_lines(area.width.saturating_sub(2));
        let wanted = u16::try_from(verdict.len()).unwrap_or(u16::MAX).min(area.height.saturating_sub(2));
        let table = Rect { height: area.height.saturating_sub(wanted), ..area };
        let columns = Columns::fit(table, self.rows);
        for (words, right) in ["wall", "cpu", "parallel", "speed-up", "GIL wait"].iter().zip(&columns.right) {
            number(buf, draw::row(table, 0), *right, words, palette.dim);
        }
        if self.rows.iter().any(|r| r.said.is_some()) {
            let head = draw::row(table, 0);
            draw::text(buf, head, columns.end().saturating_add(3), head.y, "you said", palette.dim);
        }
        let room = usize::from(table.height.saturating_sub(1));
        let current = self.rows.iter().position(|r| r.current).unwrap_or(self.rows.len() - 1);
        let last = self.rows.len().saturating_sub(room);
        let first = last.min(current);
        let mut used = 1;
        for row in self.rows[first..].iter().take(room) {
            self.draw_row(buf, draw::row(table, used), &columns, row);
            used += 1;
        }
        let inner = Rect { x: area.x.saturating_add(1), width: area.width.saturating_sub(2), ..area };
        // A blank row sets the sentence apart where there is one to spare.
        let spare = u16::from(area.height > used.saturating_add(wanted));
        draw::lines(buf, draw::below(inner, used.saturating_add(spare)), &verdict);
    }
}
