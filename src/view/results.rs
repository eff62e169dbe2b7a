//! The results: this run beside the earlier ones, then what it means.

mod columns;

use crate::insight::{Summary, Verdict};
use crate::lesson::Headline;
use crate::view::draw;
use crate::view::reading::sentences;
use crate::view::theme::Theme;
use columns::Columns;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
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
    /// What its program is about.
    pub headline: &'a Headline,
    /// Its numbers; `None` where it failed.
    pub summary: Option<&'a Summary>,
    /// What the learner had said.
    pub said: Option<&'a str>,
    /// What went wrong, or something else to say instead of numbers.
    pub note: Option<&'a str>,
    /// Whether it is the run on screen.
    pub current: bool,
    /// Whether the speed-up of the run on screen is measured against it: it is shown wherever that is.
    pub baseline: bool,
}

/// What the learner had said of the headline of the run on screen.
#[derive(Debug, Clone, Copy)]
pub struct Said<'a> {
    /// The choice.
    pub words: &'a str,
    /// Whether it was right; `None` where the run does not settle it.
    pub right: Option<bool>,
}

/// The table of runs, the verdict on the current one and its caveat.
#[derive(Debug, Clone, Copy)]
pub struct Results<'a> {
    /// The runs: those of one runtime together, in the lesson's order.
    pub rows: &'a [ResultRow<'a>],
    /// What the current one means.
    pub verdict: Option<&'a Verdict>,
    /// What the learner had said of it.
    pub said: Option<Said<'a>>,
    /// The number that it is about: the first column.
    pub headline: &'a Headline,
    /// How it looks.
    pub theme: &'a Theme,
}

/// A row of the table.
#[derive(Clone, Copy)]
enum Item<'a> {
    /// The runtime of the rows that follow.
    Runtime(&'a str),
    /// A run, by its place.
    Run(usize, &'a ResultRow<'a>),
}

