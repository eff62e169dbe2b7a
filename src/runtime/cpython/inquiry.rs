//! Runs one executable and reads what it says about itself.

use super::OLDEST;
use crate::clock::{self, Nanos};
use crate::runtime::startup::{self, Compiled};
use crate::runtime::{Python, Unusable, marker};
use std::collections::BTreeSet;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

/// What is run: one line of fields separated by tabs. It imports `sys` alone, so it needs no module that may be broken
/// or slow, and it is Python 2 as well, so that an old one can say that it is old. A second line, where there is one,
/// names what is installed, read from the folders' names: 3 ms, where `importlib.metadata` takes ten times as long. A third
/// has the start-up file in this Python's own code, which then need not be compiled whenever a process of a run starts.
const SCRIPT: &str = r#"
import sys
def machine():
    try:
        import posix
        return posix.uname()[4]
    except Exception:
        return ""
implementation = getattr(getattr(sys, "implementation", None), "name", "cpython")
if "PyPy" in sys.version:
    implementation = "pypy"
free_threaded = "t" in getattr(sys, "abiflags", "") or "free-threading" in sys.version
gil = getattr(sys, "_is_gil_enabled", lambda: True)()
executable = sys.executable or ""
if not isinstance(executable, bytes):
    executable = executable.encode("utf-8", "surrogateescape")
fields = ["concur-tutor", implementation, sys.version.split()[0]]
fields += [str(n) for n in sys.version_info[:3]]
fields += [str(int(gil)), str(int(free_threaded)), sys.platform, machine()]
fields += ["".join("%02x" % b for b in bytearray(executable))]
sys.stdout.write("\t".join(fields) + "\n")
sys.stdout.flush()
try:
    if sys.version_info < (3, 9):
        raise ValueError("too old for the rest")
    import os, site
    site.venv(set())
    folders = [p for p in sys.path if p] + site.getsitepackages()
    if site.check_enableusersite():
        folders.append(site.getusersitepackages())
    names = set()
    for folder in set(folders):
        try:
            entries = os.listdir(folder)
        except OSError:
            continue
        for entry in entries:
            name, _, kind = entry.rpartition(".")
            if kind in ("dist-info", "egg-info"):
                names.add(name.split("-")[0].lower().replace("_", "-").replace(".", "-"))
    sys.stdout.write("\t".join(["packages"] + sorted(names)) + "\n")
    import marshal
    from importlib.util import MAGIC_NUMBER
    words = ["compiled", MAGIC_NUMBER.hex()]
    for source in sys.argv[1:]:
        words.append(marshal.dumps(compile(source, "<string>", "exec")).hex())
    sys.stdout.write("\t".join(words) + "\n")
except BaseException:
    pass
"#;

/// Says where its packages are. It runs none of their code: a `.pth` file, which the site module would run, is not read.
const FOLDERS: &str = r#"
import os, site, sys
home = os.path.dirname(os.path.dirname(os.path.abspath(sys.executable)))
inside = os.path.isfile(os.path.join(home, "pyvenv.cfg"))
folders = site.getsitepackages([home] if inside else None)
if not inside and site.check_enableusersite():
    folders.append(site.getusersitepackages())
sys.stdout.write("\t".join(["folders"] + [os.fsencode(f).hex() for f in folders]) + "\n")
"#;

/// More than any honest answer.
const LONGEST: u64 = 256 * 1024;

/// Asks an executable what it is. It runs in the environment that programs will run in, but without the site module.
pub(super) fn ask(path: &Path, deadline: Duration) -> Result<Python, Unusable> {
    let python = ask_as_named(path, deadline)?;
    // A shim or a wrapper is a script: from now on the interpreter itself is started, if that works as well.
    let same = |a: &Path, b: &Path| a.canonicalize().ok() == b.canonicalize().ok();
    if python.path.as_os_str().is_empty() || same(&python.path, path) {
        return Ok(Python { path: path.to_owned(), ..python });
    }
    let direct = ask_as_named(&python.path, deadline);
    Ok(direct.unwrap_or_else(|_| Python { path: path.to_owned(), ..python }))
}

/// The folders of this Python's packages, whether or not they exist; `None` where it does not say.
pub(super) fn site_folders(path: &Path, deadline: Duration) -> Option<Vec<PathBuf>> {
    let reply = run(path, FOLDERS, &[], deadline).ok()?;
    let out = String::from_utf8_lossy(&reply.out).into_owned();
    let line = out.lines().find_map(|line| line.strip_prefix("folders\t"))?;
    Some(line.split('\t').map(path_from_hex).collect())
}

