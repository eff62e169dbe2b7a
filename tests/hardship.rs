//! Bad input and bad luck: the real binary where something is missing, refused, full or hostile. What a machine cannot
//! do is skipped with a note.
#![cfg(target_os = "linux")]

use serde_json::Value;
use std::collections::BTreeMap;
use std::fs::{self, Permissions};
use std::io::{BufRead, BufReader, Read};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

const TUTOR: &str = env!("CARGO_BIN_EXE_concur-tutor");

fn tutor(args: &[&str]) -> Command {
    let mut command = Command::new(TUTOR);
    command.args(args).stdin(Stdio::null());
    command
}

/// Exit status, standard output, standard error.
fn run(command: &mut Command) -> (Option<i32>, String, String) {
    let Output { status, stdout, stderr } = command.output().unwrap();
    (status.code(), String::from_utf8_lossy(&stdout).into_owned(), String::from_utf8_lossy(&stderr).into_owned())
}

fn json(command: &mut Command) -> Value {
    let (_, out, err) = run(command);
    serde_json::from_str(&out).unwrap_or_else(|e| panic!("{e}: {out} {err}"))
}

/// A short program on the runtime that is everywhere.
fn native(more: &[&str]) -> Command {
    let mut command = tutor(&["run", "gil", "threads", "--runtime", "native", "--set", "N=1000", "--format", "json"]);
    command.args(more);
    command
}

/// The usable `CPython`s that the tutor finds.
fn pythons() -> Vec<PathBuf> {
    let listing = json(&mut tutor(&["list", "--format", "json"]));
    let usable =
        listing["runtimes"].as_array().unwrap().iter().filter(|r| r["kind"] == "cpython" && r["usable"] == true);
    let found: Vec<PathBuf> = usable.map(|r| r["path"].as_str().unwrap().into()).collect();
    if found.is_empty() {
        println!("skipped: no CPython is installed here");
    }
    found
}

fn file(dir: &Path, name: &str, mode: u32, content: &[u8]) -> PathBuf {
    let path = dir.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, content).unwrap();
    fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
    path
}

/// Runs `action` in the child before the tutor starts.
fn before(command: &mut Command, action: impl FnMut() -> std::io::Result<()> + Send + Sync + 'static) -> &mut Command {
    // SAFETY: what the tests do there are single system calls.
    unsafe { command.pre_exec(action) }
}

/// Makes system calls fail with an error for the tutor and all that it starts, as a container's filter does.
fn refuse(command: &mut Command, calls: &'static [i64], error: i32) {
    let statement = |code: u32, k: u32| libc::sock_filter { code: u16::try_from(code).unwrap(), jt: 0, jf: 0, k };
    let mut program = vec![statement(libc::BPF_LD | libc::BPF_W | libc::BPF_ABS, 0)];
    for call in calls {
        let equal = statement(libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K, u32::try_from(*call).unwrap());
        program.push(libc::sock_filter { jf: 1, ..equal });
        program.push(statement(libc::BPF_RET | libc::BPF_K, libc::SECCOMP_RET_ERRNO | error.cast_unsigned()));
    }
    program.push(statement(libc::BPF_RET | libc::BPF_K, libc::SECCOMP_RET_ALLOW));
    before(command, move || {
        let filter =
            libc::sock_fprog { len: u16::try_from(program.len()).unwrap(), filter: program.as_ptr().cast_mut() };
        // SAFETY: `filter` and the program that it points to live through the call, which copies them.
        let refused = unsafe {
            libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0
                || libc::prctl(libc::PR_SET_SECCOMP, libc::SECCOMP_MODE_FILTER, &raw const filter) != 0
        };
        if refused { Err(std::io::Error::last_os_error()) } else { Ok(()) }
    });
}

fn limit(command: &mut Command, resource: libc::__rlimit_resource_t, value: u64) -> &mut Command {
    before(command, move || {
        let limit = libc::rlimit { rlim_cur: value, rlim_max: value };
        // SAFETY: `limit` lives through the call.
        if unsafe { libc::setrlimit(resource, &raw const limit) } == 0 {
            Ok(())
        } else {
            Err(std::io::Error::last_os_error())
        }
    })
}

