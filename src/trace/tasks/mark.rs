//! What an observed program says of its tasks, in the words of the event log.

use crate::clock::Nanos;

/// Stands for no thing: who awaits it only lets others go first.
pub const NOTHING: u64 = 16;

/// One thing that a thread says of the tasks on its loop. A task is known by a number of the program's, which another task
/// may have after it; a function by one of the thread's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TaskMark {
    /// From here on the process tells of its tasks.
    Told,
    /// Whether it tells when they can go on, too.
    ReadyTold(bool),
    /// What a function's number stands for: its name, its first line and its file.
    Function {
        /// The number.
        number: u32,
        /// Its name.
        name: String,
        /// Its first line.
        line: u32,
        /// Its file.
        file: String,
    },
    /// A task is about to run for the first time, or was just made and stands in line for that.
    Born {
        /// The task.
        task: u64,
        /// It as a thing that other tasks may await, by a number of the program's; 0 where it is not known.
        object: u64,
        /// The function that it runs, by its number.
        function: u32,
        /// Whether it was just made.
        made: bool,
        /// The number in the name that asyncio gave it; `None` where it has another name.
        number: Option<u32>,
    },
    /// A task that was born before has a new name, which comes next.
    Renamed(u64),
    /// The name of the task that was told of last.
    Named(String),
    /// A step has ended, at the record's time.
    Step {
        /// The task.
        task: u64,
        /// When the step began.
        since: Nanos,
        /// How it ended.
        how: StepEnd,
        /// The thing that it awaits now, by a number of the program's; [`NOTHING`], or 0 where it is not known.
        thing: u64,
    },
    /// This thing has come, or this task was woken: who awaits it can go on.
    Ready(u64),
    /// What the task awaits whose step ended last.
    Awaits(AwaitMark),
    /// A step that has not ended yet.
    Going {
        /// The task.
        task: u64,
        /// When it began.
        since: Nanos,
    },
}

/// How a step ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepEnd {
    /// The task awaits something.
    Suspended,
    /// The task has finished.
    Finished,
    /// Another task's step runs inside it; it goes on afterwards.
    Interrupted,
}

/// What a task awaits, by numbers of functions (0 for none).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AwaitMark {
    /// The innermost of the program's own functions.
    pub function: u32,
    /// The line in it, 0 where it is not known.
    pub line: u32,
    /// The first of the library's functions below it.
    pub first: u32,
    /// The last of them.
    pub last: u32,
    /// What it waits for in the end.
    pub on: MarkedAwait,
}

/// What a task waits for in the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MarkedAwait {
    /// Nothing.
    Nothing,
    /// A future.
    Future,
    /// The task of this number.
    Task(u64),
    /// Several.
    Gather,
    /// Something else.
    Other,
}
