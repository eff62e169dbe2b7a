//! What the model writes to the event log.

use crate::trace::Wait;

pub fn gil_taken(_gil: u64) {}
pub fn gil_dropped(_gil: u64) {}
pub fn wait_begin(_wait: Wait) {}
pub fn wait_end() {}
pub fn thread_name(_name: &str) {}
pub fn program_start() {}
pub fn program_end() {}
