//! Another program that has the terminal while it runs: the learner's editor, or `concur-tutor setup`.

use crate::app::shell::line_input;
use std::io::{self, IsTerminal, Write};
use std::process::{Child, Command};
use std::sync::atomic::{AtomicI32, Ordering};

/// The program that has the terminal now, 0 for none: what signals mean depends on it.
static RUNNING: AtomicI32 = AtomicI32::new(0);

/// The process id of the program that has the terminal now.
pub fn running() -> Option<i32> {
    Some(RUNNING.load(Ordering::Acquire)).filter(|pid| *pid != 0)
}

/// Runs a program to its end; what it is (`the editor`) stands in what is said of it. What is to be said where it did not end
/// well.
///
/// # Errors
/// Where it cannot be started, in words for the learner.
pub fn run(mut command: Command, what: &str) -> Result<Option<String>, String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let mut child: Child = command.spawn().map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => format!("{what} `{name}` was not found: name another one in $EDITOR"),
        _ => format!("{what} `{name}` cannot be started: {error}"),
    })?;
    RUNNING.store(child.id().cast_signed(), Ordering::Release);
    let ended = child.wait();
    RUNNING.store(0, Ordering::Release);
    let status = ended.map_err(|error| format!("{what} `{name}`: {error}"))?;
    Ok((!status.success()).then(|| format!("{name} ended with {status}")))
}

/// Runs `concur-tutor setup`, which asks before it does anything, and leaves what it said until the learner goes on.
pub fn setup() {
    let ended = std::env::current_exe().map_err(|error| error.to_string()).and_then(|tutor| {
        let mut command = Command::new(tutor);
        command.arg("setup");
        run(command, "the tutor")
    });
    if let Err(why) = ended {
        eprintln!("concur-tutor: {why}");
    }
    if io::stdin().is_terminal() {
        print!("\nenter goes back to the lesson ");
        let _ = io::stdout().flush();
        wait_for_line();
    }
}

/// Waits for the end of a line, or of the input.
fn wait_for_line() {
    let mut line = [0; 256];
    loop {
        match line_input::read(&mut line) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Ok(count @ 1..) if line[count - 1] != b'\n' => {}
            _ => return,
        }
    }
}
