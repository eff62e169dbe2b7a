//! The app line by line: the real binary goes through lessons 1, 2 and 9 to their end, over pipes and in a terminal that
//! is nothing but a typewriter, and prints not one escape sequence.
#![cfg(unix)]

use concur_tutor::inside::lesson::{CheckKind, Course, Lesson, PredictionAsk};
use portable_pty::{CommandBuilder, PtySize, native_pty_system};
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

/// The lessons that are gone through, by place.
const LESSONS: [usize; 3] = [0, 1, 8];

/// How long a condition may take on a busy machine. Nothing here is about speed.
const DEADLINE: Duration = Duration::from_mins(3);

/// What the learner writes, and what that must be answered with before the next line: the prompt, if nothing else.
struct Step {
    line: String,
    until: Option<&'static str>,
}

fn step(line: impl Into<String>) -> Step {
    Step { line: line.into(), until: None }
}

/// The way through a lesson: each page, its questions answered rightly, each prediction made before its program's run, the
/// task done. `edit` writes the line that has the solution put into the copy.
fn through(lesson: &Lesson, number: usize, edit: &str) -> Vec<Step> {
    let mut steps = vec![step(number.to_string())];
    for page in &lesson.pages {
        for id in &page.checks {
            let check = lesson.checks.iter().find(|check| check.id == *id).expect("the page's check");
            match &check.kind {
                CheckKind::Choice(choices) => {
                    let right = choices.iter().position(|choice| choice.right).expect("a right choice");
                    steps.push(step((right + 1).to_string()));
                }
                CheckKind::Typed(typed) => {
                    let right = typed.answers.iter().find(|answer| answer.right).expect("a right answer");
                    steps.push(step("a"));
                    steps.push(step(right.accept[0].clone()));
                    // An answer of several lines ends with an empty one.
                    steps.extend(typed.code.is_some().then(|| step("")));
                }
            }
            steps.push(step("3"));
        }
        let program = page.program.as_ref();
        let mine: Vec<_> =
            lesson.predictions.iter().filter(|prediction| Some(&prediction.program) == program).collect();
        let first =
            program.is_some() && lesson.pages.iter().find(|other| other.program.as_ref() == program) == Some(page);
        if first && !mine.is_empty() {
            steps.push(step("space"));
            for prediction in mine {
                match prediction.ask {
                    PredictionAsk::Choice { .. } => steps.push(step("1")),
                    PredictionAsk::Draw(_) => steps.extend([step("9"), step("")]),
                }
            }
        }
        steps.push(step("n"));
    }
    for _ in &lesson.tasks {
        steps.extend([step("task"), step(edit)]);
        // The copy is read first, and then the run begins.
        steps.push(Step { line: "run".into(), until: Some(" hold.") });
        steps.push(step("n"));
    }
    steps.push(step("L"));
    steps
}

fn session(course: &Course, edit: &str) -> Vec<Step> {
    let steps = LESSONS.iter().flat_map(|place| {
        let lesson = &course.lessons()[*place];
        through(lesson, place + 1, edit)
    });
    steps.chain([step("q")]).collect()
}

