//! What programs say of themselves through the event log: the preloaded library's marks, and names.
//!
//! The log is there whether or not the library is, for native programs and for the Python start-up file.

use crate::clock::Nanos;
use crate::eventlog::{Exposed, LOG_VARIABLE, Log, expose};
use crate::probe::{Probe, Unavailable};
use crate::trace::Record;
use std::ffi::OsString;
use std::path::PathBuf;

/// The library's bytes, where it exists for this system.
#[cfg(preload_library)]
const LIBRARY: Option<&[u8]> = Some(include_bytes!(concat!(env!("OUT_DIR"), "/libmarks.so")));
#[cfg(not(preload_library))]
const LIBRARY: Option<&[u8]> = None;

const NAME: &str = "preload";

/// Reads the event log of one run.
#[derive(Default)]
pub struct Marks {
    preload: bool,
    log: Option<Log>,
    library: Option<Exposed>,
}

impl Marks {
    /// With the preloaded library, or with the log alone.
    #[must_use]
    pub fn new(preload: bool) -> Marks {
        Marks { preload, ..Marks::default() }
    }

    /// The log's path for programs under observation. `None` before `attach`.
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
        let failed = |what: &str, error: std::io::Error| Unavailable {
            probe: NAME,
            reason: format!("{what}: {error}"),
            remedy: Some("give this user memory files or a writable temporary directory".to_owned()),
        };
        self.log = Some(Log::create().map_err(|e| failed("cannot make the event log", e))?);
        if self.preload {
            let library = LIBRARY.ok_or_else(|| Unavailable {
                probe: NAME,
                reason: "this build of the tutor has no library to preload: it needs 64-bit Linux with glibc"
                    .to_owned(),
                remedy: None,
            })?;
            let exposed = expose(c"concur-tutor-marks", ".so", library);
            self.library = Some(exposed.map_err(|e| failed("cannot lay out the preloaded library", e))?);
        }
        Ok(())
    }

    fn environment(&self) -> Vec<(OsString, OsString)> {
        let mut variables = Vec::new();
        if let Some(log) = &self.log {
            variables.push((LOG_VARIABLE.into(), log.path().into()));
        }
        if let Some(library) = &self.library {
            let mut preload = library.path().as_os_str().to_owned();
            if let Some(rest) = std::env::var_os("LD_PRELOAD").filter(|rest| !rest.is_empty()) {
                preload.push(":");
                preload.push(rest);
            }
            variables.push(("LD_PRELOAD".into(), preload));
        }
        variables
    }

    fn drain(&mut self, now: Nanos, out: &mut Vec<Record>) {
        if let Some(log) = &mut self.log {
            log.drain(now, out);
        }
    }

    fn finish(&mut self, _now: Nanos, out: &mut Vec<Record>) -> u64 {
        self.drain(Nanos::MAX, out);
        self.lost()
    }

    fn lost(&self) -> u64 {
        self.log.as_ref().map_or(0, Log::lost)
    }
}
