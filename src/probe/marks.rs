//! Marks in the event log: who holds the GIL, what threads wait in, what they are called.

use crate::clock::Nanos;
use crate::eventlog::{LOG_VARIABLE, Log};
use crate::probe::{Probe, Unavailable};
use crate::trace::Record;
use std::ffi::OsString;
use std::path::PathBuf;

const NAME: &str = "preload";

/// The probe that reads the event log.
pub struct Marks {
    preload: bool,
    log: Option<Log>,
}

impl Marks {
    /// A probe that reads what programs write; with `preload`, also what the preloaded library writes for them.
    #[must_use]
    pub fn new(preload: bool) -> Self {
        Marks { preload, log: None }
    }

    /// The log's path for other processes, once attached.
    #[must_use]
    pub fn log_path(&self) -> Option<PathBuf> {
        self.log.as_ref().map(|log| log.path().to_owned())
    }
}

impl Probe for Marks {
    fn name(&self) -> &'static str {
        NAME
    }

    fn attach(&mut self) -> Result<(), Unavailable> {
        if self.preload {
            return Err(Unavailable { probe: NAME, reason: "not built in yet".to_owned(), remedy: None });
        }
        let log = Log::create();
        self.log = Some(log.map_err(|e| Unavailable { probe: NAME, reason: e.to_string(), remedy: None })?);
        Ok(())
    }

    fn environment(&self) -> Vec<(OsString, OsString)> {
        self.log_path().map(|path| (LOG_VARIABLE.into(), path.into())).into_iter().collect()
    }

    fn drain(&mut self, now: Nanos, out: &mut Vec<Record>) {
        if let Some(log) = &mut self.log {
            log.drain(now, out);
        }
    }

    fn finish(&mut self, now: Nanos, out: &mut Vec<Record>) -> u64 {
        self.drain(now, out);
        self.lost()
    }

    fn lost(&self) -> u64 {
        self.log.as_ref().map_or(0, Log::lost)
    }
}
