//! What the tutor was started with of signals: a program of the learner's own is started with the same.
//!
//! `nohup`, a shell's `&` and `trap ''` start programs with signals ignored; others block some. Alone a program would
//! inherit that, so under the tutor it does too, though the tutor itself needs some of them meanwhile.

use std::sync::OnceLock;

/// The signals that the tutor listens to, and the one that tells of children.
const LOOKED_AT: [i32; 11] = [
    libc::SIGHUP,
    libc::SIGINT,
    libc::SIGQUIT,
    libc::SIGTERM,
    libc::SIGCHLD,
    libc::SIGTSTP,
    libc::SIGTTIN,
    libc::SIGTTOU,
    libc::SIGUSR1,
    libc::SIGUSR2,
    libc::SIGALRM,
];

/// What was inherited.
#[derive(Clone, Copy)]
pub struct Inherited {
    /// Whether each of [`LOOKED_AT`] was ignored.
    ignored: [bool; LOOKED_AT.len()],
    /// The signals that were blocked.
    blocked: libc::sigset_t,
}

static INHERITED: OnceLock<Inherited> = OnceLock::new();

/// Looks at what was inherited, before any handler is installed; ignored children would be lost with their status, so
/// those are heard of from now on.
pub fn look() {
    INHERITED.get_or_init(Inherited::of_this_process);
    // SAFETY: the default of one signal; no handler of ours is concerned.
    unsafe { libc::signal(libc::SIGCHLD, libc::SIG_DFL) };
}

/// Whether the tutor was started with this signal ignored: then it goes on ignoring it.
#[must_use]
pub fn ignores(signal: i32) -> bool {
    INHERITED.get().is_some_and(|inherited| {
        LOOKED_AT.iter().zip(inherited.ignored).any(|(known, ignored)| *known == signal && ignored)
    })
}

impl Inherited {
    fn of_this_process() -> Inherited {
        let ignored = LOOKED_AT.map(|signal| {
            // SAFETY: `old` is a valid place for the answer; nothing is changed.
            unsafe {
                let mut old: libc::sigaction = std::mem::zeroed();
                libc::sigaction(signal, std::ptr::null(), &raw mut old) == 0 && old.sa_sigaction == libc::SIG_IGN
            }
        });
        // SAFETY: as above.
        let blocked = unsafe {
            let mut blocked: libc::sigset_t = std::mem::zeroed();
            libc::pthread_sigmask(libc::SIG_BLOCK, std::ptr::null(), &raw mut blocked);
            blocked
        };
        Inherited { ignored, blocked }
    }

    /// What was inherited by the tutor; `None` in a process that has not looked, such as a test.
    pub(super) fn get() -> Option<Inherited> {
        INHERITED.get().copied()
    }

    /// Gives it to this process: the child of a fork, before it becomes the program. Where the program is a lesson's, it
    /// gets what is usual instead.
    pub(super) fn pass_on(&self, own: bool) {
        for (signal, ignored) in LOOKED_AT.into_iter().zip(self.ignored) {
            let handler = if ignored && own { libc::SIG_IGN } else { libc::SIG_DFL };
            // SAFETY: safe in the child of a fork; no handler is installed.
            unsafe { libc::signal(signal, handler) };
        }
        if own {
            // SAFETY: as above; the set was filled by the same call.
            unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, &raw const self.blocked, std::ptr::null_mut()) };
        }
    }
}
