//! How much memory a run's processes held, and what that left to the machine: sampled, so what was short is not in it.

use crate::trace::record::Pid;
use std::collections::BTreeMap;

/// What was seen. Bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Memory {
    /// What the machine has in all, or this program may have of it; `None` where that is not known.
    pub total: Option<u64>,
    /// The most that its processes held at one time, what they share divided among them.
    pub peak: u64,
    /// The most that each of them held in memory, what it shared with others too.
    pub resident: BTreeMap<Pid, u64>,
    /// What each of the large ones held then that it shared with nobody.
    pub own: BTreeMap<Pid, u64>,
    /// What the whole machine moved to and from its swap meanwhile; `None` where that is not known.
    pub swapped: Option<u64>,
}
