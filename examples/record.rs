//! Records what a newcomer sees after the first key, from the real program in a terminal, as an animated SVG:
//!
//! ```sh
//! cargo build --release && cargo run --release --example record -- assets/first-key.svg [learn --python PATH]
//! ```
//!
//! Every frame is one that the program drew. A row of the terminal is written once for each look that it had, and shown
//! while it had it, so the file is small and needs no script. On a busy machine the runs show that: record on a quiet one.

mod terminal;

use std::error::Error;
use std::fmt::Write as _;
use std::time::Instant;
use std::{env, fs};
use terminal::svg::{Colors, Row, picture};
use terminal::{Deadline, Terminal, built};

/// Columns and rows of the terminal.
const SIZE: (u16, u16) = (100, 30);
/// How long the screen stands before the key, and at the end, in seconds.
const STANDS: (f64, f64) = (1.5, 6.0);

/// Seconds between two frames at least: with every one that the program draws the file is three times as large, and looks the same.
const APART: f64 = 0.12;

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
    let home = tempfile::tempdir()?;
    let args: Vec<String> = env::args().skip(2).collect();
    let mut terminal = Terminal::start(&built()?, &args, SIZE, home.path(), &env::current_dir()?)?;
    let mut colors = Colors::default();
    let deadline = Deadline::soon();
    let mut frames: Vec<Frame> = Vec::new();
    let mut pressed: Option<Instant> = None;
    loop {
        let look = terminal.look(&mut colors)?;
        let since = pressed.map(|at| STANDS.0 + at.elapsed().as_secs_f64());
        let has_ended = since.is_some() && look.text.contains("Why?");
        match since {
            None if look.text.contains("three ways") && look.text.contains("usable") => {
                frames.push((0.0, look.rows.clone()));
                terminal.press(" ")?;
                pressed = Some(Instant::now());
            }
            Some(now)
                if frames.last().is_none_or(|(at, rows)| *rows != look.rows && (now - at >= APART || has_ended)) =>
            {
                frames.push((now, look.rows.clone()));
            }
            _ => {}
        }
        if has_ended {
            break;
        }
        deadline.check(&look)?;
    }
    terminal.leave()?;
    Ok((frames, colors))
}

/// The frames as one picture: each look of a row is shown while the row had it.
fn animated(frames: &[Frame], colors: &Colors) -> Result<String, Box<dyn Error>> {
    let end = frames.last().ok_or("nothing was recorded")?.0 + STANDS.1;
    let mut out = String::new();
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
    Ok(picture(SIZE, colors, &out))
}
