//! Records what a newcomer sees after the first key, from the real program in a terminal, as an animated SVG:
//!
//! ```sh
//! cargo build --release && cargo run --release --example record -- assets/first-key.svg [learn --python PATH]
//! ```
//!
//! Every frame is one that the program drew. A row of the terminal is written once for each look that it had, and shown
//! while it had it, so the file is small and needs no script. On a busy machine the runs show that: record on a quiet one.

use portable_pty::{CommandBuilder, PtySize, native_pty_system};
use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;
use std::io::{Read, Write};
use std::num::NonZero;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

/// Columns and rows of the terminal.
const SIZE: (u16, u16) = (100, 30);
/// A cell, in pixels.
const CELL: (f64, f64) = (8.4, 18.0);
/// Around the cells, in pixels.
const MARGIN: f64 = 12.0;
/// Between two frames at least.
const STEP: Duration = Duration::from_millis(60);
/// How long the screen stands before the key, and at the end, in seconds.
const STANDS: (f64, f64) = (1.5, 6.0);
/// What takes longer has failed.
const DEADLINE: Duration = Duration::from_mins(1);
/// The terminal's own colours.
const GROUND: &str = "#181818";
const INK: &str = "#d8d8d8";

/// A row of the terminal, as it is drawn.
type Row = String;

/// A frame: when it was seen, in seconds, and its rows.
type Frame = (f64, Vec<Row>);

fn main() -> Result<(), Box<dyn Error>> {
    let out = env::args().nth(1).ok_or("name the file to write")?;
    let (frames, colors) = record()?;
    let svg = animated(&frames, &colors)?;
    println!("{} frames, {} bytes", frames.len(), svg.len());
    fs::write(out, svg)?;
    Ok(())
}

/// Opens the program, presses the key, and looks until the last run has ended.
fn record() -> Result<(Vec<Frame>, Colors), Box<dyn Error>> {
    let program = env::current_exe()?.ancestors().nth(2).ok_or("no folder of the build")?.join("concur-tutor");
    let state = tempfile::tempdir()?;
    let pty = native_pty_system().openpty(PtySize { rows: SIZE.1, cols: SIZE.0, pixel_width: 0, pixel_height: 0 })?;
    let mut command = CommandBuilder::new(program);
    command.args(env::args().skip(2));
    command.env_remove("NO_COLOR");
    for (name, value) in [("TERM", "xterm-256color"), ("COLORTERM", "truecolor"), ("CONCUR_TUTOR_THEME", "dark")] {
        command.env(name, value);
    }
    command.env("LANG", "C.UTF-8");
    command.env("XDG_STATE_HOME", state.path());
    let mut child = pty.slave.spawn_command(command)?;
    let terminal = Arc::new(Mutex::new(vt100::Parser::new(NonZero::try_from(SIZE.1)?, NonZero::try_from(SIZE.0)?, 0)));
    let (mut reader, shared) = (pty.master.try_clone_reader()?, Arc::clone(&terminal));
    thread::spawn(move || {
        let mut bytes = [0; 4096];
        while let (Ok(count @ 1..), Ok(mut parser)) = (reader.read(&mut bytes), shared.lock()) {
            parser.process(&bytes[..count]);
        }
    });
    let mut keys = pty.master.take_writer()?;
    let mut colors = Colors::default();
    let look = |colors: &mut Colors| -> Result<(String, Vec<Row>), Box<dyn Error>> {
        thread::sleep(STEP);
        let parser = terminal.lock().map_err(|_| "the terminal's reader has failed")?;
        let screen = parser.screen();
        Ok((screen.contents(), (0..SIZE.1).map(|y| row(screen, y, colors)).collect()))
    };
    let begin = Instant::now();
    let mut frames: Vec<Frame> = Vec::new();
    let mut pressed: Option<Instant> = None;
    loop {
        let (text, rows) = look(&mut colors)?;
        match pressed {
            None if text.contains("three ways") && text.contains("usable") => {
                frames.push((0.0, rows));
                keys.write_all(b" ")?;
                pressed = Some(Instant::now());
            }
            Some(at) if frames.last().is_none_or(|(_, last)| *last != rows) => {
                frames.push((STANDS.0 + at.elapsed().as_secs_f64(), rows));
            }
            _ => {}
        }
        if pressed.is_some() && text.contains("Why?") {
            break;
        }
        if begin.elapsed() > DEADLINE {
            return Err(format!("it did not come to its end; the screen:\n{text}").into());
        }
    }
    keys.write_all(b"q")?;
    child.wait()?;
    Ok((frames, colors))
}

/// The colours that occur, each a class of its own.
#[derive(Default)]
struct Colors(BTreeMap<String, usize>);

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
fn row(screen: &vt100::Screen, y: u16, colors: &mut Colors) -> Row {
    let (mut shapes, mut text): (BTreeMap<(u8, usize), String>, Vec<Text>) = (BTreeMap::new(), Vec::new());
    let top = f64::from(y) * CELL.1;
    for x in 0..SIZE.0 {
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

/// The frames as one picture: each look of a row is shown while the row had it.
fn animated(frames: &[Frame], colors: &Colors) -> Result<String, Box<dyn Error>> {
    let end = frames.last().ok_or("nothing was recorded")?.0 + STANDS.1;
    let size = [f64::from(SIZE.0) * CELL.0, f64::from(SIZE.1) * CELL.1].map(|side| side + 2.0 * MARGIN);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {:.0} {:.0}\" font-family=\"ui-monospace, 'DejaVu Sans Mono', \
         Menlo, Consolas, monospace\" font-size=\"14\">\n<style>.b{{font-weight:bold}}text{{white-space:pre}}",
        size[0], size[1]
    );
    for (color, class) in &colors.0 {
        write!(out, ".c{class}{{fill:{color}}}")?;
    }
    writeln!(out, "</style>\n<rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"{GROUND}\"/>")?;
    writeln!(out, "<g transform=\"translate({MARGIN} {MARGIN})\">")?;
    for y in 0..usize::from(SIZE.1) {
        // The looks of this row, in order, each with the times at which it begins and ends.
        let mut looks: Vec<(&Row, f64, f64)> = Vec::new();
        for (at, rows) in frames {
            match looks.last_mut() {
                Some(last) if last.0 == &rows[y] => {}
                last => {
                    if let Some(last) = last {
                        last.2 = *at;
                    }
                    looks.push((&rows[y], *at, end));
                }
            }
        }
        let all = looks.len();
        for (place, (look, from, to)) in looks.into_iter().enumerate().filter(|(_, (look, ..))| !look.is_empty()) {
            let (from, to) = (from / end, to / end);
            let (values, times) = match (place == 0, place + 1 == all) {
                (true, true) => (String::new(), String::new()),
                (true, false) => ("inline;none".to_owned(), format!("0;{to:.4}")),
                (false, true) => ("none;inline".to_owned(), format!("0;{from:.4}")),
                (false, false) => ("none;inline;none".to_owned(), format!("0;{from:.4};{to:.4}")),
            };
            // Who does not animate shows the last frame.
            let hidden = if place + 1 == all { "" } else { " display=\"none\"" };
            write!(out, "<g{hidden}>{look}")?;
            if !values.is_empty() {
                write!(
                    out,
                    "<animate attributeName=\"display\" values=\"{values}\" keyTimes=\"{times}\" dur=\"{end:.2}s\" \
                     calcMode=\"discrete\" repeatCount=\"indefinite\"/>"
                )?;
            }
            out.push_str("</g>\n");
        }
    }
    out.push_str("</g>\n</svg>\n");
    Ok(out)
}
