//! CPython's concurrency, modelled in Rust: the embedded runtime that every lesson's twin runs on.
//!
//! Owns the GIL with CPython's algorithm ([`gil`]), the interpreter and what a thread of it may do ([`Interpreter`],
//! [`Py`]), threads, locks, conditions, queues with Python's semantics, whole numbers that live on the heap as Python's do
//! ([`Int`]), and the executors: threads, a pool that stands for processes, an event loop. Every wait is a real one of
//! the operating system, and is marked in the event log. May import `clock`, `trace` and `eventlog`. A new primitive is
//! one file here; it releases the GIL only when it has to wait.

pub mod asyncio;
pub mod condition;
pub mod event;
pub mod executor;
pub mod gil;
pub mod int;
pub mod interpreter;
pub mod lock;
pub mod process_pool;
pub mod queue;
pub mod rlock;
pub mod semaphore;
pub mod thread;
pub mod thread_pool;

pub use condition::Condition;
pub use event::Event;
pub use executor::{Executor, as_completed};
pub use int::{Int, commas};
pub use interpreter::{Interpreter, Py};
pub use lock::Lock;
pub use process_pool::ProcessPool;
pub use queue::Queue;
pub use rlock::RLock;
pub use semaphore::Semaphore;
pub use thread::Thread;
pub use thread_pool::{InterpreterPool, ThreadPool};