/// The folder of a home, with an editor that puts the lesson's solution into the copy that it is called with.
fn home(course: &Course) -> tempfile::TempDir {
    let home = tempfile::tempdir().unwrap();
    let mut script = "#!/bin/sh\ncase \"$1\" in\n".to_owned();
    for place in LESSONS {
        let lesson = &course.lessons()[place];
        let solution = lesson.tasks[0].solved().expect("the task has a solution");
        let path = home.path().join(format!("{}.py", lesson.id));
        std::fs::write(&path, solution).unwrap();
        script.extend(["*", &lesson.id, "*) cat '", &path.display().to_string(), "' > \"$1\" ;;\n"]);
    }
    let editor = home.path().join("editor");
    std::fs::write(&editor, script + "esac\n").unwrap();
    std::fs::set_permissions(&editor, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    home
}

fn python() -> bool {
    let found = Command::new("python3").arg("--version").output().is_ok_and(|output| output.status.success());
    if !found {
        eprintln!("no Python here: tasks cannot be done, and the sessions are left out");
    }
    found
}

/// What must have been said by the end.
fn check(said: &str) {
    assert!(!said.contains('\u{1b}'), "an escape sequence: {said:?}");
    assert_eq!(said.matches("Lesson passed").count(), LESSONS.len(), "{said}");
}

#[test]
fn three_lessons_are_passed_over_pipes() {
    if !python() {
        return;
    }
    let course = Course::embedded().unwrap();
    let home = home(&course);
    let mut app = Command::new(env!("CARGO_BIN_EXE_concur-tutor"))
        .arg("--inline")
        .envs([
            ("XDG_STATE_HOME", home.path()),
            ("XDG_DATA_HOME", home.path()),
            ("EDITOR", &home.path().join("editor")),
        ])
        .env_remove("VISUAL")
        .env("TERM", "xterm-256color")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = app.stdin.take().unwrap();
    // All at once: a line waits until what the one before has begun is over.
    let script: String = session(&course, "edit").into_iter().map(|step| step.line + "\n").collect();
    stdin.write_all(script.as_bytes()).unwrap();
    let (sender, ended) = std::sync::mpsc::channel();
    let pid = nix::unistd::Pid::from_raw(i32::try_from(app.id()).unwrap());
    std::thread::spawn(move || sender.send(app.wait_with_output()));
    let output = ended.recv_timeout(2 * DEADLINE).unwrap_or_else(|_| {
        let _ = nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGTERM);
        // It says how far it has come.
        ended.recv().expect("it ends on a signal")
    });
    let output = output.unwrap();
    let said = String::from_utf8(output.stdout).expect("it is text");
    assert_eq!(output.status.code(), Some(0), "{said}");
    check(&said);
    assert!(said.contains("The run is over") && said.contains("Right."), "{said}");
    drop(stdin);
}

/// What was printed so far, and a signal when there is more.
type Shared = Arc<(Mutex<String>, Condvar)>;

/// The app on a terminal that knows nothing but letters.
struct Typewriter {
    child: Box<dyn portable_pty::Child + Send + Sync>,
    keys: Box<dyn Write + Send>,
    said: Shared,
    /// How much of it was there when the last line was written.
    read: usize,
    _master: Box<dyn portable_pty::MasterPty + Send>,
}

impl Typewriter {
    fn open(home: &Path, arguments: &[&str]) -> Typewriter {
        let size = PtySize { rows: 24, cols: 80, pixel_width: 0, pixel_height: 0 };
        let pty = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_concur-tutor"));
        command.args(arguments);
        for (name, value) in [("XDG_STATE_HOME", home), ("XDG_DATA_HOME", home), ("EDITOR", &home.join("editor"))] {
            command.env(name, value);
        }
        command.env_remove("VISUAL");
        command.env("TERM", "dumb");
        let child = pty.slave.spawn_command(command).unwrap();
        drop(pty.slave);
        let said: Shared = Arc::default();
        let (mut reader, shared) = (pty.master.try_clone_reader().unwrap(), Arc::clone(&said));
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(count @ 1..) = reader.read(&mut bytes) {
                shared.0.lock().unwrap().push_str(&String::from_utf8_lossy(&bytes[..count]));
                shared.1.notify_all();
            }
        });
        let keys = pty.master.take_writer().unwrap();
        Typewriter { child, keys, said, read: 0, _master: pty.master }
    }

    /// Waits until what was said since the last line is as described.
    fn until(&self, what: &str, is: impl Fn(&str) -> bool) {
        let (said, more) = &*self.said;
        let (said, timeout) =
            more.wait_timeout_while(said.lock().unwrap(), DEADLINE, |said| !is(&said[self.read..])).unwrap();
        assert!(!timeout.timed_out(), "waited for {what}; it said:\n{said}");
    }

    fn until_text(&self, text: &str) {
        self.until(text, |said| said.contains(text));
    }

    /// Waits until it is the learner's turn.
    fn until_turn(&self) {
        self.until("the prompt", |said| said.ends_with("\n> "));
    }

    fn write(&mut self, line: &str) {
        self.press(format!("{line}\n").as_bytes());
    }

    fn press(&mut self, keys: &[u8]) {
        self.read = self.said.0.lock().unwrap().len();
        self.keys.write_all(keys).unwrap();
        self.keys.flush().unwrap();
    }

    fn ends_with(mut self, code: u32) -> String {
        let status = self.child.wait().unwrap();
        let said = self.said.0.lock().unwrap().clone();
        assert_eq!(status.exit_code(), code, "{said}");
        said
    }
}

