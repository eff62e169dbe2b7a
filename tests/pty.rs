//! The real binary in a real pseudo-terminal: what a learner sees, and what is left of the terminal afterwards.
#![cfg(unix)]

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use std::io::{Read, Write};
use std::num::NonZero;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

/// How long a condition may take on a busy machine. Nothing here is about speed.
const DEADLINE: Duration = Duration::from_mins(1);

/// The terminal's state, and a signal when it changes.
type Shared = Arc<(Mutex<vt100::Parser<Clipboard>>, Condvar)>;

/// What the app has put into the clipboard last, encoded.
#[derive(Default)]
struct Clipboard(Vec<u8>);

impl vt100::Callbacks for Clipboard {
    fn copy_to_clipboard(&mut self, _: &mut vt100::Screen, _: &[u8], data: &[u8]) {
        self.0 = data.to_vec();
    }
}

/// The app in a terminal.
struct App {
    child: Box<dyn Child + Send + Sync>,
    master: Box<dyn MasterPty + Send>,
    keys: Box<dyn Write + Send>,
    terminal: Shared,
    /// The home of this run's state; removed at the end.
    state: tempfile::TempDir,
}

impl App {
    fn open(arguments: &[&str]) -> App {
        Self::open_in(tempfile::tempdir().unwrap(), arguments, (120, 40))
    }

    fn open_in(state: tempfile::TempDir, arguments: &[&str], size: (u16, u16)) -> App {
        Self::open_program(Path::new(env!("CARGO_BIN_EXE_concur-tutor")), state, arguments, size)
    }

    fn open_program(program: &Path, state: tempfile::TempDir, arguments: &[&str], size: (u16, u16)) -> App {
        let pty = native_pty_system().openpty(pty_size(size)).unwrap();
        let mut command = CommandBuilder::new(program);
        command.args(arguments);
        for name in ["COLORTERM", "TERM_PROGRAM", "VTE_VERSION", "KITTY_WINDOW_ID", "NO_COLOR", "LC_ALL"] {
            command.env_remove(name);
        }
        command.env("TERM", "xterm-256color");
        command.env("LANG", "C.UTF-8");
        command.env("XDG_STATE_HOME", state.path());
        command.env("XDG_DATA_HOME", state.path());
        command.env_remove("VISUAL");
        // An editor of the test's own, where it has put one.
        command.env("EDITOR", format!("{} 'two words'", state.path().join("editor").display()));
        let child = pty.slave.spawn_command(command).unwrap();
        drop(pty.slave);
        let parser = vt100::Parser::new_with_callbacks(cells(size.1), cells(size.0), 0, Clipboard::default());
        let terminal: Shared = Arc::new((Mutex::new(parser), Condvar::new()));
        let (mut reader, shared) = (pty.master.try_clone_reader().unwrap(), Arc::clone(&terminal));
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(count @ 1..) = reader.read(&mut bytes) {
                shared.0.lock().unwrap().process(&bytes[..count]);
                shared.1.notify_all();
            }
        });
        let keys = pty.master.take_writer().unwrap();
        App { child, master: pty.master, keys, terminal, state }
    }

    fn press(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).unwrap();
        self.keys.flush().unwrap();
    }

    /// Waits until the screen is as described.
    fn until(&self, what: &str, is: impl Fn(&vt100::Screen) -> bool) {
        let (parser, changed) = &*self.terminal;
        let (parser, timeout) =
            changed.wait_timeout_while(parser.lock().unwrap(), DEADLINE, |p| !is(p.screen())).unwrap();
        assert!(!timeout.timed_out(), "waited for {what}; the screen shows:\n{}", parser.screen().contents());
    }

    fn until_text(&self, text: &str) {
        self.until(text, |screen| screen.contents().contains(text));
    }

    fn resize(&self, size: (u16, u16)) {
        self.terminal.0.lock().unwrap().screen_mut().set_size(cells(size.1), cells(size.0));
        self.master.resize(pty_size(size)).unwrap();
    }

    fn pid(&self) -> u32 {
        self.child.process_id().unwrap()
    }

    fn signal(&self, signal: nix::sys::signal::Signal) {
        let pid = nix::unistd::Pid::from_raw(i32::try_from(self.pid()).unwrap());
        nix::sys::signal::kill(pid, signal).unwrap();
    }

    /// Waits for the end; the terminal must be as it was before.
    fn ends_with(mut self, code: u32) {
        let began = Instant::now();
        let status = wait_for(|| self.child.try_wait().unwrap());
        assert_eq!(status.exit_code(), code, "after {:?}", began.elapsed());
        self.until("the terminal given back", restored);
    }
}

