//! The embedded runtime for real: every twin as the child process that the tutor starts, with the event log it writes.

use concur_tutor::inside::clock::{self, Nanos};
use concur_tutor::inside::lesson::{Course, KnobValue, Knobs};
use concur_tutor::inside::runtime::{Launch, native, server};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::sync::RwLock;

/// Held for writing by the one test that compares times, so that the others are not its busy machine.
static MACHINE: RwLock<()> = RwLock::new(());

fn executable() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_concur-tutor"))
}

fn command(launch: &Launch, url: &str) -> Command {
    let mut command = Command::new(&launch.program);
    command.args(&launch.args);
    for (name, value) in &launch.env {
        let value = value.as_ref().expect("only sets").to_str().expect("UTF-8");
        command.env(name, value.replace("{URL}", url));
    }
    command
}

fn knobs<const N: usize>(all: [(&str, i64); N]) -> Knobs {
    all.map(|(name, value)| (name.to_owned(), KnobValue::Int(value))).into()
}

fn run(lesson: &str, program: &str, knobs: &Knobs, gil: bool, url: &str) -> String {
    let launch = native::launch_by(executable(), lesson, program, knobs, gil);
    let Output { status, stdout, stderr } = command(&launch, url).output().expect("the program starts");
    assert!(status.success(), "{lesson} {program}: {status}\n{}", String::from_utf8_lossy(&stderr));
    String::from_utf8(stdout).expect("UTF-8")
}

fn programs(lesson: &str) -> Vec<&'static str> {
    native::twins().iter().filter(|twin| twin.lesson == lesson).map(|twin| twin.program).collect()
}

/// The lesson's server; it ends with this value, because its standard input does.
struct Server {
    child: Child,
    url: String,
}

impl Server {
    fn start() -> Self {
        let launch = Launch { program: executable(), args: vec![server::SUBCOMMAND.into()], ..Launch::default() };
        let mut child =
            command(&launch, "").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the server starts");
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().expect("piped")).read_line(&mut line).expect("says where it listens");
        let url = server::parse_address(&line).expect("an address").to_owned();
        Self { child, url }
    }

    fn connect(&self) -> TcpStream {
        TcpStream::connect(self.url.trim_start_matches("http://")).expect("the server accepts")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        // Not killed: a server that does not end by itself is a test that does not end.
        assert!(self.child.wait().expect("our child").success() || std::thread::panicking());
    }
}

/// Sends one request on a connection and reads the answer's status and body.
fn ask(connection: &mut BufReader<TcpStream>, path: &str) -> (String, String) {
    write!(connection.get_mut(), "GET {path} HTTP/1.1\r\nHost: here\r\n\r\n").expect("the server reads");
    let (mut status, mut length) = (String::new(), 0);
    connection.read_line(&mut status).expect("a status line");
    loop {
        let mut line = String::new();
        connection.read_line(&mut line).expect("a header");
        if line.trim().is_empty() {
            break;
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().expect("a number");
        }
    }
    let mut body = vec![0; length];
    connection.read_exact(&mut body).expect("the whole body");
    (status.trim().to_owned(), String::from_utf8(body).expect("UTF-8"))
}

#[test]
fn every_twin_that_a_lesson_shows_is_compiled_in_and_the_other_way_round() {
    let course = Course::embedded().expect("the shipped lessons have no faults");
    let mut shown: Vec<_> = course
        .lessons()
        .iter()
        .flat_map(|lesson| lesson.programs.iter().map(|program| (lesson.id.as_str(), program)))
        .filter(|(_, program)| program.rust.is_some())
        .map(|(lesson, program)| (lesson, program.name.as_str()))
        .collect();
    let mut compiled: Vec<_> = native::twins().iter().map(|twin| (twin.lesson, twin.program)).collect();
    shown.sort_unstable();
    compiled.sort_unstable();
    assert_eq!(shown, compiled);
}

#[test]
fn every_executor_adds_up_the_same_squares() {
    let _shared = MACHINE.read();
    for (n, total) in [(0, "0"), (1, "0"), (10, "285"), (100_001, "333,338,333,350,000")] {
        let count = if n < 1000 { n.to_string() } else { "100,001".to_owned() };
        for program in programs("02-gil").into_iter().filter(|name| *name != "refcount") {
            for (gil, workers) in [(true, 1), (true, 3), (false, 2)] {
                let out = run("02-gil", program, &knobs([("WORKERS", workers), ("N", n)]), gil, "");
                assert_eq!(out, format!("squares below {count} add up to {total}\n"), "{program}, GIL {gil}");
            }
        }
    }
    assert_eq!(programs("02-gil").len(), 5);
}

#[test]
fn every_executor_of_the_welcome_does_all_rounds() {
    let _shared = MACHINE.read();
    for program in programs("01-welcome") {
        let knobs = knobs([("WORKERS", 3), ("ROUNDS", 2), ("N", 1000), ("PAUSE", 0)]);
        assert_eq!(run("01-welcome", program, &knobs, true, ""), "3 workers did 2 rounds each\n", "{program}");
    }
}

