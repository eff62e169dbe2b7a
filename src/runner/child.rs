//! One child process: its start, its end, its accounting.

use super::image::Image;
use super::inherited::Inherited;
use super::plan::Limits;
use super::{RunError, Status, Streams, bounds};
use crate::runtime::Launch;
use crate::trace::Pid;
use std::ffi::OsString;
use std::os::fd::{AsRawFd, OwnedFd, RawFd};
use std::os::unix::process::CommandExt;
use std::process::{ChildStderr, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

/// A child that was started and has not been waited for.
pub(super) struct Child {
    /// Its process id; as long as it has not been waited for, no other process can get it.
    pub pid: Pid,
    /// A service lives as long as this is open.
    _stdin: Option<ChildStdin>,
    pub stdout: Option<ChildStdout>,
    pub stderr: Option<ChildStderr>,
    /// Readable when the child has ended; absent on a kernel without it.
    pidfd: Option<OwnedFd>,
}

/// How a child ended and what it used.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ended {
    pub status: Status,
    /// CPU nanoseconds of the child and of those of its descendants that were waited for.
    pub cpu: u64,
}

impl Child {
    /// Starts a process. On Linux a lesson's is killed when the calling thread ends.
    pub(super) fn spawn(
        launch: &Launch,
        env: &[(OsString, OsString)],
        streams: Streams,
        limits: Limits,
    ) -> Result<Child, RunError> {
        let failed = |source| RunError::Spawn { program: launch.program.clone(), source };
        let image = Image::of(launch, env).map_err(failed)?;
        let mut command = Command::new(&launch.program);
        if let Some(cwd) = &launch.cwd {
            command.current_dir(cwd);
        }
        let (stdin, output): (Stdio, fn() -> Stdio) = match streams {
            Streams::Captured => (Stdio::null(), Stdio::piped),
            Streams::CapturedWithInput => (Stdio::inherit(), Stdio::piped),
            Streams::Inherited => (Stdio::inherit(), Stdio::inherit),
        };
        command.stdin(stdin).stdout(output()).stderr(output());
        if streams == Streams::Captured {
            // Ctrl-C in the tutor's terminal is for the tutor.
            command.process_group(0);
        }
        if let Some(inherited) = Inherited::get() {
            let own = limits == Limits::NONE;
            // SAFETY: only system calls.
            unsafe {
                command.pre_exec(move || {
                    inherited.pass_on(own);
                    Ok(())
                });
            }
        }
        if limits != Limits::NONE {
            // SAFETY: only system calls.
            unsafe {
                command.pre_exec(|| {
                    bounds::forbid();
                    Ok(())
                });
            }
            die_with_the_tutor(&mut command);
        }
        // SAFETY: as above; what is read was put together before the fork.
        unsafe {
            command.pre_exec(move || Err(image.exec()));
        }
        Self::start(command, launch)
    }

