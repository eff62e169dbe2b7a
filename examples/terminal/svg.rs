//! Rows of a terminal as SVG: grounds and blocks as paths, each colour in one, and text that a browser can select.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// A cell, in pixels.
pub const CELL: (f64, f64) = (8.4, 18.0);
/// Around the cells, in pixels.
const MARGIN: f64 = 12.0;
/// The terminal's own colours.
const GROUND: &str = "#181818";
const INK: &str = "#d8d8d8";

/// A row of the terminal, as it is drawn.
pub type Row = String;

/// What a picture begins with: its size, its colours, its ground. `body` stands within it.
#[must_use]
pub fn picture(size: (u16, u16), colors: &Colors, body: &str) -> String {
    let [wide, high] = [f64::from(size.0) * CELL.0, f64::from(size.1) * CELL.1].map(|side| side + 2.0 * MARGIN);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {wide:.0} {high:.0}\" font-family=\"ui-monospace, 'DejaVu Sans Mono', \
         Menlo, Consolas, monospace\" font-size=\"14\">\n<style>.b{{font-weight:bold}}text{{white-space:pre}}"
    );
    for (color, class) in &colors.0 {
        let _ = write!(out, ".c{class}{{fill:{color}}}");
    }
    let _ = writeln!(out, "</style>\n<rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"{GROUND}\"/>");
    let _ = writeln!(out, "<g transform=\"translate({MARGIN} {MARGIN})\">\n{body}</g>\n</svg>");
    out
}

/// The colours that occur, each a class of its own.
#[derive(Default)]
pub struct Colors(BTreeMap<String, usize>);

impl Colors {
    fn class(&mut self, color: &str) -> usize {
        let next = self.0.len();
        *self.0.entry(color.to_owned()).or_insert(next)
    }
}

fn named(color: vt100::Color, other: &str) -> String {
    match color {
        vt100::Color::Rgb(r, g, b) => format!("#{r:02x}{g:02x}{b:02x}"),
        vt100::Color::Default | vt100::Color::Idx(_) => other.to_owned(),
    }
}

/// One row: its grounds, its blocks, each colour in one path, and its text.
pub fn row(screen: &vt100::Screen, width: u16, y: u16, colors: &mut Colors) -> Row {
    let (mut shapes, mut text): (BTreeMap<(u8, usize), String>, Vec<Text>) = (BTreeMap::new(), Vec::new());
    let top = f64::from(y) * CELL.1;
    for x in 0..width {
        let Some(cell) = screen.cell(y, x) else { continue };
        let (mut fg, mut bg) = (named(cell.fgcolor(), INK), named(cell.bgcolor(), GROUND));
        if cell.inverse() {
            std::mem::swap(&mut fg, &mut bg);
        }
        let left = f64::from(x) * CELL.0;
        let mut fill = |layer: u8, color: &str, [l, t, r, b]: [f64; 4]| {
            let path = shapes.entry((layer, colors.class(color))).or_default();
            let (w, h) = ((r - l) * CELL.0, (b - t) * CELL.1);
            let _ = write!(path, "M{:.1} {:.1}h{w:.1}v{h:.1}h-{w:.1}z", left + l * CELL.0, top + t * CELL.1);
        };
        if bg != GROUND {
            fill(0, &bg, [0.0, 0.0, 1.0, 1.0]);
        }
        let sign = cell.contents();
        let blocks = blocks(sign);
        for block in &blocks {
            fill(1, &fg, *block);
        }
        if blocks.is_empty() && !sign.trim().is_empty() {
            let class = colors.class(&fg);
            match text.last_mut() {
                Some(last) if last.class == class && last.bold == cell.bold() && last.end() == x => {
                    last.signs.push_str(sign);
                }
                _ => text.push(Text { x, signs: sign.to_owned(), class, bold: cell.bold() }),
            }
        }
    }
    let mut out = String::new();
    for ((_, class), path) in shapes {
        let _ = write!(out, "<path class=\"c{class}\" d=\"{path}\"/>");
    }
    for text in &text {
        text.write(y, &mut out);
    }
    out
}

/// Text of one style without a gap.
struct Text {
    x: u16,
    signs: String,
    class: usize,
    bold: bool,
}

impl Text {
    fn cells(&self) -> u16 {
        u16::try_from(self.signs.chars().count()).unwrap_or(u16::MAX)
    }

    fn end(&self) -> u16 {
        self.x + self.cells()
    }

    fn write(&self, y: u16, out: &mut String) {
        let bold = if self.bold { " b" } else { "" };
        let (x, y) = (f64::from(self.x) * CELL.0, (f64::from(y) + 0.76) * CELL.1);
        let wide = f64::from(self.cells()) * CELL.0;
        let signs = self.signs.replace('&', "&amp;").replace('<', "&lt;");
        let _ = write!(
            out,
            "<text class=\"c{}{bold}\" x=\"{x:.1}\" y=\"{y:.1}\" textLength=\"{wide:.1}\">{signs}</text>",
            self.class
        );
    }
}

/// The parts of a cell that a block element fills: left, top, right, bottom, as shares of it.
fn blocks(sign: &str) -> Vec<[f64; 4]> {
    const LEFT: &str = "▏▎▍▌▋▊▉█";
    const LOWER: &str = "▁▂▃▄▅▆▇";
    let Some(sign) = sign.chars().next() else { return Vec::new() };
    let eighths = |all: &str| all.chars().position(|own| own == sign).and_then(|at| u32::try_from(at + 1).ok());
    if let Some(n) = eighths(LEFT) {
        return vec![[0.0, 0.0, f64::from(n) / 8.0, 1.0]];
    }
    if let Some(n) = eighths(LOWER) {
        return vec![[0.0, 1.0 - f64::from(n) / 8.0, 1.0, 1.0]];
    }
    let (upper_left, upper_right) = ([0.0, 0.0, 0.5, 0.5], [0.5, 0.0, 1.0, 0.5]);
    let (lower_left, lower_right) = ([0.0, 0.5, 0.5, 1.0], [0.5, 0.5, 1.0, 1.0]);
    match sign {
        '▖' => vec![lower_left],
        '▗' => vec![lower_right],
        '▘' => vec![upper_left],
        '▝' => vec![upper_right],
        '▚' => vec![upper_left, lower_right],
        '▞' => vec![upper_right, lower_left],
        '▙' => vec![upper_left, lower_left, lower_right],
        '▐' => vec![[0.5, 0.0, 1.0, 1.0]],
        _ => Vec::new(),
    }
}
