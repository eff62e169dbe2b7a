//! Makes the pictures of the pages in `docs/`, from real runs of the real program in a terminal:
//!
//! ```sh
//! scripts/pictures            # builds the program, and makes all of them
//! cargo run --release --example pictures -- docs/pictures [PROGRAM [NAME]...]
//! ```
//!
//! A picture is what the program drew once its last key was pressed and its words were there. On a busy machine it shows that.

mod terminal;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};
use terminal::svg::{Colors, picture};
use terminal::{Deadline, Terminal, built};

/// What is done in a terminal, one after the other.
enum Step {
    /// Looks until this is on the screen.
    Until(&'static str),
    /// Types this.
    Press(&'static str),
}

use Step::{Press, Until};

/// A picture: its name, its size in columns and rows, the command line, and how to get there.
struct Picture {
    name: &'static str,
    size: (u16, u16),
    args: &'static [&'static str],
    steps: &'static [Step],
}

const RIGHT: &str = "\x1b[C";
const LEFT: &str = "\x1b[D";
const DOWN: &str = "\x1b[B";

/// The GIL's lesson, at its second page, with both runs made.
const TWO_RUNS: [Step; 8] = [
    Until("usable"),
    Press(RIGHT),
    Until("page 2"),
    Press(" "),
    Until("Before you run it"),
    Press("3"),
    Until("▸ threads"),
    Until("■ ended"),
];

/// The same, with the cursor on it.
const INSPECTED: [Step; 12] = {
    let [a, b, c, d, e, f, g, h] = TWO_RUNS;
    [a, b, c, d, e, f, g, h, Press("t"), Until("page"), Press(DOWN), Press(LEFT)]
};

const PICTURES: &[Picture] = &[
    Picture { name: "map", size: (100, 30), args: &[], steps: &[Until("usable")] },
    Picture { name: "lesson", size: (116, 36), args: &["learn", "gil"], steps: &TWO_RUNS },
    Picture { name: "inspect", size: (116, 36), args: &["learn", "gil"], steps: &INSPECTED },
    Picture {
        name: "watch",
        size: (116, 38),
        args: &["watch", "report.py"],
        steps: &[Until("■ ended"), Until("held")],
    },
    Picture {
        name: "compare",
        size: (116, 34),
        args: &["learn", "gil"],
        steps: &[Until("usable"), Press("c"), Until("saved"), Until("esc back")],
    },
];

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = env::args().skip(1);
    let folder = PathBuf::from(args.next().ok_or("name the folder of the pictures")?);
    let program = args.next().map_or_else(built, |program| Ok(fs::canonicalize(program)?))?;
    let wanted: Vec<String> = args.collect();
    let scripts = fs::canonicalize(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/examples"))?;
    for picture in PICTURES.iter().filter(|picture| wanted.is_empty() || wanted.iter().any(|name| name == picture.name))
    {
        let svg = made(picture, &program, &scripts).map_err(|error| format!("{}: {error}", picture.name))?;
        println!("{}: {} bytes", picture.name, svg.len());
        fs::write(folder.join(picture.name).with_extension("svg"), svg)?;
    }
    Ok(())
}

fn made(wanted: &Picture, program: &Path, folder: &Path) -> Result<String, Box<dyn Error>> {
    let home = tempfile::tempdir()?;
    let args: Vec<String> = wanted.args.iter().map(|word| (*word).to_owned()).collect();
    let mut terminal = Terminal::start(program, &args, wanted.size, home.path(), folder)?;
    let deadline = Deadline::soon();
    for step in wanted.steps {
        loop {
            let look = terminal.look(&mut Colors::default())?;
            let holds = match step {
                Until(words) => look.text.contains(words),
                Press(_) => true,
            };
            if holds {
                break;
            }
            deadline.check(&look)?;
        }
        if let Press(keys) = step {
            terminal.press(keys)?;
        }
    }
    // What is still to be drawn is drawn once two looks are the same.
    let (mut last, mut colors) = (Vec::new(), Colors::default());
    loop {
        let mut own = Colors::default();
        let look = terminal.look(&mut own)?;
        if look.rows == last {
            terminal.leave()?;
            return Ok(picture(wanted.size, &colors, &(last.join("\n") + "\n")));
        }
        deadline.check(&look)?;
        (last, colors) = (look.rows, own);
    }
}
