//! A program in a terminal of a given size: what it shows is what a person would see. For the examples that make pictures.

pub mod svg;

use portable_pty::{Child, CommandBuilder, PtySize, native_pty_system};
use std::error::Error;
use std::io::{Read, Write};
use std::num::NonZero;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use std::{env, thread};
use svg::{Colors, Row};

/// Between two looks at least.
const STEP: Duration = Duration::from_millis(60);

/// What is shown at an instant.
pub struct Look {
    /// The text, without its colours.
    pub text: String,
    /// The rows, as they are drawn.
    pub rows: Vec<Row>,
}

/// A terminal with a program in it.
pub struct Terminal {
    parser: Arc<Mutex<vt100::Parser>>,
    keys: Box<dyn Write + Send>,
    child: Box<dyn Child + Send + Sync>,
    size: (u16, u16),
}

impl Terminal {
    /// Starts `program` with `args` in a terminal of `size` columns and rows, in the dark theme, with a home of its own.
    ///
    /// # Errors
    /// Where there is no terminal to be had, or the program cannot be started.
    pub fn start(
        program: &Path,
        args: &[String],
        size: (u16, u16),
        home: &Path,
        folder: &Path,
    ) -> Result<Self, Box<dyn Error>> {
        let pty =
            native_pty_system().openpty(PtySize { rows: size.1, cols: size.0, pixel_width: 0, pixel_height: 0 })?;
        let mut command = CommandBuilder::new(program);
        command.args(args);
        command.cwd(folder);
        command.env_remove("NO_COLOR");
        for (name, value) in [("TERM", "xterm-256color"), ("COLORTERM", "truecolor"), ("CONCUR_TUTOR_THEME", "dark")] {
            command.env(name, value);
        }
        command.env("LANG", "C.UTF-8");
        command.env("XDG_STATE_HOME", home);
        command.env("XDG_DATA_HOME", home);
        let child = pty.slave.spawn_command(command)?;
        let parser =
            Arc::new(Mutex::new(vt100::Parser::new(NonZero::try_from(size.1)?, NonZero::try_from(size.0)?, 0)));
        let (mut reader, shared) = (pty.master.try_clone_reader()?, Arc::clone(&parser));
        thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let (Ok(count @ 1..), Ok(mut parser)) = (reader.read(&mut bytes), shared.lock()) {
                parser.process(&bytes[..count]);
            }
        });
        Ok(Self { parser, keys: pty.master.take_writer()?, child, size })
    }

    /// What is shown, a little later.
    ///
    /// # Errors
    /// Where the terminal's reader has failed.
    pub fn look(&self, colors: &mut Colors) -> Result<Look, Box<dyn Error>> {
        thread::sleep(STEP);
        let parser = self.parser.lock().map_err(|_| "the terminal's reader has failed")?;
        let screen = parser.screen();
        let rows = (0..self.size.1).map(|y| svg::row(screen, self.size.0, y, colors)).collect();
        Ok(Look { text: screen.contents(), rows })
    }

    /// Types these keys.
    ///
    /// # Errors
    /// Where the terminal is gone.
    pub fn press(&mut self, keys: &str) -> Result<(), Box<dyn Error>> {
        self.keys.write_all(keys.as_bytes())?;
        Ok(())
    }

    /// Leaves the program by `q`, and waits for its end.
    ///
    /// # Errors
    /// Where it cannot be waited for.
    pub fn leave(mut self) -> Result<(), Box<dyn Error>> {
        // Who has ended by itself takes no key.
        let _ = self.press("q");
        self.child.wait()?;
        Ok(())
    }
}

/// The program, as it lies beside the examples that this is one of.
///
/// # Errors
/// Where this example is not in a folder of the build.
pub fn built() -> Result<std::path::PathBuf, Box<dyn Error>> {
    Ok(env::current_exe()?.ancestors().nth(2).ok_or("no folder of the build")?.join("concur-tutor"))
}

/// Ends what takes longer than it can.
pub struct Deadline(Instant);

impl Deadline {
    /// In a minute and a half.
    #[must_use]
    pub fn soon() -> Self {
        Self(Instant::now() + Duration::from_secs(90))
    }

    /// # Errors
    /// Where the time is over: with what the screen shows.
    pub fn check(&self, look: &Look) -> Result<(), Box<dyn Error>> {
        if Instant::now() > self.0 {
            return Err(format!("it did not come to its end; the screen:\n{}", look.text).into());
        }
        Ok(())
    }
}
