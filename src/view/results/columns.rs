//! The columns of the table of runs: the number that the program is about first, then what every run has.

use super::ResultRow;
use crate::insight::words::grouped;
use crate::insight::{Pace, Summary};
use crate::lesson::{Headline, Metric};
use crate::view::draw;
use crate::view::theme::Theme;
use ratatui::layout::Rect;

/// The width of a column of numbers where there is room, its gap included.
const WIDE: u16 = 10;
/// Cells between two columns at least.
const GAP: u16 = 2;
/// Cells of the names at least.
const NAMES: u16 = 10;

/// A column of numbers.
#[derive(Debug)]
pub(super) struct Column {
    /// What stands over it.
    pub head: String,
    /// Its cells, one a row.
    pub cells: Vec<String>,
    /// The first cell after it.
    pub right: u16,
}

/// Where everything stands.
#[derive(Debug)]
pub(super) struct Columns {
    /// Cells of the names, with the knobs.
    pub names: u16,
    /// The first cell after the names.
    pub numbers: u16,
    /// The numbers: the first column is what the program is about.
    pub numbered: Vec<Column>,
}

impl Columns {
    /// The columns of these rows, as many as fit.
    pub fn fit(area: Rect, rows: &[ResultRow<'_>], headline: &Headline, theme: &Theme) -> Self {
        let knobs = |r: &ResultRow<'_>| if r.knobs.is_empty() { 0 } else { 1 + draw::width(r.knobs) };
        let wide = |r: &ResultRow<'_>| (draw::width(r.program) + knobs(r)).max(draw::width(r.runtime));
        let wanted = rows.iter().map(wide).max().unwrap_or(0).max(NAMES);
        let least = rows.iter().map(|r| draw::width(r.program)).max().unwrap_or(0).max(NAMES);
        let mut numbered = numbered(rows, headline, theme);
        let widths: Vec<u16> = numbered.iter().map(Column::width).collect();
        let tight = widths.iter().sum::<u16>();
        let roomy = widths.iter().map(|width| (*width).max(WIDE)).sum::<u16>();
        let padded = area.width >= 2 + wanted + roomy;
        let all = if padded { roomy } else { tight };
        let names = wanted.min(area.width.saturating_sub(2 + all)).max(least);
        let numbers = area.x.saturating_add(2 + names);
        let mut right = numbers;
        for (column, width) in numbered.iter_mut().zip(widths) {
            right = right.saturating_add(if padded { width.max(WIDE) } else { width });
            column.right = right;
        }
        numbered.retain(|column| column.right <= area.right());
        Columns { names, numbers, numbered }
    }

    /// The first cell after the last column.
    pub fn end(&self) -> u16 {
        self.numbered.last().map_or(self.numbers, |column| column.right)
    }
}

impl Column {
    fn width(&self) -> u16 {
        let cells = self.cells.iter().map(|cell| draw::width(cell)).max().unwrap_or(0);
        GAP + cells.max(draw::width(&self.head))
    }
}

/// The columns that say something: one of which no row has a number is left out.
fn numbered(rows: &[ResultRow<'_>], headline: &Headline, theme: &Theme) -> Vec<Column> {
    let mut all = vec![headline.clone()];
    let usual = [Metric::Wall, Metric::Parallelism, Metric::Speedup, Metric::GilWait];
    all.extend(usual.into_iter().filter(|metric| *metric != headline.metric).map(Headline::measured));
    let mut out: Vec<Column> = all.iter().filter_map(|headline| column(rows, headline, theme)).collect();
    let cpu = |summary: &Summary| Some(format!("{:.2} s", summary.cpu_s));
    let after = 1 + usize::from(headline.metric != Metric::Wall);
    if let Some(column) = of(rows, "cpu", theme, |row| row.summary.and_then(cpu)) {
        out.insert(after.min(out.len()), column);
    }
    out
}

fn column(rows: &[ResultRow<'_>], headline: &Headline, theme: &Theme) -> Option<Column> {
    // What another program prints beside the same word may be another thing.
    let shares =
        |row: &&ResultRow<'_>| !matches!(headline.metric, Metric::Printed(_)) || row.headline.metric == headline.metric;
    let cell =
        |row: &ResultRow<'_>| Some(row).filter(shares)?.summary.and_then(|summary| cell(headline, summary, theme));
    of(rows, &headline.name, theme, cell)
}

fn of(
    rows: &[ResultRow<'_>],
    head: &str,
    theme: &Theme,
    cell: impl Fn(&ResultRow<'_>) -> Option<String>,
) -> Option<Column> {
    let cells: Vec<Option<String>> = rows.iter().map(cell).collect();
    if cells.iter().all(Option::is_none) {
        return None;
    }
    let dash = |(cell, row): (Option<String>, &ResultRow<'_>)| match cell {
        Some(cell) => cell,
        None if row.summary.is_some() => theme.glyphs.dash.to_owned(),
        None => String::new(),
    };
    let cells = cells.into_iter().zip(rows).map(dash).collect();
    Some(Column { head: head.to_owned(), cells, right: 0 })
}

/// A run's number in a cell.
fn cell(headline: &Headline, summary: &Summary, theme: &Theme) -> Option<String> {
    let times = theme.glyphs.times;
    let value = summary.metric(&headline.metric, None)?;
    Some(match &headline.metric {
        Metric::Speedup => Pace::of(value)?.cell(times),
        Metric::Parallelism | Metric::UsableCores => format!("{value:.2}{times}"),
        Metric::GilWait | Metric::LockWait => draw::percent(value).trim().to_owned(),
        Metric::Wall => format!("{value:.2} s"),
        Metric::Hung if summary.hung => "never".to_owned(),
        Metric::Hung => format!("{:.2} s", summary.wall_s),
        Metric::Printed(_) => match headline.unit.as_deref() {
            Some(unit) => format!("{} {unit}", grouped(value)),
            None => grouped(value),
        },
    })
}
