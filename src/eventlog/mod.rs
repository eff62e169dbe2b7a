//! The shared-memory event log: how programs under observation tell the tutor what their threads do.
//!
//! The tutor makes one [`Log`] a run: a file in memory that vanishes with the tutor. Every thread that has something to
//! say claims its own single-producer lane in it, so writers never wait for each other; a full lane drops and counts.
//! Three kinds of writer exist: [`writer`] in native programs, the preloaded library (`preload/`, a crate of its
//! own, which shares `layout.rs`, `producer.rs` and `sys.rs` with this module) and the Python start-up file.
//!
//! Owns the layout, the writer and the reader. May import `clock` and `trace`.

#[cfg(target_os = "linux")]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_ptr_alignment,
    dead_code,
    reason = "lane numbers and ring indexes are below LANES and CAPACITY; mappings are page-aligned; some of it only \
              the preloaded library calls"
)]
mod producer;

#[cfg(not(target_os = "linux"))]
mod elsewhere;
#[cfg(target_os = "linux")]
mod exposed;
#[cfg_attr(not(target_os = "linux"), expect(dead_code, reason = "no log lies in memory elsewhere"))]
pub mod layout;
#[cfg(target_os = "linux")]
mod locks;
#[cfg(target_os = "linux")]
mod log;
#[cfg(target_os = "linux")]
mod memory;
#[cfg(target_os = "linux")]
mod reader;
#[cfg(target_os = "linux")]
mod sys;
#[cfg(target_os = "linux")]
mod tasks;
pub mod writer;

#[cfg(not(target_os = "linux"))]
pub use elsewhere::{Exposed, Log, expose};
#[cfg(target_os = "linux")]
pub use exposed::{Exposed, expose};
#[cfg(target_os = "linux")]
pub use log::Log;

#[cfg(all(test, target_os = "linux"))]
mod tests;

/// The variable that names the log to the programs under observation.
pub const LOG_VARIABLE: &str = "CONCUR_TUTOR_LOG";
