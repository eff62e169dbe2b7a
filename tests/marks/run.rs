//! Runs Python programs under the event log, with and without the preloaded library, and alone.

use concur_tutor::inside::clock;
use concur_tutor::inside::probe::{Marks, Probe};
use concur_tutor::inside::runtime::Startup;
use concur_tutor::inside::trace::{LaneKind, Record, Wait, What};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::PathBuf;
use std::process::{Command, ExitStatus, Stdio};

/// A CPython to test with.
pub struct Python {
    pub path: PathBuf,
    pub version: (u8, u8),
    pub free_threaded: bool,
}

impl fmt::Display for Python {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{} ({}.{})", self.path.display(), self.version.0, self.version.1)
    }
}

/// Calls `test` with every CPython on this machine: pyenv's, the one on `PATH`, and `CONCUR_TUTOR_PYTHONS`.
pub fn on_every_python(test: impl Fn(&Python)) {
    let pythons = pythons();
    if pythons.is_empty() {
        eprintln!("skipped: there is no CPython 3.9 or later on this machine");
    }
    for python in &pythons {
        eprintln!("{python}");
        test(python);
    }
}

fn pythons() -> Vec<Python> {
    let mut paths: Vec<PathBuf> = Vec::new();
    if let Some(named) = std::env::var_os("CONCUR_TUTOR_PYTHONS") {
        paths.extend(std::env::split_paths(&named));
    }
    paths.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()).map(|d| d.join("python3")));
    let home = PathBuf::from(std::env::var_os("HOME").unwrap_or_default());
    if let Ok(versions) = home.join(".pyenv/versions").read_dir() {
        paths.extend(versions.flatten().map(|v| v.path().join("bin/python3")));
    }
    let mut seen = BTreeSet::new();
    paths.iter().filter_map(probe).filter(|p| p.version >= (3, 9) && seen.insert(p.path.clone())).collect()
}

fn probe(path: &PathBuf) -> Option<Python> {
    const ASK: &str = "import os, sys; gil = getattr(sys, '_is_gil_enabled', lambda: True)()
path = sys.executable if sys.prefix != sys.base_prefix else os.path.realpath(sys.executable)
print(sys.implementation.name, sys.version_info[0], sys.version_info[1], gil, path)";
    let output = Command::new(path).args(["-c", ASK]).stderr(Stdio::null()).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let mut words = text.trim().splitn(5, ' ');
    if words.next()? != "cpython" {
        return None;
    }
    let version = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
    Some(Python { version, free_threaded: words.next()? == "False", path: words.next()?.into() })
}

/// How much of the tutor is around the program.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum With {
    Nothing,
    StartupOnly,
    Everything,
}

/// A program's run and what was told of it.
pub struct Run {
    pub status: ExitStatus,
    pub stdout: String,
    pub stderr: String,
    pub records: Vec<Record>,
    pub lost: u64,
    pub lost_tasks: u64,
    pub pid: u32,
}

/// One hold of a GIL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hold {
    pub pid: u32,
    pub tid: u32,
    pub gil: u64,
    pub from: u64,
    pub to: u64,
}

/// One wait that ended.
#[derive(Debug, Clone, Copy)]
pub struct Waited {
    pub tid: u32,
    pub wait: Wait,
    pub from: u64,
    pub to: u64,
}

impl Run {
    /// Runs `code` under the preloaded library and the start-up file.
    pub fn of(python: &Python, code: &str) -> Run {
        Run::with(python, code, With::Everything, &[])
    }

    pub fn with(python: &Python, code: &str, with: With, env: &[(&str, &str)]) -> Run {
        let folder = tempfile::tempdir().expect("a temporary directory");
        let script = folder.path().join("program.py");
        std::fs::write(&script, code).expect("a writable temporary directory");
        let mut command = Command::new(&python.path);
        command.arg(&script).current_dir("/").env("PWD", "/");
        Run::command(command, with, env)
    }