    /// Starts a process that lives as long as its standard input is open.
    pub(super) fn spawn_service(launch: &Launch, env: &[(OsString, OsString)]) -> Result<Child, RunError> {
        let mut command = Command::new(&launch.program);
        command.args(&launch.args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        command.envs(launch.env.iter().filter_map(|(n, v)| v.as_ref().map(|v| (n, v))));
        command.envs(env.iter().map(|(n, v)| (n, v))).process_group(0);
        die_with_the_tutor(&mut command);
        Self::start(command, launch)
    }

    fn start(mut command: Command, launch: &Launch) -> Result<Child, RunError> {
        let mut child =
            command.spawn().map_err(|source| RunError::Spawn { program: launch.program.clone(), source })?;
        let pid = child.id();
        Ok(Child {
            pid,
            _stdin: child.stdin.take(),
            stdout: child.stdout.take(),
            stderr: child.stderr.take(),
            pidfd: pidfd(pid),
        })
    }

    /// Waits until the child ends, one of `wakers` has something to read or `timeout` has passed; true when the child
    /// has ended.
    pub(super) fn wait(&self, wakers: &[RawFd], timeout: Duration) -> bool {
        let millis = i32::try_from(timeout.as_millis()).unwrap_or(i32::MAX);
        let Some(fd) = &self.pidfd else {
            std::thread::sleep(timeout.min(Duration::from_millis(5)));
            return self.has_ended();
        };
        let entry = |fd| libc::pollfd { fd, events: libc::POLLIN, revents: 0 };
        let mut polls: Vec<_> = [fd.as_raw_fd()].iter().chain(wakers).copied().map(entry).collect();
        // SAFETY: `polls` holds as many valid entries as are told.
        unsafe { libc::poll(polls.as_mut_ptr(), polls.len() as libc::nfds_t, millis) };
        polls[0].revents != 0
    }

    /// Whether it has ended, without taking its status.
    fn has_ended(&self) -> bool {
        // SAFETY: `info` is a valid place for the answer; WNOWAIT leaves the child to be waited for.
        unsafe {
            let mut info: libc::siginfo_t = std::mem::zeroed();
            let flags = libc::WEXITED | libc::WNOHANG | libc::WNOWAIT;
            libc::waitid(libc::P_PID, self.pid, &raw mut info, flags) == 0 && info.si_pid() != 0
        }
    }

    /// Takes the status of a child that has ended, or waits for it.
    pub(super) fn reap(&self) -> Ended {
        let (status, cpu) = wait4(self.pid, 0).unwrap_or_default();
        let status = if libc::WIFSIGNALED(status) {
            Status::Signal(libc::WTERMSIG(status))
        } else {
            Status::Code(libc::WEXITSTATUS(status))
        };
        Ended { status, cpu }
    }

    /// Sends a signal to the child, and to its process group where it has one of its own.
    pub(super) fn signal(&self, signal: i32, group: bool) {
        let pid = self.pid.cast_signed();
        // SAFETY: kill has no memory effects; the pid is our own unreaped child's.
        unsafe {
            libc::kill(if group { -pid } else { pid }, signal);
        }
    }
}

/// Has the kernel kill the process when the calling thread ends. Not a script of the learner's own: it could see that, and
/// the guard looks after it.
fn die_with_the_tutor(command: &mut Command) {
    #[cfg(target_os = "linux")]
    // SAFETY: only a system call.
    unsafe {
        command.pre_exec(|| {
            libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL);
            Ok(())
        });
    }
    #[cfg(not(target_os = "linux"))]
    let _ = command;
}

/// Takes the status of an orphan that the tutor has adopted, if `pid` is one and has ended: the signal that ended it, and the CPU
/// nanoseconds of it and of those of its descendants that it waited for.
pub(super) fn reap_orphan(pid: Pid) -> Option<(Option<u8>, u64)> {
    let (status, cpu) = wait4(pid, libc::WNOHANG)?;
    let signal = libc::WIFSIGNALED(status).then(|| u8::try_from(libc::WTERMSIG(status)).ok()).flatten();
    Some((signal, cpu))
}

/// Status and CPU nanoseconds of a child; `None` where it is no child, or still runs and `flags` say not to wait.
fn wait4(pid: Pid, flags: i32) -> Option<(i32, u64)> {
    let mut status = 0;
    loop {
        // SAFETY: both are valid places for the answers. Whether the pid is a child of ours, the kernel checks.
        let (waited, usage) = unsafe {
            let mut usage: libc::rusage = std::mem::zeroed();
            (libc::wait4(pid.cast_signed(), &raw mut status, flags, &raw mut usage), usage)
        };
        match waited {
            0 => return None,
            1.. => return Some((status, nanos(usage.ru_utime) + nanos(usage.ru_stime))),
            _ if std::io::Error::last_os_error().kind() == std::io::ErrorKind::Interrupted => {}
            _ => return None,
        }
    }
}

fn nanos(time: libc::timeval) -> u64 {
    // How wide the microseconds are differs from system to system.
    let micros = u64::try_from(time.tv_usec).unwrap_or_default();
    time.tv_sec.unsigned_abs() * 1_000_000_000 + micros * 1_000
}

#[cfg(target_os = "linux")]
fn pidfd(pid: Pid) -> Option<OwnedFd> {
    use std::os::fd::FromRawFd;
    // SAFETY: pidfd_open takes two numbers and returns a new descriptor or -1.
    let fd = unsafe { libc::syscall(libc::SYS_pidfd_open, pid, 0) };
    // SAFETY: a non-negative answer is a descriptor that nobody else owns.
    i32::try_from(fd).ok().filter(|fd| *fd >= 0).map(|fd| unsafe { OwnedFd::from_raw_fd(fd) })
}

#[cfg(not(target_os = "linux"))]
fn pidfd(_: Pid) -> Option<OwnedFd> {
    None
}