fn restored(screen: &vt100::Screen) -> bool {
    !screen.alternate_screen()
        && !screen.hide_cursor()
        && screen.mouse_protocol_mode() == vt100::MouseProtocolMode::None
}

fn cells(count: u16) -> NonZero<u16> {
    NonZero::new(count).unwrap()
}

const fn pty_size((cols, rows): (u16, u16)) -> PtySize {
    PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }
}

/// Asks again and again until there is an answer.
fn wait_for<T>(mut answer: impl FnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(value) = answer() {
            return value;
        }
        assert!(began.elapsed() < DEADLINE, "waited in vain");
        std::thread::yield_now();
    }
}

#[test]
fn a_learner_opens_a_lesson_and_leaves() {
    let mut app = App::open(&[]);
    app.until_text("Welcome");
    app.until_text("enter open");
    assert!(app.terminal.0.lock().unwrap().screen().alternate_screen());
    app.press("j\r");
    app.until_text("2 The GIL");
    app.press("q");
    app.ends_with(0);
}

#[test]
fn the_lesson_named_on_the_command_line_opens() {
    for name in ["02-gil", "gil", "2"] {
        let mut app = App::open(&["learn", name]);
        app.until_text("2 The GIL");
        app.until_text("page 1 of");
        app.press("\u{3}");
        app.ends_with(0);
    }
}

#[test]
fn an_unknown_lesson_is_named_before_the_screen_is_taken() {
    let app = App::open(&["learn", "gill"]);
    app.until_text("did you mean");
    app.ends_with(2);
}

#[test]
fn a_terminal_of_one_cell_and_back() {
    let mut app = App::open(&["learn", "gil"]);
    app.until_text("page 1 of");
    app.resize((1, 1));
    app.resize((40, 10));
    app.until_text("60×15");
    app.resize((80, 24));
    app.until_text("space run");
    app.press("q");
    app.ends_with(0);
}

#[test]
fn signals_give_the_terminal_back() {
    use nix::sys::signal::Signal::{SIGHUP, SIGINT, SIGTERM};
    for signal in [SIGTERM, SIGHUP, SIGINT] {
        let app = App::open(&[]);
        app.until_text("enter open");
        app.signal(signal);
        app.ends_with(128 + u32::try_from(signal as i32).unwrap());
    }
}

/// Nobody tells a program of another session that its terminal has gone.
#[test]
fn a_terminal_that_goes_away_ends_the_tutor_in_any_session() {
    let pty = native_pty_system().openpty(pty_size((120, 40))).unwrap();
    let slave = std::fs::File::options().read(true).write(true).open(pty.master.tty_name().unwrap()).unwrap();
    let state = tempfile::tempdir().unwrap();
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_concur-tutor"));
    command.env("TERM", "xterm-256color").env("XDG_STATE_HOME", state.path());
    let fd = || std::process::Stdio::from(slave.try_clone().unwrap());
    let mut child = command.stdin(fd()).stdout(fd()).stderr(fd()).spawn().unwrap();
    drop((command, slave, pty.slave));
    let (mut master, mut parser) =
        (pty.master.try_clone_reader().unwrap(), vt100::Parser::new(cells(40), cells(120), 0));
    while !parser.screen().contents().contains("enter open") {
        let mut bytes = [0; 4096];
        let count = master.read(&mut bytes).unwrap();
        parser.process(&bytes[..count]);
    }
    drop((master, pty.master));
    assert_eq!(wait_for(|| child.try_wait().unwrap()).code(), Some(129), "as if the hang-up had been told");
}

