//! What this machine can give now.

use super::Machine;

/// What this machine can give; `usable_cores` is 0 where it was not measured.
#[must_use]
pub fn calibrate() -> Machine {
    Machine { cores: available(), usable_cores: 0.0 }
}

/// Cores that this process may use: affinity counted.
#[must_use]
pub fn available() -> u32 {
    std::thread::available_parallelism().map_or(1, |n| u32::try_from(n.get()).unwrap_or(u32::MAX))
}
