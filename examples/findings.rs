//! Writes the gallery of findings into `docs/`: the page between its marks, and a picture of each recorded run.
//!
//! ```sh
//! scripts/gallery --page
//! ```

#[path = "terminal/svg.rs"]
mod svg;

use concur_tutor::inside::insight::{RULES, Recorded};
use concur_tutor::inside::report::{drawn, markdown};
use concur_tutor::inside::view::Theme;
use ratatui::buffer::Buffer;
use ratatui::style::{Color, Modifier};
use std::error::Error;
use std::fmt::Write as _;
use std::num::NonZero;
use std::path::PathBuf;
use std::{env, fs};

const MARKS: (&str, &str) = ("<!-- gallery -->\n", "<!-- /gallery -->");

fn main() -> Result<(), Box<dyn Error>> {
    let docs = PathBuf::from(env::args().nth(1).ok_or("name the folder of the pages")?);
    let page = docs.join("findings.md");
    let text = fs::read_to_string(&page)?;
    let (before, rest) = text.split_once(MARKS.0).ok_or("the page has no marks")?;
    let (_, after) = rest.split_once(MARKS.1).ok_or("the page has no marks")?;
    fs::write(&page, [before, MARKS.0, &markdown(), MARKS.1, after].concat())?;
    let pictures = docs.join("findings");
    fs::create_dir_all(&pictures)?;
    for rule in &RULES {
        let recorded = Recorded::of(rule).ok_or(rule.id)?;
        let picture = picture(&drawn(&recorded.trace, &recorded.finding.because, &Theme::dark()));
        println!("{}: {} bytes", rule.id, picture.len());
        fs::write(pictures.join(rule.id).with_extension("svg"), picture)?;
    }
    Ok(())
}

/// What a terminal would show of these cells.
fn picture(cells: &Buffer) -> String {
    let (width, height) = (cells.area.width, cells.area.height);
    let (Some(rows), Some(columns)) = (NonZero::new(height), NonZero::new(width)) else { return String::new() };
    let mut parser = vt100::Parser::new(rows, columns, 0);
    parser.process(written(cells).as_bytes());
    let mut colors = svg::Colors::default();
    let rows: Vec<svg::Row> = (0..height).map(|y| svg::row(parser.screen(), width, y, &mut colors)).collect();
    svg::picture((width, height), &colors, &(rows.join("\n") + "\n"))
}

/// The cells as they are written to a terminal.
fn written(cells: &Buffer) -> String {
    let mut out = String::new();
    for y in 0..cells.area.height {
        let _ = write!(out, "\x1b[{};1H", y + 1);
        for x in 0..cells.area.width {
            let Some(cell) = cells.cell((x, y)) else { continue };
            let style = cell.style();
            out.push_str("\x1b[0m");
            if style.add_modifier.contains(Modifier::BOLD) {
                out.push_str("\x1b[1m");
            }
            if style.add_modifier.contains(Modifier::REVERSED) {
                out.push_str("\x1b[7m");
            }
            for (ground, color) in [(38, style.fg), (48, style.bg)] {
                if let Some(Color::Rgb(r, g, b)) = color {
                    let _ = write!(out, "\x1b[{ground};2;{r};{g};{b}m");
                }
            }
            out.push_str(cell.symbol());
        }
    }
    out
}