#[cfg(target_os = "linux")]
#[test]
fn ctrl_z_gives_the_terminal_back_until_the_tutor_continues() {
    let mut app = App::open(&["learn", "gil"]);
    app.until_text("page 1 of");
    app.press("\u{1a}");
    app.until("the terminal given back", restored);
    wait_for(|| (process_state(app.pid()) == 'T').then_some(()));
    app.signal(nix::sys::signal::Signal::SIGCONT);
    app.until("the app again", |screen| screen.alternate_screen() && screen.contents().contains("page 1 of"));
    app.press("q");
    app.ends_with(0);
}

#[cfg(target_os = "linux")]
#[test]
fn a_tutor_that_another_process_stopped_takes_the_terminal_again() {
    use nix::sys::signal::Signal::{SIGCONT, SIGSTOP};
    use nix::sys::termios::{LocalFlags, SetArg, tcgetattr, tcsetattr};
    let mut app = App::open(&["learn", "gil"]);
    app.until_text("page 1 of");
    app.signal(SIGSTOP);
    wait_for(|| (process_state(app.pid()) == 'T').then_some(()));
    // As a shell does when its job has stopped.
    let fd = app.master.as_raw_fd().unwrap();
    // SAFETY: the terminal is open as long as `app` lives.
    let terminal = unsafe { std::os::fd::BorrowedFd::borrow_raw(fd) };
    let mut cooked = tcgetattr(terminal).unwrap();
    cooked.local_flags |= LocalFlags::ICANON | LocalFlags::ECHO;
    tcsetattr(terminal, SetArg::TCSANOW, &cooked).unwrap();
    app.signal(SIGCONT);
    wait_for(|| (!tcgetattr(terminal).unwrap().local_flags.contains(LocalFlags::ICANON)).then_some(()));
    app.press("q");
    app.ends_with(0);
}

#[cfg(target_os = "linux")]
fn process_state(pid: u32) -> char {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    stat.rsplit(") ").next().and_then(|rest| rest.chars().next()).unwrap()
}

/// Runs the ignored half of a test, which panics, in a terminal: that is given back, and what the panic says can be read.
fn speaks_after_giving_back(half: &str) {
    let this_test = std::env::current_exe().unwrap();
    let arguments = ["--exact", half, "--ignored", "--nocapture"];
    let app = App::open_program(&this_test, tempfile::tempdir().unwrap(), &arguments, (120, 40));
    app.until_text("a bug for the test");
    app.until_text("progress is saved as you go");
    app.ends_with(101);
}

#[test]
fn a_panic_gives_the_terminal_back_before_it_speaks() {
    speaks_after_giving_back("a_program_that_panics_on_the_screen");
}

/// Not a test: what the test above runs in a terminal.
#[test]
#[ignore = "the other half of the test above"]
fn a_program_that_panics_on_the_screen() {
    let _guard = concur_tutor::inside::app::Guard::take().unwrap();
    panic!("a bug for the test");
}

#[test]
fn a_panic_in_another_thread_is_not_drawn_over() {
    speaks_after_giving_back("a_program_whose_other_thread_panics");
}

/// Not a test: what the test above runs in a terminal. It draws on while a thread of its own panics, until that ends it.
#[test]
#[ignore = "the other half of the test above"]
fn a_program_whose_other_thread_panics() {
    let _guard = concur_tutor::inside::app::Guard::take().unwrap();
    let other = std::thread::spawn(|| panic!("a bug for the test"));
    while !other.is_finished() {
        let mut out = std::io::stdout().lock();
        write!(out, "\u{1b}[H\u{1b}[2Jdrawn").unwrap();
        out.flush().unwrap();
    }
    // Reached only where a panic of another thread does not end the program.
    std::process::exit(0);
}

