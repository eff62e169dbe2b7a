//! The results: this run beside the earlier ones, then what it means.

use crate::insight::{Pace, Summary, Verdict};
use crate::lesson::Metric;
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
    /// The runtime: rows of one runtime stand together.
    pub runtime: &'a str,
    /// The knobs that stand elsewhere than the lesson put them, such as `WORKERS=4`.
    pub knobs: &'a str,
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
    /// The runs: those of one runtime together, oldest first.
    pub rows: &'a [ResultRow<'a>],
    /// What the current one means.
    pub verdict: Option<&'a Verdict>,
    /// Which number says what matters.
    pub accent: &'a Metric,
    /// How it looks.
    pub theme: &'a Theme,
}

/// A row of the table.
enum Item<'a> {
    /// The runtime of the rows that follow.
    Runtime(&'a str),
    /// A run.
    Run(&'a ResultRow<'a>),
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

    /// The rows below the table's head. The first runtime stands in the head; each further one heads its own runs.
    fn items(&self) -> Vec<Item<'_>> {
        let mut out = Vec::new();
        let mut before = self.rows.first().map(|row| row.runtime);
        for row in self.rows {
            if before.replace(row.runtime) != Some(row.runtime) {
                out.push(Item::Runtime(row.runtime));
            }
            out.push(Item::Run(row));
        }
        out
    }

    /// How many rows it takes at this width to show all.
    #[must_use]
    pub fn height(&self, width: u16) -> u16 {
        let rows = self.items().len() + 1 + self.verdict_lines(width.saturating_sub(2)).len();
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
            or_dash(summary.speedup.and_then(Pace::of).map(|pace| pace.cell(times))),
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
        let names = Rect { width: columns.names.saturating_add(2), ..area };
        let x = draw::text(buf, names, area.x.saturating_add(2), area.y, row.program, name);
        let room = names.right().saturating_sub(x + 1);
        draw::text(buf, names, x + 1, area.y, &draw::cut(row.knobs, room, glyphs.more), palette.dim);
        if let Some(summary) = row.summary {
            for ((words, right), column) in self.cells(summary).iter().zip(&columns.right).zip(0..) {
                let bold = if row.current && column == self.accent() { palette.selected } else { style };
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

    /// The column of the number that says what matters.
    const fn accent(&self) -> usize {
        match self.accent {
            Metric::Wall => 0,
            Metric::Parallelism | Metric::UsableCores => 2,
            Metric::Speedup => 3,
            Metric::GilWait => 4,
            Metric::LockWait | Metric::Hung | Metric::Printed(_) => usize::MAX, // has no column
        }
    }
}

/// Where the columns stand.
struct Columns {
    /// Cells of the names, with the knobs.
    names: u16,
    /// The last cell after each column of numbers.
    right: Vec<u16>,
    /// The first cell after the names.
    numbers: u16,
}

impl Columns {
    fn fit(area: Rect, rows: &[ResultRow<'_>]) -> Self {
        let knobs = |r: &ResultRow<'_>| if r.knobs.is_empty() { 0 } else { 1 + draw::width(r.knobs) };
        let wide = |r: &ResultRow<'_>| (draw::width(r.program) + knobs(r)).max(draw::width(r.runtime));
        let wanted = rows.iter().map(wide).max().unwrap_or(0).max(10);
        let width = if area.width >= 2 + wanted + 5 * COLUMN { COLUMN } else { COLUMN - 1 };
        let least = rows.iter().map(|r| draw::width(r.program)).max().unwrap_or(0).max(10);
        let names = wanted.min(area.width.saturating_sub(2 + 5 * width)).max(least);
        let numbers = area.x.saturating_add(2 + names);
        let right = (1..=5).map(|n| numbers.saturating_add(n * width)).filter(|r| *r <= area.right()).collect();
        Columns { names, right, numbers }
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
        let items = self.items();
        let room = usize::from(table.height.saturating_sub(1));
        let current = items.iter().position(|item| matches!(item, Item::Run(row) if row.current));
        let mut first = items.len().saturating_sub(room).min(current.unwrap_or(items.len() - 1));
        // The runtime of the first run shown stands in the head.
        first += usize::from(matches!(items[first], Item::Runtime(_)));
        let runtime = items[first..].iter().find_map(|i| if let Item::Run(row) = i { Some(row.runtime) } else { None });
        let runtime = runtime.unwrap_or_default();
        let head = draw::row(table, 0);
        draw::text(buf, head, head.x.saturating_add(2), head.y, runtime, palette.text);
        for (words, right) in ["wall", "cpu", "parallel", "speed-up", "GIL wait"].iter().zip(&columns.right) {
            number(buf, head, *right, words, palette.dim);
        }
        if self.rows.iter().any(|r| r.said.is_some()) {
            draw::text(buf, head, columns.end().saturating_add(3), head.y, "you said", palette.dim);
        }
        let mut used = 1;
        for item in items[first..].iter().take(room) {
            let place = draw::row(table, used);
            match item {
                Item::Runtime(name) => {
                    draw::text(buf, place, place.x.saturating_add(2), place.y, name, palette.text);
                }
                Item::Run(row) => self.draw_row(buf, place, &columns, row),
            }
            used += 1;
        }
        let inner = Rect { x: area.x.saturating_add(1), width: area.width.saturating_sub(2), ..area };
        // A blank row sets the sentence apart where there is one to spare.
        let spare = u16::from(area.height > used.saturating_add(wanted));
        draw::lines(buf, draw::below(inner, used.saturating_add(spare)), &verdict);
    }
}
