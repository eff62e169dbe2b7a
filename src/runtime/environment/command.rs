//! One command of the building: run to its end, heard line by line, ended with all that it started when asked to.

use crate::runtime::marker;
use std::collections::VecDeque;
use std::io::{self, BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::Duration;

/// Lines of a failed command that are kept, and of these how many are told.
const KEPT: usize = 60;
const TOLD: usize = 6;

/// Why a command did not succeed.
pub(super) enum Why {
    /// It was asked to end.
    Stopped,
    /// What it said.
    Failed(String),
}

/// Runs a command and tells each line that it writes.
pub(super) fn run(command: &mut Command, stop: &AtomicBool, mut tell: impl FnMut(&str)) -> Result<(), Why> {
    let failed = |error: io::Error| Why::Failed(error.to_string());
    let (mut child, lines) = spawn(command).map_err(failed)?;
    let mut last = VecDeque::new();
    loop {
        match lines.recv_timeout(Duration::from_millis(50)) {
            Ok(line) => {
                tell(&line);
                last.push_back(line);
                last.drain(..last.len().saturating_sub(KEPT));
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
        if stop.load(Ordering::Acquire) {
            end(&mut child);
            return Err(Why::Stopped);
        }
    }
    let status = child.wait().map_err(failed)?;
    if status.success() { Ok(()) } else { Err(Why::Failed(last_lines(&last))) }
}

/// Starts it in a group of its own, with its lines in a channel that closes when it has closed its output.
fn spawn(command: &mut Command) -> io::Result<(Child, Receiver<String>)> {
    let (reader, writer) = io::pipe()?;
    command.stdin(Stdio::null()).stdout(writer.try_clone()?).stderr(writer);
    for name in ["PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV", "PIP_TARGET", "PIP_PREFIX", "PIP_USER"] {
        command.env_remove(name);
    }
    // By this it is found, wherever it may have gone, when the tutor ends before it does.
    command.env("PYTHONUNBUFFERED", "1").env(marker::VARIABLE, format!("{}.setup", marker::own_prefix()));
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(command, 0);
    let child = command.spawn();
    // The command still holds our copy of the pipe's end, which would keep it open.
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let child = child?;
    let (sender, lines) = mpsc::channel();
    std::thread::Builder::new().name("setup".into()).spawn(move || {
        for line in BufReader::new(reader).split(b'\n').map_while(Result::ok) {
            if sender.send(String::from_utf8_lossy(&line).trim_end().to_owned()).is_err() {
                return;
            }
        }
    })?;
    Ok((child, lines))
}

/// Ends it and its group, and reaps it.
fn end(child: &mut Child) {
    #[cfg(unix)]
    // SAFETY: a signal to the group that the child was made the leader of; no memory is involved.
    unsafe {
        libc::killpg(child.id().cast_signed(), libc::SIGKILL);
    }
    let _ = child.kill();
    let _ = child.wait();
}

/// The lines that say what went wrong: errors, else the last ones.
fn last_lines(lines: &VecDeque<String>) -> String {
    let wrong = |line: &&str| line.contains("ERROR") || line.contains("Error") || line.contains("WARNING: Retrying");
    let all = lines.iter().map(String::as_str).filter(|line| !line.trim().is_empty());
    let errors: Vec<&str> = all.clone().filter(wrong).collect();
    let shown = if errors.is_empty() { all.collect() } else { errors };
    let shown = &shown[shown.len().saturating_sub(TOLD)..];
    if shown.is_empty() { "it said nothing".to_owned() } else { shown.join("\n") }
}