#[test]
fn bad_words_are_named_with_what_would_do() {
    for (words, status, hint) in [
        (&["run", "gli", "threads"][..], 2, "did you mean `gil`?"),
        (&["run", "02-gli", "threads"], 2, "did you mean `02-gil`?"),
        (&["run", "gil", "thread"], 2, "did you mean `threads`?"),
        (&["run", "gil", "xyz"], 2, "it has sequential, threads, "),
        (&["run", "gil", "threads", "--set", "WORKRS=2"], 2, "did you mean WORKERS?"),
        (&["run", "gil", "threads", "--set", "WORKERS=0"], 2, "WORKERS must be from 1 to 16, not 0"),
        (&["run", "gil", "threads", "--set", "WORKERS=2.5"], 2, "WORKERS must be a whole number from 1 to 16"),
        (&["run", "gil", "threads", "--set", "WORKERS"], 2, "NAME=VALUE"),
        (&["run", "gil", "threads", "--timeout", "0"], 2, "more than 0"),
        (&["run", "gil", "threads", "--timeout", "-1"], 2, "more than 0"),
        (&["run", "gil", "threads", "--timeout", "nan"], 2, "more than 0"),
        (&["run", "gil", "threads", "--timeout", "inf"], 2, "too long"),
        (&["run", "gil", "threads", "--runtime", "native", "--python", "python3"], 2, "leave out one"),
        (&["run", "gil", "threads", "--python", "python3.0"], 2, "no such program on PATH"),
        (&["watch", "/no/such/script.py"], 2, "there is no such file"),
        (&["watch", "/"], 2, "it is a folder without a __main__.py"),
        (&["watch", "--runtime", "native", "script.py"], 2, "needs CPython"),
        (&["check", "/no/such/folder"], 2, "/no/such/folder"),
        (&["runn"], 2, "'run'"),
    ] {
        let (code, out, err) = run(&mut tutor(words));
        assert_eq!((code, out.as_str()), (Some(status), ""), "{words:?}: {err}");
        assert!(err.contains(hint), "{words:?}: {err}");
    }
}

#[test]
fn a_number_may_be_written_in_thousands() {
    let report = json(native(&[]).args(["--set", "N=2_000", "--timeout", "1e9"]));
    assert_eq!((&report["knobs"]["N"], &report["exit"]["code"]), (&2000.into(), &0.into()));
}

/// The names and types that scripts rely on.
#[test]
fn the_report_has_the_promised_shape() {
    let report = json(&mut native(&[]));
    let kinds = [
        ("version", "number"),
        ("lesson", "string"),
        ("program", "string"),
        ("runtime", "object"),
        ("knobs", "object"),
        ("exit", "object"),
        ("stdout", "string"),
        ("stderr", "string"),
        ("wall_s", "number"),
        ("cpu_s", "number"),
        ("parallelism", "number"),
        ("machine", "object"),
        ("sources", "object"),
        ("lost", "object"),
        ("observer_cpu_s", "number"),
        ("lanes", "array"),
        ("cores", "array"),
        ("predictions", "array"),
    ];
    let kind = |value: &Value| match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    for (name, wanted) in kinds {
        assert_eq!(kind(&report[name]), wanted, "{name} in {report}");
    }
    assert_eq!(report["version"], 1);
    let exit = serde_json::json!({"code": 0, "signal": null, "timed_out": false, "deadlock": false, "ended_by": null});
    assert_eq!(report["exit"], exit);
    for (object, names) in [
        ("runtime", &["kind", "version", "path", "gil"][..]),
        ("machine", &["cores", "usable_cores"]),
        ("sources", &["switches", "waits", "names"]),
        ("lost", &["switches", "events"]),
    ] {
        assert!(names.iter().all(|n| report[object].get(*n).is_some()), "{object}: {}", report[object]);
    }
    let prediction = &report["predictions"][0];
    assert_eq!(prediction["id"], "threads-speedup");
    assert_eq!(prediction["right"], Value::Null, "one run has no speed-up");
    for name in ["question", "metric", "reason"] {
        assert!(prediction[name].is_string(), "{name}: {prediction}");
    }
    for name in ["id", "text"] {
        assert!(prediction["choices"][0][name].is_string(), "{name}: {prediction}");
    }
    let lane = &report["lanes"][0];
    for name in ["pid", "tid", "start_s", "end_s", "gil_holds", "switches"] {
        assert!(lane[name].is_number(), "{name}: {lane}");
    }
    for state in ["running", "native", "gil_wait", "lock_wait", "io_wait", "sleep", "idle", "ready", "unknown"] {
        assert!(lane["states"][state].is_number(), "{state}: {lane}");
    }
}