fn ask_as_named(path: &Path, deadline: Duration) -> Result<Python, Unusable> {
    let unusable = |reason: String| Unusable { path: path.to_owned(), reason };
    let reply = run(path, SCRIPT, &startup::sources().collect::<Vec<_>>(), deadline).map_err(unusable)?;
    read(&reply).map_err(unusable)
}

/// Reads the answer. The path is what `sys.executable` says.
fn read(reply: &Reply) -> Result<Python, String> {
    let out = String::from_utf8_lossy(&reply.out);
    let Some(line) = out.lines().find(|l| l.starts_with("concur-tutor\t")).filter(|_| reply.status.success()) else {
        return Err(no_answer(reply, &out));
    };
    let fields: Vec<&str> = line.split('\t').collect();
    let [_, implementation, text, major, minor, micro, gil, free_threaded, platform, machine, executable] = fields[..]
    else {
        return Err("it does not answer as a Python does".to_owned());
    };
    let version = (|| Some((major.parse().ok()?, minor.parse().ok()?, micro.parse().ok()?)))();
    let version = version.ok_or("it does not say which version it is")?;
    if implementation != "cpython" {
        return Err(format!("it is {implementation} {text}, not CPython, and its threads work in another way"));
    }
    if (version.0, version.1) < OLDEST {
        return Err(format!("CPython {text} is too old: {}.{} or later is needed", OLDEST.0, OLDEST.1));
    }
    Ok(Python {
        path: path_from_hex(executable),
        version,
        version_text: text.to_owned(),
        gil: gil == "1",
        free_threaded: free_threaded == "1",
        platform: if machine.is_empty() { platform.to_owned() } else { format!("{platform}-{machine}") },
        packages: Arc::new(packages(&out)),
        startup: compiled(&out).map(Arc::new),
        own: false,
    })
}

/// What is installed, where it says so.
fn packages(out: &str) -> BTreeSet<String> {
    let line = out.lines().find_map(|line| line.strip_prefix("packages\t"));
    line.into_iter().flat_map(|names| names.split('\t')).map(str::to_owned).collect()
}

/// The start-up file's code, where it says so.
fn compiled(out: &str) -> Option<Compiled> {
    let mut words = out.lines().find_map(|line| line.strip_prefix("compiled\t"))?.split('\t').map(bytes_of_hex);
    Some(Compiled { magic: words.next()?.try_into().ok()?, codes: words.collect() })
}

/// Why there is no answer, in words.
fn no_answer(reply: &Reply, out: &str) -> String {
    let said = complaint(&String::from_utf8_lossy(&reply.err));
    let how = match (signal(reply.status), reply.status.code()) {
        (Some(signal), _) => format!("it was killed by signal {signal}"),
        (None, Some(0)) if out.is_empty() => "it ran, but printed nothing".to_owned(),
        (None, Some(0)) => "it does not answer as a Python does".to_owned(),
        // One that prints without an end dies of the closed pipe: what it printed says more than its status.
        (None, Some(_)) if said.is_empty() && !out.is_empty() => "it does not answer as a Python does".to_owned(),
        (None, Some(code)) => format!("it ended with status {code}"),
        (None, None) => "it ended early".to_owned(),
    };
    if said.is_empty() { how } else { format!("{how}: {said}") }
}

/// The line of standard error that says what is wrong: the last one of a traceback, the fatal one, or the first.
fn complaint(err: &str) -> String {
    if err.contains("def machine()") {
        return String::new(); // no Python: it took the script for a file's name, say, and repeats it
    }
    let mut lines = err.lines().map(str::trim).filter(|l| !l.is_empty());
    let line = match lines.clone().find(|l| l.starts_with("Fatal Python error")) {
        Some(fatal) => Some(fatal),
        None if err.contains("Traceback (most recent call last)") => lines.next_back(),
        None => lines.next(),
    };
    line.unwrap_or_default().chars().filter(|c| !c.is_control()).take(160).collect()
}

#[cfg(unix)]
fn signal(status: ExitStatus) -> Option<i32> {
    std::os::unix::process::ExitStatusExt::signal(&status)
}

#[cfg(not(unix))]
fn signal(_: ExitStatus) -> Option<i32> {
    None
}

fn path_from_hex(hex: &str) -> PathBuf {
    let bytes = bytes_of_hex(hex);
    #[cfg(unix)]
    return PathBuf::from(<std::ffi::OsString as std::os::unix::ffi::OsStringExt>::from_vec(bytes));
    #[cfg(not(unix))]
    return PathBuf::from(String::from_utf8_lossy(&bytes).into_owned());
}

