//! Blocks become lines of a width.

use super::{Block, Document, Inline};
use crate::view::draw;
use crate::view::source::Highlighted;
use crate::view::theme::{Theme, Token};
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};

/// The page as lines of at most `cells`, its paragraphs and items in style `base`.
#[must_use]
pub fn lines(document: &Document, base: Style, cells: u16, theme: &Theme) -> Vec<Line<'static>> {
    let mut out: Vec<Line<'static>> = Vec::new();
    for block in &document.blocks {
        let tight = matches!(block, Block::Item { first: false, .. });
        if !out.is_empty() && !tight {
            out.push(Line::default());
        }
        out.extend(block_lines(block, base, cells, theme));
    }
    out
}

fn block_lines(block: &Block, base: Style, cells: u16, theme: &Theme) -> Vec<Line<'static>> {
    let (palette, glyphs) = (&theme.palette, &theme.glyphs);
    match block {
        Block::Heading(level, text) => {
            let style = if *level <= 1 { palette.selected } else { palette.heading };
            draw::wrap(&spans(text, style, theme), cells, 0)
        }
        Block::Paragraph(text) => draw::wrap(&spans(text, base, theme), cells, 0),
        Block::Item { depth, number, text, .. } => {
            let marker = number.map_or_else(|| glyphs.bullet.to_owned(), |n| format!("{n}."));
            let pad = " ".repeat(usize::from(depth * 2));
            let indent = depth * 2 + draw::width(&marker) + 1;
            let room = cells.saturating_sub(indent);
            draw::prefix(
                draw::wrap(&spans(text, base, theme), room, 0),
                &[Span::styled(format!("{pad}{marker} "), palette.dim)],
                &[Span::raw(" ".repeat(usize::from(indent)))],
            )
        }
        Block::Quote(text) => {
            let bar = Span::styled(format!("{} ", glyphs.bar), palette.accent);
            let style = base.add_modifier(Modifier::ITALIC);
            let bar = [bar];
            draw::prefix(draw::wrap(&spans(text, style, theme), cells.saturating_sub(2), 0), &bar, &bar)
        }
        Block::Table(rows) => table(rows, cells, theme),
        Block::Code(code) => self::code(code, cells, theme),
        Block::Rule => vec![Line::styled(glyphs.rule.repeat(usize::from(cells.min(24))), palette.faint)],
    }
}

fn spans(text: &[Inline], base: Style, theme: &Theme) -> Vec<Span<'static>> {
    text.iter().map(|i| Span::styled(i.text.clone(), inline_style(i, base, theme))).collect()
}

fn inline_style(inline: &Inline, base: Style, theme: &Theme) -> Style {
    let mut style = base;
    if inline.code {
        style = style.patch(theme.token(Token::Str));
        if !theme.palette.colored {
            style = style.add_modifier(Modifier::BOLD);
        }
    }
    if inline.bold {
        style = style.add_modifier(Modifier::BOLD);
    }
    if inline.italic {
        style = style.add_modifier(Modifier::ITALIC);
    }
    if inline.link.is_some() {
        style = theme.palette.dim.add_modifier(Modifier::UNDERLINED);
    }
    style
}

/// Code behind a faint bar. A line that is too long goes on below, further in.
#[must_use]
pub fn code(code: &Highlighted, cells: u16, theme: &Theme) -> Vec<Line<'static>> {
    let bar = [Span::styled(format!("{} ", theme.glyphs.bar), theme.palette.faint)];
    let line = |words: &Vec<(Token, String)>| {
        let spans: Vec<Span<'_>> = words.iter().map(|(token, word)| Span::styled(word, theme.token(*token))).collect();
        draw::prefix(draw::wrap_code(&spans, cells.saturating_sub(2)), &bar, &bar)
    };
    code.lines.iter().flat_map(line).collect()
}

/// A table whose widest columns give way until it fits; cells wrap.
fn table(rows: &[Vec<Vec<Inline>>], cells: u16, theme: &Theme) -> Vec<Line<'static>> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let wide = |cell: &[Inline]| cell.iter().map(|i| draw::width(&i.text)).fold(0, u16::saturating_add);
    let mut widths: Vec<u16> =
        (0..columns).map(|c| rows.iter().filter_map(|r| r.get(c)).map(|cell| wide(cell)).max().unwrap_or(0)).collect();
    let gaps = u16::try_from(columns.saturating_sub(1)).unwrap_or(u16::MAX).saturating_mul(2);
    while widths.iter().sum::<u16>().saturating_add(gaps) > cells {
        let Some(widest) = widths.iter_mut().max() else { break };
        if *widest <= 4 {
            break;
        }
        *widest -= 1;
    }
    let mut out = Vec::new();
    for (n, row) in rows.iter().enumerate() {
        let style = if n == 0 { theme.palette.heading } else { theme.palette.text };
        let wrapped: Vec<Vec<Line<'static>>> =
            row.iter().zip(&widths).map(|(cell, w)| draw::wrap(&spans(cell, style, theme), *w, 0)).collect();
        let height = wrapped.iter().map(Vec::len).max().unwrap_or(0);
        for y in 0..height {
            out.push(table_line(&wrapped, &widths, y));
        }
        if n == 0 {
            let total = widths.iter().sum::<u16>().saturating_add(gaps).min(cells);
            out.push(Line::styled(theme.glyphs.rule.repeat(usize::from(total)), theme.palette.faint));
        }
    }
    out
}

/// One screen line of a table's row.
fn table_line(cells: &[Vec<Line<'static>>], widths: &[u16], y: usize) -> Line<'static> {
    let mut line = Line::default();
    for (c, (cell, width)) in cells.iter().zip(widths).enumerate() {
        let mut used = 0;
        for span in cell.get(y).into_iter().flat_map(|l| l.spans.iter()) {
            used += draw::width(&span.content);
            line.spans.push(span.clone());
        }
        if c + 1 < cells.len() {
            line.spans.push(Span::raw(" ".repeat(usize::from(width.saturating_sub(used) + 2))));
        }
    }
    line
}