#[test]
fn a_mouse_report_outside_the_screen_presses_nothing() {
    let mut app = App::open(&[]);
    app.until_text("enter open");
    // The first column and row are 1 on the wire; a terminal may say 0 all the same.
    app.press("\u{1b}[<0;0;0M\u{1b}[<0;0;0m\u{1b}[M   \u{1b}[<64;0;5M");
    app.press("j\r");
    app.until_text("2 The GIL");
    app.press("q");
    app.ends_with(0);
}

#[test]
fn the_code_goes_into_the_clipboard_of_the_terminal() {
    use base64::Engine;
    let mut app = App::open(&["learn", "gil", "--runtime", "native"]);
    app.until_text("page 1 of");
    app.press("Y");
    app.until_text("Sent to your terminal's clipboard: the code of");
    let encoded = app.terminal.0.lock().unwrap().callbacks().0.clone();
    let code = base64::engine::general_purpose::STANDARD.decode(encoded).unwrap();
    assert!(String::from_utf8(code).unwrap().contains("fn main"));
    app.press("q");
    app.ends_with(0);
}

#[test]
fn a_theme_that_was_chosen_is_there_at_the_next_start_unless_another_is_asked_for() {
    let (state, kept) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut app = App::open_in(state, &["learn", "--ascii"], (120, 40));
    app.until_text("enter open");
    assert!(app.terminal.0.lock().unwrap().screen().contents().is_ascii());
    app.press("U");
    app.until_text("Signs: Unicode");
    app.press("U");
    app.until_text("Signs: ASCII");
    app.press("T");
    app.until_text("Theme: light");
    app.press("q");
    let file = app.state.path().join("concur-tutor");
    let home = kept.path().join("concur-tutor");
    wait_for(|| app.child.try_wait().unwrap());
    std::fs::create_dir_all(&home).unwrap();
    std::fs::copy(file.join("progress.json"), home.join("progress.json")).unwrap();
    let mut again = App::open_in(kept, &[], (120, 40));
    again.until("the map in ASCII", |screen| {
        screen.contents().contains("enter open") && screen.contents().contains("up down choose")
    });
    again.press("T");
    again.until_text("Theme: high contrast");
    again.press("q");
    again.ends_with(0);
}

#[test]
fn a_script_of_ones_own_is_shown_and_its_exit_status_passed_on() {
    let state = tempfile::tempdir().unwrap();
    let script = state.path().join("mine.py");
    std::fs::write(&script, "import sys\nprint('hello from mine')\nsys.exit(7)\n").unwrap();
    if concur_tutor::inside::runtime::cpython::discover().pythons.is_empty() {
        eprintln!("skipped: there is no CPython here");
        return;
    }
    let mut app = App::open_in(state, &["watch", script.to_str().unwrap()], (120, 40));
    app.until_text("print('hello from mine')");
    app.until_text("exit 7");
    app.press("v");
    app.until("the output", |screen| screen.contents().matches("hello from mine").count() == 1);
    app.press("q");
    app.ends_with(7);
}

#[test]
fn a_home_that_cannot_be_written_is_told_once_and_the_app_goes_on() {
    let state = tempfile::tempdir().unwrap();
    std::fs::write(state.path().join("concur-tutor"), "a file where the folder should be").unwrap();
    let mut app = App::open_in(state, &["learn", "gil"], (120, 40));
    app.until_text("your progress cannot be saved");
    app.press("n");
    app.until_text("page 2 of");
    app.press("q");
    app.ends_with(0);
}

#[test]
fn without_a_terminal_there_is_a_message_and_status_2() {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_concur-tutor"))
        .stdin(std::process::Stdio::null())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("needs a terminal"));
    assert!(output.stdout.is_empty());
}