#[test]
fn every_executor_really_does_the_requests() {
    let _shared = MACHINE.read();
    let server = Server::start();
    for program in programs("03-io") {
        let mut knobs = knobs([("WORKERS", 4), ("REQUESTS", 12)]);
        knobs.insert("THINK_TIME".to_owned(), KnobValue::Float(0.01));
        for gil in [true, false] {
            let out = run("03-io", program, &knobs, gil, &server.url);
            assert_eq!(out, "12 requests, 12 answered 200 OK\n", "{program}, GIL {gil}");
        }
    }
    assert_eq!(programs("03-io").len(), 4);
}

#[test]
fn without_a_server_a_program_fails_and_says_why() {
    let _shared = MACHINE.read();
    for program in programs("03-io") {
        // Port 1 on the loopback interface: nobody listens there.
        let launch = native::launch_by(executable(), "03-io", program, &Knobs::new(), true);
        let output = command(&launch, "http://127.0.0.1:1").output().expect("the program starts");
        assert_eq!(output.status.code(), Some(1), "{program}");
        assert!(String::from_utf8_lossy(&output.stderr).contains("refused"), "{program}");
    }
}

#[test]
fn unknown_programs_and_bad_knobs_are_usage_errors() {
    let _shared = MACHINE.read();
    let mut launch = native::launch_by(executable(), "02-gil", "nothing", &Knobs::new(), true);
    assert_eq!(command(&launch, "").output().expect("starts").status.code(), Some(2));
    launch = native::launch_by(executable(), "02-gil", "threads", &Knobs::new(), true);
    launch.env[0].1 = Some("{".into());
    assert_eq!(command(&launch, "").output().expect("starts").status.code(), Some(2));
}

#[test]
fn the_server_keeps_connections_alive_thinks_and_refuses_nonsense() {
    let _shared = MACHINE.read();
    let server = Server::start();
    let mut connection = BufReader::new(server.connect());
    let asked = clock::now();
    assert_eq!(ask(&mut connection, "/?think=0.05"), ("HTTP/1.1 200 OK".into(), "thought for 0.05 s\n".into()));
    assert!(clock::now() - asked >= 50 * clock::MILLISECOND, "it answered before it had thought");
    assert_eq!(ask(&mut connection, "/").0, "HTTP/1.1 200 OK");
    assert_eq!(ask(&mut connection, "/?think=11").0, "HTTP/1.1 400 Bad Request");
    assert_eq!(ask(&mut connection, "/other").0, "HTTP/1.1 404 Not Found");
}

#[test]
fn the_server_answers_five_hundred_connections_that_are_open_at_once() {
    let _shared = MACHINE.read();
    let server = Server::start();
    let mut open: Vec<_> = (0..500).map(|_| BufReader::new(server.connect())).collect();
    for connection in &mut open {
        write!(connection.get_mut(), "GET /?think=0.01 HTTP/1.1\r\nHost: here\r\n\r\n").expect("the server reads");
    }
    for connection in &mut open {
        let mut status = String::new();
        connection.read_line(&mut status).expect("an answer");
        assert_eq!(status.trim(), "HTTP/1.1 200 OK");
    }
}

#[cfg(unix)]
mod parallelism {
    use super::*;
    use nix::sys::resource::{UsageWho, getrusage};

    /// On-CPU time / wall time of something that this test does alone.
    fn parallelism(who: UsageWho, work: impl FnOnce()) -> f64 {
        let cpu = || {
            let usage = getrusage(who).expect("always allowed");
            let micros = |time: nix::sys::time::TimeVal| time.tv_sec() * 1_000_000 + time.tv_usec();
            Nanos::try_from(micros(usage.user_time()) + micros(usage.system_time())).expect("positive") * 1000
        };
        let (cpu_before, start) = (cpu(), clock::now());
        work();
        clock::seconds(cpu() - cpu_before) / clock::seconds(clock::now() - start)
    }

    fn of(program: &str, gil: bool) -> f64 {
        parallelism(UsageWho::RUSAGE_CHILDREN, || {
            run("02-gil", program, &knobs([("WORKERS", 2), ("N", 2_000_000)]), gil, "");
        })
    }

    /// What two plain threads get on this machine now.
    fn machine() -> f64 {
        let spin = || (0..3_000_000_u64).fold(0_u64, |sum, i| std::hint::black_box(sum.wrapping_add(i)));
        parallelism(UsageWho::RUSAGE_SELF, || {
            std::thread::scope(|scope| {
                scope.spawn(spin);
                spin();
            });
        })
    }

