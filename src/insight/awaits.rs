//! What a task awaits, in words.

use crate::trace::tasks::{Await, Awaited, Tasks};

/// The library's functions that a learner knows by another name than their own.
const KNOWN: [(&str, &str); 12] = [
    ("TaskGroup.__aexit__", "the tasks of its group"),
    ("BaseSelectorEventLoop.sock_recv", "read from a socket"),
    ("BaseSelectorEventLoop.sock_sendall", "write to a socket"),
    ("BaseSelectorEventLoop.sock_accept", "accept a connection"),
    ("BaseSelectorEventLoop.sock_connect", "connect a socket"),
    ("BaseEventLoop.getaddrinfo", "look up an address"),
    ("BaseEventLoop.shutdown_default_executor", "the executor's threads"),
    ("BaseEventLoop.shutdown_asyncgens", "async generators to close"),
    ("StreamReaderProtocol._get_close_waiter", "a socket to close"),
    ("StreamWriter.wait_closed", "a socket to close"),
    ("StreamWriter.drain", "room to write"),
    ("Process.wait", "a child process"),
];

/// What it awaits, as short as it can be said: `sleep`, `Queue.get`, `task worker-3`.
#[must_use]
pub fn words(tasks: &Tasks, awaits: &Await) -> String {
    let name = |at: usize| tasks.functions.get(at).map(|function| function.name.as_str());
    let (first, last) = awaits.called.map_or((None, None), |(first, last)| (name(first), name(last)));
    // Of `async with lock`, which enters a context first, the lock says more.
    let called = if first.is_some_and(|first| first.ends_with("__")) { best(first, last) } else { first };
    match (called, awaits.on) {
        (Some("sleep"), Awaited::Nothing) => "its next turn: sleep(0)".to_owned(),
        (Some(called), _) => {
            let known = KNOWN.iter().find(|(name, _)| *name == called);
            known.map_or(called, |(_, words)| words).to_owned()
        }
        (None, Awaited::Task(Some(task))) => format!("task {}", tasks.tracks[task].name),
        (None, Awaited::Task(None)) => "another task".to_owned(),
        (None, Awaited::Gather) => "gather".to_owned(),
        (None, Awaited::Future) => "a future".to_owned(),
        (None, Awaited::Nothing) => "its next turn".to_owned(),
        (None, Awaited::Other) => "something else".to_owned(),
    }
}

/// The last function where it is no internal one, else the first.
fn best<'n>(first: Option<&'n str>, last: Option<&'n str>) -> Option<&'n str> {
    let is_internal = |name: &str| name.split('.').any(|part| part.starts_with('_'));
    last.filter(|last| !is_internal(last)).or(first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::tasks::Function;

    fn said(names: &[&str], on: Awaited) -> String {
        let function = |name: &&str| Function { name: (*name).to_owned(), ..Function::default() };
        let mut tasks = Tasks::default();
        tasks.functions = names.iter().map(function).collect();
        let called = (!names.is_empty()).then(|| (0, names.len() - 1));
        words(&tasks, &Await { at: 0, function: None, line: 0, called, on })
    }

    #[test]
    fn the_librarys_function_says_what_it_is_unless_it_is_internal() {
        assert_eq!(said(&["sleep"], Awaited::Future), "sleep");
        assert_eq!(said(&["sleep", "__sleep0"], Awaited::Nothing), "its next turn: sleep(0)");
        assert_eq!(said(&["_ContextManagerMixin.__aenter__", "Lock.acquire"], Awaited::Future), "Lock.acquire");
        assert_eq!(said(&["StreamReader.read", "StreamReader._wait_for_data"], Awaited::Future), "StreamReader.read");
        assert_eq!(said(&["TaskGroup.__aexit__"], Awaited::Future), "the tasks of its group");
        assert_eq!(said(&["TaskGroup.__aexit__", "TaskGroup._aexit"], Awaited::Future), "the tasks of its group");
    }

    #[test]
    fn without_one_the_thing_itself_says_it() {
        assert_eq!(said(&[], Awaited::Gather), "gather");
        assert_eq!(said(&[], Awaited::Task(None)), "another task");
        assert_eq!(said(&[], Awaited::Future), "a future");
    }
}
