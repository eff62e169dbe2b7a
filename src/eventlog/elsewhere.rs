//! What stands in for the log on systems that it was not made for: it cannot be created, and says why.

use crate::clock::Nanos;
use crate::trace::Record;
use crate::trace::locks::Standing;
use std::ffi::CStr;
use std::io;
use std::path::Path;

/// There is no event log here.
pub enum Log {}

/// There are no files in memory here.
#[derive(Debug)]
pub enum Exposed {}

fn unsupported() -> io::Error {
    io::Error::new(io::ErrorKind::Unsupported, "unavailable here: needs Linux")
}

impl Log {
    /// Refuses.
    ///
    /// # Errors
    /// Always.
    pub fn create() -> io::Result<Log> {
        Err(unsupported())
    }

    /// Never called.
    #[must_use]
    pub fn path(&self) -> &Path {
        match *self {}
    }

    /// Never called.
    #[must_use]
    pub fn lost(&self) -> u64 {
        match *self {}
    }

    /// Never called.
    #[must_use]
    pub fn lost_tasks(&self) -> u64 {
        match *self {}
    }

    /// Never called.
    #[must_use]
    pub fn heard(&self) -> bool {
        match *self {}
    }

    /// Never called.
    pub fn want_objects(&self, _wanted: bool) {
        match *self {}
    }

    /// Never called.
    #[must_use]
    pub fn standings(&self) -> Vec<Standing> {
        match *self {}
    }

    /// Never called.
    pub fn drain(&mut self, _until: Nanos, _out: &mut Vec<Record>) {
        match *self {}
    }
}

impl Exposed {
    /// Never called.
    #[must_use]
    pub fn path(&self) -> &Path {
        match *self {}
    }
}

/// Refuses.
///
/// # Errors
/// Always.
pub fn expose(_name: &CStr, _suffix: &str, _content: &[u8]) -> io::Result<Exposed> {
    Err(unsupported())
}
