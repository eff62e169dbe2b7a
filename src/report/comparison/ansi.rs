//! Rows of cells as a terminal's text: without colours plain signs, with colours the terminal's codes between them.

use ratatui::buffer::Cell;
use ratatui::style::{Color, Modifier};
use std::fmt::Write as _;

/// A row without colours: a sign that is drawn reversed gives way to its complement.
pub(super) fn plain(row: &[Cell]) -> String {
    let line: String = row.iter().map(sign).collect();
    line.trim_end().to_owned()
}

/// A row with colours, which end with it.
pub(super) fn colored(row: &[Cell]) -> String {
    let (mut out, mut last) = (String::new(), style(&Cell::default()));
    let inked = |cell: &Cell| cell.symbol() != " " || cell.bg != Color::Reset;
    let end = row.iter().rposition(inked).map_or(0, |last| last + 1);
    for cell in &row[..end] {
        if style(cell) != last {
            out.push_str(&codes(cell));
            last = style(cell);
        }
        out.push_str(cell.symbol());
    }
    if out.contains('\x1b') { out + "\x1b[0m" } else { out }
}

const fn style(cell: &Cell) -> (Color, Color, Modifier) {
    (cell.fg, cell.bg, cell.modifier)
}

/// The codes that set a cell's style, whatever was set before.
fn codes(cell: &Cell) -> String {
    let mut out = String::from("\x1b[0");
    let modifiers = [(Modifier::BOLD, 1), (Modifier::DIM, 2), (Modifier::ITALIC, 3), (Modifier::REVERSED, 7)];
    for (_, code) in modifiers.iter().filter(|(modifier, _)| cell.modifier.contains(*modifier)) {
        let _ = write!(out, ";{code}");
    }
    for (color, base) in [(cell.fg, 30), (cell.bg, 40)] {
        match color {
            Color::Rgb(r, g, b) => drop(write!(out, ";{};2;{r};{g};{b}", base + 8)),
            Color::Indexed(index) => drop(write!(out, ";{};5;{index}", base + 8)),
            other => out.extend(sixteen(other).map(|index| format!(";{}", base + index))),
        }
    }
    out + "m"
}

/// A colour of the terminal's own scheme, as what is added to 30 or 40.
const fn sixteen(color: Color) -> Option<u8> {
    Some(match color {
        Color::Black => 0,
        Color::Red => 1,
        Color::Green => 2,
        Color::Yellow => 3,
        Color::Blue => 4,
        Color::Magenta => 5,
        Color::Cyan => 6,
        Color::Gray => 7,
        Color::DarkGray => 60,
        Color::LightRed => 61,
        Color::LightGreen => 62,
        Color::LightYellow => 63,
        Color::LightBlue => 64,
        Color::LightMagenta => 65,
        Color::LightCyan => 66,
        Color::White => 67,
        Color::Reset | Color::Rgb(..) | Color::Indexed(_) => return None,
    })
}

fn sign(cell: &Cell) -> &str {
    if !cell.modifier.contains(Modifier::REVERSED) {
        return cell.symbol();
    }
    match cell.symbol() {
        " " | "▏" | "▎" => "█",
        "▍" | "▌" | "▋" => "▐",
        "▊" | "▉" => "▕",
        "█" => " ",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::style::Style;

    fn cell(symbol: &str, style: Style) -> Cell {
        let mut cell = Cell::default();
        cell.set_symbol(symbol).set_style(style);
        cell
    }

    #[test]
    fn what_is_reversed_has_a_sign_of_its_own() {
        let reversed = Style::new().add_modifier(Modifier::REVERSED);
        let row = ["▏", "▌", "▉", "x", " "].map(|symbol| cell(symbol, reversed));
        assert_eq!(plain(&row), "█▐▕x█");
        assert_eq!(plain(&[cell("a", Style::new()), cell(" ", Style::new())]), "a");
    }

    #[test]
    fn a_row_of_colours_sets_each_once_and_ends_without() {
        let red = Style::new().fg(Color::Red);
        let row = [cell("a", red), cell("b", red), cell("c", Style::new().bg(Color::Rgb(1, 2, 3)).bold())];
        assert_eq!(colored(&row), "\x1b[0;31mab\x1b[0;1;48;2;1;2;3mc\x1b[0m");
        assert_eq!(colored(&[cell("a", Style::new()), cell(" ", red)]), "a");
    }
}