#[test]
fn three_lessons_are_passed_on_a_typewriter() {
    if !python() {
        return;
    }
    let course = Course::embedded().unwrap();
    let home = home(&course);
    let mut app = Typewriter::open(home.path(), &[]);
    app.until_text("TERM says that this terminal cannot be drawn on");
    app.until_text("usable now");
    app.until_turn();
    for Step { line, until } in session(&course, "edit") {
        app.write(&line);
        if line == "q" {
            break;
        }
        if let Some(text) = until {
            app.until_text(text);
        }
        app.until_turn();
    }
    check(&app.ends_with(0));
}

/// A folder with a script that says so and then waits for ever, for `watch`; and what is said once it runs.
fn waiting_script(home: &Path) -> String {
    let path = home.join("waits.py");
    std::fs::write(&path, "import os, time\nprint('pid', os.getpid(), flush=True)\ntime.sleep(1000)\n").unwrap();
    path.display().to_string()
}

/// The process id that the script has said.
fn said_pid(app: &Typewriter) -> i32 {
    app.until("the script's pid", |said| said.contains("it prints: pid ") && said.ends_with('\n'));
    let said = app.said.0.lock().unwrap();
    let rest = said.split("it prints: pid ").nth(1).unwrap();
    rest.lines().next().unwrap().trim().parse().unwrap()
}

fn is_gone(pid: i32) -> bool {
    nix::sys::signal::kill(nix::unistd::Pid::from_raw(pid), None) == Err(nix::errno::Errno::ESRCH)
}

#[test]
fn ctrl_c_stops_a_run_first_and_then_the_tutor() {
    if !python() {
        return;
    }
    let home = tempfile::tempdir().unwrap();
    let mut app = Typewriter::open(home.path(), &["watch", &waiting_script(home.path())]);
    let pid = said_pid(&app);
    app.press(b"\x03");
    app.until_text("was stopped");
    app.until_turn();
    assert!(is_gone(pid), "the run is over");
    app.press(b"\x03");
    let said = app.ends_with(130);
    assert!(!said.contains('\u{1b}'), "{said:?}");
}

#[test]
fn no_run_survives_a_signal_and_the_end_of_the_input_is_a_way_out() {
    use nix::sys::signal::{Signal, kill};
    if !python() {
        return;
    }
    for (signal, code) in [(Some(Signal::SIGTERM), 143), (Some(Signal::SIGHUP), 129), (None, 0)] {
        let home = tempfile::tempdir().unwrap();
        let mut app = Typewriter::open(home.path(), &["watch", &waiting_script(home.path())]);
        let pid = said_pid(&app);
        match signal {
            Some(signal) => {
                let tutor = i32::try_from(app.child.process_id().unwrap()).unwrap();
                kill(nix::unistd::Pid::from_raw(tutor), signal).unwrap();
            }
            // ctrl-d
            None => app.press(b"\x04"),
        }
        let status = app.child.wait().unwrap();
        assert!(is_gone(pid), "{signal:?}: the script lives on");
        assert_eq!(status.exit_code(), code, "{signal:?}");
    }
}

#[test]
fn lines_need_no_terminal_and_frames_do() {
    let home = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_concur-tutor"));
        command.args(arguments).env("XDG_STATE_HOME", home.path()).env("XDG_DATA_HOME", home.path());
        command.stdin(Stdio::null()).output().unwrap()
    };
    let none = run(&[]);
    assert_eq!(none.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&none.stderr).contains("--inline"));
    for (arguments, says) in [
        (&["--inline"][..], "Lessons, 1 to 24"),
        (&["learn", "gil", "--inline"], "Lesson 2, The GIL: page 1"),
        (&["review", "--inline"], "Nothing to review yet"),
    ] {
        let output = run(arguments);
        let said = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {said}");
        assert!(said.contains(says), "{arguments:?}: {said}");
    }
}
