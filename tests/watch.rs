//! `watch`: a script behaves under observation as it does alone. Real binary, real CPython; skipped where there is none.

use assert_cmd::Command;
use serde_json::Value;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command as Plain, Stdio};

fn tutor() -> Command {
    Command::new(env!("CARGO_BIN_EXE_concur-tutor"))
}

/// The first CPython that the tutor finds.
fn python() -> Option<PathBuf> {
    let output = tutor().args(["list", "--format", "json"]).output().unwrap();
    let listing: Value = serde_json::from_slice(&output.stdout).unwrap();
    let found = listing["runtimes"].as_array().unwrap().iter().find(|r| r["kind"] == "cpython" && r["usable"] == true);
    let path = found.map(|r| PathBuf::from(r["path"].as_str().unwrap()));
    if path.is_none() {
        println!("skipped: no CPython is installed here");
    }
    path
}

struct Script {
    _dir: tempfile::TempDir,
    path: PathBuf,
}

fn script(source: &str) -> Script {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("script.py");
    std::fs::write(&path, source).unwrap();
    Script { path, _dir: dir }
}

fn watch_json(python: &Path, script: &Script, args: &[&str]) -> (Option<i32>, Value) {
    let mut command = tutor();
    command.arg("watch").arg("--python").arg(python).args(["--format", "json"]).arg(&script.path).args(args);
    let output = command.output().unwrap();
    let report = serde_json::from_slice(&output.stdout).unwrap_or_else(|e| {
        panic!("{e}: {} {}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
    });
    (output.status.code(), report)
}

/// What a script sees of its surroundings.
const SURROUNDINGS: &str = r"
import json, os, sys, threading
print(json.dumps({
    'argv': sys.argv[1:], 'cwd': os.getcwd(), 'environ': dict(os.environ), 'path': sys.path, 'flags': list(sys.flags),
    'modules': sorted(m for m in sys.modules if 'tutor' in m), 'threads': threading.active_count(),
    'stdin': sys.stdin.read(), 'tty': [os.isatty(n) for n in range(3)],
    'child': os.popen('env | sort').read(),
}))
";

/// Input, and an environment short enough to read when it differs.
fn few_variables(command: &mut Command) -> &mut Command {
    let home = std::env::var_os("HOME").unwrap_or_default();
    let path = std::env::var_os("PATH").unwrap_or_default();
    command.env_clear().env("HOME", home).env("PATH", path).env("MARK", "1").write_stdin("in\nput")
}

fn seen(output: &[u8]) -> Value {
    let mut seen: Value = serde_json::from_slice(output).unwrap();
    // What changes from one shell to the next by itself.
    let environ = seen["environ"].as_object_mut().unwrap();
    environ.remove("_");
    let child = seen["child"].as_str().unwrap().lines().filter(|l| !l.starts_with("_=")).collect::<Vec<_>>().join("\n");
    seen["child"] = child.into();
    seen
}

#[test]
fn the_script_sees_what_it_sees_alone() {
    let Some(python) = python() else { return };
    let script = script(SURROUNDINGS);
    let args = ["a b", "--flag", "-x", "ünï"];
    let alone = few_variables(Command::new(&python).arg(&script.path).args(args)).output().unwrap();
    let out = tempfile::NamedTempFile::new().unwrap();
    let mut command = tutor();
    command.arg("watch").arg("--python").arg(&python).args(["--format", "json", "--out"]).arg(out.path());
    let watched = few_variables(command.arg(&script.path).args(args)).output().unwrap();
    assert!(watched.status.success(), "{}", String::from_utf8_lossy(&watched.stderr));
    let (watched_saw, alone_saw) = (seen(&watched.stdout), seen(&alone.stdout));
    for (what, value) in alone_saw.as_object().unwrap() {
        assert_eq!(&watched_saw[what], value, "{what}");
    }
    assert_eq!(watched.stderr, alone.stderr);
    let report: Value = serde_json::from_reader(out.reopen().unwrap()).unwrap();
    assert_eq!(report["lesson"], Value::Null);
    assert_eq!(report["program"], script.path.to_str().unwrap());
    assert_eq!(report["args"], serde_json::json!(args));
}

#[test]
fn exit_statuses_are_passed_on() {
    let Some(python) = python() else { return };
    for (source, status) in [
        ("import sys; sys.exit(7)", 7),
        ("raise SystemExit(255)", 255),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", 137),
        ("import os; os.abort()", 134),
        ("1/0", 1),
        ("pass", 0),
        ("def broken(:", 1),
    ] {
        let (code, report) = watch_json(&python, &script(source), &[]);
        assert_eq!(code, Some(status), "{source}: {report}");
    }
}

#[test]
fn a_script_that_hangs_is_ended_at_its_time_out_with_a_report() {
    let Some(python) = python() else { return };
    let script = script("import threading\nlock = threading.Lock()\nlock.acquire()\nlock.acquire()");
    let output = tutor()
        .args(["watch", "--timeout", "1.5", "--format", "json", "--python"])
        .arg(&python)
        .arg(&script.path)
        .output()
        .unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((output.status.code(), &report["exit"]["timed_out"]), (Some(124), &true.into()));
}

#[test]
fn output_that_is_not_text_is_told_in_base64() {
    let Some(python) = python() else { return };
    let (_, report) = watch_json(&python, &script(r"import os; os.write(1, b'\xff\xfe\x00'); os.write(2, b'ok')"), &[]);
    assert_eq!(report["stdout"], serde_json::json!({"base64": "//4A"}));
    assert_eq!(report["stderr"], "ok");
}

#[test]
fn what_cannot_be_started_exits_2() {
    let script = script("pass");
    let missing = tutor().args(["watch", "--python", "/no/such/python"]).arg(&script.path).output().unwrap();
    assert_eq!(missing.status.code(), Some(2));
    let said = String::from_utf8_lossy(&missing.stderr).into_owned();
    assert!(said.contains("/no/such/python"), "{said}");
}

#[test]
#[cfg(target_os = "linux")]
fn grandchildren_do_not_outlive_a_killed_tutor() {
    let Some(python) = python() else { return };
    // Grandchildren in sessions of their own, deaf to signals.
    let source = r"
import os, subprocess, sys, time
code = 'import signal, time; [signal.signal(s, signal.SIG_IGN) for s in (1, 2, 15)]; print(1, flush=True); time.sleep(600)'
kids = [subprocess.Popen([sys.executable, '-c', code], start_new_session=True, stdout=subprocess.PIPE) for _ in range(3)]
for kid in kids:
    kid.stdout.read(2)
print('ready', *[kid.pid for kid in kids], os.getpid(), flush=True)
time.sleep(600)
";
    let script = script(source);
    let out = tempfile::NamedTempFile::new().unwrap();
    let mut command = Plain::new(env!("CARGO_BIN_EXE_concur-tutor"));
    command.arg("watch").arg("--python").arg(&python).args(["--format", "json", "--out"]).arg(out.path());
    let mut tutor = command.arg(&script.path).stdout(Stdio::piped()).stdin(Stdio::null()).spawn().unwrap();
    let mut line = String::new();
    let mut stdout = std::io::BufReader::new(tutor.stdout.take().unwrap());
    std::io::BufRead::read_line(&mut stdout, &mut line).unwrap();
    let pids: Vec<u32> = line.split_whitespace().filter_map(|w| w.parse().ok()).collect();
    assert_eq!(pids.len(), 4, "{line}");
    tutor.kill().unwrap();
    tutor.wait().unwrap();
    // The pipe closes when the last of the family is gone.
    let mut rest = String::new();
    stdout.read_to_string(&mut rest).unwrap();
    wait_until(|| pids.iter().all(|pid| !alive(*pid)), &format!("{pids:?} still live"));
}

fn alive(pid: u32) -> bool {
    std::fs::read_to_string(format!("/proc/{pid}/stat"))
        .is_ok_and(|stat| !matches!(stat.rsplit_once(") ").map(|(_, rest)| rest.as_bytes()[0]), Some(b'Z' | b'X')))
}

/// Waits for a condition, with a deadline that only a broken program reaches.
fn wait_until(condition: impl Fn() -> bool, what: &str) {
    let deadline = concur_tutor::inside::clock::now() + 30 * concur_tutor::inside::clock::SECOND;
    while !condition() {
        assert!(concur_tutor::inside::clock::now() < deadline, "{what}");
        std::thread::yield_now();
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_signal_to_the_tutor_reaches_the_script() {
    let Some(python) = python() else { return };
    let source = r"
import signal, sys, time
def stop(number, frame):
    print('got', signal.Signals(number).name, flush=True)
    sys.exit(5)
for name in ('SIGTERM', 'SIGINT', 'SIGHUP'):
    signal.signal(getattr(signal, name), stop)
print('ready', flush=True)
time.sleep(600)
";
    let script = script(source);
    for (signal, name) in [(libc::SIGTERM, "SIGTERM"), (libc::SIGINT, "SIGINT"), (libc::SIGHUP, "SIGHUP")] {
        let out = tempfile::NamedTempFile::new().unwrap();
        let mut command = Plain::new(env!("CARGO_BIN_EXE_concur-tutor"));
        command.arg("watch").arg("--python").arg(&python).arg("--out").arg(out.path()).arg(&script.path);
        let mut tutor = command.stdout(Stdio::piped()).stdin(Stdio::null()).spawn().unwrap();
        let mut stdout = std::io::BufReader::new(tutor.stdout.take().unwrap());
        let mut line = String::new();
        std::io::BufRead::read_line(&mut stdout, &mut line).unwrap();
        assert_eq!(line, "ready\n");
        // SAFETY: kill has no memory effects; the pid is our own child's.
        unsafe { libc::kill(tutor.id().cast_signed(), signal) };
        let mut rest = String::new();
        stdout.read_to_string(&mut rest).unwrap();
        assert_eq!((rest.as_str(), tutor.wait().unwrap().code()), (format!("got {name}\n").as_str(), Some(5)));
    }
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let Some(python) = python() else { return };
    let script = script("print('x' * 100)");
    let mut command = Plain::new(env!("CARGO_BIN_EXE_concur-tutor"));
    command.args(["watch", "--format", "json", "--python"]).arg(&python).arg(&script.path);
    let mut tutor = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(tutor.stdout.take());
    let mut said = Vec::new();
    tutor.stderr.take().unwrap().read_to_end(&mut said).unwrap();
    assert_eq!((tutor.wait().unwrap().code(), String::from_utf8_lossy(&said).as_ref()), (Some(0), ""));
    std::io::stdout().flush().unwrap();
}

/// A folder with a program in each form in which Python takes one.
fn programs(python: &Path) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = dir.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    let source = "import sys; print(sys.argv[1:])\n";
    write("plain.py", source);
    write("package/__init__.py", "");
    write("package/__main__.py", source);
    write("package/tool.py", source);
    write("folder/__main__.py", source);
    write("bin/a-tool-of-ours", &format!("#!{}\n{source}", python.display()));
    // Zipped by Python itself: with a first line, and without.
    for (zip, more) in [("zipped.pyz", vec![]), ("named.pyz", vec!["-p", python.to_str().unwrap()])] {
        let made = Plain::new(python).args(["-m", "zipapp", "folder", "-o", zip]).args(more).current_dir(&dir).status();
        assert!(made.unwrap().success());
    }
    dir
}

#[test]
fn it_is_started_as_people_start_programs() {
    let Some(python) = python() else { return };
    let dir = programs(&python);
    let named = python.to_str().unwrap();
    let path = std::env::join_paths([dir.path().join("bin").as_path(), python.parent().unwrap()]).unwrap();
    // The command, what the report calls it, and by what the Python was chosen; `None` where it depends on the machine.
    let cases: [(&[&str], &str, Option<&str>); 13] = [
        (&["plain.py", "a"], "plain.py", None),
        (&["-u", "-X", "dev", "plain.py", "a"], "plain.py", None),
        (&["--", "plain.py", "a"], "plain.py", None),
        (&["-m", "package", "a"], "-m package", None),
        (&["-mpackage.tool", "a"], "-m package.tool", None),
        (&["-c", "import sys; print(sys.argv[1:])", "a"], "-c", None),
        (&["-", "a"], "-", None),
        (&["folder", "a"], "folder", None),
        (&["zipped.pyz", "a"], "zipped.pyz", None),
        (&["named.pyz", "a"], "named.pyz", Some("first-line")),
        (&["bin/a-tool-of-ours", "a"], "bin/a-tool-of-ours", Some("first-line")),
        (&["a-tool-of-ours", "a"], "a-tool-of-ours", Some("first-line")),
        (&[named, "-m", "package", "a"], "-m package", Some("command")),
    ];
    for (words, name, by) in cases {
        let mut command = tutor();
        command.args(["watch", "--format", "json"]).args(words).current_dir(&dir).env("PATH", &path);
        let output = command.write_stdin("import sys; print(sys.argv[1:])").output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("{words:?}: {e}: {said}"));
        assert_eq!(report["stdout"], "['a']\n", "{words:?}: {report:#}");
        assert!(report["program"].as_str().unwrap().ends_with(name), "{words:?}: {}", report["program"]);
        let chosen = &report["chosen"]["by"];
        assert!(by.map_or_else(|| chosen.is_string(), |by| chosen == by), "{words:?}: {chosen}");
        if by.is_some() {
            assert_eq!(report["runtime"]["path"], named, "{words:?}");
        }
    }
}

#[test]
fn a_virtual_environment_beside_a_script_runs_it_unless_another_python_is_named() {
    let Some(python) = python() else { return };
    let dir = programs(&python);
    let made = Plain::new(&python).args(["-m", "venv", "--without-pip", ".venv"]).current_dir(&dir).status().unwrap();
    if !made.success() {
        println!("skipped: this Python cannot make a virtual environment");
        return;
    }
    let watched = |options: &[&str]| {
        let mut command = tutor();
        command.args(["watch", "--format", "json"]).args(options).args(["-c", "import sys; print(sys.prefix)"]);
        let output = command.current_dir(&dir).env_remove("VIRTUAL_ENV").env_remove("CONDA_PREFIX").output().unwrap();
        serde_json::from_slice::<Value>(&output.stdout).unwrap()
    };
    let own = watched(&[]);
    let prefix = dir.path().canonicalize().unwrap().join(".venv");
    assert_eq!(own["chosen"]["by"], "environment", "{own:#}");
    assert_eq!(own["stdout"].as_str().unwrap().trim(), prefix.to_str().unwrap());
    let named = watched(&["--python", python.to_str().unwrap()]);
    assert_eq!(
        (&named["chosen"]["by"], &named["runtime"]["path"]),
        (&"named".into(), &python.to_str().unwrap().into())
    );
}

#[test]
fn what_is_no_python_program_is_said_before_anything_runs() {
    for (words, part) in [
        (&["no-such-tool-of-ours"][..], "no program of that name on PATH"),
        (&["no/such.py"], "there is no such file"),
        (&["ls"], "is not a Python program"),
        (&["-u"], "there is nothing to run"),
        (&["-m"], "-m needs a value"),
        (&["--pyhton", "a.py"], "knows the option --pyhton"),
    ] {
        let output = tutor().arg("watch").args(words).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{words:?}: {said}");
        assert!(said.contains(part), "{words:?}: {said}");
    }
}

#[test]
fn a_report_does_not_replace_the_script() {
    let Some(python) = python() else { return };
    let script = script("print(1)");
    let beside = script.path.with_extension("link");
    std::os::unix::fs::symlink(&script.path, &beside).unwrap();
    for out in [&script.path, &beside] {
        let mut command = tutor();
        command.arg("watch").arg("--python").arg(&python).arg("--out").arg(out).arg(&script.path);
        let output = command.output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        assert!(String::from_utf8_lossy(&output.stderr).contains("that is the script itself; nothing was run"));
        assert_eq!(std::fs::read_to_string(&script.path).unwrap(), "print(1)");
    }
}

/// Names, output, errors and words that would command a terminal, or pass for the tutor's own lines.
#[test]
fn no_text_of_a_program_commands_the_terminal() {
    let Some(python) = python() else { return };
    let source = r#"
import sys, threading
name = "\x1b]0;title\x07a\nforged row\x9b2J\u202e"
threads = [threading.Thread(target=sum, args=(range(1000),), name=name) for _ in range(2)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print("out\x1b[2J\x07")
sys.exit("err\x1b[2J")
"#;
    let script = script(source);
    let mut command = tutor();
    command.arg("watch").arg("--python").arg(&python).args(["--format", "text"]).arg(&script.path).arg("a\nb\x1b[H");
    let output = command.output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("forged row") && said.contains("err"), "{said}");
    let commanding = said.chars().find(|c| (c.is_control() && !"\n\t".contains(*c)) || *c == '\u{202e}');
    assert_eq!(commanding, None, "{said}");
    assert!(!said.lines().any(|line| line.trim_start().starts_with("forged row")), "{said}");
}

/// Starts a program with signals ignored and blocked, as `nohup` and shells do.
const WITH_SIGNALS: &str = r"
import os, signal, sys
for name in ('SIGINT', 'SIGHUP', 'SIGCHLD', 'SIGUSR1'):
    signal.signal(getattr(signal, name), signal.SIG_IGN)
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR2, signal.SIGQUIT})
os.execv(sys.argv[1], sys.argv[1:])
";

