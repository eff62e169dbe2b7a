//! A program in a pseudo-terminal, timed from outside: what it draws, frame by frame.

#![allow(dead_code, reason = "each benchmark uses a part of it")]
#![allow(clippy::allow_attributes, reason = "an expectation would fail in the benchmark that uses everything")]

use nix::time::{clock_getcpuclockid, clock_gettime};
use nix::unistd::Pid;
use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use std::io::{Read, Write};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::{Duration, Instant};

/// How long anything may take.
const DEADLINE: Duration = Duration::from_mins(2);
/// What ends a frame: the end of a synchronised update, which btop writes too.
pub const FRAME_END: &[u8] = b"\x1b[?2026l";

/// What the program has drawn so far.
pub struct Drawn {
    /// What the terminal shows.
    parser: vt100::Parser,
    /// The last bytes, where the end of a frame may have begun.
    tail: Vec<u8>,
    /// Frames that are complete.
    pub frames: usize,
    /// When the last of them was.
    pub at: Option<Instant>,
    /// It has closed the terminal.
    ended: bool,
}

/// A program in a terminal.
pub struct Terminal {
    child: Box<dyn Child + Send + Sync>,
    _master: Box<dyn MasterPty + Send>,
    keys: Box<dyn Write + Send>,
    drawn: Arc<(Mutex<Drawn>, Condvar)>,
    /// When it was started.
    pub began: Instant,
    _state: tempfile::TempDir,
}

impl Terminal {
    /// Starts a program in a terminal of this many columns and rows.
    pub fn open(program: &str, arguments: &[&str], size: (u16, u16)) -> Terminal {
        let size_of = PtySize { rows: size.1, cols: size.0, pixel_width: 0, pixel_height: 0 };
        let pty = native_pty_system().openpty(size_of).expect("a pseudo-terminal");
        let state = tempfile::tempdir().expect("a temporary directory");
        let mut command = CommandBuilder::new(program);
        command.args(arguments);
        for name in ["COLORTERM", "TERM_PROGRAM", "VTE_VERSION", "KITTY_WINDOW_ID", "NO_COLOR", "LC_ALL"] {
            command.env_remove(name);
        }
        command.env("TERM", "xterm-256color");
        command.env("LANG", "C.UTF-8");
        command.env("XDG_STATE_HOME", state.path());
        command.env("XDG_CONFIG_HOME", state.path());
        let cells = |count: u16| std::num::NonZero::new(count).expect("a screen has cells");
        let parser = vt100::Parser::new(cells(size.1), cells(size.0), 0);
        let drawn = Drawn { parser, tail: Vec::new(), frames: 0, at: None, ended: false };
        let drawn = Arc::new((Mutex::new(drawn), Condvar::new()));
        let (mut reader, theirs) = (pty.master.try_clone_reader().expect("a reader"), Arc::clone(&drawn));
        std::thread::spawn(move || {
            let mut bytes = vec![0; 64 * 1024];
            loop {
                let count = reader.read(&mut bytes).unwrap_or(0);
                let mut drawn = lock(&theirs);
                drawn.take(&bytes[..count]);
                drawn.ended = count == 0;
                theirs.1.notify_all();
                if count == 0 {
                    return;
                }
            }
        });
        let keys = pty.master.take_writer().expect("a writer");
        let began = Instant::now();
        let child = pty.slave.spawn_command(command).expect("the program starts");
        drop(pty.slave);
        Terminal { child, _master: pty.master, keys, drawn, began, _state: state }
    }

    /// The tutor.
    pub fn tutor(arguments: &[&str], size: (u16, u16)) -> Terminal {
        Terminal::open(env!("CARGO_BIN_EXE_concur-tutor"), arguments, size)
    }

    /// Presses keys; returns when.
    pub fn press(&mut self, keys: &str) -> Instant {
        let at = Instant::now();
        self.keys.write_all(keys.as_bytes()).expect("the terminal takes keys");
        self.keys.flush().expect("the terminal takes keys");
        at
    }

    /// Waits until `is` holds for what was drawn; returns the number of complete frames and when the last one was: when the
    /// program was started, where there is none.
    pub fn until(&self, is: impl Fn(&Drawn) -> bool) -> (usize, Instant) {
        let drawn = lock(&self.drawn);
        let waited = self.drawn.1.wait_timeout_while(drawn, DEADLINE, |d| !d.ended && !is(d));
        let (drawn, _) = waited.expect("no reader panics");
        assert!(is(&drawn), "waited in vain; the screen shows:\n{}", drawn.parser.screen().contents());
        (drawn.frames, drawn.at.unwrap_or(self.began))
    }

    /// Waits until a frame shows this text.
    pub fn until_text(&self, text: &str) -> (usize, Instant) {
        self.until(|drawn| drawn.shows(text))
    }

    /// Frames drawn so far.
    pub fn frames(&self) -> usize {
        lock(&self.drawn).frames
    }

    /// The CPU time of all threads of the program, without its children.
    pub fn cpu(&self) -> Duration {
        let pid = Pid::from_raw(self.pid().cast_signed());
        let clock = clock_getcpuclockid(pid).expect("the program runs");
        clock_gettime(clock).expect("the program runs").into()
    }

    /// A number of `/proc/PID/status`, in KiB.
    pub fn status_kib(&self, field: &str) -> u64 {
        let text = std::fs::read_to_string(format!("/proc/{}/status", self.pid())).expect("the program runs");
        let line = text.lines().find_map(|line| line.strip_prefix(field)?.strip_prefix(':'));
        line.and_then(|rest| rest.split_whitespace().next()?.parse().ok()).expect("the kernel tells it")
    }

    fn pid(&self) -> u32 {
        self.child.process_id().expect("the program runs")
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drawn {
    fn take(&mut self, bytes: &[u8]) {
        let now = Instant::now();
        self.tail.extend_from_slice(bytes);
        let ends = self.tail.windows(FRAME_END.len()).filter(|window| *window == FRAME_END).count();
        let keep = self.tail.len().saturating_sub(FRAME_END.len() - 1);
        self.tail.drain(..keep);
        self.parser.process(bytes);
        if ends > 0 {
            self.frames += ends;
            self.at = Some(now);
        }
    }

    /// Whether the screen shows this text.
    pub fn shows(&self, text: &str) -> bool {
        self.parser.screen().contents().contains(text)
    }
}

fn lock(drawn: &Arc<(Mutex<Drawn>, Condvar)>) -> MutexGuard<'_, Drawn> {
    drawn.0.lock().expect("no reader panics")
}
