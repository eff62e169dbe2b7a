//! The cores: how busy each was in a window, and with whom.

pub mod usage;

use crate::clock::Nanos;
use crate::trace::Trace;
use crate::view::draw;
use crate::view::theme::Theme;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::widgets::Widget;
use usage::{CoreUsage, Who, usage};

/// One bar a core over the window `[from, to)`.
#[derive(Debug, Clone, Copy)]
pub struct Cores<'a> {
    /// The run.
    pub trace: &'a Trace,
    /// The first instant counted.
    pub from: Nanos,
    /// The first instant no longer counted.
    pub to: Nanos,
    /// How it looks.
    pub theme: &'a Theme,
}

/// Cells of the history at the right, where there is room for it.
const HISTORY: u16 = 24;
/// Cells of the percentage.
const PERCENT: u16 = 6;

impl Cores<'_> {
    /// How many rows one bar a core takes, with the line below.
    #[must_use]
    pub fn height(&self) -> u16 {
        u16::try_from(self.trace.cores.len()).unwrap_or(u16::MAX).saturating_add(1)
    }

    fn style(&self, who: Who) -> (&'static str, Style) {
        let (palette, glyphs) = (&self.theme.palette, &self.theme.glyphs);
        match who {
            Who::Crowd => (glyphs.full, palette.text),
            Who::Thread(color) => (glyphs.full, self.theme.thread(Some(color))),
            Who::Unnamed => (glyphs.full, palette.neutral),
            Who::Tutor => (glyphs.tutor, palette.dim),
            Who::Others => (glyphs.others, palette.dim),
        }
    }

    /// One core: its number, its bar, its share.
    fn draw_core(&self, buf: &mut Buffer, row: Rect, id: u32, core: &CoreUsage) {
        let palette = &self.theme.palette;
        let x = draw::text(buf, row, row.x, row.y, &format!("{id:>3} "), palette.dim);
        let history = if row.width >= 70 && self.theme.glyphs.unicode { HISTORY } else { 0 };
        let bar = Rect { x, width: row.right().saturating_sub(x + PERCENT + history), ..row };
        self.draw_bar(buf, bar, core);
        let words = if core.known() {
            draw::percent(core.busy_share())
        } else {
            draw::cut("not measured", PERCENT + history, "")
        };
        let style = if core.known() { palette.text } else { palette.dim };
        draw::text(buf, row, bar.right() + 1, row.y, &words, style);
        if history > 0 && core.known() {
            self.draw_history(buf, Rect { x: row.right().saturating_sub(HISTORY - 2), width: HISTORY - 2, ..row }, id);
        }
    }

    /// The parts of a bar. Threads meet at an eighth of a cell; textures fill whole cells.
    fn draw_bar(&self, buf: &mut Buffer, bar: Rect, core: &CoreUsage) {
        let cells = f64::from(bar.width);
        let parts: Vec<(f64, Who)> = core.ends().into_iter().map(|(end, who)| (end * cells, who)).collect();
        for (n, x) in (bar.left()..bar.right()).enumerate() {
            let left = f64::from(u16::try_from(n).unwrap_or(u16::MAX));
            let at = |position: f64| parts.iter().find(|(end, _)| *end > position).map(|(end, who)| (*end, *who));
            let Some((end, who)) = at(left) else {
                draw::text(buf, bar, x, bar.y, self.theme.glyphs.rule_light(), self.theme.palette.faint);
                continue;
            };
            let (glyph, style) = self.style(who);
            let solid = who.is_solid();
            if end >= left + 1.0 || !solid {
                let middle = at(left + 0.5).map_or((glyph, style), |(_, w)| self.style(w));
                let (glyph, style) = if solid { (glyph, style) } else { middle };
                draw::text(buf, bar, x, bar.y, glyph, style);
                continue;
            }
            let next =
                at(left + 0.999).map(|(_, w)| self.style(w).1).filter(|_| at(end).is_some_and(|(_, w)| w.is_solid()));
            let style = next.and_then(|s| s.fg).map_or(style, |c| style.bg(c));
            draw::text(buf, bar, x, bar.y, self.theme.glyphs.part(end - left), style);
        }
    }

    /// The window in slices: how busy the core was in each.
    fn draw_history(&self, buf: &mut Buffer, area: Rect, id: u32) {
        let Some(track) = self.trace.cores.iter().find(|c| c.id == id) else { return };
        let span = self.to.saturating_sub(self.from);
        let instant = |n: u16| self.from + span / u64::from(area.width.max(1)) * u64::from(n);
        for n in 0..area.width {
            let (from, to) = (instant(n), instant(n + 1));
            let (glyph, style) = match track.busy_in(from, to) {
                Some((busy, _)) => (self.theme.glyphs.height(draw::share(busy, to - from)), self.theme.palette.faint),
                None => (" ", self.theme.palette.faint),
            };
            draw::text(buf, area, area.x + n, area.y, glyph, style);
        }
    }

    /// Many cores in few rows: one cell a core, as high as it was busy.
    fn draw_strip(&self, buf: &mut Buffer, area: Rect, cores: &[CoreUsage]) {
        let palette = &self.theme.palette;
        let mut place = (area.x.saturating_add(1), area.y);
        for core in cores {
            if place.0 + 1 >= area.right() {
                place = (area.x.saturating_add(1), place.1.saturating_add(1));
            }
            if place.1 >= area.bottom() {
                return;
            }
            let (glyph, style) = if core.known() {
                let who = core.parts.first().map_or(Who::Others, |(_, w)| *w);
                (self.theme.glyphs.height(core.busy_share()), self.style(who).1)
            } else {
                ("?", palette.dim)
            };
            draw::text(buf, area, place.0, place.1, glyph, style);
            place.0 += 1;
        }
        self.draw_key(buf, draw::row(area, place.1.saturating_add(1) - area.y), cores);
    }

    /// What those are that are not the workload's own threads, where there are any.
    fn unnamed(&self) -> &'static str {
        let roll = &self.trace.roll;
        match (roll.servers(), roll.helpers()) {
            ([_, ..], [_, ..]) => "server and helpers",
            ([_, ..], []) => "server",
            _ => "helpers",
        }
    }

    /// The line below the bars: what the textures stand for, over all cores.
    fn draw_key(&self, buf: &mut Buffer, row: Rect, cores: &[CoreUsage]) {
        let palette = &self.theme.palette;
        let whole: Nanos = cores.iter().map(|c| c.width).sum();
        let sum = |wanted: fn(Who) -> bool| -> Nanos {
            cores.iter().flat_map(|c| &c.parts).filter(|(_, w)| wanted(*w)).map(|(n, _)| *n).sum()
        };
        let mut entries = vec![("workload", sum(|w| matches!(w, Who::Crowd | Who::Thread(_))), Who::Crowd)];
        if sum(|w| w == Who::Unnamed) > 0 {
            entries.push((self.unnamed(), sum(|w| w == Who::Unnamed), Who::Unnamed));
        }
        if cores.iter().any(|c| c.sampled) {
            entries.push(("tutor", sum(|w| w == Who::Tutor), Who::Tutor));
            entries.push(("others", sum(|w| w == Who::Others), Who::Others));
        }
        let mut x = row.x.saturating_add(4);
        for (name, nanos, who) in entries {
            let words = format!("{name} {}", draw::percent(draw::share(nanos, whole)).trim_start());
            if x.saturating_add(draw::width(&words) + 2) > row.right() {
                return;
            }
            let (glyph, style) = self.style(who);
            let style = if who == Who::Crowd { palette.text } else { style };
            x = draw::text(buf, row, x, row.y, glyph, style);
            x = draw::text(buf, row, x + 1, row.y, &words, palette.dim).saturating_add(3);
        }
        if !cores.iter().any(|c| c.sampled) {
            draw::text(buf, row, x, row.y, "tutor and others: not measured", palette.dim);
        }
    }
}

impl Widget for &Cores<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let area = area.intersection(buf.area);
        if area.is_empty() {
            return;
        }
        let palette = &self.theme.palette;
        let count = u16::try_from(self.trace.cores.len()).unwrap_or(u16::MAX);
        if count == 0 {
            draw::text(buf, area, area.x.saturating_add(1), area.y, "cores: not measured", palette.dim);
            return;
        }
        let cores = usage(self.trace, self.from, self.to);
        let columns = (1..=4).find(|c| count.div_ceil(*c) <= area.height && area.width / c >= 26);
        let Some(columns) = columns else {
            self.draw_strip(buf, area, &cores);
            return;
        };
        let rows = count.div_ceil(columns);
        let width = area.width / columns;
        for (n, (track, core)) in (0u16..).zip(self.trace.cores.iter().zip(&cores)) {
            let row = draw::row(area, n % rows);
            self.draw_core(
                buf,
                Rect { x: area.x + n / rows * width, width: width.saturating_sub(1), ..row },
                track.id,
                core,
            );
        }
        self.draw_key(buf, draw::row(area, rows), &cores);
    }
}