#[test]
fn a_damaged_progress_file_is_set_aside_and_told() {
    let state = tempfile::tempdir().unwrap();
    let dir = state.path().join("concur-tutor");
    std::fs::create_dir_all(&dir).unwrap();
    std::fs::write(dir.join("progress.json"), b"{\"version\": 1, \"lessons\": {\"02").unwrap();
    let mut app = App::open_in(state, &[], (120, 40));
    app.until_text("is damaged");
    app.press("j\r");
    app.until_text("2 The GIL");
    app.press("q");
    wait_for(|| saved(&dir).contains("02-gil").then_some(()));
    assert_eq!(std::fs::read(dir.join("progress.json.damaged-1")).unwrap(), b"{\"version\": 1, \"lessons\": {\"02");
    app.ends_with(0);
}

#[test]
fn a_pipe_in_the_place_of_the_progress_file_holds_nobody_up() {
    let state = tempfile::tempdir().unwrap();
    let dir = state.path().join("concur-tutor");
    std::fs::create_dir_all(&dir).unwrap();
    nix::unistd::mkfifo(&dir.join("progress.json"), nix::sys::stat::Mode::S_IRWXU).unwrap();
    let mut app = App::open_in(state, &["learn", "gil"], (120, 40));
    app.until_text("nothing is saved: your progress file is a pipe, not a file");
    app.press("n");
    app.until_text("page 2 of");
    assert_eq!(std::fs::read_dir(&dir).unwrap().count(), 1, "nothing is made beside it");
    app.press("q");
    app.ends_with(0);
}

#[test]
fn pages_read_are_remembered() {
    let mut app = App::open(&["learn", "gil"]);
    let dir = app.state.path().join("concur-tutor");
    app.until_text("page 1 of");
    app.press("n");
    app.until_text("page 2 of");
    wait_for(|| (saved(&dir).matches("\"pages\"").count() == 1).then_some(()));
    app.press("L");
    app.until_text("2 of");
    app.press("q");
    app.ends_with(0);
}

#[test]
fn after_a_restart_the_learner_is_where_they_were_and_the_last_run_is_shown() {
    let state = tempfile::tempdir().unwrap();
    let dir = state.path().join("concur-tutor");
    std::fs::create_dir(&dir).unwrap();
    let again = || {
        let elsewhere = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink(&dir, elsewhere.path().join("concur-tutor")).unwrap();
        elsewhere
    };
    let words = ["learn", "gil", "--runtime", "native"];
    let mut app = App::open_in(again(), &words, (120, 40));
    app.until_text("runs sequential on native");
    app.press(" ");
    app.until("the result", |screen| screen.contents().contains("speed-up") && screen.contents().contains("1.00×"));
    app.press("n");
    app.until_text("page 2 of");
    app.press("q");
    app.ends_with(0);
    let runs = dir.join("runs/02-gil.runs");
    assert!(runs.metadata().unwrap().len() < 1 << 20);
    // The lesson is the one to go on with, and opens on its page.
    let mut app = App::open_in(again(), &["learn", "--runtime", "native"], (120, 40));
    app.until_text("Go on with 2");
    app.press("\r");
    app.until_text("page 2 of");
    app.press("p");
    app.until_text("sequential on native, of today");
    app.until_text("1.00×");
    app.press("n");
    app.until_text("page 2 of");
    app.press("q");
    app.ends_with(0);
    // A file that was cut off is told, and the rest works.
    let whole = std::fs::read(&runs).unwrap();
    std::fs::write(&runs, &whole[..whole.len() / 2]).unwrap();
    let mut app = App::open_in(again(), &words, (120, 40));
    app.until_text("your last runs of The GIL are not shown");
    app.until_text("page 2 of");
    app.press("q");
    app.ends_with(0);
    std::fs::write(&runs, &whole).unwrap();
    let reset = std::process::Command::new(env!("CARGO_BIN_EXE_concur-tutor"))
        .args(["reset", "02-gil", "--yes"])
        .env("XDG_STATE_HOME", again().path())
        .output()
        .unwrap();
    assert!(reset.status.success() && !runs.exists(), "{reset:?}");
}

