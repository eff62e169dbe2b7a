//! What stands in for a probe on a system that it was not made for.

use crate::clock::Nanos;
use crate::probe::{Probe, Unavailable};
use crate::trace::Record;

/// A probe that says that it needs Linux.
pub struct Elsewhere(pub &'static str);

impl Probe for Elsewhere {
    fn attach(&mut self) -> Result<(), Unavailable> {
        Err(Unavailable { probe: self.0, reason: "unavailable here: needs Linux".into(), remedy: None })
    }

    fn drain(&mut self, _now: Nanos, _out: &mut Vec<Record>) {}

    fn finish(&mut self, _now: Nanos, _out: &mut Vec<Record>) -> u64 {
        0
    }
}