#[test]
fn without_any_python_all_still_works_on_native() {
    let empty = tempfile::tempdir().unwrap();
    let bare = |args: &[&str]| {
        let mut command = tutor(args);
        command.env_clear().env("HOME", empty.path()).env("PATH", empty.path());
        command
    };
    let report = json(
        bare(&["run", "gil", "threads", "--runtime", "native", "--set", "N=1000", "--format", "json"])
            .env("TMPDIR", "/no/such/folder"),
    );
    assert_eq!(report["exit"]["code"], 0, "{report}");
    for words in [&["list"][..], &["doctor"], &["check"]] {
        assert_eq!(run(&mut bare(words)).0, Some(0), "{words:?}");
    }
    // A Python that stands in a usual place, such as /usr/bin, is found whatever PATH says.
    let listing = json(&mut bare(&["list", "--format", "json"]));
    let cpython = listing["runtimes"].as_array().unwrap().iter().any(|r| r["kind"] == "cpython" && r["usable"] == true);
    let (code, _, err) = run(&mut bare(&["run", "gil", "sequential", "--runtime", "cpython", "--set", "N=1000"]));
    assert_eq!(code, Some(if cpython { 0 } else { 2 }), "{err}");
    assert!(cpython || err.contains("no CPython 3.9 or later was found"), "{err}");
}

#[test]
fn a_broken_python_is_listed_with_its_reason_and_refused_by_name() {
    let dir = tempfile::tempdir().unwrap();
    let broken: [(&str, &[u8], &str); 6] = [
        ("crash", b"#!/bin/sh\nkill -SEGV $$\n", "killed by signal 11"),
        ("early", b"#!/bin/sh\nexit 0\n", "printed nothing"),
        ("fails", b"#!/bin/sh\necho no disk >&2; exit 3\n", "status 3: no disk"),
        ("garbage", b"#!/bin/sh\nhead -c 3000 /dev/urandom\n", "it does not answer as a Python does"),
        ("binary", b"\x01\x02\x03", "cannot be started"),
        ("hang", b"#!/bin/sh\n(sleep 600 &); sleep 600\n", "did not answer within 3 s"),
    ];
    let paths = broken.map(|(name, content, _)| file(dir.path(), &format!("{name}/python3"), 0o755, content));
    let named = std::env::join_paths(&paths).unwrap();
    let listing = json(tutor(&["list", "--format", "json"]).env("CONCUR_TUTOR_PYTHONS", named));
    let listed: BTreeMap<&str, &str> = listing["runtimes"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|r| Some((r["path"].as_str()?, r["reason"].as_str()?)))
        .collect();
    for (path, (name, _, reason)) in paths.iter().zip(&broken) {
        let said = listed.get(path.to_str().unwrap()).unwrap_or_else(|| panic!("{name} is not listed: {listing}"));
        assert!(said.contains(reason), "{name}: {said}");
    }
    let (code, _, err) = run(&mut tutor(&["run", "gil", "threads", "--python", paths[0].to_str().unwrap()]));
    assert!(code == Some(2) && err.contains("killed by signal 11"), "{err}");
}