#[test]
fn two_apps_and_a_reset_beside_them_lose_nothing_of_each_other() {
    let state = tempfile::tempdir().unwrap();
    let dir = state.path().join("concur-tutor");
    let pages = |lesson: &str| {
        let saved: serde_json::Value = serde_json::from_str(&saved(&dir)).unwrap_or_default();
        saved["lessons"][lesson]["pages"].as_array().map_or(0, Vec::len)
    };
    std::fs::create_dir(&dir).unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(&dir, elsewhere.path().join("concur-tutor")).unwrap();
    let mut one = App::open_in(state, &["learn", "02-gil"], (120, 40));
    wait_for(|| (pages("02-gil") == 1).then_some(()));
    let mut other = App::open_in(elsewhere, &["learn", "03-io"], (120, 40));
    wait_for(|| ((pages("02-gil"), pages("03-io")) == (1, 1)).then_some(()));
    let reset = std::process::Command::new(env!("CARGO_BIN_EXE_concur-tutor"))
        .args(["reset", "02-gil", "--yes"])
        .env("XDG_STATE_HOME", one.state.path())
        .output()
        .unwrap();
    assert!(reset.status.success(), "{reset:?}");
    assert_eq!((pages("02-gil"), pages("03-io")), (0, 1));
    one.press("n");
    // The page that was read before is not in it any more; the one after the reset is.
    wait_for(|| ((pages("02-gil"), pages("03-io")) == (1, 1)).then_some(()));
    one.until_text("page 2 of");
    one.press("L");
    // The lesson that was opened last was opened in the other app.
    one.until("the map, to go on with 3", |screen| screen.contents().contains("3  Waiting for I/O  ◂ go on"));
    other.press("n");
    wait_for(|| ((pages("02-gil"), pages("03-io")) == (1, 2)).then_some(()));
    for mut app in [one, other] {
        app.press("q");
        app.ends_with(0);
    }
}

#[test]
fn an_answer_is_typed_and_its_letters_press_no_keys() {
    let state = tempfile::tempdir().unwrap();
    let dir = state.path().join("concur-tutor");
    let mut app = App::open_in(state, &["learn", "inside-the-gil", "--runtime", "native"], (120, 40));
    app.until_text("page 1 of");
    app.press("nnn");
    app.until_text("page 4 of");
    app.press("a");
    app.until_text("hand in");
    // Each of these letters means something elsewhere; the last two are one letter in UTF-8.
    app.press("qnpL?r20 ms\u{e9}");
    app.until_text("qnpL?r20 ms\u{e9}");
    app.press("\u{7f}");
    for _ in 0..20 {
        app.press("\u{1b}[D");
    }
    app.press("\u{1b}[3~".repeat(6).as_str());
    app.until("the number alone", |screen| {
        let screen = screen.contents();
        screen.contains("20 ms") && !screen.contains("r20") && screen.contains("page 4 of")
    });
    app.press("\r");
    app.until_text("How sure are you?");
    app.press("3");
    let kept = ["\"last\": \"20 ms\"", "\"right\": true", "\"confidence\": 3"];
    wait_for(|| kept.iter().all(|part| saved(&dir).contains(part)).then_some(()));
    app.press("q");
    app.ends_with(0);
}

/// An editor that takes the terminal, waits for a line, and writes a program.
fn with_editor() -> tempfile::TempDir {
    let state = tempfile::tempdir().unwrap();
    let script = "#!/bin/sh\n[ \"$1\" = 'two words' ] && printf 'THE EDITOR OF '; stty -a | grep -q ' icanon' && echo $2; read line\necho \"print('written by hand')\" > \"$2\"\n";
    let path = state.path().join("editor");
    std::fs::write(&path, script).unwrap();
    std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    state
}

/// A lesson of the course that has a task.
fn lesson_with_task() -> Option<String> {
    let course = concur_tutor::inside::lesson::Course::embedded().unwrap();
    course.lessons().iter().find(|lesson| !lesson.tasks.is_empty()).map(|lesson| lesson.id.clone())
}

