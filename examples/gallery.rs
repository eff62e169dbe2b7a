//! Prints a view of a fixture, to look at it without a run: `gallery VIEW [FIXTURE [WIDTHxHEIGHT [THEME]]]`.
//!
//! THEME is `dark`, `light`, `plain`, `ascii`, `256` or `16`. Without arguments it lists the views and the fixtures.

#[path = "../src/view/fixtures.rs"]
#[expect(dead_code, reason = "the gallery asks for scenarios by name")]
mod fixtures;
#[path = "../src/view/gallery.rs"]
mod gallery;

use concur_tutor::inside::view::{Background, ColorDepth, Theme};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier};
use std::fmt::Write as _;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let arg = |n: usize, or: &'static str| args.get(n).map_or(or, String::as_str);
    let (view, fixture, size, look) = (arg(0, ""), arg(1, "gil"), arg(2, "100x30"), arg(3, "dark"));
    let mut views = gallery::OF_A_TRACE.into_iter().chain(gallery::OTHERS);
    let Some((_, draw)) = views.clone().find(|(name, _)| *name == view) else {
        println!("views: {}", views.by_ref().map(|(name, _)| name).collect::<Vec<_>>().join(" "));
        println!("fixtures: {}", fixtures::all().into_iter().map(|(name, _)| name).collect::<Vec<_>>().join(" "));
        return;
    };
    let (width, height) = size.split_once('x').expect("a size such as 100x30");
    let area = Rect::new(0, 0, width.parse().expect("a width"), height.parse().expect("a height"));
    let theme = match look {
        "light" => Theme::light(),
        "plain" => Theme::plain(),
        "ascii" => Theme::dark().ascii(),
        "256" => Theme::new(Background::Dark, ColorDepth::Ansi256, true),
        "16" => Theme::new(Background::Dark, ColorDepth::Ansi16, true),
        _ => Theme::dark(),
    };
    let trace = fixtures::all().into_iter().find(|(name, _)| *name == fixture).expect("a fixture").1;
    let mut buf = Buffer::empty(area);
    draw(&trace, &theme, area, &mut buf);
    print!("{}", ansi(&buf, look == "light"));
}

/// A buffer as text with escape sequences; on a light ground where asked for, as a light terminal would show it.
fn ansi(buf: &Buffer, light: bool) -> String {
    let mut out = String::new();
    for y in 0..buf.area.height {
        for x in 0..buf.area.width {
            let cell = &buf[(x, y)];
            out.push_str("\x1b[0m");
            let (mut fg, mut bg) = (cell.fg, cell.bg);
            if light {
                fg = if fg == Color::Reset { Color::Rgb(30, 30, 30) } else { fg };
                bg = if bg == Color::Reset { Color::Rgb(255, 255, 255) } else { bg };
            }
            for (color, base) in [(fg, 38), (bg, 48)] {
                match color {
                    Color::Rgb(r, g, b) => write!(out, "\x1b[{base};2;{r};{g};{b}m").expect("a string takes it"),
                    Color::Indexed(i) => write!(out, "\x1b[{base};5;{i}m").expect("a string takes it"),
                    other => write!(out, "{}", named(other, base)).expect("a string takes it"),
                }
            }
            let modifiers = [
                (Modifier::BOLD, 1),
                (Modifier::DIM, 2),
                (Modifier::ITALIC, 3),
                (Modifier::UNDERLINED, 4),
                (Modifier::REVERSED, 7),
            ];
            for (modifier, code) in modifiers {
                if cell.modifier.contains(modifier) {
                    write!(out, "\x1b[{code}m").expect("a string takes it");
                }
            }
            out.push_str(cell.symbol());
        }
        out.push_str("\x1b[0m\n");
    }
    out
}

/// The escape of one of the sixteen colours.
fn named(color: Color, base: u16) -> String {
    use Color::{
        Black, Blue, Cyan, DarkGray, Gray, Green, LightBlue, LightCyan, LightGreen, LightMagenta, LightRed,
        LightYellow, Magenta, Red, White, Yellow,
    };
    let all = [
        Black,
        Red,
        Green,
        Yellow,
        Blue,
        Magenta,
        Cyan,
        Gray,
        DarkGray,
        LightRed,
        LightGreen,
        LightYellow,
        LightBlue,
        LightMagenta,
        LightCyan,
        White,
    ];
    all.iter().position(|c| *c == color).map_or_else(String::new, |i| format!("\x1b[{base};5;{i}m"))
}
