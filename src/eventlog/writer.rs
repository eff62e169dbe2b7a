//! Marks from native programs: each thread writes to a lane of its own, claimed with its first mark.
//!
//! Free functions for the program that runs under a tutor: they find the log by [`LOG_VARIABLE`](super::LOG_VARIABLE)
//! and cost one atomic load where there is none. Elsewhere than on Linux there is never one.

use crate::trace::{Wait, WaitKind, WaitObject};

#[cfg(target_os = "linux")]
pub use linux::{Lane, Writer};

use super::layout::{Word, tag, task_await, task_born, task_step, wait_kind, wait_object};
use crate::clock::{self, Nanos};

/// The calling thread has taken the GIL at `gil`.
#[inline]
pub fn gil_taken(gil: u64) {
    mark(Word::of(tag::GIL_TAKEN), gil);
}

/// The calling thread is about to drop the GIL at `gil`. Call it while still holding the GIL, so that holds never overlap.
#[inline]
pub fn gil_dropped(gil: u64) {
    mark(Word::of(tag::GIL_DROPPED), gil);
}

/// The learner's program begins now.
pub fn program_start() {
    mark(Word::of(tag::PROGRAM_START), 0);
}

/// The learner's program has ended.
pub fn program_end() {
    mark(Word::of(tag::PROGRAM_END), 0);
}

/// The program's own name of the calling thread, cut at 255 bytes.
pub fn thread_name(name: &str) {
    #[cfg(target_os = "linux")]
    linux::with_lane(|lane| lane.text(tag::THREAD_NAME, name));
    #[cfg(not(target_os = "linux"))]
    let _ = name;
}

/// The word that says this wait.
fn wait_word(wait: Wait) -> Word {
    let kind = match wait.kind {
        WaitKind::Gil => wait_kind::GIL,
        WaitKind::Lock => wait_kind::LOCK,
        WaitKind::Io => wait_kind::IO,
        WaitKind::Sleep => wait_kind::SLEEP,
        WaitKind::Idle => wait_kind::IDLE,
    };
    Word::wait(kind, wait.call as u8)
}

/// The word that says what this wait is for.
fn object_word(object: WaitObject) -> u64 {
    match object {
        WaitObject::Gil(address) | WaitObject::Lock(address) => address,
        WaitObject::Descriptor(fd) => wait_object::of_descriptor(fd),
        WaitObject::Nothing => wait_object::NOTHING,
    }
}

/// The calling thread begins to wait. Waits do not nest; waits shorter than
/// [`SHORTEST_WAIT`](super::layout::SHORTEST_WAIT) are not recorded.
#[inline]
pub fn wait_begin(wait: Wait) {
    #[cfg(target_os = "linux")]
    linux::with_lane(|lane| lane.wait_begin(wait));
    #[cfg(not(target_os = "linux"))]
    let _ = (wait_word(wait), object_word(wait.object));
}

/// The calling thread's wait is over.
#[inline]
pub fn wait_end() {
    #[cfg(target_os = "linux")]
    linux::with_lane(Lane::wait_end);
}

/// How a task's step ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TaskEnd {
    /// The task awaits something.
    Suspended,
    /// The task has finished.
    Finished,
}

/// What a task awaits in the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TaskAwaits {
    /// Nothing: it lets the others go first.
    Nothing,
    /// A future.
    Future,
    /// Several.
    Gather,
    /// The task of this number.
    Task(u64),
}

/// What a task awaits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TaskAwait {
    /// The program's function, by the number that [`function`] gave it; 0 for none.
    pub function: u16,
    /// The line in the program; 0 where it is not known.
    pub line: u32,
    /// The library's function; 0 for none.
    pub called: u16,
    /// What it awaits in the end.
    pub on: TaskAwaits,
}

/// From here on the process tells of its tasks, and of when they can go on.
pub fn tasks_told() {
    for call in [0, 1] {
        mark(Word { call, ..Word::of(tag::TASKS_TOLD) }, 0);
    }
}

/// What a function's number stands for on this thread.
pub fn function(number: u16, name: &str) {
    task_text(tag::CODE, number.into(), &format!("{name}\n0\n"));
}