#[test]
fn a_learner_changes_a_copy_in_an_editor_that_has_the_terminal() {
    let Some(lesson) = lesson_with_task() else { return };
    let mut app = App::open_in(with_editor(), &["learn", &lesson], (120, 40));
    app.until_text("e task");
    app.press("e");
    app.until_text("Your copy:");
    app.press("e");
    app.until("the editor's turn", |screen| screen.contents().contains("THE EDITOR OF /") && restored(screen));
    app.press("\r");
    app.until("the copy as it was changed", |screen| {
        screen.alternate_screen() && screen.contents().contains("print('written by hand')")
    });
    app.press("x");
    app.until_text("Throw away what you changed");
    app.press("y");
    app.until("the lesson's program", |screen| !screen.contents().contains("print('written by hand')"));
    app.press("q");
    app.ends_with(0);
}

#[test]
fn a_signal_ends_the_editor_and_the_tutor() {
    let Some(lesson) = lesson_with_task() else { return };
    let mut app = App::open_in(with_editor(), &["learn", &lesson], (120, 40));
    app.until_text("e task");
    app.press("e");
    app.until_text("Your copy:");
    app.press("e");
    app.until_text("THE EDITOR OF /");
    app.signal(nix::sys::signal::Signal::SIGINT);
    app.signal(nix::sys::signal::Signal::SIGTERM);
    app.ends_with(143);
}

#[test]
fn a_missing_editor_is_named() {
    let Some(lesson) = lesson_with_task() else { return };
    let mut app = App::open_in(tempfile::tempdir().unwrap(), &["learn", &lesson], (120, 40));
    app.until_text("e task");
    app.press("e");
    app.until_text("Your copy:");
    app.press("e");
    app.until_text("was not found: name another one in $EDITOR");
    app.press("q");
    app.ends_with(0);
}

fn saved(dir: &Path) -> String {
    std::fs::read_to_string(dir.join("progress.json")).unwrap_or_default()
}

/// Opens the GIL lesson on the native runtime, which is everywhere, and runs its first program.
fn run_native() -> App {
    let mut app = App::open(&["learn", "gil", "--runtime", "native"]);
    app.until_text("runs sequential on native");
    app.press(" ");
    app
}

#[test]
fn a_run_on_the_native_runtime_ends_with_a_result() {
    let mut app = run_native();
    app.until("the result", |screen| screen.contents().contains("speed-up") && screen.contents().contains("1.00×"));
    app.press("q");
    app.ends_with(0);
}

#[test]
fn one_key_shows_a_newcomer_the_same_work_done_three_ways() {
    for size in [(80, 24), (120, 40)] {
        let mut app = App::open_in(tempfile::tempdir().unwrap(), &["learn", "--runtime", "native"], size);
        app.until_text("the same work done three ways");
        app.press(" ");
        app.until("the three runs and a sentence", |screen| {
            let screen = screen.contents();
            ["Why?", "Threads ", "Processes "].iter().all(|words| screen.contains(words))
        });
        app.press("\r");
        app.until_text("page 1 of");
        app.press("q");
        app.ends_with(0);
    }
}

#[test]
fn an_interview_answer_is_typed_judged_and_proved_by_a_run() {
    let mut app = App::open(&["learn", "interview", "--runtime", "native"]);
    app.until_text("i interview");
    app.press("i");
    app.until_text("enter open");
    app.press("\rthreads take turns, q");
    app.until_text("threads take turns, q");
    app.press("\r");
    app.until_text("How sure are you?");
    app.press("3");
    app.until_text("Which of these did you name?");
    app.press(" ");
    app.until_text("1 of 5");
    // Before the machine has been measured nothing runs, and a key says so.
    app.until("the machine measured", |screen| screen.contents().contains("usable"));
    app.press("\r");
    app.until_text("The proof.");
    app.until_text("processes ✓");
    app.press("\u{1b}");
    app.until_text("Which of these did you name?");
    app.press("q");
    app.ends_with(0);
}

