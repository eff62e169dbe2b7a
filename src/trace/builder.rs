//! Records in, trace out.
use crate::clock::Nanos;
use crate::trace::{Record, Trace};

/// Builds a [`Trace`] from records while the run goes on.
#[derive(Debug, Default)]
pub struct Builder {
    trace: Trace,
}

impl Builder {
    /// The trace so far.
    #[must_use]
    pub const fn trace(&self) -> &Trace {
        &self.trace
    }
    /// Takes in one drain of records; all records before `until` are now in.
    pub fn feed(&mut self, _records: Vec<Record>, _until: Nanos) {}
}
