//! Which of the library's functions asked for a lock, by their files and names from the innermost on.

use crate::call::Call;

/// A file of the library whose functions pass waits on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum File {
    Threading,
    Queue,
    Futures,
    Pool,
    Process,
    Import,
    /// Another one.
    Other,
}

const FILES: [(&[u8], File); 6] = [
    (b"/threading.py", File::Threading),
    (b"/queue.py", File::Queue),
    (b"/concurrent/futures/_base.py", File::Futures),
    (b"/multiprocessing/pool.py", File::Pool),
    (b"/multiprocessing/process.py", File::Process),
    (b"<frozen importlib._bootstrap>", File::Import),
];

/// Which file it is.
#[must_use]
pub fn of_file(path: &[u8]) -> File {
    FILES.iter().find(|(end, _)| path.ends_with(end)).map_or(File::Other, |(_, file)| *file)
}

/// What is known so far of who waits.
#[derive(Debug, Default)]
pub struct Asked {
    call: Option<Call>,
    /// A function that is not known was in between: what called that is another matter.
    over: bool,
}

/// What a function says.
enum Says {
    /// This is what is waited for, as far as it goes.
    Waits(Call),
    /// It only passes by.
    Passes,
    /// What called it is another matter.
    Ends,
}

impl Asked {
    /// Whom the innermost ones are called by.
    pub fn by(&mut self, file: File, name: &[u8]) {
        if self.over {
            return;
        }
        match says(self.call, file, name) {
            Says::Waits(call) => self.call = Some(call),
            Says::Passes => {}
            Says::Ends => self.over = true,
        }
    }

    /// Whether nothing more is to be asked.
    #[must_use]
    pub const fn is_over(&self) -> bool {
        self.over
    }

    /// What the wait is told as; `None` where it is for the lock itself.
    #[must_use]
    pub const fn call(&self) -> Option<Call> {
        self.call
    }
}

/// What a function says that called what waits for something that may be known already.
fn says(before: Option<Call>, file: File, name: &[u8]) -> Says {
    let if_known = |call| if before.is_some() { Says::Waits(call) } else { Says::Ends };
    match (file, name) {
        (File::Threading, b"join" | b"_shutdown") => Says::Waits(Call::PyThreadJoin),
        (File::Threading, b"_wait_for_tstate_lock") => Says::Passes,
        (File::Threading, b"_wait" | b"_enter") => Says::Waits(Call::PyBarrier),
        (File::Threading, b"acquire") => if_known(Call::PySemaphore),
        // `Event.wait` and `Barrier.wait` call that of a condition.
        (File::Threading, b"wait") => match before {
            None => Says::Waits(Call::PyCondition),
            Some(Call::PyCondition) => Says::Waits(Call::PyEvent),
            Some(_) => Says::Passes,
        },
        (File::Threading, b"wait_for") => {
            if before.is_some() {
                Says::Passes
            } else {
                Says::Ends
            }
        }
        (File::Queue, b"get") => if_known(Call::PyQueueGet),
        (File::Queue, b"put") => if_known(Call::PyQueuePut),
        (File::Queue, b"join") => if_known(Call::PyQueueJoin),
        (File::Futures, b"result" | b"exception" | b"wait" | b"as_completed") => Says::Waits(Call::PyFuture),
        (File::Pool, b"wait" | b"next" | b"join") => Says::Waits(Call::PyPool),
        (File::Process, b"join") => Says::Waits(Call::PyProcessJoin),
        (File::Import, _) => Says::Waits(Call::PyImport),
        _ => Says::Ends,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(functions: &[(&str, &str)]) -> Option<Call> {
        let mut asked = Asked::default();
        for (file, name) in functions {
            asked.by(of_file(file.as_bytes()), name.as_bytes());
            if asked.is_over() {
                break;
            }
        }
        asked.call()
    }

    #[test]
    fn the_outermost_function_of_the_library_says_what_is_waited_for() {
        let threading = "/usr/lib/python3.11/threading.py";
        let queue = "/usr/lib/python3.11/queue.py";
        let futures = "/usr/lib/python3.11/concurrent/futures/_base.py";
        for (functions, call) in [
            (&[(threading, "wait")][..], Some(Call::PyCondition)),
            (&[(threading, "wait"), (threading, "wait_for")], Some(Call::PyCondition)),
            (&[(threading, "wait"), (threading, "wait")], Some(Call::PyEvent)),
            (
                &[(threading, "wait"), (threading, "wait_for"), (threading, "_wait"), (threading, "wait")],
                Some(Call::PyBarrier),
            ),
            (&[(threading, "wait"), (threading, "acquire")], Some(Call::PySemaphore)),
            (&[(threading, "wait"), (queue, "get")], Some(Call::PyQueueGet)),
            (&[(threading, "wait"), (queue, "put")], Some(Call::PyQueuePut)),
            (&[(threading, "wait"), (queue, "join")], Some(Call::PyQueueJoin)),
            (&[(threading, "wait"), (futures, "result")], Some(Call::PyFuture)),
            (&[(threading, "wait"), (threading, "wait"), (futures, "wait")], Some(Call::PyFuture)),
            (&[(threading, "_wait_for_tstate_lock"), (threading, "join")], Some(Call::PyThreadJoin)),
            (&[("<frozen importlib._bootstrap>", "acquire")], Some(Call::PyImport)),
            // A queue's own lock is a lock.
            (&[(threading, "__enter__"), (queue, "get")], None),
            (&[("/usr/lib/python3.11/logging/__init__.py", "acquire")], None),
            (&[], None),
        ] {
            assert_eq!(told(functions), call, "{functions:?}");
        }
    }

    #[test]
    fn what_is_not_known_ends_it() {
        let threading = "/usr/lib/python3.11/threading.py";
        let other = "/usr/lib/python3.11/sched.py";
        assert_eq!(told(&[(threading, "wait"), (other, "run"), (threading, "join")]), Some(Call::PyCondition));
    }
}
