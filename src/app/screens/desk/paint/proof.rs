//! What to look at while a proof runs: a few rows above the footer.

use crate::app::frame::layout;
use crate::app::keymap::{self, Id};
use crate::app::model::{Model, Screen};
use crate::view::{draw, reading};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Widget};

/// The most rows that it takes, and in few rows: the picture is what counts.
const MOST: (usize, usize) = (4, 1);
/// Columns of the words that say how to leave.
const BACK: u16 = 27;

fn lines(model: &Model, columns: u16) -> Vec<Line<'static>> {
    let Some(proving) = model.proving.as_ref().filter(|proving| model.screen == Screen::Desk(proving.desk)) else {
        return Vec::new();
    };
    let palette = &model.theme.palette;
    let words = format!("**The proof.** {}", proving.look);
    let width = columns.saturating_sub(4);
    let mut lines = reading::sentences(&words, palette.text, width, &model.theme);
    let most = if layout::low(model.size) { MOST.1 } else { MOST.0 };
    let cut = lines.len() > most;
    lines.truncate(most);
    if let Some(last) = lines.last_mut().filter(|_| cut) {
        last.spans.push(Span::styled(model.theme.glyphs.more, palette.accent));
    }
    let back = [
        Span::styled(format!("  {}", keymap::name(Id::Back)), palette.accent),
        Span::styled(" back to the interview", palette.dim),
    ];
    let used = lines.last().map_or(0, |line| u16::try_from(line.width()).unwrap_or(u16::MAX));
    match lines.last_mut() {
        Some(last) if used + BACK <= width => last.spans.extend(back),
        _ => lines.push(Line::from(back.to_vec())),
    }
    lines
}

/// Rows that it takes, the rule above it counted; none where no proof is shown.
#[must_use]
pub fn rows(model: &Model) -> u16 {
    let lines = lines(model, model.size.0);
    if lines.is_empty() { 0 } else { u16::try_from(lines.len() + 1).unwrap_or(0) }
}

/// Draws it above the footer.
pub fn draw(model: &Model, footer: Rect, buf: &mut Buffer) {
    let lines = lines(model, footer.width);
    if lines.is_empty() {
        return;
    }
    let height = rows(model);
    let area = Rect { y: footer.y.saturating_sub(height), height, ..footer };
    Clear.render(area, buf);
    draw::rule(buf, area, area.y, &model.theme);
    let inner = Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..draw::below(area, 1) };
    draw::lines(buf, inner, &lines);
}
