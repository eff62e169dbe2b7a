//! The header: where the learner is, which runtime runs, what the machine can give.

use crate::runner::Machine;
use crate::view::draw;
use crate::view::theme::Theme;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::widgets::Widget;

/// What stands before everything else, where there is room.
const NAME: &str = "concur-tutor";

/// One line at the top.
#[derive(Debug, Clone, Copy)]
pub struct Header<'a> {
    /// The lesson's title or the script's name.
    pub title: &'a str,
    /// The lesson's number, where it has one.
    pub number: Option<usize>,
    /// The page on screen, from 0, and how many pages there are; the take-away follows the last one.
    pub page: Option<(usize, usize)>,
    /// Which runtime runs the programs.
    pub runtime: &'a str,
    /// What the machine can give.
    pub machine: Machine,
    /// How it looks.
    pub theme: &'a Theme,
}

/// From this width on there is room for a word more.
const ROOMY: u16 = 120;

impl Header<'_> {
    /// The cores, and how many of them a trial got; with a word more where there is room for it.
    fn machine_words(&self, roomy: bool) -> String {
        let cores = self.machine.cores;
        let s = if cores == 1 { "" } else { "s" };
        if self.machine.usable_cores > 0.0 {
            let now = if roomy { " now" } else { "" };
            format!("{cores} core{s} {} {:.2} usable{now}", self.theme.glyphs.dot, self.machine.usable_cores)
        } else {
            format!("{cores} core{s}")
        }
    }

    fn page_words(&self) -> String {
        let Some((page, pages)) = self.page else { return String::new() };
        // A lesson's end follows its pages, and is none to be read.
        if page < pages { format!("page {} of {pages}", page + 1) } else { "the end".to_owned() }
    }

    fn page_dots(&self) -> String {
        let Some((page, pages)) = self.page else { return String::new() };
        let g = &self.theme.glyphs;
        (0..pages.min(12)).map(|p| if p <= page { g.page_done } else { g.page_open }).collect()
    }
}

impl Widget for &Header<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let palette = &self.theme.palette;
        let title = self.number.map_or_else(|| self.title.to_owned(), |n| format!("{n} {}", self.title));
        let machine = self.machine_words(area.width >= ROOMY);
        let both = [(self.runtime, palette.text), (machine.as_str(), palette.dim)];
        let page = self.page.map_or(0, |_| draw::width(&self.page_words()) + 3);
        // The first to give way is the tutor's own name, then the machine: where the learner is comes first.
        let rest = [title.as_str(), self.runtime, &machine].map(draw::width).iter().sum::<u16>() + page + 9;
        let mut x = area.x.saturating_add(1);
        if area.width >= rest + draw::width(NAME) + 3 {
            x = draw::text(buf, area, x, area.y, NAME, palette.dim).saturating_add(3);
        }
        let most = area.right().saturating_sub(x.saturating_add(page + 1));
        x = draw::text(buf, area, x, area.y, &draw::cut(&title, most, self.theme.glyphs.more), palette.heading);
        let room = area.right().saturating_sub(1).saturating_sub(x + page + 4);
        let wide = |words: &[(&str, Style)]| {
            words.iter().map(|(words, _)| draw::width(words) + 4).fold(0, u16::saturating_add).saturating_sub(4)
        };
        let shown = [&both[..], &both[..1], &[]].into_iter().find(|words| wide(words) <= room).unwrap_or_default();
        let left = area.right().saturating_sub(1 + wide(shown));
        let mut at = left;
        for (words, style) in shown {
            at = draw::text(buf, area, at, area.y, words, *style).saturating_add(4);
        }
        for (words, style) in [(self.page_words(), palette.dim), (self.page_dots(), palette.accent)] {
            if x + 3 + draw::width(&words) + 2 <= left {
                x = draw::text(buf, area, x + 3, area.y, &words, style);
            }
        }
    }
}