    pub fn command(mut command: Command, with: With, env: &[(&str, &str)]) -> Run {
        let mut marks = Marks::new(with == With::Everything);
        let startup = Startup::prepare(None, None).expect("a memory file");
        command.envs(env.iter().copied());
        if with != With::Nothing {
            marks.attach().expect("a memory file, and a library for this system");
            let own = |variable: &str| env.iter().find(|(name, _)| *name == variable).map(|(_, value)| *value);
            for (name, mut value) in marks.environment() {
                if let Some(own) = own("LD_PRELOAD").filter(|_| name == "LD_PRELOAD") {
                    value.push(":");
                    value.push(own);
                }
                command.env(name, value);
            }
            command.envs(match with {
                With::Everything => startup.preloaded(),
                _ => startup.environment(own("PYTHONPATH").map(str::as_ref)),
            });
        }
        let folder = tempfile::tempdir().expect("a temporary directory");
        let (out, err) = (folder.path().join("out"), folder.path().join("err"));
        let create = |path| std::fs::File::create(path).expect("a writable temporary directory");
        command.stdin(Stdio::null()).stdout(create(&out)).stderr(create(&err));
        let mut child = command.spawn().expect("the interpreter starts");
        let pid = child.id();
        marks.launched(pid);
        let (ended, end) = std::sync::mpsc::channel();
        let waiter = std::thread::spawn(move || ended.send(child.wait().expect("our own child")));
        let mut records = Vec::new();
        let deadline = clock::now() + 120 * clock::SECOND;
        let status = loop {
            if clock::now() > deadline {
                // SAFETY: the process is our own child, not waited for yet.
                unsafe { libc::kill(i32::try_from(pid).expect("a pid"), libc::SIGKILL) };
            }
            let turn = end.recv_timeout(marks.interval());
            marks.drain(clock::now(), &mut records);
            if let Ok(status) = turn {
                break status;
            }
        };
        waiter.join().expect("the waiter").expect("a receiver");
        let lost = marks.finish(clock::now(), &mut records);
        let lost_tasks = marks.lost_tasks();
        records.sort_by_key(|record| record.at);
        let read = |path| String::from_utf8_lossy(&std::fs::read(path).expect("the output")).into_owned();
        Run { status, stdout: read(&out), stderr: read(&err), records, lost, lost_tasks, pid }
    }

    pub fn assert_succeeded(&self) {
        assert!(
            self.status.success() && self.lost == 0,
            "{}, {} lost: {}{}",
            self.status,
            self.lost,
            self.stdout,
            self.stderr
        );
    }

    /// It did, wrote and returned what the same program did alone.
    pub fn assert_same(&self, alone: &Run, what: &str) {
        for (ours, theirs) in self.stdout.lines().zip(alone.stdout.lines()) {
            assert_eq!(ours, theirs, "{what}");
        }
        // Where a traceback points into the program is the same; the program's own folder is not.
        let lines = |text: &str| {
            text.lines().filter(|line| !line.contains("program.py")).map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(self.stdout.lines().count(), alone.stdout.lines().count(), "{what}");
        assert_eq!(lines(&self.stderr), lines(&alone.stderr), "{what}");
        assert_eq!(self.status, alone.status, "{what}");
    }

    pub fn holds(&self) -> Vec<Hold> {
        let mut open = BTreeMap::new();
        let mut holds = Vec::new();
        for record in &self.records {
            let (pid, tid) = (record.pid, record.tid);
            match record.what {
                What::GilTaken { gil } => assert_eq!(open.insert((tid, gil), record.at), None, "taken twice by {tid}"),
                What::GilDropped { gil } => {
                    // A forked child begins with the GIL that its parent's thread held.
                    if let Some(from) = open.remove(&(tid, gil)) {
                        holds.push(Hold { pid, tid, gil, from, to: record.at });
                    }
                }
                _ => {}
            }
        }
        holds
    }

    /// Pairs of holds of one GIL that overlap: there must be none.
    pub fn overlapping_holds(&self) -> Vec<[Hold; 2]> {
        let mut holds = self.holds();
        holds.sort_by_key(|hold| (hold.pid, hold.gil, hold.from));
        let same = |a: &Hold, b: &Hold| (a.pid, a.gil) == (b.pid, b.gil);
        holds.windows(2).filter(|w| same(&w[0], &w[1]) && w[0].to > w[1].from).map(|w| [w[0], w[1]]).collect()
    }

    pub fn waits(&self) -> Vec<Waited> {
        let mut open = BTreeMap::new();
        let mut waits = Vec::new();
        for record in &self.records {
            match record.what {
                What::WaitBegin(wait) => _ = open.insert(record.tid, (record.at, wait)),
                What::WaitEnd => {
                    let (from, wait) = open.remove(&record.tid).expect("an end belongs to a begin");
                    waits.push(Waited { tid: record.tid, wait, from, to: record.at });
                }
                _ => {}
            }
        }
        waits
    }

    /// The last name of each thread.
    pub fn names(&self) -> BTreeMap<u32, String> {
        let name = |r: &Record| match &r.what {
            What::ThreadName(name) => Some((r.tid, name.clone())),
            _ => None,
        };
        self.records.iter().filter_map(name).collect()
    }

    /// Every name that a thread had.
    pub fn all_names(&self) -> BTreeSet<&str> {
        self.records
            .iter()
            .filter_map(|r| if let What::ThreadName(name) = &r.what { Some(name.as_str()) } else { None })
            .collect()
    }

    /// Every name that a process had.
    pub fn process_names(&self) -> BTreeSet<String> {
        let name = |r: &Record| match &r.what {
            What::ProcessName(name) => Some(name.clone()),
            _ => None,
        };
        self.records.iter().filter_map(name).collect()
    }

    /// The threads that were told to be helpers.
    pub fn helpers(&self) -> BTreeSet<u32> {
        self.records.iter().filter(|r| r.what == What::Kind(LaneKind::Helper)).map(|r| r.tid).collect()
    }
}