#[test]
fn a_name_that_leads_to_a_dead_shim_is_found_further_on() {
    let Some(python) = pythons().into_iter().next() else { return };
    let dir = tempfile::tempdir().unwrap();
    let shim = file(dir.path(), "shims/python3", 0o755, b"#!/bin/sh\necho no such version >&2; exit 127\n");
    fs::create_dir(dir.path().join("bin")).unwrap();
    std::os::unix::fs::symlink(&python, dir.path().join("bin/python3")).unwrap();
    let path = std::env::join_paths([shim.parent().unwrap(), &dir.path().join("bin"), Path::new("/bin")]).unwrap();
    let words = ["run", "gil", "sequential", "--set", "N=1000", "--format", "json", "--python", "python3"];
    assert_eq!(json(tutor(&words).env("PATH", path))["exit"]["code"], 0);
}

#[test]
fn a_report_that_cannot_be_put_where_it_belongs_is_not_lost() {
    let (code, out, err) = run(&mut native(&["--out", "/no/such/folder/report"]));
    assert_eq!((code, out.as_str()), (Some(2), ""));
    assert!(err.contains("/no/such/folder/report") && err.contains("nothing was run"), "{err}");
    let (code, out, err) = run(&mut native(&["--out", "/dev/full"]));
    assert_eq!((code, out.as_str()), (Some(1), ""));
    let (message, report) = err.split_once('\n').unwrap();
    assert!(message.contains("/dev/full"), "{message}");
    assert!(serde_json::from_str::<Value>(report).is_ok(), "{report}");
    let full = || fs::File::options().write(true).open("/dev/full").unwrap();
    let (code, _, err) = run(native(&[]).stdout(full()));
    assert!(code == Some(1) && err.contains("standard output"), "{code:?} {err}");
    let status = native(&[]).stdout(full()).stderr(Stdio::null()).status().unwrap();
    assert_eq!(status.code(), Some(1));
    let status = tutor(&["list"]).stdout(full()).stderr(full()).status().unwrap();
    assert_eq!(status.code(), Some(1), "no panic where nothing can be said");
}

#[test]
fn an_old_report_is_replaced_as_a_whole() {
    let dir = tempfile::tempdir().unwrap();
    let path = file(dir.path(), "report", 0o644, &vec![b'x'; 1 << 20]);
    assert_eq!(run(&mut native(&["--out", path.to_str().unwrap()])).0, Some(0));
    assert!(serde_json::from_slice::<Value>(&fs::read(path).unwrap()).is_ok());
}

#[test]
fn refused_system_calls_lead_to_the_next_best_source_with_a_note() {
    let perf = &[libc::SYS_perf_event_open];
    for error in [libc::EPERM, libc::EACCES, libc::ENOSYS] {
        let mut command = native(&[]);
        refuse(&mut command, perf, error);
        let report = json(&mut command);
        assert_eq!((&report["sources"]["switches"], &report["exit"]["code"]), (&"schedstat".into(), &0.into()));
        assert!(report["notes"].to_string().contains("schedstat instead"), "{}", report["notes"]);
        let mut forced = native(&["--switches", "perf"]);
        refuse(&mut forced, perf, error);
        let (code, out, err) = run(&mut forced);
        assert_eq!((code, out.as_str()), (Some(2), ""));
        assert!(err.contains("perf_event_open"), "{err}");
    }
    let all = &[libc::SYS_memfd_create, libc::SYS_pidfd_open, libc::SYS_perf_event_open];
    let mut command = native(&[]);
    refuse(&mut command, all, libc::ENOSYS);
    assert_eq!(json(&mut command)["exit"]["code"], 0);
    let mut doctor = tutor(&["doctor"]);
    refuse(&mut doctor, perf, libc::EPERM);
    let (code, out, _) = run(&mut doctor);
    assert!(code == Some(0) && out.contains("✗ context switches") && out.contains("→"), "{out}");
}