/// There is a new task of this thread's loop: its number, a multiple of 16, the function that it runs, its name.
pub fn task_made(task: u64, function: u16, name: &str) {
    let word = Word { call: task_born::MADE, ..Word::of(tag::TASK_BORN) };
    task_record(clock::now(), word, task, task_born::pack(function, 0));
    task_text(tag::TASK_NAME, 0, name);
}

/// A task's step begins.
pub fn task_goes_on(at: Nanos, task: u64) {
    #[cfg(target_os = "linux")]
    linux::with_task_lane(|lane| lane.goes_on(at, Word::of(tag::TASK_STEP), task));
    #[cfg(not(target_os = "linux"))]
    let _ = (at, task);
}

/// A task's step that began at `since` is over. What it waits for now comes by [`task_ready`].
pub fn task_step(task: u64, since: Nanos, end: TaskEnd) {
    let (call, thing) = match end {
        TaskEnd::Suspended => (task_step::SUSPENDED, task),
        TaskEnd::Finished => (task_step::FINISHED, 0),
    };
    let word = task_step::with_thing(Word { call, ..Word::of(tag::TASK_STEP) }, thing);
    task_record(clock::now(), word, since, task);
    task_rests();
}

/// No task's step goes on.
pub fn task_rests() {
    #[cfg(target_os = "linux")]
    linux::with_task_lane(Lane::ended);
}

/// What the task awaits whose step was told last.
pub fn task_awaits(awaits: TaskAwait) {
    let TaskAwait { function, line, called, on } = awaits;
    let (on, other) = match on {
        TaskAwaits::Nothing => (task_await::NOTHING, 0),
        TaskAwaits::Future => (task_await::FUTURE, 0),
        TaskAwaits::Gather => (task_await::GATHER, 0),
        TaskAwaits::Task(task) => (task_await::TASK, task),
    };
    let word = Word { tid: function.into(), ..Word::of(tag::TASK_AWAIT) };
    task_record(clock::now(), word, other, task_await::pack(line, called, called, on));
}

/// A task was woken at `at`.
pub fn task_ready(at: Nanos, task: u64) {
    task_record(at, Word::of(tag::TASK_READY), task, 0);
}

fn task_record(at: Nanos, word: Word, first: u64, second: u64) {
    #[cfg(target_os = "linux")]
    linux::with_task_lane(|lane| lane.record(at, word, first, second));
    #[cfg(not(target_os = "linux"))]
    let _ = (at, word, first, second);
}

fn task_text(tag: u8, number: u32, text: &str) {
    #[cfg(target_os = "linux")]
    linux::with_task_lane(|lane| lane.numbered_text(tag, number, text));
    #[cfg(not(target_os = "linux"))]
    let _ = (tag, number, text);
}

#[inline]
fn mark(word: Word, first: u64) {
    #[cfg(target_os = "linux")]
    linux::with_lane(|lane| lane.mark(word, first));
    #[cfg(not(target_os = "linux"))]
    let _ = (word, first);
}

#[cfg(target_os = "linux")]
mod linux {
    use super::super::LOG_VARIABLE;
    use super::super::layout::Word;
    use super::super::producer::{Base, Producer};
    use super::{object_word, wait_word};
    use crate::clock;
    use crate::trace::Wait;
    use std::ffi::{CStr, CString, OsStr, c_char};
    use std::os::unix::ffi::OsStrExt;
    use std::sync::OnceLock;
    use std::sync::atomic::Ordering;

    /// A log, opened for writing.
    pub struct Writer {
        base: Base,
        path: CString,
    }

    impl Writer {
        /// Opens the log at `path`; `None` where it is not there or has another layout.
        #[must_use]
        pub fn open(path: &OsStr) -> Option<Writer> {
            let path = CString::new(path.as_bytes()).ok()?;
            // SAFETY: a CString is NUL-terminated.
            let base = unsafe { Base::open(path.as_ptr()) }?;
            Some(Writer { base, path })
        }

        /// Claims a lane for the calling thread. Without one (all are taken) marks are counted as lost.
        #[must_use]
        pub fn lane(&self) -> Lane {
            // SAFETY: a CString is NUL-terminated, and it is the one that the log was opened by.
            Lane { base: self.base, producer: unsafe { self.base.claim(self.path.as_ptr()) } }
        }
    }

    /// A thread's end of its lane; given back when dropped.
    pub struct Lane {
        base: Base,
        producer: Option<Producer>,
    }