#[test]
#[cfg(target_os = "linux")]
fn signals_are_ignored_and_blocked_as_alone() {
    let Some(python) = python() else { return };
    let script = script(
        r"
import signal, sys
print([signal.getsignal(number) == signal.SIG_IGN for number in range(1, 32) if number not in (9, 19)])
print(sorted(signal.pthread_sigmask(signal.SIG_BLOCK, [])))
sys.exit(3)
",
    );
    let started = |words: &[&str]| {
        let output = Plain::new(&python).args(["-c", WITH_SIGNALS]).args(words).output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    let out = tempfile::NamedTempFile::new().unwrap();
    let (path, python) = (script.path.to_str().unwrap(), python.to_str().unwrap());
    let alone = started(&[python, path]);
    let tutor = env!("CARGO_BIN_EXE_concur-tutor");
    let watched = started(&[tutor, "watch", "--python", python, "--out", out.path().to_str().unwrap(), path]);
    assert_eq!(alone, watched);
    assert_eq!(alone.0, Some(3));
    assert!(alone.1.contains("True"), "{alone:?}");
}

#[test]
#[cfg(target_os = "linux")]
fn what_outlives_the_script_alone_outlives_it_watched() {
    let Some(python) = python() else { return };
    // The child waits for the tutor's end, then writes to the pipe that it has inherited and starts a program of its own.
    let source = r#"
import os, subprocess, sys
code = """
import os, subprocess, sys, time
while os.path.exists('/proc/' + sys.argv[2]):
    time.sleep(0.01)
print('still here', flush=True)
run = subprocess.run([sys.executable, '-c', 'print(1)'], capture_output=True, text=True)
with open(sys.argv[1] + '.new', 'w') as file:
    file.write(repr((run.returncode, run.stdout, run.stderr)))
os.rename(sys.argv[1] + '.new', sys.argv[1])
"""
print(subprocess.Popen([sys.executable, '-c', code, sys.argv[1], str(os.getppid())]).pid)
"#;
    let script = script(source);
    let written = script.path.with_extension("written");
    let (code, report) = watch_json(&python, &script, &[written.to_str().unwrap()]);
    assert_eq!(code, Some(0));
    let pid = report["outlived"][0]["pid"].as_u64().expect("the report names who lives on");
    assert_eq!(report["stdout"].as_str().unwrap().trim(), pid.to_string());
    assert!(report["notes"].to_string().contains("1 process outlives it"), "{}", report["notes"]);
    wait_until(|| written.exists(), "what outlives the script goes on to its end");
    assert_eq!(std::fs::read_to_string(written).unwrap(), r"(0, '1\n', '')");
}
