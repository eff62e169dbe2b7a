//! The gallery of findings: beside the list of the patterns the one that is chosen, on its real run.

use super::rule;
use crate::app::frame::{Body, Placed, Scrolled, Shown, Target, chrome, layout, paper};
use crate::app::model::Model;
use crate::insight::finding::recorded::Recorded;
use crate::insight::finding::{RULES, Rule};
use crate::insight::words::sentence;
use crate::trace::Trace;
use crate::view::reading::sentences;
use crate::view::{Finder, FinderRow, Legend, Timeline, Viewport, draw};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

/// Columns of the list, and from which width on it stands beside what is chosen.
const LIST: u16 = 36;
const BESIDE: u16 = 110;
/// Rows that a picture has at least, and how many a lane of it has at most.
const LEAST: u16 = 4;
const TALLEST: u16 = 3;

/// Where everything is in the gallery.
#[derive(Debug)]
pub struct Plan {
    header: Rect,
    rule: Rect,
    list: Rect,
    shown: Rect,
    rows: u16,
    /// How far what is shown is scrolled.
    pub scroll: Scrolled,
    targets: Vec<Placed>,
}

impl Plan {
    /// The gallery on a screen of this size.
    #[must_use]
    pub fn new(model: &Model, area: Rect) -> Plan {
        let (header, rule, body, _) = layout::framed(area);
        let beside = area.width >= BESIDE;
        let list = Rect { width: if beside { LIST.min(body.width) } else { 0 }, ..body };
        let shown = Rect { x: list.right() + if beside { 2 } else { 0 }, ..body };
        let shown = Rect { width: body.right().saturating_sub(shown.x), ..shown };
        let entry = Entry::new(model, shown);
        let rows = entry.rows();
        let scroll = Scrolled::new(model.gallery.scroll, rows, shown.height);
        let names = names(model, list.width);
        let targets = if beside { finder(model, &names).placed(list).collect() } else { Vec::new() };
        let targets = targets.into_iter().map(|(area, row)| Placed::new(area, Target::Item(row))).collect();
        Plan { header, rule, list, shown, rows, scroll, targets }
    }
}

impl Body for Plan {
    fn targets(&self) -> &[Placed] {
        &self.targets
    }

    fn overflows(&self) -> bool {
        self.scroll.most > 0
    }

    fn paint(&self, model: &Model, _shown: &Shown<'_>, buf: &mut Buffer) {
        chrome::header(model, "What watch finds", None, self.header, buf);
        let place = format!("{} of {}", model.gallery.row + 1, RULES.len());
        chrome::titled_rule(model, self.rule, &place, buf);
        if !self.list.is_empty() {
            finder(model, &names(model, self.list.width)).render(self.list, buf);
            let whole = buf.area;
            for y in self.list.top()..self.list.bottom() {
                draw::text(buf, whole, self.list.right(), y, model.theme.glyphs.bar, model.theme.palette.faint);
            }
        }
        let entry = Entry::new(model, self.shown);
        paper::scrolled(model, (self.rows, self.scroll.at), self.shown, buf, |whole, paper| entry.draw(whole, paper));
    }
}

/// The patterns' names, as rows of the list.
fn names(model: &Model, cells: u16) -> Vec<FinderRow<'static>> {
    let (palette, glyphs) = (&model.theme.palette, &model.theme.glyphs);
    let room = cells.saturating_sub(4);
    let row = |(place, rule): (usize, &Rule)| {
        let style = if place == model.gallery.row { palette.selected } else { palette.text };
        let line = Line::styled(draw::cut(rule.name, room, glyphs.more), style);
        FinderRow { heading: None, line }
    };
    RULES.iter().enumerate().map(row).collect()
}

fn finder<'a>(model: &'a Model, names: &'a [FinderRow<'static>]) -> Finder<'a> {
    Finder { rows: names, selected: model.gallery.row, theme: &model.theme }
}

/// What is shown of a pattern: what it is, its picture, and what is said of that.
struct Entry<'a> {
    model: &'a Model,
    above: Vec<Line<'static>>,
    run: Option<(&'static Recorded, u16)>,
    below: Vec<Line<'static>>,
}

impl Entry<'_> {
    fn new(model: &Model, area: Rect) -> Entry<'_> {
        let (rule, palette) = (rule(model), &model.theme.palette);
        let cells = area.width.saturating_sub(2).max(1);
        let recorded = Recorded::of(rule);
        let name = vec![Span::styled(rule.name, palette.heading), Span::styled(format!("  {}", rule.id), palette.dim)];
        let mut above = vec![Line::from(name)];
        above.extend(sentences(&sentence(rule.says), palette.text, cells, &model.theme));
        above.push(Line::default());
        let mut below = Vec::new();
        if let Some(recorded) = recorded {
            below.extend(draw::wrap_text(&recorded.finding.sentence, cells, palette.text));
            below.extend(draw::wrap_text(&sentence(&recorded.origin()), cells, palette.dim));
            below.push(Line::default());
        }
        let help = format!("**What to do:** {}.", rule.help);
        below.extend(sentences(&help, palette.text, cells, &model.theme));
        if let Some(recorded) = recorded {
            below.push(Line::default());
            below.push(Line::styled("The program that ran", palette.dim));
            let lines = recorded.origin.program.lines();
            below.extend(lines.map(|line| Line::styled(format!("  {line}"), palette.text)));
        }
        let run = recorded.map(|recorded| (recorded, picture_rows(model, &recorded.trace, area)));
        Entry { model, above, run, below }
    }

    fn rows(&self) -> u16 {
        // The legend, and a blank row.
        let picture = self.run.map_or(0, |(_, rows)| rows + 2);
        layout::rows(&self.above).saturating_add(picture).saturating_add(layout::rows(&self.below))
    }

    fn draw(&self, area: Rect, buf: &mut Buffer) {
        let inside = |area: Rect| Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
        let used = draw::lines(buf, inside(area), &self.above);
        let mut rest = draw::below(area, used);
        if let Some((recorded, rows)) = self.run {
            let (trace, theme) = (&recorded.trace, &self.model.theme);
            let viewport = Viewport::fit(trace);
            let timeline = Timeline { trace, viewport: &viewport, theme };
            let lanes = Rect { height: rows, ..rest };
            timeline.render(lanes, buf);
            timeline.places(lanes).mark(&recorded.finding.because, theme, buf);
            let legend = Rect { height: 1, ..draw::below(rest, rows) };
            Legend { trace: Some(trace), meant: true, theme }.render(legend, buf);
            rest = draw::below(rest, rows + 2);
        }
        draw::lines(buf, inside(rest), &self.below);
    }
}

/// Rows that a picture takes: more than it needs where the screen is high.
fn picture_rows(model: &Model, trace: &Trace, area: Rect) -> u16 {
    let viewport = Viewport::fit(trace);
    let (least, both) = Timeline { trace, viewport: &viewport, theme: &model.theme }.rows_wanted(area.width);
    let most = (area.height / 2).max(LEAST);
    match both {
        Some(both) if both <= most => both,
        _ => least.saturating_mul(TALLEST).min(most).max(least.min(2 * most)).max(LEAST),
    }
}
