//! The terminal's guard: raw mode, the alternate screen and mouse reports are given back on drop, on a panic, on a
//! signal and before the tutor is suspended.

use crate::app::shell::panic;
use crossterm::cursor::{Hide, Show};
use crossterm::event::{DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture};
use crossterm::execute;
use crossterm::terminal::{
    Clear, ClearType, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use ratatui::backend::CrosstermBackend;
use ratatui::layout::Rect;
use ratatui::{Terminal, TerminalOptions, Viewport};
use std::io::{self, BufWriter, Stdout, Write};
use std::mem::ManuallyDrop;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether the terminal is ours now. One terminal, so one flag: the panic hook needs to know too.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// What the system says of a terminal that has gone away: `EIO`.
pub const GONE: i32 = 5;

/// Where frames are drawn: standard output, a frame at a time. Never dropped: ratatui would show the cursor again, which
/// the guard does, and panic where the terminal is gone.
pub type Screen = ManuallyDrop<Terminal<CrosstermBackend<BufWriter<Stdout>>>>;

/// Holds the terminal; dropping it gives the terminal back.
#[derive(Debug)]
pub struct Guard(());

impl Guard {
    /// Takes the terminal and has a panic give it back before the panic's message is printed.
    ///
    /// # Errors
    /// If the terminal cannot be put into raw mode.
    pub fn take() -> io::Result<(Guard, Screen)> {
        panic::hook(|| {
            let ours = TAKEN.load(Ordering::SeqCst);
            restore();
            ours
        });
        let guard = Guard(());
        enter()?;
        Ok((guard, blank()?))
    }

    /// Gives the terminal back, to take it again with [`Guard::resume`].
    pub fn suspend(&self) {
        restore();
    }

    /// Takes the terminal again. The next frame is drawn whole.
    ///
    /// # Errors
    /// If the terminal cannot be put into raw mode.
    pub fn resume(&self, screen: &mut Screen) -> io::Result<()> {
        let _ours = io::stdout().lock();
        if TAKEN.load(Ordering::SeqCst) {
            // Somebody else stopped us, and the shell has changed the terminal since: crossterm does not know.
            disable_raw_mode()?;
        }
        enter()?;
        // Not `Terminal::clear`: that asks the terminal for its cursor and waits for an answer.
        execute!(io::stdout(), Clear(ClearType::All))?;
        *screen = blank()?;
        Ok(())
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        restore();
    }
}

/// A screen that knows nothing of what the terminal shows: its first frame is drawn whole.
fn blank() -> io::Result<Screen> {
    let backend = CrosstermBackend::new(BufWriter::with_capacity(1 << 16, io::stdout()));
    // Fixed, since we fit it ourselves: ratatui would ask for the size anew in every frame.
    let screen = Terminal::with_options(backend, TerminalOptions { viewport: Viewport::Fixed(area()?) })?;
    Ok(ManuallyDrop::new(screen))
}

/// Fits the screen to the size that the terminal has now, which may be ahead of the message that tells it.
///
/// # Errors
/// If the size is not to be had, or the terminal cannot be cleared.
pub fn fit(screen: &mut Screen) -> io::Result<Rect> {
    let now = area()?;
    if screen.get_frame().area() != now {
        screen.resize(now)?;
    }
    Ok(now)
}

/// Asks the terminal to put a text into the clipboard (OSC 52). One that does not know how ignores it: nothing comes back
/// either way.
///
/// # Errors
/// If the terminal cannot be written to.
pub fn copy(text: &str, screen: &mut Screen) -> io::Result<()> {
    use base64::Engine;
    let encoded = base64::engine::general_purpose::STANDARD.encode(text);
    // Ended by BEL, which older terminals know too.
    let backend = screen.backend_mut();
    write!(backend, "\x1b]52;c;{encoded}\x07")?;
    Write::flush(backend)
}

/// The whole terminal. Asked of standard output where that is one: crossterm opens the terminal anew for each question.
fn area() -> io::Result<Rect> {
    let (columns, rows) = stdout_size().map_or_else(crossterm::terminal::size, Ok)?;
    Ok(Rect::new(0, 0, columns, rows))
}

/// Columns and rows of the terminal that standard output is, where it is one.
#[cfg(unix)]
pub fn stdout_size() -> Option<(u16, u16)> {
    // SAFETY: the request fills in a window size, and all zeros are one.
    let (answer, size) = unsafe {
        let mut size: libc::winsize = std::mem::zeroed();
        (libc::ioctl(libc::STDOUT_FILENO, libc::TIOCGWINSZ, &raw mut size), size)
    };
    (answer == 0 && size.ws_col > 0 && size.ws_row > 0).then_some((size.ws_col, size.ws_row))
}

/// Columns and rows of the terminal that standard output is, where it is one.
#[cfg(not(unix))]
pub fn stdout_size() -> Option<(u16, u16)> {
    None
}

fn enter() -> io::Result<()> {
    // Whoever gives the terminal back for good keeps the lock: nobody takes it again after that.
    let _ours = io::stdout().lock();
    enable_raw_mode()?;
    TAKEN.store(true, Ordering::SeqCst);
    execute!(io::stdout(), EnterAlternateScreen, Hide, EnableMouseCapture)?;
    // A console that cannot tell what is pasted from what is typed is good enough.
    let _ = execute!(io::stdout(), EnableBracketedPaste);
    Ok(())
}

/// Gives the terminal back if it is ours. Errors are of no use here: what can be restored is restored.
pub fn restore() {
    if TAKEN.swap(false, Ordering::SeqCst) {
        let mut out = io::stdout();
        let _ = execute!(out, DisableBracketedPaste);
        let _ = execute!(out, DisableMouseCapture, LeaveAlternateScreen, Show);
        let _ = out.flush();
        let _ = disable_raw_mode();
    }
}