#[test]
fn tight_limits_are_lived_with_or_named() {
    let report = json(limit(&mut native(&[]), libc::RLIMIT_NOFILE, 32));
    assert_eq!(report["exit"]["code"], 0, "{report}");
    let (code, out, err) = run(limit(&mut native(&["--switches", "schedstat"]), libc::RLIMIT_NOFILE, 5));
    assert!(code.is_some() && (code == Some(0) || !err.is_empty()), "{out} {err}");
    // Its limit is on files, so it must be told through a pipe.
    let report = json(limit(&mut native(&[]), libc::RLIMIT_FSIZE, 0));
    assert_eq!(report["exit"]["code"], 0, "{report}");
}

#[test]
fn a_user_who_may_start_few_processes_gets_a_message_not_a_hang() {
    // SAFETY: geteuid has no effects.
    if unsafe { libc::geteuid() } != 0 {
        println!("skipped: only root can become a user who has no other processes");
        return;
    }
    let nobody = 65_534;
    for most in [1, 2, 3, 4, 5, 6] {
        let mut command = native(&[]);
        limit(&mut command, libc::RLIMIT_NPROC, most).uid(nobody).gid(nobody).env("HOME", "/").current_dir("/");
        let Ok(output) = command.output() else {
            println!("skipped: this user cannot start {TUTOR}");
            return;
        };
        let err = String::from_utf8_lossy(&output.stderr);
        assert!(!err.contains("panicked"), "{most}: {err}");
        match output.status.code() {
            Some(2) => assert!(err.contains("concur-tutor: "), "{most}: {err}"),
            code => assert!(serde_json::from_slice::<Value>(&output.stdout).is_ok(), "{most}: {code:?} {err}"),
        }
    }
}

#[test]
fn odd_programs_end_as_they_do_alone() {
    let Some(python) = pythons().into_iter().next() else { return };
    let dir = tempfile::tempdir().unwrap();
    for (name, source, status) in [
        (
            "daemon",
            "import os, signal, time\nif os.fork() == 0:\n os.setsid()\n if os.fork() == 0:\n  signal.signal(15, signal.SIG_IGN); time.sleep(600)\n os._exit(0)\nos.wait(); print('done')",
            0,
        ),
        (
            "fork-bomb",
            "import os\nfor _ in range(50):\n if os.fork() == 0: os._exit(0)\nfor _ in range(50): os.wait()\nprint('done')",
            0,
        ),
        ("closes-all", "import os\nprint('done', flush=True)\nos.closerange(0, 50)\nos._exit(3)", 3),
        ("becomes-another", "import os\nos.execvp('sh', ['sh', '-c', 'echo done; exit 9'])", 9),
        ("loud", "import sys\nfor _ in range(64): sys.stdout.write('x' * 1000000)\nprint('done')", 0),
        (
            "many-threads",
            "import threading\ne = threading.Event()\nts = [threading.Thread(target=e.wait) for _ in range(300)]\n[t.start() for t in ts]; e.set(); [t.join() for t in ts]\nprint('done')",
            0,
        ),
        (
            "own-preload",
            "import os, subprocess, sys\nos.environ['LD_PRELOAD'] = ''\nos.environ['PYTHONPATH'] = '/nowhere'\nprint(subprocess.run([sys.executable, '-c', 'import os; print(os.environ[\"PYTHONPATH\"], \"done\")'], capture_output=True, text=True).stdout)",
            0,
        ),
    ] {
        let script = file(dir.path(), &format!("{name}.py"), 0o644, source.as_bytes());
        let mut command = tutor(&["watch", "--format", "json", "--python", python.to_str().unwrap()]);
        let output = command.arg(&script).output().unwrap();
        let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(output.status.code(), Some(status), "{name}: {report}");
        assert!(report["stdout"].as_str().unwrap().contains("done"), "{name}: {report}");
        assert_eq!(
            report["lanes"][0]["name"],
            if name == "becomes-another" { report["lanes"][0]["name"].clone() } else { "MainThread".into() }
        );
    }
}

