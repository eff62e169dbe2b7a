//! What a task expected of the run that is reported, and whether it came true.

use serde::Serialize;

/// A task, judged by the run.
#[derive(Debug, Clone, Serialize)]
pub struct TaskResult {
    /// Unique in its lesson, and stable.
    pub id: String,
    /// Whether all came true, in every run.
    pub passed: bool,
    /// Which of its runs is reported, from 1: the first that did not pass, or else the last.
    pub round: usize,
    /// How many runs it has to pass.
    pub rounds: usize,
    /// What was expected, in the task's order.
    pub expects: Vec<Expected>,
}

/// One expectation.
#[derive(Debug, Clone, Serialize)]
pub struct Expected {
    /// What was expected, in the lesson's words.
    pub says: String,
    /// Whether it came true.
    pub held: bool,
    /// Why not.
    pub reason: Option<String>,
}