    #[test]
    fn the_gil_serializes_threads_and_nothing_else() {
        let _alone = MACHINE.write();
        for program in ["sequential", "threads"] {
            let cores = of(program, true);
            assert!(cores < 1.2, "{program} under one GIL kept {cores:.2} cores busy");
        }
        for (program, gil) in [("processes", true), ("interpreters", true), ("threads", false)] {
            // Where the machine has but one core to give just now, plain threads get no more: nothing is to be seen.
            let shown = (0..4).any(|_| of(program, gil) > 1.3 || machine() < 1.6);
            assert!(shown, "{program}, GIL {gil}: four times about one core, where plain threads get more");
        }
    }
}

#[cfg(target_os = "linux")]
mod log {
    use super::*;
    use concur_tutor::inside::eventlog::{LOG_VARIABLE, Log};
    use concur_tutor::inside::trace::{Record, WaitKind, What};
    use std::collections::{BTreeMap, BTreeSet};

    /// Runs a program with an event log and gives what it wrote, in order of time.
    fn records(lesson: &str, program: &str, knobs: &Knobs, gil: bool) -> Vec<Record> {
        let mut log = Log::create().expect("a memory file");
        let launch = native::launch_by(executable(), lesson, program, knobs, gil);
        let output = command(&launch, "").env(LOG_VARIABLE, log.path()).output().expect("starts");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let mut records = Vec::new();
        log.drain(Nanos::MAX, &mut records);
        assert_eq!(log.lost(), 0);
        records.sort_by_key(|record| record.at);
        records
    }

    /// The holds of each GIL, in order: (thread, taken, dropped).
    fn holds(records: &[Record]) -> BTreeMap<u64, Vec<(u32, Nanos, Nanos)>> {
        let mut open = BTreeMap::new();
        let mut all: BTreeMap<u64, Vec<_>> = BTreeMap::new();
        for record in records {
            match record.what {
                What::GilTaken { gil } => {
                    let before = open.insert(gil, (record.tid, record.at));
                    assert_eq!(before, None, "two threads held one GIL");
                }
                What::GilDropped { gil } => {
                    let (tid, taken) = open.remove(&gil).expect("only a holder drops");
                    assert_eq!(tid, record.tid, "only its holder drops the GIL");
                    all.entry(gil).or_default().push((tid, taken, record.at));
                }
                _ => {}
            }
        }
        all
    }

    #[test]
    fn one_thread_at_a_time_holds_the_gil_and_keeps_it_for_the_interval() {
        let _shared = MACHINE.read();
        let mut knobs = knobs([("WORKERS", 2), ("N", 3_000_000)]);
        knobs.insert("SWITCH_INTERVAL".to_owned(), KnobValue::Float(0.002));
        let records = records("02-gil", "threads", &knobs, true);
        let holds = holds(&records);
        assert_eq!(holds.len(), 1, "one interpreter, one GIL");
        let holds = holds.into_values().next().expect("one");

        let names: BTreeSet<_> = records
            .iter()
            .filter_map(|r| match &r.what {
                What::ThreadName(name) => Some(name.as_str()),
                _ => None,
            })
            .collect();
        assert_eq!(names, BTreeSet::from(["MainThread", "worker_0", "worker_1"]));

        // A hold that ended by a request and not by the program's own will: the next holder is another worker.
        let mut forced: Vec<_> =
            holds.windows(3).filter(|w| w[0].0 == w[2].0 && w[0].0 != w[1].0).map(|w| w[1].2 - w[1].1).collect();
        forced.sort_unstable();
        assert!(forced.len() >= 4, "the workers took turns: {} times", forced.len());
        let median = forced[forced.len() / 2];
        assert!(median >= 2 * clock::MILLISECOND, "half of the holds are shorter than {median} ns");
        assert!(records.iter().any(|r| matches!(&r.what, What::WaitBegin(wait) if wait.kind == WaitKind::Gil)));
    }

    #[test]
    fn a_lone_thread_keeps_the_gil_all_the_time() {
        let _shared = MACHINE.read();
        let holds = holds(&records("02-gil", "sequential", &knobs([("N", 1_000_000)]), true));
        assert_eq!(holds.into_values().map(|holds| holds.len()).collect::<Vec<_>>(), [1]);
    }

    #[test]
    fn each_executor_has_the_gils_that_it_stands_for() {
        let _shared = MACHINE.read();
        for (program, gil, gils) in [
            ("sequential", true, 1..=1),
            ("threads", true, 1..=1),
            ("threads", false, 0..=0),
            ("interpreters", true, 3..=3),
            // The main one and the workers'; on a busy machine one worker may have done all before the other woke up.
            ("processes", true, 2..=3),
            ("processes", false, 0..=0),
        ] {
            let records = records("02-gil", program, &knobs([("WORKERS", 2), ("N", 400_000)]), gil);
            let found = holds(&records).len();
            assert!(gils.contains(&found), "{program}, GIL {gil}: {found} GILs");
            assert_eq!(records.iter().filter(|r| r.what == What::ProgramStart).count(), 1);
            assert_eq!(records.iter().filter(|r| r.what == What::ProgramEnd).count(), 1);
        }
    }
}