fn bytes_of_hex(hex: &str) -> Vec<u8> {
    let byte = |i: usize| hex.get(i..i + 2).and_then(|h| u8::from_str_radix(h, 16).ok());
    (0..hex.len()).step_by(2).filter_map(byte).collect()
}

/// What an executable did.
struct Reply {
    out: Vec<u8>,
    err: Vec<u8>,
    status: ExitStatus,
}

fn run(path: &Path, script: &str, arguments: &[String], deadline: Duration) -> Result<Reply, String> {
    let patience = Patience { since: clock::now(), deadline };
    let mut command = Command::new(path);
    command
        .args(["-S", "-c", script])
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    // By this it is found wherever it may have gone, when the tutor ends before it does.
    command.env(marker::VARIABLE, format!("{}.asked", marker::own_prefix()));
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let mut child = spawn(&mut command).map_err(|error| cannot_start(path, &error))?;
    let (out, err) = match (drain(child.stdout.take()), drain(child.stderr.take())) {
        (Ok(out), Ok(err)) => (out, err),
        (Err(error), _) | (_, Err(error)) => {
            end(&mut child);
            return Err(format!("it could not be asked, for want of a thread: {error}"));
        }
    };
    // The output is waited for as well: a script may leave a child behind that still writes.
    let status = wait(&mut child, &patience).and_then(|(status, until)| Some((status, receive(&out, until)?)));
    end(&mut child);
    let Some((status, out)) = status else {
        return Err(format!("it did not answer within {} s and was ended", deadline.as_secs_f64()));
    };
    let err = err.recv_timeout(Duration::from_millis(100)).unwrap_or_default();
    Ok(Reply { out, err, status })
}

/// Starts it; again where another thread of ours was just about to start something and held the file open for writing.
fn spawn(command: &mut Command) -> std::io::Result<Child> {
    for _ in 0..10 {
        match command.spawn() {
            Err(error) if error.kind() == std::io::ErrorKind::ExecutableFileBusy => {
                thread::sleep(Duration::from_millis(5));
            }
            other => return other,
        }
    }
    command.spawn()
}

fn cannot_start(path: &Path, error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound if path.components().count() == 1 => "there is no such program on PATH".to_owned(),
        std::io::ErrorKind::NotFound if !path.exists() => "there is no such file".to_owned(),
        std::io::ErrorKind::NotFound => {
            "it cannot be started: the interpreter that its first line names is missing".to_owned()
        }
        _ => format!("it cannot be started: {error}"),
    }
}

/// How long an executable may take.
struct Patience {
    since: Nanos,
    deadline: Duration,
}

impl Patience {
    /// Until when it may take, by our clock. What it waits for a core is not its fault: that is added, within bounds, so
    /// that a busy machine has the same Pythons as a quiet one.
    fn until(&self, pid: u32) -> Nanos {
        let deadline = u64::try_from(self.deadline.as_nanos()).unwrap_or(Nanos::MAX / 2);
        let since = self.since.saturating_add(deadline);
        if clock::now() < since {
            return since;
        }
        since.saturating_add(waited_for_a_core(pid).min(deadline.saturating_mul(9)))
    }
}

/// How long a process has been ready without a core; 0 where the system does not say.
fn waited_for_a_core(pid: u32) -> Nanos {
    let told = std::fs::read_to_string(format!("/proc/{pid}/schedstat")).unwrap_or_default();
    told.split_ascii_whitespace().nth(1).and_then(|nanos| nanos.parse().ok()).unwrap_or(0)
}

/// Waits for its end: how it ended, and until when its output may come.
fn wait(child: &mut Child, patience: &Patience) -> Option<(ExitStatus, Nanos)> {
    let mut pause = Duration::from_millis(1);
    loop {
        // Asked before it is reaped: afterwards nothing is known of it.
        let until = patience.until(child.id());
        match child.try_wait() {
            Ok(Some(status)) => return Some((status, until)),
            Ok(None) if clock::now() < until => thread::sleep(pause),
            _ => return None,
        }
        pause = (pause * 2).min(Duration::from_millis(10));
    }
}

fn receive(pipe: &Receiver<Vec<u8>>, until: Nanos) -> Option<Vec<u8>> {
    let left = Duration::from_nanos(until.saturating_sub(clock::now()));
    pipe.recv_timeout(left.max(Duration::from_millis(500))).ok()
}

/// Ends it and everything that it started in its process group, and reaps it.
fn end(child: &mut Child) {
    #[cfg(unix)]
    if let Ok(group) = i32::try_from(child.id()) {
        // SAFETY: sends a signal to the group that the child was made the leader of; no memory is involved.
        unsafe { libc::killpg(group, libc::SIGKILL) };
    }
    let _ = child.kill();
    let _ = child.wait();
}