    impl Lane {
        #[inline]
        fn with(&self, write: impl FnOnce(&Producer)) {
            match &self.producer {
                Some(producer) => write(producer),
                None => {
                    self.base.header().unlaned.fetch_add(1, Ordering::Relaxed);
                }
            }
        }

        /// Writes one mark, stamped now.
        #[inline]
        pub fn mark(&self, word: Word, first: u64) {
            self.with(|p| p.push(clock::now(), word, first, 0));
        }

        /// Writes a name, stamped now.
        pub fn text(&self, tag: u8, name: &str) {
            self.with(|p| p.push_text(clock::now(), tag, 0, name.as_bytes()));
        }

        /// Writes a text that belongs to a number.
        pub(super) fn numbered_text(&self, tag: u8, number: u32, text: &str) {
            self.with(|p| p.push_text(clock::now(), tag, number, text.as_bytes()));
        }

        /// Writes a record of another time than now.
        pub(super) fn record(&self, at: u64, word: Word, first: u64, second: u64) {
            self.with(|p| p.push(at, word, first, second));
        }

        /// Says what goes on from now until [`Lane::ended`].
        pub(super) fn goes_on(&self, at: u64, word: Word, object: u64) {
            self.with(|p| p.goes_on(at, word, object));
        }

        /// What went on is over.
        pub(super) fn ended(&self) {
            self.with(Producer::ended);
        }

        /// Writes any four words, as a program gone wrong might.
        #[cfg(test)]
        pub(in super::super) fn raw(&self, at: u64, word: u64, first: u64, second: u64) {
            self.with(|p| p.push(at, Word::from_bits(word), first, second));
        }

        /// Overwrites the count of what was written, as a program gone wrong might.
        #[cfg(test)]
        pub(in super::super) fn scribble_head(&self, head: u64) {
            self.with(|p| p.scribble_head(head));
        }

        /// A wait begins now.
        #[inline]
        pub fn wait_begin(&self, wait: Wait) {
            // Inside another wait it does not count, and the end of it then ends the outer one: waits do not nest.
            self.with(|p| _ = p.wait_begin(clock::now(), wait_word(wait), object_word(wait.object)));
        }

        /// The wait ends now.
        #[inline]
        pub fn wait_end(&self) {
            self.with(|p| p.wait_end(clock::now()));
        }
    }

    impl Drop for Lane {
        fn drop(&mut self) {
            if let Some(producer) = self.producer.take() {
                producer.release();
            }
        }
    }

    /// The log of this process, found once.
    pub(super) fn process_writer() -> Option<&'static Writer> {
        static WRITER: OnceLock<Option<Writer>> = OnceLock::new();
        WRITER
            .get_or_init(|| match std::env::var_os(LOG_VARIABLE) {
                Some(path) => Writer::open(&path),
                None => preloaded_path().and_then(|path| Writer::open(OsStr::from_bytes(path.to_bytes()))),
            })
            .as_ref()
    }

    /// The path as the preloaded library knows it: it has taken the variable out of the environment.
    fn preloaded_path() -> Option<&'static CStr> {
        // SAFETY: the name is NUL-terminated; the symbol, where it exists, is the library's function of this type.
        unsafe {
            let symbol = libc::dlsym(libc::RTLD_DEFAULT, c"concur_tutor_log_path".as_ptr());
            if symbol.is_null() {
                return None;
            }
            let path = std::mem::transmute::<*mut libc::c_void, extern "C" fn() -> *const c_char>(symbol)();
            if path.is_null() { None } else { Some(CStr::from_ptr(path)) }
        }
    }

    /// Runs `write` with the calling thread's lane, if there is a log.
    #[inline]
    pub(super) fn with_lane(write: impl FnOnce(&Lane)) {
        thread_local! {
            static LANE: Option<Lane> = process_writer().map(Writer::lane);
        }
        // A thread that is past its thread-locals has nothing left to say.
        let _ = LANE.try_with(|lane| lane.as_ref().map(write));
    }

    /// As [`with_lane`], with the lane in which the thread tells of the tasks on its loop: it tells of no waits.
    #[inline]
    pub(super) fn with_task_lane(write: impl FnOnce(&Lane)) {
        thread_local! {
            static LANE: Option<Lane> = process_writer().map(Writer::lane);
        }
        let _ = LANE.try_with(|lane| lane.as_ref().map(write));
    }
}