#[test]
fn a_review_opens_from_the_command_line() {
    let mut app = App::open(&["review"]);
    app.until_text("Nothing to review yet");
    app.press("\r");
    app.until_text("start here");
    app.press("q");
    app.ends_with(0);
}

#[cfg(target_os = "linux")]
#[test]
fn no_process_is_left_when_the_tutor_ends_in_mid_run() {
    let app = run_native();
    app.until_text("esc stops it");
    let family = wait_for(|| Some(children(app.pid())).filter(|pids| !pids.is_empty()));
    app.signal(nix::sys::signal::Signal::SIGTERM);
    app.ends_with(128 + 15);
    wait_for(|| family.iter().all(|pid| !Path::new(&format!("/proc/{pid}")).exists()).then_some(()));
}

/// The children of all threads of a process.
#[cfg(target_os = "linux")]
fn children(pid: u32) -> Vec<u32> {
    let tasks = std::fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten();
    let lists = tasks.filter_map(|task| std::fs::read_to_string(task.path().join("children")).ok());
    lists.flat_map(|list| list.split_whitespace().filter_map(|pid| pid.parse().ok()).collect::<Vec<_>>()).collect()
}

#[test]
fn a_pack_from_outside_is_opened_only_after_a_yes_and_asked_for_again_when_it_changes() {
    let dir = tempfile::tempdir().unwrap();
    let pack = dir.path().join("mine");
    let place = pack.to_str().unwrap();
    let made = assert_cmd::Command::new(env!("CARGO_BIN_EXE_concur-tutor"))
        .args(["new-lesson", "siesta", "--in", place])
        .output()
        .unwrap();
    assert!(made.status.success());

    let mut refused = App::open(&["learn", "--lessons", place]);
    refused.until_text("Open it? [y/N]");
    refused.press("\r");
    refused.until_text("nothing of it has run");
    refused.ends_with(1);

    let mut agreed = App::open(&["learn", "--lessons", place]);
    agreed.until_text("Open it? [y/N]");
    agreed.press("y\r");
    agreed.until_text("enter open");
    agreed.press("\r");
    agreed.until_text("page 1 of");
    let kept = std::fs::read(agreed.state.path().join("concur-tutor/packs.json")).unwrap();
    agreed.press("q");
    agreed.ends_with(0);

    let remembering = || {
        let state = tempfile::tempdir().unwrap();
        std::fs::create_dir(state.path().join("concur-tutor")).unwrap();
        std::fs::write(state.path().join("concur-tutor/packs.json"), &kept).unwrap();
        state
    };
    let mut again = App::open_in(remembering(), &["learn", "siesta", "--lessons", place], (120, 40));
    again.until_text("page 1 of");
    again.press("q");
    again.ends_with(0);

    std::fs::write(pack.join("01-siesta/threads.py"), "print(\"changed\")\n").unwrap();
    let changed = App::open_in(remembering(), &["learn", "siesta", "--lessons", place], (120, 40));
    changed.until_text("has changed since you last agreed");
    changed.signal(nix::sys::signal::Signal::SIGTERM);
}

#[test]
fn a_program_that_needs_the_terminal_is_given_it() {
    let state = tempfile::tempdir().unwrap();
    let script = state.path().join("asks.py");
    std::fs::write(
        &script,
        "import sys\nprint(all(map(lambda f: f.isatty(), (sys.stdin, sys.stdout, sys.stderr))))\n\
        name = input('name? ')\nprint('hello', name)\n",
    )
    .unwrap();
    if concur_tutor::inside::runtime::cpython::discover().pythons.is_empty() {
        eprintln!("skipped: there is no CPython here");
        return;
    }
    let mut app = App::open_in(state, &["watch", "--tty", script.to_str().unwrap()], (120, 40));
    app.until_text("name? ");
    app.press("world\r");
    app.until("what it said", |screen| {
        ["True", "hello world", "exit 0"].iter().all(|text| screen.contents().contains(text))
    });
    app.ends_with(0);
}