/// Reads a pipe to its end on a thread of its own, but no more of it than an honest answer has.
fn drain(pipe: Option<impl Read + Send + 'static>) -> std::io::Result<Receiver<Vec<u8>>> {
    let (sender, receiver) = mpsc::channel();
    let read = move || {
        let mut bytes = Vec::new();
        if let Some(pipe) = pipe {
            // Closing the pipe after that ends a program that never stops writing.
            let _ = pipe.take(LONGEST).read_to_end(&mut bytes);
        }
        let _ = sender.send(bytes);
    };
    thread::Builder::new().spawn(read).map(|_| receiver)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    fn ask_script(body: &str, deadline: Duration) -> Result<Python, Unusable> {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("python3");
        fs::write(&path, format!("#!/bin/sh\n{body}\n")).expect("a script");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("executable");
        ask(&path, deadline)
    }

    fn reason(body: &str) -> String {
        ask_script(body, Duration::from_secs(20)).expect_err("it is no Python").reason
    }

    fn answer(implementation: &str, version: &str) -> String {
        let numbers = version.replace('.', "\\t");
        format!("printf 'concur-tutor\\t{implementation}\\t{version}\\t{numbers}\\t0\\t1\\tlinux\\tx86_64\\t\\n'")
    }

    #[test]
    fn what_cannot_be_used_is_said_in_words() {
        assert_eq!(reason("kill -SEGV $$"), "it was killed by signal 11");
        assert_eq!(reason("echo oops >&2; echo a hint >&2; exit 3"), "it ended with status 3: oops");
        let traceback = "Traceback (most recent call last):\\n  File x\\nOSError: no disk\\n";
        assert_eq!(reason(&format!("printf '{traceback}' >&2; exit 1")), "it ended with status 1: OSError: no disk");
        assert_eq!(reason("echo hello"), "it does not answer as a Python does");
        assert_eq!(reason("true"), "it ran, but printed nothing");
        assert_eq!(reason(&answer("cpython", "3.8.18")), "CPython 3.8.18 is too old: 3.9 or later is needed");
        assert!(reason(&answer("pypy", "3.10.14")).starts_with("it is pypy 3.10.14, not CPython"));
        assert_eq!(reason("head -c 100000 /dev/zero"), "it does not answer as a Python does");
        let missing = ask(Path::new("/no/such/python"), DEADLINE_FOR_TESTS).expect_err("it is not there");
        assert_eq!(missing.reason, "there is no such file");
    }

    /// A program without an answer ends when its time is up, and one that the machine kept waiting has more.
    #[test]
    fn what_waits_for_a_core_has_more_time() {
        let own = std::process::id();
        let patience = |since| Patience { since, deadline: Duration::from_secs(1) };
        let now = clock::now();
        assert_eq!(patience(now).until(own), now + clock::SECOND, "before its time is up nobody asks");
        let late = now.saturating_sub(2 * clock::SECOND);
        let until = patience(late).until(own);
        assert!((late + clock::SECOND..=late + 10 * clock::SECOND).contains(&until), "{until} after {late}");
        assert_eq!(patience(late).until(0), late + clock::SECOND, "of no process nothing is known");
    }

    const DEADLINE_FOR_TESTS: Duration = Duration::from_secs(20);

    #[test]
    fn one_that_hangs_or_never_stops_writing_is_ended() {
        let hung = ask_script("sleep 600", Duration::from_millis(200)).expect_err("it hangs");
        assert_eq!(hung.reason, "it did not answer within 0.2 s and was ended");
        let wordy = ask_script("while :; do echo y; done", DEADLINE_FOR_TESTS).expect_err("it never stops");
        assert!(wordy.reason.starts_with("it "), "{}", wordy.reason);
    }

    #[test]
    fn an_honest_answer_is_read() {
        let python = ask_script(&answer("cpython", "3.14.2"), DEADLINE_FOR_TESTS).expect("a Python");
        assert_eq!((python.version, python.gil, python.free_threaded), ((3, 14, 2), false, true));
        assert_eq!(python.platform, "linux-x86_64");
        assert!(python.packages.is_empty(), "it does not say");
        let more = format!("{}; printf 'packages\\tnumpy\\ttyping-extensions\\n'", answer("cpython", "3.14.2"));
        let python = ask_script(&more, DEADLINE_FOR_TESTS).expect("a Python");
        let wanted = ["numpy", "typing_extensions", "dask"].map(str::to_owned);
        assert_eq!(python.missing(&wanted), ["dask"]);
        assert!(python.path.ends_with("python3"), "it says no path, so the one that was asked stays");
    }
}