/// What happened in large, with the guess beside it, and then why.
#[must_use]
pub fn told(verdict: &Verdict, said: Option<Said<'_>>, cells: u16, theme: &Theme) -> Vec<Line<'static>> {
    let palette = &theme.palette;
    let mut out = heading(verdict, said, cells, theme);
    if !verdict.sentence.is_empty() {
        let style = if out.is_empty() { palette.heading } else { palette.text };
        out.extend(sentences(&verdict.sentence, style, cells, theme));
    }
    // One doubt at most, and quietly.
    if let Some(caveat) = verdict.caveats.first() {
        let spans = [Span::styled(format!("{} {caveat}", theme.glyphs.warn), palette.dim)];
        out.extend(draw::wrap(&spans, cells, 2));
    }
    out
}

fn heading(verdict: &Verdict, said: Option<Said<'_>>, cells: u16, theme: &Theme) -> Vec<Line<'static>> {
    let Some(heading) = &verdict.heading else { return Vec::new() };
    let (palette, glyphs) = (&theme.palette, &theme.glyphs);
    let large = palette.accent.add_modifier(Modifier::BOLD);
    let Some(said) = said else { return unbroken(&[Span::styled(verdict.in_large(), large)], cells, 0) };
    let (mark, style) = match said.right {
        Some(true) => (glyphs.yes, palette.good.add_modifier(Modifier::BOLD)),
        Some(false) => (glyphs.no, palette.bad),
        None => (glyphs.warn, palette.dim),
    };
    let spans = [
        Span::styled(format!("{mark} "), style),
        Span::styled(format!("you said {} {} ", glyphs.quoted(said.words), glyphs.dot), palette.text),
        Span::styled(heading.words.clone(), large),
    ];
    unbroken(&spans, cells, 2)
}

/// A blank that no line is broken at.
const FIRM: char = '\u{a0}';

/// Wraps, but not between a number and its unit.
fn unbroken(spans: &[Span<'_>], cells: u16, indent: u16) -> Vec<Line<'static>> {
    let firm = |text: &str| {
        let mut words = text.split(' ');
        let mut out = words.next().unwrap_or_default().to_owned();
        for word in words {
            let unit = matches!(word.trim_end_matches(['.', ',', ':']), "s" | "ms" | "%");
            out.push(if unit && out.ends_with(|c: char| c.is_ascii_digit()) { FIRM } else { ' ' });
            out.push_str(word);
        }
        out
    };
    let spans: Vec<Span<'_>> = spans.iter().map(|span| Span::styled(firm(&span.content), span.style)).collect();
    let mut lines = draw::wrap(&spans, cells, indent);
    for span in lines.iter_mut().flat_map(|line| &mut line.spans) {
        span.content = span.content.replace(FIRM, " ").into();
    }
    lines
}

impl Results<'_> {
    /// The lines of verdict and caveat.
    fn verdict_lines(&self, cells: u16) -> Vec<Line<'static>> {
        self.verdict.map_or_else(Vec::new, |verdict| told(verdict, self.said, cells, self.theme))
    }

    /// The rows below the table's head. The first runtime stands in the head; each further one heads its own runs.
    fn items(&self) -> Vec<Item<'_>> {
        let mut out = Vec::new();
        let mut before = self.rows.first().map(|row| row.runtime);
        for (place, row) in self.rows.iter().enumerate() {
            if before.replace(row.runtime) != Some(row.runtime) {
                out.push(Item::Runtime(row.runtime));
            }
            out.push(Item::Run(place, row));
        }
        out
    }

    /// The rows that are shown where not all have room: the run on screen and the one that it is measured against always,
    /// then the nearest ones.
    fn items_in(&self, room: usize) -> Vec<Item<'_>> {
        let items = self.items();
        if items.len() <= room {
            return items;
        }
        let run = |item: &Item<'_>| if let Item::Run(place, _) = item { self.rows.get(*place) } else { None };
        let current = items.iter().position(|item| run(item).is_some_and(|row| row.current)).unwrap_or(items.len() - 1);
        let mut order: Vec<usize> = (0..items.len()).filter(|place| run(&items[*place]).is_some()).collect();
        order.sort_by_key(|place| match place {
            place if *place == current => (0, 0),
            place if run(&items[*place]).is_some_and(|row| row.baseline) => (1, 0),
            place => (2, place.abs_diff(current)),
        });
        order.truncate(room);
        order.sort_unstable();
        order.into_iter().map(|place| items[place]).collect()
    }

    /// The table in words: a line each run, with every number named.
    #[must_use]
    pub fn in_words(&self) -> Vec<String> {
        let all = Rect { width: u16::MAX, ..Rect::default() };
        let columns = Columns::fit(all, self.rows, self.headline, self.theme);
        let line = |(place, row): (usize, &ResultRow<'_>)| {
            let knobs = if row.knobs.is_empty() { String::new() } else { format!(" with {}", row.knobs) };
            let number = |column: &columns::Column| {
                let cell = &column.cells[place];
                (!cell.is_empty()).then(|| format!("{} {cell}", column.head))
            };
            let numbers: Vec<String> = columns.numbered.iter().filter_map(number).collect();
            let note = row.note.map(|note| format!(" ({note})")).unwrap_or_default();
            format!("{} on {}{knobs}{note}: {}", row.program, row.runtime, numbers.join(", "))
        };
        self.rows.iter().enumerate().map(line).collect()
    }

    /// How many rows it takes at this width to show all.
    #[must_use]
    pub fn height(&self, width: u16) -> u16 {
        let rows = self.items().len() + 1 + self.verdict_lines(width.saturating_sub(2)).len();
        u16::try_from(rows).unwrap_or(u16::MAX)
    }

    fn draw_row(&self, buf: &mut Buffer, area: Rect, columns: &Columns, (place, row): (usize, &ResultRow<'_>)) {
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
        for (column, first) in columns.numbered.iter().zip(std::iter::once(true).chain(std::iter::repeat(false))) {
            let bold = if row.current && first { palette.selected } else { style };
            number(buf, area, column.right, &column.cells[place], bold);
        }
        if let Some(words) = row.note.or(row.said) {
            let x = if row.summary.is_some() { columns.end().saturating_add(3) } else { columns.numbers };
            let room = area.right().saturating_sub(x);
            let style = if row.note.is_some() { palette.bad } else { style };
            draw::text(buf, area, x, area.y, &draw::cut(words, room, glyphs.more), style);
        }
    }

    fn draw_head(&self, buf: &mut Buffer, head: Rect, columns: &Columns, runtime: &str) {
        let palette = &self.theme.palette;
        draw::text(buf, head, head.x.saturating_add(2), head.y, runtime, palette.text);
        for (column, style) in
            columns.numbered.iter().zip([palette.text].into_iter().chain(std::iter::repeat(palette.dim)))
        {
            number(buf, head, column.right, &column.head, style);
        }
        if self.rows.iter().any(|r| r.said.is_some()) {
            draw::text(buf, head, columns.end().saturating_add(3), head.y, "you said", palette.dim);
        }
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
        let wanted = u16::try_from(verdict.len()).unwrap_or(u16::MAX);
        // The head, the run on screen and the one that it is measured against are not given up for the verdict.
        let least = 1 + u16::try_from(self.rows.len().min(2)).unwrap_or(2);
        let wanted = wanted.min(area.height.saturating_sub(least));
        let table = Rect { height: area.height.saturating_sub(wanted), ..area };
        let columns = Columns::fit(table, self.rows, self.headline, self.theme);
        let items = self.items_in(usize::from(table.height.saturating_sub(1)));
        // The runtime of the first run shown stands in the head.
        let runtime = items.iter().find_map(|i| if let Item::Run(_, row) = i { Some(row.runtime) } else { None });
        self.draw_head(buf, draw::row(table, 0), &columns, runtime.unwrap_or_default());
        let mut used = 1;
        for item in &items {
            let place = draw::row(table, used);
            match item {
                Item::Runtime(name) => {
                    draw::text(buf, place, place.x.saturating_add(2), place.y, name, palette.text);
                }
                Item::Run(place_of_row, row) => self.draw_row(buf, place, &columns, (*place_of_row, row)),
            }
            used += 1;
        }
        let inner = Rect { x: area.x.saturating_add(1), width: area.width.saturating_sub(2), ..area };
        // A blank row sets the sentence apart where there is one to spare.
        let spare = u16::from(area.height > used.saturating_add(wanted));
        draw::lines(buf, draw::below(inner, used.saturating_add(spare)), &verdict);
    }
}