#[test]
fn input_reaches_a_watched_script_and_output_is_passed_through_byte_for_byte() {
    let Some(python) = pythons().into_iter().next() else { return };
    let dir = tempfile::tempdir().unwrap();
    let source = "import sys\nprint(input('? '), flush=True)\nsys.stdout.buffer.write(sys.stdin.buffer.read())";
    let script = file(dir.path(), "script.py", 0o644, source.as_bytes());
    let mut command = tutor(&["watch", "--python", python.to_str().unwrap(), "--out"]);
    command.arg(dir.path().join("report")).arg(script).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut tutor = command.spawn().unwrap();
    let (mut input, mut output) = (tutor.stdin.take().unwrap(), BufReader::new(tutor.stdout.take().unwrap()));
    let mut line = String::new();
    std::io::Write::write_all(&mut input, b"hello\n").unwrap();
    output.read_line(&mut line).unwrap();
    assert_eq!(line, "? hello\n");
    let bytes: Vec<u8> = (0..=255).collect();
    std::io::Write::write_all(&mut input, &bytes).unwrap();
    drop(input);
    let mut rest = Vec::new();
    output.read_to_end(&mut rest).unwrap();
    assert_eq!((rest, tutor.wait().unwrap().code()), (bytes, Some(0)));
}

#[test]
fn two_tutors_do_not_disturb_each_other() {
    let children: Vec<_> = (0..3).map(|_| native(&[]).stdout(Stdio::piped()).spawn().unwrap()).collect();
    for child in children {
        let output = child.wait_with_output().unwrap();
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!((&report["exit"]["code"], &report["notes"]), (&0.into(), &serde_json::json!([])));
    }
}

/// A Python that hangs, deaf, with a child that has left its session. It writes down who they are.
const HANGING: &str =
    "#!/bin/sh\ntrap '' HUP INT TERM\nsetsid sleep 600 & echo $! >> \"$0.pids\"\necho $$ >> \"$0.pids\"\nsleep 600\n";

#[test]
fn a_python_that_hangs_when_asked_does_not_outlive_the_tutor() {
    for signal in [libc::SIGINT, libc::SIGTERM, libc::SIGKILL] {
        let dir = tempfile::tempdir().unwrap();
        let hanging = file(dir.path(), "python3", 0o755, HANGING.as_bytes());
        let mut tutor = tutor(&["run", "gil", "threads", "--python", hanging.to_str().unwrap()]).spawn().unwrap();
        let pids = || -> Vec<u32> {
            let written = fs::read_to_string(dir.path().join("python3.pids")).unwrap_or_default();
            written.lines().filter_map(|line| line.parse().ok()).collect()
        };
        wait_until("it is asked", || pids().len() == 2);
        // SAFETY: kill has no memory effects; the pid is our own child's.
        unsafe { libc::kill(tutor.id().cast_signed(), signal) };
        tutor.wait().unwrap();
        wait_until("they are gone", || pids().iter().all(|pid| !alive(*pid)));
    }
    // Nor does it where the tutor ends in its own time.
    let dir = tempfile::tempdir().unwrap();
    let hanging = file(dir.path(), "python3", 0o755, HANGING.as_bytes());
    assert_eq!(run(&mut tutor(&["watch", "--python", hanging.to_str().unwrap(), "/dev/null"])).0, Some(2));
    let written = fs::read_to_string(dir.path().join("python3.pids")).unwrap();
    assert_eq!(written.lines().count(), 2);
    wait_until("they are gone", || written.lines().all(|pid| !alive(pid.parse().unwrap())));
}

fn alive(pid: u32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat"));
    stat.is_ok_and(|stat| !stat.rsplit_once(") ").is_some_and(|(_, rest)| rest.starts_with(['Z', 'X'])))
}

/// Waits for a condition, with a deadline that only a broken program reaches.
fn wait_until(what: &str, condition: impl Fn() -> bool) {
    let deadline = concur_tutor::inside::clock::now() + 30 * concur_tutor::inside::clock::SECOND;
    while !condition() {
        assert!(concur_tutor::inside::clock::now() < deadline, "waited in vain until {what}");
        std::thread::yield_now();
    }
}
