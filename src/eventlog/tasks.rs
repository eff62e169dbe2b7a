//! What a lane says of asyncio's tasks. As everything in a lane, it is not trusted.

use super::layout::{Word, tag, task_await, task_born, task_step};
use crate::trace::tasks::{AwaitMark, MarkedAwait, StepEnd, TaskMark};

/// What a record says of tasks; `None` where it says something else, or nothing that makes sense.
pub(super) fn mark_of(word: Word, first: u64, second: u64) -> Option<TaskMark> {
    match word.tag {
        tag::TASKS_TOLD if word.call == 0 => Some(TaskMark::Told),
        tag::TASKS_TOLD => Some(TaskMark::ReadyTold(word.call == 1)),
        tag::TASK_BORN if word.call == task_born::NAMED => Some(TaskMark::Renamed(first)),
        tag::TASK_BORN => {
            let (function, object) = task_born::unpack(second);
            let (made, number) = (word.call == task_born::MADE, (word.tid != 0).then_some(word.tid));
            Some(TaskMark::Born { task: first, object, function: function.into(), made, number })
        }
        tag::TASK_READY => Some(TaskMark::Ready(first)),
        tag::TASK_STEP => {
            let how = match word.call {
                task_step::SUSPENDED => StepEnd::Suspended,
                task_step::FINISHED => StepEnd::Finished,
                task_step::INTERRUPTED => StepEnd::Interrupted,
                _ => return None,
            };
            Some(TaskMark::Step { task: second, since: first, how, thing: task_step::thing_of(word) })
        }
        tag::TASK_AWAIT => {
            let (line, called_first, called_last, on) = task_await::unpack(second);
            let on = match on {
                task_await::NOTHING => MarkedAwait::Nothing,
                task_await::FUTURE => MarkedAwait::Future,
                task_await::TASK => MarkedAwait::Task(first),
                task_await::GATHER => MarkedAwait::Gather,
                task_await::OTHER => MarkedAwait::Other,
                _ => return None,
            };
            let (first, last) = (called_first.into(), called_last.into());
            Some(TaskMark::Awaits(AwaitMark { function: word.tid, line, first, last, on }))
        }
        _ => None,
    }
}

/// A function, from its text of three lines.
pub(super) fn function_of(number: u32, text: &str) -> TaskMark {
    let mut lines = text.splitn(3, '\n');
    let name = lines.next().unwrap_or_default().to_owned();
    let line = lines.next().and_then(|line| line.parse().ok()).unwrap_or(0);
    TaskMark::Function { number, name, line, file: lines.next().unwrap_or_default().to_owned() }
}
