//! Where the runs of a check are done: really, by the command line; from a script, in tests.

use crate::runner::{self, Machine, Plan};
use std::sync::Arc;

/// Does runs, one at a time.
pub trait Lab {
    /// Does one run to its end.
    ///
    /// # Errors
    /// [`Trouble`]: it could not be done, or somebody stopped the check.
    fn run(&mut self, plan: Plan) -> Result<Arc<runner::Outcome>, Trouble>;

    /// What the machine can give now: measured anew each time.
    fn machine(&mut self) -> Machine;

    /// The share of a core that one thread gets now which always wants one: 1 where no other program wants it.
    fn share(&mut self) -> f64;
}

/// Why there is no run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// Somebody stopped the check.
    Stopped,
    /// The run could not be done; why.
    Failed(String),
}
